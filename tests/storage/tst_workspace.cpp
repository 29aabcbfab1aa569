#include "core/storage/doctor.h"
#include "storetest.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QElapsedTimer>

#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

int modeOf(const QString &path)
{
    struct stat facts {
    };
    return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? int(facts.st_mode & 0777)
                                                                    : -1;
}

/// Every file of a folder with a hash of its bytes.
QMap<QString, QByteArray> contentOf(const QString &folder)
{
    QMap<QString, QByteArray> content;
    QDirIterator files(folder, QDir::Files | QDir::Hidden);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            content[files.fileName()]
                = QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
    }
    return content;
}

/// Restores the umask that a test changed.
class Umask
{
public:
    explicit Umask(mode_t mask)
        : m_before(::umask(mask))
    {
    }
    ~Umask() { ::umask(m_before); }

private:
    mode_t m_before;
};

} // namespace

class TestWorkspace : public QObject
{
    Q_OBJECT
private slots:
    void filesArePrivateWhateverTheUmask();
    void openFilesBecomePrivate();
    void createRefusesWhatIsNotItsOwn();
    void opensOnlyWhatIsThere();
    void carriesOnAHalfMadeWorkspace();
    void newerWorkspaceIsRefusedUntouched();
    void newerVersionInTheLogIsRefused();
    void damageIsTold();
    void defaults();
    void fileLockExcludes();
    void writeLockIsFair();
    void lockOfAKilledProcessIsFree();
    void lockIsCheap();
    void twoStoresShareAWorkspace();
    void foreignKeysOnEveryConnection();
    void sharedFoldersAreKnown_data();
    void sharedFoldersAreKnown();
    void walResetRace_data();
    void walResetRace();
    void doctorIsContent();
    void doctorSeesTrouble();
    void socketNames();
};

void TestWorkspace::filesArePrivateWhateverTheUmask()
{
    const Umask open(0);
    StoreFixture desk;
    DONE(desk.create());
    TicketState state = plainTicket(u"A"_s, desk.clock.now());
    DONE(desk.write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    DONE(desk.store->backup(desk.path(u"copy.db"_s), {}));
    QCOMPARE(modeOf(desk.workspace.folder()), 0700);
    const QStringList files = desk.workspace.files();
    QVERIFY(files.contains(desk.workspace.databasePath() + u"-wal"_s));
    QVERIFY(files.contains(desk.workspace.databasePath() + u"-shm"_s));
    QCOMPARE(files.size(), 7);
    for (const QString &file : files)
        QCOMPARE(modeOf(file), 0600);
    QCOMPARE(modeOf(desk.path(u"copy.db"_s)), 0600);
    QCOMPARE(
        QDir(desk.workspace.folder()).entryList(QDir::Files | QDir::Hidden).size(), files.size());
}

void TestWorkspace::openFilesBecomePrivate()
{
    StoreFixture desk;
    DONE(desk.create());
    desk.store.reset();
    ::chmod(QFile::encodeName(desk.workspace.databasePath()).constData(), 0644);
    DONE(desk.reopen());
    QCOMPARE(modeOf(desk.workspace.databasePath()), 0600);
}

void TestWorkspace::createRefusesWhatIsNotItsOwn()
{
    StoreFixture desk;
    DONE(desk.create());
    FAULT(Store::create(desk.workspace, desk.clock), Fault::Conflict);
    QDir().mkpath(desk.path(u"photos"_s));
    QFile photo(desk.path(u"photos/cat.png"_s));
    QVERIFY(photo.open(QIODevice::WriteOnly));
    const auto refused = Store::create(Workspace(desk.path(u"photos"_s)), desk.clock);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QVERIFY(refused.error().detail.contains(u"cat.png"_s));
    FAULT(Store::create(Workspace(desk.path(u"photos/cat.png"_s)), desk.clock), Fault::BadInput);
    QDir().mkpath(desk.path(u"empty"_s));
    DONE(Store::create(Workspace(desk.path(u"empty"_s)), desk.clock));
    QCOMPARE(modeOf(desk.path(u"empty"_s)), 0700);
}

void TestWorkspace::opensOnlyWhatIsThere()
{
    StoreFixture desk;
    FAULT(Store::open(desk.workspace, desk.clock), Fault::NotFound);
    QVERIFY(!QFileInfo::exists(desk.workspace.folder()));
    QVERIFY(!desk.workspace.exists());
    DONE(desk.create());
    QVERIFY(desk.workspace.exists());
}

void TestWorkspace::carriesOnAHalfMadeWorkspace()
{
    StoreFixture desk;
    DONE(desk.workspace.create());
    DONE(createPrivateFile(desk.workspace.databasePath()));
    FAULT(Store::open(desk.workspace, desk.clock), Fault::NotFound);
    DONE(desk.create());
    VALUE(tiers, loadTiers(desk.connection()));
    QCOMPARE(tiers.size(), 3);
}

void TestWorkspace::newerWorkspaceIsRefusedUntouched()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(desk.connection().execute("PRAGMA user_version = 4711"));
    desk.store.reset();
    const auto before = contentOf(desk.workspace.folder());
    QVERIFY(before.contains(u"tierline.db"_s));
    const auto refused = Store::open(desk.workspace, desk.clock);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::NotAllowed);
    QVERIFY(refused.error().detail.contains(u"newer version"_s));
    QVERIFY(contentOf(desk.workspace.folder()) == before);
    FAULT(Store::create(desk.workspace, desk.clock), Fault::Conflict);
    QVERIFY(contentOf(desk.workspace.folder()) == before);
    // Nor with no side files at all, as on a copied workspace.
    QFile::remove(desk.workspace.databasePath() + u"-wal"_s);
    QFile::remove(desk.workspace.databasePath() + u"-shm"_s);
    const auto bare = contentOf(desk.workspace.folder());
    FAULT(Store::open(desk.workspace, desk.clock), Fault::NotAllowed);
    QVERIFY(contentOf(desk.workspace.folder()) == bare);
}

