#pragma once

#include "core/rules/replay.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace tierline::rules {

/// A fire of a ticket that was played.
struct PlayedFire {
    int rule = 0;
    Instant at;
    QString sentence;
    QString
        tier; ///< of an escalation: where to, else where the ticket was; empty: it escalates nothing
    bool escalates = false;
};
/// What a ticket's past did.
struct PlayedTicket {
    TicketId id;
    QString key;
    std::optional<bool> shouldEscalate;
    std::vector<PlayedFire> fires; ///< in the order in which they came, none before the span
    std::vector<Unjudged> unjudged; ///< the first reason of each rule
    NeighbourTrace trace; ///< only where the task is to trace
};

/// Plays tickets on as many threads as there are cores, and gives back what they did in the order in which the
/// tickets came: the outcome is the same for any number of threads. Tickets go over in batches of some dozens; a
/// handful of tickets is played on the thread that brings them. Texts of messages are fetched by that thread too
/// unless the past says that any may, since a past may read them from a connection of its own. Made, fed and
/// destroyed on one thread; destroying it stops after the tickets that are being played.
class ReplayCrew
{
public:
    /// All outlive it. Fires before `from` are left out, nothing later than `until` is known. `threads`: 0 as many
    /// as there are cores.
    struct Task {
        const RuleSet &set;
        const LifeFrame &frame;
        const Neighbours *neighbours = nullptr;
        Instant from, until;
        int threads = 0;
        bool isInMemory = false; ///< Past::isInMemory()
        /// No rule is played: logs are only read for their traces, so far.
        std::optional<NeighbourTrace::Extent> tracing = {};
    };
    explicit ReplayCrew(const Task &task);
    ~ReplayCrew();

    /// How many threads a crew has that is asked for so many.
    static size_t threadsFor(int wanted);

    using Take = std::function<void(PlayedTicket &&)>;
    /// The next ticket, which is moved away unless the past stands in memory. Waits where many are under way.
    void play(PastTicket &ticket, const Take &take);
    /// Hands over all that is left.
    void finish(const Take &take);

private:
    struct Batch {
        std::vector<PastTicket> own;
        std::vector<PastTicket *> tickets; ///< in `own`, or of a past in memory
        std::vector<PlayedTicket> played;
        bool isPlayed = false;
    };
    struct Question {
        const MessageText &textOf;
        MessageId message;
        QString answer;
        bool isAnswered = false;
    };
    class Player;

    void submit(const Take &take);
    void startThreads();
    void run();
    void takePlayed(std::unique_lock<std::mutex> &lock, const Take &take);
    void answerQuestions(std::unique_lock<std::mutex> &lock);
    QString ask(const MessageText &textOf, MessageId message);

    const Task m_task;
    size_t m_threadCount;
    std::unique_ptr<Batch> m_filling;

    std::mutex m_mutex;
    std::condition_variable m_hasWork; ///< for players
    std::condition_variable
        m_hasNews; ///< for who brings tickets: a batch is played, a text is wanted
    std::condition_variable m_hasAnswer;
    std::deque<std::unique_ptr<Batch>>
        m_batches; ///< in the order in which they came, not yet taken
    std::deque<Batch *> m_waiting; ///< those that nobody plays yet
    std::deque<Question *> m_questions;
    std::atomic<bool> m_isAsked = false;
    std::atomic<bool> m_isStopping = false; ///< set under the lock
    std::vector<std::thread> m_threads; ///< last: they use all of the above
};

} // namespace tierline::rules
