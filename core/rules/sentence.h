#pragma once

#include "core/rules/evaluate.h"

namespace tierline::rules {

/// One condition of a rule as it stood: `rules explain` and the editor show these.
struct Explained {
    QString text; ///< "no agent reply for 2h"
    QString value; ///< "waited 2h 4m", "urgent"; empty where nothing is known
    Truth holds = Truth::Unknown;
};

/// What a fact says now, for people: "$250,000", "urgent", "waited 2h 4m", "not filled".
QString valueText(const Test &test, const Subject &subject);

/// The conditions for which a rule holds, joined by " + ". A value is named in brackets where the condition
/// does not name it already: "arr is at least $100,000 ($250,000) + no agent reply for 2h (waited 2h 4m)". At
/// the very instant at which a time is reached there is nothing to add.
QString sentence(const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject);
/// The last sentence of a rule in which no value stood: most are that one again.
struct PlainSentence {
    std::vector<Decisive> conditions;
    QString text;
};
/// The same for who asks again and again of one rule.
QString sentence(const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject,
    PlainSentence &last);

/// The same with "Escalated because: ".
QString escalationSentence(
    const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject);

/// Every condition of a rule, in written order.
std::vector<Explained> explain(
    const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject);

/// Why a rule could not be judged: "plan is not filled".
QString unjudgedText(const RuleSet &set, const Unjudged &unjudged);

} // namespace tierline::rules
