#pragma once

#include <QString>
#include <QStringView>

namespace tierline::text {

/// Keeps running text cheap to lay out: breaks words of absurd length with a zero-width space, drops
/// combining marks beyond a few on one letter, control characters and bidi overrides. It remembers
/// where it is from one piece to the next, so that splitting a word over elements does not help.
class SoftText
{
public:
    SoftText(int wordCharacters, int marksPerLetter)
        : m_maxWord(wordCharacters)
        , m_maxMarks(marksPerLetter)
    {
    }

    /// Appends what is kept of one character. True where it was changed by a limit.
    bool append(QString &out, char32_t c)
    {
        if (c < 0x80) {
            if (c < 0x20 && c != '\n' && c != '\t')
                return false;
            if (c == 0x7F)
                return false;
            m_marks = 0;
            const bool isBreak = c <= 0x20;
            const bool isTooLong = !isBreak && breakWord(out);
            m_word = isBreak ? 0 : m_word + 1;
            out += QChar(ushort(c));
            return isTooLong;
        }
        return appendOther(out, c);
    }

    /// The next character starts a new line.
    void restart()
    {
        m_word = 0;
        m_marks = 0;
    }

private:
    bool appendOther(QString &out, char32_t c);
    bool breakWord(QString &out)
    {
        if (m_word < m_maxWord)
            return false;
        out += QChar(0x200B);
        m_word = 0;
        return true;
    }

    int m_maxWord;
    int m_maxMarks;
    int m_word = 0;
    int m_marks = 0;
};

/// Appends `text` escaped for HTML text or a double-quoted attribute.
void appendEscaped(QString &out, QStringView text);

} // namespace tierline::text
