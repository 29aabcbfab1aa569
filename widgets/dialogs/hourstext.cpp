#include "widgets/dialogs/hourstext.h"

#include "core/calendar/duejson.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>
#include <QStringList>
#include <QTimeZone>

#include <optional>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 day = 24 * 60 * minute;
constexpr qsizetype mostSpans = 12; ///< of one day
constexpr qsizetype mostDays = 5'000;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(HoursText)
};

/// "9", "9:00", "09:00", "24:00" as milliseconds since midnight.
std::optional<qint64> timeFromText(const QString &text)
{
    const QStringList parts = text.trimmed().split(u':');
    if (parts.size() > 2 || parts[0].isEmpty() || parts[0].size() > 2)
        return std::nullopt;
    bool isHour = false, isMinute = true;
    const int hour = parts[0].toInt(&isHour);
    const int past = parts.size() == 2 && parts[1].size() == 2 ? parts[1].toInt(&isMinute)
        : parts.size() == 1                                    ? 0
                                                               : -1;
    if (!isHour || !isMinute || hour < 0 || past < 0 || past > 59 || hour > 24
        || (hour == 24 && past > 0))
        return std::nullopt;
    return (hour * 60 + past) * minute;
}

QString written(const QString &text)
{
    return text.simplified().left(40);
}

/// "2026-12-24" or "every 12-25", and what stands behind it.
struct Special {
    QDate date;
    bool isYearly = false;
    QString hours;
};

std::optional<Special> specialFrom(const QString &line)
{
    QString rest = line.simplified();
    Special special;
    for (const QString &word : { Words::tr("every"), u"every"_s }) {
        if (rest.startsWith(word + u' ', Qt::CaseInsensitive)) {
            special.isYearly = true;
            rest = rest.mid(word.size() + 1);
            break;
        }
    }
    const QString day = rest.section(u' ', 0, 0);
    // 2000 was a leap year, so 02-29 is a day of it.
    special.date = QDate::fromString(special.isYearly ? u"2000-"_s + day : day, Qt::ISODate);
    special.hours = rest.mid(day.size() + 1);
    return special.date.isValid() ? std::optional(special) : std::nullopt;
}

} // namespace

Result<DayHours> hoursFromText(const QString &text)
{
    DayHours hours;
    const QString typed = text.simplified();
    if (typed.isEmpty() || typed.compare(Words::tr("closed"), Qt::CaseInsensitive) == 0)
        return hours;
    QString plain = typed;
    plain.replace(QChar(0x2013), u'-');
    for (const QString &part : plain.split(u',', Qt::SkipEmptyParts)) {
        const QStringList ends = part.split(u'-');
        const auto from = ends.size() == 2 ? timeFromText(ends[0]) : std::nullopt;
        const auto to = ends.size() == 2 ? timeFromText(ends[1]) : std::nullopt;
        if (!from || !to || *from >= day)
            return badInput(Words::tr("“%1” is no time span: write it as 09:00-17:00, several with "
                                      "commas between them, or leave the day empty.")
                                .arg(written(part)));
        if (hours.size() >= size_t(mostSpans))
            return badInput(Words::tr("A day takes at most %1 time spans.").arg(mostSpans));
        hours.push_back({ *from, *to > *from ? *to : *to + day });
    }
    return hours;
}

QString hoursText(const DayHours &hours)
{
    QStringList spans;
    for (const WallSpan &span : hours)
        spans.append(sla::wallTimeText(span.from) + u'-' + sla::wallTimeText(span.to));
    return spans.join(u", "_s);
}

