#pragma once

#include <QString>
#include <QStringView>

namespace tierline::text {

/// Words as a reader counts them: what stands between spaces counts once when it has a letter or a
/// digit, so `$1,200.50`, `2026-06-08`, `T-17`, `3.5%` and an address are one word each; dashes
/// between words and bare signs are none; words joined by a slash or a hyphen are one, joined by a
/// long dash or an arrow two. Two Chinese or Japanese characters count as one word. O(n).
int wordCount(QStringView text);

/// The text up to and with its `count`-th word, cut at a word's end; the whole text where it has no
/// more. Trailing white space is dropped. O(n).
QString firstWords(QStringView text, int count);

} // namespace tierline::text
