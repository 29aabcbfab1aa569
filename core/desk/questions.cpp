#include "core/desk/questions.h"

#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostQuestions = 1'000;

Result<QString> customerOf(storage::Connection &connection, const Ticket &ticket)
{
    QStringList names;
    if (ticket.requester) {
        TIERLINE_TRY(requester, storage::loadRequester(connection, ticket.requester));
        names.append(requester.name.isEmpty() ? requester.email : requester.name);
    }
    if (ticket.organization) {
        TIERLINE_TRY(organization, storage::loadOrganization(connection, ticket.organization));
        names.append(organization.name);
    }
    names.removeAll(QString());
    return names.join(u", "_s);
}

/// What the log of firings says of it; a firing that is gone leaves the question as it is.
Result<Done> addFiring(storage::Connection &connection, OpenQuestion &open)
{
    TIERLINE_TRY(asked, storage::loadFiring(connection, open.question.firing));
    if (!asked)
        return Done {};
    open.rule = asked->name;
    open.sentence = asked->sentence;
    TIERLINE_TRY(same,
        storage::findFirings(connection, asked->ticket, asked->rule, asked->era, asked->anchor));
    open.collapsed = int(std::ranges::count_if(same, [&](const Firing &firing) {
        return firing.outcome == FiringOutcome::Collapsed && firing.level < asked->level;
    }));
    return Done {};
}

} // namespace

Result<std::vector<OpenQuestion>> loadQuestions(
    storage::Connection &connection, const Visibility &visibility)
{
    TIERLINE_TRY(all, storage::loadOpenQuestions(connection, mostQuestions));
    std::vector<OpenQuestion> seen;
    for (EngineQuestion &question : all) {
        TIERLINE_TRY(state, storage::loadTicket(connection, question.ticket));
        if (!visibility.sees(state.ticket.team))
            continue;
        OpenQuestion open { .question = std::move(question),
            .key = state.ticket.key,
            .subject = state.ticket.subject };
        TIERLINE_TRY(customer, customerOf(connection, state.ticket));
        open.customer = customer;
        TIERLINE_CHECK(addFiring(connection, open));
        seen.push_back(std::move(open));
    }
    return seen;
}

} // namespace tierline::desk
