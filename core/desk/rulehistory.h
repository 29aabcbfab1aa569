#pragma once

#include "core/domain/people.h"
#include "core/domain/rulebook.h"
#include "core/storage/connection.h"

namespace tierline::desk {

/// Figures that can be counted again after a change, where its free text names one.
enum class RuleMetric : quint8 {
    FiresAWeek,
    Precision, ///< of the tickets in which it fired, or would have, and that people judged: 0 … 1
    EscalationRate, ///< of the tickets that came in that time: those that went up within it, 0 … 1
};
/// The figure that a text such as "precision 40 %" or "too many fires" names, in English.
std::optional<RuleMetric> metricIn(const QString &text);

/// A figure in the four weeks before a change and in up to four weeks after it.
struct MetricMove {
    RuleMetric metric = RuleMetric::FiresAWeek;
    std::optional<double> before, after; ///< none: nothing to count it from
    qint64 daysAfter = 0; ///< that have passed; no `after` before the first is over
    bool operator==(const MetricMove &) const = default;
};

/// One change of a rule.
struct RuleStep {
    RuleChange change;
    QString who; ///< name, as people know them; else the id
    int version = 0; ///< that came of it; 0: none did
    QString text; ///< of that version
    std::optional<MetricMove> moved;
    bool operator==(const RuleStep &) const = default;
};
struct RuleHistory {
    std::vector<RuleStep> steps; ///< the newest first
    static constexpr int mostSteps = 500;
};

/// What was done to a rule, list or policy. Thread: the connection's, never the ui's. Cost: the logs of tickets in
/// which it fired around changes that name a figure; all logs where one names the escalation rate.
Result<RuleHistory> loadRuleHistory(storage::Connection &connection, const Visibility &visibility,
    const QString &rule, Instant now);

} // namespace tierline::desk
