#include "core/commands/escalationplan.h"
#include "core/commands/work_p.h"

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
    return Done {};
}

Result<Outcome> run(Context &context, const Escalate &command)
{
    return onTicket(context, command.ticket, u"escalate"_s,
        [&](Work &work) { return escalate(work, command); });
}

} // namespace tierline::commands
