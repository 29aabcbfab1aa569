#pragma once

#include "core/calendar/calendar.h"
#include "core/calendar/servicetime.h"

namespace tierline::ui {

// Hours as people type them. Reading says in one sentence what is wrong and what to write.

/// "09:00-12:00, 13:00-17:00"; nothing or "closed" is no hours; an end that is not after its start is on the
/// next day.
Result<DayHours> hoursFromText(const QString &text);
QString hoursText(const DayHours &hours);

/// One special day a line: "2026-12-24 09:00-12:00", "2026-12-25" (closed), "every 12-25" (each year). Takes
/// the place of all special days that the definition has; its other parts stay.
Result<Calendar::Definition> withSpecialDays(Calendar::Definition calendar, const QString &text);
QString specialDaysText(const Calendar::Definition &calendar);

/// One time span a line, at the wall of `zone`: "2026-12-24 18:00 - 2026-12-27 08:00"; without a second day it
/// ends on the first, or in the night after it. In written order.
Result<std::vector<TimeSpan>> spansFromText(const QString &text, const QTimeZone &zone);
QString spansText(const std::vector<TimeSpan> &spans, const QTimeZone &zone);

} // namespace tierline::ui
