#include "core/storage/doctor.h"
#include "core/storage/imports.h"
#include "core/storage/outbox.h"
#include "core/storage/search.h"
#include "storetest.h"

#include <QDirIterator>

#include <thread>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestBackup : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void copiesEverythingIntoOneFile();
    void canBeStopped();
    void refusesBadTargets();
    void worksWhileOthersWrite();
    void restoreBringsBack();
    void restoreKeepsNumbersGrowing();
    void restoreIsSeenByOpenReaders();
    void restoreIntoNothing();
    void restoreIsSureOfNoOperation();
    void restoreWaitsForNoRound();
    void restoreCanBeStopped();
    void restoreRefuses_data();
    void restoreRefuses();
    void restoreOverADamagedStore();
    void noOtherHandleOnTheDatabase();

private:
    Result<Done> add(const QString &key);
    Result<Done> addMuch();
    qint64 count() { return countQueue(m_desk->connection(), {}, Visibility::all()).value_or(-1); }
    QStringList keptCopies()
    {
        return QDir(m_desk->workspace.folder()).entryList({ u"before-*"_s }, QDir::Files);
    }
    std::unique_ptr<StoreFixture> m_desk;
};

void TestBackup::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
    DONE(add(u"A"_s));
}

Result<Done> TestBackup::add(const QString &key)
{
    return m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TicketState state = plainTicket(key, scope.now());
        TIERLINE_CHECK(insertTicket(scope, state));
        Message message { .ticket = state.ticket.id, .text = u"words of "_s + key };
        TIERLINE_CHECK(appendMessage(scope, message));
        Attachment attachment { .message = message.id, .name = u"a.bin"_s };
        TIERLINE_CHECK(appendAttachment(scope, attachment, QByteArray(5000, 'x')));
        Event event { .ticket = state.ticket.id };
        return appendEvent(scope, event);
    });
}

