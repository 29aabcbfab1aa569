#pragma once

#include "core/storage/queues.h"

namespace tierline::storage {

/// How many tickets of the queue agree with `row` in due time, priority and creation and come before
/// it by key: with the sort keys, a row's exact place. One range of the queue's index for each tier.
Result<int> tiesBefore(Connection &connection, const QueueQuery &query, const QueueRow &row,
    const Visibility &visibility);

} // namespace tierline::storage
