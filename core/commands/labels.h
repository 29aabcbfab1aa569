#pragma once

#include "core/commands/commands.h"

#include <QHash>

namespace tierline::commands {

/// What people said of past tickets, by key: should this have been escalated (setting "labels")? Rules are held
/// to it; it goes before what the ends of escalations say.
using Labels = QHash<QString, bool>;
Result<Labels> loadLabels(storage::Connection &connection);

/// Says it of one ticket, or takes it back. NotFound for tickets that may not be seen, NotAllowed for who may not
/// change rules, Conflict where ten thousand are labelled already.
struct SetLabel {
    QString ticket; ///< its key
    std::optional<bool> shouldEscalate; ///< none: nobody said
};
Result<WorkspaceOutcome> run(Context &context, const SetLabel &command);

/// Takes the place of all that were given, inside a transaction under way, with its line in the log. What is said
/// of tickets that the context may not see stays as it is. BadInput where there are more than ten thousand.
Result<Done> replaceLabels(
    Context &context, storage::WriteScope &scope, const Labels &labels, const QString &why);
/// Those of tickets that may be seen, and of keys that no ticket has.
Result<Labels> visibleLabels(storage::Connection &connection, const Visibility &visibility);

} // namespace tierline::commands
