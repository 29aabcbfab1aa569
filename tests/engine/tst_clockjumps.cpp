#include "enginetest.h"

#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "core/storage/accounts.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const auto waits = u"rule \"Waits\" when no agent reply for 2h then tag late"_s;

Instant at(const char *iso)
{
    return *Instant::parse(QString::fromLatin1(iso));
}

/// Office hours in Berlin for first answers of four hours, with a priority that climbs where wanted.
Result<Done> agree(EngineFixture &desk, const QByteArray &more = {})
{
    const QByteArray text = QByteArray(
        "{'calendars':{'Berlin':{'zone':'Europe/Berlin','hours':{'mon':[['09:00','17:00']],"
        "'tue':[['09:00','17:00']],'wed':[['09:00','17:00']],'thu':[['09:00','17:00']],'fri':[['09:00','17:00']]}}},"
        "'policies':[{'name':'P','calendar':'Berlin','default':true"
        + more + ",'targets':[{'clock':'first_response','target':'4h'}]}]}")
                                .replace('\'', '"');
    TIERLINE_TRY(json, readJsonObject(text));
    TIERLINE_TRY(agreements, sla::agreementsFromJson(json));
    commands::Context context = desk.as(u"lea"_s);
    TIERLINE_TRY(saved,
        commands::run(
            context, commands::SaveAgreements { .agreements = agreements, .why = u"x"_s }));
    Q_UNUSED(saved);
    return Done {};
}

} // namespace

/// The wall clock is set, the machine sleeps, summer begins and ends: nothing fires early, twice or not at all.
class TestClockJumps : public QObject
{
    Q_OBJECT
private slots:
    void timeIsNotWhatTheWallSays();
    void setBackAnHour();
    void setForwardADay();
    void setForwardForGood();
    void randomJumpsChangeNothing();
    void switchOfSummerTime_data();
    void switchOfSummerTime();
    void prioritiesClimb();
    void prioritiesOfOtherRunnersDoNotClimb();
    void whatBecomesDueAtNightWaits();
    void laddersKeepTheClocksHours();
};

void TestClockJumps::timeIsNotWhatTheWallSays()
{
    FakeClock clock;
    const Instant start = clock.now();
    engine::Timekeeper time(clock);
    clock.advance(5min);
    QCOMPARE(time.now(), start + 5min);
    clock.passAsleep(60h);
    QCOMPARE(time.now(), start + 60h + 5min);
    clock.jumpTo(clock.now() + 2s); // put right
    QCOMPARE(time.now(), start + 60h + 5min + 2s);
    const Instant before = time.now();
    clock.jumpTo(clock.now() - 1h);
    QCOMPARE(time.now(), before);
    QCOMPARE(time.doubt(), Millis(-1h));
    clock.advance(9min);
    QCOMPARE(time.now(), before + 9min);
    clock.advance(1min);
    QCOMPARE(time.now(), before + 10min - 1h); // so it stays
    QCOMPARE(time.doubt(), Millis(0));
    engine::Timekeeper fixed(clock, start);
    clock.advance(1h);
    QCOMPARE(fixed.now(), start);
}

void TestClockJumps::setBackAnHour()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(119min);
    desk.clock.jumpTo(desk.clock.now() - 1h);
    desk.settle();
    QCOMPARE(desk.after(1min).fired, 1); // two hours have passed, whatever the wall says
    // What fired does not fire again when the wall comes there a second time.
    for (int i = 0; i < 20; ++i)
        QCOMPARE(desk.after(10min).fired, 0);
    QCOMPARE(desk.firings(u"T-1"_s).size(), 1U);
}

void TestClockJumps::setForwardADay()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits + u" and tell customer"_s));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(1h);
    const Instant right = desk.clock.now();
    desk.clock.jumpTo(right + 24h);
    QCOMPARE(desk.settle().fired, 0);
    QCOMPARE(desk.after(5min).fired, 0);
    desk.clock.jumpTo(right + 5min); // somebody saw it
    QCOMPARE(desk.settle().fired, 0);
    const engine::Tally tally = desk.after(55min);
    QCOMPARE(tally.fired, 1);
    QCOMPARE(tally.latest, Millis(0));
    QCOMPARE(tally.asked, 0);
}

