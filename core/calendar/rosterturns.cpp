#include "core/calendar/rosterturns.h"

namespace tierline::roster {

namespace {

constexpr qint64 hourMs = 3'600'000;
constexpr qint64 weekDays = 7;
constexpr Millis instantly { 1 }; ///< the shortest time there is between two instants

qint64 flooredBy(qint64 value, qint64 unit)
{
    return value >= 0 ? value / unit : -((-value + unit - 1) / unit);
}

/// Monday is 0; 1970-01-01 was a Thursday.
size_t weekdayOf(qint64 day)
{
    return static_cast<size_t>((day + 3) - flooredBy(day + 3, weekDays) * weekDays);
}

qint64 firstDay(const Layer &layer)
{
    return QDate(1970, 1, 1).daysTo(layer.starts);
}

/// Where hours that hold a reading of the wall end, or the reading itself where none do. `day` is the reading's.
qint64 endOfHours(const WeekHours &hours, qint64 day, qint64 wall)
{
    qint64 end = wall;
    for (const qint64 first : { day - 1, day }) {
        for (const WallSpan &span : hours[weekdayOf(first)]) {
            if (first * DayMs + span.from <= wall)
                end = std::max(end, first * DayMs + span.to);
        }
    }
    return end;
}

bool leavesNothingOut(const WeekHours &hours)
{
    qint64 wall = 0;
    while (wall < weekDays * DayMs) {
        const qint64 end = endOfHours(hours, flooredBy(wall, DayMs), wall);
        if (end == wall)
            return false;
        wall = end;
    }
    return true;
}

} // namespace

Instant whenWallReads(const Zone &zone, qint64 wall)
{
    // No zone was ever a day from UTC: what lies before this stretch reads less.
    size_t stretch = zone.stretchAt({ wall - DayMs });
    const std::vector<Zone::Stretch> &all = zone.stretches();
    while (all[stretch].to + all[stretch].offset <= wall)
        ++stretch;
    return { std::max(all[stretch].from, wall - all[stretch].offset) };
}

Instant startOf(const Layer &layer, const Zone &zone)
{
    return whenWallReads(zone, firstDay(layer) * DayMs + layer.handover);
}

std::optional<Turn> turnAt(const Layer &layer, const Zone &zone, Instant at)
{
    const Instant start = startOf(layer, zone);
    if (at < start)
        return {};
    const Rotation &rotation = layer.rotation;
    if (rotation.unit == Rotation::Unit::Hours) {
        const qint64 length = rotation.every * hourMs;
        const qint64 number = (at.ms - start.ms) / length;
        const Instant from { start.ms + number * length };
        return Turn { number, { from, from + Millis(length) } };
    }
    const auto handoverOf
        = [&](qint64 day) { return whenWallReads(zone, day * DayMs + layer.handover); };
    qint64 day = flooredBy(at.ms + zone.offsetAt(at) - layer.handover, DayMs);
    // In the second of two doubled hours the wall reads less than at a handover that has been.
    while (handoverOf(day + 1) <= at)
        ++day;
    qint64 counted = firstDay(layer);
    qint64 length = rotation.every;
    if (rotation.unit == Rotation::Unit::Weeks) {
        const auto weekday = static_cast<qint64>(weekdayOf(counted)) + 1;
        counted -= (weekday - rotation.weekday + weekDays) % weekDays;
        length *= weekDays;
    }
    const qint64 number = (day - counted) / length;
    const Instant from = std::max(start, handoverOf(counted + number * length));
    return Turn { number, { from, handoverOf(counted + (number + 1) * length) } };
}

DutyHours::DutyHours(const WeekHours &hours, const Zone &zone)
    : m_hours(hours)
    , m_zone(zone)
    , m_isAlways(std::ranges::all_of(hours, [](const DayHours &day) { return day.empty(); })
          || leavesNothingOut(hours))
{
}

bool DutyHours::isOpen(Instant at) const
{
    const qint64 wall = at.ms + m_zone.offsetAt(at);
    return m_isAlways || endOfHours(m_hours, flooredBy(wall, DayMs), wall) > wall;
}

TimeSpan DutyHours::pieceAt(Instant at) const
{
    const Zone::Stretch &stretch = m_zone.stretches()[m_zone.stretchAt(at)];
    qint64 from = stretch.from, to = stretch.to;
    const qint64 today = flooredBy(at.ms + stretch.offset, DayMs);
    // Somewhere in a week and a day to either side hours begin, and those of the day before that have ended.
    for (qint64 day = today - weekDays - 1; day <= today + weekDays; ++day) {
        for (const WallSpan &span : m_hours[weekdayOf(day)]) {
            for (const qint64 end : { span.from, span.to }) {
                const qint64 ms = day * DayMs + end - stretch.offset;
                if (ms <= at.ms)
                    from = std::max(from, ms);
                else
                    to = std::min(to, ms);
            }
        }
    }
    return { { from }, { to } };
}

TimeSpan DutyHours::openAround(Instant at, TimeSpan bounds) const
{
    if (m_isAlways)
        return bounds;
    TimeSpan open = pieceAt(at);
    while (open.from > bounds.from && isOpen(open.from - instantly))
        open.from = pieceAt(open.from - instantly).from;
    while (open.to < bounds.to && isOpen(open.to))
        open.to = pieceAt(open.to).to;
    return { std::max(open.from, bounds.from), std::min(open.to, bounds.to) };
}

} // namespace tierline::roster
