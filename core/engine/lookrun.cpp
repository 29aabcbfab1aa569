#include "core/engine/lookwork_p.h"

#include "core/commands/agreements.h"
#include "core/escalation/fold.h"
#include "core/rules/parse.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

void Tally::add(const Tally &other)
{
    looked += other.looked;
    fired += other.fired;
    escalated += other.escalated;
    shadows += other.shadows;
    capped += other.capped;
    wouldFire += other.wouldFire;
    refused += other.refused;
    collapsed += other.collapsed;
    judged += other.judged;
    scored += other.scored;
    late += other.late;
    asked += other.asked;
    latest = std::max(latest, other.latest);
    for (const QString &problem : other.problems) {
        if (problems.size() < 100 && !problems.contains(problem))
            problems.append(problem);
    }
}

// ---- what stood before a rule ran

Result<Done> LookWork::noteStandingAt(Instant at, std::optional<Instant> since, bool isWithShadows)
{
    rules::Rounds &rounds = isWithShadows ? *m_looker.m_shadows : m_looker.m_live;
    const auto ruleOf = [&](int number) -> const RunningRule & {
        return m_frame
            .rules[isWithShadows ? size_t(number) : size_t(m_frame.liveRules[size_t(number)])];
    };
    std::vector<std::pair<int, QString>> standing;
    rounds.begin(m_looker.m_life);
    // Asked only for rules that hold; calling all of them spent makes none of them stop another.
    rounds.run(at, rules::Rounds::anything, {}, [&](int number, const rules::Anchor &held) {
        const QString anchor = held.text();
        const RunningRule &rule = ruleOf(number);
        const bool isNew = !since || rule.stored.since == *since;
        if (isNew && !rule.stored.appliesToStanding && rule.isShadow() == isWithShadows
            && !isSpent(rule, anchor, std::max(at, rule.stored.since)))
            standing.emplace_back(number, anchor);
        return true;
    });
    for (const auto &[number, anchor] : standing) {
        m_mustAct = true;
        if (!m_scope)
            return Done {};
        TIERLINE_CHECK(noteAside(ruleOf(number), anchor, at, FiringOutcome::Standing,
            since ? u"It held already when the rule began to run."_s
                  : u"It held already when the ticket was imported."_s));
    }
    return Done {};
}

/// What new rules found standing when they began, or an imported ticket brought with it: it is taken back to each
/// of those instants.
Result<Done> LookWork::noteStanding()
{
    std::vector<std::pair<Instant, std::optional<Instant>>> looks; ///< when, and for which rules
    for (const RunningRule &rule : m_frame.rules) {
        const Instant since = rule.stored.since;
        if (m_ask.newSince && since > *m_ask.newSince && since <= present())
            looks.emplace_back(since - Millis(1), since); // what begins with it is its own
    }
    // Imported tickets are history up to the first thing that was done to them here.
    const auto isOwn = [](const Event &event) { return event.origin == 0; };
    if (const auto first = std::ranges::find_if(m_events, isOwn);
        m_spent.isEmpty() && first != m_events.begin() && first != m_events.end())
        looks.emplace_back(first->at - Millis(1), std::nullopt);
    if (looks.empty())
        return Done {};
    std::ranges::sort(looks);
    looks.erase(std::ranges::unique(looks).begin(), looks.end());
    const rules::LifeCustomer customer = m_looker.m_life.customer();
    for (const auto &[at, since] : looks) {
        begin();
        for (const Event &event : m_events) {
            if (event.at > at)
                break;
            m_looker.m_life.apply(event);
        }
        if (m_looker.m_life.isEmpty())
            continue;
        m_looker.m_life.setCustomer(customer);
        TIERLINE_CHECK(noteStandingAt(at, since, false));
        if (m_looker.m_shadows && !isStopped())
            TIERLINE_CHECK(noteStandingAt(at, since, true));
        if (isStopped())
            return Done {};
    }
    begin();
    for (const Event &event : m_events)
        m_looker.m_life.apply(event);
    m_looker.m_life.setCustomer(customer);
    return Done {};
}

