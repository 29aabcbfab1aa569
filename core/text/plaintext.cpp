#include "core/text/plaintext.h"

#include "core/base/unicode.h"
#include "core/text/htmlintake_p.h"
#include "core/text/htmltree_p.h"
#include "core/text/links.h"
#include "core/text/sanitize.h"
#include "core/text/softtext_p.h"

#include <array>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

constexpr int MaxQuoteDepth = 8; ///< deeper quotes keep this many marks: "> " costs for each line

struct TextPlace {
    int quotes = 0;
    int lists = 0;
    int number = -1; ///< of the next item; -1: a bulleted list
    bool isPre = false;
};

/// Builds lines: text waits in the current line until the line is known to end.
class TextWriter
{
public:
    void children(const GumboNode *node, const TextPlace &place)
    {
        const GumboVector &all = node->v.element.children;
        for (unsigned i = 0; i < all.length && !isFull(); ++i)
            visit(static_cast<const GumboNode *>(all.data[i]), place);
    }

    QString take()
    {
        endLine();
        while (m_out.endsWith(u'\n'))
            m_out.chop(1);
        return std::move(m_out);
    }

private:
    bool isFull() const { return m_out.size() + m_line.size() >= MaxPlainCharacters; }

    void visit(const GumboNode *node, const TextPlace &place)
    {
        if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE
            || node->type == GUMBO_NODE_CDATA)
            text(validText(QByteArrayView(node->v.text.text)), place);
        else if (node->type == GUMBO_NODE_ELEMENT)
            element(node, place);
    }

    void element(const GumboNode *node, TextPlace place)
    {
        switch (node->v.element.tag) {
        case GUMBO_TAG_BR:
            m_quotes = place.quotes;
            newLine();
            break;
        case GUMBO_TAG_HR:
            endLine();
            text(u"---", place);
            endLine();
            break;
        case GUMBO_TAG_IMG: picture(node->v.element, place); break;
        case GUMBO_TAG_A: link(node, place); break;
        case GUMBO_TAG_P:
        case GUMBO_TAG_H1:
        case GUMBO_TAG_H2:
        case GUMBO_TAG_H3:
        case GUMBO_TAG_H4:
        case GUMBO_TAG_H5:
        case GUMBO_TAG_H6: spaced(node, place); break;
        case GUMBO_TAG_PRE:
            place.isPre = true;
            spaced(node, place);
            break;
        case GUMBO_TAG_BLOCKQUOTE:
            place.quotes = qMin(place.quotes + 1, MaxQuoteDepth);
            spaced(node, place);
            break;
        case GUMBO_TAG_UL:
        case GUMBO_TAG_OL: list(node, place); break;
        case GUMBO_TAG_TABLE:
            endLine();
            children(node, place);
            endLine();
            break;
        case GUMBO_TAG_TR: row(node, place); break;
        case GUMBO_TAG_DIV:
        case GUMBO_TAG_LI:
            endLine();
            children(node, place);
            endLine();
            break;
        default: children(node, place);
        }
    }

    void text(QStringView piece, const TextPlace &place)
    {
        for (const QChar c : piece) {
            if (c == u'\r' || (c.unicode() < 0x20 && !c.isSpace()))
                continue;
            if (place.isPre && c == u'\n') {
                m_quotes = place.quotes;
                newLine();
                continue;
            }
            const bool isCollapsible = !place.isPre && c.isSpace() && c.unicode() != 0xA0;
            if (isCollapsible && (m_line.isEmpty() || m_line.endsWith(u' ')))
                continue;
            if (m_line.isEmpty())
                m_quotes = place.quotes;
            m_line += isCollapsible || c.unicode() == 0xA0 ? u' ' : c;
        }
    }

    /// Ends the current line, also an empty one.
    void newLine()
    {
        while (m_line.endsWith(u' '))
            m_line.chop(1);
        if (m_line.isEmpty()) {
            m_isEmptyLineDue = m_hasText;
            return;
        }
        if (m_isEmptyLineDue) // belongs to the quote only where both of its neighbours do
            m_out += u"> "_s.repeated(qMin(m_quotes, m_lastQuotes)).trimmed() + u'\n';
        m_isEmptyLineDue = false;
        m_hasText = true;
        m_lastQuotes = m_quotes;
        m_out += u"> "_s.repeated(m_quotes) + m_indent + m_line + u'\n';
        m_line.clear();
        // A wrapped item goes on below its text, not below its mark.
        m_indent.fill(u' ');
    }

    void endLine()
    {
        if (!m_line.isEmpty())
            newLine();
    }

    void emptyLine()
    {
        endLine();
        m_isEmptyLineDue = m_hasText;
    }

    void spaced(const GumboNode *node, const TextPlace &place)
    {
        emptyLine();
        children(node, place);
        emptyLine();
    }

    void list(const GumboNode *node, TextPlace place)
    {
        endLine();
        const bool isNumbered = node->v.element.tag == GUMBO_TAG_OL;
        int number = qBound(0, attributeOf(node->v.element, "start").toInt(), 99'999);
        if (number == 0)
            number = 1;
        ++place.lists;
        const QString outer = m_indent;
        const QString margin = u"  "_s.repeated(qMin(place.lists - 1, 8));
        const GumboVector &all = node->v.element.children;
        for (unsigned i = 0; i < all.length && !isFull(); ++i) {
            const auto *const child = static_cast<const GumboNode *>(all.data[i]);
            if (child->type == GUMBO_NODE_ELEMENT && child->v.element.tag == GUMBO_TAG_LI) {
                endLine();
                m_indent = margin + (isNumbered ? QString::number(number++) + u". "_s : u"- "_s);
                children(child, place);
                endLine();
            } else {
                visit(child, place);
            }
        }
        endLine();
        m_indent = outer;
        m_indent.fill(u' ');
    }

    void row(const GumboNode *node, const TextPlace &place)
    {
        endLine();
        bool isFirst = true;
        const GumboVector &all = node->v.element.children;
        for (unsigned i = 0; i < all.length && !isFull(); ++i) {
            const auto *const child = static_cast<const GumboNode *>(all.data[i]);
            if (child->type != GUMBO_NODE_ELEMENT)
                continue;
            const bool isBetween = !isFirst && !m_line.isEmpty();
            const qsizetype mark = m_line.size();
            if (isBetween)
                m_line += m_line.endsWith(u' ') ? "| "_L1 : " | "_L1;
            const qsizetype filled = m_line.size();
            children(child, place);
            if (isBetween && m_line.size() == filled)
                m_line.truncate(mark); // an empty cell leaves no bar
            isFirst = false;
        }
        endLine();
    }

    void picture(const GumboElement &element, const TextPlace &place)
    {
        const QString alternative = attributeOf(element, "alt").simplified().left(300);
        if (!alternative.isEmpty())
            text(u'[' + alternative + u']', place);
    }

    void link(const GumboNode *node, const TextPlace &place)
    {
        const qsizetype before = m_line.size();
        const qsizetype lines = m_out.size();
        children(node, place);
        const QString href = canonicalLink(attributeOf(node->v.element, "href"));
        if (href.isEmpty() || m_out.size() != lines)
            return;
        const QStringView shown = QStringView(m_line).sliced(qMin(before, m_line.size())).trimmed();
        const QStringView bare = QStringView(href).sliced(href.indexOf(u':') + 1);
        const QStringView address = bare.startsWith("//"_L1) ? bare.sliced(2) : bare;
        QStringView wanted = address.endsWith(u'/') ? address.chopped(1) : address;
        if (!shown.contains(wanted, Qt::CaseInsensitive))
            text(shown.isEmpty() ? href : u" <"_s + href + u'>', place);
    }

    QString m_out;
    QString m_line;
    QString m_indent;
    int m_quotes = 0;
    int m_lastQuotes = 0; ///< of the line before
    bool m_isEmptyLineDue = false;
    bool m_hasText = false;
};

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_';
}

