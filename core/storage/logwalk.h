#pragma once

#include "core/domain/event.h"
#include "core/domain/people.h"
#include "core/storage/connection.h"

namespace tierline::storage {

/// One ticket's whole log, with what stands beside it. Borrowed: valid during the call only, and the events
/// may be taken away.
struct WalkedLog {
    TicketId id;
    const QString &key;
    OrganizationId organization;
    RequesterId requester;
    const QString &requesterName; ///< address, else name
    Status status; ///< as it stands now
    std::vector<Event> &events; ///< in their one order
    const std::vector<Escalation>
        &escalations; ///< oldest first; outcome, verdict and when it moved only
};

/// Calls `visit` for every ticket that `visibility` allows, in the order of their numbers; an error stops. One
/// pass over each table, one ticket in memory: a ticket of ten events costs some 20 µs. Meant for a reader
/// thread.
Result<Done> walkLogs(Connection &connection, const Visibility &visibility,
    const std::function<Result<Done>(const WalkedLog &)> &visit);
/// The same of one ticket, whoever may see it.
Result<Done> visitLog(Connection &connection, TicketId id,
    const std::function<Result<Done>(const WalkedLog &)> &visit);

/// The text of one message; empty where there is none.
Result<QString> loadMessageText(Connection &connection, MessageId id);

} // namespace tierline::storage
