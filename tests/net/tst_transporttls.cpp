#include "tests/support/net/netrig.h"
#include "tests/support/net/testcertificates.h"

#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Who cannot prove who it is hears nothing.
class TestTransportTls : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void refusesBadCertificates_data();
    void refusesBadCertificates();
    void trustsAnImportedAuthority();
    void refusesAServerWithoutTls();
    void refusesTheWayDown();
    void oldProtocolIsRefused();

private:
    CertificateMaker m_maker;
    std::optional<TestCertificate> m_authority;
};

void TestTransportTls::initTestCase()
{
    if (!CertificateMaker::isAvailable())
        QSKIP("There is no openssl program on this machine to make certificates with.");
    m_authority = m_maker.authority();
    QVERIFY(m_authority);
}

void TestTransportTls::refusesBadCertificates_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<int>("days");
    QTest::addColumn<QString>("says");
    QTest::newRow("signed by itself") << u"self"_s << false << 2 << u"signed by itself"_s;
    QTest::newRow("unknown authority")
        << u"IP:127.0.0.1"_s << false << 2 << u"no authority that this machine trusts"_s;
    QTest::newRow("wrong name") << u"DNS:desk.example.com"_s << true << 2
                                << u"issued for another name"_s;
    QTest::newRow("wrong address")
        << u"IP:127.0.0.2"_s << true << 2 << u"issued for another name"_s;
    QTest::newRow("expired") << u"IP:127.0.0.1"_s << true << -1 << u"it has expired"_s;
}

void TestTransportTls::refusesBadCertificates()
{
    QFETCH(QString, kind);
    QFETCH(bool, trusted);
    QFETCH(int, days);
    QFETCH(QString, says);
    const auto made = kind == "self"_L1 ? m_maker.selfSigned() : m_maker.signedFor(kind, days);
    QVERIFY(made);
    LyingServer server(made->certificate, made->key);
    NetRig rig(server, {}, nullptr,
        trusted ? QList<QSslCertificate> { m_authority->certificate } : QList<QSslCertificate> {});
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("canary")));
    for (const QByteArray &body : { QByteArray("{}"), QByteArray() }) {
        rig.answers.clear();
        rig.send(rig.post(body));
        QTRY_COMPARE(rig.answers.size(), 1);
        QCOMPARE(rig.last().problem, Problem::Certificate);
        QCOMPARE(rig.last().outcome, Outcome::NotSent);
        QVERIFY2(rig.last().error->detail.contains(says), qPrintable(rig.last().error->detail));
        QVERIFY(rig.last().error->detail.contains("127.0.0.1"_L1));
    }
    QCOMPARE(server.arrivals().size(), 0);
}

void TestTransportTls::trustsAnImportedAuthority()
{
    const auto made = m_maker.signedFor(u"IP:127.0.0.1"_s, 2);
    QVERIFY(made);
    LyingServer server(made->certificate, made->key);
    const QByteArray large(3'000'000, 'l');
    server.script = [&](const Arrival &) { return Script { send(answer(200, large, "x/y")) }; };
    NetRig rig(server, {}, nullptr, { m_authority->certificate });
    QVERIFY(!rig.transport.base().isPlainLoopback());
    for (int i = 1; i <= 3; ++i) {
        rig.send(i == 2 ? rig.post(large) : rig.get());
        QTRY_COMPARE(rig.answers.size(), i);
        QVERIFY2(
            rig.last().ok(), qPrintable(rig.last().error ? rig.last().error->detail : QString()));
        QVERIFY(rig.last().response->body == large);
    }
    QCOMPARE(server.connections(), 1);

    // The same lies as without encryption: nothing twice.
    server.script = [](const Arrival &) { return Script { test::close() }; };
    rig.send(rig.post());
    QTRY_COMPARE(rig.answers.size(), 4);
    QCOMPARE(rig.last().outcome, Outcome::Unknown);
    QCOMPARE(server.arrivals().size(), 4);
}

void TestTransportTls::refusesAServerWithoutTls()
{
    LyingServer plain;
    SystemClock clock;
    SeededRandom random(1);
    QUrl url = plain.url();
    url.setScheme(u"https"_s);
    Transport transport({ .base = *BaseUrl::parse(url.toString()) }, clock, random);
    std::optional<Answer> answer;
    Request request { .method = Method::Post,
        .url = transport.base().at({ u"x"_s }),
        .contentType = "application/json",
        .body = "{}" };
    request.limits.connect = 1s;
    const auto call = transport.send(request, [&](Answer a) { answer = std::move(a); });
    QTRY_VERIFY(answer);
    QVERIFY(answer->problem == Problem::Tls || answer->problem == Problem::ConnectTimeout);
    QCOMPARE(answer->outcome, Outcome::NotSent);
    QCOMPARE(plain.arrivals().size(), 0);
}

void TestTransportTls::refusesTheWayDown()
{
    const auto made = m_maker.signedFor(u"IP:127.0.0.1"_s, 2);
    QVERIFY(made);
    LyingServer plain;
    LyingServer server(made->certificate, made->key);
    server.script = [&](const Arrival &) {
        return Script { send(
            answer(302, "", "text/html", "Location: " + plain.url().toEncoded() + "\r\n")) };
    };
    NetRig rig(server, {}, nullptr, { m_authority->certificate });
    Request request = rig.get();
    request.allowsOtherHost = true; // even for files
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::BadRedirect);
    QVERIFY(rig.last().error->detail.contains("without encryption"_L1));
    QCOMPARE(plain.connections(), 0);
}

void TestTransportTls::oldProtocolIsRefused()
{
    const auto made = m_maker.signedFor(u"IP:127.0.0.1"_s, 2);
    QVERIFY(made);
    LyingServer server(made->certificate, made->key);
    server.useOldTls();
    NetRig rig(server, {}, nullptr, { m_authority->certificate });
    rig.send(rig.post());
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::Tls);
    QCOMPARE(rig.last().outcome, Outcome::NotSent);
    QVERIFY(rig.last().error->detail.contains("TLS 1.2"_L1));
    QCOMPARE(server.arrivals().size(), 0);
}

QTEST_GUILESS_MAIN(TestTransportTls)
#include "tst_transporttls.moc"
