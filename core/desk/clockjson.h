#pragma once

#include "core/calendar/ticketclocks.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tierline::desk {

/// One clock of a ticket as `ticket show` and `sla explain` tell it. Times in whole seconds.
QJsonObject toJson(const sla::TicketClock &clock);
/// All of them: those that can still be met first, by due time; then what passed.
QJsonArray toJson(const std::vector<sla::TicketClock> &clocks);
/// The same order.
std::vector<sla::TicketClock> inOrder(std::vector<sla::TicketClock> clocks);

/// How a clock's time was spent until `now`: each stretch with its edition of the calendar, and each target
/// and due time by hand that ruled. What proves a due time.
QJsonObject ledgerJson(const sla::TicketClock &clock, Instant now);

} // namespace tierline::desk
