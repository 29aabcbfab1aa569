#include "core/handoff/shorten.h"

#include <limits>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

constexpr int LongRun = 24;

bool writesNoSpaces(char32_t c)
{
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar: return true;
    default: return false;
    }
}

bool changesDirection(char32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e
        || c == 0x200f || c == 0x061c;
}

bool isControl(char32_t c)
{
    return QChar::category(c) == QChar::Other_Control || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

struct Scan {
    int words = 0;
    qsizetype cut = -1; ///< where the word after the limit begins; -1: within the limit
};

/// Walks over the text until the word after `limit` begins.
Scan scan(QStringView text, int limit)
{
    Scan result;
    bool inWord = false;
    int run = 0; // characters since the last word began
    int dense = 0; // characters of a script without spaces since the last word began
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype start = i;
        char32_t c = text[i].unicode();
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            c = QChar::surrogateToUcs4(text[i], text[i + 1]);
            ++i;
        }
        if (QChar::isSpace(c)) {
            inWord = false;
            continue;
        }
        const bool isDense = writesNoSpaces(c);
        const bool begins = !inWord || run >= LongRun || (isDense && dense >= 2);
        if (begins) {
            if (++result.words > limit) {
                result.cut = start;
                return result;
            }
            inWord = true;
            run = dense = 0;
        }
        ++run;
        dense += isDense;
    }
    return result;
}

} // namespace

int countWords(QStringView text)
{
    return scan(text, std::numeric_limits<int>::max()).words;
}

QString withoutControls(const QString &text)
{
    QString kept;
    kept.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u'\n' || c == u'\t' || !(isControl(c.unicode()) || changesDirection(c.unicode())))
            kept.append(c);
    }
    return kept;
}

QString oneLine(const QString &text)
{
    QString line = text;
    line.replace(QChar(0x2028), u' ').replace(QChar(0x2029), u' ');
    return withoutControls(line.simplified());
}

QString shortened(const QString &line, int words)
{
    if (words <= 0)
        return {};
    const Scan found = scan(line, words);
    if (found.cut < 0)
        return line;
    QStringView kept = QStringView(line).left(found.cut).trimmed();
    while (!kept.isEmpty() && QStringView(u",;:-–(").contains(kept.back()))
        kept = kept.chopped(1).trimmed();
    return kept.toString() + u'…';
}

} // namespace tierline::handoff
