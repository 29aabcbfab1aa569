#include "core/storage/workspace.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// Between two looks at a lock that somebody holds: short at first, since most transactions take
/// less than a millisecond, then long enough to cost nothing.
constexpr std::chrono::microseconds firstWait { 50 };
constexpr std::chrono::microseconds longestWait { 2000 };

std::chrono::steady_clock::time_point deadline(Millis patience)
{
    return std::chrono::steady_clock::now() + patience;
}

void waitABit(std::chrono::microseconds time)
{
    const timespec span { 0, static_cast<long>(time.count()) * 1000 };
    ::ppoll(nullptr, 0, &span, nullptr);
}

Error lockError(const QString &path, int number)
{
    return storageError(
        u"The lock file %1 cannot be used (%2). Check that its folder may be written."_s.arg(
            path, QString::fromLocal8Bit(std::strerror(number))));
}

Result<int> openLockFile(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return lockError(path, errno);
    return fd;
}

Result<Done> lockFile(int fd, const QString &path, std::chrono::steady_clock::time_point until)
{
    std::chrono::microseconds wait = firstWait;
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return lockError(path, errno);
        if (std::chrono::steady_clock::now() >= until) {
            Error error
                = conflictError(u"Another program is using %1 right now. Try again when it is "
                                "done."_s.arg(QFileInfo(path).absolutePath()));
            error.retry = Retry::Later;
            return error;
        }
        waitABit(wait);
        wait = std::min(wait * 2, longestWait);
    }
    return Done {};
}

void closeFile(int fd)
{
    if (fd >= 0)
        ::close(fd);
}

} // namespace

// ---- FileLock

Result<FileLock> FileLock::acquire(const QString &path, Millis patience)
{
    TIERLINE_TRY(fd, openLockFile(path));
    FileLock lock(fd);
    TIERLINE_CHECK(lockFile(fd, path, deadline(patience)));
    return lock;
}

