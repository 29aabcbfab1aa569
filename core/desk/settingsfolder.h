#pragma once

#include "core/commands/settings.h"

#include <QMap>

namespace tierline::desk {

// Everything that a workspace is set up with, as one folder of readable text: the rule book (`rules.rules`,
// `lists.rules`, `priority.rules`, and `states.json` with running order, states and weekly caps), what is
// agreed (`agreements.json`), and people, templates, labels and the rest (core/desk/settingsparts.h); of those what
// has no file stays as it is. Two folders compare line by line in any tool, and a folder is taken as a whole or not
// at all. No secret and no mail address is in it, and nothing of teams that may not be seen.

/// Files by name, all of them UTF-8.
using SettingsFiles = QMap<QString, QByteArray>;

/// The workspace's settings as they rule at `now`. Thread: the connection's.
Result<SettingsFiles> settingsOf(
    storage::Connection &connection, Instant now, const Visibility &visibility = Visibility::all());

/// What a folder would change.
struct SettingsPlan {
    commands::ReplaceSettings command; ///< without its reasons
    QStringList diff; ///< by file and line; empty: the workspace is so already
    QStringList remarks; ///< what is doubtful in it
    bool isEmpty() const { return diff.isEmpty(); }
};
/// BadInput naming the file and the place where something cannot be taken: a file that is missing or not
/// known, a text with an error, a rule without a state, a live rule that can never act.
Result<SettingsPlan> planSettings(storage::Connection &connection, const SettingsFiles &files,
    Instant now, const Visibility &visibility = Visibility::all());

/// Reads such a folder; other files than .rules and .json are left alone. At most 16 MiB.
Result<SettingsFiles> readSettingsFolder(const QString &folder);
/// Makes the folder where it is not there, and replaces files of these names in it, each whole. Conflict where
/// it has .rules or .json files of other names.
Result<Done> writeSettingsFolder(const QString &folder, const SettingsFiles &files);

} // namespace tierline::desk
