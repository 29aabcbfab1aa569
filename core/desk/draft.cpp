#include "core/desk/desk.h"

#include "core/commands/escalationplan.h"
#include "core/commands/paths.h"
#include "core/commands/reasons.h"
#include "core/desk/suggestions.h"
#include "core/escalation/kinds.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

/// The teams that a person may choose: those of the target tiers which they may see.
QList<Team> teamsOf(
    const QList<Tier> &targets, const QList<Team> &teams, const Visibility &visibility)
{
    QList<Team> list;
    for (const Team &team : teams) {
        const bool isThere
            = std::ranges::any_of(targets, [&](const Tier &tier) { return tier.id == team.tier; });
        if (isThere && visibility.sees(team.name))
            list.append(team);
    }
    return list;
}

/// A question about a draft: nothing is written, and nothing has to be complete yet. Command and desk
/// must outlive it.
commands::EscalationAsk draftAsk(const commands::Escalate &command, const Desk &desk, Instant now)
{
    return { .command = command,
        .actor = desk.actor(),
        .visibility = desk.visibility(),
        .now = now,
        .record = u"preview"_s,
        .isDraft = true };
}

/// The matrix chooses the target, unless the reason goes past all queues; where it has no way up it says so.
Result<Done> takePath(storage::Connection &connection, const Ticket &ticket,
    const Organization &organization, Desk::Draft &draft)
{
    TIERLINE_TRY(book, commands::loadPathBook(connection));
    if (book.matrix.empty() || isFastLane(draft.command.reason))
        return Done {};
    const auto path = book.pathOf(ticket, organization.plan);
    if (!path) {
        draft.path = path.error().detail;
        return Done {};
    }
    draft.path = u"By the matrix, %1: %2."_s.arg(
        escalation::nameOf(path->cell), escalation::pathInWords(path->cell));
    const auto move = commands::alongPath(book, draft.command, ticket, organization.plan);
    if (const auto *up = move ? std::get_if<commands::Escalate>(&*move) : nullptr)
        draft.command = *up;
    else
        draft.path += u" That is no way up: reassign the ticket there."_s;
    return Done {};
}

} // namespace

Result<Desk::Draft> Desk::draftEscalation(const QString &key)
{
    storage::Connection &connection = m_store->connection();
    TIERLINE_TRY(id, storage::findTicket(connection, key.trimmed(), m_visibility));
    TIERLINE_TRY(state, storage::loadTicket(connection, id));
    TIERLINE_TRY(messages, storage::loadMessages(connection, id));
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(reasons, commands::loadReasons(connection));
    TIERLINE_TRY(from, storage::findTier(connection, state.ticket.tier));
    Organization organization;
    if (state.ticket.organization) {
        TIERLINE_TRY(found, storage::loadOrganization(connection, state.ticket.organization));
        organization = found;
    }

    Draft draft;
    draft.targets = escalation::tiersAbove(from, tiers);
    if (draft.targets.isEmpty())
        return conflictError(
            u"Ticket %1 is at %2 already, and no tier is above it: reassign it there."_s.arg(
                state.ticket.key, from.id));
    draft.teams = teamsOf(draft.targets, teams, m_visibility);
    draft.reasons = reasons;
    commands::Escalate &command = draft.command;
    command.ticket = state.ticket.key;
    command.reason = suggestedReason(messages);
    if (command.reason == u"customer-asked")
        command.trigger = Trigger::Reactive;
    command.toTier = escalation::defaultTarget(command.kind, command.reason, from, tiers);
    TIERLINE_CHECK(takePath(connection, state.ticket, organization, draft));
    command.form.summary = suggestedSummary(state.ticket, messages);
    command.form.expected = suggestedExpectation(messages);
    command.form.tried = suggestedSteps(messages);
    command.form.urgency
        = urgencyFlags(state.ticket, organization, messages, m_store->clock().now());

    const auto ask = draftAsk(command, *this, m_store->clock().now());
    const auto plan = commands::planEscalation(connection, ask);
    // Words for the confidential team, and a path that leads to somebody outside it: the form opens and says so.
    if (!plan && plan.error().where == u"to") {
        draft.path = (draft.path + u' ' + plan.error().detail).trimmed();
        return draft;
    }
    if (!plan)
        return plan.error();
    draft.noticePreview = plan->notice;
    draft.warnings = plan->warnings;
    return draft;
}

Result<QString> Desk::previewNotice(const commands::Escalate &command)
{
    const auto ask = draftAsk(command, *this, m_store->clock().now());
    TIERLINE_TRY(plan, commands::planEscalation(m_store->connection(), ask));
    return plan.notice;
}

Result<QStringList> Desk::previewWarnings(const commands::Escalate &command)
{
    const auto ask = draftAsk(command, *this, m_store->clock().now());
    TIERLINE_TRY(plan, commands::planEscalation(m_store->connection(), ask));
    return plan.warnings;
}

Result<Handoff> Desk::previewHandoff(const commands::Escalate &command)
{
    storage::Connection &connection = m_store->connection();
    const auto ask = draftAsk(command, *this, m_store->clock().now());
    TIERLINE_TRY(plan, commands::planEscalation(connection, ask));
    TIERLINE_TRY(events, storage::loadEvents(connection, plan.before.ticket.id));
    events.push_back(plan.event);
    TIERLINE_TRY(input, commands::gatherPackage(connection, plan, ask, std::move(events)));
    return handoff::build(input);
}

} // namespace tierline::desk
