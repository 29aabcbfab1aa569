#include "core/import/linereader.h"

#include <cstring>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype ChunkSize = 256 * 1024;
}

LineReader::LineReader(
    std::unique_ptr<ByteSource> source, TextEncoding encoding, qint64 maxLineBytes)
    : m_source(std::move(source))
    , m_encoding(encoding)
    , m_maxLineBytes(maxLineBytes)
{
}

/// Makes room and reads on; false at the source's end.
Result<bool> LineReader::fill()
{
    if (m_begin > 0) {
        std::memmove(
            m_buffer.data(), m_buffer.constData() + m_begin, static_cast<size_t>(m_end - m_begin));
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - m_end < ChunkSize)
        m_buffer.resize(qMax(m_end + ChunkSize, m_end * 2));
    TIERLINE_TRY(got, m_source->read(m_buffer.data() + m_end, m_buffer.size() - m_end));
    m_end += got;
    return got > 0;
}

Result<Done> LineReader::takeMark()
{
    m_isStarted = true;
    while (m_end < 3) {
        TIERLINE_TRY(more, fill());
        if (!more)
            break;
    }
    const QByteArrayView head(m_buffer.constData(), qMin<qsizetype>(m_end, 3));
    const bool isLittle = head.startsWith("\xFF\xFE"), isBig = head.startsWith("\xFE\xFF");
    const bool isUtf8 = head == QByteArrayView("\xEF\xBB\xBF", 3);
    if (m_encoding == TextEncoding::Utf16) {
        m_encoding = isBig ? TextEncoding::Utf16BE : TextEncoding::Utf16LE;
    } else if ((isLittle && m_encoding != TextEncoding::Utf16LE)
        || (isBig && m_encoding != TextEncoding::Utf16BE)) {
        return badInput(u"The file begins with the mark of UTF-16, but is to be read as %1: "
                        "set \"encoding\" to \"utf-16\"."_s.arg(encodingName(m_encoding)),
            u"line 1"_s);
    } else if (isUtf8 && m_encoding != TextEncoding::Utf8) {
        return badInput(u"The file begins with the mark of UTF-8, but is to be read as %1: "
                        "set \"encoding\" to \"utf-8\"."_s.arg(encodingName(m_encoding)),
            u"line 1"_s);
    }
    if (unitSize(m_encoding) == 2 ? isLittle || isBig : isUtf8)
        m_begin = unitSize(m_encoding) == 2 ? 2 : 3;
    return Done {};
}

/// Offset of the next line feed at or after `from`, or -1.
qsizetype LineReader::findEnd(qsizetype from) const
{
    const char *const data = m_buffer.constData();
    if (unitSize(m_encoding) == 1) {
        const void *hit = std::memchr(data + from, '\n', static_cast<size_t>(m_end - from));
        return hit ? static_cast<const char *>(hit) - data : -1;
    }
    const char low = m_encoding == TextEncoding::Utf16BE ? '\0' : '\n';
    const char high = m_encoding == TextEncoding::Utf16BE ? '\n' : '\0';
    for (qsizetype i = from + ((from - m_begin) & 1); i + 1 < m_end; i += 2) {
        if (data[i] == low && data[i + 1] == high)
            return i;
    }
    return -1;
}

Result<bool> LineReader::next(Line &line)
{
    if (!m_isStarted)
        TIERLINE_CHECK(takeMark());
    const int unit = unitSize(m_encoding);
    qsizetype searched = m_begin;
    qsizetype end = findEnd(searched);
    while (end < 0 && !m_isAtEnd) {
        if (m_end - m_begin > m_maxLineBytes)
            break;
        searched
            = qMax<qsizetype>(m_end - m_begin - (unit - 1), 0); // relative: fill() moves the bytes
        TIERLINE_TRY(more, fill());
        m_isAtEnd = !more;
        end = findEnd(m_begin + searched - (searched % unit));
    }
    const qsizetype length = (end < 0 ? m_end : end) - m_begin;
    if (length > m_maxLineBytes)
        return badInput(
            u"Line %1%2 is longer than %3 MiB, so this is hardly a file of the expected kind. "
            "Nothing was taken from it."_s.arg(m_line + 1)
                .arg(ofFile(*m_source))
                .arg(m_maxLineBytes >> 20),
            u"line %1"_s.arg(m_line + 1));
    if (end < 0 && length == 0)
        return false;
    line.bytes = QByteArrayView(m_buffer.constData() + m_begin, length);
    line.number = ++m_line;
    line.hadEnd = end >= 0;
    line.hadCarriageReturn = false;
    if (line.hadEnd && length >= unit) {
        const char *last = line.bytes.data() + length - unit;
        line.hadCarriageReturn = unit == 1        ? *last == '\r'
            : m_encoding == TextEncoding::Utf16BE ? last[0] == '\0' && last[1] == '\r'
                                                  : last[0] == '\r' && last[1] == '\0';
        if (line.hadCarriageReturn)
            line.bytes.chop(unit);
    }
    m_begin = end < 0 ? m_end : end + unit;
    return true;
}

} // namespace tierline::importing
