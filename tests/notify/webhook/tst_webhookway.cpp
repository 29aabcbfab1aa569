#include "core/notify/webhook/noticejson.h"
#include "core/notify/webhook/webhookway.h"
#include "tests/handoff/schemacheck.h"
#include "tests/support/fakeclock.h"
#include "tests/support/net/lyingserver.h"

#include <QEventLoop>
#include <QLoggingCategory>
#include <QMessageAuthenticationCode>
#include <QTest>
#include <QTimer>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::notify::webhook;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray canary = "c4nary-s1gning-key";
const QString secretPath = u"/in/T0KEN9canary77?key=c4naryQuery8"_s;
QStringList logged;

void keepLog(QtMsgType, const QMessageLogContext &, const QString &text)
{
    logged.append(text);
}

bool tells(const QString &text)
{
    return text.contains(QString::fromLatin1(canary)) || text.contains(u"T0KEN9"_s)
        || text.contains(u"c4naryQuery8"_s) || text.contains(u"SSO login"_s);
}

Telling telling()
{
    Telling one;
    one.id = u"00000000-0000-4000-8000-000000000001"_s;
    one.topic = u"00000000-0000-4000-8000-0000000000aa"_s;
    one.card.ticket = u"T-12"_s;
    one.card.subject = u"SSO login \"loops\" 語 {{ticket}}"_s;
    one.at = *Instant::parse(u"2026-06-08T08:09:10Z"_s);
    return one;
}

QString nameOf(Told::Outcome outcome)
{
    switch (outcome) {
    case Told::Outcome::Arrived: return u"Arrived"_s;
    case Told::Outcome::Later: return u"Later"_s;
    case Told::Outcome::Refused: return u"Refused"_s;
    case Told::Outcome::Unknown: break;
    }
    return u"Unknown"_s;
}

const net::Limits longLimits { .connect = 10s, .firstByte = 10s, .idle = 10s, .total = 20s };
/// For what is waited for in vain.
const net::Limits shortLimits { .connect = 300ms, .firstByte = 250ms, .idle = 250ms, .total = 2s };

} // namespace

class TestWebhookWay : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void whatIsSent();
    void everythingOnTheCard();
    void signature();
    void answers_data();
    void answers();
    void nothingFollowsARedirect_data();
    void nothingFollowsARedirect();
    void waitsAsItIsAsked();
    void namesThatLeadInside_data();
    void namesThatLeadInside();
    void whatWasLookedAtIsWhatIsUsed();
    void looksAtNothing();
    void tests_data();
    void tests();
    void errandsThatEnd();

private:
    std::unique_ptr<WebhookWay> way(const QString &url = {}, Network network = Network::Public);
    Told tell(Way &way, const Telling &telling = ::telling());

    std::unique_ptr<LyingServer> m_server;
    SystemClock m_clock;
    SeededRandom m_random { 1 };
    QList<QList<QHostAddress>> m_meanings; ///< of any name, one for each time it is asked for
    int m_asked = 0;
    net::Limits m_limits;
};

void TestWebhookWay::init()
{
    m_server = std::make_unique<LyingServer>();
    m_meanings.clear();
    m_asked = 0;
    m_limits = longLimits;
    logged.clear();
    QLoggingCategory::setFilterRules(u"tierline.*=true"_s);
    qInstallMessageHandler(keepLog);
}

void TestWebhookWay::cleanup()
{
    qInstallMessageHandler(nullptr);
    for (const QString &line : logged)
        QVERIFY2(!tells(line), qPrintable(line));
    for (const Arrival &one : m_server->arrivals()) {
        QVERIFY(!one.body.contains(canary));
        for (const net::Header &header : one.headers)
            QVERIFY(!header.value.contains(canary));
    }
}

