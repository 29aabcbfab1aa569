#pragma once

#include "core/rules/life.h"
#include "core/rules/sentence.h"

#include <functional>

namespace tierline::rules {

class Neighbours;

/// A rule that acts in a round.
struct RoundFire {
    int rule = 0;
    Anchor anchor;
    QString sentence; ///< without "Escalated because: "
    bool escalates = false; ///< false too where another rule of this round has escalated the ticket
};
/// A rule that held, and that a rule above it kept from acting.
struct RoundStop {
    int rule = 0;
    Anchor anchor;
    int by = 0;
};
/// When a judged rule has to be judged again if nothing happens until then. Replaces what was armed for it.
struct RoundLook {
    int rule = 0;
    std::optional<Instant> at; ///< none: only a change can make it act
};
struct RoundOutcome {
    std::vector<RoundFire> fires; ///< in running order
    std::vector<RoundStop> stops;
    std::vector<Unjudged> unjudged; ///< the first reason of each rule that could not be judged
    /// One for each rule that was judged and that time can turn, but for those that had none in the round before
    /// and have none now.
    std::vector<RoundLook> looks;
};

/// What happens to a ticket at an instant, for the live engine and for a backtest alike: given the same
/// log, rules and neighbours, both get the same fires at the same instants with the same sentences.
///
/// - A round is one instant of one ticket. All of its events of that instant count together, and so does
///   what is due then. It judges the rules that read what changed and those that are due. More rules may
///   always be given, and change nothing, except those that read other tickets.
/// - Rules act in running order. One that holds acts once for each anchor. With `stop` the rules below
///   that hold act neither now nor later for the anchor that they have now: the first match has
///   answered that cause. Who runs rounds keeps fires and stops, and calls both spent.
/// - A rule that holds and is spent stops nobody.
/// - The first that escalates in a round does; others of that round act without escalating.
/// - A rule is due exactly when time alone can turn one of its conditions; see RoundLook.
/// - Rules that read other tickets are judged at every event of the ticket itself, when a condition of
///   theirs on time turns, and where a neighbour's event changes a count in which the ticket stands while
///   it is not solved: a round with Change::Around, see Neighbours::wakes(). A window that runs out,
///   arrivals and capacity wake nobody: they are read when the ticket is looked at.
/// - A new edition of what is agreed is a round with Change::Clock, where rules read clocks or hours.
///
/// Thread: one at a time. A rule that plain fields rule out costs some ten nanoseconds; clocks, texts and
/// neighbours are only made where the rest of a rule leaves it open.
class Rounds final : private SlotSource
{
public:
    /// `set` and `neighbours` outlive it; without neighbours what they say is unknown.
    explicit Rounds(const RuleSet &set, const Neighbours *neighbours = nullptr);
    ~Rounds();

    /// The ticket that is judged from here on; its life outlives the rounds and may grow between them.
    void begin(TicketLife &life) { begin(life, life.livesSince()); }
    /// The same where all rules have been judged before, while the ticket had a life that began then: the first
    /// round may then be given what has changed since, and judges what reads that.
    void begin(TicketLife &life, Instant livedSince);

    using IsSpent = std::function<bool(int rule, const Anchor &anchor)>;
    /// A round at `now`, after these changes since the last one (all that could be, where nothing has judged the
    /// ticket before) and with `due` rules, ascending. The outcome holds until the next call.
    const RoundOutcome &run(
        Instant now, Changes changes, const std::vector<int> &due, const IsSpent &isSpent);

    /// Every change there is.
    static constexpr Changes anything = 0x7ff;
    /// How often a rule was judged, in all rounds together.
    qint64 judged() const { return m_judged; }
    /// For explain: the evaluator as the last round left it, and its subject with everything in it.
    Evaluator &evaluator() { return m_evaluator; }
    const Subject &subject();

private:
    struct View;
    /// What a kind of change touches.
    struct Candidates {
        std::vector<int> slotsRead;
        std::vector<int> tests; ///< of those slots, and all on time
        std::vector<int> rules;
    };
    void fill(FactRow &row, int slot) override;
    const Subject &subjectWith(Parts parts);
    const Candidates &candidatesFor(Changes changes);
    void judge(const std::vector<int> &rules, const IsSpent &isSpent);
    void judge(int rule, const IsSpent &isSpent);
    void act(int rule, const IsSpent &isSpent);
    void look(int rule, std::optional<Instant> at);

    const RuleSet &m_set;
    Evaluator m_evaluator;
    std::unique_ptr<View> m_view;
    TicketLife *m_life = nullptr;
    FactRow m_row;
    Instant m_now;
    const Subject *m_subject = nullptr; ///< of the life at m_now, once it was asked for
    Parts m_partsMade = 0; ///< of it
    bool m_isFresh = true; ///< nothing of the ticket has been compared yet
    std::map<Changes, Candidates> m_candidates;
    std::vector<int> m_rules; ///< of this round
    std::vector<Parts> m_partsOfSlot;
    std::vector<Parts> m_partsOfRule;
    std::vector<PlainSentence> m_plain; ///< by rule, of any ticket
    std::vector<quint8>
        m_mayHaveLook; ///< by rule that time can turn, of this ticket: it has one, or nobody knows
    int m_stoppedBy = -1;
    qint64 m_judged = 0;
    bool m_hasEscalated = false;
    RoundOutcome m_outcome;
};

} // namespace tierline::rules
