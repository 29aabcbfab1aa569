#pragma once

#include "core/calendar/servicetime.h"

#include <memory>

namespace tierline::sla {

/// One cycle of a clock: what happened to it, as facts. Everything below is computed from it and can be
/// dropped. Escalating, reassigning, merging and editing are no facts of it: they move no clock.
struct Cycle {
    /// A target, from an instant on, over the whole span since the start. What another policy counts
    /// by (its hours, its pauses, its grace) holds over the whole span too.
    struct Target {
        Instant from;
        Millis length { 0 };
        bool isOff = false; ///< nothing is promised while it rules
        std::shared_ptr<const CalendarEditions> hours; ///< none: those that read() is given
        std::optional<std::vector<TimeSpan>> pauses; ///< none: the cycle's
        std::optional<Millis> grace; ///< none: the cycle's
        bool operator==(const Target &) const = default;
    };
    /// A due time set by hand; it wins over the computed one from `from` until it is released.
    struct Manual {
        Instant from;
        std::optional<Instant> released;
        Instant due;
        QString reason;
        bool operator==(const Manual &) const = default;
    };
    std::optional<Instant> start; ///< none: nothing has started it
    std::vector<Target> targets; ///< at least one, in order; the first rules from the start
    std::vector<TimeSpan> pauses; ///< may overlap; one that is not over ends at openEnd
    std::vector<Manual> manual; ///< in order, none overlapping
    std::optional<Instant> met;
    std::optional<Instant> cancelled;
    /// Time to act where a new target is past already when it comes.
    Millis grace { 0 };

    static constexpr Instant openEnd { Instant::MaxMs + 1 };

    bool operator==(const Cycle &) const = default;
};

enum class State : quint8 {
    Idle,
    Running,
    Paused,
    Met,
    BreachedRunning,
    BreachedPaused,
    MetLate,
    Cancelled,
};
/// "breached-running"; what is stored and printed.
QString code(State state);

enum class Cause : quint8 {
    None,
    Time, ///< the target was reached
    PolicyChange, ///< a new target was past already when it came
    ManualDue, ///< the due time set by hand was reached
};
/// "policy change"; empty for none and for time.
QString text(Cause cause);

/// How a cycle stands at an instant.
struct Reading {
    State state = State::Idle;
    /// When the target is or was reached, by what rules now. None while idle, paused or cancelled, and
    /// where the calendar never opens long enough.
    std::optional<Instant> due;
    Millis elapsed { 0 }; ///< service time outside pauses, frozen when met or cancelled
    Millis remaining { 0 }; ///< of the target; 0 once it is used up
    Millis overdue { 0 }; ///< service time outside pauses since due, frozen when met
    std::optional<Instant> breachedAt; ///< once and for ever, whatever changes later
    Cause cause = Cause::None; ///< of the breach
};

/// BadInput for what no policy may say: no target, a target of zero or less, a cycle met before it began.
Result<Done> check(const Cycle &cycle);

/// Pure. Facts later than `now` are not known yet, pauses excepted: what is planned is planned.
/// Time is counted by what rules at `now`, or ruled at the end. Cost: some tens of nanoseconds a day between
/// start and due.
Reading read(const Cycle &cycle, const CalendarEditions &hours, Instant now);

/// Of a reading, what whoever waits for a due time needs: until `until` nothing of it changes, as long as the
/// cycle stays as it is.
struct Standing {
    bool isRunning = false; ///< neither idle, paused, met nor cancelled; breached or not
    std::optional<Instant> due; ///< while running, as Reading::due
    Instant until; ///< exclusive
};
/// Pure; agrees with read() at every instant from `now` on and before `until`. Costs a walk from the start to the
/// due time and no more.
Standing standing(const Cycle &cycle, const CalendarEditions &hours, Instant now);

/// How the time of a cycle was spent, without a gap, from its start until `until` or its end.
struct LedgerLine {
    enum class Kind : quint8 { Running, Paused, Closed };
    TimeSpan span;
    Kind kind = Kind::Running;
    int edition = 0; ///< of the calendar, by index
    bool operator==(const LedgerLine &) const = default;
};
/// The running lines sum to Reading::elapsed. A pause outside service hours is closed time.
std::vector<LedgerLine> ledger(const Cycle &cycle, const CalendarEditions &hours, Instant until);

} // namespace tierline::sla
