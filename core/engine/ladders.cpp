#include "core/engine/ladders.h"

#include "core/escalation/eventdata.h"
#include "core/rules/parse.h"
#include "core/rules/registry.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;
using rules::Slot;

namespace {

constexpr int levelsACycle = 10'000; ///< more than nine loops have

/// Hours that never close, for time on the wall.
const CalendarEditions &always()
{
    static const CalendarEditions hours(*Calendar::make({ .zone = u"UTC"_s, .isAlways = true }));
    return hours;
}

Millis loopLength(const LadderText &text)
{
    return text.steps.empty() ? Millis(0) : text.steps.back().after.duration();
}

/// A clock that is due when the ladder begins, so that levels are offsets to a due time in any case.
sla::TicketClock clockFrom(
    Instant began, const std::vector<TimeSpan> &pauses, const CalendarEditions &hours)
{
    sla::TicketClock clock;
    clock.cycle.start = began;
    clock.cycle.pauses = pauses;
    clock.reading.state = sla::State::Running;
    clock.reading.due = began;
    clock.hours = std::shared_ptr<const CalendarEditions>(
        std::shared_ptr<const CalendarEditions>(), &hours); // outlives the call
    return clock;
}

/// How far behind its due time a clock was at an instant, in its own hours.
Millis behindDue(const sla::TicketClock &clock, Instant at)
{
    if (!clock.reading.due || !clock.hours)
        return Millis(0);
    const std::vector<TimeSpan> pauses = unionOf(clock.cycle.pauses);
    return *clock.reading.due <= at ? runningTime(*clock.hours, pauses, *clock.reading.due, at)
                                    : -runningTime(*clock.hours, pauses, at, *clock.reading.due);
}

std::vector<sla::LadderStep> stepsOf(
    const LadderRun &run, const LadderText &text, const LadderPlace &place)
{
    const Millis length = loopLength(text);
    std::vector<sla::LadderStep> steps;
    const auto add = [&](const sla::TicketClock &clock, Millis base, bool isService) {
        std::vector<Millis> offsets;
        std::vector<int> levels;
        for (int loop = 0; loop < text.loops; ++loop) {
            for (size_t i = 0; i < text.steps.size(); ++i) {
                const rules::Value &after = text.steps[i].after;
                if (!run.clock.isEmpty() || after.isService == isService) {
                    offsets.push_back(base + length * loop + after.duration());
                    levels.push_back(run.cycle * levelsACycle
                        + loop * static_cast<int>(text.steps.size()) + static_cast<int>(i) + 1);
                }
            }
        }
        for (const sla::LadderStep &step : sla::ladder(clock, offsets))
            steps.push_back({ levels[static_cast<size_t>(step.level)], step.at });
    };
    if (!run.clock.isEmpty()) {
        if (place.clock)
            add(*place.clock, behindDue(*place.clock, run.began), false);
    } else {
        add(clockFrom(run.began, place.pauses, always()), Millis(0), false);
        if (place.hours.isKnown())
            add(clockFrom(run.began, place.pauses, *place.hours.calendar), Millis(0), true);
    }
    std::ranges::sort(steps, [](const sla::LadderStep &a, const sla::LadderStep &b) {
        return std::tie(a.at, a.level) < std::tie(b.at, b.level);
    });
    return steps;
}

std::optional<Instant> idleEnd(const LadderText &text, const LadderPlace &place, Instant touched)
{
    if (!text.idle)
        return std::nullopt;
    if (text.idle->isService && place.hours.isKnown())
        return place.hours.whenHasRun(touched, text.idle->duration());
    return whenHasRun(always(), unionOf(place.pauses), touched, text.idle->duration());
}

} // namespace

