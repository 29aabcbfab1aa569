#include "core/calendar/holidays.h"

#include "core/calendar/icsevents.h"

#include <QTimeZone>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostDays = 5'000;
constexpr qint64 longestDays = 366; ///< of one event
constexpr int longestYears = 20;

qint64 wallMs(QDate date, qint64 ms)
{
    return QDate(1970, 1, 1).daysTo(date) * DayMs + ms;
}

/// The instant at which the wall of a zone reads that: of two the first, of none when it jumps on.
qint64 instantOf(const Zone &zone, qint64 wall)
{
    const auto &stretches = zone.stretches();
    // No zone is further than a day from UTC.
    for (size_t i = zone.stretchAt({ std::max(wall - DayMs, stretches.front().from) });
         i < stretches.size(); ++i) {
        if (wall - stretches[i].offset < stretches[i].to)
            return std::max(wall - stretches[i].offset, stretches[i].from);
    }
    return wall;
}

/// Reads an event's times on the wall of the calendar's zone.
class Wall
{
public:
    explicit Wall(const Zone &zone)
        : m_zone(zone)
    {
    }
    /// Empty, or why this zone cannot be used.
    QString problemOf(const ics::Moment &moment)
    {
        const auto zone = zoneOf(moment);
        return zone ? QString() : u"nothing knows its time zone “%1”"_s.arg(moment.zone.left(60));
    }
    /// Milliseconds since 1970 as the wall reads, of the moment's time of day on another date.
    qint64 read(const ics::Moment &moment, QDate date)
    {
        const qint64 wall = wallMs(date, moment.ms);
        const auto zone = zoneOf(moment);
        if (moment.isWholeDay || !zone || zone->name() == m_zone.name())
            return wall;
        const qint64 at = instantOf(*zone, wall);
        return at + m_zone.offsetAt({ at });
    }
    bool isHere(const ics::Moment &moment)
    {
        const auto zone = zoneOf(moment);
        return moment.isWholeDay || (zone && zone->name() == m_zone.name());
    }

private:
    Result<Zone> zoneOf(const ics::Moment &moment) const
    {
        if (moment.isUtc)
            return Zone::utc();
        if (moment.zone.isEmpty()) // floating: wherever it is read
            return m_zone;
        if (auto zone = Zone::named(moment.zone); zone)
            return zone;
        // What calendars of another system call their zones.
        return Zone::named(QString::fromLatin1(
            QTimeZone::windowsIdToDefaultIanaId(moment.zone.toLatin1().left(60))));
    }
    const Zone &m_zone;
};

class Reader
{
public:
    Reader(const Zone &zone, QDate from, QDate until)
        : m_wall(zone)
        , m_from(from)
        , m_until(until)
    {
    }
    void take(const ics::Event &event)
    {
        const QString problem = tryTake(event);
        if (!problem.isEmpty())
            m_file.leftOut.append(u"“%1” is left out: %2."_s.arg(event.name, problem));
    }
    bool isTooMuch() const { return m_file.days.size() > mostDays; }
    HolidayFile result() &&
    {
        auto &days = m_file.days;
        std::ranges::stable_sort(days, [](const Holiday &a, const Holiday &b) {
            return std::tie(a.date, a.name) < std::tie(b.date, b.name);
        });
        days.erase(std::ranges::unique(days).begin(), days.end());
        return std::move(m_file);
    }

private:
    QString tryTake(const ics::Event &event);
    QString takeWholeDays(const ics::Event &event);
    QString takeHours(const ics::Event &event);
    std::vector<QDate> datesOf(const ics::Event &event) const;
    void add(QDate date, const ics::Event &event, DayHours closed, bool isYearly = false)
    {
        if (date < m_from || date > m_until || isTooMuch())
            return; // too much is refused as a whole
        const bool isWhole = closed.empty();
        m_file.days.push_back({ date, isYearly, std::move(closed), event.name, isWhole });
    }

    Wall m_wall;
    QDate m_from, m_until;
    HolidayFile m_file;
};

QString Reader::tryTake(const ics::Event &event)
{
    if (!event.problem.isEmpty())
        return event.problem;
    if (const QString problem = m_wall.problemOf(event.start); !problem.isEmpty())
        return problem;
    if (event.end && event.end->isWholeDay != event.start.isWholeDay)
        return u"it begins with a day and ends with a time, or the other way round"_s;
    return event.start.isWholeDay ? takeWholeDays(event) : takeHours(event);
}

/// The years' own dates of what comes every year; a 29 February only where there is one.
std::vector<QDate> Reader::datesOf(const ics::Event &event) const
{
    if (!event.isEveryYear)
        return event.days;
    std::vector<QDate> dates;
    for (int year = std::max(m_from.year() - 1, event.start.date.year()); year <= m_until.year();
         ++year) {
        const QDate date(year, event.start.date.month(), event.start.date.day());
        if (date.isValid())
            dates.push_back(date);
    }
    return dates;
}

