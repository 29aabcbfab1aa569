#include "core/calendar/icsevents.h"

#include "core/base/instant.h"
#include "core/base/unicode.h"

#include <libical/ical.h>

#include <QHash>

#include <algorithm>
#include <memory>
#include <mutex>

namespace tierline::ics {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostBytes = 1 << 20;
constexpr qsizetype mostEvents = 5'000;
constexpr qsizetype longestTime = 500; ///< of a line that says when
constexpr qsizetype mostName = 200;
constexpr qsizetype mostTimeLines = 200; ///< of one event
constexpr int deepest = 8;
constexpr int mostRepetitions = 500'000; ///< of all events together, before and within the span

/// The lines of one event that we need; no other reaches the library.
struct Lines {
    QByteArray times;
    qsizetype timeLines = 0;
    QByteArray rule;
    QByteArray name;
    bool isCancelled = false;
    bool isInstance = false; ///< of a repeated event, moved or changed
    bool hasFurtherDays = false;
    bool isBroken = false;
};

/// Next line, with what is folded onto the following ones.
QByteArray takeLine(QByteArrayView &rest)
{
    QByteArray line;
    do {
        const qsizetype end = rest.indexOf('\n');
        QByteArrayView part = end < 0 ? rest : rest.first(end);
        rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
        if (part.endsWith('\r'))
            part.chop(1);
        line += line.isNull() ? part : part.sliced(1);
        if (line.isNull())
            line = QByteArray("");
    } while (!rest.isEmpty() && (rest.front() == ' ' || rest.front() == '\t'));
    return line;
}

QString plainName(const QByteArray &value)
{
    QByteArray text;
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) {
            const char next = value[++i];
            text += next == 'n' || next == 'N' ? ' ' : next;
        } else {
            text += value[i];
        }
    }
    QString name = validText(QByteArrayView(text));
    // What a name could hide or turn round on the screen has no place in a list of days.
    name.removeIf([](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    });
    name = name.simplified();
    if (name.size() > mostName)
        name = name.left(mostName - 1) + u'…';
    return name.isEmpty() ? u"(no name)"_s : name;
}

