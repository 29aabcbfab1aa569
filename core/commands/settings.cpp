#include "core/commands/settings.h"

#include "core/commands/reasons.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

Result<Done> checkAdmin(const Context &context)
{
    if (context.actor.role == Role::Admin)
        return Done {};
    return notAllowed(
        u"People, teams, tiers, reasons and quiet times are an admin's to change, and you are %1."_s
            .arg(code(context.actor.role)));
}

Result<Done> savePeople(
    Context &context, storage::WriteScope &scope, const SavePeople &change, const QString &why)
{
    TIERLINE_CHECK(checkAdmin(context));
    TIERLINE_TRY(before, loadStaff(scope.connection()));
    Staff after = before;
    for (const Tier &tier : change.tiers)
        putInto(after.tiers, tier, &Tier::id);
    for (const Team &team : change.teams)
        putInto(after.teams, team, &Team::name);
    for (const Agent &agent : change.agents)
        putInto(after.agents, agent, &Agent::id);
    TIERLINE_CHECK(checkAdminLeft(before, after, context.actor.id));
    for (const Tier &tier : change.tiers)
        TIERLINE_CHECK(putTier(context, scope, after, tier));
    for (const Team &team : change.teams)
        TIERLINE_CHECK(putTeam(context, scope, after, before.team(team.name), team));
    for (const Agent &agent : change.agents)
        TIERLINE_CHECK(putAgent(context, scope, after, before.agent(agent.id), agent, why));
    return change.capacity ? putCapacity(context, scope, *change.capacity) : Result<Done>(Done {});
}

Result<Done> saveRest(
    Context &context, storage::WriteScope &scope, const ReplaceSettings &change, const QString &why)
{
    if (change.quiet || change.reasons)
        TIERLINE_CHECK(checkAdmin(context));
    if (change.reasons)
        TIERLINE_CHECK(replaceReasons(context, scope, *change.reasons, why));
    if (change.quiet)
        TIERLINE_CHECK(replaceQuietTimes(context, scope, { *change.quiet, why }));
    if (change.templates)
        TIERLINE_CHECK(replaceTemplates(context, scope, *change.templates, why));
    if (change.recipes)
        TIERLINE_CHECK(replaceRecipes(context, scope, *change.recipes, why));
    if (change.matrix)
        TIERLINE_CHECK(replaceMatrix(context, scope, *change.matrix, why));
    if (change.labels)
        TIERLINE_CHECK(replaceLabels(context, scope, *change.labels, why));
    return Done {};
}

} // namespace

Result<SettingsOutcome> run(
    Context &context, const ReplaceSettings &change, const Progress &progress)
{
    SettingsOutcome outcome;
    TIERLINE_TRY(why,
        required(change.rules.reason.why, MaxLine, u"why"_s,
            u"Say why the settings change; it is kept with each of them."_s));
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            if (!change.people.isEmpty())
                TIERLINE_CHECK(savePeople(context, scope, change.people, why));
            if (change.agreements) // before quiet times, which may name a calendar of theirs
                TIERLINE_CHECK(saveAgreements(context, scope, *change.agreements));
            TIERLINE_CHECK(saveRest(context, scope, change, why));
            TIERLINE_TRY(rules, replaceRules(context, scope, change.rules));
            outcome.rules = rules;
            return Done {};
        }));
    if (!change.agreements)
        return outcome;
    TIERLINE_TRY(dues, placeDueTimes(context, progress));
    outcome.dues = dues;
    return outcome;
}

} // namespace tierline::commands
