#include "core/commands/customertexts.h"
#include "core/commands/paths.h"
#include "core/commands/texts.h"
#include "core/commands/work_p.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;
using escalation::Action;

namespace {

/// Who has a ticket, for sentences.
QString holder(const Work &work)
{
    return work.staff().nameOf(work.ticket().assignee);
}

Result<Done> checkMine(const Work &work)
{
    if (!mayHold(work.actor(), work.ticket().tier))
        return notAllowed(u"You do not work at %1, where ticket %2 is."_s.arg(
            work.ticket().tier, work.ticket().key));
    const QString &assignee = work.ticket().assignee;
    if (!assignee.isEmpty() && assignee != work.actor().id)
        return conflictError(u"%1 has ticket %2."_s.arg(holder(work), work.ticket().key));
    return Done {};
}

Result<Done> accept(Work &work)
{
    TIERLINE_CHECK(work.check(Action::Accept));
    TIERLINE_CHECK(work.checkWorkable());
    TIERLINE_CHECK(checkMine(work));
    Event event = work.event(EventKind::Accepted);
    if (work.ticket().assignee != work.actor().id)
        event.assignee = work.actor().id;
    if (work.ticket().status != Status::Open)
        event.status = Status::Open;
    return work.add(std::move(event));
}

Result<Done> claim(Work &work)
{
    TIERLINE_CHECK(work.checkWorkable());
    TIERLINE_CHECK(checkMine(work));
    // Who takes an escalated ticket out of the queue has accepted it.
    if (work.stage() == Stage::Handoff)
        return accept(work);
    if (work.ticket().assignee == work.actor().id)
        return Done {};
    Event event = work.event(EventKind::Claimed);
    event.assignee = work.actor().id;
    if (work.ticket().status == Status::New)
        event.status = Status::Open;
    return work.add(std::move(event));
}

/// Puts the ticket back where the escalation took it from.
void sendBack(const Work &work, Event &event)
{
    const Escalation &record = *work.record();
    const Ticket &ticket = work.ticket();
    if (ticket.tier != record.fromTier)
        event.tier = record.fromTier;
    if (ticket.team != record.fromTeam)
        event.team = record.fromTeam;
    // Somebody who has left, or works elsewhere now, does not get it back.
    const bool isThere = !record.fromAssignee.isEmpty()
        && checkHolder(work.staff(), record.fromAssignee, record.fromTier, record.fromTeam, {})
               .has_value();
    const QString assignee = isThere ? record.fromAssignee : QString();
    if (ticket.assignee != assignee)
        event.assignee = assignee;
    if (record.priorityBefore && ticket.priority != *record.priorityBefore)
        event.priority = record.priorityBefore;
}

Result<Done> solve(Work &work, const Solve &command)
{
    TIERLINE_CHECK(work.checkWorkable());
    if (work.stage() == Stage::Handoff)
        return conflictError(
            u"Ticket %1 was escalated and nobody has accepted it: accept it first."_s.arg(
                work.ticket().key));
    if (work.record())
        TIERLINE_CHECK(work.check(Action::Solve));
    TIERLINE_TRY(given, cleaned(command.text, MaxMessage, u"text"_s));
    Message message = work.message(MessageKind::PublicReply, given);
    if (given.isEmpty()) {
        Requester requester;
        if (work.ticket().requester) {
            TIERLINE_TRY(found, storage::loadRequester(work.connection(), work.ticket().requester));
            requester = found;
        }
        TIERLINE_TRY(language, languageOfCustomer(work.connection(), work.ticket()));
        message.text = composeQuestion(work.ticket(), requester, language);
        message.author = AuthorKind::System; // no answer by a person
    }
    TIERLINE_CHECK(work.say(std::move(message)));
    Event event = work.event(EventKind::Solved);
    event.status = Status::Solved;
    // The customer's no comes back to somebody.
    if (work.ticket().assignee.isEmpty() && mayHold(work.actor(), work.ticket().tier))
        event.assignee = work.actor().id;
    return work.add(std::move(event));
}

Result<Done> confirm(Work &work, const Confirm &command)
{
    if (work.ticket().status != Status::Solved)
        return conflictError(u"Ticket %1 is %2, not solved: solve it first."_s.arg(
            work.ticket().key, code(work.ticket().status)));
    Event event = work.event(EventKind::Confirmed);
    event.status = Status::Closed;
    QStringList tags = work.ticket().tags;
    for (const QString &given : command.tags) {
        TIERLINE_TRY(tag, cleaned(given.simplified(), 80, u"tags"_s));
        if (!tag.isEmpty() && !tags.contains(tag))
            tags.append(tag);
    }
    if (tags.size() > 100)
        return badInput(u"A ticket takes at most 100 tags."_s, u"tags"_s);
    if (tags != work.ticket().tags)
        event.data[eventdata::tags] = QJsonArray::fromStringList(tags);
    if (!work.ticket().followers.isEmpty())
        event.data[eventdata::told] = QJsonArray::fromStringList(work.ticket().followers);
    return work.add(std::move(event));
}

Result<Done> reopen(Work &work, const Reopen &command)
{
    TIERLINE_TRY(note,
        required(command.note, MaxNote, u"note"_s,
            u"Say why the ticket comes back: what did the customer write?"_s));
    if (!isSolved(work.ticket().status))
        return conflictError(u"Ticket %1 is %2: there is nothing to reopen."_s.arg(
            work.ticket().key, code(work.ticket().status)));
    Event event = work.event(EventKind::Reopened, note);
    event.status = Status::Open;
    return work.add(std::move(event));
}

} // namespace

