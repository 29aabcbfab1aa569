#include "core/commands/paths.h"
#include "core/escalation/eventdata.h"
#include "tests/engine/enginetest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using escalation::Destination;
using escalation::Matrix;

/// Rules that escalate by the matrix, and tickets that nobody accepts on their way.
class TestMatrixPaths : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void aRuleGoesByTheMatrix();
    void withoutAMatrixItSaysSo();
    void sidewaysByARule();
    void whatNobodyAcceptsGoesOn();
    void whoTakesItEndsThePath_data();
    void whoTakesItEndsThePath();
    void anEditionOfThenRulesItsTickets();
    void theWaitSurvivesARestart();
    void quietTimeHoldsIt();

private:
    static Matrix path()
    {
        return { { .steps
            = { { Destination::Team, u"Billing"_s, 30min },
                { Destination::Team, u"Technical"_s, 1h }, { Destination::Tier, u"L3"_s } } } };
    }
    /// By a person, along the matrix.
    void goUp(const QString &key)
    {
        const auto move = commands::alongPath(
            desk->connection(), CommandFixture::escalation(key, {}), Visibility::all());
        QVERIFY2(move, qPrintable(move ? QString() : move.error().detail));
        const auto *up = std::get_if<commands::Escalate>(&*move);
        QVERIFY(up);
        QVERIFY(desk->run("ann", *up));
        desk->settle();
    }
    QString place(const QString &key)
    {
        const Ticket ticket = desk->state(key).ticket;
        return ticket.tier + u' ' + ticket.team;
    }
    std::unique_ptr<EngineFixture> desk;
};

void TestMatrixPaths::init()
{
    desk = std::make_unique<EngineFixture>();
    QVERIFY(desk->begin());
    QVERIFY(desk->newTicket(u"T-1"_s));
    QVERIFY(desk->change("lea", commands::SaveMatrix { path(), u"a test"_s }));
    desk->settle();
}

void TestMatrixPaths::aRuleGoesByTheMatrix()
{
    QVERIFY(desk->rules(u"rule \"Waits\" when no agent reply for 1h then escalate by matrix reason "
                        "sla-risk and tell customer"_s));
    desk->settle();
    const engine::Tally tally = desk->after(1h);
    QCOMPARE(tally.escalated, 1);
    QCOMPARE(place(u"T-1"_s), u"L2 Billing"_s);
    const TicketState state = desk->state(u"T-1"_s);
    QCOMPARE(state.escalations.back().reasonCode, u"sla-risk"_s);
    QVERIFY(state.escalations.back().noticeSkipped.isEmpty()); // the notice went with it
    // Nobody accepts it, and what the rule began goes on by itself.
    QCOMPARE(desk->after(30min).fired, 1);
    QCOMPARE(place(u"T-1"_s), u"L2 Technical"_s);
}

void TestMatrixPaths::withoutAMatrixItSaysSo()
{
    QVERIFY(desk->change("lea", commands::SaveMatrix { {}, u"none"_s }));
    QVERIFY(desk->rules(
        u"rule \"Waits\" when no agent reply for 1h then escalate by matrix and tag late"_s));
    desk->settle();
    QCOMPARE(desk->after(1h).escalated, 0);
    const auto fired = desk->firings(u"T-1"_s);
    QCOMPARE(fired.size(), size_t(1));
    QCOMPARE(fired[0].deeds[0].outcome, u"refused"_s);
    QVERIFY(fired[0].deeds[0].why.contains(u"no escalation matrix"_s));
    QCOMPARE(desk->state(u"T-1"_s).ticket.tags, QStringList { u"late"_s }); // the rest is done
}

void TestMatrixPaths::sidewaysByARule()
{
    QVERIFY(desk->rules(u"rule \"Refund\" when category is refund then escalate by matrix"_s));
    QVERIFY(desk->run("ann", CommandFixture::escalation(u"T-1"_s))); // at L2, no team
    desk->settle();
    QVERIFY(desk->run("lea", commands::SetFields { u"T-1"_s, { { u"category"_s, u"refund"_s } } }));
    const engine::Tally tally = desk->settle();
    QCOMPARE(tally.fired, 1);
    QCOMPARE(tally.escalated, 0);
    QCOMPARE(place(u"T-1"_s), u"L2 Billing"_s);
    QCOMPARE(desk->state(u"T-1"_s).escalations.size(), size_t(1));
}

