#include "core/calendar/ticketclocks.h"

#include <QVarLengthArray>

namespace tierline::sla {

using namespace Qt::StringLiterals;

namespace {

/// What is agreed of one clock from an instant on.
struct ClockTerms {
    Instant from;
    const Policy *policy = nullptr; ///< none: nothing
    const PolicyTarget *target = nullptr; ///< none: nothing
    int edition = 0;
    ChosenZone zone;

    /// Whether a clock would tell no difference.
    bool isSameAs(const ClockTerms &other) const
    {
        if (!target || !other.target)
            return !target && !other.target;
        return policy->name == other.policy->name && target->length == other.target->length
            && policy->calendar == other.policy->calendar && zone.name == other.zone.name
            && policy->pauses == other.policy->pauses && policy->grace == other.policy->grace
            && policy->callsAnswer == other.policy->callsAnswer;
    }
};

const std::shared_ptr<const CalendarEditions> &aroundTheClock()
{
    static const auto hours = [] {
        auto always = Calendar::make({ .zone = u"UTC"_s, .isAlways = true });
        return std::make_shared<const CalendarEditions>(*always);
    }();
    return hours;
}

/// Ruled since when: the last of those that are not after `at`; the first where all are.
template<typename List>
const auto &rulingAt(const List &list, Instant at)
{
    auto ruling = list.begin();
    for (auto entry = list.begin(); entry != list.end() && entry->from <= at; ++entry)
        ruling = entry;
    return *ruling;
}

class ClockMaker
{
public:
    ClockMaker(const TicketPast &past, const AgreementBook &book, Instant now, Readings readings,
        std::vector<TicketClock> &&room)
        : m_past(past)
        , m_book(book)
        , m_now(now)
        , m_isRead(readings == Readings::All)
        , m_hasCalls(std::ranges::any_of(
              past.facts, [](const Fact &fact) { return fact.kind == Fact::Kind::Call; }))
        , m_clocks(std::move(room))
    {
        for (const TicketPast::FieldsSince &fields : past.fields)
            addChange(fields.from);
        for (const AgreementBook::Edition &edition : book.editions())
            addChange(edition.from);
        std::ranges::sort(m_changes);
        m_changes.erase(std::ranges::unique(m_changes).begin(), m_changes.end());
    }
    std::vector<TicketClock> make() &&
    {
        m_clocks.clear();
        m_clocks.reserve(4); // most tickets have no more
        for (const ClockKind kind : allClocks) {
            if (kind == ClockKind::Promise)
                addPromises();
            else if (!m_past.fields.empty() && m_book.isAgreedEver(kind))
                addClock(kind);
        }
        return std::move(m_clocks);
    }

private:
    /// What one cycle lived under, mostly one.
    using AllTerms = QVarLengthArray<ClockTerms, 4>;
    void addChange(Instant at)
    {
        if (at <= m_now)
            m_changes.push_back(at);
    }
    /// The first edition rules from ever, so that work from before it has clocks too.
    ClockTerms termsAt(ClockKind kind, Instant at, const QString &tier) const
    {
        const AgreementBook::Edition &edition = rulingAt(m_book.editions(), at);
        const PolicyFields &fields = rulingAt(m_past.fields, at).fields;
        ClockTerms terms { .from = at, .edition = edition.number };
        terms.policy = choose(edition.policies, partyOf(kind), fields);
        if (!terms.policy)
            return terms;
        terms.zone = zoneFor(*terms.policy, fields);
        if (tier.isEmpty() || tier == fields.tier) {
            terms.target = terms.policy->target(kind, fields);
            return terms;
        }
        // Whose clock it is does not change with where the ticket goes next.
        PolicyFields there = fields;
        there.tier = tier;
        terms.target = terms.policy->target(kind, there);
        return terms;
    }
    /// From a cycle's start until `end`, each different from the one before.
    AllTerms termsOf(ClockKind kind, Instant start, Instant end, const QString &tier) const
    {
        AllTerms all { termsAt(kind, start, tier) };
        for (const Instant change : m_changes) {
            if (change <= start || change >= end)
                continue;
            ClockTerms terms = termsAt(kind, change, tier);
            if (terms.isSameAs(all.back())) {
                // The same under a new edition: that edition is named, and nothing moves.
                terms.from = all.back().from;
                all.back() = terms;
            } else {
                all.push_back(terms);
            }
        }
        return all;
    }
    /// The book's, looked up once for each policy and zone.
    const std::shared_ptr<const CalendarEditions> &hoursOf(const ClockTerms &terms)
    {
        for (const KnownHours &known : m_hours) {
            if (known.policy == terms.policy && known.zone == terms.zone.name)
                return known.hours;
        }
        m_hours.append({ terms.policy, terms.zone.name,
            m_book.hours(terms.policy->calendar, terms.zone.name) });
        return m_hours.back().hours;
    }
    std::vector<Fact> factsFor(Party party) const;
    void addClock(ClockKind kind);
    void addPromises();
    bool fill(TicketClock &clock, const AllTerms &all, const std::vector<TimeSpan> &whenPending);
    void takeHandDues(TicketClock &clock, Instant end) const;

