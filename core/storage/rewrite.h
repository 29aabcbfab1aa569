#pragma once

#include "core/domain/ticket.h"
#include "core/storage/store.h"

namespace tierline::storage {

/// As saveTicket(), for states whose escalations are not the same ones in the same places: a late event
/// put one in front of those that packages refer to. All their rows are written anew; what refers to
/// them is checked when the transaction commits.
Result<Done> rewriteTicket(WriteScope &scope, const TicketState &before, const TicketState &after);

} // namespace tierline::storage
