#include "core/storage/deliveries.h"

#include "core/storage/visible.h"

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

#define DELIVERY_COLUMNS                                                                           \
    "id, notice, ticket, topic, way, address, receiver, act, state, is_urgent, is_fallback, made," \
    " next, attempts, looks, refused_since, sent, receipt, error"

std::optional<Instant> instantOf(const Statement &row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(Instant { row.integer(column) });
}

Delivery deliveryOf(const Statement &row)
{
    return { .id = row.text(0),
        .notice = row.integer(1),
        .ticket = { row.integer(2) },
        .topic = row.text(3),
        .way = row.text(4),
        .address = row.text(5),
        .receiver = row.text(6),
        .act = static_cast<Delivery::Act>(row.integer(7)),
        .state = static_cast<Delivery::State>(row.integer(8)),
        .isUrgent = row.integer(9) != 0,
        .isFallback = row.integer(10) != 0,
        .made = { row.integer(11) },
        .next = instantOf(row, 12),
        .attempts = static_cast<int>(row.integer(13)),
        .looks = static_cast<int>(row.integer(14)),
        .refusedSince = instantOf(row, 15),
        .sent = instantOf(row, 16),
        .receipt = row.text(17),
        .error = row.text(18) };
}

Result<std::vector<Delivery>> readAll(Statement &rows)
{
    std::vector<Delivery> all;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return all;
        all.push_back(deliveryOf(rows));
    }
}

std::optional<qint64> msOf(const std::optional<Instant> &at)
{
    return at ? std::optional(at->ms) : std::nullopt;
}

void bindAll(Statement &row, const Delivery &one)
{
    row.bind(1, one.id)
        .bindOptional(2, one.notice ? std::optional(one.notice) : std::nullopt)
        .bind(3, one.ticket.v)
        .bind(4, one.topic)
        .bind(5, one.way)
        .bind(6, one.address)
        .bind(7, one.receiver)
        .bind(8, static_cast<int>(one.act))
        .bind(9, static_cast<int>(one.state))
        .bind(10, one.isUrgent ? 1 : 0)
        .bind(11, one.isFallback ? 1 : 0)
        .bind(12, one.made.ms)
        .bindOptional(13, msOf(one.next))
        .bind(14, one.attempts)
        .bind(15, one.looks)
        .bindOptional(16, msOf(one.refusedSince))
        .bindOptional(17, msOf(one.sent))
        .bind(18, one.receipt)
        .bind(19, one.error);
}

/// From the deliveries that a query means. Parameter 3 is the caller's.
Result<Statement> prepareQuery(
    Connection &connection, const QString &select, const DeliveryQuery &query, const QString &end)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, query.visibility, u"t"_s, 4));
    QString sql = select + u" FROM delivery WHERE 1 = 1"_s;
    if (query.ticket)
        sql += u" AND ticket = ?1"_s;
    if (query.state)
        sql += u" AND state = ?2"_s;
    if (!visible.sql().isEmpty())
        sql += u" AND ticket IN (SELECT t.id FROM ticket t WHERE 1 = 1%1)"_s.arg(visible.sql());
    TIERLINE_TRY(rows, connection.prepareText(sql + end));
    if (query.ticket)
        rows.bind(1, query.ticket->v);
    if (query.state)
        rows.bind(2, static_cast<int>(*query.state));
    visible.bind(rows);
    return std::move(rows);
}

} // namespace

Result<bool> insertDelivery(WriteScope &scope, const Delivery &delivery)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(row,
        connection.prepare("INSERT OR IGNORE INTO delivery (" DELIVERY_COLUMNS
                           ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
                           " ?15, ?16, ?17, ?18, ?19)"));
    bindAll(row, delivery);
    TIERLINE_CHECK(row.run());
    return connection.changes() == 1;
}

Result<Done> saveDelivery(WriteScope &scope, const Delivery &delivery)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "UPDATE delivery SET notice = ?2, ticket = ?3, topic = ?4, way = ?5, address = ?6,"
            " receiver = ?7, act = ?8, state = ?9, is_urgent = ?10, is_fallback = ?11, made = ?12,"
            " next = ?13, attempts = ?14, looks = ?15, refused_since = ?16, sent = ?17,"
            " receipt = ?18, error = ?19 WHERE id = ?1"));
    bindAll(row, delivery);
    return row.run();
}

Result<std::optional<Delivery>> findDelivery(Connection &connection, const QString &id)
{
    TIERLINE_TRY(
        row, connection.prepare("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id).step());
    return hasRow ? std::optional(deliveryOf(row)) : std::nullopt;
}

Result<std::vector<Delivery>> loadDue(
    Connection &connection, const QString &way, Instant now, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE state IN (0, 1)"
                           " AND way = ?1 AND (next IS NULL OR next <= ?2)"
                           " ORDER BY is_urgent DESC, next, id LIMIT ?3"));
    rows.bind(1, way).bind(2, now.ms).bind(3, limit);
    return readAll(rows);
}

