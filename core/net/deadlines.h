#pragma once

#include "core/net/answer.h"

namespace tierline::net {

/// Which limit of a running request is broken, and when the next could be. Pure over the instants it
/// is told, in milliseconds of Clock::monotonic(). Thread: one.
class Deadlines
{
public:
    enum class Phase : quint8 { Connecting, Sending, Waiting, Receiving };

    Deadlines(const Limits &limits, Millis now);

    /// A redirect begins a new exchange; the total goes on.
    void reconnect(Millis now);
    void enter(Phase phase, Millis now);
    /// Bytes moved.
    void moved(Millis now) { m_moved = now; }

    Phase phase() const { return m_phase; }
    Millis started() const { return m_started; }

    /// Problem::None as long as all is in time.
    Problem broken(Millis now) const;
    /// Time until broken() could first say something; at least 0.
    Millis left(Millis now) const;

private:
    Millis limitOfPhase() const;

    Limits m_limits;
    Phase m_phase = Phase::Connecting;
    Millis m_started;
    Millis m_moved; ///< the phase's begin, or the last bytes in it
};

} // namespace tierline::net
