#include "core/escalation/fold.h"
#include "core/escalation/limits.h"
#include "core/escalation/transitions.h"

namespace tierline::escalation {

using namespace Qt::StringLiterals;

namespace {

bool leadsTo(Stage from, Stage to)
{
    if (from == to)
        return find(from, Action::Reassign) != nullptr;
    return std::ranges::any_of(transitions(), [&](const Transition &line) {
        return line.from == from && line.to == to && !line.opensNext;
    });
}

bool mayEndAs(Stage from, Outcome outcome)
{
    const Outcome listed = outcome == Outcome::Reversed ? Outcome::Returned : outcome;
    return std::ranges::any_of(transitions(),
        [&](const Transition &line) { return line.from == from && line.outcome == listed; });
}

QString wrongStages(const Escalation &record)
{
    const auto &stages = record.stages;
    if (stages.empty())
        return u"it has no stage"_s;
    if (stages.front().stage != Stage::Detection && stages.front().stage != Stage::Handoff)
        return u"it begins in %1"_s.arg(code(stages.front().stage));
    if (stages.front().entered != record.opened)
        return u"its first stage does not begin with it"_s;
    Millis sum { 0 };
    for (size_t i = 0; i < stages.size(); ++i) {
        const bool isLast = i + 1 == stages.size();
        if (stages[i].owner.isEmpty())
            return u"%1 has no owner"_s.arg(code(stages[i].stage));
        if (!stages[i].left) {
            if (!isLast || record.ended)
                return u"%1 is open and should not be"_s.arg(code(stages[i].stage));
            continue;
        }
        if (isLast && !record.ended)
            return u"no stage is open"_s;
        if (*stages[i].left < stages[i].entered)
            return u"%1 ends before it begins"_s.arg(code(stages[i].stage));
        sum += *stages[i].left - stages[i].entered;
        if (isLast)
            continue;
        if (*stages[i].left != stages[i + 1].entered)
            return u"there is a gap after %1"_s.arg(code(stages[i].stage));
        if (!leadsTo(stages[i].stage, stages[i + 1].stage))
            return u"%1 does not lead to %2"_s.arg(
                code(stages[i].stage), code(stages[i + 1].stage));
    }
    if (record.ended && sum != *record.ended - record.opened)
        return u"its stages do not sum to its life"_s;
    return {};
}

QString wrongRecord(const Escalation &record)
{
    if (record.id.isEmpty())
        return u"it has no id"_s;
    if (const QString wrong = wrongStages(record); !wrong.isEmpty())
        return wrong;
    const Stage last = record.stages.back().stage;
    if (record.isOpen() != (record.outcome == Outcome::None))
        return u"its outcome and its end disagree"_s;
    if (!record.isOpen() && !mayEndAs(last, record.outcome))
        return u"it cannot end as %1 in %2"_s.arg(code(record.outcome), code(last));
    const bool wasHandedOff = std::ranges::any_of(
        record.stages, [](const StageEntry &row) { return row.stage == Stage::Handoff; });
    if (wasHandedOff != record.moved.has_value())
        return u"its move and its handoff disagree"_s;
    const bool wasAccepted = std::ranges::any_of(
        record.stages, [](const StageEntry &row) { return row.stage == Stage::Resolution; });
    if (wasAccepted != record.accepted.has_value())
        return u"its acceptance and its resolution disagree"_s;
    return {};
}

QString wrongTicket(const TicketState &state)
{
    const Ticket &ticket = state.ticket;
    const Escalation *record = state.openEscalation();
    const StageEntry *open = record ? record->openStage() : nullptr;
    if (ticket.isFlagged() != (open && open->stage <= Stage::Triage))
        return u"the flag and the open stage disagree"_s;
    if (ticket.isAwaitingYes && ticket.status != Status::Solved)
        return u"it awaits a yes and is not solved"_s;
    const bool runs = open && open->limit && isOurTurn(open->stage) && isWorkable(ticket.status);
    if (runs != ticket.due.has_value() || runs == ticket.clock.isEmpty())
        return u"its clock and the open stage disagree"_s;
    if (runs && (*ticket.due != *open->limit || ticket.clock != clockOf(open->stage)))
        return u"its clock is another than the open stage's"_s;
    return {};
}

} // namespace

QString inconsistency(const TicketState &state)
{
    for (size_t i = 0; i < state.escalations.size(); ++i) {
        const Escalation &record = state.escalations[i];
        const bool isLast = i + 1 == state.escalations.size();
        QString wrong = wrongRecord(record);
        for (size_t other = 0; other < i && wrong.isEmpty(); ++other) {
            if (state.escalations[other].id == record.id)
                wrong = u"another has the same id"_s;
        }
        if (wrong.isEmpty() && record.isOpen() && !isLast)
            wrong = u"it is open and another follows"_s;
        if (wrong.isEmpty() && !isLast && state.escalations[i + 1].opened < *record.ended)
            wrong = u"the next one begins before it ends"_s;
        if (!wrong.isEmpty())
            return u"Ticket %1, escalation %2: %3."_s.arg(state.ticket.key).arg(i + 1).arg(wrong);
    }
    const QString wrong = wrongTicket(state);
    return wrong.isEmpty() ? QString() : u"Ticket %1: %2."_s.arg(state.ticket.key, wrong);
}

} // namespace tierline::escalation
