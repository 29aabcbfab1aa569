#include "core/metrics/days.h"

#include <QDateTime>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 HourMs = 3'600'000;
constexpr qint64 EpochJulianDay = 2'440'588; ///< 1970-01-01
} // namespace

QDate localDate(Instant at, const QTimeZone &zone)
{
    // Asking a zone for the offset of a UTC instant is exact; Qt 6.4 errs only on local times.
    const qint64 offset = zone.isValid()
        ? zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(at.ms, Qt::UTC)) * 1000LL
        : 0;
    const qint64 local = at.ms + offset;
    const qint64 day = local >= 0 ? local / DayMs : -((-local + DayMs - 1) / DayMs);
    return QDate::fromJulianDay(EpochJulianDay + day);
}

Instant startOfDay(QDate day, const QTimeZone &zone)
{
    // No offset is larger than 14 h, none ever changed by more than a day: the answer lies within.
    const qint64 utcMidnight = (day.toJulianDay() - EpochJulianDay) * DayMs;
    qint64 before = utcMidnight - 40 * HourMs, there = utcMidnight + 40 * HourMs;
    while (there - before > 1) {
        const qint64 middle = before + (there - before) / 2;
        (localDate({ middle }, zone) < day ? before : there) = middle;
    }
    return { there };
}

Result<Instant> borderOf(QStringView text, const QTimeZone &zone)
{
    const QStringView written = text.trimmed();
    // Through Instant's own reader first, which knows which years and days there are.
    if (written.size() == 10) {
        TIERLINE_TRY(midnight, Instant::parse(written, true));
        return startOfDay(localDate(midnight, QTimeZone::utc()), zone);
    }
    return Instant::parse(written);
}

QDate mondayOf(QDate day)
{
    return day.addDays(1 - day.dayOfWeek());
}

QString weekKey(QDate day)
{
    int year = 0;
    const int week = day.weekNumber(&year);
    return u"%1-W%2"_s.arg(year, 4, 10, QChar(u'0')).arg(week, 2, 10, QChar(u'0'));
}

} // namespace tierline::metrics