void TestClockJumps::setForwardForGood()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(waits + u" and tell customer"_s));
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(1h);
    desk.clock.jumpTo(desk.clock.now() + 24h);
    desk.settle();
    QCOMPARE(desk.after(9min).fired, 0);
    const engine::Tally tally = desk.after(1min);
    QCOMPARE(tally.fired, 1); // caught up like any downtime
    QCOMPARE(tally.asked, 1);
    QCOMPARE(desk.after(48h).fired, 0);
}

/// Two desks with the same life; the clock of one is set again and again, and put right within ten minutes.
void TestClockJumps::randomJumpsChangeNothing()
{
    const quint64 seed = 11;
    SeededRandom dice(seed);
    EngineFixture calm, shaken;
    for (EngineFixture *desk : { &calm, &shaken }) {
        DONE(desk->begin());
        DONE(desk->rules(waits + u" continue\nrule \"Open\" when open for 7h then tag old"_s));
    }
    int tickets = 0, jumps = 0;
    for (int i = 0; i < 1'500; ++i) {
        if (tickets < 30 && dice.below(40) == 0) {
            ++tickets;
            for (EngineFixture *desk : { &calm, &shaken })
                DONE(desk->newTicket(u"T-%1"_s.arg(tickets)));
        }
        const bool jumps1 = dice.below(3) < 2;
        const Millis jump(dice.below(4 * 86'400'000) - 2 * 86'400'000);
        const Millis step(dice.below(5 * 60'000));
        const bool sleeps = dice.below(10) == 0;
        if (jumps1) {
            ++jumps;
            shaken.clock.jumpTo(shaken.clock.now() + jump);
            shaken.settle();
        }
        for (EngineFixture *desk : { &calm, &shaken })
            sleeps ? desk->clock.passAsleep(step) : desk->clock.advance(step);
        shaken.settle();
        if (jumps1)
            shaken.clock.jumpTo(shaken.clock.now() - jump);
        calm.settle();
        shaken.settle();
    }
    QVERIFY(jumps > 900);
    for (int i = 1; i <= tickets; ++i) {
        const QString key = u"T-%1"_s.arg(i);
        const std::vector<Firing> a = calm.firings(key), b = shaken.firings(key);
        QVERIFY2(a.size() == b.size(), qPrintable(u"%1 seed %2"_s.arg(key).arg(seed)));
        for (size_t n = 0; n < a.size(); ++n) {
            QCOMPARE(b[n].name, a[n].name);
            QCOMPARE(b[n].due, a[n].due);
            QCOMPARE(b[n].at, a[n].at);
        }
    }
    QCOMPARE(calm.problem + shaken.problem, QString());
}

void TestClockJumps::switchOfSummerTime_data()
{
    QTest::addColumn<Instant>("created");
    QTest::addColumn<Instant>("due");
    // Friday 16:00, two service hours: Monday 10:00 on the wall, whatever happened on Sunday.
    QTest::newRow("summer begins") << at("2026-03-27T15:00:00Z") << at("2026-03-30T08:00:00Z");
    QTest::newRow("summer ends") << at("2026-10-23T14:00:00Z") << at("2026-10-26T09:00:00Z");
    QTest::newRow("no switch") << at("2026-06-12T14:00:00Z") << at("2026-06-15T08:00:00Z");
}

void TestClockJumps::switchOfSummerTime()
{
    QFETCH(Instant, created);
    QFETCH(Instant, due);
    EngineFixture desk;
    desk.clock.jumpTo(created - 1h);
    DONE(desk.begin());
    DONE(agree(desk));
    DONE(desk.rules(u"rule \"Waits\" when no agent reply for 2 service hours then tag late"_s));
    desk.after(1h);
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), due);
    QCOMPARE(desk.after(due - created - 1ms).fired, 0);
    QCOMPARE(desk.after(1ms).fired, 1);
    QCOMPARE(desk.firings(u"T-1"_s).front().due, due);
}

