#include "core/base/clock.h"
#include "core/storage/deliveries.h"
#include "core/storage/tickets.h"
#include "core/storage/ways.h"
#include "tests/support/cli/clirunner.h"

#include <QDirIterator>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Ways to people by the command line: set up with secrets that stand nowhere afterwards, routes that lead there, and
// what is to be sent, dropped and tried again.

namespace {

const QByteArray token = "xoxb-1-c0ffee/0123+456=789";

/// Says 204 to whoever asks.
class Receiver
{
public:
    Receiver()
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                    socket->readAll();
                    socket->write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                    socket->disconnectFromHost();
                });
                QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    QString url() const { return u"http://127.0.0.1:%1/T01/b33f"_s.arg(m_server.serverPort()); }

private:
    QTcpServer m_server;
};

} // namespace

class TestCliWays : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void kindsSayWhatTheyWant();
    void aSecretStandsNowhere();
    void wrongSetupsAreRefused_data();
    void wrongSetupsAreRefused();
    void whereItLeadsIsShownWithoutItsPath();
    void aTestSaysWhatIsThere();
    void routesComeAndGo();
    void wrongRoutesAreRefused_data();
    void wrongRoutesAreRefused();
    void noticesAreDroppedAndTriedAgain();
    void noticesOfOthersAreNotListed();
    void aRemovedWayTakesItsRoutes();
    void leadsSetUp();

private:
    /// With this process's loop going on, since a server lives in it.
    Ran runBeside(const QStringList &words) const;
    Ran secretly(const QStringList &words, const QByteArray &account) const
    {
        return m_cli.json(words, "{\"" + account + "\":{\"token\":\"" + token + "\"}}");
    }
    Result<QString> deliver(const QString &ticket, Delivery::State state, int minute);
    Ran as(const QString &who, const QStringList &words)
    {
        m_cli.setAs(who);
        const Ran ran = m_cli.json(words);
        m_cli.setAs(u"lea"_s);
        return ran;
    }

    CliRunner m_cli;
    QString m_open, m_hidden;
};

Ran TestCliWays::runBeside(const QStringList &words) const
{
    QProcess process;
    process.start(CliRunner::program(), m_cli.globals() + QStringList { u"--json"_s } + words);
    process.closeWriteChannel();
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 120'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return { process.exitCode(), process.readAllStandardOutput(),
        QString::fromUtf8(process.readAllStandardError()) };
}

Result<QString> TestCliWays::deliver(const QString &ticket, Delivery::State state, int minute)
{
    const SystemClock clock;
    TIERLINE_TRY(store, storage::Store::open(storage::Workspace(m_cli.folder()), clock));
    TIERLINE_TRY(id, storage::findAnyTicket(store->connection(), ticket));
    static int made = 0;
    const Delivery one { .id = u"00000000-0000-4000-8000-%1"_s.arg(++made, 12, 10, QChar(u'0')),
        .ticket = id,
        .topic = u"00000000-0000-4000-9000-000000000001"_s,
        .way = u"slack"_s,
        .address = u"#escalations"_s,
        .state = state,
        .made = clock.now() + Millis(60'000) * minute,
        .attempts = 2,
        .refusedSince = clock.now(),
        .error = u"There is no such channel."_s };
    TIERLINE_CHECK(
        store->write(storage::Durability::Person, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(storage::insertDelivery(scope, one));
            return Done {};
        }));
    return one.id;
}

