#pragma once

#include <QString>
#include <QStringView>

namespace tierline::text {

/// Foreign names, subjects and file names made safe for a label, a cell or a window title. The raw
/// text stays what is stored, searched and copied; this is only what is drawn, as plain text.
///
/// Control characters are drawn as their pictures (U+2400…), bidi overrides, embeddings and isolates
/// and invisible characters as `[U+202E]`; joiners stay where a script or an emoji needs them, the
/// direction marks where there is right-to-left text. Marks on one letter are capped.
/// Thread: any. O(n).

/// One line: line breaks and runs of white space become one space, at most `maxCharacters` with "…"
/// after, never inside a character. Wrapped in an isolate where it has more than plain ASCII, so that
/// neighbours keep their order; a view may elide the result anywhere.
QString displayLine(QStringView raw, qsizetype maxCharacters = 400);

/// Several lines: as above, but line breaks stay and each line is isolated by itself.
QString displayText(QStringView raw, qsizetype maxCharacters = 20'000);

/// The text between first-strong isolate marks: for foreign text inside a sentence of ours.
QString isolated(const QString &text);

/// A file name as displayLine() shows it, but when too long shortened in the middle, so that the
/// true extension is always seen.
QString displayFileName(QStringView raw, qsizetype maxCharacters = 120);

/// True where the raw text holds a character that displayLine() shows as a mark.
bool hasHiddenCharacters(QStringView raw);

} // namespace tierline::text
