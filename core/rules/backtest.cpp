#include "core/rules/backtest.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qint64 dayMs = 86'400'000;
constexpr qint64 ticketsBetweenTellings = 500;

QDate dayOf(Instant at)
{
    const qint64 day = at.ms >= 0 ? at.ms / dayMs : -((-at.ms + dayMs - 1) / dayMs);
    return QDate::fromJulianDay(2'440'588 + day);
}

/// Sums up fires, ticket by ticket.
class Sums
{
public:
    Sums(const RuleSet &set, const BacktestSpan &span)
        : m_set(set)
        , m_span(span)
        , m_labels(set.rules().size())
        , m_hasFired(set.rules().size())
        , m_wasUnknown(set.rules().size())
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

    void take(PastTicket &ticket, Replay &replay)
    {
        std::ranges::fill(m_hasFired, 0);
        std::ranges::fill(m_wasUnknown, 0);
        replay.run(
            ticket, m_span.to, [&](const ReplayFire &fire) { note(ticket, fire); },
            [&](const Unjudged &unjudged) { note(unjudged); });
        ++m_result.tickets;
        for (size_t rule = 0; rule < m_hasFired.size(); ++rule) {
            m_result.rules[rule].tickets += m_hasFired[rule];
            if (ticket.shouldEscalate)
                label(rule, ticket, *ticket.shouldEscalate);
        }
    }

    BacktestResult result() &&
    {
        for (size_t i = 0; i < m_result.rules.size(); ++i) {
            BacktestRule &rule = m_result.rules[i];
            std::ranges::sort(rule.fires, [](const BacktestFire &a, const BacktestFire &b) {
                return a.at != b.at ? a.at < b.at : a.ticket.v < b.ticket.v;
            });
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

    void note(const PastTicket &ticket, const ReplayFire &replayed)
    {
        if (replayed.at < m_span.from)
            return;
        const RoundFire &fire = *replayed.fire;
        BacktestRule &rule = m_result.rules[size_t(fire.rule)];
        ++rule.count;
        ++rule.perDay[dayOf(replayed.at)];
        m_hasFired[size_t(fire.rule)] = 1;
        QString tier;
        if (m_set.compiled()[size_t(fire.rule)].escalates)
            tier = tierOf(m_set.rules()[size_t(fire.rule)], replayed.life->state().ticket);
        if (fire.escalates)
            ++m_result.loadPerTier[tier];
        if (m_kept < BacktestResult::mostFires) {
            ++m_kept;
            rule.fires.push_back(
                { ticket.id, ticket.key, replayed.at, fire.sentence, tier, fire.escalates });
        }
        for (const auto &[who, times] : m_heard[size_t(fire.rule)])
            m_result.notices[who] += times;
    }

    void note(const Unjudged &unjudged)
    {
        const auto number = size_t(unjudged.rule);
        if (m_wasUnknown[number])
            return;
        m_wasUnknown[number] = 1;
        BacktestRule &rule = m_result.rules[number];
        if (rule.unjudged++ == 0)
            rule.unjudgedWhy = unjudgedText(m_set, unjudged);
    }

    void label(size_t rule, const PastTicket &ticket, bool should)
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
    const BacktestSpan &m_span;
    BacktestResult m_result;
    size_t m_kept = 0;
    std::vector<Labels> m_labels;
    std::vector<std::map<QString, qint64>> m_heard; ///< by rule
    std::vector<quint8> m_hasFired, m_wasUnknown; ///< by rule, of the ticket at hand
};

} // namespace

QString tierOf(const Rule &rule, const Ticket &ticket)
{
    for (const Action &action : rule.then) {
        if (!action.info->escalates)
            continue;
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

Result<std::unique_ptr<Neighbours>> neighboursOf(
    const RuleSet &set, Past &past, const LifeFrame &frame, const BacktestProgress &progress)
{
    if (!Neighbours::areReadBy(set))
        return std::unique_ptr<Neighbours>();
    auto neighbours = std::make_unique<Neighbours>(set);
    for (auto team = frame.capacity.begin(); team != frame.capacity.end(); ++team)
        neighbours->setCapacity(team.key(), team.value());
    LifeFrame tracing = frame;
    tracing.tracesNeighbours = true;
    TicketLife life(tracing);
    qint64 done = 0;
    TIERLINE_CHECK(past.walk([&](PastTicket &ticket) -> Result<Done> {
        if (progress && done++ % ticketsBetweenTellings == 0 && !progress(0))
            return cancelled();
        life.begin(ticket.id, ticket.customer);
        for (const Event &event : ticket.events)
            life.apply(event);
        neighbours->set(life.trace());
        return Done {};
    }));
    neighbours->prepare();
    return neighbours;
}

Result<BacktestResult> backtest(
    const RuleSet &set, Past &past, const LifeFrame &frame, const BacktestSpan &span)
{
    TIERLINE_TRY(neighbours, neighboursOf(set, past, frame, span.progress));
    LifeFrame own = frame;
    own.tracesNeighbours = neighbours != nullptr;
    Replay replay(set, own, neighbours.get());
    Sums sums(set, span);
    qint64 done = 0;
    TIERLINE_CHECK(past.walk([&](PastTicket &ticket) -> Result<Done> {
        if (span.progress && done % ticketsBetweenTellings == 0 && !span.progress(done))
            return cancelled();
        ++done;
        sums.take(ticket, replay);
        return Done {};
    }));
    return std::move(sums).result();
}

} // namespace tierline::rules
