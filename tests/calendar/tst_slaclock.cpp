#include "core/calendar/slaclock.h"
#include "tests/calendar/calendartest.h"

#include <QElapsedTimer>
#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

constexpr Millis minute { 60'000 };
constexpr Millis hour { 3'600'000 };

Cycle cycle(const char *start, Millis target)
{
    return { .start = at(start), .targets = { { at(start), target } } };
}

QJsonObject line(const QByteArray &calendar, const char *start, const char *target, const char *now,
    const QByteArray &more = {})
{
    return object("{'id':'V','calendar':" + calendar + ",'start':'" + start + "','target':'"
        + target + "','now':'" + now + "'" + more + "}");
}

} // namespace

/// What the clocks of a service agreement must say; the cases that people get wrong.
class TestSlaClock : public QObject
{
    Q_OBJECT
private slots:
    void due_data();
    void due();
    void policyChangeBreachesWhenItComes();
    void looseningKeepsABreach();
    void graceAfterAChange();
    void offsetIsShownApart();
    void overdueIsServiceTime();
    void pausedHasNoDue();
    void breachedAndPausedStopsGrowing();
    void metInTheInstantItIsDueIsLate();
    void manualDueWinsUntilReleased();
    void cancelledAndIdle();
    void holidayAddedAtNoon();
    void longerThanAYear();
    void ledgerSumsToElapsed();
    void badLines_data();
    void badLines();
};

void TestSlaClock::due_data()
{
    QTest::addColumn<QJsonObject>("in");
    QTest::addColumn<QString>("due");
    const auto row = [](const char *name, const QJsonObject &in, const char *due) {
        QTest::newRow(name) << in << at(due).iso();
    };
    row("V1", line(A, "2026-06-08T10:00:00+02:00", "4h", "2026-06-08T10:00:00+02:00"),
        "2026-06-08T12:00:00Z");
    row("V2", line(A, "2026-06-08T16:00:00+02:00", "4h", "2026-06-08T16:00:00+02:00"),
        "2026-06-09T12:00:00+02:00");
    row("V3", line(A, "2026-06-12T16:30:00+02:00", "1h", "2026-06-12T16:30:00+02:00"),
        "2026-06-15T09:30:00+02:00");
    row("V5", line(A, "2026-06-08T17:00:00+02:00", "1h", "2026-06-08T17:00:00+02:00"),
        "2026-06-09T10:00:00+02:00");
    row("V6", line(A, "2026-06-08T13:00:00+02:00", "4h", "2026-06-08T13:00:00+02:00"),
        "2026-06-08T17:00:00+02:00");
    row("V7", line(T, "2026-03-28T23:00:00+01:00", "4h", "2026-03-28T23:00:00+01:00"),
        "2026-03-29T02:00:00Z");
    row("V10 before lunch", line(S, "2026-06-08T11:30:00+02:00", "1h", "2026-06-08T11:30:00+02:00"),
        "2026-06-08T13:30:00+02:00");
    row("V10 in lunch", line(S, "2026-06-08T12:30:00+02:00", "30m", "2026-06-08T12:30:00+02:00"),
        "2026-06-08T13:30:00+02:00");
    row("V11",
        line(officeHours + ",'exceptions':[{'date':'2026-05-01','hours':[]}]}",
            "2026-04-30T16:00:00+02:00", "2h", "2026-04-30T16:00:00+02:00"),
        "2026-05-04T10:00:00+02:00");
    row("V14",
        line(A, "2026-06-08T10:00:00+02:00", "8h", "2026-06-08T13:00:00+02:00",
            ",'changes':[{'at':'2026-06-08T12:00:00+02:00','target':'1h'}]"),
        "2026-06-08T11:00:00+02:00");
    row("V17", line(T, "2026-06-08T23:30:00+02:00", "1h", "2026-06-08T23:30:00+02:00"),
        "2026-06-09T00:30:00+02:00");
    row("V18",
        line(A, "2026-06-08T09:00:00+02:00", "4h", "2026-06-08T09:00:00+02:00",
            ",'pauses':[['2026-06-08T10:00:00+02:00','2026-06-08T10:30:00+02:00'],"
            "['2026-06-08T11:00:00+02:00','2026-06-08T12:00:00+02:00']]"),
        "2026-06-08T14:30:00+02:00");
    row("V21", line(A, "2026-06-08T16:59:45+02:00", "30s", "2026-06-08T16:59:45+02:00"),
        "2026-06-09T09:00:15+02:00");
    row("V22 first copy", line(T, "2026-10-25T02:30:00+02:00", "1h", "2026-10-25T02:30:00+02:00"),
        "2026-10-25T01:30:00Z");
    row("V22 second copy", line(T, "2026-10-25T02:30:00+01:00", "1h", "2026-10-25T02:30:00+01:00"),
        "2026-10-25T03:30:00+01:00");
    row("V23",
        line("{'zone':'Asia/Riyadh','hours':'24/7'}", "2026-06-08T10:00:00+03:00", "30m",
            "2026-06-08T10:00:00+03:00"),
        "2026-06-08T07:30:00Z");
    row("V24 service hours",
        line(A, "2026-06-12T16:55:00+02:00", "24h", "2026-06-12T16:55:00+02:00"),
        "2026-06-17T16:55:00+02:00");
    row("V24 elapsed", line(T, "2026-06-12T16:55:00+02:00", "24h", "2026-06-12T16:55:00+02:00"),
        "2026-06-13T16:55:00+02:00");
    row("V26", line(A, "2026-03-27T16:00:00+01:00", "2h", "2026-03-27T16:00:00+01:00"),
        "2026-03-30T10:00:00+02:00");
    row("created inside a holiday",
        line(officeHours + ",'exceptions':[{'date':'2026-06-08','hours':[]}]}",
            "2026-06-08T11:00:00+02:00", "1h", "2026-06-08T11:00:00+02:00"),
        "2026-06-09T10:00:00+02:00");
    row("nights", line(N, "2026-06-08T21:00:00+02:00", "9h", "2026-06-08T21:00:00+02:00"),
        "2026-06-09T23:00:00+02:00");
    row("pauses overlap and leave the hours",
        line(A, "2026-06-08T16:00:00+02:00", "2h", "2026-06-09T12:00:00+02:00",
            ",'pauses':[['2026-06-08T16:30:00+02:00','2026-06-09T09:30:00+02:00'],"
            "['2026-06-08T20:00:00+02:00','2026-06-09T10:00:00+02:00']]"),
        "2026-06-09T11:30:00+02:00");
}

