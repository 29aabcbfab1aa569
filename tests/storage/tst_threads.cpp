#include "core/storage/threads.h"
#include "storetest.h"

#include <QSignalSpy>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

Result<Done> addTicket(Store &store, const QString &key)
{
    return store.write(Durability::Person, [&](WriteScope &scope) {
        TicketState state = plainTicket(key, scope.now());
        return insertTicket(scope, state);
    });
}

/// A statement that runs for minutes unless it is stopped.
Result<qint64> countForEver(Connection &connection)
{
    TIERLINE_TRY(count,
        connection.prepareText(u"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                               " SELECT count(*) FROM n WHERE i < 0"_s));
    TIERLINE_CHECK(count.step());
    return count.integer(0);
}

} // namespace

class TestThreads : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void storeThreadWorksInOrder();
    void storeThreadTellsWhyItCannotOpen();
    void storeThreadFinishesQueuedWork();
    void readersReadOnly();
    void readersSeeCommits();
    void aReadIsOfOneInstant();
    void cancellingStopsAStatement();
    void endingStopsEverything();
    void readersRecover();
    void longReadsLeaveAThreadForTheScreen();
    void watcherTellsOwnCommits();
    void watcherTellsOthersCommits();
    void watcherBeginsWhereItIsTold();
    void changesAreEachTicketOnce();
    void farBehindMeansEverything();

private:
    std::unique_ptr<StoreFixture> m_desk;
};

void TestThreads::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

void TestThreads::storeThreadWorksInOrder()
{
    m_desk->store.reset();
    StoreThread thread(m_desk->workspace, m_desk->clock);
    QTRY_VERIFY(thread.opened().isFinished());
    QVERIFY(thread.opened().result());
    std::vector<int> order;
    QFuture<Result<int>> last;
    QThread *ran = nullptr;
    for (int i = 0; i < 20; ++i) {
        last = thread.run([&order, &ran, i](Store &) -> Result<int> {
            order.push_back(i);
            ran = QThread::currentThread();
            return i;
        });
    }
    QTRY_VERIFY(last.isFinished());
    QCOMPARE(*last.result(), 19);
    QCOMPARE(order.size(), size_t(20));
    QVERIFY(std::ranges::is_sorted(order));
    QVERIFY(ran != QThread::currentThread());
}

void TestThreads::storeThreadTellsWhyItCannotOpen()
{
    StoreThread thread(Workspace(m_desk->path(u"nowhere"_s)), m_desk->clock);
    QTRY_VERIFY(thread.opened().isFinished());
    FAULT(thread.opened().result(), Fault::NotFound);
    auto future = thread.run([](Store &) -> Result<int> { return 1; });
    QTRY_VERIFY(future.isFinished());
    FAULT(future.result(), Fault::NotFound);
}

void TestThreads::storeThreadFinishesQueuedWork()
{
    m_desk->store.reset();
    {
        StoreThread thread(m_desk->workspace, m_desk->clock);
        for (int i = 0; i < 10; ++i) {
            thread.run(
                [i](Store &store) -> Result<Done> { return addTicket(store, u"K%1"_s.arg(i)); });
        }
    }
    DONE(m_desk->reopen());
    VALUE(count, countQueue(m_desk->connection(), {}, Visibility::all()));
    QCOMPARE(count, 10);
}

void TestThreads::readersReadOnly()
{
    ReaderPool readers(m_desk->workspace);
    auto future = readers.run([](Connection &connection) -> Result<Done> {
        return connection.execute("DELETE FROM ticket");
    });
    QTRY_VERIFY(future.isFinished());
    FAULT(future.result(), Fault::Storage);
}

void TestThreads::readersSeeCommits()
{
    ReaderPool readers(m_desk->workspace);
    for (int i = 1; i <= 5; ++i) {
        DONE(addTicket(*m_desk->store, u"K%1"_s.arg(i)));
        auto future = readers.run(
            [](Connection &connection) { return countQueue(connection, {}, Visibility::all()); });
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(*future.result(), i);
    }
}

