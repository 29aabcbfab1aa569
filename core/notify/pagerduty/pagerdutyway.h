#pragma once

#include "core/notify/api/wayregistry.h"
#include "core/notify/pagerduty/pagerdutyhear.h"

namespace tierline::notify::pagerduty {

/// Where a service of PagerDuty is: events go to one host, and are read back from another.
struct PagerHosts {
    net::BaseUrl events;
    net::BaseUrl api;
    QList<QSslCertificate> authorities;
};

/// The way to whoever is on call for one service of PagerDuty.
class PagerDutyWay final : public Way
{
public:
    /// `token` may be empty: then nothing is read back. Clock and random source outlive it.
    PagerDutyWay(const PagerHosts &hosts, const Secret &key, const Secret &token,
        const Clock &clock, RandomSource &random);

    std::unique_ptr<Errand> tell(const Telling &telling, ToldHandler done) override;
    /// Later at once: a second arrival of one dedup key changes nothing.
    std::unique_ptr<Errand> look(const Telling &telling, ToldHandler done) override;
    bool hears() const override { return m_hears; }
    std::unique_ptr<Errand> hear(const std::vector<Open> &open, HeardHandler done) override;
    /// Pages nobody, so of the key it says no more than its form.
    std::unique_ptr<Errand> test(std::function<void(Result<QString>)> done) override;

private:
    net::Transport m_events;
    net::Transport m_api;
    PagerDesk m_desk;
    Secret m_key;
    bool m_hears;
};

} // namespace tierline::notify::pagerduty
