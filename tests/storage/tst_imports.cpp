#include "core/storage/doctor.h"
#include "core/storage/imports.h"
#include "core/storage/search.h"
#include "storetest.h"

#include <sys/wait.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

/// A ticket with everything that can hang on one.
Result<Done> addWhole(WriteScope &scope, const QString &key, ImportId import, bool indexText)
{
    TicketState state = plainTicket(key, scope.now());
    Escalation escalation { .id = u"e-"_s + key };
    escalation.stages.push_back({ Stage::Handoff, u"L2"_s, scope.now(), {}, {} });
    state.escalations.push_back(escalation);
    TIERLINE_CHECK(insertTicket(scope, state, import, indexText));
    Event event { .ticket = state.ticket.id };
    TIERLINE_CHECK(appendEvent(scope, event));
    Message message { .ticket = state.ticket.id, .text = u"words"_s };
    TIERLINE_CHECK(appendMessage(scope, message, indexText));
    Attachment attachment { .message = message.id, .name = u"a"_s };
    TIERLINE_CHECK(appendAttachment(scope, attachment, key.toUtf8()));
    return insertHandoff(scope, { .escalation = escalation.id, .ticket = state.ticket.id });
}

qint64 countAll(Connection &connection, const QString &table)
{
    auto count = connection.prepareText(u"SELECT count(*) FROM "_s + table);
    return count && count->step().value_or(false) ? count->integer(0) : -1;
}

} // namespace

class TestImports : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void removesInBatches_data();
    void removesInBatches();
    void openRemovesWhatAKilledImportLeft();
    void openLeavesARunningImportAlone();
    void finishedImportsStay();
    void oneAtATime();

private:
    std::unique_ptr<StoreFixture> m_desk;
};

void TestImports::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
    DONE(m_desk->write([](WriteScope &scope) { return addWhole(scope, u"own"_s, {}, true); }));
}

void TestImports::removesInBatches_data()
{
    QTest::addColumn<bool>("indexText");
    QTest::newRow("with text") << true;
    QTest::newRow("without text") << false;
}

void TestImports::removesInBatches()
{
    QFETCH(bool, indexText);
    ImportId import;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(begun, beginImport(scope, u"file.csv"_s));
        import = begun;
        for (int i = 0; i < 25; ++i)
            TIERLINE_CHECK(addWhole(scope, u"K%1"_s.arg(i), import, indexText));
        return Done {};
    }));
    QList<qint64> left;
    do {
        DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(still, removeImportBatch(scope, import, 10));
            left.append(still);
            return Done {};
        }));
    } while (left.last() > 0);
    QCOMPARE(left, QList<qint64>({ 15, 5, 0 }));
    for (const QString &table : { u"ticket"_s, u"event"_s, u"message"_s, u"attachment"_s, u"blob"_s,
             u"escalation"_s, u"stage"_s, u"handoff"_s })
        QCOMPARE(countAll(m_desk->connection(), table), 1);
    QCOMPARE(countAll(m_desk->connection(), u"import"_s), 0);
    DONE(checkForeignKeys(m_desk->connection()));
    DONE(checkSearch(m_desk->connection()));
}

void TestImports::openRemovesWhatAKilledImportLeft()
{
    m_desk->store.reset();
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = lockImports(m_desk->workspace);
        auto store = Store::open(m_desk->workspace, m_desk->clock);
        ImportId import;
        for (int batch = 0; batch < 5; ++batch) {
            const auto outcome
                = (*store)->write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
                      if (batch == 0) {
                          TIERLINE_TRY(begun, beginImport(scope, u"file.csv"_s));
                          import = begun;
                      }
                      for (int i = 0; i < 10; ++i)
                          TIERLINE_CHECK(
                              addWhole(scope, u"K%1-%2"_s.arg(batch).arg(i), import, batch % 2));
                      return Done {};
                  });
            if (!outcome)
                ::_exit(1);
        }
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));
    DONE(m_desk->reopen());
    QCOMPARE(countAll(m_desk->connection(), u"ticket"_s), 1);
    VALUE(unfinished, unfinishedImports(m_desk->connection()));
    QVERIFY(unfinished.empty());
    DONE(checkSearch(m_desk->connection()));
    DONE(checkIntegrity(m_desk->connection()));
}

void TestImports::openLeavesARunningImportAlone()
{
    VALUE(lock, lockImports(m_desk->workspace));
    DONE(m_desk->write([](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(import, beginImport(scope, u"file.csv"_s));
        return addWhole(scope, u"K"_s, import, true);
    }));
    {
        VALUE(other, Store::open(m_desk->workspace, m_desk->clock));
        QCOMPARE(countAll(other->connection(), u"ticket"_s), 2);
    }
    {
        const FileLock given = std::move(lock);
    }
    VALUE(later, Store::open(m_desk->workspace, m_desk->clock));
    QCOMPARE(countAll(later->connection(), u"ticket"_s), 1);
}

void TestImports::finishedImportsStay()
{
    DONE(m_desk->write([](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(import, beginImport(scope, u"file.csv"_s));
        TIERLINE_CHECK(addWhole(scope, u"K"_s, import, true));
        return finishImport(scope, import);
    }));
    DONE(m_desk->reopen());
    QCOMPARE(countAll(m_desk->connection(), u"ticket"_s), 2);
}

void TestImports::oneAtATime()
{
    VALUE(lock, lockImports(m_desk->workspace));
    const auto second = lockImports(m_desk->workspace);
    QVERIFY(!second);
    QCOMPARE(second.error().fault, Fault::Conflict);
    QVERIFY(second.error().detail.contains(u"import"_s));
    const FileLock held = std::move(lock);
}

QTEST_GUILESS_MAIN(TestImports)
#include "tst_imports.moc"
