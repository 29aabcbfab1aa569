#include "core/base/result.h"

namespace tierline {

QString faultCode(Fault fault)
{
    switch (fault) {
    case Fault::Offline: return QStringLiteral("offline");
    case Fault::Timeout: return QStringLiteral("timeout");
    case Fault::SignIn: return QStringLiteral("sign_in");
    case Fault::RateLimited: return QStringLiteral("rate_limited");
    case Fault::NotFound: return QStringLiteral("not_found");
    case Fault::Conflict: return QStringLiteral("conflict");
    case Fault::BadReply: return QStringLiteral("bad_reply");
    case Fault::Storage: return QStringLiteral("storage");
    case Fault::Cancelled: return QStringLiteral("cancelled");
    case Fault::BadInput: return QStringLiteral("bad_input");
    case Fault::NotAllowed: return QStringLiteral("not_allowed");
    case Fault::Usage: return QStringLiteral("usage");
    case Fault::Bug: return QStringLiteral("bug");
    }
    return QStringLiteral("bug");
}

} // namespace tierline
