#include "tests/support/faultproxy/faultproxy.h"
#include "tests/support/net/lyingserver.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// A client that sends bytes and keeps what it reads. Raw, since a library would mend what is wrong.
struct RawClient {
    explicit RawClient(quint16 port)
    {
        QObject::connect(
            &socket, &QTcpSocket::readyRead, &socket, [this] { read += socket.readAll(); });
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    }
    bool isOver() const { return socket.state() == QAbstractSocket::UnconnectedState; }
    bool wasReset() const { return socket.error() == QAbstractSocket::RemoteHostClosedError; }

    QTcpSocket socket;
    QByteArray read;
};

QByteArray get(const QByteArray &path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

QByteArray post(const QByteArray &path, const QByteArray &body)
{
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

const QByteArray honest = answer(200, "{\"answer\":42}");

struct ProxyRig {
    explicit ProxyRig(quint64 seed = 1)
        : proxy(server.serverPort(), seed)
    {
        server.script = [](const Arrival &) { return Script { send(honest) }; };
    }
    LyingServer server;
    FaultProxy proxy;
};

} // namespace

class TestFaultProxy : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void passesBytesAsTheyAre();
    void passesManyExchangesOnOneConnection();
    void passesMuch();
    void delays();
    void cutsRequests_data();
    void cutsRequests();
    void cutsAnswers_data();
    void cutsAnswers();
    void swallowsAnswers();
    void stalls();
    void closesHalf();
    void repeatsAnswersOfSafeRequestsOnly();
    void repeatsSafeRequestsOnly();
    void refusesForAWhile();
    void cutsAll();
    void saysWhenTheServerIsDown();
    void speaksPlainBytes();
    void sameSeedSameFates();
    void endsWithOpenConnections();
    void logsNoQuery();
};

void TestFaultProxy::passesBytesAsTheyAre()
{
    ProxyRig rig;
    QVERIFY(rig.proxy.port() != 0);
    RawClient client(rig.proxy.port());
    client.socket.write(post("/a", "hello"));
    QTRY_COMPARE(client.read, honest);
    QCOMPARE(rig.server.arrivals().size(), 1);
    QCOMPARE(rig.server.arrivals().at(0).body, QByteArray("hello"));
    const FateLog log = rig.proxy.log().at(0);
    QCOMPARE(log.method, QByteArray("POST"));
    QCOMPARE(log.status, 200);
    QCOMPARE(log.up, post("/a", "hello").size());
    QCOMPARE(log.down, honest.size());
    client.socket.disconnectFromHost();
    QTRY_COMPARE(rig.proxy.openConnections(), 0);
}

void TestFaultProxy::passesManyExchangesOnOneConnection()
{
    ProxyRig rig;
    RawClient client(rig.proxy.port());
    for (int i = 1; i <= 5; ++i) {
        client.read.clear();
        client.socket.write(i % 2 ? get("/g") : post("/p", QByteArray(i * 1000, 'x')));
        QTRY_COMPARE(client.read, honest);
        QCOMPARE(rig.proxy.log().size(), i);
    }
    QCOMPARE(rig.proxy.connections(), 1);
    QCOMPARE(rig.server.connections(), 1);
    QCOMPARE(rig.server.arrivals().size(), 5);
}

