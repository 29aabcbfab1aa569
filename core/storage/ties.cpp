#include "core/storage/ties.h"

#include <limits>

namespace tierline::storage {

Result<int> tiesBefore(Connection &connection, const QueueQuery &query, const QueueRow &row)
{
    // The filters of a query that the index does not hold only matter among equal keys, which is
    // rare enough to look at the rows themselves.
    TIERLINE_TRY(statement,
        connection.prepare("SELECT count(*) FROM ticket WHERE status < 4 AND (?1 = '' OR tier = ?1)"
                           " AND due = ?2 AND priority = ?3 AND created = ?4 AND key < ?5"
                           " AND (?6 = '' OR team = ?6) AND (?7 = '' OR ?7 = '-' OR assignee = ?7)"
                           " AND (?7 <> '-' OR assignee = '') AND (?8 = 0 OR flag_note <> '')"
                           " AND tier = ?9"));
    statement.bind(1, query.tier)
        .bind(2, row.due ? row.due->ms : std::numeric_limits<qint64>::max())
        .bind(3, static_cast<int>(row.priority))
        .bind(4, row.created.ms)
        .bind(5, row.key)
        .bind(6, query.team)
        .bind(7, query.assignee)
        .bind(8, query.onlyFlagged ? 1 : 0)
        .bind(9, row.tier);
    TIERLINE_TRY(hasRow, statement.step());
    return hasRow ? static_cast<int>(statement.integer(0)) : 0;
}

} // namespace tierline::storage
