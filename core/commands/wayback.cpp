#include "core/commands/work_p.h"

#include "core/escalation/stays.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

Result<Done> checkWayBack(storage::Connection &connection, const Ticket &ticket, const WayBack &way)
{
    const bool isHop = ticket.tier != way.tier || ticket.team != way.team;
    if (!isHop || (way.isOwnReason && !way.reason.trimmed().isEmpty()))
        return Done {};
    TIERLINE_TRY(events, storage::loadEvents(connection, ticket.id));
    const std::vector<escalation::Stay> stays = escalation::staysOf(events);
    const std::optional<size_t> before = escalation::earlierStay(stays, way.tier, way.team);
    if (!before)
        return Done {};
    const QString what = way.isOwnReason
        ? u"say why it should go back there."_s
        : u"a rule that sends it back says why, with “saying \"…\"”."_s;
    return badInput(
        u"Ticket %1 was in %2 already, from %3 to %4: %5"_s.arg(ticket.key, stays[*before].queue(),
            stays[*before].since.iso(), stays[*before + 1].since.iso(), what),
        way.where);
}

} // namespace tierline::commands
