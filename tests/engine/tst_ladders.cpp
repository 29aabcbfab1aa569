#include "enginetest.h"

#include "core/storage/accounts.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const auto climbs
    = u"rule \"Climb\" when priority is urgent then ladder (after 30m remind, after 60m escalate to L2 "
      "reason sla-risk, after 4h notify manager) until accepted idle 2h"_s;

} // namespace

class TestLadders : public QObject
{
    Q_OBJECT
private slots:
    void levelsComeOneByOne();
    void acceptingStopsItAndIdlingOpensItAgain();
    void solvingCancelsItAndReopeningDoesNotRepeat();
    void pausesHoldIt();
    void itLoopsAsOftenAsItSays();
    void sixtyHoursAsleepAreOneLevel();
    void quietTimeMovesLevelsToItsEnd();
    void criticalTicketsPassQuietTime();
    void givingTheTicketToSomebodyStopsIt();
    void aStepSaysNothingThatIsNoLongerSo();
    void whatTheLadderChangesItselfDoesNotEndIt();
    void ticketsOfOtherRunnersAreLeftAlone();
    void brokenTextsEndALadder();
    void quietIsRead();
};

void TestLadders::levelsComeOneByOne()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 30min);
    QCOMPARE(desk.after(30min - 1ms).fired, 0);
    QCOMPARE(desk.after(1ms).fired, 1);
    QCOMPARE(desk.notices(u"T-1"_s).front().kind, NoticeTarget::Tier);
    QCOMPARE(desk.after(30min).escalated, 1);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L2"_s);
    QCOMPARE(desk.after(3h).fired, 1);
    QCOMPARE(desk.notices(u"T-1"_s).front().target, u"lead"_s);
    QCOMPARE(desk.after(100h).fired, 0);
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.size(), 4U);
    for (size_t i = 0; i < fired.size(); ++i)
        QCOMPARE(fired[i].level, int(i));
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestLadders::acceptingStopsItAndIdlingOpensItAgain()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    desk.after(60min);
    DONE(desk.run("bea", commands::Accept { u"T-1"_s }));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 2h);
    QCOMPARE(desk.after(1h).fired, 0);
    DONE(desk.run("bea", commands::Note { u"T-1"_s, u"Looking."_s }));
    QCOMPARE(desk.after(2h - 1ms).fired, 0);
    // Two hours without a hand on it: from the first step on.
    QCOMPARE(desk.after(1ms).fired, 0);
    QCOMPARE(desk.after(30min).fired, 1);
    QCOMPARE(desk.notices(u"T-1"_s).front().target, u"bea"_s);
    QCOMPARE(desk.firings(u"T-1"_s).back().level, 10'001);
}

void TestLadders::solvingCancelsItAndReopeningDoesNotRepeat()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    desk.after(45min);
    DONE(desk.run("ann", commands::Solve { u"T-1"_s }));
    QCOMPARE(desk.after(5h).fired, 0);
    DONE(desk.run("ann", commands::Reopen { u"T-1"_s, u"It is back."_s }));
    // A new life is a new cause: the rule fires again, and its ladder begins anew.
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.after(29min).fired, 0);
    QCOMPARE(desk.after(1min).fired, 1);
}

void TestLadders::pausesHoldIt()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    desk.after(20min);
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"status"_s, u"pending"_s } } }));
    desk.settle();
    QVERIFY(!desk.armed(u"T-1"_s));
    QCOMPARE(desk.after(48h).fired, 0);
    DONE(desk.run("ann", commands::CustomerMessage { u"T-1"_s, u"Here it is."_s }));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 10min);
    QCOMPARE(desk.after(10min).fired, 1);
}

void TestLadders::itLoopsAsOftenAsItSays()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(
        u"rule \"Loop\" when priority is urgent then ladder (after 10m remind, after 20m "
        "notify manager) repeat 3 until solved"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    DONE(desk.run("ann", commands::Claim { u"T-1"_s }));
    int fired = 0;
    for (int i = 0; i < 12; ++i)
        fired += desk.after(10min).fired;
    QCOMPARE(fired, 6);
    QVERIFY(!desk.armed(u"T-1"_s));
}

