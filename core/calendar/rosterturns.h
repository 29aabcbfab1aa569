#pragma once

#include "core/calendar/roster.h"
#include "core/calendar/servicetime.h"

namespace tierline::roster {

/// The earliest instant at which the wall reads this or more, in milliseconds since 1970-01-01T00:00 as it reads.
/// A reading that a spring gap swallows is the jump, of one that autumn doubles it is the first. Readings of the
/// years 1900 to 2200. O(log n) in the zone's changes.
Instant whenWallReads(const Zone &zone, qint64 wall);

struct Turn {
    qint64 number = 0; ///< from 0; of n agents the one in place `number % n` has it
    TimeSpan span; ///< never empty: a turn that a skipped day swallows is nobody's
};

/// The turn that holds the instant; nullopt before the layer starts. By division on local days, however long ago
/// it started: O(log n) in the zone's changes.
std::optional<Turn> turnAt(const Layer &layer, const Zone &zone, Instant at);
/// When the first turn begins.
Instant startOf(const Layer &layer, const Zone &zone);

/// A layer's weekly hours on the wall of a zone. Membership is that of a calendar: the hours of the local date,
/// and of the day before where they pass midnight. The hours and the zone must outlive it.
class DutyHours
{
public:
    DutyHours(const WeekHours &hours, const Zone &zone);

    /// No hours at all, or hours that leave out no part of the week.
    bool isAlways() const { return m_isAlways; }
    bool isOpen(Instant at) const;
    /// A stretch around the instant in which the layer is either open or not all the time: to the next reading at
    /// which hours end or begin, or the next change of offset. Not with isAlways(). O(hours of a week).
    TimeSpan pieceAt(Instant at) const;
    /// As long as it stays open around an instant at which it is, within `bounds`.
    TimeSpan openAround(Instant at, TimeSpan bounds) const;

private:
    const WeekHours &m_hours;
    const Zone &m_zone;
    bool m_isAlways = false;
};

} // namespace tierline::roster