void TestWorkspace::newerVersionInTheLogIsRefused()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(desk.reopen());
    VALUE(reader, Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadOnly));
    // The reader's snapshot keeps the log from being copied back, as a crash would.
    DONE(reader->execute("BEGIN; SELECT count(*) FROM ticket"));
    DONE(desk.connection().execute("PRAGMA user_version = 4711"));
    QFile file(desk.workspace.databasePath());
    const auto before = contentOf(desk.workspace.folder());
    FAULT(Store::open(desk.workspace, desk.clock), Fault::NotAllowed);
    const auto after = contentOf(desk.workspace.folder());
    QCOMPARE(after[u"tierline.db"_s], before[u"tierline.db"_s]);
    QCOMPARE(after[u"tierline.db-wal"_s], before[u"tierline.db-wal"_s]);
}

void TestWorkspace::damageIsTold()
{
    StoreFixture desk;
    DONE(desk.create());
    desk.store.reset();
    QFile file(desk.workspace.databasePath());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("this is a letter to my mother\n").repeated(1000));
    file.close();
    const auto refused = Store::open(desk.workspace, desk.clock);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::Storage);
    QVERIFY2(refused.error().detail.contains(u"damaged"_s), qPrintable(refused.error().detail));
}

void TestWorkspace::defaults()
{
    qputenv("USER", "Ana.Smith x/");
    StoreFixture desk;
    DONE(desk.create());
    VALUE(tiers, loadTiers(desk.connection()));
    QCOMPARE(tiers.size(), 3);
    QCOMPARE(tiers[1].id, u"L2"_s);
    QCOMPARE(tiers[1].rank, 2);
    QCOMPARE(tiers[1].resolveWithin, Millis(8 * 3'600'000));
    VALUE(teams, loadTeams(desk.connection()));
    QCOMPARE(teams.size(), 6);
    VALUE(me, loadMe(desk.connection()));
    QCOMPARE(me, u"ana.smithx"_s);
    VALUE(agent, findAgent(desk.connection(), me));
    QCOMPARE(agent.role, Role::Admin);
    QVERIFY(visibilityOf(agent, teams).deniedTeams.isEmpty());
    DONE(desk.reopen());
    VALUE(again, loadAgents(desk.connection()));
    QCOMPARE(again.size(), 1);
}

void TestWorkspace::fileLockExcludes()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.lock"_s);
    {
        VALUE(lock, FileLock::tryAcquire(path));
        QCOMPARE(modeOf(path), 0600);
        FAULT(FileLock::tryAcquire(path), Fault::Conflict);
        FAULT(FileLock::acquire(path, Millis(20)), Fault::Conflict);
        FileLock moved = std::move(lock);
        FAULT(FileLock::tryAcquire(path), Fault::Conflict);
    }
    DONE(FileLock::tryAcquire(path));
    FAULT(FileLock::tryAcquire(folder.filePath(u"no/such/folder.lock"_s)), Fault::Storage);
}

