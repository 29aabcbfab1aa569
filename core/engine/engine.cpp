#include "core/engine/engine.h"

#include "core/domain/approver.h"
#include "core/storage/feed.h"
#include "core/storage/logend.h"
#include "core/storage/people.h"
#include "core/storage/rulebook.h"
#include "core/storage/tickets.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using storage::Durability;

namespace {

// What the store keeps of how far the engine has come.
const auto cursorName = u"feed"_s;
const auto judgedName = u"judged"_s; ///< Engine::judgedTo(); empty: not known
const auto walkName = u"walk"_s; ///< ticket; absent or empty: none is under way
const auto walkedName = u"walked-for"_s; ///< Frame::signature() of the last whole walk
const auto walkedAtName = u"walked-at"_s; ///< when it began
const auto walkBeganName = u"walk-began"_s;
const auto walkingName = u"walking-for"_s;

// What stands at timers for people to read, and is looked for here.
const auto anotherTicket = u"another ticket"_s;
const auto triedAgain = u"tried again"_s;

constexpr Millis lockPause { 500 }; ///< between two looks at a lock that another program holds
constexpr int neighbourBatch = 200;
constexpr size_t actBatch = 8;

} // namespace

Engine::Engine(storage::Store &store, RandomSource &random)
    : Engine(store, random, Options {})
{
}

Engine::Engine(storage::Store &store, RandomSource &random, Options options)
    : m_store(store)
    , m_random(random)
    , m_options(options)
    , m_time(options.at ? Timekeeper(store.clock(), *options.at) : Timekeeper(store.clock()))
{
}

Engine::~Engine() = default;

bool Engine::holdLock()
{
    if (m_lock)
        return true;
    auto lock = storage::FileLock::tryAcquire(m_store.workspace().engineLockPath());
    if (!lock)
        return false;
    m_lock.emplace(std::move(*lock));
    // Another program may have fired until now: what it left in the store is read anew.
    m_isStateRead = false;
    m_changed.clear();
    m_timers.clear();
    m_toAct.clear();
    m_frame.reset();
    return true;
}

QString Engine::judgedText() const
{
    const std::optional<qint64> event = judgedTo();
    return event ? QString::number(*event) : QString();
}

bool Engine::isOver() const
{
    return m_store.clock().monotonic() - m_stepBegan >= m_options.slice;
}

Result<Step> Engine::step()
{
    Step step;
    m_stepBegan = m_store.clock().monotonic();
    step.isHolder = holdLock();
    if (!step.isHolder) {
        step.wait = lockPause;
        return step;
    }
    TIERLINE_CHECK(refresh());
    TIERLINE_CHECK(takeDue(step));
    TIERLINE_CHECK(takeChanges(step));
    TIERLINE_CHECK(walk(step));
    TIERLINE_CHECK(prepareNeighbours(step));
    TIERLINE_CHECK(save());
    step.isWalking = m_walkAt.has_value();
    if (step.hasMore) {
        step.wait = Millis(0);
        return step;
    }
    TIERLINE_TRY(next, storage::firstTimer(m_store.connection()));
    if (next)
        step.wait = std::max(Millis(0), m_time.until(next->due));
    step.hasMore = next && next->due <= m_time.now() && !m_options.at;
    return step;
}

// ---- what it works with

Result<Done> Engine::refresh()
{
    storage::Connection &connection = m_store.connection();
    if (!m_isStateRead) {
        TIERLINE_TRY(cursor, storage::loadEngineState(connection, cursorName));
        TIERLINE_TRY(walk, storage::loadEngineState(connection, walkName));
        TIERLINE_TRY(walkedFor, storage::loadEngineState(connection, walkedName));
        TIERLINE_TRY(walkingFor, storage::loadEngineState(connection, walkingName));
        TIERLINE_TRY(walkedAt, storage::loadEngineState(connection, walkedAtName));
        TIERLINE_TRY(judged, storage::loadEngineState(connection, judgedName));
        m_cursor = m_savedCursor = cursor.toLongLong();
        m_cursorEvents.reset();
        if (!judged.isEmpty())
            m_cursorEvents = judged.toLongLong();
        m_isJudgedUnsure = !m_cursorEvents;
        m_changedEvents = m_cursorEvents;
        m_walkAt.reset();
        if (!walk.isEmpty())
            m_walkAt = TicketId { walk.toLongLong() };
        m_walkedFor = walkedFor;
        m_walkingFor = walkingFor;
        m_newSince = Instant { walkedAt.toLongLong() };
        m_isStateRead = true;
        m_changedTo = m_cursor;
    }
    if (m_frame)
        return Done {};
    TIERLINE_CHECK(loadFrame());
    return isWalkDue() ? beginWalk() : Result<Done>(Done {});
}

