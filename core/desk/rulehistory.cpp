#include "core/desk/rulehistory.h"

#include "core/commands/labels.h"
#include "core/desk/rulefigures.h"
#include "core/desk/storedpast.h"
#include "core/storage/firings.h"
#include "core/storage/logwalk.h"
#include "core/storage/people.h"
#include "core/storage/rulebook.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis day { DayMs };
constexpr Millis span = 28 * day;
constexpr int mostFirings = 5'000; ///< around one change
constexpr int mostJudged = 300; ///< tickets that are looked at for one figure

struct Span {
    Instant from, to;
    double weeks() const { return double((to - from).count()) / double((7 * day).count()); }
    bool holds(Instant at) const { return from <= at && at < to; }
};

class Counter
{
public:
    Counter(storage::Connection &connection, const Visibility &visibility, QString rule)
        : m_connection(connection)
        , m_visibility(visibility)
        , m_past(connection, visibility)
        , m_rule(std::move(rule))
    {
    }
    Result<Done> readLabels()
    {
        TIERLINE_TRY(labels, commands::loadLabels(m_connection));
        m_past.setLabels(labels);
        return Done {};
    }
    Result<std::optional<double>> count(RuleMetric metric, const Span &span);

private:
    Result<std::vector<Firing>> firingsIn(const Span &span)
    {
        return storage::loadFirings(m_connection,
            { .rule = m_rule, .from = span.from, .to = span.to, .limit = mostFirings });
    }
    Result<std::optional<double>> firesAWeek(const Span &span);
    Result<std::optional<double>> precision(const Span &span);
    Result<std::optional<double>> escalationRate(const Span &span);

    storage::Connection &m_connection;
    const Visibility &m_visibility;
    StoredPast m_past;
    QString m_rule;
};

Result<std::optional<double>> Counter::firesAWeek(const Span &span)
{
    TIERLINE_TRY(firings, firingsIn(span));
    const auto fires = std::ranges::count_if(firings, [](const Firing &firing) {
        return firing.level == 0 && firing.outcome == FiringOutcome::Fired;
    });
    return std::optional(double(fires) / span.weeks());
}

Result<std::optional<double>> Counter::precision(const Span &span)
{
    TIERLINE_TRY(firings, firingsIn(span));
    return precisionOf(m_past, firings, mostJudged);
}

Result<std::optional<double>> Counter::escalationRate(const Span &span)
{
    qint64 came = 0, up = 0;
    TIERLINE_CHECK(storage::walkLogs(
        m_connection, m_visibility, [&](const storage::WalkedLog &log) -> Result<Done> {
            if (log.events.empty() || !span.holds(log.events.front().at))
                return Done {};
            ++came;
            up += std::ranges::any_of(log.escalations, [&](const Escalation &escalation) {
                return escalation.moved && span.holds(*escalation.moved);
            });
            return Done {};
        }));
    return came == 0 ? std::optional<double>() : std::optional(double(up) / double(came));
}

Result<std::optional<double>> Counter::count(RuleMetric metric, const Span &span)
{
    switch (metric) {
    case RuleMetric::FiresAWeek: return firesAWeek(span);
    case RuleMetric::Precision: return precision(span);
    case RuleMetric::EscalationRate: return escalationRate(span);
    }
    return std::optional<double>();
}

} // namespace

std::optional<RuleMetric> metricIn(const QString &text)
{
    const auto says
        = [&text](QLatin1StringView word) { return text.contains(word, Qt::CaseInsensitive); };
    if (says("precision"_L1) || says("false escalation"_L1) || says("wrongly"_L1)
        || says("rightly"_L1))
        return RuleMetric::Precision;
    if (says("escalation rate"_L1) || says("share of escalat"_L1))
        return RuleMetric::EscalationRate;
    if (says("fires"_L1) || says("fired"_L1) || says("firings"_L1))
        return RuleMetric::FiresAWeek;
    return std::nullopt;
}

Result<RuleHistory> loadRuleHistory(
    storage::Connection &connection, const Visibility &visibility, const QString &rule, Instant now)
{
    TIERLINE_TRY(changes, storage::loadRuleChanges(connection, rule, RuleHistory::mostSteps));
    TIERLINE_TRY(versions, storage::loadRuleVersions(connection, rule));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    QHash<int, QString> texts;
    for (const RuleVersion &version : versions)
        texts.insert(version.number, version.text);
    QHash<QString, QString> names;
    for (const Agent &agent : agents)
        names.insert(agent.id, agent.name);
    Counter counter(connection, visibility, rule);
    TIERLINE_CHECK(counter.readLabels());
    RuleHistory history;
    for (RuleChange &change : changes) {
        RuleStep step;
        step.who = names.value(change.actor, change.actor);
        using What = RuleChange::What;
        if (change.what == What::Added)
            step.version = 1;
        else if (change.what == What::Text || change.what == What::RolledBack)
            step.version = change.after.toInt();
        step.text = texts.value(step.version);
        if (const auto metric = metricIn(change.metric)) {
            const Instant end = std::min(now, change.at + span);
            MetricMove moved { .metric = *metric, .daysAfter = (end - change.at) / day };
            TIERLINE_TRY(before, counter.count(*metric, { change.at - span, change.at }));
            moved.before = before;
            if (moved.daysAfter >= 1) {
                TIERLINE_TRY(after, counter.count(*metric, { change.at, end }));
                moved.after = after;
            }
            step.moved = moved;
        }
        step.change = std::move(change);
        history.steps.push_back(std::move(step));
    }
    return history;
}

} // namespace tierline::desk
