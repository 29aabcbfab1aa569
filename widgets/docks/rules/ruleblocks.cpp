#include "widgets/docks/rules/ruleblocks.h"

#include "core/rules/parse.h"
#include "core/rules/print.h"
#include "widgets/docks/rules/completion.h"

#include <QCoreApplication>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using rules::Expr;
using rules::FactInfo;
using rules::FactType;
using rules::Operator;
using rules::PatternPart;
using rules::Slot;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(RuleBlocks)
};

/// Whether fields say all of it: written from them, it reads the same.
bool areFieldsEnough(const rules::Test &test)
{
    if (!test.fact)
        return false;
    const rules::ParsedCondition read = rules::parseCondition(writtenCondition(fieldsOf(test)));
    rules::Test bare = test;
    bare.comments = {};
    return read.problems.empty() && read.expr.kind == Expr::Kind::Test && read.expr.test == bare;
}

bool areFieldsEnough(const rules::Action &action)
{
    if (!action.info || !action.steps.empty())
        return false;
    const rules::ParsedActions read = rules::parseActions(writtenAction(fieldsOf(action)));
    rules::Action bare = action;
    bare.comments = {};
    return read.problems.empty() && read.actions.size() == 1 && read.actions.front() == bare;
}

Block wordsBlock(const Expr &expr)
{
    return { .kind = Block::Kind::Words, .expr = expr };
}

Block blockOf(const Expr &expr)
{
    switch (expr.kind) {
    case Expr::Kind::Test:
        return areFieldsEnough(expr.test)
            ? Block { .kind = Block::Kind::Condition, .test = expr.test }
            : wordsBlock(expr);
    case Expr::Kind::Not: {
        Block inner = blockOf(expr.children.front());
        if (inner.isNegated || inner.kind == Block::Kind::Words)
            return wordsBlock(expr);
        inner.isNegated = true;
        return inner;
    }
    case Expr::Kind::And:
    case Expr::Kind::Or: break;
    }
    Block group { .kind = expr.kind == Expr::Kind::And ? Block::Kind::All : Block::Kind::Any };
    for (const Expr &child : expr.children)
        group.children.push_back(blockOf(child));
    return group;
}

Block blockOf(const rules::Action &action)
{
    return { .kind = areFieldsEnough(action) ? Block::Kind::Action : Block::Kind::Words,
        .action = action };
}

QString argumentText(Slot slot, const QString &raw)
{
    switch (slot) {
    case Slot::Text: return rules::quoted(raw);
    case Slot::Repeat:
    case Slot::Idle:
    case Slot::Until: return raw;
    default: return writtenName(raw);
    }
}

QString plainText(const rules::Value &value)
{
    const bool isWords = value.kind == rules::ValueKind::Word
        || value.kind == rules::ValueKind::Text || value.kind == rules::ValueKind::List;
    return isWords ? value.text : rules::print(value);
}

QList<Slot> slotsOf(const rules::Pattern &pattern)
{
    QList<Slot> holes;
    for (const PatternPart &part : pattern) {
        if (part.kind == PatternPart::Kind::Argument || part.kind == PatternPart::Kind::Name)
            holes.append(part.slot);
    }
    return holes;
}

} // namespace

// ---- rules and rows

RuleBlocks blocksOf(const rules::Rule &rule)
{
    RuleBlocks blocks;
    Block when = blockOf(rule.when);
    const bool isRoot = when.isGroup() && !when.isNegated;
    blocks.when = isRoot ? std::move(when) : Block { .kind = Block::Kind::All };
    if (!isRoot)
        blocks.when.children.push_back(std::move(when));
    for (const rules::Action &action : rule.then)
        blocks.then.push_back(blockOf(action));
    // Should rows ever say something else than the rule, its words are shown instead.
    const std::optional<Expr> again = exprOf(blocks.when);
    if (!again || !(*again == rule.when))
        blocks.when = { .kind = Block::Kind::All, .children = { wordsBlock(rule.when) } };
    return blocks;
}

