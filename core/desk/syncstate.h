#pragma once

#include "core/base/instant.h"
#include "core/base/result.h"

#include <QStringList>

#include <optional>

namespace tierline::desk {

/// How an account stands between this machine and its helpdesk, for a line of words.
struct SyncState {
    enum class Phase : quint8 {
        Idle, ///< nothing wrong; a round comes by itself
        Syncing,
        Offline, ///< cannot be reached
        SignIn, ///< waits for a new secret; nothing is tried
        Locked, ///< another program syncs it at this moment
        Limited, ///< the helpdesk wants fewer requests
        Trouble, ///< it answers what cannot be used, or the workspace cannot be written: see problem
    };
    QString account;
    QString kind; ///< "rt"
    Phase phase = Phase::Idle;
    int received = 0; ///< tickets, while syncing
    int waiting = 0; ///< changes that the helpdesk has not heard of, the refused ones included
    int refused = 0;
    int conflicts = 0;
    std::optional<Instant> synced; ///< end of the last whole round
    std::optional<Instant> since; ///< of Offline and Trouble: the first failure in a row
    std::optional<Instant> nextTry;
    QString problem; ///< one sentence, with every phase but Idle and Syncing
    QStringList setAside; ///< sentences about what the last round could not take

    bool operator==(const SyncState &) const = default;
};

} // namespace tierline::desk
