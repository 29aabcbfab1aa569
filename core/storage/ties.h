#pragma once

#include "core/storage/queues.h"

namespace tierline::storage {

/// For each row, how many tickets of the queue agree with it in due time, priority and creation and
/// come before it by key: with the sort keys, its exact place. For a row one short range of the queue's
/// index in each tier; what all rows share is prepared once.
Result<std::vector<int>> tiesBefore(Connection &connection, const QueueQuery &query,
    const std::vector<QueueRow> &rows, const Visibility &visibility);

} // namespace tierline::storage
