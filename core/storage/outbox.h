#pragma once

#include "core/storage/store.h"

#include <QJsonObject>

namespace tierline::storage {

/// One local change that a remote must still hear of.
struct OutboxEntry {
    QString id; ///< UUID of the operation, which the remote sees
    QString account;
    TicketId ticket;
    QString kind; ///< "reply", "escalate", …
    QJsonObject body;
    QString state; ///< "waiting" until its first byte is sent
    Instant created;
};

/// Adds to the ordered, durable list, as "waiting". Within one ticket `created` always grows, so that
/// it is the order of sending.
Result<Done> queueOperation(WriteScope &scope, const OutboxEntry &entry);
/// Takes an operation back that is still waiting; false where it has been sent or is not there.
Result<bool> cancelOperation(WriteScope &scope, const QString &id);
/// All entries, oldest first; a ticket's in the order of its log.
Result<std::vector<OutboxEntry>> loadOutbox(Connection &connection);

} // namespace tierline::storage
