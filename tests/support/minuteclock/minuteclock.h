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
    std::vector<Millis> count(const sla::Cycle &cycle, size_t target, Instant end) const;
    qint64 offsetAt(const CalendarEditions::Edition &edition, Instant at) const;

    const CalendarEditions &m_hours;
};

} // namespace tierline::test
