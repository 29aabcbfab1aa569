#include "tests/connectors/rtserver/rtdesk.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// The whole way through a real Request Tracker by the command line: out, offline, back.
class TestRtSync : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void theFirstSyncBringsEverything();
    void anEscalationMadeOfflineLandsOnce();
    void anotherFieldSurvivesAndTheSameOneConflicts();
    void aSecondWorkspaceShowsTheSame();
    void aRefusedMoveStopsThereAndSaysWhy();
    void aRefusedSignInIsAskedOnce();

private:
    RtDesk m_desk;
    CliRunner m_cli;
    QString m_escalated; ///< key of the ticket that went up
};

void TestRtSync::initTestCase()
{
    const QString why = m_desk.start(200);
    if (why.startsWith(u"skip: "))
        QSKIP(qPrintable(why.mid(6)));
    QVERIFY2(why.isEmpty(), qPrintable(why));
    RAN(added, 0, m_desk.connect(m_cli));
    QVERIFY2(added.out.contains("Request Tracker 5"), added.told().constData());
    QVERIFY(!added.out.contains(m_desk.server().token()));
}

void TestRtSync::theFirstSyncBringsEverything()
{
    RAN(first, 0, m_desk.sync(m_cli));
    const QJsonObject round = first.json().value(u"accounts"_s).toArray().at(0).toObject();
    const auto listed = m_desk.other().raw(net::Method::Get, { u"tickets"_s }, {},
        { { u"query"_s, u"id > 0"_s }, { u"per_page"_s, u"1"_s } });
    const qint64 total = listed.json.object().value(u"total"_s).toInteger();
    QVERIFY(total > 150);
    QCOMPARE(at(round, u"pulled/tickets"_s).toInteger(), total);
    QVERIFY(at(round, u"pulled/messages"_s).toInteger() > total);
    RAN(again, 0, m_desk.sync(m_cli));
    const QJsonObject second = again.json().value(u"accounts"_s).toArray().at(0).toObject();
    QCOMPARE(at(second, u"pulled/tickets"_s).toInteger(), 0);
    QCOMPARE(at(second, u"pushed"_s).toInteger(), 0);
}

void TestRtSync::anEscalationMadeOfflineLandsOnce()
{
    QString shown
        = u"urgent"_s; // one whose priority can still be raised; the others are other tests'
    for (int n = 0; shown == u"urgent" && n < 20; n = n == 0 ? 4 : n + 1) {
        m_escalated = RtDesk::ticketAt(m_cli, u"L1"_s, n);
        QVERIFY(!m_escalated.isEmpty());
        shown = at(m_cli.json({ u"ticket"_s, u"show"_s, m_escalated }).json(), u"ticket/priority"_s)
                    .toString();
    }
    QVERIFY(shown != u"urgent");
    const int priority = m_desk.remote(m_escalated).value(u"Priority"_s).toString().toInt();
    QCOMPARE(m_desk.server().halt(), QString());
    RAN(moved, 0,
        m_cli.json({ u"escalate"_s, m_escalated, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Cannot be reproduced here"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s,
            u"A working export"_s }));
    QCOMPARE(moved.json().value(u"operations"_s).toArray().size(), 1);
    RAN(offline, 1, m_desk.sync(m_cli));
    QCOMPARE(offline.errorJson().value(u"code"_s).toString(), u"offline"_s);
    QCOMPARE(RtDesk::waiting(m_cli).size(), 1);
    QCOMPARE(RtDesk::syncState(m_cli, m_escalated), u"waiting"_s);

    QCOMPARE(m_desk.server().resume(), QString());
    RAN(sent, 0, m_desk.sync(m_cli));
    QCOMPARE(RtDesk::waiting(m_cli).size(), 0);
    RAN(quiet, 0, m_desk.sync(m_cli));
    const QJsonObject there = m_desk.remote(m_escalated);
    QCOMPARE(at(there, u"Queue/Name"_s).toString(), u"L2 Technical"_s);
    QCOMPARE(m_desk.packages(m_escalated), 1);
    // The move raises the priority by one step, and there it is raised too.
    static const QStringList steps { u"low"_s, u"normal"_s, u"high"_s, u"urgent"_s };
    const QString raised
        = at(m_cli.json({ u"ticket"_s, u"show"_s, m_escalated }).json(), u"ticket/priority"_s)
              .toString();
    QCOMPARE(raised, steps.value(steps.indexOf(shown) + 1));
    const int now = there.value(u"Priority"_s).toString().toInt();
    QVERIFY2(now > priority, qPrintable(u"%1 after %2"_s.arg(now).arg(priority)));
    QCOMPARE(RtDesk::syncState(m_cli, m_escalated), u"synced"_s);
}

