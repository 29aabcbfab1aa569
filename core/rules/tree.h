#pragma once

#include "core/domain/codes.h"
#include "core/rules/value.h"

#include <optional>
#include <vector>

namespace tierline::rules {

struct FactInfo;
struct ActionInfo;

/// Where something stands in the text, from 0; line and column are made when a problem is told. Two trees
/// that differ only in places are equal.
struct Place {
    qsizetype start = 0;
    qsizetype length = 0;
    bool operator==(const Place &) const { return true; }
};

/// What a person wrote beside the words, without the `#`.
struct Comments {
    QStringList above;
    QString beside; ///< on the same line, after it

    bool isEmpty() const { return above.isEmpty() && beside.isEmpty(); }
    bool operator==(const Comments &) const = default;
};

enum class Operator : quint8 {
    Holds, ///< `complex`, `no agent reply for 2h`: nothing is compared
    Is, ///< any of the values
    IsNot, ///< none of them
    AtLeast,
    Over,
    AtMost,
    Under,
    IsEmpty,
    IsFilled,
    Includes, ///< any of the values is among them
    Excludes, ///< none is
    Mentions, ///< any of the words or lists
    MentionsNot,
    Matches, ///< any of the patterns
    MatchesNot,
};

/// One condition: a fact, what it is asked for, how it is compared.
struct Test {
    const FactInfo *fact = nullptr; ///< a row of factTable(), which lives for ever
    QString name; ///< of the field, tier, team that the fact is asked for
    std::optional<Value> window; ///< `within 7d`
    Operator op = Operator::Holds;
    std::vector<Value> values;
    Comments comments;
    Place place;

    bool operator==(const Test &) const = default;
};

/// A condition tree in normal form: an And has no And below it, an Or no Or, both at least two branches.
struct Expr {
    enum class Kind : quint8 { Test, And, Or, Not };
    Kind kind = Kind::Test;
    Test test;
    std::vector<Expr> children;

    bool operator==(const Expr &) const = default;
};

/// Which words of an action stand for what.
enum class Slot : quint8 {
    Tier,
    Team,
    Agent,
    Kind,
    Reason,
    Priority,
    Severity,
    Status,
    Tag,
    Channel,
    Pager,
    Mail,
    Field,
    Text, ///< `saying "…"`, a note
    Template,
    Policy,
    Account,
    Issue,
    Hook,
    Role,
    Checklist,
    Category,
    Type,
    Steps,
    Repeat,
    Until,
    Idle,
};

struct Argument {
    Slot slot = Slot::Text;
    Value value;
    bool operator==(const Argument &) const = default;
};

struct Step;

/// One action; the arguments in the order in which they are printed.
struct Action {
    const ActionInfo *info = nullptr; ///< a row of actionTable(), which lives for ever
    std::vector<Argument> arguments;
    std::vector<Step> steps; ///< of a ladder
    Comments comments;
    Place place;

    bool operator==(const Action &) const;
    const Value *find(Slot slot) const;
    /// The text of an argument, or empty.
    QString text(Slot slot) const;
};

/// One level of a ladder: so long after the rule fired, these happen.
struct Step {
    Value after;
    std::vector<Action> actions;
    bool operator==(const Step &) const = default;
};

struct Rule {
    QString name;
    Expr when;
    std::vector<Action> then;
    bool goesOn = false; ///< `continue`: rules below it still act in this round
    QStringList comments; ///< above it
    Place place;

    bool operator==(const Rule &) const = default;
};

/// `list "legal words" in "en": "lawsuit", "attorney*"`: words that conditions name together.
struct WordList {
    QString name;
    QString language; ///< of its words, or empty
    QStringList words;
    QStringList comments;
    Place place;

    bool operator==(const WordList &) const = default;
};

/// One line of a priority policy.
struct PolicyLine {
    int weight = 0; ///< by score: what it adds
    Priority priority = Priority::Normal; ///< by first match: what it gives
    Expr when;
    Comments comments;

    bool operator==(const PolicyLine &) const = default;
};

/// How urgent a ticket is: the sum of what holds, or the first line that holds.
struct PriorityPolicy {
    enum class Mode : quint8 { Score, FirstMatch };
    struct Threshold {
        Priority priority = Priority::Normal;
        int from = 0;
        bool operator==(const Threshold &) const = default;
    };
    QString name;
    Mode mode = Mode::Score;
    std::vector<PolicyLine> lines;
    std::vector<Threshold> thresholds; ///< by score; the most urgent first
    Priority otherwise = Priority::Normal;
    QStringList comments;
    Place place;

    bool operator==(const PriorityPolicy &) const = default;
};

/// One rule text.
struct Document {
    std::vector<WordList> lists;
    std::vector<Rule> rules;
    std::vector<PriorityPolicy> policies;
    QStringList comments; ///< after the last rule

    bool operator==(const Document &) const = default;
};

inline bool Action::operator==(const Action &other) const
{
    return info == other.info && arguments == other.arguments && steps == other.steps
        && comments == other.comments;
}

/// Calls `visit` with each test of a condition, in written order.
template<typename F>
void forEachTest(const Expr &expr, F &&visit)
{
    if (expr.kind == Expr::Kind::Test)
        visit(expr.test);
    for (const Expr &child : expr.children)
        forEachTest(child, visit);
}

} // namespace tierline::rules