Result<Done> withdrawEscalation(Work &work, const QString &note)
{
    Event event = work.event(EventKind::Withdrawn, note);
    sendBack(work, event);
    return work.add(std::move(event));
}

Result<Done> reassign(Work &work, const Reassign &command)
{
    TIERLINE_CHECK(work.checkWorkable());
    const Ticket &ticket = work.ticket();
    if (command.team.isEmpty() && command.to.isEmpty())
        return badInput(u"Name the team or the agent who should have it."_s, u"team"_s);
    QString team = ticket.team;
    if (!command.team.isEmpty()) {
        const Team *found = work.staff().team(command.team);
        const bool isSeen = work.context().visibility.sees(command.team);
        if (!found || !isSeen)
            return badInput(u"There is no team “%1” here."_s.arg(command.team.left(80)), u"team"_s);
        if (found->tier != ticket.tier)
            return badInput(
                u"Team %1 works at %2 and the ticket is at %3: escalate it, or return it."_s.arg(
                    found->name, found->tier, ticket.tier),
                u"team"_s);
        team = found->name;
    }
    if (!command.to.isEmpty())
        TIERLINE_CHECK(checkHolder(work.staff(), command.to, ticket.tier, team, u"to"_s));
    TIERLINE_CHECK(checkWayBack(work.connection(), ticket,
        { ticket.tier, team, command.note, command.isOwnReason, u"note"_s }));
    TIERLINE_TRY(note,
        required(command.note, MaxNote, u"note"_s,
            u"A ticket does not move without a note: say why it goes to somebody else."_s));
    const QString assignee
        = command.to.isEmpty() && team == ticket.team ? ticket.assignee : command.to;
    if (team == ticket.team && assignee == ticket.assignee)
        return badInput(u"Ticket %1 is there already."_s.arg(ticket.key),
            command.to.isEmpty() ? u"team"_s : u"to"_s);
    Event event = work.event(EventKind::Reassigned, note);
    if (team != ticket.team)
        event.team = team;
    if (assignee != ticket.assignee)
        event.assignee = assignee;
    if (command.path)
        event.data[eventdata::path] = toJson(*command.path);
    return work.add(std::move(event));
}

