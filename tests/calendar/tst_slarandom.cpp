#include "tests/calendar/calendartest.h"
#include "tests/support/caserange.h"
#include "tests/support/minuteclock/minuteclock.h"
#include "tests/support/minuteclock/randomcases.h"

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;

std::vector<TimeSpan> somePauses(RandomSource &random, Instant start)
{
    std::vector<TimeSpan> pauses;
    for (qint64 n = random.below(4); n > 0; --n) {
        const Instant begin = minuteAfter(random, start, 3 * 1440);
        pauses.push_back({ begin, minuteAfter(random, begin, 900) });
    }
    if (random.below(8) == 0)
        pauses.push_back({ minuteAfter(random, start, 2 * 1440), Cycle::openEnd });
    return pauses;
}

Cycle someCycle(RandomSource &random, Instant start)
{
    const auto length = [&] { return Millis((1 + random.below(36 * 60)) * minuteMs); };
    Cycle cycle { .start = start, .targets = { { start, length() } } };
    Instant from = start;
    for (qint64 n = random.below(3); n > 0; --n) {
        from = from + Millis((1 + random.below(1440)) * minuteMs);
        Cycle::Target target { .from = from, .length = length() };
        target.isOff = random.below(10) == 0;
        if (random.below(3) == 0)
            target.hours = std::make_shared<CalendarEditions>(someCalendar(random, start));
        if (random.below(4) == 0)
            target.pauses = somePauses(random, start);
        if (random.below(4) == 0)
            target.grace = Millis(random.below(60) * minuteMs);
        cycle.targets.push_back(std::move(target));
    }
    cycle.pauses = somePauses(random, start);
    if (random.below(5) == 0) {
        const Instant since = minuteAfter(random, start, 1440);
        cycle.manual.push_back({ .from = since, .due = minuteAfter(random, since, 2 * 1440) });
        if (random.below(2))
            cycle.manual.back().released = since + Millis((1 + random.below(1440)) * minuteMs);
    }
    if (random.below(3) == 0)
        cycle.met = minuteAfter(random, start, 4 * 1440);
    else if (random.below(6) == 0)
        cycle.cancelled = minuteAfter(random, start, 4 * 1440);
    if (random.below(4) == 0)
        cycle.grace = Millis(random.below(60) * minuteMs);
    return cycle;
}

QString told(const std::optional<Instant> &at)
{
    return at ? at->iso() : u"none"_s;
}
QString told(const Reading &reading)
{
    return u"%1 due %2 elapsed %3 min breached %4 %5"_s.arg(code(reading.state), told(reading.due))
        .arg(reading.elapsed.count() / minuteMs)
        .arg(told(reading.breachedAt), text(reading.cause));
}

} // namespace

/// The clock function against minutes that are counted one by one, over random calendars, editions, pauses,
/// changes, due times set by hand and odd zones.
class TestSlaRandom : public QObject
{
    Q_OBJECT
private slots:
    void agreesWithMinutes_data();
    void agreesWithMinutes();
};

void TestSlaRandom::agreesWithMinutes_data()
{
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("end");
    const CaseRange range = casesToRun(10'000, 100'000);
    constexpr qint64 together = 500;
    for (qint64 seed = range.first; seed < range.end; seed += together) {
        const qint64 end = std::min(seed + together, range.end);
        QTest::addRow(
            "seeds %lld to %lld", static_cast<long long>(seed), static_cast<long long>(end - 1))
            << seed << end;
    }
}

void TestSlaRandom::agreesWithMinutes()
{
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    for (qint64 seed = first; seed < end; ++seed) {
        SeededRandom random(static_cast<quint64>(seed) * 2 + 1);
        const Instant start = someInstant(random);
        CalendarEditions hours(someCalendar(random, start));
        if (random.below(4) == 0)
            hours.add(minuteAfter(random, start, 3 * 1440), someCalendar(random, start));
        const Cycle cycle = someCycle(random, start);
        const Instant now = minuteAfter(random, start, 6 * 1440);
        const Reading ours = read(cycle, hours, now);
        const Reading theirs = MinuteClock(hours).read(cycle, now);
        const bool isSame = ours.state == theirs.state && ours.due == theirs.due
            && ours.elapsed == theirs.elapsed && ours.breachedAt == theirs.breachedAt
            && ours.cause == theirs.cause;
        QVERIFY2(isSame,
            qPrintable(u"seed %1, start %2, now %3: %4, counted: %5"_s.arg(seed).arg(
                start.iso(), now.iso(), told(ours), told(theirs))));
    }
}

QTEST_GUILESS_MAIN(TestSlaRandom)
#include "tst_slarandom.moc"
