#include "core/commands/automatic.h"

#include "core/commands/customertexts.h"
#include "core/commands/texts.h"
#include "core/commands/work_p.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

Result<Done> tellCustomer(Work &work, const TellCustomer &command)
{
    const Ticket &ticket = work.ticket();
    if (ticket.status == Status::Closed || ticket.status == Status::Deleted)
        return conflictError(u"Ticket %1 is %2: nothing is written to its customer."_s.arg(
            ticket.key, code(ticket.status)));
    TIERLINE_TRY(given, cleaned(command.text, MaxMessage, u"text"_s));
    QString text = given;
    if (text.isEmpty()) {
        const Tier *tier = work.staff().tier(ticket.tier);
        if (!tier)
            return conflictError(u"Ticket %1 is at no tier that could be named."_s.arg(ticket.key));
        Requester requester;
        if (ticket.requester) {
            TIERLINE_TRY(found, storage::loadRequester(work.connection(), ticket.requester));
            requester = found;
        }
        const QString receiver
            = ticket.assignee.isEmpty() ? QString() : work.staff().nameOf(ticket.assignee);
        TIERLINE_TRY(language, languageOfCustomer(work.connection(), ticket));
        text = composeNotice(
            ticket, requester, *tier, work.staff().team(ticket.team), receiver, language);
    }
    work.setNotice(text);
    return work.say(work.message(MessageKind::PublicReply, text));
}

Result<Done> raise(Work &work, Priority priority)
{
    if (work.ticket().priority >= priority)
        return Done {};
    return setFields(work, { {}, { { u"priority"_s, code(priority) } } });
}

Result<Done> setTag(Work &work, const SetTag &command)
{
    QStringList tags = work.ticket().tags;
    const QString tag = command.tag.simplified();
    if (tag.isEmpty() || tag.contains(u','))
        return badInput(u"“%1” is no tag."_s.arg(command.tag.left(80)), u"tags"_s);
    if (tags.contains(tag) == command.isThere)
        return Done {};
    if (command.isThere)
        tags.append(tag);
    else
        tags.removeAll(tag);
    return setFields(work, { {}, { { u"tags"_s, tags.join(u',') } } });
}

struct Taker {
    Work &work;

    template<typename Command>
    Command here(Command command) const
    {
        command.ticket = work.ticket().key;
        return command;
    }
    Result<Done> operator()(const Escalate &c) const { return escalate(work, here(c)); }
    Result<Done> operator()(const Reassign &c) const { return reassign(work, here(c)); }
    Result<Done> operator()(const SetFields &c) const { return setFields(work, here(c)); }
    Result<Done> operator()(const Flag &c) const { return flag(work, here(c)); }
    Result<Done> operator()(const Note &c) const { return writeNote(work, here(c)); }
    Result<Done> operator()(const TellCustomer &c) const { return tellCustomer(work, c); }
    Result<Done> operator()(const RaisePriority &c) const { return raise(work, c.priority); }
    Result<Done> operator()(const SetTag &c) const { return setTag(work, c); }
    Result<Done> operator()(const GiveAgreement &c) const { return giveAgreement(work, c); }
};

bool escalates(const std::vector<Event> &events)
{
    return std::ranges::any_of(
        events, [](const Event &event) { return event.kind == EventKind::Escalated; });
}

/// What is agreed is this workspace's own business.
bool staysHere(const std::vector<Event> &events)
{
    return std::ranges::all_of(
        events, [](const Event &event) { return event.data.contains(eventdata::agreement); });
}

} // namespace

Result<AutomaticOutcome> perform(
    Context &context, storage::WriteScope &scope, const Automatic &command)
{
    AutomaticOutcome all;
    Work work(context, scope);
    TIERLINE_CHECK(work.open(command.ticket));
    for (const Automatic::Step &step : command.steps) {
        TIERLINE_TRY(refusal, work.attempt([&] { return std::visit(Taker { work }, step); }));
        all.refusals.push_back(refusal);
    }
    if (staysHere(work.events()))
        work.staysHere();
    TIERLINE_CHECK(work.finish(escalates(work.events()) ? u"escalate"_s : u"rule"_s));
    all.outcome = work.take();
    return all;
}

} // namespace tierline::commands
