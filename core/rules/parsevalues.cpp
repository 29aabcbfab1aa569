#include "core/rules/parser_p.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

struct UnitName {
    QStringView name;
    TimeUnit unit;
};
constexpr auto unitNames = std::to_array<UnitName>(
    { { u"s", TimeUnit::Second }, { u"sec", TimeUnit::Second }, { u"second", TimeUnit::Second },
        { u"seconds", TimeUnit::Second }, { u"m", TimeUnit::Minute }, { u"min", TimeUnit::Minute },
        { u"minute", TimeUnit::Minute }, { u"minutes", TimeUnit::Minute }, { u"h", TimeUnit::Hour },
        { u"hour", TimeUnit::Hour }, { u"hours", TimeUnit::Hour }, { u"d", TimeUnit::Day },
        { u"day", TimeUnit::Day }, { u"days", TimeUnit::Day }, { u"w", TimeUnit::Week },
        { u"week", TimeUnit::Week }, { u"weeks", TimeUnit::Week } });

constexpr qint64 longestMs = 366 * msOf(TimeUnit::Day);

} // namespace

std::optional<TimeUnit> Parser::unitOf(size_t at, QStringView word)
{
    QStringList known;
    for (const UnitName &unit : unitNames) {
        if (word.compare(unit.name, Qt::CaseInsensitive) == 0)
            return unit.unit;
        if (unit.name.size() > 1)
            known.append(unit.name.toString());
    }
    const QString close = nearest(word, known);
    failWith(at,
        u"\"%1\" is no unit of time; write s, m, h, d or w, as in 2h%2."_s.arg(
            word, close.isEmpty() ? QString() : u" (did you mean \"%1\"?)"_s.arg(close)),
        close);
    return std::nullopt;
}

