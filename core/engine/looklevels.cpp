#include "core/engine/lookwork_p.h"

#include "core/commands/agreements.h"
#include "core/escalation/fold.h"
#include "core/storage/waiting.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

// ---- ladders

Result<const std::vector<sla::TicketClock> *> LookWork::clocks()
{
    if (!m_clocks) {
        TIERLINE_TRY(loaded, commands::loadClocks(m_connection, ticket(), present()));
        m_clocks = std::move(loaded);
    }
    return &*m_clocks;
}

Result<QString> LookWork::clockFor(int liveRule)
{
    if (!m_frame.life.agreements)
        return QString();
    judgePresent();
    bool isOfClock = false;
    for (const rules::Decisive &one : m_looker.m_present.evaluator().decisive(liveRule)) {
        const rules::CompiledTest &test = m_frame.live->tests()[size_t(one.test)];
        const rules::FactSlot &slot = m_frame.live->slotsRead()[size_t(test.slot)];
        const bool readsClock = slot.fact->changes & rules::Changes(rules::Change::Clock);
        isOfClock = isOfClock || (readsClock && slot.fact->isOnTime());
        if (!slot.fact->clock.isEmpty())
            return slot.fact->clock;
    }
    if (!isOfClock)
        return QString();
    TIERLINE_TRY(all, clocks());
    const sla::TicketClock *next = sla::nextDue(*all);
    return next ? sla::code(next->kind) : QString();
}

Result<Done> LookWork::runLadders()
{
    TIERLINE_TRY(runs, storage::loadLadders(m_connection, m_ask.ticket));
    for (const LadderRun &run : runs) {
        TIERLINE_CHECK(runLadder(run));
        if (isStopped())
            return Done {};
    }
    return Done {};
}

Result<Done> LookWork::runLadder(LadderRun run)
{
    const auto text = readLadder(run.text);
    LadderPlace place = placeOf(m_events, ticket(), run.began);
    place.isCritical = isCritical(ticket());
    place.hours = m_looker.m_life.at(present(), rules::Parts(rules::Part::Hours)).hours;
    if (!run.clock.isEmpty()) {
        TIERLINE_TRY(all, clocks());
        for (const sla::TicketClock &clock : *all) {
            if (clock.isOpen() && sla::code(clock.kind) == run.clock)
                place.clock = &clock;
        }
    }
    LadderStand stand = text ? standOf(run, *text, place, m_looker.m_quiet, m_ask.now)
                             : LadderStand { .run = run };
    if (!text)
        stand.run.state = LadderRun::State::Over;
    const bool isOther = stand.run.state != run.state || stand.run.cycle != run.cycle;
    if (stand.wake.fire || isOther) {
        m_mustAct = true;
        if (!m_scope)
            return Done {};
        if (stand.wake.fire)
            TIERLINE_CHECK(climbLadder(stand, *text));
        TIERLINE_CHECK(storage::saveLadder(*m_scope, stand.run));
    }
    expect(stand.next, u"ladder of “%1”"_s.arg(run.text.left(60)));
    return Done {};
}

/// Whether what began a ladder is still so, as far as that can be told. Where rule and ladder themselves have changed
/// what the rule reads it says nothing any more, and a ladder that opened again says that the ticket lies, whatever
/// began it.
bool LookWork::isStillTrue(
    const LadderRun &run, const Firing &began, const std::vector<Firing> &levels)
{
    const auto rule = std::ranges::find_if(m_frame.liveRules, [&](int number) {
        const StoredRule &stored = m_frame.rules[size_t(number)].stored;
        return stored.id == began.rule && stored.era == began.era;
    });
    if (run.cycle > 0 || rule == m_frame.liveRules.end())
        return true;
    rules::Changes own = 0;
    for (const Event &event : m_events) {
        if (event.kind == EventKind::Message)
            continue; // no answer of ours
        if (std::ranges::any_of(levels, [&](const Firing &one) {
                return one.isReal && !one.operation.isEmpty() && one.operation == event.operation;
            }))
            own = rules::Changes(own | rules::changesOf(event));
    }
    const int number = int(rule - m_frame.liveRules.begin());
    const rules::CompiledRule &compiled = m_frame.live->compiled()[size_t(number)];
    if ((compiled.facts & rules::factTable().changedBy(own)).any())
        return true;
    judgePresent();
    return m_looker.m_present.evaluator().judge(number) != rules::Truth::No;
}

