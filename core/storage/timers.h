#pragma once

#include "core/domain/codes.h"
#include "core/storage/store.h"

namespace tierline::storage {

/// When a ticket must be looked at next although nothing happens to it. One for each ticket.
struct TimerRow {
    TicketId ticket;
    Instant due;
    QString cause; ///< what becomes due then, for people: "rule Enterprise waits", "ladder level 2"
    Priority priority = Priority::Normal; ///< of the ticket: of one instant the urgent come first
    bool operator==(const TimerRow &) const = default;
};

/// Sets the ticket's timer, in the transaction of whatever moved it. Writes nothing where it stands so
/// already. Some microseconds, whatever the number of timers.
Result<Done> armTimer(WriteScope &scope, const TimerRow &timer);
/// Takes the ticket's timer away.
Result<Done> disarmTimer(WriteScope &scope, TicketId ticket);

Result<std::optional<TimerRow>> loadTimer(Connection &connection, TicketId ticket);
/// Timers with after < due <= until, by due, priority and ticket; at most `limit`. Cost: those that are given.
Result<std::vector<TimerRow>> loadTimers(
    Connection &connection, Instant after, Instant until, int limit);
/// The earliest of all; none where nothing is armed. One look at the end of an index.
Result<std::optional<TimerRow>> firstTimer(Connection &connection);
Result<qint64> countTimers(Connection &connection);

/// Whether rules look at a ticket: it is there, its import has ended, and where it was imported somebody has
/// done something to it here since. Imported tickets are history.
Result<bool> isLiveTicket(Connection &connection, TicketId ticket);
/// Tickets by number, from behind `after`: those that can be worked on, or all.
enum class Which : quint8 { Workable, All };
Result<std::vector<TicketId>> nextTickets(
    Connection &connection, Which which, TicketId after, int limit);

/// How far the engine has come, by name; empty where it never was there.
Result<QString> loadEngineState(Connection &connection, const QString &name);
Result<Done> saveEngineState(WriteScope &scope, const QString &name, const QString &value);

} // namespace tierline::storage