std::unique_ptr<WebhookWay> TestWebhookWay::way(const QString &url, Network network)
{
    WayConfig config;
    config.url = url.isEmpty() ? m_server->url(secretPath) : QUrl(url);
    config.options[u"network"_s] = network == Network::Own ? u"own"_s : u"public"_s;
    HookTuning tuning { .limits = m_limits };
    tuning.resolver = [this](const QString &, QObject *context, const auto &found) {
        const auto meaning = m_meanings.value(qMin(qsizetype(m_asked++), m_meanings.size() - 1));
        QMetaObject::invokeMethod(
            context, [found, meaning] { found(meaning); }, Qt::QueuedConnection);
    };
    return std::make_unique<WebhookWay>(
        readHook(config, Secret::take(QByteArray(canary))).value(), m_clock, m_random, tuning);
}

Told TestWebhookWay::tell(Way &way, const Telling &telling)
{
    std::optional<Told> told;
    // QTRY looks only twenty times a second, and there are many of these.
    QEventLoop loop;
    const auto errand = way.tell(telling, [&](Told one) {
        told = std::move(one);
        loop.quit();
    });
    const bool wasEarly = told.has_value();
    QTimer::singleShot(10s, &loop, &QEventLoop::quit);
    if (!told)
        loop.exec();
    if (!told || wasEarly)
        return { .outcome = Told::Outcome::Unknown, .error = Error { .detail = u"no answer"_s } };
    [&] {
        QCOMPARE(told->error.has_value(), told->outcome != Told::Outcome::Arrived);
        const QString all
            = told->receipt + (told->error ? told->error->detail + told->error->where : QString());
        QVERIFY2(!tells(all), qPrintable(all));
    }();
    return *told;
}

void TestWebhookWay::whatIsSent()
{
    auto hook = way();
    QCOMPARE(nameOf(tell(*hook).outcome), u"Arrived"_s);
    QCOMPARE(m_server->arrivals().size(), 1);
    const Arrival &arrival = m_server->arrivals().first();
    QCOMPARE(arrival.method, QByteArray("POST"));
    QCOMPARE(arrival.target, secretPath.toLatin1());
    QCOMPARE(arrival.header("Content-Type"), QByteArray("application/json"));
    QCOMPARE(arrival.header("Idempotency-Key"), QByteArray("00000000-0000-4000-8000-000000000001"));
    QCOMPARE(arrival.body,
        QByteArray("{\"act\":\"tell\",\"at\":\"2026-06-08T08:09:10Z\","
                   "\"id\":\"00000000-0000-4000-8000-000000000001\","
                   "\"subject\":\"SSO login \\\"loops\\\" 語 {{ticket}}\",\"ticket\":\"T-12\","
                   "\"topic\":\"00000000-0000-4000-8000-0000000000aa\",\"urgent\":false,"
                   "\"version\":1}"));
    // As a receiver does it.
    const QByteArray given = arrival.header("Tierline-Signature");
    QVERIFY(given.startsWith("t="));
    const QByteArray seconds = given.mid(2, given.indexOf(",v1=") - 2);
    QVERIFY(qAbs(seconds.toLongLong() - m_clock.now().ms / 1000) < 60);
    QCOMPARE(given.mid(given.indexOf(",v1=") + 4),
        QMessageAuthenticationCode::hash(
            seconds + '.' + arrival.body, canary, QCryptographicHash::Sha256)
            .toHex());
}

void TestWebhookWay::everythingOnTheCard()
{
    const QJsonObject schema = publishedSchema(u"notice-1.json"_s);
    Telling one = telling();
    QCOMPARE(schemaFault(QJsonDocument::fromJson(noticeJson(one)).object(), schema), QString());
    one.act = Act::Resolve;
    one.card = { .ticket = u"T-12"_s,
        .subject = u"a"_s,
        .customer = u"b"_s,
        .plan = u"c"_s,
        .tier = u"d"_s,
        .reason = u"e"_s,
        .text = u"f\r\ng"_s + QChar(0xd800),
        .link = u"https://desk.example.org/T-12"_s,
        .isUrgent = true };
    const QJsonObject notice = QJsonDocument::fromJson(noticeJson(one)).object();
    QCOMPARE(schemaFault(notice, schema), QString());
    QCOMPARE(notice.keys().size(), schema.value(u"properties"_s).toObject().keys().size());
    QCOMPARE(notice.value(u"act"_s).toString(), u"resolve"_s);
    QCOMPARE(notice.value(u"text"_s).toString(), u"f\r\ng\ufffd"_s);
    QVERIFY(notice.value(u"urgent"_s).toBool());
    one.act = Act::Acknowledge;
    QVERIFY(noticeJson(one).contains("\"act\":\"acknowledge\""));
}

