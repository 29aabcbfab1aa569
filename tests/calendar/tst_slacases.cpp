#include "core/calendar/agreementjson.h"
#include "core/calendar/ladder.h"
#include "core/domain/event.h"
#include "tests/calendar/calendartest.h"

#include <QSet>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

using Kind = Fact::Kind;
constexpr std::chrono::minutes minute { 1 };
constexpr std::chrono::hours hour { 1 };

/// One clock of four hours on some calendar, begun at an instant.
TicketClock clockOf(const QByteArray &hours, const char *start, Millis target, const char *now)
{
    AgreementBook book;
    book.setCalendar(u"C"_s, calendar(hours));
    const auto added = book.add({ 1, { Instant::MinMs },
        { { .name = u"P"_s,
            .isDefault = true,
            .calendar = u"C"_s,
            .targets = { { ClockKind::FirstResponse, target } } } } });
    if (!added)
        qFatal("%s", qPrintable(added.error().detail));
    TicketPast past;
    past.facts = { { .at = at(start), .kind = Kind::Created, .tier = u"L1"_s },
        { .at = at(start), .kind = Kind::CustomerWord } };
    past.fields = { { at(start), { .tier = u"L1"_s } } };
    const auto clocks = clocksOf(past, book, at(now));
    return clocks.empty() ? TicketClock {} : clocks.front();
}

std::vector<Millis> fiveLevels()
{
    return { -30 * minute, Millis(0), hour, 4 * hour, 8 * hour };
}

} // namespace

/// Ladders of alarms, clocks that are set, two machines, other people's verdicts: what goes wrong at the
/// edges of due times.
class TestSlaCases : public QObject
{
    Q_OBJECT
private slots:
    void levelsRunInTheClocksOwnHours_data();
    void levelsRunInTheClocksOwnHours();
    void pausesHoldTheLevels();
    void wakeAfterSixtyHours();
    void clockMovedBackAnHour();
    void lateForCustomers();
    void twoDevicesHaveOneKey();
    void changedTimeArmsAgain();
    void remoteSaysOtherwise_data();
    void remoteSaysOtherwise();
    void equalTimestampsOfTwoAgents();
    void aThousandInOneSecond();
    void longOverdueReadsInItsOwnHours();
    void absurdDueTimes();
    void openAroundTheClockLosesNoMinute();
    void otherTargetsNeverOverruleTheFirstAnswer();
    void answeredTicketsAreNotOverdue();
};

void TestSlaCases::levelsRunInTheClocksOwnHours_data()
{
    QTest::addColumn<int>("offset"); // minutes
    QTest::addColumn<QString>("reached");
    // Due on Friday at 16:30; nine to five.
    QTest::newRow("before, the same day") << -60 << at("2026-06-12T15:30:00+02:00").iso();
    QTest::newRow("before, a day earlier") << -480 << at("2026-06-11T16:30:00+02:00").iso();
    QTest::newRow("before it began") << -6000 << at("2026-06-11T14:30:00+02:00").iso();
    QTest::newRow("at") << 0 << at("2026-06-12T16:30:00+02:00").iso();
    QTest::newRow("after, the same day") << 30 << at("2026-06-12T17:00:00+02:00").iso();
    QTest::newRow("after, on Monday") << 60 << at("2026-06-15T09:30:00+02:00").iso();
}

void TestSlaCases::levelsRunInTheClocksOwnHours()
{
    QFETCH(int, offset);
    QFETCH(QString, reached);
    const TicketClock clock
        = clockOf(A, "2026-06-11T14:30:00+02:00", 10 * hour, "2026-06-11T15:00:00+02:00");
    QCOMPARE(clock.reading.due, at("2026-06-12T16:30:00+02:00"));
    const auto steps = ladder(clock, { Millis(offset * minute) });
    QCOMPARE(steps.size(), 1U);
    QCOMPARE(steps.front().at.iso(), reached);
}

void TestSlaCases::pausesHoldTheLevels()
{
    TicketClock clock
        = clockOf(T, "2026-06-08T10:00:00+02:00", 4 * hour, "2026-06-08T10:00:00+02:00");
    clock.cycle.pauses.push_back(
        { at("2026-06-08T11:00:00+02:00"), at("2026-06-08T12:00:00+02:00") });
    clock.reading = read(clock.cycle, *clock.hours, at("2026-06-08T12:30:00+02:00"));
    QCOMPARE(ladder(clock, { -30 * minute }).front().at, at("2026-06-08T14:30:00+02:00"));
    // While it is paused nothing is due, so no level is.
    clock.cycle.pauses.back().to = Cycle::openEnd;
    clock.reading = read(clock.cycle, *clock.hours, at("2026-06-08T12:30:00+02:00"));
    QVERIFY(ladder(clock, fiveLevels()).empty());
}

