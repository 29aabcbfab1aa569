#include "tests/support/cli/clirunner.h"
#include "tests/support/net/lyingserver.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// `tierline-cli run` tells a program of somebody's of an escalation: once, whatever that program answers and whenever
// this one is killed; and its secrets stand nowhere.

namespace {

const QByteArray canary = "c0ffee-never-told-5a5a5a";
const QByteArray path = "hook-b33f-path";

} // namespace

class TestCliNotices : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void anEscalationIsToldOnce();
    void whateverTheOtherSideAnswers_data();
    void whateverTheOtherSideAnswers();
    void aRedirectIsNotFollowed();
    void killedWhileItSends();
    void oneRoundSendsToo();

private:
    void start()
    {
        runner = std::make_unique<QProcess>();
        runner->start(
            CliRunner::program(), cli->globals() + QStringList { u"run"_s, u"--secrets-stdin"_s });
        QVERIFY(runner->waitForStarted());
        runner->write(secrets());
        runner->closeWriteChannel();
        QByteArray out;
        QTRY_VERIFY_WITH_TIMEOUT(
            (out += runner->readAllStandardOutput()).contains("runs the rules now"), 30'000);
        told += out;
    }
    void stop()
    {
        runner->terminate();
        QTRY_COMPARE_WITH_TIMEOUT(runner->state(), QProcess::NotRunning, 30'000);
        QCOMPARE(runner->exitStatus(), QProcess::NormalExit);
        told += runner->readAllStandardOutput() + runner->readAllStandardError();
    }
    static QByteArray secrets() { return "{\"way:hook\":{\"secret\":\"" + canary + "\"}}"; }
    void escalate(const QString &subject)
    {
        RAN(made, 0,
            cli->json({ u"ticket"_s, u"new"_s, u"--subject"_s, subject, u"--name"_s, u"Carla"_s,
                          u"--email"_s, u"carla@contoso.example"_s },
                "It does not work."));
        const QString key = made.json()["ticket"_L1].toObject()["id"_L1].toString();
        RAN(moved, 0,
            cli->json({ u"escalate"_s, key.isEmpty() ? u"T-1"_s : key, u"--to"_s, u"L2"_s,
                u"--team"_s, u"Technical"_s, u"--kind"_s, u"functional"_s, u"--reason"_s,
                u"beyond-skill"_s, u"--summary"_s, u"Exports stop after 10,000 rows."_s,
                u"--tried"_s, u"Another browser"_s, u"--expected"_s, u"A whole export"_s }));
    }
    /// The notices that arrived, by id.
    QMap<QString, QJsonObject> arrived() const
    {
        QMap<QString, QJsonObject> all;
        for (const Arrival &one : server->arrivals()) {
            const QJsonObject notice = QJsonDocument::fromJson(one.body).object();
            all[notice["id"_L1].toString()] = notice;
        }
        return all;
    }
    QJsonArray listed() const { return cli->json({ u"notices"_s }).rows(); }
    QString state() const { return listed()[0]["state"_L1].toString(); }

    std::unique_ptr<CliRunner> cli;
    std::unique_ptr<LyingServer> server;
    std::unique_ptr<QProcess> runner;
    QByteArray told; ///< all that runs printed
};

void TestCliNotices::init()
{
    // No keychain of whoever runs the tests is asked or written.
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    qunsetenv("DISPLAY");
    told.clear();
    cli = std::make_unique<CliRunner>();
    server = std::make_unique<LyingServer>();
    RAN(made, 0, cli->run({ u"init"_s }));
    const QString url = server->url(u"/"_s + QString::fromLatin1(path)).toString();
    RAN(added, 0,
        cli->json({ u"way"_s, u"add"_s, u"hook"_s, u"--type"_s, u"webhook"_s, u"--url"_s, url,
                      u"--secrets-stdin"_s },
            secrets()));
    RAN(routed, 0, cli->json({ u"route"_s, u"add"_s, u"team"_s, u"Technical"_s, u"hook"_s }));
    told += added.told() + routed.told();
}

/// The signing secret stands nowhere; the address with its path only in the workspace's own rows.
void TestCliNotices::cleanup()
{
    if (runner && runner->state() != QProcess::NotRunning) {
        runner->kill();
        runner->waitForFinished();
    }
    runner.reset();
    QVERIFY(!told.contains(canary));
    QVERIFY(!told.contains(path));
    QDirIterator files(cli->folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains(canary), qPrintable(file.fileName()));
    }
}

