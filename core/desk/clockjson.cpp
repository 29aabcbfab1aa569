#include "core/desk/clockjson.h"

#include "core/base/json.h"
#include "core/calendar/duejson.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

qint64 seconds(Millis length)
{
    return length.count() / 1000;
}

QString lineText(sla::LedgerLine::Kind kind)
{
    switch (kind) {
    case sla::LedgerLine::Kind::Running: return u"running"_s;
    case sla::LedgerLine::Kind::Paused: return u"paused"_s;
    case sla::LedgerLine::Kind::Closed: return u"closed"_s;
    }
    Q_UNREACHABLE();
}

} // namespace

QJsonObject toJson(const sla::TicketClock &clock)
{
    const sla::Reading &reading = clock.reading;
    const auto &stopped = clock.cycle.met ? clock.cycle.met : clock.cycle.cancelled;
    return { { u"clock"_s, sla::code(clock.kind) }, { u"for"_s, sla::code(clock.party()) },
        { u"cycle"_s, clock.number }, { u"tier"_s, orNull(clock.tier) },
        { u"policy"_s, orNull(clock.policy) },
        { u"edition"_s, clock.edition ? QJsonValue(clock.edition) : QJsonValue() },
        { u"calendar"_s, orNull(clock.calendar) }, { u"zone"_s, orNull(clock.zone) },
        { u"zone_by"_s, sla::code(clock.zoneBy) },
        { u"target_s"_s,
            clock.target > Millis(0) ? QJsonValue(seconds(clock.target)) : QJsonValue() },
        { u"started"_s, orNull(clock.cycle.start) }, { u"due"_s, orNull(reading.due) },
        { u"stopped"_s, orNull(stopped) }, { u"state"_s, sla::code(reading.state) },
        { u"elapsed_s"_s, seconds(reading.elapsed) },
        { u"remaining_s"_s, seconds(reading.remaining) },
        { u"overdue_s"_s, seconds(reading.overdue) },
        { u"breached_at"_s, orNull(reading.breachedAt) },
        { u"cause"_s, orNull(sla::text(reading.cause)) },
        { u"unanswered"_s, clock.isClosedUnanswered },
        { u"stops_when_sent"_s, clock.stopsWhenSent }, { u"of"_s, orNull(clock.of) } };
}

std::vector<sla::TicketClock> inOrder(std::vector<sla::TicketClock> clocks)
{
    const auto rank = [](const sla::TicketClock &clock) {
        const qint64 due
            = clock.reading.due ? clock.reading.due->ms : std::numeric_limits<qint64>::max();
        return std::pair(!clock.isOpen(), clock.isOpen() ? due : 0);
    };
    std::ranges::stable_sort(clocks, {}, rank);
    return clocks;
}

QJsonArray toJson(const std::vector<sla::TicketClock> &clocks)
{
    QJsonArray rows;
    for (const sla::TicketClock &clock : inOrder(clocks))
        rows.append(toJson(clock));
    return rows;
}

QJsonObject ledgerJson(const sla::TicketClock &clock, Instant now)
{
    QJsonArray lines;
    for (const sla::LedgerLine &line : sla::ledger(clock.cycle, *clock.hours, now))
        lines.append(
            QJsonObject { { u"from"_s, line.span.from.iso() }, { u"to"_s, line.span.to.iso() },
                { u"kind"_s, lineText(line.kind) }, { u"seconds"_s, seconds(line.span.length()) },
                { u"calendar_edition"_s, line.edition + 1 } });
    QJsonArray targets;
    for (const sla::Cycle::Target &target : clock.cycle.targets)
        targets.append(QJsonObject { { u"from"_s, target.from.iso() },
            { u"target"_s,
                target.isOff ? QJsonValue() : QJsonValue(sla::targetText(target.length)) } });
    QJsonArray byHand;
    for (const sla::Cycle::Manual &manual : clock.cycle.manual)
        byHand.append(QJsonObject { { u"from"_s, manual.from.iso() },
            { u"released"_s, orNull(manual.released) }, { u"due"_s, manual.due.iso() },
            { u"reason"_s, manual.reason } });
    QJsonObject json = toJson(clock);
    json[u"ledger"_s] = lines;
    json[u"targets"_s] = targets;
    json[u"by_hand"_s] = byHand;
    return json;
}

} // namespace tierline::desk
