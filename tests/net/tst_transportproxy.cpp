#include "tests/support/net/netrig.h"

#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The system's proxies: used for every server but this machine, and never shown a sign-in.
class TestTransportProxy : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void asksTheSystemsProxy();
    void whatGoesWrongIsTold_data();
    void whatGoesWrongIsTold();
    void aDeadProxyIsTold();
    void thisMachineNeedsNone();
    void withoutAProxyNoneIsAsked();

private:
    static void setProxy(const QByteArray &address);
    /// Asks a server that exists only behind the proxy.
    Answer ask();

    std::unique_ptr<LyingServer> m_proxy;
};

void TestTransportProxy::setProxy(const QByteArray &address)
{
    for (const char *name : { "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY",
             "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY" })
        qunsetenv(name);
    if (!address.isEmpty()) {
        qputenv("http_proxy", address);
        qputenv("https_proxy", address);
    }
}

void TestTransportProxy::init()
{
    m_proxy = std::make_unique<LyingServer>();
    m_proxy->onHeaders = [](const Arrival &) { return Script { test::close() }; };
    setProxy(m_proxy->url().toEncoded());
}

void TestTransportProxy::cleanup()
{
    setProxy({});
    m_proxy.reset();
}

Answer TestTransportProxy::ask()
{
    SystemClock clock;
    SeededRandom random(1);
    Transport transport(
        { .base = *BaseUrl::parse(u"https://desk.example.invalid"_s) }, clock, random);
    transport.setCredentials(
        Credentials::authorization("token", Secret::fromText(u"canary-of-the-token"_s)));
    std::optional<Answer> answer;
    Request request { .method = Method::Post,
        .url = transport.base().at({ u"x"_s }),
        .contentType = "application/json",
        .body = "{\"canary\":1}" };
    request.limits.connect = 5s;
    const auto call = transport.send(request, [&](Answer a) { answer = std::move(a); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer, 10'000); }();
    return answer.value_or(Answer {});
}

void TestTransportProxy::asksTheSystemsProxy()
{
    const Answer answer = ask();
    QVERIFY(answer.error);
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QVERIFY(!m_proxy->arrivals().isEmpty());
    for (const Arrival &arrival : m_proxy->arrivals()) {
        // A way through, and nothing of what goes through it.
        QCOMPARE(arrival.method, "CONNECT");
        QCOMPARE(arrival.target, "desk.example.invalid:443");
        QVERIFY(arrival.header("Authorization").isEmpty());
        for (const Header &header : arrival.headers)
            QVERIFY2(!header.value.contains("canary"), header.name.constData());
    }
}

void TestTransportProxy::whatGoesWrongIsTold_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const QByteArray asks = "Proxy-Authenticate: Basic realm=\"house\"\r\n";
    QTest::newRow("asks for a sign-in")
        << answer(407, "who are you", "text/plain", asks) << u"asks for a name and password"_s;
    QTest::newRow("asks in a way unknown")
        << answer(407, "", "text/plain", "Proxy-Authenticate: Ticket\r\n") << u"proxy"_s;
    QTest::newRow("refuses") << answer(403, "not there", "text/plain") << u"proxy"_s;
    QTest::newRow("cannot reach it") << answer(502, "", "text/plain") << u"proxy"_s;
}

void TestTransportProxy::whatGoesWrongIsTold()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    m_proxy->onHeaders = [bytes](const Arrival &) { return Script { send(bytes), test::close() }; };
    const Answer answer = ask();
    QVERIFY(answer.error);
    QCOMPARE(answer.problem, Problem::Proxy);
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QCOMPARE(answer.error->fault, Fault::Offline);
    QVERIFY2(answer.error->detail.contains(says), qPrintable(answer.error->detail));
    QVERIFY2(
        answer.error->detail.contains(u"desk.example.invalid"_s), qPrintable(answer.error->detail));
    QVERIFY(!answer.error->detail.contains(u"canary"_s));
}

void TestTransportProxy::aDeadProxyIsTold()
{
    m_proxy->close();
    const Answer answer = ask();
    QVERIFY(answer.error);
    QCOMPARE(answer.problem, Problem::Proxy);
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QVERIFY2(answer.error->detail.contains(u"proxy settings"_s), qPrintable(answer.error->detail));
}

void TestTransportProxy::thisMachineNeedsNone()
{
    LyingServer server;
    server.script = [](const Arrival &) { return Script { send(answer(200, "{}")) }; };
    NetRig rig(server);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
    QCOMPARE(m_proxy->connections(), 0);
}

void TestTransportProxy::withoutAProxyNoneIsAsked()
{
    setProxy({});
    const Answer answer = ask();
    QVERIFY(answer.error);
    QCOMPARE(answer.problem, Problem::Offline);
    QCOMPARE(m_proxy->connections(), 0);
}

QTEST_GUILESS_MAIN(TestTransportProxy)
#include "tst_transportproxy.moc"
