#include "core/calendar/duejson.h"

#include "core/calendar/slaclock.h"

#include <QJsonArray>

namespace tierline::sla {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;
constexpr qsizetype mostExceptions = 10'000;
const std::array<QString, 7> weekdays { u"mon"_s, u"tue"_s, u"wed"_s, u"thu"_s, u"fri"_s, u"sat"_s,
    u"sun"_s };

Result<DayHours> hoursFromJson(const QJsonValue &value, const QString &where)
{
    if (!value.isArray())
        return badInput(
            u"The hours of %1 are no list; write [[\"09:00\",\"17:00\"]]."_s.arg(where), where);
    DayHours hours;
    const QJsonArray spans = value.toArray();
    for (const QJsonValue &span : spans) {
        const QJsonArray ends = span.toArray();
        if (ends.size() != 2)
            return badInput(
                u"An interval of %1 has no two ends; write [\"09:00\",\"17:00\"]."_s.arg(where),
                where);
        TIERLINE_TRY(from, wallTimeFromJson(ends[0], where));
        TIERLINE_TRY(to, wallTimeFromJson(ends[1], where));
        if (from == DayMs)
            return badInput(
                u"An interval of %1 begins at 24:00; that is the next day."_s.arg(where), where);
        hours.push_back({ from, to > from ? to : to + DayMs });
    }
    return hours;
}

QJsonArray toJson(const DayHours &hours)
{
    QJsonArray spans;
    for (const WallSpan &span : hours)
        spans.append(QJsonArray { wallTimeText(span.from), wallTimeText(span.to) });
    return spans;
}

Result<Done> takeException(const QJsonObject &json, Calendar::Definition &definition)
{
    if (const QString yearly = json[u"yearly"_s].toString(); !yearly.isEmpty()) {
        // 2000 was a leap year, so 02-29 is a day of it.
        const QDate date = QDate::fromString(u"2000-"_s + yearly, Qt::ISODate);
        if (!date.isValid())
            return badInput(
                u"“%1” is no day of a year; write it as 12-25."_s.arg(yearly), u"exceptions"_s);
        TIERLINE_TRY(hours, hoursFromJson(json[u"hours"_s], yearly));
        definition.yearly[{ date.month(), date.day() }] = hours;
        return Done {};
    }
    const QString day = json[u"date"_s].toString();
    const QDate date = QDate::fromString(day, Qt::ISODate);
    if (!date.isValid())
        return badInput(u"“%1” is no date; write it as 2026-05-01."_s.arg(day), u"exceptions"_s);
    TIERLINE_TRY(hours, hoursFromJson(json[u"hours"_s], day));
    definition.days[date] = hours;
    return Done {};
}

Result<std::optional<Instant>> instantOrNone(const QJsonObject &in, const QString &name)
{
    const QJsonValue value = in[name];
    if (value.isNull() || value.isUndefined())
        return std::optional<Instant>();
    auto at = Instant::parse(value.toString());
    if (!at)
        return badInput(u"“%1”: "_s.arg(name) + at.error().detail, name);
    return std::optional(*at);
}

Result<Done> takePauses(const QJsonArray &pauses, Cycle &cycle)
{
    if (pauses.size() > MostDueFacts)
        return badInput(u"There are more than %1 pauses."_s.arg(MostDueFacts), u"pauses"_s);
    for (const QJsonValue &pause : pauses) {
        const QJsonArray ends = pause.toArray();
        if (ends.size() != 2)
            return badInput(u"A pause has no two ends; the second may be null."_s, u"pauses"_s);
        TIERLINE_TRY(from, Instant::parse(ends[0].toString()));
        Instant to = Cycle::openEnd;
        if (!ends[1].isNull()) {
            TIERLINE_TRY(end, Instant::parse(ends[1].toString()));
            to = end;
        }
        if (to < from)
            return badInput(
                u"A pause ends at %1, before it begins at %2."_s.arg(to.iso(), from.iso()),
                u"pauses"_s);
        cycle.pauses.push_back({ from, to });
    }
    return Done {};
}

Result<Done> takeChanges(const QJsonArray &changes, Cycle &cycle)
{
    if (changes.size() > MostDueFacts)
        return badInput(u"There are more than %1 changes."_s.arg(MostDueFacts), u"changes"_s);
    for (const QJsonValue &value : changes) {
        const QJsonObject change = value.toObject();
        TIERLINE_TRY(at, Instant::parse(change[u"at"_s].toString()));
        TIERLINE_TRY(length, targetFromText(change[u"target"_s].toString()));
        cycle.targets.push_back({ at, length });
    }
    std::stable_sort(cycle.targets.begin() + 1, cycle.targets.end(),
        [](const Cycle::Target &a, const Cycle::Target &b) { return a.from < b.from; });
    return Done {};
}

QJsonValue isoOrNull(const std::optional<Instant> &at)
{
    return at ? QJsonValue(at->iso()) : QJsonValue();
}

/// Whole seconds; a begun one does not count.
qint64 seconds(Millis length)
{
    return length.count() / 1000;
}

} // namespace

