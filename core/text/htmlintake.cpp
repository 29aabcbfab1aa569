#include "core/text/htmlintake_p.h"

#include "core/base/unicode.h"
#include "core/text/stylelist_p.h"

#include <QList>
#include <QString>

#include <array>
#include <string_view>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

enum class Kind : quint8 {
    Inline,
    Formatting, ///< reopened after a misnested end tag; never twice inside itself
    Block,
    Paragraph,
    Item,
    Table,
    Section,
    Row,
    Cell,
    Void,
    Raw, ///< its content is not text and goes with it
};

struct Name {
    std::string_view foreign;
    QLatin1StringView own; ///< what it is handed on as
    Kind kind;
};

// Sorted by the foreign name. Unknown names lose their tag and keep their text.
constexpr Name Names[] = {
    { "a", "a"_L1, Kind::Formatting },
    { "address", "div"_L1, Kind::Block },
    { "article", "div"_L1, Kind::Block },
    { "aside", "div"_L1, Kind::Block },
    { "b", "b"_L1, Kind::Formatting },
    { "blockquote", "blockquote"_L1, Kind::Block },
    { "br", "br"_L1, Kind::Void },
    { "caption", "div"_L1, Kind::Block },
    { "center", "div"_L1, Kind::Block },
    { "cite", "i"_L1, Kind::Formatting },
    { "code", "code"_L1, Kind::Formatting },
    { "dd", "div"_L1, Kind::Block },
    { "del", "s"_L1, Kind::Formatting },
    { "details", "div"_L1, Kind::Block },
    { "dfn", "i"_L1, Kind::Formatting },
    { "dir", "ul"_L1, Kind::Block },
    { "div", "div"_L1, Kind::Block },
    { "dl", "div"_L1, Kind::Block },
    { "dt", "div"_L1, Kind::Block },
    { "em", "em"_L1, Kind::Formatting },
    { "fieldset", "div"_L1, Kind::Block },
    { "figcaption", "div"_L1, Kind::Block },
    { "figure", "div"_L1, Kind::Block },
    { "footer", "div"_L1, Kind::Block },
    { "form", "div"_L1, Kind::Block },
    { "h1", "h1"_L1, Kind::Block },
    { "h2", "h2"_L1, Kind::Block },
    { "h3", "h3"_L1, Kind::Block },
    { "h4", "h4"_L1, Kind::Block },
    { "h5", "h5"_L1, Kind::Block },
    { "h6", "h6"_L1, Kind::Block },
    { "header", "div"_L1, Kind::Block },
    { "hr", "hr"_L1, Kind::Void },
    { "i", "i"_L1, Kind::Formatting },
    { "iframe", ""_L1, Kind::Raw },
    { "image", "img"_L1, Kind::Void },
    { "img", "img"_L1, Kind::Void },
    { "ins", "u"_L1, Kind::Formatting },
    { "kbd", "code"_L1, Kind::Formatting },
    { "li", "li"_L1, Kind::Item },
    { "main", "div"_L1, Kind::Block },
    { "menu", "ul"_L1, Kind::Block },
    { "nav", "div"_L1, Kind::Block },
    { "noembed", ""_L1, Kind::Raw },
    { "noframes", ""_L1, Kind::Raw },
    { "ol", "ol"_L1, Kind::Block },
    { "p", "p"_L1, Kind::Paragraph },
    { "pre", "pre"_L1, Kind::Block },
    { "s", "s"_L1, Kind::Formatting },
    { "samp", "code"_L1, Kind::Formatting },
    { "script", ""_L1, Kind::Raw },
    { "section", "div"_L1, Kind::Block },
    { "span", "span"_L1, Kind::Inline },
    { "strike", "s"_L1, Kind::Formatting },
    { "strong", "strong"_L1, Kind::Formatting },
    { "style", ""_L1, Kind::Raw },
    { "summary", "div"_L1, Kind::Block },
    { "table", "table"_L1, Kind::Table },
    { "tbody", "tbody"_L1, Kind::Section },
    { "td", "td"_L1, Kind::Cell },
    { "textarea", ""_L1, Kind::Raw },
    { "tfoot", "tfoot"_L1, Kind::Section },
    { "th", "th"_L1, Kind::Cell },
    { "thead", "thead"_L1, Kind::Section },
    { "title", ""_L1, Kind::Raw },
    { "tr", "tr"_L1, Kind::Row },
    { "tt", "code"_L1, Kind::Formatting },
    { "u", "u"_L1, Kind::Formatting },
    { "ul", "ul"_L1, Kind::Block },
    { "var", "i"_L1, Kind::Formatting },
};
static_assert(std::is_sorted(std::begin(Names), std::end(Names),
    [](const Name &a, const Name &b) { return a.foreign < b.foreign; }));

