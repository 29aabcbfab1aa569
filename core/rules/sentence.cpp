#include "core/rules/sentence.h"

#include "core/rules/print.h"

#include <QVarLengthArray>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qsizetype longestValue = 80;

/// Foreign text in a sentence is one line and short.
QString shortened(const QString &text)
{
    const QString line = text.simplified();
    return line.size() > longestValue ? line.left(longestValue - 1) + u'…' : line;
}

QString amountText(const Test &test, qint64 amount)
{
    const ValueKind kind = test.values.empty() ? ValueKind::Number : test.values.front().kind;
    switch (test.fact->type == FactType::Money     ? ValueKind::Money
            : test.fact->type == FactType::Percent ? ValueKind::Percent
                                                   : kind) {
    case ValueKind::Money: return moneyText(amount);
    case ValueKind::Percent: return numberText(amount) + u" %"_s;
    default: return numberText(amount);
    }
}

/// How long since, or until; in the hours in which the condition counts.
QString timeText(const Test &test, const Subject &subject, const Reading &reading)
{
    const Instant at { reading.number };
    const bool isService = !test.values.empty() && test.values.front().isService;
    const auto between = [&](Instant from, Instant to) {
        return isService && subject.hours.isKnown() ? subject.hours.between(from, to) : to - from;
    };
    const QString unit = isService && subject.hours.isKnown() ? u" of service"_s : QString();
    switch (test.fact->type) {
    case FactType::Elapsed: return test.fact->said.arg(spanText(between(at, subject.now)) + unit);
    case FactType::Left:
        return subject.now < at ? test.fact->said.arg(spanText(between(subject.now, at)) + unit)
                                : u"over by %1"_s.arg(spanText(between(at, subject.now)) + unit);
    case FactType::Within:
        return subject.now < at ? test.fact->said.arg(spanText(at - subject.now))
                                : u"%1 ago"_s.arg(spanText(subject.now - at));
    case FactType::Span: {
        const bool isIn = subject.now >= at && subject.now.ms < reading.to;
        return isIn == test.fact->isMoment ? u"open"_s : u"closed"_s;
    }
    default: return {};
    }
}

/// What of the asked words the text holds.
QString foundText(const Test &test, const QString &text)
{
    if (test.op == Operator::Matches || test.op == Operator::MatchesNot)
        return {};
    text::KeywordFinder finder;
    for (const Value &value : test.values) {
        if (value.kind == ValueKind::Text)
            finder.add(0, value.text);
    }
    const text::WordedText words(text);
    QStringList found;
    for (const auto &hit : finder.find(words)) {
        const QString word = quoted(text.mid(hit.start, hit.length).simplified());
        if (!hit.isNegated && !found.contains(word) && found.size() < 3)
            found.append(word);
    }
    return found.join(u", "_s);
}

/// Whether a condition that holds says its value already, whatever is read.
bool saysValue(const Test &test)
{
    if (test.fact->type == FactType::Flag || test.fact->type == FactType::Span)
        return true; // the condition is its value
    switch (test.op) {
    case Operator::IsEmpty: return true;
    case Operator::Is:
    case Operator::Includes:
    case Operator::Mentions:
        return test.values.size() == 1 && test.values.front().kind != ValueKind::List;
    default: return false;
    }
}

/// A bound that is met exactly says the value.
bool isMetExactly(const Test &test, const Reading &reading)
{
    return (test.op == Operator::AtLeast || test.op == Operator::AtMost)
        && test.values.front().kind != ValueKind::Word
        && reading.number == test.values.front().amount;
}

QString valueText(const Test &test, const Subject &subject, const Reading &reading)
{
    switch (reading.state) {
    case Reading::State::Unknown: return u"not filled"_s;
    case Reading::State::WrongType:
        return shortened(reading.text) + u", which cannot be compared so"_s;
    case Reading::State::None: return u"none"_s;
    case Reading::State::Value: break;
    }
    switch (test.fact->type) {
    case FactType::Flag: return reading.number ? u"yes"_s : u"no"_s;
    case FactType::Choice: return shortened(reading.text);
    case FactType::Names:
        return reading.names.isEmpty() ? u"none"_s : shortened(reading.names.join(u", "_s));
    case FactType::Text: {
        const QString found = foundText(test, reading.text);
        return found.isEmpty() ? quoted(shortened(reading.text)) : found;
    }
    case FactType::Any:
        return test.values.empty() || test.values.front().kind == ValueKind::Word
            ? shortened(reading.text)
            : amountText(test, reading.number);
    case FactType::Number:
    case FactType::Money:
    case FactType::Percent: return amountText(test, reading.number);
    default: return timeText(test, subject, reading);
    }
}

