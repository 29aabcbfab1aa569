#include "core/notify/slack/slackclaims.h"

#include "core/notify/slack/slackdesk.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

constexpr qsizetype longestRead = 400;
constexpr int mostReactors = 200;

/// In small letters; each is a whole beginning.
const QList<QStringList> &openings()
{
    static const QList<QStringList> all { { u"claim"_s }, { u"claimed"_s }, { u"claiming"_s },
        { u"take"_s }, { u"taking"_s }, { u"mine"_s }, { u"i"_s, u"take"_s, u"it"_s },
        { u"i'll"_s, u"take"_s, u"it"_s }, { u"i"_s, u"claim"_s }, { u"übernehme"_s },
        { u"uebernehme"_s }, { u"ich"_s, u"übernehme"_s }, { u"ich"_s, u"uebernehme"_s },
        { u"je"_s, u"prends"_s }, { u"je"_s, u"le"_s, u"prends"_s },
        { u"je"_s, u"m'en"_s, u"charge"_s }, { u"lo"_s, u"tomo"_s },
        { u"yo"_s, u"lo"_s, u"tomo"_s }, { u"me"_s, u"encargo"_s }, { u"assumo"_s },
        { u"eu"_s, u"assumo"_s } };
    return all;
}

/// Words as people mean them, without Slack's marks about them.
QStringList wordsOf(const QString &text)
{
    static const QRegularExpression notWord(u"[^\\p{L}\\p{N}']+"_s);
    QString plain = text.left(longestRead).normalized(QString::NormalizationForm_KC).toLower();
    plain.replace(u'’', u'\'');
    return plain.split(notWord, Qt::SkipEmptyParts);
}

bool isPerson(const QString &id)
{
    return isSlackId(id, u"UW") && id != "USLACKBOT"_L1;
}

bool isClaiming(const QString &reaction)
{
    static const QStringList names { u"eyes"_s, u"hand"_s, u"raised_hand"_s,
        u"white_check_mark"_s };
    return names.contains(reaction.section("::"_L1, 0, 0)); // behind it is the colour of a skin
}

} // namespace

bool saysClaim(const QString &text)
{
    const QString all = text.left(longestRead).trimmed();
    // Names of people and channels stand in angles: what follows one is said to somebody else.
    if (all.contains(u'?') || all.startsWith(u'<'))
        return false;
    const QStringList words = wordsOf(all);
    // "Take your time" takes nothing.
    static const QStringList taken { u"it"_s, u"this"_s, u"that"_s, u"the"_s, u"over"_s,
        u"care"_s };
    if (words.size() > 1 && words.first().startsWith(u"tak") && !taken.contains(words[1]))
        return false;
    return std::ranges::any_of(openings(), [&words](const QStringList &opening) {
        return words.size() >= opening.size() && words.first(opening.size()) == opening;
    });
}

std::vector<Claim> claimsOfReply(
    const QJsonObject &message, const QString &topic, const QString &channel)
{
    const QString who = message.value("user"_L1).toString();
    const QString ts = message.value("ts"_L1).toString();
    const QString kind = message.value("subtype"_L1).toString();
    const bool isHuman = isPerson(who) && !message.contains("bot_id"_L1)
        && (kind.isEmpty() || kind == "thread_broadcast"_L1);
    const auto said = microsOf(ts);
    if (!isHuman || !said || !saysClaim(message.value("text"_L1).toString()))
        return {};
    const auto edited = microsOf(message.value("edited"_L1).toObject().value("ts"_L1).toString());
    const qint64 micros = qMax(*said, edited.value_or(*said));
    return { { topic, Place { channel, ts }.receipt(), who, Instant { micros / 1000 }, micros } };
}

std::vector<Claim> claimsOfReactions(
    const QJsonObject &post, const QString &topic, const QString &channel, Instant now)
{
    std::vector<Claim> claims;
    QSet<QString> seen;
    const Place place { channel, post.value("ts"_L1).toString() };
    for (const QJsonValue item : post.value("reactions"_L1).toArray()) {
        const QJsonObject reaction = item.toObject();
        if (!isClaiming(reaction.value("name"_L1).toString()))
            continue;
        for (const QJsonValue user : reaction.value("users"_L1).toArray()) {
            const QString who = user.toString();
            if (!isPerson(who) || seen.contains(who) || seen.size() >= mostReactors)
                continue;
            seen.insert(who);
            // After all that was written up to now, in the order in which they reacted.
            claims.push_back({ topic, place.receipt() + u":reaction:"_s + who, who, now,
                (now.ms + 1) * 1000 + seen.size() });
        }
    }
    return claims;
}

} // namespace tierline::notify::slack
