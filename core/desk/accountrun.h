#pragma once

#include "core/desk/remotelink.h"
#include "core/storage/workspace.h"
#include "core/sync/round.h"

namespace tierline::desk {

/// What a round of an account needs of the program around it. All of it outlives the run.
struct RunContext {
    storage::Workspace workspace;
    sync::StoreGate &gate;
    const connectors::Registry &registry;
    const Clock &clock;
    RandomSource &random; ///< also used by what the gate runs
    /// Asks for the account's secret; `done` is called on the run's thread, now or later. It may be
    /// dropped, never called twice.
    std::function<void(const QString &account, std::function<void(Result<Secret>)> done)> askSecret;
};

/// One account from its lock and its secret to the end of a round, again and again: the way to the
/// remote is kept between rounds and tried anew now and then. Used by the command line and the desktop.
/// Thread: the sync thread, whose loop must run. Destroying it cancels what runs; its gate must be
/// closed before.
class AccountRun
{
public:
    AccountRun(RunContext context, storage::Account account);
    ~AccountRun();

    /// Why the last round did not come to its end, as far as its error does not say it.
    enum class Stop : quint8 {
        None,
        Locked, ///< another program syncs this account
        NoSecret, ///< nobody gave a secret: nothing was asked of the remote
    };

    /// Must not be running. `done` is called once, later or now; the lock is given back before.
    void start(sync::RoundOptions options, std::function<void(const sync::RoundSummary &)> done,
        std::function<void(int tickets)> progress = {});
    /// Ends it soon, with Cancelled as the error.
    void cancel();
    bool isRunning() const { return bool(m_done); }
    Stop stop() const { return m_stop; }

    /// Settings as they are now: where the way to the remote differs, it is made anew.
    void setAccount(const storage::Account &account);
    /// The next round asks for the secret again.
    void forgetSecret();

private:
    void takeSecret(const Result<Secret> &secret);
    void probe();
    void saveProbe(const connectors::Probe &probe);
    void runRound();
    void refused(const Error &error);
    void end(const sync::RoundSummary &summary);
    void end(const Error &error);
    bool isWayNew() const;

    RunContext m_context;
    storage::Account m_account;
    sync::RoundOptions m_options;
    std::function<void(const sync::RoundSummary &)> m_done;
    std::function<void(int)> m_progress;
    Stop m_stop = Stop::None;
    std::optional<storage::FileLock> m_lock;
    std::unique_ptr<RemoteLink> m_link;
    std::optional<Millis> m_probed; ///< by the monotonic clock, when this link was last tried
    std::unique_ptr<sync::Round> m_round; ///< goes before the link
    quint64 m_asked = 0; ///< which question for a secret still counts
    bool m_isCancelled = false;
    bool m_isSecretStale = false;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace tierline::desk
