#include "core/base/unicode.h"

namespace tierline {

namespace {

bool isForbidden(char32_t c)
{
    return c == 0 || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

} // namespace

QString validText(QString text)
{
    const QChar *const read = text.constData();
    QChar *write = nullptr; // detached only when there is something to mend
    const auto mend = [&](qsizetype at, int length) {
        if (!write)
            write = text.data();
        for (int i = 0; i < length; ++i)
            write[at + i] = QChar::ReplacementCharacter;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = write ? write[i] : read[i];
        if (c.isHighSurrogate() && i + 1 < text.size()) {
            const QChar low = write ? write[i + 1] : read[i + 1];
            if (low.isLowSurrogate()) {
                if (isForbidden(QChar::surrogateToUcs4(c, low)))
                    mend(i, 2);
                ++i;
                continue;
            }
        }
        if (c.isSurrogate() || isForbidden(c.unicode()))
            mend(i, 1);
    }
    return text;
}

QString validText(QByteArrayView utf8)
{
    if (utf8.startsWith("\xEF\xBB\xBF"))
        utf8 = utf8.sliced(3);
    return validText(QString::fromUtf8(utf8));
}

} // namespace tierline
