#pragma once

#include "core/calendar/calendar.h"

#include <QStringList>

namespace tierline {

/// One day that a file of holidays names, for a person to tick or not.
struct Holiday {
    QDate date; ///< where it comes every year: the first one
    bool isYearly = false; ///< on that month and day, for ever
    DayHours closed; ///< of that day; the whole of it where empty
    QString name; ///< one plain line
    bool isTicked
        = true; ///< whole days at first; what closes a part of a day is for a person to choose
    bool operator==(const Holiday &) const = default;
};

struct HolidayFile {
    std::vector<Holiday> days; ///< by date, then name; no day twice under one name
    QStringList leftOut; ///< a sentence for each event that gives no day
};

/// The days from `from` to `until` (both in it, at most 20 years) that a calendar file (ICS) names, as
/// the wall of `zone` reads. Days of the month that come every year are told once. The file is hostile,
/// see ics::readEvents(). BadInput where it cannot be used, or gives more than 5,000 days. Pure.
Result<HolidayFile> readHolidays(QByteArrayView file, const Zone &zone, QDate from, QDate until);

/// The calendar with the ticked days closed; other days keep what they had. BadInput where it is 24/7,
/// which no holiday closes.
Result<Calendar::Definition> withHolidays(
    Calendar::Definition calendar, const std::vector<Holiday> &days);

} // namespace tierline
