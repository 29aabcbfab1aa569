#pragma once

#include "core/domain/event.h"
#include "core/domain/people.h"
#include "core/storage/store.h"

namespace tierline::storage {

/// When and by whom one message was written; the text stays where it is.
struct MessageTime {
    Instant at;
    MessageKind kind = MessageKind::PublicReply;
    AuthorKind author = AuthorKind::Customer;
};

/// One ticket on a walk. Borrowed: valid during the call only.
struct WalkedTicket {
    const Ticket &ticket;
    const QString &plan; ///< of its organization; empty where there is none
    const std::vector<Event> &events; ///< in their one order
    const std::vector<MessageTime> &messages; ///< by time
    const std::vector<Escalation> &escalations;
};

/// Calls `visit` for every ticket that `visibility` allows, oldest first, with its history. `wants`
/// decides by creation before a history is read; `visit` gives an error to stop. A handful of indexed
/// statements for each ticket, and no more than one ticket in memory. Meant for a reader thread.
Result<Done> walkTickets(Connection &connection, const Visibility &visibility,
    const std::function<bool(Instant created)> &wants,
    const std::function<Result<Done>(const WalkedTicket &)> &visit);

} // namespace tierline::storage
