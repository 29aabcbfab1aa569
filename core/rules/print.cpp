#include "core/rules/print.h"

#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qsizetype lineLength = 100;

QString verb(const FactInfo &fact)
{
    return fact.isPlural ? u"are"_s : u"is"_s;
}

QString valueText(const FactInfo &fact, const Value &value)
{
    return print(value, !fact.isQuoted);
}

QString comparisonText(const Test &test)
{
    QStringList values;
    for (const Value &value : test.values)
        values.append(valueText(*test.fact, value));
    const QString words = operatorWords(*test.fact, test.op);
    return values.isEmpty() ? words : words + u' ' + values.join(u" or "_s);
}

/// `3`, `over 3`: a count leaves "at least" out.
QString countText(const Test &test)
{
    const QString number = print(test.values.front());
    switch (test.op) {
    case Operator::Is: return u"exactly "_s + number;
    case Operator::Over: return u"over "_s + number;
    case Operator::AtMost: return u"at most "_s + number;
    case Operator::Under: return u"under "_s + number;
    default: return number;
    }
}

QString nameText(Slot slot, const QString &name)
{
    return slot == Slot::Tier && isPlainWord(name) ? name : quoted(name);
}

bool isAlwaysQuoted(Slot slot)
{
    switch (slot) {
    case Slot::Tier:
    case Slot::Agent:
    case Slot::Kind:
    case Slot::Reason:
    case Slot::Priority:
    case Slot::Severity:
    case Slot::Status:
    case Slot::Tag:
    case Slot::Role:
    case Slot::Category:
    case Slot::Type:
    case Slot::Until: return false;
    default: return true;
    }
}

QString argumentText(const Argument &argument)
{
    return print(argument.value, !isAlwaysQuoted(argument.slot));
}

/// The first pattern of an action whose arguments are all there.
const Pattern &fitting(const Action &action)
{
    for (const Pattern &pattern : action.info->parts) {
        const bool fits = std::all_of(pattern.begin(), pattern.end(), [&](const PatternPart &part) {
            return part.kind != PatternPart::Kind::Argument || part.slot == Slot::Steps
                || action.find(part.slot);
        });
        if (fits)
            return pattern;
    }
    return action.info->parts.front();
}

/// Lines of a text, each begun at a column of its own, with comments above and beside.
class Lines
{
public:
    explicit Lines(QString lead)
        : m_line(std::move(lead))
    {
    }

    /// `words` on the present line, or on lines of their own where they have comments.
    void item(const QString &words, const Comments &comments, qsizetype column)
    {
        for (const QString &comment : comments.above) {
            if (!m_line.trimmed().isEmpty()) {
                // What joins stays behind; the comment stands between.
                m_text += trimmedEnd(m_line) + u'\n';
            }
            m_text += QString(column, u' ') + commentText(comment) + u'\n';
            m_line = QString(column, u' ');
        }
        m_line += words;
        if (!comments.beside.isEmpty()) {
            m_line += u' ' + commentText(comments.beside);
            m_isClosed = true;
        }
    }

    /// More on the same line, or on a next one where a comment closed it.
    void more(const QString &words, qsizetype column)
    {
        if (m_isClosed)
            newLine(column);
        m_line += words;
    }

    void newLine(qsizetype column)
    {
        m_text += trimmedEnd(m_line) + u'\n';
        m_line = QString(column, u' ');
        m_isClosed = false;
    }

    bool isClosed() const { return m_isClosed; }

    QString take() { return m_text + trimmedEnd(m_line) + u'\n'; }

    static QString commentText(const QString &comment)
    {
        return comment.isEmpty() ? u"#"_s : u"# "_s + comment;
    }

private:
    static QString trimmedEnd(QString line)
    {
        while (line.endsWith(u' '))
            line.chop(1);
        return line;
    }

    QString m_text;
    QString m_line;
    bool m_isClosed = false;
};

bool hasComments(const Expr &expr)
{
    bool has = false;
    forEachTest(expr, [&](const Test &test) { has = has || !test.comments.isEmpty(); });
    return has;
}

bool needsBrackets(const Expr &expr, Expr::Kind inside)
{
    if (expr.kind == Expr::Kind::Or)
        return inside == Expr::Kind::And || inside == Expr::Kind::Not;
    return expr.kind == Expr::Kind::And && inside == Expr::Kind::Not;
}

