#pragma once

#include "core/commands/settings.h"
#include "core/desk/settingsfolder.h"

namespace tierline::desk {

// What a workspace is set up with besides rules and agreements, as text: `people.json` (tiers, teams with their
// members, agents without their mail addresses, how much an agent can have), `recipes.json` (what is not to be
// escalated), `matrix.json` (where tickets go), `templates.json`, `labels.json` and `workspace.json` (own reasons, quiet times). Reading is strict: an
// unknown key is refused by its name.

struct SettingsParts {
    QList<Tier> tiers;
    QList<Team> teams; ///< those that may be seen
    QList<Agent> agents;
    std::optional<int> capacity;
    QStringList reasons; ///< own ones
    commands::QuietTimes quiet;
    commands::Templates templates;
    commands::Labels labels;
    commands::Recipes recipes;
    escalation::Matrix matrix;
};

Result<SettingsParts> loadSettingsParts(
    storage::Connection &connection, const Visibility &visibility);
SettingsFiles filesOf(const SettingsParts &parts);
/// The names of these files.
const QStringList &partFiles();

/// Puts what one file says into `parts`, which begin as what stands; people, teams and tiers that it does not name
/// stay, with a remark. BadInput with a sentence where it cannot be taken.
Result<Done> readPart(
    const QString &file, const QByteArray &bytes, SettingsParts &parts, QStringList &remarks);

/// What has to be saved so that the one becomes the other.
void fillChange(
    const SettingsParts &before, const SettingsParts &after, commands::ReplaceSettings &change);

} // namespace tierline::desk
