#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"
#include "core/storage/queues.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

template<typename Body>
Result<WorkspaceOutcome> onWorkspace(Context &context, Body body)
{
    WorkspaceOutcome outcome;
    const Result<Done> written
        = context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
              outcome = {};
              TIERLINE_TRY(staff, loadStaff(scope.connection()));
              return body(scope, staff, outcome);
          });
    if (!written)
        return written.error();
    return outcome;
}

/// Handles stand in logs, command lines and after @: no spaces, nothing invisible.
bool isHandle(const QString &id)
{
    return !id.isEmpty() && id.size() <= 64 && std::ranges::all_of(id, [](QChar c) {
        return c.isLetterOrNumber() || c == u'.' || c == u'-' || c == u'_' || c == u'@'
            || c == u'+';
    });
}

Result<Done> checkNew(bool isThere, bool isNew, const QString &what)
{
    if (isThere && isNew)
        return conflictError(u"%1 is there already: change it with set."_s.arg(what));
    if (!isThere && !isNew)
        return notFound(u"There is no %1: add it first."_s.arg(what));
    return Done {};
}

Result<Done> checkAgent(const Staff &staff, const Agent &agent)
{
    if (!isHandle(agent.id))
        return badInput(
            u"“%1” is no agent's handle: 1 to 64 letters, digits, dots, dashes or underscores."_s
                .arg(agent.id.left(64)),
            u"agent"_s);
    if (agent.name.size() > 200 || agent.email.size() > 320)
        return badInput(u"The name or address of %1 is too long."_s.arg(agent.id), u"name"_s);
    if (!staff.tier(agent.homeTier))
        return badInput(u"There is no tier “%1”."_s.arg(agent.homeTier.left(40)), u"tier"_s);
    for (const QString &tier : agent.grantedTiers) {
        if (!staff.tier(tier))
            return badInput(u"There is no tier “%1”."_s.arg(tier.left(40)), u"grant"_s);
    }
    for (const QString &team : agent.teams) {
        if (!staff.team(team))
            return badInput(u"There is no team “%1”."_s.arg(team.left(80)), u"team"_s);
    }
    return Done {};
}

QJsonObject toJson(const Agent &agent)
{
    return { { u"id"_s, agent.id }, { u"name"_s, agent.name }, { u"email"_s, agent.email },
        { u"home_tier"_s, agent.homeTier },
        { u"granted_tiers"_s, QJsonArray::fromStringList(agent.grantedTiers) },
        { u"teams"_s, QJsonArray::fromStringList(agent.teams) }, { u"role"_s, code(agent.role) },
        { u"active"_s, agent.isActive } };
}

QJsonObject toJson(const Tier &tier)
{
    return { { u"id"_s, tier.id }, { u"name"_s, tier.name }, { u"rank"_s, tier.rank },
        { u"duty"_s, tier.duty }, { u"accept_ms"_s, qint64(tier.acceptWithin.count()) },
        { u"resolve_ms"_s, qint64(tier.resolveWithin.count()) },
        { u"reply_ms"_s, qint64(tier.replyWithin.count()) } };
}

Result<Done> checkTier(const Staff &staff, const Tier &tier)
{
    if (!isHandle(tier.id) || tier.id.size() > 16)
        return badInput(
            u"“%1” is no tier's id: 1 to 16 letters or digits, such as L2."_s.arg(tier.id.left(40)),
            u"tier"_s);
    if (tier.rank < 0 || tier.rank > 99)
        return badInput(u"A rank is 0 (the bot) to 99, not %1."_s.arg(tier.rank), u"rank"_s);
    if (tier.name.trimmed().isEmpty() || tier.name.size() > 200 || tier.duty.size() > MaxLine)
        return badInput(
            u"Tier %1 needs a name of at most 200 characters, and a duty of at most %2."_s
                .arg(tier.id)
                .arg(MaxLine),
            u"name"_s);
    if (tier.acceptWithin.count() <= 0 || tier.resolveWithin.count() <= 0
        || tier.replyWithin.count() <= 0)
        return badInput(
            u"The limits of tier %1 must be longer than nothing."_s.arg(tier.id), u"limits"_s);
    for (const Tier &other : staff.tiers) {
        if (other.id != tier.id && other.rank == tier.rank)
            return conflictError(
                u"%1 has rank %2 already: two tiers cannot stand side by side."_s.arg(other.id).arg(
                    tier.rank));
    }
    return Done {};
}

} // namespace

