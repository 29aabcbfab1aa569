#include "core/rules/readiness.h"

namespace tierline::rules {

using namespace Qt::StringLiterals;

namespace {

/// What is read, without what it is compared with.
QString nameOf(const FactSlot &slot)
{
    QStringList words;
    for (const PatternPart &part : slot.fact->parts.front()) {
        switch (part.kind) {
        case PatternPart::Kind::Words: words.append(part.words.front()); break;
        case PatternPart::Kind::Name: words.append(quoted(slot.ask.name)); break;
        case PatternPart::Kind::Window: words.append(spanText(slot.ask.window)); break;
        default: break;
        }
    }
    return words.join(u' ');
}

QStringList readersOf(const RuleSet &set, int slot)
{
    QStringList names;
    for (size_t i = 0; i < set.compiled().size(); ++i) {
        const bool reads = std::ranges::any_of(set.compiled()[i].nodes, [&](int node) {
            const int test = set.nodes()[size_t(node)].test;
            return test >= 0 && set.tests()[size_t(test)].slot == slot;
        });
        if (reads)
            names.append(set.rules()[i].name);
    }
    return names;
}

} // namespace

ReadinessCount::ReadinessCount(const RuleSet &set)
    : m_set(set)
    , m_evaluator(set)
    , m_filled(set.slotsRead().size(), 0)
    , m_wrong(set.slotsRead().size(), 0)
    , m_judged(set.rules().size(), 0)
{
}

void ReadinessCount::add(const Subject &subject)
{
    ++m_tickets;
    // By the fact's own word: a row says the same of "none" and of "unknown" for some kinds.
    for (size_t i = 0; i < m_filled.size(); ++i) {
        const FactSlot &slot = m_set.slotsRead()[i];
        const Reading reading = slot.fact->read(subject, slot.ask);
        const bool isFilled
            = reading.state == Reading::State::Value || reading.state == Reading::State::None;
        m_filled[i] += isFilled ? 1 : 0;
        m_wrong[i] += reading.state == Reading::State::WrongType ? 1 : 0;
    }
    const FactRow row = m_set.read(subject);
    m_evaluator.start(row, subject.now);
    for (size_t i = 0; i < m_judged.size(); ++i)
        m_judged[i] += m_evaluator.judge(int(i)) != Truth::Unknown ? 1 : 0;
}

Readiness ReadinessCount::result() const
{
    Readiness readiness { .tickets = m_tickets, .fields = {}, .rules = {} };
    for (size_t i = 0; i < m_filled.size(); ++i) {
        const FactSlot &slot = m_set.slotsRead()[i];
        readiness.fields.push_back({ .field = nameOf(slot),
            .fact = slot.fact->id,
            .filled = m_filled[i],
            .wrongType = m_wrong[i],
            .rules = readersOf(m_set, int(i)) });
    }
    std::ranges::stable_sort(readiness.fields, {}, &FieldReadiness::filled);
    for (size_t i = 0; i < m_judged.size(); ++i)
        readiness.rules.push_back({ m_set.rules()[i].name, m_judged[i] });
    return readiness;
}

} // namespace tierline::rules
