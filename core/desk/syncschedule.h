#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"

#include <optional>
#include <utility>

namespace tierline::desk {

/// How an account is kept in step.
struct SyncTimes {
    Millis pull { 60'000 }; ///< between rounds that found everything well
    /// After the last of several changes, so that they go together. Each change also carries it as its
    /// `not before`, so that even a round that is under way leaves it here so long: what is undone at
    /// once never left this machine.
    Millis settle { 4'000 };
    Millis firstRetry { 5'000 }; ///< where the remote cannot be reached; doubles
    Millis lastRetry { 5 * 60'000 };
    Millis locked { 10'000 }; ///< while another program syncs the account
    Millis fresh {
        10'000
    }; ///< a change tries an unreachable remote again, this long after the last try
    Millis look { 500 }; ///< how often the clock is looked at
    Millis quit { 800 }; ///< what an open request is given to end when the program does
};

/// How a round ended, as far as the next one depends on it.
enum class RoundEnd : quint8 {
    Good,
    Unreachable, ///< or answering what cannot be used: try again, ever less often
    Limited, ///< the remote said when
    Locked,
    SignIn, ///< until somebody gives a new secret
    Stopped,
};

/// When the next round of one account is due. Instants are of the monotonic clock. Pure.
class SyncSchedule
{
public:
    explicit SyncSchedule(SyncTimes times)
        : m_times(times)
    {
    }

    /// A person wants it, or the program has just started.
    void wantNow(Millis now);
    /// Something new waits that may be sent from `from` on.
    void changed(Millis now, Millis from);
    /// Something that waited before may be sent from `from` on.
    void expect(Millis from);
    void begun();
    /// `wait`: what the remote asked for, with Limited.
    void ended(Millis now, RoundEnd end, Millis wait, RandomSource &random);
    /// There is a new secret.
    void signedIn(Millis now);

    bool isRunning() const { return m_isRunning; }
    /// Nothing is tried until signedIn() or wantNow().
    bool isPaused() const { return m_isPaused; }
    bool isDue(Millis now) const;
    /// None while a round runs or the account is paused.
    std::optional<Millis> next() const;

private:
    SyncTimes m_times;
    Millis m_next { 0 };
    Millis m_settles { 0 }; ///< until then a change may be undone, or another one follow
    Millis m_ended { 0 };
    Millis m_notBefore { 0 }; ///< what the remote asked for
    std::optional<Millis> m_change; ///< one that came while a round was running
    int m_failures = 0;
    bool m_isRunning = false;
    bool m_isPaused = false;
    bool m_isWanted = false; ///< again, since a round was under way
};

} // namespace tierline::desk
