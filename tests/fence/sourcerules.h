#pragma once

#include "tests/fence/sourcetree.h"

namespace tierline::fence {

/// A rule about the text of sources, checked with a pattern.
struct SourceRule {
    QString name;
    QString why; ///< what to do instead
    QString pattern;
    QStringList within; ///< path prefixes it holds for
    QStringList except; ///< path prefixes it does not hold for
    Blank reads = Blank::CommentsAndStrings; ///< what the pattern does not see
    QString bites; ///< a line that it must find
    QString spares; ///< a line close to that, which is right
};

/// The rules, each with the samples that show that it bites.
const QList<SourceRule> &sourceRules();

/// What the rule finds in one source. A line that ends with "// fence: NAME because REASON" (or the
/// line below such a comment on a line of its own) is left out; a reason under ten letters is none.
QList<Finding> checkSource(const SourceFile &source, const SourceRule &rule);

/// Sources of more than 600 lines: each is perhaps two rooms.
QList<Finding> checkLength(const SourceFile &source);

/// Folders with sources and no README.md, and READMEs longer than a page (60 lines). Paths relative to
/// the root; `tops` are looked at with all below them.
QList<Finding> checkReadmes(const QString &root, const QStringList &tops);

} // namespace tierline::fence