void TestCliWays::initTestCase()
{
    // No keychain of whoever runs the tests is asked or written.
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    qunsetenv("DISPLAY");
    RAN(made, 0, m_cli.run({ u"init"_s }));
    for (const QStringList &one : { QStringList { u"anna"_s, u"agent"_s, u"Frontline"_s },
             { u"lea"_s, u"lead"_s, u"Frontline"_s } }) {
        RAN(added, 0,
            m_cli.run({ u"agent"_s, u"add"_s, one[0], u"--tier"_s, u"L1"_s, u"--role"_s, one[1],
                u"--team"_s, one[2] }));
    }
    const auto make = [&](const QString &subject) {
        const Ran ran = m_cli.json({ u"ticket"_s, u"new"_s, u"--subject"_s, subject, u"--name"_s,
                                       u"Carla"_s, u"--email"_s, u"carla@contoso.example"_s },
            "text");
        return ran.json()["ticket"_L1].toString();
    };
    m_open = make(u"An ordinary question"_s);
    m_hidden = make(u"A subpoena arrived"_s);
    RAN(legal, 0,
        m_cli.json({ u"escalate"_s, m_hidden, u"--to"_s, u"L2"_s, u"--kind"_s, u"functional"_s,
            u"--reason"_s, u"legal"_s, u"--summary"_s, u"A matter of its own"_s, u"--tried"_s,
            u"Asked around"_s, u"--expected"_s, u"An answer"_s }));
    m_cli.setAs(u"lea"_s);
}

void TestCliWays::kindsSayWhatTheyWant()
{
    RAN(kinds, 0, m_cli.json({ u"way"_s, u"kinds"_s }));
    QStringList types;
    for (const QJsonValue &row : kinds.rows()) {
        types.append(row[u"type"_s].toString());
        QVERIFY(!row[u"about"_s].toString().isEmpty());
        QVERIFY(!row[u"reaches"_s].toArray().isEmpty());
    }
    QCOMPARE(types,
        (QStringList { u"pagerduty"_s, u"slack"_s, u"slack-hook"_s, u"smtp"_s, u"webhook"_s }));
    RAN(table, 0, m_cli.run({ u"way"_s, u"kinds"_s }));
    QVERIFY(table.out.contains("token"));
}

void TestCliWays::aSecretStandsNowhere()
{
    const QStringList add { u"way"_s, u"add"_s, u"slack"_s, u"--type"_s, u"slack"_s };
    RAN(missing, 1, m_cli.json(add));
    QVERIFY2(missing.error.contains(u"--secrets-stdin"_s), missing.told().constData());
    QCOMPARE(missing.errorJson()[u"where"_s].toString(), u"token"_s);
    const QStringList secretAdd = add + QStringList { u"--secrets-stdin"_s };
    RAN(other, 1, secretly(secretAdd, "way:other"));
    QVERIFY(other.error.contains(u"way:slack"_s));
    RAN(field, 1, m_cli.json(secretAdd, "{\"way:slack\":{\"tokn\":\"" + token + "\"}}"));
    QVERIFY(field.error.contains(u"tokn"_s));
    RAN(wrong, 1, m_cli.json(secretAdd, "{\"way:slack\":{\"token\":\"xapp-" + token + "\"}}"));
    QVERIFY(wrong.error.contains(u"xoxb-"_s));
    RAN(none, 0, m_cli.json({ u"way"_s, u"list"_s }));
    QVERIFY(none.rows().isEmpty());

    RAN(added, 0, secretly(secretAdd, "way:slack"));
    QCOMPARE(added.json()[u"name"_s].toString(), u"slack"_s);
    QCOMPARE(added.json()[u"secret_kept"_s].toBool(true), false);
    // Added again it takes the former one's place. Lines name the field behind a dot.
    RAN(again, 0, m_cli.run(secretAdd, "way:slack.token=" + token + "\n"));
    RAN(bare, 1, m_cli.run(secretAdd, "{\"way:slack\":\"" + token + "\"}"));
    QVERIFY(bare.error.contains(u"token"_s));
    RAN(listed, 0, m_cli.json({ u"way"_s, u"list"_s }));
    QCOMPARE(listed.rows().size(), 1);
    QCOMPARE(listed.rows()[0][u"where"_s].toString(), u"Slack"_s);
    QVERIFY(listed.rows()[0][u"problem"_s].isNull());

    for (const Ran &ran : { missing, other, field, wrong, added, again, bare, listed })
        QVERIFY(!ran.told().contains("c0ffee"));
    const QString text = QString::fromUtf8(token);
    const QByteArray wide(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    QDirIterator files(m_cli.path({}), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    int seen = 0;
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const QByteArray &form :
            { token, wide, token.toBase64().chopped(4), token.toHex(), token.toPercentEncoding() })
            QVERIFY2(!bytes.contains(form), qPrintable(file.fileName()));
        seen += bytes.contains("slack");
    }
    QVERIFY(seen > 0); // the sweep looks where the way is
}

