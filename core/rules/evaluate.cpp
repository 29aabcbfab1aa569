#include "core/rules/evaluate.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

Evaluator::Evaluator(const RuleSet &set)
    : m_set(set)
    , m_truths(set.tests().size(), notYet)
    , m_isCostly(set.tests().size(), 0)
    , m_isOfOthers(set.tests().size(), 0)
    , m_lastNo(set.compiled().size(), -1)
{
    constexpr Changes costly = Change::Signal | Change::Clock | Change::Around;
    for (size_t i = 0; i < m_isCostly.size(); ++i) {
        const FactInfo &fact = *set.slotsRead()[size_t(set.tests()[i].slot)].fact;
        m_isCostly[i] = fact.type == FactType::Text || (fact.changes & costly) != 0;
        m_isOfOthers[i] = (fact.changes & Changes(Change::Around)) != 0;
    }
    for (const CompiledRule &rule : set.compiled())
        m_shapes.push_back(shapeOf(rule));
}

Evaluator::Shape Evaluator::shapeOf(const CompiledRule &rule) const
{
    Shape shape;
    for (const int place : rule.nodes) {
        const int number = m_set.nodes()[size_t(place)].test;
        const CompiledTest &test = m_set.tests()[size_t(number)];
        if (test.kind == CompiledTest::Kind::Time)
            shape.onTime.push_back(number);
        shape.hasEnds = shape.hasEnds || test.hasEnd;
    }
    const CompiledNode &root = m_set.nodes()[size_t(rule.root)];
    const bool isAnd = root.kind == Expr::Kind::And;
    const CompiledNode *child = isAnd ? m_set.nodes().data() + root.firstChild : &root;
    shape.isFlat = true;
    for (int i = 0; i < (isAnd ? root.children : 1); ++i) {
        if (child[i].kind != Expr::Kind::Test) {
            shape.isFlat = false;
            continue;
        }
        const auto number = size_t(child[i].test);
        if (m_set.tests()[number].kind == CompiledTest::Kind::Time || m_isOfOthers[number])
            continue; // may come to hold, whatever it says now
        (m_isCostly[number] ? shape.costly : shape.needed).push_back(child[i].test);
    }
    return shape;
}

void Evaluator::start(const FactRow &row, Instant now)
{
    m_row = &row;
    m_unreadRow = nullptr;
    m_source = nullptr;
    m_now = now.ms;
    std::fill(m_truths.begin(), m_truths.end(), notYet);
}

void Evaluator::start(FactRow &row, Instant now, SlotSource &source)
{
    start(row, now);
    m_unreadRow = &row;
    m_source = &source;
}

void Evaluator::goOn(Instant now, const std::vector<int> &tests)
{
    m_now = now.ms;
    for (const int test : tests)
        m_truths[size_t(test)] = notYet;
}

qint64 Evaluator::fetch(int slot)
{
    if (!m_source)
        return cell::unread;
    m_source->fill(*m_unreadRow, slot);
    return m_row->cells[size_t(slot)];
}

Truth Evaluator::timeTruth(const CompiledTest &test, qint64 at)
{
    const qint64 from = cellOf(test.slot);
    if (from < cell::leastKnown)
        return Truth::Unknown;
    qint64 end = cell::never;
    if (test.hasEnd)
        end = m_row->ends[size_t(m_set.slotsRead()[size_t(test.slot)].sub)];
    else if (test.endOffset != cell::never)
        end = from + test.endOffset;
    return from + test.fromOffset <= at && at < end ? Truth::Yes : Truth::No;
}

Truth Evaluator::compare(int number)
{
    using Kind = CompiledTest::Kind;
    const CompiledTest &test = m_set.tests()[size_t(number)];
    const qint64 value = cellOf(test.slot);
    Truth truth = Truth::No;
    bool holds = false;
    switch (test.kind) {
    case Kind::Time: truth = timeTruth(test, m_now); break;
    case Kind::Filled:
        // Of a word nothing is 0; of a number nothing is unknown, and 0 is a number. What cannot be
        // compared is there all the same.
        holds = value != cell::unknown
            && (value != cell::empty
                || m_set.slotsRead()[size_t(test.slot)].store != FactSlot::Store::Symbol);
        break;
    case Kind::SetFilled:
        holds = !m_row->sets[size_t(m_set.slotsRead()[size_t(test.slot)].sub)].empty();
        break;
    case Kind::TextFilled:
        holds = !m_row->texts[size_t(m_set.slotsRead()[size_t(test.slot)].sub)].text.isEmpty();
        break;
    default:
        if (value < cell::leastKnown) {
            truth = Truth::Unknown;
            break;
        }
        switch (test.kind) {
        case Kind::AnyOf:
            holds
                = std::find(test.symbols.begin(), test.symbols.end(), value) != test.symbols.end();
            break;
        case Kind::AtLeast: holds = value >= test.bound; break;
        case Kind::AtMost: holds = value <= test.bound; break;
        case Kind::Equals: holds = value == test.bound; break;
        case Kind::IsYes: holds = value != 0; break;
        case Kind::SetHas: {
            const auto &set = m_row->sets[size_t(m_set.slotsRead()[size_t(test.slot)].sub)];
            holds = std::any_of(test.symbols.begin(), test.symbols.end(),
                [&](qint32 symbol) { return std::binary_search(set.begin(), set.end(), symbol); });
            break;
        }
        case Kind::TextFinds: holds = m_set.finds(*m_row, test); break;
        default: break;
        }
    }
    if (truth != Truth::Unknown && test.kind != Kind::Time)
        truth = holds != test.isNegated ? Truth::Yes : Truth::No;
    m_truths[size_t(number)] = quint8(truth);
    return truth;
}

