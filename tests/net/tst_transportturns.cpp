#include "tests/support/net/netrig.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// When requests start, when they end early, and who is told.
class TestTransportTurns : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void destroyedCallsSayNothing();
    void callsMayBeDestroyedInTheirHandler();
    void transportsMayBeDestroyedInAHandler();
    void cancelsBeforeTheFirstByte();
    void cancelsAfterTheFirstByte();
    void asksOnceAfter401();
    void lateRefusalOfOldCredentialsClosesNothing();
    void opensAtMostSoMany();
    void waitsAsTheServerAsks();
    void keepsThePace();
    void hasCookiesOnlyInASession();
};

void TestTransportTurns::destroyedCallsSayNothing()
{
    LyingServer server;
    server.script = [](const Arrival &) { return Script { hold() }; };
    NetRig rig(server);
    rig.send(rig.get());
    QTRY_COMPARE(server.arrivals().size(), 1);
    rig.calls.clear();
    QTRY_COMPARE(server.open(), 0); // the connection goes with it
    // One that never started, and one whose end is already on its way.
    rig.send(rig.get());
    rig.calls.clear();
    Request wrong = rig.get();
    wrong.body = "x";
    rig.send(wrong);
    rig.calls.clear();
    server.script = nullptr;
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(rig.last().ok());
}

void TestTransportTurns::callsMayBeDestroyedInTheirHandler()
{
    LyingServer server;
    NetRig rig(server);
    std::unique_ptr<Call> call;
    int told = 0;
    call = rig.transport.send(rig.get(), [&](const Answer &) {
        call.reset();
        ++told;
    });
    QTRY_COMPARE(told, 1);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(told, 1);
}

void TestTransportTurns::transportsMayBeDestroyedInAHandler()
{
    LyingServer server;
    server.script = [](const Arrival &a) {
        return a.target == "/slow" ? Script { hold() } : Script { send(answer(401)) };
    };
    SystemClock clock;
    SeededRandom random(1);
    auto transport = std::make_unique<Transport>(
        TransportSettings { .base = *BaseUrl::parse(server.url().toString()) }, clock, random);
    const BaseUrl base = transport->base();
    int told = 0;
    const auto slow
        = transport->send({ .url = base.at({ u"slow"_s }) }, [&](const Answer &) { ++told; });
    const auto quick = transport->send({ .url = base.at({ u"quick"_s }) }, [&](const Answer &) {
        transport.reset();
        ++told;
    });
    QTRY_COMPARE(told, 1);
    QTRY_COMPARE(server.open(), 0);
    QCOMPARE(told, 1);
    QVERIFY(!slow->firstByteSent() || slow->firstByteSent()); // a handle outlives its transport
}

void TestTransportTurns::cancelsBeforeTheFirstByte()
{
    // Nobody accepts: the port takes connections into its backlog and never reads.
    LyingServer server;
    server.pauseAccepting();
    NetRig rig(server, { .concurrent = 1 });
    server.onHeaders = [](const Arrival &) { return Script { hold() }; };
    rig.send(rig.get());
    rig.send(rig.post());
    QVERIFY(!rig.calls[1]->firstByteSent());
    rig.calls[1]->cancel();
    QVERIFY(rig.answers.isEmpty());
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().problem, Problem::Cancelled);
    QCOMPARE(rig.last().outcome, Outcome::NotSent);
    QCOMPARE(rig.last().error->fault, Fault::Cancelled);
    rig.calls[1]->cancel(); // again is nothing
    server.resumeAccepting();
    QTRY_COMPARE(server.arrivals().size(), 1);
    QCOMPARE(server.arrivals().first().method, "GET");
    QCOMPARE(rig.answers.size(), 1);
}

void TestTransportTurns::cancelsAfterTheFirstByte()
{
    LyingServer server;
    server.script = [](const Arrival &) { return Script { hold() }; };
    NetRig rig(server);
    rig.send(rig.post());
    QTRY_COMPARE(server.arrivals().size(), 1);
    QVERIFY(rig.calls[0]->firstByteSent());
    rig.calls[0]->cancel();
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().outcome, Outcome::Unknown);
    QTRY_COMPARE(server.open(), 0);
}

void TestTransportTurns::asksOnceAfter401()
{
    LyingServer server;
    server.script = [](const Arrival &a) {
        return a.header("Authorization") == "token good" ? Script { send(answer(200, "{}")) }
                                                         : Script { send(answer(401, "{}")) };
    };
    NetRig rig(server, { .concurrent = 2 });
    QSignalSpy asked(&rig.transport, &Transport::signInNeeded);
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("bad")));
    for (int i = 0; i < 20; ++i)
        rig.send(i % 2 ? rig.get() : rig.post());
    QTRY_COMPARE(rig.answers.size(), 20);
    QCOMPARE(asked.size(), 1);
    QVERIFY(rig.transport.isGateClosed());
    QVERIFY2(server.arrivals().size() <= 2, qPrintable(QString::number(server.arrivals().size())));
    int barred = 0;
    for (const Answer &answer : rig.answers) {
        QCOMPARE(answer.error->fault, Fault::SignIn);
        if (answer.problem != Problem::GateClosed)
            continue;
        ++barred;
        QCOMPARE(answer.outcome, Outcome::NotSent);
    }
    QCOMPARE(barred, 20 - server.arrivals().size());
    const auto before = server.arrivals().size();
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 21);
    QCOMPARE(server.arrivals().size(), before);
    QCOMPARE(asked.size(), 1);

    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("good")));
    QVERIFY(!rig.transport.isGateClosed());
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 22);
    QVERIFY(rig.last().ok());
}

