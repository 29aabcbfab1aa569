#pragma once

#include <QByteArray>
#include <QStringList>

namespace tierline::importing {

/// One CSV record as UTF-8 with CR LF. Quotes where RFC 4180 needs them. A cell that a spreadsheet
/// would take for a formula (= + - @, tab, CR or LF first) gets an apostrophe in front, and so does
/// one that begins with an apostrophe before such a character, so that withoutGuard() is exact.
QByteArray csvLine(const QStringList &cells, QChar delimiter = u',');

/// The guard alone.
QString withGuard(const QString &cell);

} // namespace tierline::importing
