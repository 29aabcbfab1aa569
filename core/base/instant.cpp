#include "core/base/instant.h"

#include <QDateTime>
#include <QTimeZone>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

/// Reads exactly `digits` decimal digits at `at`, or -1.
int number(QStringView text, qsizetype at, int digits)
{
    if (at + digits > text.size())
        return -1;
    int value = 0;
    for (int i = 0; i < digits; ++i) {
        const char16_t c = text[at + i].unicode();
        if (c < u'0' || c > u'9')
            return -1;
        value = value * 10 + (c - u'0');
    }
    return value;
}

/// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant's days_from_civil).
constexpr qint64 daysFromCivil(qint64 y, int m, int d)
{
    y -= m <= 2;
    const qint64 era = (y >= 0 ? y : y - 399) / 400;
    const auto yoe = static_cast<unsigned>(y - era * 400);
    const unsigned doy = (153U * static_cast<unsigned>(m + (m > 2 ? -3 : 9)) + 2) / 5
        + static_cast<unsigned>(d) - 1;
    const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + static_cast<qint64>(doe) - 719468;
}

struct Civil {
    qint64 year;
    qint64 month;
    qint64 day;
};

/// The other way round (civil_from_days).
constexpr Civil civilFromDays(qint64 days)
{
    const qint64 z = days + 719468;
    const qint64 era = (z >= 0 ? z : z - 146096) / 146097;
    const qint64 doe = z - era * 146097;
    const qint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const qint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const qint64 mp = (5 * doy + 2) / 153;
    const qint64 month = mp < 10 ? mp + 3 : mp - 9;
    return { yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1 };
}

/// Writes `digits` decimal digits.
char16_t *put(char16_t *at, qint64 value, int digits)
{
    for (int i = digits - 1; i >= 0; --i, value /= 10)
        at[i] = char16_t(u'0' + value % 10);
    return at + digits;
}

} // namespace