void TestLadders::sixtyHoursAsleepAreOneLevel()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(
        u"rule \"Five\" when priority is urgent then ladder (after 1h remind, after 2h remind, after 3h "
        "remind, after 4h tell customer and escalate to L2 reason sla-risk, after 5h notify manager)"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    desk.clock.passAsleep(60h);
    const engine::Tally tally = desk.settle();
    QCOMPARE(tally.fired, 1);
    QCOMPARE(tally.collapsed, 4);
    QCOMPARE(tally.late, 1);
    QCOMPARE(tally.latest, Millis(55h));
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
    const std::vector<Notice> notices = desk.notices(u"T-1"_s);
    QCOMPARE(notices.size(), 1U);
    QVERIFY2(notices[0].text.contains(u"4 earlier levels passed"_s), qPrintable(notices[0].text));
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.back().level, 5);
    QCOMPARE(fired.back().due + 55h, fired.back().at);
    QCOMPARE(desk.after(10h).fired, 0);
}

void TestLadders::quietTimeMovesLevelsToItsEnd()
{
    EngineFixture desk;
    DONE(desk.begin());
    const Instant start = desk.clock.now();
    DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveSetting(scope, u"quiet"_s,
            u"{\"spans\":[{\"from\":\"%1\",\"to\":\"%2\"}],\"critical\":false}"_s.arg(
                (start + 10min).iso(), (start + 3h).iso())));
        scope.touchEverything();
        return Done {};
    }));
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), start + 3h);
    QCOMPARE(desk.after(179min).fired, 0);
    // Two levels wait for the end, and the higher of them is done.
    const engine::Tally tally = desk.after(1min);
    QCOMPARE(tally.fired, 1);
    QCOMPARE(tally.collapsed, 1);
    QCOMPARE(tally.escalated, 1);
    QCOMPARE(desk.after(1h).fired, 1);
}

void TestLadders::criticalTicketsPassQuietTime()
{
    EngineFixture desk;
    DONE(desk.begin());
    const Instant start = desk.clock.now();
    DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveSetting(scope, u"quiet"_s,
            u"{\"spans\":[{\"from\":\"%1\",\"to\":\"%2\"}]}"_s.arg(
                start.iso(), (start + 3h).iso())));
        scope.touchEverything();
        return Done {};
    }));
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(desk.after(30min).fired, 1);
}

void TestLadders::givingTheTicketToSomebodyStopsIt()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    DONE(desk.run("lea", commands::Reassign { u"T-1"_s, {}, u"amy"_s, u"She knows it."_s }));
    QCOMPARE(desk.after(31min).fired, 0);
    // Left lying by whoever has it now, it begins again.
    QCOMPARE(desk.after(2h - 31min).fired, 0);
    QCOMPARE(desk.after(30min).fired, 1);
    QCOMPARE(desk.notices(u"T-1"_s).front().target, u"amy"_s);
}

void TestLadders::aStepSaysNothingThatIsNoLongerSo()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(
        u"rule \"Waits\" when no agent reply for 1h then ladder (after 30m notify manager saying "
        "\"Nobody has answered\", after 60m escalate to L2 reason sla-risk)"_s));
    DONE(desk.newTicket(u"T-1"_s));
    DONE(desk.newTicket(u"T-2"_s));
    desk.settle();
    QCOMPARE(desk.after(1h).fired, 2);
    DONE(desk.run("ann", commands::Reply { u"T-1"_s, u"On it."_s }));
    QCOMPARE(desk.after(30min).fired, 1); // of T-2 alone
    QVERIFY(desk.notices(u"T-1"_s).empty());
    QCOMPARE(desk.after(30min).escalated, 1);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
    // The next wait is another cause.
    DONE(desk.run("ann", commands::CustomerMessage { u"T-1"_s, u"And now?"_s }));
    desk.settle();
    QCOMPARE(desk.after(1h).fired, 1);
    QCOMPARE(desk.after(30min).fired, 1);
    QCOMPARE(desk.notices(u"T-1"_s).size(), 1U);
}

void TestLadders::whatTheLadderChangesItselfDoesNotEndIt()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"Up\" when tier is L1 and priority is urgent then ladder (after 30m "
                    "escalate to L2 reason sla-risk, after 60m notify manager)"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(desk.after(30min).escalated, 1);
    QCOMPARE(desk.after(30min).fired, 1);
    QCOMPARE(desk.notices(u"T-1"_s).front().target, u"lead"_s);
}

