#pragma once

#include "core/base/instant.h"

#include <QDate>
#include <QTimeZone>

namespace tierline::metrics {

/// Local days and weeks of instants in one zone, from the zone's own rules at that instant and never
/// by arithmetic on local times. Remembers the stretch between two changes of the clock, so that a
/// long row of instants costs little. Thread: one at a time.
class LocalDays
{
public:
    explicit LocalDays(QTimeZone zone);

    QDate date(Instant at);
    /// Monday of the ISO week.
    QDate monday(Instant at);

private:
    qint64 offsetMs(Instant at);

    QTimeZone m_zone;
    qint64 m_from = 1, m_until = 0; ///< where m_offset holds: m_from <= t < m_until
    qint64 m_offset = 0;
};

/// The first instant of a local day: its midnight, or the moment after a gap that swallows it.
Instant startOfDay(QDate day, const QTimeZone &zone);

/// "2026-W24" of the week that begins on this Monday.
QString weekKey(QDate monday);

} // namespace tierline::metrics
