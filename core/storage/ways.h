#pragma once

#include "core/domain/delivery.h"
#include "core/storage/store.h"

namespace tierline::storage {

// Ways to people over a network, and where what is for whom goes. Secrets are in the keychain only.

Result<std::vector<Way>> loadWays(Connection &connection); ///< by name
/// NotFound where there is none, naming those that are there.
Result<Way> findWay(Connection &connection, const QString &name);
/// Adds or replaces.
Result<Done> saveWay(WriteScope &scope, const Way &way);
/// With its routes; what waits to go that way is refused.
Result<Done> removeWay(WriteScope &scope, const QString &name);
/// Why nothing goes out that way until a person sees to it; empty: it does again.
Result<Done> setWayProblem(WriteScope &scope, const QString &name, const QString &problem);

Result<std::vector<NoticeRoute>> loadRoutes(
    Connection &connection); ///< by kind, target, way, address
/// Takes the place of all there are.
Result<Done> saveRoutes(WriteScope &scope, const std::vector<NoticeRoute> &routes);

} // namespace tierline::storage