Result<Calendar::Definition> withSpecialDays(Calendar::Definition calendar, const QString &text)
{
    calendar.days.clear();
    calendar.yearly.clear();
    const QStringList lines = text.split(u'\n');
    if (lines.size() > mostDays)
        return badInput(Words::tr("A calendar takes at most %1 special days.").arg(mostDays));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].trimmed().isEmpty())
            continue;
        const auto special = specialFrom(lines[i]);
        if (!special)
            return badInput(Words::tr("Line %1, “%2”: begin with a day such as 2026-12-25, or with "
                                      "“every 12-25” for each year.")
                                .arg(i + 1)
                                .arg(written(lines[i])));
        const auto hours = hoursFromText(special->hours);
        if (!hours)
            return badInput(Words::tr("Line %1: %2").arg(i + 1).arg(hours.error().detail));
        if (special->isYearly)
            calendar.yearly[{ special->date.month(), special->date.day() }] = *hours;
        else
            calendar.days[special->date] = *hours;
    }
    return calendar;
}

QString specialDaysText(const Calendar::Definition &calendar)
{
    QStringList lines;
    const auto put = [&](const QString &day, const DayHours &hours) {
        lines.append(hours.empty() ? day : day + u' ' + hoursText(hours));
    };
    for (const auto &[day, hours] : calendar.yearly)
        put(Words::tr("every")
                + u" %1-%2"_s.arg(day.first, 2, 10, QChar(u'0'))
                      .arg(day.second, 2, 10, QChar(u'0')),
            hours);
    for (const auto &[date, hours] : calendar.days)
        put(date.toString(Qt::ISODate), hours);
    return lines.join(u'\n');
}

Result<std::vector<TimeSpan>> spansFromText(const QString &text, const QTimeZone &zone)
{
    static const QRegularExpression form(
        u"^(\\d{4}-\\d{2}-\\d{2})\\s+(\\d{1,2}:\\d{2}(?::\\d{2})?)\\s*[-\u2013]\\s*"
        "(?:(\\d{4}-\\d{2}-\\d{2})\\s+)?(\\d{1,2}:\\d{2}(?::\\d{2})?)$"_s);
    const auto time = [](const QString &typed) {
        const QTime whole = QTime::fromString(typed, u"H:mm:ss"_s);
        return whole.isValid() ? whole : QTime::fromString(typed, u"H:mm"_s);
    };
    std::vector<TimeSpan> spans;
    const QStringList lines = text.split(u'\n');
    if (lines.size() > mostDays)
        return badInput(Words::tr("These are more than %1 lines.").arg(mostDays));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString line = lines[i].trimmed();
        if (line.isEmpty())
            continue;
        const auto match = form.match(line.left(80));
        const QDate first = QDate::fromString(match.captured(1), Qt::ISODate);
        const QTime from = time(match.captured(2)), to = time(match.captured(4));
        QDate last = match.captured(3).isEmpty()
            ? first
            : QDate::fromString(match.captured(3), Qt::ISODate);
        if (!match.hasMatch() || !first.isValid() || !last.isValid() || !from.isValid()
            || !to.isValid())
            return badInput(
                Words::tr("Line %1, “%2”: write it as 2026-12-24 18:00 - 2026-12-27 08:00.")
                    .arg(i + 1)
                    .arg(written(line)));
        if (match.captured(3).isEmpty() && to <= from)
            last = last.addDays(1);
        const TimeSpan span { Instant { QDateTime(first, from, zone).toMSecsSinceEpoch() },
            Instant { QDateTime(last, to, zone).toMSecsSinceEpoch() } };
        if (span.to <= span.from)
            return badInput(Words::tr("Line %1, “%2”: it ends before it begins.")
                                .arg(i + 1)
                                .arg(written(line)));
        spans.push_back(span);
    }
    return spans;
}

QString spansText(const std::vector<TimeSpan> &spans, const QTimeZone &zone)
{
    const auto wall = [&](Instant at) {
        const QDateTime then = QDateTime::fromMSecsSinceEpoch(at.ms, zone);
        return then.toString(
            then.time().second() == 0 ? u"yyyy-MM-dd HH:mm"_s : u"yyyy-MM-dd HH:mm:ss"_s);
    };
    QStringList lines;
    for (const TimeSpan &span : spans)
        lines.append(wall(span.from) + u" - "_s + wall(span.to));
    return lines.join(u'\n');
}

} // namespace tierline::ui
