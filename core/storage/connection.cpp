#include "core/storage/connection.h"

#include "core/base/logging.h"

#include <QFile>
#include <QStringEncoder>

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// How long SQLite itself waits for a lock of its own. Writers of this program wait on the write
/// lock before that, so only a foreign program makes anybody wait here.
constexpr int busyMs = 5000;
/// Private memory of one connection: a writer keeps the hot pages of its indexes, a reader little.
constexpr int writerCacheKib = 8 * 1024;
constexpr int readerCacheKib = 4 * 1024;
constexpr int journalSizeLimit = 64 << 20;
constexpr int stepsBetweenCancelChecks = 500;
/// The text index reads its pages by statements of a few steps each: this is every fifth page or so.
constexpr int stepsBetweenStopChecks = 20;

Result<Done> configureFlag(sqlite3 *db, int option, int value)
{
    int after = -1;
    if (sqlite3_db_config(db, option, value, &after) != SQLITE_OK || after != value)
        return storageError(
            u"The SQLite library lacks a setting that Tierline needs (option %1)."_s.arg(option));
    return Done {};
}

} // namespace

Error sqliteError(int extendedCode, int systemError, const QString &path, const QString &message)
{
    const int code = extendedCode & 0xff;
    if (code == SQLITE_INTERRUPT)
        return cancelled();
    if (code == SQLITE_FULL || systemError == ENOSPC || systemError == EDQUOT) {
        return storageError(
            u"The disk is full: %1 cannot grow. What was saved before is safe; free "
            "some space and try again."_s.arg(path));
    }
    switch (code) {
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return storageError(u"%1 cannot be written: the file, its folder or its disk is read-only. "
                            "Allow writing and try again."_s.arg(path));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return storageError(u"%1 is damaged or no Tierline workspace (%2). Restore a backup with "
                            "“tierline-cli restore”."_s.arg(path, message));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: {
        Error error
            = storageError(u"%1 is locked by another program. Close it or try again."_s.arg(path));
        error.retry = Retry::Later;
        error.wait = std::chrono::milliseconds(1000);
        return error;
    }
    case SQLITE_CANTOPEN:
        return storageError(
            u"%1 cannot be opened (%2). Check that it is there and may be written."_s.arg(
                path, systemError ? QString::fromLocal8Bit(std::strerror(systemError)) : message));
    case SQLITE_IOERR:
        return storageError(u"The disk reported an error with %1 (%2, code %3). What was saved "
                            "before is safe; check the disk and try again."_s.arg(path, message)
                                .arg(extendedCode));
    case SQLITE_CONSTRAINT:
        if (extendedCode == SQLITE_CONSTRAINT_UNIQUE || extendedCode == SQLITE_CONSTRAINT_PRIMARYKEY
            || extendedCode == SQLITE_CONSTRAINT_ROWID) {
            return conflictError(u"There is such an entry already (%1)."_s.arg(message));
        }
        return { .fault = Fault::Bug,
            .detail = u"The workspace refused a change: %1."_s.arg(message) };
    case SQLITE_NOMEM:
        return storageError(u"There is not enough memory to work with %1."_s.arg(path));
    case SQLITE_TOOBIG:
        return badInput(u"A text or file is too large to be stored (1 GB at most)."_s);
    default:
        return storageError(
            u"%1 cannot be used: %2 (code %3)."_s.arg(path, message).arg(extendedCode));
    }
}

