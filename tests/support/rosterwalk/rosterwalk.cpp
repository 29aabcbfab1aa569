#include "tests/support/rosterwalk/rosterwalk.h"

#include <QDateTime>

#include <algorithm>

namespace tierline::test {

using namespace roster;

namespace {

constexpr Millis step { RosterWalk::StepMs };
constexpr qint64 dayOfMs = 86'400'000;

constexpr qint64 firstDay = 2'440'588; ///< QDate(1970, 1, 1).toJulianDay()

qint64 readingOf(QDate date, qint64 sinceMidnight)
{
    return (date.toJulianDay() - firstDay) * dayOfMs + sinceMidnight;
}

/// Of a reading after 1970.
QDate dateOf(qint64 reading)
{
    return QDate::fromJulianDay(reading / dayOfMs + firstDay);
}

bool isInHours(const WeekHours &hours, qint64 reading)
{
    bool isAny = false;
    for (const DayHours &day : hours)
        isAny = isAny || !day.empty();
    if (!isAny)
        return true;
    const QDate today = dateOf(reading);
    for (const QDate date : { today, today.addDays(-1) }) {
        const qint64 sinceMidnight = reading - readingOf(date, 0);
        for (const WallSpan &span : hours[static_cast<size_t>(date.dayOfWeek() - 1)]) {
            if (span.from <= sinceMidnight && sinceMidnight < span.to)
                return true;
        }
    }
    return false;
}

} // namespace

RosterWalk::RosterWalk(
    const Roster &roster, const std::vector<Absence> &absences, Instant from, Instant to)
    : m_roster(roster)
    , m_absences(absences)
    , m_zone(roster.zone.toLatin1())
    , m_from(from)
    , m_to(to)
{
    for (size_t layer = 0; layer < roster.layers.size(); ++layer)
        walk(layer);
}

/// By the toolkit's own zones, not by the code that is tested. Asking is slow: a day on which the offset is the same
/// at both ends has one.
qint64 RosterWalk::wallAt(Instant at) const
{
    const auto ask = [this](qint64 ms) {
        return m_zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC)) * qint64(1'000);
    };
    const qint64 day = at.ms - at.ms % dayOfMs;
    if (day != m_day) {
        m_day = day;
        m_offset = ask(day);
        m_isOneOffset = ask(day + dayOfMs) == m_offset;
    }
    return at.ms + (m_isOneOffset ? m_offset : ask(at.ms));
}

void RosterWalk::walk(size_t number)
{
    const Layer &layer = m_roster.layers[number];
    std::vector<Fact> &facts = m_facts.emplace_back();
    QDate nextHandover = layer.starts;
    int days = layer.rotation.every;
    if (layer.rotation.unit == Rotation::Unit::Weeks) {
        days *= 7;
        while (nextHandover.dayOfWeek() != layer.rotation.weekday)
            nextHandover = nextHandover.addDays(-1);
    }
    nextHandover = nextHandover.addDays(days);
    qint64 nextReading = readingOf(nextHandover, layer.handover);
    bool hasBegun = false;
    int turn = 0;
    Millis inTurn { 0 };
    const Instant begin { std::min(m_from.ms, readingOf(layer.starts, 0) - 2 * dayOfMs) };
    for (Instant at = begin; at < m_to; at = at + step) {
        const qint64 reading = wallAt(at);
        if (!hasBegun) {
            hasBegun = reading >= readingOf(layer.starts, layer.handover);
        } else if (layer.rotation.unit == Rotation::Unit::Hours) {
            inTurn += step;
            if (inTurn == std::chrono::hours(layer.rotation.every)) {
                ++turn;
                inTurn = Millis(0);
            }
        }
        if (hasBegun && layer.rotation.unit != Rotation::Unit::Hours) {
            while (reading >= nextReading) {
                ++turn;
                nextHandover = nextHandover.addDays(days);
                nextReading = readingOf(nextHandover, layer.handover);
            }
        }
        if (at >= m_from)
            facts.push_back({ hasBegun && isInHours(layer.hours, reading), turn });
    }
}

const RosterWalk::Fact &RosterWalk::factOf(size_t layer, Instant at) const
{
    return m_facts[layer].at(static_cast<size_t>((at - m_from) / step));
}

bool RosterWalk::isAbsent(const QString &agent, Instant at) const
{
    for (const Absence &absence : m_absences) {
        if (absence.agent == agent && absence.from <= at && at < absence.to)
            return true;
    }
    return false;
}

