#pragma once

#include "core/base/instant.h"
#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace tierline {

/// Reads one object of a settings file strictly: every key is taken by its name and kind, every list and text is
/// bounded, and what nobody asked for is refused. BadInput names the key and `where` the object stands ("policy 2
/// (“Gold”)"), so that the person finds it. A key that is absent reads as empty, false or the value given.
/// Thread: any. Cost: a look-up a key.
class JsonKeys
{
public:
    JsonKeys(const QJsonObject &json, QString where);

    QJsonValue take(const QString &name);
    bool has(const QString &name) const { return m_json.contains(name); }
    const QString &where() const { return m_where; }

    /// One line without control characters.
    Result<QString> text(const QString &name, qsizetype longest = 200);
    /// The same, and there must be something in it; trimmed.
    Result<QString> needed(const QString &name, qsizetype longest = 200);
    /// Texts of several lines are lists of lines, so that files compare line by line.
    Result<QString> lines(const QString &name, qsizetype longest);
    Result<bool> flag(const QString &name, bool otherwise = false);
    /// A whole number within bounds, both included.
    Result<int> number(const QString &name, int otherwise, int least, int most);
    Result<QJsonArray> list(const QString &name, qsizetype most);
    Result<QStringList> texts(const QString &name, qsizetype most, qsizetype longest = 200);

    template<typename T, typename Read>
    Result<T> coded(const QString &name, T otherwise, Read read, const QString &choices)
    {
        const QJsonValue value = take(name);
        if (value.isUndefined())
            return otherwise;
        const std::optional<T> found = read(value.toString());
        if (!found)
            return wrong(name, QStringLiteral("one of ") + choices);
        return *found;
    }
    /// A length of time, in the form that `read` knows.
    template<typename Read>
    Result<Millis> length(const QString &name, Read read)
    {
        const auto length = read(take(name).toString());
        if (!length)
            return badInput(
                QStringLiteral("%1 of %2: %3").arg(name, m_where, length.error().detail), m_where);
        return *length;
    }

    Result<Done> nothingElse() const;
    Error wrong(const QString &name, const QString &expected) const;

private:
    const QJsonObject m_json;
    QString m_where;
    QStringList m_asked;
};

/// Each line an item: how a text of several lines stands in a settings file.
QJsonArray jsonLines(const QString &text);

} // namespace tierline
