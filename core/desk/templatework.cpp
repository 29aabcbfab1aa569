#include "core/desk/templatework.h"

#include "core/storage/agreements.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

namespace {

constexpr int mostTried = 50;

template<typename List>
auto find(const List &list, const QString &id, auto member)
{
    const auto found = std::ranges::find(list, id, member);
    return found == list.end() ? nullptr : &*found;
}

Result<std::optional<Ticket>> sampleTicket(
    storage::Connection &connection, const Visibility &visibility, TicketId preferred)
{
    TIERLINE_TRY(ids, storage::workableTickets(connection, {}, mostTried));
    if (preferred)
        ids.insert(ids.begin(), preferred);
    for (const TicketId id : ids) {
        const auto state = storage::loadTicket(connection, id);
        if (state && visibility.sees(state->ticket.team))
            return std::optional(state->ticket);
    }
    return std::optional<Ticket>();
}

Result<QHash<QString, QString>> valuesOf(storage::Connection &connection, const Ticket &ticket)
{
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    commands::PlaceNames names { .ticket = ticket,
        .tier = find(tiers, ticket.tier, &Tier::id),
        .team = find(teams, ticket.team, &Team::name),
        .assignee = find(agents, ticket.assignee, &Agent::id) };
    if (ticket.requester) {
        TIERLINE_TRY(requester, storage::loadRequester(connection, ticket.requester));
        names.customer = requester.name.isEmpty() ? requester.email : requester.name;
    }
    if (ticket.organization) {
        TIERLINE_TRY(organization, storage::loadOrganization(connection, ticket.organization));
        names.organization = organization.name;
    }
    return commands::customerValues(names);
}

} // namespace

QFuture<Result<TemplateBoard>> readTemplates(Session &session, TicketId preferred)
{
    return session.read([preferred](storage::Connection &connection,
                            const Visibility &visibility) -> Result<TemplateBoard> {
        TemplateBoard board;
        TIERLINE_TRY(templates, commands::loadTemplates(connection));
        board.templates = templates;
        TIERLINE_TRY(ticket, sampleTicket(connection, visibility, preferred));
        if (!ticket)
            return board;
        TIERLINE_TRY(values, valuesOf(connection, *ticket));
        board.ticket = ticket->key;
        board.values = values;
        return board;
    });
}

} // namespace tierline::desk
