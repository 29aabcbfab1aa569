#include "core/storage/remotes.h"

#include "core/storage/columns.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

RemoteRow remoteRowOf(const Statement &row)
{
    return { .account = row.text(0),
        .remote = row.text(1),
        .ticket = { row.integer(2) },
        .version = row.text(3),
        .base = objectOf(row.utf8(4)),
        .updated = { row.integer(5) },
        .presence = static_cast<int>(row.integer(6)),
        .mergedInto = row.text(7),
        .link = row.text(8) };
}

Result<std::optional<RemoteRow>> oneRemote(Statement &row)
{
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? std::optional(remoteRowOf(row)) : std::nullopt;
}

/// The id again where it is a number as the remote itself would write it.
std::optional<qint64> numberOf(const QString &id)
{
    bool isNumber = false;
    const qint64 number = id.toLongLong(&isNumber);
    return isNumber && QString::number(number) == id ? std::optional(number) : std::nullopt;
}

/// A JSON value of any kind as text; a document needs an array or object around it.
QString valueText(const QJsonValue &value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact));
}

QJsonValue valueOf(QByteArrayView json)
{
    return QJsonDocument::fromJson(json.toByteArray()).array().at(0);
}

constexpr const char *selectConflicts
    = "SELECT c.id, c.account, c.ticket, t.key, c.field, c.base, c.local, c.remote, c.local_by,"
      " c.remote_by, c.at FROM conflict c JOIN ticket t ON t.id = c.ticket"
      " WHERE c.resolved IS NULL AND (?1 = 0 OR c.ticket = ?1) AND (?2 = '' OR c.id = ?2)"
      " ORDER BY c.at, c.id";

Result<std::vector<Conflict>> conflictsOf(
    Connection &connection, TicketId ticket, const QString &id)
{
    TIERLINE_TRY(rows, connection.prepare(selectConflicts));
    rows.bind(1, ticket.v).bind(2, id);
    std::vector<Conflict> conflicts;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return conflicts;
        conflicts.push_back({ .id = rows.text(0),
            .account = rows.text(1),
            .ticket = { rows.integer(2) },
            .key = rows.text(3),
            .field = rows.text(4),
            .base = valueOf(rows.utf8(5)),
            .local = valueOf(rows.utf8(6)),
            .remote = valueOf(rows.utf8(7)),
            .localBy = rows.text(8),
            .remoteBy = rows.text(9),
            .at = { rows.integer(10) } });
    }
}

} // namespace

Result<std::optional<RemoteRow>> findRemote(
    Connection &connection, const QString &account, const QString &remote)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT account, remote, ticket, version, base, updated, presence,"
                           " merged_into, link FROM remote_ticket"
                           " WHERE account = ?1 AND remote = ?2"));
    row.bind(1, account).bind(2, remote);
    return oneRemote(row);
}

Result<std::optional<RemoteRow>> remoteOf(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT account, remote, ticket, version, base, updated, presence,"
                           " merged_into, link FROM remote_ticket WHERE ticket = ?1"));
    row.bind(1, ticket.v);
    return oneRemote(row);
}

Result<Done> saveRemote(WriteScope &scope, const RemoteRow &remote)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO remote_ticket (account, remote, ticket, version, base, updated, presence,"
            " merged_into, link, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            " ON CONFLICT (account, remote) DO UPDATE SET version = excluded.version,"
            " base = excluded.base, updated = excluded.updated, presence = excluded.presence,"
            " merged_into = excluded.merged_into, link = excluded.link"));
    row.bind(1, remote.account).bind(2, remote.remote).bind(3, remote.ticket.v);
    row.bind(4, remote.version).bind(5, objectText(remote.base)).bind(6, remote.updated.ms);
    row.bind(7, remote.presence).bind(8, remote.mergedInto).bind(9, remote.link);
    row.bindOptional(10, numberOf(remote.remote));
    return row.run();
}

Result<std::vector<qint64>> heldNumbers(
    Connection &connection, const QString &account, qint64 from, qint64 to)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT number FROM remote_ticket WHERE account = ?1 AND number IS NOT "
                           "NULL AND number BETWEEN ?2 AND ?3 AND presence = 0 ORDER BY number"));
    rows.bind(1, account).bind(2, from).bind(3, to);
    std::vector<qint64> numbers;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return numbers;
        numbers.push_back(rows.integer(0));
    }
}

