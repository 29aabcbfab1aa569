#include "core/metrics/metrics.h"

#include "core/metrics/days.h"
#include "core/metrics/group_p.h"
#include "core/metrics/weeks_p.h"

#include <QHash>

#include <algorithm>
#include <array>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

namespace {
constexpr std::array byTable = std::to_array<QStringView>({ u"all", u"tier", u"team", u"agent",
    u"category", u"product", u"priority", u"segment", u"channel", u"week" });
}

QString code(By by) { return byTable.at(static_cast<size_t>(by)).toString(); }

std::optional<By> byFromCode(QStringView text)
{
    for (size_t i = 0; i < byTable.size(); ++i) {
        if (text.trimmed().compare(byTable[i], Qt::CaseInsensitive) == 0)
            return static_cast<By>(i);
    }
    return std::nullopt;
}

QStringList byCodes()
{
    QStringList codes;
    for (size_t i = 1; i < byTable.size(); ++i)
        codes.append(byTable[i].toString());
    return codes;
}

struct Collector::State {
    Options options;
    QHash<QString, Group> groups;
    Weeks weeks;
    bool isWaitingKnown = false;

    QString key(const TicketInput &input, const TicketFacts &facts, QDate day) const;
    std::optional<QString> holder(const CsatAnswer &answer) const;
    std::vector<Row> rows();
};

/// The row of a ticket. Agents' rows are several for each ticket and stand in add().
QString Collector::State::key(const TicketInput &input, const TicketFacts &facts, QDate day) const
{
    switch (options.by) {
    case By::All:
    case By::Agent:
        break;
    case By::Tier:
        return facts.startTier;
    case By::Team:
        return facts.startTeam;
    case By::Category:
        return input.ticket.category;
    case By::Product:
        return input.ticket.product;
    case By::Priority:
        return tierline::code(input.ticket.priority);
    case By::Segment:
        return input.segment;
    case By::Channel:
        return input.ticket.channel;
    case By::Week:
        return weekKey(day);
    }
    return u"all"_s;
}

/// Whom an answer is credited to, in a report by agent, tier or team; nothing in all others, where
/// it belongs to the ticket's own row.
std::optional<QString> Collector::State::holder(const CsatAnswer &answer) const
{
    switch (options.by) {
    case By::Agent:
        return answer.agent;
    case By::Tier:
        return answer.tier;
    case By::Team:
        return answer.team;
    default:
        return std::nullopt;
    }
}

std::vector<Row> Collector::State::rows()
{
    std::vector<Row> rows;
    rows.reserve(static_cast<size_t>(groups.size()));
    if (options.by == By::All && groups.isEmpty())
        groups.insert(u"all"_s, {});
    for (auto it = groups.begin(); it != groups.end(); ++it)
        rows.push_back(it->row(it.key(), isWaitingKnown));

    const bool isByTier = options.by == By::Tier;
    std::sort(rows.begin(), rows.end(), [&](const Row &a, const Row &b) {
        if (isByTier) {
            const auto rankA = options.ranks.rank(a.key), rankB = options.ranks.rank(b.key);
            if (rankA != rankB)
                return rankA < rankB;
        }
        return a.key < b.key;
    });
    return rows;
}

Collector::Collector(Options options)
    : m_state(std::make_unique<State>())
{
    m_state->options = std::move(options);
}

Collector::Collector(Collector &&) noexcept = default;
Collector &Collector::operator=(Collector &&) noexcept = default;
Collector::~Collector() = default;

bool Collector::wants(Instant created) const
{
    const Options &o = m_state->options;
    return (!o.from || created >= *o.from) && (!o.to || created < *o.to);
}

void Collector::add(const TicketInput &input)
{
    if (!wants(input.ticket.created))
        return;
    State &s = *m_state;
    const TicketFacts facts = factsOf(input, s.options.ranks, s.options.now);
    const QDate day = localDate(facts.created, s.options.zone);
    s.isWaitingKnown = s.isWaitingKnown || facts.awaitedCustomer.has_value();
    s.weeks.add(mondayOf(day), facts);

    const QString own = s.key(input, facts, day);
    if (s.options.by == By::Agent) {
        for (const QString &agent : facts.agents)
            s.groups[agent].add(facts, facts.isEscalated() && facts.escalatedAfter == agent);
    } else {
        s.groups[own].add(facts, facts.isEscalated());
    }
    for (const CsatAnswer &answer : facts.csat)
        s.groups[s.holder(answer).value_or(own)].addCsat(answer);
}

Result<Report> Collector::finish()
{
    const std::unique_ptr<State> state = std::move(m_state);
    const Options &o = state->options;
    if (!o.zone.isValid())
        return badInput(u"The report's zone is unknown. Name one such as Europe/Berlin."_s, u"zone"_s);
    if (o.from && o.to && *o.from > *o.to)
        return badInput(u"The period ends (%1) before it begins (%2). Swap the two."_s.arg(
                            o.to->iso(), o.from->iso()),
            u"to"_s);
    Report report { .from = o.from, .to = o.to, .zone = QString::fromUtf8(o.zone.id()), .by = o.by };
    report.rows = state->rows();
    report.summary = state->weeks.summary();
    return report;
}

} // namespace tierline::metrics
