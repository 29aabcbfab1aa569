#include "tests/support/minuteclock/minuteclock.h"

#include <QTimeZone>

namespace tierline::test {

namespace {

constexpr Millis minute { 60'000 };
constexpr qint64 dayMs = 86'400'000;
constexpr qint64 halfHourMs = 1'800'000; ///< offsets change at whole half hours
constexpr int longestDays = 400;

bool holds(const Calendar::Definition &calendar, QDate date, qint64 reading)
{
    const DayHours *hours = &calendar.week[static_cast<size_t>(date.dayOfWeek() - 1)];
    if (const auto yearly = calendar.yearly.find({ date.month(), date.day() });
        yearly != calendar.yearly.end())
        hours = &yearly->second;
    if (const auto day = calendar.days.find(date); day != calendar.days.end())
        hours = &day->second;
    return std::ranges::any_of(*hours,
        [reading](const WallSpan &span) { return span.from <= reading && reading < span.to; });
}

bool isPaused(const sla::Cycle &cycle, Instant at)
{
    return std::ranges::any_of(
        cycle.pauses, [at](const TimeSpan &pause) { return pause.from <= at && at < pause.to; });
}

/// What rules at an instant: the newest target, or a due time set by hand.
struct Ruling {
    Millis target { 0 };
    Instant since;
    bool isNew = false;
    const sla::Cycle::Manual *manual = nullptr;
};

Ruling rulingAt(const sla::Cycle &cycle, Instant at)
{
    Ruling ruling { .target = cycle.targets.front().length, .since = *cycle.start };
    for (size_t i = 1; i < cycle.targets.size(); ++i) {
        if (cycle.targets[i].from <= at)
            ruling = {
                .target = cycle.targets[i].length, .since = cycle.targets[i].from, .isNew = true
            };
    }
    for (const sla::Cycle::Manual &manual : cycle.manual) {
        if (manual.from <= at && (!manual.released || at < *manual.released))
            ruling.manual = &manual;
    }
    return ruling;
}

} // namespace

qint64 MinuteClock::offsetAt(const CalendarEditions::Edition &edition, Instant at) const
{
    const std::pair<const void *, qint64> key { &edition, at.ms / halfHourMs };
    auto found = m_offsets.constFind(key);
    if (found == m_offsets.constEnd()) {
        const QTimeZone theirs(edition.calendar.definition().zone.toLatin1());
        const QDateTime utc = QDateTime::fromMSecsSinceEpoch(key.second * halfHourMs, Qt::UTC);
        found = m_offsets.insert(key, theirs.offsetFromUtc(utc) * qint64(1000));
    }
    return *found;
}

bool MinuteClock::isOpen(Instant at) const
{
    const CalendarEditions::Edition *edition = &m_hours.all().front();
    for (const CalendarEditions::Edition &later : m_hours.all()) {
        if (later.from <= at)
            edition = &later;
    }
    const Calendar::Definition &calendar = edition->calendar.definition();
    if (calendar.isAlways)
        return true;
    const qint64 wall = at.ms + offsetAt(*edition, at);
    const QDate date = QDate(1970, 1, 1).addDays(wall / dayMs);
    return holds(calendar, date, wall % dayMs)
        || holds(calendar, date.addDays(-1), wall % dayMs + dayMs);
}

sla::Reading MinuteClock::read(const sla::Cycle &cycle, Instant now) const
{
    using sla::State;
    sla::Reading reading;
    if (!cycle.start || *cycle.start > now)
        return reading;
    Instant end = now;
    const bool isMet = cycle.met && *cycle.met <= now;
    const bool isCancelled = cycle.cancelled && *cycle.cancelled <= now && !isMet;
    if (isMet)
        end = *cycle.met;
    if (isCancelled)
        end = *cycle.cancelled;

    // All minutes from the start to where the longest target is used up; elapsed at the start of each.
    std::vector<Millis> elapsedAt;
    Millis elapsed { 0 };
    Millis longest { 0 };
    for (const sla::Cycle::Target &target : cycle.targets)
        longest = std::max(longest, target.length);
    Instant latest = *cycle.start + Millis(longestDays * dayMs);
    for (const TimeSpan &pause : cycle.pauses) {
        if (pause.to == sla::Cycle::openEnd) // nothing runs after it began
            latest = std::min(latest, pause.from);
    }
    for (Instant at = *cycle.start; at <= end || (at <= latest && elapsed <= longest);
         at = at + minute) {
        elapsedAt.push_back(elapsed);
        if (isOpen(at) && !isPaused(cycle, at))
            elapsed += minute;
    }
    const auto elapsedOf
        = [&](Instant at) { return elapsedAt[static_cast<size_t>((at - *cycle.start) / minute)]; };
    const auto dueOf = [&](Millis target) -> std::optional<Instant> {
        for (size_t i = 0; i < elapsedAt.size(); ++i) {
            if (elapsedAt[i] >= target)
                return *cycle.start + minute * static_cast<qint64>(i);
        }
        return {};
    };

    for (Instant at = *cycle.start; at <= end && !reading.breachedAt; at = at + minute) {
        if (isCancelled && at == end)
            break;
        const Ruling ruling = rulingAt(cycle, at);
        if (ruling.manual) {
            if (ruling.manual->due <= at) {
                reading.breachedAt = at;
                reading.cause = sla::Cause::ManualDue;
            }
            continue;
        }
        if (elapsedOf(at) < ruling.target)
            continue;
        const bool wasPast = ruling.isNew && elapsedOf(ruling.since) >= ruling.target;
        if (wasPast && at < ruling.since + cycle.grace)
            continue;
        reading.breachedAt = at;
        reading.cause = wasPast ? sla::Cause::PolicyChange : sla::Cause::Time;
    }

    reading.elapsed = elapsedOf(end);
    const bool isBreached = reading.breachedAt.has_value();
    reading.state = isCancelled ? State::Cancelled
        : isMet                 ? (isBreached ? State::MetLate : State::Met)
        : isPaused(cycle, now)  ? (isBreached ? State::BreachedPaused : State::Paused)
                                : (isBreached ? State::BreachedRunning : State::Running);
    if (reading.state != State::Cancelled && reading.state != State::Paused
        && reading.state != State::BreachedPaused) {
        const Ruling ruling = rulingAt(cycle, end);
        reading.due = ruling.manual ? ruling.manual->due : dueOf(ruling.target);
    }
    return reading;
}

} // namespace tierline::test
