#include "core/storage/threads.h"

#include "core/base/logging.h"
#include "core/storage/jobqueues.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

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
