#include "core/text/softtext_p.h"

namespace tierline::text {

using namespace Qt::StringLiterals;

bool SoftText::appendOther(QString &out, char32_t c)
{
    // An override can show "moc.live" for an address; embeddings that end with their paragraph stay.
    if ((c >= 0x80 && c < 0xA0) || c == 0x202D || c == 0x202E || c == 0xFEFF
        || (c >= 0xFFF9 && c <= 0xFFFB))
        return false;
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing) {
        if (m_marks >= m_maxMarks)
            return true;
        ++m_marks;
        out += QChar::fromUcs4(c);
        return false;
    }
    if (c == 0x200B && m_word == 0)
        return false; // runs of them are text without width
    m_marks = 0;
    const bool isBreak = c == 0x200B || (c != 0xA0 && c != 0x202F && QChar::isSpace(c));
    const bool isTooLong = !isBreak && breakWord(out);
    m_word = isBreak ? 0 : m_word + 1;
    out += QChar::fromUcs4(c);
    return isTooLong;
}

void appendEscaped(QString &out, QStringView text)
{
    for (const QChar c : text) {
        switch (c.unicode()) {
        case u'&': out += "&amp;"_L1; break;
        case u'<': out += "&lt;"_L1; break;
        case u'>': out += "&gt;"_L1; break;
        case u'"': out += "&quot;"_L1; break;
        default: out += c;
        }
    }
}

} // namespace tierline::text
