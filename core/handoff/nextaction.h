#pragma once

#include "core/handoff/package.h"
#include "core/handoff/promises.h"
#include "core/handoff/thread.h"

namespace tierline::handoff {

struct NextAction {
    QString text;
    QString source; ///< who or which rule says so
};

/// What to do first: what the form says, else the first line of a fixed table that fits. Never empty.
NextAction nextActionFor(const PackageInput &input, const ThreadSummary &thread,
    const std::vector<Promise> &promises, const std::optional<BotPart> &bot);

} // namespace tierline::handoff