FileLock::FileLock(FileLock &&other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
{
}

FileLock &FileLock::operator=(FileLock &&other) noexcept
{
    if (this != &other) {
        closeFile(m_fd);
        m_fd = std::exchange(other.m_fd, -1);
    }
    return *this;
}

FileLock::~FileLock()
{
    closeFile(m_fd);
}

// ---- WriteLock

Result<WriteLock> WriteLock::open(const Workspace &workspace)
{
    TIERLINE_TRY(turn, openLockFile(workspace.turnLockPath()));
    const Result<int> lock = openLockFile(workspace.writeLockPath());
    if (!lock) {
        closeFile(turn);
        return lock.error();
    }
    return WriteLock(turn, *lock, workspace.writeLockPath());
}

WriteLock::WriteLock(WriteLock &&other) noexcept
    : m_turn(std::exchange(other.m_turn, -1))
    , m_lock(std::exchange(other.m_lock, -1))
    , m_path(std::move(other.m_path))
{
}

WriteLock::~WriteLock()
{
    closeFile(m_lock);
    closeFile(m_turn);
}

Result<Done> WriteLock::acquire(Millis patience)
{
    const auto until = deadline(patience);
    TIERLINE_CHECK(lockFile(m_turn, m_path, until));
    const Result<Done> outcome = lockFile(m_lock, m_path, until);
    ::flock(m_turn, LOCK_UN);
    return outcome;
}

void WriteLock::release()
{
    ::flock(m_lock, LOCK_UN);
}

// ---- Workspace

QString Workspace::databasePath() const
{
    return m_folder + u"/tierline.db"_s;
}

QString Workspace::writeLockPath() const
{
    return m_folder + u"/write.lock"_s;
}

QString Workspace::turnLockPath() const
{
    return m_folder + u"/turn.lock"_s;
}

QString Workspace::engineLockPath() const
{
    return m_folder + u"/engine.lock"_s;
}

QString Workspace::importLockPath() const
{
    return m_folder + u"/import.lock"_s;
}

QString Workspace::desktopSocketName() const
{
    const QString canonical = QFileInfo(m_folder).canonicalFilePath();
    const QByteArray place
        = (canonical.isEmpty() ? QDir(m_folder).absolutePath() : canonical).toUtf8() + '\0'
        + QByteArray::number(::getuid());
    return u"tierline-"_s
        + QString::fromLatin1(
            QCryptographicHash::hash(place, QCryptographicHash::Sha256).toHex().left(32));
}

bool Workspace::exists() const
{
    return QFileInfo(databasePath()).size() > 0;
}

QStringList Workspace::files() const
{
    QStringList found;
    for (const QString &path : { databasePath(), databasePath() + u"-wal"_s,
             databasePath() + u"-shm"_s, databasePath() + u"-journal"_s, writeLockPath(),
             turnLockPath(), engineLockPath(), importLockPath() }) {
        if (QFileInfo::exists(path))
            found.append(path);
    }
    return found;
}

Result<Done> Workspace::create() const
{
    const QByteArray name = QFile::encodeName(m_folder);
    if (QFileInfo::exists(m_folder) && !QFileInfo(m_folder).isDir())
        return badInput(
            u"%1 is a file; a workspace is a folder. Name another place."_s.arg(m_folder));
    if (!QDir().mkpath(QFileInfo(m_folder).absolutePath())
        || (::mkdir(name.constData(), 0700) != 0 && errno != EEXIST)) {
        return storageError(u"The folder %1 cannot be made (%2)."_s.arg(
            m_folder, QString::fromLocal8Bit(std::strerror(errno))));
    }
    QStringList known;
    for (const QString &path : files())
        known.append(QFileInfo(path).fileName());
    const QStringList there = QDir(m_folder).entryList(
        QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    for (const QString &entry : there) {
        if (!known.contains(entry)) {
            return badInput(
                u"The folder %1 already holds something else (%2). Name an empty or a new "
                "folder."_s.arg(m_folder, entry));
        }
    }
    if (::chmod(name.constData(), 0700) != 0)
        return storageError(u"The folder %1 cannot be made private."_s.arg(m_folder));
    for (const QString &path :
        { writeLockPath(), turnLockPath(), engineLockPath(), importLockPath() }) {
        TIERLINE_TRY(fd, openLockFile(path));
        closeFile(fd);
    }
    return makePrivate();
}

Result<Done> Workspace::makePrivate() const
{
    for (const QString &path : files()) {
        const QByteArray name = QFile::encodeName(path);
        struct stat facts {
        };
        if (::stat(name.constData(), &facts) != 0 || (facts.st_mode & 0077) == 0)
            continue;
        if (::chmod(name.constData(), 0600) != 0)
            return storageError(
                u"%1 can be read by others and cannot be made private."_s.arg(path));
    }
    return Done {};
}

bool looksShared(const QString &folder, const QString &fileSystemType)
{
    static const QStringList types { u"nfs"_s, u"nfs4"_s, u"cifs"_s, u"smb"_s, u"smb2"_s, u"smb3"_s,
        u"smbfs"_s, u"ncpfs"_s, u"afs"_s, u"9p"_s, u"ceph"_s, u"glusterfs"_s, u"fuse.sshfs"_s,
        u"fuse.glusterfs"_s, u"fuse.rclone"_s, u"fuse.gvfsd-fuse"_s, u"fuse.s3fs"_s, u"davfs"_s,
        u"fuse.davfs2"_s, u"webdav"_s, u"lustre"_s, u"beegfs"_s, u"ocfs2"_s, u"gfs2"_s };
    if (types.contains(fileSystemType, Qt::CaseInsensitive))
        return true;
    static const QStringList names { u"dropbox"_s, u"onedrive"_s, u"google drive"_s,
        u"googledrive"_s, u"my drive"_s, u"icloud drive"_s, u"com~apple~clouddocs"_s,
        u"nextcloud"_s, u"owncloud"_s, u"syncthing"_s, u"pcloud"_s, u"pclouddrive"_s, u"megasync"_s,
        u"box sync"_s, u"seafile"_s };
    QString path = folder;
    path.replace(u'\\', u'/');
    for (const QString &part : path.split(u'/', Qt::SkipEmptyParts)) {
        const QString lower = part.toLower();
        if (names.contains(lower) || lower.startsWith("onedrive - "_L1)
            || lower.startsWith("dropbox ("_L1)) {
            return true;
        }
    }
    return false;
}

} // namespace tierline::storage
