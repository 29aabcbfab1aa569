#include "core/commands/escalationplan.h"
#include "core/commands/work_p.h"
#include "core/storage/firings.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

Result<Done> tellOfEscalation(Work &work, const EscalationPlan &plan)
{
    if (plan.notice.isEmpty())
        return Done {}; // the reason stands in the record
    Message message = work.message(MessageKind::PublicReply, plan.notice);
    if (plan.isNoticeComposed)
        message.author = AuthorKind::System; // no answer by a person
    work.setNotice(plan.notice);
    return work.say(std::move(message), { { eventdata::notice, true } });
}

/// Who gets it hears of it, once, whoever moved it (M91): the person it was given to, else the team's shared place,
/// else the tier's.
Result<Done> tellReceivers(Work &work)
{
    const Escalation *record = work.state().openEscalation();
    const Ticket &ticket = work.ticket();
    if (!record || !record->moved || ticket.assignee == record->actor)
        return Done {};
    Notice notice { .ticket = ticket.id,
        .at = work.context().now,
        .kind = NoticeTarget::Tier,
        .target = record->toTier,
        .text = u"Escalated to %1 by %2."_s.arg(record->toTeam.isEmpty()
                ? record->toTier
                : u"%1, %2"_s.arg(record->toTier, record->toTeam),
            work.staff().nameOf(record->actor)),
        .isUrgent = ticket.priority == Priority::Urgent,
        .topic = record->id };
    if (!ticket.assignee.isEmpty()) {
        notice.kind = NoticeTarget::Agent;
        notice.target = ticket.assignee;
    } else if (!record->toTeam.isEmpty()) {
        notice.kind = NoticeTarget::Team;
        notice.target = record->toTeam;
    }
    return storage::insertNotice(work.scope(), notice);
}

} // namespace

Result<Done> escalate(Work &work, const Escalate &command)
{
    Context &context = work.context();
    const EscalationAsk ask { .command = command,
        .actor = context.actor,
        .visibility = context.visibility,
        .now = context.now,
        .record = context.operation.isEmpty() ? context.random.uuid() : context.operation };
    TIERLINE_TRY(plan, planEscalation(work.connection(), ask));
    Event event = plan.event;
    const Event own = work.event(EventKind::Escalated);
    event.order = own.order;
    event.operation = own.operation;
    event.actorKind = own.actorKind;
    TIERLINE_CHECK(work.add(std::move(event)));
    TIERLINE_CHECK(tellOfEscalation(work, plan));
    // Frozen from what stands now, the move and the notice included.
    plan.after = work.state();
    TIERLINE_TRY(events, storage::loadEvents(work.connection(), work.ticket().id));
    TIERLINE_TRY(input, gatherPackage(work.connection(), plan, ask, std::move(events)));
    TIERLINE_TRY(package, handoff::build(input));
    work.freezePackage(std::move(package));
    return tellReceivers(work);
}

Result<Outcome> run(Context &context, const Escalate &command)
{
    return onTicket(context, command.ticket, u"escalate"_s,
        [&](Work &work) { return escalate(work, command); });
}

} // namespace tierline::commands
