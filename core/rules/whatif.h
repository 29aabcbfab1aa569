#pragma once

#include "core/rules/backtest.h"

namespace tierline::rules {

/// How often a rule would act in 30 days with the same conditions joined by "and", and by "or".
struct ExpectedMatches {
    double asAnd = 0;
    double asOr = 0;
    bool isJoined = false; ///< it has branches to join; else both are the rule as it is
};
/// Plays the rule alone, in both forms, over the span; the span should be some weeks long. One walk.
Result<ExpectedMatches> expectedMatches(const Rule &rule, const Lists &lists, Past &past,
    const LifeFrame &frame, const BacktestSpan &span);

/// What one bound of a rule would do at one value.
struct CurvePoint {
    Value value;
    BacktestRule outcome; ///< its fires, missed tickets, precision and recall
    std::map<QString, qint64> loadPerTier;
};

/// Bounds of a rule that a slider can move: numbers, amounts, shares and durations; places in written order.
std::vector<int> movableBounds(const Rule &rule);
/// Values around a bound, ascending, itself among them; none where it cannot move.
std::vector<Value> valuesAround(const Rule &rule, int bound);
/// The rule with another value for a bound; as it was where that cannot move.
Rule withBound(const Rule &rule, int bound, const Value &value);
/// Plays the rule alone with each of these values for one bound, all in one walk, so that a slider over them
/// only looks results up. Values that give the same rule share its result.
Result<std::vector<CurvePoint>> thresholdCurve(const Rule &rule, int bound,
    const std::vector<Value> &values, const Lists &lists, Past &past, const LifeFrame &frame,
    const BacktestSpan &span);

} // namespace tierline::rules
