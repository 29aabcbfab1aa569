#include "core/net/httpdate.h"

#include <QDateTime>
#include <QList>
#include <QTimeZone>

namespace tierline::net {

namespace {

const QByteArrayList months { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
    "Nov", "Dec" };

std::optional<int> number(const QByteArray &text)
{
    if (text.isEmpty() || text.size() > 4)
        return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Instant> made(
    const QByteArray &day, const QByteArray &month, const QByteArray &year, const QByteArray &time)
{
    const auto d = number(day);
    const auto y = number(year);
    const auto m = months.indexOf(month) + 1;
    const QByteArrayList clock = time.split(':');
    if (!d || !y || m == 0 || clock.size() != 3)
        return std::nullopt;
    const auto hour = number(clock[0]);
    const auto minute = number(clock[1]);
    const auto second = number(clock[2]);
    if (!hour || !minute || !second)
        return std::nullopt;
    // Two digits, from the oldest of the three forms: the century that is nearest to us.
    const int fullYear = year.size() > 2 ? *y : (*y < 70 ? 2000 + *y : 1900 + *y);
    const QDate date(fullYear, static_cast<int>(m), *d);
    // A leap second reads as the second before it; no server means more by it.
    const QTime at(*hour, *minute, qMin(*second, 59));
    if (!date.isValid() || !at.isValid() || *second > 60)
        return std::nullopt;
    const Instant result { QDateTime(date, at, Qt::UTC).toMSecsSinceEpoch() };
    if (result.ms < Instant::MinMs || result.ms > Instant::MaxMs)
        return std::nullopt;
    return result;
}

} // namespace

std::optional<Instant> parseHttpDate(QByteArrayView text)
{
    if (text.size() > 64)
        return std::nullopt;
    QByteArrayList words = text.toByteArray().simplified().split(' ');
    // Sun, 06 Nov 1994 08:49:37 GMT
    if (words.size() == 6 && (words[5] == "GMT" || words[5] == "UTC"))
        return made(words[1], words[2], words[3], words[4]);
    // Sunday, 06-Nov-94 08:49:37 GMT
    if (words.size() == 4 && words[3] == "GMT") {
        const QByteArrayList date = words[1].split('-');
        if (date.size() == 3)
            return made(date[0], date[1], date[2], words[2]);
    }
    // Sun Nov  6 08:49:37 1994
    if (words.size() == 5 && words[0].size() == 3)
        return made(words[2], words[1], words[4], words[3]);
    return std::nullopt;
}

} // namespace tierline::net