Parser::MaybeValue Parser::duration(size_t at, bool mayBeService)
{
    const size_t start = at;
    if (token(at).kind != Token::Kind::Number) {
        fail(at,
            mayBeService ? u"a duration such as 2h or 2 service hours"_s
                         : u"a duration such as 7d or 30m"_s);
        return std::nullopt;
    }
    Value value { .kind = ValueKind::Duration, .unit = TimeUnit::Week };
    for (int parts = 0; parts < 4; ++parts) {
        const Token &number = token(at);
        QString unitWord = number.text;
        size_t unitAt = at;
        size_t next = at + 1;
        if (unitWord.isEmpty() && token(next).isWord(u"service") && parts == 0) {
            value.isService = true;
            ++next;
        }
        if (unitWord.isEmpty()) {
            if (token(next).kind != Token::Kind::Word || isReserved(token(next).text)
                || actionTable().names().contains(token(next).text, Qt::CaseInsensitive)) {
                if (parts > 0)
                    break;
                failWith(at, u"A duration has a unit: 2h, 30m, 3d, or 2 service hours."_s);
                return std::nullopt;
            }
            unitAt = next;
            unitWord = token(next++).text;
        }
        const auto unit = unitOf(unitAt, unitWord);
        if (!unit)
            return std::nullopt;
        const qint64 size = msOf(*unit);
        if (number.amount < 0 || number.amount / 1'000 > longestMs / size) {
            failWith(start,
                number.amount < 0 ? u"A duration is not negative; write 2h."_s
                                  : u"A duration is at most a year; write 365d or less."_s);
            return std::nullopt;
        }
        value.amount += number.amount * (size / 1'000);
        value.unit = std::min(value.unit, *unit);
        at = next;
        // "1h 30m" is one duration.
        const bool goesOn = !value.isService && token(at).kind == Token::Kind::Number
            && !token(at).text.isEmpty();
        if (!goesOn)
            break;
    }
    if (value.isService && value.unit >= TimeUnit::Day) {
        failWith(start,
            u"A service day is not the same everywhere; write service hours, as in 8 service hours."_s);
        return std::nullopt;
    }
    if (value.isService && !mayBeService) {
        failWith(start, u"This runs on the wall clock only; write 2h."_s);
        return std::nullopt;
    }
    if (value.amount < 1'000 || value.amount % 1'000 != 0 || value.amount > longestMs) {
        failWith(start, u"A duration is whole seconds, at least 1s and at most a year."_s);
        return std::nullopt;
    }
    while (value.amount % msOf(value.unit) != 0)
        value.unit = TimeUnit(int(value.unit) - 1);
    return FoundValue { value, at };
}

Parser::MaybeValue Parser::percent(size_t at)
{
    const Token &t = token(at);
    const bool hasSign = token(at + 1).isSign(u"%") || token(at + 1).isWord(u"percent");
    if (t.kind == Token::Kind::Number && t.text.isEmpty() && hasSign) {
        if (t.amount < 0 || t.amount > 1'000'000'000) {
            failWith(at, u"A share is from 0 % to 1,000,000 %."_s);
            return std::nullopt;
        }
        return FoundValue { { .kind = ValueKind::Percent, .amount = t.amount }, at + 2 };
    }
    if (t.kind == Token::Kind::Number || t.kind == Token::Kind::Money)
        failWith(at, u"This is a share; write %1 %."_s.arg(numberText(t.amount)));
    else
        fail(at, u"a share such as 20 %"_s);
    return std::nullopt;
}

Parser::MaybeValue Parser::wholeNumber(size_t at, qint64 least, qint64 most)
{
    const Token &t = token(at);
    if (t.kind != Token::Kind::Number || token(at + 1).isSign(u"%")) {
        fail(at, u"a whole number"_s);
        return std::nullopt;
    }
    if (!t.text.isEmpty() || t.amount % 1'000 != 0 || t.amount < least * 1'000
        || t.amount > most * 1'000) {
        // Far enough to be told only where the number stands inside a pattern.
        failWith(at,
            u"Expected a whole number from %1 to %2, found %3."_s.arg(least).arg(most).arg(
                found(at)));
        return std::nullopt;
    }
    return FoundValue { { .kind = ValueKind::Number, .amount = t.amount }, at + 1 };
}

Parser::MaybeValue Parser::text(size_t at)
{
    const Token &t = token(at);
    if (t.kind != Token::Kind::String) {
        fail(at, u"a text in quotes"_s);
        return std::nullopt;
    }
    if (t.text.trimmed().isEmpty()) {
        failWith(at, u"These quotes are empty; write the text between them."_s);
        return std::nullopt;
    }
    return FoundValue { Value::string(t.text), at + 1 };
}

void Parser::checkName(size_t at, Slot slot, const QString &name)
{
    const QStringList known = m_vocabulary.names.value(slot);
    if (known.isEmpty() || known.contains(name, Qt::CaseInsensitive))
        return;
    const QString close = nearest(name, known);
    const Token &t = token(at);
    for (const Problem &told : m_problems) { // patterns are tried more than once
        if (told.start == t.place.start && told.length == t.place.length)
            return;
    }
    complain(at,
        u"There is no %1 %2 in this workspace%3."_s.arg(slotName(slot), quoted(name),
            close.isEmpty() ? u"; there is "_s + known.mid(0, 8).join(u", "_s)
                            : u"; did you mean "_s + quoted(close) + u'?'),
        close, known);
}

Parser::MaybeValue Parser::name(size_t at, Slot slot)
{
    const Token &t = token(at);
    QString name;
    if (t.kind == Token::Kind::String || (t.kind == Token::Kind::Word && !isReserved(t.text)))
        name = t.text;
    else if (slot == Slot::Tier && t.kind == Token::Kind::Number && t.text.isEmpty()
        && t.amount >= 0 && t.amount < 100'000 && t.amount % 1'000 == 0)
        name = u'L' + numberText(t.amount); // "tier 2"
    if (name.trimmed().isEmpty()) {
        if (t.kind == Token::Kind::String)
            failWith(at,
                u"These quotes are empty; write the name of the %1 between them."_s.arg(
                    slotName(slot)));
        else
            fail(at, u"the name of a "_s + slotName(slot));
        return std::nullopt;
    }
    if (name.size() > limits::wordLength) {
        failWith(at, u"A name has at most %1 characters."_s.arg(limits::wordLength));
        return std::nullopt;
    }
    return FoundValue { Value::word(name), at + 1 };
}

Parser::MaybeValue Parser::oneOf(size_t at, const QStringList &known, const QString &what)
{
    const Token &t = token(at);
    if (t.kind == Token::Kind::Word || t.kind == Token::Kind::String) {
        for (const QString &word : known) {
            if (t.text.compare(word, Qt::CaseInsensitive) == 0)
                return FoundValue { Value::word(word), at + 1 };
        }
    }
    const QString close = nearest(t.text, known);
    const QString list = known.size() < 2
        ? known.join(u", "_s)
        : known.mid(0, known.size() - 1).join(u", "_s) + u" or "_s + known.last();
    failWith(at,
        u"%1 is not %2; expected %3.%4"_s.arg(found(at), what, list,
            close.isEmpty() ? QString() : u" Did you mean \"%1\"?"_s.arg(close)),
        close);
    if (m_failure.at == at)
        m_failure.expected = known;
    return std::nullopt;
}

Parser::MaybeValue Parser::reason(size_t at)
{
    const Token &t = token(at);
    QStringList allowed;
    for (const QString &reason : shippedReasons() + m_vocabulary.reasons) {
        const bool isPersonal = isPersonalReason(reason)
            || m_vocabulary.personalReasons.contains(reason, Qt::CaseInsensitive);
        if (!isPersonal && reason != u"outside"_s && !allowed.contains(reason))
            allowed.append(reason);
        if (t.text.compare(reason, Qt::CaseInsensitive) != 0 || !isPersonal)
            continue;
        failWith(at,
            u"The reason \"%1\" is a person's judgement, which no rule can make; let the rule flag the "
            u"ticket for a person, or give a reason that facts can show, such as sla-risk or customer-asked."_s
                .arg(reason));
        return std::nullopt;
    }
    if (t.isWord(u"outside")) {
        failWith(at,
            u"The reason \"outside\" stands for moves made in another system; give what the rule "
            u"sees, such as sla-risk."_s);
        return std::nullopt;
    }
    return oneOf(at, allowed, u"a reason code"_s);
}

} // namespace tierline::rules