constexpr std::array<std::string_view, 11> Attributes { "href", "src", "alt", "width", "height",
    "style", "align", "dir", "colspan", "rowspan", "start" };

/// Whether the policy could keep anything of the attribute. Most of a newsletter is style without
/// consequence, and the tree builder's time goes by the character.
bool isOfUse(const Name *name, std::string_view attribute, QStringView value)
{
    const bool isPicture = name->own == "img"_L1;
    if (attribute == "src" || attribute == "alt" || attribute == "width" || attribute == "height")
        return isPicture;
    if (attribute == "href")
        return name->own == "a"_L1;
    if (attribute == "start")
        return name->own == "ol"_L1;
    if (attribute == "colspan" || attribute == "rowspan")
        return name->kind == Kind::Cell;
    if (name->kind == Kind::Void || name->kind == Kind::Formatting)
        return false;
    if (attribute == "style" && !value.contains(u'&')) {
        const StyleChoice style = readStyle(value);
        return style.keepsLines || !style.css(name->kind != Kind::Inline).isEmpty();
    }
    return true;
}

bool isLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}
bool isSpace(QChar c)
{
    return c == u' ' || c == u'\n' || c == u'\t' || c == u'\r' || c == u'\f';
}

/// Lower-case ASCII copy of a name; empty where it is longer than any name we know.
class ShortName
{
public:
    explicit ShortName(QStringView raw)
    {
        if (raw.size() > qsizetype(m_text.size()))
            return;
        for (const QChar c : raw)
            m_text[m_size++] = c.unicode() < 128 ? char(c.toLower().unicode()) : '?';
    }
    std::string_view view() const { return { m_text.data(), m_size }; }

private:
    std::array<char, 12> m_text {};
    size_t m_size = 0;
};

const Name *nameOf(QStringView raw)
{
    const ShortName name(raw);
    const auto *const found = std::lower_bound(std::begin(Names), std::end(Names), name.view(),
        [](const Name &entry, std::string_view wanted) { return entry.foreign < wanted; });
    return found != std::end(Names) && found->foreign == name.view() ? found : nullptr;
}

struct Open {
    const Name *name;
    bool isHandedOn; ///< a formatting element inside its own kind is only remembered
};

class Intaker
{
public:
    Intaker(QStringView in, const IntakeLimits &limits)
        : m_in(in)
        , m_limits(limits)
        , m_lastGreater(in.lastIndexOf(u'>'))
        , m_lastDouble(in.lastIndexOf(u'"'))
        , m_lastSingle(in.lastIndexOf(u'\''))
    {
        m_out.reserve(in.size() + in.size() / 8 + 64);
    }

    Intake run()
    {
        while (m_at < m_in.size()) {
            qsizetype next = m_in.indexOf(u'<', m_at);
            if (next < 0)
                next = m_in.size();
            text(m_in.sliced(m_at, next - m_at));
            m_at = next;
            if (m_at < m_in.size())
                markup();
        }
        closeDownTo(0);
        return { m_out.toUtf8(), m_isShortened };
    }

private:
    QChar peek(qsizetype ahead) const
    {
        return m_at + ahead < m_in.size() ? m_in[m_at + ahead] : QChar();
    }

