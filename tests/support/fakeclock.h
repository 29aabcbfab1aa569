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

    /// Time passes.
    void advance(Millis d);
    /// Somebody set the wall clock; no time passed.
    void jumpTo(Instant t) { m_now = t.ms; }

private:
    std::atomic<qint64> m_now;
    std::atomic<qint64> m_monotonic { 1'000'000 };
};

} // namespace tierline::test