void TestWebhookWay::signature()
{
    // By another program.
    QCOMPARE(signatureOf("{\"a\":1}", Secret::take("k3y"), Instant { 1'780'920'000'999 }),
        QByteArray(
            "t=1780920000,v1=a801207839b06399179bf021a0948d7058ec974affc32807f05fb6ca19cff2be"));
    // Without a secret nothing is signed.
    WayConfig config;
    config.url = m_server->url();
    WebhookWay plain(readHook(config, {}).value(), m_clock, m_random);
    QCOMPARE(nameOf(tell(plain).outcome), u"Arrived"_s);
    QVERIFY(m_server->arrivals().first().header("Tierline-Signature").isEmpty());
}

void TestWebhookWay::answers_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isShut");
    QTest::addColumn<QString>("part");
    const auto row = [](const QByteArray &name, const Script &script, const char *outcome,
                         bool isShut = false, const char *part = "") {
        QTest::newRow(name.constData())
            << script << QString::fromLatin1(outcome) << isShut << QString::fromUtf8(part);
    };
    for (const int status : { 200, 201, 202, 204 })
        row(QByteArray::number(status), { send(answer(status, status == 204 ? "" : "{}")) },
            "Arrived");
    row("200 and a page", { send(answer(200, "<p>ok", "text/html")) }, "Arrived");
    row("200 and too much", { send(answer(200, QByteArray(5000, 'x'), "text/plain")) }, "Arrived");
    row("200 without end",
        { send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
            sendForEver(QByteArray(4096, 'x')) },
        "Arrived");
    row("200 and half a body",
        { send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), close() }, "Arrived");
    for (const int status : { 400, 401, 403, 404, 405, 409, 413, 422 })
        row(QByteArray::number(status), { send(answer(status)) }, "Refused", false,
            "does not take");
    row("410", { send(answer(410)) }, "Refused", true, "gone for good");
    for (const int status : { 408, 425, 429 })
        row(QByteArray::number(status), { send(answer(status)) }, "Later", false, "later");
    for (const int status : { 500, 502, 503, 504 })
        row(QByteArray::number(status), { send(answer(status)) }, "Unknown", false, "of its own");
    row("503 and when", { send(answer(503, "", "text/plain", "Retry-After: 3\r\n")) }, "Later");
    row("nothing", { hold() }, "Unknown", false, "in time");
    row("closed", { close() }, "Unknown");
    row("reset", { reset() }, "Unknown");
    row("half an answer", { send("HTTP/1.1 20"), close() }, "Unknown");
    row("half the headers", { send("HTTP/1.1 200 OK\r\nContent-Le"), hold() }, "Unknown");
    row("no HTTP", { send("hello there\r\n\r\n"), close() }, "Unknown");
}

void TestWebhookWay::answers()
{
    QFETCH(Script, script);
    QFETCH(QString, outcome);
    QFETCH(bool, isShut);
    QFETCH(QString, part);
    m_server->script = [&](const Arrival &) { return script; };
    if (script.last().kind == Step::Kind::Hold)
        m_limits = shortLimits;
    auto hook = way();
    const Told told = tell(*hook);
    const QString sentence = told.error ? told.error->detail : QString();
    QVERIFY2(
        nameOf(told.outcome) == outcome, qPrintable(nameOf(told.outcome) + u": "_s + sentence));
    QCOMPARE(told.isWayShut, isShut);
    QVERIFY2(sentence.contains(part), qPrintable(sentence));
    // Once, whatever became of it.
    QCOMPARE(m_server->arrivals().size(), 1);
}

