#include "core/storage/ties.h"

#include "core/storage/columns.h"
#include "core/storage/queuesql.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

Result<int> tiesBefore(Connection &connection, const QueueQuery &query, const QueueRow &row,
    const Visibility &visibility)
{
    if (query.tier.isEmpty()) {
        int ties = 0;
        QueueQuery one = query;
        while (true) {
            TIERLINE_TRY(tier, nextTier(connection, query, one.tier));
            if (tier.isEmpty())
                return ties;
            one.tier = tier;
            TIERLINE_TRY(there, tiesBefore(connection, one, row, visibility));
            ties += there;
        }
    }
    const QString tail
        = u" AND t.due = ?%1 AND t.priority = ?%2 AND t.created = ?%3 AND t.key < ?%4"_s
              .arg(tailParameter)
              .arg(tailParameter + 1)
              .arg(tailParameter + 2)
              .arg(tailParameter + 3);
    TIERLINE_TRY(count, queueStatement(connection, query, visibility, u"count(*)"_s, tail));
    count.bind(tailParameter, row.due ? row.due->ms : noDue)
        .bind(tailParameter + 1, static_cast<int>(row.priority))
        .bind(tailParameter + 2, row.created.ms)
        .bind(tailParameter + 3, row.key);
    TIERLINE_TRY(hasRow, count.step());
    return hasRow ? static_cast<int>(count.integer(0)) : 0;
}

} // namespace tierline::storage
