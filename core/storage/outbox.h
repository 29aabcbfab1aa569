#pragma once

#include "core/storage/store.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tierline::storage {

/// How far an operation is. The code is what `outbox list` prints.
enum class OutboxState : quint8 {
    Waiting, ///< nothing of its next step has been sent
    Sending, ///< its first byte may have left
    Unknown, ///< sent, and nobody knows whether it took effect: looked for before it is sent again
    Refused, ///< the remote will not have it; holds back its own ticket until somebody decides
    Conflict, ///< waits until somebody chooses between two values
};
QString code(OutboxState state);

/// One local change that a remote must still hear of.
struct OutboxEntry {
    QString id; ///< UUID of the operation, which the remote sees
    QString account;
    TicketId ticket;
    QString kind; ///< "reply", "escalate", …
    QJsonObject body; ///< see core/commands/README.md
    OutboxState state = OutboxState::Waiting;
    Instant created;
    Instant notBefore; ///< send later; 1970: at once
    int attempts = 0;
    Instant nextTry; ///< 1970: at once
    QString error; ///< a sentence for people
    QJsonArray steps; ///< how far each step is; core/sync writes and reads it
    /// By the remote's clock, when a step of unknown outcome was first looked for and not there.
    std::optional<Instant> sent;
};

/// Adds to the ordered, durable list, as waiting. Within one ticket `created` always grows, so that it
/// is the order of sending.
Result<Done> queueOperation(WriteScope &scope, const OutboxEntry &entry);
/// Takes an operation back of which nothing has been sent; false where it has been or is not there.
Result<bool> cancelOperation(WriteScope &scope, const QString &id);
/// Writes state, attempts, next try, error, steps and sent.
Result<Done> saveOperation(WriteScope &scope, const OutboxEntry &entry);
/// Takes it off the list, done or given up.
Result<Done> removeOperation(WriteScope &scope, const QString &id);
/// All entries, oldest first; a ticket's in the order of its log.
Result<std::vector<OutboxEntry>> loadOutbox(Connection &connection);
/// After a restore all pending operations are of unknown outcome: whatever they say of their steps, each may
/// have been done since the backup was made. On the prepared copy of a backup, in which nobody else writes.
Result<Done> markRestored(Connection &copy);
/// Those of an account, oldest first, until forgetRestored(). Whoever sends looks for each of their steps first.
Result<QStringList> restoredOperations(Connection &connection, const QString &account);
Result<Done> forgetRestored(WriteScope &scope, const QStringList &operations);
/// How many of an account's wait, and how many of those were refused; without reading what they say.
struct OutboxCount {
    int waiting = 0;
    int refused = 0;
};
Result<OutboxCount> countOutbox(Connection &connection, const QString &account);
/// Lets nothing of an account be tried before `until`: its remote asked for that.
Result<Done> holdOutbox(WriteScope &scope, const QString &account, Instant until);
/// After the machine's clock was set back: what was done "later than now" was done now, is held for as
/// long as it was meant to be, and keeps its order; no wait is longer than a server may ask for.
Result<Done> mendOutboxTimes(WriteScope &scope, const QString &account);
/// Those of one ticket, in order.
Result<std::vector<OutboxEntry>> loadOutboxOf(Connection &connection, TicketId ticket);
Result<std::optional<OutboxEntry>> findOperation(Connection &connection, const QString &id);

} // namespace tierline::storage
