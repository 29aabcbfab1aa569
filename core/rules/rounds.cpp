#include "core/rules/rounds.h"

#include "core/rules/neighbours.h"

namespace tierline::rules {

namespace {

/// What changes how long service time takes, or when a clock is due, beside what says so itself: policies
/// are chosen by these.
constexpr Changes choosesPolicy
    = Change::Fields | Change::Status | Change::Priority | Change::Place | Change::Customer;
/// What changes signs beside words: fields that report them, a reopening, the way from a bot to people.
constexpr Changes changesSigns = Change::Fields | Change::Status | Change::Place;

bool readsOthers(const FactInfo &fact)
{
    return (fact.changes & Changes(Change::Around)) != 0;
}

/// What it says depends on the instant at which it is read, or on other tickets.
bool isReadAnew(const FactInfo &fact)
{
    return readsOthers(fact) || fact.type == FactType::Span;
}

bool usesHours(const FactSlot &slot)
{
    return slot.serviceLength > 0 || slot.fact->type == FactType::Span;
}

Parts partsOf(const FactSlot &slot)
{
    FactSet fact;
    fact.set(size_t(slot.fact->number));
    Parts parts = partsFor(fact);
    const bool isService = slot.ask.left.kind == Amount::Kind::Service;
    if (!usesHours(slot) && !isService)
        parts &= Parts(~Parts(Part::Hours));
    return parts;
}

} // namespace

/// The neighbours as one ticket sees them at one instant.
struct Rounds::View final : Surroundings {
    const Neighbours *others = nullptr;
    const TicketLife *life = nullptr;
    Instant now;