/// The end of the address that starts at `from`: what a person would have marked with the mouse.
qsizetype linkEnd(QStringView line, qsizetype from)
{
    qsizetype end = from;
    int brackets = 0;
    while (end < line.size() && end - from < 2'000) {
        const QChar c = line[end];
        if (c.isSpace() || c == u'<' || c == u'>' || c == u'"' || c.unicode() < 0x20 || c == u'|')
            break;
        if (c == u'(')
            ++brackets;
        if (c == u')' && --brackets < 0)
            break;
        ++end;
    }
    while (end > from && u".,;:!?'*_]}"_s.contains(line[end - 1]))
        --end;
    return end;
}

void appendLinked(QString &out, QStringView line)
{
    qsizetype at = 0;
    qsizetype search = 0;
    while (true) {
        const qsizetype found = line.indexOf("http"_L1, search, Qt::CaseInsensitive);
        if (found < 0)
            break;
        search = found + 4;
        const QStringView rest = line.sliced(found);
        const bool isAddress = rest.startsWith("http://"_L1, Qt::CaseInsensitive)
            || rest.startsWith("https://"_L1, Qt::CaseInsensitive);
        if (!isAddress || (found > 0 && isWordPart(line[found - 1])))
            continue;
        const qsizetype end = linkEnd(line, found);
        const QString href = canonicalLink(line.sliced(found, end - found));
        if (href.isEmpty())
            continue;
        appendEscaped(out, line.sliced(at, found - at));
        out += "<a href=\""_L1;
        appendEscaped(out, href);
        out += "\">"_L1;
        appendEscaped(out, line.sliced(found, end - found));
        out += "</a>"_L1;
        at = end;
        search = end;
    }
    appendEscaped(out, line.sliced(at));
}

