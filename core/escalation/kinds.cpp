#include "core/escalation/kinds.h"

namespace tierline::escalation {

QList<Tier> tiersAbove(const Tier &from, const QList<Tier> &tiers)
{
    QList<Tier> above;
    for (const Tier &tier : tiers) {
        if (tier.rank > from.rank)
            above.append(tier);
    }
    std::ranges::sort(above, {}, &Tier::rank);
    return above;
}

QString defaultTarget(
    EscalationKind kind, QStringView reason, const Tier &from, const QList<Tier> &tiers)
{
    const QList<Tier> above = tiersAbove(from, tiers);
    if (above.isEmpty())
        return {};
    const bool toTheTop = kind == EscalationKind::Hierarchical || kind == EscalationKind::Priority
        || isFastLane(reason);
    return toTheTop ? above.last().id : above.first().id;
}

} // namespace tierline::escalation