void TestRtSync::anotherFieldSurvivesAndTheSameOneConflicts()
{
    const QString key = RtDesk::ticketAt(m_cli, u"L1"_s, 1);
    RAN(set, 0, m_cli.run({ u"set"_s, key, u"priority=urgent"_s }));
    RAN(named, 0, m_cli.run({ u"set"_s, key, u"subject=Ours"_s }));
    // Meanwhile somebody else changes the subject too, and the owner.
    const auto changed = m_desk.other().raw(net::Method::Put, { u"ticket"_s, key.section(u':', 1) },
        { { u"Subject"_s, u"Theirs"_s }, { u"Owner"_s, u"l1-jonas"_s } });
    QCOMPARE(changed.status, 200);
    RAN(synced, 0, m_desk.sync(m_cli));
    const QJsonArray conflicts = m_cli.json({ u"conflict"_s, u"list"_s }).rows();
    QCOMPARE(conflicts.size(), 1);
    const QJsonObject conflict = conflicts.at(0).toObject();
    QCOMPARE(conflict.value(u"field"_s).toString(), u"subject"_s);
    QCOMPARE(conflict.value(u"local"_s).toString(), u"Ours"_s);
    QCOMPARE(conflict.value(u"remote"_s).toString(), u"Theirs"_s);
    QJsonObject here = m_cli.json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(here, u"ticket/subject"_s).toString(), u"Ours"_s);
    QCOMPARE(at(here, u"ticket/assignee"_s).toString(), u"l1-jonas"_s);
    QCOMPARE(m_desk.remote(key).value(u"Subject"_s).toString(), u"Theirs"_s);
    QCOMPARE(at(here, u"sync/state"_s).toString(), u"conflict"_s);
    QCOMPARE(at(here, u"sync/conflicts"_s).toInt(), 1);
    // The queue and the search say the same of it.
    for (const QJsonArray &rows : { m_cli.json({ u"queue"_s, u"--tier"_s, u"L1"_s }).rows(),
             m_cli.json({ u"search"_s, u"Ours"_s }).rows() }) {
        QString said;
        for (const QJsonValue &row : rows) {
            if (row[u"id"_s].toString() == key)
                said = row[u"sync"_s].toString();
        }
        QCOMPARE(said, u"conflict"_s);
    }
    RAN(plain, 0, m_cli.run({ u"ticket"_s, u"show"_s, key }));
    QVERIFY2(plain.out.contains("desk has another value for subject"), plain.told().constData());

    RAN(chosen, 0,
        m_cli.run({ u"conflict"_s, u"resolve"_s, conflict.value(u"id"_s).toString(), u"--take"_s,
            u"local"_s }));
    RAN(after, 0, m_desk.sync(m_cli));
    QCOMPARE(m_desk.remote(key).value(u"Subject"_s).toString(), u"Ours"_s);
    QVERIFY(m_desk.remote(key).value(u"Priority"_s).toString().toInt() >= 80);
    QCOMPARE(m_cli.json({ u"conflict"_s, u"list"_s }).rows().size(), 0);
    QCOMPARE(RtDesk::waiting(m_cli).size(), 0);
    // Both values stay in the log.
    here = m_cli.json({ u"ticket"_s, u"show"_s, key }).json();
    const QByteArray log = QJsonDocument(here.value(u"events"_s).toArray()).toJson();
    QVERIFY(log.contains("Ours") && log.contains("Theirs"));
}