/// Reads rules, people and agreements.
Result<Done> Engine::loadFrame()
{
    storage::Connection &connection = m_store.connection();
    m_looker.reset();
    m_neighbours.reset();
    m_areNeighboursKnown = false;
    m_neighbourAt = {};
    TIERLINE_TRY(frame, Frame::load(connection, m_options.ways));
    TIERLINE_TRY(quiet, commands::loadQuietTimes(connection));
    m_frame = std::move(frame);
    m_quiet = Quiet::of(quiet, m_frame->life.agreements.get());
    const rules::RuleSet &all = m_frame->withShadows ? *m_frame->withShadows : *m_frame->live;
    m_frame->life.tracesNeighbours = rules::Neighbours::areReadBy(all);
    if (m_frame->life.tracesNeighbours) {
        m_neighbours = std::make_unique<rules::Neighbours>(all);
        const QHash<QString, qint64> &capacity = m_frame->life.capacity;
        for (auto team = capacity.cbegin(); team != capacity.cend(); ++team)
            m_neighbours->setCapacity(team.key(), team.value());
    }
    m_looker = std::make_unique<Looker>(*m_frame, nullptr, m_random, m_quiet);
    m_unsure.clear();
    return Done {};
}

bool Engine::isWalkDue() const
{
    return m_frame->signature() != (m_walkAt ? m_walkingFor : m_walkedFor);
}

Result<Done> Engine::beginWalk()
{
    m_walkAt = TicketId {};
    m_walkingFor = m_frame->signature();
    const QString began = QString::number(m_time.now().ms);
    return m_store.write(Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveEngineState(scope, walkName, u"0"_s));
        TIERLINE_CHECK(storage::saveEngineState(scope, walkingName, m_walkingFor));
        return storage::saveEngineState(scope, walkBeganName, began);
    });
}

/// Where rules read other tickets all logs are read once, behind everything else. Until that is done nothing is
/// known of other tickets, and rules that ask for them are not judged; those tickets are looked at again then.
Result<Done> Engine::prepareNeighbours(Step &step)
{
    if (!m_neighbours || m_areNeighboursKnown)
        return Done {};
    step.hasMore = true;
    if (isOver())
        return Done {};
    storage::Connection &connection = m_store.connection();
    rules::TicketLife life(m_frame->life);
    TIERLINE_TRY(tickets,
        storage::nextTickets(connection, storage::Which::All, m_neighbourAt, neighbourBatch));
    for (const TicketId ticket : tickets) {
        TIERLINE_TRY(events, storage::loadEvents(connection, ticket));
        life.begin(ticket);
        for (const Event &event : events)
            life.apply(event);
        m_neighbours->set(life.trace());
        m_neighbourAt = ticket;
        if (isOver())
            break;
    }
    if (!tickets.empty())
        return Done {};
    m_areNeighboursKnown = true;
    m_looker = std::make_unique<Looker>(*m_frame, m_neighbours.get(), m_random, m_quiet);
    m_changed.insert(m_changed.begin(), m_unsure.begin(), m_unsure.end());
    m_unsure.clear();
    return Done {};
}

// ---- what it does

/// First without a transaction: most looks find nothing to do. What they say of timers is kept for the next
/// write, and is not older than what the cursor says is looked at. What has to be done is done a few tickets
/// at a time, since each commit waits for the disk.
Result<Done> Engine::look(Looker::Ask ask, Step &step)
{
    ask.now = m_time.now();
    if (m_frame->isIdle && !ask.due) {
        // Then only a ticket that goes back and forth is anybody's alarm: it was made, left, and came back.
        TIERLINE_TRY(places, storage::countPlaces(m_store.connection(), ask.ticket));
        if (places < 3)
            return Done {};
    }
    if (m_walkAt)
        ask.newSince = m_newSince;
    TIERLINE_TRY(stored, storage::loadTimer(m_store.connection(), ask.ticket));
    const std::optional<storage::TimerRow> armed = timerOf(ask.ticket, stored);
    ask.isWoken = armed && armed->cause == anotherTicket;
    const bool isUnsure = m_neighbours && !m_areNeighboursKnown;
    if (isUnsure)
        m_unsure.push_back(ask.ticket);
    if (!isUnsure && !m_walkAt && !m_options.judgesAll && !(armed && armed->cause == triedAgain))
        ask.judgedTo = judgedTo();
    Tally glanced;
    const auto glance = m_looker->glance(m_store.connection(), ask, glanced);
    if (!glance)
        return setAside(ask, glance.error(), step);
    for (const TicketId woken : glance->woken) {
        if (woken != ask.ticket)
            TIERLINE_CHECK(wake(woken, ask.now));
    }
    m_timers.remove(ask.ticket.v);
    if (glance->mustAct) {
        m_toAct.push_back(ask);
        return m_toAct.size() < actBatch ? Result<Done>(Done {}) : act(step);
    }
    step.tally.add(glanced);
    if (glance->timer != stored)
        m_timers[ask.ticket.v] = glance->timer;
    return Done {};
}

