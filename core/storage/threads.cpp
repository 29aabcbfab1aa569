#include "core/storage/threads.h"

#include "core/base/logging.h"

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
    std::function<bool()> isCancelled;
    std::function<void(Connection *, const Error *)> work;
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
    explicit Private(Workspace place)
        : workspace(std::move(place))
    {
    }
    Workspace workspace;
    JobQueue<ReaderJob> jobs;
    std::atomic<bool> isEnding = false;
    std::vector<std::unique_ptr<QThread>> threads;

    void run()
    {
        std::unique_ptr<Connection> connection;
        while (auto job = jobs.take()) {
            const auto isStopped = [this, &job] { return isEnding || job->isCancelled(); };
            if (isStopped()) {
                const Error error = cancelled();
                job->work(nullptr, &error);
                continue;
            }
            // Opened with the first job and again after a failure, so that a workspace which was
            // not there, or whose disk was gone, is read as soon as it can be.
            if (!connection) {
                auto opened
                    = Connection::open(workspace.databasePath(), Connection::Mode::ReadOnly);
                if (!opened) {
                    job->work(nullptr, &opened.error());
                    continue;
                }
                connection = std::move(*opened);
            }
            connection->setCancelCheck(isStopped);
            job->work(connection.get(), nullptr);
            connection->setCancelCheck({});
        }
    }
};

ReaderPool::ReaderPool(Workspace workspace, int threads)
    : d(std::make_unique<Private>(std::move(workspace)))
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

void ReaderPool::post(
    std::function<bool()> isCancelled, std::function<void(Connection *, const Error *)> job)
{
    if (d->isEnding) {
        const Error error = cancelled();
        job(nullptr, &error);
        return;
    }
    d->jobs.put({ std::move(isCancelled), std::move(job) });
}

} // namespace tierline::storage
