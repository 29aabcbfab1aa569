#pragma once

#include "core/storage/connection.h"
#include "core/storage/textindex.h"
#include "core/storage/workspace.h"

#include <QHash>
#include <QSet>

namespace tierline::storage {

/// How sure a commit must be. Person: on the disk before it is acknowledged (synchronous=FULL).
/// Background: consistent after any crash, perhaps without the last commits after a power cut.
enum class Durability { Person, Background };

/// What a piece of work may do inside one write transaction. Repositories take it; it lives only
/// while Store::write() runs.
class WriteScope
{
public:
    Connection &connection() { return m_connection; }
    Instant now() const { return m_now; }
    /// The ticket will stand in the change feed once, however often it is named.
    void touch(TicketId ticket)
    {
        if (!m_hidden.contains(ticket.v))
            m_touched.insert(ticket.v);
    }
    /// Written by an import: nobody can see it before the end, which tells everybody.
    void hide(TicketId ticket) { m_hidden.insert(ticket.v); }
    /// Readers must look at everything again (end of an import, restore, settings).
    void touchEverything() { m_touched.insert(0); }
    /// Says that the text of a ticket (key, subject, people, messages) changes in this transaction.
    /// Called before the change; the index follows once at the commit, however often it is called.
    Result<Done> textChanges(TicketId ticket) { return m_text.willChange(m_connection, ticket.v); }
    void textIsNew(TicketId ticket) { m_text.isNew(ticket.v); }
    Result<Done> textIsRemoved(TicketId ticket)
    {
        return m_text.willRemove(m_connection, ticket.v);
    }
    /// The next free ticket number of the day of `created`.
    Result<TicketId> nextTicketId(Instant created);
    /// The next event number, ascending over the life of the store.
    EventId nextEventId() { return { ++m_lastEvent }; }

private:
    friend class Store;
    WriteScope(Connection &connection, Instant now)
        : m_connection(connection)
        , m_now(now)
    {
    }
    Connection &m_connection;
    Instant m_now;
    qint64 m_firstEvent = 0;
    qint64 m_lastEvent = 0;
    QSet<qint64> m_touched;
    QSet<qint64> m_hidden;
    QHash<qint64, qint64> m_lastTicketOfDay;
    TextIndex m_text;
};

/// The one writing connection of this process. Every change of a workspace goes through write().
/// Thread: the one that opened it. Other processes are kept out by the write lock for as long as a
/// transaction, checkpoint or close lasts.
class Store
{
public:
    /// Opens, migrates where needed, and recovers what a killed import left. Faults: NotFound (no
    /// workspace there), Storage (damaged, read-only, full), NotAllowed (made by a newer version;
    /// its bytes stay as they are).
    static Result<std::unique_ptr<Store>> open(const Workspace &workspace, const Clock &clock);
    /// Makes a new workspace with the default tiers, teams and one agent, then opens it.
    static Result<std::unique_ptr<Store>> create(const Workspace &workspace, const Clock &clock);
    ~Store();

    /// Runs `work` in one transaction with the feed's next revisions; commits where it gives Done,
    /// rolls back where it gives an error. Never nests.
    Result<Done> write(
        Durability durability, const std::function<Result<Done>(WriteScope &)> &work);

    /// For reading on the writer's own thread, between transactions.
    Connection &connection() { return *m_connection; }
    const Workspace &workspace() const { return m_workspace; }
    const Clock &clock() const { return m_clock; }

    /// A consistent copy in one file while others read and write. `progress` is asked every few MiB
    /// and gives false to stop (Cancelled); it may be empty. The file is private, and is written
    /// beside its final name first; a file of that name is replaced.
    Result<Done> backup(
        const QString &file, const std::function<bool(qint64 done, qint64 total)> &progress);
    /// Puts a backup in the place of this workspace's content; the former content is kept as
    /// `before-restore-<time>.db` beside it. Operations that it holds may have been sent since: they are
    /// looked for before they are sent (outbox.h). `progress` as above; NotFound, BadInput and Storage where
    /// it is no good backup, Conflict while another program syncs an account, all with nothing changed.
    static Result<Done> restore(const Workspace &workspace, const QString &file, const Clock &clock,
        const std::function<bool(qint64 done, qint64 total)> &progress = {});

private:
    Store(Workspace workspace, const Clock &clock, std::unique_ptr<Connection> connection,
        WriteLock lock);
    static Result<std::unique_ptr<Store>> openLocked(
        const Workspace &workspace, const Clock &clock, bool isNew);
    Result<Done> begin(Durability durability, WriteScope &scope);
    Result<Done> finish(WriteScope &scope);
    void checkpointIfLong();
    Result<Done> recoverImports();

    Workspace m_workspace;
    const Clock &m_clock;
    std::unique_ptr<Connection> m_connection;
    WriteLock m_lock;
    std::optional<Durability> m_durability; ///< what `synchronous` stands at
    qint64 m_trimmedAt = 0; ///< feed revision of the last trim
    bool m_isWriting = false;
};

} // namespace tierline::storage