void TestSlaClock::due()
{
    QFETCH(QJsonObject, in);
    QFETCH(QString, due);
    const auto out = dueLine(in);
    QVERIFY2(out, out ? "" : qPrintable(out.error().detail));
    QCOMPARE((*out)[u"due"_s].toString(), due);
    QCOMPARE((*out)[u"id"_s].toString(), u"V"_s);
}

void TestSlaClock::policyChangeBreachesWhenItComes()
{
    const auto out = dueLine(line(A, "2026-06-08T10:00:00+02:00", "8h", "2026-06-08T13:00:00+02:00",
        ",'changes':[{'at':'2026-06-08T12:00:00+02:00','target':'1h'}]"));
    QVERIFY(out);
    QCOMPARE((*out)[u"breached_at"_s].toString(), u"2026-06-08T10:00:00Z"_s);
    QCOMPARE((*out)[u"cause"_s].toString(), u"policy change"_s);
    QCOMPARE((*out)[u"state"_s].toString(), u"breached-running"_s);
    QCOMPARE((*out)[u"overdue_s"_s].toInt(), 2 * 3600);
    QCOMPARE((*out)[u"remaining_s"_s].toInt(), 0);
    // Before the change nobody knows of it.
    const auto before
        = dueLine(line(A, "2026-06-08T10:00:00+02:00", "8h", "2026-06-08T11:30:00+02:00",
            ",'changes':[{'at':'2026-06-08T12:00:00+02:00','target':'1h'}]"));
    QVERIFY(before);
    QCOMPARE((*before)[u"due"_s].toString(), u"2026-06-09T08:00:00Z"_s);
    QVERIFY((*before)[u"breached_at"_s].isNull());
    QCOMPARE((*before)[u"state"_s].toString(), u"running"_s);
}

