#pragma once

#include "tests/support/syncrig/syncrig.h"

#include <QDebug>

namespace tierline::test {

/// Random schedules of lies, commands, other people's work and deaths: the seed decides all of it. What
/// stays from run to run are the stores, since making one costs more than a run.
class Schedules
{
public:
    virtual ~Schedules() = default;

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
        FakeDesk desk(loop, deskOf(seed));
        desk.setTracing(trace != nullptr);
        const auto way = open(desk);
        std::vector<std::unique_ptr<SyncSide>> sides;
        sides.push_back(
            std::make_unique<SyncSide>(m_first, desk, sideOf(desk, QStringLiteral("7"))));
        if (seed % 3 == 0)
            sides.push_back(
                std::make_unique<SyncSide>(m_second, desk, sideOf(desk, QStringLiteral("8"))));
        for (const auto &side : sides)
            side->syncOnce();
        desk.lies().atRandom(lies(seed), seed);
        work(random, loop, desk, sides);
        const QString wrong = end(random, loop, desk, sides);
        if (trace)
            *trace = desk.traced().join(u'\n') + u'\n' + desk.printed();
        return wrong;
    }

protected:
    /// What the desk is like, in a run of this seed.
    virtual DeskOptions deskOf(quint64 seed) const
    {
        return { .seed = seed,
            .tickets = 3,
            .hasVersions = seed % 4 != 0,
            .keepsOperations = seed % 5 == 0,
            .lateCommitPercent = 10 };
    }
    /// What stands between desk and clients for the time of a run.
    virtual std::shared_ptr<void> open(FakeDesk &desk)
    {
        Q_UNUSED(desk)
        return {};
    }
    virtual SideOptions sideOf(FakeDesk &desk, const QString &user)
    {
        return { .seed = desk.options().seed, .user = user };
    }
    /// So long after everything is well the clients may still have something to try again.
    virtual Millis triesAgain() const { return Millis(0); }

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
                desk.trace(QStringLiteral("kill"));
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
            case 3:
                desk.trace(side.account() + QStringLiteral(": ") + side.someCommand(random));
                break;
            case 4: desk.someoneDoesSomething(random, others(desk.options().seed)); break;
            case 5:
            case 6:
                if (!side.isRunning()) {
                    if (random.below(4) == 0)
                        side.signIn();
                    side.start();
                }
                break;
            case 7:
                desk.trace(side.account() + QStringLiteral(": ") + side.someChoice(random));
                break;
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

    QString end(SeededRandom &random, SimLoop &loop, FakeDesk &desk,
        std::vector<std::unique_ptr<SyncSide>> &sides)
    {
        desk.settle();
        desk.beHonest();
        std::vector<SyncSide *> all;
        loop.runFor(Millis(61'000)); // what is on its way arrives
        for (const auto &side : sides) {
            side->kill();
            side->signIn();
            all.push_back(side.get());
        }
        // A pass that was under way when its reader died is read to its end first: what shows late comes with the one
        // after it, which a quiet round has to be.
        for (SyncSide *side : all)
            (void)side->syncOnce();
        QString wrong;
        if (!settleAll(loop, desk, all, 1))
            wrong += QStringLiteral("it does not settle\n");
        if (triesAgain() > Millis(0)) {
            loop.runFor(triesAgain());
            if (!settleAll(loop, desk, all, 1))
                wrong += QStringLiteral("it does not settle the next day\n");
        }
        if (all.size() > 1) { // what one announced and has not come the other shows no longer
            loop.runFor(Millis(660'000));
            if (!settleAll(loop, desk, all, 1))
                wrong += QStringLiteral("it does not settle later\n");
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
                return QStringLiteral("there is no end of conflicts\n");
            for (SyncSide *side : all) {
                for (size_t open = side->conflicts().size(); open > 0; --open)
                    desk.trace(side->account() + QStringLiteral(": ") + side->someChoice(random));
            }
            if (!settleAll(loop, desk, all, 1))
                wrong += QStringLiteral("it does not settle after a choice\n");
        }
        if (rounds == 0)
            return {};
        loop.runFor(Millis(660'000));
        if (all.size() > 1 && !settleAll(loop, desk, all, 1))
            wrong += QStringLiteral("it does not settle after all choices\n");
        for (SyncSide *side : all) {
            for (const storage::OutboxEntry &entry : side->waiting()) {
                if (entry.state == storage::OutboxState::Conflict)
                    wrong += QStringLiteral("%1 (%2) of %3 still waits for a choice\n")
                                 .arg(entry.id, entry.kind, side->account());
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
                wrong += side->account() + QStringLiteral(":\n") + here;
        }
        return wrong;
    }

    FakeClock m_clock;
    SyncStore m_first { m_clock, SyncStore::Weight::Light };
    SyncStore m_second { m_clock, SyncStore::Weight::Light };
    int m_runs = 0;
};

/// Runs cases by number; how many ended wrong. What went wrong is said, with the seed; of the first one,
/// or of the one that TIERLINE_SEED names, the whole run. `make` gives runners of their own kind.
inline int runSchedules(
    qint64 first, qint64 end, const std::function<std::unique_ptr<Schedules>()> &make)
{
    const qint64 only = qEnvironmentVariableIntValue("TIERLINE_SEED");
    const auto schedules = make();
    int failed = 0;
    for (qint64 seed = first; seed < end; ++seed) {
        if (only > 0 && seed != only)
            continue;
        const QString wrong = schedules->run(quint64(seed));
        if (wrong.isEmpty())
            continue;
        QString trace;
        make()->run(quint64(seed), &trace);
        qWarning("seed %lld: %s", seed, qPrintable(wrong.left(3000)));
        if (++failed == 1 || only > 0)
            qWarning("%s", qPrintable(trace.right(30'000)));
    }
    return failed;
}

} // namespace tierline::test
