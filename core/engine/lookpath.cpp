#include "core/commands/paths.h"
#include "core/engine/lookwork_p.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

namespace {

/// Whether somebody has taken a ticket into hand, or moved it elsewhere: its path is over.
bool endsPath(const Event &event)
{
    switch (event.kind) {
    case EventKind::Accepted:
    case EventKind::Claimed:
    case EventKind::Escalated:
    case EventKind::Reassigned:
    case EventKind::Returned:
    case EventKind::Withdrawn:
    case EventKind::Moved: return true;
    case EventKind::Message: return event.actorKind == AuthorKind::Agent;
    default: return event.tier || event.team || (event.assignee && !event.assignee->isEmpty());
    }
}

} // namespace

Result<Done> LookWork::runPath()
{
    if (!m_frame.life.paths || !isWorkable(ticket().status))
        return Done {};
    const Event *move = nullptr;
    for (const Event &event : m_events) {
        if (commands::pathMarkOf(event))
            move = &event;
        else if (move && event.operation != move->operation && endsPath(event))
            move = nullptr;
    }
    if (!move)
        return Done {};
    const commands::PathMark mark = *commands::pathMarkOf(*move);
    const auto cell = commands::loadCell(m_connection, mark);
    const size_t here = size_t(std::max(mark.step, 0));
    if (!cell || here + 1 >= cell->steps.size())
        return Done {}; // told of by another workspace, or at its end
    const Millis wait = cell->steps[here].wait;
    const Quiet &quiet = m_looker.m_quiet;
    const bool passes = quiet.criticalPasses && isCritical(ticket());
    const Instant due = passes ? move->at + wait : quiet.end(move->at + wait);
    Firing line { .ticket = m_ask.ticket,
        .rule = u"path"_s,
        .anchor = move->operation,
        .level = int(here) + 1,
        .name = u"matrix: %1"_s.arg(mark.cell),
        .version = mark.edition,
        .due = due,
        .at = m_ask.now,
        .sentence = u"Nobody accepted it at %1 within %2"_s.arg(
            ticket().team.isEmpty() ? ticket().tier : ticket().team, durationText(wait)) };
    TIERLINE_TRY(
        known, storage::findFirings(m_connection, line.ticket, line.rule, line.era, line.anchor));
    if (std::ranges::any_of(known, [&](const Firing &one) {
            return one.level == line.level && (one.isReal || isForeign());
        }))
        return Done {};
    if (due > m_ask.now) {
        expect(due, u"path of “%1”"_s.arg(mark.cell));
        return Done {};
    }
    m_mustAct = true;
    if (!m_scope)
        return Done {};
    const QString deed = u"go on along the matrix"_s;
    if (isForeign())
        return noteWouldFire(line, { { deed, u"would"_s, {} } });
    const escalation::PathBook &book = *m_frame.life.paths;
    const auto next = escalation::follow(*cell,
        { book.tiers, book.teams, book.agents, ticket().tier, ticket().team,
            book.accountTeams.value(ticket().organization.v) },
        here + 1);
    Deeds deeds { .deeds = { { deed, u"done"_s, {} } } };
    if (!next) {
        deeds.deeds.front() = { deed, u"refused"_s, next.error().detail };
        return carryOut(line.rule, line, std::move(deeds));
    }
    commands::Escalate asked { .reason = u"sla-risk"_s,
        .form = { .summary = line.sentence,
            .tried = { u"It lay at %1 since %2."_s.arg(
                ticket().team.isEmpty() ? ticket().tier : ticket().team, move->at.iso()) },
            .expected
            = u"What the customer asks for: %1"_s.arg(ticket().subject.simplified().left(200)) },
        .skipNotice = u"The customer was told when the ticket went up; it only goes on."_s,
        .sentence = line.sentence };
    const commands::PathMove step
        = commands::alongPath({ *cell, mark.edition, next->step, next->target }, asked);
    std::visit([&](const auto &one) { deeds.steps.push_back(one); }, step);
    deeds.deedOf = { 0 };
    return carryOut(line.rule, line, std::move(deeds));
}

} // namespace tierline::engine
