#pragma once

#include <QChar>
#include <QStringList>
#include <QStringView>

namespace tierline::rules {

/// Bounds of one rule text. What goes beyond is an error with its place, never a cut.
namespace limits {
constexpr qsizetype fileCharacters = 1 << 20;
constexpr int rules = 2'000;
constexpr int lists = 500;
constexpr int listWords = 2'000;
constexpr int tests = 200; ///< conditions of one rule
constexpr int depth = 32; ///< brackets and `not` inside each other
constexpr int actions = 40; ///< of one rule
constexpr int values = 100; ///< of one condition
constexpr int steps = 20; ///< of one ladder
constexpr int nameLength = 120;
constexpr int wordLength = 200;
constexpr int textLength = 2'000;
constexpr int patternLength = 500;
constexpr int commentLength = 500;
constexpr int comments = 5'000; ///< of one file
constexpr int problems = 100; ///< told of one file
constexpr int policyLines = 200;
} // namespace limits

bool isWordStart(QChar c);
/// Letters, digits and `_ - . / @ +`.
bool isWordPart(QChar c);

/// Words that are never a bare name, in any case: they begin or join something.
bool isReserved(QStringView word);

/// Least number of letters inserted, dropped, changed or swapped with their neighbour; gives up above
/// `most` and returns `most + 1`. Case does not count. O(n * m) of words at most 64 long.
int editDistance(QStringView a, QStringView b, int most);

/// The nearest of `known`, or empty where none is near enough to be what was meant.
QString nearest(QStringView word, const QStringList &known);

} // namespace tierline::rules
