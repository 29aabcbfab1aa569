#include "core/text/sanitize.h"

#include "core/text/htmlintake_p.h"
#include "core/text/htmltree_p.h"
#include "core/text/links.h"
#include "core/text/pictures_p.h"
#include "core/text/place_p.h"
#include "core/text/softtext_p.h"
#include "core/text/stylelist_p.h"

#include <QUrl>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

class Writer
{
public:
    explicit Writer(const SanitizeOptions &options)
        : m_options(options)
        , m_limits(options.limits)
        , m_soft(options.limits.wordCharacters, options.limits.marksPerLetter)
    {
    }

    void children(const GumboNode *node, const Place &place)
    {
        const GumboVector &all = node->v.element.children;
        for (unsigned i = 0; i < all.length && !m_isFull; ++i)
            visit(static_cast<const GumboNode *>(all.data[i]), place);
    }

    Sanitized take() { return std::move(m_result); }

private:
    void visit(const GumboNode *node, const Place &place)
    {
        switch (node->type) {
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_WHITESPACE:
        case GUMBO_NODE_CDATA:
            if (!place.isInFrame)
                text(QString::fromUtf8(node->v.text.text), place);
            break;
        case GUMBO_NODE_ELEMENT: element(node, place); break;
        default: break;
        }
    }

    void element(const GumboNode *node, const Place &place)
    {
        switch (node->v.element.tag) {
        case GUMBO_TAG_BR: lineBreak(); break;
        case GUMBO_TAG_HR:
            startBlock();
            if (count())
                out() += "<hr>"_L1;
            break;
        case GUMBO_TAG_IMG: picture(node->v.element, place); break;
        case GUMBO_TAG_A: link(node, place); break;
        case GUMBO_TAG_B:
        case GUMBO_TAG_STRONG:
        case GUMBO_TAG_I:
        case GUMBO_TAG_EM:
        case GUMBO_TAG_U:
        case GUMBO_TAG_S:
        case GUMBO_TAG_CODE: formatting(node, place); break;
        case GUMBO_TAG_SPAN: span(node, place); break;
        case GUMBO_TAG_TABLE:
        case GUMBO_TAG_THEAD:
        case GUMBO_TAG_TBODY:
        case GUMBO_TAG_TFOOT:
        case GUMBO_TAG_TR:
        case GUMBO_TAG_TD:
        case GUMBO_TAG_TH: tablePart(node, place); break;
        default: block(node, place);
        }
    }

    // Output -------------------------------------------------------------------------------------

    QString &out() { return m_result.html; }

    bool hasRoom()
    {
        if (out().size() - m_uncounted < m_limits.outputCharacters)
            return true;
        m_isFull = true;
        m_result.isShortened = true;
        return false;
    }

    /// Room for one more element.
    bool count()
    {
        if (!hasRoom())
            return false;
        if (++m_nodes <= m_limits.nodes)
            return true;
        m_isFull = true;
        m_result.isShortened = true;
        return false;
    }

    void startBlock()
    {
        m_wasSpace = true;
        m_soft.restart();
        m_isAtPreStart = false;
    }

    void lineBreak()
    {
        if (count())
            out() += "<br>"_L1;
        startBlock();
    }

    void text(QStringView piece, const Place &place)
    {
        for (qsizetype i = 0; i < piece.size(); ++i) {
            char32_t c = piece[i].unicode();
            if (QChar::isHighSurrogate(c) && i + 1 < piece.size())
                c = QChar::surrogateToUcs4(QChar(ushort(c)), piece[++i]);
            if (c == '\r')
                continue;
            if (c == '\n' && place.isPre && m_isAtPreStart)
                continue; // a parser drops the first one, so a second pass would differ
            if (c == '\n' && place.keepsLines && !place.isPre) {
                lineBreak();
                continue;
            }
            const bool isSpace = c == ' ' || c == '\n' || c == '\t' || c == '\f';
            if (isSpace && !place.isPre) {
                if (m_wasSpace)
                    continue;
                c = ' ';
            }
            if (!hasRoom())
                return;
            if (character(c))
                m_wasSpace = isSpace && !place.isPre;
        }
    }

