#pragma once

#include "core/commands/work_p.h"
#include "core/escalation/clockpast.h"

namespace tierline::commands {

/// Puts the next due time on a state that is about to be saved. `events` is its whole log in its one order;
/// `people` where the caller has them at hand. One look-up where nothing is agreed.
Result<Done> placeNextDue(storage::Connection &connection, TicketState &state,
    const std::vector<Event> &events, Instant now, const Staff *staff = nullptr);
/// The same; the log is read where it is needed.
Result<Done> placeNextDue(
    storage::Connection &connection, TicketState &state, Instant now, const Staff *staff);

/// From now on no due time follows what is agreed until placeNextDueTimes() has come to it.
Result<Done> beginPlacing(storage::WriteScope &scope);

} // namespace tierline::commands
