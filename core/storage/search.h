#pragma once

#include "core/storage/queues.h"

namespace tierline::storage {

/// One condition of a search: any of the values (tier, team, agent, customer, tag, status, priority,
/// is), or none of them.
struct SearchFilter {
    QString name;
    QStringList values;
    bool isNegated = false;
};

/// A search as core/text reads it from what a person typed: an FTS5 expression that is always
/// legal, and filters as values. Newest tickets first.
struct SearchQuery {
    QString match; ///< FTS5 expression, or empty: no text condition
    QString tier, team, agent, customer; ///< empty: any
    QStringList tags;
    std::optional<Status> status;
    std::optional<Priority> priority;
    QStringList is; ///< open, solved, flagged, unassigned, escalated, awaiting
    QStringList not_; ///< negated filters as "tier:L2"
    std::vector<SearchFilter> filters; ///< all of them must hold, besides those above
    QString exclude; ///< FTS5 expression of what must not be there, where `match` is empty
    std::optional<Instant> before, after; ///< of creation
};

struct SearchHit {
    QueueRow row;
    QString snippet; ///< plain text around the first match, matches between U+0002 and U+0003
};

struct SearchPage {
    std::vector<SearchHit> hits;
    bool isComplete = true; ///< false: there are more than `limit`, or it was cut short
    bool isCutShort = false; ///< `isEnough` ended it: these are the newest of what there is
};

/// At most `limit` hits below `before` (0: from the newest). Stops within a few milliseconds of the
/// connection's cancel check. `isEnough`, asked all along, ends it with what was found until then.
Result<SearchPage> search(Connection &connection, const SearchQuery &query,
    const Visibility &visibility, int limit, TicketId before = {},
    const std::function<bool()> &isEnough = {});

/// The words of the text index that begin with `start`, in order; nullopt where there are more than
/// `most`. `start` is ASCII letters and digits in lower case. Cost: one look-up for each word, whatever
/// number of tickets has it.
Result<std::optional<QStringList>> wordsThatBegin(
    Connection &connection, const QString &start, int most);

/// Builds the text index from nothing; used after an import into an empty store and by doctor.
Result<Done> rebuildSearch(WriteScope &scope);
/// Indexes the next tickets that the index lacks, ascending from `after` (0: from the first); gives the
/// last one taken, 0 where none was left. For long imports: each batch is a transaction of its own.
Result<TicketId> indexBatch(WriteScope &scope, TicketId after, int batch);
/// Compares the text index with the tickets. Storage fault naming the drift where it finds one.
Result<Done> checkSearch(Connection &connection);
/// Rebuilds the index where that check finds a drift, and tells whether it did. Cost: reads the whole
/// store; a rebuild holds the write lock for some seconds for each ten thousand tickets.
Result<bool> repairSearch(Store &store);

} // namespace tierline::storage
