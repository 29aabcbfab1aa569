#pragma once

#include <QString>

namespace tierline::engine {

/// What a firing is known by, the same on every machine: a UUID made of rule identity, ticket, anchor and level.
/// It is the operation of its events and of what a remote hears, so that a second runner finds the first's.
QString operationOf(
    const QString &firingId, const QString &ticketKey, const QString &anchor, int level);

} // namespace tierline::engine
