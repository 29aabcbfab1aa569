#pragma once

#include "tests/support/notify/wayrig.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrlQuery>

namespace tierline::notify {
void registerSlack(WayRegistry &registry);
}

namespace tierline::test {

inline const QByteArray slackToken = "xoxb-1234567890-canaryToken";

inline const notify::WayKind &slackKind(const QString &type)
{
    static const notify::WayRegistry registry = [] {
        notify::WayRegistry all;
        notify::registerSlack(all);
        return all;
    }();
    return *registry.find(type);
}

/// A bot whose Slack is a server that lies.
struct SlackRig : WayRig {
    SlackRig()
    {
        notify::WayConfig config;
        config.type = QStringLiteral("slack");
        config.options[QStringLiteral("api")] = server.url(QStringLiteral("/api")).toString();
        way = std::move(
            *slackKind(config.type)
                 .make(config,
                     { { QStringLiteral("token"), Secret::take(QByteArray(slackToken)) } }, clock,
                     random));
    }

    /// The methods asked, in order.
    QByteArrayList asked() const
    {
        QByteArrayList methods;
        for (const Arrival &arrival : server.arrivals())
            methods += arrival.target.mid(5).split('?').first();
        return methods;
    }
    QJsonObject body(qsizetype index) const
    {
        return QJsonDocument::fromJson(server.arrivals().at(index).body).object();
    }
    QString query(qsizetype index, const QString &name) const
    {
        return QUrlQuery(QUrl::fromEncoded(server.arrivals().at(index).target))
            .queryItemValue(name, QUrl::FullyDecoded);
    }

    LyingServer server;
    Scripts says { server };
};

/// "Ada Byron", whose SSO loops, at noon of the fake clock's day.
inline notify::Telling telling()
{
    notify::Telling one;
    one.id = QStringLiteral("11111111-1111-4111-8111-111111111111");
    one.topic = QStringLiteral("22222222-2222-4222-8222-222222222222");
    one.address = QStringLiteral("#escalations");
    one.card.ticket = QStringLiteral("T-12");
    one.card.subject = QStringLiteral("SSO login loops");
    one.card.customer = QStringLiteral("Ada Byron, ACME");
    one.card.plan = QStringLiteral("enterprise");
    one.card.tier = QStringLiteral("L2 Technical");
    one.card.reason = QStringLiteral("20 min without an answer");
    one.card.text = QStringLiteral("Nobody has answered yet.");
    one.card.link = QStringLiteral("https://desk.example.com/t/12");
    one.at = { 1'780'920'000'000 };
    return one;
}

inline QByteArray posted(const QByteArray &ts = "1780920001.000100")
{
    return "{\"ok\":true,\"channel\":\"C0ESC\",\"ts\":\"" + ts + "\"}";
}

/// A list of one message that carries the telling's id.
inline QByteArray messageOf(const notify::Telling &told, const QByteArray &ts)
{
    return "{\"ok\":true,\"messages\":[{\"ts\":\"" + ts
        + "\",\"bot_id\":\"B1\",\"metadata\":{\"event_type\":\"tierline_notice\",\"event_payload\":{\"id\":\""
        + told.id.toLatin1() + "\"}}}]}";
}

} // namespace tierline::test
