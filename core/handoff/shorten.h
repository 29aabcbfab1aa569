#pragma once

#include <QString>

// Internal to core/handoff: counting and cutting words for the first screen.

namespace tierline::handoff {

/// Words as the first screen counts them: runs between white space. Scripts that write no spaces
/// count one word for each two characters, and a run longer than 24 characters counts again for each
/// further 24, so that no text can hide its length.
int countWords(QStringView text);

/// The text on one line, without control and direction-changing characters.
QString oneLine(const QString &text);

/// The first `words` words of a text on one line, with "…" where something was left out. The "…"
/// hangs on the last word and counts as none. Empty for words <= 0.
QString shortened(const QString &line, int words);

/// Control and direction-changing characters removed, line ends and tabs kept.
QString withoutControls(const QString &text);

} // namespace tierline::handoff
