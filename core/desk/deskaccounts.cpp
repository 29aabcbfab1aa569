#include "core/desk/desk.h"

#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;
using storage::Durability;

/// The key of a ticket that this person may see; empty of others.
Result<QString> Desk::visibleKey(TicketId ticket)
{
    TIERLINE_TRY(state, storage::loadTicket(m_store->connection(), ticket));
    return m_visibility.sees(state.ticket.team) ? state.ticket.key : QString();
}

Result<Done> Desk::mayDecide(TicketId ticket, const QString &what)
{
    TIERLINE_TRY(key, visibleKey(ticket));
    if (key.isEmpty())
        return notFound(what);
    return may(Right::Talk, key);
}

Result<Done> Desk::addAccount(const storage::Account &account)
{
    TIERLINE_CHECK(mayChange());
    return m_store->write(Durability::Person,
        [&](storage::WriteScope &scope) { return storage::addAccount(scope, account); });
}

Result<Done> Desk::removeAccount(const QString &name, bool evenIfPending)
{
    TIERLINE_CHECK(mayChange());
    return m_store->write(Durability::Person, [&](storage::WriteScope &scope) {
        return storage::removeAccount(scope, name, evenIfPending);
    });
}

Result<std::vector<storage::OutboxEntry>> Desk::outbox()
{
    TIERLINE_TRY(all, storage::loadOutbox(m_store->connection()));
    std::vector<storage::OutboxEntry> seen;
    for (storage::OutboxEntry &entry : all) {
        TIERLINE_TRY(key, visibleKey(entry.ticket));
        if (!key.isEmpty())
            seen.push_back(std::move(entry));
    }
    return seen;
}

Result<std::vector<storage::Conflict>> Desk::conflicts()
{
    TIERLINE_TRY(all, storage::loadConflicts(m_store->connection()));
    std::vector<storage::Conflict> seen;
    for (storage::Conflict &conflict : all) {
        TIERLINE_TRY(key, visibleKey(conflict.ticket));
        if (!key.isEmpty())
            seen.push_back(std::move(conflict));
    }
    return seen;
}

Result<Done> Desk::resolveConflict(const QString &id, sync::Side side)
{
    const QString missing = u"There is no open conflict “%1”."_s.arg(id.left(64));
    TIERLINE_TRY(found, storage::findConflict(m_store->connection(), id));
    if (!found)
        return notFound(missing);
    TIERLINE_CHECK(mayDecide(found->ticket, missing));
    return m_store->write(Durability::Person, [&](storage::WriteScope &scope) {
        return sync::resolveConflict(scope, id, side, m_actor.id);
    });
}

Result<Done> Desk::retryOperation(const QString &id)
{
    const QString missing = u"No change “%1” waits to be sent."_s.arg(id.left(64));
    TIERLINE_TRY(found, storage::findOperation(m_store->connection(), id));
    if (!found)
        return notFound(missing);
    TIERLINE_CHECK(mayDecide(found->ticket, missing));
    return m_store->write(Durability::Person,
        [&](storage::WriteScope &scope) { return sync::retryOperation(scope, id); });
}

Result<Done> Desk::dropOperation(const QString &id)
{
    const QString missing = u"No change “%1” waits to be sent."_s.arg(id.left(64));
    TIERLINE_TRY(found, storage::findOperation(m_store->connection(), id));
    if (!found)
        return notFound(missing);
    TIERLINE_CHECK(mayDecide(found->ticket, missing));
    return m_store->write(Durability::Person, [&](storage::WriteScope &scope) {
        return sync::dropOperation(scope, *m_random, id, m_actor.id);
    });
}

} // namespace tierline::desk
