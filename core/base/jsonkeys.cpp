#include "core/base/jsonkeys.h"

#include "core/base/unicode.h"

#include <cmath>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

bool isPlain(const QString &text)
{
    return std::ranges::none_of(text, [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    });
}

} // namespace

JsonKeys::JsonKeys(const QJsonObject &json, QString where)
    : m_json(json)
    , m_where(std::move(where))
{
}

QJsonValue JsonKeys::take(const QString &name)
{
    m_asked.append(name);
    return m_json[name];
}

Result<QString> JsonKeys::text(const QString &name, qsizetype longest)
{
    const QJsonValue value = take(name);
    const QString text = validText(value.toString());
    if ((!value.isString() && !value.isUndefined()) || text.size() > longest || !isPlain(text))
        return wrong(name, u"a text of one line, at most %1 characters"_s.arg(longest));
    return text;
}

Result<QString> JsonKeys::needed(const QString &name, qsizetype longest)
{
    TIERLINE_TRY(found, text(name, longest));
    const QString trimmed = found.trimmed();
    if (trimmed.isEmpty())
        return wrong(name, u"there, and not empty"_s);
    return trimmed;
}

Result<QString> JsonKeys::lines(const QString &name, qsizetype longest)
{
    TIERLINE_TRY(values, list(name, longest));
    QStringList all;
    qsizetype size = 0;
    for (const QJsonValue &value : values) {
        all.append(validText(value.toString()));
        size += all.last().size() + 1;
        if (!value.isString() || size > longest + 1 || all.last().contains(u'\n'))
            return wrong(name, u"a list of lines, at most %1 characters in all"_s.arg(longest));
    }
    return all.join(u'\n');
}

Result<bool> JsonKeys::flag(const QString &name, bool otherwise)
{
    const QJsonValue value = take(name);
    if (!value.isBool() && !value.isUndefined())
        return wrong(name, u"true or false"_s);
    return value.toBool(otherwise);
}

Result<int> JsonKeys::number(const QString &name, int otherwise, int least, int most)
{
    const QJsonValue value = take(name);
    if (value.isUndefined())
        return otherwise;
    const double given = value.toDouble(NAN);
    if (!(given >= least && given <= most) || given != std::floor(given))
        return wrong(name, u"a whole number from %1 to %2"_s.arg(least).arg(most));
    return int(given);
}

Result<QJsonArray> JsonKeys::list(const QString &name, qsizetype most)
{
    const QJsonValue value = take(name);
    if (!value.isArray() && !value.isUndefined())
        return wrong(name, u"a list"_s);
    if (value.toArray().size() > most)
        return wrong(name, u"a list of at most %1"_s.arg(most));
    return value.toArray();
}

Result<QStringList> JsonKeys::texts(const QString &name, qsizetype most, qsizetype longest)
{
    TIERLINE_TRY(values, list(name, most));
    QStringList all;
    for (const QJsonValue &value : values) {
        const QString text = validText(value.toString()).trimmed();
        if (text.isEmpty() || text.size() > longest)
            return wrong(name, u"a list of texts, none of them empty"_s);
        all.append(text);
    }
    return all;
}

Result<Done> JsonKeys::nothingElse() const
{
    for (auto key = m_json.begin(); key != m_json.end(); ++key) {
        if (!m_asked.contains(key.key()))
            return badInput(u"%1 has “%2”, which nothing reads; known are %3."_s.arg(
                                m_where, key.key().left(60), m_asked.join(u", "_s)),
                m_where);
    }
    return Done {};
}

Error JsonKeys::wrong(const QString &name, const QString &expected) const
{
    return badInput(u"“%1” of %2 must be %3."_s.arg(name, m_where, expected), m_where);
}

QJsonArray jsonLines(const QString &text)
{
    return QJsonArray::fromStringList(text.split(u'\n'));
}

} // namespace tierline