Result<Done> checkLead(const Context &context, const QString &what)
{
    if (context.actor.role == Role::Lead || context.actor.role == Role::Admin)
        return Done {};
    return notAllowed(
        u"Only leads and admins %1; you are %2."_s.arg(what, code(context.actor.role)));
}

Result<Done> logWorkspace(
    Context &context, storage::WriteScope &scope, const QString &note, const QJsonObject &data)
{
    Event event { .at = context.now,
        .order = context.now,
        .kind = EventKind::Changed,
        .actor = context.actor.id };
    event.note = note;
    event.data = data;
    event.operation = context.random.uuid();
    scope.touchEverything();
    return storage::appendEvent(scope, event);
}

Result<Done> checkAdminLeft(const Staff &before, const Staff &after, const QString &who)
{
    const auto isAdmin
        = [](const Agent &agent) { return agent.isActive && agent.role == Role::Admin; };
    if (std::ranges::any_of(before.agents, isAdmin) && std::ranges::none_of(after.agents, isAdmin))
        return notAllowed(u"%1 is the last admin: make somebody else an admin first."_s.arg(who));
    return Done {};
}

Result<Done> putTier(
    Context &context, storage::WriteScope &scope, const Staff &after, const Tier &tier)
{
    TIERLINE_CHECK(checkTier(after, tier));
    TIERLINE_CHECK(storage::saveTier(scope, tier));
    return logWorkspace(context, scope, {}, { { u"tier"_s, toJson(tier) } });
}

Result<Done> putTeam(Context &context, storage::WriteScope &scope, const Staff &after,
    const Team *before, const Team &team)
{
    TIERLINE_TRY(name, required(team.name, 80, u"team"_s, u"A team needs a name."_s));
    if (!after.tier(team.tier))
        return badInput(u"There is no tier “%1”."_s.arg(team.tier.left(40)), u"tier"_s);
    if (before && before->tier != team.tier) {
        // Its tickets would change tier without a note.
        TIERLINE_TRY(
            open, storage::countQueue(scope.connection(), { .team = name }, Visibility::all()));
        if (open > 0)
            return notAllowed(
                u"Team %1 has %2 open tickets at %3: move them first."_s.arg(name).arg(open).arg(
                    before->tier));
    }
    TIERLINE_CHECK(storage::saveTeam(scope, { name, team.tier, team.confidential }));
    return logWorkspace(context, scope, {},
        { { u"team"_s,
            QJsonObject { { u"name"_s, name }, { u"tier"_s, team.tier },
                { u"confidential"_s, code(team.confidential) } } } });
}

Result<QStringList> putAgent(Context &context, storage::WriteScope &scope, const Staff &after,
    const Agent *before, const Agent &agent, const QString &note)
{
    TIERLINE_CHECK(checkAgent(after, agent));
    QStringList granted;
    for (const QString &tier : agent.grantedTiers) {
        if (!before || !before->grantedTiers.contains(tier))
            granted.append(tier);
    }
    TIERLINE_CHECK(storage::saveAgent(scope, agent));
    QJsonObject data { { u"agent"_s, toJson(agent) } };
    if (!granted.isEmpty())
        data[u"granted"_s] = QJsonArray::fromStringList(granted);
    TIERLINE_CHECK(logWorkspace(context, scope, note, data));
    return granted;
}

