#include "tests/support/net/netrig.h"

#include <QLoggingCategory>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Where redirects lead, and what goes along; and what of it all may be logged.
class TestTransportRedirects : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void followsRedirectsAtHome_data();
    void followsRedirectsAtHome();
    void refusesOtherRedirects_data();
    void refusesOtherRedirects();
    void handsRedirectsToWhoWantsThem();
    void fetchesFilesElsewhereWithoutCredentials();
    void secretsStayOutOfTheLog();
};

void TestTransportRedirects::followsRedirectsAtHome_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("follows");
    for (const int status : { 301, 302, 303, 307, 308 }) {
        QTest::addRow("get %d", status) << Method::Get << status << true;
        QTest::addRow("post %d", status) << Method::Post << status << (status >= 307);
    }
}

void TestTransportRedirects::followsRedirectsAtHome()
{
    QFETCH(Method, method);
    QFETCH(int, status);
    QFETCH(bool, follows);
    LyingServer server;
    server.script = [&](const Arrival &a) {
        if (a.target == "/x")
            return Script { send(
                answer(status, "away", "text/html", "Location: /y?z=1#part\r\n")) };
        return Script { send(answer(200, "{}")) };
    };
    NetRig rig(server);
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("t")));
    Request request = method == Method::Get ? rig.get() : rig.post();
    request.headers = { { "X-Wish", "w" } };
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    if (!follows) {
        QCOMPARE(server.arrivals().size(), 1);
        QCOMPARE(rig.last().problem, Problem::Status);
        QCOMPARE(rig.last().outcome, Outcome::Unknown);
        QCOMPARE(rig.last().response->status, status);
        return;
    }
    QVERIFY(rig.last().ok());
    QCOMPARE(server.arrivals().size(), 2);
    const Arrival &second = server.arrivals().last();
    QCOMPARE(second.target, "/y?z=1");
    QCOMPARE(second.method, methodName(method));
    QCOMPARE(second.body, request.body);
    QCOMPARE(second.header("Authorization"), "token t");
    QCOMPARE(second.header("X-Wish"), "w");
    QCOMPARE(rig.last().response->url.path(), u"/y"_s);
}

void TestTransportRedirects::refusesOtherRedirects_data()
{
    QTest::addColumn<QByteArray>("location");
    QTest::addColumn<QString>("says");
    QTest::newRow("other port") << QByteArray("OTHER/steal")
                                << u"sent to the account's own address only"_s;
    QTest::newRow("other host") << QByteArray("https://elsewhere.example/")
                                << u"elsewhere.example"_s;
    QTest::newRow("other scheme") << QByteArray("https://127.0.0.1/") << u"own address only"_s;
    QTest::newRow("no scheme") << QByteArray("//elsewhere.example/x") << u"elsewhere.example"_s;
    QTest::newRow("with a user") << QByteArray("http://a:b@127.0.0.1/") << u"cannot be used"_s;
    QTest::newRow("file") << QByteArray("file:///etc/passwd") << u"cannot be used"_s;
    QTest::newRow("nonsense") << QByteArray("http://[:::/") << u"cannot be used"_s;
    QTest::newRow("loop") << QByteArray("/x") << u"again and again"_s;
}

void TestTransportRedirects::refusesOtherRedirects()
{
    QFETCH(QByteArray, location);
    QFETCH(QString, says);
    LyingServer other;
    LyingServer server;
    server.script = [&](const Arrival &) {
        QByteArray to = location;
        to.replace("OTHER", other.url().toEncoded(QUrl::RemovePath));
        return Script { send(answer(307, "", "text/html", "Location: " + to + "\r\n")) };
    };
    NetRig rig(server);
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("canary")));
    for (const bool posts : { false, true }) {
        rig.answers.clear();
        rig.send(posts ? rig.post() : rig.get());
        QTRY_COMPARE(rig.answers.size(), 1);
        QCOMPARE(rig.last().problem, Problem::BadRedirect);
        QCOMPARE(rig.last().outcome, Outcome::Rejected);
        QVERIFY2(rig.last().error->detail.contains(says), qPrintable(rig.last().error->detail));
    }
    QCOMPARE(other.connections(), 0);
    QVERIFY(server.arrivals().size() <= 12);
    if (says.contains("again"_L1))
        QCOMPARE(server.arrivals().size(), 12); // the first and five more, twice
}

void TestTransportRedirects::handsRedirectsToWhoWantsThem()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send(answer(302, "Login required", "text/html", "Location: /\r\n")) };
    };
    NetRig rig(server);
    Request request = rig.get();
    request.limits.redirects = 0;
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::Status);
    QCOMPARE(rig.last().response->status, 302);
    QCOMPARE(rig.last().response->header("Location"), "/");
    QCOMPARE(rig.last().response->body, "Login required");
}

