#include "enginetest.h"

#include "core/engine/firekey.h"
#include "core/storage/accounts.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const auto waits
    = u"rule \"Waits\" when no agent reply for 2h then escalate to L2 reason sla-risk"_s;

} // namespace

class TestEngine : public QObject
{
    Q_OBJECT
private slots:
    void firesOnceWhenDue();
    void anAnswerDisarms();
    void whatNeedsNoAnswerDisarms();
    void restartsAtAnyInstant();
    void onlyOneProgramFires();
    void whatStoodBeforeIsNotActedOn();
    void whatStoodBeforeIsActedOnWhereWanted();
    void rulesActInOrderAndOneEscalates();
    void aChainEnds();
    void shadowsOnlyNote();
    void aCapTurnsARuleIntoAShadow();
    void guardsHold();
    void ticketsOfOtherRunnersAreLeftAlone();
    void aNewVersionInheritsWhatFired();
    void theTimerIsArmedForWhatCanBecomeTrue();
    void lateWordsToCustomersWaitForAYes();
    void theMoveAndTheNoticeAreOne();
    void aTicketSolvedWhileWeSleptIsLeftAlone_data();
    void aTicketSolvedWhileWeSleptIsLeftAlone();
    void oneLogEntryNamesTheRule();
};

void TestEngine::firesOnceWhenDue()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    desk.settle();
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 2h);
    QCOMPARE(*desk.last.wait, Millis(2h));

    QCOMPARE(desk.after(2h - 1ms).fired, 0);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
    const engine::Tally tally = desk.after(1ms);
    QCOMPARE(tally.fired, 1);
    QCOMPARE(tally.escalated, 1);
    QCOMPARE(tally.latest, Millis(0));
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L2"_s);
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.size(), 1U);
    QCOMPARE(fired[0].sentence, u"no agent reply for 2h"_s);
    QCOMPARE(fired[0].due, desk.clock.now());
    QCOMPARE(fired[0].deeds.size(), 1U);
    QCOMPARE(fired[0].deeds[0].outcome, u"done"_s);
    const Escalation record = desk.state(u"T-1"_s).escalations.back();
    QCOMPARE(record.kind, EscalationKind::Automated);
    QCOMPARE(record.sentence, u"no agent reply for 2h"_s);
    QCOMPARE(record.actor, u"rule:Waits"_s);
    QCOMPARE(desk.wrong(u"T-1"_s), QString());

    QCOMPARE(desk.settle().fired, 0);
    desk.restart();
    QCOMPARE(desk.after(30 * 24h).fired, 0);
    QCOMPARE(desk.firings(u"T-1"_s).size(), 1U);
    QCOMPARE(desk.problem, QString());
}

void TestEngine::anAnswerDisarms()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(119min);
    DONE(desk.run("ann", commands::Reply { u"T-1"_s, u"On it."_s }));
    QCOMPARE(desk.after(2min).fired, 0);
    QVERIFY(!desk.armed(u"T-1"_s));
    // The customer asks again: a new cause, and a new two hours.
    DONE(desk.run("ann", commands::CustomerMessage { u"T-1"_s, u"And now?"_s }));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 2h);
    QCOMPARE(desk.after(2h).fired, 1);
}

void TestEngine::whatNeedsNoAnswerDisarms()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(119min);
    DONE(desk.run("ann", commands::NeedsNoAnswer { u"T-1"_s, u"They only said thanks."_s }));
    QCOMPARE(desk.after(2h).fired, 0);
    QVERIFY(!desk.armed(u"T-1"_s));
    DONE(desk.run("ann", commands::CustomerMessage { u"T-1"_s, u"And now?"_s }));
    desk.settle();
    QCOMPARE(desk.after(2h).fired, 1);
}

