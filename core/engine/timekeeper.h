#pragma once

#include "core/base/clock.h"

#include <optional>

namespace tierline::engine {

/// What time it is for timers. Time that passes counts, asleep or awake; somebody who sets the wall clock makes
/// nothing due and nothing late. A clock that was set is taken at its word after ten minutes: until then it may
/// be a slip, or a machine that asks the network for the time as it wakes. What it made due by then is caught
/// up like any downtime. A step of two seconds or less is taken at once.
/// Thread: one at a time.
class Timekeeper
{
public:
    static constexpr Millis smallStep { 2'000 };
    static constexpr Millis patience { 10 * 60'000 };

    explicit Timekeeper(const Clock &clock);
    /// Fixed: for a run that is told what time it is.
    Timekeeper(const Clock &clock, Instant at);

    Instant now();
    /// By how much the wall clock is ahead of now(), while it is not believed.
    Millis doubt() const { return m_doubt; }
    /// Waiting until `at` takes so long, by a clock that nobody sets.
    Millis until(Instant at) { return at - now(); }

private:
    const Clock &m_clock;
    std::optional<Instant> m_fixed;
    Millis m_offset { 0 }; ///< wall less time since boot
    Millis m_doubt { 0 };
    Millis m_doubtedOffset { 0 };
    Millis m_doubtedSince { 0 };
};

} // namespace tierline::engine
