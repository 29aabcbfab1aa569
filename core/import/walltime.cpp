#include "core/import/walltime.h"

#include <QDateTime>

#include <array>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array months = { u"jan", u"feb", u"mar", u"apr", u"may", u"jun", u"jul", u"aug",
    u"sep", u"oct", u"nov", u"dec" };

qint64 offsetAt(const QTimeZone &zone, qint64 utcMs)
{
    return zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(utcMs, Qt::UTC)) * 1000LL;
}

/// What a pattern has read so far.
struct Fields {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, milli = 0;
    bool isTwelveHour = false, isAfternoon = false;
};

/// Up to `most` digits at `at`, at least `least`; -1 where there are fewer.
int digits(QStringView text, qsizetype &at, int least, int most)
{
    int value = 0, n = 0;
    for (; n < most && at < text.size() && text[at] >= u'0' && text[at] <= u'9'; ++n, ++at)
        value = value * 10 + (text[at].unicode() - u'0');
    return n < least ? -1 : value;
}

bool readMonthName(QStringView text, qsizetype &at, Fields &fields)
{
    for (size_t i = 0; i < months.size(); ++i) {
        if (text.mid(at, 3).compare(QStringView(months[i]), Qt::CaseInsensitive) == 0) {
            fields.month = static_cast<int>(i) + 1;
            at += 3;
            return true;
        }
    }
    return false;
}

bool readHalf(QStringView text, qsizetype &at, Fields &fields)
{
    const QStringView half = text.mid(at, 2);
    fields.isTwelveHour = true;
    fields.isAfternoon = half.compare(u"pm", Qt::CaseInsensitive) == 0;
    at += 2;
    return fields.isAfternoon || half.compare(u"am", Qt::CaseInsensitive) == 0;
}

/// Reads one letter group; false where the text has something else there.
bool readGroup(char16_t letter, int count, QStringView text, qsizetype &at, Fields &fields)
{
    const int least = count >= 2 ? 2 : 1;
    switch (letter) {
    case u'd': return (fields.day = digits(text, at, least, 2)) >= 0;
    case u'M':
        if (count == 3)
            return readMonthName(text, at, fields);
        return (fields.month = digits(text, at, least, 2)) >= 0;
    case u'y':
        if (count == 2) {
            const int two = digits(text, at, 2, 2);
            fields.year = two < 70 ? 2000 + two : 1900 + two;
            return two >= 0;
        }
        return (fields.year = digits(text, at, 4, 4)) >= 0;
    case u'H':
    case u'h': return (fields.hour = digits(text, at, least, 2)) >= 0;
    case u'm': return (fields.minute = digits(text, at, least, 2)) >= 0;
    case u's': return (fields.second = digits(text, at, least, 2)) >= 0;
    case u'z': return (fields.milli = digits(text, at, 3, 3)) >= 0;
    case u'A': return readHalf(text, at, fields);
    default: return false;
    }
}

bool hasOffset(QStringView iso)
{
    const QStringView time = iso.mid(10);
    return time.contains(u'Z') || time.contains(u'z') || time.contains(u'+') || time.contains(u'-');
}

} // namespace

qint64 wallToUtc(qint64 wallMs, const QTimeZone &zone)
{
    constexpr qint64 day = DayMs;
    const qint64 before = offsetAt(zone, wallMs - day), after = offsetAt(zone, wallMs + day);
    const qint64 first = wallMs - before;
    if (before == after)
        return first;
    if (offsetAt(zone, first) == before)
        return first; // ordinary, or the earlier one of a fold
    const qint64 second = wallMs - after;
    return offsetAt(zone, second) == after ? second : first; // neither holds: a gap
}