    void text(QStringView part)
    {
        // Run by run: a control character is rare, and appending letter by letter is slow.
        qsizetype from = 0;
        for (qsizetype i = 0; i < part.size(); ++i) {
            if (part[i].unicode() < 0x20 && !isSpace(part[i])) {
                m_out += part.sliced(from, i - from);
                from = i + 1;
            }
        }
        m_out += part.sliced(from);
    }

    void literalLess()
    {
        m_out += "&lt;"_L1;
        ++m_at;
    }

    void markup()
    {
        const QChar c = peek(1);
        if (c == u'!' || c == u'?') {
            comment();
        } else if (isLetter(c)) {
            tag(false);
        } else if (c == u'/' && isLetter(peek(2))) {
            tag(true);
        } else if (c == u'/' && m_at < m_lastGreater) {
            m_at = m_in.indexOf(u'>', m_at) + 1; // "</>" and "</ x>" are comments to a browser
        } else {
            literalLess();
        }
    }

    void comment()
    {
        if (m_in.sliced(m_at).startsWith("<!--"_L1)) {
            // "<!-->" and "<!--->" are whole comments.
            const qsizetype from = peek(4) == u'>' ? 2 : peek(4) == u'-' && peek(5) == u'>' ? 3 : 4;
            const qsizetype end = m_noCommentEnd ? -1 : m_in.indexOf("-->"_L1, m_at + from);
            if (end >= 0) {
                m_at = end + 3;
                return;
            }
            m_noCommentEnd = true;
        }
        if (m_at < m_lastGreater)
            m_at = m_in.indexOf(u'>', m_at) + 1;
        else
            literalLess();
    }

    /// Reads one tag. A tag without its end is text, so that "a <b" is not eaten.
    void tag(bool isEnd)
    {
        if (m_at > m_lastGreater) {
            literalLess();
            return;
        }
        qsizetype at = m_at + (isEnd ? 2 : 1);
        const qsizetype nameFrom = at;
        while (at < m_in.size() && !isSpace(m_in[at]) && m_in[at] != u'>' && m_in[at] != u'/')
            ++at;
        const Name *const name = nameOf(m_in.sliced(nameFrom, at - nameFrom));
        for (QStringView &value : m_values)
            value = {};
        m_present.fill(false);
        while (at < m_in.size() && m_in[at] != u'>')
            at = attribute(at);
        if (at >= m_in.size()) {
            // Quotes swallowed every '>' that follows; nothing after this can be a tag's end either.
            m_lastGreater = m_at;
            literalLess();
            return;
        }
        m_at = at + 1;
        if (!name)
            return;
        if (name->kind == Kind::Raw) {
            if (!isEnd)
                skipRaw(name);
        } else if (isEnd) {
            end(name);
        } else {
            start(name);
        }
    }

    qsizetype attribute(qsizetype at)
    {
        while (at < m_in.size() && (isSpace(m_in[at]) || m_in[at] == u'/'))
            ++at;
        const qsizetype nameFrom = at;
        while (at < m_in.size() && !isSpace(m_in[at]) && m_in[at] != u'>' && m_in[at] != u'/'
            && (m_in[at] != u'=' || at == nameFrom))
            ++at;
        const ShortName name(m_in.sliced(nameFrom, at - nameFrom));
        while (at < m_in.size() && isSpace(m_in[at]))
            ++at;
        if (at >= m_in.size() || m_in[at] != u'=')
            return at;
        ++at;
        while (at < m_in.size() && isSpace(m_in[at]))
            ++at;
        if (at >= m_in.size())
            return at;
        const QChar quote = m_in[at];
        qsizetype valueFrom = at;
        qsizetype valueEnd = at;
        const bool isQuoted
            = (quote == u'"' && at < m_lastDouble) || (quote == u'\'' && at < m_lastSingle);
        if (isQuoted) {
            valueFrom = at + 1;
            valueEnd = m_in.indexOf(quote, valueFrom);
            at = valueEnd + 1;
        } else {
            while (at < m_in.size() && !isSpace(m_in[at]) && m_in[at] != u'>')
                ++at;
            valueEnd = at;
        }
        const auto *const found = std::find(Attributes.begin(), Attributes.end(), name.view());
        if (found != Attributes.end()) {
            const size_t index = size_t(found - Attributes.begin());
            if (!m_present[index]) {
                m_present[index] = true;
                m_values[index] = m_in.sliced(valueFrom, valueEnd - valueFrom);
            }
        }
        return at;
    }