/// A target may be longer than the year to which durations elsewhere are bound.
Result<Millis> targetFromText(const QString &text)
{
    static constexpr qint64 mostDays = 3660;
    if (text.endsWith(u'd')) {
        bool isNumber = false;
        const qint64 days = text.chopped(1).toLongLong(&isNumber);
        if (isNumber && days > 0 && days <= mostDays)
            return Millis(days * DayMs);
    }
    auto length = parseDuration(text);
    if (!length)
        return badInput(length.error().detail, u"target"_s);
    return *length;
}

QString targetText(Millis length)
{
    const qint64 seconds = length.count() / 1000;
    if (length > Millis(366 * DayMs))
        return QString::number(length.count() / DayMs) + u'd';
    if (seconds % 3600 == 0)
        return QString::number(seconds / 3600) + u'h';
    return seconds % 60 == 0 ? QString::number(seconds / 60) + u'm'
                             : QString::number(seconds) + u's';
}

Result<qint64> wallTimeFromJson(const QJsonValue &value, const QString &where)
{
    const QStringList parts = value.toString().split(u':');
    bool isGood = value.isString() && (parts.size() == 2 || parts.size() == 3);
    std::array<qint64, 3> numbers {};
    for (qsizetype i = 0; isGood && i < parts.size(); ++i) {
        // Digits of other scripts are none that toLongLong() reads.
        numbers[static_cast<size_t>(i)] = parts[i].toLongLong(&isGood);
        isGood = isGood && parts[i].size() == 2 && parts[i][0].isDigit() && parts[i][1].isDigit();
    }
    const qint64 ms = (numbers[0] * 60 + numbers[1]) * minuteMs + numbers[2] * 1000;
    if (!isGood || numbers[1] > 59 || numbers[2] > 59 || ms > DayMs)
        return badInput(u"“%1” is no time of day; write it as 09:00, at most 24:00."_s.arg(
                            value.toString().left(40)),
            where);
    return ms;
}

QString wallTimeText(qint64 ms)
{
    // A shift that ends after midnight tells the next day's time.
    const qint64 minutes = (ms > DayMs ? ms - DayMs : ms) / minuteMs;
    QString text
        = u"%1:%2"_s.arg(minutes / 60, 2, 10, QChar(u'0')).arg(minutes % 60, 2, 10, QChar(u'0'));
    if (const qint64 seconds = ms % minuteMs / 1000)
        text += u":%1"_s.arg(seconds, 2, 10, QChar(u'0'));
    return text;
}

Result<Calendar> calendarFromJson(const QJsonObject &json)
{
    Calendar::Definition definition { .zone = json[u"zone"_s].toString() };
    const QJsonValue hours = json[u"hours"_s];
    definition.isAlways = hours.toString() == u"24/7"_s;
    if (!definition.isAlways && !hours.isObject())
        return badInput(
            u"A calendar needs hours: \"24/7\", or for each day its intervals."_s, u"hours"_s);
    const QJsonObject week = hours.toObject();
    for (auto day = week.begin(); day != week.end(); ++day) {
        const auto found = std::ranges::find(weekdays, day.key());
        if (found == weekdays.end())
            return badInput(
                u"“%1” is no day; write mon, tue, wed, thu, fri, sat or sun."_s.arg(day.key()),
                u"hours"_s);
        TIERLINE_TRY(taken, hoursFromJson(day.value(), day.key()));
        definition.week[static_cast<size_t>(found - weekdays.begin())] = taken;
    }
    const QJsonArray exceptions = json[u"exceptions"_s].toArray();
    if (exceptions.size() > mostExceptions)
        return badInput(
            u"A calendar has at most %1 exceptions."_s.arg(mostExceptions), u"exceptions"_s);
    for (const QJsonValue &exception : exceptions)
        TIERLINE_CHECK(takeException(exception.toObject(), definition));
    return Calendar::make(std::move(definition));
}

