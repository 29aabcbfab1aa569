#include "core/calendar/oncall.h"

#include "core/calendar/duty.h"

namespace tierline::roster {

namespace {

constexpr Instant endOfTime { Instant::MaxMs + 1 };

bool isKnown(Instant at)
{
    return at.ms >= Instant::MinMs && at < endOfTime;
}

/// Goes over the stretches of one ladder, in order.
class ShiftWalk
{
public:
    ShiftWalk(const DutyReader &reader, Instant from, Instant to)
        : m_reader(reader)
        , m_at(std::max(from, { Instant::MinMs }))
        , m_to(std::min(to, endOfTime))
    {
        if (m_at < m_to)
            m_ladder = m_reader.ladderAt(m_at);
    }
    std::optional<Shift> next()
    {
        if (m_at >= m_to)
            return {};
        Instant end = m_reader.nextEdge(m_at);
        std::vector<OnCall> after;
        while (end < m_to && (after = m_reader.ladderAt(end)) == m_ladder)
            end = m_reader.nextEdge(end);
        const TimeSpan span { m_at, std::min(end, m_to) };
        m_at = span.to;
        return Shift { span, std::exchange(m_ladder, std::move(after)) };
    }

private:
    const DutyReader &m_reader;
    Instant m_at;
    Instant m_to;
    std::vector<OnCall> m_ladder;
};

/// Until `take` says false, or there are no more.
template<typename Take>
void forEachShift(
    const Roster &roster, const std::vector<Absence> &absences, Instant from, Instant to, Take take)
{
    const auto zone = Zone::named(roster.zone);
    if (!zone)
        return;
    const DutyReader reader(roster, *zone, absences);
    ShiftWalk walk(reader, from, to);
    while (auto shift = walk.next()) {
        if (!take(std::move(*shift)))
            return;
    }
}

} // namespace

std::vector<OnCall> onCall(const Roster &roster, const std::vector<Absence> &absences, Instant at)
{
    const auto zone = Zone::named(roster.zone);
    return zone && isKnown(at) ? DutyReader(roster, *zone, absences).ladderAt(at)
                               : std::vector<OnCall>();
}

std::vector<Shift> shifts(
    const Roster &roster, const std::vector<Absence> &absences, Instant from, Instant to)
{
    std::vector<Shift> all;
    forEachShift(roster, absences, from, to, [&all](Shift &&shift) {
        all.push_back(std::move(shift));
        return all.size() < MostShifts;
    });
    return all;
}

std::vector<TimeSpan> gaps(
    const Roster &roster, const std::vector<Absence> &absences, Instant from, Instant to)
{
    std::vector<TimeSpan> all;
    forEachShift(roster, absences, from, to, [&all](Shift &&shift) {
        if (shift.ladder.empty())
            all.push_back(shift.span);
        return all.size() < MostShifts;
    });
    return all;
}

std::optional<Instant> nextChange(
    const Roster &roster, const std::vector<Absence> &absences, Instant at)
{
    const auto zone = Zone::named(roster.zone);
    if (!zone || at >= endOfTime)
        return {};
    const DutyReader reader(roster, *zone, absences);
    ShiftWalk walk(reader, at, endOfTime);
    const auto now = walk.next();
    return now && now->span.to < endOfTime ? std::optional(now->span.to) : std::nullopt;
}

} // namespace tierline::roster
