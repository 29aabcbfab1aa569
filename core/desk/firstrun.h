#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/storage/workspace.h"

#include <QFuture>

namespace tierline::desk {

/// Makes a workspace on a thread of its own, empty or with the sample company. The future carries
/// progress (tickets done of all) and ends with the outcome. Thread: any; clock and random outlive
/// the future, and nobody else uses the random source meanwhile.
QFuture<Result<Done>> makeWorkspace(
    const storage::Workspace &workspace, const Clock &clock, RandomSource &random, bool withSample);

} // namespace tierline::desk
