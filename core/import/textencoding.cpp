#include "core/import/textencoding.h"

#include "core/base/unicode.h"

#include <QHash>
#include <QStringDecoder>

#include <array>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

// 0x80 to 0x9F of windows-1252; 0 marks the five bytes that it leaves undefined.
constexpr std::array<char16_t, 32> windows1252 = { 0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026,
    0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C,
    0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178 };

Error undefinedByte(uchar byte, TextEncoding encoding)
{
    return badInput(u"The byte 0x%1 does not exist in %2: the map names the wrong encoding."_s
                        .arg(static_cast<uint>(byte), 2, 16, QLatin1Char('0'))
                        .arg(encodingName(encoding)));
}

/// Offset of the first byte that is not UTF-8 (overlong forms, surrogates and the like included), or -1.
qsizetype invalidUtf8At(QByteArrayView bytes)
{
    const auto at
        = [&](qsizetype i) { return i < bytes.size() ? static_cast<uchar>(bytes[i]) : 0; };
    for (qsizetype i = 0; i < bytes.size();) {
        const uchar c = at(i);
        if (c < 0x80) {
            ++i;
            continue;
        }
        const int length = c >= 0xC2 && c <= 0xDF ? 2
            : c >= 0xE0 && c <= 0xEF              ? 3
            : c >= 0xF0 && c <= 0xF4              ? 4
                                                  : 0;
        if (length == 0)
            return i;
        for (int k = 1; k < length; ++k) {
            if ((at(i + k) & 0xC0) != 0x80)
                return i;
        }
        const uchar second = at(i + 1);
        if ((c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F)
            || (c == 0xF0 && second < 0x90) || (c == 0xF4 && second > 0x8F))
            return i;
        i += length;
    }
    return -1;
}

Result<QString> decodeUtf16(QByteArrayView bytes, TextEncoding encoding)
{
    if (bytes.size() % 2 != 0)
        return badInput(
            u"The text ends in the middle of a character: the map names the wrong encoding."_s);
    QStringDecoder decoder(
        encoding == TextEncoding::Utf16BE ? QStringDecoder::Utf16BE : QStringDecoder::Utf16LE,
        QStringConverter::Flag::Stateless | QStringConverter::Flag::ConvertInitialBom);
    QString text = decoder.decode(bytes);
    if (decoder.hasError())
        return badInput(u"The text is no UTF-16: the map names the wrong encoding."_s);
    return validText(std::move(text));
}

} // namespace

std::optional<TextEncoding> encodingFromName(const QString &name)
{
    static const QHash<QString, TextEncoding> names {
        { u"utf-8"_s, TextEncoding::Utf8 },
        { u"utf8"_s, TextEncoding::Utf8 },
        { u"ascii"_s, TextEncoding::Utf8 },
        { u"us-ascii"_s, TextEncoding::Utf8 },
        { u"iso-8859-1"_s, TextEncoding::Latin1 },
        { u"latin1"_s, TextEncoding::Latin1 },
        { u"latin-1"_s, TextEncoding::Latin1 },
        { u"windows-1252"_s, TextEncoding::Windows1252 },
        { u"cp1252"_s, TextEncoding::Windows1252 },
        { u"utf-16"_s, TextEncoding::Utf16 },
        { u"utf-16le"_s, TextEncoding::Utf16LE },
        { u"utf-16be"_s, TextEncoding::Utf16BE },
    };
    const auto found = names.constFind(name.trimmed().toLower());
    return found == names.cend() ? std::nullopt : std::optional(*found);
}

QString encodingName(TextEncoding encoding)
{
    switch (encoding) {
    case TextEncoding::Utf8: return u"utf-8"_s;
    case TextEncoding::Latin1: return u"iso-8859-1"_s;
    case TextEncoding::Windows1252: return u"windows-1252"_s;
    case TextEncoding::Utf16LE: return u"utf-16le"_s;
    case TextEncoding::Utf16BE: return u"utf-16be"_s;
    case TextEncoding::Utf16: return u"utf-16"_s;
    }
    return {};
}

Result<QString> decode(QByteArrayView bytes, TextEncoding encoding)
{
    switch (encoding) {
    case TextEncoding::Utf8:
        if (const qsizetype at = invalidUtf8At(bytes); at >= 0)
            return undefinedByte(static_cast<uchar>(bytes[at]), encoding);
        return validText(QString::fromUtf8(bytes));
    case TextEncoding::Latin1: return validText(QString::fromLatin1(bytes));
    case TextEncoding::Windows1252: {
        QString text = QString::fromLatin1(bytes);
        for (QChar &c : text) {
            const char16_t u = c.unicode();
            if (u < 0x80 || u > 0x9F)
                continue;
            const char16_t meant = windows1252[u - 0x80];
            if (meant == 0)
                return undefinedByte(static_cast<uchar>(u), encoding);
            c = QChar(meant);
        }
        return validText(std::move(text));
    }
    case TextEncoding::Utf16LE:
    case TextEncoding::Utf16BE:
    case TextEncoding::Utf16: return decodeUtf16(bytes, encoding);
    }
    return badInput(u"Unknown encoding."_s);
}

} // namespace tierline::importing