/// A time that is reached at this very instant says what its condition says already.
bool isJustReached(const Test &test, const Reading &reading, const Subject &subject)
{
    if (test.values.empty())
        return false;
    const Value &length = test.values.front();
    if (test.fact->type == FactType::Elapsed) {
        const Millis passed = length.isService && subject.hours.isKnown()
            ? subject.hours.between({ reading.number }, subject.now)
            : subject.now - Instant { reading.number };
        return passed < length.duration() + Millis(1'000);
    }
    if (test.fact->type != FactType::Left || length.kind != ValueKind::Duration || length.isService)
        return false;
    const Millis left = Instant { reading.number } - subject.now;
    return left <= length.duration() && left > length.duration() - Millis(1'000);
}

/// What stands in brackets behind a condition's words; empty where they say it all.
QString addition(const CompiledTest &compiled, bool holds, const Subject &subject)
{
    const Test &test = *compiled.written;
    if (test.fact->type == FactType::Flag || (holds && saysValue(test)))
        return {};
    const Reading reading = test.fact->read(subject, compiled.ask);
    if (holds && isMetExactly(test, reading))
        return {};
    if (test.op == Operator::Includes) { // of the asked ones, those that are there
        QStringList there;
        for (const Value &value : test.values) {
            if (reading.names.contains(value.text, Qt::CaseInsensitive))
                there.append(value.text);
        }
        return there.isEmpty() ? QString() : shortened(there.join(u", "_s));
    }
    if (holds && isJustReached(test, reading, subject))
        return {};
    return test.fact->type == FactType::Text ? foundText(test, reading.text)
                                             : valueText(test, subject, reading);
}

QString joined(const RuleSet &set, const std::vector<Decisive> &conditions,
    const QVarLengthArray<QString, 8> &additions)
{
    qsizetype length = 0;
    for (size_t i = 0; i < conditions.size(); ++i)
        length += 10 + set.tests()[size_t(conditions[i].test)].printed.size()
            + additions[qsizetype(i)].size();
    QString sentence;
    sentence.reserve(length);
    for (size_t i = 0; i < conditions.size(); ++i) {
        if (i > 0)
            sentence += u" + ";
        if (!conditions[i].holds)
            sentence += u"not ";
        sentence += set.tests()[size_t(conditions[i].test)].printed;
        if (const QString &value = additions[qsizetype(i)]; !value.isEmpty())
            sentence.append(u" (").append(value).append(u')');
    }
    return sentence;
}

} // namespace

QString valueText(const Test &test, const Subject &subject)
{
    return valueText(test, subject, test.fact->read(subject, askOf(test)));
}

QString sentence(const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject)
{
    PlainSentence none;
    return sentence(set, rule, evaluator, subject, none);
}

QString sentence(
    const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject, PlainSentence &last)
{
    const std::vector<Decisive> &conditions = evaluator.decisive(rule);
    QVarLengthArray<QString, 8> additions;
    bool isPlain = true;
    for (const Decisive &decisive : conditions) {
        additions.append(addition(set.tests()[size_t(decisive.test)], decisive.holds, subject));
        isPlain = isPlain && additions.back().isEmpty();
    }
    if (!isPlain)
        return joined(set, conditions, additions);
    if (last.text.isEmpty() || last.conditions != conditions)
        last = { conditions, joined(set, conditions, additions) };
    return last.text;
}

QString escalationSentence(
    const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject)
{
    return u"Escalated because: "_s + sentence(set, rule, evaluator, subject);
}

std::vector<Explained> explain(
    const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject)
{
    std::vector<Explained> lines;
    for (const int place : set.compiled()[size_t(rule)].nodes) {
        const int number = set.nodes()[size_t(place)].test;
        const Test &test = *set.tests()[size_t(number)].written;
        lines.push_back({ set.tests()[size_t(number)].printed, valueText(test, subject),
            evaluator.test(number) });
    }
    return lines;
}

QString unjudgedText(const RuleSet &set, const Unjudged &unjudged)
{
    const FactSlot &slot = set.slotsRead()[size_t(unjudged.slot)];
    QString name = slot.fact->id;
    if (!slot.ask.name.isEmpty())
        name += u' ' + quoted(slot.ask.name);
    return name
        + (unjudged.isWrongType ? u" holds something that cannot be compared so"_s
                                : u" is not filled"_s);
}

} // namespace tierline::rules
