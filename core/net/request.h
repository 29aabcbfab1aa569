#pragma once

#include "core/base/instant.h"

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <functional>
#include <memory>

class QIODevice;

namespace tierline::net {

enum class Method : quint8 { Get, Head, Post, Put, Patch, Delete };

QByteArray methodName(Method method);
/// Get and Head: repeating one changes nothing there.
bool isSafe(Method method);

struct Header {
    QByteArray name;
    QByteArray value;
    bool operator==(const Header &) const = default;
};
using Headers = QList<Header>;

/// First value of a header, names compared without case; empty where there is none.
QByteArray headerValue(const Headers &headers, QByteArrayView name);

/// How long and how much. Time in a queue before the request starts does not count here.
struct Limits {
    Millis connect { 15'000 }; ///< until the connection, TLS included, takes the request
    Millis firstByte { 60'000 }; ///< from the last byte sent to the whole of the headers
    Millis idle { 30'000 }; ///< between two pieces of either body
    Millis total { 300'000 }; ///< all of it, redirects included
    qint64 bodyBytes = 16 << 20; ///< of the answer, decoded; a sink has its own
    qint64 headerBytes = 64 << 10;
    int headerCount = 90; ///< Qt's own parser gives up at about a hundred
    int redirects = 5; ///< 0 hands every 3xx to the caller
};

/// Takes a good answer's body piece by piece instead of memory. Called on the transport's thread.
class BodySink
{
public:
    virtual ~BodySink() = default;
    /// Called at the start of a good (2xx) answer's body; after a redirect it is the last answer's.
    virtual Result<Done> begin(qint64 announced) = 0; ///< -1 where the server did not say
    virtual Result<Done> take(QByteArrayView piece) = 0; ///< an error ends the call with it
};

/// What is asked. A value, apart from its sink and stream.
struct Request {
    Method method = Method::Get;
    QUrl url; ///< in the account's origin; BaseUrl::at() makes one
    Headers
        headers; ///< Authorization, Cookie, Host, Content-Length and hop-by-hop ones are refused
    QByteArray contentType; ///< needed where there is a body
    QByteArray body;
    /// Instead of `body`: opens the body anew, positioned at its start, random access.
    std::function<std::unique_ptr<QIODevice>()> stream;
    Limits limits;
    /// The longest wait for a place in the pace or the queue; what would wait longer ends at once as
    /// NotSent and RateLimited with `Error::wait`.
    Millis patience { 60'000 };
    /// This request changes nothing there although its method says it might (a search by POST).
    bool isRepeatable = false;
    /// No credentials and no cookies.
    bool isAnonymous = false;
    /// The path is itself the secret, as a hook's is: no log and no error shows any of it.
    bool isPathSecret = false;
    /// For Get only: a redirect to, or `url` at, another https host is followed without credentials,
    /// cookies and the headers above. For files that a helpdesk keeps elsewhere.
    bool allowsOtherHost = false;
    std::shared_ptr<BodySink> sink;
};

} // namespace tierline::net
