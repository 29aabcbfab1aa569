#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/net/request.h"

namespace tierline::net {

/// How a server's allowance is told and kept; one for each connector, values from its documents.
struct PacePolicy {
    double perMinute = 0; ///< 0: no limit of our own
    int burst = 10; ///< so many may start at once after a rest
    int concurrent = 4; ///< 1 to 6, which is what Qt opens to one host
    QByteArray remainingHeader; ///< "X-RateLimit-Remaining"; empty: none
    QByteArray resetHeader; ///< "X-RateLimit-Reset"
    enum class Reset : quint8 { SecondsFromNow, UnixSeconds } reset = Reset::SecondsFromNow;
    int reserve = 0; ///< so many of the allowance are left to others
    Millis longestWait { 3'600'000 }; ///< a Retry-After beyond this is taken for this
    Millis wait429 { 30'000 }; ///< after a 429 that names no time
};

/// A Retry-After value, seconds or HTTP date, as time from now; nothing where it is neither. Negative
/// and past ones are 0. A date is read against the server's own Date, where there is one.
std::optional<Millis> retryAfter(
    QByteArrayView value, Instant now, std::optional<Instant> serverDate);

/// Decides when the next request of an account may start. Token bucket, concurrency, and what the
/// server said; shared by all work on the account. Pure over Clock (its monotonic side, so a changed
/// wall clock moves nothing) and RandomSource. Thread: one.
class Pacer
{
public:
    Pacer(PacePolicy policy, const Clock &clock, RandomSource &random);

    /// How long until one more may start; 0: now. Nothing where all places are taken: then it is
    /// worth asking again when one ends.
    std::optional<Millis> wait() const;
    /// The pause that the server asked for, still to go; 0 for none.
    Millis pause() const;
    void started();
    void ended();
    /// Reads what an answer says about the allowance.
    void noteAnswer(int status, const Headers &headers, std::optional<Instant> serverDate);

    int running() const { return m_running; }

private:
    double tokens() const;
    void pauseFor(Millis wait);

    PacePolicy m_policy;
    const Clock &m_clock;
    RandomSource &m_random;
    double m_tokens;
    Millis m_refilled;
    Millis m_pausedUntil { 0 };
    int m_running = 0;
};

} // namespace tierline::net