void TestMatrixPaths::whatNobodyAcceptsGoesOn()
{
    goUp(u"T-1"_s);
    QCOMPARE(place(u"T-1"_s), u"L2 Billing"_s);
    QCOMPARE(*desk->armed(u"T-1"_s), desk->clock.now() + 30min);
    QCOMPARE(desk->after(30min - 1ms).fired, 0);
    QCOMPARE(desk->after(1ms).fired, 1);
    QCOMPARE(place(u"T-1"_s), u"L2 Technical"_s);
    // Down for a day: it goes on by one step, and the next wait is a whole one.
    QCOMPARE(desk->after(24h).fired, 1);
    QCOMPARE(place(u"T-1"_s), u"L3 Engineering"_s);
    QCOMPARE(desk->state(u"T-1"_s).escalations.size(), size_t(2)); // one for each step up
    QCOMPARE(desk->after(72h).fired, 0); // it was the last step
    const auto fired = desk->firings(u"T-1"_s);
    QCOMPARE(fired.size(), size_t(2));
    QCOMPARE(fired[0].sentence, u"Nobody accepted it at Billing within 30 min"_s);
    QCOMPARE(fired[1].sentence, u"Nobody accepted it at Technical within 1 h"_s);
    QCOMPARE(desk->wrong(u"T-1"_s), QString());
}

void TestMatrixPaths::whoTakesItEndsThePath_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : { "accept", "claim", "reply", "reassign", "return", "withdraw" })
        QTest::newRow(what) << QString::fromLatin1(what);
}

void TestMatrixPaths::whoTakesItEndsThePath()
{
    QFETCH(QString, what);
    QVERIFY(desk->change("lea",
        commands::SaveMatrix { { { .steps = { { Destination::Team, u"Technical"_s, 30min },
                                       { Destination::Tier, u"L3"_s } } } },
            u"a test"_s }));
    desk->settle();
    goUp(u"T-1"_s);
    const QString key = u"T-1"_s;
    if (what == u"accept")
        QVERIFY(desk->run("bob", commands::Accept { key }));
    else if (what == u"claim")
        QVERIFY(desk->run("bob", commands::Claim { key }));
    else if (what == u"reply")
        QVERIFY(desk->run("bob", commands::Reply { key, u"I am on it."_s }));
    else if (what == u"reassign")
        QVERIFY(desk->run("lea", commands::Reassign { key, u"Billing"_s, {}, u"Theirs"_s }));
    else if (what == u"return")
        QVERIFY(desk->run("bob", commands::Return { key, Verdict::WrongTeam, u"No"_s }));
    else
        QVERIFY(desk->run("ann", commands::Withdraw { key, u"Solved it"_s }));
    desk->settle();
    const QString before = place(key);
    QCOMPARE(desk->after(48h).fired, 0);
    QCOMPARE(place(key), before);
}

void TestMatrixPaths::anEditionOfThenRulesItsTickets()
{
    goUp(u"T-1"_s);
    QVERIFY(desk->change("lea",
        commands::SaveMatrix {
            { { .steps = { { Destination::Team, u"Technical"_s } } } }, u"shorter"_s }));
    desk->settle();
    QCOMPARE(desk->after(30min).fired, 1);
    QCOMPARE(place(u"T-1"_s), u"L2 Technical"_s);
    QCOMPARE(desk->after(1h).fired, 1); // the third step of the first edition
    QCOMPARE(place(u"T-1"_s), u"L3 Engineering"_s);
}

void TestMatrixPaths::theWaitSurvivesARestart()
{
    goUp(u"T-1"_s);
    desk->clock.advance(20min);
    desk->restart();
    QCOMPARE(desk->settle().fired, 0);
    QCOMPARE(desk->after(10min).fired, 1);
    desk->restart();
    QCOMPARE(desk->settle().fired, 0); // once
}

void TestMatrixPaths::quietTimeHoldsIt()
{
    goUp(u"T-1"_s);
    const Instant end = desk->clock.now() + 5h;
    QVERIFY(desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveSetting(scope, u"quiet"_s,
            u"{\"spans\":[{\"from\":\"%1\",\"to\":\"%2\"}]}"_s.arg(
                desk->clock.now().iso(), end.iso())));
        scope.touchEverything();
        return Done {};
    }));
    desk->settle();
    QCOMPARE(desk->after(4h).fired, 0);
    QCOMPARE(desk->after(1h).fired, 1);
}

QTEST_GUILESS_MAIN(TestMatrixPaths)
#include "tst_matrixpaths.moc"