/// Engines come and go after every single step, and the outcome is that of one that lived through it all.
void TestEngine::restartsAtAnyInstant()
{
    for (quint64 seed = 1; seed <= 8; ++seed) {
        SeededRandom dice(seed);
        EngineFixture desk(seed);
        DONE(desk.begin({ .batch = 1 }));
        DONE(desk.rules(waits + u" continue\nrule \"Tags\" when tier is L2 then tag moved"_s));
        for (int i = 1; i <= 6; ++i) {
            DONE(desk.newTicket(u"T-%1"_s.arg(i)));
            desk.clock.advance(Millis(dice.below(60'000)));
        }
        for (int i = 0; i < 600; ++i) {
            if (dice.below(3) == 0)
                desk.restart();
            VALUE(step, desk.engine->step());
            if (!step.hasMore)
                desk.clock.advance(Millis(dice.below(10 * 60'000)));
        }
        desk.settle();
        for (int i = 1; i <= 6; ++i) {
            const QString key = u"T-%1"_s.arg(i);
            const QByteArray where = "seed " + QByteArray::number(seed) + ' ' + key.toUtf8();
            QVERIFY2(desk.state(key).ticket.tier == u"L2", where.constData());
            QVERIFY2(desk.state(key).ticket.tags == QStringList { u"moved"_s }, where.constData());
            QVERIFY2(desk.state(key).escalations.size() == 1, where.constData());
            QVERIFY2(desk.firings(key).size() == 2, where.constData());
            QCOMPARE(desk.wrong(key), QString());
        }
        QCOMPARE(desk.problem, QString());
    }
}

void TestEngine::onlyOneProgramFires()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    VALUE(otherStore, storage::Store::open(desk.workspace, desk.clock));
    SeededRandom otherRandom(2);
    engine::Engine other(*otherStore, otherRandom);
    VALUE(waiting, other.step());
    QVERIFY(!waiting.isHolder);
    desk.clock.advance(2h);
    VALUE(still, other.step());
    QCOMPARE(still.tally.fired, 0);
    QCOMPARE(desk.settle().fired, 1);
    desk.engine.reset(); // it dies, and the other takes over
    DONE(desk.newTicket(u"T-2"_s));
    engine::Tally all;
    for (int i = 0; i < 20; ++i) {
        VALUE(step, other.step());
        QVERIFY(step.isHolder);
        all.add(step.tally);
    }
    desk.clock.advance(2h);
    for (int i = 0; i < 20; ++i) {
        VALUE(step, other.step());
        all.add(step.tally);
    }
    QCOMPARE(all.fired, 1);
    QCOMPARE(desk.firings(u"T-1"_s).size(), 1U);
    QCOMPARE(desk.firings(u"T-2"_s).size(), 1U);
}

void TestEngine::whatStoodBeforeIsNotActedOn()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    DONE(desk.newTicket(u"T-2"_s, Priority::Urgent));
    desk.clock.advance(3h);
    DONE(desk.rules(waits + u"\nrule \"Urgent\" when priority is urgent then tag seen"_s));
    desk.clock.advance(1min);
    QCOMPARE(desk.settle().fired, 0);
    QCOMPARE(desk.firings(u"T-1"_s, FiringOutcome::Standing).size(), 1U);
    QCOMPARE(desk.firings(u"T-2"_s, FiringOutcome::Standing).size(), 2U);
    // What begins to hold from then on is.
    DONE(desk.run("ann", commands::Reply { u"T-1"_s, u"On it."_s }));
    DONE(desk.run("ann", commands::CustomerMessage { u"T-1"_s, u"And?"_s }));
    DONE(desk.newTicket(u"T-3"_s, Priority::Urgent));
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.after(2h).escalated, 2);
}

void TestEngine::whatStoodBeforeIsActedOnWhereWanted()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    desk.clock.advance(3h);
    DONE(desk.rules(waits, RuleState::Live, true));
    QCOMPARE(desk.after(1s).fired, 1);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L2"_s);
}

void TestEngine::rulesActInOrderAndOneEscalates()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"A\" when priority is urgent then escalate to L2 reason vip continue\n"
                    "rule \"B\" when priority is urgent then escalate to L3 reason vip and tag b\n"
                    "rule \"C\" when priority is urgent then tag c"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L2"_s);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"b"_s });
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.size(), 2U);
    QCOMPARE(fired[1].deeds[0].outcome, u"refused"_s);
    QCOMPARE(fired[1].deeds[1].outcome, u"done"_s);
    // B said stop: C has been answered, now and later.
    QCOMPARE(desk.firings(u"T-1"_s, FiringOutcome::Stopped).size(), 1U);
    DONE(desk.run("ann", commands::Note { u"T-1"_s, u"Called."_s }));
    QCOMPARE(desk.settle().fired, 0);
}

void TestEngine::aChainEnds()
{
    EngineFixture desk;
    DONE(desk.begin());
    QString text = u"rule \"R0\" when tags include t0 then tag t1\n"_s;
    for (int i = 1; i < 9; ++i)
        text += u"rule \"R%1\" when tags include t%1 then tag t%2\n"_s.arg(i).arg(i + 1);
    // Two that lead to each other: each answer is a new wait of the customer's.
    DONE(desk.rules(text));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"tags"_s, u"t0"_s } } }));
    desk.settle();
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.size(), 5U);
    for (size_t i = 1; i < fired.size(); ++i) {
        QCOMPARE(fired[i].ledBy, fired[i - 1].number);
        QCOMPARE(fired[i].depth, int(i));
    }
    const std::vector<Firing> ended = desk.firings(u"T-1"_s, FiringOutcome::Ended);
    QCOMPARE(ended.size(), 1U);
    QVERIFY2(ended[0].sentence.contains(u"R0 → R1 → R2 → R3 → R4 → R5"_s),
        qPrintable(ended[0].sentence));
    QCOMPARE(desk.settle().fired, 0);
    QCOMPARE(desk.problem, QString());
}