std::optional<Expr> exprOf(const Block &block)
{
    Expr expr;
    switch (block.kind) {
    case Block::Kind::Condition: expr.test = block.test; break;
    case Block::Kind::Words: return block.expr;
    case Block::Kind::Action: return std::nullopt;
    case Block::Kind::All:
    case Block::Kind::Any:
        expr.kind = block.kind == Block::Kind::All ? Expr::Kind::And : Expr::Kind::Or;
        for (const Block &child : block.children) {
            if (auto inner = exprOf(child))
                expr.children.push_back(std::move(*inner));
        }
        if (expr.children.empty())
            return std::nullopt;
        break;
    }
    expr = rules::normalised(std::move(expr));
    if (!block.isNegated)
        return expr;
    Expr negated { .kind = Expr::Kind::Not };
    negated.children.push_back(std::move(expr));
    return negated;
}

bool putInto(rules::Rule &rule, const RuleBlocks &blocks)
{
    std::optional<Expr> when = exprOf(blocks.when);
    if (!when || blocks.then.empty())
        return false;
    rule.when = rules::normalised(std::move(*when));
    rule.then.clear();
    for (const Block &block : blocks.then)
        rule.then.push_back(block.action);
    return true;
}

QString wordsOf(const Block &block)
{
    switch (block.kind) {
    case Block::Kind::All:
        return block.isNegated ? Words::tr("not all of these hold")
                               : Words::tr("all of these hold");
    case Block::Kind::Any:
        return block.isNegated ? Words::tr("none of these holds") : Words::tr("one of these holds");
    case Block::Kind::Condition:
        return (block.isNegated ? u"not "_s : QString()) + rules::print(block.test);
    case Block::Kind::Words:
        return block.acts() ? rules::print(block.action) : rules::print(block.expr);
    case Block::Kind::Action: return rules::print(block.action);
    }
    return {};
}

// ---- conditions in fields

FactShape shapeOf(const FactInfo &fact)
{
    FactShape shape;
    for (const PatternPart &part : fact.parts.front()) {
        switch (part.kind) {
        case PatternPart::Kind::Compare: shape.compares = true; break;
        case PatternPart::Kind::Count: shape.counts = true; break;
        case PatternPart::Kind::For:
        case PatternPart::Kind::Below: shape.takesTime = true; break;
        case PatternPart::Kind::Window: shape.takesWindow = true; break;
        case PatternPart::Kind::Name: shape.name = part.slot; break;
        case PatternPart::Kind::Words:
        case PatternPart::Kind::Argument: break;
        }
    }
    return shape;
}

QList<Operator> operatorsOf(const FactInfo &fact)
{
    using enum Operator;
    const FactShape shape = shapeOf(fact);
    if (shape.counts)
        return { AtLeast, Over, Is, AtMost, Under };
    if (!shape.compares)
        return {};
    switch (fact.type) {
    case FactType::Choice:
        return fact.isOrdered
            ? QList<Operator> { Is, IsNot, AtLeast, Over, AtMost, Under, IsEmpty, IsFilled }
            : QList<Operator> { Is, IsNot, IsEmpty, IsFilled };
    case FactType::Names: return { Includes, Excludes, IsEmpty, IsFilled };
    case FactType::Text: return { Mentions, MentionsNot, Matches, MatchesNot, IsEmpty, IsFilled };
    case FactType::Any: return { Is, IsNot, AtLeast, Over, AtMost, Under, IsEmpty, IsFilled };
    default: return { AtLeast, Over, AtMost, Under, Is, IsNot, IsEmpty, IsFilled };
    }
}

QString operatorText(const FactInfo &fact, Operator op)
{
    if (!shapeOf(fact).counts)
        return rules::operatorWords(fact, op);
    switch (op) {
    case Operator::Is: return u"exactly"_s;
    case Operator::Over: return u"over"_s;
    case Operator::AtMost: return u"at most"_s;
    case Operator::Under: return u"under"_s;
    default: return u"at least"_s;
    }
}

