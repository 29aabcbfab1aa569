#include "tests/support/rules/rulegenerator.h"

#include <array>

using namespace Qt::StringLiterals;

namespace tierline::test {

using namespace rules;

namespace {

template<size_t N>
QString pick(RuleGenerator &generator, const std::array<const char16_t *, N> &from)
{
    return QString::fromUtf16(from[size_t(generator.below(qint64(N)))]);
}

} // namespace

QString RuleGenerator::word()
{
    static constexpr std::array<const char16_t *, 24> words { u"billing", u"enterprise", u"L2",
        u"sla-risk", u"open", u"complex", u"not", u"or", u"list", u"rule", u"Über-Team", u"a b",
        u"two  words", u"quote\"inside", u"back\\slash", u"ends\\", u"404", u"$5", u"x.y/z@w",
        u"日本語", u"#hash", u"priority", u"is", u"tier" };
    return pick(*this, words);
}

QString RuleGenerator::phrase()
{
    static constexpr std::array<const char16_t *, 12> phrases { u"refund", u"money back",
        u"charge*", u"\\brefund\\b", u"INV-[0-9]+", u"a\\\\b", u"(one|two)", u"ça va",
        u"say \"no\"", u"lawyer", u"x{2,3}", u"sue you" };
    return pick(*this, phrases);
}

QStringList RuleGenerator::commentLines()
{
    QStringList lines;
    static constexpr std::array<const char16_t *, 5> texts { u"Agreed with finance in May",
        u"see #12", u"\"quoted\"", u"then and when", u"über" };
    for (auto count = below(3); count > 0; --count)
        lines.append(once(12) ? QString() : pick(*this, texts));
    return lines;
}

Comments RuleGenerator::comments()
{
    if (!m_hasComments || !once(6))
        return {};
    Comments made { .above = commentLines() };
    if (once(2))
        made.beside = u"beside"_s;
    return made;
}

Value RuleGenerator::wall()
{
    const auto unit = TimeUnit(below(5));
    return Value::span(1 + below(unit == TimeUnit::Week ? 20 : 90), unit);
}

Value RuleGenerator::service()
{
    return Value::span(1 + below(90), TimeUnit(below(3)), true);
}

Value RuleGenerator::value(const FactInfo &fact)
{
    switch (fact.type) {
    case FactType::Money: return { .kind = ValueKind::Money, .amount = below(100'000'000) * 10 };
    case FactType::Percent: return { .kind = ValueKind::Percent, .amount = below(400'000) };
    case FactType::Number: return { .kind = ValueKind::Number, .amount = below(200'000) - 100'000 };
    default: break;
    }
    if (!fact.choices.isEmpty())
        return Value::word(fact.choices[below(fact.choices.size())]);
    return Value::word(word());
}

void RuleGenerator::compare(Test &test)
{
    const FactInfo &fact = *test.fact;
    if (once(10)) {
        test.op = once(2) ? Operator::IsEmpty : Operator::IsFilled;
        return;
    }
    static constexpr std::array bounds { Operator::Is, Operator::IsNot, Operator::AtLeast,
        Operator::Over, Operator::AtMost, Operator::Under };
    const bool isNegated = once(3);
    const auto many = size_t(once(3) ? 1 + below(4) : 1);
    switch (fact.type) {
    case FactType::Text: {
        const bool arePatterns = once(3);
        test.op = arePatterns ? (isNegated ? Operator::MatchesNot : Operator::Matches)
                              : (isNegated ? Operator::MentionsNot : Operator::Mentions);
        while (test.values.size() < many)
            test.values.push_back(
                !arePatterns && once(4) ? Value::list(u"legal words"_s) : Value::string(phrase()));
        return;
    }
    case FactType::Names: test.op = isNegated ? Operator::Excludes : Operator::Includes; break;
    case FactType::Choice: test.op = bounds[size_t(below(fact.isOrdered ? 6 : 2))]; break;
    case FactType::Any:
        if (once(2)) {
            const std::array kinds { FactType::Money, FactType::Percent, FactType::Number };
            const FactInfo like { .type = kinds[size_t(below(3))] };
            test.op = bounds[size_t(below(6))];
            test.values = { value(like) };
            return;
        }
        test.op = bounds[size_t(below(2))];
        break;
    default:
        test.op = bounds[size_t(below(6))];
        test.values = { value(fact) };
        return;
    }
    const bool isOne = test.op >= Operator::AtLeast && test.op <= Operator::Under;
    while (test.values.size() < (isOne ? 1 : many))
        test.values.push_back(value(fact));
}

Test RuleGenerator::test(const FactInfo &fact)
{
    Test test { .fact = &fact };
    using Kind = PatternPart::Kind;
    static constexpr std::array counts { Operator::Is, Operator::AtLeast, Operator::Over,
        Operator::AtMost, Operator::Under };
    for (const PatternPart &part : fact.parts.front()) {
        switch (part.kind) {
        case Kind::Compare: compare(test); break;
        case Kind::Count:
            test.op = once(2) ? Operator::AtLeast : counts[size_t(below(5))];
            test.values = { Value::number(below(20)) };
            break;
        case Kind::For: test.values = { once(3) ? service() : wall() }; break;
        case Kind::Below:
            test.values = { once(3) ? Value::percent(below(101)) : once(2) ? service() : wall() };
            break;
        case Kind::Window: test.window = wall(); break;
        case Kind::Name: test.name = word(); break;
        case Kind::Words:
        case Kind::Argument: break;
        }
    }
    test.comments = comments();
    return test;
}

Test RuleGenerator::anyTest()
{
    const auto &all = factTable().all();
    return test(all[size_t(below(qint64(all.size())))]);
}

Expr RuleGenerator::expr(int depth)
{
    if (depth <= 0 || once(3))
        return { .kind = Expr::Kind::Test, .test = anyTest() };
    Expr made { .kind = once(4) ? Expr::Kind::Not : once(3) ? Expr::Kind::Or : Expr::Kind::And };
    const auto many = made.kind == Expr::Kind::Not ? 1 : 2 + below(3);
    for (qint64 i = 0; i < many; ++i)
        made.children.push_back(expr(depth - 1));
    return made;
}

Value RuleGenerator::argument(Slot slot)
{
    const auto of
        = [&](const QStringList &codes) { return Value::word(codes[below(codes.size())]); };
    switch (slot) {
    case Slot::Kind: return of(codes<EscalationKind>());
    case Slot::Priority: return of(codes<Priority>());
    case Slot::Severity: return of(codes<Severity>());
    case Slot::Role: return of(codes<Role>());
    case Slot::Status: return of({ u"new"_s, u"open"_s, u"pending"_s, u"hold"_s });
    case Slot::Until: return of({ u"accepted"_s, u"solved"_s });
    case Slot::Reason: return of({ u"sla-risk"_s, u"customer-asked"_s, u"legal"_s, u"vip"_s });
    case Slot::Repeat: return Value::number(1 + below(9));
    case Slot::Idle: return once(2) ? wall() : service();
    case Slot::Text: return Value::string(phrase());
    default: return Value::word(word());
    }
}

void RuleGenerator::addOption(Action &action, Slot slot)
{
    if (!action.find(slot))
        action.arguments.push_back({ slot, argument(slot) });
}

Action RuleGenerator::action(const ActionInfo &info)
{
    Action made { .info = &info };
    for (const PatternPart &part : info.parts[size_t(below(qint64(info.parts.size())))]) {
        if (part.kind != PatternPart::Kind::Argument)
            continue;
        if (part.slot != Slot::Steps) {
            made.arguments.push_back({ part.slot, argument(part.slot) });
            continue;
        }
        qint64 minutes = 0;
        for (auto steps = 1 + below(4); steps > 0; --steps) {
            minutes += 1 + below(200);
            Step step { .after = Value::span(minutes, TimeUnit::Minute) };
            for (auto count = 1 + below(2); count > 0; --count) {
                const auto &all = actionTable().all();
                const ActionInfo *inner = &all[size_t(below(qint64(all.size())))];
                if (inner->isInLadder)
                    step.actions.push_back(action(*inner));
            }
            if (step.actions.empty())
                step.actions.push_back({ .info = actionTable().find(u"remind") });
            made.steps.push_back(std::move(step));
        }
    }
    for (const ActionOption &option : info.options) {
        if (once(2))
            addOption(made, option.slot);
    }
    // The order in which a parser leaves them.
    std::vector<Slot> order;
    for (const Pattern &pattern : info.parts) {
        for (const PatternPart &part : pattern)
            if (part.kind == PatternPart::Kind::Argument)
                order.push_back(part.slot);
    }
    for (const ActionOption &option : info.options)
        order.push_back(option.slot);
    std::stable_sort(
        made.arguments.begin(), made.arguments.end(), [&](const Argument &a, const Argument &b) {
            return std::find(order.begin(), order.end(), a.slot)
                < std::find(order.begin(), order.end(), b.slot);
        });
    made.comments = comments();
    return made;
}

Rule RuleGenerator::rule(const QString &name, bool hasComments)
{
    m_hasComments = hasComments;
    Rule made { .name = name, .when = normalised(expr(int(below(5)))), .goesOn = once(3) };
    const auto &all = actionTable().all();
    for (auto count = 1 + below(4); count > 0; --count)
        made.then.push_back(action(all[size_t(below(qint64(all.size())))]));
    if (hasComments && once(3))
        made.comments = commentLines();
    return made;
}

PriorityPolicy RuleGenerator::policy(const QString &name)
{
    PriorityPolicy made { .name = name };
    made.mode = once(2) ? PriorityPolicy::Mode::Score : PriorityPolicy::Mode::FirstMatch;
    const bool isScore = made.mode == PriorityPolicy::Mode::Score;
    for (auto count = 1 + below(5); count > 0; --count) {
        PolicyLine line { .when = normalised(expr(2)) };
        if (isScore)
            line.weight = int(once(3) ? -1 - below(50) : 1 + below(50));
        else
            line.priority = Priority(below(4));
        made.lines.push_back(std::move(line));
    }
    if (isScore) {
        made.thresholds = { { Priority::Urgent, 80 }, { Priority::High, int(below(50)) } };
        if (once(2))
            made.thresholds.push_back({ Priority::Normal, -5 });
    }
    made.otherwise = Priority(below(4));
    return made;
}

Document RuleGenerator::document(int rules, bool hasComments)
{
    Document made;
    made.lists.push_back({ .name = u"legal words"_s,
        .language = u"en"_s,
        .words = { u"lawsuit"_s, u"attorney*"_s } });
    for (auto count = below(3); count > 0; --count) {
        WordList list { .name = u"words %1"_s.arg(count) };
        for (auto words = 1 + below(40); words > 0; --words)
            list.words.append(phrase());
        if (hasComments && once(3))
            list.comments = commentLines();
        made.lists.push_back(std::move(list));
    }
    for (int i = 0; i < rules; ++i)
        made.rules.push_back(rule(u"Rule %1"_s.arg(i), hasComments));
    m_hasComments = hasComments;
    if (once(3))
        made.policies.push_back(policy(u"Policy"_s));
    if (hasComments && once(4))
        made.comments = commentLines();
    return made;
}

} // namespace tierline::test
