#pragma once

#include "core/storage/connection.h"

#include <QJsonObject>
#include <QStringList>

#include <limits>

namespace tierline::storage {

// How values that are no plain number or text stand in a column. Room-private.

/// How `due` stands where no clock runs, so that it sorts last.
inline constexpr qint64 noDue = std::numeric_limits<qint64>::max();

inline std::optional<Instant> optionalInstant(const Statement &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    return Instant { row.integer(column) };
}

QString listText(const QStringList &list); ///< JSON array; "[]" for the empty list
QStringList listOf(QByteArrayView json);
QString objectText(const QJsonObject &object); ///< JSON object; "{}" for the empty one
QJsonObject objectOf(QByteArrayView json); ///< empty also for ""

} // namespace tierline::storage
