#include "core/connectors/rt/ticketsql.h"

#include "core/connectors/rt/rtjson.h"

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

std::optional<QString> literal(QStringView value)
{
    if (value.contains(QChar(u'\0')) || value.startsWith("CF."_L1, Qt::CaseInsensitive))
        return std::nullopt;
    QString quoted = u"'"_s;
    quoted.reserve(value.size() + 2);
    for (const QChar c : value) {
        if (c == u'\\' || c == u'\'')
            quoted += u'\\';
        quoted += c;
    }
    return quoted + u'\'';
}

std::optional<QString> fieldKey(QStringView name)
{
    // The server reads up to the first closing brace and knows no escape inside.
    if (name.isEmpty() || name.contains(u'}') || name.contains(u'{') || name.contains(u'\\')
        || name.contains(u'\n') || name.contains(QChar(u'\0')))
        return std::nullopt;
    return u"CF.{%1}"_s.arg(name);
}

QString ticketsAfter(const QString &id)
{
    return isId(id) ? u"id > %1"_s.arg(id) : QString();
}

QString anyTicketOf(const QStringList &ids)
{
    QStringList parts;
    for (const QString &id : ids) {
        if (!isId(id))
            return {};
        // `id IN (…)` is an error in 5.0.3.
        parts += u"id = "_s + id;
    }
    return parts.join(" OR "_L1);
}

QString changesAfter(const QString &id)
{
    return isId(id) ? u"id > %1 AND ObjectType = 'RT::Ticket'"_s.arg(id) : QString();
}

QString changesWith(QStringView field, QStringView value)
{
    const auto key = fieldKey(field);
    const auto quoted = literal(value);
    return key && quoted ? *key + u" = "_s + *quoted : QString();
}

} // namespace tierline::connectors::rt
