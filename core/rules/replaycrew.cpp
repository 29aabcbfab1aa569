#include "core/rules/replaycrew_p.h"

#include "core/base/freedmemory.h"
#include "core/rules/backtest.h"

namespace tierline::rules {

namespace {

constexpr size_t batchSize = 64;
constexpr size_t batchesPerThread = 4; ///< under way at a time
constexpr unsigned mostThreads = 8;

/// One book is read by one thread.
LifeFrame framed(const LifeFrame &frame)
{
    LifeFrame own = frame;
    if (frame.agreements)
        own.agreements = std::make_shared<const sla::AgreementBook>(*frame.agreements);
    return own;
}

} // namespace

/// Plays tickets one after another. Thread: one.
class ReplayCrew::Player
{
public:
    explicit Player(const Task &task)
        : m_task(task)
        , m_frame(framed(task.frame))
        , m_replay(task.set, m_frame, task.neighbours)
        , m_isUnknown(task.set.rules().size())
    {
    }

    PlayedTicket play(PastTicket &ticket)
    {
        if (m_task.tracing)
            return { .id = ticket.id,
                .trace = NeighbourTrace::of(ticket.id, ticket.events, *m_task.tracing) };
        PlayedTicket played { ticket.id, ticket.key, ticket.shouldEscalate, {}, {}, {} };
        std::ranges::fill(m_isUnknown, 0);
        m_fires.clear();
        m_replay.run(
            ticket, m_task.until,
            [&](const ReplayFire &fire) {
                if (fire.at >= m_task.from)
                    m_fires.push_back(noted(fire));
            },
            [&](const Unjudged &unjudged) {
                if (!std::exchange(m_isUnknown[size_t(unjudged.rule)], 1))
                    played.unjudged.push_back(unjudged);
            });
        played.fires.assign(std::move_iterator(m_fires.begin()), std::move_iterator(m_fires.end()));
        return played;
    }

private:
    PlayedFire noted(const ReplayFire &replayed) const
    {
        const RoundFire &fire = *replayed.fire;
        PlayedFire noted { fire.rule, replayed.at, fire.sentence, {}, fire.escalates };
        if (m_task.set.compiled()[size_t(fire.rule)].escalates)
            noted.tier = tierOf(
                m_task.set.rules()[size_t(fire.rule)], *replayed.life, m_frame, replayed.at);
        return noted;
    }

    const Task &m_task;
    LifeFrame m_frame;
    Replay m_replay;
    std::vector<quint8> m_isUnknown; ///< by rule, of the ticket at hand
    std::vector<PlayedFire> m_fires; ///< of the ticket at hand
};

size_t ReplayCrew::threadsFor(int wanted)
{
    if (wanted > 0)
        return size_t(wanted);
    return std::clamp(std::thread::hardware_concurrency(), 1U, mostThreads);
}

ReplayCrew::ReplayCrew(const Task &task)
    : m_task(task)
    , m_threadCount(threadsFor(task.threads))
{
}

ReplayCrew::~ReplayCrew()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_hasWork.notify_all();
    m_hasAnswer.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
}

void ReplayCrew::play(PastTicket &ticket, const Take &take)
{
    if (!m_filling) {
        m_filling = std::make_unique<Batch>();
        m_filling->own.reserve(m_task.isInMemory ? 0 : batchSize);
        m_filling->tickets.reserve(batchSize);
    }
    if (m_task.isInMemory) {
        m_filling->tickets.push_back(&ticket);
    } else {
        m_filling->own.push_back(std::move(ticket));
        m_filling->tickets.push_back(&m_filling->own.back());
    }
    if (m_filling->tickets.size() == batchSize)
        return submit(take);
    if (m_isAsked) {
        std::unique_lock lock(m_mutex);
        answerQuestions(lock);
    }
}

void ReplayCrew::submit(const Take &take)
{
    startThreads();
    std::unique_lock lock(m_mutex);
    m_waiting.push_back(m_filling.get());
    m_batches.push_back(std::move(m_filling));
    m_hasWork.notify_one();
    takePlayed(lock, take);
    while (m_batches.size() >= batchesPerThread * m_threadCount) {
        m_hasNews.wait(lock, [&] { return m_isAsked || m_batches.front()->isPlayed; });
        takePlayed(lock, take);
    }
}

void ReplayCrew::finish(const Take &take)
{
    if (m_threads.empty()) { // a handful
        if (!m_filling)
            return;
        Player player(m_task);
        for (PastTicket *ticket : m_filling->tickets)
            take(player.play(*ticket));
        m_filling.reset();
        return;
    }
    if (m_filling)
        submit(take);
    std::unique_lock lock(m_mutex);
    while (!m_batches.empty()) {
        m_hasNews.wait(lock, [&] { return m_isAsked || m_batches.front()->isPlayed; });
        takePlayed(lock, take);
    }
}

/// Hands over the batches that are played and have none before them that is not; answers too.
void ReplayCrew::takePlayed(std::unique_lock<std::mutex> &lock, const Take &take)
{
    answerQuestions(lock);
    while (!m_batches.empty() && m_batches.front()->isPlayed) {
        const std::unique_ptr<Batch> batch = std::move(m_batches.front());
        m_batches.pop_front();
        lock.unlock();
        for (PlayedTicket &played : batch->played)
            take(std::move(played));
        lock.lock();
        answerQuestions(lock);
    }
}

void ReplayCrew::answerQuestions(std::unique_lock<std::mutex> &lock)
{
    while (!m_questions.empty()) {
        Question *question = m_questions.front();
        m_questions.pop_front();
        lock.unlock();
        QString answer = question->textOf(question->message); // who asks waits, and lives
        lock.lock();
        question->answer = std::move(answer);
        question->isAnswered = true;
        m_hasAnswer.notify_all();
    }
    m_isAsked = false;
}

QString ReplayCrew::ask(const MessageText &textOf, MessageId message)
{
    Question question { textOf, message, {}, false };
    std::unique_lock lock(m_mutex);
    m_questions.push_back(&question);
    m_isAsked = true;
    m_hasNews.notify_one();
    m_hasAnswer.wait(lock, [&] { return question.isAnswered || m_isStopping; });
    return question.answer;
}

void ReplayCrew::startThreads()
{
    takeMemoryInLargeSteps();
    while (m_threads.size() < m_threadCount)
        m_threads.emplace_back([this] { run(); });
}

void ReplayCrew::run()
{
    Player player(m_task);
    std::unique_lock lock(m_mutex);
    while (true) {
        m_hasWork.wait(lock, [&] { return m_isStopping || !m_waiting.empty(); });
        if (m_isStopping)
            return;
        Batch &batch = *m_waiting.front();
        m_waiting.pop_front();
        lock.unlock();
        for (PastTicket *ticket : batch.tickets) {
            if (m_isStopping)
                return;
            if (!m_task.isInMemory && ticket->textOf) {
                ticket->textOf = [this, textOf = std::move(ticket->textOf)](
                                     MessageId id) { return ask(textOf, id); };
            }
            batch.played.push_back(player.play(*ticket));
        }
        lock.lock();
        batch.isPlayed = true;
        m_hasNews.notify_one();
    }
}

} // namespace tierline::rules