    void skipRaw(const Name *name)
    {
        const size_t index = size_t(name - std::begin(Names));
        if (m_rawWithoutEnd[index])
            return;
        const QString closing
            = "</"_L1 + QLatin1StringView(name->foreign.data(), qsizetype(name->foreign.size()));
        const qsizetype end = m_in.indexOf(closing, m_at, Qt::CaseInsensitive);
        if (end < 0)
            m_rawWithoutEnd[index] = true;
        else
            m_at = end; // the end tag itself is read, and dropped, next
    }

    static bool isMarker(const Open &open)
    {
        return open.name->kind == Kind::Cell || open.name->kind == Kind::Table;
    }

    /// Index of the innermost open element that `matches`, or -1 when `stops` came first.
    template<typename Matches, typename Stops>
    qsizetype find(Matches matches, Stops stops) const
    {
        for (qsizetype i = m_open.size() - 1; i >= 0; --i) {
            if (matches(m_open[i]))
                return i;
            if (stops(m_open[i]))
                return -1;
        }
        return -1;
    }
    qsizetype findKind(Kind kind, bool throughMarkers = false) const
    {
        return find([kind](const Open &o) { return o.name->kind == kind; },
            [throughMarkers](const Open &o) { return !throughMarkers && isMarker(o); });
    }

    void closeDownTo(qsizetype size)
    {
        while (m_open.size() > size) {
            if (m_open.last().isHandedOn)
                writeEnd(m_open.last().name);
            m_open.removeLast();
        }
    }

    void writeEnd(const Name *name)
    {
        m_out += "</"_L1;
        m_out += name->own;
        m_out += u'>';
        ++m_tags;
    }

    /// What the new element closes by itself, as HTML says. False: it has no place here.
    bool makeRoomFor(const Name *name)
    {
        switch (name->kind) {
        case Kind::Block:
        case Kind::Paragraph:
        case Kind::Table: closeParagraph(); return true;
        case Kind::Void:
            if (name->own == "hr"_L1)
                closeParagraph();
            return true;
        case Kind::Item: {
            const qsizetype item = find([](const Open &o) { return o.name->kind == Kind::Item; },
                [](const Open &o) {
                    return isMarker(o) || o.name->own == "ul"_L1 || o.name->own == "ol"_L1;
                });
            if (item >= 0)
                closeDownTo(item);
            closeParagraph();
            return true;
        }
        case Kind::Section:
        case Kind::Row:
        case Kind::Cell: {
            const qsizetype table = findKind(Kind::Table, true);
            if (table < 0)
                return false;
            qsizetype keep = table + 1;
            for (qsizetype i = table + 1; i < m_open.size(); ++i) {
                const Kind kind = m_open[i].name->kind;
                if (kind == Kind::Section && name->kind != Kind::Section)
                    keep = i + 1;
                if (kind == Kind::Row && name->kind == Kind::Cell)
                    keep = i + 1;
            }
            closeDownTo(keep);
            return true;
        }
        case Kind::Formatting:
            if (name->own == "a"_L1) { // a link ends the one before it
                const qsizetype link
                    = find([](const Open &o) { return o.name->own == "a"_L1; }, isMarker);
                if (link >= 0)
                    end(m_open[link].name);
            }
            return true;
        default: return true;
        }
    }

    void closeParagraph()
    {
        const qsizetype paragraph = findKind(Kind::Paragraph);
        if (paragraph >= 0)
            closeDownTo(paragraph);
    }

