#include "tests/support/caserange.h"
#include "tests/support/syncrig/schedules.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tierline;
using namespace tierline::test;

class TestSchedules : public QObject
{
    Q_OBJECT
private slots:
    void bothSidesEndEqual();
    void costs();
};

void TestSchedules::bothSidesEndEqual()
{
    const CaseRange cases = casesToRun(200, 100'000);
    const int failed = runSchedules(
        cases.first + 1, cases.end + 1, [] { return std::make_unique<Schedules>(); });
    QCOMPARE(failed, 0);
}

// Says what a schedule costs; a limit only against accidents.
void TestSchedules::costs()
{
    Schedules schedules;
    schedules.run(1);
    QElapsedTimer timer;
    timer.start();
    constexpr int runs = 60;
    for (quint64 seed = 1; seed <= runs; ++seed)
        schedules.run(seed);
    const double each = double(timer.nsecsElapsed()) / 1e6 / runs;
    qInfo("a schedule costs %.2f ms", each);
    QVERIFY(each < 500);
}

QTEST_GUILESS_MAIN(TestSchedules)
#include "tst_schedules.moc"
