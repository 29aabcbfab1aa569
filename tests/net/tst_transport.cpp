#include "tests/support/net/netrig.h"

#include <QBuffer>
#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray token = "canary-1-51-7273aa";

class MemorySink final : public BodySink
{
public:
    Result<Done> begin(qint64 size) override
    {
        announced = size;
        ++begun;
        return Done {};
    }
    Result<Done> take(QByteArrayView piece) override
    {
        bytes += piece;
        if (bytes.size() > most)
            return storageError(u"The quota is full."_s);
        return Done {};
    }
    QByteArray bytes;
    qint64 announced = -2;
    qsizetype most = 1 << 30;
    int begun = 0;
};

} // namespace

Q_DECLARE_METATYPE(tierline::net::Request)

class TestTransport : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void asksAndAnswers();
    void sendsEveryMethod_data();
    void sendsEveryMethod();
    void speaksForItself();
    void keepsConnections();
    void unpacksWhatIsPacked();
    void readsLargeBodies_data();
    void readsLargeBodies();
    void fillsASink();
    void endsWhereTheSinkIsFull();
    void streamsABody();
    void refusesWhatMayNotBeSent_data();
    void refusesWhatMayNotBeSent();
    void tellsEveryStatus_data();
    void tellsEveryStatus();
};

void TestTransport::asksAndAnswers()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send(answer(200, R"({"ok":true})", "application/json;charset=utf-8",
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Own: 1\r\n")) };
    };
    NetRig rig(server);
    Request request = rig.get(u"/REST/2.0/ticket"_s);
    request.url
        = rig.transport.base().at({ u"REST"_s, u"a/b"_s }, { { u"q"_s, u"x = 'a+b&c'"_s } });
    request.headers = { { "X-Wish", "w" } };
    rig.send(request);
    QVERIFY(rig.answers.isEmpty()); // never within the call
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY2(rig.last().ok(), qPrintable(rig.last().error ? rig.last().error->detail : QString()));
    QCOMPARE(rig.last().outcome, Outcome::Done);
    const Response &response = *rig.last().response;
    QCOMPARE(response.status, 200);
    QCOMPARE(response.header("x-own"), "1");
    QCOMPARE(response.mediaType(), "application/json");
    QCOMPARE(response.serverDate->iso(), u"1994-11-06T08:49:37Z"_s);
    QVERIFY(response.elapsed >= 0ms && response.elapsed < 10s);
    QCOMPARE(jsonObjectOf(response)->value("ok"_L1).toBool(), true);
    QCOMPARE(server.arrivals().first().target, "/REST/a%2Fb?q=x%20%3D%20%27a%2Bb%26c%27");
    QCOMPARE(server.arrivals().first().header("X-Wish"), "w");
}

void TestTransport::sendsEveryMethod_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("get") << Method::Get << QByteArray("GET") << QByteArray();
    QTest::newRow("head") << Method::Head << QByteArray("HEAD") << QByteArray();
    QTest::newRow("post") << Method::Post << QByteArray("POST") << QByteArray("{\"a\":1}");
    QTest::newRow("post nothing") << Method::Post << QByteArray("POST") << QByteArray();
    QTest::newRow("put") << Method::Put << QByteArray("PUT") << QByteArray("{}");
    QTest::newRow("patch") << Method::Patch << QByteArray("PATCH") << QByteArray("{}");
    QTest::newRow("delete") << Method::Delete << QByteArray("DELETE") << QByteArray();
    QTest::newRow("delete with a body")
        << Method::Delete << QByteArray("DELETE") << QByteArray("{}");
    QTest::newRow("large") << Method::Post << QByteArray("POST") << QByteArray(3'000'000, 'x');
}

void TestTransport::sendsEveryMethod()
{
    QFETCH(Method, method);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, body);
    LyingServer server;
    server.script = [](const Arrival &a) {
        // The answer to HEAD has a length and no body.
        return a.method == "HEAD" ? Script { send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") }
                                  : Script { send(answer(200, "{}")) };
    };
    NetRig rig(server);
    Request request = rig.post(body);
    request.method = method;
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
    QVERIFY(rig.calls[0]->firstByteSent());
    QCOMPARE(server.arrivals().size(), 1);
    QCOMPARE(server.arrivals().first().method, name);
    QCOMPARE(server.arrivals().first().body, body);
    if (!isSafe(method))
        QCOMPARE(
            server.arrivals().first().header("Content-Length"), QByteArray::number(body.size()));
}

