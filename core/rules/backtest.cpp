#include "core/rules/backtest.h"

#include "core/rules/replaycrew_p.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qint64 ticketsBetweenTellings = 500;

/// Of UTC, as QDate counts them.
qint64 julianDayOf(Instant at)
{
    const qint64 day = at.ms >= 0 ? at.ms / DayMs : -((-at.ms + DayMs - 1) / DayMs);
    return 2'440'588 + day;
}

/// Does each of so many things once, on as many threads as a crew would have.
void onThreads(size_t count, int wanted, const std::function<void(size_t)> &doOne)
{
    std::atomic<size_t> next = 0;
    const auto work = [&] {
        for (size_t i = next++; i < count; i = next++)
            doOne(i);
    };
    std::vector<std::thread> others;
    for (size_t i = 1; i < std::min(count, ReplayCrew::threadsFor(wanted)); ++i)
        others.emplace_back(work);
    work();
    for (std::thread &other : others)
        other.join();
}

/// Fires by Julian day. Most are of some months, one after another; the others are few.
class DayCounts
{
public:
    void add(qint64 day)
    {
        if (m_near.empty()) {
            m_first = day - reach / 2;
            m_near.resize(reach);
        }
        if (day < m_first || day >= m_first + reach) {
            ++m_far[day];
            return;
        }
        ++m_near[size_t(day - m_first)];
    }
    std::map<qint64, qint64> all() const
    {
        std::map<qint64, qint64> all = m_far;
        for (size_t i = 0; i < m_near.size(); ++i) {
            if (m_near[i] > 0)
                all[m_first + qint64(i)] = m_near[i];
        }
        return all;
    }

private:
    static constexpr qint64 reach = 1'024; ///< days
    qint64 m_first = 0;
    std::vector<qint64> m_near;
    std::map<qint64, qint64> m_far;
};

/// Sums up fires, ticket by ticket.
class Sums
{
public:
    explicit Sums(const RuleSet &set)
        : m_set(set)
        , m_labels(set.rules().size())
        , m_perDay(set.rules().size())
        , m_hasFired(set.rules().size())
    {
        for (const Rule &rule : set.rules()) {
            m_result.rules.push_back({ .name = rule.name });
            std::map<QString, qint64> heard;
            for (const Action &action : rule.then) {
                if (const QString who = heardBy(action); !who.isEmpty())
                    ++heard[who];
            }
            m_heard.push_back(std::move(heard));
        }
    }

    qint64 tickets() const { return m_result.tickets; }

    void take(PlayedTicket &&ticket)
    {
        std::ranges::fill(m_hasFired, 0);
        for (PlayedFire &fire : ticket.fires)
            note(ticket, std::move(fire));
        for (const Unjudged &unjudged : ticket.unjudged) {
            BacktestRule &rule = m_result.rules[size_t(unjudged.rule)];
            if (rule.unjudged++ == 0)
                rule.unjudgedWhy = unjudgedText(m_set, unjudged);
        }
        ++m_result.tickets;
        for (size_t rule = 0; rule < m_hasFired.size(); ++rule) {
            m_result.rules[rule].tickets += m_hasFired[rule];
            if (ticket.shouldEscalate)
                label(rule, ticket, *ticket.shouldEscalate);
        }
    }

    BacktestResult result(int threads) &&
    {
        onThreads(m_result.rules.size(), threads,
            [this](size_t rule) { sort(m_result.rules[rule].fires); });
        for (size_t i = 0; i < m_result.rules.size(); ++i) {
            BacktestRule &rule = m_result.rules[i];
            for (const auto &[day, fires] : m_perDay[i].all())
                rule.perDay[QDate::fromJulianDay(day)] = fires;
            const Labels &labels = m_labels[i];
            if (labels.rightly + labels.wrongly > 0)
                rule.precision = double(labels.rightly) / double(labels.rightly + labels.wrongly);
            if (labels.rightly + labels.missed > 0)
                rule.recall = double(labels.rightly) / double(labels.rightly + labels.missed);
        }
        return std::move(m_result);
    }

private:
    struct Labels {
        qint64 rightly = 0, wrongly = 0, missed = 0;
    };

    /// By instant, then ticket; a fire is ten times as long as its place.
    static void sort(std::vector<BacktestFire> &fires)
    {
        struct Place {
            qint64 at, ticket;
            size_t from;
            auto operator<=>(const Place &) const = default;
        };
        std::vector<Place> places;
        places.reserve(fires.size());
        for (size_t i = 0; i < fires.size(); ++i)
            places.push_back({ fires[i].at.ms, fires[i].ticket.v, i });
        std::ranges::sort(places);
        std::vector<BacktestFire> sorted;
        sorted.reserve(fires.size());
        for (const Place &place : places)
            sorted.push_back(std::move(fires[place.from]));
        fires = std::move(sorted);
    }

