#pragma once

#include "core/commands/commands.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"
#include "core/storage/remotes.h"
#include "core/sync/round.h"
#include "tests/support/fakedesk/fakeconnector.h"

#include <QTemporaryDir>

namespace tierline::test {

/// A workspace of three agents (mia, ben, lea: users 7, 8 and 9 of the desk), in memory where the
/// machine has a file system there.
class SyncStore
{
public:
    /// Light: with no locks between processes and no journal on the file system, for runs by the
    /// thousand; nothing that the engine can see differs.
    enum class Weight : quint8 { Real, Light };
    explicit SyncStore(FakeClock &clock, Weight weight = Weight::Real);

    /// A new workspace; ends the program where it cannot be made.
    void create();
    /// Closes and opens it, as after a restart of the program.
    void reopen();
    storage::Store &store() { return *m_store; }
    storage::Connection &connection() { return m_store->connection(); }
    /// A name that no account here has had.
    QString nextAccount() { return QStringLiteral("desk%1").arg(++m_accounts); }
    int accounts() const { return m_accounts; }

private:
    void lighten();

    FakeClock &m_clock;
    Weight m_weight;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<storage::Store> m_store;
    int m_accounts = 0;
};

/// The gate to a store's writer that counts commits and can end the program after or before one.
class KillingGate final : public sync::StoreGate
{
public:
    explicit KillingGate(SyncStore &store)
        : m_store(store)
    {
    }
    void write(
        storage::Durability durability, Work work, std::function<void(Result<Done>)> done) override;

    int writes = 0;
    int killAt = 0; ///< the number of the write that is the last one; 0: none
    bool isCommitted = true; ///< whether that write still takes effect
    bool isFull = false; ///< the disk is: no write works
    std::function<void()> kill;

private:
    SyncStore &m_store;
};

struct SideOptions {
    quint64 seed = 1;
    QString user = QStringLiteral("7"); ///< the account's own
    FakeConnectorOptions connector = {};
    Millis knownOffset { 0 }; ///< what the account believes of the server's clock
    /// Where it is not a FakeConnector: makes the one of a program that starts, by that program's seed.
    std::function<std::unique_ptr<connectors::Connector>(quint64 seed)> makeConnector = {};
};

/// One workspace's half of a run.
class SyncSide
{
public:
    SyncSide(SyncStore &store, FakeDesk &desk, const SideOptions &options = {});
    ~SyncSide(); ///< removes the account, so that the next run has nothing to do with it

    const QString &account() const { return m_account; }
    QString key(const QString &ticket) const { return m_account + u':' + ticket; }
    storage::Connection &connection() { return m_store.connection(); }
    KillingGate &gate() { return m_gate; }
    FakeConnector &connector() { return static_cast<FakeConnector &>(*m_connector); }

    /// A command of core/commands by an agent. Keeps what the desk must now hear once.
    template<typename Command>
    Result<commands::Outcome> run(const QString &agent, const Command &command)
    {
        const QStringList before = waitingIds();
        commands::Context context = as(agent);
        auto outcome = commands::run(context, command);
        note(before);
        return outcome;
    }
    /// Some command by some agent on some ticket, by seed; what it was and whether it was allowed.
    QString someCommand(RandomSource &random);
    /// Some choice about some open conflict, by seed; what it was, empty where none is open.
    QString someChoice(RandomSource &random);

    void start(sync::RoundOptions options = {});
    bool isRunning() const { return m_round != nullptr; }
    sync::Round &round() { return *m_round; }
    /// The program ends here and now. The next start() is a new one.
    void kill();
    /// A person gives the account a new secret.
    void signIn();
    /// One whole round; its summary.
    sync::RoundSummary syncOnce(sync::RoundOptions options = {});
    const sync::RoundSummary &last() const { return m_last; }
    int roundsEnded() const { return m_ended; }

    QMap<QString, storage::OutboxEntry> waiting();
    std::vector<storage::Conflict> conflicts();
    TicketState state(const QString &ticket);
    TicketId idOf(const QString &ticket);
    /// What this workspace holds, in the desk's names; messages in its own order.
    DeskState state();
    /// Empty, or what of the master assertion does not hold: both sides are equal but for conflicts that
    /// one can see, each operation arrived once and in order, and the rows are what the log says.
    QString wrong();
    /// Before wrong(): cards of another workspace are no messages here.
    void know(SyncSide &other);
    /// Fields that wait to be sent, of a ticket.
    QStringList waitingFields(const QString &ticket);
    /// Whether all has been sent that can be.
    bool isSettled();
    QStringList operations() const;
    /// A ticket's log, one line for each event: for a trace.
    QString printedLog(const QString &ticket);

private:
    struct Expected {
        QString operation;
        QString ticket; ///< of the desk
        MessagePicture message;
        bool isCard = false;
    };
    commands::Context as(const QString &agent);
    QStringList waitingIds();
    void note(const QStringList &before);
    QString wrongFields(
        const QString &ticket, const TicketPicture &here, const TicketPicture &there);
    const Expected *expected(const MessagePicture &there) const;
    QString nowIn(QString ticket) const;
    bool isKeptBack(const Expected &one);
    QString wrongMessages(
        const QString &ticket, const TicketPicture &here, const TicketPicture &there);
    QString wrongLog(const QString &ticket);
    QString wrongOutbox();
    bool hadConflict(const QString &ticket);

    SyncStore &m_store;
    FakeDesk &m_desk;
    SideOptions m_options;
    QString m_account;
    SeededRandom m_random;
    KillingGate m_gate;
    std::unique_ptr<connectors::Connector> m_connector;
    std::unique_ptr<sync::Round> m_round;
    sync::RoundSummary m_last;
    int m_ended = 0;
    int m_programs = 0;
    QList<Expected> m_expected;
    QMap<QString, storage::OutboxEntry> m_queued; ///< all that ever was, but what was taken back
    SyncSide *m_other = nullptr;
};

/// A desk with one workspace, for tests that tell one story.
struct SyncRig {
    FakeClock clock;
    SimLoop loop { clock };
    SyncStore store;
    FakeDesk desk;
    SyncSide local;

    explicit SyncRig(const DeskOptions &options = { .tickets = 3 }, const SideOptions &side = {})
        : store(clock)
        , desk(loop, options)
        , local((store.create(), store), desk, side)
    {
    }
    sync::RoundSummary syncOnce(sync::RoundOptions options = {}) { return local.syncOnce(options); }
    /// Rounds until nothing changes any more; the desk is honest from now on.
    void settle();
};

/// Rounds of all sides until none has anything left to do; false where that does not end.
/// `quiet`: rounds of all in which nothing happens, in a row.
bool settleAll(SimLoop &loop, FakeDesk &desk, const std::vector<SyncSide *> &sides, int quiet = 2);

} // namespace tierline::test
