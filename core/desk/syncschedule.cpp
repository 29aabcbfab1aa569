#include "core/desk/syncschedule.h"

namespace tierline::desk {

void SyncSchedule::wantNow(Millis now)
{
    m_isPaused = false;
    m_isWanted = m_isRunning;
    m_settles = now;
    m_next = qMax(now, m_notBefore);
}

void SyncSchedule::signedIn(Millis now)
{
    m_failures = 0;
    wantNow(now);
}

void SyncSchedule::changed(Millis now, Millis from)
{
    m_settles = now + m_times.settle;
    // Where nobody answers, a new change is a reason to try again, but not at once after the last try.
    Millis at = qMax(qMax(from, m_settles), m_notBefore);
    if (m_failures > 0)
        at = qMax(at, m_ended + m_times.fresh);
    if (m_isRunning)
        m_change = at; // perhaps too late for this round
    // What is due sooner waits for the last of several changes.
    m_next = qMax(qMin(m_next, at), m_settles);
}

void SyncSchedule::expect(Millis from)
{
    if (m_failures == 0)
        m_next = qMin(m_next, qMax(qMax(from, m_settles), m_notBefore));
}

void SyncSchedule::begun()
{
    m_isRunning = true;
    m_isWanted = false;
    m_change.reset();
}

void SyncSchedule::ended(Millis now, RoundEnd end, Millis wait, RandomSource &random)
{
    m_isRunning = false;
    m_ended = now;
    // Up to a quarter more, so that many desks do not come at the same instant.
    const auto jittered = [&random](Millis time) {
        return time + Millis(random.below(qMax<qint64>(1, time.count() / 4)));
    };
    m_failures = end == RoundEnd::Unreachable ? qMin(m_failures + 1, 30) : 0;
    m_isPaused = end == RoundEnd::SignIn;
    switch (end) {
    case RoundEnd::Unreachable: {
        const int doublings = qMin(m_failures - 1, 20);
        m_next = now
            + jittered(qMin(m_times.lastRetry, Millis(m_times.firstRetry.count() << doublings)));
        break;
    }
    case RoundEnd::Limited: m_next = m_notBefore = now + qMax(wait, m_times.firstRetry); break;
    case RoundEnd::Locked: m_next = now + jittered(m_times.locked); break;
    case RoundEnd::Good:
    case RoundEnd::SignIn:
    case RoundEnd::Stopped: m_next = now + jittered(m_times.pull); break;
    }
    if (m_failures == 0 && m_change)
        m_next = qMin(m_next, qMax(*m_change, m_notBefore));
    if (std::exchange(m_isWanted, false) && !m_isPaused)
        m_next = qMax(now, m_notBefore);
}

bool SyncSchedule::isDue(Millis now) const
{
    return !m_isRunning && !m_isPaused && now >= m_next;
}

std::optional<Millis> SyncSchedule::next() const
{
    if (m_isRunning || m_isPaused)
        return std::nullopt;
    return m_next;
}

} // namespace tierline::desk