void TestSlaCases::wakeAfterSixtyHours()
{
    const TicketClock clock
        = clockOf(T, "2026-06-05T18:00:00+02:00", 4 * hour, "2026-06-08T06:00:00+02:00");
    const auto steps = ladder(clock, fiveLevels());
    QCOMPARE(steps.size(), 5U);
    // Asleep from Friday 18:00 to Monday 06:00: all five passed, one fires.
    const Wake woken
        = wake(steps, at("2026-06-05T18:00:00+02:00"), at("2026-06-08T06:00:00+02:00"));
    QVERIFY(woken.fire);
    QCOMPARE(woken.fire->level, 4);
    QCOMPARE(woken.collapsed, (std::vector<int> { 0, 1, 2, 3 }));
    QCOMPARE(woken.late, Millis(48 * hour));
    QVERIFY(woken.needsYes);
    // And never again.
    const Wake again
        = wake(steps, at("2026-06-08T06:00:00+02:00"), at("2026-06-08T07:00:00+02:00"));
    QVERIFY(!again.fire);
    QVERIFY(again.collapsed.empty());
}

void TestSlaCases::clockMovedBackAnHour()
{
    const char *start = "2026-06-08T10:00:00+02:00";
    const auto steps = ladder(clockOf(T, start, hour, "2026-06-08T10:30:00+02:00"), fiveLevels());
    const Instant looked = at("2026-06-08T11:05:00+02:00");
    QCOMPARE(wake(steps, at(start), looked).fire->level, 1);
    // Somebody sets the clock to 10:05; the same levels come by a second time and fire nothing.
    QVERIFY(!wake(steps, looked, at("2026-06-08T10:05:00+02:00")).fire);
    QVERIFY(!wake(steps, looked, at("2026-06-08T11:05:00+02:00")).fire);
    QCOMPARE(wake(steps, looked, at("2026-06-08T12:00:00+02:00")).fire->level, 2);
    // The breach is where it was, whatever the clock says when it is read.
    const auto breached = clockOf(T, start, hour, "2026-06-08T11:05:00+02:00").reading.breachedAt;
    QCOMPARE(breached, at("2026-06-08T11:00:00+02:00"));
    QVERIFY(!clockOf(T, start, hour, "2026-06-08T10:05:00+02:00").reading.breachedAt);
    QCOMPARE(clockOf(T, start, hour, "2026-06-08T13:05:00+02:00").reading.breachedAt, breached);
}

void TestSlaCases::lateForCustomers()
{
    const std::vector<LadderStep> steps { { 0, at("2026-06-08T10:00:00Z") } };
    QVERIFY(!wake(steps, at("2026-06-08T09:00:00Z"), at("2026-06-08T10:15:00Z")).needsYes);
    QVERIFY(wake(steps, at("2026-06-08T09:00:00Z"), at("2026-06-08T10:15:01Z")).needsYes);
    // An interval holds its start: reached is when now is it.
    QVERIFY(wake(steps, at("2026-06-08T09:59:59Z"), at("2026-06-08T10:00:00Z")).fire);
    QVERIFY(!wake(steps, at("2026-06-08T10:00:00Z"), at("2026-06-08T10:00:01Z")).fire);
}

void TestSlaCases::twoDevicesHaveOneKey()
{
    const char *start = "2026-06-08T10:00:00+02:00";
    const TicketClock here = clockOf(A, start, hour, "2026-06-08T11:00:10+02:00");
    const TicketClock there = clockOf(A, start, hour, "2026-06-08T11:02:00+02:00");
    QCOMPARE(fireKey(u"r", u"T-1", here, 2), fireKey(u"r", u"T-1", there, 2));
    const QSet<QString> keys { fireKey(u"r", u"T-1", here, 2), fireKey(u"r", u"T-1", here, 3),
        fireKey(u"r", u"T-2", here, 2), fireKey(u"q", u"T-1", here, 2),
        fireKey(u"r", u"T-1",
            clockOf(A, "2026-06-09T10:00:00+02:00", hour, "2026-06-09T10:30:00+02:00"), 2) };
    QCOMPARE(keys.size(), 5);
}

