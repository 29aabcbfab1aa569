#include "core/storage/ties.h"

#include "core/storage/columns.h"
#include "core/storage/queuesql.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// The tiers in which a row of this queue may have ties.
Result<std::vector<QString>> tiersOf(Connection &connection, const QueueQuery &query)
{
    if (!query.tier.isEmpty())
        return std::vector { query.tier };
    std::vector<QString> tiers;
    QString last;
    while (true) {
        TIERLINE_TRY(tier, nextTier(connection, query, last));
        if (tier.isEmpty())
            return tiers;
        tiers.push_back(tier);
        last = tier;
    }
}

} // namespace

Result<std::vector<int>> tiesBefore(Connection &connection, const QueueQuery &query,
    const std::vector<QueueRow> &rows, const Visibility &visibility)
{
    const QString tail
        = u" AND t.due = ?%1 AND t.priority = ?%2 AND t.created = ?%3 AND t.key < ?%4"_s
              .arg(tailParameter)
              .arg(tailParameter + 1)
              .arg(tailParameter + 2)
              .arg(tailParameter + 3);
    std::vector<int> ties(rows.size());
    TIERLINE_TRY(tiers, tiersOf(connection, query));
    QueueQuery one = query;
    for (const QString &tier : tiers) {
        one.tier = tier;
        TIERLINE_TRY(count, queueStatement(connection, one, visibility, u"count(*)"_s, tail));
        for (size_t i = 0; i < rows.size(); ++i) {
            count.bind(tailParameter, rows[i].due ? rows[i].due->ms : noDue)
                .bind(tailParameter + 1, static_cast<int>(rows[i].priority))
                .bind(tailParameter + 2, rows[i].created.ms)
                .bind(tailParameter + 3, rows[i].key);
            TIERLINE_TRY(hasRow, count.step());
            ties[i] += hasRow ? static_cast<int>(count.integer(0)) : 0;
            count.reset();
        }
    }
    return ties;
}

} // namespace tierline::storage
