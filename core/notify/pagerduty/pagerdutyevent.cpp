#include "core/notify/pagerduty/pagerdutyevent.h"

#include "core/base/unicode.h"
#include "core/notify/api/httperrand.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace tierline::notify::pagerduty {

namespace {

constexpr qsizetype longestSummary = 1'024;
constexpr qsizetype longestDedupKey = 255;
constexpr qsizetype longestPart = 4'096; // eight of them, six bytes a letter at worst
constexpr qsizetype longestSentence = 200;
constexpr int mostSentences = 3;
constexpr Millis shortestPause { 60'000 };

QString part(const QString &text, qsizetype most = longestPart)
{
    return cut(validText(text.trimmed()), most);
}

QString summaryOf(const Card &card)
{
    const QString text = card.text.simplified();
    const QString line = headline(card);
    return part(text.isEmpty() ? line : line + u": "_s + text, longestSummary);
}

QJsonObject detailsOf(const Card &card)
{
    QJsonObject details;
    const auto add = [&details](const QString &name, const QString &value) {
        if (const QString text = part(value); !text.isEmpty())
            details[name] = text;
    };
    add(u"ticket"_s, card.ticket);
    add(u"subject"_s, card.subject);
    add(u"customer"_s, card.customer);
    add(u"plan"_s, card.plan);
    add(u"tier"_s, card.tier);
    add(u"reason"_s, card.reason);
    add(u"text"_s, card.text);
    return details;
}

void addAlert(QJsonObject &event, const Telling &telling)
{
    const Card &card = telling.card;
    QJsonObject payload { { u"summary"_s, summaryOf(card) }, { u"source"_s, u"Tierline"_s },
        { u"severity"_s, card.isUrgent ? u"critical"_s : u"warning"_s },
        { u"timestamp"_s, telling.at.iso() }, { u"component"_s, part(card.ticket) },
        { u"class"_s, u"escalation"_s }, { u"custom_details"_s, detailsOf(card) } };
    if (const QString tier = part(card.tier); !tier.isEmpty())
        payload[u"group"_s] = tier;
    event[u"payload"_s] = payload;
    event[u"client"_s] = u"Tierline"_s;
    const QUrl link(card.link, QUrl::StrictMode);
    const QString address = link.toString(QUrl::FullyEncoded);
    if (link.scheme() != "https"_L1 || link.host().isEmpty() || address.size() > longestPart)
        return;
    event[u"client_url"_s] = address;
    event[u"links"_s] = QJsonArray { QJsonObject {
        { u"href"_s, address }, { u"text"_s, u"Open the ticket"_s } } };
}

/// Whether a sentence of theirs repeats what must not stand in an error of ours.
bool isTelling(const QString &sentence, const Card &card)
{
    const QStringList foreign { card.subject, card.customer, card.text, card.reason, card.link };
    return std::ranges::any_of(foreign, [&sentence](const QString &one) {
        const QString whole = one.simplified();
        return !whole.isEmpty() && sentence.contains(whole, Qt::CaseInsensitive);
    });
}

/// What they say is wrong, as far as it may be shown.
QStringList sentencesOf(const net::Response &response, const Card &card, const Secret &key)
{
    const auto object = net::jsonObjectOf(response);
    if (!object)
        return {};
    QStringList sentences;
    for (const QJsonValue item : object->value("errors"_L1).toArray()) {
        QString one = validText(item.toString().simplified());
        one.replace(QString::fromLatin1(key.expose()), u"•••"_s, Qt::CaseInsensitive);
        if (!one.isEmpty() && !isTelling(one, card) && sentences.size() < mostSentences)
            sentences.append(cut(one, longestSentence));
    }
    return sentences;
}

} // namespace

bool isRoutingKey(QByteArrayView text)
{
    return text.size() == 32 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

QByteArray eventBody(const Telling &telling, const Secret &key)
{
    QJsonObject event { { u"routing_key"_s, QString::fromLatin1(key.expose()) },
        { u"dedup_key"_s, telling.topic.left(longestDedupKey) } };
    switch (telling.act) {
    case Act::Tell:
        event[u"event_action"_s] = u"trigger"_s;
        addAlert(event, telling);
        break;
    case Act::Acknowledge: event[u"event_action"_s] = u"acknowledge"_s; break;
    case Act::Resolve: event[u"event_action"_s] = u"resolve"_s; break;
    }
    return QJsonDocument(event).toJson(QJsonDocument::Compact);
}

Told toldOfEvent(const net::Answer &answer, const Telling &telling, const Secret &key)
{
    Told told = toldOf(answer);
    if (answer.ok()) {
        const auto object = net::jsonObjectOf(*answer.response);
        if (object && object->value("status"_L1).toString() == "success"_L1) {
            told.receipt = telling.topic.left(longestDedupKey);
            return told;
        }
        return { .outcome = Told::Outcome::Unknown,
            .error = Error { .fault = Fault::BadReply,
                .detail
                = u"The answer is not one of PagerDuty's; check the address, and whether a proxy stands before it."_s,
                .retry = Retry::Later } };
    }
    if (answer.problem != net::Problem::Status)
        return told;
    const int status = answer.response->status;
    if (status == 429) {
        // Their allowance comes back by the minute.
        told.wait = qMax(told.wait, shortestPause);
        told.error->wait = told.wait;
        told.error->detail = u"PagerDuty wants to be told less at once; it goes on by itself."_s;
    } else if (status == 400) {
        const QStringList said = sentencesOf(*answer.response, telling.card, key);
        // No code tells this case; the field's name does.
        told.isWayShut = std::ranges::any_of(said, [](const QString &one) {
            return QString(one).replace(u'_', u' ').contains("routing key"_L1, Qt::CaseInsensitive);
        });
        told.error->detail = told.isWayShut
            ? u"PagerDuty does not accept the routing key: copy the integration key of an “Events API v2” integration of the service anew and enter it."_s
            : u"PagerDuty does not take this event, and would refuse it again%1"_s.arg(
                said.isEmpty() ? u"."_s : u": "_s + said.join(u"; "_s));
    }
    return told;
}

} // namespace tierline::notify::pagerduty