Result<Done> flag(Work &work, const Flag &command)
{
    TIERLINE_TRY(note,
        required(command.note, MaxNote, u"note"_s,
            u"A flag needs a note: say why the ticket is outside your scope."_s));
    TIERLINE_CHECK(work.checkWorkable());
    TIERLINE_CHECK(work.check(Action::Flag));
    Event event = work.event(EventKind::Flagged, note);
    const Tier *tier = work.staff().tier(work.ticket().tier);
    event.data[eventdata::escalation]
        = QJsonObject { { eventdata::id, work.context().random.uuid() },
              { eventdata::fromRank, tier ? tier->rank : 0 } };
    return work.add(std::move(event));
}

Result<Outcome> run(Context &context, const Flag &command)
{
    return onTicket(
        context, command.ticket, u"flag"_s, [&](Work &work) { return flag(work, command); });
}

Result<Outcome> run(Context &context, const Unflag &command)
{
    return onTicket(context, command.ticket, u"unflag"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_CHECK(work.check(Action::Unflag));
        return work.add(work.event(EventKind::Unflagged));
    });
}

Result<Outcome> run(Context &context, const Triage &command)
{
    return onTicket(context, command.ticket, u"triage"_s, [&](Work &work) -> Result<Done> {
        if (work.stage() == Stage::Triage)
            return conflictError(u"%1 is looking at ticket %2 already."_s.arg(
                work.staff().nameOf(work.record()->openStage()->owner), work.ticket().key));
        TIERLINE_CHECK(work.check(Action::Triage));
        return work.add(work.event(EventKind::Triaged));
    });
}

Result<Outcome> run(Context &context, const Claim &command)
{
    return onTicket(context, command.ticket, u"claim"_s, [](Work &work) { return claim(work); });
}

Result<Outcome> run(Context &context, const Reassign &command)
{
    return onTicket(context, command.ticket, u"reassign"_s,
        [&](Work &work) { return reassign(work, command); });
}

Result<Outcome> run(Context &context, const Accept &command)
{
    return onTicket(context, command.ticket, u"accept"_s, [](Work &work) { return accept(work); });
}

Result<Outcome> run(Context &context, const Return &command)
{
    return onTicket(context, command.ticket, u"return"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_TRY(note,
            required(command.note, MaxNote, u"note"_s,
                u"A return needs a note: say what the tier below should do."_s));
        TIERLINE_CHECK(work.check(Action::Return));
        TIERLINE_CHECK(work.checkWorkable());
        Event event = work.event(EventKind::Returned, note);
        sendBack(work, event);
        event.data[eventdata::verdict] = code(command.verdict);
        return work.add(std::move(event));
    });
}

Result<Outcome> run(Context &context, const Withdraw &command)
{
    return onTicket(context, command.ticket, u"withdraw"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_TRY(note,
            required(command.note, MaxNote, u"note"_s,
                u"A withdrawal needs a note: say why the escalation is taken back."_s));
        TIERLINE_CHECK(work.check(Action::Withdraw));
        return withdrawEscalation(work, note);
    });
}

Result<Outcome> run(Context &context, const Solve &command)
{
    return onTicket(
        context, command.ticket, u"solve"_s, [&](Work &work) { return solve(work, command); });
}

Result<Outcome> run(Context &context, const Confirm &command)
{
    return onTicket(
        context, command.ticket, u"confirm"_s, [&](Work &work) { return confirm(work, command); });
}

Result<Outcome> run(Context &context, const Reopen &command)
{
    return onTicket(
        context, command.ticket, u"reopen"_s, [&](Work &work) { return reopen(work, command); });
}

Result<Outcome> run(Context &context, const Review &command)
{
    return onTicket(context, command.ticket, u"review"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_TRY(note, cleaned(command.note, MaxNote, u"note"_s));
        TIERLINE_CHECK(work.check(Action::Review));
        return work.add(work.event(EventKind::Reviewed, note));
    });
}

} // namespace tierline::commands
