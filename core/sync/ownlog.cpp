#include "core/sync/ownlog.h"

#include "core/commands/commands.h"
#include "core/escalation/eventdata.h"
#include "core/storage/tickets.h"

namespace tierline::sync {

Result<Done> addToLog(storage::WriteScope &scope, TicketId ticket, Event event)
{
    TIERLINE_TRY(state, storage::loadTicket(scope.connection(), ticket));
    TIERLINE_TRY(events, storage::loadEvents(scope.connection(), ticket));
    commands::History history;
    history.ticket = state.ticket;
    event.at = scope.now();
    event.order = events.empty() ? scope.now() : qMax(scope.now(), events.back().order);
    // Unique in this log, and never taken for a row of an import.
    event.origin = 1;
    for (const Event &held : events)
        event.origin = qMax(event.origin, held.origin + 1);
    history.events.push_back(std::move(event));
    history.messageOf.push_back(-1);
    TIERLINE_CHECK(commands::merge(scope, ticket, history));
    return Done {};
}

Result<Done> noteReached(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const QString &operation, Instant at)
{
    TIERLINE_TRY(events, storage::loadEvents(scope.connection(), ticket));
    bool waits = false;
    for (const Event &event : events) {
        if (event.data.value(eventdata::reached).toString() == operation)
            return Done {};
        waits = waits
            || (event.operation == operation
                && event.data.value(eventdata::awaitsSending).toBool());
    }
    if (!waits)
        return Done {};
    Event event { .kind = EventKind::Changed, .actor = account, .actorKind = AuthorKind::System };
    event.data = { { eventdata::reached, operation },
        { eventdata::reachedAt, std::min(at, scope.now()).ms } };
    return addToLog(scope, ticket, std::move(event));
}

std::vector<Event> saidBy(const std::vector<Event> &log, const QString &operation)
{
    std::vector<Event> said;
    std::ranges::copy_if(log, std::back_inserter(said), [&](const Event &event) {
        return event.operation == operation && event.kind == EventKind::Message;
    });
    return said;
}

} // namespace tierline::sync
