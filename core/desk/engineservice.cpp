#include "core/desk/engineservice.h"

#include "core/desk/session.h"
#include "core/storage/firings.h"
#include "core/storage/tickets.h"
#include "core/storage/waiting.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Timers of the event loop stand still while the machine sleeps: the clock is looked at this often.
constexpr Millis longestWait { 60'000 };
constexpr Millis afterFault { 5'000 };
constexpr int noticesAtOnce = 50;

struct Waiting {
    std::vector<notify::Message> messages;
    int questions = 0;
};

Result<Waiting> loadWaiting(storage::Connection &connection, const Visibility &visibility,
    const std::vector<NoticeAddress> &to, Instant now)
{
    Waiting waiting;
    TIERLINE_TRY(notices, storage::loadNoticesFor(connection, to, visibility, now, noticesAtOnce));
    for (storage::WaitingNotice &one : notices)
        waiting.messages.push_back(
            { std::move(one.notice), std::move(one.key), std::move(one.subject) });
    TIERLINE_TRY(questions, storage::countOpenQuestions(connection, visibility));
    waiting.questions = questions;
    return waiting;
}

} // namespace

struct EngineService::Held {
    SystemRandom random;
    const notify::WayRegistry *ways = nullptr;
    std::unique_ptr<engine::Engine> engine;

    engine::Engine &on(storage::Store &store)
    {
        if (!engine)
            engine = std::make_unique<engine::Engine>(
                store, random, engine::Engine::Options { .ways = ways });
        return *engine;
    }
};

EngineService::EngineService(Session &session)
    : m_session(session)
    , m_held(std::make_shared<Held>())
{
    m_tick.setSingleShot(true);
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, &EngineService::step);
    m_gather.setSingleShot(true);
    m_gather.setInterval(300);
    connect(&m_gather, &QTimer::timeout, this, &EngineService::deliver);
}

EngineService::~EngineService()
{
    shutDown();
}

void EngineService::start(std::vector<notify::Sink *> sinks, const notify::WayRegistry *ways)
{
    if (std::exchange(m_isStarted, true) || m_isOver)
        return;
    m_sinks = std::move(sinks);
    m_held->ways = ways;
    connect(&m_session, &Session::opened, this, &EngineService::begin);
    connect(&m_session, &Session::writable, this, &EngineService::begin);
    connect(&m_session, &Session::ticketsChanged, this, [this] {
        wake();
        if (m_isBegun && !m_gather.isActive())
            m_gather.start(); // another program's rules may have something for this person
    });
    begin();
}

void EngineService::begin()
{
    if (m_isBegun || m_isOver || !m_session.openStore())
        return;
    m_isBegun = true;
    wake();
    deliver();
}

void EngineService::shutDown()
{
    if (std::exchange(m_isOver, true))
        return;
    m_tick.stop();
    m_gather.stop();
    // The engine points into the store, and ends where it lived.
    if (storage::StoreThread *store = m_session.openStore())
        store->run([held = m_held](storage::Store &) -> Result<Done> {
            held->engine.reset();
            return Done {};
        });
}

/// Something changed, or is due.
void EngineService::wake()
{
    if (m_isBegun && !m_isOver)
        m_tick.start(0);
}

void EngineService::step()
{
    if (m_isOver)
        return;
    if (std::exchange(m_isStepping, true)) {
        m_isWanted = true;
        return;
    }
    storage::StoreThread *store = m_session.openStore();
    if (!store)
        return;
    store->run([held = m_held](storage::Store &open) { return held->on(open).step(); })
        .then(this, [this](const Result<engine::Step> &step) {
            m_isStepping = false;
            if (!m_isOver)
                stepped(step);
        });
}

