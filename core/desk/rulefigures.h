#pragma once

#include "core/domain/firing.h"
#include "core/domain/people.h"
#include "core/domain/rulebook.h"
#include "core/storage/connection.h"

#include <QHash>

#include <vector>

namespace tierline::desk {

/// How a rule does.
struct RuleFigures {
    qint64 firesInWeek = 0; ///< really fired in the last seven days
    /// Of the newest hundred tickets in which it fired, or would have, and that people judged: the share that
    /// should have been escalated. None where nobody judged any.
    std::optional<double> precision;
};

class StoredPast;
/// Of the first `most` tickets of these firings in which the rule acted, or would have, and that people judged:
/// the share that should have been escalated; none where nobody judged any. Cost and thread as below.
Result<std::optional<double>> precisionOf(
    StoredPast &past, const std::vector<Firing> &firings, qsizetype most);

/// Of every rule that is not retired, by id. Tickets that may not be seen are in no figure but the count.
/// Cost: the log of each ticket that it looks at. Thread: the connection's.
Result<QHash<QString, RuleFigures>> loadRuleFigures(storage::Connection &connection,
    const RuleBook &book, const Visibility &visibility, Instant now);

} // namespace tierline::desk