// ---- what has changed

/// Plays the log into the life, and finds what of it came after the event up to which all rules have been judged.
void LookWork::playLog()
{
    rules::TicketLife &life = m_looker.m_life;
    begin();
    m_since = {};
    bool isNew = false, isOwn = false;
    // Rules are judged for tickets that can be worked on and were dealt with here; of others nothing is known.
    const auto noteBefore = [&] {
        m_since.isKnown = isOwn && isWorkable(ticket().status);
        m_since.livedSince = life.livesSince();
        m_since.knownAt = life.knownAt();
    };
    rules::Changes changes = 0;
    for (const Event &event : m_events) {
        const bool isLater = m_ask.judgedTo && event.id.v > *m_ask.judgedTo;
        if (isLater && !isNew)
            noteBefore();
        if (isNew && !isLater)
            m_since.isKnown
                = false; // it came late and stands among the others: they mean something else now
        isNew = isNew || isLater;
        isOwn = isOwn || event.origin == 0;
        const rules::Changes changed = life.apply(event);
        if (isNew)
            changes = rules::Changes(changes | changed);
    }
    if (m_ask.judgedTo && !isNew)
        noteBefore();
    // What is told of a ticket without an event is nothing that its log could say.
    m_since.isKnown = m_since.isKnown && (isNew || m_ask.due);
    if (m_since.isKnown)
        m_since.changes = changes;
}

/// With what other tickets and what is agreed brought besides.
LookWork::Since LookWork::whatChanged(Instant at) const
{
    const rules::TicketLife &life = m_looker.m_life;
    if (!m_since.isKnown)
        return { .livedSince = life.livesSince() };
    Since since = m_since;
    if (m_ask.isWoken && !isSolved(ticket().status))
        since.changes = since.changes | rules::Change::Around;
    if (m_frame.readsClocks) {
        const auto edition = life.nextEdition(since.knownAt);
        if (edition && *edition <= at)
            since.changes = since.changes | rules::Change::Clock;
    }
    const auto turn = life.nextTurn(since.knownAt);
    if (turn && *turn <= at)
        since.changes = since.changes | rules::Change::Customer | rules::Change::Clock;
    return since;
}

/// All that time can turn, since the next of their instants is the ticket's timer; and what began to run since.
std::vector<int> LookWork::dueFirst(const rules::RuleSet &set, const Since &since) const
{
    std::vector<int> due = set.rulesOnTime();
    const bool isLive = &set == m_frame.live.get();
    for (size_t i = 0; i < set.rules().size(); ++i) {
        const size_t number = isLive ? size_t(m_frame.liveRules[i]) : i;
        if (m_frame.rules[number].stored.since > since.knownAt)
            due.push_back(int(i));
    }
    std::ranges::sort(due);
    due.erase(std::ranges::unique(due).begin(), due.end());
    return due;
}

// ---- shadows

