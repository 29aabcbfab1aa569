#include "core/storage/store.h"

#include "core/base/logging.h"
#include "core/storage/backup.h"
#include "core/storage/defaults.h"
#include "core/storage/feed.h"
#include "core/storage/imports.h"
#include "core/storage/migrations.h"

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

constexpr Millis writePatience { 60'000 };
constexpr Millis closePatience { 2'000 };
constexpr int closeBusyMs = 200;
/// Pages in the log after which a commit copies them back into the main file: 16 MiB.
constexpr int checkpointPages = 4096;
constexpr qint64 feedKept = 20'000;
constexpr qint64 feedTrimEvery = 4'096;
constexpr int ticketDayBits = 20;

qint64 dayOf(Instant at)
{
    return at.ms >= 0 ? at.ms / DayMs : -((-at.ms + DayMs - 1) / DayMs);
}

Result<bool> isEmptyStore(Connection &connection)
{
    TIERLINE_TRY(statement, connection.prepareText(u"SELECT count(*) FROM sqlite_schema"_s));
    TIERLINE_TRY(hasRow, statement.step());
    return hasRow && statement.integer(0) == 0;
}

Error noWorkspace(const Workspace &workspace)
{
    return notFound(
        u"There is no Tierline workspace in %1. Make one with “tierline-cli init”."_s.arg(
            workspace.folder()));
}

} // namespace

Result<TicketId> WriteScope::nextTicketId(Instant created)
{
    static constexpr qint64 perDay = qint64(1) << ticketDayBits;
    qint64 day = dayOf(created);
    while (true) {
        const qint64 first = day * perDay;
        auto last = m_lastTicketOfDay.find(day);
        if (last == m_lastTicketOfDay.end()) {
            TIERLINE_TRY(statement,
                m_connection.prepare(
                    "SELECT coalesce(max(id), ?1) FROM ticket WHERE id BETWEEN ?1 AND ?2"));
            TIERLINE_CHECK(statement.bind(1, first).bind(2, first + perDay - 1).step());
            last = m_lastTicketOfDay.insert(day, statement.integer(0));
        }
        if (*last < first + perDay - 1)
            return TicketId { ++*last };
        ++day; // a day with over a million tickets flows into the next one's numbers
    }
}

// ---- open and close

Store::Store(
    Workspace workspace, const Clock &clock, std::unique_ptr<Connection> connection, WriteLock lock)
    : m_workspace(std::move(workspace))
    , m_clock(clock)
    , m_connection(std::move(connection))
    , m_lock(std::move(lock))
{
}

Store::~Store()
{
    // A clean end leaves everything in the one file. Nothing is lost where somebody else is busy.
    if (!m_lock.acquire(closePatience))
        return;
    sqlite3_busy_timeout(m_connection->handle(), closeBusyMs);
    m_connection->forgetStatements();
    sqlite3_wal_checkpoint_v2(
        m_connection->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    m_connection.reset();
    m_lock.release();
}

Result<std::unique_ptr<Store>> Store::openLocked(
    const Workspace &workspace, const Clock &clock, bool isNew)
{
    TIERLINE_TRY(migrations, parseMigrations(embeddedMigrations()));
    const QString path = workspace.databasePath();
    TIERLINE_TRY(untouchedVersion, peekSchemaVersion(path));
    TIERLINE_CHECK(checkNotNewer(untouchedVersion, newestSchema(migrations), path));

    TIERLINE_TRY(lock, WriteLock::open(workspace));
    TIERLINE_CHECK(lock.acquire(writePatience));
    TIERLINE_CHECK(workspace.makePrivate());
    TIERLINE_TRY(connection, Connection::open(path, Connection::Mode::ReadWrite));
    // What is still in the log may be newer than what the main file says.
    TIERLINE_TRY(version, schemaVersion(*connection));
    TIERLINE_CHECK(checkNotNewer(version, newestSchema(migrations), path));
    TIERLINE_TRY(isEmpty, isEmptyStore(*connection));
    if (isNew && !isEmpty)
        return conflictError(u"There is a workspace in %1 already."_s.arg(workspace.folder()));
    if (!isNew && isEmpty)
        return noWorkspace(workspace);
    if (version < newestSchema(migrations)) {
        TIERLINE_CHECK(upgrade(*connection, workspace, migrations));
        sqlite3_wal_checkpoint_v2(
            connection->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    TIERLINE_CHECK(workspace.makePrivate());
    lock.release();
    return std::unique_ptr<Store>(
        new Store(workspace, clock, std::move(connection), std::move(lock)));
}

Result<std::unique_ptr<Store>> Store::open(const Workspace &workspace, const Clock &clock)
{
    if (!workspace.exists())
        return noWorkspace(workspace);
    TIERLINE_TRY(store, openLocked(workspace, clock, false));
    TIERLINE_CHECK(fillDefaults(*store));
    TIERLINE_CHECK(store->recoverImports());
    return std::move(store);
}

Result<std::unique_ptr<Store>> Store::create(const Workspace &workspace, const Clock &clock)
{
    if (workspace.exists()) {
        // A creation that was killed before its first commit may be carried on.
        const Result<int> version = peekSchemaVersion(workspace.databasePath());
        if (!version || *version != 0)
            return conflictError(u"There is a workspace in %1 already."_s.arg(workspace.folder()));
    }
    TIERLINE_CHECK(workspace.create());
    const Result<Done> file = createPrivateFile(workspace.databasePath());
    if (!file && file.error().fault != Fault::Conflict)
        return file.error();
    TIERLINE_TRY(store, openLocked(workspace, clock, true));
    TIERLINE_CHECK(fillDefaults(*store));
    return std::move(store);
}

Result<Done> Store::recoverImports()
{
    static constexpr int batch = 1000;
    TIERLINE_TRY(imports, unfinishedImports(*m_connection));
    if (imports.empty())
        return Done {};
    const auto lock = lockImports(m_workspace);
    if (!lock)
        return lock.error().fault == Fault::Conflict ? Result<Done>(Done {}) : lock.error();
    TIERLINE_TRY(abandoned, unfinishedImports(*m_connection));
    for (const ImportId import : abandoned) {
        qint64 left = 1;
        while (left > 0) {
            TIERLINE_CHECK(write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
                TIERLINE_TRY(still, removeImportBatch(scope, import, batch));
                left = still;
                return Done {};
            }));
        }
    }
    return Done {};
}

// ---- write

Result<Done> Store::begin(Durability durability, WriteScope &scope)
{
    if (m_durability != durability) {
        TIERLINE_CHECK(m_connection->execute(durability == Durability::Person
                ? "PRAGMA synchronous = FULL"
                : "PRAGMA synchronous = NORMAL"));
        m_durability = durability;
    }
    TIERLINE_TRY(begin, m_connection->prepare("BEGIN IMMEDIATE"));
    TIERLINE_CHECK(begin.run());
    TIERLINE_TRY(counter, m_connection->prepare("SELECT value FROM meta WHERE key = 'last_event'"));
    TIERLINE_TRY(hasRow, counter.step());
    scope.m_lastEvent = hasRow ? counter.integer(0) : 0;
    scope.m_firstEvent = scope.m_lastEvent;
    return Done {};
}

Result<Done> Store::finish(WriteScope &scope)
{
    TIERLINE_CHECK(scope.m_text.flush(*m_connection));
    if (scope.m_lastEvent != scope.m_firstEvent) {
        TIERLINE_TRY(counter,
            m_connection->prepare("INSERT INTO meta (key, value) VALUES ('last_event', ?1)"
                                  " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
        TIERLINE_CHECK(counter.bind(1, QString::number(scope.m_lastEvent)).run());
    }
    if (!scope.m_touched.isEmpty()) {
        TIERLINE_TRY(feed, m_connection->prepare("INSERT INTO feed (ticket) VALUES (?1)"));
        if (scope.m_touched.contains(0)) {
            TIERLINE_CHECK(feed.bind(1, 0).run());
        } else {
            for (const qint64 ticket : std::as_const(scope.m_touched))
                TIERLINE_CHECK(feed.bind(1, ticket).run());
        }
        const qint64 revision = m_connection->lastInsertId();
        if (revision - m_trimmedAt >= feedTrimEvery) {
            TIERLINE_CHECK(trimFeed(scope, feedKept));
            m_trimmedAt = revision;
        }
    }
    TIERLINE_TRY(commit, m_connection->prepare("COMMIT"));
    return commit.run();
}

Result<Done> Store::write(
    Durability durability, const std::function<Result<Done>(WriteScope &)> &work)
{
    if (m_isWriting)
        return Error { .fault = Fault::Bug,
            .detail = u"A write transaction was begun inside another."_s };
    TIERLINE_CHECK(m_lock.acquire(writePatience));
    m_isWriting = true;
    WriteScope scope(*m_connection, m_clock.now());
    Result<Done> outcome = begin(durability, scope);
    if (outcome)
        outcome = work(scope);
    if (outcome)
        outcome = finish(scope);
    if (outcome)
        checkpointIfLong();
    else
        m_connection->rollback();
    m_isWriting = false;
    m_lock.release();
    return outcome;
}

void Store::checkpointIfLong()
{
    if (m_connection->walPages() < checkpointPages)
        return;
    // The commit stands already; a checkpoint that fails is tried again by the next one.
    const int code = sqlite3_wal_checkpoint_v2(
        m_connection->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        qCWarning(lcStorage, "checkpoint failed with code %d", code);
}

Result<Done> Store::backup(
    const QString &file, const std::function<bool(qint64 done, qint64 total)> &progress)
{
    return backupTo(m_workspace, file, progress);
}

Result<Done> Store::restore(const Workspace &workspace, const QString &file, const Clock &clock,
    const std::function<bool(qint64 done, qint64 total)> &progress)
{
    return restoreFrom(workspace, file, clock, progress);
}

} // namespace tierline::storage
