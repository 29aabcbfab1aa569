#pragma once

#include "core/base/instant.h"

#include <QJsonObject>

#include <vector>

// Who says in Slack that a ticket is theirs. Pure.

namespace tierline::notify::slack {

/// Somebody's claim, before it is known who that is.
struct Claim {
    QString topic;
    QString id; ///< the same whenever it is read again
    QString who; ///< id of the person
    Instant at;
    qint64 order = 0; ///< among those of one instant
};

/// Whether a text begins with a word that claims: "mine", "I take it", "übernehme", "je prends", "lo tomo", "eu
/// assumo" and the like. A question claims nothing.
bool saysClaim(const QString &text);

/// The claim in a reply of a thread: none for words of bots, for other words and for odd messages. Who edits a reply
/// into a claim claims then.
std::vector<Claim> claimsOfReply(
    const QJsonObject &message, const QString &topic, const QString &channel);

/// The claims in the reactions to a post, one for each person. Slack keeps no time of them: `now` stands for it.
std::vector<Claim> claimsOfReactions(
    const QJsonObject &post, const QString &topic, const QString &channel, Instant now);

} // namespace tierline::notify::slack
