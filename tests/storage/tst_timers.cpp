#include "core/storage/firings.h"
#include "core/storage/timers.h"
#include "core/storage/waiting.h"
#include "storetest.h"

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the rule engine keeps.
class TestTimers : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void oneTimerForATicket();
    void theyComeInOrder();
    void aCauseFiresOnce();
    void shadowsStandInNobodysWay();
    void questionsAreAnsweredOnce();
    void noticesAreHandedOverOnce();
    void laddersEnd();
    void theyGoWithTheirTicket();

private:
    Firing firing(const QString &anchor, FiringOutcome outcome = FiringOutcome::Fired)
    {
        return { .ticket = m_ids[0],
            .rule = u"r1"_s,
            .anchor = anchor,
            .name = u"Waits"_s,
            .due = m_desk->clock.now(),
            .at = m_desk->clock.now() + 1s,
            .outcome = outcome,
            .sentence = u"no agent reply for 2h"_s,
            .deeds = { { u"tag late"_s, u"done"_s, {} },
                { u"escalate to L2"_s, u"refused"_s, u"A guard."_s } },
            .operation = u"op-"_s + anchor,
            .isReal = outcome == FiringOutcome::Fired };
    }
    Result<Done> insert(Firing &one)
    {
        return m_desk->write([&](WriteScope &scope) { return insertFiring(scope, one); });
    }

    std::unique_ptr<StoreFixture> m_desk;
    std::vector<TicketId> m_ids;
};

void TestTimers::init()
{
    m_desk = std::make_unique<StoreFixture>();
    m_ids.clear();
    DONE(m_desk->create());
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < 4; ++i) {
            TicketState state = plainTicket(u"K%1"_s.arg(i), scope.now());
            TIERLINE_CHECK(insertTicket(scope, state));
            m_ids.push_back(state.ticket.id);
        }
        return Done {};
    }));
}

void TestTimers::oneTimerForATicket()
{
    const Instant now = m_desk->clock.now();
    const auto arm = [&](Instant due, const QString &cause) {
        return m_desk->write([&](WriteScope &scope) {
            return armTimer(scope, { m_ids[0], due, cause });
        });
    };
    DONE(arm(now + 2h, u"rule “A”"_s));
    DONE(arm(now + 1h, u"rule “B”"_s));
    VALUE(timer, loadTimer(m_desk->connection(), m_ids[0]));
    QCOMPARE(timer, (TimerRow { m_ids[0], now + 1h, u"rule “B”"_s }));
    VALUE(count, countTimers(m_desk->connection()));
    QCOMPARE(count, 1);
    DONE(m_desk->write([&](WriteScope &scope) { return disarmTimer(scope, m_ids[0]); }));
    VALUE(gone, loadTimer(m_desk->connection(), m_ids[0]));
    QVERIFY(!gone);
    VALUE(none, firstTimer(m_desk->connection()));
    QVERIFY(!none);
}

void TestTimers::theyComeInOrder()
{
    const Instant now = m_desk->clock.now();
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(armTimer(scope, { m_ids[0], now + 3h, u"c"_s }));
        TIERLINE_CHECK(armTimer(scope, { m_ids[1], now + 1h, u"a"_s }));
        TIERLINE_CHECK(armTimer(scope, { m_ids[3], now + 2h, u"b"_s }));
        return armTimer(scope, { m_ids[2], now + 2h, u"b"_s });
    }));
    VALUE(due, loadTimers(m_desk->connection(), now, now + 2h, 10));
    QCOMPARE(due.size(), 3U);
    QCOMPARE(due[0].ticket, m_ids[1]);
    QCOMPARE(due[1].ticket, m_ids[2]); // of one instant by number
    QCOMPARE(due[2].ticket, m_ids[3]);
    // Of one instant the urgent come first, and a timer that is armed again knows what its ticket is now.
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        return armTimer(scope, { m_ids[3], now + 2h, u"b"_s, Priority::Urgent });
    }));
    VALUE(urgent, loadTimers(m_desk->connection(), now + 1h, now + 2h, 10));
    QCOMPARE(urgent[0], (TimerRow { m_ids[3], now + 2h, u"b"_s, Priority::Urgent }));
    QCOMPARE(urgent[1].ticket, m_ids[2]);
    VALUE(later, loadTimers(m_desk->connection(), now + 1h, now + 3h, 1));
    QCOMPARE(later.size(), 1U);
    VALUE(first, firstTimer(m_desk->connection()));
    QCOMPARE(first->due, now + 1h);
}

void TestTimers::aCauseFiresOnce()
{
    Firing first = firing(u"life"_s);
    DONE(insert(first));
    Firing again = firing(u"life"_s);
    FAULT(insert(again), Fault::Conflict);
    Firing level = firing(u"life"_s);
    level.level = 1;
    DONE(insert(level));
    VALUE(found, loadFiring(m_desk->connection(), first.number));
    QCOMPARE(found, first);
    VALUE(made, findFiringOf(m_desk->connection(), u"op-life"_s));
    QCOMPARE(made->rule, u"r1"_s);
    VALUE(none, findFiringOf(m_desk->connection(), {}));
    QVERIFY(!none);
    VALUE(count, countFired(m_desk->connection(), u"r1"_s, first.at));
    QCOMPARE(count, 1); // the rule, not its level
    VALUE(newest, loadFirings(m_desk->connection(), { .rule = u"r1"_s, .limit = 1 }));
    QCOMPARE(newest.front().number, level.number);
    VALUE(behind,
        loadFirings(m_desk->connection(), { .after = first.number, .isOldestFirst = true }));
    QCOMPARE(behind.size(), 1U);
    VALUE(before, loadFirings(m_desk->connection(), { .before = level.number }));
    QCOMPARE(before.size(), 1U);
    VALUE(none2, loadFirings(m_desk->connection(), { .from = first.at + 1s, .to = first.at + 2s }));
    QVERIFY(none2.empty());
}