void TestBackup::copiesEverythingIntoOneFile()
{
    const QString file = m_desk->path(u"b.db"_s);
    qint64 total = 0;
    DONE(m_desk->store->backup(file, [&](qint64 done, qint64 all) {
        total = all;
        return done <= all;
    }));
    QVERIFY(QFileInfo(file).size() > 50'000);
    QCOMPARE(
        QDir(m_desk->path({})).entryList({ u"b.db*"_s }, QDir::Files), QStringList { u"b.db"_s });
    QFile bytes(file);
    QVERIFY(bytes.open(QIODevice::ReadOnly));
    const QByteArray header = bytes.read(20);
    QVERIFY(header.startsWith("SQLite format 3"));
    QCOMPARE(int(header[18]), 1); // no write-ahead log belongs to it
    bytes.close();
    VALUE(copy, Connection::open(file, Connection::Mode::ReadOnly));
    DONE(checkIntegrity(*copy));
    DONE(checkSearch(*copy));
    VALUE(id, findAnyTicket(*copy, u"A"_s));
    VALUE(attachments, loadAttachments(*copy, id));
    VALUE(data, loadAttachmentBytes(*copy, attachments.at(0).id));
    QCOMPARE(data, QByteArray(5000, 'x'));
    // Again over the same name.
    copy.reset();
    DONE(add(u"B"_s));
    DONE(m_desk->store->backup(file, {}));
    VALUE(second, Connection::open(file, Connection::Mode::ReadOnly));
    QVERIFY(findAnyTicket(*second, u"B"_s));
}

/// More than is copied in one go.
Result<Done> TestBackup::addMuch()
{
    for (int i = 0; i < 40; ++i) {
        TIERLINE_CHECK(m_desk->write([&](WriteScope &scope) -> Result<Done> {
            TicketState state = plainTicket(u"S%1"_s.arg(i), scope.now());
            TIERLINE_CHECK(insertTicket(scope, state));
            Message message { .ticket = state.ticket.id };
            TIERLINE_CHECK(appendMessage(scope, message));
            Attachment attachment { .message = message.id, .name = u"x"_s };
            return appendAttachment(
                scope, attachment, QByteArray(200'000, char('a' + i % 26)) + QByteArray::number(i));
        }));
    }
    return Done {};
}

void TestBackup::canBeStopped()
{
    DONE(addMuch());
    int asked = 0;
    FAULT(
        m_desk->store->backup(m_desk->path(u"b.db"_s), [&](qint64, qint64) { return ++asked < 1; }),
        Fault::Cancelled);
    QCOMPARE(asked, 1);
    QCOMPARE(QDir(m_desk->path({})).entryList({ u"b.db*"_s }, QDir::Files), QStringList());
}

void TestBackup::refusesBadTargets()
{
    FAULT(m_desk->store->backup(m_desk->workspace.databasePath(), {}), Fault::BadInput);
    FAULT(m_desk->store->backup(m_desk->path({}), {}), Fault::BadInput);
    FAULT(m_desk->store->backup(m_desk->path(u"no/such/folder/b.db"_s), {}), Fault::Storage);
    QCOMPARE(count(), 1);
}

void TestBackup::worksWhileOthersWrite()
{
    std::atomic<bool> isDone = false;
    std::atomic<int> written = 0;
    std::atomic<bool> hasFailed = false;
    std::thread writer([&] {
        auto store = Store::open(m_desk->workspace, m_desk->clock);
        for (int i = 0; store && !isDone; ++i) {
            const auto outcome = (*store)->write(Durability::Background, [&](WriteScope &scope) {
                TicketState state = plainTicket(u"W%1"_s.arg(i), scope.now());
                return insertTicket(scope, state);
            });
            if (!outcome)
                hasFailed = true;
            ++written;
        }
    });
    while (written < 5)
        std::this_thread::yield();
    for (int i = 0; i < 5; ++i) {
        const int before = written;
        const QString file = m_desk->path(u"b%1.db"_s.arg(i));
        const auto outcome = m_desk->store->backup(file, {});
        const int after = written;
        auto copy = outcome ? Connection::open(file, Connection::Mode::ReadOnly) : outcome.error();
        const bool isGood = copy && checkIntegrity(**copy) && checkSearch(**copy);
        const qint64 rows = isGood ? countQueue(**copy, {}, Visibility::all()).value_or(-1) : -1;
        // What was acknowledged before is in it; one more may be committed and not yet counted.
        if (!isGood || rows < before + 1 || rows > after + 2)
            hasFailed = true;
    }
    isDone = true;
    writer.join();
    QVERIFY(!hasFailed);
    DONE(checkIntegrity(m_desk->connection()));
    QCOMPARE(count(), written + 1);
}

void TestBackup::restoreBringsBack()
{
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    DONE(add(u"B"_s));
    m_desk->store.reset();
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock));
    DONE(m_desk->reopen());
    QVERIFY(findAnyTicket(m_desk->connection(), u"A"_s));
    FAULT(findAnyTicket(m_desk->connection(), u"B"_s), Fault::NotFound);
    DONE(checkIntegrity(m_desk->connection()));
    DONE(checkSearch(m_desk->connection()));
    QCOMPARE(keptCopies().size(), 1);
    QVERIFY(QFileInfo::exists(file));
    // What was there before is kept, and can itself be restored.
    const QString former = m_desk->workspace.folder() + u'/' + keptCopies().first();
    m_desk->store.reset();
    DONE(Store::restore(m_desk->workspace, former, m_desk->clock));
    DONE(m_desk->reopen());
    QVERIFY(findAnyTicket(m_desk->connection(), u"B"_s));
    QCOMPARE(keptCopies().size(), 2);
    QVERIFY(!QFileInfo::exists(m_desk->workspace.folder() + u"/restore.partial"_s));
}

void TestBackup::restoreKeepsNumbersGrowing()
{
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    for (const QString &key : { u"B"_s, u"C"_s, u"D"_s })
        DONE(add(key));
    VALUE(revision, feedRevision(m_desk->connection()));
    VALUE(id, findAnyTicket(m_desk->connection(), u"D"_s));
    VALUE(events, loadEvents(m_desk->connection(), id));
    m_desk->store.reset();
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock));
    DONE(m_desk->reopen());
    VALUE(changes, changesSince(m_desk->connection(), revision));
    QVERIFY(changes.everything);
    QVERIFY(changes.to > revision);
    DONE(add(u"E"_s));
    VALUE(newId, findAnyTicket(m_desk->connection(), u"E"_s));
    VALUE(newEvents, loadEvents(m_desk->connection(), newId));
    QVERIFY(newEvents.at(0).id > events.at(0).id);
}

