#include "core/rules/parser_p.h"

#include "core/rules/patterns.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

std::optional<size_t> Parser::compare(size_t at, Test &test)
{
    switch (test.fact->type) {
    case FactType::Text: return compareText(at, test);
    case FactType::Names: return compareNames(at, test);
    case FactType::Choice: return compareChoice(at, test);
    case FactType::Any: return compareAny(at, test);
    default: return compareAmount(at, test);
    }
}

/// `is empty`, `is filled`, `is not empty`.
std::optional<size_t> Parser::emptiness(size_t at, Test &test)
{
    if (!token(at).isWord(u"is") && !token(at).isWord(u"are"))
        return std::nullopt;
    const bool isNegated = token(at + 1).isWord(u"not");
    const size_t word = at + (isNegated ? 2 : 1);
    const bool isEmpty = token(word).isWord(u"empty");
    if (!isEmpty && !token(word).isWord(u"filled"))
        return std::nullopt;
    test.op = isEmpty != isNegated ? Operator::IsEmpty : Operator::IsFilled;
    return word + 1;
}

/// `at least`, `>=` and the like, without a verb.
std::optional<Parser::Comparison> Parser::bound(size_t at)
{
    struct Phrase {
        QStringView first;
        QStringView second; ///< or none
        Operator op;
    };
    static constexpr auto phrases = std::to_array<Phrase>({ { u"at", u"least", Operator::AtLeast },
        { u"at", u"most", Operator::AtMost }, { u"more", u"than", Operator::Over },
        { u"less", u"than", Operator::Under }, { u"greater", u"than", Operator::Over },
        { u"fewer", u"than", Operator::Under }, { u"over", {}, Operator::Over },
        { u"above", {}, Operator::Over }, { u"under", {}, Operator::Under },
        { u"below", {}, Operator::Under }, { u"exactly", {}, Operator::Is } });
    static constexpr auto signs = std::to_array<std::pair<QStringView, Operator>>(
        { { u">", Operator::Over }, { u">=", Operator::AtLeast }, { u"<", Operator::Under },
            { u"<=", Operator::AtMost }, { u"=", Operator::Is }, { u"!=", Operator::IsNot } });
    const Token &t = token(at);
    for (const auto &[sign, op] : signs) {
        if (t.isSign(sign))
            return Comparison { op, at + 1 };
    }
    for (const Phrase &phrase : phrases) {
        if (!t.isWord(phrase.first))
            continue;
        if (phrase.second.isEmpty())
            return Comparison { phrase.op, at + 1 };
        if (token(at + 1).isWord(phrase.second))
            return Comparison { phrase.op, at + 2 };
        fail(at + 1, phrase.second.toString());
    }
    return std::nullopt;
}

std::optional<Parser::Comparison> Parser::comparison(size_t at)
{
    size_t next = at;
    const bool hasVerb = token(at).isWord(u"is") || token(at).isWord(u"are");
    if (hasVerb)
        ++next;
    if (const auto found = bound(next))
        return found;
    if (hasVerb && token(next).isWord(u"not"))
        return Comparison { Operator::IsNot, next + 1 };
    if (hasVerb)
        return Comparison { Operator::Is, next };
    for (const QString &word : { u"is"_s, u"is at least"_s, u"is over"_s, u"is under"_s })
        fail(at, word);
    return std::nullopt;
}

std::optional<size_t> Parser::count(size_t at, Test &test)
{
    // "reopened 2 times" means at least.
    const auto found = bound(at).value_or(Comparison { Operator::AtLeast, at });
    if (found.op == Operator::IsNot)
        return std::nullopt;
    test.op = found.op;
    const auto value = wholeNumber(found.next, 0, 1'000'000);
    if (!value)
        return std::nullopt;
    test.values = { value->value };
    return value->next;
}

std::optional<size_t> Parser::compareText(size_t at, Test &test)
{
    size_t next = at;
    const bool isNegated
        = (token(at).isWord(u"does") || token(at).isWord(u"do")) && token(at + 1).isWord(u"not");
    if (isNegated)
        next += 2;
    const Token &verb = token(next);
    if (verb.isWord(u"mentions") || verb.isWord(u"mention") || verb.isWord(u"contains")
        || verb.isWord(u"contain")) {
        test.op = isNegated ? Operator::MentionsNot : Operator::Mentions;
        return texts(next + 1, test, false);
    }
    if (verb.isWord(u"matches") || verb.isWord(u"match")) {
        test.op = isNegated ? Operator::MatchesNot : Operator::Matches;
        return texts(next + 1, test, true);
    }
    if (const auto empty = emptiness(at, test))
        return empty;
    for (const QString &word :
        { u"mentions"_s, u"matches"_s, u"does not mention"_s, u"does not match"_s })
        fail(next, word);
    return std::nullopt;
}

