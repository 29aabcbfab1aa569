#pragma once

#include "core/base/ids.h"
#include "core/calendar/absence.h"
#include "core/calendar/roster.h"

namespace tierline::test {

// Rosters of the hard kind: few people in many layers, odd zones, swaps and absences that overlap, chains and cycles of
// deputies. Every instant, reading and offset is a whole number of half hours.

struct RosterCase {
    roster::Roster roster;
    std::vector<Absence> absences;
    Instant from; ///< where to look
    Instant to;
};
/// Two days about something hard, or anywhere in thirty years.
RosterCase someRosterCase(RandomSource &random);

} // namespace tierline::test
