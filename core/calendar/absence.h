#pragma once

#include "core/base/instant.h"

#include <QString>

#include <optional>
#include <vector>

namespace tierline {

/// Somebody is not there. It belongs to people: every roster, queue and promise takes the same list.
struct Absence {
    QString agent;
    Instant from;
    Instant to; ///< not in it
    QString deputy; ///< who takes over meanwhile; nobody where empty
    QString why;
    bool operator==(const Absence &) const = default;
};

/// Who is away at one instant. Of several absences of one agent the last in the list rules. The list must outlive
/// it. Thread: any. Cost: one look at each absence, then one for each that holds at the instant.
class AwayAt
{
public:
    AwayAt(const std::vector<Absence> &absences, Instant at);

    bool isAway(const QString &agent) const { return find(agent) != nullptr; }
    /// The agent where there; else the first of the deputies, each the deputy of the one before, who is. nullopt
    /// where none of the first MostDeputies is, as in a cycle, or somebody names nobody.
    std::optional<QString> standIn(const QString &agent) const;

    static constexpr int MostDeputies = 5;

private:
    const Absence *find(const QString &agent) const;
    std::vector<const Absence *> m_now;
};

} // namespace tierline
