#include "tests/support/caserange.h"
#include "tests/support/syncrig/schedules.h"
#include "tests/sync/wire/wirerig.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace std::chrono_literals;

// The random schedules beside this once more, the whole way down: a real Request Tracker
// connector over real bytes, and lies that are told in bytes.

namespace {

class WireSchedules final : public Schedules
{
protected:
    DeskOptions deskOf(quint64 seed) const override
    {
        DeskOptions options = rtDesk(seed % 5 != 0);
        options.seed = seed;
        options.tickets = 3;
        options.lateCommitPercent = 10;
        return options;
    }
    std::shared_ptr<void> open(FakeDesk &desk) override
    {
        const auto rt = std::make_shared<RtOverWire>(desk);
        m_rt = rt.get();
        return rt;
    }
    SideOptions sideOf(FakeDesk &, const QString &user) override { return m_rt->side(user); }
    Millis triesAgain() const override { return 26h; }

private:
    RtOverWire *m_rt = nullptr;
};

} // namespace

class TestWireSchedules : public QObject
{
    Q_OBJECT
private slots:
    void bothSidesEndEqual();
};

void TestWireSchedules::bothSidesEndEqual()
{
    const CaseRange cases = casesToRun(20, 2'000);
    QElapsedTimer timer;
    timer.start();
    const int failed = runSchedules(
        cases.first + 1, cases.end + 1, [] { return std::make_unique<WireSchedules>(); });
    qInfo(
        "a schedule costs %lld ms", timer.elapsed() / std::max<qint64>(1, cases.end - cases.first));
    QCOMPARE(failed, 0);
}

QTEST_GUILESS_MAIN(TestWireSchedules)
#include "tst_wireschedules.moc"
