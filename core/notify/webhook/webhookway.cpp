#include "core/notify/webhook/webhookway.h"

#include "core/base/clock.h"
#include "core/notify/api/atonce.h"
#include "core/notify/webhook/hookverdict.h"
#include "core/notify/webhook/noticejson.h"

namespace tierline::notify {

using namespace Qt::StringLiterals;

namespace webhook {

namespace {

constexpr qsizetype longestUrl = 2000;
constexpr qint64 longestAnswer = 4 << 10; // nothing of it is read
constexpr Millis patience { 5'000 }; // for a turn; who waits longer is kept by whoever sends

/// A request under way.
class Sending final : public Errand
{
public:
    explicit Sending(std::unique_ptr<net::Call> call)
        : m_call(std::move(call))
    {
    }

private:
    std::unique_ptr<net::Call> m_call;
};

Result<Network> readNetwork(const WayConfig &config)
{
    const auto found = config.options.find(u"network"_s);
    const QString text = found == config.options.end() ? QString() : found->second.trimmed();
    if (text.isEmpty() || text == "public"_L1)
        return Network::Public;
    if (text == "own"_L1)
        return Network::Own;
    return badInput(
        u"“%1” is no network: write public, or own where the receiver is in a private one."_s.arg(
            text.simplified().left(40)),
        u"network"_s);
}

bool isThisMachinesName(QString host)
{
    while (host.endsWith(u'.'))
        host.chop(1);
    return host == "localhost"_L1 || host.endsWith(".localhost"_L1);
}

Error badUrl(const QString &detail)
{
    return badInput(detail, u"url"_s);
}

Result<net::BaseUrl> readOrigin(const QUrl &url, Network network)
{
    if (!url.isValid() || url.host().isEmpty() || url.toEncoded().size() > longestUrl)
        return badUrl(
            u"This is no address of a receiver: write one such as https://hooks.example.org/tierline."_s);
    if (!url.userInfo().isEmpty() || url.hasFragment())
        return badUrl(
            u"The address must hold no user name, password or “#”; what the receiver is to know us by is the secret that signs."_s);
    const QString host = url.host();
    if (isThisMachinesName(host))
        return badUrl(
            u"“%1” may mean any place; for a receiver on this machine write 127.0.0.1 or [::1]."_s
                .arg(host.left(100)));
    if (host.contains(u'%'))
        return badUrl(u"An address that is good on one network card only is none for this."_s);
    QUrl origin;
    origin.setScheme(url.scheme());
    origin.setHost(host);
    origin.setPort(url.port());
    auto base = net::BaseUrl::parse(origin.toString(QUrl::FullyEncoded));
    if (!base)
        return badUrl(base.error().detail);
    const QHostAddress literal(host);
    if (!literal.isNull() && !net::isLoopbackLiteral(host)) {
        if (const QString why = whyNotThere(literal, network); !why.isEmpty())
            return badUrl(host + u' ' + why);
    }
    return base;
}

net::TransportSettings transportSettings(const Hook &hook, const net::Resolver &resolver)
{
    net::TransportSettings settings { .base = hook.base };
    settings.pace = { .perMinute = 180, .burst = 5, .concurrent = 2 };
    settings.resolver = resolver;
    // This machine is reached only where it is written down as what it is.
    if (!net::isLoopbackLiteral(hook.base.host()))
        settings.mayNot = [network = hook.network](
                              const QHostAddress &one) { return whyNotThere(one, network); };
    return settings;
}

} // namespace

Result<Hook> readHook(const WayConfig &config, const Secret &secret)
{
    TIERLINE_TRY(network, readNetwork(config));
    TIERLINE_TRY(base, readOrigin(config.url, network));
    return Hook { base, config.url, network, secret };
}

WebhookWay::WebhookWay(Hook hook, const Clock &clock, RandomSource &random, HookTuning tuning)
    : m_hook(std::move(hook))
    , m_clock(clock)
    , m_limits(tuning.limits)
    , m_transport(transportSettings(m_hook, tuning.resolver), clock, random)
{
}

WebhookWay::~WebhookWay() = default;

net::Request WebhookWay::request(net::Method method) const
{
    net::Request request { .method = method, .url = m_hook.url };
    request.limits = m_limits;
    request.limits.bodyBytes = longestAnswer;
    request.limits.redirects = 0;
    request.patience = patience;
    request.isAnonymous = true;
    request.isPathSecret = true; // many receivers know us by it
    return request;
}

std::unique_ptr<Errand> WebhookWay::tell(const Telling &telling, ToldHandler done)
{
    net::Request post = request(net::Method::Post);
    post.contentType = "application/json";
    post.body = noticeJson(telling);
    post.headers.append(net::Header { "Idempotency-Key", telling.id.toUtf8() });
    if (!m_hook.secret.isEmpty())
        post.headers.append(net::Header {
            "Tierline-Signature", signatureOf(post.body, m_hook.secret, m_clock.now()) });
    return std::make_unique<Sending>(m_transport.send(std::move(post),
        [host = m_hook.base.host(), topic = telling.topic, done = std::move(done)](
            const net::Answer &answer) {
            Told told = toldBy(answer, host);
            // The receiver knows the topic: who takes it, and that it is over, is told there, too.
            if (told.outcome == Told::Outcome::Arrived)
                told.receipt = topic;
            done(std::move(told));
        }));
}

std::unique_ptr<Errand> WebhookWay::look(const Telling &, ToldHandler done)
{
    // A receiver drops what comes under the same id again.
    return std::make_unique<AtOnce>(std::move(done), Told { .outcome = Told::Outcome::Later });
}

std::unique_ptr<Errand> WebhookWay::test(std::function<void(Result<QString>)> done)
{
    return std::make_unique<Sending>(m_transport.send(request(net::Method::Head),
        [host = m_hook.base.host(), isEncrypted = !m_hook.base.isPlainLoopback(),
            done = std::move(done)](
            const net::Answer &answer) { done(testedBy(answer, host, isEncrypted)); }));
}

WayKind webhookKind()
{
    const QString key = u"secret"_s;
    WayKind kind;
    kind.type = u"webhook"_s;
    kind.name = u"Webhook"_s;
    kind.about = u"JSON to an address of a program of yours, which does with it what it likes."_s;
    kind.reaches = { NoticeTarget::Webhook };
    kind.wantsUrl = true;
    kind.urlHint = u"https://hooks.example.org/tierline"_s;
    kind.secrets = { { key, u"Signing secret"_s,
        u"Any long random text that the receiver knows too; it is never sent, and shows the receiver that a notice is ours."_s,
        true } };
    kind.options = { { u"network"_s, u"Where the receiver is"_s,
        u"public, or own where it is in a private network."_s, u"public"_s } };
    kind.check = [](const WayConfig &config) -> Result<Done> {
        TIERLINE_CHECK(readHook(config, {}));
        return Done {};
    };
    kind.checkAddress = [](const QString &address) -> Result<Done> {
        if (!address.trimmed().isEmpty())
            return badInput(
                u"A webhook has one address, which is set up with it; leave this empty."_s);
        return Done {};
    };
    kind.make = [key](const WayConfig &config, const WaySecrets &secrets, const Clock &clock,
                    RandomSource &random) -> Result<std::unique_ptr<Way>> {
        const auto found = secrets.find(key);
        TIERLINE_TRY(hook, readHook(config, found == secrets.end() ? Secret() : found->second));
        return std::unique_ptr<Way>(std::make_unique<WebhookWay>(std::move(hook), clock, random));
    };
    return kind;
}

} // namespace webhook

void registerWebhook(WayRegistry &registry)
{
    registry.add(webhook::webhookKind());
}

} // namespace tierline::notify