void TestTimers::shadowsStandInNobodysWay()
{
    Firing shadow = firing(u"life"_s, FiringOutcome::Shadow), real = firing(u"life"_s);
    DONE(insert(shadow));
    DONE(insert(real));
    Firing twice = firing(u"life"_s, FiringOutcome::Shadow);
    FAULT(insert(twice), Fault::Conflict);
    VALUE(spent, loadSpentCauses(m_desk->connection(), m_ids[0]));
    QCOMPARE(spent.size(), 2U);
    VALUE(both, findFirings(m_desk->connection(), m_ids[0], u"r1"_s, 1, u"life"_s));
    QCOMPARE(both.size(), 2U);
    QVERIFY(both[0].isReal && !both[1].isReal);
}

void TestTimers::questionsAreAnsweredOnce()
{
    Firing asked = firing(u"life"_s);
    DONE(insert(asked));
    DONE(m_desk->write([&](WriteScope &scope) {
        return insertQuestion(scope,
            { .id = u"q"_s,
                .firing = asked.number,
                .ticket = m_ids[0],
                .asked = scope.now(),
                .why = u"Late."_s,
                .actions = u"tell customer"_s });
    }));
    const auto answer = [&](const QString &id) {
        return m_desk->write([&](WriteScope &scope) {
            return answerQuestion(scope, id, true, u"ann"_s, scope.now());
        });
    };
    VALUE(open, loadOpenQuestions(m_desk->connection(), 10));
    QCOMPARE(open.size(), 1U);
    DONE(answer(u"q"_s));
    FAULT(answer(u"q"_s), Fault::Conflict);
    FAULT(answer(u"x"_s), Fault::NotFound);
    VALUE(none, loadOpenQuestions(m_desk->connection(), 10));
    QVERIFY(none.empty());
    VALUE(kept, loadQuestion(m_desk->connection(), u"q"_s));
    QVERIFY(kept->isYes);
    QCOMPARE(kept->answeredBy, u"ann"_s);
}

void TestTimers::noticesAreHandedOverOnce()
{
    Firing told = firing(u"life"_s);
    DONE(insert(told));
    Notice notice { .firing = told.number,
        .ticket = m_ids[0],
        .at = m_desk->clock.now(),
        .target = u"ann"_s,
        .text = u"Look."_s,
        .isUrgent = true };
    DONE(m_desk->write([&](WriteScope &scope) { return insertNotice(scope, notice); }));
    VALUE(waiting,
        loadNoticesFor(m_desk->connection(), { { NoticeTarget::Agent, u"ann"_s } },
            Visibility::all(), notice.at, 10));
    QCOMPARE(waiting.size(), 1U);
    QCOMPARE(waiting[0].notice, notice);
    VALUE(tooEarly,
        loadNoticesFor(m_desk->connection(), { { NoticeTarget::Agent, u"ann"_s } },
            Visibility::all(), notice.at - Millis(1), 10));
    QVERIFY(tooEarly.empty());
    int handed = 0;
    for (int i = 0; i < 2; ++i) {
        DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(isOurs, handOverNotice(scope, notice.id));
            handed += isOurs;
            return Done {};
        }));
    }
    QCOMPARE(handed, 1);
    VALUE(all, loadNotices(m_desk->connection(), m_ids[0]));
    QCOMPARE(all.front().state, Notice::State::HandedOver);
}

void TestTimers::laddersEnd()
{
    Firing began = firing(u"life"_s);
    DONE(insert(began));
    LadderRun run { .firing = began.number,
        .ticket = m_ids[0],
        .text = u"ladder (after 30m remind)"_s,
        .began = began.due,
        .looked = began.due };
    const auto save
        = [&] { return m_desk->write([&](WriteScope &scope) { return saveLadder(scope, run); }); };
    DONE(save());
    VALUE(under, loadLadders(m_desk->connection(), m_ids[0]));
    QCOMPARE(under, std::vector<LadderRun> { run });
    VALUE(any, hasLadders(m_desk->connection()));
    QVERIFY(any);
    run.state = LadderRun::State::Over;
    DONE(save());
    VALUE(none, hasLadders(m_desk->connection()));
    QVERIFY(!none);
}

void TestTimers::theyGoWithTheirTicket()
{
    Firing fired = firing(u"life"_s);
    DONE(insert(fired));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(armTimer(scope, { m_ids[0], scope.now(), u"x"_s }));
        TIERLINE_CHECK(saveEngineState(scope, u"feed"_s, u"7"_s));
        TIERLINE_TRY(row, scope.connection().prepare("DELETE FROM ticket WHERE id = ?1"));
        return row.bind(1, m_ids[0].v).run();
    }));
    VALUE(count, countTimers(m_desk->connection()));
    QCOMPARE(count, 0);
    VALUE(left, loadFirings(m_desk->connection(), {}));
    QVERIFY(left.empty());
    VALUE(state, loadEngineState(m_desk->connection(), u"feed"_s));
    QCOMPARE(state, u"7"_s);
    VALUE(live, isLiveTicket(m_desk->connection(), m_ids[0]));
    QVERIFY(!live);
    VALUE(next, nextTickets(m_desk->connection(), Which::Workable, m_ids[1], 10));
    QCOMPARE(next.size(), 2U);
}

QTEST_GUILESS_MAIN(TestTimers)
#include "tst_timers.moc"
