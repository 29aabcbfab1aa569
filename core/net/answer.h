#pragma once

#include "core/base/json.h"
#include "core/net/request.h"

#include <optional>

namespace tierline::net {

/// What the server may have done because of a request.
enum class Outcome : quint8 {
    NotSent, ///< nothing that it could act on has left this machine
    Rejected, ///< it answered and said that it did not do it
    Done, ///< it answered that it did it
    Unknown, ///< it may or may not have; look before asking again
};

/// Why there is no good answer, finer than Fault.
enum class Problem : quint8 {
    None,
    Status, ///< a whole answer with a status of 300 or more
    BadRequest, ///< the request itself may not be sent (another host, a forbidden header)
    GateClosed, ///< a 401 came before; nothing is sent until the credentials change
    TooLongToWait, ///< pace or a Retry-After beyond the request's patience
    Offline, ///< no address, refused, unreachable
    Proxy,
    Certificate, ///< the server could not prove who it is
    Tls, ///< any other failure of encryption
    ConnectTimeout,
    FirstByteTimeout,
    IdleTimeout,
    TotalTimeout,
    HeadersTooLarge,
    BodyTooLarge,
    CompressionBomb, ///< or packed bytes that are broken: Qt does not tell which
    BadRedirect, ///< another host, a downgrade, a loop, too many
    Broken, ///< cut short, or no HTTP
    Sink, ///< what takes the body could not
    Cancelled,
};

struct Response {
    int status = 0;
    Headers headers;
    QByteArray body; ///< empty where a sink took it; at most 64 KiB of it where status is not 2xx
    QUrl url; ///< the one that answered, after redirects
    Millis elapsed { 0 }; ///< from the first connecting on, queue left out
    std::optional<Instant> serverDate; ///< its Date header

    bool isGood() const { return status >= 200 && status < 300; }
    QByteArray header(QByteArrayView name) const { return headerValue(headers, name); }
    /// The media type in lower case, without parameters.
    QByteArray mediaType() const;
};

/// How a call ended. `response` is there after a whole answer of any status, and, without its body,
/// where headers came and the rest did not. `error` is there unless the status was 2xx and all went
/// well; its Fault and Retry follow the status, its sentence holds no secret and no text of tickets.
struct Answer {
    Outcome outcome = Outcome::NotSent;
    Problem problem = Problem::None;
    std::optional<Response> response;
    std::optional<Error> error;

    bool ok() const { return !error; }
};

/// A good answer's body as JSON. BadReply (never the parser's BadInput) where the type is not JSON, as
/// with a login page of status 200, or it is broken, too large or too deep.
Result<QJsonDocument> jsonOf(const Response &response, JsonLimits limits = {});
Result<QJsonObject> jsonObjectOf(const Response &response, JsonLimits limits = {});

/// The error that a status means, before a connector knows better: 401 SignIn, 403 NotAllowed, 404 and
/// 410 NotFound, 409 and 412 Conflict, 429 RateLimited, other 4xx BadInput, 5xx and 408 Later.
/// `wait` is the Retry-After in force, if any.
Error statusError(int status, Method method, const QUrl &url, Millis wait = Millis(0));

/// What a status says about the work: 2xx Done; 4xx, 501 and 505 Rejected; other 5xx and 301 to 303
/// Unknown, since a server may answer them after the deed; other 3xx Rejected.
Outcome statusOutcome(int status);

} // namespace tierline::net
