#pragma once

#include <QString>
#include <QStringList>

#include <vector>

/// A rule text that cannot be taken: where the first problem is, and what its message must hold (parted by
/// "|"), the way out above all.
struct BrokenRule {
    const char16_t *text;
    int line;
    int column;
    const char16_t *says;
};

/// More than two hundred of them.
const std::vector<BrokenRule> &brokenRules();
/// Conditions and actions alone, put into `rule "R"\n  when …\n  then remind` and `rule "R"\n  when complex\n
/// then …` by the test.
struct BrokenPart {
    const char16_t *text;
    int column; ///< within the part, from 1
    const char16_t *says;
};
const std::vector<BrokenPart> &brokenConditions();
const std::vector<BrokenPart> &brokenActions();
