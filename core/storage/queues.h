#pragma once

#include "core/domain/people.h"
#include "core/domain/ticket.h"
#include "core/storage/store.h"

#include <functional>

namespace tierline::storage {

/// How a ticket stands at its helpdesk, the worst that is true of it. The code is what `queue` prints.
enum class SyncStand : quint8 {
    Local, ///< no helpdesk has it
    Synced, ///< the helpdesk has heard of everything
    Waiting, ///< a change has not been taken yet
    Refused, ///< a change that the helpdesk will not have: a person decides
    Conflict, ///< both sides changed the same field: a person chooses
};
QString code(SyncStand stand);

/// What a queue shows of a ticket without opening it.
struct QueueRow {
    TicketId id;
    QString key, subject, tier, team, assignee, customer, plan, category, channel, reason, clock;
    Priority priority = Priority::Normal;
    Status status = Status::New;
    std::optional<int> health;
    std::optional<qint64> arr;
    std::optional<Instant> clockStart, due;
    Instant created, updated;
    bool isFlagged = false;
    bool isAwaitingYes = false;
    SyncStand sync = SyncStand::Local;

    bool operator==(const QueueRow &) const = default;
};

/// Which tickets, in the one order of work: next breach, priority, creation, key.
struct QueueQuery {
    QString tier; ///< empty: every tier
    QString team; ///< empty: every team
    QString assignee; ///< empty: anybody; "-": nobody
    bool onlyFlagged = false;
    bool onlyAwaitingYes = false;

    bool operator==(const QueueQuery &) const = default;
};

/// Sort keys of one ticket in a queue: 24 bytes, ordered as the queue is. Tickets that agree in
/// both differ in key order, which position in the list tells.
struct SpineEntry {
    qint64 due = 0; ///< Int64 maximum where no clock runs
    qint64 rank = 0; ///< priority (urgent first) and creation, packed so that smaller comes first
    qint64 ticket = 0;

    friend bool operator==(const SpineEntry &, const SpineEntry &) = default;
};
SpineEntry spineEntry(TicketId id, std::optional<Instant> due, Priority priority, Instant created);

/// The first rows, ready to paint: one indexed range, flat in the number of tickets.
Result<std::vector<QueueRow>> firstRows(
    Connection &connection, const QueueQuery &query, const Visibility &visibility, int limit);
/// The whole queue in order, entry by entry, from the index alone where only a tier is asked for.
Result<Done> readSpine(Connection &connection, const QueueQuery &query,
    const Visibility &visibility, const std::function<void(const SpineEntry &)> &take);
/// Rows by id, in the order asked; tickets that no longer exist, or belong to an import that has not
/// ended, are left out.
Result<std::vector<QueueRow>> loadRows(Connection &connection, const std::vector<TicketId> &ids);
Result<qint64> countQueue(
    Connection &connection, const QueueQuery &query, const Visibility &visibility);
/// Whether a row stands in the queue that `query` asks for.
bool matches(const QueueRow &row, const QueueQuery &query, const Visibility &visibility);
/// The one order of work.
bool worksBefore(const QueueRow &a, const QueueRow &b);

} // namespace tierline::storage
