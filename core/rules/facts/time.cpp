#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

struct Since {
    QString id;
    QStringList patterns;
    QString help;
    QString said;
    Changes changes;
    Reading (*read)(const Subject &, const Ask &);
};

/// Any event of the ticket itself. Moves, solves and words from outside open and end escalations too.
constexpr Changes ownEvents = 0x3ff;

void add(FactTable &table, const Since &row)
{
    QString example = row.patterns.front();
    table.add({ .id = row.id,
        .group = u"time"_s,
        .patterns = row.patterns,
        .type = FactType::Elapsed,
        .help = row.help,
        .example = example.replace(u"{for}"_s, u"2h"_s),
        .changes = row.changes,
        .said = row.said,
        .read = row.read });
}

void addSince(FactTable &table)
{
    using enum Change;
    add(table,
        { u"no-agent-reply"_s, { u"no agent reply for {for}"_s, u"no reply for {for}"_s },
            u"The customer waits for an answer so long."_s, u"waited %1"_s, Message | Status,
            [](const Subject &s, const Ask &) { return Reading::of(s.activity.waitingSince); } });
    add(table,
        { u"no-customer-reply"_s, { u"no customer reply for {for}"_s },
            u"We wait for the customer so long."_s, u"silent %1"_s, Message | Status,
            [](const Subject &s, const Ask &) {
                return Reading::of(s.activity.customerSilentSince);
            } });
    add(table,
        { u"unassigned"_s, { u"unassigned for {for}"_s }, u"Nobody has the ticket so long."_s,
            u"unassigned %1"_s, Owner | Status, [](const Subject &s, const Ask &) {
                return Reading::of(s.activity.unassignedSince);
            } });
    add(table,
        { u"in-tier"_s, { u"in tier for {for}"_s }, u"The ticket is at its tier so long."_s,
            u"in tier %1"_s, Place | Status,
            [](const Subject &s, const Ask &) { return Reading::of(s.activity.tierSince); } });
    add(table,
        { u"idle"_s, { u"idle for {for}"_s },
            u"Nobody on either side touched the ticket so long."_s, u"idle %1"_s,
            ownEvents, // each is a touch
            [](const Subject &s, const Ask &) { return Reading::of(s.activity.touchedAt); } });
    add(table,
        { u"open"_s, { u"open for {for}"_s },
            u"The ticket is not solved so long, since it was made or opened again."_s, u"open %1"_s,
            Changes(Status),
            [](const Subject &s, const Ask &) { return Reading::of(s.activity.openSince); } });
    add(table,
        { u"in-status"_s, { u"in status for {for}"_s }, u"The ticket has its status so long."_s,
            u"in status %1"_s, Changes(Status),
            [](const Subject &s, const Ask &) { return Reading::of(s.activity.statusSince); } });
    add(table,
        { u"not-accepted"_s, { u"unaccepted for {for}"_s },
            u"An escalation waits so long for somebody to accept it."_s, u"unaccepted %1"_s,
            ownEvents, [](const Subject &s, const Ask &) {
                return Reading::of(s.activity.unacceptedSince);
            } });
    add(table,
        { u"accepted-untouched"_s, { u"accepted but untouched for {for}"_s },
            u"Somebody accepted the escalation, and nothing happened so long."_s, u"untouched %1"_s,
            ownEvents, [](const Subject &s, const Ask &) {
                return Reading::of(s.activity.acceptedUntouchedSince);
            } });
    add(table,
        { u"flagged"_s, { u"flagged for {for}"_s },
            u"The ticket is marked as out of scope so long, and not escalated."_s, u"flagged %1"_s,
            ownEvents,
            [](const Subject &s, const Ask &) { return Reading::of(s.activity.flaggedSince); } });
}

Reading earliest(const Subject &s, const Ask &ask)
{
    return Reading::of(s.whenLeft(std::nullopt, ask.left));
}

template<sla::ClockKind kind>
Reading left(const Subject &s, const Ask &ask)
{
    return Reading::of(s.whenLeft(kind, ask.left));
}

constexpr Changes ofClocks
    = Change::Clock | Change::Message | Change::Status | Change::Escalation | Change::Priority;

/// `clock`: "first response"; the fact's name is made of it.
void addLeft(FactTable &table, const QString &clock, const QString &code, const QString &help,
    Reading (*read)(const Subject &, const Ask &))
{
    table.add({ .id = QString(clock).replace(u' ', u'-') + u"-left"_s,
        .group = u"time"_s,
        .patterns = { clock + u" left below {below}"_s },
        .type = FactType::Left,
        .help = help,
        .example = clock + u" left below 30m"_s,
        .changes = ofClocks,
        .said = u"%1 left"_s,
        .clock = code,
        .read = read });
}

template<sla::ClockKind kind>
void addLeft(FactTable &table, const QString &clock, const QString &of)
{
    addLeft(table, clock, sla::code(kind), u"The same for %1."_s.arg(of), &left<kind>);
}

