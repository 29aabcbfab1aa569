#pragma once

#include "core/calendar/slaclock.h"

namespace tierline::test {

/// The same questions that core/calendar answers, answered by walking from minute to minute and looking at
/// a wall clock: slow, and simple enough to be believed. Every instant given to it is a whole minute.
class MinuteClock
{
public:
    explicit MinuteClock(const CalendarEditions &hours)
        : m_hours(hours)
    {
    }
    bool isOpen(Instant minute) const;
    sla::Reading read(const sla::Cycle &cycle, Instant now) const;

private:
    std::vector<Millis> count(
        const sla::Cycle &cycle, size_t target, Millis longest, Instant end) const;
    qint64 offsetAt(const CalendarEditions::Edition &edition, Instant at) const;

    const CalendarEditions &m_hours;
    mutable const CalendarEditions::Edition *m_edition
        = nullptr; ///< of the day that was looked at last
    mutable qint64 m_day = 0;
    mutable const DayHours *m_today = nullptr;
    mutable const DayHours *m_yesterday = nullptr;
};

} // namespace tierline::test
