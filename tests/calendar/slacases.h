#pragma once

#include "tests/calendar/calendartest.h"
#include "tests/support/caserange.h"
#include "tests/support/minuteclock/minuteclock.h"
#include "tests/support/minuteclock/randomcases.h"

// Numbered random cases of a clock, and how ours is compared with minutes that are counted one by one.

namespace tierline::test {

inline constexpr qint64 minuteMs = 60'000;

/// Of a case by its number, for ever the same.
inline SeededRandom randomOf(qint64 number)
{
    return SeededRandom(static_cast<quint64>(number) * 2 + 1);
}

/// Somewhere in time, with hours that may change on the way.
struct SlaCase {
    Instant start;
    CalendarEditions hours;
    sla::Cycle cycle;
};
inline SlaCase someCase(RandomSource &random)
{
    const Instant start = someInstant(random);
    CalendarEditions hours(someCalendar(random, start));
    if (random.below(4) == 0)
        hours.add(minuteAfter(random, start, 3 * 1440), someCalendar(random, start));
    return { start, std::move(hours), someCycle(random, start) };
}

/// Rows of a test function that does its cases some hundreds at a time: `first` and `end`.
inline void addCaseRows(const CaseRange &range)
{
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("end");
    constexpr qint64 together = 500;
    for (qint64 first = range.first; first < range.end; first += together) {
        const qint64 end = std::min(first + together, range.end);
        QTest::addRow(
            "cases %lld to %lld", static_cast<long long>(first), static_cast<long long>(end - 1))
            << first << end;
    }
}

inline bool isSame(const sla::Reading &ours, const sla::Reading &theirs)
{
    return ours.state == theirs.state && ours.due == theirs.due && ours.elapsed == theirs.elapsed
        && ours.breachedAt == theirs.breachedAt && ours.cause == theirs.cause;
}

inline QString told(const std::optional<Instant> &at)
{
    return at ? at->iso() : QStringLiteral("none");
}
inline QString told(const sla::Reading &reading)
{
    return QStringLiteral("%1 due %2 elapsed %3 min breached %4 %5")
        .arg(sla::code(reading.state), told(reading.due))
        .arg(reading.elapsed.count() / minuteMs)
        .arg(told(reading.breachedAt), sla::text(reading.cause));
}

} // namespace tierline::test
