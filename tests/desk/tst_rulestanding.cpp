#include "core/desk/rulestanding.h"
#include "tests/engine/enginetest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString waiting = u"rule \"Waiting\" when no agent reply for 2h then notify manager"_s;

/// They only tell somebody, so that one rule's act is not the cause of another's.
const auto others
    = u"rule \"First\" when no agent reply for 1h and tier is L1 then notify manager\n"
      "rule \"Urgent\" when priority is urgent and unassigned for 30m then notify role lead continue\n"
      "rule \"Angry\" when text mentions \"lawyer\" or \"refund\" then notify role lead\n"_s;

QString keyOf(int number)
{
    return u"T-%1"_s.arg(number);
}

/// Tickets to which something happens at random for ten days, while the engine looks. Gives how many came.
int liveAWhile(EngineFixture &desk, quint64 seed)
{
    SeededRandom dice(seed);
    const auto below = [&dice](quint64 end) { return int(dice.next64() % end); };
    int tickets = 0;
    desk.settle();
    for (Millis lived { 0 }; lived < 10 * 24h;) {
        const Millis pause { 60'000 + below(3 * 3'600'000) };
        lived += pause;
        desk.after(pause);
        if (tickets < 20 && below(3) == 0)
            std::ignore = desk.newTicket(keyOf(++tickets), Priority(below(4)));
        if (tickets == 0)
            continue;
        const QString ticket = keyOf(1 + below(quint64(tickets)));
        switch (below(5)) {
        case 0: std::ignore = desk.run("ann", commands::Reply { ticket, u"We look."_s }); break;
        case 1:
            std::ignore
                = desk.run("ann", commands::CustomerMessage { ticket, u"I want a refund."_s });
            break;
        case 2: std::ignore = desk.run("ann", commands::Solve { ticket }); break;
        case 3: std::ignore = desk.run("ann", EngineFixture::escalation(ticket)); break;
        default: std::ignore = desk.run("ann", commands::Note { ticket, u"Called."_s, {} }); break;
        }
    }
    return tickets;
}

} // namespace

/// On which open tickets a rule would act at once, held against what the engine does then.
class TestRuleStanding : public QObject
{
    Q_OBJECT
private slots:
    void itSaysWhichTicketsAndWhy();
    void whatWasDealtWithStandsApart();
    void whatMayNotBeSeenIsLeftOut();
    void theEngineDoesTheSame_data();
    void theEngineDoesTheSame();
    void itCanBeStopped();
    void whatCannotBeAskedIsRefused();

private:
    Result<desk::RuleStanding> find(EngineFixture &desk, const desk::StandingAsk &ask)
    {
        return desk::findStanding(desk.connection(), Visibility::all(), ask, desk.clock.now());
    }
};

void TestRuleStanding::itSaysWhichTicketsAndWhy()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waiting, RuleState::Draft));
    DONE(desk.newTicket(u"T-1"_s));
    DONE(desk.newTicket(u"T-2"_s));
    desk.after(3h);
    DONE(desk.newTicket(u"T-3"_s));
    VALUE(found, find(desk, { u"Waiting"_s, {} }));
    QCOMPARE(found.looked, 3);
    QCOMPARE(found.fresh, 2);
    QCOMPARE(found.answered, 0);
    QCOMPARE(found.tickets.size(), 2U);
    QCOMPARE(found.tickets[0].key, u"T-1"_s);
    QCOMPARE(found.tickets[0].subject, u"Cannot log in"_s);
    QVERIFY2(found.tickets[0].sentence.startsWith(u"no agent reply for 2h"_s),
        qPrintable(found.tickets[0].sentence));
    // Nothing was done, and another sentence is asked about without being kept.
    QVERIFY(desk.firings(u"T-1"_s).empty());
    VALUE(longer,
        find(desk,
            { u"waiting"_s,
                u"rule \"Waiting\" when no agent reply for 4h then notify manager"_s }));
    QCOMPARE(longer.fresh, 0);
    QCOMPARE(longer.looked, 3);
}

