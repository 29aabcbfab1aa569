#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

/// What changed between two revisions of the feed, each ticket once.
struct ChangeSet {
    qint64 from = 0, to = 0;
    std::vector<TicketId> tickets;
    bool everything = false; ///< look at everything again: import, restore, or too far behind

    bool isEmpty() const { return tickets.empty() && !everything; }
};

Result<qint64> feedRevision(Connection &connection);
/// The number of the newest event of all; events are numbered in the order in which they are written.
Result<qint64> newestEvent(Connection &connection);
/// Changes after `from`. Cost: the number of changes.
Result<ChangeSet> changesSince(Connection &connection, qint64 from);
/// Drops revisions that are older than the newest `keep`; called by the writer now and then.
Result<Done> trimFeed(WriteScope &scope, qint64 keep);

} // namespace tierline::storage
