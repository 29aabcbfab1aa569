#pragma once

#include "core/commands/work_p.h"

namespace tierline::commands {

// People, teams and tiers inside a transaction under way: checked against the staff as it will be, saved, and told
// in the workspace's log. Whether they are new is the caller's business. Room-private.

Result<Done> putTier(
    Context &context, storage::WriteScope &scope, const Staff &after, const Tier &tier);
/// `before` is the team as it stands, or null. NotAllowed where its open tickets would change tier.
Result<Done> putTeam(Context &context, storage::WriteScope &scope, const Staff &after,
    const Team *before, const Team &team);
/// Gives the tiers that were granted anew.
Result<QStringList> putAgent(Context &context, storage::WriteScope &scope, const Staff &after,
    const Agent *before, const Agent &agent, const QString &note);
/// Somebody must be able to undo what is done: NotAllowed naming `who` where there was an admin and is none.
Result<Done> checkAdminLeft(const Staff &before, const Staff &after, const QString &who);
/// How many tickets an agent can have; none: not said.
Result<Done> putCapacity(
    Context &context, storage::WriteScope &scope, const std::optional<int> &most);
/// NotAllowed for who is neither lead nor admin; `what` is what only those do: "change rules".
Result<Done> checkLead(const Context &context, const QString &what);
/// One line in the workspace's log.
Result<Done> logWorkspace(
    Context &context, storage::WriteScope &scope, const QString &note, const QJsonObject &data);
/// The list with `item` in the place of the one of the same key, or behind all.
template<typename T, typename Key>
void putInto(QList<T> &list, const T &item, Key T::*key)
{
    const auto found = std::ranges::find(list, item.*key, key);
    if (found == list.end())
        list.append(item);
    else
        *found = item;
}

} // namespace tierline::commands