Truth Evaluator::node(const CompiledNode &at)
{
    if (at.kind == Expr::Kind::Test)
        return test(at.test);
    const CompiledNode *child = m_set.nodes().data() + at.firstChild;
    if (at.kind == Expr::Kind::Not)
        return Truth(2 - int(node(*child)));
    // What ends an And at once is a No, an Or a Yes.
    const Truth last = at.kind == Expr::Kind::And ? Truth::No : Truth::Yes;
    Truth all = at.kind == Expr::Kind::And ? Truth::Yes : Truth::No;
    for (int i = 0; i < at.children; ++i) {
        const Truth truth
            = child[i].kind == Expr::Kind::Test ? test(child[i].test) : node(child[i]);
        if (truth == last)
            return last;
        if (truth == Truth::Unknown)
            all = Truth::Unknown;
    }
    return all;
}

Truth Evaluator::nodeAt(const CompiledNode &at, qint64 when)
{
    if (at.kind == Expr::Kind::Test) {
        const CompiledTest &compiled = m_set.tests()[size_t(at.test)];
        return compiled.kind == CompiledTest::Kind::Time ? timeTruth(compiled, when)
                                                         : test(at.test);
    }
    const CompiledNode *child = m_set.nodes().data() + at.firstChild;
    if (at.kind == Expr::Kind::Not)
        return Truth(2 - int(nodeAt(*child, when)));
    const bool isAnd = at.kind == Expr::Kind::And;
    auto truth = int(isAnd ? Truth::Yes : Truth::No);
    for (int i = 0; i < at.children; ++i) {
        const auto next = int(nodeAt(child[i], when));
        truth = isAnd ? std::min(truth, next) : std::max(truth, next);
    }
    return Truth(truth);
}

Truth Evaluator::judge(int rule)
{
    return node(m_set.nodes()[size_t(m_set.compiled()[size_t(rule)].root)]);
}

std::optional<Instant> Evaluator::nextDue(int rule)
{
    return turn(rule, true);
}

std::optional<Instant> Evaluator::nextTurn(int rule)
{
    return turn(rule, false);
}

/// The instants of a rule between which nothing changes by time alone, ascending.
void Evaluator::collectTurns(const Shape &shape)
{
    m_turns.clear();
    for (const int number : shape.onTime) {
        const CompiledTest &test = m_set.tests()[size_t(number)];
        const qint64 value = cellOf(test.slot);
        if (value < cell::leastKnown || value >= cell::never)
            continue;
        m_turns.push_back(value + test.fromOffset);
        if (test.hasEnd)
            m_turns.push_back(m_row->ends[size_t(m_set.slotsRead()[size_t(test.slot)].sub)]);
        else if (test.endOffset != cell::never)
            m_turns.push_back(value + test.endOffset);
    }
    if (m_turns.size() > 1)
        std::sort(m_turns.begin(), m_turns.end());
}

Evaluator::Bounds Evaluator::testBounds(int number, qint64 at)
{
    if (m_isOfOthers[size_t(number)])
        return {};
    const CompiledTest &compiled = m_set.tests()[size_t(number)];
    const bool isOnTime = compiled.kind == CompiledTest::Kind::Time;
    if (at == always
        && (isOnTime || (m_isCostly[size_t(number)] && m_truths[size_t(number)] == notYet)))
        return {};
    const Truth truth = isOnTime ? timeTruth(compiled, at) : test(number);
    return { truth, truth };
}

