#include "core/calendar/servicetime.h"

namespace tierline {

namespace {

constexpr qint64 endOfTime = Instant::MaxMs + 1;

qint64 dayOf(qint64 wall)
{
    return wall >= 0 ? wall / DayMs : -((-wall + DayMs - 1) / DayMs);
}

} // namespace

std::vector<TimeSpan> unionOf(std::vector<TimeSpan> spans)
{
    if (spans.size() > 1)
        std::ranges::sort(spans, {}, &TimeSpan::from);
    size_t kept = 0;
    for (const TimeSpan &span : spans) {
        if (span.to <= span.from)
            continue;
        if (kept > 0 && span.from <= spans[kept - 1].to)
            spans[kept - 1].to = std::max(spans[kept - 1].to, span.to);
        else
            spans[kept++] = TimeSpan(span);
    }
    spans.resize(kept);
    return spans;
}

// ---- ServiceWalk

ServiceWalk::ServiceWalk(const CalendarEditions &hours, Instant from)
    : m_hours(hours)
    , m_from(from.ms)
{
    const auto &all = hours.all();
    size_t edition = all.size() - 1;
    while (edition > 0 && all[edition].from > from)
        --edition;
    enterEdition(edition);
}

void ServiceWalk::enterEdition(size_t edition)
{
    const auto &all = m_hours.all();
    m_edition = edition;
    m_editionEnd = edition + 1 < all.size() ? all[edition + 1].from.ms : endOfTime;
    m_stretch = all[edition].calendar.zone().stretchAt({ m_from });
    enterStretch();
}

void ServiceWalk::enterStretch()
{
    const Zone::Stretch &stretch = m_hours.all()[m_edition].calendar.zone().stretches()[m_stretch];
    m_offset = stretch.offset;
    m_wallFrom = std::max(stretch.from, m_from) + m_offset;
    m_wallTo = std::min(stretch.to, m_editionEnd) + m_offset;
    m_day = dayOf(m_wallFrom) - 1; // its night shift may reach over
    m_span = 0;
}

/// On to the next stretch of one offset, or the next edition. False at the end of time.
bool ServiceWalk::leaveStretch()
{
    m_from = m_wallTo - m_offset;
    if (m_from >= endOfTime)
        return false;
    if (m_from >= m_editionEnd) {
        enterEdition(m_edition + 1);
    } else {
        ++m_stretch;
        enterStretch();
    }
    return true;
}

std::optional<TimeSpan> ServiceWalk::nextPiece()
{
    while (!m_isOver) {
        const Calendar &calendar = m_hours.all()[m_edition].calendar;
        if (calendar.isAlways()) {
            const TimeSpan whole { { m_from }, { m_editionEnd } };
            m_from = m_editionEnd;
            m_isOver = m_from >= endOfTime;
            if (!m_isOver)
                enterEdition(m_edition + 1);
            return whole;
        }
        for (; m_day * DayMs < m_wallTo; ++m_day, m_span = 0) {
            const DayHours &hours = calendar.hoursOf(m_day);
            while (m_span < hours.size()) {
                const WallSpan &span = hours[m_span++];
                const qint64 from = std::max(m_day * DayMs + span.from, m_wallFrom);
                const qint64 to = std::min(m_day * DayMs + span.to, m_wallTo);
                if (from >= to)
                    continue;
                m_wallFrom = to; // hours of the next day may begin before this night shift ends
                return TimeSpan { { from - m_offset }, { to - m_offset } };
            }
        }
        m_isOver = !leaveStretch();
    }
    return {};
}

std::optional<TimeSpan> ServiceWalk::next()
{
    std::optional<TimeSpan> whole = m_ahead ? std::exchange(m_ahead, {}) : nextPiece();
    if (!whole)
        return {};
    while ((m_ahead = nextPiece()) && m_ahead->from == whole->to)
        whole->to = m_ahead->to;
    return whole;
}

// ---- RunningWalk

RunningWalk::RunningWalk(
    const CalendarEditions &hours, const std::vector<TimeSpan> &pauses, Instant from)
    : m_service(hours, from)
    , m_pauses(pauses)
{
}

std::optional<TimeSpan> RunningWalk::next()
{
    while (true) {
        std::optional<TimeSpan> span = m_rest ? std::exchange(m_rest, {}) : m_service.next();
        if (!span)
            return {};
        while (m_pause < m_pauses.size() && m_pauses[m_pause].to <= span->from)
            ++m_pause;
        if (m_pause == m_pauses.size() || m_pauses[m_pause].from >= span->to)
            return span;
        const TimeSpan &pause = m_pauses[m_pause];
        // Paused for good: no walk through all the days until the end of time.
        if (pause.to.ms > Instant::MaxMs && pause.from <= span->from)
            return {};
        if (pause.to < span->to)
            m_rest = TimeSpan { pause.to, span->to };
        if (span->from < pause.from)
            return TimeSpan { span->from, pause.from };
    }
}

Millis runningTime(
    const CalendarEditions &hours, const std::vector<TimeSpan> &pauses, Instant from, Instant to)
{
    Millis total { 0 };
    if (to <= from)
        return total;
    RunningWalk walk(hours, pauses, from);
    for (auto span = walk.next(); span && span->from < to; span = walk.next())
        total += std::min(span->to, to) - span->from;
    return total;
}

std::optional<Instant> whenHasRun(
    const CalendarEditions &hours, const std::vector<TimeSpan> &pauses, Instant from, Millis amount)
{
    if (amount <= Millis(0))
        return from;
    RunningWalk walk(hours, pauses, from);
    while (const auto span = walk.next()) {
        if (span->length() >= amount)
            return span->from + amount;
        amount -= span->length();
    }
    return {};
}

bool isServiceTime(const CalendarEditions &hours, Instant at)
{
    const auto opening = nextOpening(hours, at);
    return opening && *opening == at;
}

std::optional<Instant> nextOpening(const CalendarEditions &hours, Instant at)
{
    const auto span = ServiceWalk(hours, at).next();
    return span ? std::optional(span->from) : std::nullopt;
}

} // namespace tierline
