#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <memory>

namespace tierline::importing {

/// The bytes of a file, unpacked where it is gzip (told by its first two bytes, never by its name;
/// several members in a row are one stream). Reads forward once. Thread: any one. Memory: two
/// buffers of 256 KiB, whatever the file holds.
class ByteSource
{
public:
    /// NotFound where there is no such file, BadInput where it is a folder or a device.
    static Result<std::unique_ptr<ByteSource>> open(const QString &file);
    virtual ~ByteSource() = default;

    /// Up to `size` bytes into `into`; 0 at the end. A truncated or damaged gzip file is BadInput.
    virtual Result<qint64> read(char *into, qint64 size) = 0;
    /// Bytes of the file (packed, where it is packed) taken so far, and all of them: for progress.
    qint64 taken() const { return m_taken; }
    qint64 total() const { return m_total; }
    const QString &name() const { return m_name; } ///< the file's name without its folder

protected:
    qint64 m_taken = 0;
    qint64 m_total = 0;
    QString m_name;
};

/// Which file, behind “line 7” in a sentence; nothing where the bytes have no file.
QString ofFile(const ByteSource &source);

/// For tests and for text that is in memory already.
std::unique_ptr<ByteSource> sourceOf(QByteArray bytes);

/// No file may unpack to more than this: a small packed file must not fill the disk.
constexpr qint64 MaxUnpackedBytes = 256LL << 30;

} // namespace tierline::importing