void TestClockJumps::prioritiesClimb()
{
    EngineFixture desk;
    desk.clock.jumpTo(at("2026-06-08T07:00:00Z"));
    DONE(desk.begin());
    DONE(agree(desk, ",'climbs_to':'urgent'"));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    QVERIFY(desk.armed(u"T-1"_s));
    QList<Priority> seen;
    for (int i = 0; i < 40; ++i) {
        desk.after(10min);
        const Priority now = desk.state(u"T-1"_s).ticket.priority;
        if (seen.isEmpty() || seen.back() != now)
            seen.append(now);
    }
    QCOMPARE(seen, (QList<Priority> { Priority::Normal, Priority::High, Priority::Urgent }));
    QCOMPARE(desk.firings(u"T-1"_s).back().due, at("2026-06-08T11:00:00Z"));
}

void TestClockJumps::prioritiesOfOtherRunnersDoNotClimb()
{
    EngineFixture desk;
    desk.clock.jumpTo(at("2026-06-08T07:00:00Z"));
    DONE(desk.begin());
    DONE(agree(desk, ",'climbs_to':'urgent'"));
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::addAccount(scope,
            { .name = u"rt"_s,
                .type = u"rt"_s,
                .url = u"https://rt.example"_s,
                .created = scope.now() });
    }));
    DONE(desk.newTicket(u"rt:7"_s));
    desk.settle();
    for (int i = 0; i < 40; ++i)
        QCOMPARE(desk.after(10min).fired, 0);
    QCOMPARE(desk.state(u"rt:7"_s).ticket.priority, Priority::Normal);
    const std::vector<Firing> would = desk.firings(u"rt:7"_s, FiringOutcome::WouldFire);
    QCOMPARE(would.size(), 2U); // high and urgent, each once
    QCOMPARE(would.back().deeds.front().action, u"raise priority to urgent"_s);
}

/// What becomes due while the team is away is done at its next opening, and once.
void TestClockJumps::whatBecomesDueAtNightWaits()
{
    EngineFixture desk;
    desk.clock.jumpTo(at("2026-06-11T16:00:00Z")); // Thursday 18:00 in Berlin
    DONE(desk.begin());
    DONE(agree(desk));
    DONE(desk.rules(
        u"rule \"Day\" when no agent reply for 24h and during service hours then tag late continue\n"
        "rule \"Now\" when no agent reply for 24h then tag now"_s));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    desk.after(24h); // Friday 18:00
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"now"_s });
    desk.clock.advance(at("2026-06-15T06:59:59Z") - desk.clock.now());
    desk.settle();
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"now"_s });
    QCOMPARE(desk.armed(u"T-1"_s), at("2026-06-15T07:00:00Z")); // Monday 09:00
    QCOMPARE(desk.after(1s).fired, 1);
    QCOMPARE(desk.firings(u"T-1"_s).back().due, at("2026-06-15T07:00:00Z"));
    // The next morning is no other cause.
    QCOMPARE(desk.after(48h).fired, 0);
}

/// Levels of a ladder that a clock began are offsets to its due time, in its own hours.
void TestClockJumps::laddersKeepTheClocksHours()
{
    EngineFixture desk;
    desk.clock.jumpTo(at("2026-06-12T10:30:00Z")); // Friday 12:30 in Berlin
    DONE(desk.begin());
    DONE(agree(desk));
    DONE(desk.rules(
        u"rule \"Late\" when first response left below 30m then ladder (after 30m remind, "
        "after 90m notify manager)"_s));
    DONE(desk.newTicket(u"T-1"_s)); // due 16:30
    desk.settle();
    QCOMPARE(desk.armed(u"T-1"_s), at("2026-06-12T14:00:00Z"));
    QCOMPARE(desk.after(3h + 30min).fired, 1);
    QCOMPARE(desk.armed(u"T-1"_s), at("2026-06-12T14:30:00Z"));
    QCOMPARE(desk.after(30min).fired, 1);
    // An hour later it is Monday 09:30.
    QCOMPARE(desk.armed(u"T-1"_s), at("2026-06-15T07:30:00Z"));
    DONE(desk.run("ann", commands::Reply { u"T-1"_s, u"Sorry."_s }));
    desk.settle();
    QVERIFY(!desk.armed(u"T-1"_s));
}

QTEST_GUILESS_MAIN(TestClockJumps)
#include "tst_clockjumps.moc"