Result<qint64> countHeld(Connection &connection, const QString &account)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT count(*) FROM remote_ticket WHERE account = ?1 AND presence = 0"));
    TIERLINE_CHECK(row.bind(1, account).step());
    return row.integer(0);
}

Result<std::optional<KnownEntry>> findEntry(
    Connection &connection, const QString &account, const QString &entry)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT operation, ticket FROM remote_entry WHERE account = ?1 AND entry = ?2"));
    TIERLINE_TRY(hasRow, row.bind(1, account).bind(2, entry).step());
    return hasRow ? std::optional(KnownEntry { row.text(0), { row.integer(1) } }) : std::nullopt;
}

Result<Done> rememberEntry(WriteScope &scope, const QString &account, const QString &entry,
    TicketId ticket, const QString &operation, Instant at)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO remote_entry (account, entry, ticket, operation, at)"
            " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (account, entry) DO UPDATE SET"
            " ticket = excluded.ticket, operation = iif(excluded.operation = '', operation, excluded.operation)"));
    row.bind(1, account).bind(2, entry).bind(3, ticket.v).bind(4, operation).bind(5, at.ms);
    return row.run();
}

namespace {

Result<QStringList> entriesOf(Statement &rows, const QString &account, TicketId ticket, int limit)
{
    rows.bind(1, account).bind(2, ticket.v).bind(3, limit);
    QStringList entries;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return entries;
        entries.append(rows.text(0));
    }
}

} // namespace

Result<QStringList> loadEntries(
    Connection &connection, const QString &account, TicketId ticket, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT entry FROM remote_entry WHERE account = ?1 AND ticket = ?2"
                           " ORDER BY at DESC, entry DESC LIMIT ?3"));
    return entriesOf(rows, account, ticket, limit);
}

Result<QStringList> loadOwnEntries(
    Connection &connection, const QString &account, TicketId ticket, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT entry FROM remote_entry WHERE account = ?1 AND ticket = ?2"
                           " AND operation <> '' ORDER BY at DESC, entry DESC LIMIT ?3"));
    return entriesOf(rows, account, ticket, limit);
}

Result<Done> expectEcho(
    WriteScope &scope, const QString &account, TicketId ticket, const Echo &echo)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO echo (account, ticket, operation, field, value, author, at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET"
            " value = excluded.value, author = excluded.author, at = excluded.at"));
    row.bind(1, account).bind(2, ticket.v).bind(3, echo.operation).bind(4, echo.field);
    return row.bind(5, echo.value).bind(6, echo.author).bind(7, echo.at.ms).run();
}

Result<std::vector<Echo>> loadEchoes(
    Connection &connection, const QString &account, TicketId ticket)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT operation, field, value, author, at FROM echo"
                           " WHERE account = ?1 AND ticket = ?2 ORDER BY at DESC, operation"));
    rows.bind(1, account).bind(2, ticket.v);
    std::vector<Echo> echoes;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return echoes;
        echoes.push_back({ .operation = rows.text(0),
            .field = rows.text(1),
            .value = rows.text(2),
            .author = rows.text(3),
            .at = { rows.integer(4) } });
    }
}

Result<Done> forgetEcho(WriteScope &scope, const QString &account, TicketId ticket,
    const QString &operation, const QString &field)
{
    TIERLINE_TRY(row,
        scope.connection().prepare("DELETE FROM echo WHERE account = ?1 AND ticket = ?2"
                                   " AND operation = ?3 AND field = ?4"));
    return row.bind(1, account).bind(2, ticket.v).bind(3, operation).bind(4, field).run();
}

Result<Done> forgetAnnounced(
    WriteScope &scope, const QString &account, TicketId ticket, const QString &field)
{
    // Events that came from elsewhere have an origin.
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "DELETE FROM echo WHERE account = ?1 AND ticket = ?2 AND field = ?3 AND operation IN"
            " (SELECT operation FROM event WHERE ticket = ?2 AND origin <> 0)"));
    return row.bind(1, account).bind(2, ticket.v).bind(3, field).run();
}

Result<std::vector<Announced>> loadAnnounced(
    Connection &connection, const QString &account, Instant before)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT ticket, field, value FROM echo WHERE account = ?1 AND at < ?2"
                           " AND EXISTS (SELECT 1 FROM event WHERE event.ticket = echo.ticket"
                           " AND event.operation = echo.operation AND origin <> 0)"));
    rows.bind(1, account).bind(2, before.ms);
    std::vector<Announced> announced;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return announced;
        announced.push_back(
            { .ticket = { rows.integer(0) }, .field = rows.text(1), .value = rows.text(2) });
    }
}

