#pragma once

#include "core/metrics/facts.h"
#include "core/metrics/group_p.h"
#include "core/metrics/summary.h"

#include <map>

namespace tierline::metrics {

/// Gathers the weekly series in the same pass as the rows.
class Weeks
{
public:
    void add(QDate monday, const TicketFacts &facts);
    Summary summary();

private:
    struct Week {
        qint64 tickets = 0, withTier = 0, escalated = 0;
        QMap<QString, TierTally> outOfTier;
        std::vector<qint64> timeToEscalate;
        CsatSum csatAfter;
    };

    std::map<QDate, Week> m_weeks;
};

} // namespace tierline::metrics
