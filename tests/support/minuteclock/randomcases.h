#pragma once

#include "core/base/ids.h"
#include "core/calendar/slaclock.h"

namespace tierline::test {

// Calendars and instants of the hard kind: odd zones, changes of offset, leap days, turns of a year, days
// that were left out. Every time is a whole minute.

/// A whole number of minutes after `from`, less than `minutes`.
Instant minuteAfter(RandomSource &random, Instant from, qint64 minutes);
/// Around something hard, or anywhere in thirty years.
Instant someInstant(RandomSource &random);
/// With some hours each week, and days that differ about `around`; one in eight is 24/7 where it may be.
Calendar someCalendar(RandomSource &random, Instant around, bool mayBeAlways = true);
/// From a start: targets that change, pauses that overlap, due times set by hand; some met, some cancelled.
sla::Cycle someCycle(RandomSource &random, Instant start);

} // namespace tierline::test
