#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

/// Place of the last event of a ticket's log; 0 where it has none. One step in the log's index.
Result<Instant> lastOrder(Connection &connection, TicketId ticket);

/// How many of a ticket's events say in which tier or team it is, its creation among them. One run of the log's index.
Result<qint64> countPlaces(Connection &connection, TicketId ticket);

} // namespace tierline::storage