void TestWebhookWay::nothingFollowsARedirect_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("to");
    for (const int status : { 301, 302, 303, 307, 308 }) {
        QTest::addRow("%d, another host", status) << status << u"http://OTHER/x?key=c4naryQuery8"_s;
        QTest::addRow("%d, this machine", status) << status << u"http://localhost:OTHER/x"_s;
        QTest::addRow("%d, itself", status) << status << u"/elsewhere"_s;
        QTest::addRow("%d, nowhere", status) << status << QString();
    }
}

void TestWebhookWay::nothingFollowsARedirect()
{
    QFETCH(int, status);
    QFETCH(QString, to);
    LyingServer other;
    to.replace(u"http://OTHER"_s, u"http://127.0.0.1:%1"_s.arg(other.serverPort()));
    to.replace(u"OTHER"_s, QString::number(other.serverPort()));
    m_server->script = [&](const Arrival &) {
        return Script { send(answer(status, {}, "text/plain",
            to.isEmpty() ? QByteArray() : "Location: " + to.toLatin1() + "\r\n")) };
    };
    auto hook = way();
    const Told told = tell(*hook);
    QCOMPARE(nameOf(told.outcome), u"Refused"_s);
    QVERIFY(told.isWayShut);
    const QString where = to.contains(u"localhost"_s) ? u"localhost"_s : u"another address"_s;
    QVERIFY2(told.error->detail.contains(u"points to "_s + where), qPrintable(told.error->detail));
    QCOMPARE(other.connections(), 0);
    QCOMPARE(m_server->arrivals().size(), 1);
}

void TestWebhookWay::waitsAsItIsAsked()
{
    m_server->script = [&](const Arrival &) {
        return Script { send(answer(429, "", "text/plain", "Retry-After: 70\r\n")) };
    };
    auto hook = way();
    Told told = tell(*hook);
    QCOMPARE(nameOf(told.outcome), u"Later"_s);
    QVERIFY(told.wait > 60s && told.wait <= 80s);
    // Who is told to wait asks no second time meanwhile.
    told = tell(*hook);
    QCOMPARE(nameOf(told.outcome), u"Later"_s);
    QVERIFY(told.wait > 60s);
    QCOMPARE(m_server->arrivals().size(), 1);
}

void TestWebhookWay::namesThatLeadInside_data()
{
    QTest::addColumn<QStringList>("meaning");
    const auto row = [](std::initializer_list<const char *> meaning) {
        QStringList addresses;
        for (const char *one : meaning)
            addresses.append(QString::fromLatin1(one));
        QTest::addRow("%s", qPrintable(addresses.join(u' '))) << addresses;
    };
    for (const char *one : { "127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1",
             "::ffff:127.0.0.1", "64:ff9b::7f00:1", "224.0.0.1" }) {
        row({ one });
        row({ "192.0.2.1", one });
        row({ one, "192.0.2.1" });
        row({ "10.0.0.1", one });
    }
}

void TestWebhookWay::namesThatLeadInside()
{
    QFETCH(QStringList, meaning);
    QList<QHostAddress> addresses;
    for (const QString &one : meaning)
        addresses.append(QHostAddress(one));
    m_meanings = { addresses };
    for (const Network network : { Network::Public, Network::Own }) {
        for (const char *host :
            { "hooks.example.org", "hooks.example.org.", "intern", "x.local" }) {
            auto hook = way(
                u"https://%1:%2/x"_s.arg(QString::fromLatin1(host)).arg(m_server->serverPort()),
                network);
            const Told told = tell(*hook);
            QCOMPARE(nameOf(told.outcome), u"Refused"_s);
            QVERIFY(told.isWayShut);
            QVERIFY2(told.error->detail.contains(u"nothing is sent there"_s),
                qPrintable(told.error->detail));
        }
    }
    QCOMPARE(m_server->connections(), 0);
}

