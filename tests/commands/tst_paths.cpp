#include "core/commands/paths.h"
#include "core/escalation/eventdata.h"
#include "core/escalation/matrixjson.h"
#include "core/storage/editions.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::commands;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using escalation::Destination;
using escalation::Matrix;

/// The matrix of a workspace: who says what it is, its editions, and tickets that go by it.
class TestPaths : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void everyEditionStays();
    void onlyLeadsChangeIt();
    void whoIsNotThereIsRefused();
    void aTicketGoesUpByItsLine();
    void sidewaysIsAReassignment();
    void theAccountsTeamGoesFirst();
    void theShippedLinesBringTheirTeams();

private:
    static Matrix billing()
    {
        return { { .plan = u"enterprise"_s,
            .steps
            = { { Destination::AccountTeam, {}, 30min }, { Destination::Team, u"Billing"_s } },
            .kind = EscalationKind::Priority,
            .priorityStep = 2 } };
    }
    Result<WorkspaceOutcome> save(
        const char *who, const Matrix &matrix, const QString &why = u"a test"_s)
    {
        return f->change(who, SaveMatrix { matrix, why });
    }
    Result<PathMove> along(const QString &key)
    {
        Escalate asked = CommandFixture::escalation(key, {});
        return alongPath(f->connection(), asked, Visibility::all());
    }
    std::unique_ptr<CommandFixture> f;
};

void TestPaths::init()
{
    f = std::make_unique<CommandFixture>();
    QVERIFY(f->begin());
    QVERIFY(f->newTicket(u"T-1"_s));
}

void TestPaths::everyEditionStays()
{
    QVERIFY(along(u"T-1"_s).error().detail.contains(u"no escalation matrix"_s));
    QVERIFY(save("lea", billing(), u"Billing knows"_s));
    QVERIFY(save("lea", billing(), u"the same again"_s));
    Matrix next = billing();
    next.front().priorityStep = 0;
    f->clock.advance(1h);
    QVERIFY(save("adm", next, u"It was too loud"_s));
    QVERIFY(save("lea", {}, u"None for now"_s));
    const auto history = storage::loadEditionHistory(f->connection(), storage::editionkind::matrix);
    QVERIFY(history);
    QCOMPARE(history->size(), size_t(3));
    QCOMPARE((*history)[0].why, u"Billing knows"_s);
    QCOMPARE((*history)[1].actor, u"adm"_s);
    QVERIFY((*history)[1].made - (*history)[0].made == 1h);
    QVERIFY((*history)[2].document.isEmpty());
    const auto now = loadMatrix(f->connection());
    QVERIFY(now && now->empty());
    const auto then = storage::loadEdition(f->connection(), storage::editionkind::matrix, {}, 1);
    QVERIFY(then && !then->document.isEmpty());
    QVERIFY(!storage::loadEdition(f->connection(), storage::editionkind::matrix, {}, 4));
}

void TestPaths::onlyLeadsChangeIt()
{
    for (const char *who : { "ann", "bea", "ro" }) {
        const auto refused = save(who, billing());
        QVERIFY(!refused);
        QCOMPARE(refused.error().fault, Fault::NotAllowed);
        QCOMPARE(
            f->change(who, SetAccountTeam { u"Lind AB"_s, u"Technical"_s, u"why"_s }).error().fault,
            Fault::NotAllowed);
    }
    QCOMPARE(f->change("lea", BeginMatrix { u"why"_s }).error().fault, Fault::NotAllowed);
    QCOMPARE(save("lea", billing(), u"  "_s).error().where, u"why"_s);
}

void TestPaths::whoIsNotThereIsRefused()
{
    Matrix matrix = billing();
    matrix.front().steps.back().name = u"Nobody"_s;
    const auto refused = save("lea", matrix);
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, u"cells"_s);
    QCOMPARE(
        f->change("lea", SetAccountTeam { u"Nobody Ltd"_s, u"Billing"_s, u"why"_s }).error().fault,
        Fault::NotFound);
    QCOMPARE(f->change("lea", SetAccountTeam { u"Lind AB"_s, u"Nobody"_s, u"why"_s }).error().where,
        u"team"_s);
}

