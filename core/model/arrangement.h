#pragma once

#include "core/domain/codes.h"

#include <QString>

namespace tierline::model {

/// What a queue can be ordered by. Tickets alike in it stand in the order of work.
enum class QueueOrder : quint8 {
    Work,
    Priority,
    Created,
    Updated,
    Tier,
    Team,
    Status,
    Assignee,
    Customer,
    Plan,
    Health,
    Subject
};

/// Which tickets of a queue are shown; every condition that is set must hold.
struct QueueFilter {
    QString text; ///< words; each must occur in the subject, whatever the case and accents
    QString tier, team, assignee, customer, plan; ///< exactly; empty: any
    std::optional<Priority> priority;
    std::optional<Status> status;

    bool operator==(const QueueFilter &) const = default;
};

/// An order and a filter over a queue, beyond the order of work that the store has an index for.
struct Arrangement {
    QueueOrder order = QueueOrder::Work;
    bool isDescending = false;
    QueueFilter filter;

    /// Whether it is the queue itself, in the one order of work.
    bool isPlain() const { return *this == Arrangement {}; }
    bool operator==(const Arrangement &) const = default;
};

} // namespace tierline::model
