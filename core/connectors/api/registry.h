#pragma once

#include "core/connectors/api/connector.h"
#include "core/net/credentials.h"
#include "core/net/pacing.h"

#include <QUrl>

#include <map>

namespace tierline {
class Clock;
class RandomSource;
} // namespace tierline
namespace tierline::net {
class Transport;
}

namespace tierline::connectors {

/// How an account is set up: plain data, no secret.
struct AccountConfig {
    QString name; ///< short, unique in the workspace; first part of its tickets' keys
    QString type; ///< Kind::type
    QUrl url; ///< checked by net::checkBaseUrl
    QString user; ///< where the sign-in wants one beside the secret
    std::map<QString, QString> options; ///< the connector's own settings, by name
};

/// One kind of helpdesk. `make` gives a connector that speaks through `transport`, which carries the
/// account's secret and outlives it.
struct Kind {
    QString type; ///< "rt"
    QString name; ///< "Request Tracker"
    QString secretName; ///< what to ask a person for: "API token"
    QString secretHint; ///< a sentence: where people find or make one; may be empty
    bool needsUser = false;
    QStringList options; ///< names that `AccountConfig::options` may have
    net::PacePolicy pace; ///< for the account's Transport
    /// How the account's secret is sent: for Transport::setCredentials().
    std::function<net::Credentials(const AccountConfig &, const Secret &)> credentials;
    /// The user that a secret itself names, else empty. Where AccountConfig::user is empty, it is set
    /// from this before `make` is called. Null where no secret ever does.
    std::function<QString(const Secret &)> userOf;
    std::function<std::unique_ptr<Connector>(
        const AccountConfig &, net::Transport &, const Clock &, RandomSource &)>
        make;
};

/// All kinds that were built in, by type.
class Registry
{
public:
    void add(Kind kind) { m_kinds[kind.type] = std::move(kind); }
    const Kind *find(const QString &type) const
    {
        const auto found = m_kinds.find(type);
        return found == m_kinds.end() ? nullptr : &found->second;
    }
    const std::map<QString, Kind> &kinds() const { return m_kinds; }

private:
    std::map<QString, Kind> m_kinds;
};

/// Adds every connector of the build; the source of this function is written by the build.
void registerConnectors(Registry &registry);

} // namespace tierline::connectors
