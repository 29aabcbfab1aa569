#include "tests/support/net/netrig.h"

#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Names of other hosts, as a helpdesk's answer may give them: what they mean is looked at once, and
/// that is where the connection goes.
class TestTransportNames : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void nearAddressesAreRefused_data();
    void nearAddressesAreRefused();
    void whatWasLookedAtIsWhatIsUsed();
    void noSuchName();
    void addressesThatAreNoPlaceOnTheWeb_data();
    void addressesThatAreNoPlaceOnTheWeb();

private:
    Answer fetch(const QUrl &url);

    std::unique_ptr<LyingServer> m_server; ///< on this machine: never to be reached
    QList<QList<QHostAddress>> m_meanings; ///< of the name, one for each time it is asked for
    int m_asked = 0;
};

void TestTransportNames::init()
{
    m_server = std::make_unique<LyingServer>();
    m_meanings.clear();
    m_asked = 0;
}

Answer TestTransportNames::fetch(const QUrl &url)
{
    SystemClock clock;
    SeededRandom random(1);
    const Resolver resolver = [this](const QString &, QObject *context, const auto &found) {
        const auto meaning = m_meanings.value(qMin(qsizetype(m_asked++), m_meanings.size() - 1));
        QMetaObject::invokeMethod(
            context, [found, meaning] { found(meaning); }, Qt::QueuedConnection);
    };
    Transport transport(
        { .base = *BaseUrl::parse(u"https://desk.example.invalid"_s), .resolver = resolver }, clock,
        random);
    transport.setCredentials(Credentials::authorization("token", Secret::take("canary")));
    std::optional<Answer> answer;
    Request request { .url = url, .allowsOtherHost = true };
    request.limits.connect = 700ms;
    const auto call = transport.send(request, [&](Answer a) { answer = std::move(a); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer, 10'000); }();
    return answer.value_or(Answer {});
}

void TestTransportNames::nearAddressesAreRefused_data()
{
    QTest::addColumn<QStringList>("meaning");
    for (const char *address : { "127.0.0.1", "127.8.9.1", "::1", "10.1.2.3", "192.168.0.9",
             "172.16.5.5", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1", "fe80::1", "fd00::7",
             "100.64.0.1", "224.0.0.1" })
        QTest::addRow("%s", address) << QStringList { QString::fromLatin1(address) };
    QTest::newRow("one of several") << QStringList { u"93.184.216.34"_s, u"127.0.0.1"_s };
}

void TestTransportNames::nearAddressesAreRefused()
{
    QFETCH(QStringList, meaning);
    QList<QHostAddress> addresses;
    for (const QString &one : meaning)
        addresses.append(QHostAddress(one));
    m_meanings = { addresses };
    const Answer answer
        = fetch(QUrl(u"https://files.example.com:%1/x"_s.arg(m_server->serverPort())));
    QVERIFY(answer.error);
    QCOMPARE(answer.problem, Problem::BadRequest);
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QVERIFY2(answer.error->detail.contains(u"this machine or its own network"_s),
        qPrintable(answer.error->detail));
    QCOMPARE(m_server->connections(), 0);
}

void TestTransportNames::whatWasLookedAtIsWhatIsUsed()
{
    // Far away when it is looked at, this machine when it is asked for again.
    m_meanings = { { QHostAddress(u"192.0.2.1"_s) }, { QHostAddress(u"127.0.0.1"_s) } };
    const Answer answer
        = fetch(QUrl(u"https://files.example.com:%1/x"_s.arg(m_server->serverPort())));
    QVERIFY(answer.error);
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QCOMPARE(m_asked, 1);
    QCOMPARE(m_server->connections(), 0);
}

void TestTransportNames::noSuchName()
{
    m_meanings = { {} };
    const Answer answer = fetch(QUrl(u"https://files.example.com/x"_s));
    QCOMPARE(answer.problem, Problem::Offline);
    QCOMPARE(answer.outcome, Outcome::NotSent);
}

void TestTransportNames::addressesThatAreNoPlaceOnTheWeb_data()
{
    QTest::addColumn<QString>("url");
    const QString port = u"%1"_s;
    for (const char *url :
        { "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "smb://127.0.0.1/share",
            "//127.0.0.1/share", "ftp://127.0.0.1/x", "http://127.0.0.1:PORT/x",
            "https://127.0.0.1:PORT/x", "https://localhost:PORT/x", "https://[::1]:PORT/x",
            "https://0x7f.1:PORT/x", "https://192.168.1.1/x", "http://files.example.com/x",
            "https://user:secret@files.example.com/x", "javascript:alert(1)", "data:text/plain,x" })
        QTest::addRow("%s", url) << QString::fromLatin1(url);
}

void TestTransportNames::addressesThatAreNoPlaceOnTheWeb()
{
    QFETCH(QString, url);
    m_meanings = { { QHostAddress(u"127.0.0.1"_s) } };
    const Answer answer
        = fetch(QUrl(url.replace(u"PORT"_s, QString::number(m_server->serverPort()))));
    QVERIFY(answer.error);
    QCOMPARE(answer.problem, Problem::BadRequest);
    QCOMPARE(answer.outcome, Outcome::NotSent);
    QCOMPARE(m_asked, 0);
    QCOMPARE(m_server->connections(), 0);
}

QTEST_GUILESS_MAIN(TestTransportNames)
#include "tst_transportnames.moc"