/// The ticket's timer as it is to stand, where that is not written yet.
std::optional<storage::TimerRow> Engine::timerOf(
    TicketId ticket, const std::optional<storage::TimerRow> &stored) const
{
    const auto waiting = m_timers.constFind(ticket.v);
    return waiting == m_timers.cend() ? stored : *waiting;
}

/// A ticket that could not be looked at is still to be looked at as a whole.
Result<Done> Engine::wake(TicketId ticket, Instant now)
{
    TIERLINE_TRY(stored, storage::loadTimer(m_store.connection(), ticket));
    const std::optional<storage::TimerRow> armed = timerOf(ticket, stored);
    const bool isOpen = armed && armed->cause == triedAgain;
    m_timers[ticket.v] = storage::TimerRow { ticket, now, isOpen ? triedAgain : anotherTicket };
    return Done {};
}

Result<Done> Engine::act(Step &step)
{
    const std::vector<Looker::Ask> asks = std::exchange(m_toAct, {});
    const Result<Done> done = actOn(asks, step);
    if (!done)
        m_toAct = asks; // still to be done, and nothing behind them is called done before
    return done;
}

/// All in one transaction; where that fails each in its own, so that one ticket never holds up the others.
Result<Done> Engine::actOn(std::span<const Looker::Ask> asks, Step &step)
{
    if (asks.empty())
        return Done {};
    Tally tally;
    const Result<Done> done
        = m_store.write(Durability::Person, [&](storage::WriteScope &scope) -> Result<Done> {
              tally = {};
              for (const Looker::Ask &ask : asks)
                  TIERLINE_CHECK(m_looker->act(m_store, scope, ask, tally));
              return Done {};
          });
    if (done) {
        step.tally.add(tally);
        return Done {};
    }
    if (asks.size() == 1)
        return setAside(asks.front(), done.error(), step);
    for (const Looker::Ask &ask : asks)
        TIERLINE_CHECK(actOn(std::span(&ask, 1), step));
    return Done {};
}

