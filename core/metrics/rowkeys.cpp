#include "core/metrics/rowkeys_p.h"

#include "core/metrics/days.h"

namespace tierline::metrics {

using namespace Qt::StringLiterals;

bool isInPeriod(const Options &options, Instant created)
{
    return (!options.from || created >= *options.from) && (!options.to || created < *options.to);
}

QString rowKey(const Options &options, const TicketInput &input, const TicketFacts &facts)
{
    switch (options.by) {
    case By::All:
    case By::Agent: break;
    case By::Tier: return facts.startTier;
    case By::Team: return facts.startTeam;
    case By::Category: return input.ticket.category;
    case By::Product: return input.ticket.product;
    case By::Priority: return tierline::code(input.ticket.priority);
    case By::Segment: return input.segment;
    case By::Channel: return input.ticket.channel;
    case By::Week: return weekKey(localDate(facts.created, options.zone));
    }
    return u"all"_s;
}

std::optional<QString> creditedTo(By by, const CsatAnswer &answer)
{
    switch (by) {
    case By::Agent: return answer.agent;
    case By::Tier: return answer.tier;
    case By::Team: return answer.team;
    default: return std::nullopt;
    }
}

bool isEscalatedBy(const TicketFacts &facts, const QString &agent)
{
    return facts.isEscalated() && !agent.isEmpty() && facts.escalatedAfter == agent;
}

} // namespace tierline::metrics
