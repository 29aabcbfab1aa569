#pragma once

#include <QJsonObject>
#include <QStringList>

// Internal to core/handoff: the first screen, made of what stands below it.

namespace tierline::handoff {

/// The document's `first_screen`, from its `ticket`, `move` and `below`: at most FirstScreenWords
/// words when drawn by screenLines().
QJsonObject screenOf(const QJsonObject &document);

/// The first screen as lines of text; items of lists are indented by two spaces. Never throws words
/// in: what it draws is what is counted.
QStringList screenLines(const QJsonObject &document);

/// Words of those lines, by the stricter of the two ways of counting (core/text/words.h, shorten.h).
int screenWords(const QJsonObject &document);

/// `screenLines` with every value on its own, for those who draw it differently.
struct ScreenTexts {
    QString title;
    QString expects;
    QStringList who; ///< name with company; then one fact each
    QStringList whoFlags;
    QString need;
    QString why;
    QString whyFacts; ///< "needs-code-change, functional, by Ana"
    QStringList tried;
    QStringList urgency;
    QStringList promises;
    QString next;
    QString nextSource;
};
ScreenTexts screenTexts(const QJsonObject &document);

/// Strings of a JSON array; what is no string is left out.
QStringList stringsOf(const QJsonValue &array);

} // namespace tierline::handoff
