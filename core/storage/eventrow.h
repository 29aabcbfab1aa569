#pragma once

#include "core/domain/event.h"
#include "core/storage/columns.h"

namespace tierline::storage {

// How a line of the log stands in its table. Room-private.

template<typename T>
std::optional<T> optionalCode(const Statement &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    return static_cast<T>(row.integer(column));
}

inline std::optional<QString> optionalText(const Statement &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    return row.text(column);
}

/// A row that names the columns of `event` in this order: id, at, ord, kind, actor, actor_kind, tier, team,
/// assignee, status, priority, note, message, data, operation, origin.
inline Event eventOf(const Statement &row, TicketId ticket)
{
    Event event { .id = { row.integer(0) },
        .ticket = ticket,
        .at = { row.integer(1) },
        .order = { row.integer(2) },
        .kind = static_cast<EventKind>(row.integer(3)),
        .actor = row.text(4),
        .actorKind = static_cast<AuthorKind>(row.integer(5)),
        .tier = optionalText(row, 6),
        .team = optionalText(row, 7),
        .assignee = optionalText(row, 8),
        .status = optionalCode<Status>(row, 9),
        .priority = optionalCode<Priority>(row, 10),
        .note = row.text(11),
        .message = { row.integer(12) },
        .data = objectOf(row.utf8(13)),
        .operation = row.text(14) };
    event.origin = static_cast<quint64>(row.integer(15));
    return event;
}

} // namespace tierline::storage
