#include "core/notify/webhook/hookverdict.h"

namespace tierline::notify::webhook {

using namespace Qt::StringLiterals;

namespace {

using Outcome = Told::Outcome;

constexpr int requestTimeout = 408;
constexpr int gone = 410;
constexpr int tooEarly = 425;
constexpr int tooMany = 429;
constexpr int unavailable = 503;

bool isLater(const net::Response &response)
{
    return response.status == requestTimeout || response.status == tooEarly
        || response.status == tooMany
        || (response.status == unavailable && !response.header("Retry-After").isEmpty());
}

Error said(const net::Answer &answer, Fault fault, const QString &detail)
{
    return { .fault = fault,
        .detail = detail,
        .retry = answer.error ? answer.error->retry : Retry::Never,
        .wait = answer.error ? answer.error->wait : Millis(0) };
}

/// Where a redirect leads, without what may be secret of it.
QString elsewhere(const net::Response &response)
{
    const QUrl next
        = response.url.resolved(QUrl::fromEncoded(response.header("Location"), QUrl::StrictMode));
    return next.isValid() && !next.host().isEmpty() && next.host() != response.url.host()
        ? next.host().left(100)
        : u"another address"_s;
}

Error statusError(const net::Answer &answer, const QString &host)
{
    const int status = answer.response->status;
    const QString answered = u"%1 answered with status %2"_s.arg(host).arg(status);
    if (status >= 300 && status < 400)
        return said(answer, Fault::BadReply,
            u"%1 points to %2, and nothing is sent on; if the receiver has moved, change the address."_s
                .arg(host, elsewhere(*answer.response)));
    if (status == gone)
        return said(answer, Fault::NotFound,
            answered + u": the receiver is gone for good; change the address or remove it."_s);
    if (isLater(*answer.response))
        return said(answer, Fault::RateLimited,
            answered + u": it wants to be asked later, and is, by itself."_s);
    if (status >= 400 && status < 500)
        return said(answer, Fault::BadInput,
            answered + u": it does not take what is sent; ask whoever runs the receiver."_s);
    return said(answer, Fault::BadReply,
        answered + u": it has trouble of its own; it is asked again later."_s);
}

Outcome outcomeOf(const net::Response &response)
{
    if (isLater(response))
        return Outcome::Later;
    // Whoever is in trouble may have done it before.
    return response.status >= 300 && response.status < 500 ? Outcome::Refused : Outcome::Unknown;
}

/// The whole answer's status, or that of one whose body was too long or cut: it has been said by then.
bool hasStatus(const net::Answer &answer)
{
    return answer.response && answer.response->status >= 200;
}

} // namespace

Told toldBy(const net::Answer &answer, const QString &host)
{
    Told told;
    if (hasStatus(answer)) {
        if (answer.response->isGood()) {
            told.outcome = Outcome::Arrived;
            return told;
        }
        const int status = answer.response->status;
        told.error = statusError(answer, host);
        told.outcome = outcomeOf(*answer.response);
        told.isWayShut = status == gone || (status >= 300 && status < 400);
    } else {
        told.error = answer.error.value_or(Error {});
        told.error->where.clear(); // it names the path
        const bool isBarred = answer.problem == net::Problem::BadRequest
            || answer.problem == net::Problem::Certificate;
        told.isWayShut = isBarred;
        told.outcome = isBarred                       ? Outcome::Refused
            : answer.outcome == net::Outcome::Unknown ? Outcome::Unknown
                                                      : Outcome::Later;
    }
    if (told.outcome == Outcome::Later)
        told.wait = told.error->wait;
    return told;
}

Result<QString> testedBy(const net::Answer &answer, const QString &host, bool isEncrypted)
{
    constexpr int notFound = 404;
    if (!hasStatus(answer)) {
        Error error = answer.error.value_or(Error {});
        error.where.clear();
        return error;
    }
    const int status = answer.response->status;
    // Receivers that know nothing but POST say so, or that a signature is missing: they are there.
    const bool isThere = answer.response->isGood()
        || (status >= 400 && status < 500 && status != notFound && status != gone
            && !isLater(*answer.response))
        || status == 501;
    if (!isThere)
        return statusError(answer, host);
    return isEncrypted
        ? u"%1 answers, encrypted. Whether it takes what is sent shows with the first notice."_s
              .arg(host)
        : u"%1 answers, on this machine. Whether it takes what is sent shows with the first notice."_s
              .arg(host);
}

} // namespace tierline::notify::webhook
