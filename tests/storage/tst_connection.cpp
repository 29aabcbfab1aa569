#include "storetest.h"

#include <sqlite3.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestConnection : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void textGoesInAndOut_data();
    void textGoesInAndOut();
    void statementsAreLentAndGivenBack();
    void bindErrorsAreTold();
    void settings();
    void nothingIsCheckpointedByItself();
    void errorsAreSentences_data();
    void errorsAreSentences();
    void lockedByAnotherProgram();
    void missingFile();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Connection> m_connection;
};

void TestConnection::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QString path = m_folder->filePath(u"a.db"_s);
    DONE(createPrivateFile(path));
    VALUE(opened, Connection::open(path, Connection::Mode::ReadWrite));
    m_connection = std::move(opened);
    DONE(m_connection->execute("CREATE TABLE t (i INTEGER PRIMARY KEY, a)"));
}

void TestConnection::cleanup()
{
    m_connection.reset();
    m_folder.reset();
}

void TestConnection::textGoesInAndOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("null") << QString();
    QTest::newRow("empty") << u""_s;
    QTest::newRow("ascii") << u"hello"_s;
    QTest::newRow("umlauts and beyond") << u"äöü 漢字 \U0001F600"_s;
    QTest::newRow("a NUL inside") << QString(u"a"_s + QChar(0) + u"b"_s);
    QTest::newRow("longer than the stack's room") << u"é漢x"_s.repeated(5000);
    QTest::newRow("just at the room") << QString(169, u'漢');
    QTest::newRow("one more") << QString(171, u'漢');
}

void TestConnection::textGoesInAndOut()
{
    QFETCH(QString, text);
    VALUE(insert, m_connection->prepare("INSERT INTO t (a) VALUES (?1)"));
    DONE(insert.bind(1, text).run());
    VALUE(select, m_connection->prepare("SELECT a, typeof(a), length(CAST(a AS BLOB)) FROM t"));
    DONE(select.step());
    QCOMPARE(select.text(0), text);
    QCOMPARE(select.text(1), u"text"_s);
    QCOMPARE(select.integer(2), text.toUtf8().size());
}

void TestConnection::statementsAreLentAndGivenBack()
{
    static constexpr const char *sql = "SELECT i FROM t WHERE i = ?1";
    DONE(m_connection->execute("INSERT INTO t VALUES (1, 'x')"));
    sqlite3_stmt *only = nullptr;
    for (int i = 0; i < 3; ++i) {
        VALUE(statement, m_connection->prepare(sql));
        sqlite3_stmt *newest = sqlite3_next_stmt(m_connection->handle(), nullptr);
        if (i == 0)
            only = newest;
        QCOMPARE(newest, only);
        QVERIFY(!sqlite3_stmt_busy(newest));
        // A binding of the last round would find the row.
        VALUE(hasRow, statement.step());
        QVERIFY(!hasRow);
        statement.reset();
        VALUE(finds, statement.bind(1, 1).step());
        QVERIFY(finds);
    }
    QVERIFY(!sqlite3_stmt_busy(only));
    // Two at once are two.
    VALUE(one, m_connection->prepare(sql));
    VALUE(two, m_connection->prepare(sql));
    VALUE(a, one.bind(1, 1).step());
    VALUE(b, two.bind(1, 2).step());
    QVERIFY(a && !b);
}

void TestConnection::bindErrorsAreTold()
{
    VALUE(statement, m_connection->prepare("SELECT ?1"));
    QVERIFY(!statement.bind(2, 5).step());
    FAULT(m_connection->prepare("SELECT nonsense FROM nowhere"), Fault::Storage);
}

void TestConnection::settings()
{
    const QList<std::pair<QString, QString>> expected { { u"foreign_keys"_s, u"1"_s },
        { u"journal_mode"_s, u"wal"_s }, { u"wal_autocheckpoint"_s, u"0"_s },
        { u"trusted_schema"_s, u"0"_s }, { u"mmap_size"_s, u"0"_s } };
    for (const auto &[name, value] : expected) {
        VALUE(pragma, m_connection->prepareText(u"PRAGMA "_s + name));
        DONE(pragma.step());
        QVERIFY2(pragma.text(0) == value, qPrintable(name + u" is "_s + pragma.text(0)));
    }
    int isDefensive = 0, isNoCheckpoint = 0;
    sqlite3_db_config(m_connection->handle(), SQLITE_DBCONFIG_DEFENSIVE, -1, &isDefensive);
    sqlite3_db_config(
        m_connection->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &isNoCheckpoint);
    QCOMPARE(isDefensive, 1);
    QCOMPARE(isNoCheckpoint, 1);
}

