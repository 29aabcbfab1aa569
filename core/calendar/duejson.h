#pragma once

#include "core/calendar/calendar.h"

#include <QJsonObject>

namespace tierline::sla {

/// A calendar as text: `{"zone","hours":{"mon":[["09:00","17:00"]],…}|"24/7","exceptions":[{"date"|"yearly",
/// "hours":[]}]}`. BadInput with the place where it is none.
Result<Calendar> calendarFromJson(const QJsonObject &json);
QJsonObject toJson(const Calendar &calendar);

/// A target: a duration as everywhere, or days up to ten years. BadInput for zero and less.
Result<Millis> targetFromText(const QString &text);
/// "30s", "90m", "4h": what targetFromText() reads, in the largest unit that is exact.
QString targetText(Millis length);

/// "09:00", "24:00", with seconds where there are any: of a day, or of the next one.
QString wallTimeText(qint64 ms);
/// The other way round, in milliseconds since midnight, at most 24 h. BadInput with `where` for what is none.
Result<qint64> wallTimeFromJson(const QJsonValue &value, const QString &where);

/// One line of `sla due`: a cycle, its calendar and a now in; state, due, elapsed_s, remaining_s, overdue_s,
/// breached_at and cause out. BadInput with the place of what cannot be used.
Result<QJsonObject> dueLine(const QJsonObject &in);

inline constexpr qsizetype MostDueFacts = 10'000; ///< pauses of a line; changes too

/// The same for many lines: a calendar that stood in one of the last lines is not read again. Thread: one.
class DueReader
{
public:
    Result<QJsonObject> read(const QJsonObject &in);

private:
    Result<Calendar> calendarOf(const QJsonValue &json);
    struct Known {
        QJsonValue json;
        Calendar calendar;
    };
    std::vector<Known> m_known; ///< the latest last
};

} // namespace tierline::sla
