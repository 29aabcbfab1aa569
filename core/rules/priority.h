#pragma once

#include "core/rules/evaluate.h"

namespace tierline::rules {

/// What a priority policy says of a ticket, with everything that led to it.
struct PriorityVerdict {
    struct Line {
        QString text; ///< the condition
        int weight = 0; ///< by score
        Truth holds = Truth::Unknown;
    };
    Priority priority = Priority::Normal;
    int score = 0; ///< by score
    std::vector<Line> lines; ///< of a first match those up to the one that holds
    /// "high: 40 (plan is enterprise) + 30 (urgency is at least 60 (75)) = 70, high from 50".
    QString sentence;
    QStringList unjudged; ///< why lines could not be judged; they count as not holding
};

/// A policy compiled once; evaluated for each ticket when something that it reads changes. Immutable;
/// thread: any, with an evaluator of its own each.
class PriorityRules
{
public:
    PriorityRules(const PriorityPolicy &policy, const Lists &lists);

    const FactSet &facts() const { return m_set.facts(); }
    /// Its lines, each as a rule without actions.
    const RuleSet &lines() const { return m_set; }
    PriorityVerdict judge(const Subject &subject) const;
    /// The next instant at which a condition on time may change the verdict.
    std::optional<Instant> nextChange(const Subject &subject) const;

private:
    const PriorityPolicy m_policy;
    RuleSet m_set; ///< a rule for each line
};

} // namespace tierline::rules
