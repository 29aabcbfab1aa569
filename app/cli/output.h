#pragma once

#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tierline::cli {

/// What a command says when it is done: a document for `--json`, lines for people.
struct Answer {
    QJsonObject document;
    QString text;
    int exitCode = 0; ///< 3: partly done
    bool isFile
        = false; ///< the text is a file's content: escaped only where a terminal would show it
    bool isSaid = false; ///< it was printed line by line already
};

/// Columns padded to their widest cell, cut at `maxWidth` characters with "…". Control characters
/// are shown as escapes, so that no ticket can paint on a terminal.
QString table(const QStringList &header, const QList<QStringList> &rows, int maxWidth = 44);

/// Text of a ticket for a terminal: line breaks kept, every other control character escaped.
QString printable(QStringView text);

/// `2 h 10 min late`, `in 12 min`, or "–".
QString dueText(std::optional<qint64> remainingMs);

void printOut(const QString &text);
/// Plain letters and a line's end.
void printLine(const QByteArray &ascii);
/// One line of JSON in which a terminal finds nothing to obey either.
void printDocument(const QJsonObject &document);
bool isTerminal(); ///< whether people see standard output as it is
void printError(const QString &text);

} // namespace tierline::cli
