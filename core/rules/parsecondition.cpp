#include "core/rules/parser_p.h"

#include "core/rules/print.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

Expr Parser::condition()
{
    return orExpr();
}

Expr Parser::orExpr()
{
    Expr expr { .kind = Expr::Kind::Or };
    expr.children.push_back(andExpr());
    while (!m_isRuleLost && now().isWord(u"or")) {
        advance();
        expr.children.push_back(andExpr());
    }
    return normalised(std::move(expr));
}

Expr Parser::andExpr()
{
    Expr expr { .kind = Expr::Kind::And };
    expr.children.push_back(notExpr());
    while (!m_isRuleLost && now().isWord(u"and")) {
        advance();
        expr.children.push_back(notExpr());
    }
    return normalised(std::move(expr));
}

Expr Parser::notExpr()
{
    const bool isNegated = now().isWord(u"not");
    if (!isNegated && !now().isSign(u"("))
        return testExpr();
    if (++m_depth > limits::depth) {
        complain(m_at,
            u"Brackets and \"not\" are nested more than %1 deep; divide the rule."_s.arg(
                limits::depth));
        m_isRuleLost = true;
        skipToTop();
        return {};
    }
    Expr expr;
    if (isNegated) {
        advance();
        expr.kind = Expr::Kind::Not;
        expr.children.push_back(notExpr());
    } else {
        expr = brackets();
    }
    --m_depth;
    return expr;
}

Expr Parser::brackets()
{
    const size_t open = m_at;
    advance();
    Expr expr = orExpr();
    if (m_isRuleLost)
        return expr;
    if (now().isSign(u")")) {
        advance();
        return expr;
    }
    if (now().isWord(u"then") || isTop(m_at))
        complain(open, u"This bracket is not closed; expected \")\" before %1."_s.arg(found(m_at)));
    else
        complain(m_at, u"Expected \"and\", \"or\" or \")\", found %1."_s.arg(found(m_at)), {},
            { u"and"_s, u"or"_s, u")"_s });
    while (!now().isSign(u")") && !now().isWord(u"then") && !isTop(m_at))
        ++m_at;
    if (now().isSign(u")"))
        advance();
    return expr;
}

Expr Parser::testExpr()
{
    if (++m_tests > limits::tests) {
        complain(m_at, u"A rule has at most %1 conditions; divide it."_s.arg(limits::tests));
        m_isRuleLost = true;
        skipToTop();
        return {};
    }
    m_failure = {};
    startItem();
    const size_t start = m_at;
    auto match = matchAnyFact(start);
    // What goes on further than the longest match was meant to be more: "2 attempts at".
    if (!match || m_failure.at > match->next) {
        tellFailure(start, u"condition"_s, factTable().names());
        m_at = std::max(m_at, std::min(m_failure.at, m_tokens.size() - 1));
        skipCondition();
        return {};
    }
    skipTo(match->next);
    Expr expr { .kind = Expr::Kind::Test, .test = std::move(match->test) };
    expr.test.comments = endItem();
    expr.test.place = placeFrom(start);
    return expr;
}

std::optional<Parser::FoundTest> Parser::matchAnyFact(size_t at)
{
    std::optional<FoundTest> best;
    for (const FactInfo &fact : factTable().all()) {
        for (const Pattern &pattern : fact.parts) {
            auto match = matchFact(fact, pattern, at);
            if (match && (!best || match->next > best->next))
                best = std::move(match);
        }
    }
    return best;
}

std::optional<Parser::FoundTest> Parser::matchFact(
    const FactInfo &fact, const Pattern &pattern, size_t at)
{
    FoundTest match { .test = { .fact = &fact }, .next = at };
    for (const PatternPart &part : pattern) {
        const auto next = matchPart(part, match.next, match.test);
        if (!next)
            return std::nullopt;
        match.next = *next;
    }
    return match;
}

std::optional<size_t> Parser::matchPart(const PatternPart &part, size_t at, Test &test)
{
    using Kind = PatternPart::Kind;
    MaybeValue value;
    switch (part.kind) {
    case Kind::Words:
        for (const QString &word : part.words) {
            if (token(at).isWord(word))
                return at + 1;
        }
        fail(at, part.words.front());
        return std::nullopt;
    case Kind::Compare: return compare(at, test);
    case Kind::Count: return count(at, test);
    case Kind::For:
    case Kind::Below:
        value = part.kind == Kind::Below && token(at + 1).isSign(u"%") ? percent(at)
                                                                       : duration(at, true);
        if (!value)
            return std::nullopt;
        test.values = { value->value };
        return value->next;
    case Kind::Window:
        value = duration(at, false);
        if (!value)
            return std::nullopt;
        test.window = value->value;
        return value->next;
    case Kind::Name:
        value = name(at, part.slot);
        if (!value)
            return std::nullopt;
        test.name = value->value.text;
        return value->next;
    case Kind::Argument: break;
    }
    return std::nullopt;
}

