#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QString>

#include <memory>

namespace tierline::storage {

/// A lock that other processes honour too: flock on a permanent file, LockFileEx on Windows. Held
/// for as long as the value lives.
class FileLock
{
public:
    /// Waits at most `patience`; Conflict after that.
    static Result<FileLock> acquire(const QString &path, Millis patience);
    /// Does not wait: Conflict where somebody holds it.
    static Result<FileLock> tryAcquire(const QString &path) { return acquire(path, Millis(0)); }
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&other) noexcept;
    ~FileLock();

private:
    explicit FileLock(int fd)
        : m_fd(fd)
    {
    }
    int m_fd = -1;
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
    QString writeLockPath() const;
    QString engineLockPath() const;
    QString desktopSocketName() const; ///< single instance: a name private to user and folder

    bool exists() const;
    /// Makes the folder and its permanent files with private modes. BadInput where the folder holds
    /// something else; Storage where it cannot be made.
    Result<Done> create() const;

private:
    QString m_folder;
};

/// A folder on a network or cloud-synced file system, judged from the mount's type and well-known
/// names in the path (pure; the caller reads the mount table).
bool looksShared(const QString &folder, const QString &fileSystemType);

} // namespace tierline::storage
