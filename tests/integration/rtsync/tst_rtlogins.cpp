#include "tests/connectors/rtserver/rtdesk.h"
#include "tests/support/net/lyingserver.h"

#include <QTest>
#include <QThread>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

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
    void aRevokedTokenIsAskedForAndLosesNothing();
    void aLoginPageIsNoAnswer();

private:
    /// A workspace of its own for a login, synced.
    std::unique_ptr<CliRunner> begin(const QString &role, Ran *added = nullptr);

    RtDesk m_desk;
};

void TestRtLogins::initTestCase()
{
    const QString why = m_desk.start(60);
    if (why.startsWith(u"skip: "))
        QSKIP(qPrintable(why.mid(6)));
    QVERIFY2(why.isEmpty(), qPrintable(why));
}

std::unique_ptr<CliRunner> TestRtLogins::begin(const QString &role, Ran *added)
{
    auto cli = std::make_unique<CliRunner>();
    const Ran connected = m_desk.connect(*cli, role);
    const Ran synced = m_desk.sync(*cli, role);
    if (connected.exitCode != 0 || synced.exitCode != 0)
        qWarning("%s %s", connected.told().constData(), synced.told().constData());
    if (added)
        *added = connected;
    return connected.exitCode == 0 && synced.exitCode == 0 ? std::move(cli) : nullptr;
}

void TestRtLogins::aTicketMovedOutOfSightIsMoved()
{
    const auto cli = begin(u"FRONTLINE"_s);
    QVERIFY(cli);
    const QString key = RtDesk::ticketAt(*cli, u"L1"_s, 0);
    RAN(moved, 0,
        cli->json({ u"escalate"_s, key, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Cannot be reproduced here"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s,
            u"A working export"_s, u"--no-customer-notice"_s, u"told by phone"_s }));
    RAN(sent, 0, m_desk.sync(*cli, u"FRONTLINE"_s));
    QCOMPARE(RtDesk::waiting(*cli).size(), 0);
    QCOMPARE(at(m_desk.remote(key), u"Queue/Name"_s).toString(), u"L2 Technical"_s);
    QCOMPARE(m_desk.packages(key), 1);
    // It is out of sight there from now on, and stays here as it was sent; nothing is sent again.
    const int comments = m_desk.entries(key, u"Comment"_s);
    for (int i = 0; i < 2; ++i) {
        RAN(quiet, 0, m_desk.sync(*cli, u"FRONTLINE"_s));
        QCOMPARE(RtDesk::waiting(*cli).size(), 0);
    }
    QCOMPARE(m_desk.entries(key, u"Comment"_s), comments);
    QCOMPARE(m_desk.packages(key), 1);
    const QJsonObject here = cli->json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(here, u"ticket/tier"_s).toString(), u"L2"_s);
    QCOMPARE(here.value(u"escalations"_s).toArray().size(), 1);
    // A word more cannot reach it: that is said, and nothing is there.
    RAN(noted, 0, cli->run({ u"note"_s, key }, "One more thing"));
    (void)m_desk.sync(*cli, u"FRONTLINE"_s);
    const QJsonArray waiting = RtDesk::waiting(*cli);
    QCOMPARE(waiting.size(), 1);
    const QString why = waiting.at(0).toObject().value(u"error"_s).toString();
    QVERIFY2(why.size() > 20 && why.endsWith(u'.'), qPrintable(why));
    QCOMPARE(m_desk.entries(key, u"Comment"_s), comments);
}

void TestRtLogins::aReaderWritesNothing()
{
    Ran added;
    const auto cli = begin(u"READONLY"_s, &added);
    QVERIFY(cli);
    QVERIFY2(added.out.contains("may not reply or comment"), added.told().constData());
    const QString key = RtDesk::ticketAt(*cli, u"L1"_s, 1);
    const QJsonObject before = m_desk.remote(key);
    const int comments = m_desk.entries(key, u"Comment"_s);
    const int replies = m_desk.entries(key, u"Correspond"_s);
    const QString second = RtDesk::ticketAt(*cli, u"L1"_s, 2);
    const QJsonObject untouched = m_desk.remote(second);
    RAN(noted, 0, cli->run({ u"note"_s, key }, "Seen"));
    RAN(replied, 0, cli->run({ u"reply"_s, key }, "We look into it"));
    RAN(moved, 0,
        cli->json({ u"escalate"_s, second, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Cannot be reproduced here"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s,
            u"A working export"_s, u"--no-customer-notice"_s, u"told by phone"_s }));
    RAN(set, 0, cli->run({ u"set"_s, RtDesk::ticketAt(*cli, u"L1"_s, 3), u"priority=urgent"_s }));
    (void)m_desk.sync(*cli, u"READONLY"_s);
    const QJsonArray waiting = RtDesk::waiting(*cli);
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
    QCOMPARE(m_desk.entries(key, u"Comment"_s), comments);
    QCOMPARE(m_desk.entries(key, u"Correspond"_s), replies);
    QCOMPARE(m_desk.remote(key).value(u"LastUpdated"_s), before.value(u"LastUpdated"_s));
    QCOMPARE(m_desk.remote(second).value(u"LastUpdated"_s), untouched.value(u"LastUpdated"_s));
    QCOMPARE(m_desk.packages(second), 0);
}

