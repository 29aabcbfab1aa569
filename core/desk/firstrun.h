#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/storage/workspace.h"

#include <QFuture>

#include <functional>

namespace tierline::desk {

/// How far the sample data is, in tickets.
using MakingProgress = std::function<void(int done, int total)>;

/// Makes a workspace, empty or with the sample company, whole or not at all: it is made in a temporary folder
/// and put in place in one step, so that whoever is stopped on the way can begin again. Conflict where there
/// is one already. Blocks for some seconds with the sample. Thread: any.
Result<Done> makeWorkspaceNow(const storage::Workspace &workspace, const Clock &clock,
    RandomSource &random, bool withSample, const MakingProgress &progress = {});

/// Makes a workspace on a thread of its own, as makeWorkspaceNow(). The future carries
/// progress (tickets done of all) and ends with the outcome. Thread: any; clock and random outlive
/// the future, and nobody else uses the random source meanwhile.
QFuture<Result<Done>> makeWorkspace(
    const storage::Workspace &workspace, const Clock &clock, RandomSource &random, bool withSample);

} // namespace tierline::desk
