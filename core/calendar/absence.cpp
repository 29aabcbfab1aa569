#include "core/calendar/absence.h"

namespace tierline {

AwayAt::AwayAt(const std::vector<Absence> &absences, Instant at)
{
    for (const Absence &absence : absences) {
        if (absence.from <= at && at < absence.to)
            m_now.push_back(&absence);
    }
}

const Absence *AwayAt::find(const QString &agent) const
{
    for (auto absence = m_now.rbegin(); absence != m_now.rend(); ++absence) {
        if ((*absence)->agent == agent)
            return *absence;
    }
    return nullptr;
}

std::optional<QString> AwayAt::standIn(const QString &agent) const
{
    QString who = agent;
    // Everybody in a cycle is away, so that counting finds its end too.
    for (int passed = 0; passed <= MostDeputies; ++passed) {
        const Absence *absence = find(who);
        if (!absence)
            return who;
        if (absence->deputy.isEmpty())
            return {};
        who = absence->deputy;
    }
    return {};
}

} // namespace tierline