Result<LadderText> readLadder(const QString &text)
{
    const rules::ParsedActions parsed = rules::parseActions(text);
    if (!parsed.problems.empty() || parsed.actions.size() != 1
        || parsed.actions.front().info->id != u"ladder")
        return badInput(u"This is no ladder: %1"_s.arg(text.left(200)));
    const rules::Action &action = parsed.actions.front();
    LadderText ladder { .steps = action.steps };
    if (const rules::Value *repeat = action.find(Slot::Repeat))
        ladder.loops = std::clamp(static_cast<int>(repeat->amount / 1'000), 1, 9);
    ladder.isUntilSolved = action.text(Slot::Until) == u"solved";
    if (const rules::Value *idle = action.find(Slot::Idle))
        ladder.idle = *idle;
    return ladder;
}

Quiet Quiet::of(const commands::QuietTimes &times, const sla::AgreementBook *agreements)
{
    Quiet quiet { .spans = times.spans, .criticalPasses = times.criticalPasses };
    if (agreements && agreements->calendars().contains(times.outsideOf))
        quiet.openHours = agreements->hours(times.outsideOf, {});
    return quiet;
}

Instant Quiet::end(Instant at) const
{
    // Each side may end where the other begins.
    for (int i = 0; i < 100; ++i) {
        const Instant before = at;
        for (const TimeSpan &span : spans) {
            if (span.from <= at && at < span.to)
                at = span.to;
        }
        if (openHours) {
            if (const auto opens = nextOpening(*openHours, at))
                at = *opens;
        }
        if (at == before)
            break;
    }
    return at;
}

LadderStand standOf(const LadderRun &run, const LadderText &text, const LadderPlace &place,
    const Quiet &quiet, Instant now)
{
    LadderStand stand { .run = run };
    if (place.isSolved || text.steps.empty() || (!run.clock.isEmpty() && !place.clock)) {
        stand.run.state = LadderRun::State::Over;
        return stand;
    }
    if (place.accepted && !text.isUntilSolved) {
        const Instant touched = std::max(*place.accepted, place.touched.value_or(*place.accepted));
        const auto opens = idleEnd(text, place, touched);
        if (!opens || *opens > now) {
            stand.run.state = text.idle ? LadderRun::State::Resting : LadderRun::State::Over;
            stand.next = opens;
            return stand;
        }
        if (*opens > run.began) { // accepted, and left lying: from its first step on
            ++stand.run.cycle;
            stand.run.began = *opens;
            stand.run.looked = *opens;
            stand.run.clock.clear();
        }
    }
    stand.run.state = LadderRun::State::Climbing;
    stand.steps = stepsOf(stand.run, text, place);
    const bool passes = quiet.criticalPasses && place.isCritical;
    for (sla::LadderStep &step : stand.steps) {
        if (!passes)
            step.at = quiet.end(step.at);
    }
    stand.wake = sla::wake(stand.steps, stand.run.looked, now);
    stand.run.looked = std::max(stand.run.looked, now);
    for (const sla::LadderStep &step : stand.steps) {
        if (step.at > now && (!stand.next || step.at < *stand.next))
            stand.next = step.at;
    }
    // With all levels done only its being left lying, which needs somebody to accept it first, opens it again.
    const bool isPaused = stand.steps.empty();
    if (!stand.next && !isPaused && !text.idle)
        stand.run.state = LadderRun::State::Over;
    return stand;
}

size_t stepOf(const LadderText &text, int level)
{
    return static_cast<size_t>(level % levelsACycle - 1) % text.steps.size();
}

LadderPlace placeOf(const std::vector<Event> &events, const Ticket &ticket, Instant since)
{
    LadderPlace place { .isSolved = !isWorkable(ticket.status) };
    std::optional<Instant> waitsSince;
    for (const Event &event : events) {
        if (event.status) {
            const bool waits = *event.status == Status::Pending || *event.status == Status::Hold;
            if (waits && !waitsSince)
                waitsSince = event.at;
            else if (!waits && waitsSince)
                place.pauses.push_back({ *std::exchange(waitsSince, std::nullopt), event.at });
        }
        const bool isOurs = event.actorKind == AuthorKind::Agent;
        if (!isOurs || event.at < since)
            continue;
        place.touched = event.at;
        const bool takes = event.kind == EventKind::Accepted || event.kind == EventKind::Claimed
            || ((event.kind == EventKind::Changed || event.kind == EventKind::Reassigned)
                && event.assignee && !event.assignee->isEmpty())
            || event.data.contains(eventdata::receiving);
        if (takes && !place.accepted)
            place.accepted = event.at;
    }
    if (waitsSince)
        place.pauses.push_back({ *waitsSince, sla::Cycle::openEnd });
    return place;
}

} // namespace tierline::engine
