#pragma once

#include <QString>
#include <QStringView>

namespace tierline::text {

/// Limits of the two conversions; both are linear.
constexpr qsizetype MaxPlainCharacters = 1'000'000;

/// Foreign HTML as text for the store, search, plain views and mail. Paragraphs are one empty line
/// apart, list items start with "- " or their number, table cells are joined with " | ", quotes start
/// with "> ", a link shows its address where its text does not. Hidden text is text.
/// Thread: any, but not the UI's for whole messages. Total; at most MaxPlainCharacters.
QString htmlToText(QStringView foreign);

/// Plain text as safe HTML: escaped, line breaks and indents kept, http(s) addresses linked, quoted
/// lines ("> ") as blockquotes. Goes through the sanitiser, so its limits hold.
QString textToHtml(QStringView text);

/// Where the quoted history of a mail begins ("On … wrote:", "-----Original Message-----", or the
/// block of "> " lines at the end), so that a view can fold it; text.size() where there is none.
/// Known in English, German, French, Spanish and Portuguese. O(n).
qsizetype quotedHistoryStart(QStringView text);

} // namespace tierline::text