void TestThreads::aReadIsOfOneInstant()
{
    ReaderPool pool(m_desk->workspace, 1);
    const auto count = [](Connection &connection) -> Result<qint64> {
        TIERLINE_TRY(rows, connection.prepare("SELECT count(*) FROM ticket"));
        TIERLINE_CHECK(rows.step());
        return rows.integer(0);
    };
    QPromise<void> looked, written;
    looked.start();
    written.start();
    auto both = pool.run([&, isWritten = written.future()](
                             Connection &connection) mutable -> Result<std::pair<qint64, qint64>> {
        TIERLINE_TRY(first, count(connection));
        looked.finish();
        isWritten.waitForFinished();
        TIERLINE_TRY(second, count(connection));
        return std::pair { first, second };
    });
    looked.future().waitForFinished();
    DONE(addTicket(*m_desk->store, u"T-1"_s));
    written.finish();
    const auto seen = both.result();
    QVERIFY(seen.has_value());
    QCOMPARE(seen->first, seen->second);
    const auto later = pool.run(count).result();
    QVERIFY(later.has_value());
    QCOMPARE(*later, seen->second + 1);
}

void TestThreads::cancellingStopsAStatement()
{
    ReaderPool readers(m_desk->workspace, 1);
    std::atomic<bool> hasBegun = false;
    auto endless = readers.run([&](Connection &connection) {
        hasBegun = true;
        return countForEver(connection);
    });
    auto waiting = readers.run([](Connection &connection) { return countForEver(connection); });
    QTRY_VERIFY(hasBegun);
    waiting.cancel();
    endless.cancel();
    auto next = readers.run([](Connection &connection) { return feedRevision(connection); });
    QTRY_VERIFY(next.isFinished());
    QVERIFY(next.result());
    QCOMPARE(endless.resultCount(), 0);
    QCOMPARE(waiting.resultCount(), 0);
}

void TestThreads::endingStopsEverything()
{
    std::atomic<bool> hasBegun = false;
    QFuture<Result<qint64>> endless, waiting;
    {
        ReaderPool readers(m_desk->workspace, 1);
        endless = readers.run([&](Connection &connection) {
            hasBegun = true;
            return countForEver(connection);
        });
        waiting = readers.run([](Connection &connection) { return countForEver(connection); });
        QTRY_VERIFY(hasBegun);
    }
    QVERIFY(endless.isFinished() && waiting.isFinished());
    FAULT(endless.result(), Fault::Cancelled);
    FAULT(waiting.result(), Fault::Cancelled);
}

void TestThreads::readersRecover()
{
    Workspace later(m_desk->path(u"later"_s));
    ReaderPool readers(later, 1);
    const auto ask = [](Connection &connection) { return feedRevision(connection); };
    auto early = readers.run(ask);
    QTRY_VERIFY(early.isFinished());
    FAULT(early.result(), Fault::Storage);
    DONE(Store::create(later, m_desk->clock));
    auto late = readers.run(ask);
    QTRY_VERIFY(late.isFinished());
    QVERIFY(late.result());
}

void TestThreads::longReadsLeaveAThreadForTheScreen()
{
    ReaderPool readers(m_desk->workspace, 3);
    std::atomic<int> begun = 0;
    const auto endless = [&begun](Connection &connection) {
        ++begun;
        return countForEver(connection);
    };
    QList<QFuture<Result<qint64>>> running;
    for (const Lane lane : { Lane::Figures, Lane::Figures, Lane::Order, Lane::Order })
        running.append(readers.run(endless, lane));
    QTRY_COMPARE(begun, 2); // one of each lane
    for (int i = 0; i < 5; ++i) {
        auto seen = readers.run([](Connection &connection) { return feedRevision(connection); });
        QTRY_VERIFY(seen.isFinished());
        QVERIFY(seen.result());
    }
    QCOMPARE(begun, 2);
    // The next of a lane begins when the one before has ended.
    running[0].cancel();
    QTRY_COMPARE(begun, 3);
    running[2].cancel();
    QTRY_COMPARE(begun, 4);
    for (auto &future : running)
        future.cancel();
}

