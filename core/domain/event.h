#pragma once

#include "core/domain/ticket.h"

namespace tierline {

/// What happened. The store keeps the number; the code is what exports and JSON print.
enum class EventKind : quint8 {
    Created = 0,
    Message = 1, ///< a reply, note or bot turn; `message` names the row with its text
    Changed = 2, ///< fields, status, priority, assignee: anything that is no move between tiers
    LogRow = 3, ///< one row of an imported event log: any mixture of changes
    Flagged = 4,
    Unflagged = 5,
    Triaged = 6, ///< somebody looks at the flagged ticket
    Claimed = 7,
    Reassigned = 8, ///< same tier, other team or agent
    Escalated = 9,
    Accepted = 10,
    Returned = 11,
    Withdrawn = 12,
    Solved = 13, ///< the customer is asked; solved, awaiting yes
    Confirmed = 14, ///< the customer's yes
    Reopened = 15,
    Reviewed = 16,
    Csat = 17, ///< data.score 1 … 5
    Undone = 18, ///< data.undoes: array of the ids of events that no longer count
    Followed = 19,
    Moved = 20, ///< a tier or team change that came from outside, with no command of ours
};

QString code(EventKind);
template<>
std::optional<EventKind> fromCode<EventKind>(QStringView text);

/// One line of a ticket's log, append-only. Optional members are the values after the event, and
/// are set only where the event changed them; an empty string clears. What came before is found by
/// folding the events before it.
struct Event {
    EventId id; ///< 0 until stored
    TicketId ticket;
    Instant at; ///< when it happened
    Instant
        order; ///< place in the ticket's order; equal to `at` unless the source had an order of its own
    EventKind kind = EventKind::Changed;
    QString actor; ///< agent id, "customer", "rule:NAME", or the imported name
    AuthorKind actorKind = AuthorKind::Agent;
    std::optional<QString> tier;
    std::optional<QString> team;
    std::optional<QString> assignee;
    std::optional<Status> status;
    std::optional<Priority> priority;
    QString note;
    MessageId message;
    QJsonObject data; ///< the rest, by the names in core/escalation/eventdata.h
    QString operation; ///< UUID of the command; all events of one command share it
    quint64 origin = 0; ///< fingerprint of the imported row; 0 for what was done here

    bool operator==(const Event &) const = default;
};

/// The one order of a ticket's events: by order, equal instants by id.
inline bool comesBefore(const Event &a, const Event &b)
{
    return a.order != b.order ? a.order < b.order : a.id < b.id;
}

} // namespace tierline
