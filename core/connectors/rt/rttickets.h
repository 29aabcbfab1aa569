#pragma once

#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

/// Tickets that were read together.
struct Batch {
    std::vector<RemoteTicket> tickets;
    /// Transactions that the tickets' histories held: what the feed says of these is known.
    QStringList transactions;
    struct Failed {
        QString ticket;
        QString sentence;
    };
    std::vector<Failed> failed; ///< could not be read, though the account as a whole can
};

/// Reads tickets as they stand; with their threads where `wantsEntries`. Threads are read first and the
/// tickets after, so that a version never claims more than the fields hold. Records that are no
/// tickets (reminders) are left out. At most two requests at a time. `done` is called later.
void readTickets(Session &session, const QStringList &ids, bool wantsEntries,
    std::function<void(Result<Batch>)> done);

/// Reads one by its own address, which tells the version and knows what no listing shows: deleted,
/// merged, out of sight, gone. `raw` of the answer holds the record itself where there is one.
struct Single {
    RemoteTicket ticket;
    QJsonObject raw;
    bool isRecord = true; ///< false for reminders and the like
};
void readSingle(Session &session, const QString &id, std::function<void(Result<Single>)> done);

} // namespace tierline::connectors::rt