    /// False where nothing was written.
    bool character(char32_t c)
    {
        if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) || QChar::isSurrogate(c))
            c = QChar::ReplacementCharacter;
        const qsizetype before = out().size();
        if (m_soft.append(out(), c))
            m_result.isShortened = true;
        if (out().size() == before)
            return false;
        if (out().at(before).unicode() == 0x200B)
            ++m_uncounted;
        m_isAtPreStart = false;
        if (c == '&' || c == '<' || c == '>') {
            out().chop(1);
            out() += c == '&' ? "&amp;"_L1 : c == '<' ? "&lt;"_L1 : "&gt;"_L1;
        }
        return true;
    }

    void attribute(QLatin1StringView name, QStringView value)
    {
        if (value.isEmpty())
            return;
        out() += u' ';
        out() += name;
        out() += "=\""_L1;
        appendEscaped(out(), value);
        out() += u'"';
    }

    /// Writes the element with what is in it, which then stands at `place`. Where the depth is used
    /// up its tags are left out, and what is in it stands where the element itself would, `outer`.
    template<typename Attributes>
    void wrap(const GumboNode *node, QLatin1StringView name, const Place &outer, Place place,
        bool isBlock, Attributes write)
    {
        if (place.depth >= m_limits.elementDepth) {
            m_result.isSimplified = true;
            if (isBlock)
                text(u" ", outer);
            children(node, outer);
            return;
        }
        if (!count())
            return;
        ++place.depth;
        if (isBlock)
            startBlock();
        m_isAtPreStart = false;
        out() += u'<';
        out() += name;
        write();
        out() += u'>';
        m_isAtPreStart = name == "pre"_L1;
        children(node, place);
        out() += "</"_L1;
        out() += name;
        out() += u'>';
        m_isAtPreStart = false;
        if (isBlock)
            startBlock();
    }

    // Elements -----------------------------------------------------------------------------------

    static quint32 formattingBit(GumboTag tag)
    {
        switch (tag) {
        case GUMBO_TAG_B: return 1;
        case GUMBO_TAG_STRONG: return 2;
        case GUMBO_TAG_I: return 4;
        case GUMBO_TAG_EM: return 8;
        case GUMBO_TAG_U: return 16;
        case GUMBO_TAG_S: return 32;
        default: return 64;
        }
    }

    void formatting(const GumboNode *node, const Place &outer)
    {
        Place place = outer;
        const quint32 bit = formattingBit(node->v.element.tag);
        if (place.formatting & bit) {
            children(node, place);
            return;
        }
        place.formatting |= bit;
        place.isInList = false;
        wrap(node, QLatin1StringView(gumbo_normalized_tagname(node->v.element.tag)), outer, place,
            false, [] {});
    }

    void span(const GumboNode *node, const Place &outer)
    {
        Place place = outer;
        const StyleChoice style = readStyle(attributeOf(node->v.element, "style"));
        place.keepsLines = place.keepsLines || style.keepsLines;
        const QString css = style.css(false);
        if (css.isEmpty()) {
            children(node, place);
            return;
        }
        place.isInList = false;
        wrap(node, "span"_L1, outer, place, false, [&] { attribute("style"_L1, css); });
    }

    void link(const GumboNode *node, const Place &outer)
    {
        Place place = outer;
        const QString href
            = place.isInLink ? QString() : canonicalLink(attributeOf(node->v.element, "href"));
        if (href.isEmpty()) {
            children(node, place);
            return;
        }
        place.isInLink = true;
        place.isInList = false;
        wrap(node, "a"_L1, outer, place, false, [&] { attribute("href"_L1, href); });
    }

    static QLatin1StringView blockName(GumboTag tag, const Place &place)
    {
        switch (tag) {
        case GUMBO_TAG_P: return "p"_L1;
        case GUMBO_TAG_BLOCKQUOTE: return "blockquote"_L1;
        case GUMBO_TAG_PRE: return "pre"_L1;
        case GUMBO_TAG_UL: return "ul"_L1;
        case GUMBO_TAG_OL: return "ol"_L1;
        case GUMBO_TAG_LI: return place.isInList ? "li"_L1 : "div"_L1;
        case GUMBO_TAG_H1: // the window's own headings stay the larger ones
        case GUMBO_TAG_H2:
        case GUMBO_TAG_H3: return place.isInHeading ? "div"_L1 : "h3"_L1;
        case GUMBO_TAG_H4: return place.isInHeading ? "div"_L1 : "h4"_L1;
        case GUMBO_TAG_H5: return place.isInHeading ? "div"_L1 : "h5"_L1;
        case GUMBO_TAG_H6: return place.isInHeading ? "div"_L1 : "h6"_L1;
        case GUMBO_TAG_DIV: return "div"_L1;
        default: return {};
        }
    }

    void block(const GumboNode *node, const Place &outer)
    {
        Place place = outer;
        const QLatin1StringView name = blockName(node->v.element.tag, place);
        if (name.isEmpty()) {
            children(node, place);
            return;
        }
        place.isInList = name == "ul"_L1 || name == "ol"_L1;
        place.isPre = place.isPre || name == "pre"_L1;
        place.isInHeading = place.isInHeading || name.startsWith(u'h');
        const StyleChoice style = blockStyle(node->v.element);
        place.keepsLines = place.keepsLines || style.keepsLines;
        wrap(node, name, outer, place, true, [&] {
            blockAttributes(node->v.element, style);
            if (name == "ol"_L1)
                number(node->v.element, "start", 0, 99'999, 1);
        });
    }

    static StyleChoice blockStyle(const GumboElement &element)
    {
        if (element.attributes.length == 0)
            return {};
        StyleChoice style = readStyle(attributeOf(element, "style"));
        if (style.alignment.isEmpty())
            style.alignment = readAlignment(attributeOf(element, "align"));
        return style;
    }

    void blockAttributes(const GumboElement &element, const StyleChoice &style)
    {
        attribute("style"_L1, style.css(true));
        const QString direction = attributeOf(element, "dir").trimmed().toLower();
        if (direction == "rtl"_L1 || direction == "ltr"_L1)
            attribute("dir"_L1, direction);
    }

    void number(const GumboElement &element, const char *name, int least, int most, int usual)
    {
        bool isNumber = false;
        const int value = attributeOf(element, name).trimmed().toInt(&isNumber);
        if (isNumber && value >= least && value != usual)
            attribute(QLatin1StringView(name), QString::number(qMin(value, most)));
    }

    void tablePart(const GumboNode *node, const Place &outer)
    {
        Place place = outer;
        const GumboTag tag = node->v.element.tag;
        place.isInList = false;
        if (tag == GUMBO_TAG_TABLE) {
            // table, section, row and cell must all fit, or text would stand between rows.
            if (place.isInFlatTable || place.tables >= m_limits.tableDepth
                || place.depth + 4 > m_limits.elementDepth || !fitsGrid(node))
                place.isInFlatTable = true;
        }
        if (place.isInFlatTable) {
            flatTablePart(node, place);
            return;
        }
        const bool isCell = tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH;
        if (tag == GUMBO_TAG_TABLE)
            ++place.tables;
        place.isInFrame = !isCell;
        place.isPre = place.isPre && isCell;
        const QLatin1StringView name(
            tag == GUMBO_TAG_TFOOT ? "tbody" : gumbo_normalized_tagname(tag));
        const StyleChoice style = blockStyle(node->v.element);
        place.keepsLines = isCell && (place.keepsLines || style.keepsLines);
        wrap(node, name, outer, place, true, [&] {
            blockAttributes(node->v.element, style);
            if (isCell) {
                spans(node->v.element);
            }
        });
    }

    static int spanOf(const GumboElement &element, const char *name)
    {
        return qBound(1, attributeOf(element, name).trimmed().toInt(), 20);
    }

    void spans(const GumboElement &element)
    {
        for (const char *const name : { "colspan", "rowspan" }) {
            if (const int span = spanOf(element, name); span > 1)
                attribute(QLatin1StringView(name), QString::number(span));
        }
    }

    struct Grid {
        int rows = 0;
        int columns = 0; ///< of the widest row
        int pushed = 0; ///< columns by which cells of several rows may widen others
    };

    static void measure(const GumboNode *node, Grid &grid)
    {
        int columns = 0;
        const GumboVector &all = node->v.element.children;
        for (unsigned i = 0; i < all.length; ++i) {
            const auto *const child = static_cast<const GumboNode *>(all.data[i]);
            if (child->type != GUMBO_NODE_ELEMENT)
                continue;
            const GumboElement &element = child->v.element;
            if (element.tag == GUMBO_TAG_TD || element.tag == GUMBO_TAG_TH) {
                const int span = spanOf(element, "colspan");
                columns += span;
                grid.pushed += spanOf(element, "rowspan") > 1 ? span : 0;
            } else {
                grid.rows += element.tag == GUMBO_TAG_TR;
                measure(child, grid);
            }
        }
        grid.columns = qMax(grid.columns, columns);
    }

    /// A few wide rows among many make a grid that stops a rich-text view for minutes.
    bool fitsGrid(const GumboNode *table)
    {
        Grid grid;
        measure(table, grid);
        const qint64 cells = qint64(grid.rows) * (grid.columns + grid.pushed);
        if (m_gridCells + cells > m_limits.gridCells)
            return false;
        m_gridCells += int(cells);
        return true;
    }

    void flatTablePart(const GumboNode *node, const Place &place)
    {
        m_result.isSimplified = true;
        const GumboTag tag = node->v.element.tag;
        if (tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TR) {
            wrap(node, "div"_L1, place, place, true, [] {});
            return;
        }
        children(node, place);
        if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH)
            text(u" ", place);
    }

    // Pictures -----------------------------------------------------------------------------------

    void picture(const GumboElement &element, const Place &place)
    {
        const QString source = attributeOf(element, "src").trimmed();
        const QString name = cidName(source);
        if (!name.isEmpty()) {
            if (m_options.pictureNames.contains(name) || isFetched(name))
                writePicture(
                    "cid:"_L1 + QString::fromLatin1(QUrl::toPercentEncoding(name, "@.-_+$")),
                    element);
            return;
        }
        if (source.startsWith("data:"_L1, Qt::CaseInsensitive)) {
            dataPicture(source, element);
            return;
        }
        const QString remote = canonicalLink(source);
        if (remote.startsWith("http"_L1))
            remotePicture(remote, element, place);
    }

    bool isFetched(const QString &name) const
    {
        return std::any_of(m_options.fetchedPictures.cbegin(), m_options.fetchedPictures.cend(),
            [&name](const QString &fetched) { return fetched == name; });
    }

    void dataPicture(const QString &source, const GumboElement &element)
    {
        const qsizetype left
            = qMin(m_limits.pictureBytes, m_limits.allPictureBytes - m_pictureBytes);
        const DataPicture found = readDataPicture(source, left);
        if (found.url.isEmpty()) {
            m_result.isShortened = m_result.isShortened || source.size() > left;
            return;
        }
        m_pictureBytes += found.bytes;
        const qsizetype before = out().size();
        writePicture(found.url, element);
        m_uncounted += out().size() - before;
    }

    void remotePicture(const QString &address, const GumboElement &element, const Place &place)
    {
        const auto fetched = m_options.fetchedPictures.constFind(address);
        if (fetched != m_options.fetchedPictures.cend()) {
            writePicture(
                "cid:"_L1 + QString::fromLatin1(QUrl::toPercentEncoding(*fetched, "@.-_+$")),
                element);
            return;
        }
        ++m_result.blockedPictureCount;
        if (m_result.blockedPictures.size() < m_limits.blockedPictures
            && !m_listed.contains(address)) {
            m_listed.insert(address);
            m_result.blockedPictures.append(address);
        }
        if (isTiny(element, "width") || isTiny(element, "height"))
            return; // a tracking pixel is counted, but a mark for it would only be noise
        const QString alternative = attributeOf(element, "alt").simplified().left(300);
        text(alternative.isEmpty() ? m_options.pictureText : u'[' + alternative + u']', place);
    }

    static bool isTiny(const GumboElement &element, const char *side)
    {
        bool isNumber = false;
        const int size = attributeOf(element, side).trimmed().toInt(&isNumber);
        return isNumber && size <= 2;
    }

    void writePicture(const QString &source, const GumboElement &element)
    {
        if (!count())
            return;
        out() += "<img"_L1;
        attribute("src"_L1, source);
        attribute("alt"_L1, plainAlternative(element));
        number(element, "width", 1, 2'000, 0);
        number(element, "height", 1, 2'000, 0);
        out() += u'>';
        m_wasSpace = false;
        m_isAtPreStart = false;
    }

    QString plainAlternative(const GumboElement &element) const
    {
        SoftText soft(1'000, m_limits.marksPerLetter);
        QString kept;
        const QString alternative = attributeOf(element, "alt").simplified().left(300);
        for (const char32_t c : alternative.toUcs4()) {
            if (!QChar::isSurrogate(c))
                soft.append(kept, c);
        }
        return kept.simplified();
    }

    const SanitizeOptions &m_options;
    const SanitizeLimits &m_limits;
    Sanitized m_result;
    SoftText m_soft;
    QSet<QString> m_listed;
    int m_nodes = 0;
    int m_gridCells = 0;
    qsizetype m_pictureBytes = 0;
    qsizetype m_uncounted
        = 0; ///< inline pictures, and breaks in words: a second pass must end where this one did
    bool m_wasSpace = true;
    bool m_isAtPreStart = false;
    bool m_isFull = false;
};

} // namespace

Sanitized sanitizeHtml(QStringView foreign, const SanitizeOptions &options)
{
    const SanitizeLimits &limits = options.limits;
    IntakeLimits intakeLimits;
    // Room for the opening and closing tags of everything a first pass may have written.
    intakeLimits.tags = limits.nodes * 4 + 2'000;
    intakeLimits.depth = limits.elementDepth * 2;
    intakeLimits.pictureCharacters = limits.pictureBytes * 4 / 3 + 64 * 1024;
    intakeLimits.characters = 1'000'000 + limits.outputCharacters + limits.allPictureBytes * 3 / 2;
    const Intake intake = takeIn(foreign, intakeLimits);
    const HtmlTree tree(intake.html);
    Writer writer(options);
    if (tree.body())
        writer.children(tree.body(), {});
    Sanitized result = writer.take();
    result.isShortened = result.isShortened || intake.isShortened;
    return result;
}

} // namespace tierline::text