/// Another workspace's runner has the account from now on: what was begun here goes on there.
void TestLadders::ticketsOfOtherRunnersAreLeftAlone()
{
    EngineFixture desk;
    DONE(desk.begin());
    storage::Account account { .name = u"rt"_s,
        .type = u"rt"_s,
        .url = u"https://rt.example"_s,
        .created = desk.clock.now() };
    account.options[storage::RunnerOption] = u"yes"_s;
    DONE(desk.write(
        [&](storage::WriteScope &scope) { return storage::addAccount(scope, account); }));
    DONE(desk.rules(climbs));
    DONE(desk.newTicket(u"rt:7"_s, Priority::Urgent));
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.after(30min).fired, 1);
    account.options[storage::RunnerOption] = u"no"_s;
    DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveAccount(scope, account));
        scope.touchEverything();
        return Done {};
    }));
    desk.settle();
    const engine::Tally tally = desk.after(31min);
    QCOMPARE(tally.fired, 0);
    QCOMPARE(tally.escalated, 0);
    QCOMPARE(tally.wouldFire, 1);
    QCOMPARE(desk.state(u"rt:7"_s).ticket.tier, u"L1"_s);
    const std::vector<Firing> would = desk.firings(u"rt:7"_s, FiringOutcome::WouldFire);
    QCOMPARE(would.size(), 1U);
    QCOMPARE(would[0].level, 2);
    QCOMPARE(would[0].deeds[0].outcome, u"would"_s);
    QCOMPARE(desk.settle().wouldFire, 0);
}

void TestLadders::brokenTextsEndALadder()
{
    QVERIFY(!engine::readLadder(u"ladder (after"_s));
    QVERIFY(!engine::readLadder(u"notify manager"_s));
    VALUE(text, engine::readLadder(u"ladder (after 30m remind) repeat 9 until solved idle 2h"_s));
    QCOMPARE(text.loops, 9);
    QVERIFY(text.isUntilSolved);
    QVERIFY(text.idle.has_value());
}

void TestLadders::quietIsRead()
{
    const auto at = [](const char *text) { return *Instant::parse(QString::fromLatin1(text)); };
    const std::vector<TimeSpan> spans { { at("2026-06-08T10:00:00Z"),
        at("2026-06-08T13:00:00Z") } };
    const auto quiet = engine::Quiet::of({ .spans = spans }, nullptr);
    QCOMPARE(quiet.end(at("2026-06-08T09:59:59Z")), at("2026-06-08T09:59:59Z"));
    QCOMPARE(quiet.end(at("2026-06-08T10:00:00Z")), at("2026-06-08T13:00:00Z"));
    QCOMPARE(quiet.end(at("2026-06-08T13:00:00Z")), at("2026-06-08T13:00:00Z"));
    // Every day outside a calendar's hours, on the wall of its zone: from Friday evening until Monday, and through
    // a quiet time that begins in the night and ends by day.
    sla::AgreementBook book;
    Calendar::Definition week { .zone = u"Europe/Berlin"_s };
    for (size_t day = 0; day < 5; ++day)
        week.week[day] = { { 8 * 3'600'000, 18 * 3'600'000 } };
    VALUE(days, Calendar::make(week));
    book.setCalendar(u"Days"_s, CalendarEditions(days));
    const auto nights = engine::Quiet::of(
        { .spans = { { at("2026-06-09T03:00:00Z"), at("2026-06-09T09:30:00Z") } },
            .outsideOf = u"Days"_s },
        &book);
    QCOMPARE(nights.end(at("2026-06-08T10:00:00Z")), at("2026-06-08T10:00:00Z"));
    QCOMPARE(nights.end(at("2026-06-05T16:00:00Z")), at("2026-06-08T06:00:00Z"));
    QCOMPARE(nights.end(at("2026-06-08T20:00:00Z")), at("2026-06-09T09:30:00Z"));
    const auto gone = engine::Quiet::of({ .outsideOf = u"Nights"_s }, &book);
    QCOMPARE(gone.end(at("2026-06-07T20:00:00Z")), at("2026-06-07T20:00:00Z"));
}

QTEST_GUILESS_MAIN(TestLadders)
#include "tst_ladders.moc"