void writeExpr(Lines &lines, const Expr &expr, qsizetype column, bool isSpread)
{
    switch (expr.kind) {
    case Expr::Kind::Test: lines.item(print(expr.test), expr.test.comments, column); return;
    case Expr::Kind::Not:
    case Expr::Kind::And:
    case Expr::Kind::Or: break;
    }
    const bool isNot = expr.kind == Expr::Kind::Not;
    const QString joint = isNot ? u"not "_s : expr.kind == Expr::Kind::And ? u"and "_s : u"or "_s;
    for (size_t i = 0; i < expr.children.size(); ++i) {
        if (i > 0 && (isSpread || lines.isClosed()))
            lines.newLine(column);
        else if (i > 0)
            lines.more(u" "_s, column);
        if (i > 0 || isNot)
            lines.more(joint, column);
        const Expr &child = expr.children[i];
        const bool isInBrackets = needsBrackets(child, expr.kind);
        if (isInBrackets)
            lines.more(u"("_s, column);
        writeExpr(lines, child, column + (isInBrackets ? 2 : 0), isSpread && hasComments(child));
        if (isInBrackets)
            lines.more(u")"_s, column);
    }
}

void writeCondition(Lines &lines, const Expr &expr, qsizetype column)
{
    const bool isSpread = hasComments(expr)
        || (expr.kind != Expr::Kind::Test && print(expr).size() + column > lineLength);
    writeExpr(lines, expr, column, isSpread);
}

QString optionsText(const Action &action)
{
    const Pattern &pattern = fitting(action);
    QString text;
    for (const Argument &argument : action.arguments) {
        const bool isInPattern
            = std::any_of(pattern.begin(), pattern.end(), [&](const PatternPart &part) {
                  return part.kind == PatternPart::Kind::Argument && part.slot == argument.slot;
              });
        if (isInPattern)
            continue;
        for (const ActionOption &option : action.info->options) {
            if (option.slot == argument.slot)
                text += u' ' + option.keyword + u' ' + argumentText(argument);
        }
    }
    return text;
}

bool hasComments(const Action &action)
{
    return std::any_of(action.steps.begin(), action.steps.end(), [](const Step &step) {
        return std::any_of(step.actions.begin(), step.actions.end(),
            [](const Action &inner) { return !inner.comments.isEmpty(); });
    });
}

/// A ladder with comments in it has a line for each of its actions.
void writeLadder(Lines &lines, const Action &action, qsizetype column)
{
    lines.item(u"ladder ("_s, { .above = action.comments.above }, column);
    for (size_t i = 0; i < action.steps.size(); ++i) {
        const Step &step = action.steps[i];
        if (i > 0)
            lines.more(u","_s, column + 4);
        lines.newLine(column + 4);
        lines.more(u"after "_s + print(step.after) + u' ', column + 4);
        for (size_t j = 0; j < step.actions.size(); ++j) {
            if (j > 0) {
                lines.newLine(column + 4);
                lines.more(u"and "_s, column + 4);
            }
            lines.item(print(step.actions[j]), step.actions[j].comments, column + 4);
        }
    }
    lines.more(u")"_s + optionsText(action), column + 4);
    if (!action.comments.beside.isEmpty())
        lines.item({}, { .beside = action.comments.beside }, column);
}

QString comments(const QStringList &above)
{
    QString text;
    for (const QString &comment : above)
        text += Lines::commentText(comment) + u'\n';
    return text;
}

} // namespace

QString operatorWords(const FactInfo &fact, Operator op)
{
    switch (op) {
    case Operator::Holds: return {};
    case Operator::Is: return verb(fact);
    case Operator::IsNot: return verb(fact) + u" not"_s;
    case Operator::AtLeast: return verb(fact) + u" at least"_s;
    case Operator::Over: return verb(fact) + u" over"_s;
    case Operator::AtMost: return verb(fact) + u" at most"_s;
    case Operator::Under: return verb(fact) + u" under"_s;
    case Operator::IsEmpty: return verb(fact) + u" empty"_s;
    case Operator::IsFilled: return verb(fact) + u" filled"_s;
    case Operator::Includes: return u"include"_s;
    case Operator::Excludes: return u"do not include"_s;
    case Operator::Mentions: return u"mentions"_s;
    case Operator::MentionsNot: return u"does not mention"_s;
    case Operator::Matches: return u"matches"_s;
    case Operator::MatchesNot: return u"does not match"_s;
    }
    return {};
}

QString print(const Test &test)
{
    if (!test.fact)
        return {};
    QStringList words;
    for (const PatternPart &part : test.fact->parts.front()) {
        using Kind = PatternPart::Kind;
        switch (part.kind) {
        case Kind::Words: words.append(part.words.front()); break;
        case Kind::Compare: words.append(comparisonText(test)); break;
        case Kind::Count: words.append(countText(test)); break;
        case Kind::For:
        case Kind::Below: words.append(print(test.values.front())); break;
        case Kind::Window: words.append(print(*test.window)); break;
        case Kind::Name: words.append(nameText(part.slot, test.name)); break;
        case Kind::Argument: break;
        }
    }
    return words.join(u' ');
}

