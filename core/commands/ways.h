#pragma once

#include "core/commands/commands.h"
#include "core/domain/delivery.h"

namespace tierline::commands {

// Ways to people over networks, where what is for whom goes, and what of it is tried again or not. Leads and admins
// may. What a way's kind wants of it (core/notify) is checked by who calls, for this room does not know the kinds.

/// Adds a way, or takes the place of the one of that name; what kept it shut is forgotten. BadInput for a name that is not
/// 1 to 40 letters, digits, '-' or '_', and for what is too long to keep. Secrets are the keychain's, never here.
struct SaveWay {
    Way way; ///< `problem` and `created` are not read
};
Result<WorkspaceOutcome> run(Context &context, const SaveWay &command);

/// With the routes that lead there; what waits to go that way is refused. NotFound naming those that are there.
struct RemoveWay {
    QString name;
};
Result<WorkspaceOutcome> run(Context &context, const RemoveWay &command);

inline constexpr qsizetype mostRoutes = 500;

/// Takes the place of all routes. A route that was not there before leads to a way, a team, an agent, a tier or a role
/// that there is, else BadInput; so does one that stands there twice, or more than mostRoutes.
struct SetRoutes {
    std::vector<NoticeRoute> routes;
    /// The routes as they were read; Conflict where they are others by now. None: whatever they are.
    std::optional<std::vector<NoticeRoute>> held = {};
};
Result<WorkspaceOutcome> run(Context &context, const SetRoutes &command);

/// What waits to go to somebody does not go. NotFound where there is none, or its ticket may not be seen; Conflict where
/// it is under way, or does not wait any more.
struct DropDelivery {
    QString id;
};
Result<WorkspaceOutcome> run(Context &context, const DropDelivery &command);

/// What was refused or given up is tried again, at once and for as long as if it were new. Faults as DropDelivery, and
/// NotFound where its way is gone.
struct RetryDelivery {
    QString id;
};
Result<WorkspaceOutcome> run(Context &context, const RetryDelivery &command);

} // namespace tierline::commands