/// The highest level that was reached is done; those below it, passed while nobody looked, are told with it. Where
/// what began it is no longer so, nothing is, and the ladder ends.
Result<Done> LookWork::climbLadder(LadderStand &stand, const LadderText &text)
{
    TIERLINE_TRY(found, storage::loadFiring(m_connection, stand.run.firing));
    if (!found)
        return Done {};
    const Firing &began = *found;
    TIERLINE_TRY(known,
        storage::findFirings(m_connection, m_ask.ticket, began.rule, began.era, began.anchor));
    const auto isDone = [&](int level) {
        return std::ranges::any_of(known,
            [&](const Firing &one) { return one.level == level && (one.isReal || isForeign()); });
    };
    if (!isStillTrue(stand.run, began, known)) {
        stand.run.state = LadderRun::State::Over;
        stand.next.reset();
        return Done {};
    }
    const auto atOf = [&](int level) {
        const auto step = std::ranges::find(stand.steps, level, &sla::LadderStep::level);
        return step == stand.steps.end() ? m_ask.now : step->at;
    };
    Firing line { .ticket = m_ask.ticket,
        .rule = began.rule,
        .era = began.era,
        .anchor = began.anchor,
        .name = began.name,
        .version = began.version,
        .at = m_ask.now,
        .ledBy = began.number,
        .depth = began.depth };
    const int level = stand.wake.fire->level;
    const std::vector<rules::Action> &actions = text.steps[stepOf(text, level)].actions;
    line.sentence
        = u"%1; level %2 of its ladder"_s.arg(began.sentence, QString::number(level % 10'000));
    if (isForeign()) {
        line.level = level;
        line.due = stand.wake.fire->at;
        return isDone(level) ? Result<Done>(Done {}) : noteWouldFire(line, wouldDo(actions));
    }
    int passed = 0;
    for (const int lower : stand.wake.collapsed) {
        if (isDone(lower))
            continue;
        Firing low = line;
        low.level = lower;
        low.due = atOf(lower);
        low.outcome = FiringOutcome::Collapsed;
        low.sentence = u"Level %1 passed while nobody looked."_s.arg(lower % 10'000);
        TIERLINE_CHECK(insert(low));
        ++passed;
        ++m_tally.collapsed;
    }
    if (isDone(level))
        return Done {};
    line.level = level;
    line.due = stand.wake.fire->at;
    TIERLINE_TRY(telling, tellingOf(began.name, line.sentence, line.due));
    if (passed > 0)
        telling.summary = u"(%1 earlier levels passed while nobody looked; this is %2 late.)"_s.arg(
            QString::number(passed), durationText(m_ask.now - line.due));
    Deeds deeds = deedsFor(actions, m_frame, telling);
    if (passed > 0 && deeds.notices.empty())
        deeds.notices = responsible(ticket(),
            u"%1 “%2”: %3 %4"_s.arg(ticket().key, ticket().subject.simplified().left(200),
                line.sentence, telling.summary));
    const QString id = began.era == 1 ? began.rule : began.rule + u'~' + QString::number(began.era);
    return carryOut(id, line, std::move(deeds));
}

/// Of a ticket that is solved nobody is asked any more; what was asked for is not done.
Result<Done> LookWork::closeQuestions()
{
    TIERLINE_TRY(isAsked, storage::hasOpenQuestions(m_connection, m_ask.ticket));
    if (!isAsked)
        return Done {};
    m_mustAct = true;
    return m_scope ? storage::closeQuestions(*m_scope, m_ask.ticket, m_ask.now)
                   : Result<Done>(Done {});
}

// ---- priorities that climb

Result<Done> LookWork::runClimbs()
{
    if (!m_frame.climbs || !isWorkable(ticket().status))
        return Done {};
    TIERLINE_TRY(all, clocks());
    const std::vector<sla::TicketClock> held = *all; // acting makes them anew
    for (const sla::TicketClock &clock : held) {
        if (!clock.isOpen() || !clock.climbsTo || !clock.cycle.start || !clock.reading.due)
            continue;
        // From what the ticket was when the clock began; what was raised since is no new beginning.
        std::vector<Event> until;
        for (const Event &event : m_events) {
            if (event.at <= *clock.cycle.start)
                until.push_back(event);
        }
        const Priority from = escalation::replay(m_ask.ticket, until).ticket.priority;
        std::optional<sla::ClimbStep> reached;
        int level = 0, at = 0;
        for (const sla::ClimbStep &step : sla::climb(clock, from)) {
            ++at;
            if (step.at <= m_ask.now) {
                reached = step;
                level = at;
            } else {
                expect(step.at, u"priority of “%1” climbs"_s.arg(clock.policy));
                break;
            }
        }
        const QString anchor = u"%1@%2/%3#%4"_s.arg(sla::code(clock.kind), clock.cycle.start->iso(),
            clock.reading.due->iso(), QString::number(level));
        if (!reached || isAnswered(causeKey(u"climb"_s, 1, anchor))
            || ticket().priority >= reached->priority)
            continue;
        m_mustAct = true;
        if (!m_scope)
            return Done {};
        Firing line { .ticket = m_ask.ticket,
            .rule = u"climb"_s,
            .anchor = anchor,
            .name = clock.policy,
            .due = reached->at,
            .at = m_ask.now,
            .sentence = u"its %1 is due %2"_s.arg(
                sla::code(clock.kind).replace(u'_', u' '), clock.reading.due->iso()) };
        const QString raise = u"raise priority to "_s + code(reached->priority);
        if (isForeign()) {
            TIERLINE_CHECK(noteWouldFire(line, { { raise, u"would"_s, {} } }));
            continue;
        }
        Deeds deeds { .deeds = { { raise, u"done"_s, {} } },
            .steps = { commands::RaisePriority { reached->priority } },
            .deedOf = { 0 } };
        TIERLINE_CHECK(carryOut(line.rule, line, std::move(deeds)));
    }
    return Done {};
}

} // namespace tierline::engine
