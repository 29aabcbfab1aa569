#include "core/calendar/slaclock.h"

#include <QVarLengthArray>

namespace tierline::sla {

using namespace Qt::StringLiterals;

namespace {

/// A due time that rules for a while.
struct Rule {
    Instant from;
    Instant to;
    std::optional<Instant> due; ///< none: never
    std::optional<Instant> changed; ///< when its target came, where that was later than the start
    const Cycle::Target *target = nullptr; ///< what it counts by
    bool isManual = false;
};

/// By what a target counts.
struct Terms {
    const CalendarEditions &hours;
    const std::vector<TimeSpan> &pauses;

    Millis ran(Instant from, Instant to) const { return runningTime(hours, pauses, from, to); }
    std::optional<Instant> whenRan(Instant from, Millis length) const
    {
        return whenHasRun(hours, pauses, from, length);
    }
    bool isPausedAt(Instant at) const
    {
        return std::ranges::any_of(
            pauses, [at](const TimeSpan &pause) { return pause.from <= at && at < pause.to; });
    }
};

/// The terms of a cycle's targets: most share their pauses, which are put in order once.
class TermBook
{
public:
    TermBook(const Cycle &cycle, const CalendarEditions &otherwise)
        : m_otherwise(otherwise)
        , m_pauses(unionOf(cycle.pauses))
    {
    }
    /// Valid until the next call.
    Terms of(const Cycle::Target &target)
    {
        const CalendarEditions &hours = target.hours ? *target.hours : m_otherwise;
        if (!target.pauses)
            return { hours, m_pauses };
        m_own = unionOf(*target.pauses);
        return { hours, m_own };
    }
    Terms ofNone() const { return { m_otherwise, m_pauses }; }

private:
    const CalendarEditions &m_otherwise;
    const std::vector<TimeSpan> m_pauses;
    std::vector<TimeSpan> m_own;
};

/// How far a cycle has come at `now`.
struct Known {
    Known(const Cycle &cycle, Instant now)
        : start(*cycle.start)
        , end(now)
    {
        if (cycle.met && *cycle.met <= now) {
            isMet = true;
            end = *cycle.met;
        }
        if (cycle.cancelled && *cycle.cancelled <= now && *cycle.cancelled < end) {
            isMet = false;
            isCancelled = true;
            end = *cycle.cancelled;
        } else if (cycle.cancelled && *cycle.cancelled <= now && !isMet) {
            isCancelled = true;
        }
    }

