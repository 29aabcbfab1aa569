#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace tierline::importing {

/// The encodings that a log may be in. Nothing is guessed: what a map names is what is read, and
/// bytes that the encoding does not know are an error, never a question mark.
enum class TextEncoding : quint8 {
    Utf8,
    Latin1,
    Windows1252,
    Utf16LE,
    Utf16BE,
    Utf16 /* by its mark */
};

std::optional<TextEncoding> encodingFromName(const QString &name);
QString encodingName(TextEncoding encoding);
/// Bytes of one code unit: where a line ends is found in these steps.
inline int unitSize(TextEncoding e)
{
    return e >= TextEncoding::Utf16LE ? 2 : 1;
}

/// The text of these bytes, made valid (see validText). BadInput naming the first byte that is wrong.
Result<QString> decode(QByteArrayView bytes, TextEncoding encoding);

} // namespace tierline::importing