void EngineService::stepped(const Result<engine::Step> &step)
{
    EngineState state = m_state;
    state.isRunning = true;
    if (!step) {
        state.problem = step.error().detail;
        setState(state);
        m_tick.start(afterFault);
        return;
    }
    state.problem.clear();
    state.isHolder = step->isHolder;
    state.isWalking = step->isWalking;
    setState(state);
    const engine::Tally &tally = step->tally;
    if (tally.fired > 0 || tally.shadows > 0 || tally.capped > 0) {
        m_session.feed().poke(); // our own deeds show at once
        emit fired(tally);
        deliver();
    } else if (m_session.clock().monotonic() - m_delivered >= longestWait) {
        deliver(); // what quiet time held back
    }
    if (step->hasMore || std::exchange(m_isWanted, false))
        m_tick.start(0);
    else
        m_tick.start(std::min(step->wait.value_or(longestWait), longestWait));
}

void EngineService::setState(EngineState state)
{
    if (state == m_state)
        return;
    m_state = std::move(state);
    emit changed();
}

// ---- notices

void EngineService::deliver()
{
    if (m_isOver || std::exchange(m_isDelivering, true))
        return;
    const Instant now = m_session.clock().now();
    m_delivered = m_session.clock().monotonic();
    std::vector<NoticeAddress> to;
    for (const notify::Sink *sink : m_sinks) {
        for (NoticeAddress &one : sink->reaches()) {
            if (std::ranges::find(to, one) == to.end())
                to.push_back(std::move(one));
        }
    }
    m_session
        .read([now, to](storage::Connection &connection, const Visibility &visibility) {
            return loadWaiting(connection, visibility, to, now);
        })
        .then(this, [this](const Result<Waiting> &waiting) {
            m_isDelivering = false;
            if (!waiting || m_isOver)
                return;
            EngineState state = m_state;
            state.questions = waiting->questions;
            setState(state);
            m_hasMore = waiting->messages.size() >= size_t(noticesAtOnce);
            tellNext(waiting->messages);
        });
}

/// Each is claimed before it is told: told once, whatever other programs run.
void EngineService::tellNext(std::vector<notify::Message> messages)
{
    for (size_t i = 0; i < messages.size(); ++i) {
        const auto sink = std::ranges::find_if(
            m_sinks, [&](notify::Sink *one) { return one->takes(messages[i].notice); });
        if (sink == m_sinks.end())
            continue;
        const notify::Message message = messages[i];
        messages.erase(messages.begin(), messages.begin() + qptrdiff(i) + 1);
        m_session
            .onStore([id = message.notice.id](storage::Store &store) -> Result<bool> {
                bool isOurs = false;
                TIERLINE_CHECK(store.write(storage::Durability::Background,
                    [&](storage::WriteScope &scope) -> Result<Done> {
                        TIERLINE_TRY(claimed, storage::handOverNotice(scope, id));
                        isOurs = claimed;
                        return Done {};
                    }));
                return isOurs;
            })
            .then(this,
                [this, message, sink = *sink, rest = std::move(messages)](
                    const Result<bool> &isOurs) {
                    if (m_isOver)
                        return;
                    if (isOurs && *isOurs)
                        sink->tell(message);
                    if (rest.empty() && isOurs && std::exchange(m_hasMore, false))
                        deliver(); // as many as there are, some at a time
                    else
                        tellNext(rest);
                });
        return;
    }
}

// ---- questions

QFuture<Result<std::vector<OpenQuestion>>> EngineService::questions()
{
    return m_session.read([](storage::Connection &connection, const Visibility &visibility) {
        return loadQuestions(connection, visibility);
    });
}

QFuture<Result<engine::Tally>> EngineService::answer(const QString &id, bool isYes)
{
    return m_session
        .onDesk([id, isYes, held = m_held](Desk &desk) -> Result<engine::Tally> {
            storage::Store &store = desk.store();
            TIERLINE_TRY(question, storage::loadQuestion(store.connection(), id));
            if (!question)
                return notFound(u"This question is gone."_s);
            TIERLINE_CHECK(mayAnswer(desk, *question));
            return held->on(store).answer(id, isYes, desk.actor());
        })
        .then(this, [this](Result<engine::Tally> tally) {
            wake();
            deliver();
            return tally;
        });
}

} // namespace tierline::desk
