#include "core/rules/columns.h"

#include <cstring>

namespace tierline::rules {

namespace {

constexpr int block = FactColumns::block;
constexpr qint32 unknownWord = -1;
constexpr qint32 wrongWord = -2;
constexpr quint8 no = quint8(Truth::No);
constexpr quint8 unknown = quint8(Truth::Unknown);
constexpr quint8 yes = quint8(Truth::Yes);

/// One comparison over a block. `holds` is branch-free, so that the loop becomes vector instructions.
template<typename Cell, typename F>
void run(
    const Cell *__restrict cells, Cell leastKnown, bool isNegated, quint8 *__restrict out, F holds)
{
    const quint8 ifHolds = isNegated ? no : yes;
    const quint8 ifNot = isNegated ? yes : no;
    for (int i = 0; i < block; ++i) {
        const quint8 truth = holds(cells[i]) ? ifHolds : ifNot;
        out[i] = cells[i] < leastKnown ? unknown : truth;
    }
}

/// Joins a branch into what the branches before it gave: the lesser of an And, the greater of an Or.
void join(bool isAnd, quint8 *__restrict out, const quint8 *__restrict truths)
{
    if (isAnd) {
        for (int row = 0; row < block; ++row)
            out[row] = std::min(out[row], truths[row]);
    } else {
        for (int row = 0; row < block; ++row)
            out[row] = std::max(out[row], truths[row]);
    }
}

void joinWords(const qint32 *__restrict words, qint32 wanted, quint8 truth, quint8 *__restrict out)
{
    for (int row = 0; row < block; ++row)
        out[row] = words[row] == wanted ? truth : out[row];
}

bool isAll(const quint8 *truths, quint8 value, int count)
{
    return truths[0] == value && std::memcmp(truths, truths + 1, size_t(count - 1)) == 0;
}

/// A set's members folded into 64 bits: most rows are refused by one comparison.
qint64 signatureOf(const std::vector<qint32> &members)
{
    quint64 bits = 0;
    for (const qint32 member : members)
        bits |= quint64(1) << (quint32(member) % 63);
    return qint64(bits); // the highest bit stays free: it stands for "unknown"
}

} // namespace

FactColumns::FactColumns(const RuleSet &set)
    : m_set(set)
    , m_columns(set.slotsRead().size())
{
}

void FactColumns::reserve(size_t rows)
{
    if (m_room >= rows)
        return;
    m_room = (rows + block - 1) / block * block;
    grow();
}

void FactColumns::grow()
{
    using Store = FactSlot::Store;
    for (size_t i = 0; i < m_columns.size(); ++i) {
        Column &column = m_columns[i];
        const Store store = m_set.slotsRead()[i].store;
        if (store == Store::Symbol)
            column.words.resize(m_room, unknownWord);
        else
            column.numbers.resize(m_room, cell::unknown);
        if (store == Store::Span)
            column.ends.resize(m_room, cell::never);
        if (store == Store::Set)
            column.offsets.resize(m_room + 1, 0);
        if (store == Store::Text)
            column.texts.resize(m_room);
    }
}

void FactColumns::append(const FactRow &row)
{
    using Store = FactSlot::Store;
    if (m_size == m_room)
        reserve(std::max<size_t>(block, m_room * 2));
    for (size_t i = 0; i < m_columns.size(); ++i) {
        Column &column = m_columns[i];
        const FactSlot &slot = m_set.slotsRead()[i];
        const qint64 value = row.cells[i];
        switch (slot.store) {
        case Store::Symbol:
            column.words[m_size] = value == cell::unknown ? unknownWord
                : value == cell::wrongType                ? wrongWord
                                                          : qint32(value);
            continue;
        case Store::Set: {
            const auto &members = row.sets[size_t(slot.sub)];
            column.members.insert(column.members.end(), members.begin(), members.end());
            column.offsets[m_size + 1] = quint32(column.members.size());
            column.numbers[m_size] = value < cell::leastKnown ? value : signatureOf(members);
            continue;
        }
        case Store::Text: column.texts[m_size] = row.texts[size_t(slot.sub)]; break;
        case Store::Span: column.ends[m_size] = row.ends[size_t(slot.sub)]; break;
        case Store::Number:
        case Store::Instant: break;
        }
        column.numbers[m_size] = value;
    }
    ++m_size;
}

ColumnEvaluator::ColumnEvaluator(const RuleSet &set)
    : m_set(set)
    , m_tests(set.tests().size(), Truths(block))
    , m_known(set.tests().size())
    , m_hasText(set.nodes().size())
{
    for (size_t i = 0; i < set.nodes().size(); ++i)
        m_hasText[i] = isText(set.nodes()[i]);
}

bool ColumnEvaluator::isText(const CompiledNode &node) const
{
    if (node.kind == Expr::Kind::Test)
        return m_set.tests()[size_t(node.test)].kind == CompiledTest::Kind::TextFinds;
    for (int i = 0; i < node.children; ++i) {
        if (isText(m_set.nodes()[size_t(node.firstChild + i)]))
            return true;
    }
    return false;
}

void ColumnEvaluator::judge(const FactColumns &columns, Instant now, const Told &told)
{
    m_columns = &columns;
    m_now = now.ms;
    Truths truths(block);
    for (m_first = 0; m_first < columns.size(); m_first += block) {
        m_count = int(std::min<size_t>(block, columns.size() - m_first));
        std::fill(m_known.begin(), m_known.end(), 0);
        for (size_t rule = 0; rule < m_set.compiled().size(); ++rule) {
            const CompiledNode &root = m_set.nodes()[size_t(m_set.compiled()[rule].root)];
            const quint8 *result = truths.data();
            if (root.kind == Expr::Kind::Test)
                result = test(root.test, nullptr);
            else
                node(root, truths.data(), 0);
            if (!isAll(result, no, m_count))
                told(int(rule), m_first, m_count, result);
        }
    }
}

void ColumnEvaluator::node(const CompiledNode &at, quint8 *out, size_t depth)
{
    const CompiledNode *children = m_set.nodes().data() + at.firstChild;
    if (m_scratch.size() <= depth)
        m_scratch.resize(depth + 1, Truths(block));
    const auto child = [&](const CompiledNode &node, const quint8 *needed) -> const quint8 * {
        if (node.kind == Expr::Kind::Test)
            return test(node.test, needed);
        this->node(node, m_scratch[depth].data(), depth + 1);
        return m_scratch[depth].data();
    };
    if (at.kind == Expr::Kind::Not) {
        const quint8 *truths = child(*children, nullptr);
        for (int i = 0; i < block; ++i)
            out[i] = quint8(yes - truths[i]);
        return;
    }
    const bool isAnd = at.kind == Expr::Kind::And;
    const quint8 last = isAnd ? no : yes; // what no other branch can change
    std::memset(out, isAnd ? yes : no, block);
    const size_t firstNode = size_t(at.firstChild);
    for (const bool isTextTurn : { false, true }) {
        for (int i = 0; i < at.children; ++i) {
            if (bool(m_hasText[firstNode + size_t(i)]) != isTextTurn)
                continue;
            if (isAll(out, last, m_count))
                return;
            // A text is looked for only in rows that it can still decide.
            join(isAnd, out, child(children[i], isAnd ? out : nullptr));
        }
    }
}

const quint8 *ColumnEvaluator::test(int number, const quint8 *needed)
{
    const CompiledTest &test = m_set.tests()[size_t(number)];
    quint8 *out = m_tests[size_t(number)].data();
    if (test.kind == CompiledTest::Kind::TextFinds) {
        compareText(test, needed, out);
        return out;
    }
    if (!m_known[size_t(number)]) {
        compare(test, out);
        m_known[size_t(number)] = 1;
    }
    return out;
}

void ColumnEvaluator::compareText(const CompiledTest &test, const quint8 *needed, quint8 *out)
{
    const FactColumns::Column &column = m_columns->m_columns[size_t(test.slot)];
    FactRow row;
    row.texts.resize(size_t(m_set.slotsRead()[size_t(test.slot)].sub) + 1);
    for (int i = 0; i < m_count; ++i) {
        if (needed && needed[i] == no) {
            out[i] = no;
            continue;
        }
        if (column.numbers[m_first + size_t(i)] < cell::leastKnown) {
            out[i] = unknown;
            continue;
        }
        // What is found is remembered with the text, so that later passes cost nothing.
        auto &text = const_cast<RowText &>(column.texts[m_first + size_t(i)]);
        std::swap(row.texts.back(), text);
        out[i] = m_set.finds(row, test) != test.isNegated ? yes : no;
        std::swap(row.texts.back(), text);
    }
    std::memset(out + m_count, no, size_t(block - m_count));
}

void ColumnEvaluator::compare(const CompiledTest &test, quint8 *out)
{
    using Kind = CompiledTest::Kind;
    using Store = FactSlot::Store;
    const FactColumns::Column &column = m_columns->m_columns[size_t(test.slot)];
    const qint64 *numbers = column.numbers.empty() ? nullptr : column.numbers.data() + m_first;
    const qint32 *words = column.words.empty() ? nullptr : column.words.data() + m_first;
    const bool isWord = m_set.slotsRead()[size_t(test.slot)].store == Store::Symbol;
    const bool negated = test.isNegated;
    const auto over = [&](auto bound, auto holds) {
        if (isWord)
            run(words, qint32(0), negated, out, [=](qint32 c) { return holds(c, qint32(bound)); });
        else
            run(numbers, cell::leastKnown, negated, out,
                [=](qint64 c) { return holds(c, qint64(bound)); });
    };
    switch (test.kind) {
    case Kind::AtLeast: over(test.bound, [](auto c, auto b) { return c >= b; }); return;
    case Kind::AtMost: over(test.bound, [](auto c, auto b) { return c <= b; }); return;
    case Kind::Equals: over(test.bound, [](auto c, auto b) { return c == b; }); return;
    case Kind::IsYes: over(0, [](auto c, auto b) { return c != b; }); return;
    case Kind::AnyOf:
        over(test.symbols.front(), [](auto c, auto b) { return c == b; });
        for (size_t i = 1; i < test.symbols.size(); ++i)
            joinWords(words, test.symbols[i], negated ? no : yes, out);
        return;
    case Kind::Filled: // known even of what is not
        for (int i = 0; i < block; ++i) {
            const bool isFilled
                = isWord ? words[i] > 0 || words[i] == wrongWord : numbers[i] != cell::unknown;
            out[i] = isFilled != negated ? yes : no;
        }
        return;
    case Kind::SetFilled:
        for (int i = 0; i < m_count; ++i) {
            const size_t row = m_first + size_t(i);
            out[i] = (column.offsets[row + 1] > column.offsets[row]) != negated ? yes : no;
        }
        return;
    case Kind::TextFilled:
        for (int i = 0; i < m_count; ++i)
            out[i] = column.texts[m_first + size_t(i)].text.isEmpty() == negated ? yes : no;
        return;
    case Kind::SetHas: {
        const qint64 wanted = signatureOf(test.symbols);
        for (int i = 0; i < m_count; ++i) {
            const size_t row = m_first + size_t(i);
            bool has = false;
            if (numbers[i] >= 0 && (numbers[i] & wanted) != 0) {
                for (quint32 m = column.offsets[row]; m < column.offsets[row + 1] && !has; ++m)
                    has = std::binary_search(
                        test.symbols.begin(), test.symbols.end(), column.members[m]);
            }
            out[i] = numbers[i] < 0 ? unknown : has != negated ? yes : no;
        }
        return;
    }
    case Kind::Time: {
        const qint64 now = m_now - test.fromOffset;
        if (test.hasEnd || test.endOffset != cell::never) {
            for (int i = 0; i < block; ++i) {
                const qint64 end
                    = test.hasEnd ? column.ends[m_first + size_t(i)] : numbers[i] + test.endOffset;
                const quint8 truth = numbers[i] <= now && m_now < end ? yes : no;
                out[i] = numbers[i] < cell::leastKnown ? unknown : truth;
            }
            return;
        }
        run(numbers, cell::leastKnown, false, out, [=](qint64 from) { return from <= now; });
        return;
    }
    case Kind::TextFinds: return;
    }
}

} // namespace tierline::rules