void TestCliWays::wrongSetupsAreRefused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("mention");
    const auto add = [](const QString &type, const QStringList &more = {}) {
        return QStringList { u"way"_s, u"add"_s, u"x"_s, u"--type"_s, type } + more;
    };
    QTest::newRow("no type") << QStringList { u"way"_s, u"add"_s, u"x"_s } << 2 << QString()
                             << u"way kinds"_s;
    QTest::newRow("no such type") << add(u"pigeon"_s) << 1 << u"--type"_s << u"slack-hook"_s;
    QTest::newRow("no url") << add(u"smtp"_s) << 1 << u"url"_s << u"smtp://mail.example.org:587"_s;
    QTest::newRow("a web address for mail")
        << add(u"smtp"_s, { u"--url"_s, u"https://mail.example.org"_s }) << 1 << u"url"_s
        << u"smtp://mail.example.org:587"_s;
    QTest::newRow("a name that may mean any place")
        << add(u"webhook"_s, { u"--url"_s, u"http://localhost/x"_s }) << 1 << u"url"_s
        << u"127.0.0.1"_s;
    QTest::newRow("a password in the address")
        << add(u"webhook"_s, { u"--url"_s, u"https://a:b@hooks.example.org/x"_s }) << 1 << u"url"_s
        << u"no user name"_s;
    QTest::newRow("a url where none is wanted")
        << add(u"slack"_s, { u"--url"_s, u"https://slack.com"_s }) << 1 << u"url"_s << u"Slack"_s;
    QTest::newRow("no such option")
        << add(u"slack"_s, { u"--option"_s, u"colour=red"_s }) << 1 << u"colour"_s << u"colour"_s;
    QTest::newRow("no option at all")
        << add(u"slack"_s, { u"--option"_s, u"red"_s }) << 2 << QString() << u"NAME=VALUE"_s;
    QTest::newRow("a wrong value") << add(u"webhook"_s,
        { u"--url"_s, u"https://hooks.example.org/x"_s, u"--option"_s, u"network=moon"_s })
                                   << 1 << u"network"_s << u"moon"_s;
    QTest::newRow("no such file") << add(u"slack"_s, { u"--authorities"_s, u"/nowhere.pem"_s }) << 1
                                  << QString() << u"nowhere.pem"_s;
    QTest::newRow("a bad name") << QStringList { u"way"_s, u"add"_s, u"a b"_s, u"--type"_s,
        u"webhook"_s, u"--url"_s, u"https://hooks.example.org/x"_s }
                                << 1 << u"name"_s << u"a b"_s;
    QTest::newRow("no such way") << QStringList { u"way"_s, u"remove"_s, u"slakc"_s } << 1
                                 << QString() << u"slack"_s;
    QTest::newRow("no such way to test")
        << QStringList { u"way"_s, u"test"_s, u"slakc"_s } << 1 << QString() << u"slack"_s;
}

void TestCliWays::wrongSetupsAreRefused()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, where);
    QFETCH(QString, mention);
    RAN(ran, exitCode, m_cli.json(words));
    QVERIFY2(ran.error.contains(mention), ran.told().constData());
    QVERIFY(!ran.error.contains(u'\n'));
    if (!where.isEmpty())
        QCOMPARE(ran.errorJson()[u"where"_s].toString(), where);
    RAN(listed, 0, m_cli.json({ u"way"_s, u"list"_s }));
    QCOMPARE(listed.rows().size(), 1);
}

