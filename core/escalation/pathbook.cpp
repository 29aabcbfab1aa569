#include "core/escalation/pathbook.h"

namespace tierline::escalation {

using namespace Qt::StringLiterals;

namespace {

QString orNone(const QString &word)
{
    return word.isEmpty() ? u"none"_s : word;
}

} // namespace

Result<TicketPath> PathBook::pathOf(const Ticket &ticket, const QString &plan, size_t from) const
{
    if (matrix.empty())
        return notFound(u"There is no escalation matrix: name the tier that ticket %1 should go "
                        "to, or set a matrix up."_s.arg(ticket.key));
    const MatrixCell *cell
        = findCell(matrix, { ticket.category, ticket.type, plan, ticket.severity });
    if (!cell)
        return notFound(
            u"No line of the escalation matrix fits ticket %1 (category %2, plan %3, severity %4): "
            "name the tier that it should go to, or give the matrix such a line."_s.arg(ticket.key,
                orNone(ticket.category), orNone(plan),
                orNone(ticket.severity ? code(*ticket.severity) : QString())));
    TIERLINE_TRY(followed,
        follow(*cell,
            { tiers, teams, agents, ticket.tier, ticket.team,
                accountTeams.value(ticket.organization.v) },
            from));
    return TicketPath { *cell, edition, followed.step, followed.target };
}

} // namespace tierline::escalation