void TestFaultProxy::passesMuch()
{
    ProxyRig rig;
    const QByteArray big(20 * 1024 * 1024, 'y');
    rig.server.script = [&big](const Arrival &) { return Script { send(answer(200, big)) }; };
    RawClient client(rig.proxy.port());
    client.socket.write(post("/big", big));
    QTRY_VERIFY_WITH_TIMEOUT(
        client.read.size() >= big.size() + 1 && client.read.endsWith(big), 30'000);
    QCOMPARE(rig.server.arrivals().at(0).body.size(), big.size());
}

void TestFaultProxy::delays()
{
    ProxyRig rig;
    rig.proxy.onNth(2, { .kind = Fate::Kind::Delay, .delay = 150ms });
    RawClient client(rig.proxy.port());
    client.socket.write(get("/1"));
    QTRY_COMPARE(client.read, honest);
    QElapsedTimer timer;
    timer.start();
    client.socket.write(get("/2"));
    QTRY_COMPARE(client.read, honest + honest);
    QVERIFY(timer.elapsed() >= 140);
    QCOMPARE(rig.proxy.struck(Fate::Kind::Delay), 1);
}

void TestFaultProxy::cutsRequests_data()
{
    QTest::addColumn<qint64>("at");
    QTest::addColumn<bool>("isReset");
    const qint64 size = post("/a", "hello").size();
    for (const qint64 at : { qint64(0), qint64(1), qint64(20), size - 5, size - 1 }) {
        QTest::addRow("%lld", at) << at << false;
        QTest::addRow("%lld by reset", at) << at << true;
    }
}

void TestFaultProxy::cutsRequests()
{
    QFETCH(qint64, at);
    QFETCH(bool, isReset);
    ProxyRig rig;
    rig.proxy.onNth(1, { .kind = Fate::Kind::CutRequest, .at = at, .isReset = isReset });
    RawClient client(rig.proxy.port());
    client.socket.write(post("/a", "hello"));
    QTRY_VERIFY(client.isOver());
    QTRY_COMPARE(rig.proxy.openConnections(), 0);
    QCOMPARE(client.read, QByteArray());
    QCOMPARE(rig.server.arrivals().size(), 0);
    QCOMPARE(rig.proxy.log().at(0).up, at);
    QCOMPARE(rig.proxy.struck(Fate::Kind::CutRequest), 1);
    RawClient next(rig.proxy.port());
    next.socket.write(get("/b"));
    QTRY_COMPARE(next.read, honest);
}

void TestFaultProxy::cutsAnswers_data()
{
    QTest::addColumn<qint64>("at");
    for (const qint64 at : { qint64(0), qint64(1), qint64(30), qint64(honest.size() - 1),
             qint64(honest.size() + 500) })
        QTest::addRow("%lld", at) << at;
}

void TestFaultProxy::cutsAnswers()
{
    QFETCH(qint64, at);
    ProxyRig rig;
    rig.proxy.onNth(1, { .kind = Fate::Kind::CutAnswer, .at = at });
    RawClient client(rig.proxy.port());
    client.socket.write(post("/a", "hello"));
    QTRY_VERIFY(client.isOver());
    QCOMPARE(client.read, honest.left(at));
    QCOMPARE(rig.server.arrivals().size(), 1);
    QCOMPARE(rig.proxy.struck(Fate::Kind::CutAnswer), 1);
}

void TestFaultProxy::swallowsAnswers()
{
    for (const bool isReset : { false, true }) {
        ProxyRig rig;
        rig.proxy.onNth(1, { .kind = Fate::Kind::SwallowAnswer, .isReset = isReset });
        RawClient client(rig.proxy.port());
        client.socket.write(post("/a", "hello"));
        QTRY_VERIFY(client.isOver());
        QCOMPARE(client.read, QByteArray());
        QCOMPARE(rig.server.arrivals().size(), 1);
        QCOMPARE(rig.server.arrivals().at(0).body, QByteArray("hello"));
        QCOMPARE(rig.proxy.log().at(0).status, 200);
    }
}

void TestFaultProxy::stalls()
{
    ProxyRig rig;
    rig.proxy.onNth(1, { .kind = Fate::Kind::StallAnswer, .at = 10 });
    rig.proxy.onNth(2, { .kind = Fate::Kind::StallRequest, .at = 10 });
    RawClient first(rig.proxy.port());
    first.socket.write(get("/a"));
    QTRY_COMPARE(rig.proxy.struck(Fate::Kind::StallAnswer), 1);
    QTRY_COMPARE(first.read, honest.left(10));
    RawClient second(rig.proxy.port());
    second.socket.write(get("/b"));
    QTRY_COMPARE(rig.proxy.struck(Fate::Kind::StallRequest), 1);
    // Silence lasts: another whole exchange changes nothing about it.
    RawClient third(rig.proxy.port());
    third.socket.write(get("/c"));
    QTRY_COMPARE(third.read, honest);
    QCOMPARE(first.read, honest.left(10));
    QVERIFY(!first.isOver() && !second.isOver());
    QCOMPARE(second.read, QByteArray());
    QCOMPARE(rig.server.arrivals().size(), 2);
    first.socket.abort();
    second.socket.abort();
    third.socket.abort();
    QTRY_COMPARE(rig.proxy.openConnections(), 0);
}

void TestFaultProxy::closesHalf()
{
    ProxyRig rig;
    rig.proxy.onNth(1, { .kind = Fate::Kind::HalfClose, .at = 25 });
    RawClient client(rig.proxy.port());
    client.socket.write(get("/a"));
    QTRY_VERIFY(client.isOver());
    QVERIFY(client.wasReset()); // Qt's word for "the other side has ended it"
    QCOMPARE(client.read, honest.left(25));
    QCOMPARE(rig.proxy.struck(Fate::Kind::HalfClose), 1);
}

void TestFaultProxy::repeatsAnswersOfSafeRequestsOnly()
{
    ProxyRig rig;
    rig.proxy.always({ .kind = Fate::Kind::RepeatAnswer });
    RawClient reader(rig.proxy.port());
    reader.socket.write(get("/a"));
    QTRY_COMPARE(reader.read, honest + honest);
    RawClient writer(rig.proxy.port());
    writer.socket.write(post("/b", "x"));
    QTRY_COMPARE(writer.read, honest);
    writer.read.clear();
    rig.proxy.beHonest();
    writer.socket.write(get("/c"));
    QTRY_COMPARE(writer.read, honest);
    QCOMPARE(rig.proxy.struck(Fate::Kind::RepeatAnswer), 1);
    QCOMPARE(rig.server.arrivals().size(), 3);
    QVERIFY(rig.proxy.printedLog().contains(u"POST /b: RepeatAnswer (did not strike)"));
}

void TestFaultProxy::repeatsSafeRequestsOnly()
{
    ProxyRig rig;
    rig.proxy.always({ .kind = Fate::Kind::RepeatRequest });
    RawClient writer(rig.proxy.port());
    for (const QByteArray &method :
        { QByteArray("POST"), QByteArray("PUT"), QByteArray("PATCH"), QByteArray("DELETE") }) {
        writer.read.clear();
        writer.socket.write(method + post("/b", "x").mid(4));
        QTRY_COMPARE(writer.read, honest);
    }
    RawClient reader(rig.proxy.port());
    reader.socket.write(get("/a"));
    QTRY_COMPARE(reader.read, honest);
    QTRY_COMPARE(rig.server.arrivals().size(), 6);
    QCOMPARE(rig.server.arrivals().at(5).target, QByteArray("/a"));
    QCOMPARE(rig.proxy.struck(Fate::Kind::RepeatRequest), 1);
}

void TestFaultProxy::refusesForAWhile()
{
    ProxyRig rig;
    const quint16 port = rig.proxy.port();
    RawClient open(port);
    open.socket.write(get("/a"));
    QTRY_COMPARE(open.read, honest);
    rig.proxy.refuseFor(200ms);
    RawClient refused(port);
    QTRY_COMPARE(refused.socket.error(), QAbstractSocket::ConnectionRefusedError);
    open.socket.write(get("/b")); // what is open goes on
    QTRY_COMPARE(open.read, honest + honest);
    QTRY_VERIFY([&] {
        RawClient again(port);
        return again.socket.waitForConnected(50);
    }());
    QCOMPARE(rig.proxy.port(), port);
}

void TestFaultProxy::cutsAll()
{
    ProxyRig rig;
    rig.server.script = [](const Arrival &) { return Script { hold() }; };
    RawClient one(rig.proxy.port());
    RawClient two(rig.proxy.port());
    one.socket.write(get("/a"));
    two.socket.write(get("/b"));
    QTRY_COMPARE(rig.server.arrivals().size(), 2);
    rig.proxy.cutAll();
    QTRY_VERIFY(one.isOver() && two.isOver());
    QTRY_COMPARE(rig.proxy.openConnections(), 0);
    QTRY_COMPARE(rig.server.open(), 0);
}

void TestFaultProxy::saysWhenTheServerIsDown()
{
    ProxyRig rig;
    rig.server.close();
    RawClient client(rig.proxy.port());
    client.socket.write(get("/a"));
    QTRY_VERIFY(client.isOver());
    QCOMPARE(client.read, QByteArray());
    LyingServer back;
    back.script = [](const Arrival &) { return Script { send(honest) }; };
    rig.proxy.setServer(back.serverPort());
    RawClient next(rig.proxy.port());
    next.socket.write(get("/a"));
    QTRY_COMPARE(next.read, honest);
}

void TestFaultProxy::speaksPlainBytes()
{
    QTcpServer echo;
    QObject::connect(&echo, &QTcpServer::newConnection, &echo, [&echo] {
        QTcpSocket *const peer = echo.nextPendingConnection();
        QObject::connect(
            peer, &QTcpSocket::readyRead, peer, [peer] { peer->write(peer->readAll()); });
    });
    QVERIFY(echo.listen(QHostAddress(QHostAddress::LocalHost)));
    FaultProxy proxy(echo.serverPort(), 1, FaultProxy::Speaks::Bytes);
    proxy.onNth(2, { .kind = Fate::Kind::CutAnswer, .at = 6 });
    RawClient first(proxy.port());
    for (const QByteArray &word : { QByteArray("Q\0\0", 3), QByteArray("\xFF\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\n\r\n") }) {
        first.read.clear();
        first.socket.write(word);
        QTRY_COMPARE(first.read, word);
    }
    QCOMPARE(proxy.log().size(), 1);
    RawClient second(proxy.port());
    second.socket.write("four");
    QTRY_COMPARE(second.read, QByteArray("four"));
    second.socket.write("four");
    QTRY_VERIFY(second.isOver());
    QCOMPARE(second.read, QByteArray("fourfo"));
}

void TestFaultProxy::sameSeedSameFates()
{
    const auto run = [](quint64 seed, QString &fates) {
        ProxyRig rig(seed);
        rig.proxy.atRandom({ .percent = 50, .longest = 3ms, .stalls = false });
        for (int i = 0; i < 40; ++i) {
            RawClient client(rig.proxy.port());
            client.socket.write(i % 2 ? get("/g") : post("/p", "hello"));
            QTRY_VERIFY(client.isOver() || client.read.size() >= honest.size());
        }
        for (const FateLog &entry : rig.proxy.log())
            fates += entry.fate.text() + u'\n';
    };
    QString once;
    QString again;
    QString other;
    run(11, once);
    run(11, again);
    run(12, other);
    QCOMPARE(again, once);
    QVERIFY(once.contains(u"Cut") && once.contains(u"Pass") && once.contains(u"Swallow"));
    QVERIFY(other != once);
}

void TestFaultProxy::endsWithOpenConnections()
{
    LyingServer server;
    server.script = [](const Arrival &) { return Script { hold() }; };
    auto proxy = std::make_unique<FaultProxy>(server.serverPort(), 1);
    RawClient client(proxy->port());
    client.socket.write(get("/a"));
    QTRY_COMPARE(server.arrivals().size(), 1);
    proxy.reset();
    QTRY_VERIFY(client.isOver());
    QTRY_COMPARE(server.open(), 0);
}

void TestFaultProxy::logsNoQuery()
{
    ProxyRig rig(4711);
    RawClient client(rig.proxy.port());
    client.socket.write(get("/ticket/5?token=canary"));
    QTRY_COMPARE(client.read, honest);
    const QString log = rig.proxy.printedLog();
    QVERIFY(log.startsWith(u"seed 4711\n"));
    QVERIFY(log.contains(u"GET /ticket/5: Pass,"));
    QVERIFY(!log.contains(u"canary"));
}

QTEST_GUILESS_MAIN(TestFaultProxy)
#include "tst_faultproxy.moc"