void TestSlaClock::looseningKeepsABreach()
{
    Cycle held = cycle("2026-06-08T10:00:00+02:00", hour);
    held.targets.push_back({ at("2026-06-08T12:00:00+02:00"), 8 * hour });
    const Reading reading = read(held, calendar(A), at("2026-06-08T13:00:00+02:00"));
    QCOMPARE(reading.breachedAt, at("2026-06-08T11:00:00+02:00"));
    QCOMPARE(reading.cause, Cause::Time);
    QCOMPARE(reading.state, State::BreachedRunning);
    QCOMPARE(reading.due, at("2026-06-09T10:00:00+02:00"));
    QCOMPARE(reading.remaining, 5 * hour);
    QCOMPARE(reading.overdue, Millis(0));
}

void TestSlaClock::graceAfterAChange()
{
    Cycle held = cycle("2026-06-08T10:00:00+02:00", 8 * hour);
    held.targets.push_back({ at("2026-06-08T12:00:00+02:00"), hour });
    held.grace = 15 * minute;
    QCOMPARE(read(held, calendar(A), at("2026-06-08T12:14:00+02:00")).state, State::Running);
    const Reading reading = read(held, calendar(A), at("2026-06-08T12:15:00+02:00"));
    QCOMPARE(reading.breachedAt, at("2026-06-08T12:15:00+02:00"));
    QCOMPARE(reading.cause, Cause::PolicyChange);
    held.met = at("2026-06-08T12:10:00+02:00");
    QCOMPARE(read(held, calendar(A), at("2026-06-08T14:00:00+02:00")).state, State::Met);
}

void TestSlaClock::offsetIsShownApart()
{
    // The two copies of half past two are an hour apart.
    const Zone berlin = calendar(T).zone();
    QCOMPARE(berlin.offsetAt(at("2026-10-25T00:30:00Z")), 2 * hour.count());
    QCOMPARE(berlin.offsetAt(at("2026-10-25T01:30:00Z")), hour.count());
}

void TestSlaClock::overdueIsServiceTime()
{
    // V28: due Friday 16:00, looked at on Monday at ten.
    const Reading reading = read(
        cycle("2026-06-12T12:00:00+02:00", 4 * hour), calendar(A), at("2026-06-15T10:00:00+02:00"));
    QCOMPARE(reading.due, at("2026-06-12T16:00:00+02:00"));
    QCOMPARE(reading.overdue, 2 * hour);
    QCOMPARE(reading.breachedAt, reading.due);
}