QJsonObject toJson(const Calendar &calendar)
{
    const Calendar::Definition &definition = calendar.definition();
    QJsonObject json { { u"zone"_s, definition.zone } };
    QJsonObject week;
    for (size_t day = 0; day < weekdays.size(); ++day) {
        if (!definition.week[day].empty())
            week[weekdays[day]] = toJson(definition.week[day]);
    }
    json[u"hours"_s] = definition.isAlways ? QJsonValue(u"24/7"_s) : QJsonValue(week);
    QJsonArray exceptions;
    for (const auto &[date, hours] : definition.days)
        exceptions.append(QJsonObject {
            { u"date"_s, date.toString(Qt::ISODate) }, { u"hours"_s, toJson(hours) } });
    for (const auto &[day, hours] : definition.yearly)
        exceptions.append(QJsonObject {
            { u"yearly"_s,
                u"%1-%2"_s.arg(day.first, 2, 10, QChar(u'0')).arg(day.second, 2, 10, QChar(u'0')) },
            { u"hours"_s, toJson(hours) } });
    if (!exceptions.isEmpty())
        json[u"exceptions"_s] = exceptions;
    return json;
}

Result<QJsonObject> dueLine(const QJsonObject &in)
{
    return DueReader().read(in);
}

Result<Calendar> DueReader::calendarOf(const QJsonValue &json)
{
    static constexpr size_t mostKnown = 8;
    const auto found = std::ranges::find(m_known, json, &Known::json);
    if (found != m_known.end())
        return found->calendar;
    TIERLINE_TRY(calendar, calendarFromJson(json.toObject()));
    if (m_known.size() == mostKnown)
        m_known.erase(m_known.begin());
    m_known.push_back({ json, calendar });
    return calendar;
}

Result<QJsonObject> DueReader::read(const QJsonObject &in)
{
    TIERLINE_TRY(calendar, calendarOf(in[u"calendar"_s]));
    Cycle cycle;
    TIERLINE_TRY(start, instantOrNone(in, u"start"_s));
    cycle.start = start;
    TIERLINE_TRY(met, instantOrNone(in, u"met"_s));
    cycle.met = met;
    TIERLINE_TRY(ended, instantOrNone(in, u"cancelled"_s));
    cycle.cancelled = ended;
    TIERLINE_TRY(now, instantOrNone(in, u"now"_s));
    if (!now)
        return badInput(u"A line needs “now”: when the clock is looked at."_s, u"now"_s);
    TIERLINE_TRY(target, targetFromText(in[u"target"_s].toString()));
    cycle.targets.push_back({ start.value_or(*now), target });
    TIERLINE_CHECK(takePauses(in[u"pauses"_s].toArray(), cycle));
    TIERLINE_CHECK(takeChanges(in[u"changes"_s].toArray(), cycle));
    TIERLINE_CHECK(check(cycle));
    const Reading reading = sla::read(cycle, calendar, *now);
    const QString cause = text(reading.cause);
    return QJsonObject { { u"id"_s, in[u"id"_s] }, { u"state"_s, code(reading.state) },
        { u"due"_s, isoOrNull(reading.due) }, { u"elapsed_s"_s, seconds(reading.elapsed) },
        { u"remaining_s"_s, seconds(reading.remaining) },
        { u"overdue_s"_s, seconds(reading.overdue) },
        { u"breached_at"_s, isoOrNull(reading.breachedAt) },
        { u"cause"_s, cause.isEmpty() ? QJsonValue() : QJsonValue(cause) } };
}

} // namespace tierline::sla
