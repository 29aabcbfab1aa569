#include "tests/connectors/rtserver/realrt.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors;
using namespace tierline::test;

namespace {

using State = PushOutcome::State;
using What = PushStep::Kind;

QString operation(int number)
{
    return u"00000000-0000-4000-8000-%1"_s.arg(number, 12, 10, QChar(u'0'));
}

const RemoteEntry *entryOf(const RemoteTicket &ticket, const QString &id)
{
    for (const RemoteEntry &entry : ticket.entries) {
        if (entry.id == id)
            return &entry;
    }
    return nullptr;
}

} // namespace

class TestRtPush : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        const QString error = m_server.start(0);
        if (error.startsWith("skip: "_L1))
            QSKIP(qPrintable(error));
        QVERIFY2(error.isEmpty(), qPrintable(error));
        m_agent = std::make_unique<RtLogin>(m_server, QString());
    }

    void cleanupTestCase() { m_agent.reset(); }

    // --- who is there

    void everyLoginIsProbed_data()
    {
        QTest::addColumn<QString>("role");
        QTest::addColumn<QString>("login");
        QTest::addColumn<int>("places");
        QTest::addColumn<QString>("warning");
        QTest::newRow("agent") << u""_s << u"agent"_s << 5 << u"No internal comment"_s;
        QTest::newRow("second") << u"SECOND"_s << u"agent2"_s << 5 << u"“Client Reference”"_s;
        QTest::newRow("zone") << u"NEWYORK"_s << u"agent-ny"_s << 5 << u"America/New_York"_s;
        QTest::newRow("read-only")
            << u"READONLY"_s << u"observer"_s << 5 << u"may not reply or comment"_s;
        QTest::newRow("frontline") << u"FRONTLINE"_s << u"frontline"_s << 1 << QString();
        QTest::newRow("customer") << u"CUSTOMER"_s << u"customer"_s << 0 << u"a customer"_s;
        QTest::newRow("root") << u"ROOT"_s << u"root"_s << 5 << QString();
    }
    void everyLoginIsProbed()
    {
        QFETCH(QString, role);
        QFETCH(QString, login);
        QFETCH(int, places);
        QFETCH(QString, warning);
        if (m_plain.isEmpty())
            m_plain = m_agent->create();
        RtLogin user(m_server, role);
        const auto probe = user.probe();
        QVERIFY2(probe, probe ? "" : qPrintable(probe.error().detail));
        QCOMPARE(probe->me.id, login);
        QCOMPARE(probe->me.isAgent, role != "CUSTOMER"_L1);
        QCOMPARE(probe->product, u"Request Tracker 5.0.3"_s);
        QCOMPARE(probe->places.size(), places);
        QVERIFY(probe->clockOffset && std::abs(probe->clockOffset->count()) < 5'000);
        QVERIFY2(
            probe->warnings.join(u'\n').contains(warning), qPrintable(probe->warnings.join(u'\n')));
        if (role.isEmpty()) {
            QVERIFY(probe->places.contains(u"L2 Technical"_s));
            QStringList agents;
            for (const RemoteUser &agent : probe->agents)
                agents += agent.id;
            QVERIFY2(agents.contains(u"l3-kenji"_s) && agents.contains(u"agent2"_s),
                qPrintable(agents.join(u' ')));
        }
    }

    void aBadTokenIsOneClearSentence()
    {
        RtLogin nobody(m_server, {}, {}, "1-51-0123456789abcdef0123456789abcdef");
        const auto probe = nobody.probe();
        QCOMPARE(probe.error().fault, Fault::SignIn);
        QVERIFY(probe.error().detail.contains("token"_L1));
        // Nothing more goes out with it.
        QCOMPARE(nobody.pull({}).error().fault, Fault::SignIn);
        PushStep note = step(What::Note, u"1"_s, operation(1), {});
        note.text = u"x"_s;
        QCOMPARE(nobody.push(note).error().fault, Fault::SignIn);
    }

    // --- messages

    // What became of a reply may have to be asked when its ticket has gone into another one.
    void aReplyIsFoundWhereItsTicketWasMerged()
    {
        const QString from = m_agent->create(), into = m_agent->create();
        const RemoteUser me { u"agent"_s, u"Amara Agent"_s, {}, true };
        PushStep reply = step(What::Reply, from, operation(90), me);
        reply.text = u"Sent before the merge."_s;
        const auto sent = m_agent->push(reply);
        QVERIFY(sent && sent->state == State::Done);
        QCOMPARE(m_agent
                     ->raw(net::Method::Put, { u"ticket"_s, from },
                         { { u"MergeInto"_s, into.toLongLong() } })
                     .status,
            200);
        const auto found = m_agent->find(reply);
        QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
        QVERIFY(found->isThere);
        QCOMPARE(found->entry, sent->entry);
        // One that never arrived is not found, and sent again it goes where the conversation went on.
        PushStep lost = step(What::Reply, from, operation(91), me);
        lost.text = u"Never arrived."_s;
        QVERIFY(!m_agent->find(lost)->isThere);
        const auto again = m_agent->push(lost);
        QVERIFY(again && again->state == State::Done);
        const auto target = m_agent->fetch(into);
        QVERIFY(target && entryOf(*target, again->entry));
        QCOMPARE(entryOf(*target, again->entry)->message->text, lost.text);
        QVERIFY(m_agent->find(lost)->isThere);
    }

    void aReplyAndANoteArriveAsWhatTheyAre()
    {
        const QString id = m_agent->create();
        const RemoteUser me { u"agent"_s, u"Amara Agent"_s, {}, true };
        PushStep reply = step(What::Reply, id, operation(10), me);
        reply.text = u"Grüße ☕"_s;
        reply.html = u"<p>Grüße <b>☕</b></p>"_s;
        reply.files = { { {}, u"ünï 日本.txt"_s, u"text/plain"_s, 5, QByteArray("hallo") },
            { {}, u"p.bin"_s, u"application/octet-stream"_s, 256, QByteArray(256, '\xff') } };
        const auto replied = m_agent->push(reply);
        QVERIFY(replied);
        QCOMPARE(replied->state, State::Done);
        QVERIFY(!replied->entry.isEmpty());
        PushStep note = step(What::Note, id, operation(11), me);
        note.text = u"Escalated.\n\n[tl:%1]"_s.arg(operation(11));
        note.files = { { {}, u"tierline-%1.json"_s.arg(operation(11)), u"application/json"_s, 0,
            QByteArray("{\"größe\":1}") } };
        const auto noted = m_agent->push(note);
        QVERIFY(noted);
        QCOMPARE(noted->state, State::Done);

        const auto ticket = m_agent->fetch(id);
        QVERIFY(ticket);
        const RemoteEntry *there = entryOf(*ticket, replied->entry);
        QVERIFY(there && there->message);
        QCOMPARE(there->message->kind, MessageKind::PublicReply);
        QCOMPARE(there->message->html, reply.html);
        QCOMPARE(there->operation, operation(10));
        QCOMPARE(there->author.id, u"agent"_s);
        QVERIFY(there->author.isAgent);
        QCOMPARE(there->message->files.size(), 2u);
        QCOMPARE(there->message->files[0].name, u"ünï 日本.txt"_s);
        QCOMPARE(*m_agent->download(there->message->files[1], 1000), *reply.files[1].bytes);
        const RemoteEntry *inside = entryOf(*ticket, noted->entry);
        QVERIFY(inside && inside->message);
        QCOMPARE(inside->message->kind, MessageKind::InternalNote);
        QCOMPARE(inside->message->text, note.text);
        QCOMPARE(inside->operation, operation(11));
        QCOMPARE(inside->message->files.size(), 1u);
        QCOMPARE(inside->message->files[0].bytes, note.files[0].bytes);

        for (const PushStep &sent : { reply, note }) {
            const auto found = m_agent->find(sent);
            QVERIFY(found);
            QVERIFY(found->isThere);
            QCOMPARE(found->entry, sent.kind == What::Reply ? replied->entry : noted->entry);
            QVERIFY(found->serverNow.ms > 0);
            PushStep other = sent;
            other.operations = { operation(99) };
            other.text += u" other"_s;
            other.html.clear();
            QVERIFY(!m_agent->find(other)->isThere);
        }
    }

    void withoutTheFieldAReplyIsFoundByAuthorTextAndTime()
    {
        // General has no custom field of that name.
        const QString id = m_agent->create({ { u"Queue"_s, u"General"_s } });
        const RemoteUser me { u"agent"_s, {}, {}, true };
        PushStep reply = step(What::Reply, id, operation(20), me);
        reply.text = u"Thanks,\nsee you."_s;
        QVERIFY(!m_agent->find(reply)->isThere);
        const auto done = m_agent->push(reply);
        QCOMPARE(done->state, State::Done);
        const auto found = m_agent->find(reply);
        QVERIFY(found->isThere);
        QCOMPARE(found->entry, done->entry);
        PushStep again = reply;
        again.operations = { operation(21) };
        again.taken = { done->entry };
        QVERIFY(!m_agent->find(again)->isThere);
        PushStep later = reply;
        later.operations = { operation(22) };
        later.queued = later.queued + Millis(3'600'000);
        QVERIFY(!m_agent->find(later)->isThere);
        PushStep note = step(What::Note, id, operation(23), me);
        note.text = u"Inside.\n[tl:%1]"_s.arg(operation(23));
        const auto noted = m_agent->push(note);
        QCOMPARE(m_agent->find(note)->entry, noted->entry);
    }

    void longTextsAndOddLettersStayWhole()
    {
        const QString id = m_agent->create();
        PushStep note = step(What::Note, id, operation(30), { u"agent"_s, {}, {}, true });
        note.text = u"𝔘𝔫𝔦 שלום \"quoted\" \\ <b>not bold</b> & "_s + u"word "_s.repeated(20'000)
            + u"\n[tl:%1]"_s.arg(operation(30));
        const auto done = m_agent->push(note);
        QCOMPARE(done->state, State::Done);
        QCOMPARE(entryOf(*m_agent->fetch(id), done->entry)->message->text, note.text);
    }

    // --- fields

    void whatTriageReadsGoesToTheFieldThatTheAccountNames()
    {
        RtLogin login(m_server, QString(), { { u"sentiment_field"_s, u"CSAT"_s } });
        const QString id = login.create();
        PushStep fields = step(What::Fields, id, operation(46), {});
        fields.fields = { { u"field.sentiment_score"_s, u"3"_s } };
        const auto done = login.push(fields);
        QVERIFY(done);
        QVERIFY2(done->state == State::Done, qPrintable(done->sentence));
        QCOMPARE(login.fetch(id)->fields.value("field.sentiment_score"_L1).toString(), u"3"_s);
        QVERIFY(!login.fetch(id)->fields.contains("field.CSAT"_L1));
        QCOMPARE(m_agent->fetch(id)->fields.value("field.CSAT"_L1).toString(), u"3"_s);
    }

    void fieldsAreSetAndReadBack()
    {
        const QString id = m_agent->create();
        PushStep fields = step(What::Fields, id, operation(40), {});
        fields.version = m_agent->fetch(id, false)->version;
        fields.fields = { { u"subject"_s, u"New – name"_s }, { u"status"_s, u"pending"_s },
            { u"priority"_s, u"urgent"_s }, { u"owner"_s, u"agent2"_s },
            { u"tags"_s, QJsonArray { u"a-1"_s, u"ü 2"_s } }, { u"field.CSAT"_s, u"4"_s },
            { u"field.Promised By"_s, u"2026-12-24T18:00:00Z"_s } };
        const auto done = m_agent->push(fields);
        QVERIFY(done);
        QVERIFY2(done->state == State::Done, qPrintable(done->sentence));
        QVERIFY(done->readBack);
        for (auto field = fields.fields.begin(); field != fields.fields.end(); ++field)
            QCOMPARE(done->readBack->fields.value(field.key()), field.value());
        QCOMPARE(done->readBack->version, m_agent->fetch(id, false)->version);
        // The raw number below "urgent" is not ours to change.
        QCOMPARE(
            m_agent->raw(net::Method::Put, { u"ticket"_s, id }, { { u"Priority"_s, 99 } }).status,
            200);
        fields.version.clear();
        QCOMPARE(m_agent->push(fields)->state, State::Done);
        QCOMPARE(m_agent->raw(net::Method::Get, { u"ticket"_s, id })
                     .json.object()
                     .value("Priority"_L1)
                     .toVariant()
                     .toInt(),
            99);
        // And cleared again.
        fields.fields = { { u"owner"_s, u""_s }, { u"tags"_s, QJsonArray() },
            { u"field.CSAT"_s, u""_s }, { u"field.Promised By"_s, u""_s } };
        const auto cleared = m_agent->push(fields);
        QVERIFY2(cleared->state == State::Done, qPrintable(cleared->sentence));
        const auto ticket = m_agent->fetch(id);
        QCOMPARE(ticket->fields.value("owner"_L1).toString(), QString());
        QCOMPARE(ticket->fields.value("tags"_L1).toArray(), QJsonArray());
        // The history tells it all again.
        QJsonObject state = ticket->fieldsAtCreation;
        for (const RemoteEntry &entry : ticket->entries) {
            for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field)
                state.insert(field.key(), field.value());
        }
        QCOMPARE(state, ticket->fields);
    }

    void whatIsClosedHereIsResolvedThere()
    {
        const QString id = m_agent->create();
        PushStep fields = step(What::Fields, id, operation(41), {});
        fields.fields = { { u"status"_s, u"closed"_s } };
        const auto done = m_agent->push(fields);
        QVERIFY2(done->state == State::Done, qPrintable(done->sentence));
        const auto word = [&] {
            return m_agent->raw(net::Method::Get, { u"ticket"_s, id })
                .json.object()
                .value("Status"_L1)
                .toString();
        };
        QCOMPARE(word(), u"resolved"_s);
        // Once more nothing is written; and who was rejected there is closed here.
        const QString version = m_agent->fetch(id, false)->version;
        QCOMPARE(m_agent->push(fields)->state, State::Done);
        QCOMPARE(m_agent->fetch(id, false)->version, version);
        m_agent->raw(net::Method::Put, { u"ticket"_s, id }, { { u"Status"_s, u"rejected"_s } });
        QCOMPARE(m_agent->fetch(id)->fields.value("status"_L1).toString(), u"closed"_s);
    }

    void aGreetingTellsWhoSignsIn()
    {
        const auto greeting = m_agent->wait<Probe>(
            [&](Answer<Probe> answer) { m_agent->connector->greet(std::move(answer)); });
        QVERIFY(greeting);
        QCOMPARE(greeting->me.id, u"agent"_s);
        QVERIFY(greeting->clockOffset);
        QCOMPARE(greeting->product, u"Request Tracker 5.0.3"_s);
        RtLogin nobody(m_server, {}, {}, "1-51-0123456789abcdef0123456789abcdef");
        QCOMPARE(nobody
                     .wait<Probe>(
                         [&](Answer<Probe> answer) { nobody.connector->greet(std::move(answer)); })
                     .error()
                     .fault,
            Fault::SignIn);
    }

    void anEscalationGoesStepByStep()
    {
        const QString id = m_agent->create();
        const RemoteUser me { u"agent"_s, {}, {}, true };
        PushStep note = step(What::Note, id, operation(50), me);
        note.text = u"Up to L2.\n[tl:%1]"_s.arg(operation(50));
        QCOMPARE(m_agent->push(note)->state, State::Done);
        PushStep move = step(What::Fields, id, operation(50), me);
        move.version = m_agent->fetch(id, false)->version;
        move.fields = { { u"place"_s, u"L2 Technical"_s } };
        const auto moved = m_agent->push(move);
        QVERIFY2(moved->state == State::Done && moved->readBack, qPrintable(moved->sentence));
        QVERIFY(!moved->isOutOfSight);
        PushStep rest = move;
        rest.version = moved->readBack->version;
        rest.fields = { { u"owner"_s, u"l2-priya"_s }, { u"priority"_s, u"high"_s } };
        const auto done = m_agent->push(rest);
        QVERIFY2(done->state == State::Done, qPrintable(done->sentence));
        const QJsonObject fields = m_agent->fetch(id)->fields;
        QCOMPARE(fields.value("place"_L1).toString(), u"L2 Technical"_s);
        QCOMPARE(fields.value("owner"_L1).toString(), u"l2-priya"_s);
        QCOMPARE(fields.value("priority"_L1).toString(), u"high"_s);
    }

    void aWholeMoveInOneStepIsSplitSafely()
    {
        const QString id = m_agent->create();
        PushStep move = step(What::Fields, id, operation(51), {});
        move.version = m_agent->fetch(id, false)->version;
        move.fields = { { u"place"_s, u"L3 Engineering"_s }, { u"owner"_s, u"l3-kenji"_s },
            { u"priority"_s, u"urgent"_s }, { u"status"_s, u"open"_s } };
        const auto done = m_agent->push(move);
        QVERIFY2(done->state == State::Done, qPrintable(done->sentence));
        for (auto field = move.fields.begin(); field != move.fields.end(); ++field)
            QCOMPARE(done->readBack->fields.value(field.key()), field.value());
    }

    void aRefusedQueueStopsThere()
    {
        RtLogin frontline(m_server, u"FRONTLINE"_s);
        const QString id = frontline.create();
        PushStep move = step(What::Fields, id, operation(60), {});
        move.version = frontline.fetch(id, false)->version;
        move.fields = { { u"place"_s, u"L3 Engineering"_s }, { u"owner"_s, u"l3-kenji"_s },
            { u"priority"_s, u"urgent"_s } };
        const auto refused = frontline.push(move);
        QCOMPARE(refused->state, State::Refused);
        QVERIFY2(
            refused->sentence.contains("queue"_L1) && refused->sentence.contains("ermission"_L1),
            qPrintable(refused->sentence));
        const QJsonObject fields = m_agent->fetch(id)->fields;
        QCOMPARE(fields.value("place"_L1).toString(), u"L1 Frontline"_s);
        QCOMPARE(fields.value("owner"_L1).toString(), QString());
        QCOMPARE(fields.value("priority"_L1).toString(), u"normal"_s);
        QVERIFY(refused->readBack);
    }

    void aMoveOutOfSightIsDone()
    {
        RtLogin frontline(m_server, u"FRONTLINE"_s);
        const QString id = frontline.create();
        PushStep move = step(What::Fields, id, operation(61), {});
        move.fields = { { u"place"_s, u"L2 Technical"_s } };
        const auto done = frontline.push(move);
        QCOMPARE(done->state, State::Done);
        QVERIFY(done->isOutOfSight);
        QCOMPARE(m_agent->fetch(id)->fields.value("place"_L1).toString(), u"L2 Technical"_s);
        // Sent again after a lost answer: done, not refused.
        move.mayBeDone = true;
        const auto again = frontline.push(move);
        QCOMPARE(again->state, State::Done);
        QVERIFY(again->isOutOfSight);
        move.mayBeDone = false;
        QCOMPARE(frontline.push(move)->state, State::Refused);
        PushStep note = step(What::Note, id, operation(62), {});
        note.text = u"too late"_s;
        QCOMPARE(frontline.push(note)->state, State::Refused);
    }

    void aReadOnlyLoginIsRefusedInWords()
    {
        RtLogin observer(m_server, u"READONLY"_s);
        const QString id = m_agent->create();
        PushStep fields = step(What::Fields, id, operation(70), {});
        fields.fields = { { u"priority"_s, u"low"_s } };
        const auto refused = observer.push(fields);
        QCOMPARE(refused->state, State::Refused);
        QVERIFY(refused->sentence.contains("Permission Denied"_L1));
        PushStep note = step(What::Note, id, operation(71), {});
        note.text = u"x"_s;
        QCOMPARE(observer.push(note)->state, State::Refused);
        note.kind = What::Reply;
        const auto reply = observer.push(note);
        QCOMPARE(reply->state, State::Refused);
        QVERIFY2(reply->sentence.contains("Denied"_L1), qPrintable(reply->sentence));
        QCOMPARE(m_agent->fetch(id)->entries.size(), 1u);
    }

    void refusedValuesAreSaid_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("words");
        QTest::newRow("queue") << u"place"_s << u"Nope"_s << u"does not exist"_s;
        QTest::newRow("owner") << u"owner"_s << u"customer"_s << u"may not own"_s;
        QTest::newRow("custom") << u"field.CSAT"_s << u"9"_s << u"Input must match"_s;
        QTest::newRow("no such field") << u"field.Nope"_s << u"9"_s << u"no custom field"_s;
        QTest::newRow("status") << u"status"_s << u"hold"_s << u"statuses"_s;
    }
    void refusedValuesAreSaid()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, words);
        PushStep fields = step(What::Fields, m_plain, operation(80), {});
        fields.fields = { { field, value } };
        const auto refused = m_agent->push(fields);
        QVERIFY(refused);
        QCOMPARE(refused->state, State::Refused);
        QVERIFY2(refused->sentence.contains(words), qPrintable(refused->sentence));
    }

    void oneRefusedPartIsNamedAlone()
    {
        PushStep fields = step(What::Fields, m_agent->create(), operation(81), {});
        fields.fields = { { u"field.CSAT"_s, u"9"_s }, { u"priority"_s, u"urgent"_s } };
        const auto refused = m_agent->push(fields);
        QCOMPARE(refused->state, State::Refused);
        QVERIFY2(refused->sentence.contains(u"did not change the custom field “CSAT”:"_s),
            qPrintable(refused->sentence));
        QCOMPARE(refused->readBack->fields.value("priority"_L1).toString(), u"urgent"_s);
    }

    void aStaleVersionChangesNothing()
    {
        const QString id = m_agent->create();
        PushStep fields = step(What::Fields, id, operation(90), {});
        fields.version = m_agent->fetch(id)->version;
        RtLogin other(m_server, u"SECOND"_s);
        QCOMPARE(other.raw(net::Method::Put, { u"ticket"_s, id }, { { u"Priority"_s, 55 } }).status,
            200);
        fields.fields = { { u"priority"_s, u"urgent"_s } };
        QCOMPARE(m_agent->push(fields)->state, State::Stale);
        const auto now = m_agent->fetch(id);
        QCOMPARE(now->fields.value("priority"_L1).toString(), u"high"_s);
        QVERIFY(now->version != fields.version);
        fields.version = now->version;
        QCOMPARE(m_agent->push(fields)->state, State::Done);
    }

    void whatIsGoneIsRefusedAndNotMissed()
    {
        PushStep fields = step(What::Fields, u"999999"_s, operation(95), {});
        fields.fields = { { u"priority"_s, u"low"_s } };
        QCOMPARE(m_agent->push(fields)->state, State::Refused);
        PushStep note = step(What::Note, u"999999"_s, operation(96), {});
        note.text = u"x"_s;
        QCOMPARE(m_agent->push(note)->state, State::Refused);
        QVERIFY(!m_agent->find(note)->isThere);
    }

private:
    RealRt m_server;
    std::unique_ptr<RtLogin> m_agent;
    QString m_plain;
};

QTEST_GUILESS_MAIN(TestRtPush)
#include "tst_rtpush.moc"