Evaluator::Bounds Evaluator::bounds(const CompiledNode &at, qint64 when)
{
    if (at.kind == Expr::Kind::Test)
        return testBounds(at.test, when);
    const CompiledNode *child = m_set.nodes().data() + at.firstChild;
    if (at.kind == Expr::Kind::Not) {
        const Bounds inner = bounds(*child, when);
        return { Truth(2 - int(inner.most)), Truth(2 - int(inner.least)) };
    }
    const bool isAnd = at.kind == Expr::Kind::And;
    Bounds all { isAnd ? Truth::Yes : Truth::No, isAnd ? Truth::Yes : Truth::No };
    for (int i = 0; i < at.children; ++i) {
        const Bounds next = child[i].kind == Expr::Kind::Test ? testBounds(child[i].test, when)
                                                              : bounds(child[i], when);
        all.least = isAnd ? std::min(all.least, next.least) : std::max(all.least, next.least);
        all.most = isAnd ? std::min(all.most, next.most) : std::max(all.most, next.most);
        if (isAnd ? all.most == Truth::No : all.least == Truth::Yes)
            break; // nothing that follows moves it
    }
    return all;
}

bool Evaluator::mayHold(int rule)
{
    if (isRuledOut(rule))
        return false;
    const Shape &shape = m_shapes[size_t(rule)];
    for (const int number : shape.needed) {
        if (test(number) == Truth::No) {
            m_lastNo[size_t(rule)] = number;
            return false;
        }
    }
    for (const int number : shape.costly) {
        if (m_truths[size_t(number)] == quint8(Truth::No))
            return false;
    }
    return shape.isFlat
        || bounds(m_set.nodes()[size_t(m_set.compiled()[size_t(rule)].root)]).most != Truth::No;
}

/// Whether time, and what has not been read yet, may make it hold. Flat rules are most rules: all that counts is a
/// handful of truths then.
bool Evaluator::mayTurnYes(const Shape &shape, const CompiledNode &root)
{
    if (!shape.isFlat)
        return bounds(root).most == Truth::Yes;
    const auto isYes = [this](int number) { return test(number) == Truth::Yes; };
    const auto mayBeYes = [this](int number) {
        const quint8 truth = m_truths[size_t(number)];
        return truth == notYet || truth == quint8(Truth::Yes);
    };
    return std::ranges::all_of(shape.needed, isYes) && std::ranges::all_of(shape.costly, mayBeYes);
}

/// The same of an instant, for a rule that may turn.
bool Evaluator::mayBeYesAt(const Shape &shape, const CompiledNode &root, qint64 at)
{
    if (!shape.isFlat)
        return bounds(root, at).most == Truth::Yes;
    const auto isYesThen = [this, at](int number) {
        return timeTruth(m_set.tests()[size_t(number)], at) == Truth::Yes;
    };
    const auto isYes = [this](int number) { return test(number) == Truth::Yes; };
    return std::ranges::all_of(shape.onTime, isYesThen) && std::ranges::all_of(shape.costly, isYes);
}

std::optional<Instant> Evaluator::nextLook(int rule)
{
    const CompiledRule &compiled = m_set.compiled()[size_t(rule)];
    if (!compiled.isOnTime)
        return std::nullopt;
    const Shape &shape = m_shapes[size_t(rule)];
    const CompiledNode &root = m_set.nodes()[size_t(compiled.root)];
    const bool holds = node(root) == Truth::Yes;
    if (!holds && !mayTurnYes(shape, root))
        return std::nullopt;
    collectTurns(shape);
    qint64 last = m_now;
    std::optional<Instant> look;
    for (const qint64 turn : m_turns) {
        if (turn <= last || turn > Instant::MaxMs)
            continue;
        last = turn;
        if (holds || mayBeYesAt(shape, root, turn)) {
            look = Instant { turn };
            break;
        }
    }
    if (!shape.hasEnds)
        return look;
    for (const int number : shape.onTime) {
        const CompiledTest &test = m_set.tests()[size_t(number)];
        if (!test.hasEnd || m_row->cells[size_t(test.slot)] < cell::leastKnown)
            continue;
        const qint64 end = m_row->ends[size_t(m_set.slotsRead()[size_t(test.slot)].sub)];
        if (end > m_now && end <= Instant::MaxMs && (!look || end < look->ms))
            look = Instant { end };
    }
    return look;
}

std::optional<Instant> Evaluator::turn(int rule, bool isUntilItHolds)
{
    const CompiledRule &compiled = m_set.compiled()[size_t(rule)];
    if (!compiled.isOnTime)
        return std::nullopt;
    const CompiledNode &root = m_set.nodes()[size_t(compiled.root)];
    const Truth now = node(root);
    if (isUntilItHolds && now == Truth::Yes)
        return std::nullopt;
    collectTurns(m_shapes[size_t(rule)]);
    qint64 last = m_now;
    for (const qint64 turn : m_turns) {
        if (turn <= last || turn > Instant::MaxMs)
            continue;
        last = turn;
        const Truth then = nodeAt(root, turn);
        if (isUntilItHolds ? then == Truth::Yes : then != now)
            return Instant { turn };
    }
    return std::nullopt;
}

