#pragma once

#include "core/domain/ticket.h"
#include "core/engine/postage.h"
#include "core/storage/connection.h"

namespace tierline::engine {

// What somebody reads of one ticket where they are told of it (M89). Thread: the connection's.

/// The card of a delivery: ticket, customer, plan, tier, reason and link, with the words of its notice; of an
/// acknowledgement or resolution who took it, and how it ended. Whoever may not see the ticket's team reads its key
/// alone.
Result<notify::Card> cardOf(storage::Connection &connection, const PostOffice &office,
    const Delivery &delivery, const std::optional<Notice> &notice, const TicketState &state);

/// One card of many: a line for each thing that was kept back for a digest, each ticket as its reader may see it.
/// `first`: the card of any of them, of which nothing stays.
Result<notify::Card> digestCard(storage::Connection &connection, const PostOffice &office,
    const std::vector<Delivery> &all, notify::Card first);

} // namespace tierline::engine
