#include "core/import/staging.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {
const QString prefix = u"tierline-import-"_s;
constexpr qint64 graceMs = 60'000; ///< between the making of a folder and of its lock
} // namespace

void removeAbandonedStaging()
{
    QTemporaryDir probe(QDir::tempPath() + u"/tierline-probe-XXXXXX"_s);
    if (!probe.isValid())
        return;
    const QDateTime newest = QFileInfo(probe.path()).lastModified();
    const uint me = QFileInfo(probe.path()).ownerId();
    const auto entries = QDir(QDir::tempPath())
                             .entryInfoList({ prefix + u'*' }, QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        // What others have put there under our name is theirs, and may hold links to anywhere.
        if (entry.isSymLink() || !entry.isWritable() || entry.ownerId() != me
            || entry.lastModified().msecsTo(newest) < graceMs)
            continue;
        const auto lock = storage::FileLock::tryAcquire(entry.filePath() + u"/lock"_s);
        if (lock)
            QDir(entry.filePath()).removeRecursively();
    }
}

Result<std::unique_ptr<Staging>> Staging::create(const char *schema)
{
    removeAbandonedStaging();
    auto folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u'/' + prefix + u"XXXXXX"_s);
    if (!folder->isValid())
        return storageError(u"No temporary folder can be made in %1: %2."_s.arg(
            QDir::tempPath(), folder->errorString()));
    TIERLINE_TRY(lock, storage::FileLock::tryAcquire(folder->filePath(u"lock"_s)));
    const QString path = folder->filePath(u"staging.db"_s);
    {
        QFile file(path); // made first, so that it is private from its first byte
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly)
            || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
            return storageError(
                u"The temporary file %1 cannot be made: %2."_s.arg(path, file.errorString()));
    }
    TIERLINE_TRY(connection, storage::Connection::open(path, storage::Connection::Mode::ReadWrite));
    // Nothing here outlives the process, so nothing is synced; one transaction holds it all.
    TIERLINE_CHECK(connection->execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                                       "PRAGMA cache_size = -16384; PRAGMA temp_store = FILE"));
    TIERLINE_CHECK(connection->execute(schema));
    TIERLINE_CHECK(connection->execute("BEGIN"));
    return std::unique_ptr<Staging>(
        new Staging(std::move(folder), std::move(lock), std::move(connection)));
}

} // namespace tierline::importing
