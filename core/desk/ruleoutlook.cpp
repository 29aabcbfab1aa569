#include "core/desk/ruleoutlook.h"

#include "core/rules/parse.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr double month = 30.0 * DayMs;

/// The one rule of a text.
Result<rules::Rule> ruleOf(const QString &text)
{
    rules::Parsed parsed = rules::parse(text);
    if (!parsed.isWhole())
        return badInput(parsed.problems.front().text());
    if (parsed.document.rules.size() != 1)
        return badInput(u"The text has to hold exactly one rule."_s);
    return std::move(parsed.document.rules.front());
}

Result<Outlook> outlookOf(RulePast &past, const QString &text, const rules::BacktestSpan &span)
{
    RuleOutlook outlook;
    TIERLINE_TRY(rule, ruleOf(text));
    TIERLINE_TRY(set, past.compile(QByteArrayView(text.toUtf8())));
    TIERLINE_TRY(played, past.backtest(*set, span));
    TIERLINE_TRY(matches, past.expectedMatches(rule, span));
    const double months = std::max(1.0, double((span.to - span.from).count())) / month;
    outlook.matches = matches;
    outlook.tickets = played.tickets;
    outlook.fires = double(played.rules.front().count) / months;
    for (const auto &[tier, count] : played.loadPerTier)
        outlook.load[tier] = double(count) / months;
    return std::make_shared<const RuleOutlook>(std::move(outlook));
}

Result<Curve> curveOf(
    RulePast &past, const QString &text, int bound, const rules::BacktestSpan &span)
{
    TIERLINE_TRY(rule, ruleOf(text));
    RuleCurve curve { .bound = bound, .days = (span.to - span.from).count() / DayMs };
    TIERLINE_TRY(points, past.thresholdCurve(rule, bound, rules::valuesAround(rule, bound), span));
    curve.points = std::move(points);
    // A slider reads counts alone, and keeps them for as long as it stands there.
    for (rules::CurvePoint &point : curve.points) {
        point.outcome.fires.clear();
        point.outcome.fires.shrink_to_fit();
    }
    return std::make_shared<const RuleCurve>(std::move(curve));
}

} // namespace

void RuleForecast::lookAhead(const QString &text, Instant from, Instant to)
{
    run(
        [text, from, to](RulePast &past, const rules::BacktestProgress &tell) {
            return outlookOf(past, text, { .from = from, .to = to, .progress = tell });
        },
        [this](const Result<Outlook> &outlook) { emit lookedAhead(outlook); });
}

void RuleForecast::drawCurve(const QString &text, int bound, Instant from, Instant to)
{
    run(
        [text, bound, from, to](RulePast &past, const rules::BacktestProgress &tell) {
            return curveOf(past, text, bound, { .from = from, .to = to, .progress = tell });
        },
        [this](const Result<Curve> &curve) { emit drawn(curve); });
}

} // namespace tierline::desk
