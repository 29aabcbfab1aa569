#include "core/notify/pagerduty/pagerdutyway.h"

#include "core/net/authorities.h"
#include "core/notify/api/atonce.h"
#include "core/notify/pagerduty/pagerdutyevent.h"

using namespace Qt::StringLiterals;

namespace tierline::notify {

namespace pagerduty {

namespace {

const QString keyField = u"key"_s;
const QString tokenName = u"token"_s;

class EventErrand final : public HttpErrand
{
public:
    void start(
        net::Transport &transport, const Telling &telling, const Secret &key, ToldHandler done)
    {
        net::Request request;
        request.method = net::Method::Post;
        request.url = transport.base().at({ u"v2"_s, u"enqueue"_s });
        request.contentType = "application/json";
        request.body = eventBody(telling, key);
        ask(transport, std::move(request),
            [telling, key, done = std::move(done)](
                const net::Answer &answer) { done(toldOfEvent(answer, telling, key)); });
    }
};

net::Credentials credentialsOf(const Secret &token)
{
    if (token.isEmpty())
        return {};
    return net::Credentials::authorization(
        "Token", Secret::take(QByteArray("token=" + token.expose().toByteArray())));
}

QString optionOf(const WayConfig &config, const QString &name)
{
    const auto found = config.options.find(name);
    return found == config.options.end() ? QString() : found->second.trimmed();
}

Result<net::BaseUrl> baseOf(const WayConfig &config, const QString &option, const QString &standard)
{
    const QString given = optionOf(config, option);
    auto base = net::BaseUrl::parse(given.isEmpty() ? standard : given);
    if (!base)
        return badInput(base.error().detail, option);
    return base;
}

Result<PagerHosts> hostsOf(const WayConfig &config)
{
    const QString region = optionOf(config, u"region"_s).toLower();
    if (!region.isEmpty() && region != "us"_L1 && region != "eu"_L1)
        return badInput(
            u"The region is “us” or “eu”, as in the address of PagerDuty: eu.pagerduty.com is eu."_s,
            u"region"_s);
    const QString middle = region == "eu"_L1 ? u".eu"_s : QString();
    TIERLINE_TRY(
        events, baseOf(config, u"events"_s, u"https://events%1.pagerduty.com"_s.arg(middle)));
    TIERLINE_TRY(api, baseOf(config, u"api"_s, u"https://api%1.pagerduty.com"_s.arg(middle)));
    TIERLINE_TRY(authorities, net::readAuthorities(config.authorities));
    return PagerHosts { events, api, authorities };
}

Secret secretOf(const WaySecrets &secrets, const QString &field)
{
    const auto found = secrets.find(field);
    return found == secrets.end() ? Secret() : found->second;
}

Result<std::unique_ptr<Way>> makeWay(
    const WayConfig &config, const WaySecrets &secrets, const Clock &clock, RandomSource &random)
{
    TIERLINE_TRY(hosts, hostsOf(config));
    const Secret key = secretOf(secrets, keyField);
    if (!isRoutingKey(key.expose()))
        return badInput(
            u"The routing key has 32 letters and digits: copy the integration key of an “Events API v2” integration of the service."_s,
            keyField);
    return std::unique_ptr<Way>(
        std::make_unique<PagerDutyWay>(hosts, key, secretOf(secrets, tokenName), clock, random));
}

Result<Done> checkAddress(const QString &address)
{
    if (address.isEmpty())
        return Done {};
    return badInput(
        u"The routing key says which service is paged, and the service who is on call; leave the address empty."_s);
}

WayKind pagerDutyKind()
{
    WayKind kind;
    kind.type = u"pagerduty"_s;
    kind.name = u"PagerDuty"_s;
    kind.about
        = u"Pages whoever is on call for a service, one incident for each matter, and hears who acknowledges or resolves it."_s;
    kind.reaches = { NoticeTarget::Pager };
    kind.secrets = {
        { keyField, u"Routing key"_s,
            u"The integration key of an “Events API v2” integration, under “Integrations” of the service."_s },
        { tokenName, u"API token"_s,
            u"Made under “API Access Keys”, read-only is enough; without one nothing is heard back."_s,
            true }
    };
    kind.options = { { u"region"_s, u"Region"_s,
                         u"us, or eu where the address is eu.pagerduty.com."_s, u"us"_s },
        { u"events"_s, u"Address for events"_s, u"Only where a relay stands before PagerDuty."_s,
            {} },
        { u"api"_s, u"Address of the API"_s, u"Only where a relay stands before PagerDuty."_s,
            {} } };
    kind.check = [](const WayConfig &config) -> Result<Done> {
        TIERLINE_CHECK(hostsOf(config));
        return Done {};
    };
    kind.checkAddress = checkAddress;
    kind.make = makeWay;
    return kind;
}

} // namespace

PagerDutyWay::PagerDutyWay(const PagerHosts &hosts, const Secret &key, const Secret &token,
    const Clock &clock, RandomSource &random)
    // A couple of events a second are taken; after too many it is minutes until more are.
    : m_events(
        { .base = hosts.events,
            .pace = { .perMinute = 100, .burst = 5, .concurrent = 2, .wait429 = Millis(60'000) },
            .authorities = hosts.authorities },
        clock, random)
    , m_api({ .base = hosts.api,
                .pace = { .perMinute = 300, .burst = 20, .concurrent = 2 },
                .authorities = hosts.authorities },
          clock, random)
    , m_desk { m_api, {} }
    , m_key(key)
    , m_hears(!token.isEmpty())
{
    m_api.setCredentials(credentialsOf(token));
}

std::unique_ptr<Errand> PagerDutyWay::tell(const Telling &telling, ToldHandler done)
{
    auto errand = std::make_unique<EventErrand>();
    errand->start(m_events, telling, m_key, std::move(done));
    return errand;
}

std::unique_ptr<Errand> PagerDutyWay::look(const Telling &, ToldHandler done)
{
    return std::make_unique<AtOnce>(std::move(done),
        Told {
            .error = Error { .fault = Fault::Timeout,
                .detail
                = u"It is not known whether PagerDuty took the event; it is sent again, which pages nobody twice."_s,
                .retry = Retry::Later } });
}

std::unique_ptr<Errand> PagerDutyWay::hear(const std::vector<Open> &open, HeardHandler done)
{
    return hearPagerDuty(m_desk, m_hears ? open : std::vector<Open> {}, std::move(done));
}

std::unique_ptr<Errand> PagerDutyWay::test(std::function<void(Result<QString>)> done)
{
    if (m_hears)
        return greetPagerDuty(m_desk, std::move(done));
    return std::make_unique<AtOnce>(std::move(done),
        Result<QString>(
            u"The key has the right form; whether it is good shows with the first page."_s));
}

} // namespace pagerduty

void registerPagerduty(WayRegistry &registry)
{
    registry.add(pagerduty::pagerDutyKind());
}

} // namespace tierline::notify
