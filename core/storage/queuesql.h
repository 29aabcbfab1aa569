#pragma once

#include "core/storage/queues.h"

namespace tierline::storage {

// What the statements over a queue have in common. Room-private.

/// Runs `SELECT <what> FROM … <the queue's conditions> <tail>`. `tail` may have parameters of its own
/// from `tailParameter` on.
Result<Statement> queueStatement(Connection &connection, const QueueQuery &query,
    const Visibility &visibility, const QString &what, const QString &tail);
inline constexpr int tailParameter = 500;

/// The tier after `last` that has a ticket in the queue's index: a few steps down its tree, however
/// many tickets it holds. Empty at the end.
Result<QString> nextTier(Connection &connection, const QueueQuery &query, const QString &last);

} // namespace tierline::storage
