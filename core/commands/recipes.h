#pragma once

#include "core/commands/commands.h"
#include "core/escalation/guards.h"

namespace tierline::commands {

/// What the first line solves itself (setting "do_not_escalate"): words by which a ticket is known, and what to do
/// instead. Whoever escalates such a ticket all the same gives a reason.
using Recipes = QList<escalation::DoNotEscalate>;
Result<Recipes> loadRecipes(storage::Connection &connection);

/// Takes the place of all there are, with its line in the log. Leads and admins may. BadInput where one has no words
/// or no recipe, where two are known by the same words, or where there are more than 500.
struct SaveRecipes {
    Recipes recipes;
    QString why; ///< never empty
};
Result<WorkspaceOutcome> run(Context &context, const SaveRecipes &command);

/// The same inside a transaction under way.
Result<Done> replaceRecipes(
    Context &context, storage::WriteScope &scope, const Recipes &recipes, const QString &why);

} // namespace tierline::commands
