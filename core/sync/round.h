#pragma once

#include "core/sync/send.h"

#include <QObject>

namespace tierline::sync {

/// The way to the one writer of the workspace. In the desktop it posts to the store's thread, on the
/// command line it writes at once. Thread: sync.
class StoreGate
{
public:
    using Work = std::function<Result<Done>(storage::WriteScope &)>;
    virtual ~StoreGate() = default;
    /// Runs `work` in one transaction and then `done` on the caller's thread, perhaps before it returns.
    /// `done` is not called after the gate is gone.
    virtual void write(
        storage::Durability durability, Work work, std::function<void(Result<Done>)> done)
        = 0;
};

/// A gate for whoever owns the store on the same thread.
class DirectGate final : public StoreGate
{
public:
    explicit DirectGate(storage::Store &store)
        : m_store(store)
    {
    }
    void write(
        storage::Durability durability, Work work, std::function<void(Result<Done>)> done) override
    {
        done(m_store.write(durability, work));
    }

private:
    storage::Store &m_store;
};

struct RoundOptions {
    bool pull = true;
    bool push = true;
    /// Somebody has confirmed that many tickets at once are really gone.
    bool acceptVanished = false;
};

/// What a round did: printed by `sync`, said by the status line.
struct RoundSummary {
    QString account;
    int tickets = 0; ///< received that brought something
    int messages = 0;
    int pushed = 0; ///< requests that the remote took
    int conflicts = 0; ///< open after it
    int pending = 0; ///< operations that still wait
    int failed = 0; ///< of those, refused
    std::optional<Instant> nextRetry; ///< when something of that can be tried again
    QStringList problems; ///< sentences about what was set aside
    std::optional<Error> error; ///< why it ended early
};

/// One round of an account: pull to the end, then push what may be pushed. The caller holds the
/// account's lock. Whatever happens to the process or the network in between, nothing is lost and no
/// operation has its effect twice: each step is in the store before its first byte leaves.
/// Thread: the connector's. Lives until `done` was called or it is destroyed, which cancels it.
class Round : public QObject
{
    Q_OBJECT
public:
    Round(QString account, connectors::Connector &connector, StoreGate &gate, const Clock &clock,
        RandomSource &random, RoundOptions options = {}, QObject *parent = nullptr);
    ~Round() override;

    void start(std::function<void(const RoundSummary &)> done);
    /// Ends it soon, with Cancelled as the error; what was being sent is of unknown outcome.
    void cancel();

signals:
    /// Tickets received so far.
    void progressed(int tickets);

private:
    using MapWork = std::function<Result<Done>(storage::WriteScope &, const FieldMap &)>;
    /// `taken`: what to do instead of failing where the work was overtaken (Fault::Conflict).
    void write(storage::Durability durability, MapWork work, std::function<void()> then,
        std::function<void()> taken = {});
    /// An answer that is dropped once the round is gone.
    template<typename T, typename F>
    connectors::Answer<T> guarded(F answer)
    {
        return
            [alive = std::weak_ptr(m_alive), answer = std::move(answer)](Result<T> result) mutable {
                if (!alive.expired())
                    answer(std::move(result));
            };
    }

    void pullNext();
    void takePage(connectors::PullPage page);
    void fetchMissing();
    void pump();
    void run(Action action);
    void sendFields(std::shared_ptr<Action> action);
    void mergeAndSend(std::shared_ptr<Action> action, const connectors::RemoteTicket &there);
    void begin(std::shared_ptr<Action> action);
    void send(std::shared_ptr<Action> action);
    void look(std::shared_ptr<Action> action);
    void find(std::shared_ptr<Action> action, int merges);
    void takeFound(std::shared_ptr<Action> action, const connectors::Found &found, int merges);
    void recordFound(std::shared_ptr<Action> action, const connectors::Found &found, bool isOver);
    void lookAtFields(std::shared_ptr<Action> action);
    void record(std::shared_ptr<Action> action, connectors::PushOutcome outcome);
    void pause(const QString &sentence, Millis wait);
    void recordError(std::shared_ptr<Action> action, const Error &error);
    void over(std::shared_ptr<Action> action);
    void fail(const Error &error);
    void finish();

    QString m_account;
    connectors::Connector &m_connector;
    StoreGate &m_gate;
    const Clock &m_clock;
    RandomSource &m_random;
    RoundOptions m_options;
    std::function<void(const RoundSummary &)> m_done;
    RoundSummary m_summary;
    QString m_cursor;
    QStringList m_missing; ///< remote ids that a census did not list
    QStringList m_others; ///< remote ids that are to be asked for after the last page
    QSet<QString> m_cursors; ///< of this round
    int m_repeats = 0;
    QSet<qint64> m_busy; ///< tickets with a request under way
    Millis m_offset { 0 };
    std::optional<Instant> m_pausedUntil; ///< the remote wants nothing before
    bool m_isPumping = false;
    bool m_isStopped = false; ///< nothing new is begun
    bool m_isFinished = false;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

/// Where the lock of an account lies: held for a whole round, so that two programs never send the same.
QString accountLockPath(const storage::Workspace &workspace, const QString &account);

} // namespace tierline::sync
