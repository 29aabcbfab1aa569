#pragma once

#include "core/engine/courier.h"
#include "core/secrets/secretstore.h"

#include <QTimer>

namespace tierline::desk {

/// Where a way's secret is kept: "way:NAME" and one of WayKind::secrets.
SecretKey wayKey(const QString &way, const QString &field);

notify::WayConfig configOf(const Way &way);

/// A way with what it takes to open it.
struct KeyedWay {
    Way way;
    notify::WaySecrets secrets;
    QString problem; ///< a sentence why it stays shut; empty: it does not
};

/// Reads the secrets of ways, one after another, and tells all of it later than the call. Of ways that are shut none is
/// read. Thread: the secrets'; they and the kinds outlive it. Destroying it ends it.
class WayKeys
{
public:
    using Handler = std::function<void(std::vector<KeyedWay>)>;
    WayKeys(SecretStore &secrets, const notify::WayRegistry &kinds, const std::vector<Way> &ways,
        Handler done);
    Q_DISABLE_COPY_MOVE(WayKeys)

private:
    void next();
    void took(const notify::SecretField &field, const SecretReply &reply);

    SecretStore &m_secrets;
    const notify::WayRegistry &m_kinds;
    Handler m_done;
    std::vector<KeyedWay> m_ways;
    size_t m_way = 0, m_field = 0;
    std::unique_ptr<SecretCall> m_call;
    QTimer m_start;
};

/// Opens what has no problem; what cannot be opened is given one. Thread: the ways'. Clock and random source outlive them.
engine::OpenWays openWays(const notify::WayRegistry &kinds, std::vector<KeyedWay> &ways,
    const Clock &clock, RandomSource &random);

} // namespace tierline::desk