void TestTransportRedirects::fetchesFilesElsewhereWithoutCredentials()
{
    LyingServer files;
    files.script = [&](const Arrival &a) {
        if (a.target == "/back")
            return Script { send(answer(302, "", "text/html", "Location: /file\r\n")) };
        return Script { send(answer(200, "content", "x/y", "Set-Cookie: spy=1\r\n")) };
    };
    LyingServer server;
    server.script = [&](const Arrival &) {
        return Script { send(answer(
            302, "", "text/html", "Location: " + files.url(u"/back"_s).toEncoded() + "\r\n")) };
    };
    NetRig rig(server);
    const auto session = std::make_shared<CookieSession>(rig.transport.base());
    session->keep(rig.transport.base().url(), { { "Set-Cookie", "sid=canary; Path=/" } });
    rig.transport.setSession(session);
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("canary")));
    Request request = rig.get();
    request.allowsOtherHost = true;
    request.headers = { { "X-Key", "canary" } };
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
    QCOMPARE(rig.last().response->body, "content");
    QCOMPARE(server.arrivals().first().header("Cookie"), "sid=canary");
    QCOMPARE(files.arrivals().size(), 2);
    for (const Arrival &arrival : files.arrivals()) {
        for (const Header &header : arrival.headers)
            QVERIFY2(!header.value.contains("canary"), header.name.constData());
    }
    QVERIFY(!session->headerFor(rig.transport.base().at({ u"x"_s })).contains("spy"));

    // A change never leaves home.
    request = rig.post();
    request.allowsOtherHost = true;
    server.script = [&](const Arrival &) {
        return Script { send(answer(
            307, "", "text/html", "Location: " + files.url(u"/file"_s).toEncoded() + "\r\n")) };
    };
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(rig.last().problem, Problem::BadRedirect);
    QCOMPARE(files.arrivals().size(), 2);
}

namespace {
QStringList *logLines = nullptr;
void keepLine(QtMsgType, const QMessageLogContext &, const QString &line)
{
    if (logLines)
        logLines->append(line);
}
} // namespace

void TestTransportRedirects::secretsStayOutOfTheLog()
{
    QStringList lines;
    logLines = &lines;
    QLoggingCategory::setFilterRules(u"tierline.*=true"_s);
    const auto before = qInstallMessageHandler(keepLine);
    const auto restore = qScopeGuard([before] {
        qInstallMessageHandler(before);
        QLoggingCategory::setFilterRules({});
        logLines = nullptr;
    });
    LyingServer server;
    QString seen;
    const QList<Script> scripts { { send(answer(200, "{\"t\":\"canary\"}", "application/json",
                                      "Set-Cookie: s=canary\r\nX-Secret: canary\r\n")) },
        { send(answer(401, "canary")) }, { send(answer(500, "canary")) },
        { send(answer(302, "", "text/html", "Location: /z?key=canary\r\n")) },
        { send(answer(302, "", "text/html", "Location: https://h.example/?key=canary\r\n")) },
        { reset() }, { send("HTTP/1.1 200 canary\r\nContent-Length: 9\r\n\r\nca"), close() },
        { send(answer(429, "canary")) } };
    for (const Script &script : scripts) {
        server.script = [&](const Arrival &) { return script; };
        NetRig rig(server);
        rig.transport.setSession(std::make_shared<CookieSession>(rig.transport.base()));
        rig.transport.setCredentials(
            Credentials::basic(u"agnes"_s, Secret::take(QByteArray("canary-password"))));
        for (const bool posts : { false, true }) {
            Request request = posts ? rig.post("canary") : rig.get();
            request.url = rig.transport.base().at(
                { u"services"_s, u"canaryT0k3n4cc0unt"_s }, { { u"token"_s, u"canary"_s } });
            request.headers = { { "X-Auth-Token", "canary" } };
            rig.send(request);
            // A hook's path is all secret, be it made of letters alone.
            request.isPathSecret = true;
            request.url = rig.transport.base().at({ u"hook"_s, u"canaryOfLetters"_s });
            rig.send(request);
        }
        QTRY_COMPARE(rig.answers.size(), 4);
        for (const Answer &answer : rig.answers) {
            if (answer.error)
                seen += answer.error->detail + answer.error->where;
        }
    }
    QVERIFY(lines.size() > 20);
    const QString all = lines.join(u'\n') + seen;
    QVERIFY(all.contains("/services/"_L1));
    QVERIFY2(!all.contains("canary"_L1), qPrintable(all));
    QVERIFY(!all.contains(QLatin1StringView(QByteArray("agnes:canary-password").toBase64())));
}

QTEST_GUILESS_MAIN(TestTransportRedirects)
#include "tst_transportredirects.moc"
