#include "core/metrics/metrics.h"

#include "core/metrics/days.h"
#include "core/metrics/group_p.h"
#include "core/metrics/rowkeys_p.h"
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

QString code(By by)
{
    return byTable.at(static_cast<size_t>(by)).toString();
}

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

    std::vector<Row> rows();
};

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
    return isInPeriod(m_state->options, created);
}

void Collector::add(const TicketInput &input)
{
    if (!wants(input.ticket.created))
        return;
    State &s = *m_state;
    const TicketFacts facts = factsOf(input, s.options.ranks, s.options.now);
    s.isWaitingKnown = s.isWaitingKnown || facts.awaitedCustomer.has_value();
    s.weeks.add(mondayOf(localDate(facts.created, s.options.zone)), facts);

    const QString own = rowKey(s.options, input, facts);
    if (s.options.by == By::Agent) {
        for (const QString &agent : facts.agents)
            s.groups[agent].add(facts, isEscalatedBy(facts, agent));
    } else {
        s.groups[own].add(facts, facts.isEscalated());
    }
    for (const CsatAnswer &answer : facts.csat)
        s.groups[creditedTo(s.options.by, answer).value_or(own)].addCsat(answer);
}

Result<Report> Collector::finish()
{
    const std::unique_ptr<State> state = std::move(m_state);
    const Options &o = state->options;
    if (!o.zone.isValid())
        return badInput(
            u"The report's zone is unknown. Name one such as Europe/Berlin."_s, u"zone"_s);
    if (o.from && o.to && *o.from > *o.to)
        return badInput(u"The period ends (%1) before it begins (%2). Swap the two."_s.arg(
                            o.to->iso(), o.from->iso()),
            u"to"_s);
    Report report {
        .from = o.from, .to = o.to, .zone = QString::fromUtf8(o.zone.id()), .by = o.by
    };
    report.rows = state->rows();
    report.summary = state->weeks.summary();
    return report;
}

} // namespace tierline::metrics
