#pragma once

#include "core/connectors/api/registry.h"
#include "core/secrets/secretstore.h"
#include "core/storage/accounts.h"

#include <memory>

namespace tierline::net {
class Transport;
}

namespace tierline::desk {

/// Under which name an account's one secret is kept.
inline SecretKey secretKeyOf(const QString &account)
{
    return { account, QStringView(MainSecret).toString() };
}

/// The account option that has the authorities of a server with a certificate of its own house, as PEM.
inline constexpr QLatin1StringView AuthorityOption("authority");

/// An account's connector together with the transport that carries its secret.
/// Thread: the one that it was made on, whose loop must run.
class RemoteLink
{
public:
    /// BadInput where this program has no such kind, or the address is none. Nothing is sent yet.
    static Result<std::unique_ptr<RemoteLink>> open(const storage::Account &account,
        const Secret &secret, const connectors::Registry &registry, const Clock &clock,
        RandomSource &random);
    ~RemoteLink();

    connectors::Connector &connector() { return *m_connector; }

private:
    RemoteLink();
    std::unique_ptr<net::Transport> m_transport; ///< outlives the connector
    std::unique_ptr<connectors::Connector> m_connector;
};

/// The account with what a probe told of it: its own user, the product, the clock.
storage::Account withProbe(storage::Account account, const connectors::Probe &probe);

/// Stores that, and the people whom the remote named. The account's own user is `me` here, where nobody
/// was linked to it yet.
Result<Done> saveProbe(
    storage::WriteScope &scope, const storage::Account &account, const connectors::Probe &probe);

} // namespace tierline::desk
