#pragma once

#include "core/net/baseurl.h"
#include "core/net/request.h"

#include <memory>

namespace tierline::net {

/// Cookies of one sign-in, for servers that want them; a transport without a session sends and keeps
/// none. In memory only, for the account's own origin only, at most 50 of 4 KiB. Thread: the
/// transport's.
class CookieSession
{
public:
    explicit CookieSession(BaseUrl base);
    ~CookieSession();

    /// The Cookie header for a URL; empty for any other origin.
    QByteArray headerFor(const QUrl &url) const;
    /// Keeps what an answer from the own origin set; everything else is dropped.
    void keep(const QUrl &url, const Headers &headers);
    void clear();
    bool isEmpty() const;

private:
    class Jar;
    BaseUrl m_base;
    std::unique_ptr<Jar> m_jar;
};

} // namespace tierline::net