Result<Done> putCapacity(
    Context &context, storage::WriteScope &scope, const std::optional<int> &most)
{
    if (most && (*most < 1 || *most > largestCapacity))
        return badInput(
            u"An agent can have 1 to %1 open tickets, not %2."_s.arg(largestCapacity).arg(*most),
            u"capacity"_s);
    const QString value = most ? QString::number(*most) : QString();
    TIERLINE_CHECK(storage::saveSetting(scope, storage::capacitySetting, value));
    return logWorkspace(context, scope, {}, { { storage::capacitySetting, value } });
}

Result<WorkspaceOutcome> run(Context &context, const SaveAgent &command)
{
    return onWorkspace(context,
        [&](storage::WriteScope &scope, Staff &staff, WorkspaceOutcome &outcome) -> Result<Done> {
            const Agent &agent = command.agent;
            const Agent *before = staff.agent(agent.id);
            TIERLINE_CHECK(checkAgent(staff, agent));
            TIERLINE_CHECK(checkNew(before, command.isNew, u"agent "_s + agent.id));
            Staff after = staff;
            putInto(after.agents, agent, &Agent::id);
            TIERLINE_CHECK(checkAdminLeft(staff, after, agent.id));
            TIERLINE_TRY(note, cleaned(command.grantNote, MaxNote, u"note"_s));
            TIERLINE_TRY(granted, putAgent(context, scope, after, before, agent, note));
            if (!granted.isEmpty() && note.isEmpty())
                outcome.warnings.append(u"%1 was granted %2 without a note that says why."_s.arg(
                    agent.id, granted.join(u", "_s)));
            return Done {};
        });
}

Result<WorkspaceOutcome> run(Context &context, const SaveTeam &command)
{
    return onWorkspace(
        context, [&](storage::WriteScope &scope, Staff &staff, WorkspaceOutcome &) -> Result<Done> {
            TIERLINE_TRY(
                name, required(command.team.name, 80, u"team"_s, u"A team needs a name."_s));
            const Team *before = staff.team(name);
            if (!staff.tier(command.team.tier))
                return badInput(
                    u"There is no tier “%1”."_s.arg(command.team.tier.left(40)), u"tier"_s);
            TIERLINE_CHECK(checkNew(before, command.isNew, u"team "_s + name));
            return putTeam(context, scope, staff, before, command.team);
        });
}

Result<WorkspaceOutcome> run(Context &context, const SaveTier &command)
{
    return onWorkspace(context,
        [&](storage::WriteScope &scope, Staff &staff, WorkspaceOutcome &outcome) -> Result<Done> {
            const Tier &tier = command.tier;
            TIERLINE_CHECK(checkTier(staff, tier));
            TIERLINE_CHECK(checkNew(staff.tier(tier.id), command.isNew, u"tier "_s + tier.id));
            TIERLINE_CHECK(putTier(context, scope, staff, tier));
            const auto human = std::ranges::count_if(staff.tiers, [&](const Tier &other) {
                return other.rank >= 1 && other.id != tier.id;
            }) + (tier.rank >= 1 ? 1 : 0);
            if (human > 3)
                outcome.warnings.append(
                    u"This makes %1 human tiers. More than three usually means longer ways and no "
                    "better answers."_s.arg(human));
            return Done {};
        });
}

Result<WorkspaceOutcome> run(Context &context, const SetMe &command)
{
    return onWorkspace(
        context, [&](storage::WriteScope &scope, Staff &staff, WorkspaceOutcome &) -> Result<Done> {
            const Agent *agent = staff.agent(command.agent);
            if (!agent)
                return notFound(
                    u"There is no agent “%1”: add them first."_s.arg(command.agent.left(64)));
            if (!agent->isActive)
                return notAllowed(u"%1 is not active."_s.arg(agent->id));
            TIERLINE_CHECK(storage::saveMe(scope, agent->id));
            return logWorkspace(context, scope, {}, { { u"me"_s, agent->id } });
        });
}

Result<WorkspaceOutcome> run(Context &context, const SetCapacity &command)
{
    return onWorkspace(
        context, [&](storage::WriteScope &scope, Staff &, WorkspaceOutcome &) -> Result<Done> {
            return putCapacity(context, scope, command.ticketsPerAgent);
        });
}

} // namespace tierline::commands
