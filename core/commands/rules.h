#pragma once

#include "core/commands/commands.h"
#include "core/domain/rulebook.h"
#include "core/storage/rulebook.h"

namespace tierline::commands {

// The rule book's changes: each one transaction, in the workspace's log with what was before and after, and
// kept for ever with author, instant and reason. Leads and admins may. Texts come in canonical form and are
// sound: whoever calls has read them (core/desk/rulebook.h). Read with storage::loadRuleBook().

/// Why the book changes; `why` is never empty.
struct RuleReason {
    QString why;
    QString metric = {}; ///< the figure that prompted it, as people write it; or empty
};

/// One rule, list or policy as it is to be.
struct RuleText {
    RuleKind kind = RuleKind::Rule;
    QString name; ///< as `text` says it
    QString text;
    QString id = {}; ///< of the rule that it replaces; empty: the one of that name, or a new one
    int basedOn = 0; ///< version that was edited; Conflict where there is a newer one. 0: not asked
};

/// Saves texts. What is new comes in as a draft (a list live) behind the one above it; what is there and
/// differs gets a version and keeps its state; what is the same stays. Rules named take the order in which
/// they are given, the others stay where they are.
struct SaveRules {
    std::vector<RuleText> texts;
    RuleReason reason;
    bool appliesAgain = false; ///< changed rules fire again where they fired
};

struct SetRuleState {
    QString rule; ///< name or id
    RuleState state = RuleState::Draft;
    RuleReason reason;
    bool appliesToStanding = false; ///< see StoredRule
    std::optional<int> weeklyCap; ///< none: what it had, or firstWeeklyCap where it never was live
};
/// A rule that goes live for the first time fires at most so often in a week, until somebody says otherwise.
inline constexpr int firstWeeklyCap = 100;
inline constexpr int largestWeeklyCap = 1'000'000;

struct SetRuleCap {
    QString rule;
    int weeklyCap = 0; ///< 0: none
    RuleReason reason;
};

/// All rules (or all policies) by id in their new running order, retired ones too.
struct OrderRules {
    QStringList ids;
    RuleKind kind = RuleKind::Rule;
    RuleReason reason;
};

/// The text of an earlier version again, as a new version.
struct RollBackRule {
    QString rule;
    int version = 1;
    RuleReason reason;
    bool appliesAgain = false;
};

struct RuleOutcome {
    QString operation; ///< UUID
    std::vector<RuleChange> changes; ///< empty: nothing was to do, nothing was written
};

Result<RuleOutcome> run(Context &context, const SaveRules &command);
Result<RuleOutcome> run(Context &context, const SetRuleState &command);
Result<RuleOutcome> run(Context &context, const SetRuleCap &command);
Result<RuleOutcome> run(Context &context, const OrderRules &command);
Result<RuleOutcome> run(Context &context, const RollBackRule &command);

/// A whole book in one transaction, or nothing: texts, states, order and caps as given; what is not named is
/// retired. A set of texts from a folder, or what a new workspace begins with.
struct ReplaceRules {
    struct Item {
        RuleText text;
        RuleState state = RuleState::Draft;
        std::optional<int> weeklyCap; ///< as in SetRuleState
    };
    std::vector<Item> items; ///< rules in running order
    RuleReason reason;
    bool appliesAgain = false;
    bool isBeginning = false; ///< of a new workspace: nothing has changed, so its log has no line
};
Result<RuleOutcome> run(Context &context, const ReplaceRules &command);
/// The same inside a transaction under way. Gives the changes.
Result<RuleOutcome> replaceRules(
    Context &context, storage::WriteScope &scope, const ReplaceRules &command);

} // namespace tierline::commands
