#pragma once

#include "core/base/result.h"

#include <QList>
#include <QPair>
#include <QStringList>
#include <QUrl>

namespace tierline::net {

/// Names and values of a URL's query, in order, not yet encoded.
using QueryItems = QList<QPair<QString, QString>>;

/// The address of an account's server: https, or http to a literal loopback address (127.0.0.0/8,
/// [::1]; a name such as “localhost” may resolve elsewhere and is none), which is flagged so that
/// people read "not encrypted, this machine". No user name, query or fragment.
/// A value. Everything that is sent with the account's credentials goes to its origin.
class BaseUrl
{
public:
    /// BadInput with a sentence for everything else. A missing scheme is taken for https.
    static Result<BaseUrl> parse(const QString &text);

    const QUrl &url() const { return m_url; } ///< without a trailing slash
    bool isPlainLoopback() const { return m_plainLoopback; }
    QString host() const { return m_url.host(); }

    /// Same scheme, host and port. The default port equals no port; case does not matter.
    bool isOwnOrigin(const QUrl &other) const;

    /// The base, then each segment and query item encoded whole ("/", "..", "+" and "[" too), so that
    /// no id or text can change the path or add a parameter. Servers and proxies read "%2E%2E" as a
    /// climb, too, so for a segment "." or ".." (and an empty one) there is no address: the URL is
    /// invalid, and no transport sends it.
    QUrl at(const QStringList &segments, const QueryItems &query = {}) const;

    bool operator==(const BaseUrl &) const = default;

private:
    BaseUrl() = default;

    QUrl m_url;
    bool m_plainLoopback = false;
};

/// Whether a host is written as an address of this machine: 127.0.0.0/8 or ::1.
bool isLoopbackLiteral(const QString &host);

/// Whether a host is written as an address of this machine, its own network or no network at all
/// (loopback, private, link-local, unspecified, multicast), or is a name that always means one
/// (localhost, *.local). Names are not resolved.
bool isLocalHost(const QString &host);

} // namespace tierline::net