std::optional<size_t> Parser::texts(size_t at, Test &test, bool arePatterns)
{
    while (true) {
        const bool isList = !arePatterns && token(at).isWord(u"list");
        const size_t textAt = at + (isList ? 1 : 0);
        if (token(textAt).kind != Token::Kind::String) {
            fail(textAt,
                isList            ? u"the name of a list in quotes"_s
                    : arePatterns ? u"a pattern in quotes"_s
                                  : u"a word or words in quotes"_s);
            return std::nullopt;
        }
        const QString words = token(textAt).text;
        if (words.trimmed().isEmpty()) {
            failWith(textAt, u"Empty quotes are found in every text; write what to look for."_s);
            return std::nullopt;
        }
        if (arePatterns) {
            if (const QString wrong = patternProblem(words); !wrong.isEmpty()) {
                failWith(textAt, wrong);
                return std::nullopt;
            }
        }
        if (isList)
            m_listNames.push_back({ textAt, words });
        test.values.push_back(isList ? Value::list(words) : Value::string(words));
        at = textAt + 1;
        if (test.values.size() > size_t(limits::values)) {
            failWith(textAt,
                u"A condition has at most %1 values; define a list of words."_s.arg(
                    limits::values));
            return std::nullopt;
        }
        const bool goesOn = token(at).isWord(u"or")
            && (token(at + 1).kind == Token::Kind::String
                || (!arePatterns && token(at + 1).isWord(u"list")));
        if (!goesOn)
            return at;
        ++at;
    }
}

std::optional<size_t> Parser::compareNames(size_t at, Test &test)
{
    if (const auto empty = emptiness(at, test))
        return empty;
    size_t next = at;
    bool isNegated
        = (token(at).isWord(u"do") || token(at).isWord(u"does")) && token(at + 1).isWord(u"not");
    if (isNegated)
        next += 2;
    const Token &verb = token(next);
    if (verb.isWord(u"include") || verb.isWord(u"includes") || verb.isWord(u"contain")
        || verb.isWord(u"contains")) {
        ++next;
    } else if (!isNegated && (verb.isWord(u"is") || verb.isWord(u"are"))) {
        ++next;
        isNegated = token(next).isWord(u"not");
        next += isNegated ? 1 : 0;
    } else {
        for (const QString &word : { u"include"_s, u"do not include"_s, u"are empty"_s })
            fail(next, word);
        return std::nullopt;
    }
    test.op = isNegated ? Operator::Excludes : Operator::Includes;
    return words(next, test);
}

std::optional<size_t> Parser::compareChoice(size_t at, Test &test)
{
    if (const auto empty = emptiness(at, test))
        return empty;
    const auto found = comparison(at);
    if (!found)
        return std::nullopt;
    test.op = found->op;
    if (found->op == Operator::Is || found->op == Operator::IsNot)
        return words(found->next, test);
    if (!test.fact->isOrdered) {
        failWith(at, u"A %1 has no order; write \"is\" or \"is not\"."_s.arg(test.fact->id));
        return std::nullopt;
    }
    const auto value = choice(found->next, *test.fact);
    if (!value)
        return std::nullopt;
    test.values = { value->value };
    return value->next;
}

