#pragma once

#include "core/rules/parse.h"

namespace tierline::ui {

/// What a workspace offers to a rule that is being written.
struct RuleWords {
    rules::Vocabulary vocabulary; ///< names by slot
    QHash<QString, QStringList> seen; ///< words that were ever read, by fact id: plan, category …
};

/// One way to go on.
struct Completion {
    QString text; ///< takes the place of what stands from `Completions::start` to the cursor
    QString help; ///< one sentence, or empty
    bool operator==(const Completion &) const = default;
};
struct Completions {
    qsizetype start = 0;
    QList<Completion> items; ///< at most forty, the likeliest first
};

/// What could be written at the cursor: conditions after `when`, actions after `then`, values after a
/// comparison, names after the word that they belong to. All of it comes from the tables of core/rules. Pure;
/// some microseconds a hundred characters.
Completions complete(const QString &text, qsizetype cursor, const RuleWords &words);

/// What a condition may be compared with: words of its own, words that were ever read, names of the workspace.
QStringList valueOffers(const rules::FactInfo &fact, const RuleWords &words);
/// Names that fit a slot of an action or a condition; never a reason that only a person may give.
QStringList nameOffers(rules::Slot slot, const RuleWords &words);
/// Lengths of time, the usual ones.
QStringList timeOffers();
/// A name as the language reads it: bare where that can be taken for nothing else, in quotes otherwise.
QString writtenName(const QString &name);

} // namespace tierline::ui
