#include "core/desk/ledger.h"

#include "core/commands/agreements.h"
#include "core/desk/clockjson.h"
#include "core/storage/tickets.h"

#include <QJsonDocument>
#include <QSaveFile>

namespace tierline::desk {

using namespace Qt::StringLiterals;
using Cause = LedgerStretch::Cause;

namespace {

constexpr size_t mostStretches = 500;

qint64 dayOf(qint64 wall)
{
    return wall >= 0 ? wall / DayMs : -((DayMs - 1 - wall) / DayMs);
}

/// The first day of the stretch, as the calendar's wall reads, that is no usual day of its week.
QDate holidayIn(const TimeSpan &span, const Calendar &calendar)
{
    const Calendar::Definition &hours = calendar.definition();
    if (hours.isAlways)
        return {};
    const qint64 first = dayOf(span.from.ms + calendar.zone().offsetAt(span.from));
    const Instant last { span.to.ms - 1 };
    const qint64 end = dayOf(last.ms + calendar.zone().offsetAt(last));
    const QDate epoch(1970, 1, 1);
    for (const auto &[date, open] : hours.days) {
        const qint64 number = epoch.daysTo(date);
        if (number > end)
            break;
        if (number >= first)
            return date;
    }
    if (hours.yearly.empty())
        return {};
    for (qint64 number = first; number <= std::min(end, first + 400); ++number) {
        const QDate date = epoch.addDays(number);
        if (hours.yearly.contains({ date.month(), date.day() }))
            return date;
    }
    return {};
}

/// What the ticket's status said at an instant.
Cause causeOfPause(const std::vector<Event> &events, Instant at)
{
    std::optional<Status> status;
    for (const Event &event : events) {
        if (event.at > at)
            break;
        if (event.status)
            status = event.status;
    }
    return status == Status::Pending ? Cause::Customer
        : status == Status::Hold     ? Cause::Hold
                                     : Cause::Paused;
}

LedgerStretch stretchOf(
    const sla::LedgerLine &line, const sla::TicketClock &clock, const std::vector<Event> &events)
{
    LedgerStretch stretch {
        .span = line.span, .kind = line.kind, .calendarVersion = line.edition + 1
    };
    const auto &editions = clock.hours->all();
    switch (line.kind) {
    case sla::LedgerLine::Kind::Running: break;
    case sla::LedgerLine::Kind::Paused: stretch.cause = causeOfPause(events, line.span.from); break;
    case sla::LedgerLine::Kind::Closed:
        if (size_t(line.edition) < editions.size())
            stretch.holiday = holidayIn(line.span, editions[size_t(line.edition)].calendar);
        stretch.cause = stretch.holiday.isValid() ? Cause::Holiday : Cause::Hours;
        break;
    }
    return stretch;
}

LedgerClock ledgerOf(sla::TicketClock clock, const std::vector<Event> &events, Instant now)
{
    LedgerClock ledger { .clock = std::move(clock) };
    const sla::Reading &reading = ledger.clock.reading;
    std::vector<sla::LedgerLine> lines = sla::ledger(ledger.clock.cycle, *ledger.clock.hours, now);
    if (lines.size() > mostStretches) {
        ledger.leftOut = qint64(lines.size() - mostStretches);
        lines.erase(lines.begin(), lines.begin() + ledger.leftOut);
    }
    for (const sla::LedgerLine &line : lines)
        ledger.past.push_back(stretchOf(line, ledger.clock, events));
    if (!ledger.clock.isOpen() || !reading.due || *reading.due <= now)
        return ledger;
    for (sla::LedgerLine line :
        sla::ledger(ledger.clock.cycle, *ledger.clock.hours, *reading.due)) {
        line.span.from = std::max(line.span.from, now);
        if (line.span.from < line.span.to && ledger.ahead.size() < mostStretches)
            ledger.ahead.push_back(stretchOf(line, ledger.clock, events));
    }
    return ledger;
}

} // namespace

Result<TicketLedger> loadLedger(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket, Instant now)
{
    TIERLINE_TRY(state, storage::loadTicket(connection, ticket));
    if (!visibility.sees(state.ticket.team))
        return notFound(u"There is no such ticket; `queue` and `search` show those there are."_s);
    TIERLINE_TRY(clocks, commands::loadClocks(connection, state.ticket, now));
    TIERLINE_TRY(events, storage::loadEvents(connection, ticket));
    TicketLedger ledger {
        .ticket = ticket, .key = state.ticket.key, .subject = state.ticket.subject, .at = now
    };
    for (sla::TicketClock &clock : inOrder(std::move(clocks)))
        ledger.clocks.push_back(ledgerOf(std::move(clock), events, now));
    return ledger;
}

Result<Done> saveLedger(const TicketLedger &ledger, const QString &path)
{
    QJsonArray rows;
    for (const LedgerClock &clock : ledger.clocks)
        rows.append(ledgerJson(clock.clock, ledger.at));
    const QJsonObject document { { u"ticket"_s, ledger.key }, { u"at"_s, ledger.at.iso() },
        { u"clocks"_s, rows } };
    const QByteArray text = QJsonDocument(document).toJson();
    QSaveFile out(path);
    if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit())
        return storageError(
            u"“%1” cannot be written: %2. Choose another place."_s.arg(path, out.errorString()));
    return Done {};
}

} // namespace tierline::desk
