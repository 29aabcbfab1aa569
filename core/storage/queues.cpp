#include "core/storage/queues.h"

#include "core/storage/columns.h"
#include "core/storage/queuesql.h"
#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

constexpr int firstVisibilityParameter = 4;

/// The part of a query after FROM: the tickets of a queue. Parameters 1 tier, 2 team, 3 assignee,
/// then those of `visible`.
QString queueCondition(const QueueQuery &query, const VisibleTickets &visible)
{
    // Each of these conditions is spelled as the partial index that serves it has it.
    QString sql = query.onlyAwaitingYes
        ? u" FROM ticket t WHERE t.is_awaiting_yes = 1 AND t.status <> 6"_s
        : u" FROM ticket t WHERE t.status < 4"_s;
    if (query.onlyFlagged)
        sql += u" AND t.flag_note <> ''"_s;
    if (!query.tier.isEmpty())
        sql += u" AND t.tier = ?1"_s;
    if (!query.team.isEmpty())
        sql += u" AND t.team = ?2"_s;
    if (query.assignee == "-"_L1)
        sql += u" AND t.assignee = ''"_s;
    else if (!query.assignee.isEmpty())
        sql += u" AND t.assignee = ?3 AND t.assignee <> ''"_s;
    return sql + visible.sql();
}

void bindQueue(Statement &statement, const QueueQuery &query, const VisibleTickets &visible)
{
    if (!query.tier.isEmpty())
        statement.bind(1, query.tier);
    if (!query.team.isEmpty())
        statement.bind(2, query.team);
    if (!query.assignee.isEmpty() && query.assignee != "-"_L1)
        statement.bind(3, query.assignee);
    visible.bind(statement);
}

const QString workOrder = u" ORDER BY t.due, t.priority DESC, t.created, t.key"_s;

QueueRow rowOf(const Statement &row)
{
    QueueRow r { .id = { row.integer(0) },
        .key = row.text(1),
        .subject = row.text(2),
        .tier = row.text(3),
        .team = row.text(4),
        .assignee = row.text(5),
        .customer = row.text(6),
        .plan = row.text(7),
        .category = row.text(8),
        .channel = row.text(9),
        .reason = row.text(10),
        .clock = row.text(11),
        .priority = static_cast<Priority>(row.integer(12)),
        .status = static_cast<Status>(row.integer(13)) };
    if (!row.isNull(14))
        r.health = static_cast<int>(row.integer(14));
    if (!row.isNull(15))
        r.arr = row.integer(15);
    r.clockStart = optionalInstant(row, 16);
    if (row.integer(17) != noDue)
        r.due = Instant { row.integer(17) };
    r.created.ms = row.integer(18);
    r.updated.ms = row.integer(19);
    r.isFlagged = row.integer(20) != 0;
    r.isAwaitingYes = row.integer(21) != 0;
    r.sync = static_cast<SyncStand>(row.integer(22));
    return r;
}

/// Keys as SQLite compares them: by code point, where QString compares surrogates as such.
bool keyComesBefore(QStringView a, QStringView b)
{
    const auto [x, y] = std::ranges::mismatch(a, b);
    if (x == a.end() || y == b.end())
        return x == a.end() && y != b.end();
    if (x->isSurrogate() != y->isSurrogate())
        return y->isSurrogate();
    return *x < *y;
}

} // namespace

QString code(SyncStand stand)
{
    static constexpr std::array codes { "local"_L1, "synced"_L1, "waiting"_L1, "refused"_L1,
        "conflict"_L1 };
    return QString(codes.at(static_cast<size_t>(stand)));
}

Result<Statement> queueStatement(Connection &connection, const QueueQuery &query,
    const Visibility &visibility, const QString &what, const QString &tail)
{
    TIERLINE_TRY(
        visible, VisibleTickets::load(connection, visibility, u"t"_s, firstVisibilityParameter));
    TIERLINE_TRY(statement,
        connection.prepareText(u"SELECT "_s + what + queueCondition(query, visible) + tail));
    bindQueue(statement, query, visible);
    return std::move(statement);
}

Result<QString> nextTier(Connection &connection, const QueueQuery &query, const QString &last)
{
    TIERLINE_TRY(next,
        connection.prepare(query.onlyAwaitingYes
                ? "SELECT min(tier) FROM ticket WHERE is_awaiting_yes = 1 AND tier > ?1"
                : "SELECT min(tier) FROM ticket WHERE status < 4 AND tier > ?1"));
    TIERLINE_CHECK(next.bind(1, last).step());
    return next.text(0);
}

SpineEntry spineEntry(TicketId id, std::optional<Instant> due, Priority priority, Instant created)
{
    static constexpr int createdBits = 48;
    const qint64 urgency = qint64(Priority::Urgent) - qint64(priority);
    const qint64 age
        = std::clamp(created.ms - Instant::MinMs, qint64(0), (qint64(1) << createdBits) - 1);
    return { .due = due ? due->ms : noDue, .rank = (urgency << createdBits) | age, .ticket = id.v };
}

Result<Done> readSpine(Connection &connection, const QueueQuery &query,
    const Visibility &visibility, const std::function<void(const SpineEntry &)> &take)
{
    TIERLINE_TRY(rows,
        queueStatement(
            connection, query, visibility, u"t.id, t.due, t.priority, t.created"_s, workOrder));
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        const Instant due { rows.integer(1) };
        take(spineEntry(
            { rows.integer(0) }, due, static_cast<Priority>(rows.integer(2)), { rows.integer(3) }));
    }
}

