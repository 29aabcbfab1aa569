#pragma once

#include "core/calendar/agreement.h"

namespace tierline::sla {

/// A due time that somebody set by hand for one clock of a ticket, or released again.
struct HandDue {
    ClockKind clock = ClockKind::FirstResponse;
    Instant at;
    std::optional<Instant> due; ///< none: released, what the policies say rules again
    QString reason;
    QString actor;
    bool operator==(const HandDue &) const = default;
};

/// All of a ticket's past that its clocks read.
struct TicketPast {
    struct FieldsSince {
        Instant from;
        PolicyFields fields;
        bool operator==(const FieldsSince &) const = default;
    };
    std::vector<Fact> facts; ///< as sortFacts() leaves them
    std::vector<FieldsSince>
        fields; ///< in order, the first at the creation; of one instant the last counts
    std::vector<HandDue> byHand; ///< in order
    /// What we have said and done for the customer, and they cannot know yet: it waits to be sent. Counts once it
    /// is a fact; until then clocks that it would stop run on, and say so.
    struct Waiting {
        QString operation;
        Fact fact;
    };
    std::vector<Waiting> waiting;
};

/// One cycle of one clock of a ticket, under what is agreed.
struct TicketClock {
    ClockKind kind = ClockKind::FirstResponse;
    QString
        of; ///< key of the ticket that was merged into this one and whose clock it was; empty: its own
    int number = 1; ///< of the clock's cycles, from 1
    QString tier; ///< of a tier's clock: whose it is
    QString policy; ///< which rules, or ruled at its end; empty for a promise
    int edition = 0; ///< of the policies
    QString calendar;
    QString zone; ///< in which the calendar is read
    ZoneChoice zoneBy = ZoneChoice::Calendar;
    Millis target { 0 }; ///< of the policy; 0 for a promise
    Cycle cycle;
    std::shared_ptr<const CalendarEditions> hours;
    Reading reading;
    bool isClosedUnanswered = false;
    bool stopsWhenSent = false; ///< open, and an answer that would stop it waits to be sent
    bool isUnalarmed = false; ///< breached by a change, which its policy keeps from the ladder
    std::optional<Priority> climbsTo;

    Party party() const { return partyOf(kind); }
    /// It can still be met, or be breached further.
    bool isOpen() const;
};

/// Whether clocksOf() says how each clock stands. Who keeps what runs and asks standing() needs none of it: `reading` is
/// left empty then, as are the names of policy, calendar and zone, `isUnalarmed` and `number` unset, and cycles that have ended are left out, but for one of them
/// where nothing runs, so that nothing agreed is told from nothing running; `stopsWhenSent` is false.
enum class Readings : quint8 { All, NoneAndOpenOnly };

/// Every cycle of every clock, by kind and then oldest first. Pure: the same past, book and now always give
/// the same. Policies are chosen anew wherever a field or an edition of the book changes; a new choice
/// holds over the whole cycle, back to its start, and a cycle that has ended keeps what ruled then. Where
/// nothing is agreed any more a running cycle ends as cancelled, and a breach stays. Promises need no
/// policy. Cost: some microseconds; nothing where the book is empty and nobody promised.
/// `room` is a list that is no longer needed, for whoever asks often.
std::vector<TicketClock> clocksOf(const TicketPast &past, const AgreementBook &book, Instant now,
    Readings readings = Readings::All, std::vector<TicketClock> room = {});

/// The open clock that is due first; nullptr where none has a due time. Ties go by kind.
const TicketClock *nextDue(const std::vector<TicketClock> &clocks);

/// The clocks of a ticket after another one was merged into it: its own run on, and of the other's those
/// that were breached stay listed, ended at the merge. No second set runs.
std::vector<TicketClock> mergedClocks(
    std::vector<TicketClock> own, const TicketPast &other, const AgreementBook &book, Instant at);

/// When a priority that climbs towards a clock's due time takes its next step, and to what: in equal steps
/// of the clock's own time, the last of them at the due time. Empty where it is there already, and where
/// the clock does not run.
struct ClimbStep {
    Instant at;
    Priority priority = Priority::Normal;
    bool operator==(const ClimbStep &) const = default;
};
std::vector<ClimbStep> climb(const TicketClock &clock, Priority from);
/// The priority that the steps give at an instant.
Priority climbed(const TicketClock &clock, Priority from, Instant at);

} // namespace tierline::sla
