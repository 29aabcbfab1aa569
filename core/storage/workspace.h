#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/storage/lockfile.h"

#include <QString>

namespace tierline::storage {

/// A lock that other processes honour too, see LockFile. Held for as long as the value lives.
class FileLock
{
public:
    /// Waits at most `patience`; Conflict after that.
    static Result<FileLock> acquire(const QString &path, Millis patience);
    /// Does not wait: Conflict where somebody holds it.
    static Result<FileLock> tryAcquire(const QString &path) { return acquire(path, Millis(0)); }

private:
    explicit FileLock(LockFile file)
        : m_file(std::move(file))
    {
    }
    LockFile m_file;
};

/// The write lock of a workspace, fair between processes: who waits holds the turn, so that a
/// program which writes without a pause cannot keep the others out. A few microseconds where nobody
/// else writes. Gives the lock back at its end where it is held. Thread: one at a time.
class WriteLock
{
public:
    static Result<WriteLock> open(const class Workspace &workspace);

    /// Conflict after `patience`.
    Result<Done> acquire(Millis patience);
    void release();

private:
    WriteLock(LockFile turn, LockFile lock)
        : m_turn(std::move(turn))
        , m_lock(std::move(lock))
    {
    }
    LockFile m_turn;
    LockFile m_lock;
};

/// Where a workspace keeps its things: one folder, private to the user (0700; files 0600).
class Workspace
{
public:
    explicit Workspace(QString folder)
        : m_folder(std::move(folder))
    {
    }
    const QString &folder() const { return m_folder; }
    QString databasePath() const;
    /// The lock that is held for a whole round with an account: names are letters, digits, "-" and "_".
    QString accountLockPath(const QString &account) const;
    /// Of all accounts that were ever synced here.
    QStringList accountLockPaths() const;
    QString writeLockPath() const;
    QString turnLockPath() const; ///< who waits for the write lock holds this
    QString engineLockPath() const;
    QString importLockPath() const; ///< held for as long as an import runs
    QString desktopSocketName() const; ///< single instance: a name private to user and folder

    bool exists() const;
    /// Makes the folder and its permanent files with private modes. BadInput where the folder holds
    /// something else; Storage where it cannot be made.
    Result<Done> create() const;
    /// Files whose mode lets others read them, made private. Storage where that is refused.
    Result<Done> makePrivate() const;
    /// Every file that belongs to the workspace and is there now.
    QStringList files() const;

private:
    QString m_folder;
};

/// A folder on a network or cloud-synced file system, judged from the mount's type and well-known
/// names in the path (pure; the caller reads the mount table).
bool looksShared(const QString &folder, const QString &fileSystemType);

} // namespace tierline::storage
