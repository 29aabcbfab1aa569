#pragma once

#include "core/base/ids.h"
#include "core/storage/store.h"

namespace tierline::sync {

// What a person decides about what waits or disagrees. One transaction each; the agent is who decides.
// NotFound where it has been settled meanwhile.

enum class Side : quint8 { Local, Remote };

/// Ends a conflict. Local: our value is sent over theirs; Conflict where ours was taken back meanwhile.
/// Remote: theirs is taken here, and nothing of ours is sent for that field any more. Whatever else the
/// same operations say and set goes on, once; a handoff note that has not left yet says what stayed. Only
/// the customer's notice of an escalation stays here with its place (eventdata::unsent): it would tell of
/// a move that nobody made. Either way the log keeps both values.
Result<Done> resolveConflict(
    storage::WriteScope &scope, const QString &conflict, Side side, const QString &agent);

/// Tries a refused or waiting operation again at once.
Result<Done> retryOperation(storage::WriteScope &scope, const QString &operation);

/// Gives an operation up. What of it has not been sent is taken back here: fields return to what both
/// sides agreed on, an escalation that nobody has accepted is withdrawn, and colleagues are told where its
/// note had already been sent. The event names the operation and the messages that stay here
/// (eventdata::dropped, unsent). Conflict while it is being sent or of unknown outcome.
Result<Done> dropOperation(storage::WriteScope &scope, RandomSource &random,
    const QString &operation, const QString &agent);

} // namespace tierline::sync