/// As it would be if the shadows were live: they act in their places among the live ones, and what they would
/// do is noted. Comes before the live ones act, since it looks at the same.
Result<Done> LookWork::runShadows(Instant from, const Since &since)
{
    if (!m_looker.m_shadows)
        return Done {};
    m_looker.m_shadows->begin(m_looker.m_life, since.livedSince);
    rules::Changes changes = since.changes;
    m_isCaused = false;
    Instant at = from;
    std::vector<int> due
        = since.isKnown ? dueFirst(*m_frame.withShadows, since) : std::vector<int>();
    while (!isStopped()) {
        const auto spent = [this, at](int number, const rules::Anchor &anchor) {
            return isSpent(m_frame.rules[size_t(number)], anchor.text(), at);
        };
        const rules::RoundOutcome &outcome
            = m_looker.m_shadows->run(at, std::exchange(changes, rules::Changes(0)), due, spent);
        for (const rules::RoundLook &look : outcome.looks) {
            if (look.at)
                m_shadowLooks[look.rule] = *look.at;
            else
                m_shadowLooks.remove(look.rule);
        }
        learn(outcome.unjudged, *m_frame.withShadows);
        for (const rules::RoundFire &fire : outcome.fires) {
            const RunningRule &rule = m_frame.rules[size_t(fire.rule)];
            if (!rule.isShadow())
                continue;
            m_mustAct = true;
            if (!m_scope)
                return Done {};
            Firing firing = firingOf(rule, fire.anchor.text(), at, fire.sentence);
            firing.outcome = FiringOutcome::Shadow;
            firing.isReal = false;
            firing.deeds = wouldDo(rule.tree.then);
            TIERLINE_CHECK(insert(firing));
            ++m_tally.shadows;
        }
        for (const rules::RoundStop &stop : outcome.stops) {
            const RunningRule &rule = m_frame.rules[size_t(stop.rule)];
            if (!rule.isShadow())
                continue;
            m_mustAct = true;
            if (!m_scope)
                return Done {};
            TIERLINE_CHECK(noteAside(rule, stop.anchor.text(), at, FiringOutcome::Stopped,
                u"The rule “%1” above it has answered this."_s.arg(
                    m_frame.rules[size_t(stop.by)].stored.name)));
        }
        const std::optional<Instant> next = nextLook(m_shadowLooks, at);
        if (!next)
            return Done {};
        at = *next;
        changes = turnedAt(at);
        due = takeDue(m_shadowLooks, at);
    }
    return Done {};
}

// ---- one look

void LookWork::expect(std::optional<Instant> at, const QString &cause)
{
    if (!at || (m_next && *m_next <= *at))
        return;
    m_next = at;
    m_cause = cause;
}

Result<Looker::Glance> LookWork::run(storage::Store *store, storage::WriteScope *scope)
{
    m_store = store;
    m_scope = scope;
    Looker::Glance glance;
    ++m_tally.looked;
    TIERLINE_TRY(isLive, load());
    if (!m_events.empty() && !isWorkable(ticket().status))
        TIERLINE_CHECK(closeQuestions());
    glance.mustAct = m_mustAct;
    if (!isLive || isStopped())
        return glance;
    TIERLINE_CHECK(loadChain());
    if (m_looker.m_neighbours) {
        m_looker.m_neighbours->set(m_looker.m_life.trace());
        // Whoever was woken wakes nobody by being looked at.
        if (!m_ask.due)
            glance.woken = m_looker.m_neighbours->wokenBy(
                m_looker.m_life.trace(), m_looker.m_life.knownAt());
    }
    TIERLINE_CHECK(noteStanding());
    glance.mustAct = m_mustAct;
    if (isStopped())
        return glance;

    rules::TicketLife &life = m_looker.m_life;
    Instant from = life.knownAt();
    if (m_ask.due)
        from = std::max(from, std::min(*m_ask.due, present()));
    const Since since = whatChanged(from);
    TIERLINE_CHECK(runShadows(from, since));
    if (!isStopped())
        TIERLINE_CHECK(runRules(from, since));
    // Levels and climbing priorities change the ticket, and that may make rules act, and begin ladders.
    for (int i = 0; i < longestChain && !isStopped(); ++i) {
        m_next.reset();
        TIERLINE_CHECK(runPriority());
        if (!isStopped())
            TIERLINE_CHECK(runClimbs());
        if (!isStopped())
            TIERLINE_CHECK(runLadders());
        if (!isStopped())
            TIERLINE_CHECK(runPath());
        if (isStopped() || m_grown == 0)
            break;
        m_grown = 0;
        TIERLINE_CHECK(loadChain());
        TIERLINE_CHECK(runShadows(life.knownAt(), {}));
        TIERLINE_CHECK(runRules(life.knownAt(), {}));
    }
    if (!isStopped())
        TIERLINE_CHECK(runHops());
    if (!isStopped())
        TIERLINE_CHECK(runScores());
    glance.mustAct = m_mustAct;
    if (isStopped())
        return glance;
    for (auto look = m_looks.cbegin(); look != m_looks.cend(); ++look)
        expect(look.value(), u"rule “%1”"_s.arg(m_frame.live->rules()[size_t(look.key())].name));
    for (auto look = m_shadowLooks.cbegin(); look != m_shadowLooks.cend(); ++look)
        expect(look.value(),
            u"shadow “%1”"_s.arg(m_frame.withShadows->rules()[size_t(look.key())].name));
    if (m_frame.readsClocks)
        expect(life.nextEdition(present()), u"what is agreed changes"_s);
    if (m_next)
        glance.timer = { m_ask.ticket, *m_next, m_cause, ticket().priority };
    return glance;
}