void TestRtLogins::anotherZoneChangesNoTime()
{
    Ran added;
    const auto there = begin(u"NEWYORK"_s, &added);
    const auto here = begin(u"SECOND"_s);
    QVERIFY(there && here);
    QVERIFY2(added.out.contains("America/New_York"), added.told().constData());
    const QString key = RtDesk::ticketAt(*here, u"L1"_s, 4);
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
    const auto changed = m_desk.other().raw(net::Method::Put, { u"ticket"_s, key.section(u':', 1) },
        { { u"Subject"_s, u"Changed just now"_s } });
    QCOMPARE(changed.status, 200);
    RAN(synced, 0, m_desk.sync(*there, u"NEWYORK"_s));
    const QJsonObject shown = there->json({ u"ticket"_s, u"show"_s, key }).json();
    QCOMPARE(at(shown, u"ticket/subject"_s).toString(), u"Changed just now"_s);
    // And back: a date that is written there is the instant that was meant.
    RAN(noted, 0, there->run({ u"note"_s, key }, "From another zone"));
    RAN(sent, 0, m_desk.sync(*there, u"NEWYORK"_s));
    RAN(pulled, 0, m_desk.sync(*here, u"SECOND"_s));
    QCOMPARE(RtDesk::waiting(*there).size(), 0);
    RAN(settled, 0, m_desk.sync(*there, u"NEWYORK"_s));
    const auto messages = [&key](const CliRunner &cli) {
        return cli.json({ u"ticket"_s, u"show"_s, key })
            .json()
            .value(u"messages"_s)
            .toArray()
            .size();
    };
    QCOMPARE(messages(*there), messages(*here));
}

/// The token was good, and then its user took it back: the commonest end of a token, since this
/// Request Tracker knows no expiry.
void TestRtLogins::aRevokedTokenIsAskedForAndLosesNothing()
{
    const auto cli = begin(u"NEWYORK"_s);
    QVERIFY(cli);
    const QString key = RtDesk::ticketAt(*cli, u"L1"_s, 6);
    QCOMPARE(RtDesk::syncState(*cli, key), u"synced"_s);
    const int comments = m_desk.entries(key, u"Comment"_s);
    const QByteArray old = m_desk.server().token(u"NEWYORK"_s);
    QCOMPARE(m_desk.server().revokeTokens(u"NEWYORK"_s), QString());
    RAN(noted, 0, cli->run({ u"note"_s, key }, "Written after the token was gone"));
    for (int i = 0; i < 2; ++i) {
        RAN(refused, 1, RtDesk::syncWith(*cli, old));
        QCOMPARE(refused.errorJson().value(u"code"_s).toString(), u"sign_in"_s);
        const QString said = refused.errorJson().value(u"message"_s).toString();
        QVERIFY2(said.contains(u"token"_s) && said.endsWith(u'.'), qPrintable(said));
        QVERIFY(!refused.error.contains(QString::fromLatin1(old)));
        QVERIFY(!refused.out.contains(old));
    }
    // Nothing has gone, here or there, and the change counts no failed attempt.
    const QJsonArray waiting = RtDesk::waiting(*cli);
    QCOMPARE(waiting.size(), 1);
    QCOMPARE(waiting.at(0).toObject().value(u"state"_s).toString(), u"waiting"_s);
    QCOMPARE(waiting.at(0).toObject().value(u"attempts"_s).toInt(), 0);
    QCOMPARE(RtDesk::syncState(*cli, key), u"waiting"_s);
    QCOMPARE(m_desk.entries(key, u"Comment"_s), comments);
    const QJsonObject queue = cli->json({ u"queue"_s }).json();
    QVERIFY(queue.value(u"total"_s).toInt() > 10);
    QCOMPARE(m_desk.server().renewToken(u"NEWYORK"_s), QString());
    QVERIFY(m_desk.server().token(u"NEWYORK"_s) != old);
    RAN(sent, 0, m_desk.sync(*cli, u"NEWYORK"_s));
    QCOMPARE(RtDesk::waiting(*cli).size(), 0);
    QCOMPARE(m_desk.entries(key, u"Comment"_s), comments + 1);
    QCOMPARE(RtDesk::syncState(*cli, key), u"synced"_s);
}

void TestRtLogins::aLoginPageIsNoAnswer()
{
    const auto cli = begin(u"SECOND"_s);
    QVERIFY(cli);
    const QString key = RtDesk::ticketAt(*cli, u"L1"_s, 5);
    const int comments = m_desk.entries(key, u"Comment"_s);
    RAN(noted, 0, cli->run({ u"note"_s, key }, "Behind the login page"));
    QCOMPARE(m_desk.server().halt(), QString());
    {
        const LoginWall wall(static_cast<quint16>(QUrl(m_desk.server().url()).port()));
        QVERIFY(wall.isUp());
        RAN(refused, 1, m_desk.sync(*cli, u"SECOND"_s));
        QCOMPARE(refused.errorJson().value(u"code"_s).toString(), u"sign_in"_s);
        const QString said = refused.errorJson().value(u"message"_s).toString();
        QVERIFY2(
            said.contains(u"page for people"_s) && said.contains(u"token"_s), qPrintable(said));
        QVERIFY(!refused.error.contains(QString::fromLatin1(m_desk.server().token(u"SECOND"_s))));
        // Nothing was sent to it, nothing was lost, and no ticket has gone.
        QCOMPARE(wall.writes(), 0);
        QCOMPARE(RtDesk::waiting(*cli).size(), 1);
        RAN(shown, 0, cli->json({ u"ticket"_s, u"show"_s, key }));
        RAN(listed, 0, cli->json({ u"account"_s, u"list"_s }));
        QVERIFY(listed.out.contains("page for people"));
    }
    QCOMPARE(m_desk.server().resume(), QString());
    RAN(sent, 0, m_desk.sync(*cli, u"SECOND"_s));
    QCOMPARE(RtDesk::waiting(*cli).size(), 0);
    QCOMPARE(m_desk.entries(key, u"Comment"_s), comments + 1);
}

QTEST_GUILESS_MAIN(TestRtLogins)
#include "tst_rtlogins.moc"
