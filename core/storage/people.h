#pragma once

#include "core/domain/people.h"
#include "core/storage/store.h"

namespace tierline::storage {

Result<QList<Tier>> loadTiers(Connection &connection); ///< by rank
Result<QList<Team>> loadTeams(Connection &connection); ///< by name
Result<QList<Agent>> loadAgents(Connection &connection); ///< by id
Result<Agent> findAgent(Connection &connection, const QString &id);
Result<Tier> findTier(Connection &connection, const QString &id);
/// Id of the agent who is `me`; empty where nobody was named.
Result<QString> loadMe(Connection &connection);

Result<Done> saveTier(WriteScope &scope, const Tier &tier);
Result<Done> saveTeam(WriteScope &scope, const Team &team);
Result<Done> saveAgent(WriteScope &scope, const Agent &agent);
Result<Done> saveMe(WriteScope &scope, const QString &agent);

Result<Organization> loadOrganization(Connection &connection, OrganizationId id);
Result<Requester> loadRequester(Connection &connection, RequesterId id);
/// Empty where today's facts hold for all of the past.
Result<OrganizationPast> loadOrganizationPast(Connection &connection, OrganizationId id);
/// Finds by name (organization) or e-mail and name (requester) or makes it; facts given replace
/// facts held. Sets the id. The text index of their tickets is not touched here.
/// Facts of an organization that are replaced are kept with the time, except by the import that brought it
/// (`import`): its tickets tell of one customer, in no order.
Result<Done> saveOrganization(WriteScope &scope, Organization &organization, ImportId import = {});
Result<Done> saveRequester(WriteScope &scope, Requester &requester);

/// Small settings of the workspace (reason codes, currency, zone …), by name.
Result<QString> loadSetting(
    Connection &connection, const QString &name, const QString &otherwise = {});
Result<Done> saveSetting(WriteScope &scope, const QString &name, const QString &value);

/// Open tickets that an agent can have at a time, as a number; empty: not said.
inline constexpr QLatin1StringView capacitySetting("capacity_per_agent");

} // namespace tierline::storage
