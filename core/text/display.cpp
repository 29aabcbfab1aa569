#include "core/text/display.h"

#include "core/base/unicode.h"

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

constexpr int MaxMarks = 4; ///< on one letter; Vietnamese and Hebrew need two or three
constexpr QChar IsolateStart(0x2068);
constexpr QChar IsolateEnd(0x2069);
constexpr QChar Ellipsis(0x2026);

bool isRightToLeft(char32_t c)
{
    if (c == 0x200F || c == 0x061C) // marks of a direction, not text in it
        return false;
    const QChar::Direction direction = QChar::direction(c);
    return direction == QChar::DirR || direction == QChar::DirAL;
}

/// Letters of scripts that shape with joiners, and signs that make up emoji.
bool joins(char32_t c)
{
    if (c < 0x600)
        return c == 0x23 || c == 0x2A;
    const QChar::Script script = QChar::script(c);
    const bool isShaped = script == QChar::Script_Arabic || script == QChar::Script_Syriac
        || script == QChar::Script_Mongolian || (c >= 0x900 && c < 0xE00)
        || (c >= 0x1000 && c < 0x1200) || (c >= 0x1780 && c < 0x1800);
    return isShaped || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x2190 && c < 0x2C00)
        || (c >= 0x1F000 && c < 0x20000);
}

bool isInvisible(char32_t c)
{
    switch (c) {
    case 0x00AD: // soft hyphen
    case 0x034F: // grapheme joiner
    case 0x061C:
    case 0x115F: // Hangul fillers
    case 0x1160:
    case 0x17B4:
    case 0x17B5:
    case 0x180E:
    case 0x2800: // empty braille
    case 0x3164:
    case 0xFFA0:
    case 0xFEFF: return true;
    default:
        return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E)
            || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFFF9 && c <= 0xFFFB)
            || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c < 0xE1000)
            || (c >= 0x180B && c <= 0x180F);
    }
}

enum class Show : quint8 { AsIs, AsPicture, AsCode, AsSpace, AsLineBreak };

Show showing(char32_t c, char32_t before, char32_t after, bool hasRightToLeft)
{
    if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 || c == 0x85)
        return Show::AsLineBreak;
    if (c == '\t')
        return Show::AsSpace;
    if (c < 0x20 || c == 0x7F)
        return Show::AsPicture;
    if (c >= 0x80 && c < 0xA0)
        return Show::AsCode;
    if (c < 0x300)
        return c == 0xAD ? Show::AsCode : Show::AsIs;
    if (!isInvisible(c))
        return Show::AsIs;
    if (c == 0x200C || c == 0x200D)
        return joins(before) && joins(after) ? Show::AsIs : Show::AsCode;
    if ((c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x180B && c <= 0x180F))
        return joins(before) || QChar::isDigit(before) || QChar::script(before) == QChar::Script_Han
            ? Show::AsIs
            : Show::AsCode;
    if (c == 0x200E || c == 0x200F || c == 0x061C)
        return hasRightToLeft ? Show::AsIs : Show::AsCode;
    return Show::AsCode;
}

struct Drawn {
    QString text;
    bool isPlain = true; ///< ASCII only
    bool isMarked = false;
    bool isCut = false;
};

class Drawer
{
public:
    Drawer(const QList<uint> &characters, qsizetype most, bool keepsLines)
        : m_in(characters)
        , m_most(most)
        , m_keepsLines(keepsLines)
        , m_hasRightToLeft(std::any_of(characters.cbegin(), characters.cend(), isRightToLeft))
    {
    }

