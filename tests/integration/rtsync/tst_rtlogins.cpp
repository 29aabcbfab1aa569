#include "tests/connectors/rtserver/realrt.h"
#include "tests/support/cli/clirunner.h"
#include "tests/support/net/lyingserver.h"

#include <QTest>
#include <QThread>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList maps { u"L1 Frontline=L1/Frontline"_s, u"L2 Technical=L2/Technical"_s,
    u"L2 Billing=L2/Billing"_s, u"L3 Engineering=L3/Engineering"_s };

/// A page for people in the place of a server, on a thread of its own, since the command line is
/// waited for.
class LoginWall
{
public:
    explicit LoginWall(quint16 port)
    {
        m_thread.start();
        m_context.moveToThread(&m_thread);
        call([this, port] {
            m_server = std::make_unique<LyingServer>();
            m_server->close();
            m_isUp = m_server->listen(QHostAddress::LocalHost, port);
            m_server->script = [this](const Arrival &arrival) {
                if (arrival.method != "GET")
                    ++m_writes;
                return Script { send(answer(200,
                    "<html><body><form action=\"/NoAuth/Login.html\">Login</form></body></html>",
                    "text/html; charset=utf-8")) };
            };
        });
    }
    ~LoginWall()
    {
        call([this] { m_server.reset(); });
        m_thread.quit();
        m_thread.wait();
    }
    bool isUp() const { return m_isUp; }
    int writes() const { return m_writes; }

private:
    void call(const std::function<void()> &work)
    {
        QMetaObject::invokeMethod(&m_context, work, Qt::BlockingQueuedConnection);
    }

    QThread m_thread;
    QObject m_context;
    std::unique_ptr<LyingServer> m_server;
    std::atomic<bool> m_isUp { false };
    std::atomic<int> m_writes { 0 };
};

} // namespace

/// Logins of every kind at a real Request Tracker, through the whole engine: each limit is said in a
/// clear sentence, and nothing is done by half. A move that is refused and a token that is not taken
/// have their tests in tst_rtsync.
class TestRtLogins : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void aTicketMovedOutOfSightIsMoved();
    void aReaderWritesNothing();
    void anotherZoneChangesNoTime();
    void aLoginPageIsNoAnswer();

private:
    /// A workspace of its own for a login, synced.
    std::unique_ptr<CliRunner> begin(const QString &role, Ran *added = nullptr);
    Ran sync(const CliRunner &cli, const QString &role);
    QString ticketAt(const CliRunner &cli, const QString &tier, int row) const;
    QJsonObject remote(const QString &key);
    /// Of a ticket's history there: how many entries of a type.
    int entries(const QString &key, const QString &type);
    int packages(const QString &key);

    RealRt m_server;
    std::unique_ptr<RtLogin> m_other; ///< somebody who sees everything
};

void TestRtLogins::initTestCase()
{
    const QString why = m_server.start(60);
    if (why.startsWith(u"skip: "))
        QSKIP(qPrintable(why.mid(6)));
    QVERIFY2(why.isEmpty(), qPrintable(why));
    m_other = std::make_unique<RtLogin>(m_server, u"SECOND"_s);
}

std::unique_ptr<CliRunner> TestRtLogins::begin(const QString &role, Ran *added)
{
    auto cli = std::make_unique<CliRunner>();
    QStringList words { u"account"_s, u"add"_s, u"rt"_s, u"--name"_s, u"desk"_s, u"--url"_s,
        m_server.url(), u"--secret-stdin"_s };
    for (const QString &map : maps)
        words << u"--map"_s << map;
    if (cli->run({ u"init"_s }).exitCode != 0)
        return nullptr;
    const Ran connected = cli->run(words, m_server.token(role));
    const Ran synced = sync(*cli, role);
    if (connected.exitCode != 0 || synced.exitCode != 0)
        qWarning("%s %s", connected.told().constData(), synced.told().constData());
    if (added)
        *added = connected;
    return connected.exitCode == 0 && synced.exitCode == 0 ? std::move(cli) : nullptr;
}

Ran TestRtLogins::sync(const CliRunner &cli, const QString &role)
{
    return cli.json(
        { u"sync"_s, u"--secrets-stdin"_s }, "{\"desk\":\"" + m_server.token(role) + "\"}");
}

QString TestRtLogins::ticketAt(const CliRunner &cli, const QString &tier, int row) const
{
    return cli.json({ u"queue"_s, u"--tier"_s, tier })
        .rows()
        .at(row)
        .toObject()
        .value(u"id"_s)
        .toString();
}

