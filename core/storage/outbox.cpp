#include "core/storage/outbox.h"

#include "core/base/json.h"
#include "core/storage/columns.h"

#include <QCache>

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array states { "waiting"_L1, "sending"_L1, "unknown"_L1, "refused"_L1,
    "conflict"_L1 };

OutboxState stateOf(const QString &text)
{
    const auto found = std::ranges::find(states, text);
    // A word of a newer program: nothing is sent before somebody has looked.
    return found == states.end() ? OutboxState::Refused
                                 : static_cast<OutboxState>(found - states.begin());
}

QString arrayText(const QJsonArray &array)
{
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

/// What an operation says never changes, and is read again with every step of it: an escalation's package
/// takes a hundred times as long to parse as to compare. Pure, so each thread has its own.
Result<QJsonObject> bodyOf(QByteArrayView text)
{
    static constexpr qsizetype most = 4 << 20;
    thread_local QCache<QByteArray, QJsonObject> known(most);
    if (const QJsonObject *found = known.object(QByteArray::fromRawData(text.data(), text.size())))
        return *found;
    TIERLINE_TRY(body, readJsonObject(text, { .bytes = 256 << 20 }));
    if (text.size() < most / 4)
        known.insert(text.toByteArray(), new QJsonObject(body), text.size());
    return body;
}

Result<std::vector<OutboxEntry>> entriesOf(Statement &rows)
{
    std::vector<OutboxEntry> entries;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return entries;
        OutboxEntry entry { .id = rows.text(0),
            .account = rows.text(1),
            .ticket = { rows.integer(2) },
            .kind = rows.text(3),
            .state = stateOf(rows.text(5)),
            .created = { rows.integer(6) },
            .notBefore = { rows.integer(7) },
            .attempts = static_cast<int>(rows.integer(8)),
            .nextTry = { rows.integer(9) },
            .error = rows.text(10),
            .steps = QJsonDocument::fromJson(rows.utf8(11).toByteArray()).array(),
            .sent = optionalInstant(rows, 12) };
        TIERLINE_TRY(body, bodyOf(rows.utf8(4)));
        entry.body = body;
        entries.push_back(std::move(entry));
    }
}

} // namespace

QString code(OutboxState state)
{
    return QString(states.at(static_cast<size_t>(state)));
}

Result<Done> queueOperation(WriteScope &scope, const OutboxEntry &entry)
{
    TIERLINE_TRY(insert,
        scope.connection().prepare(
            "INSERT INTO outbox (id, account, ticket, kind, body, state, created, not_before) "
            "VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', max(?6, 1 + "
            "coalesce((SELECT max(created) FROM outbox WHERE ticket = ?3), 0)), ?7)"));
    insert.bind(1, entry.id).bind(2, entry.account).bind(3, entry.ticket.v).bind(4, entry.kind);
    insert.bind(5, compactJson(entry.body)).bind(6, entry.created.ms);
    scope.touch(entry.ticket);
    return insert.bind(7, entry.notBefore.ms).run();
}

Result<bool> cancelOperation(WriteScope &scope, const QString &id)
{
    TIERLINE_TRY(remove,
        scope.connection().prepare("DELETE FROM outbox WHERE id = ?1 AND steps = '[]'"
                                   " AND state IN ('waiting', 'refused', 'conflict')"
                                   " RETURNING ticket"));
    TIERLINE_TRY(wasThere, remove.bind(1, id).step());
    if (wasThere)
        scope.touch({ remove.integer(0) });
    return wasThere;
}

Result<Done> saveOperation(WriteScope &scope, const OutboxEntry &entry)
{
    TIERLINE_TRY(update,
        scope.connection().prepare("UPDATE outbox SET state = ?2, attempts = ?3, next_try = ?4,"
                                   " error = ?5, steps = ?6, sent = ?7 WHERE id = ?1"));
    update.bind(1, entry.id).bind(2, code(entry.state)).bind(3, entry.attempts);
    update.bind(4, entry.nextTry.ms).bind(5, entry.error).bind(6, arrayText(entry.steps));
    scope.touch(entry.ticket);
    return update.bindOptional(7, entry.sent).run();
}

Result<Done> removeOperation(WriteScope &scope, const QString &id)
{
    TIERLINE_TRY(
        remove, scope.connection().prepare("DELETE FROM outbox WHERE id = ?1 RETURNING ticket"));
    TIERLINE_TRY(wasThere, remove.bind(1, id).step());
    if (wasThere)
        scope.touch({ remove.integer(0) });
    return Done {};
}

Result<std::vector<OutboxEntry>> loadOutbox(Connection &connection)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT id, account, ticket, kind, body, state, created, not_before,"
                           " attempts, next_try, error, steps, sent FROM outbox"
                           " ORDER BY created, id"));
    return entriesOf(rows);
}