void addClocks(FactTable &table)
{
    using enum sla::ClockKind;
    addLeft(table, u"sla"_s, {},
        u"Of the clock that ends first, at most so much is left, in time or as a share."_s,
        &earliest);
    addLeft<FirstResponse>(table, u"first response"_s, u"the first response"_s);
    addLeft<NextResponse>(table, u"next response"_s, u"the next response"_s);
    addLeft<PeriodicUpdate>(
        table, u"periodic update"_s, u"the next word that was promised in regular steps"_s);
    addLeft<Promise>(table, u"promise"_s, u"the time that somebody promised"_s);
    addLeft<RequesterWait>(
        table, u"requester wait"_s, u"the time that the customer has waited for us in all"_s);
    addLeft<AgentWork>(table, u"agent work"_s, u"the time that the work is with us"_s);
    addLeft<FirstResolution>(table, u"first resolution"_s, u"the first solution"_s);
    addLeft<TotalResolution>(table, u"resolution"_s, u"the resolution, openings again included"_s);
    addLeft<Accept>(table, u"accept"_s, u"somebody to accept the ticket"_s);
    addLeft<TierResponse>(
        table, u"tier response"_s, u"the answer of the tier that holds the ticket"_s);
    addLeft<TierResolution>(
        table, u"tier resolution"_s, u"the solution by the tier that holds the ticket"_s);
    addLeft<Supplier>(table, u"supplier"_s, u"the supplier that the ticket waits for"_s);
    table.add({ .id = u"sla-breached"_s,
        .group = u"time"_s,
        .patterns = { u"sla breached"_s },
        .type = FactType::Left,
        .help = u"The clock that ends first has ended."_s,
        .example = u"sla breached"_s,
        .changes = ofClocks,
        .said = u"%1 left"_s,
        .read = [](const Subject &s, const Ask &) { return earliest(s, {}); } });
    table.add({ .id = u"sla-breached-for"_s,
        .group = u"time"_s,
        .patterns = { u"sla breached for {for}"_s },
        .type = FactType::Elapsed,
        .help = u"The clock that ends first ended so long ago."_s,
        .example = u"sla breached for 1h"_s,
        .changes = ofClocks,
        .said = u"over by %1"_s,
        .read = [](const Subject &s, const Ask &) { return earliest(s, {}); } });
}

/// When the hours closed before an instant at which they are closed: the same however often it is asked.
Instant closedSince(const CalendarEditions &hours, Instant now)
{
    for (const qint64 days : { 7, 60, 800 }) {
        std::optional<Instant> since;
        ServiceWalk walk(hours, now - Millis(days * msOf(TimeUnit::Day)));
        for (auto open = walk.next(); open && open->to <= now; open = walk.next())
            since = open->to;
        if (since)
            return *since;
    }
    return { Instant::MinMs };
}

/// From one closing to the next opening; the present span, or the one to come.
Reading closedSpan(const Subject &s, const Ask &)
{
    if (!s.hours.isKnown())
        return Reading::unknown();
    const CalendarEditions &hours = *s.hours.calendar;
    const auto span = [](Instant from, Instant to) {
        return Reading { .state = Reading::State::Value, .number = from.ms, .to = to.ms };
    };
    ServiceWalk walk(hours, s.now);
    const auto first = walk.next();
    if (!first) // never opens again
        return span(closedSince(hours, s.now), { Instant::MaxMs });
    if (first->from > s.now)
        return span(closedSince(hours, s.now), first->from);
    const auto second = walk.next();
    return span(first->to, second ? second->from : Instant { Instant::MaxMs });
}

/// From one opening to the next closing; the present span, or the one to come. Where nobody has said when the team
/// works, it always does.
Reading openSpan(const Subject &s, const Ask &)
{
    const auto span = [](Instant from, Instant to) {
        return Reading { .state = Reading::State::Value, .number = from.ms, .to = to.ms };
    };
    if (!s.hours.isKnown())
        return span({ Instant::MinMs }, { Instant::MaxMs });
    const auto open = ServiceWalk(*s.hours.calendar, s.now).next();
    return open ? span(open->from, open->to)
                : span({ Instant::MaxMs }, { Instant::MaxMs }); // never again
}

} // namespace

void factsTime(FactTable &table)
{
    addSince(table);
    addClocks(table);
    table.add({ .id = u"after-hours"_s,
        .group = u"time"_s,
        .patterns = { u"outside service hours"_s },
        .type = FactType::Span,
        .help = u"The team's calendar is closed now."_s,
        .example = u"outside service hours"_s,
        .changes = Changes(Change::Place),
        .read = closedSpan });
    table.add({ .id = u"service-hours"_s,
        .group = u"time"_s,
        .patterns = { u"during service hours"_s },
        .type = FactType::Span,
        .help = u"The team's calendar is open now: what became due before waits for the opening."_s,
        .example = u"during service hours"_s,
        .changes = Changes(Change::Place),
        .isMoment = true,
        .read = openSpan });
}

} // namespace tierline::rules