void TestCliWays::whereItLeadsIsShownWithoutItsPath()
{
    RAN(added, 0,
        m_cli.json({ u"way"_s, u"add"_s, u"hook"_s, u"--type"_s, u"webhook"_s, u"--url"_s,
            u"https://hooks.example.org/T01/b33f"_s }));
    RAN(listed, 0, m_cli.json({ u"way"_s, u"list"_s }));
    QCOMPARE(listed.rows()[0][u"where"_s].toString(), u"https://hooks.example.org"_s);
    QVERIFY(!added.out.contains("b33f") && !listed.out.contains("b33f"));
    const QString file = m_cli.path(u"audit.jsonl"_s);
    RAN(exported, 0, m_cli.json({ u"export"_s, u"audit"_s, file }));
    QFile audit(file);
    QVERIFY(audit.open(QIODevice::ReadOnly));
    const QByteArray told = audit.readAll();
    QVERIFY(told.contains("way.hook") && told.contains("hooks.example.org"));
    QVERIFY(!told.contains("b33f"));
}

void TestCliWays::aTestSaysWhatIsThere()
{
    const Receiver receiver;
    RAN(added, 0,
        m_cli.json({ u"way"_s, u"add"_s, u"hook"_s, u"--type"_s, u"webhook"_s, u"--url"_s,
            receiver.url() }));
    RAN(there, 0, runBeside({ u"way"_s, u"test"_s, u"hook"_s }));
    QVERIFY2(!there.json()[u"said"_s].toString().isEmpty(), there.told().constData());
    QVERIFY(!there.told().contains("b33f"));
    // A lead who sees that it works has seen to it.
    const auto shut = [&] {
        const SystemClock clock;
        const auto store = storage::Store::open(storage::Workspace(m_cli.folder()), clock);
        return store
            && (*store)->write(storage::Durability::Person, [](storage::WriteScope &scope) {
                   return storage::setWayProblem(scope, u"hook"_s, u"It is shut."_s);
               });
    };
    const auto problem = [&] {
        return m_cli.json({ u"way"_s, u"list"_s }).rows()[0][u"problem"_s].toString();
    };
    QVERIFY(shut());
    m_cli.setAs(u"anna"_s);
    RAN(read, 0, runBeside({ u"way"_s, u"test"_s, u"hook"_s }));
    m_cli.setAs(u"lea"_s);
    QCOMPARE(problem(), u"It is shut."_s);
    RAN(seen, 0, runBeside({ u"way"_s, u"test"_s, u"hook"_s }));
    QCOMPARE(problem(), QString());
    RAN(away, 0,
        m_cli.json({ u"way"_s, u"add"_s, u"hook"_s, u"--type"_s, u"webhook"_s, u"--url"_s,
            u"http://127.0.0.1:1/T01/b33f"_s }));
    RAN(nobody, 1, runBeside({ u"way"_s, u"test"_s, u"hook"_s }));
    QVERIFY(!nobody.errorJson()[u"message"_s].toString().isEmpty());
    QVERIFY(!nobody.told().contains("b33f"));
    RAN(unknown, 1, runBeside({ u"way"_s, u"test"_s, u"slack"_s }));
    QVERIFY(unknown.errorJson()[u"message"_s].toString().contains(u"--secrets-stdin"_s));
}

void TestCliWays::routesComeAndGo()
{
    RAN(none, 0, m_cli.json({ u"route"_s, u"list"_s }));
    QVERIFY(none.rows().isEmpty());
    RAN(team, 0,
        m_cli.run(
            { u"route"_s, u"add"_s, u"team"_s, u"Technical"_s, u"slack"_s, u"#technical"_s }));
    QVERIFY2(team.out.contains("#technical"), team.told().constData());
    RAN(all, 0, m_cli.json({ u"route"_s, u"add"_s, u"pager"_s, u"*"_s, u"hook"_s }));
    QCOMPARE(all.json()[u"target"_s].toString(), u"*"_s);
    QVERIFY(all.json()[u"address"_s].isNull());
    RAN(two, 0, m_cli.json({ u"route"_s, u"list"_s }));
    QCOMPARE(two.json()[u"total"_s].toInt(), 2);
    QCOMPARE(two.rows()[0],
        (QJsonObject { { u"kind"_s, u"team"_s }, { u"target"_s, u"Technical"_s },
            { u"way"_s, u"slack"_s }, { u"address"_s, u"#technical"_s } }));
    RAN(gone, 0, m_cli.json({ u"route"_s, u"remove"_s, u"pager"_s, u"*"_s, u"hook"_s }));
    RAN(again, 1, m_cli.json({ u"route"_s, u"remove"_s, u"pager"_s, u"*"_s, u"hook"_s }));
    QCOMPARE(again.errorJson()[u"code"_s].toString(), u"not_found"_s);
    RAN(one, 0, m_cli.json({ u"route"_s, u"list"_s }));
    QCOMPARE(one.rows().size(), 1);
}

