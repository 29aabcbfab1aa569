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
        desk.lies().atRandom(lies(seed), seed);
        work(random, loop, desk, sides);
        const QString wrong = end(random, loop, desk, sides);
        if (trace)
            *trace = desk.traced().join(u'\n') + u'\n' + desk.printed();
        return wrong;
    }

private:
    /// Every schedule cuts, hangs, restarts and mixes up pages; some also do what a person must answer.
    static LieMix lies(quint64 seed)
    {
        return { .percent = 25,
            .stuckCursors = seed % 7 == 1,
            .emptyLists = seed % 5 == 2,
            .signIn = seed % 11 == 3,
            .rejects = seed % 3 == 1,
            .gone = seed % 4 == 3,
            .unknownCodes = seed % 13 == 5 };
    }

    static Activity others(quint64 seed)
    {
        return { .deletes = seed % 5 == 1,
            .merges = seed % 3 == 2,
            .hides = seed % 4 == 2 ? 2 : 0,
            .rights = seed % 6 == 5,
            .copies = 1 };
    }

    /// Dies at some instant from now on, whatever it does then.
    static void killLater(SeededRandom &random, SimLoop &loop, FakeDesk &desk, SyncSide &side)
    {
        loop.after(Millis(random.below(2'000)), [&desk, &side] {
            if (side.isRunning())
                desk.trace(u"kill"_s);
            side.kill();
        });
    }

    static void work(SeededRandom &random, SimLoop &loop, FakeDesk &desk,
        std::vector<std::unique_ptr<SyncSide>> &sides)
    {
        for (int i = 0; i < 25; ++i) {
            SyncSide &side = *sides[size_t(random.below(qint64(sides.size())))];
            switch (random.below(9)) {
            case 0:
            case 1:
            case 2:
            case 3: desk.trace(side.account() + u": "_s + side.someCommand(random)); break;
            case 4: desk.someoneDoesSomething(random, others(desk.options().seed)); break;
            case 5:
            case 6:
                if (!side.isRunning()) {
                    if (random.below(4) == 0)
                        side.signIn();
                    side.start();
                }
                break;
            case 7: desk.trace(side.account() + u": "_s + side.someChoice(random)); break;
            default:
                if (random.below(3) == 0) {
                    killLater(random, loop, desk, side);
                } else if (random.below(3) == 0) {
                    side.gate().killAt = side.gate().writes + 1 + int(random.below(8));
                    side.gate().isCommitted = random.below(2) == 0;
                }
            }
            loop.runFor(Millis(random.below(random.below(4) == 0 ? 40'000 : 1'500)));
        }
    }

    static QString end(SeededRandom &random, SimLoop &loop, FakeDesk &desk,
        std::vector<std::unique_ptr<SyncSide>> &sides)
    {
        desk.settle();
        desk.beHonest();
        std::vector<SyncSide *> all;
        loop.runFor(61s); // what is on its way arrives
        for (const auto &side : sides) {
            side->kill();
            side->signIn();
            all.push_back(side.get());
        }
        QString wrong;
        if (!settleAll(loop, desk, all, 1))
            wrong += u"it does not settle\n"_s;
        if (all.size() > 1) { // what one announced and has not come the other shows no longer
            loop.runFor(11min);
            if (!settleAll(loop, desk, all, 1))
                wrong += u"it does not settle later\n"_s;
        }
        wrong += compare(all) + choose(random, loop, desk, all);
        return wrong;
    }

    /// When somebody has chosen in every conflict, nothing waits for a choice.
    static QString choose(
        SeededRandom &random, SimLoop &loop, FakeDesk &desk, const std::vector<SyncSide *> &all)
    {
        QString wrong;
        int rounds = 0;
        while (
            std::ranges::any_of(all, [](SyncSide *side) { return !side->conflicts().empty(); })) {
            if (++rounds > 12)
                return u"there is no end of conflicts\n"_s;
            for (SyncSide *side : all) {
                for (size_t open = side->conflicts().size(); open > 0; --open)
                    desk.trace(side->account() + u": "_s + side->someChoice(random));
            }
            if (!settleAll(loop, desk, all, 1))
                wrong += u"it does not settle after a choice\n"_s;
        }
        if (rounds == 0)
            return {};
        loop.runFor(11min);
        if (all.size() > 1 && !settleAll(loop, desk, all, 1))
            wrong += u"it does not settle after all choices\n"_s;
        for (SyncSide *side : all) {
            for (const storage::OutboxEntry &entry : side->waiting()) {
                if (entry.state == storage::OutboxState::Conflict)
                    wrong += u"%1 (%2) of %3 still waits for a choice\n"_s.arg(
                        entry.id, entry.kind, side->account());
            }
        }
        return wrong + compare(all);
    }

    static QString compare(const std::vector<SyncSide *> &all)
    {
        QString wrong;
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