void TestBackup::restoreIsSeenByOpenReaders()
{
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    DONE(add(u"B"_s));
    VALUE(reader, Connection::open(m_desk->workspace.databasePath(), Connection::Mode::ReadOnly));
    VALUE(both, countQueue(*reader, {}, Visibility::all()));
    QCOMPARE(both, 2);
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock));
    VALUE(one, countQueue(*reader, {}, Visibility::all()));
    QCOMPARE(one, 1);
    // The store that stayed open goes on, too.
    DONE(add(u"C"_s));
    QCOMPARE(count(), 2);
    DONE(checkSearch(m_desk->connection()));
}

void TestBackup::restoreIntoNothing()
{
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    const Workspace fresh(m_desk->path(u"fresh"_s));
    DONE(Store::restore(fresh, file, m_desk->clock));
    VALUE(store, Store::open(fresh, m_desk->clock));
    QVERIFY(findAnyTicket(store->connection(), u"A"_s));
}

/// Whatever a backup says of what waits to be sent: it may have been sent since.
void TestBackup::restoreIsSureOfNoOperation()
{
    const QStringList ids { u"00000000-0000-4000-8000-000000000001"_s,
        u"00000000-0000-4000-8000-000000000002"_s, u"00000000-0000-4000-8000-000000000003"_s };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(ticket, findAnyTicket(scope.connection(), u"A"_s));
        for (const QString &id : ids) {
            TIERLINE_CHECK(queueOperation(
                scope, { .id = id, .account = u"desk"_s, .ticket = ticket, .kind = u"note"_s }));
        }
        TIERLINE_TRY(refused, findOperation(scope.connection(), ids[2]));
        refused->state = OutboxState::Refused;
        refused->nextTry = scope.now();
        return saveOperation(scope, *refused);
    }));
    const auto restored = [&](const QString &account) {
        return restoredOperations(m_desk->connection(), account).value_or(QStringList());
    };
    QCOMPARE(restored(u"desk"_s), QStringList());
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    m_desk->store.reset();
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock));
    DONE(m_desk->reopen());
    VALUE(entries, loadOutbox(m_desk->connection()));
    QCOMPARE(entries.size(), size_t(3));
    for (const OutboxEntry &entry : entries) {
        QCOMPARE(entry.state, OutboxState::Unknown);
        QVERIFY(entry.error.contains(u"backup"));
        QCOMPARE(entry.nextTry, Instant());
    }
    QCOMPARE(restored(u"desk"_s), ids);
    QCOMPARE(restored(u"other"_s), QStringList());
    DONE(m_desk->write([&](WriteScope &scope) {
        return forgetRestored(scope, { ids[0], ids[2] });
    }));
    QCOMPARE(restored(u"desk"_s), QStringList { ids[1] });
    DONE(m_desk->write([&](WriteScope &scope) { return forgetRestored(scope, { ids[1] }); }));
    QCOMPARE(restored(u"desk"_s), QStringList());
}

void TestBackup::restoreWaitsForNoRound()
{
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    DONE(add(u"B"_s));
    {
        const auto round = FileLock::tryAcquire(m_desk->workspace.accountLockPath(u"my-desk"_s));
        QVERIFY(round);
        const auto refused = Store::restore(m_desk->workspace, file, m_desk->clock);
        QVERIFY(!refused);
        QCOMPARE(refused.error().fault, Fault::Conflict);
        QVERIFY2(refused.error().detail.contains(u"“my-desk”"), qPrintable(refused.error().detail));
        QCOMPARE(count(), 2);
        QCOMPARE(keptCopies(), QStringList());
    }
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock));
    QCOMPARE(count(), 1);
}

void TestBackup::restoreCanBeStopped()
{
    DONE(addMuch());
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    DONE(add(u"B"_s));
    const qint64 rows = count();
    FAULT(Store::restore(
              m_desk->workspace, file, m_desk->clock, [](qint64, qint64) { return false; }),
        Fault::Cancelled);
    QCOMPARE(count(), rows);
    QCOMPARE(keptCopies(), QStringList());
    // Once it is checked and is put in place, it ends.
    int begun = 0;
    qint64 before = 0;
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock, [&](qint64 done, qint64) {
        begun += begun == 0 || done <= before;
        before = done;
        return begun == 1;
    }));
    QCOMPARE(begun, 2);
    QCOMPARE(count(), rows - 1);
}

void TestBackup::restoreRefuses_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<Fault>("fault");
    QTest::newRow("missing") << u"missing"_s << Fault::NotFound;
    QTest::newRow("no database") << u"letter"_s << Fault::Storage;
    QTest::newRow("another program's database") << u"foreign"_s << Fault::BadInput;
    QTest::newRow("empty") << u"empty"_s << Fault::BadInput;
    QTest::newRow("newer") << u"newer"_s << Fault::NotAllowed;
    QTest::newRow("truncated") << u"truncated"_s << Fault::Storage;
    QTest::newRow("a page of noise") << u"noise"_s << Fault::Storage;
}