void TestTransportTurns::lateRefusalOfOldCredentialsClosesNothing()
{
    LyingServer server;
    server.script = [](const Arrival &) { return Script { wait(150), send(answer(401, "{}")) }; };
    NetRig rig(server);
    QSignalSpy asked(&rig.transport, &Transport::signInNeeded);
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("old")));
    rig.send(rig.get());
    QTRY_COMPARE(server.arrivals().size(), 1);
    rig.transport.setCredentials(Credentials::authorization("token", Secret::take("new")));
    QTRY_COMPARE(rig.answers.size(), 1);
    QVERIFY(!rig.transport.isGateClosed());
    QCOMPARE(asked.size(), 0);
}

void TestTransportTurns::opensAtMostSoMany()
{
    LyingServer server;
    int running = 0;
    int most = 0;
    server.script = [&](const Arrival &) {
        most = qMax(most, ++running);
        return Script { wait(20), send(answer(200, "{}")) };
    };
    NetRig rig(server, { .concurrent = 3 });
    for (int i = 0; i < 12; ++i) {
        rig.calls.push_back(rig.transport.send(rig.get(), [&](Answer a) {
            --running;
            rig.answers.append(std::move(a));
        }));
    }
    QTRY_COMPARE(rig.answers.size(), 12);
    QVERIFY2(most <= 3, qPrintable(QString::number(most)));
    QVERIFY(server.connections() <= 3);
}

void TestTransportTurns::waitsAsTheServerAsks()
{
    FakeClock clock;
    LyingServer server;
    server.script = [](const Arrival &a) {
        return a.target == "/limit"
            ? Script { send(answer(429, "{}", "application/json", "Retry-After: 20\r\n")) }
            : Script { send(answer(200, "{}")) };
    };
    NetRig rig(server, { .concurrent = 1 }, &clock);
    rig.send(rig.get(u"/limit"_s));
    QTRY_COMPARE(rig.answers.size(), 1);
    QCOMPARE(rig.last().error->fault, Fault::RateLimited);
    QVERIFY(rig.last().error->wait >= 20s && rig.last().error->wait <= 22s);
    Request hasty = rig.get();
    hasty.patience = 5s;
    rig.send(hasty);
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(rig.last().problem, Problem::TooLongToWait);
    QCOMPARE(rig.last().outcome, Outcome::NotSent);
    QVERIFY(rig.last().error->wait >= 20s);
    rig.send(rig.get());
    clock.advance(19s);
    QTest::qWait(300); // longer than the transport ever naps
    QCOMPARE(server.arrivals().size(), 1);
    clock.advance(3s);
    QTRY_COMPARE(rig.answers.size(), 3);
    QVERIFY(rig.last().ok());
}

void TestTransportTurns::keepsThePace()
{
    FakeClock clock;
    LyingServer server;
    NetRig rig(server, { .perMinute = 60, .burst = 2 }, &clock);
    for (int i = 0; i < 5; ++i)
        rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 2);
    QTest::qWait(300);
    QCOMPARE(server.arrivals().size(), 2);
    for (int i = 3; i <= 5; ++i) {
        clock.advance(1s);
        QTRY_COMPARE(rig.answers.size(), i);
        QCOMPARE(server.arrivals().size(), i);
    }
}

void TestTransportTurns::hasCookiesOnlyInASession()
{
    LyingServer server;
    server.script = [](const Arrival &) {
        return Script {
            send(answer(200, "{}", "application/json",
                "Set-Cookie: RT_SID=abc; Path=/; HttpOnly\r\nSet-Cookie: other=1; Domain=elsewhere.example\r\n"))
        };
    };
    NetRig rig(server);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 1);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 2);
    QCOMPARE(server.arrivals().last().header("Cookie"), QByteArray());

    const auto session = std::make_shared<CookieSession>(rig.transport.base());
    rig.transport.setSession(session);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 3);
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 4);
    QCOMPARE(server.arrivals().last().header("Cookie"), "RT_SID=abc");
    QCOMPARE(session->headerFor(QUrl(u"http://127.0.0.2/"_s)), QByteArray());
    session->clear();
    rig.send(rig.get());
    QTRY_COMPARE(rig.answers.size(), 5);
    QCOMPARE(server.arrivals().last().header("Cookie"), QByteArray());
}

QTEST_GUILESS_MAIN(TestTransportTurns)
#include "tst_transportturns.moc"
