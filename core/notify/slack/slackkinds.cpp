#include "core/net/authorities.h"
#include "core/notify/slack/slackway.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tierline::notify {

namespace slack {

namespace {

const QString standardApi = u"https://slack.com/api"_s;
const QString tokenField = u"token"_s;
const QString hookField = u"url"_s;

Result<net::BaseUrl> apiOf(const WayConfig &config)
{
    const auto found = config.options.find(u"api"_s);
    const bool isSet = found != config.options.end() && !found->second.trimmed().isEmpty();
    auto base = net::BaseUrl::parse(isSet ? found->second : standardApi);
    if (!base)
        return badInput(base.error().detail, u"api"_s);
    return base;
}

Result<Secret> tokenOf(const WaySecrets &secrets)
{
    const auto found = secrets.find(tokenField);
    const QByteArray text
        = found == secrets.end() ? QByteArray() : found->second.expose().toByteArray();
    if (text.isEmpty())
        return badInput(
            u"The bot token is missing: copy it from “OAuth & Permissions” of the app."_s,
            tokenField);
    if (text.startsWith("xapp-"))
        return badInput(
            u"This is a token of the app's own; the bot token begins with xoxb- and is found under “OAuth & Permissions”."_s,
            tokenField);
    const bool isWord = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
    if (!isWord)
        return badInput(
            u"The bot token holds a blank or a line break; copy it again."_s, tokenField);
    return found->second;
}

/// The address is secret: no sentence about it repeats any of it.
Result<net::BaseUrl> hookOf(const WaySecrets &secrets)
{
    const Error wrong = badInput(
        u"This is no webhook of Slack's: its address begins with https://hooks.slack.com/services/ and is made under “Incoming Webhooks” of the app."_s,
        hookField);
    const auto found = secrets.find(hookField);
    if (found == secrets.end() || found->second.isEmpty())
        return badInput(
            u"The address of the webhook is missing: it is made under “Incoming Webhooks” of the app."_s,
            hookField);
    auto hook = net::BaseUrl::parse(QString::fromUtf8(found->second.expose()));
    if (!hook)
        return wrong;
    static const QStringList hosts { u"hooks.slack.com"_s, u"hooks.slack-gov.com"_s };
    const bool isKnown
        = hook->isPlainLoopback() || (hosts.contains(hook->host()) && hook->url().port(443) == 443);
    if (!isKnown || hook->url().path().count(u'/') < 2)
        return wrong;
    return hook;
}

Result<Done> checkBotAddress(const QString &address)
{
    static const QRegularExpression name(u"\\A#[\\p{L}\\p{N}_-]{1,80}\\z"_s);
    if (name.match(address).hasMatch() || isSlackId(address, u"CGDUW"))
        return Done {};
    return badInput(
        u"“%1” is no place in Slack: write a channel such as #escalations, or the id of a channel or person such as C0123456789."_s
            .arg(address.left(60)));
}

Result<Done> checkNoAddress(const QString &address)
{
    if (address.isEmpty())
        return Done {};
    return badInput(
        u"A webhook posts to the channel that it was made for; leave the address empty."_s);
}

WayKind botKind()
{
    WayKind kind;
    kind.type = u"slack"_s;
    kind.name = u"Slack"_s;
    kind.about
        = u"Posts to channels and people as a bot, keeps one post for each matter, and hears who claims it there."_s;
    kind.reaches = { NoticeTarget::Channel };
    kind.secrets = {
        { tokenField, u"Bot token"_s,
            u"Begins with xoxb-; it stands under “OAuth & Permissions” of the app in Slack. Scopes: chat:write, channels:history, groups:history, channels:read, groups:read, users:read, users:read.email."_s }
    };
    kind.options = { { u"api"_s, u"Address of the API"_s,
        u"Another one for GovSlack: https://slack-gov.com/api."_s, standardApi } };
    kind.check = [](const WayConfig &config) -> Result<Done> {
        TIERLINE_CHECK(apiOf(config));
        TIERLINE_CHECK(net::readAuthorities(config.authorities));
        return Done {};
    };
    kind.checkAddress = checkBotAddress;
    kind.make = [](const WayConfig &config, const WaySecrets &secrets, const Clock &clock,
                    RandomSource &random) -> Result<std::unique_ptr<Way>> {
        TIERLINE_TRY(base, apiOf(config));
        TIERLINE_TRY(authorities, net::readAuthorities(config.authorities));
        TIERLINE_TRY(token, tokenOf(secrets));
        return std::unique_ptr<Way>(
            std::make_unique<SlackWay>(base, authorities, token, clock, random));
    };
    return kind;
}

WayKind hookKind()
{
    WayKind kind;
    kind.type = u"slack-hook"_s;
    kind.name = u"Slack webhook"_s;
    kind.about
        = u"Posts to the one channel of an incoming webhook; nothing is changed or heard there."_s;
    kind.reaches = { NoticeTarget::Channel };
    kind.secrets = {
        { hookField, u"Webhook address"_s,
            u"Begins with https://hooks.slack.com/services/; it is made under “Incoming Webhooks” of the app in Slack. Whoever has it can post."_s }
    };
    kind.check = [](const WayConfig &config) -> Result<Done> {
        TIERLINE_CHECK(net::readAuthorities(config.authorities));
        return Done {};
    };
    kind.checkAddress = checkNoAddress;
    kind.make = [](const WayConfig &config, const WaySecrets &secrets, const Clock &clock,
                    RandomSource &random) -> Result<std::unique_ptr<Way>> {
        TIERLINE_TRY(authorities, net::readAuthorities(config.authorities));
        TIERLINE_TRY(hook, hookOf(secrets));
        return std::unique_ptr<Way>(
            std::make_unique<SlackHookWay>(hook, authorities, clock, random));
    };
    return kind;
}

} // namespace

} // namespace slack

void registerSlack(WayRegistry &registry)
{
    registry.add(slack::botKind());
    registry.add(slack::hookKind());
}

} // namespace tierline::notify
