#include "core/secrets/secretstore.h"

namespace tierline {

QString secretFaultCode(SecretFault fault)
{
    switch (fault) {
    case SecretFault::None: return QStringLiteral("none");
    case SecretFault::NoKeychain: return QStringLiteral("no_keychain");
    case SecretFault::Locked: return QStringLiteral("locked");
    case SecretFault::Denied: return QStringLiteral("denied");
    case SecretFault::NotFound: return QStringLiteral("not_found");
    case SecretFault::Garbled: return QStringLiteral("garbled");
    case SecretFault::Slow: return QStringLiteral("slow");
    case SecretFault::Failed: return QStringLiteral("failed");
    }
    return QStringLiteral("failed");
}

Error SecretReply::error() const
{
    if (fault == SecretFault::NotFound)
        return notFound(detail);
    return { .fault = Fault::SignIn, .detail = detail, .retry = Retry::AfterSignIn };
}

} // namespace tierline
