#include "core/import/sampleplan_p.h"

#include <array>

namespace tierline::importing {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// What tells a scenario from all others: its subjects.
QString scenarioName(const QJsonObject &scenario)
{
    const QJsonValue subject = scenario.value(u"subject");
    return subject.isArray() ? subject.toArray().first().toString() : subject.toString();
}

} // namespace

bool SamplePlanner::fits(const QJsonObject &scenario, Needs needs, const QString &team) const
{
    const auto has = [&](QStringView part) { return !scenario.value(part).toString().isEmpty(); };
    if (scenario.value(u"wave").toBool() != (needs == Needs::WaveOnly))
        return false;
    if (scenario.value(u"confidential").toBool() != (needs == Needs::Confidential))
        return false;
    if (!team.isEmpty() && scenario.value(u"team").toString() != team)
        return false;
    switch (needs) {
    case Needs::Question: return has(u"ask");
    case Needs::Escalation: return has(u"summary");
    case Needs::Engineering:
        return scenario.value(u"reason").toString() == u"needs-code-change" || has(u"next");
    case Needs::No: return has(u"no") && has(u"summary");
    default: return true;
    }
}

/// The one told least often so far; among equals by chance.
QJsonObject SamplePlanner::nextScenario(Needs needs, const QString &team)
{
    qsizetype best = -1;
    int ties = 0;
    for (qsizetype i = 0; i < m_texts.scenarios.size(); ++i) {
        if (!fits(m_texts.scenarios[i], needs, team))
            continue;
        if (best < 0 || m_uses[i] < m_uses[best]) {
            best = i;
            ties = 1;
        } else if (m_uses[i] == m_uses[best] && m_random.below(++ties) == 0) {
            best = i;
        }
    }
    ++m_uses[best];
    return m_texts.scenarios[best];
}

QJsonObject SamplePlanner::customerFor(const QJsonObject &scenario)
{
    const QString language = scenario.value(u"lang").toString();
    QList<QJsonObject> fitting;
    for (const QJsonValue &customer : m_texts.customers) {
        if (customer.toObject().value(u"lang").toString() == language)
            fitting.append(customer.toObject());
    }
    // Two open tickets with one subject and one customer would look like a fault of the program.
    const QString story = scenarioName(scenario);
    const auto isOpen = [&](const QJsonObject &customer) {
        return m_open.contains({ story, customer.value(u"name").toString() });
    };
    if (m_isLive && !std::ranges::all_of(fitting, isOpen))
        fitting.removeIf(isOpen);
    // The bigger a customer, the more often they write: the first third stands in twice.
    const qsizetype twice = fitting.size() / 3;
    const qsizetype choice = m_random.below(fitting.size() + twice);
    const QJsonObject &customer = fitting[choice % fitting.size()];
    if (m_isLive)
        m_open.insert({ story, customer.value(u"name").toString() });
    return customer;
}

/// Somebody of a team; the frontline agent who speaks the language is found by castFor.
QString SamplePlanner::agentOf(const QString &team)
{
    static const QHash<QString, QStringList> members {
        { u"Technical"_s, { u"priya"_s, u"marek"_s, u"ingrid"_s } },
        { u"Billing"_s, { u"noor"_s, u"noor"_s, u"ingrid"_s } }, { u"Legal"_s, { u"ruth"_s } },
        { u"Security"_s, { u"hanna"_s } }
    };
    const QStringList names = members.value(team, { u"priya"_s });
    return names[m_random.below(names.size())];
}

SampleStory::Cast SamplePlanner::castFor(const QJsonObject &scenario, Instant opened)
{
    static const QHash<QString, QStringList> speakers { { u"de"_s, { u"jonas"_s } },
        { u"fr"_s, { u"lucie"_s } }, { u"es"_s, { u"carla"_s } },
        { u"pt"_s, { u"carla"_s, u"lucie"_s } } };
    const QStringList frontline = speakers.value(scenario.value(u"lang").toString(),
        { u"tom"_s, u"aisha"_s, u"aisha"_s, u"tom"_s, u"jonas"_s });
    return { .scenario = scenario,
        .customer = customerFor(scenario),
        .company = m_texts.company,
        .frontline = frontline[m_random.below(frontline.size())],
        .specialist = agentOf(scenario.value(u"team").toString()),
        .engineer = chance(60, m_random) ? u"yusuf"_s : u"hanna"_s,
        .opened = opened,
        .now = m_now };
}

/// Some instant of the last sixty days: many on weekdays and in the morning, few at night.
Instant SamplePlanner::pastInstant()
{
    static constexpr std::array<int, 24> hours { 1, 1, 0, 0, 1, 2, 5, 14, 26, 34, 30, 23, 15, 21,
        25, 19, 13, 8, 4, 3, 3, 2, 2, 1 };
    for (;;) {
        const Instant at
            = m_now - std::chrono::minutes(between(30 * 60, 60 * 24 * 60 - 90, m_random));
        const int weekday = static_cast<int>((at.ms / DayMs + 4) % 7);
        const bool isWeekend = weekday == 0 || weekday == 6;
        const auto hour = static_cast<size_t>((at.ms % DayMs) / 3'600'000);
        if (m_random.below(34) < hours[hour] && !(isWeekend && chance(82, m_random)))
            return at;
    }
}

void SamplePlanner::keep(SampleStory &story)
{
    for (SampleStep &step : story.takeSteps())
        m_plan.steps.push_back(std::move(step));
    ++m_plan.tickets;
}

SamplePlan SamplePlanner::plan()
{
    allPast();
    m_isLive = true;
    allLive();
    std::stable_sort(m_plan.steps.begin(), m_plan.steps.end(),
        [](const SampleStep &a, const SampleStep &b) { return a.at < b.at; });
    return std::move(m_plan);
}

SamplePlan planSample(const SampleTexts &texts, Instant now, RandomSource &random)
{
    return SamplePlanner(texts, now, random).plan();
}

} // namespace tierline::importing
