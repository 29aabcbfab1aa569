#include "core/net/deadlines.h"

namespace tierline::net {

Deadlines::Deadlines(const Limits &limits, Millis now)
    : m_limits(limits)
    , m_started(now)
    , m_moved(now)
{
}

void Deadlines::reconnect(Millis now)
{
    m_phase = Phase::Connecting;
    m_moved = now;
}

void Deadlines::enter(Phase phase, Millis now)
{
    m_phase = phase;
    m_moved = now;
}

Millis Deadlines::limitOfPhase() const
{
    switch (m_phase) {
    case Phase::Connecting: return m_limits.connect;
    case Phase::Waiting: return m_limits.firstByte;
    case Phase::Sending:
    case Phase::Receiving: break;
    }
    return m_limits.idle;
}

Problem Deadlines::broken(Millis now) const
{
    if (now - m_started >= m_limits.total)
        return Problem::TotalTimeout;
    if (now - m_moved < limitOfPhase())
        return Problem::None;
    switch (m_phase) {
    case Phase::Connecting: return Problem::ConnectTimeout;
    case Phase::Waiting: return Problem::FirstByteTimeout;
    case Phase::Sending:
    case Phase::Receiving: break;
    }
    return Problem::IdleTimeout;
}

Millis Deadlines::left(Millis now) const
{
    const Millis left = qMin(m_started + m_limits.total - now, m_moved + limitOfPhase() - now);
    return qMax(Millis(0), left);
}

} // namespace tierline::net
