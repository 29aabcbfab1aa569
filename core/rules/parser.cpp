#include "core/rules/parser_p.h"

#include "core/base/unicode.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

Parser::Parser(QStringView text, const Vocabulary &vocabulary)
    : m_text(text)
    , m_vocabulary(vocabulary)
{
    Lexed lexed = lex(text);
    m_tokens = std::move(lexed.tokens);
    m_problems = std::move(lexed.problems);
    m_garbled = m_told = m_problems.size();
}

Place Parser::placeFrom(size_t start) const
{
    const Place &from = token(start).place;
    const Place &to = token(m_at - 1).place;
    return { from.start, to.start + to.length - from.start };
}

/// Something in there could not even be cut into words: what was read is not what was written.
bool Parser::isGarbled(const Place &place) const
{
    return std::any_of(
        m_problems.begin(), m_problems.begin() + qptrdiff(m_garbled), [&](const Problem &problem) {
            return problem.start >= place.start && problem.start < place.start + place.length;
        });
}

bool Parser::isTop(size_t at) const
{
    const Token &t = token(at);
    if (t.kind == Token::Kind::End)
        return true;
    if (t.isWord(u"rule"))
        return true;
    // Inside a condition a list is a value; a definition goes on with ":" or "in".
    if (t.isWord(u"list"))
        return token(at + 1).kind == Token::Kind::String
            && (token(at + 2).isSign(u":") || token(at + 2).isWord(u"in"));
    return t.isWord(u"priority") && token(at + 1).isWord(u"policy");
}

void Parser::advance()
{
    if (!m_beside.isEmpty())
        m_pending.append(std::exchange(m_beside, {}));
    m_pending += now().above;
    m_beside = now().beside;
    if (!isEnd())
        ++m_at;
}

/// From here on comments belong to the next item.
void Parser::startItem()
{
    if (!m_beside.isEmpty())
        m_pending.append(std::exchange(m_beside, {}));
}

Comments Parser::endItem()
{
    return { .above = std::exchange(m_pending, {}), .beside = std::exchange(m_beside, {}) };
}

void Parser::skipTo(size_t next)
{
    while (m_at < next && !isEnd())
        advance();
}

QString Parser::found(size_t at) const
{
    const Token &t = token(at);
    if (t.kind == Token::Kind::End)
        return u"the end of the text"_s;
    QString shown
        = m_text.sliced(t.place.start, std::min<qsizetype>(t.place.length, 40)).toString();
    if (t.place.length > 40)
        shown += u"…"_s;
    return t.kind == Token::Kind::String ? shown : u'"' + shown + u'"';
}

void Parser::complain(size_t at, const QString &message, const QString &nearest,
    const QStringList &expected, size_t last)
{
    ++m_told; // beyond the bound nothing is kept, but what is broken stays broken
    if (m_problems.size() >= size_t(limits::problems)) {
        m_at = m_tokens.size() - 1;
        return;
    }
    const Place &from = token(at).place;
    const Place &to = token(std::max(at, last)).place;
    const bool isSaid
        = nearest.isEmpty() || message.contains(u"mean "_s) || message.contains(u"perhaps "_s);
    m_problems.push_back({ .start = from.start,
        .length = to.start + to.length - from.start,
        .message = isSaid ? message : message + u" Did you mean \"%1\"?"_s.arg(nearest),
        .nearest = nearest,
        .expected = expected.mid(0, 50) });
}

void Parser::fail(size_t at, const QString &expected)
{
    if (at > m_failure.at || (m_failure.expected.isEmpty() && m_failure.message.isEmpty()))
        m_failure = { .at = at };
    if (at == m_failure.at && !m_failure.expected.contains(expected))
        m_failure.expected.append(expected);
}

void Parser::failWith(size_t at, const QString &message, const QString &nearest)
{
    if (at < m_failure.at)
        return;
    if (at > m_failure.at || m_failure.message.isEmpty())
        m_failure = { .at = at, .message = message, .nearest = nearest };
}

/// What was probably meant: one of `known`, or what the last match could have gone on with.
QString Parser::nearTo(size_t at, QStringList known) const
{
    if (token(at).kind != Token::Kind::Word)
        return {};
    if (m_failure.at == at)
        known = m_failure.expected + known;
    return nearest(token(at).text, known);
}

bool Parser::expectWord(QStringView word, const QString &message)
{
    if (now().isWord(word)) {
        advance();
        return true;
    }
    const QString close = nearTo(m_at, { word.toString() });
    complain(m_at, message.arg(found(m_at)), close, { word.toString() });
    if (!close.isEmpty())
        advance(); // a slip of the pen: go on as if it were right
    return !close.isEmpty();
}