bool isPrintableAscii(const QByteArray &text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

void takeProperty(const QByteArray &line, Lines &event)
{
    const auto colon = line.indexOf(':');
    const auto semicolon = line.indexOf(';');
    if (colon < 0)
        return;
    const QByteArray name
        = line.left(semicolon >= 0 && semicolon < colon ? semicolon : colon).toUpper();
    if (name == "SUMMARY") {
        event.name = line.mid(colon + 1);
    } else if (name == "DTSTART" || name == "DTEND" || name == "DURATION" || name == "EXDATE") {
        event.isBroken = event.isBroken || line.size() > longestTime || !isPrintableAscii(line)
            || ++event.timeLines > mostTimeLines;
        if (!event.isBroken)
            event.times += line + "\r\n";
    } else if (name == "RRULE") {
        event.isBroken = event.isBroken || !event.rule.isEmpty() || line.size() > longestTime
            || !isPrintableAscii(line);
        event.rule = line.mid(colon + 1).trimmed().toUpper();
    } else if (name == "STATUS") {
        event.isCancelled = line.mid(colon + 1).trimmed().toUpper() == "CANCELLED";
    } else if (name == "RECURRENCE-ID") {
        event.isInstance = true;
    } else if (name == "RDATE" || name == "EXRULE") {
        event.hasFurtherDays = true;
    }
}

Result<std::vector<Lines>> splitEvents(QByteArrayView file)
{
    if (file.size() > mostBytes)
        return badInput(
            u"The calendar file is larger than 1 MiB; export the holidays alone."_s, u"file"_s);
    if (file.startsWith("\xef\xbb\xbf"))
        file = file.sliced(3);
    std::vector<Lines> events;
    QList<QByteArray> open;
    bool isCalendar = false;
    for (QByteArrayView rest = file; !rest.isEmpty();) {
        const QByteArray line = takeLine(rest);
        const QByteArray upper = line.left(40).trimmed().toUpper();
        if (upper.startsWith("BEGIN:")) {
            if (open.size() >= deepest)
                return badInput(
                    u"The calendar file nests deeper than %1; it is no list of holidays."_s.arg(
                        deepest),
                    u"file"_s);
            open.append(upper.mid(6));
            isCalendar = isCalendar || open == QList<QByteArray> { "VCALENDAR" };
            if (open.last() == "VEVENT" && open.size() == 2)
                events.push_back({});
            if (static_cast<qsizetype>(events.size()) > mostEvents)
                return badInput(u"The calendar file has more than %1 events; export the holidays "
                                "alone."_s.arg(mostEvents),
                    u"file"_s);
        } else if (upper.startsWith("END:")) {
            if (open.isEmpty() || open.takeLast() != upper.mid(4))
                return badInput(u"The calendar file is broken: “%1” ends what has not begun."_s.arg(
                                    QString::fromLatin1(upper.left(20))),
                    u"file"_s);
        } else if (open == QList<QByteArray> { "VCALENDAR", "VEVENT" }) {
            takeProperty(line, events.back());
        }
    }
    if (!isCalendar)
        return badInput(
            u"This is no calendar file; an .ics file begins with BEGIN:VCALENDAR."_s, u"file"_s);
    if (!open.isEmpty())
        return badInput(u"The calendar file ends too early; it is not whole."_s, u"file"_s);
    return events;
}

/// A number from 1 to `most`, or 0.
int countIn(const QByteArray &text, int most)
{
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber && number >= 1 && number <= most ? number : 0;
}

struct Rule {
    bool isEveryYear = false; ///< nothing but "yearly"
    QString problem;
};

/// Only what a holiday needs is let through to the library.
Rule checkRule(const QByteArray &text)
{
    QHash<QByteArray, QByteArray> parts;
    for (const QByteArray &part : text.split(';')) {
        const auto equals = part.indexOf('=');
        if (equals > 0 && parts.size() < 20)
            parts[part.left(equals)] = part.mid(equals + 1);
    }
    if (parts.value("FREQ") != "YEARLY")
        return { false,
            u"it does not repeat once a year; only days that come once or every year are taken"_s };
    static const QList<QByteArray> known { "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH",
        "BYMONTHDAY", "BYDAY", "WKST" };
    for (auto part = parts.cbegin(); part != parts.cend(); ++part) {
        if (!known.contains(part.key()))
            return { false,
                u"its repetition has “%1”, which holidays do not need"_s.arg(
                    QString::fromLatin1(part.key().left(20))) };
    }
    if ((parts.contains("INTERVAL") && !countIn(parts["INTERVAL"], 100))
        || (parts.contains("COUNT") && !countIn(parts["COUNT"], 1000)))
        return { false, u"its repetition is out of bounds"_s };
    const bool isPlain = parts.value("INTERVAL", "1") == "1" && !parts.contains("COUNT")
        && !parts.contains("UNTIL") && !parts.contains("BYDAY") && !parts.contains("BYMONTH")
        && !parts.contains("BYMONTHDAY");
    return { isPlain, {} };
}

struct FreeComponent {
    void operator()(icalcomponent *component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

std::optional<Moment> momentOf(icalproperty *property, icaltimetype time)
{
    if (icaltime_is_null_time(time) || !icaltime_is_valid_time(time))
        return {};
    Moment moment { .date = QDate(time.year, time.month, time.day),
        .isWholeDay = time.is_date != 0,
        .isUtc = icaltime_is_utc(time) != 0 };
    const bool isDay
        = moment.date.isValid() && moment.date.year() >= 1900 && moment.date.year() < 2200;
    const bool isTime = time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60
        && time.second >= 0 && time.second < 61;
    if (!isDay || (!moment.isWholeDay && !isTime))
        return {};
    if (!moment.isWholeDay)
        moment.ms
            = ((time.hour * 60 + time.minute) * 60 + std::min(time.second, 59)) * qint64(1000);
    if (icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER))
        moment.zone = QString::fromLatin1(icalparameter_get_tzid(zone)).left(100);
    return moment;
}

/// Days from `from` to `until` on which a repeated event begins.
std::vector<QDate> repetitions(const QByteArray &rule, const Moment &start,
    const std::vector<QDate> &but, QDate from, QDate until, int &budget)
{
    icaltimetype first = icaltime_null_time();
    first.year = start.date.year();
    first.month = start.date.month();
    first.day = start.date.day();
    first.is_date = 1;
    const icalrecurrencetype recurrence = icalrecurrencetype_from_string(rule.constData());
    std::vector<QDate> days;
    icalrecur_iterator *at = icalrecur_iterator_new(recurrence, first);
    while (at && budget > 0) {
        --budget;
        const icaltimetype next = icalrecur_iterator_next(at);
        const QDate day(next.year, next.month, next.day);
        if (icaltime_is_null_time(next) || !day.isValid() || day > until)
            break;
        if (day >= from && std::ranges::find(but, day) == but.end())
            days.push_back(day);
    }
    if (at)
        icalrecur_iterator_free(at);
    std::ranges::sort(days);
    return days;
}

/// When an event is, asked of the library.
struct Times {
    std::optional<Moment> start;
    std::optional<Moment> end;
    std::optional<qint64> lengthMs;
    std::vector<QDate> but;
};

Times timesOf(const Lines &lines)
{
    const QByteArray text = "BEGIN:VEVENT\r\n" + lines.times + "END:VEVENT\r\n";
    const Component event(icalparser_parse_string(text.constData()));
    Times times;
    if (!event)
        return times;
    if (auto *start = icalcomponent_get_first_property(event.get(), ICAL_DTSTART_PROPERTY))
        times.start = momentOf(start, icalproperty_get_dtstart(start));
    if (auto *end = icalcomponent_get_first_property(event.get(), ICAL_DTEND_PROPERTY))
        times.end = momentOf(end, icalproperty_get_dtend(end));
    if (auto *length = icalcomponent_get_first_property(event.get(), ICAL_DURATION_PROPERTY)) {
        const icaldurationtype span = icalproperty_get_duration(length);
        const qint64 days = qint64(span.weeks) * 7 + span.days;
        const qint64 seconds = (qint64(span.hours) * 60 + span.minutes) * 60 + qint64(span.seconds);
        times.lengthMs = span.is_neg ? -1 : days * DayMs + seconds * 1000;
    }
    for (auto *but = icalcomponent_get_first_property(event.get(), ICAL_EXDATE_PROPERTY); but;
         but = icalcomponent_get_next_property(event.get(), ICAL_EXDATE_PROPERTY)) {
        if (const auto day = momentOf(but, icalproperty_get_exdate(but)))
            times.but.push_back(day->date);
    }
    return times;
}

Event eventOf(const Lines &lines, QDate from, QDate until, int &budget)
{
    Event event { .name = plainName(lines.name.left(4 * mostName)) };
    const auto without = [&event](const QString &problem) {
        event.problem = problem;
        return event;
    };
    if (lines.isCancelled)
        return without(u"it is cancelled"_s);
    if (lines.isInstance)
        return without(u"it changes one day of a repeated event; set that day by hand"_s);
    if (lines.hasFurtherDays)
        return without(u"it names further days by a way that is not read; set them by hand"_s);
    if (lines.isBroken)
        return without(u"when it is cannot be read"_s);
    const Times times = timesOf(lines);
    if (!times.start)
        return without(u"it does not say when it begins, between 1900 and 2199"_s);
    event.start = *times.start;
    event.end = times.end;
    event.lengthMs = times.lengthMs;
    if (lines.rule.isEmpty()) {
        if (event.start.date >= from && event.start.date <= until)
            event.days.push_back(event.start.date);
        return event;
    }
    const Rule rule = checkRule(lines.rule);
    if (!rule.problem.isEmpty())
        return without(rule.problem);
    event.isEveryYear = rule.isEveryYear && times.but.empty();
    if (!event.isEveryYear)
        event.days = repetitions(lines.rule, event.start, times.but, from, until, budget);
    return event;
}

} // namespace

Result<std::vector<Event>> readEvents(QByteArrayView file, QDate from, QDate until)
{
    // The library keeps state of its own for all threads.
    static std::mutex one;
    const std::lock_guard guard(one);
    icalerror_set_errors_are_fatal(false);
    TIERLINE_TRY(all, splitEvents(file));
    std::vector<Event> events;
    events.reserve(all.size());
    int budget = mostRepetitions;
    for (const Lines &lines : all)
        events.push_back(eventOf(lines, from, until, budget));
    if (budget <= 0)
        return badInput(
            u"The events of this file repeat too often to be holidays; export the holidays alone."_s,
            u"file"_s);
    return events;
}

} // namespace tierline::ics