/// Takes the marks of a quoted line off and says how many there were.
int takeQuoteMarks(QStringView &line)
{
    int depth = 0;
    while (true) {
        QStringView rest = line;
        if (depth > 0 && rest.startsWith(u' '))
            rest = rest.sliced(1);
        if (!rest.startsWith(u'>'))
            break;
        line = rest.sliced(1);
        ++depth;
    }
    if (depth > 0 && line.startsWith(u' '))
        line = line.sliced(1);
    return qMin(depth, MaxQuoteDepth);
}

void appendLine(QString &out, QStringView line)
{
    // Runs of spaces would fall together: indents and columns stay by no-break spaces.
    QString kept;
    kept.reserve(line.size());
    for (const QChar c : line) {
        if (c == u'\t')
            kept += u"\u00A0\u00A0\u00A0 ";
        else if (c == u' ' && (kept.isEmpty() || kept.endsWith(u' ')))
            kept += QChar(0xA0);
        else
            kept += c;
    }
    appendLinked(out, kept);
}

constexpr std::array<std::pair<QLatin1StringView, QLatin1StringView>, 5> HistoryLines { {
    { "On "_L1, "wrote:"_L1 },
    { "Am "_L1, ":"_L1 },
    { "Le "_L1, "crit :"_L1 },
    { "El "_L1, "escribi"_L1 },
    { "Em "_L1, "escreveu:"_L1 },
} };

bool isHistoryLine(QStringView line)
{
    line = line.trimmed();
    if (line.size() > 300)
        return false;
    if (line.startsWith("-----"_L1) && line.endsWith("-----"_L1)) {
        for (const QStringView name : { QStringView(u"Original Message"),
                 QStringView(u"Ursprüngliche Nachricht"), QStringView(u"Message d'origine"),
                 QStringView(u"Mensaje original"), QStringView(u"Mensagem original") }) {
            if (line.contains(name, Qt::CaseInsensitive))
                return true;
        }
    }
    for (const auto &[first, last] : HistoryLines) {
        if (!line.startsWith(first))
            continue;
        if (first == "Am "_L1)
            return line.endsWith(u':') && line.contains("schrieb "_L1);
        if (first == "Le "_L1)
            return line.endsWith(u':') && line.contains(u"a écrit");
        if (first == "El "_L1)
            return line.endsWith(u':') && line.contains(last);
        return line.endsWith(last);
    }
    return false;
}

} // namespace

QString htmlToText(QStringView foreign)
{
    const Intake intake = takeIn(foreign);
    const HtmlTree tree(intake.html);
    TextWriter writer;
    if (tree.body())
        writer.children(tree.body(), {});
    return writer.take().left(MaxPlainCharacters);
}

QString textToHtml(QStringView text)
{
    const QString valid = validText(text.first(qMin(text.size(), MaxPlainCharacters)).toString());
    QString html;
    html.reserve(valid.size() + valid.size() / 8);
    int depth = 0;
    bool isLineStart = true;
    for (QStringView line : QStringView(valid).tokenize(u'\n')) {
        if (line.endsWith(u'\r'))
            line.chop(1);
        const int wanted = takeQuoteMarks(line);
        if (wanted == depth && !isLineStart)
            html += "<br>"_L1;
        for (; depth < wanted; ++depth)
            html += "<blockquote>"_L1;
        for (; depth > wanted; --depth)
            html += "</blockquote>"_L1;
        appendLine(html, line);
        isLineStart = false;
    }
    return sanitizeHtml(html).html;
}

qsizetype quotedHistoryStart(QStringView text)
{
    qsizetype trailingQuotes = -1; // where the block of quoted lines at the end begins
    qsizetype at = 0;
    while (at <= text.size()) {
        qsizetype end = text.indexOf(u'\n', at);
        if (end < 0)
            end = text.size();
        const QStringView line = text.sliced(at, end - at);
        if (isHistoryLine(line))
            return at;
        const QStringView bare = line.trimmed();
        if (bare.startsWith(u'>')) {
            if (trailingQuotes < 0)
                trailingQuotes = at;
        } else if (!bare.isEmpty()) {
            trailingQuotes = -1;
        }
        at = end + 1;
    }
    return trailingQuotes < 0 ? text.size() : trailingQuotes;
}

} // namespace tierline::text
