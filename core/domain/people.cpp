#include "core/domain/people.h"

namespace tierline {

Visibility visibilityOf(const Agent &agent, const QList<Team> &teams)
{
    Visibility visibility;
    if (agent.role == Role::Admin)
        return visibility;
    for (const Team &team : teams) {
        if (team.confidential != Confidential::No && !agent.teams.contains(team.name))
            visibility.deniedTeams.append(team.name);
    }
    return visibility;
}

} // namespace tierline
