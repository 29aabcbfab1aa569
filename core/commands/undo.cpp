#include "core/commands/work_p.h"

#include "core/escalation/fold.h"
#include "core/storage/outbox.h"

#include <QJsonArray>
#include <QSet>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

/// The newest operation of the actor that still counts, as events of the log.
struct Candidate {
    QString operation;
    std::vector<Event> events;
    bool wasFollowed = false; ///< somebody changed the ticket after it
    QString followedBy;
};

/// What only adds to a ticket and stands in nobody's way.
bool isAside(const Event &event)
{
    return event.kind == EventKind::Undone || event.kind == EventKind::Followed
        || event.kind == EventKind::Csat
        || (event.kind == EventKind::Message && !event.status && !event.assignee
            && !event.data.contains(eventdata::receiving));
}

Candidate newestOf(const std::vector<Event> &events, const QString &actor)
{
    const QSet<qint64> undone = escalation::undoneIn(events);
    Candidate found;
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (undone.contains(event->id.v) || event->kind == EventKind::Undone)
            continue;
        if (!found.operation.isEmpty()) {
            if (event->operation == found.operation)
                found.events.push_back(*event);
            continue;
        }
        if (event->actor == actor && !event->operation.isEmpty()) {
            found.operation = event->operation;
            found.events.push_back(*event);
        } else if (!isAside(*event)) {
            found.wasFollowed = true;
            found.followedBy = event->actor;
        }
    }
    return found;
}

Result<Done> checkUndoable(const Work &work, const Candidate &candidate)
{
    if (candidate.operation.isEmpty())
        return conflictError(
            u"There is nothing of yours to undo on ticket %1."_s.arg(work.ticket().key));
    bool changesState = false;
    for (const Event &event : candidate.events) {
        switch (event.kind) {
        case EventKind::Created:
            return conflictError(
                u"Making ticket %1 cannot be undone: solve it instead."_s.arg(work.ticket().key));
        case EventKind::Csat:
        case EventKind::LogRow:
        case EventKind::Moved:
            return conflictError(u"What came from outside cannot be undone here."_s);
        case EventKind::Message: break;
        case EventKind::Followed: changesState |= candidate.events.size() == 1; break;
        default: changesState = true;
        }
    }
    if (!changesState)
        return conflictError(
            u"A reply or a note cannot be undone: it has been read, or may have been. Write another "
            "one that corrects it."_s);
    if (candidate.wasFollowed)
        return conflictError(u"%1 has changed ticket %2 since: undo is no longer possible."_s.arg(
            work.staff().nameOf(candidate.followedBy), work.ticket().key));
    return Done {};
}

/// An escalation is not unmade: its package and the customer's notice exist. It is withdrawn.
Result<Done> withdraw(Work &work)
{
    if (!escalation::find(work.stage(), escalation::Action::Withdraw))
        return conflictError(
            u"The escalation of ticket %1 has been accepted: it can be returned, no longer "
            "undone."_s.arg(work.ticket().key));
    return withdrawEscalation(work, u"Undone by %1."_s.arg(work.staff().nameOf(work.actor().id)));
}

Result<Done> undo(Work &work)
{
    TIERLINE_TRY(events, storage::loadEvents(work.connection(), work.ticket().id));
    const Candidate candidate = newestOf(events, work.actor().id);
    const bool escalated = std::ranges::any_of(
        candidate.events, [](const Event &event) { return event.kind == EventKind::Escalated; });
    if (escalated && work.stage() != Stage::Handoff)
        return withdraw(work); // says why not
    TIERLINE_CHECK(checkUndoable(work, candidate));
    if (escalated)
        return withdraw(work);
    Event event = work.event(EventKind::Undone);
    QJsonArray ids;
    for (auto undone = candidate.events.rbegin(); undone != candidate.events.rend(); ++undone) {
        if (undone->kind != EventKind::Message)
            ids.append(undone->id.v);
    }
    event.data[eventdata::undoes] = ids;
    event.data[eventdata::undoesOperation] = candidate.operation;
    TIERLINE_CHECK(work.add(std::move(event)));
    TIERLINE_CHECK(work.foldAgain());
    // What has not left yet need not be taken back there. A reply or note in it still has to leave.
    const bool hasText = std::ranges::any_of(
        candidate.events, [](const Event &e) { return e.kind == EventKind::Message; });
    if (hasText)
        return Done {};
    TIERLINE_TRY(wasWaiting, storage::cancelOperation(work.scope(), candidate.operation));
    if (wasWaiting)
        work.staysHere();
    return Done {};
}

} // namespace

Result<Outcome> run(Context &context, const Undo &command)
{
    return onTicket(context, command.ticket, u"undo"_s, [](Work &work) { return undo(work); });
}

} // namespace tierline::commands
