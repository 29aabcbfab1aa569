#pragma once

#include "core/base/instant.h"

namespace tierline {

/// The only door to "now". Handed down from the composition root; tests hand down a FakeClock.
/// Thread: any; implementations are immutable or atomic.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    /// Milliseconds that only ever grow, unmoved by changes of the wall clock.
    virtual Millis monotonic() const = 0;
    /// The same, and time in which the machine slept counts: whoever compares it with now() tells a clock that
    /// was set from a night with the lid closed.
    virtual Millis sinceBoot() const { return monotonic(); }
};

/// The machine's own clock.
class SystemClock final : public Clock
{
public:
    Instant now() const override;
    Millis monotonic() const override;
    Millis sinceBoot() const override;
};

} // namespace tierline
