#include "core/storage/queuecolumns.h"

#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

// A customer's name comes from the organization, and only where there is none from the requester:
// asking for that one alone saves a look-up for nearly every ticket.
const QString columns
    = u"SELECT t.id, t.due, t.created, t.updated, t.tier, t.team, t.assignee, t.priority,"
      " t.status, t.flag_note <> '', t.is_awaiting_yes, t.subject, coalesce(o.name,"
      " (SELECT r.name FROM requester r WHERE r.id = t.requester), ''), coalesce(o.plan, ''),"
      " coalesce(o.health, -1) FROM ticket t LEFT JOIN organization o ON o.id = t.organization"
      " WHERE (t.status < 4 OR (t.is_awaiting_yes = 1 AND t.status <> 6))"_s;

ColumnRow columnRow(const Statement &row)
{
    return { .id = row.integer(0),
        .due = row.integer(1),
        .created = row.integer(2),
        .updated = row.integer(3),
        .tier = row.utf8(4),
        .team = row.utf8(5),
        .assignee = row.utf8(6),
        .customer = row.utf8(12),
        .plan = row.utf8(13),
        .subject = row.utf8(11),
        .priority = static_cast<Priority>(row.integer(7)),
        .status = static_cast<Status>(row.integer(8)),
        .health = static_cast<int>(row.integer(14)),
        .isFlagged = row.integer(9) != 0,
        .isAwaitingYes = row.integer(10) != 0 };
}

} // namespace

Result<qint64> columnRowsAtMost(Connection &connection)
{
    TIERLINE_TRY(count,
        connection.prepare("SELECT (SELECT count(*) FROM ticket WHERE status < 4)"
                           " + (SELECT count(*) FROM ticket WHERE is_awaiting_yes = 1)"));
    TIERLINE_TRY(hasRow, count.step());
    return hasRow ? count.integer(0) : 0;
}

Result<Done> eachColumnRow(
    Connection &connection, const Visibility &visibility, const ColumnVisitor &visit)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 1));
    TIERLINE_TRY(rows, connection.prepareText(columns + visible.sql() + u" ORDER BY t.id"_s));
    visible.bind(rows);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        visit(columnRow(rows));
    }
}

Result<Done> columnRowsOf(Connection &connection, const Visibility &visibility,
    const std::vector<TicketId> &ids, const ColumnVisitor &visit)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 2));
    TIERLINE_TRY(find, connection.prepareText(columns + u" AND t.id = ?1"_s + visible.sql()));
    for (const TicketId id : ids) {
        visible.bind(find);
        TIERLINE_TRY(hasRow, find.bind(1, id.v).step());
        if (hasRow)
            visit(columnRow(find));
        find.reset();
    }
    return Done {};
}

} // namespace tierline::storage
