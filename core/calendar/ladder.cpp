#include "core/calendar/ladder.h"

namespace tierline::sla {

using namespace Qt::StringLiterals;

std::vector<LadderStep> ladder(const TicketClock &clock, const std::vector<Millis> &offsets)
{
    std::vector<LadderStep> steps;
    if (!clock.isOpen() || !clock.reading.due || !clock.cycle.start || !clock.hours)
        return steps;
    const std::vector<TimeSpan> pauses = unionOf(clock.cycle.pauses);
    const Instant start = *clock.cycle.start;
    const Instant due = *clock.reading.due;
    const Millis whole = runningTime(*clock.hours, pauses, start, due);
    for (size_t i = 0; i < offsets.size(); ++i) {
        const Millis offset = offsets[i];
        // At the due time means there, though it may lie in closed hours where a person set it.
        std::optional<Instant> at = due;
        if (offset > Millis(0))
            at = whenHasRun(*clock.hours, pauses, due, offset);
        else if (offset < Millis(0))
            at = whole + offset > Millis(0)
                ? whenHasRun(*clock.hours, pauses, start, whole + offset)
                : std::optional(start);
        if (at)
            steps.push_back({ static_cast<int>(i), *at });
    }
    std::ranges::sort(steps, [](const LadderStep &a, const LadderStep &b) {
        return std::tie(a.at, a.level) < std::tie(b.at, b.level);
    });
    return steps;
}

Wake wake(const std::vector<LadderStep> &steps, Instant looked, Instant now)
{
    Wake wake;
    for (const LadderStep &step : steps) {
        if (step.at <= looked || step.at > now)
            continue;
        if (wake.fire)
            wake.collapsed.push_back(wake.fire->level);
        wake.fire = step;
    }
    if (wake.fire) {
        wake.late = now - wake.fire->at;
        wake.needsYes = wake.late > Wake::lateForCustomers;
    }
    return wake;
}

QString fireKey(QStringView rule, QStringView ticket, const TicketClock &clock, int level)
{
    const auto ms
        = [](const std::optional<Instant> &at) { return at ? QString::number(at->ms) : u"-"_s; };
    return QStringList { rule.toString(), ticket.toString(), code(clock.kind), clock.tier,
        ms(clock.cycle.start), ms(clock.reading.due), QString::number(level) }
        .join(u'\n');
}

QString disagreement(const std::vector<TicketClock> &ours, const RemoteVerdict &theirs)
{
    const auto same = std::ranges::find_if(ours, [&](const TicketClock &clock) {
        return clock.kind == theirs.clock && clock.number == theirs.number;
    });
    if (same == ours.end())
        return {};
    const bool isBreached = same->reading.breachedAt.has_value();
    const bool isOver = !same->isOpen();
    if (isBreached == theirs.isBreached && (isOver == theirs.isOver || isBreached))
        return {};
    const auto say = [](bool breached, bool over) {
        return breached ? u"breached"_s : over ? u"met in time"_s : u"still running"_s;
    };
    return u"The helpdesk says that %1 (cycle %2) was %3, we say %4; both ledgers are kept."_s
        .arg(code(theirs.clock))
        .arg(theirs.number)
        .arg(say(theirs.isBreached, theirs.isOver), say(isBreached, isOver));
}

} // namespace tierline::sla
