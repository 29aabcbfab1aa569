#pragma once

#include "core/storage/feed.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QThread>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

namespace tierline::storage {

/// Where the outcomes of work on another thread are handed over. A future whose continuation belongs to
/// an object must end on that object's thread: ended elsewhere, it races with the object's end. With a
/// receiver set, every future ends on the receiver's thread; without one, on the thread that worked, for
/// callers that wait for it.
class FutureDelivery
{
public:
    /// Before the first run(). The receiver outlives the threads.
    void deliverTo(QObject *receiver) { m_receiver = receiver; }
    /// Whether an ending is on its way to the receiver.
    bool isDelivering() const { return *m_underWay > 0; }

protected:
    void deliver(std::function<void()> ending)
    {
        if (!m_receiver)
            return ending();
        ++*m_underWay;
        QMetaObject::invokeMethod(
            m_receiver,
            [underWay = m_underWay, ending = std::move(ending)] {
                ending();
                --*underWay;
            },
            Qt::QueuedConnection);
    }

private:
    QObject *m_receiver = nullptr;
    /// Shared with the endings, which may run when this is gone.
    std::shared_ptr<std::atomic<int>> m_underWay = std::make_shared<std::atomic<int>>(0);
};

/// The store's own thread: opens it there, runs work there in order, closes it there.
/// Thread: made and destroyed on the ui thread; run() from any.
class StoreThread : public FutureDelivery
{
public:
    /// Starts the thread; `opened()` ends with the outcome of Store::open.
    StoreThread(Workspace workspace, const Clock &clock);
    ~StoreThread(); ///< lets queued work finish, then closes

    QFuture<Result<Done>> opened() const;
    /// Runs `work(Store &)`, which gives a Result<T>, on the store thread. Where the store could not
    /// be opened the future ends with that error.
    template<typename F>
    auto run(F work) -> QFuture<std::invoke_result_t<F, Store &>>;

private:
    struct Private;
    void post(std::function<void(Store *, const Error *)> job);
    std::unique_ptr<Private> d;
};

/// What a read is for. The first lane always goes first; of each other lane one job runs at a time, so
/// that with a thread more than those a read for the screen never waits for a long one.
enum class Lane : quint8 {
    Screen, ///< somebody looks at the place where this belongs
    Order, ///< whole orders of queues: seconds at worst
    Figures, ///< counts and measures: seconds at worst, nobody waits
};

/// Reader threads with a read-only connection each, opened and closed on its own thread. run() hands
/// the work to one that is free, the last one that worked first (its connection is open and warm); all
/// that it reads is from one instant. Cancelling the future stops its statement within some milliseconds,
/// and the future then has no result. Destroying the pool stops what runs and drops what waits: their futures end with Cancelled.
class ReaderPool : public FutureDelivery
{
public:
    explicit ReaderPool(Workspace workspace, int threads = 3);
    ~ReaderPool();
    /// Ends the threads as destroying the pool does; run() gives Cancelled from then on.
    void stop();

    template<typename F>
    auto run(F work, Lane lane = Lane::Screen) -> QFuture<std::invoke_result_t<F, Connection &>>;

private:
    struct Private;
    void post(Lane lane, std::function<bool()> isCancelled,
        std::function<void(Connection *, const Error *)> job);
    std::unique_ptr<Private> d;
};

/// Tells the ui thread what changed, whoever changed it: this process's own commits at once
/// (poke()), other processes' after a watch on the WAL file and at least every 2 s. The pool must
/// outlive it.
class FeedWatcher : public QObject
{
    Q_OBJECT
public:
    FeedWatcher(Workspace workspace, ReaderPool &readers, QObject *parent = nullptr);
    ~FeedWatcher() override;
    /// Begins after the current revision, which started() tells; load what is shown after that, and no
    /// change falls between.
    void start();
    /// Begins after a revision that the caller has read together with what it shows.
    void start(qint64 revision);
    /// A commit of this process is done: look now.
    void poke();

signals:
    void started(qint64 revision);
    void changed(const tierline::storage::ChangeSet &changes);
    void failed(const tierline::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

template<typename F>
auto StoreThread::run(F work) -> QFuture<std::invoke_result_t<F, Store &>>
{
    using R = std::invoke_result_t<F, Store &>;
    auto promise = std::make_shared<QPromise<R>>();
    QFuture<R> future = promise->future();
    promise->start();
    post([this, promise, work = std::move(work)](Store *store, const Error *error) mutable {
        deliver([promise, result = store ? R(work(*store)) : R(*error)] {
            promise->addResult(result);
            promise->finish();
        });
    });
    return future;
}

template<typename F>
auto ReaderPool::run(F work, Lane lane) -> QFuture<std::invoke_result_t<F, Connection &>>
{
    using R = std::invoke_result_t<F, Connection &>;
    auto promise = std::make_shared<QPromise<R>>();
    QFuture<R> future = promise->future();
    promise->start();
    post(
        lane, [promise] { return promise->isCanceled(); },
        [this, promise, work = std::move(work)](
            Connection *connection, const Error *error) mutable {
            std::optional<R> result;
            if (!promise->isCanceled())
                result = connection ? R(work(*connection)) : R(*error);
            deliver([promise, result = std::move(result)]() mutable {
                if (result && !promise->isCanceled())
                    promise->addResult(std::move(*result));
                promise->finish();
            });
        });
    return future;
}

} // namespace tierline::storage
