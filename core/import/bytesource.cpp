#include "core/import/bytesource.h"

#include <QFile>
#include <QFileInfo>

#include <zlib.h>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 BufferSize = 256 * 1024;

class FileSource final : public ByteSource
{
public:
    FileSource(std::unique_ptr<QFile> file, QString name)
        : m_file(std::move(file))
    {
        m_total = m_file->size();
        m_name = std::move(name);
    }

    Result<qint64> read(char *into, qint64 size) override
    {
        const qint64 got = m_file->read(into, size);
        if (got < 0)
            return storageError(
                u"“%1” cannot be read any further: %2."_s.arg(m_name, m_file->errorString()));
        m_taken += got;
        return got;
    }

private:
    std::unique_ptr<QFile> m_file;
};

class MemorySource final : public ByteSource
{
public:
    explicit MemorySource(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
        m_total = m_bytes.size();
        m_name = u"the text"_s;
    }
    Result<qint64> read(char *into, qint64 size) override
    {
        const qint64 got = qMin(size, m_total - m_taken);
        std::copy_n(m_bytes.constData() + m_taken, got, into);
        m_taken += got;
        return got;
    }

private:
    QByteArray m_bytes;
};

class GzipSource final : public ByteSource
{
public:
    explicit GzipSource(std::unique_ptr<ByteSource> packed)
        : m_packed(std::move(packed))
    {
        m_total = m_packed->total();
        m_name = m_packed->name();
        m_input.resize(BufferSize);
        // 15 bits of window, plus 16: gzip headers and checksums are read and checked by zlib.
        m_isReady = inflateInit2(&m_stream, 15 + 16) == Z_OK;
    }
    ~GzipSource() override { inflateEnd(&m_stream); }

    Result<qint64> read(char *into, qint64 size) override
    {
        if (!m_isReady)
            return storageError(u"There is not enough memory to unpack “%1”."_s.arg(m_name));
        m_stream.next_out = reinterpret_cast<Bytef *>(into);
        m_stream.avail_out = static_cast<uInt>(qMin<qint64>(size, 1 << 30));
        const uInt asked = m_stream.avail_out;
        while (m_stream.avail_out == asked && !m_isAtEnd)
            TIERLINE_CHECK(inflateSome());
        const qint64 got = asked - m_stream.avail_out;
        m_unpacked += got;
        if (m_unpacked > MaxUnpackedBytes)
            return badInput(
                u"“%1” unpacks to more than %2 GiB, so it is not taken."_s.arg(m_name).arg(
                    MaxUnpackedBytes >> 30));
        return got;
    }

private:
    Result<Done> fill()
    {
        if (m_stream.avail_in > 0)
            return Done {};
        TIERLINE_TRY(got, m_packed->read(m_input.data(), m_input.size()));
        m_taken = m_packed->taken();
        m_stream.next_in = reinterpret_cast<Bytef *>(m_input.data());
        m_stream.avail_in = static_cast<uInt>(got);
        return Done {};
    }

    Result<Done> inflateSome()
    {
        TIERLINE_CHECK(fill());
        if (m_isBetweenMembers) {
            while (m_stream.avail_in > 0 && *m_stream.next_in == 0) { // padding of tapes
                ++m_stream.next_in;
                --m_stream.avail_in;
                TIERLINE_CHECK(fill());
            }
            if (m_stream.avail_in == 0) {
                m_isAtEnd = true;
                return Done {};
            }
            inflateReset(&m_stream);
            m_isBetweenMembers = false;
        }
        if (m_stream.avail_in == 0)
            return badInput(
                u"“%1” ends in the middle: the gzip file is cut off. Fetch it again."_s.arg(
                    m_name));
        const int outcome = inflate(&m_stream, Z_NO_FLUSH);
        if (outcome == Z_STREAM_END)
            m_isBetweenMembers = true;
        else if (outcome != Z_OK && outcome != Z_BUF_ERROR)
            return badInput(
                u"“%1” is damaged: its gzip data cannot be unpacked. Fetch it again."_s.arg(
                    m_name));
        return Done {};
    }

    std::unique_ptr<ByteSource> m_packed;
    QByteArray m_input;
    z_stream m_stream {};
    qint64 m_unpacked = 0;
    bool m_isReady = false;
    bool m_isBetweenMembers = false;
    bool m_isAtEnd = false;
};

/// Hands out bytes that were looked at already, then the rest.
class PeekedSource final : public ByteSource
{
public:
    PeekedSource(std::unique_ptr<ByteSource> rest, QByteArray head)
        : m_rest(std::move(rest))
        , m_head(std::move(head))
    {
        m_total = m_rest->total();
        m_name = m_rest->name();
    }
    Result<qint64> read(char *into, qint64 size) override
    {
        if (!m_head.isEmpty()) {
            const qint64 got = qMin<qint64>(size, m_head.size());
            std::copy_n(m_head.constData(), got, into);
            m_head.remove(0, got);
            m_taken += got;
            return got;
        }
        auto got = m_rest->read(into, size);
        m_taken = m_rest->taken();
        return got;
    }

private:
    std::unique_ptr<ByteSource> m_rest;
    QByteArray m_head;
};

Result<std::unique_ptr<ByteSource>> unpackedWhereGzip(std::unique_ptr<ByteSource> source)
{
    QByteArray head(2, Qt::Uninitialized);
    qint64 length = 0;
    while (length < 2) {
        TIERLINE_TRY(got, source->read(head.data() + length, 2 - length));
        if (got == 0)
            break;
        length += got;
    }
    head.truncate(length);
    const bool isGzip = head == QByteArray::fromRawData("\x1f\x8b", 2);
    std::unique_ptr<ByteSource> whole = std::make_unique<PeekedSource>(std::move(source), head);
    if (isGzip)
        return std::unique_ptr<ByteSource>(std::make_unique<GzipSource>(std::move(whole)));
    return whole;
}

} // namespace

Result<std::unique_ptr<ByteSource>> ByteSource::open(const QString &file)
{
    const QFileInfo info(file);
    if (!info.exists())
        return notFound(u"There is no file “%1”."_s.arg(file));
    // Two passes read it from its beginning, which a pipe does not give twice.
    if (!info.isFile())
        return badInput(u"“%1” is no ordinary file."_s.arg(file));
    auto opened = std::make_unique<QFile>(file);
    if (!opened->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return badInput(u"“%1” cannot be opened: %2."_s.arg(file, opened->errorString()));
    return unpackedWhereGzip(std::make_unique<FileSource>(std::move(opened), info.fileName()));
}

QString ofFile(const ByteSource &source)
{
    return source.name().isEmpty() ? QString() : u" of “%1”"_s.arg(source.name());
}

std::unique_ptr<ByteSource> sourceOf(QByteArray bytes)
{
    auto opened = unpackedWhereGzip(std::make_unique<MemorySource>(std::move(bytes)));
    return std::move(*opened); // reading memory cannot fail
}

} // namespace tierline::importing
