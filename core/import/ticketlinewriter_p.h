#pragma once

#include "core/domain/event.h"
#include "core/domain/people.h"

namespace tierline::importing {

/// Everything of one ticket that a ticket line holds.
struct LineSubject {
    const Ticket &ticket;
    const Requester &requester;
    const Organization &organization;
    const std::vector<Event> &events; ///< in their one order
    const std::vector<Message> &messages;
};

/// The ticket line that gives this ticket back when it is imported. What the plain form cannot say of
/// an event stands in its "log"; events that were undone are left out, as they count nowhere.
QJsonObject ticketLine(const LineSubject &subject);

/// The events that count, in order.
std::vector<const Event *> standingEvents(const std::vector<Event> &events);

} // namespace tierline::importing
