#pragma once

#include "core/rules/evaluate.h"

namespace tierline::rules {

/// How many tickets have a field filled that rules read.
struct FieldReadiness {
    QString
        field; ///< as conditions name it: `plan`, `field "impact"`, `capacity of team "Billing"`
    QString fact; ///< its id
    qint64 filled = 0; ///< known: a value, or known that there is nothing
    qint64 wrongType = 0; ///< filled with something that cannot be compared so
    QStringList rules; ///< that read it
};

/// How many tickets a rule can judge at all.
struct RuleReadiness {
    QString rule;
    qint64 judged = 0;
};

struct Readiness {
    qint64 tickets = 0;
    std::vector<FieldReadiness> fields; ///< the least filled first
    std::vector<RuleReadiness> rules; ///< in running order

    /// Whole percents, cut; 100 where there is no ticket.
    int percent(qint64 part) const { return tickets ? int(part * 100 / tickets) : 100; }
};

/// Under so many percent of filled tickets a field warns.
inline constexpr int readyPercent = 80;

/// Counts over tickets, one after another, as the rules see them now. Thread: one at a time. A ticket costs
/// one evaluation of every rule.
class ReadinessCount
{
public:
    explicit ReadinessCount(const RuleSet &set); ///< outlives it
    void add(const Subject &subject);
    Readiness result() const;

private:
    const RuleSet &m_set;
    Evaluator m_evaluator;
    qint64 m_tickets = 0;
    std::vector<qint64> m_filled, m_wrong; ///< by slot
    std::vector<qint64> m_judged; ///< by rule
};

} // namespace tierline::rules