    Instant start;
    Instant end; ///< now, or when it was met or cancelled
    bool isMet = false;
    bool isCancelled = false;
};

/// What ruled when it ended; what rules now where it has not.
const Cycle::Target &rulingTarget(const Cycle &cycle, Instant end)
{
    const Cycle::Target *ruling = &cycle.targets.front();
    for (const Cycle::Target &target : cycle.targets) {
        if (target.from <= end)
            ruling = &target;
    }
    return *ruling;
}

using RuleList = QVarLengthArray<Rule, 4>;

/// Targets that are known at `now`, each until the next one, and due times set by hand over them.
RuleList rulesOf(const Cycle &cycle, TermBook &book, const Known &known, Instant now)
{
    RuleList computed;
    for (const Cycle::Target &target : cycle.targets) {
        const bool isFirst = computed.isEmpty();
        if (!isFirst && target.from > now)
            break;
        const Instant from = isFirst ? known.start : std::max(target.from, known.start);
        if (!isFirst)
            computed.back().to = from;
        std::optional<Instant> due;
        if (!target.isOff)
            due = book.of(target).whenRan(known.start, target.length);
        computed.push_back(
            { from, Cycle::openEnd, due, isFirst ? std::nullopt : std::optional(from), &target });
    }
    if (cycle.manual.empty())
        return computed;
    RuleList rules;
    for (const Rule &rule : std::as_const(computed)) {
        Instant from = rule.from;
        for (const Cycle::Manual &manual : cycle.manual) {
            const Instant to = manual.released.value_or(Cycle::openEnd);
            if (manual.from > now || to <= from || manual.from >= rule.to)
                continue;
            if (manual.from > from)
                rules.push_back({ from, manual.from, rule.due, rule.changed, rule.target });
            rules.push_back({ std::max(manual.from, from), std::min(to, rule.to), manual.due, {},
                rule.target, true });
            from = std::min(to, rule.to);
        }
        if (from < rule.to)
            rules.push_back({ from, rule.to, rule.due, rule.changed, rule.target });
    }
    return rules;
}

struct Breach {
    Instant at;
    Cause cause = Cause::Time;
};

/// The first one stays, whatever rules later.
std::optional<Breach> breachOf(const RuleList &rules, const Cycle &cycle, const Known &known)
{
    for (const Rule &rule : rules) {
        if (!rule.due)
            continue;
        Breach breach { *rule.due, rule.isManual ? Cause::ManualDue : Cause::Time };
        if (rule.changed && *rule.due <= *rule.changed)
            breach
                = { *rule.changed + rule.target->grace.value_or(cycle.grace), Cause::PolicyChange };
        breach.at
            = std::max(breach.at, rule.from); // a due time set by hand held it back until then
        // Met in the instant in which it is due is late: an interval does not hold its end.
        const bool isWithin = known.isCancelled ? breach.at < known.end : breach.at <= known.end;
        if (breach.at < rule.to && isWithin)
            return breach;
    }
    return {};
}

State stateOf(const Known &known, const Terms &terms, bool isBreached, Instant now)
{
    if (known.isCancelled)
        return State::Cancelled;
    if (known.isMet)
        return isBreached ? State::MetLate : State::Met;
    if (terms.isPausedAt(now))
        return isBreached ? State::BreachedPaused : State::Paused;
    return isBreached ? State::BreachedRunning : State::Running;
}

} // namespace

QString code(State state)
{
    switch (state) {
    case State::Idle: return u"idle"_s;
    case State::Running: return u"running"_s;
    case State::Paused: return u"paused"_s;
    case State::Met: return u"met"_s;
    case State::BreachedRunning: return u"breached-running"_s;
    case State::BreachedPaused: return u"breached-paused"_s;
    case State::MetLate: return u"met-late"_s;
    case State::Cancelled: return u"cancelled"_s;
    }
    Q_UNREACHABLE();
}

QString text(Cause cause)
{
    switch (cause) {
    case Cause::None:
    case Cause::Time: return {};
    case Cause::PolicyChange: return u"policy change"_s;
    case Cause::ManualDue: return u"due time set by hand"_s;
    }
    Q_UNREACHABLE();
}

Result<Done> check(const Cycle &cycle)
{
    if (cycle.targets.empty())
        return badInput(u"A clock needs a target; give one, such as 4h."_s, u"target"_s);
    for (const Cycle::Target &target : cycle.targets) {
        if (!target.isOff && target.length <= Millis(0))
            return badInput(
                u"A target of zero would be breached at once; give a longer one."_s, u"target"_s);
    }
    if (cycle.start && cycle.met && *cycle.met < *cycle.start)
        return badInput(u"The clock was met at %1, before it started at %2."_s.arg(
                            cycle.met->iso(), cycle.start->iso()),
            u"met"_s);
    return Done {};
}

Reading read(const Cycle &cycle, const CalendarEditions &hours, Instant now)
{
    if (!cycle.start || *cycle.start > now || cycle.targets.empty())
        return {};
    const Known known(cycle, now);
    TermBook book(cycle, hours);
    const RuleList rules = rulesOf(cycle, book, known, now);
    const std::optional<Breach> breach = breachOf(rules, cycle, known);
    const Cycle::Target &target = rulingTarget(cycle, known.end);
    const Terms terms = book.of(target);

    Reading reading;
    reading.state = stateOf(known, terms, breach.has_value(), now);
    reading.elapsed = terms.ran(known.start, known.end);
    if (breach) {
        reading.breachedAt = breach->at;
        reading.cause = breach->cause;
    }
    const auto ruling = std::ranges::find_if(
        rules, [&](const Rule &rule) { return rule.from <= known.end && known.end < rule.to; });
    const std::optional<Instant> due = ruling == rules.end() ? std::nullopt : ruling->due;
    // By what it counts itself, a target's length has run when it is due: no need to walk that way again.
    const bool isOwn
        = due && !ruling->isManual && ruling->target == &target && target.length > Millis(0);
    if (due && *due <= known.end)
        reading.overdue = isOwn ? reading.elapsed - target.length : terms.ran(*due, known.end);
    else if (due)
        reading.remaining = isOwn ? target.length - reading.elapsed : terms.ran(known.end, *due);
    const bool hasDue = reading.state != State::Paused && reading.state != State::BreachedPaused
        && reading.state != State::Cancelled;
    if (hasDue)
        reading.due = due;
    return reading;
}

Standing standing(const Cycle &cycle, const CalendarEditions &hours, Instant now)
{
    Standing standing { .until = Cycle::openEnd };
    const auto turnsAt = [&](Instant at) {
        if (at > now)
            standing.until = std::min(standing.until, at);
    };
    if (!cycle.start || cycle.targets.empty())
        return standing;
    turnsAt(*cycle.start);
    for (const std::optional<Instant> &end : { cycle.met, cycle.cancelled }) {
        if (end)
            turnsAt(*end);
        if (end && *end <= now)
            return standing;
    }
    if (*cycle.start > now)
        return standing;
    for (const Cycle::Target &target : cycle.targets)
        turnsAt(target.from);
    const Cycle::Target &ruling = rulingTarget(cycle, now);
    TermBook book(cycle, hours);
    const Terms terms = book.of(ruling);
    for (const TimeSpan &pause : terms.pauses) {
        turnsAt(pause.from);
        turnsAt(pause.to);
    }
    const Cycle::Manual *byHand = nullptr;
    for (const Cycle::Manual &manual : cycle.manual) {
        const Instant to = manual.released.value_or(Cycle::openEnd);
        turnsAt(manual.from);
        turnsAt(to);
        if (!byHand && manual.from <= now && now < to)
            byHand = &manual;
    }
    standing.isRunning = !terms.isPausedAt(now);
    if (!standing.isRunning)
        return standing;
    if (byHand)
        standing.due = byHand->due;
    else if (!ruling.isOff)
        standing.due = terms.whenRan(*cycle.start, ruling.length);
    return standing;
}

std::vector<LedgerLine> ledger(const Cycle &cycle, const CalendarEditions &hours, Instant until)
{
    std::vector<LedgerLine> lines;
    if (!cycle.start || *cycle.start >= until)
        return lines;
    const Known known(cycle, until);
    TermBook book(cycle, hours);
    const Terms terms
        = cycle.targets.empty() ? book.ofNone() : book.of(rulingTarget(cycle, known.end));
    Instant at = known.start;
    const auto put = [&](Instant to, LedgerLine::Kind kind) {
        // A new edition of the calendar begins a line of its own.
        const auto &all = terms.hours.all();
        for (size_t i = 0; i < all.size() && at < to; ++i) {
            const Instant end = i + 1 < all.size() ? std::min(all[i + 1].from, to) : to;
            if (end <= at)
                continue;
            lines.push_back({ { at, end }, kind, static_cast<int>(i) });
            at = end;
        }
    };
    ServiceWalk walk(terms.hours, known.start);
    auto pause = terms.pauses.begin();
    for (auto open = walk.next(); open && open->from < known.end; open = walk.next()) {
        put(std::max(open->from, at), LedgerLine::Kind::Closed);
        const Instant close = std::min(open->to, known.end);
        while (at < close) {
            while (pause != terms.pauses.end() && pause->to <= at)
                ++pause;
            const bool hasPause = pause != terms.pauses.end() && pause->from < close;
            if (hasPause && pause->from <= at)
                put(std::min(pause->to, close), LedgerLine::Kind::Paused);
            else
                put(hasPause ? pause->from : close, LedgerLine::Kind::Running);
        }
    }
    put(known.end, LedgerLine::Kind::Closed);
    return lines;
}

} // namespace tierline::sla