    const TicketPast &m_past;
    const AgreementBook &m_book;
    Instant m_now;
    bool m_isRead;
    bool m_hasCalls;
    struct KnownHours {
        const Policy *policy;
        QString zone;
        std::shared_ptr<const CalendarEditions> hours;
    };
    QVarLengthArray<Instant, 16> m_changes;
    QVarLengthArray<KnownHours, 3> m_hours;
    std::vector<TicketClock> m_clocks;
};

Instant endOf(const Cycle &cycle, Instant now)
{
    return cycle.met ? *cycle.met : cycle.cancelled.value_or(now);
}

/// A call is an answer where the policy of its time said so.
std::vector<Fact> ClockMaker::factsFor(Party party) const
{
    std::vector<Fact> facts = m_past.facts;
    for (Fact &fact : facts) {
        if (fact.kind != Fact::Kind::Call)
            continue;
        const auto &edition = rulingAt(m_book.editions(), fact.at);
        const Policy *policy
            = choose(edition.policies, party, rulingAt(m_past.fields, fact.at).fields);
        if (policy && policy->callsAnswer)
            fact.kind = Fact::Kind::HumanReply;
    }
    sortFacts(facts);
    return facts;
}

void ClockMaker::addClock(ClockKind kind)
{
    const std::vector<Fact> answered = m_hasCalls ? factsFor(partyOf(kind)) : std::vector<Fact>();
    const std::vector<Fact> &facts = m_hasCalls ? answered : m_past.facts;
    std::vector<FoundCycle> cycles = cyclesOf(kind, facts);
    // The same cycles; only their pauses are others.
    const std::vector<FoundCycle> pausing = m_book.isPausedEver(kind)
        ? cyclesOf(kind, facts, { .pausesWhenPending = true })
        : std::vector<FoundCycle>();
    int number = 0;
    for (size_t i = 0; i < cycles.size() && *cycles[i].cycle.start <= m_now; ++i) {
        const bool isOver = cycles[i].cycle.met || cycles[i].cycle.cancelled;
        if (!m_isRead && isOver && !m_clocks.empty())
            continue;
        TicketClock clock {
            .kind = kind, .tier = cycles[i].tier, .cycle = std::move(cycles[i].cycle)
        };
        clock.isClosedUnanswered = cycles[i].isClosedUnanswered;
        const bool hasEnded = clock.cycle.met || clock.cycle.cancelled;
        // Until now includes now: a change of this very instant rules already.
        const Instant end = hasEnded ? endOf(clock.cycle, m_now) : m_now + Millis(1);
        const AllTerms all = termsOf(kind, *clock.cycle.start, end, clock.tier);
        if (!fill(
                clock, all, i < pausing.size() ? pausing[i].cycle.pauses : std::vector<TimeSpan>()))
            continue;
        clock.number = ++number;
        takeHandDues(clock, end);
        if (m_isRead)
            clock.reading = read(clock.cycle, *clock.hours, m_now);
        clock.isUnalarmed = clock.reading.cause == Cause::PolicyChange
            && !(all.back().policy && all.back().policy->changeRunsLadder);
        m_clocks.push_back(std::move(clock));
    }
}

/// False where nothing was ever agreed of this cycle.
bool ClockMaker::fill(
    TicketClock &clock, const AllTerms &all, const std::vector<TimeSpan> &whenPending)
{
    const ClockTerms *last = nullptr;
    for (const ClockTerms &terms : all)
        last = terms.target ? &terms : last;
    if (!last)
        return false;
    const auto pausesOf = [&](const ClockTerms &terms) {
        return terms.policy->options(clock.kind).pausesWhenPending ? whenPending
                                                                   : clock.cycle.pauses;
    };
    for (const ClockTerms &terms : all) {
        Cycle::Target target { .from = terms.from };
        target.isOff = !terms.target;
        if (terms.target) {
            target.length = terms.target->length;
            target.hours = hoursOf(terms);
            target.grace = terms.policy->grace;
            if (terms.policy->options(clock.kind) != last->policy->options(clock.kind))
                target.pauses = pausesOf(terms);
        }
        clock.cycle.targets.push_back(std::move(target));
    }
    clock.cycle.pauses = pausesOf(*last);
    const bool isOver = clock.cycle.met || clock.cycle.cancelled;
    if (!all.back().target && !isOver)
        clock.cycle.cancelled = all.back().from;
    clock.edition = last->edition;
    clock.target = last->target->length;
    clock.climbsTo = last->policy->climbsTo;
    clock.hours = hoursOf(*last);
    // Nobody asks for names then, which books on several threads would share.
    if (!m_isRead)
        return clock.hours != nullptr;
    clock.policy = last->policy->name;
    clock.calendar = last->policy->calendar;
    clock.zoneBy = last->zone.by;
    clock.zone = last->zone.name.isEmpty() && clock.hours
        ? rulingAt(clock.hours->all(), m_now).calendar.definition().zone
        : last->zone.name;
    return clock.hours != nullptr;
}

/// A due time by hand belongs to the cycle that ran when it was set.
void ClockMaker::takeHandDues(TicketClock &clock, Instant end) const
{
    for (const HandDue &set : m_past.byHand) {
        if (set.clock != clock.kind || set.at < *clock.cycle.start || set.at >= end)
            continue;
        auto &manual = clock.cycle.manual;
        if (!manual.empty() && !manual.back().released)
            manual.back().released = set.at;
        if (set.due)
            manual.push_back({ set.at, {}, *set.due, set.reason });
    }
}

void ClockMaker::addPromises()
{
    int number = 0;
    for (FoundCycle &found : cyclesOf(ClockKind::Promise, m_past.facts)) {
        TicketClock clock { .kind = ClockKind::Promise,
            .number = ++number,
            .zone = u"UTC"_s,
            .cycle = std::move(found.cycle),
            .hours = aroundTheClock() };
        clock.cycle.targets.push_back({ .from = *clock.cycle.start, .isOff = true });
        if (*clock.cycle.start > m_now)
            continue; // nobody knows of it yet
        if (m_isRead)
            clock.reading = read(clock.cycle, *clock.hours, m_now);
        m_clocks.push_back(std::move(clock));
    }
}

} // namespace

bool TicketClock::isOpen() const
{
    switch (reading.state) {
    case State::Running:
    case State::Paused:
    case State::BreachedRunning:
    case State::BreachedPaused: return true;
    default: return false;
    }
}

namespace {

/// An open clock that is open no more once what waits has been sent.
void markStopsWhenSent(std::vector<TicketClock> &clocks, const TicketPast &past,
    const AgreementBook &book, Instant now)
{
    TicketPast sent = past;
    sent.waiting.clear();
    for (const TicketPast::Waiting &one : past.waiting)
        sent.facts.push_back(one.fact);
    sortFacts(sent.facts);
    const std::vector<TicketClock> then = clocksOf(sent, book, now);
    for (TicketClock &clock : clocks) {
        const auto same = std::ranges::find_if(then, [&](const TicketClock &one) {
            return one.kind == clock.kind && one.cycle.start == clock.cycle.start
                && one.tier == clock.tier;
        });
        clock.stopsWhenSent = clock.isOpen() && same != then.end() && !same->isOpen();
    }
}

} // namespace

std::vector<TicketClock> clocksOf(const TicketPast &past, const AgreementBook &book, Instant now,
    Readings readings, std::vector<TicketClock> room)
{
    const bool isPromised = std::ranges::any_of(
        past.facts, [](const Fact &fact) { return fact.kind == Fact::Kind::Promised; });
    if (book.isEmpty() && !isPromised)
        return {};
    std::vector<TicketClock> clocks = ClockMaker(past, book, now, readings, std::move(room)).make();
    if (!past.waiting.empty() && readings == Readings::All)
        markStopsWhenSent(clocks, past, book, now);
    return clocks;
}

const TicketClock *nextDue(const std::vector<TicketClock> &clocks)
{
    const TicketClock *next = nullptr;
    for (const TicketClock &clock : clocks) {
        if (clock.isOpen() && clock.reading.due
            && (!next || *clock.reading.due < *next->reading.due))
            next = &clock;
    }
    return next;
}

std::vector<TicketClock> mergedClocks(
    std::vector<TicketClock> own, const TicketPast &other, const AgreementBook &book, Instant at)
{
    TicketPast ended = other;
    std::erase_if(ended.facts, [at](const Fact &fact) { return fact.at > at; });
    ended.facts.push_back({ .at = at, .kind = Fact::Kind::Merged });
    sortFacts(ended.facts);
    for (TicketClock &clock : clocksOf(ended, book, at)) {
        if (clock.reading.breachedAt)
            own.push_back(std::move(clock));
    }
    return own;
}

std::vector<ClimbStep> climb(const TicketClock &clock, Priority from)
{
    std::vector<ClimbStep> steps;
    const bool runs = clock.isOpen() && clock.reading.due && clock.cycle.start;
    const int levels
        = clock.climbsTo ? static_cast<int>(*clock.climbsTo) - static_cast<int>(from) : 0;
    if (!runs || levels <= 0)
        return steps;
    const Millis whole = clock.reading.elapsed + clock.reading.remaining - clock.reading.overdue;
    for (int level = 1; level <= levels; ++level) {
        const auto at = level == levels ? clock.reading.due
                                        : whenHasRun(*clock.hours, unionOf(clock.cycle.pauses),
                                            *clock.cycle.start, whole * level / levels);
        if (at)
            steps.push_back({ *at, static_cast<Priority>(static_cast<int>(from) + level) });
    }
    return steps;
}

Priority climbed(const TicketClock &clock, Priority from, Instant at)
{
    Priority now = from;
    for (const ClimbStep &step : climb(clock, from)) {
        if (step.at <= at)
            now = step.priority;
    }
    return now;
}

} // namespace tierline::sla