QString Reader::takeWholeDays(const ics::Event &event)
{
    qint64 length = 1;
    if (event.end)
        length = std::max<qint64>(1, event.start.date.daysTo(event.end->date));
    else if (event.lengthMs)
        length = *event.lengthMs / DayMs;
    if (length < 1 || length > longestDays)
        return u"it lasts for no day, or for more than a year"_s;
    std::map<std::pair<int, int>, QDate> told; ///< of what comes every year: the first is enough
    for (const QDate &date : datesOf(event)) {
        for (qint64 i = 0; i < length; ++i) {
            const QDate day = date.addDays(i);
            const bool isIn = day >= m_from && day <= m_until;
            if (isIn
                && (!event.isEveryYear || told.try_emplace({ day.month(), day.day() }, day).second))
                add(day, event, {}, event.isEveryYear);
        }
    }
    return {};
}

/// What a timed event closes: its part of each day that it touches. Hours differ from weekday to weekday,
/// so a part of a day is never told as one of every year.
QString Reader::takeHours(const ics::Event &event)
{
    qint64 length = event.lengthMs.value_or(0);
    if (event.end) {
        if (const QString problem = m_wall.problemOf(*event.end); !problem.isEmpty())
            return problem;
        length
            = m_wall.read(*event.end, event.end->date) - m_wall.read(event.start, event.start.date);
    }
    if (length <= 0 || length > longestDays * DayMs)
        return u"it ends when it begins, or lasts for more than a year"_s;
    for (const QDate &date : datesOf(event)) {
        const qint64 from = m_wall.read(event.start, date);
        for (qint64 at = from; at < from + length;) {
            const qint64 day = (at >= 0 ? at : at - DayMs + 1) / DayMs;
            const qint64 end = std::min(from + length, (day + 1) * DayMs);
            const WallSpan closed { at - day * DayMs, end - day * DayMs };
            const bool isWhole = closed.from == 0 && closed.to == DayMs;
            add(QDate(1970, 1, 1).addDays(day), event, isWhole ? DayHours() : DayHours { closed });
            at = end;
        }
    }
    return {};
}

/// What is left of a day's hours.
DayHours without(const DayHours &hours, const DayHours &closed)
{
    DayHours left = hours;
    for (const WallSpan &gone : closed) {
        DayHours rest;
        for (const WallSpan &span : left) {
            if (span.from < gone.from)
                rest.push_back({ span.from, std::min(span.to, gone.from) });
            // A shift that ends after midnight goes on there: the next day has a line of its own.
            if (span.to > gone.to && std::max(span.from, gone.to) < DayMs)
                rest.push_back({ std::max(span.from, gone.to), span.to });
        }
        left = std::move(rest);
    }
    return left;
}

DayHours hoursOn(const Calendar::Definition &calendar, QDate date)
{
    if (const auto day = calendar.days.find(date); day != calendar.days.end())
        return day->second;
    if (const auto day = calendar.yearly.find({ date.month(), date.day() });
        day != calendar.yearly.end())
        return day->second;
    return calendar.week[static_cast<size_t>(date.dayOfWeek() - 1)];
}

} // namespace

Result<HolidayFile> readHolidays(QByteArrayView file, const Zone &zone, QDate from, QDate until)
{
    if (!from.isValid() || !until.isValid() || until < from || until > from.addYears(longestYears))
        return badInput(u"Holidays are read for at most %1 years at a time; give two days, the "
                        "earlier first."_s.arg(longestYears),
            u"from"_s);
    // What began before may still last.
    TIERLINE_TRY(events, ics::readEvents(file, from.addDays(-longestDays), until));
    Reader reader(zone, from, until);
    for (const ics::Event &event : events) {
        reader.take(event);
        if (reader.isTooMuch())
            return badInput(u"The calendar file gives more than %1 days; export the holidays "
                            "alone."_s.arg(mostDays),
                u"file"_s);
    }
    return std::move(reader).result();
}

Result<Calendar::Definition> withHolidays(
    Calendar::Definition calendar, const std::vector<Holiday> &days)
{
    if (calendar.isAlways)
        return badInput(
            u"A calendar that is open 24/7 has no holidays; give it hours first."_s, u"hours"_s);
    for (const Holiday &holiday : days) {
        if (!holiday.isTicked)
            continue;
        if (!holiday.closed.empty())
            calendar.days[holiday.date] = without(hoursOn(calendar, holiday.date), holiday.closed);
        else if (holiday.isYearly)
            calendar.yearly[{ holiday.date.month(), holiday.date.day() }] = {};
        else
            calendar.days[holiday.date] = {};
    }
    return calendar;
}

} // namespace tierline
