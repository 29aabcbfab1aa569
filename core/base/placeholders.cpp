#include "core/base/placeholders.h"

#include "core/base/unicode.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestName = 40;
constexpr qsizetype longestValue = 1'000;

bool isNamed(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
}

struct Place {
    qsizetype from = 0, to = 0; ///< with its braces
    QString name;
};

/// The next place from `at` on; none: no name.
Place nextPlace(QStringView text, qsizetype at)
{
    for (qsizetype from = text.indexOf(u"{{", at); from >= 0;
         from = text.indexOf(u"{{", from + 1)) {
        qsizetype begin = from + 2;
        while (begin < text.size() && text[begin] == u' ')
            ++begin;
        qsizetype end = begin;
        while (end < text.size() && end - begin <= longestName && isNamed(text[end]))
            ++end;
        qsizetype close = end;
        while (close < text.size() && text[close] == u' ')
            ++close;
        if (end > begin && end - begin <= longestName && text.mid(close, 2) == u"}}")
            return { from, close + 2, text.mid(begin, end - begin).toString() };
    }
    return {};
}

QString escaped(const QString &value, Destination destination)
{
    QString line = validText(value).simplified();
    if (line.size() > longestValue) {
        line.truncate(line[longestValue - 1].isHighSurrogate() ? longestValue - 1 : longestValue);
    }
    switch (destination) {
    case Destination::Text: return line;
    case Destination::Html: return line.toHtmlEscaped().replace(u'\'', u"&#39;"_s);
    case Destination::Json: {
        const QByteArray list = QJsonDocument(QJsonArray { line }).toJson(QJsonDocument::Compact);
        return QString::fromUtf8(list.mid(2, list.size() - 4));
    }
    }
    return {};
}

} // namespace

QStringList placeholdersIn(QStringView text)
{
    QStringList names;
    for (Place place = nextPlace(text, 0); !place.name.isEmpty();
         place = nextPlace(text, place.to)) {
        if (!names.contains(place.name))
            names.append(place.name);
    }
    return names;
}

QString filled(QStringView text, const QHash<QString, QString> &values, Destination destination)
{
    QString made;
    qsizetype done = 0;
    for (Place place = nextPlace(text, 0); !place.name.isEmpty();
         place = nextPlace(text, place.to)) {
        made += text.mid(done, place.from - done);
        const auto value = values.constFind(place.name);
        made += value == values.cend() ? text.mid(place.from, place.to - place.from).toString()
                                       : escaped(*value, destination);
        done = place.to;
    }
    return made.append(text.mid(done));
}

} // namespace tierline
