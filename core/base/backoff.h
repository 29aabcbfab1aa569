#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"

namespace tierline {

/// Growing waits between tries, with jitter and a cap.
struct BackoffPolicy {
    Millis first { 2'000 };
    double factor = 2.0;
    Millis cap { 600'000 };
    double jitter = 0.5; ///< the part of each wait that is random, 0 to 1
};

/// The wait before try `attempt` (1 is the first repetition): between (1 - jitter) and 1 times
/// min(cap, first * factor^(attempt-1)). Never below `asked`, the other side's own wish.
Millis backoff(
    const BackoffPolicy &policy, int attempt, RandomSource &random, Millis asked = Millis(0));

/// 0 up to, not including, 1.
double fraction(RandomSource &random);

} // namespace tierline
