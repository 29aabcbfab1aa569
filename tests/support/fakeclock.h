#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace tierline::test {

/// A clock that stands still until it is told to move. Thread: any.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(Instant start = { 1'780'920'000'000 }) // 2026-06-08T12:00:00Z, a Monday
        : m_now(start.ms)
    {
    }
    Instant now() const override { return { m_now.load() }; }
    Millis monotonic() const override { return Millis(m_monotonic.load()); }
    Millis sinceBoot() const override { return Millis(m_monotonic.load() + m_slept.load()); }

    /// Time passes.
    void advance(Millis d);
    /// The machine sleeps: time passes, and nothing that runs sees it.
    void passAsleep(Millis d);
    /// Somebody set the wall clock; no time passed.
    void jumpTo(Instant t) { m_now = t.ms; }

private:
    std::atomic<qint64> m_now;
    std::atomic<qint64> m_monotonic { 1'000'000 };
    std::atomic<qint64> m_slept { 0 };
};

} // namespace tierline::test
