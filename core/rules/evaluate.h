#pragma once

#include "core/rules/ruleset.h"

#include <QVarLengthArray>

#include <functional>
#include <tuple>

namespace tierline::rules {

/// Which condition decided, and how it stood.
struct Decisive {
    int test = 0; ///< of RuleSet::tests()
    bool holds = true;
    bool operator==(const Decisive &) const = default;
};

/// What a rule that holds fires for, the same on every machine: from when its decisive conditions on time count,
/// else the ticket's present life. In numbers, since a rule that goes on holding is asked for it again and again; two
/// of them are equal exactly when their texts are.
class Anchor
{
public:
    /// Of a life that began then.
    explicit Anchor(Instant life)
        : m_life(life)
    {
    }
    /// A condition on time, and from when it counts.
    void add(const FactInfo &fact, qint64 from);
    bool operator==(const Anchor &other) const
    {
        return std::ranges::equal(m_parts, other.m_parts)
            && (!m_parts.isEmpty() || m_life == other.m_life);
    }
    /// As it stands in the store: "no-agent-reply@2026-06-08T07:56:00Z".
    QString text() const;

private:
    struct Part {
        const FactInfo *fact;
        qint64 from;
        bool operator==(const Part &) const = default;
    };
    QVarLengthArray<Part, 3> m_parts; ///< each once, by fact and instant
    Instant m_life;
};

/// Why a rule could not be judged: a fact that nobody filled, or filled with something else.
struct Unjudged {
    int rule = 0;
    int slot = 0; ///< of RuleSet::slotsRead()
    bool isWrongType = false;
};

/// What happens in one round.
struct Fire {
    int rule = 0;
    QString anchor; ///< Anchor::text()
    bool escalates = false; ///< false too where another rule of this round has escalated the ticket
};
struct Round {
    std::vector<Fire> fires; ///< in running order
    std::vector<Unjudged> unjudged; ///< the first reason of each rule that could not be judged
};

/// Judges the rules of a set over one ticket after another. What several rules compare is compared once.
/// Reads no clock. Thread: one at a time. A condition costs some nanoseconds, a text some microseconds the
/// first time.
class Evaluator
{
public:
    /// `set` outlives it.
    explicit Evaluator(const RuleSet &set);

    /// From here on `row` is judged as of `now`; it must live as long as it is asked about.
    void start(const FactRow &row, Instant now);
    /// The same of a row in which cells may be unread: `source` fills each when a condition first reads it.
    void start(FactRow &row, Instant now, SlotSource &source);
    /// The same row later. Only these conditions are compared anew: those on time, and those of slots that are
    /// unread again.
    void goOn(Instant now, const std::vector<int> &tests);

    Truth judge(int rule);
    /// The earliest instant after now at which the rule would hold if nothing happened to the ticket until
    /// then; none where it would not. A rule that holds now has none. Exact: no other instant need be looked at.
    std::optional<Instant> nextDue(int rule);
    /// The earliest instant after now at which time alone makes the rule hold that did not, or the other way.
    std::optional<Instant> nextTurn(int rule);
    /// Whether the rule may hold, now or at another time, for all that has been read or costs nothing to
    /// read: false says that it does not, whatever clocks, texts and other tickets say, until something changes.
    bool mayHold(int rule);
    /// Whether the condition that last ruled it out is known to do so still: mayHold() at hardly any cost.
    bool isRuledOut(int rule) const
    {
        const int test = m_lastNo[size_t(rule)];
        return test >= 0 && m_truths[size_t(test)] == quint8(Truth::No);
    }
    /// The earliest instant after now at which time alone can make a rule act that does not act now: it comes
    /// to hold, whatever other tickets do until then, or holds for another anchor. Where a condition holds
    /// from one instant to another, also the end of that span, since what comes after it is read only then.
    std::optional<Instant> nextLook(int rule);
    /// The conditions that make the rule hold, or not, in written order: of an `or` the first that holds, of a
    /// failed `and` the first that fails. Good until the next call of anything here.
    const std::vector<Decisive> &decisive(int rule);
    /// What a rule that holds fires for. It fires once for each.
    Anchor anchor(int rule);
    /// The first reason why the rule cannot be judged; none where it can.
    std::optional<Unjudged> whyUnknown(int rule);

    /// Judges `rules`, which must ascend. `mayFire` says whether a rule has not fired for an anchor yet; one that
    /// has does not stop the others. At most one fire escalates.
    Round round(const std::vector<int> &rules,
        const std::function<bool(int rule, const Anchor &anchor)> &mayFire);

    Truth test(int number)
    {
        return m_truths[size_t(number)] != notYet ? Truth(m_truths[size_t(number)])
                                                  : compare(number);
    }

private:
    static constexpr quint8 notYet = 3;
    struct Bounds {
        Truth least = Truth::No, most = Truth::Yes;
    };
    Truth compare(int number);
    Truth timeTruth(const CompiledTest &test, qint64 at);
    qint64 cellOf(int slot)
    {
        const qint64 value = m_row->cells[size_t(slot)];
        return value != cell::unread ? value : fetch(slot);
    }
    qint64 fetch(int slot);
    /// Of all instants and of whatever costly facts say; with an instant, of that and whatever other tickets do.
    static constexpr qint64 always = std::numeric_limits<qint64>::min();
    Bounds bounds(const CompiledNode &node, qint64 at = always);
    Bounds testBounds(int number, qint64 at);
    /// What of a rule can be told without walking its tree.
    struct Shape {
        std::vector<int>
            needed; ///< conditions without which it cannot hold, that cost nothing to look at
        std::vector<int> costly; ///< the same of clocks, texts and signals
        std::vector<int> onTime; ///< all of its conditions on time
        bool isFlat = false; ///< one condition, or an `and` of conditions
        bool hasEnds = false; ///< one on time has an end of its own: CompiledTest::hasEnd
    };
    Shape shapeOf(const CompiledRule &rule) const;
    bool mayTurnYes(const Shape &shape, const CompiledNode &root);
    bool mayBeYesAt(const Shape &shape, const CompiledNode &root, qint64 at);
    void collectTurns(const Shape &shape);
    Truth node(const CompiledNode &node);
    Truth nodeAt(const CompiledNode &node, qint64 at);
    std::optional<Instant> turn(int rule, bool isUntilItHolds);
    void decide(const CompiledNode &node, bool holds, std::vector<Decisive> &into);
    int unknownTest(const CompiledNode &node);

    const RuleSet &m_set;
    const FactRow *m_row = nullptr;
    FactRow *m_unreadRow = nullptr; ///< the same where cells may be unread
    SlotSource *m_source = nullptr;
    qint64 m_now = 0;
    std::vector<quint8> m_truths; ///< by test
    std::vector<quint8> m_isCostly; ///< by test: of clocks, texts, signals or other tickets
    std::vector<quint8> m_isOfOthers; ///< by test: of other tickets
    std::vector<Shape> m_shapes; ///< by rule
    std::vector<int> m_lastNo; ///< by rule: of `needed`, the one that last ruled it out; or -1
    std::vector<qint64> m_turns;
    std::vector<Decisive> m_decisive;
};

} // namespace tierline::rules
