#include "core/connectors/rt/rthistory.h"
#include "core/connectors/rt/rtjson.h"
#include "tests/connectors/rt/fixtures.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors;
using namespace tierline::connectors::rt;

namespace {

const QString ana = u"ana@northwind.example"_s;
const QString firstOperation = u"0d1f4b1e-7c55-4a3e-9d0b-0a6f0f1e2d3c"_s;
const QString secondOperation = u"5a0c2b4e-1111-4222-8333-444455556666"_s;

Thread fixtureThread()
{
    Thread thread;
    for (const QJsonValue item : test::rtObject(u"history-5001"_s).value("items"_L1).toArray())
        thread.changes.push_back(*changeOf(item.toObject(), u"Client Reference"_s));
    for (const QJsonValue item :
        test::rtObject(u"attachments-5001"_s).value("items"_L1).toArray()) {
        auto part = partOf(item.toObject());
        thread.parts.insert(part->id, *part);
    }
    return thread;
}

Names fixtureNames()
{
    Names names;
    names.queues = { { u"3"_s, u"L1 Frontline"_s }, { u"4"_s, u"L2 Technical"_s } };
    names.logins = { { u"6"_s, u"Nobody"_s }, { u"71"_s, u"jonas"_s }, { u"72"_s, u"priya"_s } };
    names.fields = { { u"6"_s, { u"6"_s, u"Tags"_s, true, false } },
        { u"7"_s, { u"7"_s, u"Promised By"_s, false, true } } };
    names.people.insert(
        u"jonas"_s, { u"jonas"_s, u"Jonas Weber"_s, u"jonas@desk.example"_s, true });
    return names;
}

RemoteTicket fixtureTicket(const Mapping &mapping, const Names &names)
{
    return ticketOf(
        test::rtObject(u"ticket-5001"_s), mapping, names, u"https://desk.example/?id="_s);
}

/// One line for each entry: id, author, and what it says.
QStringList printed(const std::vector<RemoteEntry> &entries)
{
    QStringList lines;
    for (const RemoteEntry &entry : entries) {
        QString line = entry.id + u' ' + entry.author.id
            + (entry.author.isAgent ? u" agent "_s : u" customer "_s);
        if (entry.message)
            line += code(entry.message->kind) + u" files=%1"_s.arg(entry.message->files.size());
        else
            line += QString::fromUtf8(QJsonDocument(entry.fields).toJson(QJsonDocument::Compact));
        if (!entry.operation.isEmpty())
            line += u" op="_s + entry.operation.left(4);
        lines += line;
    }
    return lines;
}

} // namespace

class TestRtHistory : public QObject
{
    Q_OBJECT
private slots:
    void aHistoryBecomesEntries()
    {
        const Mapping mapping = Mapping::fromOptions({}, nullptr);
        const Names names = fixtureNames();
        const RemoteTicket ticket = fixtureTicket(mapping, names);
        const History history = historyOf(
            ticket.id, fixtureThread(), ticket.fields, ticket.requester, mapping, names);
        const QStringList expected {
            u"70001 %1 customer public files=0"_s.arg(ana),
            u"70002 jonas agent {\"owner\":\"jonas\"}"_s,
            u"70004 jonas agent {\"status\":\"open\"}"_s,
            u"70005 jonas agent public files=1 op=0d1f"_s,
            u"70007 %1 customer public files=0"_s.arg(ana),
            u"70008 jonas agent {\"tags\":[\"sso-1\"]}"_s,
            u"70009 jonas agent {\"tags\":[\"old-9\",\"sso-1\"]}"_s,
            u"70010 jonas agent {\"tags\":[\"sso-1\"]}"_s,
            u"70011 jonas agent {\"tags\":[\"api-2\",\"sso-1\"]}"_s,
            u"70012 jonas agent {\"field.Promised By\":\"2026-12-24T18:00:00Z\"}"_s,
            u"70013 jonas agent internal files=1"_s, // its marker is for the engine to weigh
            u"70014 jonas agent {\"place\":\"L2 Technical\"}"_s,
            u"70015 jonas agent {\"owner\":\"priya\"}"_s,
            u"70016 jonas agent {\"priority\":\"high\"}"_s,
            u"70018 jonas agent {\"subject\":\"Export stops at row 10,000 ☕\"}"_s,
            u"70021 %1 customer internal files=0"_s.arg(ana),
        };
        const QStringList lines = printed(history.entries);
        for (qsizetype i = 0; i < std::max(lines.size(), expected.size()); ++i)
            QCOMPARE(lines.value(i),
                expected.value(i)
                    .replace("internal"_L1, code(MessageKind::InternalNote))
                    .replace(" public "_L1, u' ' + code(MessageKind::PublicReply) + u' '));
    }

    void theStateAtCreationIsFoundByUndoing()
    {
        const Mapping mapping = Mapping::fromOptions({}, nullptr);
        const Names names = fixtureNames();
        const RemoteTicket ticket = fixtureTicket(mapping, names);
        const QJsonObject first
            = historyOf(ticket.id, fixtureThread(), ticket.fields, ticket.requester, mapping, names)
                  .atCreation;
        QCOMPARE(first.value("status"_L1).toString(), u"new"_s);
        QCOMPARE(first.value("owner"_L1).toString(), QString());
        QCOMPARE(first.value("place"_L1).toString(), u"L1 Frontline"_s);
        QCOMPARE(first.value("priority"_L1).toString(), u"normal"_s);
        QCOMPARE(first.value("subject"_L1).toString(), u"Export stops"_s);
        QCOMPARE(first.value("tags"_L1).toArray(), QJsonArray());
        QCOMPARE(first.value("field.Promised By"_L1).toString(), QString());
        QCOMPARE(first.value("field.Account Tier"_L1).toString(), u"Premium"_s);
    }

