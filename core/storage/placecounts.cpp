#include "core/storage/placecounts.h"

#include "core/storage/visible.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace tierline::storage {

Result<PlaceCount> countPlace(
    Connection &connection, const QueueQuery &query, const Visibility &visibility, Instant now)
{
    PlaceCount count;
    TIERLINE_TRY(total, countQueue(connection, query, visibility));
    count.total = total;
    // Clocks that end a day from now cannot be at risk unless they run for days; those are few, so
    // the rows with a running clock are looked at one by one.
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 3));
    TIERLINE_TRY(statement,
        connection.prepareText(
            u"SELECT due, clock_start, team, assignee, flag_note, is_awaiting_yes FROM ticket t"
            " WHERE status < 4 AND (?1 = '' OR tier = ?1) AND due < ?2"_s
            + visible.sql()));
    statement.bind(1, query.tier).bind(2, std::numeric_limits<qint64>::max());
    visible.bind(statement);
    while (true) {
        TIERLINE_TRY(hasRow, statement.step());
        if (!hasRow)
            break;
        const qint64 due = statement.integer(0);
        const QString team = statement.text(2);
        const QString assignee = statement.text(3);
        if ((!query.team.isEmpty() && team != query.team)
            || (query.assignee == QLatin1StringView("-")
                    ? !assignee.isEmpty()
                    : !query.assignee.isEmpty() && assignee != query.assignee)
            || (query.onlyFlagged && statement.utf8(4).isEmpty())
            || (query.onlyAwaitingYes && statement.integer(5) == 0))
            continue;
        if (now.ms >= due)
            ++count.late;
        else if (!statement.isNull(1)
            && (now.ms - statement.integer(1)) * 4 >= (due - statement.integer(1)) * 3)
            ++count.atRisk;
    }
    return count;
}

} // namespace tierline::storage
