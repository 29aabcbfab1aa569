#pragma once

#include "core/domain/rulebook.h"
#include "core/rules/ruleset.h"

namespace tierline::rules {

/// Stored rules, read: the trees of those that were asked for, in running order.
struct BookRules {
    std::vector<StoredRule> stored;
    std::vector<Rule> rules; ///< `rules[i]` is the text of `stored[i]`
    Lists lists; ///< all that are live
    std::optional<PriorityPolicy> priority; ///< the live one
    /// Texts that cannot be read, as one sentence each: a newer Tierline may have written them. They are
    /// in none of the above, and nothing else suffers from it.
    QStringList unreadable;
};

/// Reads the rules that are in one of `states`. Pure, thread: any; some microseconds a rule.
BookRules readBook(const RuleBook &book, std::initializer_list<RuleState> states);

/// What a text says, each part in canonical form and by its name: as the rule book keeps it.
struct BookText {
    RuleKind kind = RuleKind::Rule;
    QString name;
    QString text;
    bool operator==(const BookText &) const = default;
};
/// The parts of a sound document: lists, then rules, then policies, as they stand.
std::vector<BookText> partsOf(const Document &document);

} // namespace tierline::rules
