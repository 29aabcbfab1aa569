#pragma once

#include "core/notify/api/way.h"

#include <QJsonObject>

// A telling in Slack's form. What people and customers wrote stands in objects of plain text, where Slack knows no
// mentions, links and marks; the one text beside them, for notifications and old programs, is escaped. Pure.

namespace tierline::notify::slack {

/// The three characters that Slack reads as the begin of something, as entities; at most `most` UTF-16 units with
/// them, cut between characters and never inside an entity.
QString escaped(const QString &text, qsizetype most);

/// `text` and `blocks` of a post: state and headline, what is said, who, where and why, a button.
QJsonObject postContent(const Telling &telling);

/// The same of a line in the thread under it: what is said alone.
QJsonObject lineContent(const Telling &telling);

/// What belongs to new messages and not to changed ones: nothing is unfolded or guessed at.
QJsonObject asNew(QJsonObject content);

/// By what a message is found again, beside its words.
QJsonObject metadataOf(const Telling &telling);
bool isOf(const QJsonObject &message, const Telling &telling);

} // namespace tierline::notify::slack
