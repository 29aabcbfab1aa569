#pragma once

#include "core/notify/slack/slackdesk.h"

namespace tierline::notify::slack {

/// The way through a bot of one workspace.
class SlackWay final : public Way
{
public:
    /// Clock and random source outlive it.
    SlackWay(const net::BaseUrl &base, const QList<QSslCertificate> &authorities,
        const Secret &token, const Clock &clock, RandomSource &random);

    std::unique_ptr<Errand> tell(const Telling &telling, ToldHandler done) override;
    std::unique_ptr<Errand> look(const Telling &telling, ToldHandler done) override;
    bool hears() const override { return true; }
    std::unique_ptr<Errand> hear(const std::vector<Open> &open, HeardHandler done) override;
    std::unique_ptr<Errand> test(std::function<void(Result<QString>)> done) override;

private:
    SlackDesk m_desk;
};

/// The way through an incoming webhook: one channel, nothing comes back. Its address is its secret.
class SlackHookWay final : public Way
{
public:
    SlackHookWay(const net::BaseUrl &hook, const QList<QSslCertificate> &authorities,
        const Clock &clock, RandomSource &random);

    std::unique_ptr<Errand> tell(const Telling &telling, ToldHandler done) override;
    std::unique_ptr<Errand> look(const Telling &telling, ToldHandler done) override;
    /// Asks for nothing: a hook has nothing that can be asked without posting.
    std::unique_ptr<Errand> test(std::function<void(Result<QString>)> done) override;

private:
    net::Transport m_transport;
};

} // namespace tierline::notify::slack