namespace {

Result<std::vector<QueueRow>> firstRowsInOrder(
    Connection &connection, const QueueQuery &query, const Visibility &visibility, int limit)
{
    std::vector<TicketId> ids;
    {
        TIERLINE_TRY(rows,
            queueStatement(connection, query, visibility, u"t.id"_s,
                workOrder + u" LIMIT %1"_s.arg(std::max(limit, 0))));
        while (true) {
            TIERLINE_TRY(hasRow, rows.step());
            if (!hasRow)
                break;
            ids.push_back({ rows.integer(0) });
        }
    }
    return loadRows(connection, ids);
}

} // namespace

Result<std::vector<QueueRow>> firstRows(
    Connection &connection, const QueueQuery &query, const Visibility &visibility, int limit)
{
    const bool isOneRange = !query.tier.isEmpty()
        || (!query.assignee.isEmpty() && query.assignee != "-"_L1 && !query.onlyAwaitingYes);
    if (isOneRange)
        return firstRowsInOrder(connection, query, visibility, limit);
    // Every tier has its own range of the index: the first of each, merged, where one statement over
    // all of them would have to sort every open ticket.
    std::vector<QueueRow> first;
    QueueQuery one = query;
    while (true) {
        TIERLINE_TRY(tier, nextTier(connection, query, one.tier));
        if (tier.isEmpty())
            return first;
        one.tier = tier;
        TIERLINE_TRY(rows, firstRowsInOrder(connection, one, visibility, limit));
        std::vector<QueueRow> both;
        std::ranges::merge(first, rows, std::back_inserter(both), worksBefore);
        both.resize(std::min(both.size(), static_cast<size_t>(std::max(limit, 0))));
        first = std::move(both);
    }
}

Result<std::vector<QueueRow>> loadRows(Connection &connection, const std::vector<TicketId> &ids)
{
    std::vector<QueueRow> rows;
    rows.reserve(ids.size());
    static constexpr const char *sql
        = "SELECT t.id, t.key, t.subject, t.tier, t.team, t.assignee,"
          " coalesce(o.name, r.name, ''), coalesce(o.plan, ''), t.category, t.channel, t.reason,"
          " t.clock, t.priority, t.status, o.health, o.arr, t.clock_start, t.due, t.created,"
          " t.updated, t.flag_note <> '', t.is_awaiting_yes,"
          // SyncStand: three look-ups in short lists. A state that a newer program wrote counts as
          // refused here too.
          " CASE WHEN EXISTS (SELECT 1 FROM conflict c WHERE c.ticket = t.id AND c.resolved IS NULL)"
          " THEN 4 ELSE coalesce((SELECT max(CASE w.state WHEN 'conflict' THEN 4"
          " WHEN 'waiting' THEN 2 WHEN 'sending' THEN 2 WHEN 'unknown' THEN 2 ELSE 3 END)"
          " FROM outbox w WHERE w.ticket = t.id),"
          " EXISTS (SELECT 1 FROM remote_ticket m WHERE m.ticket = t.id)) END FROM ticket t"
          " LEFT JOIN organization o ON o.id = t.organization"
          " LEFT JOIN requester r ON r.id = t.requester WHERE t.id = ?1";
    TIERLINE_TRY(visible, VisibleTickets::load(connection, Visibility::all(), u"t"_s, 2));
    TIERLINE_TRY(find,
        visible.sql().isEmpty() ? connection.prepare(sql)
                                : connection.prepareText(QString::fromLatin1(sql) + visible.sql()));
    for (const TicketId id : ids) {
        TIERLINE_TRY(hasRow, find.bind(1, id.v).step());
        if (hasRow)
            rows.push_back(rowOf(find));
        find.reset();
    }
    return rows;
}

Result<qint64> countQueue(
    Connection &connection, const QueueQuery &query, const Visibility &visibility)
{
    TIERLINE_TRY(count, queueStatement(connection, query, visibility, u"count(*)"_s, {}));
    TIERLINE_TRY(hasRow, count.step());
    return hasRow ? count.integer(0) : 0;
}

bool matches(const QueueRow &row, const QueueQuery &query, const Visibility &visibility)
{
    const bool isInQueue = query.onlyAwaitingYes
        ? row.isAwaitingYes && row.status != Status::Deleted
        : isWorkable(row.status);
    const bool isAssigned = query.assignee.isEmpty()
        || (query.assignee == "-"_L1 ? row.assignee.isEmpty() : row.assignee == query.assignee);
    return isInQueue && isAssigned && (query.tier.isEmpty() || row.tier == query.tier)
        && (query.team.isEmpty() || row.team == query.team) && (!query.onlyFlagged || row.isFlagged)
        && visibility.sees(row.team);
}

bool worksBefore(const QueueRow &a, const QueueRow &b)
{
    const SpineEntry x = spineEntry(a.id, a.due, a.priority, a.created);
    const SpineEntry y = spineEntry(b.id, b.due, b.priority, b.created);
    if (x.due != y.due)
        return x.due < y.due;
    if (x.rank != y.rank)
        return x.rank < y.rank;
    return keyComesBefore(a.key, b.key);
}

} // namespace tierline::storage
