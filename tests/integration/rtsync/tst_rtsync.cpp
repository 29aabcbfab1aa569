#include "tests/connectors/rtserver/realrt.h"
#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList maps { u"L1 Frontline=L1/Frontline"_s, u"L2 Technical=L2/Technical"_s,
    u"L2 Billing=L2/Billing"_s, u"L3 Engineering=L3/Engineering"_s };

} // namespace

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
    Ran connectAs(const CliRunner &cli, const QString &role);
    Ran sync(const CliRunner &cli, const QString &role = {});
    QString anyTicket(const CliRunner &cli, const QString &tier, int row) const;
    QJsonObject remote(const QString &key);

    RealRt m_server;
    std::unique_ptr<RtLogin> m_other; ///< somebody who works in the browser
    CliRunner m_cli;
    QString m_escalated; ///< key of the ticket that went up
};

void TestRtSync::initTestCase()
{
    const QString why = m_server.start(200);
    if (why.startsWith(u"skip: "))
        QSKIP(qPrintable(why.mid(6)));
    QVERIFY2(why.isEmpty(), qPrintable(why));
    m_other = std::make_unique<RtLogin>(m_server, u"SECOND"_s);
    RAN(made, 0, m_cli.run({ u"init"_s }));
    RAN(added, 0, connectAs(m_cli, {}));
    QVERIFY2(added.out.contains("Request Tracker 5"), added.told().constData());
    QVERIFY(!added.out.contains(m_server.token()));
}

Ran TestRtSync::connectAs(const CliRunner &cli, const QString &role)
{
    QStringList words { u"account"_s, u"add"_s, u"rt"_s, u"--name"_s, u"desk"_s, u"--url"_s,
        m_server.url(), u"--secret-stdin"_s };
    for (const QString &map : maps)
        words << u"--map"_s << map;
    return cli.run(words, m_server.token(role));
}

Ran TestRtSync::sync(const CliRunner &cli, const QString &role)
{
    return cli.json(
        { u"sync"_s, u"--secrets-stdin"_s }, "{\"desk\":\"" + m_server.token(role) + "\"}");
}

QString TestRtSync::anyTicket(const CliRunner &cli, const QString &tier, int row) const
{
    return cli.json({ u"queue"_s, u"--tier"_s, tier })
        .rows()
        .at(row)
        .toObject()
        .value(u"id"_s)
        .toString();
}

QJsonObject TestRtSync::remote(const QString &key)
{
    return m_other
        ->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1) }, {},
            { { u"fields[Queue]"_s, u"Name"_s } })
        .json.object();
}

void TestRtSync::theFirstSyncBringsEverything()
{
    RAN(first, 0, sync(m_cli));
    const QJsonObject round = first.json().value(u"accounts"_s).toArray().at(0).toObject();
    const auto listed = m_other->raw(net::Method::Get, { u"tickets"_s }, {},
        { { u"query"_s, u"id > 0"_s }, { u"per_page"_s, u"1"_s } });
    const qint64 total = listed.json.object().value(u"total"_s).toInteger();
    QVERIFY(total > 150);
    QCOMPARE(at(round, u"pulled/tickets"_s).toInteger(), total);
    QVERIFY(at(round, u"pulled/messages"_s).toInteger() > total);
    RAN(again, 0, sync(m_cli));
    const QJsonObject second = again.json().value(u"accounts"_s).toArray().at(0).toObject();
    QCOMPARE(at(second, u"pulled/tickets"_s).toInteger(), 0);
    QCOMPARE(at(second, u"pushed"_s).toInteger(), 0);
}

