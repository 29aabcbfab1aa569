#pragma once

#include "core/calendar/calendar.h"

#include <optional>

namespace tierline {

/// Half open: `from` is in it, `to` is not.
struct TimeSpan {
    Instant from;
    Instant to;
    Millis length() const { return to - from; }
    bool operator==(const TimeSpan &) const = default;
};

/// What overlaps or touches becomes one; empty ones go. In order.
std::vector<TimeSpan> unionOf(std::vector<TimeSpan> spans);

/// Goes over stretches of service time from an instant on, in order, each as long as it lasts. Cost: some
/// tens of nanoseconds a day that it passes. The editions must outlive it.
class ServiceWalk
{
public:
    ServiceWalk(const CalendarEditions &hours, Instant from);
    /// nullopt where the calendar never opens again (before the year 2200).
    std::optional<TimeSpan> next();

private:
    std::optional<TimeSpan> nextPiece();
    void enterEdition(size_t edition);
    void enterStretch();
    bool leaveStretch();

    const CalendarEditions &m_hours;
    qint64 m_from; ///< UTC ms; nothing before it is told
    size_t m_edition = 0;
    qint64 m_editionEnd = 0;
    size_t m_stretch = 0;
    qint64 m_offset = 0;
    qint64 m_wallFrom = 0, m_wallTo = 0; ///< of the stretch, as the wall reads
    qint64 m_day = 0; ///< days since 1970-01-01, as the wall reads
    size_t m_span = 0;
    bool m_isOver = false;
    std::optional<TimeSpan> m_ahead; ///< read already, perhaps continued by the next piece
};

/// The same, less what is paused. `pauses` as unionOf() gives them; both must outlive it.
class RunningWalk
{
public:
    RunningWalk(const CalendarEditions &hours, const std::vector<TimeSpan> &pauses, Instant from);
    std::optional<TimeSpan> next();

private:
    ServiceWalk m_service;
    const std::vector<TimeSpan> &m_pauses;
    size_t m_pause = 0;
    std::optional<TimeSpan> m_rest; ///< of a stretch that a pause cut
};

/// Service time outside pauses between two instants; 0 where `to` is not after `from`.
Millis runningTime(
    const CalendarEditions &hours, const std::vector<TimeSpan> &pauses, Instant from, Instant to);

/// The earliest instant at which that much has run since `from`; nullopt where it never will have.
std::optional<Instant> whenHasRun(const CalendarEditions &hours,
    const std::vector<TimeSpan> &pauses, Instant from, Millis amount);

bool isServiceTime(const CalendarEditions &hours, Instant at);
/// `at` itself where it is service time.
std::optional<Instant> nextOpening(const CalendarEditions &hours, Instant at);

} // namespace tierline