void TestEngine::shadowsOnlyNote()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits, RuleState::Shadow));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 2h);
    const engine::Tally tally = desk.after(2h);
    QCOMPARE(tally.fired, 0);
    QCOMPARE(tally.shadows, 1);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
    const std::vector<Firing> shadow = desk.firings(u"T-1"_s, FiringOutcome::Shadow);
    QCOMPARE(shadow.size(), 1U);
    QCOMPARE(shadow[0].sentence, u"no agent reply for 2h"_s);
    QCOMPARE(shadow[0].deeds[0].outcome, u"would"_s);
    QCOMPARE(desk.after(10h).shadows, 0);
    // What a shadow noted does not keep the rule from acting once it is live.
    DONE(desk.rules(waits, RuleState::Live, true));
    QCOMPARE(desk.after(1s).fired, 1);
}

void TestEngine::aCapTurnsARuleIntoAShadow()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(
        u"rule \"Urgent\" when priority is urgent then tag seen"_s, RuleState::Live, false, 2));
    for (int i = 1; i <= 4; ++i) {
        DONE(desk.newTicket(u"T-%1"_s.arg(i), Priority::Urgent));
        desk.after(1s);
    }
    QCOMPARE(desk.firings(u"T-2"_s).size(), 1U);
    QCOMPARE(desk.firings(u"T-3"_s).size(), 0U);
    QCOMPARE(desk.firings(u"T-3"_s, FiringOutcome::Capped).size(), 1U);
    QVERIFY(desk.state(u"T-3"_s).ticket.tags.isEmpty());
    QCOMPARE(desk.notices(u"T-3"_s).size(), 1U); // told once
    QCOMPARE(desk.notices(u"T-4"_s).size(), 0U);
    // A week later it acts again, on what comes then.
    desk.after(8 * 24h);
    DONE(desk.newTicket(u"T-5"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(desk.firings(u"T-5"_s).size(), 1U);
    QCOMPARE(desk.firings(u"T-3"_s).size(), 0U);
}

void TestEngine::guardsHold()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"do_not_escalate"_s,
            u"[{\"words\":\"log in\",\"recipe\":\"Send the link.\"}]"_s);
    }));
    DONE(desk.rules(u"rule \"Up\" when priority is urgent then escalate to L2 reason sla-risk"
                    " and tag tried"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"tried"_s });
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.size(), 1U);
    QCOMPARE(fired[0].deeds[0].outcome, u"refused"_s);
    QVERIFY(fired[0].deeds[0].why.contains(u"do-not-escalate"_s));
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestEngine::ticketsOfOtherRunnersAreLeftAlone()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::addAccount(scope,
            { .name = u"rt"_s,
                .type = u"rt"_s,
                .url = u"https://rt.example"_s,
                .created = scope.now() });
    }));
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"rt:7"_s));
    const engine::Tally tally = desk.after(3h);
    QCOMPARE(tally.fired, 0);
    QCOMPARE(desk.firings(u"rt:7"_s, FiringOutcome::WouldFire).size(), 1U);
    QCOMPARE(desk.state(u"rt:7"_s).ticket.tier, u"L1"_s);
}

void TestEngine::aNewVersionInheritsWhatFired()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    QCOMPARE(desk.after(2h).fired, 1);
    DONE(desk.rules(waits + u" and tag late"_s));
    QCOMPARE(desk.after(1h).fired, 0);
    QVERIFY(desk.state(u"T-1"_s).ticket.tags.isEmpty());
}