void TestRtSync::anEscalationMadeOfflineLandsOnce()
{
    m_escalated = anyTicket(m_cli, u"L1"_s, 0);
    QVERIFY(!m_escalated.isEmpty());
    QCOMPARE(m_server.halt(), QString());
    RAN(moved, 0,
        m_cli.json({ u"escalate"_s, m_escalated, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Cannot be reproduced here"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s,
            u"A working export"_s }));
    QCOMPARE(moved.json().value(u"operations"_s).toArray().size(), 1);
    RAN(offline, 1, sync(m_cli));
    QCOMPARE(offline.errorJson().value(u"code"_s).toString(), u"offline"_s);
    QCOMPARE(m_cli.json({ u"outbox"_s, u"list"_s }).rows().size(), 1);

    QCOMPARE(m_server.resume(), QString());
    RAN(sent, 0, sync(m_cli));
    QCOMPARE(m_cli.json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
    RAN(quiet, 0, sync(m_cli));
    const QJsonObject there = remote(m_escalated);
    QCOMPARE(at(there, u"Queue/Name"_s).toString(), u"L2 Technical"_s);
    const auto history = m_other->raw(net::Method::Get,
        { u"ticket"_s, m_escalated.section(u':', 1), u"attachments"_s }, {},
        { { u"fields"_s, u"Filename"_s }, { u"per_page"_s, u"100"_s } });
    int packages = 0;
    for (const QJsonValue &file : history.json.object().value(u"items"_s).toArray())
        packages += file.toObject().value(u"Filename"_s).toString().startsWith(u"tierline-"_s);
    QCOMPARE(packages, 1);
}

void TestRtSync::anotherFieldSurvivesAndTheSameOneConflicts()
{
    const QString key = anyTicket(m_cli, u"L1"_s, 1);
    RAN(set, 0, m_cli.run({ u"set"_s, key, u"priority=urgent"_s }));
    RAN(named, 0, m_cli.run({ u"set"_s, key, u"subject=Ours"_s }));
    // Meanwhile somebody else changes the subject too, and the owner.
    const auto changed = m_other->raw(net::Method::Put, { u"ticket"_s, key.section(u':', 1) },
        { { u"Subject"_s, u"Theirs"_s }, { u"Owner"_s, u"l1-jonas"_s } });
    QCOMPARE(changed.status, 200);
    RAN(synced, 0, sync(m_cli));
    const QJsonArray conflicts = m_cli.json({ u"conflict"_s, u"list"_s }).rows();
    QCOMPARE(conflicts.size(), 1);
    const QJsonObject conflict = conflicts.at(0).toObject();
    QCOMPARE(conflict.value(u"field"_s).toString(), u"subject"_s);
    QCOMPARE(conflict.value(u"local"_s).toString(), u"Ours"_s);
    QCOMPARE(conflict.value(u"remote"_s).toString(), u"Theirs"_s);
    QJsonObject here = m_cli.json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(here, u"ticket/subject"_s).toString(), u"Ours"_s);
    QCOMPARE(at(here, u"ticket/assignee"_s).toString(), u"l1-jonas"_s);
    QCOMPARE(remote(key).value(u"Subject"_s).toString(), u"Theirs"_s);

    RAN(chosen, 0,
        m_cli.run({ u"conflict"_s, u"resolve"_s, conflict.value(u"id"_s).toString(), u"--take"_s,
            u"local"_s }));
    RAN(after, 0, sync(m_cli));
    QCOMPARE(remote(key).value(u"Subject"_s).toString(), u"Ours"_s);
    QVERIFY(remote(key).value(u"Priority"_s).toString().toInt() >= 80);
    QCOMPARE(m_cli.json({ u"conflict"_s, u"list"_s }).rows().size(), 0);
    QCOMPARE(m_cli.json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
    // Both values stay in the log.
    here = m_cli.json({ u"ticket"_s, u"show"_s, key }).json();
    const QByteArray log = QJsonDocument(here.value(u"events"_s).toArray()).toJson();
    QVERIFY(log.contains("Ours") && log.contains("Theirs"));
}

void TestRtSync::aSecondWorkspaceShowsTheSame()
{
    CliRunner second;
    RAN(made, 0, second.run({ u"init"_s }));
    RAN(added, 0, connectAs(second, u"SECOND"_s));
    RAN(synced, 0, sync(second, u"SECOND"_s));
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
    QCOMPARE(theirs.value(u"clocks"_s), ours.value(u"clocks"_s));
    QCOMPARE(second.run({ u"handoff"_s, u"show"_s, m_escalated }).out,
        m_cli.run({ u"handoff"_s, u"show"_s, m_escalated }).out);
}

void TestRtSync::aRefusedMoveStopsThereAndSaysWhy()
{
    CliRunner frontline;
    RAN(made, 0, frontline.run({ u"init"_s }));
    RAN(added, 0, connectAs(frontline, u"FRONTLINE"_s));
    RAN(first, 0, sync(frontline, u"FRONTLINE"_s));
    const QString key = anyTicket(frontline, u"L1"_s, 3);
    const QJsonObject before = remote(key);
    RAN(moved, 0,
        frontline.json(
            { u"escalate"_s, key, u"--to"_s, u"L3"_s, u"--kind"_s, u"functional"_s, u"--reason"_s,
                u"needs-code-change"_s, u"--summary"_s, u"A crash"_s, u"--tried"_s, u"Restarted"_s,
                u"--expected"_s, u"No crash"_s, u"--no-customer-notice"_s, u"told by phone"_s }));
    RAN(sent, 0, sync(frontline, u"FRONTLINE"_s));
    const QJsonArray waiting = frontline.json({ u"outbox"_s, u"list"_s }).rows();
    QCOMPARE(waiting.size(), 1);
    const QJsonObject refused = waiting.at(0).toObject();
    QCOMPARE(refused.value(u"state"_s).toString(), u"refused"_s);
    QVERIFY2(refused.value(u"error"_s).toString().size() > 20,
        qPrintable(refused.value(u"error"_s).toString()));
    const QJsonObject after = remote(key);
    QCOMPARE(at(after, u"Queue/Name"_s), at(before, u"Queue/Name"_s));
    QCOMPARE(after.value(u"Priority"_s), before.value(u"Priority"_s));
    QCOMPARE(at(after, u"Owner/id"_s), at(before, u"Owner/id"_s));
    // Given up: back where it was, and colleagues are told.
    RAN(dropped, 0, frontline.run({ u"outbox"_s, u"drop"_s, refused.value(u"id"_s).toString() }));
    RAN(told, 0, sync(frontline, u"FRONTLINE"_s));
    const QJsonObject here = frontline.json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(here, u"ticket/tier"_s).toString(), u"L1"_s);
    QCOMPARE(here.value(u"escalations"_s).toArray().at(0).toObject().value(u"outcome"_s).toString(),
        u"withdrawn"_s);
    QCOMPARE(frontline.json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
}

void TestRtSync::aRefusedSignInIsAskedOnce()
{
    RAN(replied, 0, m_cli.run({ u"note"_s, m_escalated }, "Still here?"));
    RAN(refused, 1, m_cli.json({ u"sync"_s, u"--secrets-stdin"_s }, "{\"desk\":\"1-51-000000\"}"));
    QCOMPARE(refused.errorJson().value(u"code"_s).toString(), u"sign_in"_s);
    QVERIFY(!refused.error.contains(u"1-51-000000"_s));
    QCOMPARE(m_cli.json({ u"outbox"_s, u"list"_s }).rows().size(), 1);
    RAN(again, 0, sync(m_cli));
    QCOMPARE(m_cli.json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
}

QTEST_GUILESS_MAIN(TestRtSync)
#include "tst_rtsync.moc"
