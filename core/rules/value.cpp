#include "core/rules/value.h"

#include "core/rules/words.h"

#include <array>

using namespace Qt::StringLiterals;

namespace tierline::rules {

Value Value::span(qint64 count, TimeUnit unit, bool isService)
{
    return { .kind = ValueKind::Duration,
        .amount = count * msOf(unit),
        .unit = unit,
        .isService = isService };
}

bool isPlainWord(QStringView word)
{
    if (word.isEmpty() || word.size() > limits::wordLength || !isWordStart(word.front())
        || word.back() == u'.')
        return false;
    return std::all_of(word.begin(), word.end(), isWordPart) && !isReserved(word);
}

QString quoted(QStringView text)
{
    QString out = u"\""_s;
    out.reserve(text.size() + 2);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        // A backslash alone is itself, so that patterns read as they are meant; see the lexer.
        const bool isLast = i + 1 == text.size();
        if (c == u'"' || (c == u'\\' && (isLast || text[i + 1] == u'\\' || text[i + 1] == u'"')))
            out += u'\\';
        out += c;
    }
    return out + u'"';
}

QString numberText(qint64 thousandths)
{
    const quint64 size = thousandths < 0 ? 0 - quint64(thousandths) : quint64(thousandths);
    QString out = thousandths < 0 ? u"-"_s : QString();
    out += QString::number(size / 1'000);
    if (const auto rest = size % 1'000; rest != 0) {
        QString digits = QString::number(rest).rightJustified(3, u'0');
        while (digits.endsWith(u'0'))
            digits.chop(1);
        out += u'.' + digits;
    }
    return out;
}

QString moneyText(qint64 thousandths)
{
    const quint64 size = thousandths < 0 ? 0 - quint64(thousandths) : quint64(thousandths);
    QString whole = QString::number(size / 1'000);
    for (qsizetype at = whole.size() - 3; at > 0; at -= 3)
        whole.insert(at, u',');
    if (const auto cents = size % 1'000 / 10; cents != 0)
        whole += u'.' + QString::number(cents).rightJustified(2, u'0');
    return (thousandths < 0 ? u"-$"_s : u"$"_s) + whole;
}

QString spanText(Millis length)
{
    static constexpr std::array<std::pair<qint64, char16_t>, 4> units { { { 86'400'000, u'd' },
        { 3'600'000, u'h' }, { 60'000, u'm' }, { 1'000, u's' } } };
    qint64 rest = qMax<qint64>(0, length.count());
    for (size_t i = 0; i < units.size(); ++i) {
        const auto [size, sign] = units[i];
        if (rest < size)
            continue;
        QString out = QString::number(rest / size) + QChar(sign);
        if (i + 1 < units.size()) {
            const auto [next, nextSign] = units[i + 1];
            if (const qint64 more = rest % size / next; more > 0)
                out += u' ' + QString::number(more) + QChar(nextSign);
        }
        return out;
    }
    return u"0s"_s;
}

namespace {

QString durationLiteral(const Value &value)
{
    static constexpr std::array<QStringView, 5> shortNames { u"s", u"m", u"h", u"d", u"w" };
    static constexpr std::array<QStringView, 5> longNames { u"second", u"minute", u"hour", u"day",
        u"week" };
    auto unit = static_cast<int>(value.unit);
    while (unit > 0 && value.amount % msOf(TimeUnit(unit)) != 0)
        --unit;
    const qint64 count = value.amount / msOf(TimeUnit(unit));
    if (!value.isService)
        return QString::number(count) + shortNames[size_t(unit)].toString();
    return QString::number(count) + u" service "_s + longNames[size_t(unit)].toString()
        + (count == 1 ? u""_s : u"s"_s);
}

} // namespace

QString print(const Value &value, bool isBare)
{
    switch (value.kind) {
    case ValueKind::Word:
        return isBare && isPlainWord(value.text) ? value.text : quoted(value.text);
    case ValueKind::Text: return quoted(value.text);
    case ValueKind::List: return u"list "_s + quoted(value.text);
    case ValueKind::Number: return numberText(value.amount);
    case ValueKind::Money: return moneyText(value.amount);
    case ValueKind::Percent: return numberText(value.amount) + u" %"_s;
    case ValueKind::Duration: return durationLiteral(value);
    }
    return {};
}

} // namespace tierline::rules
