#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace tierline::storage {

class Connection;

/// Told by whoever no longer wants an answer, read by the thread that works on it; copies are the same
/// flag. Unlike cancelling a future it may be done at any moment, whatever waits for the answer.
/// Thread: any.
class StopFlag
{
public:
    void stop() const { *m_isStopped = true; }
    bool isStopped() const { return *m_isStopped; }

private:
    std::shared_ptr<std::atomic<bool>> m_isStopped = std::make_shared<std::atomic<bool>>(false);
};

/// A prepared statement, lent by its connection and given back (reset, bindings cleared) when it
/// leaves scope, so that no read lock outlives its reader. Move-only; same thread as its connection.
class Statement
{
public:
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    // Parameters are numbered from 1. Text is bound as UTF-8 and copied.
    Statement &bind(int at, qint64 value);
    Statement &bind(int at, int value) { return bind(at, static_cast<qint64>(value)); }
    Statement &bind(int at, long value) { return bind(at, static_cast<qint64>(value)); }
    Statement &bind(int at, QStringView text);
    Statement &bindUtf8(int at, QByteArrayView utf8); ///< not copied: must outlive the step
    Statement &bindBlob(int at, QByteArrayView bytes);
    Statement &bindNull(int at);
    template<typename T>
    Statement &bindOptional(int at, const std::optional<T> &value)
    {
        if (!value)
            return bindNull(at);
        if constexpr (std::is_enum_v<T>)
            return bind(at, static_cast<qint64>(*value));
        else if constexpr (std::is_same_v<T, Instant>)
            return bind(at, value->ms);
        else
            return bind(at, *value);
    }

    /// True: a row stands ready. False: done. Storage fault else (full disk, damage, read-only …),
    /// Cancelled where interrupt() was called.
    Result<bool> step();
    /// Runs a statement that gives no rows.
    Result<Done> run();
    /// Back to the start for another round of bind and step.
    void reset();

    qint64 integer(int column) const;
    QString text(int column) const;
    QByteArrayView utf8(int column) const; ///< valid until the next step
    QByteArray blob(int column) const;
    bool isNull(int column) const;

private:
    friend class Connection;
    Statement(Connection &owner, sqlite3_stmt *handle, const char *sql);
    Statement &note(int code);
    Connection *m_owner;
    sqlite3_stmt *m_handle;
    const char *m_sql; ///< key in the owner's cache; nullptr: not cached
    int m_bindCode = 0; ///< first failed bind, told by the next step
};

/// One SQLite connection with the settings that every connection of the program has: WAL, foreign
/// keys on and verified, no automatic checkpoint, no checkpoint at close, busy timeout, trusted
/// schema off, defensive on. Used only on the thread that opened it.
class Connection
{
public:
    enum class Mode { ReadWrite, ReadOnly };

    /// The file must be there (see createPrivateFile). ReadOnly connections may still bring the
    /// side files of the WAL into being, as every reader of a WAL store must.
    static Result<std::unique_ptr<Connection>> open(const QString &path, Mode mode);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// A cached statement; `sql` must be a string literal (its address is the key).
    Result<Statement> prepare(const char *sql);
    /// A statement made for one use, for SQL put together from a fixed list of pieces.
    Result<Statement> prepareText(const QString &sql);
    /// One or more statements without parameters or rows.
    Result<Done> execute(const char *sql);

    qint64 lastInsertId() const;
    qint64 changes() const;
    /// Ends a transaction that failed, where SQLite has not ended it by itself.
    void rollback();
    bool isInTransaction() const;
    /// Pages in the write-ahead log after the last commit through this connection.
    int walPages() const { return m_walPages; }
    /// Gives closed statements back to the system, keeps open ones.
    void forgetStatements();

    /// Asked every few hundred steps of a running statement; true stops it (Cancelled). Called on
    /// the connection's thread. Empty: never asked.
    void setCancelCheck(std::function<bool()> isCancelled);
    /// Asks another question besides while it lives, and both of them more often. Scopes may nest; made
    /// and ended on the connection's thread.
    class StopScope
    {
    public:
        StopScope(Connection &connection, std::function<bool()> isStopped);
        ~StopScope();
        StopScope(const StopScope &) = delete;
        StopScope &operator=(const StopScope &) = delete;

    private:
        Connection &m_connection;
    };
    /// Stops the statement that runs now, from any thread: its step() ends with Cancelled.
    void interrupt();
    bool isReadOnly() const { return m_mode == Mode::ReadOnly; }
    /// The raw handle, for the backup interface and for tests. Never closed by the caller.
    sqlite3 *handle() const { return m_db; }
    /// The error of a failed call on this connection, as a sentence with the file's name.
    Error lastError(int code) const;

private:
    friend class Statement;
    Connection(sqlite3 *db, Mode mode, QString path);
    Result<Done> configure();
    sqlite3 *m_db;
    Mode m_mode;
    QString m_path;
    int m_walPages = 0;
    bool isToStop() const;
    void askWhileStepping();
    std::function<bool()> m_isCancelled;
    std::vector<std::function<bool()>> m_isStopped; ///< of the scopes, innermost last
    std::unordered_map<const char *, std::vector<sqlite3_stmt *>>
        m_free; ///< idle statements by SQL
};

/// Makes an empty file that only its owner may read, whatever the umask; Conflict where there is a
/// file already. SQLite gives the side files of a database the same mode.
Result<Done> createPrivateFile(const QString &path);

/// What SQLite's result code says, as a sentence about the file `path`.
Error sqliteError(int extendedCode, int systemError, const QString &path, const QString &message);

/// Version of the SQLite library in this process, and whether it has the WAL-reset race, which is
/// why one process at a time may write or checkpoint a workspace (see WriteLock).
QString sqliteVersion();
int sqliteVersionNumber(); ///< 3040001 for 3.40.1
bool hasWalResetRace(int libraryVersionNumber);

} // namespace tierline::storage
