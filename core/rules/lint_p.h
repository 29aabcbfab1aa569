#pragma once

#include "core/rules/lint.h"
#include "core/rules/registry.h"

namespace tierline::rules {

using Findings = std::vector<Finding>;

/// Names and words of a rule that the workspace does not know.
void lintNames(const Rule &rule, const LintContext &context, Findings &findings);
/// What running rules do to one another: hide, meet, start each other for ever.
void lintPairs(const std::vector<LintRule> &running, Findings &findings);

/// Calls `visit` with each action of a rule, those of ladders too.
template<typename F>
void forEachAction(const std::vector<Action> &actions, F &&visit)
{
    for (const Action &action : actions) {
        visit(action);
        for (const Step &step : action.steps)
            forEachAction(step.actions, visit);
    }
}

} // namespace tierline::rules
