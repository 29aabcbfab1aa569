#include "tests/support/minuteclock/randomcases.h"

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;

DayHours someHours(RandomSource &random)
{
    DayHours hours;
    for (qint64 n = random.below(4); n > 0; --n) {
        const qint64 from = random.below(24 * 12) * 5 * minuteMs;
        hours.push_back({ from, from + (1 + random.below(12 * 16)) * 5 * minuteMs });
    }
    return hours;
}

std::vector<TimeSpan> somePauses(RandomSource &random, Instant start)
{
    std::vector<TimeSpan> pauses;
    for (qint64 n = random.below(4); n > 0; --n) {
        const Instant begin = minuteAfter(random, start, 3 * 1440);
        pauses.push_back({ begin, minuteAfter(random, begin, 900) });
    }
    if (random.below(8) == 0)
        pauses.push_back({ minuteAfter(random, start, 2 * 1440), sla::Cycle::openEnd });
    return pauses;
}

} // namespace

Instant minuteAfter(RandomSource &random, Instant from, qint64 minutes)
{
    return from + Millis(random.below(minutes) * minuteMs);
}

Instant someInstant(RandomSource &random)
{
    static const QList<QDate> hard { QDate(2026, 3, 28), QDate(2026, 10, 24), QDate(2011, 12, 28),
        QDate(2027, 4, 3), QDate(2018, 11, 2), QDate(2026, 12, 30), QDate(2028, 2, 27),
        QDate(2022, 9, 20), QDate(2026, 3, 7), QDate(2026, 2, 13) };
    const QDate date = random.below(3) ? hard[random.below(hard.size())]
                                       : QDate(2005, 1, 1).addDays(random.below(12'000));
    return minuteAfter(
        random, { QDateTime(date, QTime(0, 0), Qt::UTC).toMSecsSinceEpoch() }, 2 * 1440);
}

Calendar someCalendar(RandomSource &random, Instant around, bool mayBeAlways)
{
    static const QStringList zones { u"Europe/Berlin"_s, u"America/St_Johns"_s,
        u"Australia/Lord_Howe"_s, u"Asia/Kathmandu"_s, u"Asia/Kolkata"_s, u"Pacific/Apia"_s,
        u"Africa/Casablanca"_s, u"America/Sao_Paulo"_s, u"Asia/Tehran"_s, u"America/New_York"_s,
        u"UTC"_s };
    Calendar::Definition definition { .zone = zones[random.below(zones.size())],
        .isAlways = mayBeAlways && random.below(8) == 0 };
    for (DayHours &day : definition.week)
        day = someHours(random);
    definition.week[static_cast<size_t>(random.below(7))].push_back(
        { 9 * 60 * minuteMs, 17 * 60 * minuteMs });
    const QDate date = QDateTime::fromMSecsSinceEpoch(around.ms, Qt::UTC).date();
    for (qint64 n = random.below(4); n > 0; --n)
        definition.days[date.addDays(random.below(8) - 1)] = someHours(random);
    for (qint64 n = random.below(3); n > 0; --n) {
        const QDate yearly = date.addDays(random.below(8) - 1);
        definition.yearly[{ yearly.month(), yearly.day() }] = someHours(random);
    }
    auto made = Calendar::make(definition);
    if (!made)
        qFatal("%s", qPrintable(made.error().detail));
    return *made;
}

sla::Cycle someCycle(RandomSource &random, Instant start)
{
    const auto length = [&] { return Millis((1 + random.below(36 * 60)) * minuteMs); };
    sla::Cycle cycle { .start = start, .targets = { { start, length() } } };
    Instant from = start;
    for (qint64 n = random.below(3); n > 0; --n) {
        from = from + Millis((1 + random.below(1440)) * minuteMs);
        sla::Cycle::Target target { .from = from, .length = length() };
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

} // namespace tierline::test
