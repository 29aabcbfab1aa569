#pragma once

#include "core/base/instant.h"

#include <QDate>
#include <QTimeZone>

// Local days and weeks of instants, from the zone's own rules at that instant and never by
// arithmetic on local times. Pure; any thread.

namespace tierline::metrics {

/// The date that a wall calendar in the zone shows at this instant.
QDate localDate(Instant at, const QTimeZone &zone);

/// The first instant of a local day: its midnight, or the moment after a gap that swallows it.
Instant startOfDay(QDate day, const QTimeZone &zone);

/// A border of a period as people write it: an instant with its offset, or a day ("2026-06-08"),
/// which means its first instant in the zone. BadInput for anything else.
Result<Instant> borderOf(QStringView text, const QTimeZone &zone);

/// Monday of the ISO week of a day.
QDate mondayOf(QDate day);

/// "2026-W24" for any day of that ISO week.
QString weekKey(QDate day);

} // namespace tierline::metrics