QString titleOf(const rules::Pattern &pattern)
{
    QStringList words;
    for (const PatternPart &part : pattern) {
        if (part.kind == PatternPart::Kind::Words)
            words.append(part.words.front());
        else if (part.kind == PatternPart::Kind::Count || part.kind == PatternPart::Kind::Name
            || part.kind == PatternPart::Kind::Argument)
            words.append(u"…"_s);
    }
    return words.join(u' ');
}

ConditionFields fieldsOf(const rules::Test &test)
{
    ConditionFields fields { .fact = test.fact, .name = test.name, .op = test.op };
    if (!test.fact)
        return fields;
    QStringList values;
    for (const rules::Value &value : test.values)
        values.append(rules::print(value, !test.fact->isQuoted));
    fields.values = values.join(u" or "_s);
    if (test.window)
        fields.window = rules::print(*test.window);
    return fields;
}

QString writtenCondition(const ConditionFields &fields)
{
    QStringList words;
    if (!fields.fact)
        return {};
    const QString value = fields.values.trimmed();
    for (const PatternPart &part : fields.fact->parts.front()) {
        switch (part.kind) {
        case PatternPart::Kind::Words: words.append(part.words.front()); break;
        case PatternPart::Kind::Compare: {
            const bool isAlone = fields.op == Operator::IsEmpty || fields.op == Operator::IsFilled;
            words.append(operatorText(*fields.fact, fields.op));
            if (!isAlone)
                words.append(value);
            break;
        }
        case PatternPart::Kind::Count:
            // "at least" is what a bare count means, and is left out as the printer does.
            if (fields.op != Operator::AtLeast && fields.op != Operator::Holds)
                words.append(operatorText(*fields.fact, fields.op));
            words.append(value);
            break;
        case PatternPart::Kind::For:
        case PatternPart::Kind::Below: words.append(value); break;
        case PatternPart::Kind::Window: words.append(fields.window.trimmed()); break;
        case PatternPart::Kind::Name:
            words.append(
                part.slot == Slot::Tier ? writtenName(fields.name) : rules::quoted(fields.name));
            break;
        case PatternPart::Kind::Argument: break;
        }
    }
    return words.join(u' ');
}

// ---- actions in fields

QList<size_t> patternsOf(const rules::ActionInfo &info)
{
    QList<size_t> patterns;
    QList<QList<Slot>> seen;
    for (size_t i = 0; i < info.parts.size(); ++i) {
        const QList<Slot> holes = slotsOf(info.parts[i]);
        if (holes.contains(Slot::Steps) || seen.contains(holes))
            continue;
        seen.append(holes);
        patterns.append(i);
    }
    return patterns;
}

ActionFields fieldsOf(const rules::Action &action)
{
    ActionFields fields { .info = action.info };
    for (const rules::Argument &argument : action.arguments)
        fields.arguments.insert(argument.slot, plainText(argument.value));
    // The first whose arguments are all there, as the printer chooses it.
    for (size_t i = 0; i < action.info->parts.size(); ++i) {
        const QList<Slot> holes = slotsOf(action.info->parts[i]);
        if (std::ranges::all_of(
                holes, [&](Slot slot) { return fields.arguments.contains(slot); })) {
            fields.pattern = i;
            break;
        }
    }
    return fields;
}

QString writtenAction(const ActionFields &fields)
{
    if (!fields.info || fields.pattern >= fields.info->parts.size())
        return {};
    QStringList words;
    QList<Slot> said;
    for (const PatternPart &part : fields.info->parts[fields.pattern]) {
        if (part.kind == PatternPart::Kind::Words) {
            words.append(part.words.front());
            continue;
        }
        said.append(part.slot);
        const QString value = fields.arguments.value(part.slot).trimmed();
        if (!value.isEmpty()) // what is missing is said by the reader, at its place
            words.append(argumentText(part.slot, value));
    }
    for (const rules::ActionOption &option : fields.info->options) {
        const QString value = fields.arguments.value(option.slot).trimmed();
        if (!value.isEmpty() && !said.contains(option.slot))
            words.append(option.keyword + u' ' + argumentText(option.slot, value));
    }
    return words.join(u' ');
}

} // namespace tierline::ui
