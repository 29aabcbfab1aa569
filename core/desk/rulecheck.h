#pragma once

#include "core/domain/rulebook.h"
#include "core/rules/book.h"
#include "core/rules/lint.h"
#include "core/rules/readiness.h"
#include "core/storage/store.h"

namespace tierline::desk {

/// A rule text as it was read, with everything that is to be said of it.
struct RuleCheck {
    rules::Parsed parsed;
    std::vector<rules::Finding> findings; ///< only where the text is whole

    bool isWhole() const { return parsed.isWhole(); }
    /// Whether something is wrong that keeps rules from ever doing what they say.
    bool isSound() const;
    /// The first problem as one sentence for an error, with how many more there are; empty where it is whole.
    QString firstProblem() const;
};

/// What the workspace knows by name and has ever seen. Thread: the connection's; some milliseconds.
Result<rules::LintContext> loadRuleContext(storage::Connection &connection);

/// Reads and checks a text; `standing` are the workspace's rules that it will run beside, by the names that
/// the text does not give itself. Pure: thread any.
RuleCheck checkRules(
    QByteArrayView utf8, const rules::LintContext &context, const RuleBook &standing = {});

/// What is to be said of the rules as they stand.
std::vector<rules::Finding> checkBook(const RuleBook &book, const rules::LintContext &context);

/// How many open tickets have what the rules read. Cost: the log of every open ticket; `progress` is told
/// the number now and then and stops with false.
Result<rules::Readiness> countReadiness(storage::Connection &connection,
    const std::vector<rules::Rule> &rules, const rules::Lists &lists, Instant now,
    const std::function<bool(qint64)> &progress = {});

} // namespace tierline::desk
