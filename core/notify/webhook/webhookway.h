#pragma once

#include "core/net/transport.h"
#include "core/notify/api/wayregistry.h"
#include "core/notify/webhook/placecheck.h"

namespace tierline::notify::webhook {

/// A way's configuration, looked through.
struct Hook {
    net::BaseUrl base; ///< scheme, host and port
    QUrl url; ///< all of it; path and query may be somebody's secret, and are said nowhere
    Network network = Network::Public;
    Secret secret; ///< what bodies are signed with; empty: nothing is signed
};
/// BadInput with `where` = url or network for what cannot work. Looks no name up.
Result<Hook> readHook(const WayConfig &config, const Secret &secret);

/// What only tests set otherwise.
struct HookTuning {
    net::Limits limits;
    net::Resolver resolver = {};
};

/// JSON to one address. Thread and handlers as Way says.
class WebhookWay final : public Way
{
public:
    /// `clock` and `random` outlive it.
    WebhookWay(Hook hook, const Clock &clock, RandomSource &random, HookTuning tuning = {});
    ~WebhookWay() override;

    [[nodiscard]] std::unique_ptr<Errand> tell(const Telling &telling, ToldHandler done) override;
    [[nodiscard]] std::unique_ptr<Errand> look(const Telling &telling, ToldHandler done) override;
    [[nodiscard]] std::unique_ptr<Errand> test(std::function<void(Result<QString>)> done) override;

private:
    net::Request request(net::Method method) const;

    const Hook m_hook;
    const Clock &m_clock;
    const net::Limits m_limits;
    net::Transport m_transport;
};

WayKind webhookKind();

} // namespace tierline::notify::webhook