QString print(const Expr &expr)
{
    switch (expr.kind) {
    case Expr::Kind::Test: return print(expr.test);
    case Expr::Kind::Not:
    case Expr::Kind::And:
    case Expr::Kind::Or: break;
    }
    QStringList parts;
    for (const Expr &child : expr.children) {
        const QString text = print(child);
        parts.append(needsBrackets(child, expr.kind) ? u'(' + text + u')' : text);
    }
    if (expr.kind == Expr::Kind::Not)
        return u"not "_s + parts.join(u' ');
    return parts.join(expr.kind == Expr::Kind::And ? u" and "_s : u" or "_s);
}

QString print(const Action &action)
{
    QStringList words;
    for (const PatternPart &part : fitting(action)) {
        if (part.kind == PatternPart::Kind::Words) {
            words.append(part.words.front());
        } else if (part.slot == Slot::Steps) {
            QStringList steps;
            for (const Step &step : action.steps) {
                QStringList actions;
                for (const Action &inner : step.actions)
                    actions.append(print(inner));
                steps.append(u"after "_s + print(step.after) + u' ' + actions.join(u" and "_s));
            }
            words.append(u'(' + steps.join(u", "_s) + u')');
        } else if (const Value *value = action.find(part.slot)) {
            words.append(argumentText({ part.slot, *value }));
        }
    }
    return words.join(u' ') + optionsText(action);
}

QString print(const Rule &rule)
{
    Lines lines(u"  when "_s);
    writeCondition(lines, rule.when, 7);
    QString text = comments(rule.comments) + u"rule "_s + quoted(rule.name) + u'\n' + lines.take();
    Lines actions(u"  then "_s);
    for (size_t i = 0; i < rule.then.size(); ++i) {
        if (i > 0) {
            actions.newLine(7);
            actions.more(u"and "_s, 7);
        }
        if (hasComments(rule.then[i]))
            writeLadder(actions, rule.then[i], 7);
        else
            actions.item(print(rule.then[i]), rule.then[i].comments, 7);
    }
    text += actions.take();
    return rule.goesOn ? text + u"  continue\n"_s : text;
}

QString print(const WordList &list)
{
    QString text = comments(list.comments) + u"list "_s + quoted(list.name);
    if (!list.language.isEmpty())
        text += u" in "_s + quoted(list.language);
    text += u':';
    qsizetype length = text.size();
    for (qsizetype i = 0; i < list.words.size(); ++i) {
        const QString word
            = quoted(list.words[i]) + (i + 1 < list.words.size() ? u","_s : QString());
        const bool isFull = length + word.size() + 1 > lineLength && i > 0;
        text += isFull ? u"\n    "_s + word : u' ' + word;
        length = isFull ? 4 + word.size() : length + word.size() + 1;
    }
    return text + u'\n';
}

QString print(const PriorityPolicy &policy)
{
    const bool isScore = policy.mode == PriorityPolicy::Mode::Score;
    QString text = comments(policy.comments) + u"priority policy "_s + quoted(policy.name)
        + (isScore ? u" by score\n"_s : u" by first match\n"_s);
    for (const PolicyLine &line : policy.lines) {
        for (const QString &comment : line.comments.above)
            text += u"  "_s + Lines::commentText(comment) + u'\n';
        const QString lead = u"  "_s
            + (isScore ? QString::number(line.weight) : code(line.priority)) + u" when "_s;
        Lines lines(lead);
        writeCondition(lines, line.when, lead.size());
        text += lines.take();
    }
    for (const auto &threshold : policy.thresholds)
        text += u"  %1 from %2\n"_s.arg(code(threshold.priority)).arg(threshold.from);
    return text + u"  otherwise %1\n"_s.arg(code(policy.otherwise));
}

QString print(const Document &document)
{
    QStringList parts;
    for (const WordList &list : document.lists)
        parts.append(print(list));
    for (const Rule &rule : document.rules)
        parts.append(print(rule));
    for (const PriorityPolicy &policy : document.policies)
        parts.append(print(policy));
    if (!document.comments.isEmpty())
        parts.append(comments(document.comments));
    return parts.join(u'\n');
}

Expr normalised(Expr expr)
{
    for (Expr &child : expr.children)
        child = normalised(std::move(child));
    if (expr.kind != Expr::Kind::And && expr.kind != Expr::Kind::Or)
        return expr;
    if (expr.children.size() == 1) {
        // By way of a name of its own: it lies inside what it replaces.
        Expr only = std::move(expr.children.front());
        return only;
    }
    std::vector<Expr> flat;
    for (Expr &child : expr.children) {
        if (child.kind == expr.kind)
            std::move(child.children.begin(), child.children.end(), std::back_inserter(flat));
        else
            flat.push_back(std::move(child));
    }
    expr.children = std::move(flat);
    return expr;
}

} // namespace tierline::rules
