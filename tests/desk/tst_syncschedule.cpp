#include "core/desk/syncschedule.h"

#include <QTest>

using namespace tierline;
using namespace tierline::desk;
using namespace std::chrono_literals;

class TestSyncSchedule : public QObject
{
    Q_OBJECT
private slots:
    void changesGoTogether();
    void aChangeForLaterWaits();
    void triesEverLessOften();
    void aChangeTriesAnUnreachableRemoteSooner();
    void aRefusedSecretIsNotTriedAgain();
    void theRemotesWaitIsKept();
    void whatComesWhileARoundRunsIsNotForgotten();

private:
    SyncTimes m_times;
    SeededRandom m_random { 3 };
};

void TestSyncSchedule::changesGoTogether()
{
    SyncSchedule schedule(m_times);
    schedule.wantNow(0s);
    QVERIFY(schedule.isDue(0s));
    schedule.begun();
    QVERIFY(!schedule.isDue(10s));
    schedule.ended(1s, RoundEnd::Good, {}, m_random);
    QVERIFY(!schedule.isDue(60s));
    QVERIFY(schedule.isDue(76s));
    // Each change gives the ones before it some more time.
    schedule.changed(10s, 10s);
    schedule.changed(12s, 12s);
    QVERIFY(!schedule.isDue(15999ms));
    QVERIFY(schedule.isDue(16s));
}

void TestSyncSchedule::aChangeForLaterWaits()
{
    SyncSchedule schedule(m_times);
    schedule.begun();
    schedule.ended(0s, RoundEnd::Good, {}, m_random);
    schedule.changed(1s, 30s);
    QVERIFY(!schedule.isDue(29s));
    QVERIFY(schedule.isDue(30s));
}

void TestSyncSchedule::triesEverLessOften()
{
    SyncSchedule schedule(m_times);
    Millis now { 0 };
    Millis last { 0 };
    for (int i = 0; i < 20; ++i) {
        schedule.begun();
        schedule.ended(now, RoundEnd::Unreachable, {}, m_random);
        const Millis pause = *schedule.next() - now;
        QVERIFY2(pause >= m_times.firstRetry, qPrintable(QString::number(pause.count())));
        QVERIFY(pause <= m_times.lastRetry * 5 / 4);
        if (i < 4)
            QVERIFY(pause > last);
        last = pause;
        now = *schedule.next();
    }
    QVERIFY(last >= m_times.lastRetry);
    schedule.begun();
    schedule.ended(now, RoundEnd::Good, {}, m_random);
    schedule.begun();
    schedule.ended(now, RoundEnd::Unreachable, {}, m_random);
    QVERIFY(*schedule.next() - now < 2 * m_times.firstRetry);
}

void TestSyncSchedule::aChangeTriesAnUnreachableRemoteSooner()
{
    SyncSchedule schedule(m_times);
    Millis now { 0 };
    for (int i = 0; i < 12; ++i) {
        schedule.begun();
        schedule.ended(now, RoundEnd::Unreachable, {}, m_random);
    }
    QVERIFY(*schedule.next() > now + m_times.fresh);
    schedule.changed(now + 1s, now + 1s);
    QCOMPARE(*schedule.next(), now + m_times.fresh);
    schedule.changed(now + 100s, now + 100s);
    QCOMPARE(*schedule.next(), now + 100s + m_times.settle);
}

void TestSyncSchedule::aRefusedSecretIsNotTriedAgain()
{
    SyncSchedule schedule(m_times);
    schedule.begun();
    schedule.changed(0s, 0s);
    schedule.ended(1s, RoundEnd::SignIn, {}, m_random);
    schedule.changed(2s, 2s);
    schedule.expect(3s);
    QVERIFY(schedule.isPaused());
    QVERIFY(!schedule.isDue(1h));
    QVERIFY(!schedule.next());
    schedule.signedIn(1h);
    QVERIFY(schedule.isDue(1h));
}

void TestSyncSchedule::theRemotesWaitIsKept()
{
    SyncSchedule schedule(m_times);
    schedule.begun();
    schedule.ended(0s, RoundEnd::Limited, 50s, m_random);
    schedule.changed(1s, 1s);
    schedule.expect(2s);
    schedule.wantNow(3s);
    QVERIFY(!schedule.isDue(49s));
    QVERIFY(schedule.isDue(50s));
}

void TestSyncSchedule::whatComesWhileARoundRunsIsNotForgotten()
{
    SyncSchedule schedule(m_times);
    schedule.begun();
    schedule.changed(5s, 5s);
    schedule.ended(6s, RoundEnd::Good, {}, m_random);
    QCOMPARE(*schedule.next(), 5s + m_times.settle);
    schedule.begun();
    schedule.wantNow(20s);
    schedule.ended(21s, RoundEnd::Good, {}, m_random);
    QVERIFY(schedule.isDue(21s));
}

QTEST_APPLESS_MAIN(TestSyncSchedule)
#include "tst_syncschedule.moc"
