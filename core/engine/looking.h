#pragma once

#include "core/engine/deeds.h"
#include "core/engine/ladders.h"
#include "core/rules/neighbours.h"
#include "core/storage/firings.h"
#include "core/storage/timers.h"

namespace tierline::engine {

/// Counts of what a look did, summed over looks.
struct Tally {
    int looked = 0;
    int fired = 0; ///< rules and levels
    int escalated = 0;
    int shadows = 0; ///< what shadows would have done
    int capped = 0;
    int wouldFire = 0; ///< of accounts that another runner fires for
    int refused = 0;
    int collapsed = 0; ///< levels that passed while nobody looked
    qint64 judged = 0; ///< rules, summed over rounds
    int scored = 0; ///< tickets whose fields got what triage reads
    int late = 0; ///< fired more than Wake::lateForCustomers behind their due time
    int asked = 0; ///< questions to people
    Millis latest { 0 }; ///< the largest lateness
    QStringList problems; ///< rules that could not be judged, as sentences; each once

    void add(const Tally &other);
};

/// Looks at one ticket: which rules hold at which instants up to now, does what they say in the order in which
/// they became due, climbs its ladders, and says when to look again. Everything that is done to a ticket in
/// one look is one transaction, together with the keys by which it is not done again.
/// Thread: the store's. Lives as long as one frame.
class Looker
{
public:
    /// All outlive it. `neighbours` may be null: then what rules read of other tickets is not known.
    Looker(const Frame &frame, rules::Neighbours *neighbours, RandomSource &random,
        const Quiet &quiet);
    ~Looker();

    struct Ask {
        TicketId ticket;
        Instant now;
        std::optional<Instant> due; ///< of the timer that brought us here
        /// Rules that run since later than this are new to the ticket: what stood when they began is noted,
        /// and not acted on.
        std::optional<Instant> newSince;
        /// Up to this event all rules have been judged: those that time can turn are judged now, and of the others
        /// those that read what came since. None, or where the ticket could not be worked on then: all of them.
        std::optional<qint64> judgedTo;
        bool isWoken
            = false; ///< another ticket's event may have changed a count in which this one stands
    };
    /// When to look again, or nothing where something has to be done now. Writes nothing.
    struct Glance {
        bool mustAct = false;
        std::optional<storage::TimerRow> timer;
        std::vector<TicketId> woken; ///< other tickets whose counts this one's last event changed
    };
    Result<Glance> glance(storage::Connection &connection, const Ask &ask, Tally &tally);
    /// Does it inside a transaction, and arms the ticket's timer.
    Result<Done> act(
        storage::Store &store, storage::WriteScope &scope, const Ask &ask, Tally &tally);

    /// What a person's yes to a question does. Conflict where it was answered already.
    Result<Done> answer(storage::Store &store, storage::WriteScope &scope,
        const EngineQuestion &question, const Agent &agent, Instant now, Tally &tally);

private:
    friend class LookWork;
    qint64 judged() const;
    const Frame &m_frame;
    rules::Neighbours *m_neighbours;
    RandomSource &m_random;
    const Quiet &m_quiet;
    rules::TicketLife m_life;
    rules::Rounds m_live;
    rules::Rounds m_present; ///< asked what holds now
    std::unique_ptr<rules::Rounds> m_shadows;
};

} // namespace tierline::engine
