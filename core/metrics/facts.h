#pragma once

#include "core/domain/event.h"
#include "core/domain/people.h"

#include <QHash>

#include <span>

namespace tierline::metrics {

/// What the figures need of one entry of the thread; the text stays where it is.
struct MessageStamp {
    Instant at;
    MessageKind kind = MessageKind::PublicReply;
    AuthorKind author = AuthorKind::Customer;
};

enum class ClockState : quint8 { Running = 0, Met = 1, Breached = 2 };

/// How one clock of one ticket stands. The caller, who has policies and calendars, says it; a
/// breached clock stays breached.
struct ClockVerdict {
    QString clock; ///< "first_response", "resolution", …
    ClockState state = ClockState::Running;
};

/// One ticket with all that is known of it. Everything is borrowed for the call only.
struct TicketInput {
    const Ticket &ticket; ///< `fields["known"]` holds what an imported log says of itself
    std::span<const Event>
        events; ///< the whole log; sorted by comesBefore (else it is sorted in a copy)
    std::span<const MessageStamp> messages = {}; ///< by time
    QString segment = {}; ///< of the customer: the organization's plan
    std::span<const Escalation> escalations = {}; ///< for the clocks "accept" and "tier_resolution"
    std::span<const ClockVerdict> clocks = {}; ///< all others
};

/// The ranks of a workspace's tiers. Events name tiers by id; what is not in here has no rank, and a
/// step from or to it goes neither up nor down.
class Ranks
{
public:
    Ranks() = default;
    explicit Ranks(const QList<Tier> &tiers);
    explicit Ranks(QHash<QString, int> ranks);

    std::optional<int> rank(const QString &tier) const;
    /// The lowest human tier (ranks from 1 up; rank 0 is the bot): what figures call L1.
    bool isFrontline(const QString &tier) const;
    bool isBelowFrontline(const QString &tier) const;

private:
    QHash<QString, int> m_ranks;
    std::optional<int> m_frontline;
};

/// Two neighbouring states of one ticket where the later has a higher (escalation) or lower (return)
/// tier. L1 to L3 is one step. Its instant is the later state's.
struct TierStep {
    QString from;
    QString to;
    bool isUp = false;
    Instant at;

    bool operator==(const TierStep &) const = default;
};

/// An answer of the customer, credited to who held the ticket when the survey went out: at the last
/// move into a solved status before the answer, else just before the answer.
struct CsatAnswer {
    int score = 0; ///< 1 … 5
    bool isAfterEscalation = false; ///< an escalation step came before it
    QString agent; ///< empty: nobody
    QString tier;
    QString team;

    bool isSatisfied() const { return score >= 4; }
    bool operator==(const CsatAnswer &) const = default;
};

/// Everything the figures need of one ticket. Events that were undone, and escalations that were
/// withdrawn (with all moves until their withdrawal), are not in it anywhere.
struct TicketFacts {
    Instant created;
    /// Ever known. A tier that Created only assumed (data.tier_assumed) is not known.
    bool hasTier = false, hasTeam = false, hasStatus = false, hasPriority = false; ///< ever known
    bool hasMessages = false;
    bool isComplex = false;

    // Tiers.
    QString startTier; ///< the first one known
    QStringList tiersVisited; ///< each once
    std::vector<TierStep> steps; ///< in order, up and down
    qint64 escalationSteps = 0, returnSteps = 0;
    bool isReturnedAfterEscalation = false; ///< a return step after the first escalation step
    bool isKeptAtFrontline = false; ///< all its life at L1, a bot before it left aside
    qint64 tierTurns = 0;
    QString escalatedAfter; ///< agent of the event right before the first escalation step, or empty
    QString escalatedBy; ///< actor of that step
    bool isAutomatic = false; ///< the first escalation step was made by a rule
    qint64 escalationsEnded
        = 0; ///< returned, superseded, or solved; known for our own records only
    qint64 reversals = 0; ///< of those, returned with "L1 could have solved it"

    // Teams.
    QString startTeam;
    qint64 moves = 0; ///< changes of team, nulls left out
    qint64 reassignments = 0; ///< changes of team at the same tier
    qint64 teamTurns = 0;

    // Ends.
    bool isSolved = false; ///< the last state is a solved one
    bool isReopened = false; ///< a state that is not solved directly follows a solved one
    std::optional<bool> awaitedCustomer; ///< nothing where the history cannot tell
    bool isPriorityRaised = false;
    bool isOpen = false, isUnassigned = false; ///< as the log ends

    // Durations in milliseconds; nothing where the ticket has no such thing.
    std::optional<qint64> timeToEscalate; ///< creation to the first escalation step
    std::optional<qint64> timeToFirstMove; ///< creation to the first event with another team
    std::optional<qint64> firstResolution; ///< creation to the first solved event
    std::optional<qint64>
        finalResolution; ///< creation to the start of the last run of solved states
    std::optional<qint64> resolutionAfterEscalation; ///< first escalation step to final resolution
    std::optional<qint64> knownResolution; ///< the source's own resolved_at - creation
    std::optional<qint64>
        firstResponse; ///< first public customer word to the next public human reply

    qint64 humanReplies = 0; ///< public, by agents
    std::optional<bool> knownSlaMet; ///< the source's own verdict
    std::vector<ClockVerdict> clocks; ///< given ones, and those of the escalations' stages
    std::vector<CsatAnswer> csat;
    QStringList agents; ///< every agent with an event, each once

    bool isEscalated() const { return escalationSteps > 0; }
    bool isMoved() const { return moves > 0; }
    /// Solved, exactly one public human reply, no reopening, no escalation step.
    bool isFirstContactResolution() const
    {
        return isSolved && humanReplies == 1 && !isReopened && !isEscalated();
    }
    /// Solved, and never anywhere but at L1.
    bool isSolvedAtFrontline() const { return isSolved && isKeptAtFrontline; }
};

/// Reads one ticket's history in one pass. Pure; any thread. `now` decides which stage limits are
/// breached that nobody has met yet. O(events + messages).
TicketFacts factsOf(const TicketInput &input, const Ranks &ranks, Instant now = {});

} // namespace tierline::metrics
