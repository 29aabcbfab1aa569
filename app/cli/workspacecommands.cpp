#include "app/cli/command.h"

#include "core/desk/firstrun.h"
#include "core/storage/people.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> init(Environment &env, const Arguments &args)
{
    TIERLINE_CHECK(desk::makeWorkspaceNow(env.workspace(), env.clock(), env.random(),
        args.has(u"--sample"_s), [&env](int done, int total) {
            env.progress(u"sample data: ticket %1 of %2"_s.arg(done).arg(total));
        }));
    const QString folder = env.workspace().folder();
    return Answer { { { u"workspace"_s, folder }, { u"sample"_s, args.has(u"--sample"_s) } },
        u"Workspace made in %1.\n"_s.arg(folder) };
}

QJsonObject toJson(const Agent &agent, const QString &me)
{
    return { { u"id"_s, agent.id }, { u"name"_s, agent.name }, { u"email"_s, agent.email },
        { u"tier"_s, agent.homeTier },
        { u"granted_tiers"_s, QJsonArray::fromStringList(agent.grantedTiers) },
        { u"teams"_s, QJsonArray::fromStringList(agent.teams) }, { u"role"_s, code(agent.role) },
        { u"active"_s, agent.isActive }, { u"me"_s, agent.id == me } };
}

Result<Answer> agentList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(agents, storage::loadAgents(store->connection()));
    TIERLINE_TRY(me, storage::loadMe(store->connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (Agent &a : agents) {
        // Who belongs to a confidential team tells that there is one.
        a.teams.removeIf([&](const QString &team) { return !desk->visibility().sees(team); });
        rows.append(toJson(a, me));
        lines.append({ a.id == me ? a.id + u" (me)"_s : a.id, a.name, code(a.role), a.homeTier,
            a.grantedTiers.join(u' '), a.teams.join(u", "_s),
            a.isActive ? QString() : u"inactive"_s });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        table({ u"agent"_s, u"name"_s, u"role"_s, u"tier"_s, u"also"_s, u"teams"_s, QString() },
            lines) };
}

Result<Answer> warned(
    const commands::WorkspaceOutcome &outcome, QJsonObject document, const QString &sentence)
{
    document.insert(u"warnings"_s, QJsonArray::fromStringList(outcome.warnings));
    QString text = sentence + u'\n';
    for (const QString &warning : outcome.warnings)
        text += u"Note: "_s + warning + u'\n';
    return Answer { document, text };
}

/// Takes the options of add and set over into an agent.
Result<Done> edit(Agent &agent, const Arguments &args)
{
    if (args.has(u"--name"_s))
        agent.name = args.value(u"--name"_s);
    if (args.has(u"--email"_s))
        agent.email = args.value(u"--email"_s);
    if (args.has(u"--tier"_s))
        agent.homeTier = args.value(u"--tier"_s);
    if (args.has(u"--role"_s)) {
        const auto role = fromCode<Role>(args.value(u"--role"_s));
        if (!role)
            return usageError(u"“%1” is no role; one of: %2."_s.arg(
                args.value(u"--role"_s), codes<Role>().join(u", "_s)));
        agent.role = *role;
    }
    if (args.has(u"--team"_s))
        agent.teams = args.values(u"--team"_s);
    if (args.has(u"--no-teams"_s))
        agent.teams.clear();
    for (const QString &tier : args.values(u"--grant"_s)) {
        if (!agent.grantedTiers.contains(tier))
            agent.grantedTiers.append(tier);
    }
    for (const QString &tier : args.values(u"--revoke"_s))
        agent.grantedTiers.removeAll(tier);
    if (args.has(u"--inactive"_s))
        agent.isActive = false;
    if (args.has(u"--active"_s))
        agent.isActive = true;
    return Done {};
}

Result<Answer> agentAdd(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    Agent agent { .id = args.at(0), .name = args.at(0), .homeTier = u"L1"_s };
    TIERLINE_CHECK(edit(agent, args));
    TIERLINE_TRY(
        outcome, desk->change(commands::SaveAgent { agent, true, args.value(u"--note"_s) }));
    if (args.has(u"--me"_s)) {
        TIERLINE_CHECK(desk->change(commands::SetMe { agent.id }));
    }
    return warned(outcome, { { u"agent"_s, agent.id } }, u"Agent %1 added."_s.arg(agent.id));
}

Result<Answer> agentSet(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(agent, storage::findAgent(store->connection(), args.at(0)));
    TIERLINE_CHECK(edit(agent, args));
    TIERLINE_TRY(
        outcome, desk->change(commands::SaveAgent { agent, false, args.value(u"--note"_s) }));
    if (args.has(u"--me"_s)) {
        TIERLINE_CHECK(desk->change(commands::SetMe { agent.id }));
    }
    return warned(outcome, { { u"agent"_s, agent.id } }, u"Agent %1 saved."_s.arg(agent.id));
}

Result<Answer> teamList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(teams, storage::loadTeams(store->connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (const Team &t : teams) {
        if (!desk->visibility().sees(t.name))
            continue;
        const QString hidden
            = t.confidential == Confidential::No ? QString() : code(t.confidential);
        rows.append(QJsonObject {
            { u"name"_s, t.name }, { u"tier"_s, t.tier }, { u"confidential"_s, hidden } });
        lines.append({ t.name, t.tier, hidden });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        table({ u"team"_s, u"tier"_s, u"confidential"_s }, lines) };
}

Result<Answer> teamSave(Environment &env, const Arguments &args, bool isNew)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    Team team { .name = args.at(0), .tier = args.value(u"--tier"_s, u"L1"_s) };
    if (!isNew) {
        TIERLINE_TRY(teams, storage::loadTeams(store->connection()));
        const auto held = std::find_if(
            teams.cbegin(), teams.cend(), [&](const Team &t) { return t.name == team.name; });
        if (held == teams.cend())
            return notFound(u"There is no team “%1”; `team list` shows them."_s.arg(team.name));
        team = *held;
        if (args.has(u"--tier"_s))
            team.tier = args.value(u"--tier"_s);
    }
    if (args.has(u"--confidential"_s)) {
        const auto kind = fromCode<Confidential>(args.value(u"--confidential"_s));
        if (!kind)
            return usageError(
                u"--confidential takes one of: %1."_s.arg(codes<Confidential>().join(u", "_s)));
        team.confidential = *kind;
    }
    TIERLINE_TRY(outcome, desk->change(commands::SaveTeam { team, isNew }));
    return warned(outcome, { { u"team"_s, team.name } }, u"Team %1 saved."_s.arg(team.name));
}

/// Of a team that rules ask about, `capacity of team …` is what this leaves free.
Result<Answer> teamCapacity(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    if (!args.positionals().isEmpty()) {
        commands::SetCapacity set;
        if (args.at(0) != u"-") {
            bool isNumber = false;
            set.ticketsPerAgent = args.at(0).toInt(&isNumber);
            if (!isNumber)
                return usageError(
                    u"Say how many open tickets an agent can have, or - for none said."_s);
        }
        TIERLINE_CHECK(desk->change(set));
    }
    TIERLINE_TRY(value, storage::loadSetting(store->connection(), storage::capacitySetting));
    const bool isSaid = !value.isEmpty();
    return Answer { { { u"tickets_per_agent"_s,
                        isSaid ? QJsonValue(value.toInt()) : QJsonValue(QJsonValue::Null) } },
        isSaid ? u"An agent can have %1 open tickets.\n"_s.arg(value)
               : u"How many open tickets an agent can have is not said.\n"_s };
}

Result<Answer> tierList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(tiers, storage::loadTiers(store->connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (const Tier &t : tiers) {
        rows.append(QJsonObject { { u"id"_s, t.id }, { u"name"_s, t.name }, { u"rank"_s, t.rank },
            { u"duty"_s, t.duty },
            { u"accept_s"_s, static_cast<qint64>(t.acceptWithin.count() / 1000) },
            { u"resolve_s"_s, static_cast<qint64>(t.resolveWithin.count() / 1000) },
            { u"reply_s"_s, static_cast<qint64>(t.replyWithin.count() / 1000) } });
        lines.append({ t.id, t.name, QString::number(t.rank), durationText(t.acceptWithin),
            durationText(t.replyWithin), durationText(t.resolveWithin), t.duty });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        table({ u"tier"_s, u"name"_s, u"rank"_s, u"accept"_s, u"reply"_s, u"resolve"_s, u"duty"_s },
            lines, 60) };
}

Result<Answer> tierAdd(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    Tier tier { .id = args.at(0),
        .name = args.value(u"--name"_s, args.at(0)),
        .duty = args.value(u"--duty"_s) };
    bool isNumber = false;
    tier.rank = args.value(u"--rank"_s).toInt(&isNumber);
    if (!isNumber)
        return usageError(u"--rank takes a whole number; the higher tier has the higher rank."_s);
    const auto take = [&](const QString &option, std::chrono::milliseconds &into) -> Result<Done> {
        if (!args.has(option))
            return Done {};
        TIERLINE_TRY(duration, parseDuration(args.value(option)));
        into = duration;
        return Done {};
    };
    TIERLINE_CHECK(take(u"--accept"_s, tier.acceptWithin));
    TIERLINE_CHECK(take(u"--resolve"_s, tier.resolveWithin));
    TIERLINE_CHECK(take(u"--reply"_s, tier.replyWithin));
    TIERLINE_TRY(outcome, desk->change(commands::SaveTier { tier, true }));
    return warned(outcome, { { u"tier"_s, tier.id } }, u"Tier %1 added."_s.arg(tier.id));
}

} // namespace

QList<Command> workspaceCommands()
{
    const QStringList agentOptions { u"--name"_s, u"--email"_s, u"--tier"_s, u"--role"_s,
        u"--note"_s };
    const QStringList agentRepeats { u"--team"_s, u"--grant"_s, u"--revoke"_s };
    const QStringList agentFlags { u"--me"_s, u"--no-teams"_s, u"--active"_s, u"--inactive"_s };
    const QString agentUsage
        = u"ID [--name N] [--email E] [--tier T] [--team T]… [--role R] [--grant T --note WHY] [--me]"_s;
    return {
        { u"init"_s, u"[--sample]"_s, u"make a workspace"_s, { {}, {}, {}, { u"--sample"_s } },
            init },
        { u"agent list"_s, {}, u"people of the workspace"_s, {}, agentList },
        { u"agent add"_s, agentUsage, u"add somebody"_s,
            { { u"ID"_s }, agentOptions, agentRepeats, agentFlags }, agentAdd },
        { u"agent set"_s, agentUsage, u"change somebody; --me: who works here"_s,
            { { u"ID"_s }, agentOptions, agentRepeats, agentFlags }, agentSet },
        { u"team list"_s, {}, u"teams"_s, {}, teamList },
        { u"team add"_s, u"NAME --tier T [--confidential legal|security]"_s, u"add a team"_s,
            { { u"NAME"_s }, { u"--tier"_s, u"--confidential"_s }, {}, {} },
            [](Environment &env, const Arguments &args) { return teamSave(env, args, true); } },
        { u"team set"_s, u"NAME [--tier T] [--confidential no|legal|security]"_s,
            u"change a team"_s, { { u"NAME"_s }, { u"--tier"_s, u"--confidential"_s }, {}, {} },
            [](Environment &env, const Arguments &args) { return teamSave(env, args, false); } },
        { u"team capacity"_s, u"[N | -]"_s,
            u"how many open tickets an agent can have, for rules on capacity; - takes it away"_s,
            { { u"[N]"_s }, {}, {}, {} }, teamCapacity },
        { u"tier list"_s, {}, u"tiers with their limits"_s, {}, tierList },
        { u"tier add"_s,
            u"ID --rank N [--name N] [--duty S] [--accept D] [--reply D] [--resolve D]"_s,
            u"add a tier"_s,
            { { u"ID"_s },
                { u"--rank"_s, u"--name"_s, u"--duty"_s, u"--accept"_s, u"--reply"_s,
                    u"--resolve"_s },
                {}, {} },
            tierAdd },
    };
}

} // namespace tierline::cli