Result<Done> markRestored(Connection &copy)
{
    TIERLINE_CHECK(
        copy.execute("UPDATE outbox SET state = 'unknown', sent = NULL, next_try = 0, error ="
                     " 'It came back with a backup: the next sync looks whether it was sent.'"));
    return copy.execute("INSERT INTO meta (key, value)"
                        " SELECT 'restored_operations', json_group_array(id) FROM outbox WHERE true"
                        " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
}

Result<QStringList> restoredOperations(Connection &connection, const QString &account)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT id FROM outbox WHERE account = ?1 AND id IN"
                           " (SELECT one.value FROM meta, json_each(meta.value) AS one"
                           "  WHERE meta.key = 'restored_operations') ORDER BY created, id"));
    rows.bind(1, account);
    QStringList found;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return found;
        found.append(rows.text(0));
    }
}

Result<Done> forgetRestored(WriteScope &scope, const QStringList &operations)
{
    if (operations.isEmpty())
        return Done {};
    TIERLINE_TRY(update,
        scope.connection().prepare(
            "UPDATE meta SET value ="
            " (SELECT json_group_array(one.value) FROM json_each(meta.value) AS one"
            "  WHERE one.value NOT IN (SELECT gone.value FROM json_each(?1) AS gone))"
            " WHERE key = 'restored_operations'"));
    return update.bind(1, arrayText(QJsonArray::fromStringList(operations))).run();
}

Result<OutboxCount> countOutbox(Connection &connection, const QString &account)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT count(*), coalesce(sum(state = ?2), 0) FROM outbox"
                           " WHERE account = ?1"));
    TIERLINE_CHECK(row.bind(1, account).bind(2, code(OutboxState::Refused)).step());
    return OutboxCount { static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)) };
}

Result<Done> holdOutbox(WriteScope &scope, const QString &account, Instant until)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "UPDATE outbox SET next_try = max(next_try, ?2) WHERE account = ?1"));
    return row.bind(1, account).bind(2, until.ms).run();
}

Result<Done> mendOutboxTimes(WriteScope &scope, const QString &account)
{
    // What is done in one instant is some milliseconds apart here.
    constexpr Millis tolerance { 5'000 };
    constexpr Millis longestWait { 3'600'000 };
    const qint64 now = scope.now().ms;
    Connection &connection = scope.connection();
    TIERLINE_TRY(waits,
        connection.prepare("UPDATE outbox SET next_try = ?2 WHERE account = ?1 AND next_try > ?2"));
    waits.bind(1, account).bind(2, now + longestWait.count());
    TIERLINE_CHECK(waits.run());
    // In the order of sending, each after what stands before it in its ticket.
    TIERLINE_TRY(ahead,
        connection.prepare("SELECT id, created, not_before,"
                           " (SELECT max(created) FROM outbox AS before"
                           "  WHERE before.ticket = outbox.ticket AND before.created <= ?2),"
                           " ticket FROM outbox"
                           " WHERE account = ?1 AND created > ?2 ORDER BY ticket, created, id"));
    ahead.bind(1, account).bind(2, now + tolerance.count());
    struct Row {
        QString id;
        qint64 created, notBefore;
    };
    std::vector<Row> rows;
    qint64 ticket = 0, last = 0;
    while (true) {
        TIERLINE_TRY(hasRow, ahead.step());
        if (!hasRow)
            break;
        if (std::exchange(ticket, ahead.integer(4)) != ahead.integer(4))
            last = std::max(now, ahead.integer(3));
        const qint64 held = std::max<qint64>(0, ahead.integer(2) - ahead.integer(1));
        ++last;
        rows.push_back({ ahead.text(0), last,
            held > 0 ? now + held : std::min(ahead.integer(2), now + longestWait.count()) });
    }
    for (const Row &row : rows) {
        TIERLINE_TRY(update,
            connection.prepare("UPDATE outbox SET created = ?2, not_before = ?3,"
                               " next_try = min(next_try, ?4) WHERE id = ?1"));
        update.bind(1, row.id).bind(2, row.created).bind(3, row.notBefore).bind(4, now);
        TIERLINE_CHECK(update.run());
    }
    return Done {};
}

Result<std::vector<OutboxEntry>> loadOutboxOf(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT id, account, ticket, kind, body, state, created, not_before,"
                           " attempts, next_try, error, steps, sent FROM outbox WHERE ticket = ?1"
                           " ORDER BY created, id"));
    rows.bind(1, ticket.v);
    return entriesOf(rows);
}

Result<std::optional<OutboxEntry>> findOperation(Connection &connection, const QString &id)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT id, account, ticket, kind, body, state, created, not_before,"
                           " attempts, next_try, error, steps, sent FROM outbox WHERE id = ?1"));
    row.bind(1, id);
    TIERLINE_TRY(found, entriesOf(row));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

} // namespace tierline::storage
