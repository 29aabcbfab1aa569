#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"
#include "core/domain/codes.h"

#include <QDate>

#include <chrono>
#include <vector>

namespace tierline {

/// A level of support. `id` ("L2") is stable; name and rank may change. Rank 0 is the bot.
struct Tier {
    QString id;
    QString name;
    int rank = 1;
    QString duty; ///< what this tier does, one sentence
    std::chrono::milliseconds acceptWithin { 5 * 60'000 }; ///< limit of the handoff stage
    std::chrono::milliseconds resolveWithin { 8 * 3'600'000 }; ///< limit of the resolution stage
    std::chrono::milliseconds replyWithin { 60 * 60'000 }; ///< what the customer is told

    bool operator==(const Tier &) const = default;
};

/// A named group that owns a queue. The name is the key.
struct Team {
    QString name;
    QString tier;
    Confidential confidential = Confidential::No;

    bool operator==(const Team &) const = default;
};

/// Somebody who answers. `id` is a short handle ("priya"); the log names agents by it.
struct Agent {
    QString id;
    QString name;
    QString email;
    QString homeTier;
    QStringList grantedTiers; ///< besides the home tier; each grant is an event in the log
    QStringList teams;
    Role role = Role::Agent;
    bool isActive = true;

    bool worksAt(const QString &tier) const
    {
        return homeTier == tier || grantedTiers.contains(tier);
    }
    bool operator==(const Agent &) const = default;
};

struct Organization {
    OrganizationId id;
    QString name;
    QString plan;
    std::optional<qint64>
        arr; ///< recurring revenue a year, whole units of the workspace's currency
    std::optional<int> health; ///< 0 … 100
    QDate renewal;
    QStringList flags;

    bool operator==(const Organization &) const = default;
};

/// What was known of an organization until it was told something else. Of several the earliest holds from ever, and
/// after the last holds what is known now.
struct OrganizationThen {
    Instant until;
    Organization facts;
    bool operator==(const OrganizationThen &) const = default;
};
using OrganizationPast = std::vector<OrganizationThen>; ///< oldest first

struct Requester {
    RequesterId id;
    QString name;
    QString email;
    OrganizationId organization;

    bool operator==(const Requester &) const = default;
};

/// Which confidential teams somebody may not see. Every list, search, figure and export takes one,
/// so that none can forget it.
struct Visibility {
    QStringList deniedTeams;

    bool sees(const QString &team) const { return !deniedTeams.contains(team); }
    /// For tests, checks of the store itself, and work that shows nothing to anybody.
    static Visibility all() { return {}; }
};

/// What `agent` may not see of `teams`. Admins see everything; others their own teams'.
Visibility visibilityOf(const Agent &agent, const QList<Team> &teams);

} // namespace tierline
