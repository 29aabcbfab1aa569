#include "core/storage/logend.h"

namespace tierline::storage {

Result<Instant> lastOrder(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(row, connection.prepare("SELECT max(ord) FROM event WHERE ticket = ?1"));
    row.bind(1, ticket.v);
    TIERLINE_TRY(hasRow, row.step());
    return Instant { hasRow ? row.integer(0) : 0 };
}

} // namespace tierline::storage