void TestPaths::aTicketGoesUpByItsLine()
{
    QVERIFY(save("lea", billing()));
    const auto move = along(u"T-1"_s);
    QVERIFY2(move, qPrintable(move ? QString() : move.error().detail));
    const auto *up = std::get_if<Escalate>(&*move);
    QVERIFY(up);
    QCOMPARE(up->toTier, u"L2"_s);
    QCOMPARE(up->team, u"Billing"_s); // nobody has the account
    QCOMPARE(up->kind, EscalationKind::Priority);
    QVERIFY(f->run("ann", *up));
    const TicketState state = f->state(u"T-1"_s);
    QCOMPARE(state.ticket.team, u"Billing"_s);
    QCOMPARE(state.ticket.priority, Priority::Urgent); // two steps up
    const auto events = storage::loadEvents(f->connection(), state.ticket.id);
    QVERIFY(events);
    QJsonObject mark;
    for (const Event &event : *events) {
        if (event.kind == EventKind::Escalated)
            mark = event.data[eventdata::escalation].toObject()[eventdata::path].toObject();
    }
    QCOMPARE(mark,
        (QJsonObject { { eventdata::matrix, 1 }, { eventdata::cell, u"enterprise"_s },
            { eventdata::step, 1 } }));
    QCOMPARE(f->wrong(u"T-1"_s), QString());
}

void TestPaths::sidewaysIsAReassignment()
{
    QVERIFY(save("lea", billing()));
    QVERIFY(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    const auto there = along(u"T-1"_s);
    const auto *sideways = there ? std::get_if<Reassign>(&*there) : nullptr;
    QVERIFY(sideways);
    QCOMPARE(sideways->team, u"Billing"_s);
    QCOMPARE(sideways->note, u"Login fails for one account"_s);
    QVERIFY(f->run("bea", *sideways));
    const TicketState state = f->state(u"T-1"_s);
    QCOMPARE(state.escalations.size(), size_t(1)); // another department is no escalation
    QCOMPARE(state.ticket.team, u"Billing"_s);
    QCOMPARE(along(u"T-1"_s).error().fault, Fault::NotFound);
}

void TestPaths::theAccountsTeamGoesFirst()
{
    QVERIFY(save("lea", billing()));
    QVERIFY(f->change("lea", SetAccountTeam { u"lind ab"_s, u"Technical"_s, u"They know them"_s }));
    const auto move = along(u"T-1"_s);
    QVERIFY(move && std::get_if<Escalate>(&*move));
    QCOMPARE(std::get<Escalate>(*move).team, u"Technical"_s);
    QCOMPARE(std::get<Escalate>(*move).path->step, 0);
    QVERIFY(f->change("lea", SetAccountTeam { u"Lind AB"_s, {}, u"No longer"_s }));
    QCOMPARE(std::get<Escalate>(*along(u"T-1"_s)).team, u"Billing"_s);
}

void TestPaths::theShippedLinesBringTheirTeams()
{
    QVERIFY(f->change("adm", BeginMatrix { u"A beginning"_s }));
    const auto matrix = loadMatrix(f->connection());
    QVERIFY(matrix && *matrix == escalation::shippedMatrix().matrix);
    const auto teams = storage::loadTeams(f->connection());
    QVERIFY(std::ranges::count(*teams, u"Shipping"_s, &Team::name) == 1);
    QCOMPARE(f->change("adm", BeginMatrix { u"again"_s }).error().fault, Fault::Conflict);
    const auto move = along(u"T-1"_s);
    QVERIFY(move && std::get_if<Escalate>(&*move));
    QCOMPARE(std::get<Escalate>(*move).toTier, u"L2"_s);
}

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