/// A fault of the store ends the step, and all of it is tried again. Any other is the ticket's own: it is told,
/// and looked at again in an hour.
Result<Done> Engine::setAside(const Looker::Ask &ask, const Error &error, Step &step)
{
    if (error.fault == Fault::Storage || error.fault == Fault::Cancelled)
        return error;
    step.tally.problems.append(u"A ticket could not be looked at: %1"_s.arg(error.detail));
    m_timers[ask.ticket.v] = storage::TimerRow { ask.ticket, m_time.now() + 3'600s, triedAgain };
    return Done {};
}

Result<Done> Engine::takeDue(Step &step)
{
    const Instant now = m_time.now();
    TIERLINE_TRY(due,
        storage::loadTimers(
            m_store.connection(), Instant { Instant::MinMs }, now, m_options.batch));
    for (const storage::TimerRow &timer : due) {
        TIERLINE_CHECK(look({ .ticket = timer.ticket, .due = timer.due }, step));
        if (isOver())
            break;
    }
    TIERLINE_CHECK(act(step));
    // Those that were looked at have another timer once this step is saved.
    step.hasMore = step.hasMore || !due.empty();
    return Done {};
}

Result<Done> Engine::takeChanges(Step &step)
{
    if (m_changed.empty()) {
        m_cursor = m_changedTo;
        m_cursorEvents = m_changedEvents;
        // Asked before the feed, which then names the tickets of all of them.
        TIERLINE_TRY(newest, storage::newestEvent(m_store.connection()));
        TIERLINE_TRY(changes, storage::changesSince(m_store.connection(), m_cursor));
        m_changedTo = changes.to;
        m_changedEvents = newest;
        if (changes.everything) {
            // People, agreements, rules or settings changed, an import ended, a backup came back, or we were
            // away for long.
            TIERLINE_TRY(revision, storage::ruleRevision(m_store.connection()));
            const bool areRules = revision != m_frame->ruleRevision;
            TIERLINE_CHECK(loadFrame());
            // A list of words may be another, of which no walk is made: what was judged by it stands.
            if (isWalkDue() || m_walkAt || (!areRules && !m_frame->isIdle)) {
                TIERLINE_CHECK(beginWalk());
            } else {
                m_isJudgedUnsure = true;
            }
            step.hasMore = true;
        }
        m_changed.assign(changes.tickets.rbegin(), changes.tickets.rend());
    }
    for (int i = 0; i < m_options.batch && !m_changed.empty() && !isOver(); ++i) {
        const TicketId ticket = m_changed.back();
        TIERLINE_CHECK(look({ .ticket = ticket }, step));
        m_changed.pop_back();
    }
    TIERLINE_CHECK(act(step));
    if (m_changed.empty()) {
        m_cursor = m_changedTo;
        m_cursorEvents = m_changedEvents;
    } else {
        step.hasMore = true;
    }
    return Done {};
}

Result<Done> Engine::walk(Step &step)
{
    if (!m_walkAt || isOver()) {
        step.hasMore = step.hasMore || m_walkAt;
        return Done {};
    }
    TIERLINE_TRY(tickets,
        storage::nextTickets(
            m_store.connection(), storage::Which::Workable, *m_walkAt, m_options.batch));
    for (const TicketId ticket : tickets) {
        TIERLINE_CHECK(look({ .ticket = ticket }, step));
        m_walkAt = ticket;
        ++step.walked;
        if (isOver())
            break;
    }
    TIERLINE_CHECK(act(step));
    step.hasMore = true;
    if (!tickets.empty())
        return Done {};
    const QString signature = m_frame->signature();
    TIERLINE_TRY(began, storage::loadEngineState(m_store.connection(), walkBeganName));
    m_isJudgedUnsure = false;
    TIERLINE_CHECK(save());
    TIERLINE_CHECK(
        m_store.write(Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(storage::saveEngineState(scope, walkName, {}));
            TIERLINE_CHECK(storage::saveEngineState(scope, judgedName, judgedText()));
            TIERLINE_CHECK(storage::saveEngineState(scope, walkedName, signature));
            return storage::saveEngineState(scope, walkedAtName, began);
        }));
    m_walkAt.reset();
    m_walkedFor = signature;
    m_newSince = Instant { began.toLongLong() };
    return Done {};
}

/// Timers, and how far we have come: one transaction, or none where nothing moved.
Result<Done> Engine::save()
{
    if (m_timers.empty() && m_cursor == m_savedCursor)
        return Done {};
    TIERLINE_CHECK(
        m_store.write(Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            for (auto timer = m_timers.cbegin(); timer != m_timers.cend(); ++timer)
                TIERLINE_CHECK(timer.value() ? storage::armTimer(scope, *timer.value())
                                             : storage::disarmTimer(scope, { timer.key() }));
            if (m_walkAt)
                TIERLINE_CHECK(
                    storage::saveEngineState(scope, walkName, QString::number(m_walkAt->v)));
            TIERLINE_CHECK(storage::saveEngineState(scope, judgedName, judgedText()));
            return storage::saveEngineState(scope, cursorName, QString::number(m_cursor));
        }));
    m_savedCursor = m_cursor;
    m_timers.clear();
    return Done {};
}

// ---- what people answer

Result<Tally> Engine::answer(const QString &id, bool isYes, const Agent &agent)
{
    if (!m_frame || !m_lock) // whoever does not run the rules hears of no change of people
        TIERLINE_CHECK(loadFrame());
    Tally tally;
    TIERLINE_CHECK(
        m_store.write(Durability::Person, [&](storage::WriteScope &scope) -> Result<Done> {
            tally = {};
            TIERLINE_TRY(question, storage::loadQuestion(scope.connection(), id));
            if (question && question->approver
                && !mayApprove(*question->approver, agent, m_frame->agents))
                return notAllowed(u"The rule asks %1, and nobody else may answer."_s.arg(
                    inWords(*question->approver, m_frame->agents)));
            TIERLINE_CHECK(storage::answerQuestion(scope, id, isYes, agent.id, m_time.now()));
            if (!isYes || !question)
                return Done {};
            return m_looker->answer(m_store, scope, *question, agent, m_time.now(), tally);
        }));
    return tally;
}

} // namespace tierline::engine
