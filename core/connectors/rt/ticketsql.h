#pragma once

#include <QString>
#include <QStringList>

#include <optional>

// The one place where a TicketSQL query is put together. Every value goes through literal() or is a
// number that was checked, so no text can become a part of a query.

namespace tierline::connectors::rt {

/// A value as a quoted literal. Nothing for what no literal can say: text that begins with "CF." is
/// read as the name of a custom field by Request Tracker, quotes or not, and NUL ends its strings.
std::optional<QString> literal(QStringView value);

/// A custom field as a key, `CF.{Client Reference}`. Nothing where the name cannot be written so.
std::optional<QString> fieldKey(QStringView name);

// Ids are decimal text, see isId() in rtjson.h; anything else gives an empty query, which finds nothing.

QString ticketsAfter(const QString &id);
QString anyTicketOf(const QStringList &ids);
/// Transactions of tickets, and of nothing else.
QString changesAfter(const QString &id);
/// Transactions whose custom field `field` has exactly this value; empty where it cannot be asked.
QString changesWith(QStringView field, QStringView value);

} // namespace tierline::connectors::rt
