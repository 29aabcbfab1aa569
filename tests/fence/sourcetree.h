#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace tierline::fence {

/// A source as text; the path is relative to the project's root.
struct SourceFile {
    QString path;
    QString text;

    bool operator==(const SourceFile &) const = default;
};

/// Something that a rule found. Line numbers count from 1; 0 means the file as a whole.
struct Finding {
    QString path;
    int line = 0;
    QString rule;
    QString detail;

    QString toString() const;
    bool operator==(const Finding &) const = default;
};

/// All *.cpp and *.h below the given top folders, in the order of their paths.
QList<SourceFile> readSources(const QString &root, const QStringList &tops);

/// The findings one to a line, as a test prints them.
QString printed(const QList<Finding> &findings);

enum class Blank : quint8 {
    Comments, ///< string literals stay readable
    CommentsAndStrings,
};

/// The same text with comments (and the insides of string and character literals) turned to blanks.
/// Line breaks stay, so that line numbers stay true. Knows raw strings and digit separators.
QString blanked(const QString &text, Blank what);

/// 1 for the first line.
int lineAt(const QString &text, qsizetype position);

} // namespace tierline::fence
