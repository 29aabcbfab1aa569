#include "core/net/redact.h"

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

const QString hidden = u"•••"_s;

bool isAscii(QStringView text, QStringView others)
{
    return std::all_of(text.begin(), text.end(), [&](QChar c) {
        return c.unicode() < 0x80 && (c.isLetterOrNumber() || others.contains(c));
    });
}

/// A word of an API's path, a number, or a UUID of ours; not what could be a key, a name or an address.
bool isHarmlessSegment(QStringView segment)
{
    if (segment.size() > 40 || !isAscii(segment, u"._-"))
        return false;
    bool hasDigit = false;
    bool hasLetter = false;
    for (const QChar c : segment) {
        hasDigit = hasDigit || c.isDigit();
        hasLetter = hasLetter || c.isLetter();
    }
    // "v2" and "REST2" are words; keys are longer mixtures.
    return !(hasDigit && hasLetter) || segment.size() <= 8;
}

bool isShortNumber(QStringView text)
{
    return !text.isEmpty() && text.size() <= 6
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

bool isHarmlessHeader(const QByteArray &name)
{
    static const QByteArrayList harmless { "accept", "content-type", "content-length",
        "content-encoding", "transfer-encoding", "date", "server", "retry-after", "user-agent",
        "connection", "allow", "age" };
    const QByteArray lower = name.toLower();
    return harmless.contains(lower) || lower.startsWith("x-ratelimit-");
}

QString plain(QByteArrayView bytes)
{
    QString text = QString::fromLatin1(bytes.first(qMin<qsizetype>(bytes.size(), 120)));
    for (QChar &c : text) {
        if (c.unicode() < 0x20 || c.unicode() >= 0x7f)
            c = u'?';
    }
    return text;
}

} // namespace

QString redacted(const QUrl &url)
{
    QString text = plain(url.scheme().toLatin1()) + u"://"_s + plain(url.host().toUtf8());
    if (url.port() >= 0)
        text += u':' + QString::number(url.port());
    const QString path = url.path(QUrl::FullyEncoded);
    bool isFirst = true;
    for (const QStringView segment : QStringView(path).split(u'/')) {
        if (!isFirst)
            text += u'/';
        isFirst = false;
        if (isHarmlessSegment(segment))
            text += segment;
        else
            text += hidden;
    }
    const QString query = url.query(QUrl::FullyEncoded);
    QChar before = u'?';
    for (const QStringView item : QStringView(query).split(u'&', Qt::SkipEmptyParts)) {
        const auto equals = item.indexOf(u'=');
        const QStringView name = equals < 0 ? item : item.first(equals);
        const QStringView value = equals < 0 ? QStringView() : item.mid(equals + 1);
        text += before;
        before = u'&';
        // A key may stand there without a name.
        if (equals >= 0 && name.size() <= 20 && isAscii(name, u"_-."))
            text += name.toString() + u'=' + (isShortNumber(value) ? value.toString() : hidden);
        else
            text += hidden;
    }
    return text;
}

QString redacted(const Headers &headers)
{
    QStringList shown;
    for (const Header &header : headers)
        shown.append(plain(header.name) + u": "_s
            + (isHarmlessHeader(header.name) ? plain(header.value) : hidden));
    return shown.join("; "_L1);
}

QString redactedPlace(const Request &request, const QUrl &url)
{
    const QString place = request.isPathSecret
        ? redacted(url.adjusted(QUrl::RemovePath | QUrl::RemoveQuery)) + u'/' + hidden
        : redacted(url);
    return QString::fromLatin1(methodName(request.method)) + u' ' + place;
}

QString redacted(const Request &request)
{
    QString text = redactedPlace(request, request.url);
    if (!request.headers.isEmpty())
        text += u" ["_s + redacted(request.headers) + u']';
    if (request.stream)
        text += u" (body from a file)"_s;
    else if (!request.body.isEmpty())
        text += u" (%1 bytes)"_s.arg(request.body.size());
    return text;
}

} // namespace tierline::net
