#include "core/net/problemtext_p.h"

#include "core/net/authorities.h"
#include "core/net/redact.h"

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

struct Row {
    Problem problem;
    const char *name;
    Fault fault;
    Retry retry;
    QString sentence; ///< %1 is the host
};

const QList<Row> &rows()
{
    static const QList<Row> all {
        { Problem::None, "none", Fault::Bug, Retry::Never,
            u"%1 was asked, and nothing went wrong."_s },
        { Problem::Status, "status", Fault::BadReply, Retry::Later,
            u"%1 answered with an error."_s },
        { Problem::BadRequest, "bad request", Fault::Bug, Retry::Never,
            u"The request to %1 was not sent, since it is not one that may be."_s },
        { Problem::GateClosed, "gate closed", Fault::SignIn, Retry::AfterSignIn,
            u"Nothing is sent to %1 until you sign in again."_s },
        { Problem::TooLongToWait, "too long to wait", Fault::RateLimited, Retry::Later,
            u"%1 wants to be asked more slowly; it goes on by itself."_s },
        { Problem::Offline, "offline", Fault::Offline, Retry::Later,
            u"%1 cannot be reached; check the network and the address. It is tried again by itself."_s },
        { Problem::Proxy, "proxy", Fault::Offline, Retry::Later,
            u"The proxy on the way to %1 refused; check the system's proxy settings."_s },
        { Problem::Certificate, "certificate", Fault::Offline, Retry::Later,
            u"The certificate of %1 is not valid, so nothing was sent."_s },
        { Problem::Tls, "tls", Fault::Offline, Retry::Later,
            u"No encrypted connection to %1 could be made, so nothing was sent; check the address and that the server speaks TLS 1.2 or later."_s },
        { Problem::ConnectTimeout, "connect timeout", Fault::Timeout, Retry::Later,
            u"%1 did not accept a connection in time."_s },
        { Problem::FirstByteTimeout, "first byte timeout", Fault::Timeout, Retry::Later,
            u"%1 did not answer in time."_s },
        { Problem::IdleTimeout, "idle timeout", Fault::Timeout, Retry::Later,
            u"%1 stopped in the middle and was silent for too long."_s },
        { Problem::TotalTimeout, "total timeout", Fault::Timeout, Retry::Later,
            u"%1 took too long for one request."_s },
        { Problem::HeadersTooLarge, "headers too large", Fault::BadReply, Retry::Later,
            u"%1 answered with more headers than are taken."_s },
        { Problem::BodyTooLarge, "body too large", Fault::BadReply, Retry::Never,
            u"%1 answered with more data than is taken at once; ask for less."_s },
        { Problem::CompressionBomb, "compression bomb", Fault::BadReply, Retry::Later,
            u"%1 answered with compressed data that is broken or would grow beyond all measure; ask for less."_s },
        { Problem::BadRedirect, "bad redirect", Fault::BadReply, Retry::Never,
            u"%1 redirects in a way that is not followed."_s },
        { Problem::Broken, "broken", Fault::BadReply, Retry::Later,
            u"%1 broke off, or did not answer as a web server does."_s },
        { Problem::Sink, "sink", Fault::Storage, Retry::Never,
            u"What %1 sent could not be kept."_s },
        { Problem::Cancelled, "cancelled", Fault::Cancelled, Retry::Never, u"Stopped."_s },
    };
    return all;
}

const Row &rowOf(Problem problem)
{
    for (const Row &row : rows()) {
        if (row.problem == problem)
            return row;
    }
    return rows().first();
}

} // namespace

const char *problemName(Problem problem)
{
    return rowOf(problem).name;
}

const char *outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::NotSent: return "not sent";
    case Outcome::Rejected: return "rejected";
    case Outcome::Done: return "done";
    case Outcome::Unknown: break;
    }
    return "unknown";
}

Error problemError(Problem problem, const Request &request, const QString &host)
{
    const Row &row = rowOf(problem);
    QString sentence = row.sentence;
    return { .fault = row.fault,
        .detail = sentence.replace("%1"_L1, host),
        .where = redactedPlace(request, request.url),
        .retry = row.retry };
}

Problem problemOf(QNetworkReply::NetworkError error, int status)
{
    // What Qt makes of a status is no failure of the transport: the answer is whole.
    if (status >= 400
        && ((error > 200 && error < 300) || error == QNetworkReply::ProtocolInvalidOperationError
            || (error > 400 && error < 500)))
        return Problem::Status;
    switch (error) {
    case QNetworkReply::NoError: return status >= 300 ? Problem::Status : Problem::None;
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::UnknownNetworkError:
        return status == 0 ? Problem::Offline : Problem::Broken;
    case QNetworkReply::SslHandshakeFailedError: return Problem::Tls;
    case QNetworkReply::TimeoutError:
        return status == 0 ? Problem::ConnectTimeout : Problem::IdleTimeout;
    // Qt's guard against bombs and packed bytes that are none look the same from here.
    case QNetworkReply::UnknownContentError: return Problem::CompressionBomb;
    default: break;
    }
    if (error > 100 && error < 200)
        return Problem::Proxy;
    return Problem::Broken;
}

QString certificateSentence(const QList<QSslError> &errors, const QString &host)
{
    const auto has = [&errors](std::initializer_list<QSslError::SslError> kinds) {
        return std::any_of(errors.begin(), errors.end(), [&kinds](const QSslError &error) {
            return std::find(kinds.begin(), kinds.end(), error.error()) != kinds.end();
        });
    };
    QString why = u"it cannot be verified"_s;
    if (has({ QSslError::HostNameMismatch }))
        why = u"it was issued for another name"_s;
    else if (has({ QSslError::CertificateExpired }))
        why = u"it has expired"_s;
    else if (has({ QSslError::CertificateNotYetValid }))
        why = u"it is not valid yet; is this machine's clock right?"_s;
    else if (has({ QSslError::CertificateRevoked, QSslError::CertificateBlacklisted }))
        why = u"it was withdrawn"_s;
    else if (has({ QSslError::SelfSignedCertificate, QSslError::SelfSignedCertificateInChain }))
        why = u"it is signed by itself, not by an authority that this machine trusts"_s;
    else if (has({ QSslError::UnableToGetLocalIssuerCertificate, QSslError::CertificateUntrusted,
                 QSslError::UnableToVerifyFirstCertificate,
                 QSslError::UnableToGetIssuerCertificate }))
        why = u"no authority that this machine trusts has signed it"_s;
    return u"The certificate of %1 is refused: %2. Nothing was sent; ask whoever runs the server, or import its authority for this account."_s
        .arg(host, why);
}

} // namespace tierline::net
