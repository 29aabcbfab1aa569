#pragma once

#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

/// A reply or a note as the body of a POST. BadInput where Request Tracker has no way to take it.
Result<QJsonObject> messageBody(const PushStep &step, const QString &referenceField);

/// A file's name as its JSON keeps it: beyond ASCII in the form of mail headers (RFC 2047).
QString wireName(const QString &name);

/// Posts a Reply or a Note, once.
void pushMessage(Session &session, const PushStep &step, Answer<PushOutcome> done);

/// Looks for one whose outcome is unknown: by our id in the transactions' own field, then at the end
/// of the ticket's history by id, marker, or author, text and time.
void findMessage(Session &session, const PushStep &step, Answer<Found> done);

/// What became of a request that changes something, as far as its end alone tells; `reply` with a
/// status below 300 is Done. An error only for SignIn, and for Cancelled where nothing was sent.
Result<PushOutcome> outcomeOf(const Sent &sent);

/// Whether an entry of a history is the step's, apart from the ticket.
bool isSame(const RemoteEntry &entry, const PushStep &step, Instant notBefore);

} // namespace tierline::connectors::rt