void TestSlaClock::pausedHasNoDue()
{
    Cycle held = cycle("2026-06-08T09:00:00+02:00", 4 * hour);
    held.pauses.push_back({ at("2026-06-08T10:00:00+02:00"), Cycle::openEnd });
    const Reading reading = read(held, calendar(A), at("2026-06-10T12:00:00+02:00"));
    QCOMPARE(reading.state, State::Paused);
    QVERIFY(!reading.due);
    QCOMPARE(reading.elapsed, hour);
    // No walk through two centuries of days for a pause that has no end.
    QElapsedTimer took;
    took.start();
    for (int i = 0; i < 1'000; ++i)
        QCOMPARE(read(held, calendar(A), at("2026-06-10T12:00:00+02:00")).elapsed, hour);
    QVERIFY2(took.elapsed() < 5'000, qPrintable(u"%1 ms"_s.arg(took.elapsed())));
    // A clock that is paused for good still has three hours left of its four.
    held.pauses.back().to = at("2026-06-10T12:00:00+02:00");
    const Reading after = read(held, calendar(A), at("2026-06-10T12:00:00+02:00"));
    QCOMPARE(after.state, State::Running);
    QCOMPARE(after.due, at("2026-06-10T15:00:00+02:00"));
    QCOMPARE(after.remaining, 3 * hour);
}

void TestSlaClock::breachedAndPausedStopsGrowing()
{
    Cycle held = cycle("2026-06-08T09:00:00+02:00", hour);
    held.pauses.push_back({ at("2026-06-08T11:00:00+02:00"), Cycle::openEnd });
    const Reading reading = read(held, calendar(A), at("2026-06-09T12:00:00+02:00"));
    QCOMPARE(reading.state, State::BreachedPaused);
    QVERIFY(!reading.due);
    QCOMPARE(reading.overdue, hour);
    QCOMPARE(reading.breachedAt, at("2026-06-08T10:00:00+02:00"));
}

void TestSlaClock::metInTheInstantItIsDueIsLate()
{
    Cycle held = cycle("2026-06-08T10:00:00+02:00", hour);
    const Instant later = at("2026-06-09T10:00:00+02:00");
    held.met = at("2026-06-08T10:59:59+02:00");
    Reading reading = read(held, calendar(A), later);
    QCOMPARE(reading.state, State::Met);
    QCOMPARE(reading.elapsed, hour - Millis(1000));
    QCOMPARE(reading.remaining, Millis(1000));
    held.met = at("2026-06-08T11:00:00+02:00");
    reading = read(held, calendar(A), later);
    QCOMPARE(reading.state, State::MetLate);
    QCOMPARE(reading.overdue, Millis(0));
    held.met = at("2026-06-08T12:00:00+02:00");
    reading = read(held, calendar(A), later);
    QCOMPARE(reading.overdue, hour); // frozen
    // Seen at an instant before it was met.
    QCOMPARE(read(held, calendar(A), at("2026-06-08T10:30:00+02:00")).state, State::Running);
}

void TestSlaClock::manualDueWinsUntilReleased()
{
    Cycle held = cycle("2026-06-08T10:00:00+02:00", 2 * hour);
    held.manual.push_back({ .from = at("2026-06-08T10:30:00+02:00"),
        .released = {},
        .due = at("2026-06-08T16:00:00+02:00"),
        .reason = u"agreed on the telephone"_s });
    Reading reading = read(held, calendar(A), at("2026-06-08T13:00:00+02:00"));
    QCOMPARE(reading.state, State::Running);
    QCOMPARE(reading.due, at("2026-06-08T16:00:00+02:00"));
    QCOMPARE(reading.remaining, 3 * hour);
    // A new target does not move it.
    held.targets.push_back({ at("2026-06-08T11:00:00+02:00"), hour });
    QCOMPARE(read(held, calendar(A), at("2026-06-08T13:00:00+02:00")).due, reading.due);
    QCOMPARE(read(held, calendar(A), at("2026-06-08T16:30:00+02:00")).cause, Cause::ManualDue);
    // Released, the computed one rules again, and it is past.
    held.manual.back().released = at("2026-06-08T13:30:00+02:00");
    reading = read(held, calendar(A), at("2026-06-08T14:00:00+02:00"));
    QCOMPARE(reading.due, at("2026-06-08T11:00:00+02:00"));
    QCOMPARE(reading.breachedAt, at("2026-06-08T13:30:00+02:00"));
}

void TestSlaClock::cancelledAndIdle()
{
    Cycle held = cycle("2026-06-08T10:00:00+02:00", hour);
    held.cancelled = at("2026-06-08T10:30:00+02:00");
    Reading reading = read(held, calendar(A), at("2026-06-09T10:30:00+02:00"));
    QCOMPARE(reading.state, State::Cancelled);
    QVERIFY(!reading.due);
    QVERIFY(!reading.breachedAt);
    QCOMPARE(reading.elapsed, 30 * minute);
    // What was breached before stays breached.
    held.cancelled = at("2026-06-08T12:00:00+02:00");
    reading = read(held, calendar(A), at("2026-06-09T10:30:00+02:00"));
    QCOMPARE(reading.breachedAt, at("2026-06-08T11:00:00+02:00"));
    QCOMPARE(reading.state, State::Cancelled);
    // Nothing started it, or not yet.
    QCOMPARE(read({ .targets = { { {}, hour } } }, calendar(A), at("2026-06-08T10:00:00Z")).state,
        State::Idle);
    QCOMPARE(read(held, calendar(A), at("2026-06-08T07:00:00Z")).state, State::Idle);
}

void TestSlaClock::holidayAddedAtNoon()
{
    CalendarEditions hours(calendar(A));
    hours.add(at("2026-06-08T12:00:00+02:00"),
        calendar(officeHours + ",'exceptions':[{'date':'2026-06-08','hours':[]}]}"));
    const Reading reading = read(
        cycle("2026-06-08T10:00:00+02:00", 4 * hour), hours, at("2026-06-08T15:00:00+02:00"));
    QCOMPARE(reading.elapsed, 2 * hour); // the morning was worked
    QCOMPARE(reading.due, at("2026-06-09T11:00:00+02:00"));
}

void TestSlaClock::longerThanAYear()
{
    const auto out
        = dueLine(line(T, "2026-06-08T10:00:00+02:00", "500d", "2026-06-08T10:00:00+02:00"));
    QVERIFY(out);
    QCOMPARE((*out)[u"due"_s].toString(), u"2027-10-21T08:00:00Z"_s);
}

/// The lines have no gap, and what they say ran is what the reading says.
void TestSlaClock::ledgerSumsToElapsed()
{
    const quint64 seed = 20260609;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    const std::array<Calendar, 5> all { calendar(A), calendar(S), calendar(G), calendar(N),
        calendar(T) };
    const auto some = [&]() -> const Calendar & {
        return all[static_cast<size_t>(random.below(static_cast<qint64>(all.size())))];
    };
    for (int round = 0; round < 500; ++round) {
        const Instant start = at("2026-03-25T00:00:00Z") + minute * random.below(10 * 1440);
        CalendarEditions hours(some());
        if (random.below(2))
            hours.add(start + minute * random.below(3 * 1440), some());
        Cycle held { .start = start, .targets = { { start, minute * (1 + random.below(3000)) } } };
        for (qint64 n = random.below(5); n > 0; --n) {
            const Instant from = start + minute * random.below(4 * 1440);
            held.pauses.push_back({ from, from + minute * random.below(900) });
        }
        if (random.below(3) == 0)
            held.met = start + minute * random.below(5 * 1440);
        const Instant now = start + minute * (1 + random.below(6 * 1440));
        const Reading reading = read(held, hours, now);
        Millis running { 0 };
        Instant end = start;
        for (const LedgerLine &line : ledger(held, hours, now)) {
            QCOMPARE(line.span.from, end);
            QVERIFY(line.span.from < line.span.to);
            end = line.span.to;
            if (line.kind == LedgerLine::Kind::Running)
                running += line.span.length();
        }
        QCOMPARE(end, held.met && *held.met <= now ? *held.met : now);
        QCOMPARE(running, reading.elapsed);
        // Elapsed and what is left, or what is over, make the target.
        if (reading.due)
            QCOMPARE(
                reading.elapsed + reading.remaining - reading.overdue, held.targets.front().length);
    }
}

void TestSlaClock::badLines_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::newRow("no target") << QByteArray(",'target':''");
    QTest::newRow("target of zero") << QByteArray(",'target':'0h'");
    QTest::newRow("negative target") << QByteArray(",'target':'-4h'");
    QTest::newRow("no now") << QByteArray(",'now':null");
    QTest::newRow("start without a zone") << QByteArray(",'start':'2026-06-08T10:00:00'");
    QTest::newRow("met before the start") << QByteArray(",'met':'2026-06-01T10:00:00Z'");
    QTest::newRow("pause of one end") << QByteArray(",'pauses':[['2026-06-08T10:00:00Z']]");
    QTest::newRow("pause backwards")
        << QByteArray(",'pauses':[['2026-06-08T10:00:00Z','2026-06-08T09:00:00Z']]");
    QTest::newRow("change to nothing") << QByteArray(",'changes':[{'at':'2026-06-08T10:00:00Z'}]");
    QTest::newRow("no calendar") << QByteArray(",'calendar':null");
}

void TestSlaClock::badLines()
{
    QFETCH(QByteArray, more);
    const auto out
        = dueLine(line(A, "2026-06-08T10:00:00+02:00", "4h", "2026-06-08T10:00:00+02:00", more));
    QVERIFY(!out);
    QCOMPARE(out.error().fault, Fault::BadInput);
    QVERIFY2(out.error().detail.endsWith(u'.'), qPrintable(out.error().detail));
}

QTEST_GUILESS_MAIN(TestSlaClock)
#include "tst_slaclock.moc"