    const Ticket &ticket() const { return life->state().ticket; }
    Told<qint64> ticketsFromAccount(Millis window) const override
    {
        return others->ticketsFromAccount(ticket().organization, window, now);
    }
    Told<qint64> unansweredFromAccount(Millis window) const override
    {
        return others->unansweredFromAccount(ticket().organization, window, now);
    }
    Told<qint64> customersReopeningIssue(Millis window) const override
    {
        return others->customersReopening(NeighbourTrace::issueOf(ticket()), window, now);
    }
    Told<qint64> similarTickets(Millis window) const override
    {
        return others->similarTickets(life->trace().subject, window, now);
    }
    Told<qint64> arrivalsOfUsual(Millis window) const override
    {
        return others->arrivalsOfUsual(window, now);
    }
    Told<qint64> freeCapacity(const QString &team) const override
    {
        return others->freeCapacity(team.isEmpty() ? ticket().team : team, now);
    }
};

Rounds::Rounds(const RuleSet &set, const Neighbours *neighbours)
    : m_set(set)
    , m_evaluator(set)
    , m_row(set.unreadRow())
    , m_plain(set.rules().size())
    , m_mayHaveLook(set.rules().size())
{
    if (neighbours) {
        m_view = std::make_unique<View>();
        m_view->others = neighbours;
    }
    for (const FactSlot &slot : set.slotsRead())
        m_partsOfSlot.push_back(partsOf(slot));
    for (const CompiledRule &rule : set.compiled())
        m_partsOfRule.push_back(partsFor(rule.facts));
}

Rounds::~Rounds() = default;

void Rounds::begin(TicketLife &life, Instant livedSince)
{
    m_life = &life;
    m_row.cycleStart = livedSince;
    std::ranges::fill(m_row.cells, cell::unread);
    for (size_t rule = 0; rule < m_mayHaveLook.size(); ++rule)
        m_mayHaveLook[rule] = m_set.compiled()[rule].isOnTime;
    m_isFresh = true;
    if (m_view)
        m_view->life = &life;
    life.setAround(m_view.get());
}

void Rounds::fill(FactRow &row, int slot)
{
    m_set.readSlot(row, subjectWith(m_partsOfSlot[size_t(slot)]), slot);
}

/// Nothing happens to the life during a round, so what was made of it stays made.
const Subject &Rounds::subjectWith(Parts parts)
{
    if (!m_subject || (parts & Parts(~m_partsMade)) != 0) {
        m_subject = &m_life->at(m_now, parts);
        m_partsMade |= parts;
    }
    return *m_subject;
}

const Subject &Rounds::subject()
{
    return m_life->at(m_now, allParts);
}

const Rounds::Candidates &Rounds::candidatesFor(Changes changes)
{
    const auto known = m_candidates.find(changes);
    if (known != m_candidates.end())
        return known->second;
    Candidates made;
    const bool movesClocks = (changes & (choosesPolicy | Change::Clock)) != 0;
    Changes all = movesClocks ? changes | Change::Clock : changes;
    if (changes & changesSigns)
        all = all | Change::Signal;
    const FactSet facts = factTable().changedBy(all);
    std::vector<quint8> isSlotTouched;
    for (size_t i = 0; i < m_set.slotsRead().size(); ++i) {
        const FactSlot &slot = m_set.slotsRead()[i];
        const auto fact = size_t(slot.fact->number);
        const bool isTouched
            = facts[fact] || isReadAnew(*slot.fact) || (movesClocks && usesHours(slot));
        isSlotTouched.push_back(isTouched);
        if (isTouched)
            made.slotsRead.push_back(int(i));
    }
    for (size_t test = 0; test < m_set.tests().size(); ++test) {
        const CompiledTest &compiled = m_set.tests()[test];
        if (compiled.kind == CompiledTest::Kind::Time || isSlotTouched[size_t(compiled.slot)])
            made.tests.push_back(int(test));
    }
    for (size_t rule = 0; rule < m_set.compiled().size(); ++rule) {
        const auto &nodes = m_set.compiled()[rule].nodes;
        const bool isTouched = std::ranges::any_of(nodes, [&](int place) {
            const CompiledTest &test = m_set.tests()[size_t(m_set.nodes()[size_t(place)].test)];
            return isSlotTouched[size_t(test.slot)];
        });
        if (isTouched && changes)
            made.rules.push_back(int(rule));
    }
    return m_candidates.emplace(changes, std::move(made)).first->second;
}

const RoundOutcome &Rounds::run(
    Instant now, Changes changes, const std::vector<int> &due, const IsSpent &isSpent)
{
    m_now = now;
    m_subject = nullptr;
    m_partsMade = 0;
    if (m_view)
        m_view->now = now;
    m_outcome.fires.clear();
    m_outcome.stops.clear();
    m_outcome.unjudged.clear();
    m_outcome.looks.clear();
    m_stoppedBy = -1;
    m_hasEscalated = false;
    const Instant lifeSince = m_life->livesSince();
    // Another life is another cause for every rule, whatever it reads.
    if (changes && lifeSince != m_row.cycleStart)
        changes = anything;
    m_row.cycleStart = lifeSince;
    const Candidates &candidates = candidatesFor(changes);
    for (const int slot : candidates.slotsRead)
        m_row.cells[size_t(slot)] = cell::unread;
    if (std::exchange(m_isFresh, false))
        m_evaluator.start(m_row, now, *this);
    else
        m_evaluator.goOn(now, candidates.tests);
    if (due.empty()) {
        judge(candidates.rules, isSpent);
        return m_outcome;
    }
    m_rules.clear();
    std::ranges::set_union(candidates.rules, due, std::back_inserter(m_rules));
    judge(m_rules, isSpent);
    return m_outcome;
}

/// Most rules are ruled out, round after round, and have no look that could go.
void Rounds::judge(const std::vector<int> &rules, const IsSpent &isSpent)
{
    for (const int rule : rules) {
        if (m_mayHaveLook[size_t(rule)] || !m_evaluator.isRuledOut(rule))
            judge(rule, isSpent);
    }
    m_judged += qint64(rules.size());
}

void Rounds::judge(int rule, const IsSpent &isSpent)
{
    const CompiledRule &compiled = m_set.compiled()[size_t(rule)];
    if (!m_evaluator.mayHold(rule)) {
        if (compiled.isOnTime)
            look(rule, std::nullopt);
        return;
    }
    const Truth truth = m_evaluator.judge(rule);
    if (truth == Truth::Unknown)
        m_outcome.unjudged.push_back(*m_evaluator.whyUnknown(rule));
    else if (truth == Truth::Yes)
        act(rule, isSpent);
    if (compiled.isOnTime)
        look(rule, m_evaluator.nextLook(rule));
}

void Rounds::look(int rule, std::optional<Instant> at)
{
    if (std::exchange(m_mayHaveLook[size_t(rule)], at.has_value()) || at)
        m_outcome.looks.push_back({ rule, at });
}

void Rounds::act(int rule, const IsSpent &isSpent)
{
    const Anchor anchor = m_evaluator.anchor(rule);
    if (isSpent(rule, anchor))
        return;
    if (m_stoppedBy >= 0) {
        m_outcome.stops.push_back({ rule, anchor, m_stoppedBy });
        return;
    }
    const bool escalates = m_set.compiled()[size_t(rule)].escalates && !m_hasEscalated;
    m_hasEscalated = m_hasEscalated || escalates;
    const Subject &subject = subjectWith(m_partsOfRule[size_t(rule)]);
    m_outcome.fires.push_back({ rule, anchor,
        sentence(m_set, rule, m_evaluator, subject, m_plain[size_t(rule)]), escalates });
    if (!m_set.rules()[size_t(rule)].goesOn)
        m_stoppedBy = rule;
}

} // namespace tierline::rules