Result<Done> createPrivateFile(const QString &path)
{
    const int fd
        = ::open(QFile::encodeName(path).constData(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        const int number = errno;
        if (number == EEXIST)
            return conflictError(u"There is a file %1 already."_s.arg(path));
        return sqliteError(number == EROFS || number == EACCES ? SQLITE_READONLY : SQLITE_CANTOPEN,
            number, path, {});
    }
    ::fchmod(fd, 0600);
    ::close(fd);
    return Done {};
}

// ---- Statement

Statement::Statement(Connection &owner, sqlite3_stmt *handle, const char *sql)
    : m_owner(&owner)
    , m_handle(handle)
    , m_sql(sql)
{
}

Statement::Statement(Statement &&other) noexcept
    : m_owner(other.m_owner)
    , m_handle(std::exchange(other.m_handle, nullptr))
    , m_sql(other.m_sql)
    , m_bindCode(other.m_bindCode)
{
}

Statement::~Statement()
{
    if (!m_handle)
        return;
    if (!m_sql) {
        sqlite3_finalize(m_handle);
        return;
    }
    sqlite3_reset(m_handle);
    sqlite3_clear_bindings(m_handle);
    m_owner->m_free[m_sql].push_back(m_handle);
}

Statement &Statement::note(int code)
{
    if (m_bindCode == SQLITE_OK)
        m_bindCode = code;
    return *this;
}

Statement &Statement::bind(int at, qint64 value)
{
    return note(sqlite3_bind_int64(m_handle, at, value));
}

Statement &Statement::bind(int at, QStringView text)
{
    // One conversion into memory that SQLite then owns; short texts by way of the stack.
    QStringEncoder encoder(QStringEncoder::Utf8, QStringEncoder::Flag::Stateless);
    const qsizetype room = encoder.requiredSpace(text.size());
    char local[512];
    if (room <= qsizetype(sizeof local)) {
        const char *end = encoder.appendToBuffer(local, text);
        return note(sqlite3_bind_text64(m_handle, at, local,
            static_cast<sqlite3_uint64>(end - local), SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    char *buffer = static_cast<char *>(sqlite3_malloc64(static_cast<sqlite3_uint64>(room)));
    if (!buffer)
        return note(SQLITE_NOMEM);
    const char *end = encoder.appendToBuffer(buffer, text);
    return note(sqlite3_bind_text64(m_handle, at, buffer, static_cast<sqlite3_uint64>(end - buffer),
        sqlite3_free, SQLITE_UTF8));
}

Statement &Statement::bindUtf8(int at, QByteArrayView utf8)
{
    return note(sqlite3_bind_text64(m_handle, at, utf8.isNull() ? "" : utf8.data(),
        static_cast<sqlite3_uint64>(utf8.size()), SQLITE_STATIC, SQLITE_UTF8));
}

Statement &Statement::bindBlob(int at, QByteArrayView bytes)
{
    return note(sqlite3_bind_blob64(m_handle, at, bytes.isNull() ? "" : bytes.data(),
        static_cast<sqlite3_uint64>(bytes.size()), SQLITE_STATIC));
}

Statement &Statement::bindNull(int at)
{
    return note(sqlite3_bind_null(m_handle, at));
}

Result<bool> Statement::step()
{
    if (m_bindCode != SQLITE_OK)
        return m_owner->lastError(m_bindCode);
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return m_owner->lastError(code);
}

Result<Done> Statement::run()
{
    while (true) {
        TIERLINE_TRY(hasRow, step());
        if (!hasRow)
            break;
    }
    reset();
    return Done {};
}

void Statement::reset()
{
    sqlite3_reset(m_handle);
    m_bindCode = SQLITE_OK;
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

QString Statement::text(int column) const
{
    return QString::fromUtf8(utf8(column));
}

QByteArrayView Statement::utf8(int column) const
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(m_handle, column));
    return { text, text ? sqlite3_column_bytes(m_handle, column) : 0 };
}

QByteArray Statement::blob(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_handle, column));
    return { bytes, bytes ? sqlite3_column_bytes(m_handle, column) : 0 };
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

// ---- Connection

Connection::Connection(sqlite3 *db, Mode mode, QString path)
    : m_db(db)
    , m_mode(mode)
    , m_path(std::move(path))
{
}

Connection::~Connection()
{
    forgetStatements();
    if (sqlite3_close(m_db) != SQLITE_OK) {
        qCWarning(lcStorage, "a connection was closed with statements in use");
        sqlite3_close_v2(m_db);
    }
}

Result<std::unique_ptr<Connection>> Connection::open(const QString &path, Mode mode)
{
    const QByteArray name = QFile::encodeName(path);
    // A reader of a WAL store takes part in its shared memory, so it opens for writing and is then
    // held to reading; on a read-only medium it opens as what it can be.
    const bool canWrite = mode == Mode::ReadWrite || ::access(name.constData(), W_OK) == 0;
    const int flags = (canWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY)
        | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3 *db = nullptr;
    const int code = sqlite3_open_v2(name.constData(), &db, flags, nullptr);
    if (!db)
        return sqliteError(SQLITE_NOMEM, 0, path, {});
    std::unique_ptr<Connection> connection(new Connection(db, mode, path));
    if (code != SQLITE_OK)
        return connection->lastError(code);
    if (mode == Mode::ReadWrite && sqlite3_db_readonly(db, "main") == 1)
        return sqliteError(SQLITE_READONLY, 0, path, {});
    TIERLINE_CHECK(connection->configure());
    return connection;
}

Result<Done> Connection::configure()
{
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1));
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_DEFENSIVE, 1));
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0));
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_ENABLE_FKEY, 1));
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0));
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_DQS_DML, 0));
    TIERLINE_CHECK(configureFlag(m_db, SQLITE_DBCONFIG_DQS_DDL, 0));
    sqlite3_busy_timeout(m_db, busyMs);
    const bool isWriter = m_mode == Mode::ReadWrite;
    const QByteArray settings = "PRAGMA mmap_size = 0; PRAGMA cache_size = -"
        + QByteArray::number(isWriter ? writerCacheKib : readerCacheKib)
        + "; PRAGMA temp_store = FILE;"
        + (isWriter ? "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = "
                    + QByteArray::number(journalSizeLimit) + ';'
                    : QByteArray("PRAGMA query_only = ON;"));
    TIERLINE_CHECK(execute(settings.constData()));
    // Takes the place of the automatic checkpoint: SQLite has one such hook.
    sqlite3_wal_autocheckpoint(m_db, 0);
    sqlite3_wal_hook(
        m_db,
        [](void *self, sqlite3 *, const char *, int pages) {
            static_cast<Connection *>(self)->m_walPages = pages;
            return SQLITE_OK;
        },
        this);
    TIERLINE_TRY(check, prepareText(u"PRAGMA foreign_keys"_s));
    TIERLINE_TRY(hasRow, check.step());
    if (!hasRow || check.integer(0) != 1)
        return storageError(u"The SQLite library does not check foreign keys."_s);
    // The first look into the file: what is no database is told here, in one place.
    TIERLINE_TRY(first, prepareText(u"SELECT count(*) FROM sqlite_schema"_s));
    TIERLINE_CHECK(first.step());
    return Done {};
}