void TestRuleStanding::whatWasDealtWithStandsApart()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waiting));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(3h);
    QCOMPARE(desk.firings(u"T-1"_s).size(), 1U);
    DONE(desk.newTicket(u"T-2"_s));
    desk.after(90min);
    const QString sooner = u"rule \"Waiting\" when no agent reply for 1h then notify manager"_s;
    VALUE(found, find(desk, { u"Waiting"_s, sooner }));
    QCOMPARE(found.fresh, 1);
    QCOMPARE(found.answered, 1);
    QVERIFY(found.tickets[0].hasAnswered && !found.tickets[1].hasAnswered);
    // Saving it does what was said: once, and again only where that is chosen.
    commands::Context context = desk.as(u"lea"_s);
    commands::SaveRules save { .texts = { { .name = u"Waiting"_s, .text = sooner } },
        .reason = { u"a test"_s } };
    DONE(commands::run(context, save));
    desk.settle();
    QCOMPARE(desk.firings(u"T-1"_s).size(), 1U);
    QCOMPARE(desk.firings(u"T-2"_s).size(), 1U);
    save.texts.front().text = u"rule \"Waiting\" when no agent reply for 90m then notify manager"_s;
    save.appliesAgain = true;
    VALUE(again, find(desk, { u"Waiting"_s, save.texts.front().text }));
    QCOMPARE(again.fresh, 0);
    QCOMPARE(again.answered, 2);
    commands::Context later = desk.as(u"lea"_s);
    DONE(commands::run(later, save));
    desk.settle();
    QCOMPARE(desk.firings(u"T-1"_s).size(), 2U);
    QCOMPARE(desk.firings(u"T-2"_s).size(), 2U);
}

void TestRuleStanding::whatMayNotBeSeenIsLeftOut()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waiting, RuleState::Draft));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(3h);
    Visibility none;
    none.deniedTeams = { desk.state(u"T-1"_s).ticket.team };
    VALUE(
        found, desk::findStanding(desk.connection(), none, { u"Waiting"_s, {} }, desk.clock.now()));
    QCOMPARE(found.looked, 0);
    QCOMPARE(found.fresh, 0);
}

void TestRuleStanding::theEngineDoesTheSame_data()
{
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<QString>("text");
    const QString texts[] = { u"rule \"New\" when no agent reply for 3h then notify manager"_s,
        u"rule \"New\" when tier is L1 and not priority is low then notify role lead"_s,
        u"rule \"New\" when text mentions \"refund\" or idle for 24h then notify role lead"_s,
        u"rule \"New\" when 2 tickets from one account within 7d then notify role lead"_s };
    for (quint64 seed = 1; seed <= 3; ++seed) {
        for (const QString &text : texts)
            QTest::newRow(qPrintable(u"seed %1: %2"_s.arg(seed).arg(text.mid(16, 30))))
                << seed << text;
    }
}

void TestRuleStanding::theEngineDoesTheSame()
{
    QFETCH(quint64, seed);
    QFETCH(QString, text);
    EngineFixture desk(seed);
    DONE(desk.begin());
    DONE(desk.rules(others));
    const int tickets = liveAWhile(desk, seed);
    DONE(desk.rules(text, RuleState::Draft));
    desk.after(1h);
    QCOMPARE(desk.problem, QString());
    VALUE(found, find(desk, { u"New"_s, {} }));
    QStringList said;
    for (const desk::StandingTicket &ticket : found.tickets)
        said.append(ticket.key + u": "_s + ticket.sentence);
    QCOMPARE(qint64(said.size()), found.fresh);
    const commands::SetRuleState live { .rule = u"New"_s,
        .state = RuleState::Live,
        .reason = { u"a test"_s },
        .appliesToStanding = true,
        .weeklyCap = 0 };
    commands::Context context = desk.as(u"lea"_s);
    DONE(commands::run(context, live));
    desk.settle();
    QStringList done;
    for (int i = 1; i <= tickets; ++i) {
        for (const Firing &firing : desk.firings(keyOf(i))) {
            if (firing.name == u"New"_s)
                done.append(keyOf(i) + u": "_s + firing.sentence);
        }
    }
    said.sort();
    done.sort();
    QCOMPARE(said.join(u'\n'), done.join(u'\n'));
}

void TestRuleStanding::itCanBeStopped()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waiting, RuleState::Draft));
    const auto stopped = desk::findStanding(desk.connection(), Visibility::all(),
        { u"Waiting"_s, {} }, desk.clock.now(), [](qint64) { return false; });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().fault, Fault::Cancelled);
}

void TestRuleStanding::whatCannotBeAskedIsRefused()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waiting, RuleState::Draft));
    const auto unknown = find(desk, { u"Nobody"_s, {} });
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().fault, Fault::NotFound);
    const auto broken = find(desk, { u"Waiting"_s, u"rule when"_s });
    QVERIFY(!broken);
    QCOMPARE(broken.error().fault, Fault::BadInput);
}

QTEST_GUILESS_MAIN(TestRuleStanding)
#include "tst_rulestanding.moc"
