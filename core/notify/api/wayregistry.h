#pragma once

#include "core/domain/firing.h"
#include "core/net/credentials.h"
#include "core/notify/api/way.h"

#include <QUrl>

#include <map>

namespace tierline {
class Clock;
class RandomSource;
} // namespace tierline

namespace tierline::notify {

/// How a way is set up: plain data, no secret.
struct WayConfig {
    QString name; ///< short, unique in the workspace; what rules and routes call it
    QString type; ///< WayKind::type
    QUrl url; ///< where the kind wants one; empty: the kind's own
    QString user; ///< where the sign-in wants one beside the secret
    std::map<QString, QString> options; ///< the kind's own settings, by name
    QByteArray
        authorities; ///< PEM of those trusted besides the system's, for this way alone; by a person's import
};

/// One secret that a kind wants.
struct SecretField {
    QString field; ///< SecretKey::field
    QString name; ///< what to ask a person for: "Bot token"
    QString hint; ///< a sentence: where people find or make one; may be empty
    bool isOptional = false;
};
using WaySecrets = std::map<QString, Secret>; ///< by SecretField::field

/// One setting of a kind, beside address and sign-in.
struct OptionField {
    QString option;
    QString name; ///< "Server in the EU"
    QString hint; ///< may be empty
    QString standard; ///< where it is not set
};

/// One kind of way.
struct WayKind {
    QString type; ///< "slack"
    QString name; ///< "Slack"
    QString about; ///< a sentence: what arrives where
    std::vector<NoticeTarget>
        reaches; ///< which targets of rules it serves: Channel, Pager, Mail, Webhook
    bool wantsUrl = false;
    bool wantsUser = false;
    QString urlHint; ///< "smtp://mail.example.org:587"
    std::vector<SecretField> secrets;
    std::vector<OptionField> options;

    /// BadInput with a sentence, and `where` = url, user or an option's name, for what cannot work. Asks nobody.
    std::function<Result<Done>(const WayConfig &)> check;
    /// BadInput for what is no address of this kind ("#escalations", "ada@example.org"). Asks nobody.
    std::function<Result<Done>(const QString &address)> checkAddress;
    /// Faults as `check`. Clock and random source outlive the way. Thread: the way's.
    std::function<Result<std::unique_ptr<Way>>(
        const WayConfig &, const WaySecrets &, const Clock &, RandomSource &)>
        make;
};

/// All kinds that were built in, by type.
class WayRegistry
{
public:
    void add(WayKind kind) { m_kinds[kind.type] = std::move(kind); }
    const WayKind *find(const QString &type) const
    {
        const auto found = m_kinds.find(type);
        return found == m_kinds.end() ? nullptr : &found->second;
    }
    const std::map<QString, WayKind> &kinds() const { return m_kinds; }

private:
    std::map<QString, WayKind> m_kinds;
};

/// Adds every way of the build; the source of this function is written by the build.
void registerWays(WayRegistry &registry);

} // namespace tierline::notify
