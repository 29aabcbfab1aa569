#include "core/net/cookiesession.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>

namespace tierline::net {

namespace {

constexpr int mostCookies = 50;
constexpr qsizetype longestCookie = 4096;

} // namespace

/// Only to reach the list, which the base class keeps to itself.
class CookieSession::Jar final : public QNetworkCookieJar
{
public:
    using QNetworkCookieJar::allCookies;
    using QNetworkCookieJar::setAllCookies;
};

CookieSession::CookieSession(BaseUrl base)
    : m_base(std::move(base))
    , m_jar(std::make_unique<Jar>())
{
}

CookieSession::~CookieSession() = default;

QByteArray CookieSession::headerFor(const QUrl &url) const
{
    if (!m_base.isOwnOrigin(url))
        return {};
    QByteArray header;
    for (const QNetworkCookie &cookie : m_jar->cookiesForUrl(url)) {
        if (!header.isEmpty())
            header += "; ";
        header += cookie.toRawForm(QNetworkCookie::NameAndValueOnly);
    }
    return header;
}

void CookieSession::keep(const QUrl &url, const Headers &headers)
{
    if (!m_base.isOwnOrigin(url))
        return;
    for (const Header &header : headers) {
        if (header.name.compare("Set-Cookie", Qt::CaseInsensitive) != 0
            || header.value.size() > longestCookie)
            continue;
        // Qt joins several Set-Cookie headers with line breaks, and reads them so.
        m_jar->setCookiesFromUrl(QNetworkCookie::parseCookies(header.value), url);
    }
    auto all = m_jar->allCookies();
    if (all.size() > mostCookies)
        m_jar->setAllCookies(all.mid(all.size() - mostCookies));
}

void CookieSession::clear()
{
    m_jar->setAllCookies({});
}

bool CookieSession::isEmpty() const
{
    return m_jar->allCookies().isEmpty();
}

} // namespace tierline::net
