#include "core/rules/whatif.h"

#include "core/rules/print.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr double monthMs = 30.0 * DayMs;

/// Calls `visit` with each test of a condition and its place in written order, to change it.
template<typename F>
void forEachOwnTest(Expr &expr, int &place, F &&visit)
{
    if (expr.kind == Expr::Kind::Test)
        visit(expr.test, place++);
    for (Expr &child : expr.children)
        forEachOwnTest(child, place, visit);
}

bool isMovable(const Test &test)
{
    if (test.values.size() != 1)
        return test.window && test.values.empty();
    switch (test.values.front().kind) {
    case ValueKind::Number:
    case ValueKind::Money:
    case ValueKind::Percent:
    case ValueKind::Duration: return true;
    default: return false;
    }
}

/// The bound itself; a window where nothing else is compared.
Value &boundOf(Test &test)
{
    return test.values.empty() ? *test.window : test.values.front();
}

Rule alone(const Rule &rule, const QString &name, Expr when)
{
    Rule variant = rule;
    variant.name = name;
    variant.when = normalised(std::move(when));
    variant.goesOn = true; // each variant is played as if it were alone
    return variant;
}

/// All variants in one set: conditions that they share are compared once.
Result<BacktestResult> playEach(std::vector<Rule> variants, const Lists &lists, Past &past,
    const LifeFrame &frame, const BacktestSpan &span)
{
    const RuleSet set(std::move(variants), lists);
    return backtest(set, past, frame, span);
}

} // namespace

Result<ExpectedMatches> expectedMatches(const Rule &rule, const Lists &lists, Past &past,
    const LifeFrame &frame, const BacktestSpan &span)
{
    ExpectedMatches expected;
    expected.isJoined = rule.when.kind == Expr::Kind::And || rule.when.kind == Expr::Kind::Or;
    Expr both = rule.when, any = rule.when;
    if (expected.isJoined) {
        both.kind = Expr::Kind::And;
        any.kind = Expr::Kind::Or;
    }
    TIERLINE_TRY(played,
        playEach({ alone(rule, u"and"_s, std::move(both)), alone(rule, u"or"_s, std::move(any)) },
            lists, past, frame, span));
    const double length = double((span.to - span.from).count());
    const double months = length > 0 ? length / monthMs : 1;
    expected.asAnd = double(played.rules[0].count) / months;
    expected.asOr = double(played.rules[1].count) / months;
    return expected;
}

std::vector<int> movableBounds(const Rule &rule)
{
    std::vector<int> bounds;
    int place = 0;
    Expr when = rule.when;
    forEachOwnTest(when, place, [&bounds](const Test &test, int number) {
        if (isMovable(test))
            bounds.push_back(number);
    });
    return bounds;
}

std::vector<Value> valuesAround(const Rule &rule, int bound)
{
    std::vector<Value> values;
    int place = 0;
    Expr when = rule.when;
    forEachOwnTest(when, place, [&](Test &test, int number) {
        if (number != bound || !isMovable(test))
            return;
        const Value written = boundOf(test);
        // Whole seconds of time, whole numbers of all else; a share stays one.
        constexpr qint64 whole = 1'000;
        for (const int percent :
            { 0, 10, 25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400 }) {
            Value value = written;
            value.amount = written.amount / 100 * percent + written.amount % 100 * percent / 100;
            if (percent != 100)
                value.amount = value.amount / whole * whole;
            const bool isTime = value.kind == ValueKind::Duration;
            if (isTime && value.amount <= 0)
                continue;
            if (value.kind == ValueKind::Percent && value.amount > 100 * whole
                && written.amount <= 100 * whole)
                continue;
            const bool isKnown = std::ranges::any_of(
                values, [&value](const Value &other) { return other.amount == value.amount; });
            if (!isKnown)
                values.push_back(std::move(value));
        }
        std::ranges::sort(values, {}, &Value::amount);
    });
    return values;
}

Rule withBound(const Rule &rule, int bound, const Value &value)
{
    Rule moved = rule;
    int place = 0;
    forEachOwnTest(moved.when, place, [&](Test &test, int number) {
        if (number == bound && isMovable(test))
            boundOf(test) = value;
    });
    return moved;
}

Result<std::vector<CurvePoint>> thresholdCurve(const Rule &rule, int bound,
    const std::vector<Value> &values, const Lists &lists, Past &past, const LifeFrame &frame,
    const BacktestSpan &span)
{
    const std::vector<int> movable = movableBounds(rule);
    if (std::ranges::find(movable, bound) == movable.end())
        return badInput(
            u"Condition %1 of “%2” has no bound that could move."_s.arg(bound + 1).arg(rule.name));
    std::vector<Rule> variants;
    for (const Value &value : values)
        variants.push_back(
            alone(rule, u"%1"_s.arg(variants.size()), withBound(rule, bound, value).when));
    TIERLINE_TRY(played, playEach(variants, lists, past, frame, span));
    std::vector<CurvePoint> curve;
    for (size_t i = 0; i < values.size(); ++i) {
        CurvePoint point { .value = values[i], .outcome = std::move(played.rules[i]) };
        point.outcome.name = rule.name;
        // Played together at most one of the variants escalates; alone each does.
        for (BacktestFire &fire : point.outcome.fires) {
            fire.escalates = !fire.tier.isEmpty();
            if (fire.escalates)
                ++point.loadPerTier[fire.tier];
        }
        curve.push_back(std::move(point));
    }
    return curve;
}

} // namespace tierline::rules
