#pragma once

#include "core/domain/event.h"

#include <QSet>

namespace tierline::escalation {

/// Applies one event to a ticket: the only place that says what an event does. Pure; the same log
/// in the same order always gives the same state. Limits of stages are read from the event's data,
/// where the command froze them, never from today's tiers.
void apply(TicketState &state, const Event &event);

/// The ids of events that were undone: they no longer count. O(events).
QSet<qint64> undoneIn(const std::vector<Event> &events);

/// A ticket's state from its whole log. Undone events (EventKind::Undone) are left out.
TicketState replay(TicketId id, const std::vector<Event> &events);

/// Gives the ticket the limit of its open stage as its clock, or none: what stands there where no service
/// agreement says more.
void setStageClock(TicketState &state);

/// Whether an open escalation, its stages and the ticket agree: exactly one stage open, stages in order
/// without gaps, times that sum to its life. Empty, or what is wrong. The ticket's clock is taken for the
/// open stage's, so this is asked where no service agreement says more.
QString inconsistency(const TicketState &state);

} // namespace tierline::escalation
