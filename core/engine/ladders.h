#pragma once

#include "core/calendar/agreement.h"
#include "core/calendar/ladder.h"
#include "core/commands/quiet.h"
#include "core/domain/event.h"
#include "core/domain/firing.h"
#include "core/rules/subject.h"
#include "core/rules/tree.h"

namespace tierline::engine {

/// A ladder action, read.
struct LadderText {
    std::vector<rules::Step> steps;
    int loops = 1; ///< how often all steps are gone through, at most 9
    bool isUntilSolved = false; ///< accepting does not stop it
    std::optional<rules::Value> idle; ///< accepted and untouched for so long: it opens again
};
/// BadInput where the text is none, which an older or newer version may have written.
Result<LadderText> readLadder(const QString &text);

/// When nothing is done but what is critical: maintenance, quiet hours. In order, not overlapping.
struct Quiet {
    std::vector<TimeSpan> spans;
    std::shared_ptr<const CalendarEditions>
        openHours; ///< what lies outside is quiet; null: nothing
    bool criticalPasses = true;

    /// As it is set. `agreements` has the calendar that is named, and may be null.
    static Quiet of(const commands::QuietTimes &times, const sla::AgreementBook *agreements);
    /// The end of the quiet time in which an instant lies; the instant itself where it lies in none.
    Instant end(Instant at) const;
};

/// What a ladder reads of its ticket.
struct LadderPlace {
    bool isSolved = false; ///< or deleted: cancels it
    std::optional<Instant> accepted; ///< by somebody since the ladder began
    std::optional<Instant> touched; ///< the last thing that one of us did
    std::vector<TimeSpan> pauses; ///< waiting for somebody else: pending, on hold
    rules::Hours hours; ///< of service time
    /// The clock whose hours it keeps, where the ladder has one: as it stands now, or null where it is over.
    const sla::TicketClock *clock = nullptr;
    bool isCritical = false;
};

/// How a ladder stands at an instant: what it did not do yet, and when it must be looked at again.
struct LadderStand {
    LadderRun run; ///< with its new state
    std::vector<sla::LadderStep> steps; ///< level numbers from 1 on, over all loops and cycles
    sla::Wake wake; ///< what is to be done now
    std::optional<Instant> next;
};
/// Pure. Levels keep the ladder's hours: a pause holds them, quiet time moves them to its end.
LadderStand standOf(const LadderRun &run, const LadderText &text, const LadderPlace &place,
    const Quiet &quiet, Instant now);

/// Which step of the text a level is.
size_t stepOf(const LadderText &text, int level);

/// From the log: when the ticket waited for somebody else, who accepted it since an instant and when
/// one of us last did something.
LadderPlace placeOf(const std::vector<Event> &events, const Ticket &ticket, Instant since);

} // namespace tierline::engine
