#include "core/rules/neighbourtrace.h"

#include "core/escalation/clockpast.h"
#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

QString NeighbourTrace::issueOf(const Ticket &ticket)
{
    const QString named = ticket.fields.value("issue"_L1).toString();
    if (!named.isEmpty())
        return named.toCaseFolded();
    if (ticket.category.isEmpty())
        return {};
    constexpr QChar border(0x1f);
    return (ticket.category + border + ticket.product + border + ticket.type).toCaseFolded();
}

void NeighbourTrace::apply(const Event &event, const TicketState &after, Instant at)
{
    const Ticket &now = after.ticket;
    if (!created) {
        created = at;
        ticket = now.id;
        organization = now.organization;
        requester = now.requester;
    }
    if (subject.isEmpty())
        subject = now.subject;
    const bool isSolvedNow = isSolved(now.status);
    const bool isAnswer = event.kind == EventKind::Message && event.actorKind == AuthorKind::Agent
        && !event.data.value(eventdata::internal).toBool()
        && !event.data.value(eventdata::notice).toBool();
    if (!answered && (isAnswer || isSolvedNow))
        answered = at;
    if (m_wasSolved && !isSolvedNow) {
        if (const QString issue = issueOf(now); !issue.isEmpty())
            reopenings.push_back({ at, issue });
    }
    m_wasSolved = isSolvedNow;
    const bool isWork = now.status == Status::New || now.status == Status::Open;
    const QString &team = isWork ? now.team : QString();
    if (loads.empty() ? !team.isEmpty() : loads.back().team != team)
        loads.push_back({ at, team });
}

NeighbourTrace NeighbourTrace::of(TicketId id, const std::vector<Event> &events, Extent extent)
{
    const QSet<qint64> undone = escalation::undoneIn(events);
    const QSet<qint64> unsent = escalation::unsentIn(events);
    NeighbourTrace trace;
    TicketState state;
    state.ticket.id = id;
    Instant knownAt = events.empty() ? Instant {} : events.front().at;
    for (const Event &event : events) {
        knownAt = std::max(knownAt, event.at);
        if (event.id && undone.contains(event.id.v))
            continue;
        escalation::apply(state, event);
        if (!unsent.isEmpty() && unsent.contains(event.message.v))
            trace.apply(escalation::keptInside(event), state, knownAt);
        else
            trace.apply(event, state, knownAt);
        if (extent == Extent::Beginning)
            break;
    }
    return trace;
}

} // namespace tierline::rules
