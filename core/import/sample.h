#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/storage/store.h"

namespace tierline::importing {

/// How far the filling is, in tickets. Called on the caller's thread.
using SampleProgress = std::function<void(int done, int total)>;

/// Fills a new workspace with an invented software company's support desk: twelve agents on three
/// tiers, forty customers, some four hundred tickets over the sixty days that end at the clock's now,
/// with queues that look like a working day at this minute. Everything is done by the commands that
/// people run, at the instants at which it happened, so that clocks, stages, packages and notices are
/// the real ones. The same seed and clock give the same workspace. Conflict where the workspace has
/// tickets already. Cost: some seconds. Thread: the store's.
Result<Done> makeSample(storage::Store &store, const Clock &clock, RandomSource &random,
    const SampleProgress &progress = {});

} // namespace tierline::importing
