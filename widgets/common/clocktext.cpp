#include "widgets/common/clocktext.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

constexpr qint64 Second = 1'000;
constexpr qint64 Minute = 60 * Second;
constexpr qint64 Hour = 60 * Minute;
constexpr qint64 Day = 24 * Hour;

struct ClockWords {
    Q_DECLARE_TR_FUNCTIONS(ClockText)
};

/// The wall's reading as if it were UTC. Qt 6.4 computes with local times wrongly around the switch of
/// summer time; an offset found from UTC is right.
QDateTime atWall(Instant instant, const QTimeZone &zone)
{
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(instant.ms, Qt::UTC);
    return utc.addSecs(zone.isValid() ? zone.offsetFromUtc(utc) : 0);
}

qint64 roundedUp(qint64 ms, qint64 unit)
{
    return (ms + unit - 1) / unit;
}

/// Whether a clock that still runs for `left` is told as a day rather than as hours.
bool isToldAsDay(qint64 left, Instant due, Instant now, const QTimeZone &zone)
{
    return left >= Day
        || (left >= 6 * Hour && atWall(due, zone).date() != atWall(now, zone).date());
}

QString hoursAndMinutes(qint64 minutes)
{
    //: Hours and minutes of a clock, as short as possible: "1 h 52"
    return ClockWords::tr("%1 h %2").arg(minutes / 60).arg(minutes % 60, 2, 10, QChar(u'0'));
}

QString left(qint64 ms, Instant due, Instant now, const QTimeZone &zone)
{
    const qint64 seconds = roundedUp(ms, Second);
    if (seconds < 3'600)
        return u"%1:%2"_s.arg(seconds / 60).arg(seconds % 60, 2, 10, QChar(u'0'));
    if (!isToldAsDay(ms, due, now, zone))
        return hoursAndMinutes(roundedUp(ms, Minute));
    const qint64 days = atWall(now, zone).date().daysTo(atWall(due, zone).date());
    if (days <= 1)
        //: A clock that ends on the next day
        return ClockWords::tr("tomorrow");
    //: Days that a clock has left: "3 d"
    return ClockWords::tr("%1 d").arg(days);
}

QString late(qint64 ms)
{
    if (ms < Minute)
        //: A clock that ended seconds ago
        return ClockWords::tr("%1 s late").arg(ms / Second);
    if (ms < Hour)
        //: A clock that ended minutes ago
        return ClockWords::tr("%1 min late").arg(ms / Minute);
    if (ms < Day)
        //: %1 is hours and minutes: "2 h 10"
        return ClockWords::tr("%1 late").arg(hoursAndMinutes(ms / Minute));
    //: A clock that ended days ago
    return ClockWords::tr("%1 d late").arg(ms / Day);
}

/// The two largest units, in whole words.
QString longDuration(qint64 ms)
{
    const int days = int(ms / Day);
    const int hours = int(ms % Day / Hour);
    const int minutes = int(ms % Hour / Minute);
    const int seconds = int(ms % Minute / Second);
    const auto pair = [](const QString &first, int n, const QString &second) {
        return n == 0 ? first : u"%1 %2"_s.arg(first, second);
    };
    if (days > 0)
        return pair(ClockWords::tr("%n day(s)", nullptr, days), hours,
            ClockWords::tr("%n hour(s)", nullptr, hours));
    if (hours > 0)
        return pair(ClockWords::tr("%n hour(s)", nullptr, hours), minutes,
            ClockWords::tr("%n minute(s)", nullptr, minutes));
    if (minutes > 0)
        return pair(ClockWords::tr("%n minute(s)", nullptr, minutes), seconds,
            ClockWords::tr("%n second(s)", nullptr, seconds));
    return ClockWords::tr("%n second(s)", nullptr, seconds);
}

} // namespace

ClockState clockState(const ClockFace &clock, Instant now)
{
    if (clock.isMet)
        return ClockState::Met;
    if (clock.isPaused)
        return ClockState::Paused;
    if (!clock.due)
        return ClockState::None;
    if (now >= *clock.due)
        return ClockState::Breached;
    if (clock.start && *clock.start < *clock.due) {
        const double whole = double((*clock.due - *clock.start).count());
        if (double((now - *clock.start).count()) >= AtRiskFrom * whole)
            return ClockState::AtRisk;
    }
    return ClockState::Running;
}

QString TimeWords::brief(const ClockFace &clock, Instant now) const
{
    switch (clockState(clock, now)) {
    case ClockState::None: return {};
    case ClockState::Paused:
        //: A clock that does not run at present
        return ClockWords::tr("paused");
    case ClockState::Met:
        //: A clock that was kept
        return ClockWords::tr("met");
    case ClockState::Breached: return late((now - *clock.due).count());
    case ClockState::Running:
    case ClockState::AtRisk: break;
    }
    return left((*clock.due - now).count(), *clock.due, now, zone);
}

