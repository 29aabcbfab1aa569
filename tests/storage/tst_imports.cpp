#include "core/storage/doctor.h"
#include "core/storage/imports.h"
#include "core/storage/people.h"
#include "core/storage/search.h"
#include "storetest.h"

#include <sys/wait.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

/// A ticket with everything that can hang on one, and with people of its own.
Result<Done> addWhole(WriteScope &scope, const QString &key, ImportId import, bool indexText)
{
    TicketState state = plainTicket(key, scope.now());
    Organization organization { .name = u"Company of "_s + key };
    TIERLINE_CHECK(saveOrganization(scope, organization));
    Requester requester { .name = u"Customer "_s + key, .organization = organization.id };
    TIERLINE_CHECK(saveRequester(scope, requester));
    state.ticket.requester = requester.id;
    state.ticket.organization = organization.id;
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
    void peopleOfOthersStay();
    void openLeavesARunningImportAlone();
    void finishedImportsStay();
    void aNewCompanyIsToldOnce();
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
    // 25 tickets, then their requesters, then the companies of those, ten at a time.
    QCOMPARE(left, QList<qint64>({ 15, 5, 10, 10, 5, 10, 10, 5, 0 }));
    for (const QString &table : { u"ticket"_s, u"event"_s, u"message"_s, u"attachment"_s, u"blob"_s,
             u"escalation"_s, u"stage"_s, u"handoff"_s, u"requester"_s, u"organization"_s })
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
    for (const QString &table : { u"ticket"_s, u"requester"_s, u"organization"_s })
        QCOMPARE(countAll(m_desk->connection(), table), 1);
    VALUE(unfinished, unfinishedImports(m_desk->connection()));
    QVERIFY(unfinished.empty());
    DONE(checkSearch(m_desk->connection()));
    DONE(checkIntegrity(m_desk->connection()));
}

/// Whom somebody else's ticket has by now, and whoever was there before, stays.
void TestImports::peopleOfOthersStay()
{
    ImportId import;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        Organization known { .name = u"Known without a ticket"_s };
        TIERLINE_CHECK(saveOrganization(scope, known));
        Requester friendly { .name = u"Known without a ticket"_s, .organization = known.id };
        TIERLINE_CHECK(saveRequester(scope, friendly));
        TIERLINE_TRY(begun, beginImport(scope, u"file.csv"_s));
        import = begun;
        TIERLINE_CHECK(addWhole(scope, u"K0"_s, import, true));
        return addWhole(scope, u"K1"_s, import, true);
    }));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TicketState state = plainTicket(u"typed"_s, scope.now());
        Requester again { .name = u"Customer K1"_s };
        TIERLINE_CHECK(saveRequester(scope, again));
        state.ticket.requester = again.id;
        return insertTicket(scope, state);
    }));
    DONE(m_desk->reopen());
    QCOMPARE(countAll(m_desk->connection(), u"ticket"_s), 2);
    auto names = m_desk->connection().prepareText(
        u"SELECT r.name || ' of ' || o.name FROM requester r JOIN organization o"
        " ON o.id = r.organization ORDER BY r.id"_s);
    QStringList people;
    while (names && names->step().value_or(false))
        people.append(names->text(0));
    QCOMPARE(people,
        QStringList({ u"Customer own of Company of own"_s,
            u"Known without a ticket of Known without a ticket"_s,
            u"Customer K1 of Company of K1"_s }));
    QCOMPARE(countAll(m_desk->connection(), u"organization"_s), 3);
    DONE(checkForeignKeys(m_desk->connection()));
    auto marks
        = m_desk->connection().prepareText(u"SELECT count(*) FROM meta WHERE key LIKE 'import%'"_s);
    QVERIFY(marks && marks->step().value_or(false));
    QCOMPARE(marks->integer(0), 0);
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

/// Tickets of an import tell of their company in no order: what the last one says held from ever. A company that was
/// known before has a past.
void TestImports::aNewCompanyIsToldOnce()
{
    Organization known { .name = u"Known"_s, .plan = u"team"_s };
    Organization fresh { .name = u"New"_s, .plan = u"team"_s };
    ImportId import;
    DONE(m_desk->write([&](WriteScope &scope) { return saveOrganization(scope, known); }));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(begun, beginImport(scope, u"file.jsonl"_s));
        import = begun;
        return saveOrganization(scope, fresh, import);
    }));
    m_desk->clock.advance(Millis(1'000));
    known.plan = fresh.plan = u"enterprise"_s;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveOrganization(scope, known, import));
        TIERLINE_CHECK(saveOrganization(scope, fresh, import));
        return finishImport(scope, import);
    }));
    VALUE(ofKnown, loadOrganizationPast(m_desk->connection(), known.id));
    QCOMPARE(ofKnown.size(), size_t(1));
    QCOMPARE(ofKnown[0].facts.plan, u"team"_s);
    VALUE(ofFresh, loadOrganizationPast(m_desk->connection(), fresh.id));
    QVERIFY(ofFresh.empty());
    m_desk->clock.advance(Millis(1'000));
    fresh.plan = u"free"_s;
    DONE(m_desk->write([&](WriteScope &scope) { return saveOrganization(scope, fresh); }));
    VALUE(later, loadOrganizationPast(m_desk->connection(), fresh.id));
    QCOMPARE(later.size(), size_t(1));
    QCOMPARE(later[0].facts.plan, u"enterprise"_s);
}

void TestImports::finishedImportsStay()
{
    DONE(m_desk->write([](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(import, beginImport(scope, u"file.csv"_s));
        TIERLINE_CHECK(addWhole(scope, u"K"_s, import, true));
        return finishImport(scope, import);
    }));
    DONE(m_desk->reopen());
    for (const QString &table : { u"ticket"_s, u"requester"_s, u"organization"_s })
        QCOMPARE(countAll(m_desk->connection(), table), 2);
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