void TestConnection::nothingIsCheckpointedByItself()
{
    const QString path = m_folder->filePath(u"a.db"_s);
    const qint64 before = QFileInfo(path).size();
    for (int i = 0; i < 3000; ++i)
        DONE(m_connection->execute("INSERT INTO t (a) VALUES (zeroblob(4000))"));
    QVERIFY(m_connection->walPages() > 3000);
    m_connection.reset();
    QCOMPARE(QFileInfo(path).size(), before);
    QVERIFY(QFileInfo(path + u"-wal"_s).size() > 12'000'000);
}

void TestConnection::errorsAreSentences_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("systemError");
    QTest::addColumn<QString>("says");
    QTest::addColumn<Fault>("fault");
    QTest::newRow("full") << SQLITE_FULL << 0 << u"The disk is full"_s << Fault::Storage;
    QTest::newRow("full at the system")
        << SQLITE_IOERR_WRITE << ENOSPC << u"The disk is full"_s << Fault::Storage;
    QTest::newRow("quota") << SQLITE_IOERR_WRITE << EDQUOT << u"The disk is full"_s
                           << Fault::Storage;
    QTest::newRow("read-only") << SQLITE_READONLY << 0 << u"read-only"_s << Fault::Storage;
    QTest::newRow("damaged") << SQLITE_CORRUPT << 0 << u"damaged"_s << Fault::Storage;
    QTest::newRow("no database") << SQLITE_NOTADB << 0 << u"damaged"_s << Fault::Storage;
    QTest::newRow("locked") << SQLITE_BUSY << 0 << u"another program"_s << Fault::Storage;
    QTest::newRow("cannot open") << SQLITE_CANTOPEN << ENOENT << u"No such file"_s
                                 << Fault::Storage;
    QTest::newRow("disk error") << SQLITE_IOERR_FSYNC << EIO << u"reported an error"_s
                                << Fault::Storage;
    QTest::newRow("taken") << SQLITE_CONSTRAINT_UNIQUE << 0 << u"already"_s << Fault::Conflict;
    QTest::newRow("foreign key") << SQLITE_CONSTRAINT_FOREIGNKEY << 0 << u"refused"_s << Fault::Bug;
    QTest::newRow("stopped") << SQLITE_INTERRUPT << 0 << u"Stopped"_s << Fault::Cancelled;
    QTest::newRow("memory") << SQLITE_NOMEM << 0 << u"memory"_s << Fault::Storage;
    QTest::newRow("too big") << SQLITE_TOOBIG << 0 << u"too large"_s << Fault::BadInput;
    QTest::newRow("anything else") << SQLITE_MISUSE << 0 << u"code 21"_s << Fault::Storage;
}

void TestConnection::errorsAreSentences()
{
    QFETCH(int, code);
    QFETCH(int, systemError);
    QFETCH(QString, says);
    QFETCH(Fault, fault);
    const Error error = sqliteError(code, systemError, u"/x/tierline.db"_s, u"message"_s);
    QCOMPARE(error.fault, fault);
    QVERIFY2(error.detail.contains(says), qPrintable(error.detail));
    QVERIFY(error.detail.endsWith(u'.'));
}

void TestConnection::lockedByAnotherProgram()
{
    VALUE(other, Connection::open(m_folder->filePath(u"a.db"_s), Connection::Mode::ReadWrite));
    DONE(other->execute("BEGIN IMMEDIATE"));
    sqlite3_busy_timeout(m_connection->handle(), 1);
    const auto refused = m_connection->execute("INSERT INTO t (a) VALUES (1)");
    QVERIFY(!refused);
    QCOMPARE(refused.error().retry, Retry::Later);
    QVERIFY2(refused.error().detail.contains(u"locked by another program"_s),
        qPrintable(refused.error().detail));
}

void TestConnection::missingFile()
{
    const QString path = m_folder->filePath(u"none.db"_s);
    FAULT(Connection::open(path, Connection::Mode::ReadWrite), Fault::Storage);
    FAULT(Connection::open(path, Connection::Mode::ReadOnly), Fault::Storage);
    QVERIFY(!QFileInfo::exists(path));
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
