#include "core/storage/backup.h"

#include "core/storage/connection.h"
#include "core/storage/doctor.h"
#include "core/storage/feed.h"
#include "core/storage/migrations.h"
#include "core/storage/outbox.h"

#include <QFile>
#include <QFileInfo>
#include <QtEndian>

#include <sqlite3.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

constexpr int pagesAtOnce = 1024;
constexpr Millis restorePatience { 60'000 };

void removeCopy(const QString &path)
{
    for (const QString &suffix : { u""_s, u"-wal"_s, u"-shm"_s, u"-journal"_s })
        QFile::remove(path + suffix);
}

using Progress = std::function<bool(qint64 done, qint64 total)>;

Result<Done> copyPages(
    Connection &from, Connection &to, const QString &toPath, const Progress &progress)
{
    sqlite3_backup *copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (!copy)
        return to.lastError(sqlite3_errcode(to.handle()));
    int code = SQLITE_OK;
    bool isStopped = false;
    while (code == SQLITE_OK && !isStopped) {
        code = sqlite3_backup_step(copy, pagesAtOnce);
        const qint64 total = sqlite3_backup_pagecount(copy);
        if (code == SQLITE_OK && progress)
            isStopped = !progress(total - sqlite3_backup_remaining(copy), total);
    }
    sqlite3_backup_finish(copy);
    if (isStopped)
        return cancelled();
    if (code != SQLITE_DONE)
        return sqliteError(code, 0, toPath, QString::fromUtf8(sqlite3_errstr(code)));
    return Done {};
}

Result<Done> copyInto(Connection &from, const QString &path, const Progress &progress)
{
    TIERLINE_TRY(to, Connection::open(path, Connection::Mode::ReadWrite));
    // A plain file without side files: a copy is one file, wherever it is carried.
    TIERLINE_CHECK(to->execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL"));
    const bool isOwnSnapshot = !from.isInTransaction();
    if (isOwnSnapshot)
        TIERLINE_CHECK(from.execute("BEGIN; SELECT count(*) FROM sqlite_schema"));
    Result<Done> outcome = copyPages(from, *to, path, progress);
    if (isOwnSnapshot)
        from.rollback();
    if (outcome)
        outcome = to->execute("PRAGMA journal_mode = DELETE");
    return outcome;
}

/// Copies `from` as it is at this instant into a new file. What writers do meanwhile is not in it.
/// Where it fails nothing of it stays.
Result<Done> copyToNewFile(Connection &from, const QString &path, const Progress &progress)
{
    removeCopy(path);
    TIERLINE_CHECK(createPrivateFile(path));
    const Result<Done> outcome = copyInto(from, path, progress);
    if (!outcome)
        removeCopy(path);
    return outcome;
}

Result<Done> moveInPlace(const QString &from, const QString &to)
{
    if (std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0)
        return Done {};
    const QString reason = QString::fromLocal8Bit(std::strerror(errno));
    QFile::remove(from);
    return storageError(u"%1 cannot be written (%2)."_s.arg(to, reason));
}

/// What the content before a restore is kept as: a name that is not taken.
QString keptName(const Workspace &workspace, Instant at)
{
    QString stamp = at.iso().left(19);
    stamp.remove(u'-').remove(u':');
    QString name = u"before-restore-%1.db"_s.arg(stamp);
    for (int n = 2; QFileInfo::exists(workspace.folder() + u'/' + name); ++n)
        name = u"before-restore-%1-%2.db"_s.arg(stamp).arg(n);
    return name;
}

} // namespace

Result<int> peekSchemaVersion(const QString &path)
{
    // Through SQLite's own file layer, which knows what this process has locked, but beneath its
    // pager, which would make side files, and would call a file damaged whose newest pages are still
    // in the log.
    sqlite3_vfs *disk = sqlite3_vfs_find(nullptr);
    const std::unique_ptr<const char, decltype(&sqlite3_free_filename)> name(
        sqlite3_create_filename(
            QFile::encodeName(QFileInfo(path).absoluteFilePath()).constData(), "", "", 0, nullptr),
        &sqlite3_free_filename);
    const std::unique_ptr<void, decltype(&std::free)> room(
        std::calloc(1, static_cast<size_t>(disk->szOsFile)), &std::free);
    if (!name || !room)
        return sqliteError(SQLITE_NOMEM, 0, path, {});
    auto *file = static_cast<sqlite3_file *>(room.get());
    int code
        = disk->xOpen(disk, name.get(), file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, nullptr);
    if (code != SQLITE_OK) {
        if (file->pMethods)
            file->pMethods->xClose(file);
        return sqliteError(code, errno, path, QString::fromUtf8(sqlite3_errstr(code)));
    }
    QByteArray header(100, '\0');
    code = file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
    file->pMethods->xClose(file);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        return sqliteError(code, errno, path, QString::fromUtf8(sqlite3_errstr(code)));
    static constexpr int versionAt = 60;
    if (!header.startsWith("SQLite format 3"))
        return 0;
    return static_cast<int>(qFromBigEndian<qint32>(header.constData() + versionAt));
}

Result<Done> copyAside(Connection &from, const Workspace &workspace, const QString &name)
{
    const QString path = workspace.folder() + u'/' + name;
    TIERLINE_CHECK(copyToNewFile(from, path + u".partial"_s, {}));
    return moveInPlace(path + u".partial"_s, path);
}

Result<Done> backupTo(const Workspace &workspace, const QString &file, const Progress &progress)
{
    const QFileInfo target(file);
    if (target.isDir())
        return badInput(u"%1 is a folder; name a file for the backup."_s.arg(file));
    if (target.canonicalFilePath() == QFileInfo(workspace.databasePath()).canonicalFilePath())
        return badInput(
            u"%1 is the workspace itself; name another file for the backup."_s.arg(file));
    TIERLINE_TRY(from, Connection::open(workspace.databasePath(), Connection::Mode::ReadOnly));
    const QString partial = file + u".partial"_s;
    TIERLINE_CHECK(copyToNewFile(*from, partial, progress));
    return moveInPlace(partial, file);
}

namespace {

struct Counters {
    qint64 feed = 0;
    qint64 event = 0;
};

Result<Counters> loadCounters(Connection &connection)
{
    Counters counters;
    TIERLINE_TRY(revision, feedRevision(connection));
    counters.feed = revision;
    TIERLINE_TRY(row, connection.prepare("SELECT value FROM meta WHERE key = 'last_event'"));
    TIERLINE_TRY(hasRow, row.step());
    counters.event = hasRow ? row.integer(0) : 0;
    return counters;
}

/// Numbers go on where the replaced store ended, so that no reader takes an old revision for a new
/// one, and no event number stands for two events.
Result<Done> carryOn(Connection &connection, const Counters &former)
{
    TIERLINE_TRY(own, loadCounters(connection));
    TIERLINE_TRY(feed, connection.prepare("INSERT INTO feed (rev, ticket) VALUES (?1, 0)"));
    TIERLINE_CHECK(feed.bind(1, std::max(own.feed, former.feed) + 1).run());
    TIERLINE_TRY(event,
        connection.prepare("INSERT INTO meta (key, value) VALUES ('last_event', ?1)"
                           " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
    return event.bind(1, QString::number(std::max(own.event, former.event))).run();
}

/// Copies the backup to `path` and makes it good there: checked, brought to this version, and sure of no
/// operation that it holds.
Result<Done> prepareRestore(const QString &file, const QString &path, const Progress &progress)
{
    TIERLINE_TRY(migrations, parseMigrations(embeddedMigrations()));
    TIERLINE_TRY(peeked, peekSchemaVersion(file));
    TIERLINE_CHECK(checkNotNewer(peeked, newestSchema(migrations), file));
    {
        TIERLINE_TRY(from, Connection::open(file, Connection::Mode::ReadOnly));
        TIERLINE_TRY(version, schemaVersion(*from));
        TIERLINE_CHECK(checkNotNewer(version, newestSchema(migrations), file));
        if (version == 0)
            return badInput(u"%1 is no backup of a Tierline workspace."_s.arg(file));
        TIERLINE_CHECK(copyToNewFile(*from, path, progress));
    }
    TIERLINE_TRY(copy, Connection::open(path, Connection::Mode::ReadWrite));
    TIERLINE_CHECK(copy->execute("PRAGMA journal_mode = DELETE"));
    if (const Result<Done> whole = checkIntegrity(*copy); !whole) {
        return storageError(u"The backup %1 is damaged, and nothing was changed. %2"_s.arg(
            file, whole.error().detail));
    }
    TIERLINE_CHECK(checkForeignKeys(*copy));
    TIERLINE_CHECK(migrate(*copy, migrations));
    return markRestored(*copy);
}

/// Nobody sends or receives while the ground changes under their round.
Result<std::vector<FileLock>> lockAccounts(const Workspace &workspace)
{
    std::vector<FileLock> held;
    for (const QString &path : workspace.accountLockPaths()) {
        auto lock = FileLock::tryAcquire(path);
        if (!lock && lock.error().fault == Fault::Conflict) {
            return conflictError(
                u"“%1” is being synced by another program: let it end, then restore."_s.arg(
                    QFileInfo(path).completeBaseName().mid(8)));
        }
        if (!lock)
            return lock.error();
        held.push_back(std::move(*lock));
    }
    return held;
}

/// Puts the prepared file's content into the living store in one transaction: other processes go
/// on with their connections and see the old content, then the new.
Result<Done> replaceContent(Connection &live, const QString &prepared, const Workspace &workspace,
    const Clock &clock, const Progress &told)
{
    TIERLINE_TRY(former, loadCounters(live));
    TIERLINE_CHECK(copyAside(live, workspace, keptName(workspace, clock.now())));
    TIERLINE_TRY(source, Connection::open(prepared, Connection::Mode::ReadWrite));
    TIERLINE_CHECK(source->execute("PRAGMA journal_mode = DELETE"));
    TIERLINE_CHECK(carryOn(*source, former));
    TIERLINE_CHECK(live.execute("PRAGMA synchronous = FULL"));
    live.forgetStatements();
    TIERLINE_CHECK(copyPages(*source, live, workspace.databasePath(), told));
    sqlite3_wal_checkpoint_v2(live.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return Done {};
}

/// The way where the living store cannot even be read: its files are set aside, never deleted.
Result<Done> replaceFiles(const QString &prepared, const Workspace &workspace, const Clock &clock)
{
    const QString aside = workspace.folder() + u'/' + keptName(workspace, clock.now());
    const QString live = workspace.databasePath();
    for (const QString &suffix : { u""_s, u"-wal"_s, u"-shm"_s }) {
        if (QFileInfo::exists(live + suffix))
            TIERLINE_CHECK(moveInPlace(live + suffix, aside + suffix));
    }
    return moveInPlace(prepared, live);
}

Result<Done> restorePrepared(
    const QString &prepared, const Workspace &workspace, const Clock &clock, const Progress &told)
{
    if (!workspace.exists())
        return moveInPlace(prepared, workspace.databasePath());
    TIERLINE_TRY(migrations, parseMigrations(embeddedMigrations()));
    if (const Result<int> version = peekSchemaVersion(workspace.databasePath()))
        TIERLINE_CHECK(checkNotNewer(*version, newestSchema(migrations), workspace.databasePath()));
    auto live = Connection::open(workspace.databasePath(), Connection::Mode::ReadWrite);
    if (live) {
        const Result<Done> whole = checkIntegrity(**live);
        if (whole)
            return replaceContent(**live, prepared, workspace, clock, told);
        (*live).reset();
    }
    return replaceFiles(prepared, workspace, clock);
}

} // namespace

Result<Done> restoreFrom(
    const Workspace &workspace, const QString &file, const Clock &clock, const Progress &progress)
{
    if (!QFileInfo(file).isFile())
        return notFound(u"There is no file %1."_s.arg(file));
    if (!workspace.exists())
        TIERLINE_CHECK(workspace.create());
    const auto accounts = lockAccounts(workspace);
    if (!accounts)
        return accounts.error();
    TIERLINE_TRY(lock, WriteLock::open(workspace));
    TIERLINE_CHECK(lock.acquire(restorePatience));
    const Progress told = [&progress](qint64 done, qint64 total) {
        if (progress)
            progress(done, total);
        return true; // the one transaction that puts it in place ends by itself
    };
    const QString prepared = workspace.folder() + u"/restore.partial"_s;
    Result<Done> outcome = prepareRestore(file, prepared, progress);
    if (outcome)
        outcome = restorePrepared(prepared, workspace, clock, told);
    removeCopy(prepared);
    if (outcome)
        outcome = workspace.makePrivate();
    return outcome;
}

} // namespace tierline::storage