std::optional<QString> Parser::topName(const QString &what)
{
    if (now().kind != Token::Kind::String) {
        complain(m_at,
            u"Expected the name of the %1 in quotes, found %2; write: %1 \"Name\"."_s.arg(
                what, found(m_at)));
        return std::nullopt;
    }
    const QString name = now().text.simplified();
    if (name.isEmpty() || name.size() > limits::nameLength || name != now().text) {
        complain(m_at,
            name.isEmpty()
                ? u"The %1 has no name; give it one that says what it is for."_s.arg(what)
                : name != now().text
                ? u"A name has single spaces, and none at its ends; write \"%1\"."_s.arg(name)
                : u"A name has at most %1 characters, this one %2."_s.arg(limits::nameLength)
                      .arg(name.size()));
    }
    advance();
    return name;
}

void Parser::skipToTop()
{
    while (!isTop(m_at))
        ++m_at;
    m_pending.clear();
    m_beside.clear();
}

Document Parser::document()
{
    Document document;
    while (!isEnd()) {
        const size_t before = m_at;
        if (now().isWord(u"rule")) {
            rule(document);
        } else if (now().isWord(u"list")) {
            list(document);
        } else if (now().isWord(u"priority")) {
            policy(document);
        } else {
            const QStringList known { u"rule"_s, u"list"_s, u"priority policy"_s };
            const QString close
                = now().kind == Token::Kind::Word ? nearest(now().text, known) : QString();
            complain(m_at,
                u"Expected a rule, a list or a priority policy, found %1; a rule begins with: "
                u"rule \"Name\"."_s.arg(found(m_at)),
                close, known);
            ++m_at;
            skipToTop();
        }
        if (m_at == before) { // nothing may stand still
            ++m_at;
            skipToTop();
        }
    }
    startItem();
    document.comments = m_pending + now().above;
    for (const LateName &list : m_listNames) {
        QStringList known = m_ownLists + m_vocabulary.lists;
        if (!m_vocabulary.hasLists || known.contains(list.name, Qt::CaseInsensitive))
            continue;
        known.removeDuplicates();
        const QString close = nearest(list.name, known);
        complain(list.at,
            u"There is no keyword list %1%2; define it with: list %1: \"word\", \"word\"."_s.arg(
                quoted(list.name), close.isEmpty() ? QString() : u", perhaps "_s + quoted(close)),
            close, known);
    }
    return document;
}

void Parser::rule(Document &document)
{
    Rule rule;
    const size_t start = m_at;
    startItem();
    advance();
    rule.comments = std::exchange(m_pending, {});
    m_tests = m_actionCount = m_depth = 0;
    m_isRuleLost = false;
    const size_t problems = m_told;
    if (document.rules.size() >= size_t(limits::rules)) {
        complain(start,
            u"A text has at most %1 rules; put the others into another file."_s.arg(limits::rules));
        m_at = m_tokens.size() - 1;
        return;
    }
    const size_t nameAt = m_at;
    const auto name = topName(u"rule"_s);
    if (!name) {
        skipToTop();
        return;
    }
    rule.name = *name;
    for (const Rule &other : document.rules) {
        if (other.name.compare(rule.name, Qt::CaseInsensitive) == 0)
            complain(nameAt,
                u"Another rule above is called %1 too; give this one its own name."_s.arg(
                    quoted(rule.name)));
    }
    if (expectWord(
            u"when", u"Expected \"when\" and a condition behind the rule's name, found %1."_s)
        || (!now().isWord(u"then") && !isTop(m_at)))
        rule.when = orExpr();
    if (!m_isRuleLost && !isTop(m_at)) {
        if (!now().isWord(u"then") && m_told == problems)
            complain(m_at,
                u"Expected \"and\", \"or\" or \"then\" behind the condition, found %1."_s.arg(
                    found(m_at)),
                nearTo(m_at, { u"and"_s, u"or"_s, u"then"_s }), { u"and"_s, u"or"_s, u"then"_s });
        while (!now().isWord(u"then") && !isTop(m_at))
            ++m_at;
    }
    if (!m_isRuleLost && now().isWord(u"then")) {
        advance();
        actionList(rule.then, false);
    } else if (!m_isRuleLost && m_told == problems) {
        complain(m_at,
            u"The rule ends without \"then\" and what is to be done, for example: then "
            u"notify team \"Billing\"."_s,
            {}, { u"then"_s });
    }
    if (!isTop(m_at) && !now().isWord(u"stop") && !now().isWord(u"continue")) {
        if (m_told == problems)
            complain(m_at,
                u"Expected \"and\" with another action, \"stop\", \"continue\" or the next rule, "
                u"found %1."_s.arg(found(m_at)),
                nearTo(m_at, { u"and"_s, u"stop"_s, u"continue"_s }),
                { u"and"_s, u"stop"_s, u"continue"_s });
        skipToTop();
    }
    if (now().isWord(u"stop") || now().isWord(u"continue")) {
        rule.goesOn = now().isWord(u"continue");
        advance();
    }
    if (m_told != problems) {
        skipToTop();
        return;
    }
    // What was written at the last word belongs to what was done last.
    startItem();
    if (!m_pending.isEmpty() && !rule.then.empty())
        rule.then.back().comments.above += std::exchange(m_pending, {});
    if (!isTop(m_at)) {
        complain(m_at,
            u"Behind \"%1\" the rule ends; expected the next rule, found %2."_s.arg(
                rule.goesOn ? u"continue"_s : u"stop"_s, found(m_at)));
        skipToTop();
        return;
    }
    rule.place = placeFrom(start);
    if (!isGarbled(rule.place))
        document.rules.push_back(std::move(rule));
}