    void start(const Name *name)
    {
        if (m_tags >= m_limits.tags) {
            m_isShortened = true;
            return;
        }
        if (!makeRoomFor(name))
            return;
        if (name->kind != Kind::Void && m_open.size() >= m_limits.depth) {
            m_isShortened = true;
            return;
        }
        const bool isAgain = name->kind == Kind::Formatting
            && find([name](const Open &o) { return o.name->own == name->own; },
                   [](const Open &) { return false; })
                >= 0;
        if (!isAgain)
            writeStart(name, true);
        if (name->kind != Kind::Void)
            m_open.append({ name, !isAgain });
    }

    void writeStart(const Name *name, bool isWithAttributes)
    {
        m_out += u'<';
        m_out += name->own;
        for (size_t i = 0; isWithAttributes && i < Attributes.size(); ++i) {
            if (!m_present[i] || !isOfUse(name, Attributes[i], m_values[i]))
                continue;
            const bool mayHoldPicture = Attributes[i] == "src";
            if (m_values[i].size()
                > (mayHoldPicture ? m_limits.pictureCharacters : m_limits.attributeCharacters)) {
                m_isShortened = true;
                continue;
            }
            m_out += u' ';
            m_out += QLatin1StringView(Attributes[i].data(), qsizetype(Attributes[i].size()));
            m_out += "=\""_L1;
            const qsizetype valueFrom = m_out.size();
            text(m_values[i]);
            if (m_values[i].contains(u'"'))
                m_out.replace(valueFrom, m_out.size() - valueFrom,
                    m_out.sliced(valueFrom).replace(u'"', "&quot;"_L1));
            m_out += u'"';
        }
        m_out += u'>';
        ++m_tags;
    }

    void end(const Name *name)
    {
        if (name->kind == Kind::Void)
            return;
        const bool isTablePart = name->kind == Kind::Section || name->kind == Kind::Row
            || name->kind == Kind::Cell || name->kind == Kind::Table;
        const bool isHeading = name->own.front() == u'h';
        const qsizetype found = find(
            [&](const Open &o) {
                return o.name->own == name->own || (isHeading && o.name->own.front() == u'h');
            },
            [&](const Open &o) { return isTablePart ? o.name->kind == Kind::Table : isMarker(o); });
        if (found < 0) {
            if (name->own == "p"_L1)
                m_out += u' '; // a browser makes an empty paragraph of it
            return;
        }
        QList<const Name *> again;
        if (name->kind == Kind::Formatting) {
            for (qsizetype i = found + 1; i < m_open.size(); ++i) {
                if (m_open[i].name->kind == Kind::Formatting && m_open[i].isHandedOn
                    && m_open[i].name->own != "a"_L1)
                    again.append(m_open[i].name);
            }
        }
        closeDownTo(found);
        for (const Name *const inner : std::as_const(again)) {
            if (m_tags < m_limits.tags) {
                writeStart(inner, false);
                m_open.append({ inner, true });
            }
        }
    }

    QStringView m_in;
    IntakeLimits m_limits;
    QString m_out;
    qsizetype m_at = 0;
    qsizetype m_lastGreater;
    qsizetype m_lastDouble;
    qsizetype m_lastSingle;
    int m_tags = 0;
    bool m_noCommentEnd = false;
    bool m_isShortened = false;
    QList<Open> m_open;
    std::array<QStringView, Attributes.size()> m_values {};
    std::array<bool, Attributes.size()> m_present {};
    std::array<bool, std::size(Names)> m_rawWithoutEnd {};
};

} // namespace

Intake takeIn(QStringView html, const IntakeLimits &limits)
{
    bool isCut = false;
    if (html.size() > limits.characters) {
        html = html.first(limits.characters);
        const qsizetype open = html.lastIndexOf(u'<');
        if (open > html.lastIndexOf(u'>'))
            html = html.first(open); // a tag cut in two would be shown as text
        isCut = true;
    }
    const QString valid = validText(html.toString());
    Intake result = Intaker(valid, limits).run();
    result.isShortened = result.isShortened || isCut;
    return result;
}

} // namespace tierline::text