bool RosterWalk::isOnDuty(const QString &name, Instant at) const
{
    for (size_t layer = 0; layer < m_roster.layers.size(); ++layer) {
        if (m_roster.layers[layer].name == name)
            return factOf(layer, at).isOnDuty;
    }
    return false;
}

/// Who is there for an agent: themself, or down the chain of deputies. Empty where nobody is.
QString RosterWalk::presentFor(const QString &agent, Instant at) const
{
    QString person = agent;
    for (int asked = 0; isAbsent(person, at); ++asked) {
        QString deputy;
        for (const Absence &absence : m_absences) {
            if (absence.agent == person && absence.from <= at && at < absence.to)
                deputy = absence.deputy;
        }
        if (deputy.isEmpty() || asked == 5)
            return {};
        person = deputy;
    }
    return person;
}

/// Who has the shift after all swaps, and by which of them.
std::pair<QString, int> RosterWalk::withSwaps(size_t layer, QString agent, Instant at) const
{
    int by = -1;
    for (size_t i = 0; i < m_roster.overrides.size(); ++i) {
        const Override &swap = m_roster.overrides[i];
        const bool isOfLayer = swap.layer.isEmpty() || swap.layer == m_roster.layers[layer].name;
        const bool isOfPerson = swap.instead.isEmpty() || swap.instead == agent;
        if (isOfLayer && isOfPerson && swap.from <= at && at < swap.to) {
            agent = swap.agent;
            by = static_cast<int>(i);
        }
    }
    return { agent, by };
}

std::optional<RosterWalk::Stand> RosterWalk::dutyOf(size_t layer, Instant at) const
{
    const Fact &fact = factOf(layer, at);
    if (!fact.isOnDuty)
        return {};
    const QStringList &order = m_roster.layers[layer].agents;
    const QString &onTurn = order[fact.turn % order.size()];
    const auto [person, by] = withSwaps(layer, onTurn, at);
    Stand stand { .swap = by, .turn = fact.turn };
    // Had a stranger the turn, would it make a difference?
    if (withSwaps(layer, QStringLiteral("a stranger"), at) == std::pair(person, by))
        stand.turn = -1;
    stand.agent = presentFor(person, at);
    if (stand.agent == person) {
        stand.reason = by >= 0 ? Reason::Override : Reason::Turn;
        return stand;
    }
    stand.of = person;
    if (!stand.agent.isEmpty()) {
        stand.reason = Reason::Deputy;
        return stand;
    }
    stand.reason = Reason::Next;
    stand.turn = fact.turn;
    for (int i = 1; i <= order.size(); ++i) {
        stand.agent = presentFor(order[(fact.turn + i) % order.size()], at);
        if (!stand.agent.isEmpty())
            return stand;
    }
    return {};
}

std::optional<RosterWalk::Stand> RosterWalk::followerOf(
    size_t layer, const QString &place, Instant at) const
{
    const Fact &fact = factOf(layer, at);
    const QString person = presentFor(place, at);
    if (!fact.isOnDuty || person.isEmpty())
        return {};
    if (person == place)
        return Stand { .agent = person, .reason = Reason::Following, .turn = fact.turn };
    return Stand { .agent = person, .reason = Reason::Deputy, .of = place, .turn = fact.turn };
}

std::vector<OnCall> RosterWalk::ladderAt(Instant at, bool withTimes) const
{
    std::vector<OnCall> ladder;
    const auto add = [&](size_t layer, const auto &standAt) {
        const auto now = standAt(at);
        if (!now || ladder.size() == 10)
            return;
        for (const OnCall &before : ladder) {
            if (before.agent == now->agent)
                return;
        }
        TimeSpan so { at, at + step };
        while (withTimes && so.from > m_from && standAt(so.from - step) == now)
            so.from = so.from - step;
        while (withTimes && so.to < m_to && standAt(so.to) == now)
            so.to = so.to + step;
        ladder.push_back(
            { now->agent, m_roster.layers[layer].name, so.from, so.to, now->reason, now->of, {} });
    };
    for (size_t layer = 0; layer < m_roster.layers.size(); ++layer)
        add(layer, [&](Instant when) { return dutyOf(layer, when); });
    for (size_t layer = 0; layer < m_roster.layers.size(); ++layer) {
        if (!dutyOf(layer, at))
            continue;
        const QStringList &order = m_roster.layers[layer].agents;
        const int turn = factOf(layer, at).turn;
        for (int i = 1; i < order.size(); ++i) {
            const QString &place = order[(turn + i) % order.size()];
            add(layer, [&](Instant when) { return followerOf(layer, place, when); });
        }
        break;
    }
    return ladder;
}

} // namespace tierline::test
