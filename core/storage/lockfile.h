#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>

namespace tierline::storage {

/// One permanent file that processes lock: flock, or LockFileEx on Windows. The file is never removed,
/// since whoever waits for it would then wait for another file. A process that ends, even killed,
/// gives its locks back. Thread: one at a time. A few microseconds where nobody else holds the lock.
class LockFile
{
public:
    /// Makes the file, private to the user, where it is not there. Storage where that fails.
    static Result<LockFile> open(const QString &path);
    LockFile(LockFile &&other) noexcept;
    LockFile &operator=(LockFile &&other) noexcept;
    ~LockFile(); ///< closes the file, and so gives back what is held

    /// Looks again and again until `until`; Conflict after that.
    Result<Done> lock(std::chrono::steady_clock::time_point until);
    void unlock();

private:
#ifdef Q_OS_WIN
    using Handle = void *;
#else
    using Handle = int;
#endif
    LockFile(Handle handle, QString path);
    /// False where another holds it.
    Result<bool> tryLock();
    void close();
    static Handle none();

    Handle m_handle;
    QString m_path;
};

} // namespace tierline::storage
