#include "core/rules/subject.h"

namespace tierline::rules {

std::optional<Instant> Hours::whenHasRun(Instant from, Millis amount) const
{
    static const std::vector<TimeSpan> none;
    return tierline::whenHasRun(*calendar, pauses ? *pauses : none, from, amount);
}

Millis Hours::between(Instant from, Instant to) const
{
    static const std::vector<TimeSpan> none;
    return runningTime(*calendar, pauses ? *pauses : none, from, to);
}

Told<qint64> Surroundings::ticketsFromAccount(Millis) const
{
    return {};
}
Told<qint64> Surroundings::unansweredFromAccount(Millis) const
{
    return {};
}
Told<qint64> Surroundings::customersReopeningIssue(Millis) const
{
    return {};
}
Told<qint64> Surroundings::similarTickets(Millis) const
{
    return {};
}
Told<qint64> Surroundings::arrivalsOfUsual(Millis) const
{
    return {};
}
Told<qint64> Surroundings::freeCapacity(const QString &) const
{
    return {};
}

namespace {

/// Of a target, what has run when `left` of it is left; never less than none of it.
Millis runAt(Millis target, Amount left)
{
    qint64 rest = left.amount;
    if (left.kind == Amount::Kind::Percent) // thousandths of a percent
        rest = target.count() / 100'000 * left.amount
            + target.count() % 100'000 * left.amount / 100'000;
    return Millis(std::max<qint64>(0, target.count() - rest));
}

/// When so much is left of a clock that runs.
Told<Instant> whenLeftOf(const ClockFact &clock, const sla::Standing &standing, Amount left)
{
    if (!standing.isRunning || !standing.due)
        return Told<Instant>::none();
    if (left.kind == Amount::Kind::Wall)
        return *standing.due - Millis(left.amount);
    // In the clock's own hours: what it has run when so much is left.
    const auto pauses = unionOf(clock.cycle->pauses);
    const Millis target = runningTime(*clock.calendar, pauses, *clock.cycle->start, *standing.due);
    const auto at = whenHasRun(*clock.calendar, pauses, *clock.cycle->start, runAt(target, left));
    return at ? Told<Instant>(*at) : Told<Instant>::none();
}

Told<Instant> whenLeftOf(const ClockFact &clock, Amount left, Instant now)
{
    // What is over has nothing left, and most cycles are.
    if (clock.cycle->met || clock.cycle->cancelled)
        return Told<Instant>::none();
    if (!clock.memo)
        return whenLeftOf(clock, sla::standing(*clock.cycle, *clock.calendar, now), left);
    ClockMemo &memo = *clock.memo;
    if (!memo.isMade || now < memo.since || now >= memo.standing.until) {
        memo = { .isMade = true, .since = now };
        memo.standing = sla::standing(*clock.cycle, *clock.calendar, now);
    }
    if (left.kind == Amount::Kind::Wall) // a subtraction, which needs no memory
        return whenLeftOf(clock, memo.standing, left);
    const auto known = std::ranges::find(memo.left, left, &ClockMemo::Left::amount);
    if (known != memo.left.end())
        return known->at;
    memo.left.push_back({ left, whenLeftOf(clock, memo.standing, left) });
    return memo.left.back().at;
}

/// The queue's own limit, for a workspace without service agreements.
Told<Instant> whenLeftOf(const Ticket &ticket, const Hours &hours, Amount left)
{
    if (!ticket.due)
        return Told<Instant>::none();
    switch (left.kind) {
    case Amount::Kind::Wall: return *ticket.due - Millis(left.amount);
    case Amount::Kind::Percent:
        if (!ticket.clockStart)
            return {};
        return *ticket.clockStart + runAt(*ticket.due - *ticket.clockStart, left);
    case Amount::Kind::Service: break;
    }
    if (!ticket.clockStart || !hours.isKnown())
        return {};
    const Millis target = hours.between(*ticket.clockStart, *ticket.due);
    const auto at = hours.whenHasRun(*ticket.clockStart, runAt(target, left));
    return at ? Told<Instant>(*at) : Told<Instant>::none();
}

} // namespace

Told<Instant> Subject::whenLeft(std::optional<sla::ClockKind> kind, Amount left) const
{
    if (clocks.empty())
        return kind ? Told<Instant>() : whenLeftOf(*ticket, hours, left);
    auto earliest = Told<Instant>::none();
    for (const ClockFact &clock : clocks) {
        if (kind && clock.kind != *kind)
            continue;
        const Told<Instant> at = whenLeftOf(clock, left, now);
        if (at.hasValue() && (!earliest.hasValue() || *at < *earliest))
            earliest = at;
    }
    return earliest;
}

} // namespace tierline::rules