void TestWebhookWay::whatWasLookedAtIsWhatIsUsed()
{
    m_limits = shortLimits; // nobody is there
    // Outside when it is looked at, this machine when it is asked for again.
    m_meanings = { { QHostAddress(u"192.0.2.1"_s) }, { QHostAddress(u"127.0.0.1"_s) } };
    auto hook = way(u"https://hooks.example.org:%1/x"_s.arg(m_server->serverPort()));
    const Told told = tell(*hook);
    QCOMPARE(nameOf(told.outcome), u"Later"_s);
    QCOMPARE(m_asked, 1);
    QCOMPARE(m_server->connections(), 0);
    // And it is looked at each time.
    QCOMPARE(nameOf(tell(*hook).outcome), u"Refused"_s);
    QCOMPARE(m_asked, 2);
    QCOMPARE(m_server->connections(), 0);
    // A name without a meaning is no reason to give up.
    m_meanings = { {} };
    QCOMPARE(nameOf(tell(*hook).outcome), u"Later"_s);
}

void TestWebhookWay::looksAtNothing()
{
    auto hook = way();
    std::optional<Told> told;
    const auto errand = hook->look(telling(), [&](Told one) { told = one; });
    QVERIFY(!told);
    QTRY_VERIFY(told);
    QCOMPARE(nameOf(told->outcome), u"Later"_s);
    QCOMPARE(m_server->connections(), 0);
}

void TestWebhookWay::tests_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("part");
    for (const int status : { 200, 204, 400, 401, 403, 405, 501 })
        QTest::addRow("%d", status) << status << u"answers, on this machine"_s;
    QTest::newRow("404") << 404 << u"error: 127.0.0.1 answered with status 404"_s;
    QTest::newRow("410") << 410 << u"error: 127.0.0.1 answered with status 410"_s;
    QTest::newRow("429") << 429 << u"error: 127.0.0.1 answered with status 429"_s;
    QTest::newRow("500") << 500 << u"error: 127.0.0.1 answered with status 500"_s;
    QTest::newRow("302") << 302 << u"error: 127.0.0.1 points to"_s;
    QTest::newRow("none") << 0 << u"error: 127.0.0.1"_s;
}

void TestWebhookWay::tests()
{
    QFETCH(int, status);
    QFETCH(QString, part);
    m_server->script = [&](const Arrival &) {
        return status == 0 ? Script { close() }
                           : Script { send("HTTP/1.1 " + QByteArray::number(status)
                               + " Said\r\nContent-Length: 0\r\n\r\n") };
    };
    auto hook = way();
    std::optional<Result<QString>> result;
    const auto errand = hook->test([&](Result<QString> one) { result = std::move(one); });
    QTRY_VERIFY(result);
    const QString said = *result ? **result : u"error: "_s + result->error().detail;
    QVERIFY2(said.contains(part), qPrintable(said));
    QVERIFY2(!tells(said), qPrintable(said));
    for (const Arrival &one : m_server->arrivals())
        QCOMPARE(one.method, QByteArray("HEAD"));
}

void TestWebhookWay::errandsThatEnd()
{
    int heard = 0;
    const auto count = [&](const Told &) { ++heard; };
    m_server->script = [](const Arrival &) { return Script { hold() }; };
    auto hook = way();
    hook->tell(telling(), count).reset();
    auto dropped = hook->tell(telling(), count);
    QTRY_COMPARE(m_server->arrivals().size(), 1);
    dropped.reset();
    const auto left = hook->tell(telling(), count);
    hook.reset();
    hook = way();
    // What comes after is told, and nothing of what was dropped.
    std::unique_ptr<Errand> own;
    m_server->script = nullptr;
    own = hook->tell(telling(), [&](const Told &) {
        heard += 100;
        own.reset();
        hook.reset();
    });
    QTRY_COMPARE(heard, 100);
}

QTEST_GUILESS_MAIN(TestWebhookWay)
#include "tst_webhookway.moc"
