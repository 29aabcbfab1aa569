#pragma once

#include "core/rules/parse.h"
#include "core/rules/patterns.h"
#include "core/rules/registry.h"
#include "core/rules/row.h"
#include "core/text/keywords.h"

namespace tierline::rules {

/// Keyword lists by name, from every text of a workspace.
using Lists = std::vector<WordList>;

/// Truth of a condition where not everything is known.
enum class Truth : quint8 { No = 0, Unknown = 1, Yes = 2 };

/// A fact as a set of rules reads it: with its field, tier, team, window, and for a time that does not run
/// on the wall its length. Each distinct one is read once.
struct FactSlot {
    const FactInfo *fact = nullptr;
    Ask ask;
    enum class Store : quint8 { Number, Symbol, Set, Text, Instant, Span } store = Store::Number;
    qint64 serviceLength = 0; ///< ms in service time that are added to the instant read; 0: none
    int sub = -1; ///< index into FactRow::sets, texts or ends
};

/// What a condition asks its fact for when its value is told to people: a time that is left is asked for whole,
/// since what it is compared with stands in the condition.
Ask askOf(const Test &test);

/// One comparison, as the evaluator does it.
struct CompiledTest {
    enum class Kind : quint8 {
        AnyOf, ///< symbol among `symbols`
        AtLeast, ///< cell >= bound
        AtMost, ///< cell <= bound
        Equals,
        IsYes,
        Filled,
        SetHas, ///< any of `symbols` in the set
        SetFilled,
        TextFinds,
        TextFilled,
        Time, ///< cell + fromOffset <= now < end
    };
    Kind kind = Kind::Equals;
    bool isNegated = false; ///< of what is known
    int slot = 0;
    qint64 bound = 0;
    qint64 fromOffset = 0; ///< Time
    qint64 endOffset = cell::never; ///< Time: the end lies so far behind the cell; never: open
    bool hasEnd = false; ///< Time: the end is FactRow::ends
    std::vector<qint32> symbols; ///< ascending
    int text = -1; ///< number of the text condition
    const Test *written = nullptr; ///< in the rule it was first met in
    QString printed; ///< as it prints, which every sentence says again
    Ask ask; ///< what a sentence asks the fact for
};

/// A node of a condition, in one array; children follow one another.
struct CompiledNode {
    Expr::Kind kind = Expr::Kind::Test;
    int test = -1;
    int firstChild = 0;
    int children = 0;
};

struct CompiledRule {
    int root = 0;
    std::vector<int> nodes; ///< of Test kind, in written order
    FactSet facts; ///< that it reads
    bool isOnTime = false;
    bool escalates = false;
};

/// Rules compiled once, to be evaluated over many tickets: conditions that several rules share are one
/// comparison, words are numbers, and an index says which rules read a fact. Immutable after making;
/// thread: any.
class RuleSet
{
public:
    /// The rules in their running order. Texts look for the words of `lists`; a list that is not there
    /// finds nothing and is told by missingLists().
    RuleSet(std::vector<Rule> rules, const Lists &lists);
    RuleSet(const RuleSet &) = delete;

    const std::vector<Rule> &rules() const { return m_rules; }
    const std::vector<CompiledRule> &compiled() const { return m_compiled; }
    const std::vector<CompiledTest> &tests() const { return m_tests; }
    const std::vector<CompiledNode> &nodes() const { return m_nodes; }
    const std::vector<FactSlot> &slotsRead() const { return m_slots; }
    const QStringList &missingLists() const { return m_missingLists; }
    int textTests() const { return int(m_patterns.size()); }

    /// Facts that any of the rules reads.
    const FactSet &facts() const { return m_facts; }
    /// Indexes of the rules that read any of these, in running order. O(facts + answer).
    std::vector<int> rulesReading(const FactSet &facts) const;
    /// Every rule, in running order.
    std::vector<int> allRules() const;
    /// Rules that time alone can turn, in running order.
    const std::vector<int> &rulesOnTime() const { return m_onTime; }
    /// Whether any rule says something else under another edition of what is agreed: it reads clocks, or hours.
    bool readsAgreements() const;

    /// What the rules read of a ticket. Costs a call for each slot; texts are looked through later.
    FactRow read(const Subject &subject) const;
    /// Reads again what `facts` say. The row must be this set's.
    void read(FactRow &row, const Subject &subject, const FactSet &facts) const;
    /// A row in which nothing has been read yet; for SlotSource.
    FactRow unreadRow() const;
    /// Reads one slot again; the row's `cycleStart` stays.
    void readSlot(FactRow &row, const Subject &subject, int slot) const;
    /// Whether a text condition finds its words; remembered in the row.
    bool finds(const FactRow &row, const CompiledTest &test) const;
    /// The number by which a word is compared.
    qint32 symbol(const QString &word) const;

private:
    int slotFor(FactSlot wanted);
    int addTest(const Test &test);
    CompiledTest compile(const Test &test);
    void compileTime(const Test &test, CompiledTest &made, FactSlot &slot);
    void compileText(const Test &test, CompiledTest &made, const FactSlot &slot);
    int addNode(const Expr &expr, CompiledRule &rule);
    qint32 intern(const QString &word);
    qint32 rank(const FactInfo &fact, const QString &word) const;
    void makeIndex();

    std::vector<Rule> m_rules;
    std::vector<CompiledRule> m_compiled;
    std::vector<CompiledNode> m_nodes;
    std::vector<CompiledTest> m_tests;
    std::vector<FactSlot> m_slots;
    QHash<QString, int> m_testNumbers; ///< by printed form
    QHash<QString, qint32> m_symbols; ///< by case-folded word
    const Lists m_lists;
    QStringList m_missingLists;
    FactSet m_facts;
    std::vector<std::vector<int>> m_readers; ///< rules by fact
    std::vector<int> m_onTime;
    int m_sets = 0;
    int m_texts = 0;
    int m_ends = 0;

    /// Text conditions by number: words of all of them are found in one pass over a text.
    struct TextTest {
        bool isPattern = false;
        std::vector<std::unique_ptr<TextPattern>> patterns;
    };
    std::vector<TextTest> m_patterns;
    std::vector<text::KeywordFinder> m_finders; ///< by text slot
};

} // namespace tierline::rules