Result<std::optional<Instant>> nextDue(Connection &connection, const QString &way, Instant now)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT min(next) FROM delivery"
                           " WHERE state IN (0, 1, 5) AND way = ?1 AND next > ?2"));
    TIERLINE_TRY(hasRow, row.bind(1, way).bind(2, now.ms).step());
    return hasRow ? instantOf(row, 0) : std::nullopt;
}

Result<std::vector<Delivery>> loadDueDigests(
    Connection &connection, const QString &way, Instant now)
{
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT address, receiver, min(ticket) FROM delivery"
            " WHERE state = 5 AND way = ?1 AND next <= ?2 GROUP BY address, receiver"));
    rows.bind(1, way).bind(2, now.ms);
    std::vector<Delivery> all;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return all;
        all.push_back({ .ticket = { rows.integer(2) },
            .way = way,
            .address = rows.text(0),
            .receiver = rows.text(1) });
    }
}

Result<std::optional<TicketId>> findTicketOf(Connection &connection, const QString &escalation)
{
    TIERLINE_TRY(row, connection.prepare("SELECT ticket FROM escalation WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, escalation).step());
    return hasRow ? std::optional(TicketId { row.integer(0) }) : std::nullopt;
}

Result<std::vector<Delivery>> loadDigest(
    Connection &connection, const QString &way, const QString &address, const QString &receiver)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE state = 5"
                           " AND way = ?1 AND address = ?2 AND receiver = ?3"
                           " ORDER BY made, id LIMIT 500"));
    rows.bind(1, way).bind(2, address).bind(3, receiver);
    return readAll(rows);
}

Result<QString> loadReceipt(
    Connection &connection, const QString &topic, const QString &way, const QString &address)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT receipt FROM delivery WHERE topic = ?1 AND way = ?2"
                           " AND address = ?3 AND receipt <> '' ORDER BY sent DESC, id LIMIT 1"));
    TIERLINE_TRY(hasRow, row.bind(1, topic).bind(2, way).bind(3, address).step());
    return hasRow ? row.text(0) : QString();
}

Result<qint64> countReceived(Connection &connection, const QString &receiver, Instant from)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT count(*) FROM delivery WHERE receiver = ?1 AND act = 0 AND sent >= ?2"));
    TIERLINE_TRY(hasRow, row.bind(1, receiver).bind(2, from.ms).step());
    return hasRow ? row.integer(0) : 0;
}

Result<std::vector<Delivery>> loadUnclaimed(
    Connection &connection, const QString &way, Instant since, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE way = ?1 AND state = 2 AND act = 0"
            " AND sent >= ?2 AND receipt <> '' AND EXISTS (SELECT 1 FROM escalation e"
            " WHERE e.id = delivery.topic AND e.accepted IS NULL AND e.ended IS NULL)"
            " ORDER BY sent DESC LIMIT ?3"));
    rows.bind(1, way).bind(2, since.ms).bind(3, limit);
    return readAll(rows);
}

Result<std::vector<Delivery>> loadUnfinished(Connection &connection, Instant since, int limit)
{
    // One a place, with the newest receipt; what was told to be over is told nothing more.
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT d.topic, d.way, d.address, d.ticket, d.receipt, e.ended IS NOT NULL"
            " FROM delivery d JOIN escalation e ON e.id = d.topic"
            " WHERE d.act = 0 AND d.state = 2 AND d.sent >= ?1 AND d.receipt <> ''"
            " AND (e.accepted IS NOT NULL OR e.ended IS NOT NULL)"
            " AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.topic = d.topic AND o.way = d.way"
            " AND o.address = d.address AND o.act >= CASE WHEN e.ended IS NULL THEN 1 ELSE 2 END)"
            " GROUP BY d.topic, d.way, d.address HAVING max(d.sent) LIMIT ?2"));
    rows.bind(1, since.ms).bind(2, limit);
    std::vector<Delivery> all;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return all;
        all.push_back({ .ticket = { rows.integer(3) },
            .topic = rows.text(0),
            .way = rows.text(1),
            .address = rows.text(2),
            .act = rows.integer(5) ? Delivery::Act::Resolve : Delivery::Act::Acknowledge,
            .receipt = rows.text(4) });
    }
}

Result<std::vector<Delivery>> loadDeliveries(Connection &connection, const DeliveryQuery &query)
{
    TIERLINE_TRY(rows,
        prepareQuery(connection, u"SELECT " DELIVERY_COLUMNS ""_s, query,
            u" ORDER BY made DESC, id LIMIT ?3"_s));
    rows.bind(3, query.limit);
    return readAll(rows);
}

Result<qint64> countDeliveries(Connection &connection, const DeliveryQuery &query)
{
    TIERLINE_TRY(row, prepareQuery(connection, u"SELECT count(*)"_s, query, {}));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? row.integer(0) : 0;
}

} // namespace tierline::storage