void TestWorkspace::writeLockIsFair()
{
    // One who takes the lock again and again without a pause cannot keep another out for long.
    StoreFixture desk;
    DONE(desk.workspace.create());
    VALUE(greedy, WriteLock::open(desk.workspace));
    VALUE(patient, WriteLock::open(desk.workspace));
    std::atomic<bool> isDone = false;
    std::atomic<int> rounds = 0;
    std::thread writer([&] {
        while (!isDone) {
            if (!greedy.acquire(Millis(10'000)))
                return;
            const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(2);
            while (std::chrono::steady_clock::now() < until) { }
            ++rounds;
            greedy.release();
        }
    });
    while (rounds == 0)
        std::this_thread::yield();
    bool gotAll = true;
    for (int i = 0; i < 20 && gotAll; ++i) {
        gotAll = patient.acquire(Millis(2'000)).has_value();
        patient.release();
    }
    isDone = true;
    writer.join();
    QVERIFY(gotAll);
}

void TestWorkspace::lockOfAKilledProcessIsFree()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.lock"_s);
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = FileLock::tryAcquire(path);
        const char byte = lock ? 'y' : 'n';
        if (::write(ready[1], &byte, 1) == 1)
            ::pause();
        ::_exit(0);
    }
    char byte = 0;
    QCOMPARE(::read(ready[0], &byte, 1), 1);
    QCOMPARE(byte, 'y');
    FAULT(FileLock::tryAcquire(path), Fault::Conflict);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    DONE(FileLock::tryAcquire(path));
    ::close(ready[0]);
    ::close(ready[1]);
}

void TestWorkspace::lockIsCheap()
{
    StoreFixture desk;
    DONE(desk.workspace.create());
    VALUE(lock, WriteLock::open(desk.workspace));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 1000; ++i) {
        DONE(lock.acquire(Millis(0)));
        lock.release();
    }
    const qint64 micros = timer.nsecsElapsed() / 1'000'000;
    qInfo("one lock and unlock: %lld us", micros);
    QVERIFY(micros < 100);
}

void TestWorkspace::twoStoresShareAWorkspace()
{
    StoreFixture desk;
    DONE(desk.create());
    VALUE(other, Store::open(desk.workspace, desk.clock));
    for (int i = 0; i < 20; ++i) {
        Store &writer = i % 2 ? *desk.store : *other;
        DONE(writer.write(Durability::Person, [&](WriteScope &scope) {
            TicketState state = plainTicket(u"K%1"_s.arg(i), scope.now());
            return insertTicket(scope, state);
        }));
    }
    VALUE(count, countQueue(desk.connection(), {}, Visibility::all()));
    QCOMPARE(count, 20);
    other.reset();
    VALUE(still, countQueue(desk.connection(), {}, Visibility::all()));
    QCOMPARE(still, 20);
}

void TestWorkspace::foreignKeysOnEveryConnection()
{
    StoreFixture desk;
    DONE(desk.create());
    VALUE(writer, Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadWrite));
    VALUE(reader, Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadOnly));
    for (Connection *connection : { &desk.connection(), writer.get(), reader.get() }) {
        VALUE(setting, connection->prepareText(u"PRAGMA foreign_keys"_s));
        DONE(setting.step());
        QCOMPARE(setting.integer(0), 1);
    }
    for (Connection *connection : { &desk.connection(), writer.get() }) {
        QVERIFY(!connection->execute(
            "INSERT INTO message (ticket, at, kind, author, text) VALUES (99, 0, 0, 0, 'orphan')"));
        QVERIFY(!connection->execute("INSERT INTO team (name, tier) VALUES ('x', 'L9')"));
    }
    FAULT(reader->execute("DELETE FROM team"), Fault::Storage);
}

void TestWorkspace::sharedFoldersAreKnown_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("type");
    QTest::addColumn<bool>("isShared");
    QTest::newRow("local") << u"/home/ana/.local/share/tierline/default"_s << u"ext4"_s << false;
    QTest::newRow("tmpfs") << u"/tmp/x"_s << u"tmpfs"_s << false;
    QTest::newRow("nfs") << u"/home/ana/desk"_s << u"nfs4"_s << true;
    QTest::newRow("samba") << u"/mnt/share"_s << u"CIFS"_s << true;
    QTest::newRow("sshfs") << u"/mnt/far"_s << u"fuse.sshfs"_s << true;
    QTest::newRow("local fuse") << u"/mnt/ntfs"_s << u"fuseblk"_s << false;
    QTest::newRow("dropbox") << u"/home/ana/Dropbox/desk"_s << u"ext4"_s << true;
    QTest::newRow("dropbox of a team") << u"/home/ana/Dropbox (Acme)/desk"_s << u"ext4"_s << true;
    QTest::newRow("onedrive") << u"C:\\Users\\ana\\OneDrive - Acme\\desk"_s << u"NTFS"_s << true;
    QTest::newRow("a name that only begins so")
        << u"/home/ana/dropboxes/desk"_s << u"ext4"_s << false;
}

