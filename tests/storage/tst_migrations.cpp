#include "core/storage/doctor.h"
#include "core/storage/migrations.h"
#include "core/storage/people.h"
#include "storetest.h"

#include <QCryptographicHash>

#include <sys/wait.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

int shippedSchema()
{
    return static_cast<int>(embeddedMigrations().size());
}

/// The product's own files and one that nobody has yet, which changes what is there.
QList<Migration> withMadeUpNext()
{
    static const QByteArray name
        = QByteArray::number(shippedSchema() + 1).rightJustified(4, '0') + "_made_up.sql";
    static const MigrationFile next { name.constData(),
        "-- Adds a colour to tickets and fills it.\n"
        "-- oldest reader: 1\n"
        "ALTER TABLE ticket ADD COLUMN colour TEXT NOT NULL DEFAULT '';\n"
        "-- step\n"
        "UPDATE ticket SET colour = 'red; not blue' WHERE tier = 'L1';\n"
        "-- step\n"
        "CREATE INDEX ticket_colour ON ticket (colour);\n"
        "-- step\n"
        "DELETE FROM feed;\n" };
    const auto shipped = embeddedMigrations();
    std::vector<MigrationFile> files(shipped.begin(), shipped.end());
    files.push_back(next);
    return *parseMigrations(files);
}

QString dump(Connection &connection)
{
    QStringList lines;
    const QStringList queries { u"SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY name"_s,
        u"SELECT key || tier || subject FROM ticket ORDER BY id"_s,
        u"SELECT rev FROM feed ORDER BY rev"_s, u"SELECT key || value FROM meta ORDER BY key"_s,
        u"PRAGMA user_version"_s };
    for (const QString &query : queries) {
        auto rows = connection.prepareText(query);
        while (rows && rows->step().value_or(false))
            lines.append(rows->text(0));
    }
    return lines.join(u'\n');
}

Result<Done> fill(StoreFixture &desk)
{
    return desk.write([&](WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < 5; ++i) {
            TicketState state
                = plainTicket(u"K%1"_s.arg(i), scope.now(), i % 2 ? u"L1"_s : u"L2"_s);
            TIERLINE_CHECK(insertTicket(scope, state));
        }
        return Done {};
    });
}

} // namespace

class TestMigrations : public QObject
{
    Q_OBJECT
private slots:
    void shippedFilesKeepTheRules();
    void releasedFilesNeverChange();
    void brokenFilesAreRefused_data();
    void brokenFilesAreRefused();
    void statementsAreNotSplitAtSemicolons();
    void newStoreRunsAllFiles();
    void failsAtEveryStatement();
    void killedAtEveryStatement();
    void aCopyIsMadeBeforeAnUpgrade();
    void noCopyNoUpgrade();
    void creationKilledAtEveryStatement();
};

void TestMigrations::shippedFilesKeepTheRules()
{
    VALUE(migrations, parseMigrations(embeddedMigrations()));
    QVERIFY(!migrations.isEmpty());
    const QStringList onDisk = QDir(QStringLiteral(TIERLINE_SOURCE_DIR "/core/storage/migrations"))
                                   .entryList({ u"*.sql"_s }, QDir::Files, QDir::Name);
    QCOMPARE(migrations.size(), onDisk.size());
    for (qsizetype i = 0; i < migrations.size(); ++i)
        QCOMPARE(migrations[i].name, onDisk[i]);
}

void TestMigrations::releasedFilesNeverChange()
{
    // name and SHA-256 of every file that a release has shipped; a release adds its lines here.
    static const QMap<QString, QByteArray> released {};
    for (auto file = released.begin(); file != released.end(); ++file) {
        QFile sql(QStringLiteral(TIERLINE_SOURCE_DIR "/core/storage/migrations/") + file.key());
        QVERIFY(sql.open(QIODevice::ReadOnly));
        QCOMPARE(QCryptographicHash::hash(sql.readAll(), QCryptographicHash::Sha256).toHex(),
            file.value());
    }
}

void TestMigrations::brokenFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a gap") << QByteArray("0002_x.sql")
                           << QByteArray("-- What.\n-- oldest reader: 1\nA;\n");
    QTest::newRow("no purpose") << QByteArray("0001_x.sql")
                                << QByteArray("A;\n-- oldest reader: 1\n\n");
    QTest::newRow("no reader") << QByteArray("0001_x.sql") << QByteArray("-- What.\nA;\n\n");
    QTest::newRow("reader of tomorrow")
        << QByteArray("0001_x.sql") << QByteArray("-- What.\n-- oldest reader: 2\nA;\n");
    QTest::newRow("reader zero") << QByteArray("0001_x.sql")
                                 << QByteArray("-- What.\n-- oldest reader: 0\nA;\n");
}

void TestMigrations::brokenFilesAreRefused()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, text);
    const MigrationFile file { name.constData(), text.constData() };
    FAULT(parseMigrations(std::span(&file, 1)), Fault::Bug);
}

void TestMigrations::statementsAreNotSplitAtSemicolons()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(fill(desk));
    DONE(migrate(desk.connection(), withMadeUpNext()));
    VALUE(rows,
        desk.connection().prepareText(
            u"SELECT count(*) FROM ticket WHERE colour = 'red; not blue'"_s));
    DONE(rows.step());
    QCOMPARE(rows.integer(0), 2);
    VALUE(version, schemaVersion(desk.connection()));
    QCOMPARE(version, newestSchema(withMadeUpNext()));
}

