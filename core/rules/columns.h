#pragma once

#include "core/rules/evaluate.h"

#include <functional>

namespace tierline::rules {

/// What a set of rules reads of many tickets, a column a slot: words as 32-bit numbers, the rest as 64-bit ones.
/// For full passes: backtests, previews, thresholds on a slider. A million tickets cost 4 or 8 bytes for each
/// slot and ticket, sets and texts more. Thread: one writer, then any number of readers of different blocks.
class FactColumns
{
public:
    static constexpr int block = 1'024; ///< rows that are judged together; columns are padded to it

    explicit FactColumns(const RuleSet &set);

    void reserve(size_t rows);
    /// A row as RuleSet::read() makes it; its number is the count before.
    void append(const FactRow &row);
    size_t size() const { return m_size; }

private:
    friend class ColumnEvaluator;
    struct Column {
        std::vector<qint32> words; ///< Symbol; -1 unknown, -2 of a wrong type
        std::vector<qint64> numbers; ///< all others; of a set its signature
        std::vector<qint64> ends; ///< Span
        std::vector<quint32> offsets; ///< Set: where a row's members begin
        std::vector<qint32> members;
        std::vector<RowText> texts;
    };
    void grow();

    const RuleSet &m_set;
    std::vector<Column> m_columns; ///< by slot
    size_t m_size = 0;
    size_t m_room = 0; ///< a multiple of `block`
};

/// Judges every rule of a set over all rows of columns, block by block: a comparison runs over a column
/// without a branch, and one that several rules share runs once. Texts are looked through last, and only where
/// the rest still leaves a rule open.
class ColumnEvaluator
{
public:
    /// Told for each rule and block in which it does not fail everywhere: the truth of each of `count` rows from
    /// `first` on, as Truth.
    using Told = std::function<void(int rule, size_t first, int count, const quint8 *truths)>;

    explicit ColumnEvaluator(const RuleSet &set);

    void judge(const FactColumns &columns, Instant now, const Told &told);

private:
    using Truths = std::vector<quint8>;
    const quint8 *test(int number, const quint8 *needed);
    void compare(const CompiledTest &test, quint8 *out);
    void compareText(const CompiledTest &test, const quint8 *needed, quint8 *out);
    void node(const CompiledNode &node, quint8 *out, size_t depth);
    bool isText(const CompiledNode &node) const;

    const RuleSet &m_set;
    const FactColumns *m_columns = nullptr;
    qint64 m_now = 0;
    size_t m_first = 0;
    int m_count = 0;
    std::vector<Truths> m_tests; ///< by test
    std::vector<quint8> m_known; ///< by test: made for this block
    std::vector<Truths> m_scratch; ///< by depth
    std::vector<quint8> m_hasText; ///< by node
};

} // namespace tierline::rules
