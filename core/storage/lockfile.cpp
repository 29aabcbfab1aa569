#include "core/storage/lockfile.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

#ifdef Q_OS_WIN
#include <QDir>
#include <windows.h>
#else
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// Between two looks at a lock that somebody holds: short at first, since most transactions take
/// less than a millisecond, then long enough to cost nothing.
constexpr std::chrono::microseconds firstWait { 50 };
constexpr std::chrono::microseconds longestWait { 2000 };

Error lockError(const QString &path, const QString &why)
{
    return storageError(
        u"The lock file %1 cannot be used (%2). Check that its folder may be written."_s.arg(
            path, why));
}

Error heldError(const QString &path)
{
    Error error
        = conflictError(u"Another program is using %1 right now. Try again when it is done."_s.arg(
            QFileInfo(path).absolutePath()));
    error.retry = Retry::Later;
    return error;
}

} // namespace

// ---- what the two systems do differently

#ifdef Q_OS_WIN

namespace {

QString lastError()
{
    return qt_error_string(static_cast<int>(::GetLastError()));
}

void waitABit(std::chrono::microseconds time)
{
    ::Sleep(static_cast<DWORD>(std::chrono::ceil<std::chrono::milliseconds>(time).count()));
}

} // namespace

LockFile::Handle LockFile::none()
{
    return INVALID_HANDLE_VALUE;
}

Result<LockFile> LockFile::open(const QString &path)
{
    const std::wstring name = QDir::toNativeSeparators(path).toStdWString();
    // Others may open it too: it is the lock that keeps them out, not the file. No inheriting.
    const HANDLE handle = ::CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (handle == INVALID_HANDLE_VALUE)
        return lockError(path, lastError());
    return LockFile(handle, path);
}

Result<bool> LockFile::tryLock()
{
    OVERLAPPED place {}; // from the first byte on; a byte need not exist to be locked
    if (::LockFileEx(
            m_handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place))
        return true;
    const DWORD number = ::GetLastError();
    if (number == ERROR_LOCK_VIOLATION || number == ERROR_IO_PENDING)
        return false;
    return lockError(m_path, lastError());
}

void LockFile::unlock()
{
    OVERLAPPED place {};
    ::UnlockFileEx(m_handle, 0, 1, 0, &place);
}

void LockFile::close()
{
    if (m_handle == INVALID_HANDLE_VALUE)
        return;
    // Closing alone gives the lock back too, but at a time of the system's choice.
    unlock();
    ::CloseHandle(m_handle);
}

#else

namespace {

QString lastError()
{
    return QString::fromLocal8Bit(std::strerror(errno));
}

void waitABit(std::chrono::microseconds time)
{
    const timespec span { 0, static_cast<long>(time.count()) * 1000 };
    ::ppoll(nullptr, 0, &span, nullptr);
}

} // namespace

LockFile::Handle LockFile::none()
{
    return -1;
}

Result<LockFile> LockFile::open(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return lockError(path, lastError());
    return LockFile(fd, path);
}

Result<bool> LockFile::tryLock()
{
    if (::flock(m_handle, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK || errno == EINTR)
        return false;
    return lockError(m_path, lastError());
}

void LockFile::unlock()
{
    ::flock(m_handle, LOCK_UN);
}

void LockFile::close()
{
    if (m_handle >= 0)
        ::close(m_handle);
}

#endif

// ---- what they have in common

LockFile::LockFile(Handle handle, QString path)
    : m_handle(handle)
    , m_path(std::move(path))
{
}

LockFile::LockFile(LockFile &&other) noexcept
    : m_handle(std::exchange(other.m_handle, none()))
    , m_path(std::move(other.m_path))
{
}

LockFile &LockFile::operator=(LockFile &&other) noexcept
{
    if (this != &other) {
        close();
        m_handle = std::exchange(other.m_handle, none());
        m_path = std::move(other.m_path);
    }
    return *this;
}

LockFile::~LockFile()
{
    close();
}

Result<Done> LockFile::lock(std::chrono::steady_clock::time_point until)
{
    std::chrono::microseconds wait = firstWait;
    for (;;) {
        TIERLINE_TRY(isHeld, tryLock());
        if (isHeld)
            return Done {};
        if (std::chrono::steady_clock::now() >= until)
            return heldError(m_path);
        waitABit(wait);
        wait = std::min(wait * 2, longestWait);
    }
}

} // namespace tierline::storage
