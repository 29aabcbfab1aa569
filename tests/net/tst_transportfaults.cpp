#include "tests/support/net/netrig.h"

#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// Resident memory of this process, in bytes; 0 where it is not to be had, or is a sanitizer's.
qint64 memory()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0;
#endif
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

} // namespace

Q_DECLARE_METATYPE(tierline::test::Script)

/// What a server can do wrong, and that nothing is ever sent twice because of it.
class TestTransportFaults : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void badAnswers_data();
    void badAnswers();
    void nothingIsSentTwice_data();
    void nothingIsSentTwice();
    void noServer();
    void noSuchHost();
    void everyWaitEnds_data();
    void everyWaitEnds();
    void endlessHeadersAreCutOff();
    void transportsGoAmidEndlessHeaders();
    void dripsEndByTheTotal();
    void limitsFollowTheGivenClock();
    void othersGoOnBesideASilentOne();
    void honestPagesBeyondTheGuardPassWhenSmaller();
    void bombsTakeNoMemory();
    void endlessBodiesTakeNoMemory();
};

void TestTransportFaults::badAnswers_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<Problem>("problem");
    const QByteArray ok = "{\"ok\":1}";
    const auto row = [](const char *name, const Script &script, Problem problem) {
        QTest::newRow(name) << script << problem;
    };
    row("closes after reading", { close() }, Problem::Broken);
    row("dies after reading", { reset() }, Problem::Broken);
    row("half a status line", { send("HTTP/1.1 20"), close() }, Problem::Broken);
    row("half of the headers", { send(head), close() }, Problem::Broken);
    row("cut in the body", { send(head + "Content-Length: 100\r\n\r\n{\"a\":"), close() },
        Problem::Broken);
    row("dies in the body", { send(head + "Content-Length: 100\r\n\r\n{\"a\":"), reset() },
        Problem::Broken);
    row("cut in a chunk",
        { send(head + "Transfer-Encoding: chunked\r\n\r\n50\r\n{\"a\":"), close() },
        Problem::Broken);
    row("cut between chunks",
        { send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n"), close() },
        Problem::Broken);
    row("garbage", { send("I am a mail server\r\n\r\n"), close() }, Problem::Broken);
    row("announces too much", { send(head + "Content-Length: 99999999999\r\n\r\n"), hold() },
        Problem::BodyTooLarge);
    row("sends too much", { send(head + "\r\n"), sendForEver(QByteArray(60'000, 'x')) },
        Problem::BodyTooLarge);
    row("one chunk after another",
        { send(head + "Transfer-Encoding: chunked\r\n\r\n"),
            sendForEver("10000\r\n" + QByteArray(0x10000, 'x') + "\r\n") },
        Problem::BodyTooLarge);
    row("many headers", { send(head), send([] {
                             QByteArray all;
                             for (int i = 0; i < 300; ++i)
                                 all += "X-" + QByteArray::number(i) + ": b\r\n";
                             return all + "Content-Length: 2\r\n\r\n{}";
                         }()) },
        Problem::HeadersTooLarge);
    row("a long header",
        { send(head + "X-Long: " + QByteArray(80'000, 'y') + "\r\nContent-Length: 2\r\n\r\n{}") },
        Problem::HeadersTooLarge);
    row("packed, and no gzip",
        { send(answer(200, "this is not gzip at all, is it", "application/json",
            "Content-Encoding: gzip\r\n")) },
        Problem::CompressionBomb);
}

void TestTransportFaults::badAnswers()
{
    QFETCH(Script, script);
    QFETCH(Problem, problem);
    LyingServer server;
    server.script = [&](const Arrival &) { return script; };
    NetRig rig(server);
    rig.send(rig.post());
    QTRY_COMPARE_WITH_TIMEOUT(rig.answers.size(), 1, 15'000);
    QCOMPARE(rig.last().problem, problem);
    QCOMPARE(rig.last().outcome, Outcome::Unknown); // it arrived; who knows
    QVERIFY(rig.last().error->detail.endsWith(u'.'));
    QVERIFY(rig.last().error->detail.contains("127.0.0.1"_L1));
    if (rig.last().response)
        QCOMPARE(rig.last().response->body, QByteArray());
    QCOMPARE(server.arrivals().size(), 1);

    // The same transport goes on.
    script = { send(answer(200, "{}")) };
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 2);
    QVERIFY(rig.last().ok());
}

void TestTransportFaults::nothingIsSentTwice_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("warm");
    QTest::addColumn<bool>("resets");
    for (const bool warm : { false, true }) {
        for (const bool resets : { false, true }) {
            const char *how = warm ? (resets ? "kept, reset" : "kept, closed")
                                   : (resets ? "fresh, reset" : "fresh, closed");
            QTest::addRow("post, %s", how)
                << Method::Post << QByteArray("{\"a\":1}") << warm << resets;
            QTest::addRow("post nothing, %s", how)
                << Method::Post << QByteArray() << warm << resets;
            QTest::addRow("put, %s", how) << Method::Put << QByteArray("{}") << warm << resets;
            QTest::addRow("delete, %s", how) << Method::Delete << QByteArray() << warm << resets;
            QTest::addRow("large post, %s", how)
                << Method::Post << QByteArray(400'000, 'x') << warm << resets;
        }
    }
}

void TestTransportFaults::nothingIsSentTwice()
{
    QFETCH(Method, method);
    QFETCH(QByteArray, body);
    QFETCH(bool, warm);
    QFETCH(bool, resets);
    LyingServer server;
    server.script = [&](const Arrival &a) {
        if (a.method == "GET")
            return Script { send(answer(200, "{}")) };
        return Script { resets ? reset() : close() };
    };
    NetRig rig(server);
    if (warm) {
        rig.send(rig.get());
        QTRY_COMPARE(rig.answers.size(), 1);
    }
    Request request = rig.post(body);
    request.method = method;
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), warm ? 2 : 1);
    QCOMPARE(rig.last().outcome, Outcome::Unknown);
    QCOMPARE(rig.last().problem, Problem::Broken);
    // What Qt might send later it would send within its next turns.
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), warm ? 3 : 2);
    int changes = 0;
    for (const Arrival &arrival : server.arrivals())
        changes += arrival.method == "GET" ? 0 : 1;
    QCOMPARE(changes, 1);
}

void TestTransportFaults::noServer()
{
    QUrl url;
    {
        LyingServer server;
        url = server.url();
    }
    SystemClock clock;
    SeededRandom random(1);
    Transport transport({ .base = *BaseUrl::parse(url.toString()) }, clock, random);
    for (const QByteArray &body : { QByteArray(), QByteArray("{}") }) {
        std::optional<Answer> answer;
        const auto call = transport.send({ .method = Method::Post,
                                             .url = transport.base().at({ u"x"_s }),
                                             .contentType = "application/json",
                                             .body = body },
            [&](Answer a) { answer = std::move(a); });
        QTRY_VERIFY(answer);
        QCOMPARE(answer->outcome, Outcome::NotSent);
        QCOMPARE(answer->problem, Problem::Offline);
        QCOMPARE(answer->error->fault, Fault::Offline);
        QCOMPARE(answer->error->retry, Retry::Later);
        QVERIFY(!answer->response);
    }
}

void TestTransportFaults::noSuchHost()
{
    SystemClock clock;
    SeededRandom random(1);
    Transport transport({ .base = *BaseUrl::parse(u"https://desk.invalid"_s) }, clock, random);
    std::optional<Answer> answer;
    const auto call = transport.send({ .method = Method::Post,
                                         .url = transport.base().at({ u"x"_s }),
                                         .contentType = "application/json",
                                         .body = "{}" },
        [&](Answer a) { answer = std::move(a); });
    QTRY_VERIFY_WITH_TIMEOUT(answer, 30'000);
    QCOMPARE(answer->outcome, Outcome::NotSent);
    QVERIFY(answer->problem == Problem::Offline || answer->problem == Problem::Proxy);
}

void TestTransportFaults::everyWaitEnds_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<Problem>("problem");
    QTest::newRow("never answers") << Script { hold() } << Problem::FirstByteTimeout;
    QTest::newRow("stops in the headers")
        << Script { send(head), hold() } << Problem::FirstByteTimeout;
    QTest::newRow("stops in the body")
        << Script { send(head + "Content-Length: 10\r\n\r\n{"), hold() } << Problem::IdleTimeout;
    QTest::newRow("endless headers")
        << Script { send(head), sendForEver("X-More: of the same, and again\r\n") }
        << Problem::FirstByteTimeout;
}

void TestTransportFaults::everyWaitEnds()
{
    QFETCH(Script, script);
    QFETCH(Problem, problem);
    LyingServer server;
    server.script = [&](const Arrival &) { return script; };
    NetRig rig(server);
    Request request = rig.post();
    request.limits.firstByte = 400ms;
    request.limits.idle = 400ms;
    const qint64 before = memory();
    QElapsedTimer timer;
    timer.start();
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, problem);
    QCOMPARE(rig.last().error->fault, Fault::Timeout);
    QCOMPARE(rig.last().outcome, Outcome::Unknown);
    QCOMPARE_GE(timer.elapsed(), 390);
    QCOMPARE_LT(timer.elapsed(), 4000);
    QCOMPARE_LT(memory() - before, 16 << 20);
    // Headers without end keep Qt's own thread busy; other accounts have one of their own.
    LyingServer other;
    NetRig free(other);
    free.send(free.get());
    QTRY_COMPARE(free.answers.size(), 1);
    QVERIFY(free.last().ok());
    server.closeAll();
}

void TestTransportFaults::endlessHeadersAreCutOff()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send(head), sendForEver("X-More: of the same, and again\r\n") };
    };
    NetRig rig(server);
    Request request = rig.get();
    request.limits.firstByte = 300ms;
    const qint64 before = memory();
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::FirstByteTimeout);
    QVERIFY2(rig.last().error->detail.contains("did not answer in time"_L1),
        qPrintable(rig.last().error->detail));
    // Nobody reads on: the connection goes, and the account's own transport works again.
    QTRY_COMPARE(server.open(), 0);
    QCOMPARE_LT(memory() - before, 16 << 20);
    server.script = [](const Arrival &) { return Script { send(answer(200, "{}")) }; };
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 2);
    QVERIFY(rig.last().ok());
}

