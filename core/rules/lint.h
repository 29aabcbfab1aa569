#pragma once

#include "core/domain/firing.h"
#include "core/domain/people.h"
#include "core/domain/rulebook.h"
#include "core/rules/parse.h"

namespace tierline::rules {

/// What is wrong, doubtful or good to know about rules that can be read. Wrong: it can never do what it says.
enum class Gravity : quint8 { Wrong, Doubtful, Advice };
QString code(Gravity); ///< error, warning, note

/// One finding. `code` is stable: never-holds, always-holds, dead-branch, shadowed, same-condition, overlap,
/// loop, goes-nowhere, unknown-name, unknown-word, unheard, or-for-l3, long-rule, no-mood, mostly-empty,
/// never-fired, missing-list, unused-list, refused.
struct Finding {
    QString code;
    Gravity gravity = Gravity::Doubtful;
    QString rule; ///< its name; empty where the whole set is meant
    QString other; ///< the second rule, where it takes two
    Place place; ///< in the rule's text
    QString message; ///< sentences: what is so, and what to do

    bool operator==(const Finding &) const = default;
};

/// One rule with where it stands in its life. Drafts are looked at for themselves; what rules do to one
/// another is said of those that run, or of all where `isCandidate`.
struct LintRule {
    const Rule *rule = nullptr;
    RuleState state = RuleState::Draft;
    bool isCandidate = false; ///< is about to run: a rule of the text that is checked
};

/// What the workspace knows. What is left out is not checked.
struct LintContext {
    Vocabulary vocabulary; ///< names by slot, and lists where `hasLists`
    QList<Tier> tiers;
    QList<Team> teams;
    QList<Agent> agents;
    QHash<QString, QStringList>
        seen; ///< words that were ever read, by fact id: plan, category, channel …
    QStringList fields; ///< custom fields that any ticket has; checked where not empty
    QStringList neverFired; ///< rules that ran for a month and never fired
    bool hasWays
        = false; ///< to channels, pagers, mail or webhooks: which, the notices say themselves
    QHash<QString, int> filled; ///< by rule: percent of tickets that it can judge
};

/// Looks rules over, in running order. Pure, thread: any. Cost: what rules say, and for each pair of running
/// rules that read the same facts one comparison; above 300 running rules pairs are not compared.
std::vector<Finding> lint(const std::vector<LintRule> &rules, const std::vector<WordList> &lists,
    const LintContext &context);

/// Only the findings that one rule has by itself.
std::vector<Finding> lintRule(const Rule &rule, const LintContext &context);

} // namespace tierline::rules
