#pragma once

#include "core/calendar/ticketclocks.h"

namespace tierline::sla {

/// A level of a ladder and when it is reached.
struct LadderStep {
    int level = 0; ///< by its place among the offsets, from 0
    Instant at;
    bool operator==(const LadderStep &) const = default;
};

/// When the levels of a ladder are reached: each an offset before (negative), at or after the due time, in
/// the clock's own hours, so that a pause holds them as it holds the clock. By time, then level. Empty where
/// the clock does not run; a level that lies before the start is reached at it.
std::vector<LadderStep> ladder(const TicketClock &clock, const std::vector<Millis> &offsets);

/// What to do about levels that were reached while nobody looked: after sleep, downtime, a clock that was
/// set. The highest is done, the others are told in one summary, and what a customer would see is asked for
/// where it comes too late.
struct Wake {
    static constexpr Millis lateForCustomers { 15 * 60'000 };

    std::optional<LadderStep> fire;
    std::vector<int> collapsed; ///< levels that are only told
    Millis late { 0 }; ///< of the one that fires
    bool needsYes = false; ///< before a customer hears of it
};
/// Levels after `looked` up to `now`, which is in it. Where the clock was set back there are none, and what
/// was reached once is not reached again: `looked` never goes back.
Wake wake(const std::vector<LadderStep> &steps, Instant looked, Instant now);

/// What a firing is known by, the same on every machine: who fires, the ticket, the clock's cycle, its due
/// time and the level. A new cycle, or another due time, is another key.
QString fireKey(QStringView rule, QStringView ticket, const TicketClock &clock, int level);

/// What a helpdesk says of a clock that we compute, too.
struct RemoteVerdict {
    ClockKind clock = ClockKind::FirstResponse;
    int number = 1; ///< of the cycle
    bool isBreached = false;
    bool isOver = false; ///< met or ended there
};
/// A sentence where both disagree; empty where they agree, and where we know no such cycle. Neither verdict
/// overwrites the other.
QString disagreement(const std::vector<TicketClock> &ours, const RemoteVerdict &theirs);

} // namespace tierline::sla
