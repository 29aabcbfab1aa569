#pragma once

#include "core/base/instant.h"
#include "core/notify/smtp/mailaddress.h"

namespace tierline::notify::smtp {

/// A mail before it is written down.
struct Letter {
    MailAddress from;
    MailAddress to;
    QString subject; ///< of any letters, shortened to one line of 250
    QString text; ///< plain, lines ended by "\n"
    QByteArray messageId; ///< as messageIdOf() makes one
    QByteArray inReplyTo; ///< of the thread's first mail; empty: this is the first
    Instant at;
    bool isUrgent = false;
};

/// "<id@domain of the sender>", the same at every try; empty for an id of other than letters, digits and dashes.
QByteArray messageIdOf(const QString &id, const MailAddress &from);
/// Whether a text from elsewhere may stand in a header as one: ours, brought back.
bool isMessageId(QByteArrayView text);

/// Header and body as RFC 5322 wants them: lines of at most 78 bytes ended by CRLF, ASCII, the text as
/// quoted-printable. Nothing in a letter's values can begin a header. O(n).
QByteArray composed(const Letter &letter);

/// For DATA: dots that begin a line doubled. Ends with CRLF and without the last dot. O(n).
QByteArray dotStuffed(const QByteArray &message);

} // namespace tierline::notify::smtp
