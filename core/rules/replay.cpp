#include "core/rules/replay.h"

namespace tierline::rules {

Replay::Replay(const RuleSet &set, const LifeFrame &frame, const Neighbours *neighbours)
    : m_set(set)
    , m_neighbours(neighbours)
    , m_life(frame)
    , m_rounds(set, neighbours)
    , m_readsAgreements(set.readsAgreements())
    , m_looks(set.rules().size(), never)
{
}

void Replay::begin(PastTicket &ticket)
{
    m_life.begin(ticket.id, ticket.customer, ticket.textOf);
    m_rounds.begin(m_life);
    m_spent.clear();
    std::ranges::fill(m_looks, never);
    m_wakes.clear();
    m_wake = 0;
    m_edition = never;
    m_hasTurned = false;
    turnAfter(ticket.events.empty() ? Instant {} : ticket.events.front().at);
}

void Replay::turnAfter(Instant at)
{
    const auto turn = m_life.nextTurn(at);
    m_turn = turn ? turn->ms : never;
}

/// Since when an event is known: not before the one that stands before it.
Instant Replay::knownAt(const PastTicket &ticket, size_t event) const
{
    return m_life.isEmpty() ? ticket.events[event].at
                            : std::max(ticket.events[event].at, m_life.knownAt());
}

bool Replay::isSpent(int rule, const Anchor &anchor) const
{
    return std::ranges::any_of(
        m_spent, [&](const auto &spent) { return spent.first == rule && spent.second == anchor; });
}

qint64 Replay::nextMoment(const PastTicket &ticket, size_t next, qint64 nextLook) const
{
    qint64 moment = next < ticket.events.size() ? knownAt(ticket, next).ms : never;
    moment = std::min(moment, nextLook);
    if (m_wake < m_wakes.size())
        moment = std::min(moment, m_wakes[m_wake].ms);
    return std::min({ moment, m_edition, m_turn });
}

void Replay::run(
    PastTicket &ticket, Instant until, const OnFire &onFire, const OnUnjudged &onUnjudged)
{
    begin(ticket);
    if (m_neighbours)
        m_wakes = m_neighbours->wakesOf(ticket.id);
    const auto spent = [this](int rule, const Anchor &anchor) { return isSpent(rule, anchor); };
    size_t next = 0;
    qint64 nextLook = never; // the earliest of m_looks
    while (true) {
        const qint64 moment = nextMoment(ticket, next, nextLook);
        if (moment == never || moment > until.ms)
            return;
        Changes changes = 0;
        while (next < ticket.events.size() && knownAt(ticket, next).ms <= moment)
            changes |= m_life.apply(ticket.events[next++]);
        if (m_life.isEmpty()) { // woken before there was anything
            ++m_wake;
            continue;
        }
        if (moment >= m_edition)
            changes = changes | Change::Clock;
        // Nobody looks at a solved ticket before something happens to it.
        if (moment >= m_turn) {
            turnAfter({ moment });
            m_hasTurned = true;
        }
        if (m_hasTurned && (changes || !isSolved(m_life.state().ticket.status))) {
            m_hasTurned = false; // of clocks, since what is agreed may hang on the plan
            changes = changes | Change::Customer | Change::Clock;
        }
        bool isWoken = false;
        while (m_wake < m_wakes.size() && m_wakes[m_wake].ms <= moment) {
            isWoken = true;
            ++m_wake;
        }
        m_due.clear();
        for (size_t rule = 0; nextLook <= moment && rule < m_looks.size(); ++rule) {
            if (m_looks[rule] <= moment)
                m_due.push_back(int(rule));
        }
        if (m_readsAgreements) {
            const auto edition = m_life.nextEdition({ moment });
            m_edition = edition ? edition->ms : never;
        }
        if (isWoken && !isSolved(m_life.state().ticket.status))
            changes = changes | Change::Around;
        if (!changes && m_due.empty())
            continue;
        const RoundOutcome &round = m_rounds.run({ moment }, changes, m_due, spent);
        for (const RoundLook &look : round.looks)
            m_looks[size_t(look.rule)] = look.at ? look.at->ms : never;
        if (!round.looks.empty())
            nextLook = *std::ranges::min_element(m_looks);
        for (const RoundFire &fire : round.fires) {
            m_spent.emplace_back(fire.rule, fire.anchor);
            onFire({ { moment }, &fire, &m_life });
        }
        for (const RoundStop &stop : round.stops)
            m_spent.emplace_back(stop.rule, stop.anchor);
        if (onUnjudged) {
            for (const Unjudged &unjudged : round.unjudged)
                onUnjudged(unjudged);
        }
    }
}

void Replay::goTo(PastTicket &ticket, Instant at)
{
    begin(ticket);
    for (size_t next = 0; next < ticket.events.size() && knownAt(ticket, next) <= at; ++next)
        m_life.apply(ticket.events[next]);
    m_rounds.run(at, Rounds::anything, {}, [](int, const Anchor &) { return true; });
}

} // namespace tierline::rules