Result<Done> forgetOldEchoes(WriteScope &scope, const QString &account, Instant before)
{
    TIERLINE_TRY(
        row, scope.connection().prepare("DELETE FROM echo WHERE account = ?1 AND at < ?2"));
    return row.bind(1, account).bind(2, before.ms).run();
}

Result<bool> hasOperation(Connection &connection, TicketId ticket, const QString &operation)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT 1 FROM event WHERE ticket = ?1 AND operation = ?2 LIMIT 1"));
    return row.bind(1, ticket.v).bind(2, operation).step();
}

Result<bool> isFromElsewhere(Connection &connection, TicketId ticket, const QString &operation)
{
    // Events that came from elsewhere have an origin.
    TIERLINE_TRY(row,
        connection.prepare("SELECT 1 FROM event WHERE ticket = ?1 AND operation = ?2"
                           " AND origin <> 0 LIMIT 1"));
    return row.bind(1, ticket.v).bind(2, operation).step();
}

Result<int> handoffVersion(Connection &connection, const QString &escalation)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT coalesce(max(version), 0) FROM handoff WHERE escalation = ?1"));
    TIERLINE_CHECK(row.bind(1, escalation).step());
    return static_cast<int>(row.integer(0));
}

Result<Done> insertRemoteFile(WriteScope &scope, RemoteFileRow &file)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO remote_file (account, remote, message, name, content_type, size)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    row.bind(1, file.account).bind(2, file.remote).bind(3, file.message.v).bind(4, file.name);
    TIERLINE_CHECK(row.bind(5, file.contentType).bind(6, file.size).run());
    file.id = scope.connection().lastInsertId();
    return Done {};
}

Result<std::vector<RemoteFileRow>> loadRemoteFiles(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT f.id, f.account, f.remote, f.message, f.name, f.content_type,"
                           " f.size FROM remote_file f JOIN message m ON m.id = f.message"
                           " WHERE m.ticket = ?1 ORDER BY f.id"));
    rows.bind(1, ticket.v);
    std::vector<RemoteFileRow> files;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return files;
        files.push_back({ .id = rows.integer(0),
            .account = rows.text(1),
            .remote = rows.text(2),
            .message = { rows.integer(3) },
            .name = rows.text(4),
            .contentType = rows.text(5),
            .size = rows.integer(6) });
    }
}

Result<Done> removeRemoteFile(WriteScope &scope, qint64 id)
{
    TIERLINE_TRY(row, scope.connection().prepare("DELETE FROM remote_file WHERE id = ?1"));
    return row.bind(1, id).run();
}

Result<std::vector<Conflict>> loadConflicts(Connection &connection, TicketId ticket)
{
    return conflictsOf(connection, ticket, {});
}

Result<std::optional<Conflict>> findConflict(Connection &connection, const QString &id)
{
    if (id.isEmpty())
        return std::optional<Conflict>();
    TIERLINE_TRY(found, conflictsOf(connection, {}, id));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

Result<Done> saveConflict(WriteScope &scope, const Conflict &conflict)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO conflict (id, account, ticket, field, base, local, remote, local_by,"
            " remote_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            " ON CONFLICT (ticket, field) WHERE resolved IS NULL DO UPDATE SET"
            " local = excluded.local, remote = excluded.remote, remote_by = excluded.remote_by,"
            " at = excluded.at"));
    row.bind(1, conflict.id).bind(2, conflict.account).bind(3, conflict.ticket.v);
    row.bind(4, conflict.field).bind(5, valueText(conflict.base));
    row.bind(6, valueText(conflict.local)).bind(7, valueText(conflict.remote));
    scope.touch(conflict.ticket);
    return row.bind(8, conflict.localBy).bind(9, conflict.remoteBy).bind(10, conflict.at.ms).run();
}

Result<Done> closeConflict(WriteScope &scope, TicketId ticket, const QString &field)
{
    TIERLINE_TRY(row,
        scope.connection().prepare("UPDATE conflict SET resolved = ?3 WHERE ticket = ?1"
                                   " AND field = ?2 AND resolved IS NULL"));
    scope.touch(ticket);
    return row.bind(1, ticket.v).bind(2, field).bind(3, scope.now().ms).run();
}

} // namespace tierline::storage
