#include "tests/support/rosterwalk/randomrosters.h"

#include "core/calendar/servicetime.h"
#include "tests/support/minuteclock/randomcases.h"

#include <QDateTime>

namespace tierline::test {

using namespace roster;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 halfHour = 1'800'000;
constexpr qint64 halvesOfDay = 48;

const QStringList people { u"ada"_s, u"ben"_s, u"cem"_s, u"dot"_s, u"eva"_s, u"fay"_s };

QString somebody(RandomSource &random)
{
    return people[random.below(people.size())];
}

TimeSpan someStretch(RandomSource &random, Instant from)
{
    const Instant begin
        = from + Millis((random.below(5 * halvesOfDay) - 2 * halvesOfDay) * halfHour);
    return { begin, begin + Millis((1 + random.below(2 * halvesOfDay)) * halfHour) };
}

WeekHours someWeek(RandomSource &random)
{
    WeekHours week;
    for (DayHours &day : week) {
        for (qint64 n = random.below(3); n > 0; --n) {
            const qint64 from = random.below(halvesOfDay) * halfHour;
            day.push_back({ from, from + (1 + random.below(halvesOfDay)) * halfHour });
        }
    }
    return week;
}

Layer someLayer(RandomSource &random, QDate about, qsizetype number)
{
    Layer layer { .name = u"layer %1"_s.arg(number) };
    for (qint64 n = 1 + random.below(4); n > 0; --n)
        layer.agents.append(somebody(random));
    layer.agents.removeDuplicates();
    layer.starts = about.addDays(
        random.below(100) ? 2 - random.below(random.below(4) ? 5 : 25) : -random.below(400));
    layer.handover = random.below(halvesOfDay) * halfHour;
    static constexpr int most[] { 30, 3, 2 };
    const auto unit = random.below(3);
    layer.rotation
        = { static_cast<Rotation::Unit>(unit), static_cast<int>(1 + random.below(most[unit])),
              static_cast<Qt::DayOfWeek>(1 + random.below(7)) };
    if (random.below(2))
        layer.hours = someWeek(random);
    return layer;
}

/// A change of the zone's offset in the years 2005 to 2036, or their begin.
Instant someJump(RandomSource &random, const QString &zone)
{
    constexpr qint64 first = 1'104'537'600'000, last = 2'114'380'800'000;
    std::vector<Instant> jumps;
    const Zone known = Zone::named(zone).value();
    for (const Zone::Stretch &stretch : known.stretches()) {
        if (stretch.from >= first && stretch.from < last)
            jumps.push_back({ stretch.from });
    }
    return jumps.empty() ? Instant { first }
                         : jumps[static_cast<size_t>(random.below(qint64(jumps.size())))];
}

/// Within an hour, as the wall reads since midnight.
qint64 readingAbout(RandomSource &random, Instant at, const QString &zone)
{
    const qint64 wall = at.ms + Zone::named(zone).value().offsetAt(at);
    return (wall + (random.below(5) - 2) * halfHour + DayMs) % DayMs;
}

} // namespace

RosterCase someRosterCase(RandomSource &random)
{
    static const QStringList zones { u"Europe/Berlin"_s, u"Australia/Lord_Howe"_s,
        u"Asia/Kolkata"_s, u"Pacific/Apia"_s, u"Africa/Casablanca"_s, u"America/Sao_Paulo"_s,
        u"Asia/Tehran"_s, u"America/New_York"_s, u"Asia/Pyongyang"_s, u"UTC"_s };
    RosterCase made;
    made.roster = { .name = u"random"_s, .zone = zones[random.below(zones.size())] };
    const Instant jump = someJump(random, made.roster.zone);
    const Instant near = random.below(2) ? jump : someInstant(random);
    made.from = { near.ms / halfHour * halfHour - random.below(2 * halvesOfDay) * halfHour };
    made.to = made.from + Millis(2 * halvesOfDay * halfHour);
    const Instant from = made.from;
    const QDate about = QDateTime::fromMSecsSinceEpoch(from.ms, Qt::UTC).date();
    for (qint64 n = 1 + random.below(3); n > 0; --n)
        made.roster.layers.push_back(
            someLayer(random, about, static_cast<qsizetype>(made.roster.layers.size())));
    // Handed over about the reading from which the clocks jump, or to which.
    for (Layer &layer : made.roster.layers) {
        if (random.below(2))
            layer.handover = readingAbout(random, jump, made.roster.zone);
    }
    for (qint64 n = random.below(4); n > 0; --n) {
        const TimeSpan span = someStretch(random, from);
        Override swap { span.from, span.to, {}, somebody(random), {}, u"why %1"_s.arg(n) };
        if (random.below(3))
            swap.layer
                = u"layer %1"_s.arg(random.below(static_cast<qint64>(made.roster.layers.size())));
        if (random.below(2))
            swap.instead = somebody(random);
        if (swap.instead != swap.agent)
            made.roster.overrides.push_back(swap);
    }
    for (qint64 n = random.below(random.below(4) ? 4 : 12); n > 0; --n) {
        const TimeSpan span = someStretch(random, from);
        made.absences.push_back({ somebody(random), span.from, span.to, {}, {} });
        if (random.below(2))
            made.absences.back().deputy = random.below(6) ? somebody(random) : u"zoe"_s;
    }
    return made;
}

} // namespace tierline::test
