#pragma once

#include "core/calendar/ticketclocks.h"
#include "core/domain/event.h"
#include "core/domain/people.h"

#include <QHash>
#include <QSet>

namespace tierline::escalation {

/// What a ticket's log does not say and its clocks need: who works where, and what is known of the customer
/// and of teams now.
struct ClockPeople {
    QHash<QString, QStringList> tiersOf; ///< of agents, by id: home tier and granted ones
    QHash<QString, int> rankOf; ///< of tiers, by id
    QHash<QString, QString> zoneOf; ///< of teams, by name
    QString plan, organization, customerZone, organizationZone;

    static ClockPeople of(const QList<Tier> &tiers, const QList<Agent> &agents);
};

/// Messages, by number, that stay here for good, as later events of the log say: the helpdesk never heard of them,
/// so they answered nobody, whatever the log says of when they were written. O(events).
QSet<qint64> unsentIn(const std::vector<Event> &events);
/// Such a message as what it is: colleagues read it, and nobody else ever did.
Event keptInside(const Event &message);

/// Reads from a ticket's log, in its one order, what its clocks need: facts, fields through time, due times
/// by hand. Undone events are left out, as are words that stay here. How it reads them:
/// - A public message of an agent is an answer; the notice that goes with an escalation is none, nor is
///   what a bot or the system says. Who is no agent here answers for the tier where the ticket is.
/// - An answer that a helpdesk has still to hear of is none before it has it, nor is what was solved with it,
///   unless the ticket got another status meanwhile.
/// - A ticket that was merged into another one is not solved by that; its clocks end.
/// - Any move up is an escalation, any move down a hand-back, whoever made it.
/// - Plan, organization and zones are as they are now: a log does not keep them.
/// Pure; O(events).
sla::TicketPast clockPast(const std::vector<Event> &events, const ClockPeople &people);

/// The same, event by event, for a log that grows at its end. What is undone is left out by the caller, who also
/// says which messages stay here. Value in all but `people`, which outlives it; an event costs some hundred
/// nanoseconds.
class ClockPastFold
{
public:
    explicit ClockPastFold(const ClockPeople &people, QSet<qint64> unsent = {});
    /// Whether the event said anything to a clock.
    bool take(const Event &event);
    /// So far; O(facts) after an event that said something.
    const sla::TicketPast &past();

private:
    friend class PastReader;
    const ClockPeople *m_people;
    QSet<qint64> m_unsent;
    sla::TicketPast m_past;
    sla::PolicyFields m_fields; ///< as they stand now
    bool m_isCreated = false;
    bool m_isSorted = true;
};

/// Whether a service agreement's clock takes the place of the open stage's own limit: accepting that of
/// handoff, the tier's resolution that of resolution.
bool replacesStage(const sla::TicketClock &clock, const TicketState &state);
/// The same of an open clock of a kind.
bool replacesStage(sla::ClockKind kind, const TicketState &state);

/// Puts the next due time on the ticket, where queues sort by it: of its clocks' and the open stage's limit
/// the earliest. Nothing where the ticket is solved.
void setNextDue(TicketState &state, const std::vector<sla::TicketClock> &clocks);

} // namespace tierline::escalation
