#pragma once

#include "core/import/bytesource.h"
#include "core/import/textencoding.h"

namespace tierline::importing {

constexpr qint64 MaxLineBytes = 16 << 20;

/// One line of a source, without its end.
struct Line {
    QByteArrayView bytes; ///< valid until the next call of next()
    qint64 number = 0; ///< counted from 1
    bool hadCarriageReturn = false; ///< ended with CR LF
    bool hadEnd = false; ///< false only for a last line that no line feed ends
};

/// Cuts a source into lines at LF (or CR LF) in bounded memory. A byte order mark at the start is
/// dropped; one that contradicts the encoding is refused. Thread: one.
class LineReader
{
public:
    explicit LineReader(std::unique_ptr<ByteSource> source,
        TextEncoding encoding = TextEncoding::Utf8, qint64 maxLineBytes = MaxLineBytes);

    /// False at the end. BadInput, naming the line, where one is longer than the limit.
    Result<bool> next(Line &line);
    /// The encoding, with "utf-16" settled by the file's mark once a line was read.
    TextEncoding encoding() const { return m_encoding; }
    const ByteSource &source() const { return *m_source; }

private:
    Result<bool> fill();
    Result<Done> takeMark();
    qsizetype findEnd(qsizetype from) const;

    std::unique_ptr<ByteSource> m_source;
    TextEncoding m_encoding;
    qint64 m_maxLineBytes;
    QByteArray m_buffer;
    qsizetype m_begin = 0; ///< first byte not given out yet
    qsizetype m_end = 0; ///< bytes of m_buffer that are filled
    qint64 m_line = 0;
    bool m_isStarted = false;
    bool m_isAtEnd = false;
};

} // namespace tierline::importing