    void note(const PlayedTicket &ticket, PlayedFire &&fire)
    {
        const auto number = size_t(fire.rule);
        BacktestRule &rule = m_result.rules[number];
        ++rule.count;
        m_perDay[number].add(julianDayOf(fire.at));
        m_hasFired[number] = 1;
        if (fire.escalates)
            ++m_result.loadPerTier[fire.tier];
        for (const auto &[who, times] : m_heard[number])
            m_result.notices[who] += times;
        if (m_kept == BacktestResult::mostFires)
            return;
        ++m_kept;
        rule.fires.push_back({ ticket.id, ticket.key, fire.at, std::move(fire.sentence),
            std::move(fire.tier), fire.escalates });
    }

    void label(size_t rule, const PlayedTicket &ticket, bool should)
    {
        const bool hasFired = m_hasFired[rule] != 0;
        Labels &labels = m_labels[rule];
        labels.rightly += should && hasFired;
        labels.wrongly += !should && hasFired;
        labels.missed += should && !hasFired;
        if (should && !hasFired && m_result.rules[rule].missed.size() < 1'000)
            m_result.rules[rule].missed.append(ticket.key);
    }

    const RuleSet &m_set;
    BacktestResult m_result;
    size_t m_kept = 0;
    std::vector<Labels> m_labels;
    std::vector<DayCounts> m_perDay; ///< fires by rule, then Julian day
    std::vector<std::map<QString, qint64>> m_heard; ///< by rule
    std::vector<quint8> m_hasFired; ///< by rule, of the ticket at hand
};

} // namespace

QString tierOf(const Rule &rule, const TicketLife &life, const LifeFrame &frame, Instant at)
{
    const Ticket &ticket = life.state().ticket;
    for (const Action &action : rule.then) {
        if (!action.info->escalates)
            continue;
        if (action.info->id == u"escalate-by-matrix") {
            const Organization *facts = life.factsAt(at);
            const auto path = frame.paths
                ? frame.paths->pathOf(ticket, facts ? facts->plan : QString())
                : Result<escalation::TicketPath>(notFound({}));
            return path ? path->target.tier : ticket.tier;
        }
        const QString tier = action.text(Slot::Tier);
        return tier.isEmpty() ? ticket.tier : tier;
    }
    return ticket.tier;
}

QString heardBy(const Action &action)
{
    if (!action.info->notifies || !action.steps.empty())
        return {};
    if (action.info->facesCustomer)
        return u"customer"_s;
    for (const Slot slot : { Slot::Channel, Slot::Agent, Slot::Team, Slot::Pager, Slot::Mail,
             Slot::Role, Slot::Hook }) {
        if (const QString who = action.text(slot); !who.isEmpty())
            return slotName(slot) + u' ' + who;
    }
    if (action.info->id == u"notify-manager")
        return u"manager"_s;
    return action.info->id == u"remind" || action.info->id == u"notify-assignee" ? u"assignee"_s
                                                                                 : action.info->id;
}

Result<std::unique_ptr<Neighbours>> neighboursOf(const RuleSet &set, Past &past,
    const LifeFrame &frame, const BacktestProgress &progress, int threads)
{
    if (!Neighbours::areReadBy(set))
        return std::unique_ptr<Neighbours>();
    auto neighbours = std::make_unique<Neighbours>(set);
    for (auto team = frame.capacity.begin(); team != frame.capacity.end(); ++team)
        neighbours->setCapacity(team.key(), team.value());
    const auto take = [&](PlayedTicket &&traced) { neighbours->set(traced.trace); };
    ReplayCrew crew({ .set = set,
        .frame = frame,
        .threads = threads,
        .isInMemory = past.isInMemory(),
        .tracing = neighbours->readBeginningsOnly() ? NeighbourTrace::Extent::Beginning
                                                    : NeighbourTrace::Extent::Whole });
    qint64 walked = 0;
    TIERLINE_CHECK(past.walk([&](PastTicket &ticket) -> Result<Done> {
        if (progress && walked++ % ticketsBetweenTellings == 0 && !progress(0))
            return cancelled();
        crew.play(ticket, take);
        return Done {};
    }));
    crew.finish(take);
    neighbours->prepare();
    return neighbours;
}

Result<BacktestResult> backtest(
    const RuleSet &set, Past &past, const LifeFrame &frame, const BacktestSpan &span)
{
    TIERLINE_TRY(neighbours, neighboursOf(set, past, frame, span.progress, span.threads));
    LifeFrame own = frame;
    own.tracesNeighbours = neighbours != nullptr;
    Sums sums(set);
    const auto take = [&sums](PlayedTicket &&played) { sums.take(std::move(played)); };
    ReplayCrew crew({ .set = set,
        .frame = own,
        .neighbours = neighbours.get(),
        .from = span.from,
        .until = span.to,
        .threads = span.threads,
        .isInMemory = past.isInMemory() });
    qint64 walked = 0;
    TIERLINE_CHECK(past.walk([&](PastTicket &ticket) -> Result<Done> {
        const bool isTold = span.progress && walked++ % ticketsBetweenTellings == 0;
        if (isTold && !span.progress(sums.tickets()))
            return cancelled();
        crew.play(ticket, take);
        return Done {};
    }));
    crew.finish(take);
    return std::move(sums).result(span.threads);
}

} // namespace tierline::rules
