#include "tests/support/net/netrig.h"
#include "tests/support/net/testcertificates.h"

#include <QTcpSocket>
#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// An account's own name where it is checked what names mean: looked up once for each request, and what was looked at
/// is what is connected to, as the name.
class TestTransportPlaces : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void connectsToWhatWasLookedAt();
    void saysTheName();
    void sendsNothingToOtherPlaces();
    void addressesAreLookedAtToo();
    void isNotAskedAgain();

private:
    Answer ask(const QString &base, const QList<QSslCertificate> &authorities = {});

    QList<QList<QHostAddress>> m_meanings;
    int m_asked = 0;
    QList<QHostAddress> m_allowed;
};

void TestTransportPlaces::init()
{
    m_meanings = { { QHostAddress(u"127.0.0.1"_s) } };
    m_asked = 0;
    m_allowed = { QHostAddress(u"127.0.0.1"_s), QHostAddress(u"192.0.2.1"_s) };
}

Answer TestTransportPlaces::ask(const QString &base, const QList<QSslCertificate> &authorities)
{
    SystemClock clock;
    SeededRandom random(1);
    TransportSettings settings { .base = *BaseUrl::parse(base), .authorities = authorities };
    settings.resolver = [this](const QString &, QObject *context, const auto &found) {
        const auto meaning = m_meanings.value(qMin(qsizetype(m_asked++), m_meanings.size() - 1));
        QMetaObject::invokeMethod(
            context, [found, meaning] { found(meaning); }, Qt::QueuedConnection);
    };
    settings.mayNot = [this](const QHostAddress &one) {
        return m_allowed.contains(one) ? QString() : u"is no place for this."_s;
    };
    Transport transport(settings, clock, random);
    std::optional<Answer> answer;
    Request request { .method = Method::Post, .url = transport.base().at({ u"x"_s }) };
    request.contentType = "text/plain";
    request.body = "hello";
    request.limits.connect = 1s;
    const auto call = transport.send(request, [&](Answer one) { answer = std::move(one); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer, 10'000); }();
    return answer.value_or(Answer {});
}

void TestTransportPlaces::connectsToWhatWasLookedAt()
{
    if (!CertificateMaker::isAvailable())
        QSKIP("There is no openssl program on this machine to make certificates with.");
    CertificateMaker maker;
    const auto authority = maker.authority();
    const auto good = maker.signedFor(u"DNS:hooks.example.org"_s, 2);
    QVERIFY(authority && good);
    LyingServer server(good->certificate, good->key);
    const QString port = QString::number(server.serverPort());
    const Answer answer = ask(u"https://hooks.example.org:"_s + port, { authority->certificate });
    QVERIFY2(answer.ok(), qPrintable(answer.error ? answer.error->detail : QString()));
    QCOMPARE(m_asked, 1);
    QCOMPARE(server.arrivals().first().header("Host"), "hooks.example.org:" + port.toLatin1());
    // The certificate must be the name's; that of the address helps nobody.
    const auto other = maker.signedFor(u"IP:127.0.0.1"_s, 2);
    QVERIFY(other);
    LyingServer wrong(other->certificate, other->key);
    const Answer refused = ask(
        u"https://hooks.example.org:%1"_s.arg(wrong.serverPort()), { authority->certificate });
    QCOMPARE(refused.problem, Problem::Certificate);
    QVERIFY(refused.error->detail.contains(u"hooks.example.org"_s));
    QCOMPARE(wrong.arrivals().size(), 0);
}

void TestTransportPlaces::saysTheName()
{
    // Servers with many names choose by the one that is said when encryption begins.
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QByteArray begun;
    connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QIODevice::readyRead, &server, [&begun, socket] {
            begun += socket->readAll();
            socket->abort();
        });
    });
    ask(u"https://hooks.example.org:%1"_s.arg(server.serverPort()));
    QVERIFY(begun.contains("hooks.example.org"));
}

void TestTransportPlaces::sendsNothingToOtherPlaces()
{
    LyingServer server;
    for (const auto &meaning : QList<QList<QHostAddress>> { { QHostAddress(u"127.0.0.2"_s) },
             { QHostAddress(u"127.0.0.1"_s), QHostAddress(u"127.0.0.2"_s) } }) {
        m_meanings = { meaning };
        const Answer answer = ask(u"https://hooks.example.org:%1"_s.arg(server.serverPort()));
        QCOMPARE(answer.problem, Problem::BadRequest);
        QCOMPARE(answer.outcome, Outcome::NotSent);
        QCOMPARE(answer.error->detail, u"hooks.example.org is no place for this."_s);
    }
    m_meanings = { {} };
    QCOMPARE(ask(u"https://hooks.example.org"_s).problem, Problem::Offline);
    QCOMPARE(server.connections(), 0);
}

void TestTransportPlaces::addressesAreLookedAtToo()
{
    LyingServer server;
    const QString base = u"http://127.0.0.1:%1"_s.arg(server.serverPort());
    QVERIFY(ask(base).ok());
    m_allowed.clear();
    QCOMPARE(ask(base).problem, Problem::BadRequest);
    QCOMPARE(server.connections(), 1);
    QCOMPARE(m_asked, 0);
}

void TestTransportPlaces::isNotAskedAgain()
{
    LyingServer server;
    // Elsewhere when it is looked at; the system, were it asked again, would say that it is here.
    m_meanings = { { QHostAddress(u"192.0.2.1"_s) }, { QHostAddress(u"127.0.0.1"_s) } };
    const Answer answer = ask(u"https://localhost:%1"_s.arg(server.serverPort()));
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QCOMPARE(m_asked, 1);
    QCOMPARE(server.connections(), 0);
}

QTEST_GUILESS_MAIN(TestTransportPlaces)
#include "tst_transportplaces.moc"