QString TimeWords::spoken(const ClockFace &clock, Instant now) const
{
    switch (clockState(clock, now)) {
    case ClockState::None: return ClockWords::tr("nothing is due");
    case ClockState::Paused: return ClockWords::tr("the clock is paused");
    case ClockState::Met: return ClockWords::tr("the time limit was met");
    case ClockState::Breached:
        return ClockWords::tr("%1 late").arg(longDuration((now - *clock.due).count()));
    case ClockState::AtRisk:
        return ClockWords::tr("at risk, due in %1")
            .arg(longDuration(roundedUp((*clock.due - now).count(), Second) * Second));
    case ClockState::Running: break;
    }
    return ClockWords::tr("due in %1")
        .arg(longDuration(roundedUp((*clock.due - now).count(), Second) * Second));
}

QString TimeWords::exact(Instant instant) const
{
    const QDateTime wall = atWall(instant, zone);
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(instant.ms, Qt::UTC);
    const QString name = zone.isValid() ? zone.abbreviation(utc) : u"UTC"_s;
    //: An exact instant: day, time, time zone
    return ClockWords::tr("%1, %2 %3")
        .arg(locale.toString(wall.date(), QLocale::LongFormat),
            locale.toString(wall.time(), u"HH:mm"_s), name);
}

QString TimeWords::ago(Instant then, Instant now) const
{
    const qint64 ms = std::max<qint64>(0, (now - then).count());
    if (ms < 2 * Second)
        //: Something that has just happened
        return ClockWords::tr("now");
    if (ms < Minute)
        return ClockWords::tr("%1 s ago").arg(ms / Second);
    if (ms < Hour)
        return ClockWords::tr("%1 min ago").arg(ms / Minute);
    const QDate then_day = atWall(then, zone).date();
    const qint64 days = then_day.daysTo(atWall(now, zone).date());
    if (days == 0 || ms < 6 * Hour)
        return ClockWords::tr("%1 h ago").arg(ms / Hour);
    if (days == 1)
        //: Something that happened on the day before
        return ClockWords::tr("yesterday");
    return locale.toString(then_day, QLocale::ShortFormat);
}

QString TimeWords::stamp(Instant then, Instant now) const
{
    const QDate day = atWall(then, zone).date();
    const QDate today = atWall(now, zone).date();
    const qint64 days = day.daysTo(today);
    const QString time = wallTime(then);
    if (days == 0)
        return time;
    if (days == 1)
        //: %1 is a time of day: "yesterday 22:10"
        return ClockWords::tr("yesterday %1").arg(time);
    if (days > 1 && days < 7)
        return locale.toString(day, u"ddd"_s) + u' ' + time;
    if (day.year() == today.year())
        return locale.toString(day, u"d MMM"_s) + u' ' + time;
    return locale.toString(day, u"d MMM yyyy"_s);
}

QString TimeWords::wallTime(Instant instant) const
{
    return locale.toString(atWall(instant, zone).time(), u"HH:mm"_s);
}

Millis untilBriefChanges(const ClockFace &clock, Instant now)
{
    const ClockState state = clockState(clock, now);
    if (state != ClockState::Running && state != ClockState::AtRisk
        && state != ClockState::Breached)
        return Millis(Hour);
    qint64 wait = 0;
    if (state == ClockState::Breached) {
        const qint64 over = (now - *clock.due).count();
        const qint64 unit = over < Minute ? Second : over < Day ? Minute : Hour;
        wait = unit - over % unit;
    } else {
        const qint64 rest = (*clock.due - now).count();
        // In its last hour and at the hour's edge a clock shows seconds.
        const qint64 unit = rest <= Hour ? Second : Minute;
        wait = rest % unit == 0 ? unit : rest % unit;
        if (clock.start && state == ClockState::Running) {
            const qint64 whole = (*clock.due - *clock.start).count();
            const qint64 risk = clock.start->ms + qint64(AtRiskFrom * double(whole)) - now.ms;
            if (risk > 0)
                wait = std::min(wait, risk);
        }
    }
    return Millis(std::clamp<qint64>(wait, 1, Hour));
}

Icon clockIcon(ClockState state)
{
    switch (state) {
    case ClockState::AtRisk: return Icon::ClockAtRisk;
    case ClockState::Breached: return Icon::ClockBreached;
    case ClockState::Met: return Icon::ClockMet;
    case ClockState::Paused: return Icon::ClockPaused;
    case ClockState::None:
    case ClockState::Running: break;
    }
    return Icon::ClockRunning;
}

Token clockToken(ClockState state)
{
    switch (state) {
    case ClockState::AtRisk: return Token::AtRisk;
    case ClockState::Breached: return Token::Breached;
    case ClockState::Met: return Token::Met;
    case ClockState::None:
    case ClockState::Running:
    case ClockState::Paused: break;
    }
    return Token::Muted;
}

} // namespace tierline::ui