void TestTransportFaults::transportsGoAmidEndlessHeaders()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send(head), sendForEver("X-More: of the same, and again\r\n") };
    };
    auto rig = std::make_unique<NetRig>(server);
    rig->send(rig->get());
    QTRY_VERIFY(server.sent() > 100'000);
    QElapsedTimer timer;
    timer.start();
    rig.reset();
    QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
    QTRY_COMPARE(server.open(), 0);
}

void TestTransportFaults::dripsEndByTheTotal()
{
    FakeClock clock;
    LyingServer server;
    Script drip { send(head + "Content-Length: 1000\r\n\r\n") };
    for (int i = 0; i < 1000; ++i)
        drip += { wait(30), send("x") };
    server.script = [&](const Arrival &) { return drip; };
    NetRig rig(server, {}, &clock);
    Request request = rig.get();
    request.limits.idle = 15s;
    request.limits.total = 100s;
    rig.send(request);
    QTRY_COMPARE(server.arrivals().size(), 1);
    // One byte for every ten seconds of the given clock.
    qint64 seen = server.sent();
    for (int i = 0; i < 9; ++i) {
        QTRY_COMPARE_GT(server.sent(), seen);
        seen = server.sent();
        clock.advance(10s);
        QVERIFY(rig.answers.isEmpty());
    }
    clock.advance(11s);
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::TotalTimeout);
}

