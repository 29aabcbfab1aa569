#include "core/desk/desk.h"

#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

bool isLead(const Agent &actor)
{
    return actor.role == Role::Lead || actor.role == Role::Admin;
}

/// Whether somebody of this role may look at flags where the ticket stands: at their own tiers, and
/// at the one directly below any of them.
bool mayTriage(const Agent &actor, const QString &tier, const QList<Tier> &tiers)
{
    if (isLead(actor))
        return true;
    if (actor.role != Role::Specialist)
        return false;
    if (actor.worksAt(tier))
        return true;
    for (qsizetype i = 1; i < tiers.size(); ++i) {
        if (tiers[i - 1].id == tier && actor.worksAt(tiers[i].id))
            return true;
    }
    return false;
}

Error refusal(const QString &sentence)
{
    return notAllowed(sentence);
}

/// Everything that `right` asks about one ticket.
Result<Done> check(
    Right right, const Agent &actor, const TicketState &state, const QList<Tier> &tiers)
{
    const Ticket &ticket = state.ticket;
    const Escalation *record = state.openEscalation();
    const bool works = isLead(actor) || actor.worksAt(ticket.tier);
    const bool triages = mayTriage(actor, ticket.tier, tiers);
    const Error elsewhere = refusal(
        u"Ticket %1 is at %2, where you do not work: ask somebody there, or a lead."_s.arg(
            ticket.key, ticket.tier));
    switch (right) {
    case Right::Write:
    case Right::Own: return Done {};
    case Right::Work: return works ? Result<Done>(Done {}) : elsewhere;
    case Right::Talk:
        return works || ticket.followers.contains(actor.id) ? Result<Done>(Done {}) : elsewhere;
    case Right::Triage:
        if (triages)
            return Done {};
        return refusal(
            u"Flags at %1 are triaged by its specialists, those of the tier above, and leads."_s
                .arg(ticket.tier));
    case Right::Unflag:
        if (triages || (record && !record->moved && record->actor == actor.id))
            return Done {};
        return refusal(u"A flag is taken back by who set it, or by who triages it."_s);
    case Right::Escalate:
        return works || (ticket.isFlagged() && triages) ? Result<Done>(Done {}) : elsewhere;
    case Right::Withdraw:
        if (isLead(actor) || !record || record->actor == actor.id)
            return Done {};
        return refusal(u"An escalation is withdrawn by who made it, or by a lead."_s);
    case Right::Lead: break;
    }
    return isLead(actor) ? Result<Done>(Done {}) : refusal(u"Only a lead or an admin does this."_s);
}

} // namespace

Result<Desk> Desk::open(storage::Store &store, RandomSource &random, const QString &as)
{
    QString id = as.trimmed();
    if (id.isEmpty()) {
        TIERLINE_TRY(me, storage::loadMe(store.connection()));
        id = me;
    }
    if (id.isEmpty())
        return notFound(u"Nobody is named as “me” in this workspace: name an agent."_s);
    TIERLINE_TRY(actor, storage::findAgent(store.connection(), id));
    if (!actor.isActive)
        return notAllowed(
            u"%1 is not active any more: an admin can make them active again."_s.arg(actor.id));
    TIERLINE_TRY(teams, storage::loadTeams(store.connection()));
    return Desk(store, random, actor, visibilityOf(actor, teams));
}

Desk::Desk(storage::Store &store, RandomSource &random, Agent actor, Visibility visibility)
    : m_store(&store)
    , m_random(&random)
    , m_actor(std::move(actor))
    , m_visibility(std::move(visibility))
{
}

commands::Context Desk::makeContext()
{
    return { .store = *m_store,
        .random = *m_random,
        .actor = m_actor,
        .visibility = m_visibility,
        .now = m_store->clock().now(),
        .undoWindow = m_undoWindow };
}

Result<Done> Desk::mayChange() const
{
    if (m_actor.role == Role::Admin)
        return Done {};
    return notAllowed(u"People, teams and tiers are an admin's to change, and you are %1."_s.arg(
        code(m_actor.role)));
}

Result<Done> Desk::may(Right right, const QString &ticket)
{
    // First, so that nobody learns from the refusal whether a ticket is there.
    if (!ticket.isEmpty() || right != Right::Write)
        TIERLINE_CHECK(storage::findTicket(m_store->connection(), ticket.trimmed(), m_visibility));
    if (m_actor.role == Role::ReadOnly)
        return notAllowed(
            u"You may read here, and change nothing: ask an admin for another role."_s);
    if (right == Right::Write || right == Right::Own || isLead(m_actor))
        return Done {};
    TIERLINE_TRY(id, storage::findTicket(m_store->connection(), ticket.trimmed(), m_visibility));
    TIERLINE_TRY(state, storage::loadTicket(m_store->connection(), id));
    TIERLINE_TRY(tiers, storage::loadTiers(m_store->connection()));
    return check(right, m_actor, state, tiers);
}

} // namespace tierline::desk
