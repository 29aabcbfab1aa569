#include "tests/support/fakedesk/simloop.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestSimLoop : public QObject
{
    Q_OBJECT
private slots:
    void runsInOrderOfTime();
    void equalInstantsRunInTheOrderAsked();
    void shufflesEqualInstantsBySeed();
    void cancelledWorkNeverRuns();
    void workMayAskForMore();
    void runForEndsAtItsEnd();
    void runUntilStopsWhenItIsTrue();
    void aJumpOfTheWallClockMovesNothing();
    void timeWaitsForWhatIsOutside();
};

void TestSimLoop::runsInOrderOfTime()
{
    FakeClock clock;
    SimLoop loop(clock);
    const Instant start = clock.now();
    QStringList ran;
    const auto say = [&](const QString &what) {
        ran.append(what + QString::number((clock.now() - start).count()));
    };
    loop.after(30ms, [&] { say(u"c"_s); });
    loop.after(10ms, [&] { say(u"a"_s); });
    loop.after(20ms, [&] { say(u"b"_s); });
    QCOMPARE(loop.waiting(), 3);
    QCOMPARE(loop.run(), 3);
    QCOMPARE(ran, (QStringList { u"a10"_s, u"b20"_s, u"c30"_s }));
    QVERIFY(!loop.runOne());
    QCOMPARE(loop.waiting(), 0);
}

void TestSimLoop::equalInstantsRunInTheOrderAsked()
{
    FakeClock clock;
    SimLoop loop(clock);
    QString ran;
    for (const QChar c : u"abcdef"_s)
        loop.after(5ms, [&ran, c] { ran += c; });
    loop.run();
    QCOMPARE(ran, u"abcdef"_s);
}

void TestSimLoop::shufflesEqualInstantsBySeed()
{
    const auto order = [](quint64 seed) {
        FakeClock clock;
        SimLoop loop(clock);
        loop.shuffleTies(seed);
        QString ran;
        for (const QChar c : u"abcdefgh"_s)
            loop.after(5ms, [&ran, c] { ran += c; });
        loop.run();
        return ran;
    };
    QCOMPARE(order(1), order(1));
    QVERIFY(order(1) != order(2));
    QString sorted = order(3);
    std::ranges::sort(sorted);
    QCOMPARE(sorted, u"abcdefgh"_s);
}

void TestSimLoop::cancelledWorkNeverRuns()
{
    FakeClock clock;
    SimLoop loop(clock);
    int ran = 0;
    const quint64 later = loop.after(9ms, [&ran] { ran += 100; });
    loop.after(1ms, [&] {
        ++ran;
        loop.cancel(later);
        loop.cancel(later);
        loop.cancel(4711);
    });
    loop.run();
    QCOMPARE(ran, 1);
    QCOMPARE(loop.waiting(), 0);
}

void TestSimLoop::workMayAskForMore()
{
    FakeClock clock;
    SimLoop loop(clock);
    int left = 100;
    std::function<void()> tick = [&] {
        if (--left > 0)
            loop.after(1s, tick);
    };
    loop.after(1s, tick);
    const Millis start = loop.now();
    QCOMPARE(loop.run(), 100);
    QCOMPARE((loop.now() - start).count(), 100'000);
}

void TestSimLoop::runForEndsAtItsEnd()
{
    FakeClock clock;
    SimLoop loop(clock);
    int ran = 0;
    loop.after(1s, [&ran] { ++ran; });
    loop.after(10s, [&ran] { ++ran; });
    loop.after(10'001ms, [&ran] { ++ran; });
    const Millis start = loop.now();
    loop.runFor(10s);
    QCOMPARE(ran, 2);
    QCOMPARE((loop.now() - start).count(), 10'000);
    loop.runFor(1s);
    QCOMPARE(ran, 3);
    QCOMPARE((loop.now() - start).count(), 11'000);
}

void TestSimLoop::runUntilStopsWhenItIsTrue()
{
    FakeClock clock;
    SimLoop loop(clock);
    int ran = 0;
    for (int i = 1; i <= 5; ++i)
        loop.after(Millis(i * 1000), [&ran] { ++ran; });
    QVERIFY(loop.runUntil([&ran] { return ran == 2; }));
    QCOMPARE(loop.waiting(), 3);
    QVERIFY(!loop.runUntil([&ran] { return ran == 5; }, 2s));
    QCOMPARE(ran, 4);
    QVERIFY(!loop.runUntil([] { return false; }));
    QCOMPARE(ran, 5);
}

void TestSimLoop::aJumpOfTheWallClockMovesNothing()
{
    FakeClock clock;
    SimLoop loop(clock);
    int ran = 0;
    loop.after(60s, [&ran] { ++ran; });
    clock.jumpTo(clock.now() + std::chrono::hours(24));
    loop.runFor(59s);
    QCOMPARE(ran, 0);
    clock.jumpTo(clock.now() - std::chrono::hours(48));
    loop.runFor(1s);
    QCOMPARE(ran, 1);
}

void TestSimLoop::timeWaitsForWhatIsOutside()
{
    FakeClock clock;
    SimLoop loop(clock);
    // A store that needs three rounds of its own loop, and then asks for something at once.
    int rounds = 0;
    QString ran;
    loop.after(1h, [&ran] { ran += u"hour "_s; });
    loop.setIdle([&] {
        if (++rounds > 3)
            return false;
        if (rounds == 3)
            loop.after(0ms, [&ran] { ran += u"now "_s; });
        return true;
    });
    loop.run();
    QCOMPARE(ran, u"now hour "_s);
}

QTEST_GUILESS_MAIN(TestSimLoop)
#include "tst_simloop.moc"
