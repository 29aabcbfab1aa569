#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

QList<Command> wayCommands(); ///< way, route
QList<Command> noticeCommands(); ///< notices

/// For changes that leads may do besides admins: their command says so itself.
template<typename Change>
Result<commands::WorkspaceOutcome> changeAsLead(Environment &env, const Change &change)
{
    TIERLINE_TRY(desk, env.desk());
    commands::Context context { .store = desk->store(),
        .random = env.random(),
        .actor = desk->actor(),
        .visibility = desk->visibility(),
        .now = env.clock().now() };
    using commands::run;
    return run(context, change);
}

} // namespace tierline::cli
