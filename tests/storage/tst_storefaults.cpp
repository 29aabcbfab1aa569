#include "core/storage/doctor.h"
#include "core/storage/search.h"
#include "storetest.h"
#include "tests/support/faultvfs/faultvfs.h"

#include <sqlite3.h>

#include <sys/mount.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

/// One command of a person: a ticket with its log, thread and a file. `size` bytes of file.
Result<Done> add(Store &store, const QString &key, int size)
{
    return store.write(Durability::Person, [&](WriteScope &scope) -> Result<Done> {
        TicketState state = plainTicket(key, scope.now());
        TIERLINE_CHECK(insertTicket(scope, state));
        Event event { .ticket = state.ticket.id };
        TIERLINE_CHECK(appendEvent(scope, event));
        Message message { .ticket = state.ticket.id, .text = u"words of "_s + key };
        TIERLINE_CHECK(appendMessage(scope, message));
        Attachment attachment { .message = message.id, .name = u"a"_s };
        return appendAttachment(
            scope, attachment, key.toUtf8().repeated(size / qMax(1, int(key.size()))));
    });
}

Result<Done> checkWhole(Store &store, const QStringList &acknowledged)
{
    TIERLINE_CHECK(checkIntegrity(store.connection()));
    TIERLINE_CHECK(checkForeignKeys(store.connection()));
    TIERLINE_CHECK(checkSearch(store.connection()));
    for (const QString &key : acknowledged) {
        TIERLINE_TRY(id, findAnyTicket(store.connection(), key));
        TIERLINE_TRY(events, loadEvents(store.connection(), id));
        TIERLINE_TRY(messages, loadMessages(store.connection(), id));
        if (events.size() != 1 || messages.size() != 1)
            return storageError(u"Part of %1 is lost."_s.arg(key));
    }
    return Done {};
}

} // namespace

class TestStoreFaults : public QObject
{
    Q_OBJECT
private slots:
    void everyCallFails_data();
    void everyCallFails();
    void creationSurvivesEveryFault();
    void fullDiskOfItsOwn();
    void readOnlyMount();
};

void TestStoreFaults::everyCallFails_data()
{
    QTest::addColumn<uint>("calls");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("lasts");
    QTest::newRow("disk full once") << writingCalls << SQLITE_FULL << false;
    QTest::newRow("disk full until healed") << writingCalls << SQLITE_FULL << true;
    QTest::newRow("write error once") << writingCalls << SQLITE_IOERR_WRITE << false;
    QTest::newRow("sync error until healed")
        << (1U << unsigned(FaultVfs::Call::Sync)) << SQLITE_IOERR_FSYNC << true;
    QTest::newRow("read error once") << readingCalls << SQLITE_IOERR_READ << false;
}

void TestStoreFaults::everyCallFails()
{
    QFETCH(uint, calls);
    QFETCH(int, code);
    QFETCH(bool, lasts);
    FaultVfs disk;
    StoreFixture desk;
    DONE(desk.create());
    QStringList acknowledged;
    int failures = 0, refused = 0;
    for (int kth = 1;; ++kth) {
        QVERIFY2(kth < 2000, "the faults never end");
        disk.failAt(kth, calls, code, lasts);
        // Commands, a clean end (which copies the log back) and a new start, one of whose calls fails.
        for (int i = 0; i < 3; ++i) {
            const QString key = u"K%1-%2"_s.arg(kth).arg(i);
            const auto outcome = add(*desk.store, key, i == 1 ? 30'000 : 10);
            if (outcome) {
                acknowledged.append(key);
            } else {
                ++refused;
                QCOMPARE(outcome.error().fault, Fault::Storage);
                QVERIFY(!outcome.error().detail.isEmpty());
            }
        }
        const bool hasFailed = disk.hasFailed();
        disk.heal();
        // The same open store works again at once, with no new start.
        const QString after = u"after %1"_s.arg(kth);
        DONE(add(*desk.store, after, 10));
        acknowledged.append(after);
        disk.failAt(kth, calls, code, lasts);
        desk.store.reset();
        auto opened = Store::open(desk.workspace, desk.clock);
        const bool hasFailedAtStart = disk.hasFailed();
        disk.heal();
        if (!opened)
            opened = Store::open(desk.workspace, desk.clock);
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().detail));
        desk.store = std::move(*opened);
        DONE(checkWhole(*desk.store, acknowledged.mid(qMax(0, acknowledged.size() - 8))));
        failures += hasFailed;
        if (!hasFailed && !hasFailedAtStart)
            break;
    }
    DONE(checkWhole(*desk.store, acknowledged));
    qInfo("%d places failed, %d commands were refused", failures, refused);
    QVERIFY(failures > 0);
}

