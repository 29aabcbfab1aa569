#pragma once

#include "core/base/instant.h"
#include "core/base/unicode.h"
#include "core/domain/codes.h"
#include "core/import/rowmapper.h"

#include <QJsonArray>
#include <QJsonObject>

#include <simdjson.h>

namespace tierline::importing {

/// Reads members of JSON objects by kind. The first thing that is wrong is kept as a sentence, and
/// what is read after it does not matter. A member that is null is one that is not there.
class JsonReader
{
public:
    bool hasFailed() const { return !m_problem.isEmpty(); }
    const QString &problem() const { return m_problem; }

protected:
    using Object = simdjson::dom::object;
    using Element = simdjson::dom::element;

    void fail(const QString &why)
    {
        if (m_problem.isEmpty())
            m_problem = why;
    }
    static QString name(const char *key, const QString &path)
    {
        return u'“' + path + QString::fromLatin1(key) + u'”';
    }

    static std::optional<Element> find(Object object, const char *key)
    {
        Element element;
        if (object.at_key(key).get(element) || element.is_null())
            return std::nullopt;
        return element;
    }
    static bool has(Object object, const char *key) { return find(object, key).has_value(); }

    QString text(Object object, const char *key, qsizetype cap, const QString &path = {});
    QString identifier(Object object, const char *key);
    QStringList texts(
        Object object, const char *key, int most, qsizetype cap, const QString &path = {});
    std::optional<bool> boolean(Object object, const char *key, const QString &path = {});
    std::optional<qint64> integer(Object object, const char *key, const QString &path = {});
    std::optional<Instant> instant(Object object, const char *key, const QString &path);
    Instant required(Object object, const char *key, const QString &path);
    std::optional<Object> child(Object object, const char *key, const QString &path = {});
    std::optional<Object> asObject(Element element, const QString &path);
    std::vector<Element> list(Object object, const char *key, int most);
    QJsonValue value(Object object, const char *key);
    QJsonObject object(Object object, const char *key, const QString &path = {});
    qint64 scoreOf(Object object, const QString &path);

    template<typename T>
    std::optional<T> coded(Object object, const char *key, const QString &path = {})
    {
        const QString word = text(object, key, 60, path);
        if (word.isEmpty())
            return std::nullopt;
        const auto known = fromCode<T>(word);
        if (!known)
            fail(QStringLiteral("%1 is “%2” and must be one of %3")
                     .arg(name(key, path), word, codes<T>().join(u", ")));
        return known;
    }

private:
    QString m_problem;
};

} // namespace tierline::importing