void TestWorkspace::sharedFoldersAreKnown()
{
    QFETCH(QString, folder);
    QFETCH(QString, type);
    QFETCH(bool, isShared);
    QCOMPARE(looksShared(folder, type), isShared);
}

void TestWorkspace::walResetRace_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("hasRace");
    QTest::newRow("before the log") << 3'006'023 << false;
    QTest::newRow("Debian 12") << 3'040'001 << true;
    QTest::newRow("3.44.5") << 3'044'005 << true;
    QTest::newRow("3.44.6") << 3'044'006 << false;
    QTest::newRow("3.45.0") << 3'045'000 << true;
    QTest::newRow("3.50.6") << 3'050'006 << true;
    QTest::newRow("3.50.7") << 3'050'007 << false;
    QTest::newRow("3.51.0") << 3'051'000 << true;
    QTest::newRow("3.51.2") << 3'051'002 << true;
    QTest::newRow("3.51.3") << 3'051'003 << false;
    QTest::newRow("3.52.0") << 3'052'000 << false;
}

void TestWorkspace::walResetRace()
{
    QFETCH(int, version);
    QFETCH(bool, hasRace);
    QCOMPARE(hasWalResetRace(version), hasRace);
}

void TestWorkspace::doctorIsContent()
{
    StoreFixture desk;
    DONE(desk.create());
    const QList<HealthCheck> checks = checkHealth(desk.connection(), desk.workspace);
    QStringList names;
    for (const HealthCheck &check : checks) {
        names.append(check.name);
        QVERIFY2(check.isOk || check.name == u"disk"_s || check.name == u"place"_s,
            qPrintable(check.detail));
        QVERIFY(!check.detail.isEmpty());
    }
    QCOMPARE(names,
        QStringList({ u"integrity"_s, u"foreign-keys"_s, u"text-index"_s, u"schema"_s, u"sqlite"_s,
            u"disk"_s, u"place"_s, u"private"_s, u"feed"_s }));
    VALUE(reader, Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadOnly));
    // Who reads only sees the same; how much is free may change from one moment to the next.
    const QList<HealthCheck> again = checkHealth(*reader, desk.workspace);
    QCOMPARE(again.size(), checks.size());
    for (qsizetype i = 0; i < checks.size(); ++i)
        QVERIFY2(again[i] == checks[i] || again[i].name == u"disk"_s, qPrintable(again[i].detail));
}

void TestWorkspace::doctorSeesTrouble()
{
    StoreFixture desk;
    DONE(desk.create());
    TicketState state = plainTicket(u"A"_s, desk.clock.now());
    DONE(desk.write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    DONE(desk.connection().execute("PRAGMA foreign_keys = OFF"));
    DONE(desk.connection().execute("INSERT INTO team (name, tier) VALUES ('x', 'L9')"));
    DONE(desk.connection().execute("UPDATE ticket SET subject = 'behind its back'"));
    ::chmod(QFile::encodeName(desk.workspace.databasePath()).constData(), 0644);
    QStringList bad;
    for (const HealthCheck &check : checkHealth(desk.connection(), desk.workspace)) {
        if (!check.isOk && check.name != u"disk"_s && check.name != u"place"_s)
            bad.append(check.name);
    }
    QCOMPARE(bad, QStringList({ u"foreign-keys"_s, u"text-index"_s, u"private"_s }));
}

void TestWorkspace::socketNames()
{
    QTemporaryDir folder;
    const Workspace one(folder.filePath(u"one"_s));
    QVERIFY(QDir().mkpath(one.folder()));
    QCOMPARE(one.desktopSocketName(), Workspace(folder.path() + u"/./one/"_s).desktopSocketName());
    QVERIFY(one.desktopSocketName() != Workspace(folder.filePath(u"two"_s)).desktopSocketName());
    QVERIFY(one.desktopSocketName().size() < 60);
}

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
