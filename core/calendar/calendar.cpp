#include "core/calendar/calendar.h"

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 epochJulianDay = 2440588; ///< QDate(1970, 1, 1).toJulianDay()

QString clockText(qint64 ms)
{
    const qint64 minutes = ms / 60'000;
    return u"%1:%2"_s.arg(minutes / 60, 2, 10, QChar(u'0')).arg(minutes % 60, 2, 10, QChar(u'0'));
}

/// In order, with what touches made one, as far as the whole is not longer than a day.
Result<DayHours> tidied(DayHours hours, const QString &where)
{
    for (const WallSpan &span : hours) {
        if (span.from < 0 || span.from >= DayMs || span.to <= span.from
            || span.to > span.from + DayMs)
            return badInput(
                u"The hours %1 to %2 of %3 are no part of a day; write when they begin "
                "and, later, when they end."_s.arg(clockText(span.from), clockText(span.to), where),
                where);
    }
    std::ranges::sort(hours, {}, &WallSpan::from);
    DayHours merged;
    for (const WallSpan &span : hours) {
        if (!merged.empty() && span.from <= merged.back().to
            && span.to <= merged.back().from + DayMs)
            merged.back().to = std::max(merged.back().to, span.to);
        else
            merged.push_back(span);
    }
    return merged;
}

QString dayName(size_t day)
{
    static const std::array<QString, 7> names { u"Monday"_s, u"Tuesday"_s, u"Wednesday"_s,
        u"Thursday"_s, u"Friday"_s, u"Saturday"_s, u"Sunday"_s };
    return names[day];
}

/// month * 32 + day of a day since 1970-01-01, counted in years that begin in March, whose leap day is their
/// last: a date of the toolkit costs more than all the rest of a walk over days.
size_t monthAndDay(qint64 day)
{
    constexpr qint64 daysOfEra = 146'097; ///< 400 years
    const qint64 shifted = day + 719'468; ///< since 0000-03-01
    const qint64 era = (shifted >= 0 ? shifted : shifted - daysOfEra + 1) / daysOfEra;
    const qint64 ofEra = shifted - era * daysOfEra;
    const qint64 year = (ofEra - ofEra / 1'460 + ofEra / 36'524 - ofEra / 146'096) / 365;
    const qint64 ofYear = ofEra - (365 * year + year / 4 - year / 100);
    const qint64 fromMarch = (5 * ofYear + 2) / 153;
    const qint64 dayOfMonth = ofYear - (153 * fromMarch + 2) / 5 + 1;
    const qint64 month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
    return static_cast<size_t>(month * 32 + dayOfMonth);
}

} // namespace

Result<Calendar> Calendar::make(Definition definition)
{
    TIERLINE_TRY(zone, Zone::named(definition.zone));
    bool opens = definition.isAlways;
    for (size_t day = 0; day < definition.week.size(); ++day) {
        TIERLINE_TRY(hours, tidied(std::move(definition.week[day]), dayName(day)));
        opens = opens || !hours.empty();
        definition.week[day] = std::move(hours);
    }
    for (auto &[date, given] : definition.days) {
        TIERLINE_TRY(hours, tidied(std::move(given), date.toString(Qt::ISODate)));
        opens = opens || !hours.empty();
        given = std::move(hours);
    }
    for (auto &[day, given] : definition.yearly) {
        if (day.first < 1 || day.first > 12 || day.second < 1 || day.second > 31)
            return badInput(u"There is no day %1 in month %2."_s.arg(day.second).arg(day.first),
                u"exceptions"_s);
        TIERLINE_TRY(hours,
            tidied(std::move(given),
                u"%1-%2"_s.arg(day.first, 2, 10, QChar(u'0')).arg(day.second, 2, 10, QChar(u'0'))));
        opens = opens || !hours.empty();
        given = std::move(hours);
    }
    if (!opens)
        return badInput(
            u"This calendar never opens; give at least one day some hours."_s, u"hours"_s);
    auto data = std::make_shared<Data>(Data { std::move(definition), zone, {}, false });
    for (const auto &[date, hours] : data->definition.days)
        data->days.insert(date.toJulianDay() - epochJulianDay, hours);
    data->hasYearly = !data->definition.yearly.empty();
    for (const auto &[day, hours] : data->definition.yearly)
        data->yearly[static_cast<size_t>(day.first * 32 + day.second)] = &hours;
    return Calendar(std::move(data));
}

const DayHours &Calendar::hoursOf(qint64 day) const
{
    if (!m_data->days.isEmpty()) {
        if (const auto found = m_data->days.constFind(day); found != m_data->days.constEnd())
            return *found;
    }
    if (m_data->hasYearly) {
        if (const DayHours *hours = m_data->yearly[monthAndDay(day)])
            return *hours;
    }
    // 1970-01-01 was a Thursday.
    const qint64 weekday = ((day + 3) % 7 + 7) % 7;
    return definition().week[static_cast<size_t>(weekday)];
}

void CalendarEditions::add(Instant from, Calendar calendar)
{
    while (m_editions.size() > 1 && m_editions.back().from >= from)
        m_editions.pop_back();
    m_editions.push_back({ from, std::move(calendar) });
}

} // namespace tierline
