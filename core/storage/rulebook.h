#pragma once

#include "core/domain/rulebook.h"
#include "core/storage/store.h"

namespace tierline::storage {

// The rule book's rows. Texts are kept as they are given; what they mean is read by core/rules. Versions
// and changes are only ever added to.

/// Changes with everything that is done to the rule book; empty where nothing ever was. One look-up: whoever
/// holds a book compares it when the change feed says "everything" (every change of the book does), and
/// loads anew only where it differs.
Result<QString> ruleRevision(Connection &connection);
/// Everything as it stands now, with its texts. Cost: some microseconds a rule.
Result<RuleBook> loadRuleBook(Connection &connection);

/// The versions of a rule, oldest first.
Result<std::vector<RuleVersion>> loadRuleVersions(Connection &connection, const QString &rule);
/// NotFound where the rule never had it.
Result<RuleVersion> loadRuleVersion(Connection &connection, const QString &rule, int number);
/// What was done to one rule, or (empty) to any; the newest first, at most `limit`.
Result<std::vector<RuleChange>> loadRuleChanges(
    Connection &connection, const QString &rule, int limit);

/// Writes what stands now, all but the text, which belongs to a version.
Result<Done> saveRule(WriteScope &scope, const StoredRule &rule);
Result<Done> addRuleVersion(WriteScope &scope, const RuleVersion &version);
/// Sets the change's number, and gives the book its next revision.
Result<Done> addRuleChange(WriteScope &scope, RuleChange &change);

} // namespace tierline::storage