void TestTransport::speaksForItself()
{
    LyingServer server;
    NetRig rig(server);
    rig.transport.setCredentials(
        Credentials::basic(u"agnes"_s, Secret::take(QByteArray("pass word"))));
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 1);
    Arrival arrival = server.arrivals().last();
    QVERIFY(arrival.header("User-Agent").startsWith("Tierline/"));
    QCOMPARE(arrival.header("Authorization"), "Basic " + QByteArray("agnes:pass word").toBase64());
    QVERIFY(arrival.header("Accept-Encoding").contains("gzip"));
    QCOMPARE(arrival.header("Cookie"), QByteArray());
    QVERIFY(arrival.header("Upgrade").isEmpty()); // no HTTP/2

    rig.transport.setCredentials(
        Credentials::authorization("token", Secret::take(QByteArray(token))));
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(server.arrivals().last().header("Authorization"), "token " + token);

    Request anonymous = rig.get();
    anonymous.isAnonymous = true;
    rig.send(anonymous);
    QTRY_COMPARE(rig.answers.size(), 3);
    QCOMPARE(server.arrivals().last().header("Authorization"), QByteArray());
}

void TestTransport::keepsConnections()
{
    LyingServer server;
    NetRig rig(server);
    for (int i = 1; i <= 5; ++i) {
        rig.send(i % 2 ? rig.post() : rig.get());
        QTRY_COMPARE(rig.answers.size(), i);
        QVERIFY(rig.last().ok());
    }
    QCOMPARE(server.connections(), 1);
}

void TestTransport::unpacksWhatIsPacked()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send(answer(
            200, gzipped(R"({"packed":1})"), "application/json", "Content-Encoding: gzip\r\n")) };
    };
    NetRig rig(server);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
    QCOMPARE(rig.last().response->body, R"({"packed":1})");
}

void TestTransport::readsLargeBodies_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("length") << QByteArray("length");
    QTest::newRow("chunked") << QByteArray("chunked");
    QTest::newRow("until close") << QByteArray("close");
    QTest::newRow("gzip") << QByteArray("gzip");
}

