#pragma once

#include "core/storage/queues.h"

namespace tierline::storage {

/// How many tickets stand in a queue, and how many of them are close to their limit or past it.
struct PlaceCount {
    qint64 total = 0;
    qint64 atRisk = 0; ///< from 75 % of the clock, not yet late
    qint64 late = 0;

    bool operator==(const PlaceCount &) const = default;
};

/// Cost: the index range of the queue; rows are read only where a clock runs.
Result<PlaceCount> countPlace(
    Connection &connection, const QueueQuery &query, const Visibility &visibility, Instant now);

} // namespace tierline::storage
