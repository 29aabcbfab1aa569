#include "core/connectors/rt/rtcursor.h"
#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/rtmessage.h"
#include "core/connectors/rt/rtwrite.h"
#include "tests/connectors/rt/fixtures.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors;
using namespace tierline::connectors::rt;

namespace {

Mapping defaults()
{
    return Mapping::fromOptions({}, nullptr);
}

Names fieldNames()
{
    Names names;
    names.queues = { { u"3"_s, u"L1 Frontline"_s }, { u"12"_s, u"1200"_s } };
    names.fields = { { u"6"_s, { u"6"_s, u"Tags"_s, true, false } },
        { u"7"_s, { u"7"_s, u"Promised By"_s, false, true } } };
    return names;
}

PushStep note(const QString &text)
{
    PushStep step;
    step.kind = PushStep::Kind::Note;
    step.text = text;
    step.operations = { u"5a0c2b4e-1111-4222-8333-444455556666"_s };
    step.as.id = u"jonas"_s;
    return step;
}

} // namespace

class TestRtMapping : public QObject
{
    Q_OBJECT
private slots:
    // --- values

    void idsAreNeverRounded_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("id");
        const auto row = [](const char *name, const QByteArray &json, const QString &id) {
            QTest::newRow(name) << json << id;
        };
        row("number", "[7]", u"7"_s);
        row("text", "[\"7\"]", u"7"_s);
        row("2^53+1", "[9007199254740993]", u"9007199254740993"_s);
        row("2^53+1 as text", "[\"9007199254740993\"]", u"9007199254740993"_s);
        row("2^63-1", "[9223372036854775807]", u"9223372036854775807"_s);
        row("2^63", "[9223372036854775808]", {});
        row("reference", "[{\"id\":\"12\"}]", u"12"_s);
        row("deep", "[{\"id\":{\"id\":\"12\"}}]", {});
        row("negative", "[-1]", {});
        row("fraction", "[1.5]", {});
        row("exponent", "[1e3]", u"1000"_s);
        row("huge", "[1e300]", {});
        row("leading zero", "[\"007\"]", {});
        row("words", "[\"agent\"]", {});
        row("null", "[null]", {});
        row("blank", "[\" 7\"]", {});
    }
    void idsAreNeverRounded()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, id);
        QCOMPARE(idOf(QJsonDocument::fromJson(json).array().first()), id);
    }

    void idsAreComparedByValue()
    {
        QVERIFY(isAfter(u"10"_s, u"9"_s));
        QVERIFY(isAfter(u"9007199254740993"_s, u"9007199254740992"_s));
        QVERIFY(!isAfter(u"9"_s, u"9"_s));
        QCOMPARE(idBefore(u"100"_s, 300), u"0"_s);
        QCOMPARE(idBefore(u"1000"_s, 300), u"700"_s);
    }

    void nothingIsAnInstantThatIsUnset()
    {
        QVERIFY(!instantOf(QJsonValue(u"1970-01-01T00:00:00Z"_s)));
        QVERIFY(!instantOf(QJsonValue(u""_s)));
        QVERIFY(!instantOf(QJsonValue()));
        QVERIFY(!instantOf(QJsonValue(u"soon"_s)));
        QCOMPARE(instantOf(QJsonValue(u"2026-12-24 18:00:00"_s))->iso(), u"2026-12-24T18:00:00Z"_s);
        QCOMPARE(
            sqlInstant(*Instant::parse(u"2026-12-24T18:00:00.250Z")), u"2026-12-24 18:00:00"_s);
    }

    void onlyTheIdOfALocationIsTaken()
    {
        QCOMPARE(lastIdOf("/REST/2.0/transaction/58322"), u"58322"_s);
        QCOMPARE(lastIdOf("https://evil.example/transaction/7?x=/9"), u"7"_s);
        QCOMPARE(lastIdOf("/REST/2.0/transaction/../x"), QString());
        QCOMPARE(lastIdOf(""), QString());
    }

    // --- settings

    void settingsAreRead()
    {
        QStringList problems;
        const Mapping mapping = Mapping::fromOptions(
            { { u"statuses"_s, u"stalled=hold, waiting=pending"_s },
                { u"priorities"_s, u"urgent=90, high=60, normal=30"_s },
                { u"tags_field"_s, u"Labels"_s }, { u"census_hours"_s, u"0.5"_s },
                { u"sentiment_field"_s, u"Mood"_s } },
            &problems);
        QCOMPARE(problems, QStringList());
        QCOMPARE(mapping.status(u"Stalled"_s), Status::Hold);
        QCOMPARE(mapping.status(u"waiting"_s), Status::Pending);
        QCOMPARE(mapping.status(u"in-progress"_s), Status::Open);
        QCOMPARE(mapping.statusWords.at(Status::Hold), u"stalled"_s);
        QCOMPARE(mapping.statusWords.at(Status::Pending), u"waiting"_s);
        QCOMPARE(mapping.statusWords.at(Status::Closed), u"resolved"_s);
        QCOMPARE(mapping.status(u"rejected"_s), Status::Closed);
        QCOMPARE(mapping.priority(59), Priority::Normal);
        QCOMPARE(mapping.fieldName(u"labels"_s), u"tags"_s);
        QCOMPARE(mapping.fieldName(u"Tags"_s), u"field.Tags"_s);
        QCOMPARE(mapping.fieldName(u"mood"_s), u"field.sentiment_score"_s);
        QCOMPARE(mapping.customField(u"field.sentiment_score"_s), u"Mood"_s);
        QCOMPARE(mapping.customField(u"field.escalation_risk"_s), u"escalation_risk"_s);
        QCOMPARE(mapping.customField(u"tags"_s), u"Labels"_s);
        QCOMPARE(mapping.customField(u"priority"_s), QString());
        QCOMPARE(mapping.censusEvery, Millis(1'800'000));
    }

    void badSettingsKeepTheDefaultAndSaySo()
    {
        QStringList problems;
        const Mapping mapping = Mapping::fromOptions(
            { { u"statuses"_s, u"stalled=nonsense"_s },
                { u"priorities"_s, u"urgent=10, high=60"_s }, { u"census_hours"_s, u"never"_s } },
            &problems);
        QCOMPARE(problems.size(), 3);
        QCOMPARE(mapping.status(u"stalled"_s), Status::Pending);
        QCOMPARE(mapping.urgentFrom, 80);
        QCOMPARE(mapping.censusEvery, Millis(6 * 3'600'000));
    }

    void prioritiesComeBackAsTheyWent()
    {
        const Mapping mapping = defaults();
        const QList<QPair<Priority, qint64>> written { { Priority::Urgent, 90 },
            { Priority::High, 60 }, { Priority::Normal, 30 }, { Priority::Low, 10 } };
        for (const auto &[priority, number] : written) {
            QCOMPARE(mapping.numberOf(priority), number);
            QCOMPARE(mapping.priority(number), priority);
        }
        QCOMPARE(mapping.priority(80), Priority::Urgent);
        QCOMPARE(mapping.priority(79), Priority::High);
        QCOMPARE(mapping.priority(19), Priority::Low);
        QCOMPARE(mapping.priority(-5), Priority::Low);
    }

    // --- tickets

    void aTicketIsMapped()
    {
        const RemoteTicket ticket = ticketOf(test::rtObject(u"ticket-5001"_s), defaults(),
            fieldNames(), u"https://d.example/?id="_s);
        QCOMPARE(ticket.id, u"5001"_s);
        QCOMPARE(ticket.presence, Presence::There);
        QCOMPARE(ticket.link, u"https://d.example/?id=5001"_s);
        QCOMPARE(ticket.requester.name, u"Ana Abe"_s);
        QCOMPARE(ticket.requester.email, u"ana@northwind.example"_s);
        QCOMPARE(ticket.created.iso(), u"2026-11-20T08:00:00Z"_s);
        const QJsonObject expected { { u"subject"_s, u"Export stops at row 10,000 ☕"_s },
            { u"status"_s, u"open"_s }, { u"priority"_s, u"high"_s },
            { u"place"_s, u"L2 Technical"_s }, { u"owner"_s, u"priya"_s },
            { u"tags"_s, QJsonArray { u"api-2"_s, u"sso-1"_s } }, { u"field.CSAT"_s, u""_s },
            { u"field.Account Tier"_s, u"Premium"_s },
            { u"field.Promised By"_s, u"2026-12-24T18:00:00Z"_s } };
        QCOMPARE(ticket.fields, expected);
    }

    void whatATicketDoesNotTellIsLeftOut()
    {
        const QJsonObject odd
            = test::rtObject(u"tickets"_s).value("items"_L1).toArray().at(1).toObject();
        const RemoteTicket ticket = ticketOf(odd, defaults(), {}, {});
        QCOMPARE(ticket.id, u"9007199254740993"_s);
        QCOMPARE(ticket.fields,
            (QJsonObject { { u"subject"_s, u""_s }, { u"place"_s, u"L1 Frontline"_s },
                { u"owner"_s, u""_s } }));
        QVERIFY(ticket.requester.id.isEmpty());
        QCOMPARE(ticket.created.ms, 0);
    }

    // --- writing

    void aChangeIsSplitAsTheServerNeedsIt()
    {
        const QJsonObject wanted { { u"place"_s, u"L3 Engineering"_s }, { u"owner"_s, u"kenji"_s },
            { u"priority"_s, u"urgent"_s }, { u"status"_s, u"open"_s } };
        const QJsonObject present { { u"place"_s, u"L2 Technical"_s }, { u"owner"_s, u"priya"_s },
            { u"priority"_s, u"high"_s }, { u"status"_s, u"open"_s } };
        QCOMPARE(openWishes(WritePart::Queue, wanted, present, defaults()).keys(),
            QStringList { u"place"_s });
        QCOMPARE(openWishes(WritePart::Owner, wanted, present, defaults()).keys(),
            QStringList { u"owner"_s });
        // What is so already is not written: a raw priority of 65 stays 65.
        QCOMPARE(openWishes(WritePart::Rest, wanted, present, defaults()).keys(),
            QStringList { u"priority"_s });
    }

    void bodiesAreInTheFormThatItTakes()
    {
        const QJsonObject raw = test::rtObject(u"ticket-5001"_s);
        const auto body = writeBody(
            { { u"priority"_s, u"urgent"_s }, { u"status"_s, u"pending"_s },
                { u"subject"_s, u"a\nb"_s }, { u"tags"_s, QJsonArray { u"z"_s, u"a"_s, u"z"_s } },
                { u"field.CSAT"_s, u""_s }, { u"field.Promised By"_s, u"2026-12-25T10:00:00Z"_s } },
            raw, defaults(), fieldNames());
        QVERIFY(body);
        const QJsonObject expected { { u"Priority"_s, 90 }, { u"Status"_s, u"stalled"_s },
            { u"Subject"_s, u"a b"_s },
            { u"CustomFields"_s,
                QJsonObject { { u"6"_s, QJsonArray { u"a"_s, u"z"_s } }, { u"5"_s, QJsonArray() },
                    { u"7"_s, u"2026-12-25 10:00:00"_s } } } };
        QCOMPARE(*body, expected);
        QCOMPARE(writeBody({ { u"owner"_s, u""_s } }, raw, defaults(), {})->value("Owner"_L1),
            QJsonValue(u"Nobody"_s));
        // Where more values stand than are known here, writing ours would remove the others.
        QJsonArray many;
        for (int i = 0; i < 501; ++i)
            many.append(u"tag-%1"_s.arg(i));
        const QJsonObject crowded { { u"CustomFields"_s,
            QJsonArray { QJsonObject {
                { u"id"_s, u"6"_s }, { u"name"_s, u"Tags"_s }, { u"values"_s, many } } } } };
        QVERIFY(!fieldsOf(crowded, defaults(), fieldNames()).contains("tags"_L1));
        const auto refused = writeBody(
            { { u"tags"_s, QJsonArray { u"z"_s } } }, crowded, defaults(), fieldNames());
        QVERIFY(!refused && refused.error().detail.contains("more than 500"_L1));
        // A queue whose name is a number goes by its own number.
        QCOMPARE(writeBody({ { u"place"_s, u"1200"_s } }, raw, defaults(), fieldNames())
                     ->value("Queue"_L1),
            QJsonValue(u"12"_s));
    }

    void whatCannotBeWrittenIsSaid()
    {
        const QJsonObject raw = test::rtObject(u"ticket-5001"_s);
        QVERIFY(writeBody({ { u"status"_s, u"hold"_s } }, raw, defaults(), {})
                    .error()
                    .detail.contains("statuses"_L1));
        QVERIFY(writeBody({ { u"field.Nope"_s, u"x"_s } }, raw, defaults(), {})
                    .error()
                    .detail.contains("Nope"_L1));
        QVERIFY(!writeBody({ { u"colour"_s, u"x"_s } }, raw, defaults(), {}));
    }

    void valuesAreComparedByMeaning()
    {
        QVERIFY(isSameValue(u"owner"_s, u"Jonas"_s, u"jonas"_s, defaults()));
        QVERIFY(isSameValue(u"subject"_s, u"x"_s.repeated(300), u"x"_s.repeated(200), defaults()));
        QVERIFY(isSameValue(u"tags"_s, QJsonArray(), u""_s, defaults()));
        QVERIFY(isSameValue(
            u"tags"_s, QJsonArray { u"b"_s, u"a"_s }, QJsonArray { u"a"_s, u"b"_s }, defaults()));
        QVERIFY(isSameValue(u"field.When"_s, u"2026-12-25T10:00:00Z"_s,
            u"2026-12-25T11:00:00+01:00"_s, defaults()));
        QVERIFY(!isSameValue(u"status"_s, u"open"_s, u"new"_s, defaults()));
        // Without a word of its own, closed is written as resolved and read back as solved.
        QVERIFY(isSameValue(u"status"_s, u"closed"_s, u"solved"_s, defaults()));
        const Mapping own
            = Mapping::fromOptions({ { u"statuses"_s, u"archived=closed"_s } }, nullptr);
        QVERIFY(!isSameValue(u"status"_s, u"closed"_s, u"solved"_s, own));
        QVERIFY(!isSameValue(u"field.X"_s, u"a"_s, {}, defaults()));
    }

    // --- messages

    void aMessageIsAlwaysJson()
    {
        PushStep step = note(u"Größe ☕\n[tl:5a0c2b4e-1111-4222-8333-444455556666]"_s);
        step.html = u"<p>not used for notes</p>"_s;
        step.files = { { {}, u"ünï.txt"_s, u"text/plain"_s, 5, QByteArray("hallo") } };
        const auto body = messageBody(step, u"Client Reference"_s);
        QVERIFY(body);
        QCOMPARE(body->value("Content"_L1).toString(), step.text);
        QCOMPARE(body->value("ContentType"_L1).toString(), u"text/plain"_s);
        QCOMPARE(
            body->value("TxnCustomFields"_L1).toObject().value("Client Reference"_L1).toString(),
            step.operations.first());
        const QJsonObject file = body->value("Attachments"_L1).toArray().first().toObject();
        QCOMPARE(file.value("FileName"_L1).toString(), u"=?UTF-8?B?w7xuw68udHh0?="_s);
        QCOMPARE(file.value("FileContent"_L1).toString(), u"aGFsbG8="_s);
        step.kind = PushStep::Kind::Reply;
        QCOMPARE(messageBody(step, u"x"_s)->value("ContentType"_L1).toString(), u"text/html"_s);
    }

    void whatCannotBeSentIsSaidBefore()
    {
        QVERIFY(!messageBody(note(u" \n"_s), u"x"_s));
        PushStep step = note(u"text"_s);
        step.files = { { {}, u"a.txt"_s, {}, 0, QByteArray() } };
        QVERIFY(messageBody(step, u"x"_s).error().detail.contains("a.txt"_L1));
    }

    void longNamesAreCutBetweenLetters()
    {
        const QString name = u"日本語☕"_s.repeated(30) + u".txt"_s;
        QString decoded;
        for (const QString &word : wireName(name).split(u' ')) {
            QVERIFY(word.size() <= 75);
            QVERIFY(word.startsWith("=?UTF-8?B?"_L1));
            decoded
                += QString::fromUtf8(QByteArray::fromBase64(word.mid(10).chopped(2).toLatin1()));
        }
        QCOMPARE(decoded, name);
        QCOMPARE(wireName(u"plain name.txt"_s), u"plain name.txt"_s);
    }

    void aMessageIsFoundOnlyWhereItIsOurs()
    {
        const Instant at = *Instant::parse(u"2026-11-20T09:00:00Z");
        RemoteEntry entry;
        entry.id = u"9"_s;
        entry.at = at;
        entry.author.id = u"jonas"_s;
        entry.message.emplace();
        entry.message->kind = MessageKind::PublicReply;
        entry.message->text = u"Thanks,\n  see you."_s;
        PushStep step = note({});
        step.kind = PushStep::Kind::Reply;
        step.text = u"Thanks, see you.\n"_s;
        QVERIFY(isSame(entry, step, at));
        QVERIFY(!isSame(entry, step, at + Millis(1000)));
        PushStep other = step;
        other.as.id = u"priya"_s;
        QVERIFY(!isSame(entry, other, at));
        other = step;
        other.taken = { u"9"_s };
        QVERIFY(!isSame(entry, other, at));
        other = step;
        other.kind = PushStep::Kind::Note;
        QVERIFY(!isSame(entry, other, at));
        entry.operation = u"somebody-else"_s;
        QVERIFY(!isSame(entry, step, at));
        entry.operation = step.operations.first();
        QVERIFY(isSame(entry, step, at + Millis(1000)));
        entry.operation.clear();
        entry.message->text.clear();
        entry.message->html = u"<p>Thanks,</p><p>see you.</p>"_s;
        step.html = u"<p>Thanks,</p>\n<p>see&nbsp;you.</p>"_s;
        QVERIFY(isSame(entry, step, at));
    }
};

QTEST_GUILESS_MAIN(TestRtMapping)
#include "tst_rtmapping.moc"
