#pragma once

#include "core/storage/queues.h"

namespace tierline::storage {

/// What sorting and filtering need of a ticket in a queue. Texts point into the statement: they are
/// valid only while the visitor runs.
struct ColumnRow {
    qint64 id = 0, due = 0, created = 0, updated = 0; ///< due: Int64 maximum where no clock runs
    QByteArrayView tier, team, assignee, customer, plan, subject;
    Priority priority = Priority::Normal;
    Status status = Status::New;
    int health = -1; ///< -1: unknown
    bool isFlagged = false;
    bool isAwaitingYes = false;
};
using ColumnVisitor = std::function<void(const ColumnRow &)>;

/// How many rows eachColumnRow() may come to at most; from an index, some milliseconds a million.
Result<qint64> columnRowsAtMost(Connection &connection);
/// Visits every ticket that stands in some queue, ascending by id: one pass over the table.
Result<Done> eachColumnRow(
    Connection &connection, const Visibility &visibility, const ColumnVisitor &visit);
/// The same for those of `ids` that stand in some queue now, in the order given.
Result<Done> columnRowsOf(Connection &connection, const Visibility &visibility,
    const std::vector<TicketId> &ids, const ColumnVisitor &visit);

} // namespace tierline::storage
