#pragma once

#include "core/domain/event.h"

namespace tierline::escalation {

// Where a ticket has been. Pure: any thread, no errors. O(events).

/// One stay in a queue, which is a team, or a tier where the ticket has none. Each stay but the first began with a hop.
struct Stay {
    QString tier, team;
    Instant since;
    size_t event = 0; ///< number in the log of what brought it there

    bool isIn(const QString &otherTier, const QString &otherTeam) const
    {
        return tier == otherTier && team == otherTeam;
    }
    /// As people say it: the team's name, else the tier.
    const QString &queue() const { return team.isEmpty() ? tier : team; }
};

/// A ticket's stays in its present life, which is since it was created or last reopened, in order. An escalation that
/// was withdrawn before anybody accepted it, and a move that was undone or given up, are no hops.
std::vector<Stay> staysOf(const std::vector<Event> &events);

/// Number of the newest stay in that queue that is over; none: the ticket was not there yet, or is there now and never
/// was before.
std::optional<size_t> earlierStay(
    const std::vector<Stay> &stays, const QString &tier, const QString &team);

/// Three hops within a day that lead back to a queue which one of them left: the number of the stay that the last of
/// them began. The first that happened at `from` or later; A → B → A → B is one, A → B → C → D none.
std::optional<size_t> findPingPong(const std::vector<Stay> &stays, Instant from = {});

} // namespace tierline::escalation
