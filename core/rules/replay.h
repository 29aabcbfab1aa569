#pragma once

#include "core/rules/neighbours.h"
#include "core/rules/rounds.h"

namespace tierline::rules {

/// One ticket as a replay reads it.
struct PastTicket {
    TicketId id;
    QString key;
    LifeCustomer customer;
    std::vector<Event> events; ///< its whole log, in its one order
    MessageText textOf;
    std::optional<bool> shouldEscalate; ///< what people judged of it; none: nobody did
};

/// Where the tickets of a workspace's past come from.
class Past
{
public:
    virtual ~Past() = default;
    using Visit = std::function<Result<Done>(PastTicket &ticket)>;
    /// Gives every ticket, one at a time, in any order; an error of `visit` stops. Unless the past stands in
    /// memory, a visitor may move the ticket away.
    virtual Result<Done> walk(const Visit &visit) = 0;
    /// Whether all tickets stay where they are as long as the past does, each its own object, and their texts may
    /// be asked for on any thread.
    virtual bool isInMemory() const { return false; }
    virtual Result<PastTicket> one(TicketId id) = 0;
};

/// A fire of the past.
struct ReplayFire {
    Instant at;
    const RoundFire *fire = nullptr; ///< valid during the call
    const TicketLife *life = nullptr; ///< as it stood; the same
};

/// Plays one ticket after another through rules, from its first event to an instant, in rounds: at each
/// instant of its events, exactly when a rule is due, when a neighbour wakes it, when something else became known
/// of its customer, and when an edition of what is agreed begins. Each rule acts once for each anchor. What a rule does changes nothing in the past: the
/// log goes on as it did. Thread: one at a time. A ticket of ten events costs some tens of microseconds.
class Replay
{
public:
    /// All outlive it. `neighbours` may be null where no rule reads other tickets, and hold all traces else.
    Replay(const RuleSet &set, const LifeFrame &frame, const Neighbours *neighbours);

    using OnFire = std::function<void(const ReplayFire &)>;
    using OnUnjudged = std::function<void(const Unjudged &)>;
    /// Plays a ticket up to `until`, that instant included. `onUnjudged` is told whenever a round cannot
    /// judge a rule.
    void run(
        PastTicket &ticket, Instant until, const OnFire &onFire, const OnUnjudged &onUnjudged = {});
    /// Plays a ticket without rules up to an instant, for asking about it then: a round follows whose
    /// outcome is of no use, after which rounds().evaluator() and rounds().subject() answer.
    void goTo(PastTicket &ticket, Instant at);
    Rounds &rounds() { return m_rounds; }
    const TicketLife &life() const { return m_life; }

private:
    static constexpr qint64 never = std::numeric_limits<qint64>::max();
    void begin(PastTicket &ticket);
    void turnAfter(Instant at);
    Instant knownAt(const PastTicket &ticket, size_t event) const;
    qint64 nextMoment(const PastTicket &ticket, size_t next, qint64 nextLook) const;
    bool isSpent(int rule, const Anchor &anchor) const;

    const RuleSet &m_set;
    const Neighbours *m_neighbours;
    TicketLife m_life;
    Rounds m_rounds;
    bool m_readsAgreements;
    std::vector<std::pair<int, Anchor>> m_spent;
    std::vector<qint64> m_looks; ///< by rule
    std::vector<int> m_due;
    std::vector<Instant> m_wakes;
    size_t m_wake = 0;
    qint64 m_edition = never;
    qint64 m_turn = never; ///< when something else becomes known of the customer
    bool m_hasTurned = false; ///< it did, and no rule has been judged since
};

} // namespace tierline::rules
