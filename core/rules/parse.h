#pragma once

#include "core/rules/problem.h"
#include "core/rules/tree.h"

#include <QHash>

namespace tierline::rules {

/// What a workspace knows by name, to find slips of the pen. A kind of name that is not told is not
/// checked. Words and lists defined in the text itself are known too.
struct Vocabulary {
    QHash<Slot, QStringList>
        names; ///< tiers, teams, agents, checklists, policies, accounts, hooks …
    QStringList lists; ///< keyword lists; looked at where `hasLists`
    bool hasLists = false;
    QStringList reasons; ///< the workspace's own, beside the shipped ones
    QStringList personalReasons; ///< those of them that only a person may give
};

struct Parsed {
    Document document; ///< what could be read; whole where there are no problems
    Problems problems; ///< in the order of the text
    bool isWhole() const { return problems.empty(); }
};

/// Reads a rule text. Total: never fails, never hangs, and tells many problems in one go. Thread: any.
/// O(n); some microseconds a condition.
Parsed parse(QStringView text, const Vocabulary &vocabulary = {});
/// The same of bytes from outside.
Parsed parse(QByteArrayView utf8, const Vocabulary &vocabulary = {});

struct ParsedCondition {
    Expr expr;
    Problems problems;
};
/// Reads what stands behind `when`.
ParsedCondition parseCondition(QStringView text, const Vocabulary &vocabulary = {});

struct ParsedActions {
    std::vector<Action> actions;
    Problems problems;
};
/// Reads what stands behind `then`.
ParsedActions parseActions(QStringView text, const Vocabulary &vocabulary = {});

} // namespace tierline::rules
