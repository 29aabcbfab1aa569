#include "core/storage/threads.h"

#include "core/base/logging.h"

#include <array>
#include <condition_variable>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// Jobs in order, taken by one or several threads. After close() what is queued is still handed
/// out, then nullopt.
template<typename Job>
class JobQueue
{
public:
    void put(Job job)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_hasNews.notify_one();
    }
    std::optional<Job> take()
    {
        std::unique_lock lock(m_mutex);
        m_hasNews.wait(lock, [this] { return m_isClosed || !m_jobs.empty(); });
        if (m_jobs.empty())
            return std::nullopt;
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        return job;
    }
    void close()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_isClosed = true;
        }
        m_hasNews.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_hasNews;
    std::deque<Job> m_jobs;
    bool m_isClosed = false;
};

using StoreJob = std::function<void(Store *, const Error *)>;

struct ReaderJob {
    Lane lane;
    std::function<bool()> isCancelled;
    std::function<void(Connection *, const Error *)> work;
};

/// Reads by lane, taken by several threads; the thread that waits shortest is woken first. After
/// close() what is queued is still handed out, then nullopt.
class ReaderQueue
{
public:
    explicit ReaderQueue(int threads)
        : m_mostAtOnce(std::max(threads - 1, 1))
    {
    }
    void put(ReaderJob job)
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs[static_cast<size_t>(job.lane)].push_back(std::move(job));
        wakeOne();
    }
    std::optional<ReaderJob> take()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            if (auto job = next())
                return job;
            if (m_isClosed && isEmpty())
                return std::nullopt;
            Waiting me;
            m_waiting.push_back(&me);
            me.news.wait(lock, [&me] { return me.isCalled; });
        }
    }
    void done(Lane lane)
    {
        if (lane == Lane::Screen)
            return;
        const std::scoped_lock lock(m_mutex);
        m_isRunning[static_cast<size_t>(lane)] = false;
        --m_running;
        wakeOne();
    }
    void close()
    {
        const std::scoped_lock lock(m_mutex);
        m_isClosed = true;
        while (wakeOne()) { }
    }

private:
    static constexpr size_t Lanes = 3;
    struct Waiting {
        std::condition_variable news;
        bool isCalled = false;
    };
    bool wakeOne()
    {
        if (m_waiting.empty())
            return false;
        Waiting *last = m_waiting.back();
        m_waiting.pop_back();
        last->isCalled = true;
        last->news.notify_one();
        return true;
    }
    bool isEmpty() const
    {
        return std::ranges::all_of(m_jobs, [](const auto &jobs) { return jobs.empty(); });
    }
    std::optional<ReaderJob> next()
    {
        for (size_t lane = 0; lane < Lanes; ++lane) {
            const bool isLong = lane != static_cast<size_t>(Lane::Screen);
            if (m_jobs[lane].empty()
                || (isLong && (m_isRunning[lane] || m_running == m_mostAtOnce)))
                continue;
            if (isLong) {
                m_isRunning[lane] = true;
                ++m_running;
            }
            ReaderJob job = std::move(m_jobs[lane].front());
            m_jobs[lane].pop_front();
            return job;
        }
        return std::nullopt;
    }

    const int m_mostAtOnce;
    std::mutex m_mutex;
    std::array<std::deque<ReaderJob>, Lanes> m_jobs;
    std::array<bool, Lanes> m_isRunning {};
    std::vector<Waiting *> m_waiting; ///< the last one has waited shortest
    int m_running = 0; ///< long ones
    bool m_isClosed = false;
};

} // namespace

// ---- StoreThread

struct StoreThread::Private {
    JobQueue<StoreJob> jobs;
    QPromise<Result<Done>> opened;
    std::unique_ptr<QThread> thread;

    void run(const Workspace &workspace, const Clock &clock)
    {
        auto store = Store::open(workspace, clock);
        const Error *error = store ? nullptr : &store.error();
        opened.addResult(store ? Result<Done>(Done {}) : Result<Done>(*error));
        opened.finish();
        while (auto job = jobs.take())
            (*job)(store ? store->get() : nullptr, error);
    }
};

StoreThread::StoreThread(Workspace workspace, const Clock &clock)
    : d(std::make_unique<Private>())
{
    d->opened.start();
    d->thread.reset(QThread::create([self = d.get(), workspace = std::move(workspace), &clock] {
        self->run(workspace, clock);
    }));
    d->thread->setObjectName(u"store"_s);
    d->thread->start();
}

StoreThread::~StoreThread()
{
    d->jobs.close();
    d->thread->wait();
}

QFuture<Result<Done>> StoreThread::opened() const
{
    return d->opened.future();
}

void StoreThread::post(std::function<void(Store *, const Error *)> job)
{
    d->jobs.put(std::move(job));
}

// ---- ReaderPool

struct ReaderPool::Private {
    Private(Workspace place, int count)
        : workspace(std::move(place))
        , jobs(count)
    {
    }
    Workspace workspace;
    ReaderQueue jobs;
    std::atomic<bool> isEnding = false;
    std::vector<std::unique_ptr<QThread>> threads;

    void run()
    {
        std::unique_ptr<Connection> connection;
        while (const auto job = jobs.take()) {
            run(*job, connection);
            jobs.done(job->lane);
        }
    }

    void run(const ReaderJob &job, std::unique_ptr<Connection> &connection)
    {
        const auto isStopped = [this, &job] { return isEnding || job.isCancelled(); };
        if (isStopped()) {
            const Error error = cancelled();
            return job.work(nullptr, &error);
        }
        // Opened with the first job and again after a failure, so that a workspace which was
        // not there, or whose disk was gone, is read as soon as it can be.
        if (!connection) {
            auto opened = Connection::open(workspace.databasePath(), Connection::Mode::ReadOnly);
            if (!opened)
                return job.work(nullptr, &opened.error());
            connection = std::move(*opened);
        }
        connection->setCancelCheck(isStopped);
        // All that a job reads is from one instant; and one lock is cheaper than one for each row.
        const Result<Done> begun = connection->execute("BEGIN");
        job.work(begun ? connection.get() : nullptr, begun ? nullptr : &begun.error());
        connection->setCancelCheck({});
        if (begun && !connection->execute("COMMIT"))
            connection.reset();
    }
};

ReaderPool::ReaderPool(Workspace workspace, int threads)
    : d(std::make_unique<Private>(std::move(workspace), threads))
{
    for (int i = 0; i < threads; ++i) {
        auto &thread = d->threads.emplace_back(QThread::create([self = d.get()] { self->run(); }));
        thread->setObjectName(u"reader %1"_s.arg(i + 1));
        thread->start();
    }
}

ReaderPool::~ReaderPool()
{
    stop();
}

void ReaderPool::stop()
{
    d->isEnding = true;
    d->jobs.close();
    for (const auto &thread : d->threads)
        thread->wait();
}

void ReaderPool::post(Lane lane, std::function<bool()> isCancelled,
    std::function<void(Connection *, const Error *)> job)
{
    if (d->isEnding) {
        const Error error = cancelled();
        job(nullptr, &error);
        return;
    }
    d->jobs.put({ lane, std::move(isCancelled), std::move(job) });
}

} // namespace tierline::storage
