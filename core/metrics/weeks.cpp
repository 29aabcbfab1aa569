#include "core/metrics/weeks_p.h"

#include "core/metrics/days.h"

namespace tierline::metrics {

void Weeks::add(QDate monday, const TicketFacts &facts)
{
    Week &week = m_weeks[monday];
    ++week.tickets;
    week.withTier += facts.hasTier ? 1 : 0;
    week.escalated += facts.isEscalated() ? 1 : 0;
    if (facts.hasTier)
        addOutOfTier(week.outOfTier, facts);
    if (facts.timeToEscalate)
        week.timeToEscalate.push_back(*facts.timeToEscalate);
    for (const CsatAnswer &answer : facts.csat) {
        if (answer.isAfterEscalation)
            week.csatAfter.add(answer);
    }
}

Summary Weeks::summary()
{
    Summary summary;
    if (m_weeks.empty())
        return summary;
    const QDate last = m_weeks.rbegin()->first;
    // Instants lie between 1900 and 2199, so the gaps are bounded by some 15,600 weeks.
    for (QDate monday = m_weeks.begin()->first; monday <= last; monday = monday.addDays(7)) {
        WeekPoint point { .monday = monday, .key = weekKey(monday) };
        if (const auto found = m_weeks.find(monday); found != m_weeks.end()) {
            Week &week = found->second;
            point.tickets = week.tickets;
            if (week.withTier > 0) {
                point.escalated = week.escalated;
                point.escalationRate
                    = static_cast<double>(week.escalated) / static_cast<double>(week.tickets);
            }
            for (auto it = week.outOfTier.cbegin(); it != week.outOfTier.cend(); ++it)
                point.outOfTier.insert(it.key(), { it->escalated, it->tickets });
            point.timeToEscalate = spreadOf(week.timeToEscalate);
            point.csatAfterEscalation = week.csatAfter.figure();
        }
        summary.weeks.push_back(std::move(point));
    }
    return summary;
}

} // namespace tierline::metrics
