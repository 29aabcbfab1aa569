#include "core/storage/feed.h"

namespace tierline::storage {

Result<qint64> feedRevision(Connection &connection)
{
    TIERLINE_TRY(statement, connection.prepare("SELECT coalesce(max(rev), 0) FROM feed"));
    TIERLINE_TRY(hasRow, statement.step());
    return hasRow ? statement.integer(0) : 0;
}

Result<qint64> newestEvent(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT value FROM meta WHERE key = 'last_event'"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? row.integer(0) : 0;
}

Result<ChangeSet> changesSince(Connection &connection, qint64 from)
{
    ChangeSet changes { .from = from, .to = from };
    {
        TIERLINE_TRY(bounds,
            connection.prepare("SELECT coalesce((SELECT min(rev) FROM feed), 0),"
                               " coalesce((SELECT max(rev) FROM feed), 0)"));
        TIERLINE_TRY(hasRow, bounds.step());
        const qint64 oldest = hasRow ? bounds.integer(0) : 0;
        const qint64 newest = hasRow ? bounds.integer(1) : 0;
        // Older than what is kept, or from a store that a restore has replaced since.
        if (from > newest || (newest > 0 && from < oldest - 1)) {
            changes.to = newest;
            changes.everything = true;
            return changes;
        }
        if (from == newest)
            return changes;
    }
    TIERLINE_TRY(
        rows, connection.prepare("SELECT rev, ticket FROM feed WHERE rev > ?1 ORDER BY rev"));
    rows.bind(1, from);
    QSet<qint64> seen;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            break;
        changes.to = rows.integer(0);
        const qint64 ticket = rows.integer(1);
        if (ticket == 0) {
            changes.everything = true;
        } else if (!seen.contains(ticket)) {
            seen.insert(ticket);
            changes.tickets.push_back({ ticket });
        }
    }
    return changes;
}

Result<Done> trimFeed(WriteScope &scope, qint64 keep)
{
    TIERLINE_TRY(statement,
        scope.connection().prepare(
            "DELETE FROM feed WHERE rev <= (SELECT max(rev) FROM feed) - ?1"));
    return statement.bind(1, keep).run();
}

} // namespace tierline::storage
