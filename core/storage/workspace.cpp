#include "core/storage/workspace.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

std::chrono::steady_clock::time_point deadline(Millis patience)
{
    return std::chrono::steady_clock::now() + patience;
}

} // namespace

// ---- FileLock

Result<FileLock> FileLock::acquire(const QString &path, Millis patience)
{
    TIERLINE_TRY(file, LockFile::open(path));
    TIERLINE_CHECK(file.lock(deadline(patience)));
    return FileLock(std::move(file));
}

// ---- WriteLock

Result<WriteLock> WriteLock::open(const Workspace &workspace)
{
    TIERLINE_TRY(turn, LockFile::open(workspace.turnLockPath()));
    TIERLINE_TRY(lock, LockFile::open(workspace.writeLockPath()));
    return WriteLock(std::move(turn), std::move(lock));
}

Result<Done> WriteLock::acquire(Millis patience)
{
    const auto until = deadline(patience);
    TIERLINE_CHECK(m_turn.lock(until));
    const Result<Done> outcome = m_lock.lock(until);
    m_turn.unlock();
    return outcome;
}

void WriteLock::release()
{
    m_lock.unlock();
}

// ---- Workspace

QString Workspace::databasePath() const
{
    return m_folder + u"/tierline.db"_s;
}

QString Workspace::accountLockPath(const QString &account) const
{
    return m_folder + u"/account-%1.lock"_s.arg(account);
}

QStringList Workspace::accountLockPaths() const
{
    QStringList paths;
    for (const QString &name : QDir(m_folder).entryList({ u"account-*.lock"_s }, QDir::Files))
        paths.append(m_folder + u'/' + name);
    return paths;
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
    // One name for one folder, by whatever links it is reached, and before it is made too.
    QString there = QDir::cleanPath(QDir(m_folder).absolutePath());
    QString rest;
    while (!there.isEmpty() && !QFileInfo::exists(there)) {
        const qsizetype slash = std::max<qsizetype>(0, there.lastIndexOf(u'/'));
        rest.prepend(QStringView(there).sliced(slash));
        there.truncate(slash);
    }
    const QByteArray place = (QFileInfo(there).canonicalFilePath() + rest).toUtf8() + '\0'
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
        TIERLINE_CHECK(LockFile::open(path));
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
