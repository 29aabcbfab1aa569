#pragma once

#include "core/calendar/absence.h"
#include "core/calendar/roster.h"
#include "core/calendar/servicetime.h"

namespace tierline::roster {

// Who is on call, of a roster that check() takes and of who is absent. A layer is on duty from its start on,
// within its hours. On duty in it is whose turn it is, or whom the last override names. Absent people are stood in
// for by their deputies; where no deputy is there, the duty is the next one's in the layer's order.
//
// The ladder: those on duty in layer 1, layer 2 and so on, then the agents who follow in the order of the first
// layer that has somebody on duty, up to MostSteps. Nobody stands in it twice, the first place counts; nobody
// absent stands in it, nor one whose turn an override gave away, unless nobody else is there. Capacity is no matter
// here: who takes no new work, or has their hands full, is paged all the same.
//
// Thread: any. Pure. Instants outside the years 1900 to 2199 have nobody; so has a roster whose zone is unknown.

inline constexpr size_t MostSteps = 10; ///< of a ladder; as many as there can be layers
inline constexpr size_t MostShifts = 10'000;

/// Why somebody stands in the ladder.
enum class Reason : quint8 {
    Turn, ///< it is their turn
    Override,
    Deputy, ///< of `of`
    Next, ///< after `of`, who is absent and whose deputies are too
    Following, ///< nobody's duty: asked when those before have not answered
};

struct OnCall {
    QString agent;
    QString layer;
    Instant
        since; ///< the stretch in which this is so, in this layer, for this reason: of one turn, or one override
    Instant until; ///< not in it
    Reason reason = Reason::Turn;
    QString of;
    QString why; ///< "weekly shift", "override instead of tom: swapped", "deputy of tom"
    bool operator==(const OnCall &) const = default;
};

/// The ladder at an instant: who is asked, in this order. A few microseconds for each step, whenever the layers
/// started; each override and absence that begins or ends between `since` and `until` costs about one more.
std::vector<OnCall> onCall(const Roster &roster, const std::vector<Absence> &absences, Instant at);

/// A stretch in which onCall() says the same all the time, and another thing right before and after.
struct Shift {
    TimeSpan span;
    std::vector<OnCall> ladder; ///< empty: nobody is on duty
    bool operator==(const Shift &) const = default;
};

/// From `from` to `to` without a gap, both cut off there. At most MostShifts: where there are more, the last one ends
/// before `to`. Cost: as onCall() for each shift, and for each handover, end of hours, override or absence.
std::vector<Shift> shifts(
    const Roster &roster, const std::vector<Absence> &absences, Instant from, Instant to);

/// When nobody is on duty, in order, not touching: at most MostShifts. Cost as of shifts().
std::vector<TimeSpan> gaps(
    const Roster &roster, const std::vector<Absence> &absences, Instant from, Instant to);

/// The first instant after `at` at which onCall() says another thing; nullopt where none is before 2200.
std::optional<Instant> nextChange(
    const Roster &roster, const std::vector<Absence> &absences, Instant at);

} // namespace tierline::roster
