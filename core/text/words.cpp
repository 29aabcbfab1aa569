#include "core/text/words.h"

namespace tierline::text {

namespace {

bool isIdeograph(char32_t c)
{
    const QChar::Script script = QChar::script(c);
    return script == QChar::Script_Han || script == QChar::Script_Hiragana
        || script == QChar::Script_Katakana;
}

/// Signs that part two words even without a space.
bool partsWords(char32_t c)
{
    return c == 0x2014 || c == 0x2013 || c == 0x2026 || c == '|' || (c >= 0x2190 && c <= 0x21FF)
        || c == 0x3001 || c == 0x3002 || c == 0xFF0C || QChar::isSpace(c);
}

struct Count {
    int words = 0;
    qsizetype end = 0; ///< of the last word that was counted in full
};

Count countUpTo(QStringView text, int most)
{
    Count count;
    bool isInWord = false;
    int ideographs = 0; // of the present run
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype from = i;
        char32_t c = text[i].unicode();
        if (QChar::isHighSurrogate(c) && i + 1 < text.size() && text[i + 1].isLowSurrogate())
            c = QChar::surrogateToUcs4(QChar(ushort(c)), text[++i]);
        if (isIdeograph(c)) {
            isInWord = false;
            if (++ideographs % 2 == 1) {
                if (count.words == most)
                    return count;
                ++count.words;
            }
            count.end = i + 1;
            continue;
        }
        ideographs = 0;
        if (partsWords(c)) {
            // "1 200–1 400": a dash between digits is a range, one amount to the reader.
            const bool isRange = (c == 0x2013 || c == 0x2014) && isInWord && from > 0
                && text[from - 1].isDigit() && i + 1 < text.size() && text[i + 1].isDigit();
            if (!isRange)
                isInWord = false;
            continue;
        }
        if (!isInWord && QChar::isLetterOrNumber(c)) {
            if (count.words == most)
                return count;
            isInWord = true;
            ++count.words;
        }
        if (isInWord)
            count.end = i + 1;
    }
    count.end = text.size();
    return count;
}

} // namespace

int wordCount(QStringView text)
{
    return countUpTo(text, std::numeric_limits<int>::max()).words;
}

QString firstWords(QStringView text, int count)
{
    qsizetype end = countUpTo(text, qMax(0, count)).end;
    while (end > 0 && text[end - 1].isSpace())
        --end;
    return text.first(end).toString();
}

} // namespace tierline::text