// By hand as well: every anchor of a rule and every line of an answer has one, and a date-time of the toolkit
// costs twenty times as much.
QString Instant::iso() const
{
    if (ms >= MinMs && ms <= MaxMs) {
        constexpr qint64 day = DayMs;
        const qint64 days = ms >= 0 ? ms / day : -((-ms + day - 1) / day);
        qint64 rest = ms - days * day;
        const Civil date = civilFromDays(days);
        char16_t text[24];
        char16_t *at = put(text, date.year, 4);
        *at++ = u'-';
        at = put(at, date.month, 2);
        *at++ = u'-';
        at = put(at, date.day, 2);
        *at++ = u'T';
        at = put(at, rest / 3'600'000, 2);
        *at++ = u':';
        at = put(at, rest / 60'000 % 60, 2);
        *at++ = u':';
        at = put(at, rest / 1'000 % 60, 2);
        rest %= 1'000;
        if (rest) {
            *at++ = u'.';
            at = put(at, rest, 3);
        }
        *at++ = u'Z';
        return QString(reinterpret_cast<const QChar *>(text), at - text);
    }
    const QDateTime t = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
    return t.toString(ms % 1000 == 0 ? Qt::ISODate : Qt::ISODateWithMs);
}

// By hand and not through QDateTime: it runs once for each row of an import, and QDateTime takes
// what is no ISO 8601 too.
Result<Instant> Instant::parse(QStringView iso, bool assumeUtc)
{
    const QStringView t = iso.trimmed();
    const auto bad = [&](const QString &why) {
        return badInput(u"“%1” is no instant: %2 Write it as 2026-06-08T10:00:00+02:00."_s.arg(
            t.left(40).toString(), why));
    };
    const int year = number(t, 0, 4), month = number(t, 5, 2), day = number(t, 8, 2);
    if (year < 0 || month < 0 || day < 0 || t[4] != u'-' || t[7] != u'-')
        return bad(u"it does not begin with a date."_s);
    if (year < 1900 || year > 2199)
        return bad(u"the year must be 1900 to 2199."_s);
    if (!QDate::isValid(year, month, day))
        return bad(u"there is no such day."_s);

    qint64 ms = daysFromCivil(year, month, day) * DayMs;
    qsizetype at = 10;
    if (at < t.size() && (t[at] == u'T' || t[at] == u't' || t[at] == u' ')) {
        const int hour = number(t, 11, 2), minute = number(t, 14, 2);
        if (hour < 0 || minute < 0 || t[13] != u':' || hour > 23 || minute > 59)
            return bad(u"the time of day cannot be read."_s);
        ms += hour * 3'600'000 + minute * 60'000;
        at = 16;
        if (at < t.size() && t[at] == u':') {
            const int second = number(t, 17, 2);
            if (second < 0 || second > 60)
                return bad(u"the seconds cannot be read."_s);
            ms += qint64(qMin(second, 59)) * 1000; // a leap second counts as the one before it
            at = 19;
            if (at < t.size() && (t[at] == u'.' || t[at] == u',')) {
                int scale = 100;
                for (++at; at < t.size() && t[at].unicode() >= u'0' && t[at].unicode() <= u'9';
                     ++at) {
                    ms += qint64(t[at].unicode() - u'0') * scale;
                    scale /= 10;
                }
            }
        }
    }
    const QStringView zone = t.mid(at);
    if (zone.isEmpty()) {
        if (!assumeUtc)
            return bad(u"it has no offset."_s);
    } else if (zone != u"Z" && zone != u"z") {
        const int hours = number(zone, 1, 2);
        const bool colon = zone.size() > 3 && zone[3] == u':';
        const int minutes = zone.size() == 3 ? 0 : number(zone, colon ? 4 : 3, 2);
        if ((zone[0] != u'+' && zone[0] != u'-') || hours < 0 || minutes < 0 || hours > 18
            || minutes > 59 || zone.size() > 6)
            return bad(u"the offset cannot be read."_s);
        const qint64 offset = hours * 3'600'000LL + minutes * 60'000LL;
        ms += zone[0] == u'+' ? -offset : offset;
    }
    return Instant { ms };
}

Result<Millis> parseDuration(QStringView text)
{
    const QStringView t = text.trimmed();
    bool ok = false;
    const qlonglong n = t.chopped(t.isEmpty() ? 0 : 1).toLongLong(&ok);
    qint64 unit = 0;
    if (!t.isEmpty()) {
        switch (t.back().unicode()) {
        case u's': unit = 1000; break;
        case u'm': unit = 60'000; break;
        case u'h': unit = 3'600'000; break;
        case u'd': unit = DayMs; break;
        default: break;
        }
    }
    constexpr qint64 year = 366 * DayMs;
    if (!ok || unit == 0 || n < 0 || n > year / unit)
        return badInput(u"“%1” is no duration of at most a year. Write 90s, 30m, 4h or 2d."_s.arg(
            t.left(40).toString()));
    return Millis(n * unit);
}

QString shortDuration(Millis d)
{
    const qint64 s = d.count() / 1000;
    for (const auto &[unit, letter] : { std::pair(qint64(86'400), u'd'),
             std::pair(qint64(3'600), u'h'), std::pair(qint64(60), u'm') }) {
        if (s > 0 && s % unit == 0)
            return QString::number(s / unit) + letter;
    }
    return QString::number(s) + u's';
}

QString durationText(Millis d)
{
    const qint64 s = qAbs(d.count()) / 1000;
    if (s < 60)
        return u"%1 s"_s.arg(s);
    if (s < 3600)
        return u"%1 min"_s.arg(s / 60);
    if (s < 86'400)
        return s % 3600 < 60 ? u"%1 h"_s.arg(s / 3600)
                             : u"%1 h %2 min"_s.arg(s / 3600).arg(s % 3600 / 60);
    return s % 86'400 < 3600 ? u"%1 d"_s.arg(s / 86'400)
                             : u"%1 d %2 h"_s.arg(s / 86'400).arg(s % 86'400 / 3600);
}

} // namespace tierline
