#pragma once

#include "core/commands/commands.h"

namespace tierline::commands {

/// Reason codes of the workspace: the shipped ones and its own (setting "reasons", a JSON array).
Result<QStringList> loadReasons(storage::Connection &connection);

/// Takes the place of the workspace's own ones, inside a transaction under way, with its line in the log. BadInput
/// where one is no code: 2 to 40 small letters, digits and dashes; shipped ones are left out.
Result<Done> replaceReasons(
    Context &context, storage::WriteScope &scope, const QStringList &own, const QString &why);

} // namespace tierline::commands
