#pragma once

#include "core/engine/looking.h"
#include "core/escalation/stays.h"

#include <QHash>

namespace tierline::engine {

/// One look at one ticket, with or without a transaction. Room-private.
class LookWork
{
public:
    LookWork(Looker &looker, storage::Connection &connection, const Looker::Ask &ask, Tally &tally);

    /// Where a transaction is given, things are done; else the first thing to do ends the look.
    Result<Looker::Glance> run(storage::Store *store, storage::WriteScope *scope);
    Result<Done> answer(storage::Store &store, storage::WriteScope &scope,
        const EngineQuestion &question, const Agent &agent);

private:
    /// What led to the round that runs: rules that have acted since the last change by anybody else.
    struct Chain {
        QStringList rules; ///< identities
        QStringList names;
        std::optional<qint64> last;
        int depth = 0;
    };
    static constexpr int longestChain = 5;
    /// What has changed since all rules were judged, or all that could have.
    struct Since {
        bool isKnown = false;
        rules::Changes changes = rules::Rounds::anything;
        Instant livedSince; ///< the ticket's life then
        Instant knownAt; ///< its last event then
    };

    bool isStopped() const { return !m_scope && m_mustAct; }
    const Ticket &ticket() const { return m_looker.m_life.state().ticket; }
    Instant present() const; ///< now, or the ticket's last event where the clock is behind it

    // The ticket.
    Result<bool> load(); ///< false: rules leave it alone
    void begin();
    void playLog();
    Result<Done> loadChain();

    // Rules.
    Result<Done> noteStanding();
    /// Those that run since `since`, or all.
    Result<Done> noteStandingAt(Instant at, std::optional<Instant> since, bool isWithShadows);
    Since whatChanged(Instant at) const;
    std::vector<int> dueFirst(const rules::RuleSet &set, const Since &since) const;
    Result<Done> runRules(Instant from, const Since &since);
    Result<Done> runShadows(Instant from, const Since &since);
    std::optional<Instant> nextLook(const QHash<int, Instant> &looks, Instant after) const;
    std::vector<int> takeDue(QHash<int, Instant> &looks, Instant at) const;
    /// What an edition of what is agreed that begins at an instant changes, and what was heard of the customer then.
    rules::Changes turnedAt(Instant at) const;
    const rules::RoundOutcome &round(
        Instant at, rules::Changes changes, const std::vector<int> &due);
    Result<Done> takeRound(const rules::RoundOutcome &outcome, Instant at);
    Firing firingOf(
        const RunningRule &rule, const QString &anchor, Instant due, const QString &sentence) const;
    Result<Done> noteAside(const RunningRule &rule, const QString &anchor, Instant due,
        FiringOutcome outcome, const QString &why);
    Result<Done> fireRule(const RunningRule &rule, const rules::RoundFire &fire, Firing &firing);
    Result<bool> isCapped(const RunningRule &rule);
    Result<bool> isFirstCapped(const Firing &firing);
    Result<Done> tellCapped(const RunningRule &rule, const Firing &firing);
    void judgePresent();
    bool holdsNow(int liveRule);
    bool isSpent(const RunningRule &rule, const QString &anchor, Instant at) const;
    bool isAnswered(const QString &causeKey) const;
    QString account() const; ///< empty: the ticket is of none
    bool isForeign() const;
    void learn(const std::vector<rules::Unjudged> &unjudged, const rules::RuleSet &set);

    // What follows from them.
    Result<Telling> tellingOf(const QString &rule, const QString &sentence, Instant due) const;
    Result<Done> carryOut(
        const QString &firingId, Firing &firing, Deeds deeds, const QString &ladderClock = {});
    Result<Done> insert(Firing &firing);
    /// The ticket's account is another runner's: what would have been done here.
    Result<Done> noteWouldFire(Firing &firing, std::vector<Deed> deeds);
    Result<Done> insertRest(const Firing &firing, const Deeds &deeds, const QString &ladderClock);
    void grow(const std::vector<Event> &events);

    // Ladders and priorities that climb.
    Result<Done> runLadders();
    Result<Done> runLadder(LadderRun run);
    Result<Done> climbLadder(LadderStand &stand, const LadderText &text);
    bool isStillTrue(const LadderRun &run, const Firing &began, const std::vector<Firing> &levels);
    Result<Done> runClimbs();
    /// A ticket that went by the matrix and that nobody accepted goes on to the next step of its path.
    Result<Done> runPath();
    /// Tickets that go back and forth, and those that a helpdesk sent back without a word.
    Result<Done> runHops();
    Result<Done> tellPingPong(const std::vector<escalation::Stay> &stays, size_t last);
    Result<Done> tellReturn(const escalation::Stay &after, const escalation::Stay &stay);
    Result<Done> closeQuestions();
    bool isOrdered() const;
    Result<Done> runPriority();
    Result<Done> runScores();
    /// The clock whose hours a ladder of this rule keeps: that which made it hold. Empty: none did.
    Result<QString> clockFor(int liveRule);
    Result<const std::vector<sla::TicketClock> *> clocks();

    void expect(std::optional<Instant> at, const QString &cause);
    static QString causeKey(const QString &rule, int era, const QString &anchor);

    Looker &m_looker;
    const Frame &m_frame;
    storage::Connection &m_connection;
    const Looker::Ask &m_ask;
    Tally &m_tally;
    storage::Store *m_store = nullptr;
    storage::WriteScope *m_scope = nullptr;

    bool m_mustAct = false;
    std::vector<Event> m_events;
    Since m_since;
    std::optional<QHash<qint64, QString>> m_texts; ///< of messages
    QHash<QString, std::vector<storage::SpentCause>> m_spent; ///< by rule and anchor
    QHash<int, Instant> m_looks; ///< by rule of the live set
    QHash<int, Instant> m_shadowLooks;
    Chain m_chain;
    bool m_isCaused = false; ///< the round that runs follows from the chain
    std::vector<std::pair<int, QString>> m_ended; ///< rules that the chain kept from acting
    rules::Changes m_grown = 0; ///< what our own deeds have changed since the last round
    std::optional<std::vector<sla::TicketClock>> m_clocks;
    std::optional<Instant> m_next;
    QString m_cause;
};

} // namespace tierline::engine