void TestStoreFaults::creationSurvivesEveryFault()
{
    FaultVfs disk;
    // The calls past the first ones are the pages of one transaction, much alike.
    const int stride = qEnvironmentVariableIntValue("TIERLINE_LONG") ? 1 : 11;
    for (int kth = 1;; kth += kth < 30 ? 1 : stride) {
        QVERIFY2(kth < 5000, "the faults never end");
        StoreFixture desk;
        disk.failAt(kth, writingCalls, SQLITE_FULL, true);
        const auto outcome = desk.create();
        const bool hasFailed = disk.hasFailed();
        disk.heal();
        if (!outcome) {
            QVERIFY2(outcome.error().detail.contains(u"disk is full"_s),
                qPrintable(outcome.error().detail));
            // Either nothing is there, or all of it is.
            auto again = Store::create(desk.workspace, desk.clock);
            if (!again && again.error().fault == Fault::Conflict)
                again = Store::open(desk.workspace, desk.clock);
            QVERIFY2(again,
                again ? ""
                      : qPrintable(u"call %1: %2, then %3"_s.arg(kth).arg(
                          outcome.error().detail, again.error().detail)));
            desk.store = std::move(*again);
        }
        DONE(add(*desk.store, u"A"_s, 10));
        DONE(checkWhole(*desk.store, { u"A"_s }));
        VALUE(me, loadMe(desk.connection()));
        QVERIFY(!me.isEmpty());
        if (!hasFailed)
            break;
        desk.store.reset();
    }
}

void TestStoreFaults::fullDiskOfItsOwn()
{
    QTemporaryDir folder;
    const QByteArray mount = QFile::encodeName(folder.path());
    if (::geteuid() != 0 || ::mount("tmpfs", mount.constData(), "tmpfs", 0, "size=3m") != 0)
        QSKIP("a small file system can only be mounted as root");
    const auto unmount = qScopeGuard([&] { ::umount2(mount.constData(), MNT_DETACH); });
    FakeClock clock;
    const Workspace workspace(folder.filePath(u"desk"_s));
    VALUE(store, Store::create(workspace, clock));
    QStringList acknowledged;
    Result<Done> outcome = Done {};
    for (int i = 0; outcome && i < 1000; ++i) {
        const QString key = u"K%1"_s.arg(i);
        outcome = add(*store, key, 40'000);
        if (outcome)
            acknowledged.append(key);
    }
    QVERIFY(!outcome);
    QVERIFY2(
        outcome.error().detail.contains(u"The disk is full"_s), qPrintable(outcome.error().detail));
    QVERIFY(acknowledged.size() > 5);
    DONE(checkWhole(*store, acknowledged));
    FAULT(store->backup(folder.filePath(u"copy.db"_s), {}), Fault::Storage);
    QVERIFY(!QFileInfo::exists(folder.filePath(u"copy.db.partial"_s)));
    // Space returns, and the same store goes on.
    QCOMPARE(::mount("tmpfs", mount.constData(), "tmpfs", MS_REMOUNT, "size=12m"), 0);
    DONE(add(*store, u"later"_s, 40'000));
    acknowledged.append(u"later"_s);
    store.reset();
    VALUE(again, Store::open(workspace, clock));
    DONE(checkWhole(*again, acknowledged));
    again.reset();
}

void TestStoreFaults::readOnlyMount()
{
    QTemporaryDir folder;
    const QByteArray mount = QFile::encodeName(folder.path());
    if (::geteuid() != 0 || ::mount("tmpfs", mount.constData(), "tmpfs", 0, "size=8m") != 0)
        QSKIP("a file system can only be mounted as root");
    const auto unmount = qScopeGuard([&] { ::umount2(mount.constData(), MNT_DETACH); });
    FakeClock clock;
    const Workspace workspace(folder.filePath(u"desk"_s));
    DONE(Store::create(workspace, clock));
    QCOMPARE(::mount("tmpfs", mount.constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=8m"), 0);
    const auto refused = Store::open(workspace, clock);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::Storage);
    QVERIFY2(refused.error().detail.contains(u"ead-only"_s), qPrintable(refused.error().detail));
    // It can still be read.
    VALUE(reader, Connection::open(workspace.databasePath(), Connection::Mode::ReadOnly));
    VALUE(tiers, loadTiers(*reader));
    QCOMPARE(tiers.size(), 3);
    FAULT(Store::create(Workspace(folder.filePath(u"new"_s)), clock), Fault::Storage);
}

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_storefaults.moc"