    Drawn run()
    {
        for (qsizetype i = 0; i < m_in.size(); ++i) {
            const char32_t c = m_in[i];
            const bool isMark = QChar::isMark(c);
            if (m_drawn.text.size() >= m_most && !isMark) {
                m_drawn.isCut = true;
                break;
            }
            draw(c, i > 0 ? m_in[i - 1] : 0, i + 1 < m_in.size() ? m_in[i + 1] : 0, isMark);
        }
        return std::move(m_drawn);
    }

private:
    void draw(char32_t c, char32_t before, char32_t after, bool isMark)
    {
        m_marks = isMark ? m_marks + 1 : 0;
        if (m_marks > MaxMarks)
            return;
        switch (showing(c, before, after, m_hasRightToLeft)) {
        case Show::AsLineBreak: lineBreak(c, before); return;
        case Show::AsSpace: space(); return;
        case Show::AsPicture:
            m_drawn.isMarked = true;
            m_drawn.isPlain = false;
            m_drawn.text += QChar(ushort(c == 0x7F ? 0x2421 : 0x2400 + c));
            return;
        case Show::AsCode:
            m_drawn.isMarked = true;
            m_drawn.text += u"[U+%1]"_s.arg(uint(c), 4, 16, QChar(u'0')).toUpper();
            return;
        case Show::AsIs: break;
        }
        if (!m_keepsLines && QChar::isSpace(c)) {
            space();
            return;
        }
        m_drawn.isPlain = m_drawn.isPlain && c < 0x80;
        m_drawn.text += QChar::fromUcs4(c);
    }

    void space()
    {
        if (m_keepsLines || (!m_drawn.text.isEmpty() && !m_drawn.text.endsWith(u' ')))
            m_drawn.text += u' ';
    }

    void lineBreak(char32_t c, char32_t before)
    {
        if (c == '\n' && before == '\r')
            return;
        if (m_keepsLines)
            m_drawn.text += u'\n';
        else
            space();
    }

    const QList<uint> &m_in;
    qsizetype m_most;
    bool m_keepsLines;
    bool m_hasRightToLeft;
    int m_marks = 0;
    Drawn m_drawn;
};

Drawn drawn(QStringView raw, qsizetype most, bool keepsLines)
{
    // Every kept character needs at most this many of the raw ones, marks beyond the cap aside.
    const qsizetype looked = qMin(raw.size(), most * 8 + 64);
    const QString valid = validText(raw.first(looked).toString());
    Drawn result = Drawer(valid.toUcs4(), most, keepsLines).run();
    result.isCut = result.isCut || looked < raw.size();
    return result;
}

void dropTrailingSpace(QString &text)
{
    while (text.endsWith(u' '))
        text.chop(1);
}

} // namespace

QString isolated(const QString &text)
{
    return IsolateStart + text + IsolateEnd;
}

QString displayLine(QStringView raw, qsizetype maxCharacters)
{
    Drawn line = drawn(raw, maxCharacters, false);
    dropTrailingSpace(line.text);
    if (line.isCut)
        line.text += Ellipsis;
    return line.isPlain ? line.text : isolated(line.text);
}

QString displayText(QStringView raw, qsizetype maxCharacters)
{
    Drawn all = drawn(raw, maxCharacters, true);
    if (all.isCut)
        all.text += Ellipsis;
    if (all.isPlain)
        return all.text;
    QStringList lines = all.text.split(u'\n');
    for (QString &line : lines) {
        if (!line.isEmpty())
            line = isolated(line);
    }
    return lines.join(u'\n');
}

QString displayFileName(QStringView raw, qsizetype maxCharacters)
{
    if (raw.size() <= maxCharacters)
        return displayLine(raw, maxCharacters * 10);
    const qsizetype tail = qMax(qsizetype(12), maxCharacters / 3);
    // The end is drawn from its own characters, so that no override before it can reorder it.
    QStringView end = raw.last(qMin(tail, raw.size()));
    if (end.front().isLowSurrogate())
        end = end.sliced(1);
    Drawn head = drawn(raw.chopped(end.size()), maxCharacters - tail, false);
    Drawn last = drawn(end, tail * 10, false);
    const QString joined = head.text + Ellipsis + last.text;
    return isolated(joined);
}

bool hasHiddenCharacters(QStringView raw)
{
    return drawn(raw, raw.size() * 10, true).isMarked;
}

} // namespace tierline::text
