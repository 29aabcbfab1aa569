#include "core/storage/doctor.h"

#include "core/storage/feed.h"
#include "core/storage/migrations.h"
#include "core/storage/search.h"

#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>

#include <filesystem>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

constexpr qint64 leastFreeBytes = 256 << 20;

HealthCheck verdict(const QString &name, const Result<Done> &outcome, const QString &good)
{
    return {
        .name = name, .isOk = outcome.has_value(), .detail = outcome ? good : outcome.error().detail
    };
}

HealthCheck checkSchema(Connection &connection)
{
    const auto migrations = parseMigrations(embeddedMigrations());
    const auto version = schemaVersion(connection);
    if (!migrations || !version)
        return { u"schema"_s, false, version ? migrations.error().detail : version.error().detail };
    const int newest = newestSchema(*migrations);
    return { u"schema"_s, *version == newest,
        u"The store has schema %1; this program's is %2."_s.arg(*version).arg(newest) };
}

HealthCheck checkLibrary()
{
    const QString version = sqliteVersion();
    // The write lock keeps the race out, so it is told and is no fault.
    return { u"sqlite"_s, true,
        hasWalResetRace(sqliteVersionNumber())
            ? u"SQLite %1 has the WAL-reset race; the write lock keeps it out."_s.arg(version)
            : u"SQLite %1 is free of the WAL-reset race."_s.arg(version) };
}

/// Asked of the file system itself: QStorageInfo looks for a mount and finds none in a changed root.
HealthCheck checkDisk(const Workspace &workspace)
{
    std::error_code failure;
    const auto space
        = std::filesystem::space(QFile::encodeName(workspace.folder()).toStdString(), failure);
    if (failure)
        return {
            u"disk"_s, true,
            u"The system does not say how much of the disk is free; a backup needs as much as the store."_s
        };
    const qint64 free = static_cast<qint64>(space.available);
    const qint64 needed = std::max(leastFreeBytes, QFileInfo(workspace.databasePath()).size());
    return { u"disk"_s, free >= needed,
        u"%1 MiB are free; %2 MiB should be, so that a backup fits beside the store."_s
            .arg(free >> 20)
            .arg(needed >> 20) };
}

HealthCheck checkPlace(const Workspace &workspace)
{
    const QString type = QString::fromLatin1(QStorageInfo(workspace.folder()).fileSystemType());
    const bool isShared = looksShared(workspace.folder(), type);
    return { u"place"_s, !isShared,
        isShared
            ? u"The folder lies on a network or cloud-synced disk, where locks cannot be trusted; "
              "move the workspace to a local one."_s
            : u"The folder lies on a local disk."_s };
}

HealthCheck checkModes(const Workspace &workspace)
{
    static constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup
        | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QStringList paths = workspace.files();
    paths.append(workspace.folder());
    QStringList open;
    for (const QString &path : std::as_const(paths)) {
        if (QFileInfo(path).permissions() & others)
            open.append(path);
    }
    return { u"private"_s, open.isEmpty(),
        open.isEmpty() ? u"Only you can read the workspace's files."_s
                       : u"Others on this machine can open %1."_s.arg(open.join(u", "_s)) };
}

HealthCheck checkFeed(Connection &connection)
{
    const auto revision = feedRevision(connection);
    if (!revision)
        return { u"feed"_s, false, revision.error().detail };
    const auto changes = changesSince(connection, *revision);
    if (!changes || !changes->isEmpty())
        return { u"feed"_s, false, u"The change feed does not end where it says."_s };
    return { u"feed"_s, true, u"The change feed stands at revision %1."_s.arg(*revision) };
}

} // namespace

Result<Done> checkIntegrity(Connection &connection)
{
    TIERLINE_TRY(check, connection.prepareText(u"PRAGMA integrity_check(1)"_s));
    TIERLINE_TRY(hasRow, check.step());
    if (!hasRow || check.utf8(0) != "ok") {
        return storageError(u"The store is damaged (%1). Restore the latest backup."_s.arg(
            hasRow ? check.text(0).simplified() : u"no answer"_s));
    }
    return Done {};
}

Result<Done> checkForeignKeys(Connection &connection)
{
    TIERLINE_TRY(check, connection.prepareText(u"PRAGMA foreign_key_check"_s));
    TIERLINE_TRY(hasRow, check.step());
    if (hasRow) {
        return storageError(u"A row of “%1” points to a row of “%2” that is not there. Restore the "
                            "latest backup."_s.arg(check.text(0), check.text(2)));
    }
    return Done {};
}

QList<HealthCheck> checkHealth(Connection &connection, const Workspace &workspace)
{
    return {
        verdict(u"integrity"_s, checkIntegrity(connection), u"Every page and index is sound."_s),
        verdict(u"foreign-keys"_s, checkForeignKeys(connection),
            u"Every row finds what it points to."_s),
        verdict(
            u"text-index"_s, checkSearch(connection), u"The text index agrees with the tickets."_s),
        checkSchema(connection),
        checkLibrary(),
        checkDisk(workspace),
        checkPlace(workspace),
        checkModes(workspace),
        checkFeed(connection),
    };
}

} // namespace tierline::storage
