#include "core/rules/lexer.h"

#include "core/rules/words.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

bool isOpeningQuote(QChar c)
{
    return c == u'"' || c.unicode() == 0x201C || c.unicode() == 0x201E;
}
bool isClosingQuote(QChar c)
{
    return c == u'"' || c.unicode() == 0x201D || c.unicode() == 0x201C;
}
bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

class Lexer
{
public:
    explicit Lexer(QStringView text)
        : m_text(text)
    {
    }

    Lexed run()
    {
        while (m_at < m_text.size() && m_out.problems.size() < size_t(limits::problems))
            next();
        push({ .kind = Token::Kind::End, .place = { m_text.size(), 0 } });
        return std::move(m_out);
    }

private:
    QChar peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }

    void complain(qsizetype start, qsizetype length, const QString &message)
    {
        m_out.problems.push_back({ .start = start, .length = length, .message = message });
    }

    void push(Token token)
    {
        token.above = std::exchange(m_comments, {});
        m_out.tokens.push_back(std::move(token));
        m_isLineEmpty = false;
    }

    void next()
    {
        const QChar c = peek();
        if (c == u'\n')
            m_isLineEmpty = true;
        if (c.isSpace() || c.unicode() == 0xFEFF) {
            ++m_at;
        } else if (c == u'#') {
            comment();
        } else if (isOpeningQuote(c)) {
            string();
        } else if (isDigit(c) || (c == u'-' && (isDigit(peek(1)) || peek(1) == u'$'))) {
            number();
        } else if (c == u'$') {
            money(m_at);
        } else if (isWordStart(c)) {
            word();
        } else {
            sign();
        }
    }

    void comment()
    {
        qsizetype end = m_text.indexOf(u'\n', m_at);
        if (end < 0)
            end = m_text.size();
        const QString words = m_text.sliced(m_at + 1, end - m_at - 1).trimmed().toString();
        if (words.size() > limits::commentLength)
            complain(m_at, end - m_at,
                u"A comment has at most %1 characters; break it into lines."_s.arg(
                    limits::commentLength));
        else if (++m_commentCount > limits::comments)
            complain(m_at, end - m_at, u"A text has at most %1 comments."_s.arg(limits::comments));
        else if (m_isLineEmpty || m_out.tokens.empty())
            m_comments.append(words);
        else
            m_out.tokens.back().beside = words;
        m_at = end;
    }

    void string()
    {
        const qsizetype start = m_at++;
        QString value;
        while (m_at < m_text.size() && m_text[m_at] != u'\n') {
            const QChar c = m_text[m_at];
            if (isClosingQuote(c)) {
                ++m_at;
                finishString(start, value);
                return;
            }
            if (c == u'\\' && (peek(1) == u'"' || peek(1) == u'\\'))
                ++m_at;
            value += m_text[m_at++];
        }
        complain(start, m_at - start,
            u"The quotes are not closed; a text ends with a quote on the line on which it begins."_s);
    }

    void finishString(qsizetype start, const QString &value)
    {
        if (value.size() > limits::textLength) {
            complain(start, m_at - start,
                u"A text has at most %1 characters, this one %2."_s.arg(limits::textLength)
                    .arg(value.size()));
            return;
        }
        push({ .kind = Token::Kind::String, .text = value, .place = { start, m_at - start } });
    }

    void word()
    {
        const qsizetype start = m_at;
        while (m_at < m_text.size() && isWordPart(m_text[m_at]))
            ++m_at;
        while (m_text[m_at - 1] == u'.' && m_at - 1 > start) // the end of a sentence
            --m_at;
        const QStringView text = m_text.sliced(start, m_at - start);
        if (peek() == u'.')
            ++m_at;
        if (text.size() > limits::wordLength) {
            complain(start, text.size(),
                u"A word has at most %1 characters; put longer names in quotes."_s.arg(
                    limits::wordLength));
            return;
        }
        push({ .kind = Token::Kind::Word,
            .text = text.toString(),
            .place = { start, text.size() } });
    }

    /// Digits with thousands and decimals, as thousandths; nothing where there are too many.
    std::optional<qint64> digits()
    {
        qint64 value = 0;
        bool isTooLarge = false;
        int count = 0;
        while (isDigit(peek())
            || (peek() == u',' && isDigit(peek(1)) && isDigit(peek(2)) && isDigit(peek(3))
                && !isDigit(peek(4)))) {
            if (peek() != u',' && ++count <= 12)
                value = value * 10 + (peek().unicode() - u'0');
            isTooLarge = isTooLarge || count > 12;
            ++m_at;
        }
        value *= 1'000;
        if (peek() == u'.' && isDigit(peek(1))) {
            ++m_at;
            for (qint64 place = 100; isDigit(peek()); place /= 10, ++m_at) {
                if (place == 0 && peek() != u'0')
                    isTooLarge = true;
                value += place * (peek().unicode() - u'0');
            }
        }
        return isTooLarge ? std::nullopt : std::optional(value);
    }

    void number()
    {
        const qsizetype start = m_at;
        const bool isNegative = peek() == u'-';
        if (isNegative)
            ++m_at;
        if (peek() == u'$') {
            money(start);
            return;
        }
        const auto value = digits();
        const qsizetype suffix = m_at;
        while (peek().isLetter())
            ++m_at;
        if (!value) {
            tooLarge(start);
            return;
        }
        push({ .kind = Token::Kind::Number,
            .text = m_text.sliced(suffix, m_at - suffix).toString(),
            .amount = isNegative ? -*value : *value,
            .place = { start, m_at - start } });
    }

    void tooLarge(qsizetype start)
    {
        complain(start, m_at - start, u"A number has at most 12 digits, and 3 behind the point."_s);
    }

    void money(qsizetype start)
    {
        const bool isNegative = m_text[start] == u'-';
        ++m_at;
        if (!isDigit(peek())) {
            complain(start, m_at - start, u"Behind $ stands an amount: $500."_s);
            return;
        }
        auto value = digits();
        const QString suffix = peek().isLetter() ? QString(peek()).toLower() : QString();
        qint64 factor = 1;
        if (suffix == u"k"_s || suffix == u"m"_s) {
            factor = suffix == u"k"_s ? 1'000 : 1'000'000;
            ++m_at;
        }
        if (peek().isLetter()) {
            while (peek().isLetter())
                ++m_at;
            complain(start, m_at - start,
                u"An amount ends with its digits, or k or M for thousands and millions: $100k."_s);
            return;
        }
        if (!value || *value > 1'000'000'000'000'000 / factor || *value * factor % 10 != 0) {
            complain(
                start, m_at - start, u"An amount has at most 12 digits, and 2 behind the point."_s);
            return;
        }
        push({ .kind = Token::Kind::Money,
            .amount = (isNegative ? -*value : *value) * factor,
            .place = { start, m_at - start } });
    }

    void sign()
    {
        const qsizetype start = m_at;
        const QChar c = peek();
        QString text;
        if (c == u'>' || c == u'<' || c == u'=' || c == u'!') {
            text = c;
            if (peek(1) == u'=')
                text += u'=';
            if (text == u"!"_s)
                text.clear();
            else if (text == u"=="_s)
                text = u"="_s;
            m_at += text.isEmpty() || peek(1) != u'=' ? 1 : 2;
        } else {
            switch (c.unicode()) {
            case u'(':
            case u')':
            case u',':
            case u':':
            case u'%': text = c; break;
            case 0x2265: text = u">="_s; break;
            case 0x2264: text = u"<="_s; break;
            case 0x2260: text = u"!="_s; break;
            default: break;
            }
            ++m_at;
        }
        if (!text.isEmpty())
            push({ .kind = Token::Kind::Sign, .text = text, .place = { start, m_at - start } });
        else
            strange(start);
    }

    void strange(qsizetype start)
    {
        const QChar c = m_text[start];
        if (c.isHighSurrogate() && peek().isLowSurrogate())
            ++m_at;
        const QString shown = m_text.sliced(start, m_at - start).toString();
        QString message = c.isPrint() || c.isSurrogate()
            ? u"\"%1\" has no meaning here; names with such signs stand in quotes."_s.arg(shown)
            : u"The character U+%1 has no meaning here; delete it."_s.arg(
                QString::number(c.unicode(), 16).toUpper().rightJustified(4, u'0'));
        if (c.category() == QChar::Symbol_Currency)
            message = u"Amounts are in the workspace's currency and are written with $: $500."_s;
        else if (c == u';')
            message
                = u"Actions are joined by \"and\", steps of a ladder by a comma; no semicolon is needed."_s;
        else if (c == u'\'')
            message = u"Names and texts stand in double quotes: \"Billing\"."_s;
        complain(start, m_at - start, message);
    }

    QStringView m_text;
    qsizetype m_at = 0;
    bool m_isLineEmpty = true;
    int m_commentCount = 0;
    QStringList m_comments;
    Lexed m_out;
};

} // namespace

Lexed lex(QStringView text)
{
    return Lexer(text).run();
}

void locate(QStringView text, Problem &problem)
{
    const QStringView before = text.first(qBound(0, problem.start, text.size()));
    problem.line = int(before.count(u'\n')) + 1;
    problem.column = int(before.size() - (before.lastIndexOf(u'\n') + 1)) + 1;
}

QString Problem::text() const
{
    return u"line %1, column %2: %3"_s.arg(line).arg(column).arg(message);
}

} // namespace tierline::rules