void TestCliWays::wrongRoutesAreRefused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("mention");
    const auto row = [](const char *name, const QStringList &words, int exitCode,
                         const QString &mention) {
        QTest::newRow(name) << QStringList { u"route"_s, u"add"_s } + words << exitCode << mention;
    };
    row("no such kind", { u"pigeon"_s, u"*"_s, u"slack"_s, u"#a"_s }, 2, u"webhook"_s);
    row("no such team", { u"team"_s, u"Nobody"_s, u"slack"_s, u"#a"_s }, 1, u"Nobody"_s);
    row("a team of others", { u"team"_s, u"Legal"_s, u"slack"_s, u"#a"_s }, 1, u"Legal"_s);
    row("no such agent", { u"agent"_s, u"nobody"_s, u"slack"_s, u"#a"_s }, 1, u"nobody"_s);
    row("no such way", { u"team"_s, u"*"_s, u"slakc"_s, u"#a"_s }, 1, u"slack"_s);
    row("no address", { u"team"_s, u"*"_s, u"slack"_s, u"somewhere"_s }, 1, u"somewhere"_s);
    row("an address too many", { u"team"_s, u"*"_s, u"hook"_s, u"#a"_s }, 1, u"empty"_s);
    row("there already", { u"team"_s, u"Technical"_s, u"slack"_s, u"#technical"_s }, 1,
        u"already"_s);
}

void TestCliWays::wrongRoutesAreRefused()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, mention);
    RAN(ran, exitCode, m_cli.json(words));
    QVERIFY2(ran.error.contains(mention), ran.told().constData());
    QVERIFY(!ran.error.contains(u'\n'));
    RAN(held, 0, m_cli.json({ u"route"_s, u"list"_s }));
    QCOMPARE(held.rows().size(), 1);
}