void TestBackup::restoreRefuses()
{
    QFETCH(QString, what);
    QFETCH(Fault, fault);
    const QString file = m_desk->path(u"b.db"_s);
    if (what != u"missing"_s)
        DONE(m_desk->store->backup(file, {}));
    QFile bytes(file);
    if (what == u"letter"_s || what == u"empty"_s) {
        QVERIFY(bytes.open(QIODevice::WriteOnly | QIODevice::Truncate));
        if (what == u"letter"_s)
            bytes.write(QByteArray("dear mother ").repeated(1000));
    } else if (what == u"foreign"_s) {
        QFile::remove(file);
        DONE(createPrivateFile(file));
        VALUE(other, Connection::open(file, Connection::Mode::ReadWrite));
        DONE(other->execute("PRAGMA journal_mode = DELETE; CREATE TABLE t (x)"));
    } else if (what == u"newer"_s) {
        VALUE(other, Connection::open(file, Connection::Mode::ReadWrite));
        DONE(other->execute("PRAGMA journal_mode = DELETE; PRAGMA user_version = 4711"));
    } else if (what == u"truncated"_s) {
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        QVERIFY(bytes.resize(bytes.size() / 2 / 4096 * 4096));
    } else if (what == u"noise"_s) {
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        for (qint64 page = 3; page < bytes.size() / 4096; page += 2) {
            bytes.seek(page * 4096);
            bytes.write(QByteArray(4096, '\x5a'));
        }
    }
    bytes.close();
    DONE(add(u"B"_s));
    m_desk->store.reset();
    FAULT(Store::restore(m_desk->workspace, file, m_desk->clock), fault);
    DONE(m_desk->reopen());
    QCOMPARE(count(), 2);
    QCOMPARE(keptCopies(), QStringList());
    QVERIFY(!QFileInfo::exists(m_desk->workspace.folder() + u"/restore.partial"_s));
}

void TestBackup::restoreOverADamagedStore()
{
    const QString file = m_desk->path(u"b.db"_s);
    DONE(m_desk->store->backup(file, {}));
    m_desk->store.reset();
    QFile bytes(m_desk->workspace.databasePath());
    QVERIFY(bytes.open(QIODevice::ReadWrite));
    bytes.write(QByteArray(8192, '\x5a'));
    bytes.close();
    FAULT(m_desk->reopen(), Fault::Storage);
    DONE(Store::restore(m_desk->workspace, file, m_desk->clock));
    DONE(m_desk->reopen());
    QCOMPARE(count(), 1);
    DONE(checkIntegrity(m_desk->connection()));
    QVERIFY(!keptCopies().isEmpty());
}

void TestBackup::noOtherHandleOnTheDatabase()
{
    // Closing a second handle on a database file drops the locks that SQLite holds on it. So no
    // source of the program opens one: whoever names the path gives it to SQLite.
    static const QRegularExpression opener(
        u"(\\bQFile(\\s+\\w+)?\\s*\\(|\\bQFile::\\w+\\(|(?<!\\w)::open\\(|fopen\\()"
        "[^;\n]*databasePath"_s);
    QVERIFY(opener.match(u"QFile file(workspace.databasePath());"_s).hasMatch());
    QVERIFY(opener.match(u"::open(path.databasePath().toUtf8(), 0)"_s).hasMatch());
    QStringList offenders;
    for (const QString &room : { u"core"_s, u"widgets"_s, u"app"_s }) {
        QDirIterator sources(QStringLiteral(TIERLINE_SOURCE_DIR "/") + room,
            { u"*.cpp"_s, u"*.h"_s }, QDir::Files, QDirIterator::Subdirectories);
        while (sources.hasNext()) {
            QFile source(sources.next());
            if (!source.open(QIODevice::ReadOnly))
                continue;
            const QString text = QString::fromUtf8(source.readAll());
            for (const auto &match : opener.globalMatch(text)) {
                if (!match.captured().startsWith("QFile::encodeName"_L1))
                    offenders.append(sources.fileName() + u": "_s + match.captured().left(80));
            }
        }
    }
    QVERIFY2(offenders.isEmpty(), qPrintable(offenders.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestBackup)
#include "tst_backup.moc"
