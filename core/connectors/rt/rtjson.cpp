#include "core/connectors/rt/rtjson.h"

#include "core/base/unicode.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr qint64 exactInDouble = qint64(1) << 53;
constexpr qint64 endOf1970 = 365 * DayMs;
constexpr int maxSentences = 20;

std::optional<qint64> wholeNumber(const QJsonValue &value)
{
    if (!value.isDouble())
        return std::nullopt;
    const QVariant variant = value.toVariant();
    if (variant.typeId() == QMetaType::LongLong)
        return variant.toLongLong();
    const double number = variant.toDouble();
    // Beyond this the digits that came may not be the digits that are left.
    if (!(number > -static_cast<double>(exactInDouble))
        || !(number < static_cast<double>(exactInDouble)))
        return std::nullopt;
    const auto whole = static_cast<qint64>(number);
    return static_cast<double>(whole) == number ? std::optional(whole) : std::nullopt;
}

} // namespace

bool isId(QStringView text)
{
    if (text.isEmpty() || text.size() > 19)
        return false;
    for (const QChar c : text) {
        if (c < u'0' || c > u'9')
            return false;
    }
    bool fits = false;
    const qint64 number = text.toLongLong(&fits);
    return fits && (number == 0 ? text.size() == 1 : text.front() != u'0');
}

int compareIds(const QString &a, const QString &b)
{
    if (a.size() != b.size())
        return a.size() < b.size() ? -1 : 1;
    const int order = QString::compare(a, b);
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

QString idBefore(const QString &id, qint64 count)
{
    return QString::number(std::max<qint64>(0, id.toLongLong() - count));
}

QString idOf(const QJsonValue &value)
{
    if (value.isObject())
        return idOf(value.toObject().value("id"_L1).isObject() ? QJsonValue()
                                                               : value.toObject().value("id"_L1));
    if (value.isString()) {
        const QString text = value.toString();
        return isId(text) ? text : QString();
    }
    const auto number = wholeNumber(value);
    return number && *number >= 0 ? QString::number(*number) : QString();
}

QString referenceOf(const QJsonValue &value)
{
    return textOf(value.isObject() ? value.toObject().value("id"_L1) : value, MaxName);
}

QString textOf(const QJsonValue &value, qsizetype limit)
{
    if (value.isDouble()) {
        const auto number = wholeNumber(value);
        return number ? QString::number(*number) : QString::number(value.toDouble());
    }
    QString text = value.toString();
    if (text.size() > limit)
        text.truncate(limit);
    return validText(std::move(text));
}

QString subjectOf(const QString &text)
{
    return text.size() > MaxSubject ? validText(text.left(MaxSubject - 1)) + u'…' : validText(text);
}

std::optional<qint64> numberOf(const QJsonValue &value)
{
    if (!value.isString())
        return wholeNumber(value);
    bool isNumber = false;
    const qint64 number = value.toString().toLongLong(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

std::optional<Instant> instantOf(const QJsonValue &value)
{
    QString text = value.toString().left(40);
    if (text.size() > 10 && text.at(10) == u' ')
        text[10] = u'T';
    const auto at = Instant::parse(text, true);
    if (!at || (at->ms >= 0 && at->ms < endOf1970))
        return std::nullopt;
    return *at;
}

QString sqlInstant(Instant at)
{
    const Instant whole { at.ms - ((at.ms % 1000) + 1000) % 1000 };
    return whole.iso().replace(u'T', u' ').remove(u'Z');
}

QString lastIdOf(const QByteArray &location)
{
    const QString text = QString::fromLatin1(location).section(u'?', 0, 0);
    const QString last = text.section(u'/', -1);
    return isId(last) ? last : QString();
}

QStringList sentencesOf(const QJsonDocument &document)
{
    QStringList sentences;
    if (document.isObject()) {
        if (const QString message = textOf(document.object().value("message"_L1), MaxName);
            !message.isEmpty())
            sentences += message;
    }
    for (const QJsonValue value : document.array()) {
        if (const QString text = textOf(value, MaxName);
            !text.isEmpty() && sentences.size() < maxSentences)
            sentences += text.simplified();
    }
    return sentences;
}

} // namespace tierline::connectors::rt
