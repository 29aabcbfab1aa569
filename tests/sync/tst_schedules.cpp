#include "tests/support/caserange.h"
#include "tests/support/syncrig/syncrig.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Random schedules of lies, commands, other people's work and deaths. The seed decides all of it.

namespace {

/// What stays from run to run, since making a store costs more than a run.
class Schedules
{
public:
    /// Empty where all is well. With `trace`, in stores of its own, what happened as text.
    QString run(quint64 seed, QString *trace = nullptr)
    {
        m_clock.jumpTo(Instant { 1'780'920'000'000 });
        if (m_runs++ % 100 == 0) {
            m_first.create();
            m_second.create();
        }
        SeededRandom random(seed);
        SimLoop loop(m_clock);
        loop.shuffleTies(seed);
        FakeDesk desk(loop,
            { .seed = seed,
                .tickets = 3,
                .hasVersions = seed % 4 != 0,
                .keepsOperations = seed % 5 == 0,
                .lateCommitPercent = 10 });
        desk.setTracing(trace != nullptr);
        std::vector<std::unique_ptr<SyncSide>> sides;
        sides.push_back(std::make_unique<SyncSide>(
            m_first, desk, SideOptions { .seed = seed, .user = u"7"_s }));
        if (seed % 3 == 0)
            sides.push_back(std::make_unique<SyncSide>(
                m_second, desk, SideOptions { .seed = seed, .user = u"8"_s }));
        for (const auto &side : sides)
            side->syncOnce();
        desk.lies().atRandom({ .percent = 25 }, seed);
        work(random, loop, desk, sides);
        const QString wrong = end(loop, desk, sides);
        if (trace)
            *trace = desk.traced().join(u'\n') + u'\n' + desk.printed();
        return wrong;
    }

private:
    static void work(SeededRandom &random, SimLoop &loop, FakeDesk &desk,
        std::vector<std::unique_ptr<SyncSide>> &sides)
    {
        for (int i = 0; i < 25; ++i) {
            SyncSide &side = *sides[size_t(random.below(qint64(sides.size())))];
            switch (random.below(8)) {
            case 0:
            case 1:
            case 2:
            case 3: desk.trace(side.account() + u": "_s + side.someCommand(random)); break;
            case 4:
                // With two workspaces user 8 is one of them, and nobody copies a marker of their own.
                desk.someoneDoesSomething(random, { .spoofs = sides.size() > 1 ? 0 : 1 });
                break;
            case 5:
            case 6:
                if (!side.isRunning())
                    side.start();
                break;
            default:
                if (side.isRunning() && random.below(3) == 0) {
                    desk.trace(u"kill"_s);
                    side.kill();
                } else if (random.below(3) == 0) {
                    side.gate().killAt = side.gate().writes + 1 + int(random.below(8));
                    side.gate().isCommitted = random.below(2) == 0;
                }
            }
            loop.runFor(Millis(random.below(random.below(4) == 0 ? 40'000 : 1'500)));
        }
    }

    static QString end(SimLoop &loop, FakeDesk &desk, std::vector<std::unique_ptr<SyncSide>> &sides)
    {
        desk.settle();
        desk.beHonest();
        std::vector<SyncSide *> all;
        for (const auto &side : sides) {
            side->kill();
            all.push_back(side.get());
        }
        loop.runFor(61s); // what is on its way arrives
        QString wrong;
        if (!settleAll(loop, desk, all))
            wrong += u"it does not settle\n"_s;
        for (SyncSide *side : all) {
            for (SyncSide *other : all) {
                if (other != side)
                    side->know(*other);
            }
            const QString here = side->wrong();
            if (!here.isEmpty())
                wrong += side->account() + u":\n"_s + here;
        }
        return wrong;
    }

    FakeClock m_clock;
    SyncStore m_first { m_clock };
    SyncStore m_second { m_clock };
    int m_runs = 0;
};

} // namespace

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
    const qint64 only = qEnvironmentVariableIntValue("TIERLINE_SEED");
    Schedules schedules;
    int failed = 0;
    for (qint64 seed = cases.first + 1; seed <= cases.end; ++seed) {
        if (only > 0 && seed != only)
            continue;
        const QString wrong = schedules.run(quint64(seed));
        if (wrong.isEmpty())
            continue;
        QString trace;
        Schedules().run(quint64(seed), &trace);
        qWarning("seed %lld: %s", seed, qPrintable(wrong.left(3000)));
        if (++failed == 1 || only > 0)
            qWarning("%s", qPrintable(trace.right(30'000)));
    }
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
