#pragma once

#include "core/domain/event.h"
#include "core/storage/store.h"

namespace tierline::sync {

// What the engine itself, or a person through it, adds to a ticket's log: no operation, nothing for a remote.

/// Adds one event as the newest of the ticket's log, now, and folds it. Whoever calls names the actor.
Result<Done> addToLog(storage::WriteScope &scope, TicketId ticket, Event event);

/// The helpdesk has since `at` (by our clock) what an operation answered the customer: the log says so, and clocks
/// stop. Nothing where the operation holds no answer, or where it is known already.
Result<Done> noteReached(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const QString &operation, Instant at);

/// The events of what an operation says, in the order of its body's messages.
std::vector<Event> saidBy(const std::vector<Event> &log, const QString &operation);

} // namespace tierline::sync