void TestThreads::watcherTellsOwnCommits()
{
    ReaderPool readers(m_desk->workspace);
    FeedWatcher watcher(m_desk->workspace, readers);
    QSignalSpy started(&watcher, &FeedWatcher::started);
    QSignalSpy changed(&watcher, &FeedWatcher::changed);
    watcher.start();
    QTRY_COMPARE(started.size(), 1);
    DONE(addTicket(*m_desk->store, u"A"_s));
    watcher.poke();
    QTRY_COMPARE(changed.size(), 1);
    const auto changes = changed[0][0].value<ChangeSet>();
    VALUE(id, findAnyTicket(m_desk->connection(), u"A"_s));
    QCOMPARE(changes.tickets.size(), size_t(1));
    QCOMPARE(changes.tickets[0].v, id.v);
    QVERIFY(!changes.everything);
}

void TestThreads::watcherTellsOthersCommits()
{
    ReaderPool readers(m_desk->workspace);
    FeedWatcher watcher(m_desk->workspace, readers);
    QSignalSpy started(&watcher, &FeedWatcher::started);
    QSignalSpy changed(&watcher, &FeedWatcher::changed);
    watcher.start();
    QTRY_COMPARE(started.size(), 1);
    // Nobody pokes: the watch on the log has to tell, well before the timer does.
    DONE(addTicket(*m_desk->store, u"A"_s));
    QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 1500);
}

void TestThreads::watcherBeginsWhereItIsTold()
{
    VALUE(revision, feedRevision(m_desk->connection()));
    DONE(addTicket(*m_desk->store, u"A"_s));
    ReaderPool readers(m_desk->workspace);
    FeedWatcher watcher(m_desk->workspace, readers);
    QSignalSpy changed(&watcher, &FeedWatcher::changed);
    watcher.start(revision);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].value<ChangeSet>().tickets.size(), size_t(1));
}

void TestThreads::changesAreEachTicketOnce()
{
    TicketState a = plainTicket(u"A"_s, m_desk->clock.now());
    TicketState b = plainTicket(u"B"_s, m_desk->clock.now());
    VALUE(before, feedRevision(m_desk->connection()));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, a));
        return insertTicket(scope, b);
    }));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        scope.touch(a.ticket.id);
        scope.touch(a.ticket.id);
        return Done {};
    }));
    VALUE(changes, changesSince(m_desk->connection(), before));
    QCOMPARE(changes.from, before);
    QCOMPARE(changes.to, before + 3);
    QCOMPARE(changes.tickets.size(), size_t(2));
    VALUE(none, changesSince(m_desk->connection(), changes.to));
    QVERIFY(none.isEmpty());
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        scope.touchEverything();
        return Done {};
    }));
    VALUE(all, changesSince(m_desk->connection(), changes.to));
    QVERIFY(all.everything);
}

void TestThreads::farBehindMeansEverything()
{
    for (int i = 0; i < 10; ++i)
        DONE(addTicket(*m_desk->store, u"K%1"_s.arg(i)));
    VALUE(newest, feedRevision(m_desk->connection()));
    DONE(m_desk->write([&](WriteScope &scope) { return trimFeed(scope, 5); }));
    VALUE(near, changesSince(m_desk->connection(), newest - 5));
    QCOMPARE(near.tickets.size(), size_t(5));
    QVERIFY(!near.everything);
    VALUE(far, changesSince(m_desk->connection(), newest - 6));
    QVERIFY(far.everything);
    VALUE(ahead, changesSince(m_desk->connection(), newest + 100));
    QVERIFY(ahead.everything);
    QCOMPARE(ahead.to, newest);
}

QTEST_GUILESS_MAIN(TestThreads)
#include "tst_threads.moc"