void TestCliWays::noticesAreDroppedAndTriedAgain()
{
    RAN(none, 0, m_cli.json({ u"notices"_s }));
    QVERIFY(none.rows().isEmpty());
    const auto waiting = deliver(m_open, Delivery::State::Waiting, 1);
    const auto refused = deliver(m_open, Delivery::State::Refused, 2);
    QVERIFY(waiting && refused);
    RAN(both, 0, m_cli.json({ u"notices"_s, m_open }));
    QCOMPARE(both.json()[u"total"_s].toInt(), 2);
    const QJsonObject newest = both.rows()[0].toObject();
    QCOMPARE(newest[u"id"_s].toString(), *refused);
    QCOMPARE(newest[u"ticket"_s].toString(), m_open);
    QCOMPARE(newest[u"way"_s].toString(), u"slack"_s);
    QCOMPARE(newest[u"act"_s].toString(), u"tell"_s);
    QCOMPARE(newest[u"attempts"_s].toInt(), 2);
    QCOMPARE(newest[u"error"_s].toString(), u"There is no such channel."_s);
    QVERIFY(newest[u"sent"_s].isNull() && newest[u"next"_s].isNull());
    RAN(some, 0, m_cli.json({ u"notices"_s, u"--limit"_s, u"1"_s }));
    QCOMPARE(some.rows().size(), 1);
    QCOMPARE(some.json()[u"total"_s].toInt(), 2);

    RAN(wrong, 1, m_cli.json({ u"notices"_s, u"drop"_s, *refused }));
    QCOMPARE(wrong.errorJson()[u"code"_s].toString(), u"conflict"_s);
    RAN(dropped, 0, m_cli.json({ u"notices"_s, u"drop"_s, *waiting }));
    RAN(again, 0, m_cli.run({ u"notices"_s, u"retry"_s, *refused }));
    RAN(waits, 0, m_cli.json({ u"notices"_s, u"--state"_s, u"waiting"_s }));
    QCOMPARE(waits.rows().size(), 1);
    QCOMPARE(waits.rows()[0][u"id"_s].toString(), *refused);
    QVERIFY(waits.rows()[0][u"next"_s].toString().endsWith(u'Z'));
    RAN(off, 0, m_cli.json({ u"notices"_s, u"--state"_s, u"dropped"_s }));
    QCOMPARE(off.rows()[0][u"id"_s].toString(), *waiting);
    RAN(table, 0, m_cli.run({ u"notices"_s }));
    QVERIFY(table.out.contains(waiting->toUtf8()));
    RAN(state, 2, m_cli.json({ u"notices"_s, u"--state"_s, u"lost"_s }));
    QVERIFY(state.error.contains(u"given_up"_s));
    RAN(limit, 2, m_cli.json({ u"notices"_s, u"--limit"_s, u"0"_s }));
    RAN(ticket, 1, m_cli.json({ u"notices"_s, u"T-4711"_s }));
    RAN(unknown, 1, m_cli.json({ u"notices"_s, u"retry"_s, u"none"_s }));
    QCOMPARE(unknown.errorJson()[u"code"_s].toString(), u"not_found"_s);
}

void TestCliWays::noticesOfOthersAreNotListed()
{
    const auto hidden = deliver(m_hidden, Delivery::State::Waiting, 3);
    QVERIFY(hidden);
    RAN(seen, 0, m_cli.json({ u"notices"_s }));
    QCOMPARE(seen.json()[u"total"_s].toInt(), 2);
    QVERIFY(!seen.out.contains(hidden->toUtf8()));
    RAN(one, 1, m_cli.json({ u"notices"_s, m_hidden }));
    RAN(drop, 1, m_cli.json({ u"notices"_s, u"drop"_s, *hidden }));
    QCOMPARE(drop.errorJson()[u"code"_s].toString(), u"not_found"_s);
    RAN(admin, 0, as({}, { u"notices"_s, u"drop"_s, *hidden }));
}

void TestCliWays::aRemovedWayTakesItsRoutes()
{
    RAN(removed, 0, m_cli.json({ u"way"_s, u"remove"_s, u"slack"_s }));
    RAN(routes, 0, m_cli.json({ u"route"_s, u"list"_s }));
    QVERIFY(routes.rows().isEmpty());
    RAN(refused, 0, m_cli.json({ u"notices"_s, u"--state"_s, u"refused"_s }));
    QCOMPARE(refused.rows().size(), 1);
    QVERIFY(refused.rows()[0][u"error"_s].toString().contains(u"removed"_s));
}

void TestCliWays::leadsSetUp()
{
    const QString id = u"00000000-0000-4000-8000-000000000001"_s;
    for (const QStringList &words : { QStringList { u"way"_s, u"add"_s, u"mine"_s, u"--type"_s,
                                          u"webhook"_s, u"--url"_s, u"https://a.example/x"_s },
             { u"way"_s, u"remove"_s, u"hook"_s },
             { u"route"_s, u"add"_s, u"team"_s, u"*"_s, u"hook"_s },
             { u"notices"_s, u"drop"_s, id }, { u"notices"_s, u"retry"_s, id } }) {
        RAN(refused, 1, as(u"anna"_s, words));
        QCOMPARE(refused.errorJson()[u"code"_s].toString(), u"not_allowed"_s);
    }
    RAN(reads, 0, as(u"anna"_s, { u"way"_s, u"list"_s }));
    QCOMPARE(reads.rows().size(), 1);
}

QTEST_GUILESS_MAIN(TestCliWays)
#include "tst_cliways.moc"