Result<Done> LookWork::answer(storage::Store &store, storage::WriteScope &scope,
    const EngineQuestion &question, const Agent &agent)
{
    m_store = &store;
    m_scope = &scope;
    TIERLINE_TRY(isLive, load());
    TIERLINE_TRY(asked, storage::loadFiring(m_connection, question.firing));
    if (!isLive || !asked || !isWorkable(ticket().status))
        return conflictError(u"The ticket of this question is closed or gone."_s);
    const rules::ParsedActions parsed = question.actions.isEmpty()
        ? rules::ParsedActions {}
        : rules::parseActions(question.actions);
    if (!parsed.problems.empty())
        return badInput(u"What was asked about cannot be read any more: %1"_s.arg(
            parsed.problems.front().text()));
    // Its own line, behind that of the firing that asked.
    Firing line = *asked;
    line.number = 0;
    line.level = asked->level + 1'000'000;
    line.at = m_ask.now;
    line.ledBy = asked->number;
    line.sentence = u"%1; %2 said yes"_s.arg(asked->sentence, agent.name);
    TIERLINE_TRY(telling, tellingOf(asked->name, asked->sentence, asked->due));
    telling.isConfirmed = true;
    const QString id
        = asked->era == 1 ? asked->rule : asked->rule + u'~' + QString::number(asked->era);
    return carryOut(id, line, deedsFor(parsed.actions, m_frame, telling));
}

// ---- the looker

Looker::Looker(
    const Frame &frame, rules::Neighbours *neighbours, RandomSource &random, const Quiet &quiet)
    : m_frame(frame)
    , m_neighbours(neighbours)
    , m_random(random)
    , m_quiet(quiet)
    , m_life(frame.life)
    , m_live(*frame.live, neighbours)
    , m_present(*frame.live, neighbours)
{
    if (frame.withShadows)
        m_shadows = std::make_unique<rules::Rounds>(*frame.withShadows, neighbours);
}

Looker::~Looker() = default;

qint64 Looker::judged() const
{
    return m_live.judged() + (m_shadows ? m_shadows->judged() : 0);
}

Result<Looker::Glance> Looker::glance(storage::Connection &connection, const Ask &ask, Tally &tally)
{
    LookWork work(*this, connection, ask, tally);
    const qint64 before = judged();
    auto glance = work.run(nullptr, nullptr);
    tally.judged += judged() - before;
    return glance;
}

Result<Done> Looker::act(
    storage::Store &store, storage::WriteScope &scope, const Ask &ask, Tally &tally)
{
    LookWork work(*this, scope.connection(), ask, tally);
    const qint64 before = judged();
    TIERLINE_TRY(glance, work.run(&store, &scope));
    tally.judged += judged() - before;
    return glance.timer ? storage::armTimer(scope, *glance.timer)
                        : storage::disarmTimer(scope, ask.ticket);
}

Result<Done> Looker::answer(storage::Store &store, storage::WriteScope &scope,
    const EngineQuestion &question, const Agent &agent, Instant now, Tally &tally)
{
    const Ask ask { .ticket = question.ticket, .now = now };
    LookWork work(*this, scope.connection(), ask, tally);
    return work.answer(store, scope, question, agent);
}

} // namespace tierline::engine
