#include "widgets/docks/api/agreementwords.h"

#include "widgets/common/plainlabel.h"

namespace tierline::ui {

using namespace Qt::StringLiterals;
using desk::LedgerStretch;
using sla::ClockKind;

QString AgreementWords::clock(ClockKind kind, const QString &tier)
{
    const QString at = oneLine(tier, 24);
    switch (kind) {
    case ClockKind::FirstResponse: return tr("First reply");
    case ClockKind::NextResponse: return tr("Next reply");
    case ClockKind::PeriodicUpdate: return tr("Regular update");
    case ClockKind::Promise: return tr("Promised time");
    case ClockKind::RequesterWait: return tr("Customer's wait");
    case ClockKind::AgentWork: return tr("Our work");
    case ClockKind::FirstResolution: return tr("First solution");
    case ClockKind::TotalResolution: return tr("Final solution");
    case ClockKind::Accept: return at.isEmpty() ? tr("Accept") : tr("Accept by %1").arg(at);
    case ClockKind::TierResponse:
        return at.isEmpty() ? tr("Reply by the tier") : tr("Reply by %1").arg(at);
    case ClockKind::TierResolution:
        return at.isEmpty() ? tr("Solution by the tier") : tr("Solution by %1").arg(at);
    case ClockKind::Supplier: return tr("Supplier's answer");
    }
    return {};
}

QString AgreementWords::party(sla::Party party)
{
    switch (party) {
    case sla::Party::Customer: return tr("Customers");
    case sla::Party::Internal: return tr("Between tiers");
    case sla::Party::Supplier: return tr("Suppliers");
    }
    return {};
}

QString AgreementWords::zoneChoice(sla::ZoneChoice choice)
{
    switch (choice) {
    case sla::ZoneChoice::Customer: return tr("the customer's");
    case sla::ZoneChoice::Organization: return tr("the company's");
    case sla::ZoneChoice::Team: return tr("the team's");
    case sla::ZoneChoice::Calendar: return tr("the calendar's own");
    }
    return {};
}

ClockFace AgreementWords::face(const sla::TicketClock &clock)
{
    using sla::State;
    const State state = clock.reading.state;
    return { .due = clock.reading.due,
        .start = clock.cycle.start,
        .isPaused = state == State::Paused || state == State::BreachedPaused,
        .isMet = state == State::Met };
}

QString AgreementWords::brief(const sla::TicketClock &clock, const TimeWords &words, Instant now)
{
    switch (clock.reading.state) {
    case sla::State::Idle: return tr("not begun");
    case sla::State::Cancelled: return tr("ended");
    case sla::State::MetLate: return tr("met late");
    default: return words.brief(face(clock), now);
    }
}

QString AgreementWords::headline(const sla::TicketClock &clock, const TimeWords &words, Instant now)
{
    using sla::State;
    const sla::Reading &reading = clock.reading;
    const auto at = [&](const std::optional<Instant> &instant) {
        return instant ? words.stamp(*instant, now) : QString();
    };
    switch (reading.state) {
    case State::Idle: return tr("Has not begun");
    case State::Running:
        return reading.due ? tr("Due %1").arg(at(reading.due))
                           : tr("Never due: the calendar does not open long enough");
    case State::Paused: return tr("Paused, %1 left").arg(serviceTime(reading.remaining));
    case State::Met: return tr("Met %1").arg(at(clock.cycle.met));
    case State::BreachedRunning: return tr("Missed %1").arg(at(reading.breachedAt));
    case State::BreachedPaused: return tr("Missed %1, paused now").arg(at(reading.breachedAt));
    case State::MetLate:
        return tr("Met %1, %2 late").arg(at(clock.cycle.met), serviceTime(reading.overdue));
    case State::Cancelled: return tr("Ended %1 without being met").arg(at(clock.cycle.cancelled));
    }
    return {};
}

QString AgreementWords::account(const sla::TicketClock &clock)
{
    const sla::Reading &reading = clock.reading;
    QStringList parts;
    if (clock.target > Millis(0))
        parts.append(tr("Promised %1").arg(serviceTime(clock.target)));
    parts.append(tr("%1 used").arg(serviceTime(reading.elapsed)));
    if (reading.overdue > Millis(0))
        parts.append(tr("%1 over").arg(serviceTime(reading.overdue)));
    else if (clock.isOpen())
        parts.append(tr("%1 left").arg(serviceTime(reading.remaining)));
    if (reading.cause == sla::Cause::PolicyChange)
        parts.append(tr("missed because the agreement changed"));
    else if (reading.cause == sla::Cause::ManualDue)
        parts.append(tr("the time set by hand passed"));
    if (clock.stopsWhenSent)
        parts.append(tr("stops when sent"));
    if (clock.isClosedUnanswered)
        parts.append(tr("solved without a reply"));
    if (!clock.of.isEmpty())
        parts.append(tr("of %1, which was merged into this ticket").arg(oneLine(clock.of, 60)));
    return parts.join(u" · "_s);
}

QString AgreementWords::source(const desk::LedgerClock &ledger)
{
    const sla::TicketClock &clock = ledger.clock;
    if (clock.policy.isEmpty())
        return tr("Stated to the customer by one of us; it runs around the clock.");
    const int version = ledger.past.empty() ? 1 : ledger.past.back().calendarVersion;
    return tr("Policy “%1”, version %2. Calendar “%3”, version %4, read in %5: %6 time zone.")
        .arg(oneLine(clock.policy, 60), QString::number(clock.edition), oneLine(clock.calendar, 60),
            QString::number(version), oneLine(clock.zone, 60), zoneChoice(clock.zoneBy));
}

QString AgreementWords::serviceTime(Millis time)
{
    const qint64 seconds = qAbs(time.count()) / 1000;
    if (seconds < 86'400)
        return durationText(time);
    const qint64 minutes = seconds % 3600 / 60;
    const QString hours = tr("%1 h").arg(seconds / 3600);
    return minutes == 0 ? hours : tr("%1 %2 min").arg(hours).arg(minutes);
}

QString AgreementWords::stretch(LedgerStretch::Kind kind)
{
    switch (kind) {
    case LedgerStretch::Kind::Running: return tr("Running");
    case LedgerStretch::Kind::Paused: return tr("Paused");
    case LedgerStretch::Kind::Closed: return tr("Closed");
    }
    return {};
}

QString AgreementWords::cause(const LedgerStretch &stretch, const TimeWords &words)
{
    switch (stretch.cause) {
    case LedgerStretch::Cause::None: return {};
    case LedgerStretch::Cause::Customer: return tr("waiting for the customer");
    case LedgerStretch::Cause::Hold: return tr("on hold");
    case LedgerStretch::Cause::Paused: return tr("by the agreement");
    case LedgerStretch::Cause::Hours: return tr("outside business hours");
    case LedgerStretch::Cause::Holiday:
        //: %1 is a day: "1 May"
        return tr("outside business hours, special day %1")
            .arg(words.locale.toString(stretch.holiday, u"d MMM"_s));
    }
    return {};
}

QString AgreementWords::span(const TimeSpan &span, const TimeWords &words, Instant now)
{
    const QString from = words.stamp(span.from, now);
    QString to = words.stamp(span.to, now);
    const QString time = words.wallTime(span.to);
    // The day is said once.
    const QString day = from.left(from.size() - words.wallTime(span.from).size());
    if (from.endsWith(words.wallTime(span.from)) && to == day + time)
        to = time;
    else if (to == time && !day.isEmpty())
        //: %1 is a time of this day
        to = tr("today %1").arg(time);
    return from + u" – "_s + to;
}

QString AgreementWords::text(const desk::TicketLedger &ledger, const TimeWords &words)
{
    QStringList lines { oneLine(ledger.key, 60) + u' ' + oneLine(ledger.subject, 200),
        tr("As of %1").arg(words.exact(ledger.at)) };
    for (const desk::LedgerClock &one : ledger.clocks) {
        lines << QString()
              << clock(one.clock.kind, one.clock.tier) + u": "_s
                + headline(one.clock, words, ledger.at)
              << account(one.clock) << source(one);
        if (one.clock.reading.due)
            lines << tr("Due: %1").arg(words.exact(*one.clock.reading.due));
        for (const LedgerStretch &each : one.past) {
            const QString why = cause(each, words);
            lines << u"  %1  %2 – %3  %4%5"_s.arg(stretch(each.kind), words.exact(each.span.from),
                words.exact(each.span.to), serviceTime(each.span.length()),
                why.isEmpty() ? QString() : u"  "_s + why);
        }
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace tierline::ui
