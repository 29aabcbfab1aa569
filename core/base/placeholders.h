#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace tierline {

/// Where a filled text goes: what is filled in is escaped for it, and the text around it is left as its author
/// wrote it.
enum class Destination : quint8 {
    Text, ///< messages, notes, notices, mail: one line, as it is
    Html,
    Json, ///< inside the quotes of a string
};

/// The names in "{{name}}", each once and in order. A name is 1 to 40 lower-case letters, digits and dashes; spaces
/// around it do not matter. Anything else in braces is text. Thread: any. O(n).
QStringList placeholdersIn(QStringView text);

/// The text with each place filled whose name `values` has; other places stay as they stand. One pass: what is
/// filled in is never read again, so that braces in a customer's words stay the customer's words. Of a value at
/// most 1,000 characters, on one line. Thread: any. O(n).
QString filled(QStringView text, const QHash<QString, QString> &values,
    Destination destination = Destination::Text);

} // namespace tierline