void TestTransport::readsLargeBodies()
{
    QFETCH(QByteArray, kind);
    // Hardly to be packed, so that the guard against bombs has no reason.
    QByteArray body(9'000'000, '\0');
    SeededRandom random(3);
    for (char &c : body)
        c = static_cast<char>(random.next64());
    LyingServer server;
    server.script = [&](const Arrival &) -> Script {
        const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: x/y\r\n";
        if (kind == "chunked") {
            QByteArray all = head + "Transfer-Encoding: chunked\r\n\r\n";
            for (qsizetype i = 0; i < body.size(); i += 100'000) {
                const QByteArray piece = body.mid(i, 100'000);
                all += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
            }
            return { send(all + "0\r\n\r\n") };
        }
        if (kind == "close")
            return { send(head + "Connection: close\r\n\r\n" + body), close() };
        if (kind == "gzip")
            return { send(answer(200, gzipped(body), "x/y", "Content-Encoding: gzip\r\n")) };
        return { send(answer(200, body)) };
    };
    NetRig rig(server);
    rig.send(rig.get());
    QTRY_COMPARE_WITH_TIMEOUT(rig.answers.size(), 1, 20'000);
    QVERIFY2(rig.last().ok(), qPrintable(rig.last().error ? rig.last().error->detail : QString()));
    QVERIFY(rig.last().response->body == body);
}

void TestTransport::fillsASink()
{
    LyingServer server;
    const QByteArray body(2'000'000, 'f');
    server.script = [&](const Arrival &a) {
        return a.target == "/bad" ? Script { send(answer(404, "{\"message\":\"no\"}")) }
                                  : Script { send(answer(200, a.target == "/empty" ? "" : body)) };
    };
    NetRig rig(server);
    const auto sink = std::make_shared<MemorySink>();
    Request request = rig.get();
    request.sink = sink;
    request.limits.bodyBytes = 1000; // the sink has its own limit
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
    QCOMPARE(sink->bytes, body);
    QCOMPARE(sink->announced, body.size());
    QCOMPARE(rig.last().response->body, QByteArray());

    // An error's body is for reading, not for keeping.
    request = rig.get(u"/bad"_s);
    request.sink = std::make_shared<MemorySink>();
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(rig.last().response->body, R"({"message":"no"})");
    QCOMPARE(static_cast<MemorySink *>(request.sink.get())->begun, 0);

    request = rig.get(u"/empty"_s);
    request.sink = std::make_shared<MemorySink>();
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 3);
    QCOMPARE(static_cast<MemorySink *>(request.sink.get())->begun, 1);
}

void TestTransport::endsWhereTheSinkIsFull()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script { send("HTTP/1.1 200 OK\r\nContent-Type: x/y\r\n\r\n"),
            sendForEver(QByteArray(60'000, 'f')) };
    };
    NetRig rig(server);
    const auto sink = std::make_shared<MemorySink>();
    sink->most = 5'000'000;
    Request request = rig.get();
    request.sink = sink;
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::Sink);
    QCOMPARE(rig.last().error->fault, Fault::Storage);
    QCOMPARE(rig.last().error->detail, u"The quota is full."_s);
    QVERIFY(sink->bytes.size() < 6'000'000);
    QTRY_COMPARE(server.open(), 0);
}

void TestTransport::streamsABody()
{
    LyingServer server;
    NetRig rig(server);
    QByteArray content(700'000, 's');
    Request request = rig.post({});
    request.contentType = "application/octet-stream";
    request.stream = [content] {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(content);
        buffer->open(QIODevice::ReadOnly);
        return buffer;
    };
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
    QCOMPARE(server.arrivals().first().body, content);

    request.stream = [] { return std::make_unique<QBuffer>(); }; // not open
    rig.send(request);
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(rig.last().problem, Problem::BadRequest);
    QCOMPARE(rig.last().outcome, Outcome::NotSent);
    QCOMPARE(server.arrivals().size(), 1);
}

void TestTransport::refusesWhatMayNotBeSent_data()
{
    QTest::addColumn<Request>("request");
    const auto with = [](auto change) {
        Request request { .url = QUrl(u"http://127.0.0.1:1/x"_s) };
        change(request);
        return request;
    };
    QTest::newRow("another host") << with(
        [](Request &r) { r.url = QUrl(u"https://elsewhere.example/"_s); });
    QTest::newRow("another port") << with([](Request &r) { r.url.setPort(2); });
    QTest::newRow("another scheme") << with([](Request &r) { r.url.setScheme(u"https"_s); });
    QTest::newRow("file") << with([](Request &r) { r.url = QUrl(u"file:///etc/passwd"_s); });
    QTest::newRow("user in the address") << with([](Request &r) { r.url.setUserInfo(u"a:b"_s); });
    QTest::newRow("own authorization") << with([](Request &r) {
        r.headers = { { "authorization", "x" } };
    });
    QTest::newRow("own cookie") << with([](Request &r) { r.headers = { { "Cookie", "x" } }; });
    QTest::newRow("line break in a value") << with([](Request &r) {
        r.headers = { { "X-A", "b\r\nX-C: d" } };
    });
    QTest::newRow("line break in a name") << with([](Request &r) {
        r.headers = { { "X-A: b\r\nX-C", "d" } };
    });
    QTest::newRow("body of a get") << with([](Request &r) { r.body = "x"; });
    QTest::newRow("body without a type") << with([](Request &r) {
        r.method = Method::Post;
        r.body = "x";
    });
    QTest::newRow("file elsewhere, local") << with([](Request &r) {
        r.allowsOtherHost = true;
        r.url = QUrl(u"https://192.168.1.1/x"_s);
    });
    QTest::newRow("file elsewhere, plain") << with([](Request &r) {
        r.allowsOtherHost = true;
        r.url = QUrl(u"http://files.example.com/x"_s);
    });
    QTest::newRow("file elsewhere, smb") << with([](Request &r) {
        r.allowsOtherHost = true;
        r.url = QUrl(u"smb://files.example.com/x"_s);
    });
}

void TestTransport::refusesWhatMayNotBeSent()
{
    QFETCH(Request, request);
    SystemClock clock;
    SeededRandom random(1);
    Transport transport({ .base = *BaseUrl::parse(u"http://127.0.0.1:1"_s) }, clock, random);
    QList<Answer> answers;
    const auto call = transport.send(request, [&](Answer a) { answers.append(std::move(a)); });
    QVERIFY(answers.isEmpty());
    QTRY_COMPARE(answers.size(), 1);
    QCOMPARE(answers.first().problem, Problem::BadRequest);
    QCOMPARE(answers.first().outcome, Outcome::NotSent);
    QVERIFY(!call->firstByteSent());
}

void TestTransport::tellsEveryStatus_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<Retry>("retry");
    QTest::newRow("300") << 300 << Outcome::Rejected << Fault::BadReply << Retry::Never;
    QTest::newRow("302") << 302 << Outcome::Unknown << Fault::BadReply << Retry::Never;
    QTest::newRow("400") << 400 << Outcome::Rejected << Fault::BadInput << Retry::Never;
    QTest::newRow("401") << 401 << Outcome::Rejected << Fault::SignIn << Retry::AfterSignIn;
    QTest::newRow("403") << 403 << Outcome::Rejected << Fault::NotAllowed << Retry::Never;
    QTest::newRow("404") << 404 << Outcome::Rejected << Fault::NotFound << Retry::Never;
    QTest::newRow("405") << 405 << Outcome::Rejected << Fault::BadInput << Retry::Never;
    QTest::newRow("408") << 408 << Outcome::Rejected << Fault::BadReply << Retry::Later;
    QTest::newRow("409") << 409 << Outcome::Rejected << Fault::Conflict << Retry::Never;
    QTest::newRow("410") << 410 << Outcome::Rejected << Fault::NotFound << Retry::Never;
    QTest::newRow("412") << 412 << Outcome::Rejected << Fault::Conflict << Retry::Never;
    QTest::newRow("418") << 418 << Outcome::Rejected << Fault::BadInput << Retry::Never;
    QTest::newRow("422") << 422 << Outcome::Rejected << Fault::BadInput << Retry::Never;
    QTest::newRow("429") << 429 << Outcome::Rejected << Fault::RateLimited << Retry::Later;
    QTest::newRow("500") << 500 << Outcome::Unknown << Fault::BadReply << Retry::Later;
    QTest::newRow("501") << 501 << Outcome::Rejected << Fault::BadReply << Retry::Later;
    QTest::newRow("502") << 502 << Outcome::Unknown << Fault::BadReply << Retry::Later;
    QTest::newRow("503") << 503 << Outcome::Unknown << Fault::BadReply << Retry::Later;
    QTest::newRow("504") << 504 << Outcome::Unknown << Fault::BadReply << Retry::Later;
    QTest::newRow("599") << 599 << Outcome::Unknown << Fault::BadReply << Retry::Later;
}

void TestTransport::tellsEveryStatus()
{
    QFETCH(int, status);
    QFETCH(Outcome, outcome);
    LyingServer server;
    server.script = [status](const Arrival &) {
        return Script { send(answer(status, R"({"message":"said"})", "application/json",
            "WWW-Authenticate: Basic realm=\"x\"\r\n")) };
    };
    NetRig rig(server);
    rig.transport.setCredentials(
        Credentials::authorization("token", Secret::take(QByteArray(token))));
    rig.send(rig.post());
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::Status);
    QCOMPARE(rig.last().outcome, outcome);
    QTEST(rig.last().error->fault, "fault");
    QTEST(rig.last().error->retry, "retry");
    QCOMPARE(rig.last().response->status, status);
    QCOMPARE(rig.last().response->body, R"({"message":"said"})");
    QCOMPARE(server.arrivals().size(), 1);
}

QTEST_GUILESS_MAIN(TestTransport)
#include "tst_transport.moc"
