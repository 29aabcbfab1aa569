#include "core/net/baseurl.h"

#include <QHostAddress>

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

constexpr qsizetype longestUrl = 2000;

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

/// The host as an address, if it is written as one. Qt's own reading takes "127.1" and "0x7f.1" for
/// addresses too, and so do resolvers: that is what is wanted here.
QHostAddress literal(const QString &host)
{
    QString text = host;
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.mid(1, text.size() - 2);
    QHostAddress address(text);
    bool isMapped = false;
    const quint32 v4 = address.toIPv4Address(&isMapped);
    if (isMapped && address.protocol() == QAbstractSocket::IPv6Protocol)
        return QHostAddress(v4);
    return address;
}

QByteArray encoded(const QString &text)
{
    return QUrl::toPercentEncoding(text);
}

bool isDots(const QString &segment)
{
    return segment == u"." || segment == u"..";
}

/// Whether a path climbs, however its dots are written.
bool climbs(const QString &path)
{
    const QStringList segments
        = QUrl::fromPercentEncoding(path.toLatin1()).replace(u'\\', u'/').split(u'/');
    return std::any_of(segments.begin(), segments.end(), isDots);
}

} // namespace

bool isLoopbackLiteral(const QString &host)
{
    return literal(host).isLoopback();
}

bool isLocalHost(const QString &host)
{
    QString name = host.toLower();
    while (name.endsWith(u'.'))
        name.chop(1);
    if (name.isEmpty() || name == "localhost"_L1 || name.endsWith(".localhost"_L1)
        || name.endsWith(".local"_L1) || (!name.contains(u'.') && !name.contains(u':')))
        return true;
    const QHostAddress address = literal(name);
    if (address.isNull())
        return false;
    if (!address.isGlobal())
        return true;
    static const QList<QPair<QHostAddress, int>> own = [] {
        QList<QPair<QHostAddress, int>> nets;
        for (const auto *net : { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16",
                 "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fc00::/7",
                 "fe80::/10", "ff00::/8" })
            nets.append(QHostAddress::parseSubnet(QString::fromLatin1(net)));
        return nets;
    }();
    return std::any_of(own.begin(), own.end(), [&address](const auto &net) {
        return address.protocol() == net.first.protocol() && address.isInSubnet(net);
    });
}

Result<BaseUrl> BaseUrl::parse(const QString &text)
{
    QString given = text.trimmed();
    if (given.isEmpty())
        return badInput(
            u"The address of the server is missing: write one such as https://desk.example.com."_s);
    if (given.size() > longestUrl)
        return badInput(u"The address of the server is longer than %1 letters."_s.arg(longestUrl));
    if (!given.contains("://"_L1))
        given.prepend("https://"_L1);
    QUrl url(given, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return badInput(
            u"“%1” is no address of a server: write one such as https://desk.example.com."_s.arg(
                given.left(100)));
    if (!url.userInfo().isEmpty())
        return badInput(
            u"The address of the server must not hold a user name or password; they have fields of their own."_s);
    if (url.hasQuery() || url.hasFragment())
        return badInput(u"The address of the server must end before “?” and “#”."_s);
    const bool isPlain = url.scheme() == "http"_L1;
    if (isPlain && !isLoopbackLiteral(url.host()))
        return badInput(
            u"%1 would be spoken to without encryption: use https://. Only an address of this machine, such as http://127.0.0.1, may be http."_s
                .arg(url.host()));
    if (!isPlain && url.scheme() != "https"_L1)
        return badInput(
            u"The address of the server must begin with https://, not %1://."_s.arg(url.scheme()));
    QString path = url.path(QUrl::FullyEncoded);
    if (climbs(path))
        return badInput(u"The address of the server must not hold “.” or “..” in its path."_s);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path, QUrl::StrictMode);
    BaseUrl base;
    base.m_url = url;
    base.m_plainLoopback = isPlain;
    return base;
}

bool BaseUrl::isOwnOrigin(const QUrl &other) const
{
    return other.isValid() && other.scheme() == m_url.scheme() && other.host() == m_url.host()
        && portOf(other) == portOf(m_url);
}

QUrl BaseUrl::at(const QStringList &segments, const QueryItems &query) const
{
    QByteArray text = m_url.toEncoded();
    for (const QString &segment : segments) {
        if (isDots(segment) || segment.isEmpty())
            return {};
        text += '/' + encoded(segment);
    }
    char before = '?';
    for (const auto &[name, value] : query) {
        text += before + encoded(name) + '=' + encoded(value);
        before = '&';
    }
    return QUrl::fromEncoded(text, QUrl::StrictMode);
}

} // namespace tierline::net