    void messagesKeepTextHtmlAndFiles()
    {
        const Thread thread = fixtureThread();
        const auto reply = messageOf(thread.changes[4], thread.parts);
        QCOMPARE(reply.kind, MessageKind::PublicReply);
        QVERIFY(reply.html.contains("<script>"_L1)); // as it came; whoever shows it cleans it
        QCOMPARE(reply.text.simplified(), u"We look into it. Thanks"_s);
        QCOMPARE(reply.files.size(), 1u);
        QCOMPARE(reply.files[0].name, u"pixel.png"_s);
        QCOMPARE(reply.files[0].size, 70);
        QVERIFY(!reply.files[0].bytes);
        const auto first = messageOf(thread.changes[0], thread.parts);
        QCOMPARE(first.text, u"The export stops at row 10,000.\nSince yesterday."_s);
        QVERIFY(first.html.isEmpty());
        QVERIFY(!first.isShortened);
    }

    void aPackageIsOneByNameAndSize()
    {
        Part part { u"1"_s, u"2"_s, u"application/json"_s, u"tierline-x.json"_s, 1 << 20, {}, {} };
        QVERIFY(part.isPackage());
        ++part.size;
        QVERIFY(!part.isPackage());
        part.size = 10;
        part.name = u"xtierline-x.json"_s;
        QVERIFY(!part.isPackage());
    }

    void aPackagesBytesAreExact()
    {
        const auto bytes = contentOf(test::rtObject(u"attachment-902"_s));
        QVERIFY(bytes);
        QVERIFY(bytes->contains(secondOperation.toUtf8()));
        QVERIFY(!contentOf({ { u"Content"_s, u"%%%"_s } }));
        QVERIFY(!contentOf({}));
    }

    void aMarkerCountsOnlyAtTheEndOfAnAgentsNote_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isMarker");
        const QString marker = u"[tl:%1]"_s.arg(secondOperation);
        QTest::newRow("at the end") << (u"text\n"_s + marker) << true;
        QTest::newRow("spaces after") << (u"text\n"_s + marker + u" \n\n"_s) << true;
        QTest::newRow("in the middle") << (marker + u" and more"_s) << false;
        QTest::newRow("no uuid") << u"text [tl:1234]"_s << false;
        QTest::newRow("capitals") << u"text "_s + marker.toUpper() << false;
        QTest::newRow("empty") << QString() << false;
    }
    void aMarkerCountsOnlyAtTheEndOfAnAgentsNote()
    {
        QFETCH(QString, text);
        QFETCH(bool, isMarker);
        QCOMPARE(markerOf(text), isMarker ? secondOperation : QString());
        Q_UNUSED(firstOperation);
    }

    void rowsOfAMergedTicketChangeNothingHere()
    {
        const Mapping mapping = Mapping::fromOptions({}, nullptr);
        Thread thread;
        Change change;
        change.id = u"9"_s;
        change.ticket = u"4990"_s;
        change.type = change.field = u"Status"_s;
        change.oldValue = u"new"_s;
        change.newValue = u"resolved"_s;
        thread.changes.push_back(change);
        const History history
            = historyOf(u"5001"_s, thread, { { u"status"_s, u"open"_s } }, {}, mapping, {});
        QVERIFY(history.entries.empty());
        QCOMPARE(history.atCreation.value("status"_L1).toString(), u"open"_s);
    }

    void whatIsMissingIsSaidToBeShortened()
    {
        Change change;
        change.type = u"Comment"_s;
        change.parts = { u"1"_s };
        QVERIFY(messageOf(change, {}).isShortened);
    }

    void whatIsNeededIsAskedFor()
    {
        Wanted wanted;
        addWanted(fixtureThread(), ana, wanted);
        QCOMPARE(wanted.users, (QSet<QString> { u"6"_s, u"71"_s, u"72"_s }));
        QCOMPARE(wanted.queues, (QSet<QString> { u"3"_s, u"4"_s }));
        QCOMPARE(wanted.fields, (QSet<QString> { u"6"_s, u"7"_s }));
        QCOMPARE(wanted.people, (QSet<QString> { u"jonas"_s, u"RT_System"_s }));
    }

    void oddRowsAreTaken_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<bool>("isRow");
        QTest::newRow("nothing") << QByteArray("{}") << false;
        QTest::newRow("number") << QByteArray(R"({"id":9007199254740993,"Type":7})") << true;
        QTest::newRow("nulls") << QByteArray(
            R"({"id":"5","Type":null,"Creator":null,"_hyperlinks":null,"CustomFields":{},"Created":null})")
                               << true;
        QTest::newRow("negative") << QByteArray(R"({"id":-5})") << false;
        QTest::newRow("fraction") << QByteArray(R"({"id":5.5})") << false;
        QTest::newRow("too large") << QByteArray(R"({"id":1e30})") << false;
        QTest::newRow("path") << QByteArray(R"({"id":"../5"})") << false;
    }
    void oddRowsAreTaken()
    {
        QFETCH(QByteArray, json);
        QFETCH(bool, isRow);
        const QJsonObject object = QJsonDocument::fromJson(json).object();
        QCOMPARE(changeOf(object, u"x"_s).has_value(), isRow);
        QCOMPARE(partOf(object).has_value(), isRow);
        if (const auto change = changeOf(object, u"x"_s))
            historyOf(
                u"1"_s, { { *change }, {}, false }, {}, {}, Mapping::fromOptions({}, nullptr), {});
    }
};

QTEST_GUILESS_MAIN(TestRtHistory)
#include "tst_rthistory.moc"