QJsonObject TestRtLogins::remote(const QString &key)
{
    return m_other
        ->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1) }, {},
            { { u"fields[Queue]"_s, u"Name"_s } })
        .json.object();
}

int TestRtLogins::entries(const QString &key, const QString &type)
{
    const auto history
        = m_other->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1), u"history"_s }, {},
            { { u"fields"_s, u"Type"_s }, { u"per_page"_s, u"100"_s } });
    int count = 0;
    for (const QJsonValue &entry : history.json.object().value(u"items"_s).toArray())
        count += entry.toObject().value(u"Type"_s).toString() == type;
    return count;
}

int TestRtLogins::packages(const QString &key)
{
    const auto files
        = m_other->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1), u"attachments"_s },
            {}, { { u"fields"_s, u"Filename"_s }, { u"per_page"_s, u"100"_s } });
    int count = 0;
    for (const QJsonValue &file : files.json.object().value(u"items"_s).toArray())
        count += file.toObject().value(u"Filename"_s).toString().startsWith(u"tierline-"_s);
    return count;
}

void TestRtLogins::aTicketMovedOutOfSightIsMoved()
{
    const auto cli = begin(u"FRONTLINE"_s);
    QVERIFY(cli);
    const QString key = ticketAt(*cli, u"L1"_s, 0);
    RAN(moved, 0,
        cli->json({ u"escalate"_s, key, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Cannot be reproduced here"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s,
            u"A working export"_s, u"--no-customer-notice"_s, u"told by phone"_s }));
    RAN(sent, 0, sync(*cli, u"FRONTLINE"_s));
    QCOMPARE(cli->json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
    QCOMPARE(at(remote(key), u"Queue/Name"_s).toString(), u"L2 Technical"_s);
    QCOMPARE(packages(key), 1);
    // It is out of sight there from now on, and stays here as it was sent; nothing is sent again.
    const int comments = entries(key, u"Comment"_s);
    for (int i = 0; i < 2; ++i) {
        RAN(quiet, 0, sync(*cli, u"FRONTLINE"_s));
        QCOMPARE(cli->json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
    }
    QCOMPARE(entries(key, u"Comment"_s), comments);
    QCOMPARE(packages(key), 1);
    const QJsonObject here = cli->json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(here, u"ticket/tier"_s).toString(), u"L2"_s);
    QCOMPARE(here.value(u"escalations"_s).toArray().size(), 1);
    // A word more cannot reach it: that is said, and nothing is there.
    RAN(noted, 0, cli->run({ u"note"_s, key }, "One more thing"));
    (void)sync(*cli, u"FRONTLINE"_s);
    const QJsonArray waiting = cli->json({ u"outbox"_s, u"list"_s }).rows();
    QCOMPARE(waiting.size(), 1);
    const QString why = waiting.at(0).toObject().value(u"error"_s).toString();
    QVERIFY2(why.size() > 20 && why.endsWith(u'.'), qPrintable(why));
    QCOMPARE(entries(key, u"Comment"_s), comments);
}

void TestRtLogins::aReaderWritesNothing()
{
    Ran added;
    const auto cli = begin(u"READONLY"_s, &added);
    QVERIFY(cli);
    QVERIFY2(added.out.contains("may not reply or comment"), added.told().constData());
    const QString key = ticketAt(*cli, u"L1"_s, 1);
    const QJsonObject before = remote(key);
    const int comments = entries(key, u"Comment"_s);
    const int replies = entries(key, u"Correspond"_s);
    const QString second = ticketAt(*cli, u"L1"_s, 2);
    const QJsonObject untouched = remote(second);
    RAN(noted, 0, cli->run({ u"note"_s, key }, "Seen"));
    RAN(replied, 0, cli->run({ u"reply"_s, key }, "We look into it"));
    RAN(moved, 0,
        cli->json({ u"escalate"_s, second, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Cannot be reproduced here"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s,
            u"A working export"_s, u"--no-customer-notice"_s, u"told by phone"_s }));
    RAN(set, 0, cli->run({ u"set"_s, ticketAt(*cli, u"L1"_s, 3), u"priority=urgent"_s }));
    (void)sync(*cli, u"READONLY"_s);
    const QJsonArray waiting = cli->json({ u"outbox"_s, u"list"_s }).rows();
    QVERIFY2(waiting.size() >= 4, qPrintable(QString::number(waiting.size())));
    int refused = 0;
    for (const QJsonValue &value : waiting) {
        const QJsonObject row = value.toObject();
        if (row.value(u"state"_s).toString() != u"refused")
            continue; // waits behind the refused one of its ticket
        ++refused;
        const QString why = row.value(u"error"_s).toString();
        QVERIFY2(why.size() > 20 && why.endsWith(u'.'), qPrintable(why));
    }
    QVERIFY2(refused >= 3, qPrintable(QString::number(refused)));
    QCOMPARE(entries(key, u"Comment"_s), comments);
    QCOMPARE(entries(key, u"Correspond"_s), replies);
    QCOMPARE(remote(key).value(u"LastUpdated"_s), before.value(u"LastUpdated"_s));
    QCOMPARE(remote(second).value(u"LastUpdated"_s), untouched.value(u"LastUpdated"_s));
    QCOMPARE(packages(second), 0);
}

void TestRtLogins::anotherZoneChangesNoTime()
{
    Ran added;
    const auto there = begin(u"NEWYORK"_s, &added);
    const auto here = begin(u"SECOND"_s);
    QVERIFY(there && here);
    QVERIFY2(added.out.contains("America/New_York"), added.told().constData());
    const QString key = ticketAt(*here, u"L1"_s, 4);
    const auto times = [&key](const CliRunner &cli) {
        QStringList all;
        const QJsonObject shown = cli.json({ u"ticket"_s, u"show"_s, key }).json();
        all.append(at(shown, u"ticket/created"_s).toString());
        for (const QJsonValue &message : shown.value(u"messages"_s).toArray())
            all.append(message.toObject().value(u"at"_s).toString());
        for (const QJsonValue &event : shown.value(u"events"_s).toArray())
            all.append(event.toObject().value(u"at"_s).toString());
        return all;
    };
    QVERIFY(times(*here).size() > 2);
    QCOMPARE(times(*there), times(*here));
    // What changes now is found at once, though it is another hour over there.
    const auto changed = m_other->raw(net::Method::Put, { u"ticket"_s, key.section(u':', 1) },
        { { u"Subject"_s, u"Changed just now"_s } });
    QCOMPARE(changed.status, 200);
    RAN(synced, 0, sync(*there, u"NEWYORK"_s));
    const QJsonObject shown = there->json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(shown, u"ticket/subject"_s).toString(), u"Changed just now"_s);
    // And back: a date that is written there is the instant that was meant.
    RAN(noted, 0, there->run({ u"note"_s, key }, "From another zone"));
    RAN(sent, 0, sync(*there, u"NEWYORK"_s));
    RAN(pulled, 0, sync(*here, u"SECOND"_s));
    QCOMPARE(there->json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
    RAN(settled, 0, sync(*there, u"NEWYORK"_s));
    const auto messages = [&key](const CliRunner &cli) {
        return cli.json({ u"ticket"_s, u"show"_s, key })
            .json()
            .value(u"messages"_s)
            .toArray()
            .size();
    };
    QCOMPARE(messages(*there), messages(*here));
}

void TestRtLogins::aLoginPageIsNoAnswer()
{
    const auto cli = begin(u"SECOND"_s);
    QVERIFY(cli);
    const QString key = ticketAt(*cli, u"L1"_s, 5);
    const int comments = entries(key, u"Comment"_s);
    RAN(noted, 0, cli->run({ u"note"_s, key }, "Behind the login page"));
    QCOMPARE(m_server.halt(), QString());
    {
        const LoginWall wall(static_cast<quint16>(QUrl(m_server.url()).port()));
        QVERIFY(wall.isUp());
        RAN(refused, 1, sync(*cli, u"SECOND"_s));
        QCOMPARE(refused.errorJson().value(u"code"_s).toString(), u"sign_in"_s);
        const QString said = refused.errorJson().value(u"message"_s).toString();
        QVERIFY2(
            said.contains(u"page for people"_s) && said.contains(u"token"_s), qPrintable(said));
        QVERIFY(!refused.error.contains(QString::fromLatin1(m_server.token(u"SECOND"_s))));
        // Nothing was sent to it, nothing was lost, and no ticket has gone.
        QCOMPARE(wall.writes(), 0);
        QCOMPARE(cli->json({ u"outbox"_s, u"list"_s }).rows().size(), 1);
        RAN(shown, 0, cli->json({ u"ticket"_s, u"show"_s, key }));
        RAN(listed, 0, cli->json({ u"account"_s, u"list"_s }));
        QVERIFY(listed.out.contains("page for people"));
    }
    QCOMPARE(m_server.resume(), QString());
    RAN(sent, 0, sync(*cli, u"SECOND"_s));
    QCOMPARE(cli->json({ u"outbox"_s, u"list"_s }).rows().size(), 0);
    QCOMPARE(entries(key, u"Comment"_s), comments + 1);
}

QTEST_GUILESS_MAIN(TestRtLogins)
#include "tst_rtlogins.moc"