void TestTransportFaults::limitsFollowTheGivenClock()
{
    FakeClock clock;
    LyingServer server;
    server.script = [](const Arrival &) { return Script { hold() }; };
    NetRig rig(server, {}, &clock);
    rig.send(rig.get());
    QTRY_VERIFY(rig.calls[0]->firstByteSent());
    clock.jumpTo({ clock.now().ms + 3'600'000 }); // somebody set the clock: no time passed
    rig.send(rig.get());
    QTRY_VERIFY(rig.calls[1]->firstByteSent());
    QVERIFY(rig.answers.isEmpty());
    clock.advance(61s);
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(rig.last().problem, Problem::FirstByteTimeout);
}

void TestTransportFaults::othersGoOnBesideASilentOne()
{
    LyingServer silent;
    silent.script = [](const Arrival &) { return Script { hold() }; };
    LyingServer server;
    NetRig stuck(silent);
    NetRig rig(server);
    stuck.send(stuck.get());
    QTRY_COMPARE(silent.arrivals().size(), 1);
    for (int i = 1; i <= 10; ++i) {
        rig.send(rig.get());
        QTRY_COMPARE(rig.answers.size(), i);
        QVERIFY(rig.last().ok());
    }
    QVERIFY(stuck.answers.isEmpty());
}

