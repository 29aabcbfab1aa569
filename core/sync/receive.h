#pragma once

#include "core/base/ids.h"
#include "core/connectors/api/connector.h"
#include "core/storage/store.h"
#include "core/sync/fieldmap.h"

namespace tierline::sync {

/// What one received ticket brought.
struct Received {
    TicketId ticket;
    bool isNew = false;
    int messages = 0; ///< new in the thread
    int events = 0; ///< new in the log
    QStringList problems; ///< sentences: a handoff that could not be read …
};

/// Takes a remote ticket as it stands into the store: idempotent, in one transaction with the caller's
/// cursor. New entries become events at their own time; echoes of our own operations are joined to
/// them; a handoff note of another Tierline becomes its record, package and clocks; fields that both
/// sides changed become conflicts, and the local value stays shown. A page that comes twice writes
/// nothing the second time.
/// `ticket.entries` may be empty where only the fields were read (a read-back).
Result<Received> receive(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const connectors::RemoteTicket &ticket);

/// Remote ids of tickets that show what another Tierline announced long ago and the remote does not have:
/// nothing happens to them there, so somebody must ask. After receive() they show what is there.
Result<QStringList> overdueTickets(storage::WriteScope &scope, const FieldMap &map);

/// Key of a remote ticket in the workspace: "desk:4812".
QString keyOf(const QString &account, const QString &remoteId);

} // namespace tierline::sync