void TestSlaCases::changedTimeArmsAgain()
{
    TicketClock clock = clockOf(A, "2026-06-08T10:00:00+02:00", hour, "2026-06-08T10:10:00+02:00");
    const QString before = fireKey(u"r", u"T-1", clock, 0);
    clock.cycle.manual.push_back(
        { at("2026-06-08T10:20:00+02:00"), {}, at("2026-06-08T15:00:00+02:00"), u"agreed"_s });
    clock.reading = read(clock.cycle, *clock.hours, at("2026-06-08T10:30:00+02:00"));
    QVERIFY(fireKey(u"r", u"T-1", clock, 0) != before);
}

void TestSlaCases::remoteSaysOtherwise_data()
{
    QTest::addColumn<bool>("isBreached");
    QTest::addColumn<bool>("isOver");
    QTest::addColumn<bool>("agrees");
    // Ours was met in time.
    QTest::newRow("breached there") << true << true << false;
    QTest::newRow("breached and running there") << true << false << false;
    QTest::newRow("running there") << false << false << false;
    QTest::newRow("met there") << false << true << true;
}

void TestSlaCases::remoteSaysOtherwise()
{
    QFETCH(bool, isBreached);
    QFETCH(bool, isOver);
    QFETCH(bool, agrees);
    TicketClock clock = clockOf(A, "2026-06-08T10:00:00+02:00", hour, "2026-06-08T10:10:00+02:00");
    clock.cycle.met = at("2026-06-08T10:30:00+02:00");
    clock.reading = read(clock.cycle, *clock.hours, at("2026-06-08T12:00:00+02:00"));
    QCOMPARE(clock.reading.state, State::Met);
    const QString told = disagreement({ clock },
        { .clock = ClockKind::FirstResponse, .isBreached = isBreached, .isOver = isOver });
    QCOMPARE(told.isEmpty(), agrees);
    QVERIFY(agrees || told.contains(u"met in time"_s));
    QVERIFY(disagreement({ clock }, { .clock = ClockKind::Accept, .isBreached = true }).isEmpty());
}

/// The source's own order, then the number of the event: whoever is first there was first.
void TestSlaCases::equalTimestampsOfTwoAgents()
{
    const Instant when = at("2026-06-08T10:00:00Z");
    const Event first { .id = { 7 }, .at = when, .order = when, .actor = u"ann"_s };
    const Event second { .id = { 9 }, .at = when, .order = when, .actor = u"bob"_s };
    QVERIFY(comesBefore(first, second));
    QVERIFY(!comesBefore(second, first));
    Event ordered = second;
    ordered.order = when - Millis(1); // the source says so
    QVERIFY(comesBefore(ordered, first));
    // Facts of one instant and kind stay in the order in which they are given.
    std::vector<Fact> facts { { .at = when, .kind = Kind::Escalated, .tier = u"L2"_s },
        { .at = when, .kind = Kind::Escalated, .tier = u"L3"_s },
        { .at = when, .kind = Kind::HumanReply, .tiers = { u"L1"_s } } };
    sortFacts(facts);
    QCOMPARE(facts[1].tier, u"L2"_s);
    QCOMPARE(facts[2].tier, u"L3"_s);
    const auto cycles = cyclesOf(ClockKind::TierResponse, facts);
    QCOMPARE(cycles.size(), 2U);
    QCOMPARE(cycles[0].cycle.cancelled, when);
    QCOMPARE(cycles[1].tier, u"L3"_s);
}

