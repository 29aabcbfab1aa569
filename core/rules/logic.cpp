#include "core/rules/logic.h"

#include "core/rules/print.h"
#include "core/rules/registry.h"

#include <QMap>

namespace tierline::rules {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostCases = 512;

struct Literal {
    const Test *test = nullptr;
    bool isNegated = false;
};
using Case = std::vector<Literal>;

/// The cases of which one makes the expression hold; nothing where there are too many.
std::optional<std::vector<Case>> casesOf(const Expr &expr, bool isNegated)
{
    if (expr.kind == Expr::Kind::Test)
        return std::vector<Case> { { { &expr.test, isNegated } } };
    if (expr.kind == Expr::Kind::Not)
        return casesOf(expr.children.front(), !isNegated);
    const bool isAnd = (expr.kind == Expr::Kind::And) != isNegated;
    std::vector<Case> all;
    if (isAnd)
        all.emplace_back();
    for (const Expr &child : expr.children) {
        const auto cases = casesOf(child, isNegated);
        if (!cases)
            return std::nullopt;
        if (!isAnd) {
            all.insert(all.end(), cases->begin(), cases->end());
        } else {
            std::vector<Case> joined;
            if (all.size() * cases->size() > mostCases)
                return std::nullopt;
            for (const Case &left : all) {
                for (const Case &right : *cases) {
                    Case both = left;
                    both.insert(both.end(), right.begin(), right.end());
                    joined.push_back(std::move(both));
                }
            }
            all = std::move(joined);
        }
        if (all.size() > mostCases)
            return std::nullopt;
    }
    return all;
}

/// What a fact may be: a word, an amount, a yes, or nothing there.
struct Candidate {
    enum class Kind : quint8 { Empty, Word, Amount, Yes } kind = Kind::Empty;
    QString word;
    qint64 amount = 0;
};

bool isText(const Test &test)
{
    return test.fact->type == FactType::Text && test.op != Operator::IsEmpty
        && test.op != Operator::IsFilled;
}

/// Of one ticket the tests with equal keys read the same.
QString keyOf(const Test &test)
{
    QString key = test.fact->id + u'\n' + test.name.toCaseFolded();
    if (test.window && test.fact->type != FactType::Within)
        key += u'\n' + QString::number(test.window->amount);
    // Words are looked for one text after another, and time left and service time are other measures.
    if (isText(test))
        return key + u'\n'
            + print(Test { .fact = test.fact,
                .name = test.name,
                .op = test.op == Operator::MentionsNot ? Operator::Mentions
                    : test.op == Operator::MatchesNot  ? Operator::Matches
                                                       : test.op,
                .values = test.values });
    if (test.fact->isOnTime() && !test.values.empty())
        key += u'\n' + QString::number(int(test.values.front().kind))
            + (test.values.front().isService ? u"s"_s : QString());
    return key;
}

qsizetype rankOf(const FactInfo &fact, const QString &word)
{
    for (qsizetype i = 0; i < fact.choices.size(); ++i) {
        if (fact.choices[i].compare(word, Qt::CaseInsensitive) == 0)
            return i;
    }
    return -1;
}

bool compares(Operator op, qint64 left, qint64 right)
{
    switch (op) {
    case Operator::AtLeast: return left >= right;
    case Operator::Over: return left > right;
    case Operator::AtMost: return left <= right;
    case Operator::Under: return left < right;
    default: return left == right;
    }
}

bool isNegative(Operator op)
{
    return op == Operator::IsNot || op == Operator::Excludes || op == Operator::MentionsNot
        || op == Operator::MatchesNot;
}

bool wordHolds(const Test &test, const QString &word)
{
    for (const Value &value : test.values) {
        const bool isSame = value.text.compare(word, Qt::CaseInsensitive) == 0;
        const qsizetype mine = rankOf(*test.fact, word), asked = rankOf(*test.fact, value.text);
        const bool isOrder = test.op >= Operator::AtLeast && test.op <= Operator::Under;
        if (isOrder ? mine >= 0 && asked >= 0 && compares(test.op, mine, asked) : isSame)
            return true;
    }
    return false;
}

/// How a test that is no negation stands for a candidate.
bool positively(const Test &test, const Candidate &candidate)
{
    using Kind = Candidate::Kind;
    if (test.op == Operator::IsEmpty || test.op == Operator::IsFilled)
        return (candidate.kind == Kind::Empty) == (test.op == Operator::IsEmpty);
    if (candidate.kind == Kind::Empty)
        return false;
    if (candidate.kind == Kind::Yes)
        return true;
    if (candidate.kind == Kind::Word)
        return wordHolds(test, candidate.word);
    const FactType type = test.fact->type;
    if (type == FactType::Elapsed)
        return !test.values.empty() && candidate.amount >= test.values.front().amount;
    if (type == FactType::Left)
        return candidate.amount <= (test.values.empty() ? 0 : test.values.front().amount);
    if (type == FactType::Within)
        return test.window && candidate.amount <= test.window->amount;
    for (const Value &value : test.values) {
        const bool isNumber = value.kind != ValueKind::Word && value.kind != ValueKind::Text;
        if (isNumber && compares(test.op, candidate.amount, value.amount))
            return true;
    }
    return false;
}

bool holds(const Literal &literal, const Candidate &candidate)
{
    const bool isFlipped = isNegative(literal.test->op) != literal.isNegated;
    return positively(*literal.test, candidate) != isFlipped;
}

void addAmounts(std::vector<Candidate> &all, qint64 around)
{
    for (const qint64 step : { -1, 0, 1 })
        all.push_back({ Candidate::Kind::Amount, {}, around + step });
}

/// Enough values of the fact to tell any two outcomes of the tests apart.
std::vector<Candidate> candidatesOf(const std::vector<Literal> &literals)
{
    const FactInfo &fact = *literals.front().test->fact;
    if (fact.type == FactType::Flag || fact.type == FactType::Span
        || isText(*literals.front().test))
        return { { Candidate::Kind::Empty, {}, 0 }, { Candidate::Kind::Yes, {}, 0 } };
    std::vector<Candidate> all { { Candidate::Kind::Empty, {}, 0 } };
    const bool isWord = fact.type == FactType::Choice || fact.type == FactType::Any
        || fact.type == FactType::Text;
    for (const QString &choice : fact.choices)
        all.push_back({ Candidate::Kind::Word, choice, 0 });
    if (isWord && fact.choices.isEmpty())
        all.push_back({ Candidate::Kind::Word, u"\u0001anything else"_s, 0 });
    for (const Literal &literal : literals) {
        if (fact.type == FactType::Within && literal.test->window)
            addAmounts(all, literal.test->window->amount);
        if (fact.type == FactType::Left && literal.test->values.empty())
            addAmounts(all, 0);
        for (const Value &value : literal.test->values) {
            const bool isAmount = value.kind != ValueKind::Word && value.kind != ValueKind::Text;
            if (isAmount)
                addAmounts(all, value.amount);
            else if (fact.choices.isEmpty())
                all.push_back({ Candidate::Kind::Word, value.text, 0 });
        }
    }
    // Counts, times passed and shares are never below nothing.
    std::erase_if(all, [&](const Candidate &candidate) {
        const bool isCount = fact.type == FactType::Number && fact.group == u"behaviour";
        return candidate.kind == Candidate::Kind::Amount && candidate.amount < 0
            && (isCount || fact.type == FactType::Elapsed || fact.type == FactType::Percent);
    });
    return all;
}

/// Tags and flags: several words at once.
bool setMayHold(const std::vector<Literal> &literals)
{
    QStringList without;
    std::vector<QStringList> oneOf;
    bool mustBeEmpty = false, mustBeFilled = false;
    for (const Literal &literal : literals) {
        const Test &test = *literal.test;
        QStringList words;
        for (const Value &value : test.values)
            words.append(value.text.toCaseFolded());
        if (test.op == Operator::IsEmpty || test.op == Operator::IsFilled) {
            const bool isEmpty = (test.op == Operator::IsEmpty) != literal.isNegated;
            mustBeEmpty = mustBeEmpty || isEmpty;
            mustBeFilled = mustBeFilled || !isEmpty;
        } else if (isNegative(test.op) != literal.isNegated) {
            without += words;
        } else {
            oneOf.push_back(words);
            mustBeFilled = true;
        }
    }
    if (mustBeEmpty && mustBeFilled)
        return false;
    return std::ranges::all_of(oneOf, [&](const QStringList &words) {
        return std::ranges::any_of(
            words, [&](const QString &word) { return !without.contains(word); });
    });
}

bool caseMayHold(const Case &literals)
{
    QMap<QString, std::vector<Literal>> byFact;
    for (const Literal &literal : literals)
        byFact[keyOf(*literal.test)].push_back(literal);
    for (const std::vector<Literal> &group : std::as_const(byFact)) {
        if (group.size() == 1 && group.front().test->fact->type != FactType::Choice
            && group.front().test->fact->type != FactType::Number)
            continue;
        if (group.front().test->fact->type == FactType::Names) {
            if (!setMayHold(group))
                return false;
            continue;
        }
        const std::vector<Candidate> candidates = candidatesOf(group);
        const bool isPossible = std::ranges::any_of(candidates, [&](const Candidate &candidate) {
            return std::ranges::all_of(
                group, [&](const Literal &literal) { return holds(literal, candidate); });
        });
        if (!isPossible)
            return false;
    }
    return true;
}

Claim noneHolds(const std::optional<std::vector<Case>> &cases)
{
    if (!cases)
        return Claim::TooManyCases;
    return std::ranges::any_of(*cases, caseMayHold) ? Claim::No : Claim::Yes;
}

Expr bothOf(Expr a, Expr b)
{
    Expr both { .kind = Expr::Kind::And };
    both.children = { std::move(a), std::move(b) };
    return both;
}

} // namespace

Claim neverHolds(const Expr &expr)
{
    return noneHolds(casesOf(expr, false));
}

Claim alwaysHolds(const Expr &expr)
{
    return noneHolds(casesOf(expr, true));
}

Claim implies(const Expr &narrow, const Expr &wide)
{
    Expr opposite { .kind = Expr::Kind::Not };
    opposite.children = { wide };
    return neverHolds(bothOf(narrow, std::move(opposite)));
}

bool mayHoldTogether(const Expr &a, const Expr &b)
{
    return neverHolds(bothOf(a, b)) != Claim::Yes;
}

bool holdsFor(const Test &test, const QString &value)
{
    const Literal literal { &test, false };
    return holds(literal, { Candidate::Kind::Word, value, 0 });
}

} // namespace tierline::rules
