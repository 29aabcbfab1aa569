#pragma once

#include "core/rules/registry.h"

namespace tierline::ui {

// A rule as the builder shows it: rows for conditions in their groups and for actions. Pure; nothing of a rule is
// ever lost: what fields cannot show is a row of words. What is said here of the language comes from its tables,
// so that a new condition or action can be built at once.

/// One row, with the rows in it.
struct Block {
    enum class Kind : quint8 {
        All, ///< a group: each of its rows holds
        Any, ///< a group: one of them does
        Condition, ///< `test`
        Words, ///< `expr` or `action` as it is, which no fields show
        Action, ///< `action`
    };
    Kind kind = Kind::Condition;
    bool isNegated = false; ///< of a group or a condition
    rules::Test test;
    rules::Expr expr;
    rules::Action action;
    std::vector<Block> children;

    bool isGroup() const { return kind == Kind::All || kind == Kind::Any; }
    /// A row among actions; else one among conditions.
    bool acts() const { return action.info != nullptr; }
    bool operator==(const Block &) const = default;
};

/// A whole rule in rows.
struct RuleBlocks {
    Block when; ///< always a group, and never negated
    std::vector<Block> then;
    bool operator==(const RuleBlocks &) const = default;
};
RuleBlocks blocksOf(const rules::Rule &rule);
/// The condition of a row; none where it is a group of nothing.
std::optional<rules::Expr> exprOf(const Block &block);
/// Puts the rows into a rule. False where a condition or an action is missing: the rule stays as it was.
bool putInto(rules::Rule &rule, const RuleBlocks &blocks);
/// A row as it reads: "not plan is enterprise", "escalate to L2"; groups in words of their own.
QString wordsOf(const Block &block);

/// What a condition of this kind is written with.
struct FactShape {
    std::optional<rules::Slot> name; ///< what it is asked for
    bool compares = false; ///< takes an operator
    bool counts = false; ///< takes a bound of a count
    bool takesTime = false; ///< its value is a length of time, or a share
    bool takesWindow = false;
    bool takesValue() const { return compares || counts || takesTime; }
};
FactShape shapeOf(const rules::FactInfo &fact);
/// Ways to compare it; empty where nothing is compared.
QList<rules::Operator> operatorsOf(const rules::FactInfo &fact);
/// In words of the language: "is at least"; of a count "at least".
QString operatorText(const rules::FactInfo &fact, rules::Operator op);
/// The words before what is filled in: "capacity of team", "attempts at".
QString titleOf(const rules::Pattern &pattern);

/// A condition in fields, each as the language writes it; a name without quotes.
struct ConditionFields {
    const rules::FactInfo *fact = nullptr;
    QString name;
    rules::Operator op = rules::Operator::Holds;
    QString values;
    QString window;
};
ConditionFields fieldsOf(const rules::Test &test);
QString writtenCondition(const ConditionFields &fields);

/// An action in fields: its argument by slot, each without quotes.
struct ActionFields {
    const rules::ActionInfo *info = nullptr;
    size_t pattern = 0; ///< of the info's
    QHash<rules::Slot, QString> arguments;
};
ActionFields fieldsOf(const rules::Action &action);
QString writtenAction(const ActionFields &fields);
/// The patterns of an action that say different things; others are only other words for one of these.
QList<size_t> patternsOf(const rules::ActionInfo &info);

} // namespace tierline::ui