void TestTransportFaults::honestPagesBeyondTheGuardPassWhenSmaller()
{
    LyingServer server;
    server.script = [](const Arrival &a) {
        const qsizetype rows = a.target == "/big" ? 30 << 20 : 8 << 20;
        return Script { send(answer(200, gzipped(QByteArray(rows, 'r')), "application/json",
            "Content-Encoding: gzip\r\n")) };
    };
    NetRig rig(server);
    Request request = rig.get(u"/big"_s);
    request.limits.bodyBytes = 64 << 20;
    rig.send(request);
    QTRY_COMPARE_WITH_TIMEOUT(rig.answers.size(), 1, 20'000);
    QCOMPARE(rig.last().problem, Problem::CompressionBomb);
    request = rig.get(u"/small"_s);
    rig.send(request);
    QTRY_COMPARE_WITH_TIMEOUT(rig.answers.size(), 2, 20'000);
    QVERIFY(rig.last().ok());
    QCOMPARE(rig.last().response->body.size(), 8 << 20);
}

void TestTransportFaults::bombsTakeNoMemory()
{
    // 60 MiB of nothing in some 60 KiB.
    const QByteArray bomb = gzipped(QByteArray(60 << 20, '\0'));
    QVERIFY(bomb.size() < 100'000);
    LyingServer server;
    server.script = [&](const Arrival &) {
        return Script { send(answer(200, bomb, "application/json", "Content-Encoding: gzip\r\n")) };
    };
    NetRig rig(server);
    const qint64 before = memory();
    rig.send(rig.get());
    QTRY_COMPARE_WITH_TIMEOUT(rig.answers.size(), 1, 20'000);
    QVERIFY(rig.last().problem == Problem::CompressionBomb
        || rig.last().problem == Problem::BodyTooLarge);
    QCOMPARE(rig.last().error->fault, Fault::BadReply);
    QCOMPARE_LT(memory() - before, 40 << 20);

    // Below Qt's guard our own limit counts what comes out, not what went in.
    Request request = rig.get();
    request.limits.bodyBytes = 100'000;
    const QByteArray small = gzipped(QByteArray(1'000'000, 'z'));
    server.script = [&](const Arrival &) {
        return Script { send(
            answer(200, small, "application/json", "Content-Encoding: gzip\r\n")) };
    };
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(rig.last().problem, Problem::BodyTooLarge);
}

void TestTransportFaults::endlessBodiesTakeNoMemory()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send(head + "\r\n"), sendForEver(QByteArray(60'000, 'x')) };
    };
    NetRig rig(server);
    const qint64 before = memory();
    rig.send(rig.get());
    QTRY_COMPARE_WITH_TIMEOUT(rig.answers.size(), 1, 20'000);
    QCOMPARE(rig.last().problem, Problem::BodyTooLarge);
    // 16 MiB are allowed; the rest is what lies between the two ends.
    QCOMPARE_LT(memory() - before, 64 << 20);
}

QTEST_GUILESS_MAIN(TestTransportFaults)
#include "tst_transportfaults.moc"
