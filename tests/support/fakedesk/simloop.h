#pragma once

#include "core/base/ids.h"
#include "tests/support/fakeclock.h"

#include <functional>
#include <map>
#include <unordered_map>

namespace tierline::test {

/// Time that passes only when nothing is left to do: a queue of work for later, on a FakeClock. No
/// timers, no threads, no waiting; an hour of the program costs what its work costs. Work at the same
/// instant runs in the order in which it was asked for, or in an order by seed where ties are shuffled.
/// Thread: one. Work may ask for more work, cancel other work, and call run functions of no loop.
class SimLoop
{
public:
    using Work = std::function<void()>;

    explicit SimLoop(FakeClock &clock)
        : m_clock(clock)
        , m_random(1)
    {
    }

    FakeClock &clock() { return m_clock; }
    /// Since the clock's beginning; jumps of the wall clock do not move it.
    Millis now() const { return m_clock.monotonic(); }

    /// From now on work of one instant runs in an order that the seed decides.
    void shuffleTies(quint64 seed);
    /// Asked before time moves: does what the simulation does not see (an event loop, a store's thread)
    /// and says whether anything happened there. Only when it says no does time move on.
    void setIdle(std::function<bool()> idle) { m_idle = std::move(idle); }

    /// Runs `work` when `delay` has passed (at least after the present work). The number cancels it.
    quint64 after(Millis delay, Work work);
    /// No effect where it has run or was cancelled.
    void cancel(quint64 number);

    /// Runs the next piece of work, moving the clock to it. False where nothing is left.
    bool runOne();
    /// Until nothing is left or `most` pieces have run; how many did.
    qint64 run(qint64 most = 1'000'000);
    /// All that falls due within `d`; the clock then stands at its end.
    void runFor(Millis d);
    /// Until it is true; false where nothing is left or `limit` of simulated time has passed before.
    bool runUntil(const std::function<bool()> &isTrue, Millis limit = std::chrono::hours(24));

    qsizetype waiting() const { return qsizetype(m_queue.size()); }

private:
    struct Key {
        qint64 at = 0;
        quint64 tie = 0;
        quint64 number = 0;
        auto operator<=>(const Key &) const = default;
    };

    bool settle();

    FakeClock &m_clock;
    SeededRandom m_random;
    bool m_shuffles = false;
    std::function<bool()> m_idle;
    std::map<Key, Work> m_queue;
    std::unordered_map<quint64, Key> m_keys;
    quint64 m_next = 1;
};

} // namespace tierline::test