Parser::MaybeValue Parser::choice(size_t at, const FactInfo &fact)
{
    if (!fact.choices.isEmpty())
        return oneOf(at, fact.choices, u"a "_s + fact.id);
    const Token &t = token(at);
    if (t.kind == Token::Kind::Number && fact.type != FactType::Any) {
        // A category may be called 404.
        return FoundValue { Value::word(m_text.sliced(t.place.start, t.place.length).toString()),
            at + 1 };
    }
    if (t.kind == Token::Kind::Money || t.kind == Token::Kind::Sign) {
        failWith(
            at, u"Expected a name, found %1; names with signs stand in quotes."_s.arg(found(at)));
        return std::nullopt;
    }
    if (t.kind == Token::Kind::String && t.text.trimmed().isEmpty()) {
        failWith(
            at, u"Empty quotes name nothing; write \"is empty\" to ask whether it is filled."_s);
        return std::nullopt;
    }
    if (t.kind == Token::Kind::End || (t.kind == Token::Kind::Word && isReserved(t.text))) {
        fail(at, u"a name"_s);
        if (t.kind == Token::Kind::Word && factTable().oneWordNames().contains(t.text.toLower()))
            failWith(at,
                u"%1 is a condition of its own; put it in quotes where it is a name."_s.arg(
                    found(at)));
        return std::nullopt;
    }
    static const QHash<QString, Slot> checked { { u"tier"_s, Slot::Tier },
        { u"team"_s, Slot::Team }, { u"assignee"_s, Slot::Agent } };
    if (const auto slot = checked.constFind(fact.id); slot != checked.cend())
        checkName(at, *slot, t.text);
    return FoundValue { Value::word(t.text), at + 1 };
}

std::optional<size_t> Parser::words(size_t at, Test &test)
{
    while (true) {
        const auto value = choice(at, *test.fact);
        if (!value)
            return std::nullopt;
        if (test.values.size() >= size_t(limits::values)) {
            failWith(at, u"A condition has at most %1 values; divide it."_s.arg(limits::values));
            return std::nullopt;
        }
        test.values.push_back(value->value);
        at = value->next;
        const bool goesOn = token(at).isWord(u"or")
            && (token(at + 1).kind == Token::Kind::String || isListWord(at + 1)
                || (token(at + 1).kind == Token::Kind::Number && !startsCondition(at + 1)));
        if (!goesOn)
            return at;
        ++at;
    }
}

std::optional<size_t> Parser::compareAmount(size_t at, Test &test)
{
    if (const auto empty = emptiness(at, test))
        return empty;
    const auto found = comparison(at);
    if (!found)
        return std::nullopt;
    const FactType type = test.fact->type;
    const auto value = amount(found->next,
        type == FactType::Money         ? ValueKind::Money
            : type == FactType::Percent ? ValueKind::Percent
                                        : ValueKind::Number,
        test.fact->id);
    if (!value)
        return std::nullopt;
    test.op = found->op;
    test.values = { value->value };
    return value->next;
}

std::optional<size_t> Parser::compareAny(size_t at, Test &test)
{
    if (const auto empty = emptiness(at, test))
        return empty;
    const auto found = comparison(at);
    if (!found)
        return std::nullopt;
    const Token &t = token(found->next);
    if (t.kind == Token::Kind::Money || t.kind == Token::Kind::Number) {
        const auto kind = t.kind == Token::Kind::Money ? ValueKind::Money
            : token(found->next + 1).isSign(u"%") || token(found->next + 1).isWord(u"percent")
            ? ValueKind::Percent
            : ValueKind::Number;
        const auto value = amount(found->next, kind, u"a field"_s);
        if (!value)
            return std::nullopt;
        test.op = found->op;
        test.values = { value->value };
        return value->next;
    }
    if (found->op != Operator::Is && found->op != Operator::IsNot) {
        fail(found->next, u"a number, an amount such as $500 or a share such as 20 %"_s);
        return std::nullopt;
    }
    test.op = found->op;
    return words(found->next, test);
}

Parser::MaybeValue Parser::amount(size_t at, ValueKind kind, const QString &what)
{
    const Token &t = token(at);
    const bool isShare = token(at + 1).isSign(u"%") || token(at + 1).isWord(u"percent");
    if (kind == ValueKind::Percent)
        return percent(at);
    if (kind == ValueKind::Money && t.kind == Token::Kind::Money)
        return FoundValue { { .kind = kind, .amount = t.amount }, at + 1 };
    if (kind == ValueKind::Number && t.kind == Token::Kind::Number && t.text.isEmpty() && !isShare)
        return FoundValue { { .kind = kind, .amount = t.amount }, at + 1 };
    if (kind == ValueKind::Money && t.kind == Token::Kind::Number)
        failWith(at, u"%1 is an amount of money; write $%2."_s.arg(what, numberText(t.amount)));
    else if (t.kind == Token::Kind::Money || t.kind == Token::Kind::Number)
        failWith(at, u"%1 is a plain number; write %2."_s.arg(what, numberText(t.amount)));
    else
        fail(at, kind == ValueKind::Money ? u"an amount such as $500"_s : u"a number"_s);
    return std::nullopt;
}

} // namespace tierline::rules
