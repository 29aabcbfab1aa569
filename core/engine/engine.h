#pragma once

#include "core/engine/looking.h"
#include "core/engine/timekeeper.h"
#include "core/storage/workspace.h"

#include <span>

namespace tierline::engine {

/// What a step did, and when the next one is wanted.
struct Step {
    bool isHolder
        = false; ///< this program fires; else another one does, and is ready to be followed
    bool hasMore = false; ///< call again at once
    /// How long nothing has to be done unless something changes, by a clock that nobody sets; none: for ever.
    std::optional<Millis> wait;
    Tally tally;
    int walked = 0; ///< tickets looked at because rules changed
    bool isWalking = false;
};

/// Runs the rules of one workspace: arms a timer for each ticket that time can make a rule act on, and acts when
/// it is due or the ticket changes, once for each cause. Of all programs on a workspace one at a time is the
/// holder of the engine's lock and fires; when it dies another takes over where it was, since everything that
/// it knows is in the store.
///
/// A step is some milliseconds of work, so that whoever shares the store's thread waits no longer: timers that
/// are due first, the earliest first, then tickets that changed, then what is left of a walk over all tickets
/// after rules changed. Nothing is read of timers that are not due: starting costs the same however many are
/// armed, and idling costs nothing.
/// Thread: the store's.
class Engine
{
public:
    struct Options {
        std::optional<Instant> at; ///< what time it is; none: what the clock says
        int batch = 32; ///< tickets of each kind in a step
        Millis slice { 8 }; ///< after so long no further ticket is begun
        /// Ways to people over networks; outlives it. Null: desktops alone.
        const notify::WayRegistry *ways = nullptr;
        bool judgesAll
            = false; ///< every look judges every rule; the same comes of it, for more work
    };
    /// Both outlive it.
    Engine(storage::Store &store, RandomSource &random);
    Engine(storage::Store &store, RandomSource &random, Options options);
    ~Engine();

    /// Does what is to be done now. Storage faults end it; the next step tries again.
    Result<Step> step();
    /// Gives the lock back; the next step takes it again where nobody else has.
    void release() { m_lock.reset(); }

    /// What a person answers to a question: a yes does what was asked about, at once. NotAllowed where the rule
    /// asks somebody else; what else it takes to answer is the desk's to know.
    Result<Tally> answer(const QString &question, bool isYes, const Agent &agent);

    Instant now() { return m_time.now(); }
    const Frame *frame() const { return m_frame.get(); }

private:
    bool holdLock();
    Result<Done> refresh();
    Result<Done> loadFrame();
    /// Whether rules are others than in the last walk over all tickets, or in the one under way.
    bool isWalkDue() const;
    Result<Done> beginWalk();
    Result<Done> prepareNeighbours(Step &step);
    Result<Done> takeDue(Step &step);
    Result<Done> takeChanges(Step &step);
    Result<Done> walk(Step &step);
    Result<Done> look(Looker::Ask ask, Step &step);
    Result<Done> wake(TicketId ticket, Instant now);
    std::optional<storage::TimerRow> timerOf(
        TicketId ticket, const std::optional<storage::TimerRow> &stored) const;
    Result<Done> act(Step &step);
    Result<Done> actOn(std::span<const Looker::Ask> asks, Step &step);
    Result<Done> setAside(const Looker::Ask &ask, const Error &error, Step &step);
    Result<Done> save();
    bool isOver() const;
    /// Up to this event all rules have been judged, wherever they are judged at all; none: not known.
    std::optional<qint64> judgedTo() const
    {
        return m_isJudgedUnsure ? std::nullopt : m_cursorEvents;
    }
    QString judgedText() const;

    storage::Store &m_store;
    RandomSource &m_random;
    Options m_options;
    Timekeeper m_time;
    std::optional<storage::FileLock> m_lock;
    Quiet m_quiet;
    std::unique_ptr<Frame> m_frame;
    std::unique_ptr<rules::Neighbours> m_neighbours;
    bool m_areNeighboursKnown = false;
    TicketId m_neighbourAt;
    std::vector<TicketId> m_unsure; ///< looked at before they were known
    std::unique_ptr<Looker> m_looker;

    bool m_isStateRead = false;
    qint64 m_cursor = 0; ///< of the feed; behind it everything is looked at
    qint64 m_savedCursor = -1;
    std::optional<qint64> m_cursorEvents; ///< the newest event when the feed stood at the cursor
    bool m_isJudgedUnsure
        = false; ///< until a walk has ended: rules may be others than those that judged
    std::vector<TicketId> m_changed; ///< taken from the feed, not looked at yet; the last is next
    qint64 m_changedTo = 0; ///< cursor once they are
    std::optional<qint64> m_changedEvents; ///< the newest event then
    std::optional<TicketId> m_walkAt; ///< of a walk over all tickets
    std::optional<Instant> m_newSince; ///< rules that run since later are new in this walk
    QString m_walkedFor; ///< what the last whole walk knew
    QString m_walkingFor; ///< what the present one knows
    /// Timers as they are to stand, by ticket, with the next write; none: taken away.
    QHash<qint64, std::optional<storage::TimerRow>> m_timers;
    std::vector<Looker::Ask> m_toAct; ///< with the next transaction
    Millis m_stepBegan { 0 };
};

} // namespace tierline::engine
