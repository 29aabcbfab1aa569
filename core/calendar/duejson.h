#pragma once

#include "core/calendar/calendar.h"

#include <QJsonObject>

namespace tierline::sla {

/// A calendar as text: `{"zone","hours":{"mon":[["09:00","17:00"]],…}|"24/7","exceptions":[{"date"|"yearly",
/// "hours":[]}]}`. BadInput with the place where it is none.
Result<Calendar> calendarFromJson(const QJsonObject &json);
QJsonObject toJson(const Calendar &calendar);

/// One line of `sla due`: a cycle, its calendar and a now in; state, due, elapsed_s, remaining_s, overdue_s,
/// breached_at and cause out. BadInput with the place of what cannot be used.
Result<QJsonObject> dueLine(const QJsonObject &in);

} // namespace tierline::sla