void Parser::list(Document &document)
{
    WordList list;
    const size_t start = m_at;
    startItem();
    advance();
    list.comments = std::exchange(m_pending, {});
    const size_t problems = m_told;
    const auto name = topName(u"list"_s);
    if (!name) {
        skipToTop();
        return;
    }
    list.name = *name;
    if (now().isWord(u"in")) {
        advance();
        if (now().kind != Token::Kind::String && now().kind != Token::Kind::Word)
            complain(m_at,
                u"Behind \"in\" stands the language of the words, such as en or de; found %1."_s
                    .arg(found(m_at)));
        list.language = now().text.toLower();
        advance();
    }
    if (!now().isSign(u":")) {
        complain(m_at,
            u"Expected \":\" and the words of the list, found %1; write: list \"Name\": "
            u"\"word\", \"two words\"."_s.arg(found(m_at)));
        skipToTop();
        return;
    }
    do {
        advance();
        if (now().kind != Token::Kind::String || now().text.trimmed().isEmpty()) {
            complain(m_at, u"Expected a word in quotes, found %1."_s.arg(found(m_at)));
            break;
        }
        list.words.append(now().text);
        advance();
    } while (now().isSign(u",") && list.words.size() <= limits::listWords);
    if (list.words.size() > limits::listWords || document.lists.size() >= size_t(limits::lists))
        complain(start,
            u"A text has at most %1 lists of %2 words each."_s.arg(limits::lists)
                .arg(limits::listWords));
    if (!isTop(m_at) && m_told == problems)
        complain(m_at,
            u"Expected a comma and another word, or the next rule, found %1."_s.arg(found(m_at)));
    startItem();
    if (m_told != problems) {
        skipToTop();
        return;
    }
    list.comments += std::exchange(m_pending, {});
    for (const WordList &other : document.lists) {
        if (other.name.compare(list.name, Qt::CaseInsensitive) == 0
            && other.language == list.language)
            complain(start,
                u"The list %1 stands above already; put the words of one language "
                u"together."_s.arg(quoted(list.name)));
    }
    m_ownLists.append(list.name);
    list.place = placeFrom(start);
    if (m_told == problems && !isGarbled(list.place))
        document.lists.push_back(std::move(list));
}

void Parser::expectEnd()
{
    if (!isEnd() && m_problems.empty())
        complain(
            m_at, u"Expected the end of the text, found %1."_s.arg(found(m_at)), nearTo(m_at, {}));
}

Problems Parser::takeProblems()
{
    std::stable_sort(m_problems.begin(), m_problems.end(),
        [](const Problem &a, const Problem &b) { return a.start < b.start; });
    for (Problem &problem : m_problems)
        locate(m_text, problem);
    return std::move(m_problems);
}

namespace {

/// The text as it can be read, or why not.
std::optional<Problem> tooLong(QStringView text)
{
    if (text.size() <= limits::fileCharacters)
        return std::nullopt;
    return Problem { .length = text.size(),
        .message = u"The text has %1 characters, at most %2 are read; divide it into files."_s
                       .arg(text.size())
                       .arg(limits::fileCharacters) };
}

} // namespace

Parsed parse(QStringView text, const Vocabulary &vocabulary)
{
    if (const auto problem = tooLong(text))
        return { .problems = { *problem } };
    const QString valid = validText(text.toString()); // keeps every place
    Parser parser(valid, vocabulary);
    Parsed parsed;
    parsed.document = parser.document();
    parsed.problems = parser.takeProblems();
    return parsed;
}

Parsed parse(QByteArrayView utf8, const Vocabulary &vocabulary)
{
    if (utf8.size() > limits::fileCharacters * 4)
        return { .problems = { *tooLong(QString(limits::fileCharacters + 1, u' ')) } };
    return parse(QStringView(validText(utf8)), vocabulary);
}

ParsedCondition parseCondition(QStringView text, const Vocabulary &vocabulary)
{
    if (const auto problem = tooLong(text))
        return { .problems = { *problem } };
    const QString valid = validText(text.toString());
    Parser parser(valid, vocabulary);
    ParsedCondition parsed;
    parsed.expr = parser.condition();
    parser.expectEnd();
    parsed.problems = parser.takeProblems();
    return parsed;
}

ParsedActions parseActions(QStringView text, const Vocabulary &vocabulary)
{
    if (const auto problem = tooLong(text))
        return { .problems = { *problem } };
    const QString valid = validText(text.toString());
    Parser parser(valid, vocabulary);
    ParsedActions parsed;
    parsed.actions = parser.actions();
    parser.expectEnd();
    parsed.problems = parser.takeProblems();
    return parsed;
}

} // namespace tierline::rules
