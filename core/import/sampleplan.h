#pragma once

#include "core/import/samplestory.h"

namespace tierline::importing {

/// All stories of the sample, as steps in the order in which they happened; no step lies after
/// `now`. `tickets` stories, numbered from 0. Pure: the same texts, seed and now give the same plan.
struct SamplePlan {
    std::vector<SampleStep> steps;
    int tickets = 0;
};
SamplePlan planSample(const SampleTexts &texts, Instant now, RandomSource &random);

} // namespace tierline::importing