void TestCliNotices::anEscalationIsToldOnce()
{
    start();
    escalate(u"Exports stop"_s);
    QTRY_COMPARE_WITH_TIMEOUT(server->arrivals().size(), 1, 30'000);
    const QJsonObject notice = arrived().first();
    QCOMPARE(notice["subject"_L1].toString(), u"Exports stop"_s);
    QCOMPARE(notice["customer"_L1].toString(), u"Carla"_s);
    QVERIFY(notice["reason"_L1].toString().contains(u"Exports stop after 10,000 rows."_s));
    QVERIFY(server->arrivals().first().header("Tierline-Signature").startsWith("t="));
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"sent"_s, 30'000);
    // Whoever takes it is told, too.
    const QString ticket = notice["ticket"_L1].toString();
    RAN(taken, 0, cli->json({ u"accept"_s, ticket }));
    QTRY_COMPARE_WITH_TIMEOUT(arrived().size(), 2, 30'000);
    stop();
    QCOMPARE(server->arrivals().size(), 2);
}

void TestCliNotices::whateverTheOtherSideAnswers_data()
{
    QTest::addColumn<Script>("first");
    QTest::newRow("500") << Script { send(answer(500, "no")) };
    QTest::newRow("429 and when") << Script { send(
        answer(429, "no", "text/plain", "Retry-After: 1\r\n")) };
    QTest::newRow("nothing") << Script { close() };
    QTest::newRow("half an answer") << Script { send("HTTP/1.1 200 O"), close() };
    QTest::newRow("a reset") << Script { reset() };
}

void TestCliNotices::whateverTheOtherSideAnswers()
{
    QFETCH(Script, first);
    bool isFirst = true;
    server->script = [&](const Arrival &) {
        return std::exchange(isFirst, false) ? first : Script { send(answer(200, "{}")) };
    };
    start();
    escalate(u"Exports stop"_s);
    QTRY_COMPARE_WITH_TIMEOUT(server->arrivals().size(), 2, 40'000);
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"sent"_s, 30'000);
    QCOMPARE(arrived().size(), 1); // by the same id, so that the receiver takes it once
    stop();
    QCOMPARE(server->arrivals().size(), 2);
}

void TestCliNotices::aRedirectIsNotFollowed()
{
    LyingServer elsewhere;
    server->script = [&](const Arrival &) {
        return Script { send(answer(302, "", "text/plain",
            "Location: " + elsewhere.url(u"/there"_s).toEncoded() + "\r\n")) };
    };
    start();
    escalate(u"Exports stop"_s);
    const auto problem = [&] {
        return cli->json({ u"way"_s, u"list"_s }).rows()[0]["problem"_L1].toString();
    };
    QTRY_VERIFY_WITH_TIMEOUT(!problem().isEmpty(), 30'000);
    QCOMPARE(server->arrivals().size(), 1);
    QCOMPARE(elsewhere.arrivals().size(), 0);
    told += problem().toUtf8();
    stop();
}

void TestCliNotices::killedWhileItSends()
{
    server->script = [](const Arrival &) { return Script { hold() }; };
    start();
    escalate(u"Exports stop"_s);
    QTRY_COMPARE_WITH_TIMEOUT(server->arrivals().size(), 1, 30'000);
    runner->kill();
    QTRY_COMPARE_WITH_TIMEOUT(runner->state(), QProcess::NotRunning, 30'000);
    QCOMPARE(state(), u"sending"_s);
    server->script = [](const Arrival &) { return Script { send(answer(200, "{}")) }; };
    start();
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"sent"_s, 60'000);
    QCOMPARE(arrived().size(), 1);
    stop();
}

void TestCliNotices::oneRoundSendsToo()
{
    escalate(u"Exports stop"_s);
    QProcess once;
    once.start(CliRunner::program(),
        cli->globals() + QStringList { u"run"_s, u"--once"_s, u"--secrets-stdin"_s });
    QVERIFY(once.waitForStarted());
    once.write(secrets());
    once.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(once.state(), QProcess::NotRunning, 60'000);
    QCOMPARE(once.exitCode(), 0);
    QCOMPARE(server->arrivals().size(), 1);
    QCOMPARE(state(), u"sent"_s);
}

QTEST_GUILESS_MAIN(TestCliNotices)
#include "tst_clinotices.moc"