Result<Statement> Connection::prepare(const char *sql)
{
    if (const auto found = m_free.find(sql); found != m_free.end() && !found->second.empty()) {
        sqlite3_stmt *handle = found->second.back();
        found->second.pop_back();
        return Statement(*this, handle, sql);
    }
    sqlite3_stmt *handle = nullptr;
    const int code = sqlite3_prepare_v3(m_db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK)
        return lastError(code);
    return Statement(*this, handle, sql);
}

Result<Statement> Connection::prepareText(const QString &sql)
{
    sqlite3_stmt *handle = nullptr;
    const QByteArray utf8 = sql.toUtf8();
    const int code = sqlite3_prepare_v2(
        m_db, utf8.constData(), static_cast<int>(utf8.size()), &handle, nullptr);
    if (code != SQLITE_OK)
        return lastError(code);
    return Statement(*this, handle, nullptr);
}

Result<Done> Connection::execute(const char *sql)
{
    const int code = sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return lastError(code);
    return Done {};
}

void Connection::rollback()
{
    if (isInTransaction())
        sqlite3_exec(m_db, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Connection::isInTransaction() const
{
    return sqlite3_get_autocommit(m_db) == 0;
}

void Connection::forgetStatements()
{
    for (const auto &[sql, handles] : m_free) {
        for (sqlite3_stmt *handle : handles)
            sqlite3_finalize(handle);
    }
    m_free.clear();
}

qint64 Connection::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_db);
}

qint64 Connection::changes() const
{
    return sqlite3_changes64(m_db);
}

void Connection::setCancelCheck(std::function<bool()> isCancelled)
{
    m_isCancelled = std::move(isCancelled);
    askWhileStepping();
}

bool Connection::isToStop() const
{
    return (m_isCancelled && m_isCancelled())
        || std::ranges::any_of(m_isStopped, [](const auto &isStopped) { return isStopped(); });
}

void Connection::askWhileStepping()
{
    if (!m_isCancelled && m_isStopped.empty()) {
        sqlite3_progress_handler(m_db, 0, nullptr, nullptr);
        return;
    }
    sqlite3_progress_handler(
        m_db, m_isStopped.empty() ? stepsBetweenCancelChecks : stepsBetweenStopChecks,
        [](void *self) { return static_cast<Connection *>(self)->isToStop() ? 1 : 0; }, this);
}

Connection::StopScope::StopScope(Connection &connection, std::function<bool()> isStopped)
    : m_connection(connection)
{
    connection.m_isStopped.push_back(std::move(isStopped));
    connection.askWhileStepping();
}

Connection::StopScope::~StopScope()
{
    m_connection.m_isStopped.pop_back();
    m_connection.askWhileStepping();
}

void Connection::interrupt()
{
    sqlite3_interrupt(m_db);
}

Error Connection::lastError(int code) const
{
    // The handle's own code is the finer one, unless the caller's came from another call.
    const int extended = sqlite3_extended_errcode(m_db);
    const bool isSame = (extended & 0xff) == (code & 0xff);
    const bool isDisk = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    return sqliteError(isSame ? extended : code, isDisk ? sqlite3_system_errno(m_db) : 0, m_path,
        QString::fromUtf8(isSame ? sqlite3_errmsg(m_db) : sqlite3_errstr(code)));
}

int sqliteVersionNumber()
{
    return sqlite3_libversion_number();
}

QString sqliteVersion()
{
    return QString::fromLatin1(sqlite3_libversion());
}

bool hasWalResetRace(int libraryVersionNumber)
{
    // 3.7.0 to 3.51.2, mended in 3.51.3 and carried back to 3.50.7 and 3.44.6.
    const int version = libraryVersionNumber;
    const bool isMended = version >= 3'051'003 || (version >= 3'050'007 && version < 3'051'000)
        || (version >= 3'044'006 && version < 3'045'000);
    return version >= 3'007'000 && !isMended;
}

} // namespace tierline::storage
