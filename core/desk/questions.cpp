#include "core/desk/questions.h"

#include "core/domain/approver.h"
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
    TIERLINE_TRY(agents, storage::loadAgents(connection));
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
        if (open.question.approver)
            open.asks = inWords(*open.question.approver, agents);
        TIERLINE_CHECK(addFiring(connection, open));
        seen.push_back(std::move(open));
    }
    return seen;
}

Result<Done> mayAnswer(Desk &desk, const EngineQuestion &question)
{
    storage::Connection &connection = desk.store().connection();
    TIERLINE_TRY(state, storage::loadTicket(connection, question.ticket));
    if (!desk.visibility().sees(state.ticket.team))
        return notFound(u"There is no such question."_s);
    if (!question.approver)
        return desk.mayRun(commands::Reply { state.ticket.key, {} });
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    if (mayApprove(*question.approver, desk.actor(), agents))
        return Done {};
    return notAllowed(u"The rule asks %1, and nobody else may answer."_s.arg(
        inWords(*question.approver, agents)));
}

} // namespace tierline::desk