bool Parser::startsCondition(size_t at)
{
    if (token(at).isWord(u"not") || token(at).isSign(u"("))
        return true;
    const Failure kept = m_failure;
    const bool starts = matchAnyFact(at).has_value();
    m_failure = kept;
    return starts;
}

/// A word of a list of words is followed by what can follow a condition. Else it begins one, right or wrong.
bool Parser::isListWord(size_t at)
{
    if (token(at).kind != Token::Kind::Word || startsCondition(at))
        return false;
    if (isReserved(token(at).text))
        return false;
    const Token &next = token(at + 1);
    // The next line of a priority policy: "40 when …", "urgent from 80".
    const bool isPolicyLine = token(at + 2).isWord(u"when") || token(at + 2).isWord(u"from");
    if (next.kind == Token::Kind::Word)
        return next.isWord(u"or") || next.isWord(u"and") || next.isWord(u"then") || isTop(at + 1)
            || next.isWord(u"otherwise") || isPolicyLine;
    return next.kind == Token::Kind::End || next.isSign(u")")
        || (next.kind == Token::Kind::Number && isPolicyLine);
}

void Parser::skipCondition()
{
    int depth = 0;
    for (; !isTop(m_at); ++m_at) {
        const Token &t = now();
        if (t.isWord(u"then"))
            return;
        if (depth == 0 && (t.isWord(u"and") || t.isWord(u"or") || t.isSign(u")")))
            return;
        depth += t.isSign(u"(") ? 1 : t.isSign(u")") ? -1 : 0;
    }
}

namespace {

QString alternatives(const QStringList &words)
{
    QStringList quotedWords;
    for (const QString &word : words.mid(0, 8))
        quotedWords.append(
            word.startsWith(u"a ") || word.startsWith(u"an ") || word.startsWith(u"the ")
                ? word
                : u'"' + word + u'"');
    if (words.size() > 8)
        return quotedWords.join(u", "_s) + u" …"_s;
    const QString last = quotedWords.takeLast();
    return quotedWords.isEmpty() ? last : quotedWords.join(u", "_s) + u" or "_s + last;
}

} // namespace

void Parser::tellFailure(size_t start, const QString &what, const QStringList &names)
{
    if (!m_failure.message.isEmpty() && m_failure.at > start) {
        complain(m_failure.at, m_failure.message, m_failure.nearest, m_failure.expected);
        return;
    }
    if (m_failure.at > start) {
        const Token &t = token(m_failure.at);
        const QString close
            = t.kind == Token::Kind::Word ? nearest(t.text, m_failure.expected) : QString();
        const Place &from = token(start).place;
        const Place &to = token(m_failure.at - 1).place;
        const QString before
            = m_text.sliced(from.start, std::min<qsizetype>(to.start + to.length - from.start, 80))
                  .toString()
                  .simplified();
        complain(m_failure.at,
            u"Behind \"%1\" expected %2, found %3.%4"_s.arg(before,
                alternatives(m_failure.expected), found(m_failure.at),
                close.isEmpty() ? QString() : u" Did you mean \"%1\"?"_s.arg(close)),
            close, m_failure.expected);
        return;
    }
    const Token &t = token(start);
    if (t.kind != Token::Kind::Word || t.isWord(u"and") || t.isWord(u"or") || t.isWord(u"then")
        || isTop(start)) {
        complain(start,
            u"Expected a %1, found %2; for example: %3."_s.arg(what, found(start),
                what == u"condition"_s ? u"plan is enterprise"_s : u"notify team \"Billing\""_s),
            {}, names);
        return;
    }
    struct {
        QString name;
        size_t words = 1;
    } best; // of three, two or one words
    for (size_t words = 3; words >= 1 && best.name.isEmpty(); --words) {
        QStringList said;
        for (size_t i = 0; i < words && token(start + i).kind == Token::Kind::Word; ++i)
            said.append(token(start + i).text);
        if (said.size() == qsizetype(words))
            best = { nearest(said.join(u' '), names), words };
    }
    complain(start,
        best.name.isEmpty()
            ? u"There is no %1 that begins with %2; README.md of the rules lists them all."_s.arg(
                what, found(start))
            : u"There is no %1 that begins with %2. Did you mean \"%3\"?"_s.arg(
                what, found(start), best.name),
        best.name, names, best.name.isEmpty() ? start : start + best.words - 1);
}

} // namespace tierline::rules
