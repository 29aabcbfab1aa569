#include "core/storage/timers.h"

namespace tierline::storage {

namespace {

constexpr qint64 mostUrgent = qint64(Priority::Urgent); ///< stands as 0, so that it comes first

TimerRow timerOf(const Statement &row)
{
    return { .ticket = { row.integer(0) },
        .due = { row.integer(1) },
        .cause = row.text(2),
        .priority = Priority(std::clamp<qint64>(mostUrgent - row.integer(3), 0, mostUrgent)) };
}

} // namespace

Result<Done> armTimer(WriteScope &scope, const TimerRow &timer)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO timer (ticket, due, cause, urgency) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (ticket) DO UPDATE"
            " SET due = excluded.due, cause = excluded.cause, urgency = excluded.urgency"
            " WHERE due <> excluded.due OR cause <> excluded.cause OR urgency <> excluded.urgency"));
    return row.bind(1, timer.ticket.v)
        .bind(2, timer.due.ms)
        .bind(3, timer.cause)
        .bind(4, mostUrgent - qint64(timer.priority))
        .run();
}

Result<Done> disarmTimer(WriteScope &scope, TicketId ticket)
{
    TIERLINE_TRY(row, scope.connection().prepare("DELETE FROM timer WHERE ticket = ?1"));
    return row.bind(1, ticket.v).run();
}

Result<std::optional<TimerRow>> loadTimer(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(
        row, connection.prepare("SELECT ticket, due, cause, urgency FROM timer WHERE ticket = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, ticket.v).step());
    return hasRow ? std::optional(timerOf(row)) : std::nullopt;
}

Result<std::vector<TimerRow>> loadTimers(
    Connection &connection, Instant after, Instant until, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT ticket, due, cause, urgency FROM timer WHERE due > ?1 AND due <= ?2"
            " ORDER BY due, urgency, ticket LIMIT ?3"));
    rows.bind(1, after.ms).bind(2, until.ms).bind(3, limit);
    std::vector<TimerRow> timers;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return timers;
        timers.push_back(timerOf(rows));
    }
}

Result<std::optional<TimerRow>> firstTimer(Connection &connection)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT ticket, due, cause, urgency FROM timer ORDER BY due, urgency, ticket LIMIT 1"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? std::optional(timerOf(row)) : std::nullopt;
}

Result<qint64> countTimers(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT count(*) FROM timer"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? row.integer(0) : 0;
}

Result<bool> isLiveTicket(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT import = 0 OR (EXISTS (SELECT 1 FROM event WHERE ticket = ?1 AND origin = 0)"
            " AND NOT EXISTS (SELECT 1 FROM import WHERE id = ticket.import AND finished IS NULL))"
            " FROM ticket WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, ticket.v).step());
    return hasRow && row.integer(0) != 0;
}

Result<std::vector<TicketId>> nextTickets(
    Connection &connection, Which which, TicketId after, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare(which == Which::All
                ? "SELECT id FROM ticket WHERE id > ?1 ORDER BY id LIMIT ?2"
                : "SELECT id FROM ticket WHERE id > ?1 AND status < 4 ORDER BY id LIMIT ?2"));
    rows.bind(1, after.v).bind(2, limit);
    std::vector<TicketId> tickets;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return tickets;
        tickets.push_back({ rows.integer(0) });
    }
}

Result<QString> loadEngineState(Connection &connection, const QString &name)
{
    TIERLINE_TRY(row, connection.prepare("SELECT value FROM engine_state WHERE name = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, name).step());
    return hasRow ? row.text(0) : QString();
}

Result<Done> saveEngineState(WriteScope &scope, const QString &name, const QString &value)
{
    TIERLINE_TRY(row,
        scope.connection().prepare("INSERT INTO engine_state (name, value) VALUES (?1, ?2)"
                                   " ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    return row.bind(1, name).bind(2, value).run();
}

} // namespace tierline::storage
