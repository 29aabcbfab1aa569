#pragma once

#include "core/base/instant.h"

#include <QString>

namespace tierline::rules {

/// What a literal in a rule is. All numbers are thousandths (milliseconds are those of a second), so that
/// one 64-bit column serves every kind and nothing passes through a double.
enum class ValueKind : quint8 {
    Word, ///< a name: `enterprise`, `L3`, "Billing"
    Text, ///< words to look for, a pattern, a sentence
    List, ///< the name of a keyword list
    Number,
    Money, ///< in the workspace's currency
    Percent,
    Duration,
};

enum class TimeUnit : quint8 { Second, Minute, Hour, Day, Week };

/// One literal. Value, thread: any. Durations keep the unit in which they were written: `24h` and `1d` are
/// as long, and print differently.
struct Value {
    ValueKind kind = ValueKind::Word;
    QString text; ///< Word, Text, List
    qint64 amount = 0; ///< thousandths; of a Duration milliseconds
    TimeUnit unit = TimeUnit::Hour;
    bool isService = false; ///< the duration runs on the calendar

    bool operator==(const Value &) const = default;
    Millis duration() const { return Millis(amount); }

    static Value word(QString text) { return { .kind = ValueKind::Word, .text = std::move(text) }; }
    static Value string(QString text)
    {
        return { .kind = ValueKind::Text, .text = std::move(text) };
    }
    static Value list(QString name) { return { .kind = ValueKind::List, .text = std::move(name) }; }
    static Value number(qint64 whole)
    {
        return { .kind = ValueKind::Number, .amount = whole * 1'000 };
    }
    static Value money(qint64 whole)
    {
        return { .kind = ValueKind::Money, .amount = whole * 1'000 };
    }
    static Value percent(qint64 whole)
    {
        return { .kind = ValueKind::Percent, .amount = whole * 1'000 };
    }
    static Value span(qint64 count, TimeUnit unit, bool isService = false);
};

constexpr qint64 msOf(TimeUnit unit)
{
    constexpr qint64 table[] = { 1'000, 60'000, 3'600'000, 86'400'000, 604'800'000 };
    return table[static_cast<int>(unit)];
}

/// The literal as a rule writes it: `2h`, `2 service hours`, `$100,000`, `20 %`, `"two words"`. A Word is
/// bare where `isBare` allows it and nothing could take it for something else.
QString print(const Value &value, bool isBare = true);

/// A word that can stand without quotes wherever a name can.
bool isPlainWord(QStringView word);
/// In quotes, as the lexer reads them back.
QString quoted(QStringView text);

/// `3`, `2.5`, `-50` of thousandths.
QString numberText(qint64 thousandths);
/// `$100,000`, `$19.99`.
QString moneyText(qint64 thousandths);
/// `2h 4m`: the two largest units, cut, never rounded up; `0s`.
QString spanText(Millis length);

} // namespace tierline::rules
