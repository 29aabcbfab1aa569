#include "tests/support/minuteclock/minuteclock.h"

#include <QDateTime>
#include <QHash>
#include <QTimeZone>

#include <algorithm>
#include <map>

namespace tierline::test {

namespace {

constexpr Millis minute { 60'000 };
constexpr qint64 dayMs = 86'400'000;
constexpr qint64 halfHourMs = 1'800'000;
constexpr int longestDays = 400;

const DayHours *hoursOn(const Calendar::Definition &calendar, QDate date)
{
    const DayHours *hours = &calendar.week[static_cast<size_t>(date.dayOfWeek() - 1)];
    if (const auto yearly = calendar.yearly.find({ date.month(), date.day() });
        yearly != calendar.yearly.end())
        hours = &yearly->second;
    if (const auto day = calendar.days.find(date); day != calendar.days.end())
        hours = &day->second;
    return hours;
}

bool holds(const DayHours &hours, qint64 reading)
{
    return std::ranges::any_of(hours,
        [reading](const WallSpan &span) { return span.from <= reading && reading < span.to; });
}

const std::vector<TimeSpan> &pausesOf(const sla::Cycle &cycle, size_t target)
{
    const auto &own = cycle.targets[target].pauses;
    return own ? *own : cycle.pauses;
}

bool isPaused(const sla::Cycle &cycle, size_t target, Instant at)
{
    return std::ranges::any_of(pausesOf(cycle, target),
        [at](const TimeSpan &pause) { return pause.from <= at && at < pause.to; });
}

/// What rules at an instant: the newest target, or a due time set by hand.
struct Ruling {
    size_t target = 0;
    Instant since;
    bool isNew = false;
    const sla::Cycle::Manual *manual = nullptr;
};

Ruling rulingAt(const sla::Cycle &cycle, Instant at)
{
    Ruling ruling { .since = *cycle.start };
    for (size_t i = 1; i < cycle.targets.size(); ++i) {
        if (cycle.targets[i].from <= at)
            ruling = { .target = i, .since = cycle.targets[i].from, .isNew = true };
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
    // By the toolkit's own zones, not by the code that is tested; kept, because asking is slow.
    struct Known {
        qint64 ask(Instant when) const
        {
            return zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(when.ms, Qt::UTC))
                * qint64(1000);
        }
        QTimeZone zone;
        QHash<qint64, std::optional<qint64>> offsets; ///< of half hours in which none changes
    };
    static std::map<QString, Known> all;
    auto known = all.find(edition.calendar.definition().zone);
    if (known == all.end()) {
        const QString &name = edition.calendar.definition().zone;
        known = all.emplace(name, Known { QTimeZone(name.toLatin1()), {} }).first;
    }
    const qint64 halfHour = at.ms / halfHourMs;
    auto found = known->second.offsets.constFind(halfHour);
    if (found == known->second.offsets.constEnd()) {
        const qint64 first = known->second.ask({ halfHour * halfHourMs });
        const bool isSame = first == known->second.ask({ (halfHour + 1) * halfHourMs });
        found
            = known->second.offsets.insert(halfHour, isSame ? std::optional(first) : std::nullopt);
    }
    // St. John's changed its clocks a minute after midnight.
    return *found ? **found : known->second.ask(at);
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
    if (m_edition != edition || m_day != wall / dayMs) { // looked up once a day
        m_edition = edition;
        m_day = wall / dayMs;
        const QDate date = QDate(1970, 1, 1).addDays(m_day);
        m_today = hoursOn(calendar, date);
        m_yesterday = hoursOn(calendar, date.addDays(-1));
    }
    return holds(*m_today, wall % dayMs) || holds(*m_yesterday, wall % dayMs + dayMs);
}

/// Elapsed time at the start of each minute, until `end` and until `longest` is used up.
std::vector<Millis> MinuteClock::count(
    const sla::Cycle &cycle, size_t target, Millis longest, Instant end) const
{
    Instant latest = *cycle.start + Millis(longestDays * dayMs);
    for (const TimeSpan &pause : pausesOf(cycle, target)) {
        if (pause.to == sla::Cycle::openEnd) // nothing runs after it began
            latest = std::min(latest, pause.from);
    }
    std::vector<Millis> elapsedAt;
    Millis elapsed { 0 };
    for (Instant at = *cycle.start; at <= end || (at <= latest && elapsed <= longest);
         at = at + minute) {
        elapsedAt.push_back(elapsed);
        if (isOpen(at) && !isPaused(cycle, target, at))
            elapsed += minute;
    }
    return elapsedAt;
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

    // Targets that count by the same hours and pauses share what was counted.
    std::vector<std::vector<Millis>> counts;
    std::vector<size_t> countOf;
    std::optional<size_t> common;
    Millis longest { 0 };
    for (const sla::Cycle::Target &target : cycle.targets)
        longest = std::max(longest, target.length);
    for (size_t i = 0; i < cycle.targets.size(); ++i) {
        const sla::Cycle::Target &target = cycle.targets[i];
        const bool isCommon = !target.hours && !target.pauses;
        if (isCommon && common) {
            countOf.push_back(*common);
            continue;
        }
        countOf.push_back(counts.size());
        if (isCommon)
            common = counts.size();
        counts.push_back(target.hours
                ? MinuteClock(*target.hours).count(cycle, i, target.length, end)
                : count(cycle, i, isCommon ? longest : target.length, end));
    }
    const auto elapsedOf = [&](size_t target, Instant at) {
        return counts[countOf[target]][static_cast<size_t>((at - *cycle.start) / minute)];
    };
    const auto dueOf = [&](size_t target) -> std::optional<Instant> {
        const auto &elapsedAt = counts[countOf[target]];
        for (size_t i = 0; i < elapsedAt.size() && !cycle.targets[target].isOff; ++i) {
            if (elapsedAt[i] >= cycle.targets[target].length)
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
        const sla::Cycle::Target &target = cycle.targets[ruling.target];
        if (target.isOff || elapsedOf(ruling.target, at) < target.length)
            continue;
        const bool wasPast
            = ruling.isNew && elapsedOf(ruling.target, ruling.since) >= target.length;
        if (wasPast && at < ruling.since + target.grace.value_or(cycle.grace))
            continue;
        reading.breachedAt = at;
        reading.cause = wasPast ? sla::Cause::PolicyChange : sla::Cause::Time;
    }

    const Ruling last = rulingAt(cycle, end);
    reading.elapsed = elapsedOf(last.target, end);
    const bool isBreached = reading.breachedAt.has_value();
    reading.state = isCancelled ? State::Cancelled
        : isMet                 ? (isBreached ? State::MetLate : State::Met)
        : isPaused(cycle, last.target, now)
        ? (isBreached ? State::BreachedPaused : State::Paused)
        : (isBreached ? State::BreachedRunning : State::Running);
    if (reading.state != State::Cancelled && reading.state != State::Paused
        && reading.state != State::BreachedPaused) {
        reading.due = last.manual ? last.manual->due : dueOf(last.target);
    }
    return reading;
}

} // namespace tierline::test