void TestRtSync::aSecondWorkspaceShowsTheSame()
{
    CliRunner second;
    RAN(added, 0, m_desk.connect(second, u"SECOND"_s));
    RAN(synced, 0, m_desk.sync(second, u"SECOND"_s));
    const QJsonObject ours = m_cli.json({ u"ticket"_s, u"show"_s, m_escalated }).json();
    const QJsonObject theirs = second.json({ u"ticket"_s, u"show"_s, m_escalated }).json();
    const QJsonArray records = ours.value(u"escalations"_s).toArray();
    QCOMPARE(records.size(), 1);
    QJsonObject record = records.at(0).toObject();
    QJsonObject rebuilt = theirs.value(u"escalations"_s).toArray().at(0).toObject();
    // Who it was is told by each workspace's own names.
    record.remove(u"actor"_s);
    rebuilt.remove(u"actor"_s);
    QCOMPARE(rebuilt, record);
    // Limits of the escalation travel with it; what is agreed is each workspace's own.
    const auto limitsOf = [](const QJsonObject &ticket) {
        QJsonArray limits;
        for (const QJsonValue &clock : ticket.value(u"clocks"_s).toArray()) {
            if (!clock.toObject().contains(u"for"_s))
                limits.append(clock);
        }
        return limits;
    };
    QVERIFY(!limitsOf(ours).isEmpty());
    QCOMPARE(limitsOf(theirs), limitsOf(ours));
    QCOMPARE(second.run({ u"handoff"_s, u"show"_s, m_escalated }).out,
        m_cli.run({ u"handoff"_s, u"show"_s, m_escalated }).out);
}

void TestRtSync::aRefusedMoveStopsThereAndSaysWhy()
{
    CliRunner frontline;
    RAN(added, 0, m_desk.connect(frontline, u"FRONTLINE"_s));
    RAN(first, 0, m_desk.sync(frontline, u"FRONTLINE"_s));
    const QString key = RtDesk::ticketAt(frontline, u"L1"_s, 3);
    const QJsonObject before = m_desk.remote(key);
    RAN(moved, 0,
        frontline.json(
            { u"escalate"_s, key, u"--to"_s, u"L3"_s, u"--kind"_s, u"functional"_s, u"--reason"_s,
                u"needs-code-change"_s, u"--summary"_s, u"A crash"_s, u"--tried"_s, u"Restarted"_s,
                u"--expected"_s, u"No crash"_s, u"--no-customer-notice"_s, u"told by phone"_s }));
    RAN(sent, 3,
        m_desk.sync(frontline, u"FRONTLINE"_s)); // partly done: the row says what was refused
    QCOMPARE(
        at(sent.json().value(u"accounts"_s).toArray().at(0).toObject(), u"failed"_s).toInt(), 1);
    const QJsonArray waiting = RtDesk::waiting(frontline);
    QCOMPARE(waiting.size(), 1);
    const QJsonObject refused = waiting.at(0).toObject();
    QCOMPARE(refused.value(u"state"_s).toString(), u"refused"_s);
    QCOMPARE(RtDesk::syncState(frontline, key), u"refused"_s);
    QVERIFY2(refused.value(u"error"_s).toString().size() > 20,
        qPrintable(refused.value(u"error"_s).toString()));
    const QJsonObject after = m_desk.remote(key);
    QCOMPARE(at(after, u"Queue/Name"_s), at(before, u"Queue/Name"_s));
    QCOMPARE(after.value(u"Priority"_s), before.value(u"Priority"_s));
    QCOMPARE(at(after, u"Owner/id"_s), at(before, u"Owner/id"_s));
    // Given up: back where it was, and colleagues are told.
    RAN(dropped, 0, frontline.run({ u"outbox"_s, u"drop"_s, refused.value(u"id"_s).toString() }));
    RAN(told, 0, m_desk.sync(frontline, u"FRONTLINE"_s));
    const QJsonObject here = frontline.json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(here, u"ticket/tier"_s).toString(), u"L1"_s);
    QCOMPARE(here.value(u"escalations"_s).toArray().at(0).toObject().value(u"outcome"_s).toString(),
        u"withdrawn"_s);
    QCOMPARE(RtDesk::waiting(frontline).size(), 0);
}

void TestRtSync::aRefusedSignInIsAskedOnce()
{
    RAN(replied, 0, m_cli.run({ u"note"_s, m_escalated }, "Still here?"));
    RAN(refused, 1, m_cli.json({ u"sync"_s, u"--secrets-stdin"_s }, "{\"desk\":\"1-51-000000\"}"));
    QCOMPARE(refused.errorJson().value(u"code"_s).toString(), u"sign_in"_s);
    QVERIFY(!refused.error.contains(u"1-51-000000"_s));
    QCOMPARE(RtDesk::waiting(m_cli).size(), 1);
    RAN(again, 0, m_desk.sync(m_cli));
    QCOMPARE(RtDesk::waiting(m_cli).size(), 0);
}

QTEST_GUILESS_MAIN(TestRtSync)
#include "tst_rtsync.moc"
