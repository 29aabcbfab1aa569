#pragma once

#include "core/commands/agreements.h"
#include "core/commands/labels.h"
#include "core/commands/paths.h"
#include "core/commands/quiet.h"
#include "core/commands/recipes.h"
#include "core/commands/rules.h"
#include "core/commands/templates.h"

namespace tierline::commands {

/// People, teams and tiers that are new or changed, checked against the staff as it will be; who is not named stays.
/// An admin's to change.
struct SavePeople {
    QList<Tier> tiers;
    QList<Team> teams;
    QList<Agent> agents;
    std::optional<std::optional<int>> capacity; ///< tickets of an agent; none: as it was
    bool isEmpty() const
    {
        return tiers.isEmpty() && teams.isEmpty() && agents.isEmpty() && !capacity;
    }
};

/// The whole rule book, and of everything else what is given, in one transaction or not at all. Calendars and
/// policies that `agreements` does not name stay; templates, labels and recipes are replaced whole.
struct ReplaceSettings {
    ReplaceRules rules; ///< its reason is that of everything
    std::optional<SaveAgreements> agreements; ///< none: they stay as they are
    SavePeople people;
    std::optional<Templates> templates;
    std::optional<Labels> labels;
    std::optional<Recipes> recipes;
    std::optional<escalation::Matrix> matrix;
    std::optional<QuietTimes> quiet; ///< an admin's to change
    std::optional<QStringList> reasons; ///< the workspace's own; an admin's to change
};

struct SettingsOutcome {
    RuleOutcome rules;
    MovedDues dues; ///< placed anew after the transaction; in vain where nothing was agreed anew
};

Result<SettingsOutcome> run(
    Context &context, const ReplaceSettings &change, const Progress &progress = {});

} // namespace tierline::commands