Result<TimeReader> TimeReader::make(const QString &format, const QString &zone)
{
    TimeReader reader;
    reader.m_format = format;
    if (!zone.isEmpty() && zone != u"UTC" && zone != u"Z") {
        reader.m_zone = QTimeZone(zone.toLatin1());
        if (!reader.m_zone.isValid())
            return badInput(
                u"The map's zone “%1” is not known: name it as Europe/Brussels or UTC."_s.arg(
                    zone.left(60)),
                u"zone"_s);
        reader.m_isUtc = false;
    }
    if (format == u"iso")
        return reader;
    static const QString letters = u"dMyHhmszA"_s;
    bool hasDay = false, hasMonth = false, hasYear = false;
    for (qsizetype i = 0; i < format.size();) {
        const QChar c = format[i];
        Piece piece;
        if (letters.contains(c)) {
            const QChar wanted = c;
            if (c == u'A') { // AP is two letters for one thing
                if (format.mid(i, 2) != u"AP")
                    return badInput(
                        u"The map's time_format “%1” has an A that is no AP."_s.arg(format),
                        u"time_format"_s);
                i += 2;
                piece = { .letter = u'A', .count = 1 };
            } else {
                int count = 0;
                for (; i < format.size() && format[i] == wanted; ++i)
                    ++count;
                const bool fits = c == u'y' ? count == 2 || count == 4
                    : c == u'M'             ? count <= 3
                    : c == u'z'             ? count == 3
                                            : count <= 2;
                if (!fits)
                    return badInput(
                        u"The map's time_format “%1” has a group of %2 “%3”."_s.arg(format)
                            .arg(count)
                            .arg(c),
                        u"time_format"_s);
                piece = { .letter = c.unicode(), .count = count };
            }
        } else if (c == u'\'' && format.indexOf(u'\'', i + 1) > i) { // 'T' stands for a literal T
            const qsizetype end = format.indexOf(u'\'', i + 1);
            for (qsizetype k = i + 1; k < end; ++k)
                reader.m_pieces.push_back({ .literal = format[k] });
            i = end + 1;
            continue;
        } else if (c.isLetter() && c != u'T') {
            return badInput(
                u"The map's time_format “%1” has a letter “%2” that stands for nothing. It may use "
                "d M y H h m s z AP."_s.arg(format, c),
                u"time_format"_s);
        } else {
            piece.literal = c;
            ++i;
        }
        hasDay = hasDay || piece.letter == u'd';
        hasMonth = hasMonth || piece.letter == u'M';
        hasYear = hasYear || piece.letter == u'y';
        reader.m_pieces.push_back(piece);
    }
    if (!hasDay || !hasMonth || !hasYear)
        return badInput(
            u"The map's time_format “%1” must name day, month and year, as d/M/yyyy HH:mm does."_s
                .arg(format),
            u"time_format"_s);
    return reader;
}

Result<qint64> TimeReader::readPattern(QStringView text) const
{
    Fields f;
    qsizetype at = 0;
    bool fits = true;
    for (const Piece &piece : m_pieces) {
        if (piece.letter == 0)
            fits = at < text.size() && text[at++] == piece.literal;
        else
            fits = readGroup(piece.letter, piece.count, text, at, f);
        if (!fits)
            break;
    }
    if (!fits || at != text.size())
        return badInput(
            u"“%1” does not fit the time format “%2”"_s.arg(text.left(40).toString(), m_format));
    if (f.isTwelveHour) {
        if (f.hour < 1 || f.hour > 12)
            return badInput(
                u"“%1” has no hour of a twelve-hour clock"_s.arg(text.left(40).toString()));
        f.hour = f.hour % 12 + (f.isAfternoon ? 12 : 0);
    }
    if (f.year < 1900 || f.year > 2199)
        return badInput(u"“%1”: the year must be 1900 to 2199"_s.arg(text.left(40).toString()));
    const QDate date(f.year, f.month, f.day);
    if (!date.isValid() || f.hour > 23 || f.minute > 59 || f.second > 59)
        return badInput(u"“%1”: there is no such day or time"_s.arg(text.left(40).toString()));
    const qint64 days = QDate(1970, 1, 1).daysTo(date);
    return days * DayMs + f.hour * 3'600'000LL + f.minute * 60'000LL + f.second * 1000LL + f.milli;
}

qint64 TimeReader::toUtc(qint64 wallMs) const
{
    return m_isUtc ? wallMs : wallToUtc(wallMs, m_zone);
}

Result<Instant> TimeReader::read(QStringView text) const
{
    const QStringView t = text.trimmed();
    if (m_pieces.empty()) {
        TIERLINE_TRY(instant, Instant::parse(t, true));
        return Instant { hasOffset(t) ? instant.ms : toUtc(instant.ms) };
    }
    TIERLINE_TRY(wall, readPattern(t));
    return Instant { toUtc(wall) };
}

} // namespace tierline::importing
