#include "core/storage/people.h"

#include "core/storage/columns.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

Tier tierOf(const Statement &row)
{
    return { .id = row.text(0),
        .name = row.text(1),
        .rank = static_cast<int>(row.integer(2)),
        .duty = row.text(3),
        .acceptWithin = Millis(row.integer(4)),
        .resolveWithin = Millis(row.integer(5)),
        .replyWithin = Millis(row.integer(6)) };
}

Agent agentOf(const Statement &row)
{
    return { .id = row.text(0),
        .name = row.text(1),
        .email = row.text(2),
        .homeTier = row.text(3),
        .grantedTiers = listOf(row.utf8(4)),
        .teams = listOf(row.utf8(5)),
        .role = static_cast<Role>(row.integer(6)),
        .isActive = row.integer(7) != 0 };
}

template<typename T, typename F>
Result<QList<T>> loadAll(Connection &connection, const char *sql, F read)
{
    QList<T> all;
    TIERLINE_TRY(rows, connection.prepare(sql));
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return all;
        all.append(read(rows));
    }
}

Result<QString> loadMeta(Connection &connection, const QString &key, const QString &otherwise)
{
    TIERLINE_TRY(row, connection.prepare("SELECT value FROM meta WHERE key = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, key).step());
    return hasRow ? row.text(0) : otherwise;
}

Result<Done> saveMeta(WriteScope &scope, const QString &key, const QString &value)
{
    TIERLINE_TRY(row,
        scope.connection().prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)"
                                   " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
    scope.touchEverything();
    return row.bind(1, key).bind(2, value).run();
}

} // namespace

Result<QList<Tier>> loadTiers(Connection &connection)
{
    // Few, and asked for with every change: sorting them here costs a fifth of SQLite's sorter.
    TIERLINE_TRY(tiers,
        loadAll<Tier>(connection,
            "SELECT id, name, rank, duty, accept_ms, resolve_ms, reply_ms FROM tier ORDER BY id",
            tierOf));
    std::ranges::stable_sort(tiers, {}, &Tier::rank);
    return tiers;
}

Result<QList<Team>> loadTeams(Connection &connection)
{
    return loadAll<Team>(connection, "SELECT name, tier, confidential FROM team ORDER BY name",
        [](const Statement &row) {
            return Team { .name = row.text(0),
                .tier = row.text(1),
                .confidential = static_cast<Confidential>(row.integer(2)) };
        });
}

Result<QList<Agent>> loadAgents(Connection &connection)
{
    return loadAll<Agent>(connection,
        "SELECT id, name, email, home_tier, granted_tiers, teams, role, is_active FROM agent ORDER BY id",
        agentOf);
}

Result<Agent> findAgent(Connection &connection, const QString &id)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT id, name, email, home_tier, granted_tiers, teams, role, is_active"
            " FROM agent WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id).step());
    if (!hasRow)
        return notFound(u"There is no agent “%1” in this workspace."_s.arg(id));
    return agentOf(row);
}

Result<Tier> findTier(Connection &connection, const QString &id)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT id, name, rank, duty, accept_ms, resolve_ms, reply_ms FROM tier"
                           " WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id).step());
    if (!hasRow)
        return notFound(u"There is no tier “%1” in this workspace."_s.arg(id));
    return tierOf(row);
}

Result<QString> loadMe(Connection &connection)
{
    return loadMeta(connection, u"me"_s, {});
}

Result<Done> saveTier(WriteScope &scope, const Tier &tier)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO tier (id, name, rank, duty, accept_ms, resolve_ms, reply_ms)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            " rank = excluded.rank, duty = excluded.duty, accept_ms = excluded.accept_ms,"
            " resolve_ms = excluded.resolve_ms, reply_ms = excluded.reply_ms"));
    scope.touchEverything();
    return row.bind(1, tier.id)
        .bind(2, tier.name)
        .bind(3, tier.rank)
        .bind(4, tier.duty)
        .bind(5, tier.acceptWithin.count())
        .bind(6, tier.resolveWithin.count())
        .bind(7, tier.replyWithin.count())
        .run();
}

Result<Done> saveTeam(WriteScope &scope, const Team &team)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO team (name, tier, confidential) VALUES (?1, ?2, ?3) ON CONFLICT (name)"
            " DO UPDATE SET tier = excluded.tier, confidential = excluded.confidential"));
    scope.touchEverything();
    return row.bind(1, team.name)
        .bind(2, team.tier)
        .bind(3, static_cast<int>(team.confidential))
        .run();
}

Result<Done> saveAgent(WriteScope &scope, const Agent &agent)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO agent (id, name, email, home_tier, granted_tiers, teams, role, is_active)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET"
            " name = excluded.name, email = excluded.email, home_tier = excluded.home_tier,"
            " granted_tiers = excluded.granted_tiers, teams = excluded.teams, role = excluded.role,"
            " is_active = excluded.is_active"));
    scope.touchEverything();
    return row.bind(1, agent.id)
        .bind(2, agent.name)
        .bind(3, agent.email)
        .bind(4, agent.homeTier)
        .bind(5, listText(agent.grantedTiers))
        .bind(6, listText(agent.teams))
        .bind(7, static_cast<int>(agent.role))
        .bind(8, agent.isActive ? 1 : 0)
        .run();
}

Result<Done> saveMe(WriteScope &scope, const QString &agent)
{
    TIERLINE_CHECK(findAgent(scope.connection(), agent));
    return saveMeta(scope, u"me"_s, agent);
}

Result<QString> loadSetting(Connection &connection, const QString &name, const QString &otherwise)
{
    return loadMeta(connection, u"setting."_s + name, otherwise);
}

Result<Done> saveSetting(WriteScope &scope, const QString &name, const QString &value)
{
    return saveMeta(scope, u"setting."_s + name, value);
}

} // namespace tierline::storage
