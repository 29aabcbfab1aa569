#pragma once

#include "core/domain/people.h"
#include "core/storage/connection.h"

namespace tierline::storage {

/// How much waits for an account. `waiting`, `refused` and `conflicts` count what this person may see;
/// the two instants are of everything, since all of it is sent.
struct SyncFigures {
    QString account;
    int waiting = 0; ///< changes that the remote has not heard of, the refused ones included
    int refused = 0;
    int conflicts = 0;
    Instant newest; ///< when the youngest of them was made; 1970: there is none
    std::optional<Instant> due; ///< when the first that may still be sent can be; 1970: at once

    bool operator==(const SyncFigures &) const = default;
};

/// By account; an account for which nothing waits has no row. Cost: the outbox and the open conflicts.
Result<QList<SyncFigures>> loadSyncFigures(Connection &connection, const Visibility &visibility);

} // namespace tierline::storage
