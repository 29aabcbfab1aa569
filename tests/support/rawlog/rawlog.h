#pragma once

#include "core/domain/event.h"

namespace tierline::test {

/// One case of a real event log, as the figures take it.
struct RawCase {
    Ticket ticket;
    std::vector<Event> events;
};

struct RawLog {
    qint64 rows = 0;
    std::vector<RawCase> cases; ///< in the order of their first rows
};

/// Problem tickets of a ticket system whose team names carry the line: "N52 2nd" is L2, "J4 3rd" L3,
/// all others L1. Semicolons, ISO 8859-1, no quotes. Rows are in the order of their instants.
Result<RawLog> readProblems(const QString &path);

/// Incidents of a ServiceNow audit log (gzip, commas, no quotes, day/month/year in UTC), in the
/// order of sys_mod_count. No tiers.
Result<RawLog> readIncidents(const QString &path);

} // namespace tierline::test
