#include "core/net/answer.h"

#include "core/net/redact.h"

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

Error badReply(const QString &detail, const QString &where)
{
    return { .fault = Fault::BadReply, .detail = detail, .where = where, .retry = Retry::Later };
}

bool isJson(const QByteArray &mediaType)
{
    return mediaType == "application/json" || mediaType == "text/json"
        || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
}

} // namespace

QByteArray Response::mediaType() const
{
    const QByteArray whole = header("Content-Type");
    const auto end = whole.indexOf(';');
    return whole.first(end < 0 ? whole.size() : end).trimmed().toLower();
}

Result<QJsonDocument> jsonOf(const Response &response, JsonLimits limits)
{
    const QByteArray type = response.mediaType();
    const QString where = redacted(response.url);
    if (type == "text/html" || type == "application/xhtml+xml")
        return badReply(
            u"%1 answered with a web page where data was expected, perhaps its sign-in page; check the address and the sign-in."_s
                .arg(response.url.host()),
            where);
    if (!isJson(type))
        return badReply(
            u"%1 answered with “%2” where JSON was expected; check the address of the server."_s
                .arg(response.url.host(), QString::fromLatin1(type.left(60))),
            where);
    auto document = readJson(response.body, limits);
    if (!document)
        return badReply(u"%1 answered with JSON that cannot be used (%2): %3"_s.arg(
                            response.url.host(), document.error().where, document.error().detail),
            where);
    return document;
}

Result<QJsonObject> jsonObjectOf(const Response &response, JsonLimits limits)
{
    TIERLINE_TRY(document, jsonOf(response, limits));
    if (!document.isObject())
        return badReply(u"%1 answered with JSON that is no object."_s.arg(response.url.host()),
            redacted(response.url));
    return document.object();
}

Error statusError(int status, Method method, const QUrl &url, Millis wait)
{
    Error error { .fault = Fault::BadReply,
        .where = QString::fromLatin1(methodName(method)) + u' ' + redacted(url) };
    const QString said = u"%1 answered with status %2"_s.arg(url.host()).arg(status);
    if (status == 401) {
        error.fault = Fault::SignIn;
        error.retry = Retry::AfterSignIn;
        error.detail
            = u"%1 no longer accepts the sign-in (status 401); sign in again."_s.arg(url.host());
    } else if (status == 403) {
        error.fault = Fault::NotAllowed;
        error.detail = said + u": this login may not do that; ask its administrator."_s;
    } else if (status == 404 || status == 410) {
        error.fault = Fault::NotFound;
        error.detail = said + u": it has no such thing, or does not show it to this login."_s;
    } else if (status == 409 || status == 412) {
        error.fault = Fault::Conflict;
        error.detail = said + u": somebody changed it first; read it again."_s;
    } else if (status == 429) {
        error.fault = Fault::RateLimited;
        error.retry = Retry::Later;
        error.wait = wait;
        error.detail = said + u": too many requests; it goes on by itself."_s;
    } else if (status == 408 || status >= 500) {
        error.retry = Retry::Later;
        error.wait = wait;
        error.detail = said + u": it has trouble of its own; it is asked again later."_s;
    } else if (status >= 400) {
        error.fault = Fault::BadInput;
        error.detail = said + u": it does not take this request as it is."_s;
    } else {
        error.detail
            = said + u", which leads to another place; check the address and the sign-in."_s;
    }
    return error;
}

Outcome statusOutcome(int status)
{
    if (status >= 200 && status < 300)
        return Outcome::Done;
    if (status >= 400 && status < 500)
        return Outcome::Rejected;
    if (status == 501 || status == 505)
        return Outcome::Rejected;
    if (status >= 300 && status < 400 && (status < 301 || status > 303))
        return Outcome::Rejected;
    return Outcome::Unknown;
}

} // namespace tierline::net