/// Every open ticket on which time can make a rule act has exactly the timer that looking anew gives.
void TestEngine::theTimerIsArmedForWhatCanBecomeTrue()
{
    SeededRandom dice(7);
    EngineFixture desk(7);
    DONE(desk.begin());
    DONE(desk.rules(waits
        + u"\nrule \"Idle\" when idle for 5h and tier is L1 then remind continue\n"
          "rule \"New\" when unassigned for 30m then notify manager"_s));
    for (int i = 1; i <= 5; ++i)
        DONE(desk.newTicket(u"T-%1"_s.arg(i)));
    for (int i = 0; i < 120; ++i) {
        const QString key = u"T-%1"_s.arg(dice.below(5) + 1);
        switch (dice.below(4)) {
        // Refused where the ticket has gone up meanwhile: that is no matter here.
        case 0: std::ignore = desk.run("ann", commands::Reply { key, u"Yes."_s }); break;
        case 1: std::ignore = desk.run("ann", commands::CustomerMessage { key, u"Well?"_s }); break;
        case 2: std::ignore = desk.run("ann", commands::Claim { key }); break;
        default: desk.clock.advance(Millis(dice.below(40 * 60'000)));
        }
        desk.settle();
        QHash<QString, std::optional<Instant>> before;
        for (int t = 1; t <= 5; ++t)
            before[u"T-%1"_s.arg(t)] = desk.armed(u"T-%1"_s.arg(t));
        // A walk over everything, as after a change of people, finds every timer where it is.
        DONE(desk.write([](storage::WriteScope &scope) -> Result<Done> {
            scope.touchEverything();
            return Done {};
        }));
        QCOMPARE(desk.settle().fired, 0);
        for (int t = 1; t <= 5; ++t)
            QCOMPARE(desk.armed(u"T-%1"_s.arg(t)), before[u"T-%1"_s.arg(t)]);
    }
    QCOMPARE(desk.problem, QString());
}

void TestEngine::lateWordsToCustomersWaitForAYes()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits + u" and tell customer"_s));
    DONE(desk.newTicket(u"T-1"_s));
    DONE(desk.newTicket(u"T-2"_s));
    desk.settle();
    desk.clock.passAsleep(2h + 16min);
    const engine::Tally tally = desk.settle();
    QCOMPARE(tally.escalated, 2); // moving up is never too late
    QCOMPARE(tally.asked, 2);
    VALUE(questions, storage::loadOpenQuestions(desk.connection(), 10));
    QCOMPARE(questions.size(), 2U);
    QVERIFY(questions[0].why.contains(u"16 min"_s));
    const auto words = [&](const QString &key) {
        const auto messages = storage::loadMessages(desk.connection(), desk.id(key));
        return messages ? messages->size() : 0;
    };
    QCOMPARE(words(u"T-1"_s), 1U);
    VALUE(lea, storage::findAgent(desk.connection(), u"lea"_s));
    for (const EngineQuestion &question : questions)
        DONE(desk.engine->answer(question.id, question.ticket == desk.id(u"T-1"_s), lea));
    QCOMPARE(words(u"T-1"_s), 2U);
    QCOMPARE(words(u"T-2"_s), 1U);
    FAULT(desk.engine->answer(questions[0].id, true, lea), Fault::Conflict);
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
    QCOMPARE(desk.settle().fired, 0);
}

void TestEngine::theMoveAndTheNoticeAreOne()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits + u" and tell customer and notify channel \"#up\""_s));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    desk.after(2h);
    VALUE(messages, storage::loadMessages(desk.connection(), desk.id(u"T-1"_s)));
    QCOMPARE(messages.size(), 2U);
    QCOMPARE(messages[1].author, AuthorKind::System);
    VALUE(events, storage::loadEvents(desk.connection(), desk.id(u"T-1"_s)));
    const Firing fired = desk.firings(u"T-1"_s).front();
    QCOMPARE(fired.operation, engine::operationOf(fired.rule, u"T-1"_s, fired.anchor, 0));
    QCOMPARE(events.back().operation, fired.operation);
    const std::vector<Notice> notices = desk.notices(u"T-1"_s);
    QCOMPARE(notices.size(), 2U); // the receiving tier hears of it whatever the rule says
    QCOMPARE(notices[1].topic, fired.operation);
    QCOMPARE(notices[0].target, u"#up"_s);
    QVERIFY(notices[0].text.contains(u"no agent reply for 2h"_s));
}

void TestEngine::aTicketSolvedWhileWeSleptIsLeftAlone_data()
{
    QTest::addColumn<bool>("isSolvedFirst");
    QTest::newRow("solved, then due") << true;
    QTest::newRow("due, then solved, and nobody looked between") << false;
}

void TestEngine::aTicketSolvedWhileWeSleptIsLeftAlone()
{
    QFETCH(bool, isSolvedFirst);
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    desk.engine.reset();
    desk.clock.advance(isSolvedFirst ? Millis(1h) : Millis(3h));
    DONE(desk.run("ann", commands::Solve { u"T-1"_s }));
    desk.clock.advance(3h);
    desk.restart();
    QCOMPARE(desk.settle().fired, 0);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
}

void TestEngine::oneLogEntryNamesTheRule()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(2h);
    VALUE(events, storage::loadEvents(desk.connection(), desk.id(u"T-1"_s)));
    const auto moves = std::ranges::count_if(
        events, [](const Event &event) { return event.actor == u"rule:Waits"; });
    QCOMPARE(moves, 1);
    QCOMPARE(events.back().actorKind, AuthorKind::System);
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
