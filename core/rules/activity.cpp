#include "core/rules/activity.h"

#include "core/escalation/eventdata.h"

namespace tierline::rules {

namespace {

const auto none = Told<Instant>::none();

bool isPerson(AuthorKind kind)
{
    return kind == AuthorKind::Customer || kind == AuthorKind::Agent;
}

} // namespace

void ActivityFold::apply(const Event &event, const TicketState &after)
{
    const Ticket &ticket = after.ticket;
    if (!m_hasBegun)
        begin(event, ticket);
    const bool wasSolved = isSolved(m_status);
    const bool isNowSolved = isSolved(ticket.status);
    // Within one save messages count before the status.
    if (event.kind == EventKind::Message)
        message(event);
    if (event.kind == EventKind::Changed && event.data.contains(eventdata::noAnswer))
        nobodyWaits();
    if (ticket.status != m_status)
        m_activity.statusSince = event.at;
    if (wasSolved && !isNowSolved)
        reopened(event);
    place(event, ticket);
    escalation(event, after);
    if (isPerson(event.actorKind))
        m_activity.touchedAt = event.at;
    if (isNowSolved)
        solved();
    if (isNowSolved && !wasSolved)
        m_fixedAt = ticket.tier;
    m_status = ticket.status;
}

void ActivityFold::begin(const Event &event, const Ticket &ticket)
{
    m_hasBegun = true;
    m_status = ticket.status;
    m_tier = ticket.tier;
    m_team = ticket.team;
    m_assignee = ticket.assignee;
    m_activity.openSince = event.at;
    m_activity.cycleStart = event.at;
    m_activity.tierSince = event.at;
    m_activity.statusSince = event.at;
    m_activity.touchedAt = event.at;
    m_activity.unassignedSince = ticket.assignee.isEmpty() ? Told<Instant>(event.at) : none;
    m_activity.unacceptedSince = none;
    m_activity.acceptedUntouchedSince = none;
    m_activity.flaggedSince = none;
    m_activity.reopened = 0;
    m_activity.handovers = 0;
}

void ActivityFold::message(const Event &event)
{
    Activity &a = m_activity;
    if (!a.unansweredMessages.isKnown()) { // a log without its thread says nothing of answers
        a.unansweredMessages = 0;
        a.waitingSince = none;
        a.customerSilentSince = none;
        a.hasAttempts = true;
    }
    if (event.data.value(eventdata::internal).toBool())
        return;
    if (event.actorKind == AuthorKind::Customer) {
        if (!a.waitingSince.hasValue())
            a.waitingSince = event.at;
        a.unansweredMessages = *a.unansweredMessages + 1;
        a.customerSilentSince = none;
        return;
    }
    // A bot's turn and the notice of an escalation are no answers.
    if (event.actorKind != AuthorKind::Agent || event.data.value(eventdata::notice).toBool())
        return;
    a.waitingSince = none;
    a.unansweredMessages = 0;
    a.customerSilentSince = event.at;
    ++a.attempts[m_tier];
}

/// The customer's last word is settled, without one of ours that they could be silent about.
void ActivityFold::nobodyWaits()
{
    Activity &a = m_activity;
    if (!a.waitingSince.isKnown())
        return;
    a.waitingSince = none;
    a.customerSilentSince = none;
    a.unansweredMessages = 0;
}

/// Nobody waits for anything of a ticket that is solved.
void ActivityFold::solved()
{
    Activity &a = m_activity;
    nobodyWaits();
    a.openSince = none;
    a.tierSince = none;
    a.unassignedSince = none;
    a.touchedAt = none;
    a.unacceptedSince = none;
    a.acceptedUntouchedSince = none;
    a.flaggedSince = none;
}

void ActivityFold::reopened(const Event &event)
{
    Activity &a = m_activity;
    a.reopened = *a.reopened + 1;
    a.openSince = event.at;
    a.cycleStart = event.at;
    a.tierSince = event.at;
    a.touchedAt = event.at;
    a.unassignedSince = m_assignee.isEmpty() ? Told<Instant>(event.at) : none;
    if (a.hasAttempts)
        ++a.failedFixes[m_fixedAt];
}

void ActivityFold::place(const Event &event, const Ticket &ticket)
{
    if (ticket.tier != m_tier) {
        m_tier = ticket.tier;
        m_activity.tierSince = event.at;
    }
    if (ticket.team != m_team) {
        if (!m_team.isEmpty() && !ticket.team.isEmpty())
            m_activity.handovers = *m_activity.handovers + 1;
        m_team = ticket.team;
    }
    if (ticket.assignee != m_assignee) {
        m_assignee = ticket.assignee;
        m_activity.unassignedSince = m_assignee.isEmpty() ? Told<Instant>(event.at) : none;
    }
}

void ActivityFold::escalation(const Event &event, const TicketState &after)
{
    Activity &a = m_activity;
    const Escalation *record = after.openEscalation();
    const bool isMoved = record && record->moved;
    a.flaggedSince = record && !isMoved ? Told<Instant>(record->opened) : none;
    a.unacceptedSince = isMoved && !record->accepted ? Told<Instant>(*record->moved) : none;
    if (!isMoved || !record->accepted) {
        m_accepted.reset();
        a.acceptedUntouchedSince = none;
        return;
    }
    if (m_accepted != record->accepted) { // accepted just now
        m_accepted = record->accepted;
        a.acceptedUntouchedSince = *record->accepted;
    } else if (event.actorKind == AuthorKind::Agent) {
        a.acceptedUntouchedSince = none;
    }
}

} // namespace tierline::rules