void Evaluator::decide(const CompiledNode &at, bool holds, std::vector<Decisive> &into)
{
    if (at.kind == Expr::Kind::Test) {
        into.push_back({ at.test, holds });
        return;
    }
    const CompiledNode *child = m_set.nodes().data() + at.firstChild;
    if (at.kind == Expr::Kind::Not) {
        decide(*child, !holds, into);
        return;
    }
    const bool isOneEnough = (at.kind == Expr::Kind::Or) == holds;
    const Truth wanted = holds ? Truth::Yes : Truth::No;
    for (int i = 0; i < at.children; ++i) {
        if (isOneEnough && node(child[i]) != wanted)
            continue;
        decide(child[i], holds, into);
        if (isOneEnough)
            return;
    }
}

const std::vector<Decisive> &Evaluator::decisive(int rule)
{
    m_decisive.clear();
    const CompiledNode &root = m_set.nodes()[size_t(m_set.compiled()[size_t(rule)].root)];
    if (const Truth truth = node(root); truth != Truth::Unknown)
        decide(root, truth == Truth::Yes, m_decisive);
    return m_decisive;
}

void Anchor::add(const FactInfo &fact, qint64 from)
{
    if (from < cell::leastKnown || from > cell::never)
        from = cell::never;
    const auto isBefore = [](const Part &a, const Part &b) {
        return std::tie(a.fact->number, a.from) < std::tie(b.fact->number, b.from);
    };
    const Part part { &fact, from };
    const auto place = std::ranges::lower_bound(m_parts, part, isBefore);
    if (place == m_parts.end() || *place != part)
        m_parts.insert(place, part);
}

QString Anchor::text() const
{
    if (m_parts.isEmpty())
        return u"life@"_s + m_life.iso();
    QStringList parts;
    for (const Part &part : m_parts)
        parts.append(part.fact->id + u'@'
            + (part.from == cell::never ? u"never"_s : Instant { part.from }.iso()));
    parts.sort();
    return parts.join(u' ');
}

Anchor Evaluator::anchor(int rule)
{
    Anchor anchor(m_row->cycleStart);
    if (!m_set.compiled()[size_t(rule)].isOnTime)
        return anchor;
    for (const Decisive &decisive : decisive(rule)) {
        const CompiledTest &test = m_set.tests()[size_t(decisive.test)];
        if (test.kind != CompiledTest::Kind::Time)
            continue;
        const FactSlot &slot = m_set.slotsRead()[size_t(test.slot)];
        if (slot.fact->isMoment)
            continue;
        anchor.add(*slot.fact,
            slot.serviceLength > 0 ? m_row->ends[size_t(slot.sub)]
                                   : m_row->cells[size_t(test.slot)]);
    }
    return anchor;
}

int Evaluator::unknownTest(const CompiledNode &at)
{
    if (at.kind == Expr::Kind::Test)
        return test(at.test) == Truth::Unknown ? at.test : -1;
    const CompiledNode *child = m_set.nodes().data() + at.firstChild;
    for (int i = 0; i < at.children; ++i) {
        if (node(child[i]) != Truth::Unknown)
            continue;
        if (const int found = unknownTest(child[i]); found >= 0)
            return found;
    }
    return -1;
}

std::optional<Unjudged> Evaluator::whyUnknown(int rule)
{
    const CompiledNode &root = m_set.nodes()[size_t(m_set.compiled()[size_t(rule)].root)];
    if (node(root) != Truth::Unknown)
        return std::nullopt;
    const int slot = m_set.tests()[size_t(unknownTest(root))].slot;
    return Unjudged { rule, slot, m_row->cells[size_t(slot)] == cell::wrongType };
}

Round Evaluator::round(const std::vector<int> &rules,
    const std::function<bool(int rule, const Anchor &anchor)> &mayFire)
{
    Round round;
    bool hasEscalated = false;
    for (const int rule : rules) {
        const Truth truth = judge(rule);
        if (truth == Truth::No)
            continue;
        if (truth == Truth::Unknown) {
            round.unjudged.push_back(*whyUnknown(rule));
            continue;
        }
        const Anchor at = anchor(rule);
        if (!mayFire(rule, at))
            continue;
        const bool escalates = m_set.compiled()[size_t(rule)].escalates && !hasEscalated;
        hasEscalated = hasEscalated || escalates;
        round.fires.push_back({ rule, at.text(), escalates });
        if (!m_set.rules()[size_t(rule)].goesOn)
            break;
    }
    return round;
}

} // namespace tierline::rules
