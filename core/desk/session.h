#pragma once

#include "core/desk/desk.h"
#include "core/desk/openticket.h"
#include "core/model/storequeuesource.h"
#include "core/storage/placecounts.h"
#include "core/storage/threads.h"

#include <QObject>

namespace tierline::desk {

class DueService;
class CourierService;
class EngineService;
class SyncService;

/// Who works here: read once at the start and again when people change.
struct People {
    Agent me;
    QList<Agent> agents;
    QList<Tier> tiers; ///< by rank
    QList<Team> teams;
    Visibility visibility;
    qint64 revision = 0; ///< of the change feed when this was read

    const Tier *tier(const QString &id) const;
    const Agent *agent(const QString &id) const;
    /// The name to show for an agent id; the id itself where nobody has it.
    QString nameOf(const QString &agentId) const;
};

/// One open workspace as the desktop uses it: the store's thread, the readers, the feed, and the
/// desk's verbs as futures. Nothing here waits.
/// Thread: ui. The clock and the random source outlive it.
class Session : public QObject
{
    Q_OBJECT
public:
    Session(
        storage::Workspace workspace, const Clock &clock, RandomSource &random, QString as = {});
    ~Session() override;

    /// Ends what runs (what was begun to be written is finished) and the threads; every future has ended
    /// when it returns. Whoever owns objects that wait for futures calls it before they go.
    void shutDown();
    /// Starts opening. Reading begins as soon as the people are known, while the writer still opens.
    /// Signals come from the event loop alone, so that windows may be made meanwhile.
    void open();

    const People &people() const { return m_people; }
    model::StoreQueueSource &queues() { return m_queues; }
    storage::ReaderPool &readers() { return m_readers; }
    storage::FeedWatcher &feed() { return m_feed; }
    const Clock &clock() const { return m_clock; }
    RandomSource &random() { return m_random; }
    const storage::Workspace &workspace() const { return m_workspace; }
    /// The way to the helpdesks; does nothing until the program starts it.
    SyncService &sync() { return *m_sync; }
    /// The rules at work; does nothing until the program starts it.
    EngineService &engine() { return *m_engine; }
    /// What takes notices to people over networks; does nothing until the program starts it.
    CourierService &courier() { return *m_courier; }
    /// Due times on their way to what is agreed; begins by itself.
    DueService &dues() { return *m_dues; }

    QFuture<Result<TicketId>> findTicket(const QString &key);
    QFuture<Result<std::shared_ptr<const OpenTicket>>> openTicket(TicketId id);
    /// Newest first, from what a person typed. `stop` ends it with Cancelled within some milliseconds;
    /// after `patience` (0: without end) it gives what it has found by then.
    QFuture<Result<storage::SearchPage>> search(
        const QString &typed, int limit, storage::StopFlag stop = {}, Millis patience = Millis(0));
    /// How full each of these queues is, in the order asked.
    QFuture<Result<QList<storage::PlaceCount>>> countPlaces(
        const QList<storage::QueueQuery> &queries);
    QFuture<Result<metrics::Report>> measure(metrics::Options options);

    /// A verb of the desk, on the store's thread. The feed is told at once.
    template<typename Command>
    QFuture<Result<commands::Outcome>> run(Command command)
    {
        return onDesk([command = std::move(command)](Desk &desk) { return desk.run(command); });
    }
    template<typename Command>
    QFuture<Result<commands::WorkspaceOutcome>> change(Command command)
    {
        return onDesk([command = std::move(command)](Desk &desk) { return desk.change(command); });
    }
    /// Anything else that the desk gives (drafts, previews): `work(Desk &)` gives a Result.
    template<typename F>
    auto onDesk(F work) -> QFuture<std::invoke_result_t<F, Desk &>>;
    /// Reads on a reader thread with what `me` may see: `work(Connection &, const Visibility &)`.
    template<typename F>
    auto read(F work, storage::Lane lane = storage::Lane::Screen)
        -> QFuture<std::invoke_result_t<F, storage::Connection &, const Visibility &>>;
    /// Work on the writer's thread that is no verb: imports, backup, doctor.
    template<typename F>
    auto onStore(F work) -> QFuture<std::invoke_result_t<F, storage::Store &>>;

signals:
    void opened(); ///< people are known: lists may be shown
    void writable(); ///< the writer is open: verbs work
    void failed(const tierline::Error &error); ///< the workspace cannot be opened
    void peopleChanged();
    /// Something changed, whoever changed it; `everything`: look at all of it again.
    void ticketsChanged(const QList<tierline::TicketId> &tickets, bool everything);

private:
    friend class CourierService;
    friend class EngineService;
    friend class SyncService;
    /// The writer's thread, once the session can be read and written.
    storage::StoreThread *openStore() { return m_isOpen && m_isWritable ? m_store.get() : nullptr; }
    void readPeople(bool isFirst);
    void onStoreOpened(const Result<Done> &done);

    storage::Workspace m_workspace;
    const Clock &m_clock;
    RandomSource &m_random;
    QString m_as;
    QObject m_delivery; ///< outlives the threads below; futures end here, on the ui thread
    std::unique_ptr<storage::StoreThread> m_store;
    storage::ReaderPool m_readers;
    storage::FeedWatcher m_feed;
    model::StoreQueueSource m_queues;
    People m_people;
    bool m_isOpen = false;
    bool m_isWritable = false;
    Millis m_undoWindow { 0 }; ///< from the sync service, once it is started
    std::unique_ptr<SyncService> m_sync;
    std::unique_ptr<EngineService> m_engine;
    std::unique_ptr<CourierService> m_courier;
    std::unique_ptr<DueService> m_dues;
};

template<typename F>
auto Session::onDesk(F work) -> QFuture<std::invoke_result_t<F, Desk &>>
{
    using R = std::invoke_result_t<F, Desk &>;
    return onStore([work = std::move(work), random = &m_random, as = m_as, window = m_undoWindow](
                       storage::Store &store) mutable -> R {
        auto desk = Desk::open(store, *random, as);
        if (!desk)
            return desk.error();
        desk->setUndoWindow(window);
        return work(*desk);
    });
}

template<typename F>
auto Session::read(F work, storage::Lane lane)
    -> QFuture<std::invoke_result_t<F, storage::Connection &, const Visibility &>>
{
    return m_readers.run(
        [work = std::move(work), v = m_people.visibility](
            storage::Connection &connection) mutable { return work(connection, v); },
        lane);
}

template<typename F>
auto Session::onStore(F work) -> QFuture<std::invoke_result_t<F, storage::Store &>>
{
    using R = std::invoke_result_t<F, storage::Store &>;
    if (!m_store)
        return QtFuture::makeReadyFuture(R(cancelled()));
    // Our own commits show at once; the watch on the file is for those of other programs.
    return m_store->run(std::move(work)).then(this, [this](R result) {
        m_feed.poke();
        return result;
    });
}

} // namespace tierline::desk
