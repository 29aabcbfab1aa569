#include "core/text/pictures_p.h"

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

bool isOfType(const QByteArray &bytes, QStringView type)
{
    if (type == "png"_L1)
        return bytes.startsWith("\x89PNG\r\n\x1a\n");
    if (type == "jpeg"_L1)
        return bytes.startsWith("\xFF\xD8\xFF");
    if (type == "gif"_L1)
        return bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a");
    if (type == "webp"_L1)
        return bytes.startsWith("RIFF")
            && QByteArrayView(bytes).sliced(qMin(qsizetype(8), bytes.size())).startsWith("WEBP");
    return false;
}

} // namespace

DataPicture readDataPicture(QStringView url, qsizetype maxBytes)
{
    url = url.trimmed();
    if (!url.startsWith("data:image/"_L1, Qt::CaseInsensitive))
        return {};
    url = url.sliced(11);
    const qsizetype comma = url.first(qMin(url.size(), qsizetype(64))).indexOf(u',');
    if (comma < 0)
        return {};
    const QString head = url.first(comma).toString().toLower();
    const qsizetype semicolon = head.indexOf(u';');
    if (semicolon < 0 || QStringView(head).sliced(semicolon).trimmed() != ";base64"_L1)
        return {};
    QStringView type = QStringView(head).first(semicolon).trimmed();
    if (type == "jpg"_L1)
        type = u"jpeg";
    const QStringView payload = url.sliced(comma + 1);
    if (payload.size() > maxBytes * 4 / 3 + maxBytes / 16 + 8) // base64 may be folded into lines
        return {};
    QByteArray packed;
    packed.reserve(payload.size());
    for (const QChar c : payload) {
        if (c.unicode() > 127)
            return {};
        if (!c.isSpace())
            packed += char(c.unicode());
    }
    const auto decoded
        = QByteArray::fromBase64Encoding(packed, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() > maxBytes || !isOfType(decoded.decoded, type))
        return {};
    return { "data:image/"_L1 + type.toString() + ";base64,"_L1
            + QString::fromLatin1(decoded.decoded.toBase64()),
        decoded.decoded.size() };
}

QString cidName(QStringView url)
{
    url = url.trimmed();
    if (!url.startsWith("cid:"_L1, Qt::CaseInsensitive) || url.size() > 1'000)
        return {};
    return QString::fromUtf8(QByteArray::fromPercentEncoding(url.sliced(4).toUtf8()));
}

} // namespace tierline::text
