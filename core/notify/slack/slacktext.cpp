#include "core/notify/slack/slacktext.h"

#include "core/base/unicode.h"

#include <QJsonArray>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

// Slack's limits in characters. All blocks together may have some 13,000: these make less than 6,000.
constexpr qsizetype longestFallback = 4'000;
constexpr qsizetype longestHeader = 150;
constexpr qsizetype longestSection = 3'000;
constexpr qsizetype longestDetail = 600;
constexpr qsizetype longestLink = 3'000;

const QString eventType = u"tierline_notice"_s;

QString stateOf(const Telling &telling)
{
    switch (telling.act) {
    case Act::Acknowledge: return u"Taken"_s;
    case Act::Resolve: return u"Resolved"_s;
    case Act::Tell: break;
    }
    return telling.card.isUrgent ? u"Urgent"_s : QString();
}

QString titleOf(const Telling &telling)
{
    const QString state = stateOf(telling);
    const QString line = headline(telling.card);
    return validText(state.isEmpty() ? line : state + u" · "_s + line);
}

QJsonObject plain(const QString &text, qsizetype most)
{
    return { { u"type"_s, u"plain_text"_s }, { u"text"_s, cut(validText(text), most) },
        { u"emoji"_s, false } };
}

QJsonObject section(const QString &text)
{
    return { { u"type"_s, u"section"_s }, { u"text"_s, plain(text, longestSection) } };
}

QJsonArray detailsOf(const Card &card)
{
    QJsonArray details;
    const auto add = [&details](const QString &name, const QString &value) {
        if (const QString one = value.simplified(); !one.isEmpty())
            details.append(plain(name + u": "_s + one, longestDetail));
    };
    add(u"Customer"_s, card.customer);
    add(u"Plan"_s, card.plan);
    add(u"At"_s, card.tier);
    add(u"Why"_s, card.reason);
    return details;
}

/// Nothing for what is no link to a ticket.
QJsonObject buttonOf(const Card &card)
{
    const QUrl link(card.link, QUrl::StrictMode);
    const QString address = link.toString(QUrl::FullyEncoded);
    if (link.scheme() != "https"_L1 || link.host().isEmpty() || address.size() > longestLink)
        return {};
    const QJsonObject button { { u"type"_s, u"button"_s }, { u"action_id"_s, u"tierline_open"_s },
        { u"text"_s, plain(u"Open the ticket"_s, longestHeader) }, { u"url"_s, address } };
    return { { u"type"_s, u"actions"_s }, { u"elements"_s, QJsonArray { button } } };
}

QJsonObject content(const QString &fallback, const QJsonArray &blocks)
{
    return { { u"text"_s, escaped(validText(fallback), longestFallback) }, { u"blocks"_s, blocks },
        { u"parse"_s, u"none"_s }, { u"link_names"_s, false } };
}

} // namespace

QString escaped(const QString &text, qsizetype most)
{
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        QString piece(text[i]);
        if (text[i].isHighSurrogate() && i + 1 < text.size())
            piece += text[++i];
        else if (piece == u"&")
            piece = u"&amp;"_s;
        else if (piece == u"<")
            piece = u"&lt;"_s;
        else if (piece == u">")
            piece = u"&gt;"_s;
        const bool isLast = i + 1 == text.size();
        if (result.size() + piece.size() > (isLast ? most : most - 1))
            return result + u'…';
        result += piece;
    }
    return result;
}

QJsonObject postContent(const Telling &telling)
{
    const QString title = titleOf(telling);
    const QString text = telling.card.text.trimmed();
    QJsonArray blocks { QJsonObject {
        { u"type"_s, u"header"_s }, { u"text"_s, plain(title, longestHeader) } } };
    if (!text.isEmpty())
        blocks.append(section(text));
    if (const QJsonArray details = detailsOf(telling.card); !details.isEmpty())
        blocks.append(QJsonObject { { u"type"_s, u"context"_s }, { u"elements"_s, details } });
    if (const QJsonObject button = buttonOf(telling.card); !button.isEmpty())
        blocks.append(button);
    return content(text.isEmpty() ? title : title + u'\n' + text, blocks);
}

QJsonObject lineContent(const Telling &telling)
{
    QString text = telling.card.text.trimmed();
    if (text.isEmpty())
        text = titleOf(telling);
    else if (telling.act != Act::Tell)
        text = stateOf(telling) + u": "_s + text;
    return content(text, { section(text) });
}

QJsonObject asNew(QJsonObject content)
{
    content[u"unfurl_links"_s] = false;
    content[u"unfurl_media"_s] = false;
    content[u"mrkdwn"_s] = false;
    return content;
}

QJsonObject metadataOf(const Telling &telling)
{
    return { { u"event_type"_s, eventType },
        { u"event_payload"_s,
            QJsonObject { { u"id"_s, telling.id }, { u"topic"_s, telling.topic } } } };
}

bool isOf(const QJsonObject &message, const Telling &telling)
{
    const QJsonObject metadata = message.value("metadata"_L1).toObject();
    return metadata.value("event_type"_L1).toString() == eventType
        && metadata.value("event_payload"_L1).toObject().value("id"_L1).toString() == telling.id;
}

} // namespace tierline::notify::slack