void TestSlaCases::aThousandInOneSecond()
{
    QSet<QString> keys;
    for (int i = 0; i < 1'000; ++i) {
        const Instant start { at("2026-06-08T10:00:00Z").ms + i };
        TicketClock clock = clockOf(T, "2026-06-08T10:00:00Z", hour, "2026-06-08T10:30:00Z");
        clock.cycle.start = start;
        clock.reading = read(clock.cycle, *clock.hours, at("2026-06-08T10:30:00Z"));
        const auto steps = ladder(clock, { Millis(0) });
        QCOMPARE(steps.front().at, start + Millis(hour)); // a millisecond apart, none lost
        const Wake woken = wake(steps, at("2026-06-08T10:59:00Z"), at("2026-06-08T11:00:01Z"));
        QVERIFY(woken.fire);
        keys.insert(fireKey(u"r", u"T-%1"_s.arg(i), clock, 0));
    }
    QCOMPARE(keys.size(), 1'000);
}

void TestSlaCases::longOverdueReadsInItsOwnHours()
{
    const TicketClock clock
        = clockOf(A, "2026-06-12T12:00:00+02:00", 4 * hour, "2026-06-15T10:00:00+02:00");
    QCOMPARE(clock.reading.due, at("2026-06-12T16:00:00+02:00"));
    QCOMPARE(clock.reading.overdue, Millis(2 * hour)); // and 66 hours by the wall
}

void TestSlaCases::absurdDueTimes()
{
    // Farther than any calendar is read: no due time, and no number that overflows.
    const TicketClock never = clockOf(
        "{'zone':'UTC','hours':{},'exceptions':[{'date':'2026-06-08','hours':[['09:00','10:00']]}]}",
        "2026-06-08T09:00:00Z", 2 * hour, "2026-06-08T09:30:00Z");
    QVERIFY(!never.reading.due);
    QCOMPARE(never.reading.state, State::Running);
    QVERIFY(ladder(never, fiveLevels()).empty());
    const TicketClock late
        = clockOf(T, "2199-12-31T00:00:00Z", 3660 * 24 * hour, "2199-12-31T12:00:00Z");
    QVERIFY(!late.reading.due);
    const TicketClock first = clockOf(T, "1900-01-01T00:00:00Z", hour, "2199-12-31T12:00:00Z");
    QCOMPARE(first.reading.due, at("1900-01-01T01:00:00Z"));
    QVERIFY(first.reading.overdue > Millis(0));
}

/// 24:00 is midnight, not a minute before it.
void TestSlaCases::openAroundTheClockLosesNoMinute()
{
    QByteArray whole = "{'zone':'Europe/Berlin','hours':{";
    for (const char *day : { "mon", "tue", "wed", "thu", "fri", "sat", "sun" })
        whole += QByteArray(whole.endsWith('{') ? "'" : ",'") + day + "':[['00:00','24:00']]";
    whole += "}}";
    for (const QByteArray &hours : { T, whole }) {
        const CalendarEditions open(calendar(hours));
        QCOMPARE(
            runningTime(open, {}, at("2026-06-01T00:00:00+02:00"), at("2026-06-08T00:00:00+02:00")),
            Millis(7 * 24 * hour));
        QCOMPARE(
            clockOf(hours, "2026-06-08T23:59:00+02:00", 2 * minute, "2026-06-08T23:59:30+02:00")
                .reading.due,
            at("2026-06-09T00:01:00+02:00"));
    }
}

/// Neither a next answer nor an update is owed before the first one.
void TestSlaCases::otherTargetsNeverOverruleTheFirstAnswer()
{
    std::vector<Fact> facts { { .at = at("2026-06-08T08:00:00Z"), .kind = Kind::Created },
        { .at = at("2026-06-08T08:00:00Z"), .kind = Kind::CustomerWord },
        { .at = at("2026-06-08T08:30:00Z"), .kind = Kind::CustomerWord } };
    QCOMPARE(cyclesOf(ClockKind::FirstResponse, facts).size(), 1U);
    QVERIFY(cyclesOf(ClockKind::NextResponse, facts).empty());
    QVERIFY(cyclesOf(ClockKind::PeriodicUpdate, facts).empty());
}

/// The next answer is owed only while the customer spoke last.
void TestSlaCases::answeredTicketsAreNotOverdue()
{
    std::vector<Fact> facts { { .at = at("2026-06-08T08:00:00Z"), .kind = Kind::Created },
        { .at = at("2026-06-08T08:00:00Z"), .kind = Kind::CustomerWord },
        { .at = at("2026-06-08T08:05:00Z"), .kind = Kind::HumanReply },
        { .at = at("2026-06-08T09:00:00Z"), .kind = Kind::CustomerWord },
        { .at = at("2026-06-08T09:05:00Z"), .kind = Kind::HumanReply } };
    const auto cycles = cyclesOf(ClockKind::NextResponse, facts);
    QCOMPARE(cycles.size(), 1U);
    QCOMPARE(cycles.front().cycle.met, at("2026-06-08T09:05:00Z"));
}

QTEST_GUILESS_MAIN(TestSlaCases)
#include "tst_slacases.moc"
