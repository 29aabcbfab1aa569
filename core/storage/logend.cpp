#include "core/storage/logend.h"

namespace tierline::storage {

Result<Instant> lastOrder(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(row, connection.prepare("SELECT max(ord) FROM event WHERE ticket = ?1"));
    row.bind(1, ticket.v);
    TIERLINE_TRY(hasRow, row.step());
    return Instant { hasRow ? row.integer(0) : 0 };
}

Result<qint64> countPlaces(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT count(*) FROM event WHERE ticket = ?1"
                           " AND (tier IS NOT NULL OR team IS NOT NULL)"));
    row.bind(1, ticket.v);
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? row.integer(0) : 0;
}

} // namespace tierline::storage
