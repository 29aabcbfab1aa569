#pragma once

#include "core/rules/ruleset.h"

#include <functional>

namespace tierline::rules {

/// Which condition decided, and how it stood.
struct Decisive {
    int test = 0; ///< of RuleSet::tests()
    bool holds = true;
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
    QString anchor; ///< see Evaluator::anchor()
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

    Truth judge(int rule);
    /// The earliest instant after now at which the rule would hold if nothing happened to the ticket until
    /// then; none where it would not. A rule that holds now has none. Exact: no other instant need be looked at.
    std::optional<Instant> nextDue(int rule);
    /// The earliest instant after now at which time alone makes the rule hold that did not, or the other way.
    std::optional<Instant> nextTurn(int rule);
    /// The conditions that make the rule hold, or not, in written order: of an `or` the first that holds, of a
    /// failed `and` the first that fails.
    std::vector<Decisive> decisive(int rule);
    /// What a rule that holds fires for, the same on every machine: from when its decisive conditions on time
    /// count, else the ticket's present life. A rule fires once for each.
    QString anchor(int rule);
    /// The first reason why the rule cannot be judged; none where it can.
    std::optional<Unjudged> whyUnknown(int rule);

    /// Judges `rules`, which must ascend. `mayFire` says whether a rule has not fired for an anchor yet; one that
    /// has does not stop the others. At most one fire escalates.
    Round round(const std::vector<int> &rules,
        const std::function<bool(int rule, const QString &anchor)> &mayFire);

    Truth test(int number)
    {
        return m_truths[size_t(number)] != notYet ? Truth(m_truths[size_t(number)])
                                                  : compare(number);
    }

private:
    static constexpr quint8 notYet = 3;
    Truth compare(int number);
    Truth timeTruth(const CompiledTest &test, qint64 at) const;
    Truth node(const CompiledNode &node);
    Truth nodeAt(const CompiledNode &node, qint64 at);
    std::optional<Instant> turn(int rule, bool isUntilItHolds);
    void decide(const CompiledNode &node, bool holds, std::vector<Decisive> &into);
    int unknownTest(const CompiledNode &node);

    const RuleSet &m_set;
    const FactRow *m_row = nullptr;
    qint64 m_now = 0;
    std::vector<quint8> m_truths; ///< by test
};

} // namespace tierline::rules
