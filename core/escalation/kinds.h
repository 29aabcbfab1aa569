#pragma once

#include "core/domain/people.h"

namespace tierline::escalation {

/// Tiers above `from`, lowest first.
QList<Tier> tiersAbove(const Tier &from, const QList<Tier> &tiers);

/// Where a ticket goes unless a person says otherwise. Functional and automated: the next tier up.
/// Hierarchical: the highest, where who decides sits. Priority, and the reasons that go past the queues
/// (outage, vip, security): the highest too. Empty where no tier is above.
QString defaultTarget(
    EscalationKind kind, QStringView reason, const Tier &from, const QList<Tier> &tiers);

} // namespace tierline::escalation
