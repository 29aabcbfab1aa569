#include "core/calendar/clockcycles.h"

namespace tierline::sla {

using namespace Qt::StringLiterals;

namespace {

using Kind = Fact::Kind;

struct Name {
    ClockKind kind;
    QLatin1StringView code;
};
constexpr std::array names {
    Name { ClockKind::FirstResponse, "first_response"_L1 },
    Name { ClockKind::NextResponse, "next_response"_L1 },
    Name { ClockKind::PeriodicUpdate, "periodic_update"_L1 },
    Name { ClockKind::Promise, "promise"_L1 },
    Name { ClockKind::RequesterWait, "requester_wait"_L1 },
    Name { ClockKind::AgentWork, "agent_work"_L1 },
    Name { ClockKind::FirstResolution, "first_resolution"_L1 },
    Name { ClockKind::TotalResolution, "total_resolution"_L1 },
    Name { ClockKind::Accept, "accept"_L1 },
    Name { ClockKind::TierResponse, "tier_response"_L1 },
    Name { ClockKind::TierResolution, "tier_resolution"_L1 },
    Name { ClockKind::Supplier, "supplier"_L1 },
};

/// Stretches in which a ticket had one of some statuses.
std::vector<TimeSpan> stretches(
    const std::vector<Fact> &facts, std::initializer_list<Status> counted)
{
    std::vector<TimeSpan> spans;
    for (const Fact &fact : facts) {
        if (fact.kind != Kind::StatusSet)
            continue;
        const bool counts = std::ranges::find(counted, fact.status) != counted.end();
        const bool isOpen = !spans.empty() && spans.back().to == Cycle::openEnd;
        if (counts && !isOpen)
            spans.push_back({ fact.at, Cycle::openEnd });
        else if (!counts && isOpen)
            spans.back().to = fact.at;
    }
    return spans;
}

/// The cycles of one clock while the facts are read, at most one of them under way.
class Cycles
{
public:
    explicit Cycles(ClockKind kind)
        : m_kind(kind)
    {
    }
    bool isRunning() const { return m_isRunning; }
    void start(Instant at, const QString &tier = {})
    {
        m_found.push_back({ .kind = m_kind, .cycle = { .start = at }, .tier = tier });
        m_isRunning = true;
    }
    void meet(Instant at)
    {
        if (std::exchange(m_isRunning, false))
            m_found.back().cycle.met = at;
    }
    void cancel(Instant at)
    {
        if (std::exchange(m_isRunning, false))
            m_found.back().cycle.cancelled = at;
    }
    FoundCycle &last() { return m_found.back(); }
    /// The pauses that lie in each cycle's life.
    std::vector<FoundCycle> pausedBy(const std::vector<TimeSpan> &pauses) &&
    {
        for (FoundCycle &found : m_found) {
            for (const TimeSpan &pause : pauses) {
                if (pause.to > *found.cycle.start)
                    found.cycle.pauses.push_back(
                        { std::max(pause.from, *found.cycle.start), pause.to });
            }
        }
        return std::move(m_found);
    }

private:
    ClockKind m_kind;
    std::vector<FoundCycle> m_found;
    bool m_isRunning = false;
};

bool isAnswer(const Fact &fact, const ClockOptions &options)
{
    return fact.kind == Kind::HumanReply || (options.callsAnswer && fact.kind == Kind::Call);
}

bool isSolve(const Fact &fact)
{
    return fact.kind == Kind::StatusSet && isSolved(fact.status);
}

bool isOpening(const Fact &fact)
{
    return fact.kind == Kind::StatusSet && isWorkable(fact.status);
}

std::vector<TimeSpan> optionalPauses(const std::vector<Fact> &facts, const ClockOptions &options)
{
    return options.pausesWhenPending ? stretches(facts, { Status::Pending })
                                     : std::vector<TimeSpan>();
}

/// Waits for the customer's first word, and, where a bot has the ticket, for a human to get it.
std::vector<FoundCycle> firstResponse(const std::vector<Fact> &facts, const ClockOptions &options)
{
    Cycles cycles(ClockKind::FirstResponse);
    bool hasWord = false, isBotHandled = false, isOver = false;
    for (const Fact &fact : facts) {
        if (isOver)
            break;
        if (fact.kind == Kind::TierSet || fact.kind == Kind::Created)
            isBotHandled = fact.isBotTier;
        hasWord = hasWord || fact.kind == Kind::CustomerWord;
        if (cycles.isRunning() && isAnswer(fact, options)) {
            cycles.meet(fact.at);
            isOver = true;
        } else if (cycles.isRunning() && isSolve(fact)) {
            cycles.meet(fact.at);
            cycles.last().isClosedUnanswered = true;
            isOver = true;
        } else if (!cycles.isRunning() && hasWord && !isBotHandled
            && (fact.kind == Kind::CustomerWord || fact.kind == Kind::TierSet)) {
            cycles.start(fact.at);
        }
    }
    return std::move(cycles).pausedBy(optionalPauses(facts, options));
}

/// From the oldest unanswered word after the first response until the next answer.
std::vector<FoundCycle> nextResponse(const std::vector<Fact> &facts, const ClockOptions &options)
{
    const auto first = firstResponse(facts, options);
    Cycles cycles(ClockKind::NextResponse);
    if (first.empty() || !first.front().cycle.met)
        return {};
    const Instant since = *first.front().cycle.met;
    bool isSolvedNow = first.front().isClosedUnanswered, isUnanswered = false;
    for (const Fact &fact : facts) {
        if (fact.at < since)
            continue;
        if (isAnswer(fact, options) || fact.kind == Kind::NoAnswerNeeded) {
            isUnanswered = false;
            cycles.meet(fact.at);
        } else if (isSolve(fact)) {
            isSolvedNow = true;
            isUnanswered = false;
            cycles.meet(fact.at);
        } else if (fact.kind == Kind::CustomerWord && fact.at > since) {
            isUnanswered = true;
            if (!isSolvedNow && !cycles.isRunning())
                cycles.start(fact.at);
        } else if (isOpening(fact) && std::exchange(isSolvedNow, false)) {
            if (isUnanswered && !cycles.isRunning())
                cycles.start(fact.at);
        }
    }
    return std::move(cycles).pausedBy(optionalPauses(facts, options));
}

/// From one word of ours to the next, while the ticket is open.
std::vector<FoundCycle> periodicUpdate(const std::vector<Fact> &facts, const ClockOptions &options)
{
    Cycles cycles(ClockKind::PeriodicUpdate);
    bool hasSpoken = false, isSolvedNow = false;
    for (const Fact &fact : facts) {
        if (isAnswer(fact, options)) {
            hasSpoken = true;
            cycles.meet(fact.at);
            if (!isSolvedNow)
                cycles.start(fact.at);
        } else if (isSolve(fact)) {
            isSolvedNow = true;
            cycles.cancel(fact.at);
        } else if (isOpening(fact) && std::exchange(isSolvedNow, false) && hasSpoken) {
            cycles.start(fact.at);
        }
    }
    return std::move(cycles).pausedBy(optionalPauses(facts, options));
}

std::vector<FoundCycle> promises(const std::vector<Fact> &facts, const ClockOptions &options)
{
    std::vector<FoundCycle> found;
    size_t firstOpen = 0;
    for (const Fact &fact : facts) {
        if (isAnswer(fact, options)) {
            for (; firstOpen < found.size(); ++firstOpen)
                found[firstOpen].cycle.met = fact.at;
        } else if (fact.kind == Kind::Promised) {
            Cycle cycle { .start = fact.at };
            cycle.manual.push_back({ fact.at, {}, fact.until, u"promised"_s });
            found.push_back({ .kind = ClockKind::Promise, .cycle = std::move(cycle) });
        }
    }
    return found;
}

/// One cycle from creation; where it goes on after a reopening, solved time does not count.
std::vector<FoundCycle> resolution(
    ClockKind kind, const std::vector<Fact> &facts, const ClockOptions &options)
{
    Cycles cycles(kind);
    std::vector<TimeSpan> pauses = kind == ClockKind::RequesterWait
        ? stretches(facts, { Status::Pending })
        : kind == ClockKind::AgentWork       ? stretches(facts, { Status::Pending, Status::Hold })
        : kind == ClockKind::FirstResolution ? optionalPauses(facts, options)
                                             : std::vector<TimeSpan>();
    const std::vector<TimeSpan> solved = stretches(facts, { Status::Solved, Status::Closed });
    for (const Fact &fact : facts) {
        if (fact.kind == Kind::Created && !cycles.isRunning())
            cycles.start(fact.at);
    }
    if (!cycles.isRunning() || solved.empty())
        return std::move(cycles).pausedBy(pauses);
    const bool goesOn = kind != ClockKind::FirstResolution;
    if (!goesOn) {
        cycles.meet(solved.front().from);
        return std::move(cycles).pausedBy(pauses);
    }
    for (const TimeSpan &span : solved) {
        if (span.to == Cycle::openEnd)
            cycles.meet(span.from);
        else
            pauses.push_back(span);
    }
    return std::move(cycles).pausedBy(pauses);
}

/// Each escalation is a cycle; who it went to must act.
std::vector<FoundCycle> tierClock(
    ClockKind kind, const std::vector<Fact> &facts, const ClockOptions &options)
{
    Cycles cycles(kind);
    const bool isResolution = kind == ClockKind::TierResolution;
    for (const Fact &fact : facts) {
        if (fact.kind == Kind::Escalated) {
            cycles.cancel(fact.at);
            cycles.start(fact.at, fact.tier);
        } else if (isSolve(fact) || fact.kind == Kind::HandedBack) {
            if (isResolution)
                cycles.meet(fact.at);
            else
                cycles.cancel(fact.at);
        } else if (!cycles.isRunning()) {
            continue;
        } else if (kind == ClockKind::Accept) {
            if (fact.kind == Kind::Accepted || isAnswer(fact, options))
                cycles.meet(fact.at);
        } else if (kind == ClockKind::TierResponse) {
            if (isAnswer(fact, options) && fact.tiers.contains(cycles.last().tier))
                cycles.meet(fact.at);
        }
    }
    switch (kind) {
    case ClockKind::TierResponse:
        return std::move(cycles).pausedBy(stretches(facts, { Status::Pending }));
    case ClockKind::TierResolution:
        return std::move(cycles).pausedBy(stretches(facts, { Status::Pending, Status::Hold }));
    default: return std::move(cycles).pausedBy({});
    }
}

/// While the ticket waits for somebody outside.
std::vector<FoundCycle> supplier(const std::vector<Fact> &facts)
{
    Cycles cycles(ClockKind::Supplier);
    for (const Fact &fact : facts) {
        if (fact.kind != Kind::StatusSet)
            continue;
        const bool isOutside = fact.status == Status::Hold;
        if (isOutside && !cycles.isRunning())
            cycles.start(fact.at);
        else if (!isOutside)
            cycles.meet(fact.at);
    }
    return std::move(cycles).pausedBy({});
}

bool isEnd(const Fact &fact)
{
    return fact.kind == Kind::Merged
        || (fact.kind == Kind::StatusSet && fact.status == Status::Deleted);
}

std::vector<FoundCycle> livingCycles(
    ClockKind kind, const std::vector<Fact> &facts, const ClockOptions &options)
{
    switch (kind) {
    case ClockKind::FirstResponse: return firstResponse(facts, options);
    case ClockKind::NextResponse: return nextResponse(facts, options);
    case ClockKind::PeriodicUpdate: return periodicUpdate(facts, options);
    case ClockKind::Promise: return promises(facts, options);
    case ClockKind::RequesterWait:
    case ClockKind::AgentWork:
    case ClockKind::FirstResolution:
    case ClockKind::TotalResolution: return resolution(kind, facts, options);
    case ClockKind::Accept:
    case ClockKind::TierResponse:
    case ClockKind::TierResolution: return tierClock(kind, facts, options);
    case ClockKind::Supplier: return supplier(facts);
    }
    Q_UNREACHABLE();
}

} // namespace

QString code(ClockKind kind)
{
    return names[static_cast<size_t>(kind)].code;
}

std::optional<ClockKind> clockFromCode(QStringView text)
{
    const auto found
        = std::ranges::find_if(names, [text](const Name &name) { return name.code == text; });
    return found == names.end() ? std::nullopt : std::optional(found->kind);
}

std::vector<FoundCycle> cyclesOf(
    ClockKind kind, const std::vector<Fact> &facts, const ClockOptions &options)
{
    const auto end = std::ranges::find_if(facts, isEnd);
    if (end == facts.end())
        return livingCycles(kind, facts, options);
    // A deleted ticket may come back; a merged one lives on in the other.
    const auto again = end->kind == Kind::Merged
        ? facts.end()
        : std::find_if(end, facts.end(), [](const Fact &fact) { return isOpening(fact); });
    if (again != facts.end())
        return livingCycles(kind, facts, options);
    auto cycles = livingCycles(kind, { facts.begin(), end }, options);
    for (FoundCycle &found : cycles) {
        if (!found.cycle.met && !found.cycle.cancelled)
            found.cycle.cancelled = end->at;
    }
    return cycles;
}

} // namespace tierline::sla