void TestMigrations::newStoreRunsAllFiles()
{
    StoreFixture desk;
    DONE(desk.create());
    VALUE(version, schemaVersion(desk.connection()));
    QCOMPARE(version, newestSchema(*parseMigrations(embeddedMigrations())));
    VALUE(oldest, desk.connection().prepare("SELECT value FROM meta WHERE key = 'oldest_reader'"));
    DONE(oldest.step());
    QCOMPARE(oldest.text(0).toInt(), parseMigrations(embeddedMigrations())->last().oldestReader);
}

void TestMigrations::failsAtEveryStatement()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(fill(desk));
    const QString before = dump(desk.connection());
    int failAt = 0;
    for (;; ++failAt) {
        const auto outcome
            = migrate(desk.connection(), withMadeUpNext(), [&](int step) -> Result<Done> {
                  return step == failAt ? Result<Done>(storageError(u"The disk is full."_s))
                                        : Done {};
              });
        if (outcome)
            break;
        QCOMPARE(outcome.error().fault, Fault::Storage);
        QVERIFY(outcome.error().detail.contains(u"as it was before"_s));
        QCOMPARE(dump(desk.connection()), before);
    }
    QCOMPARE(failAt, 5);
    QVERIFY(dump(desk.connection()) != before);
    DONE(checkIntegrity(desk.connection()));
}

void TestMigrations::killedAtEveryStatement()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(fill(desk));
    const QString before = dump(desk.connection());
    desk.store.reset();
    bool isThrough = false;
    int kills = 0;
    for (; !isThrough; ++kills) {
        const pid_t child = ::fork();
        if (child == 0) {
            auto connection
                = Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadWrite);
            if (!connection)
                ::_exit(2);
            const auto outcome
                = migrate(**connection, withMadeUpNext(), [&](int step) -> Result<Done> {
                      if (step == kills)
                          ::kill(::getpid(), SIGKILL);
                      return Done {};
                  });
            ::_exit(outcome ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        isThrough = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        QVERIFY(isThrough || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
        VALUE(connection,
            Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadWrite));
        DONE(checkIntegrity(*connection));
        if (!isThrough)
            QCOMPARE(dump(*connection), before);
    }
    QCOMPARE(kills, 6);
    // This program's own schema ends before the made-up file, so it now refuses.
    FAULT(Store::open(desk.workspace, desk.clock), Fault::NotAllowed);
}

void TestMigrations::aCopyIsMadeBeforeAnUpgrade()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(fill(desk));
    const QString before = dump(desk.connection());
    const QString copyPath
        = desk.workspace.folder() + u"/before-upgrade-%1.db"_s.arg(shippedSchema());
    const auto failing = [](int step) {
        return step == 2 ? Result<Done>(storageError(u"no"_s)) : Result<Done>(Done {});
    };
    QVERIFY(!upgrade(desk.connection(), desk.workspace, withMadeUpNext(), failing));
    QVERIFY(QFileInfo::exists(copyPath));
    DONE(upgrade(desk.connection(), desk.workspace, withMadeUpNext()));
    QVERIFY(dump(desk.connection()) != before);
    VALUE(copy, Connection::open(copyPath, Connection::Mode::ReadOnly));
    QCOMPARE(dump(*copy), before);
    DONE(checkIntegrity(*copy));
    QCOMPARE(QFileInfo(copyPath).permissions() & (QFile::ReadGroup | QFile::ReadOther),
        QFile::Permissions());
    QCOMPARE(QDir(desk.workspace.folder()).entryList({ u"before-*"_s }, QDir::Files).size(), 1);
    // Where there is nothing to do there is nothing to copy.
    copy.reset();
    QVERIFY(QFile::remove(copyPath));
    DONE(upgrade(desk.connection(), desk.workspace, withMadeUpNext()));
    QVERIFY(!QFileInfo::exists(copyPath));
}

void TestMigrations::noCopyNoUpgrade()
{
    StoreFixture desk;
    DONE(desk.create());
    DONE(fill(desk));
    const QString before = dump(desk.connection());
    QVERIFY(QDir(desk.workspace.folder()).mkdir(u"before-upgrade-%1.db"_s.arg(shippedSchema())));
    FAULT(upgrade(desk.connection(), desk.workspace, withMadeUpNext()), Fault::Storage);
    QCOMPARE(dump(desk.connection()), before);
    QCOMPARE(QDir(desk.workspace.folder()).entryList({ u"*.partial*"_s }, QDir::Files).size(), 0);
}

void TestMigrations::creationKilledAtEveryStatement()
{
    VALUE(shipped, parseMigrations(embeddedMigrations()));
    qsizetype steps = 0;
    for (const Migration &migration : shipped)
        steps += migration.steps.size() + 1;
    for (int killAt = 0; killAt < steps; ++killAt) {
        StoreFixture desk;
        DONE(desk.workspace.create());
        DONE(createPrivateFile(desk.workspace.databasePath()));
        const pid_t child = ::fork();
        if (child == 0) {
            auto connection
                = Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadWrite);
            const auto outcome = migrate(**connection, shipped, [&](int step) -> Result<Done> {
                if (step == killAt)
                    ::kill(::getpid(), SIGKILL);
                return Done {};
            });
            ::_exit(outcome ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        if (killAt <= shipped.first().steps.size()) {
            FAULT(Store::open(desk.workspace, desk.clock), Fault::NotFound);
            DONE(desk.create());
        } else { // the first file is in: whoever opens it next carries on
            VALUE(opened, Store::open(desk.workspace, desk.clock));
            desk.store = std::move(opened);
        }
        DONE(checkIntegrity(desk.connection()));
        VALUE(tiers, loadTiers(desk.connection()));
        QCOMPARE(tiers.size(), 3);
    }
}

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
