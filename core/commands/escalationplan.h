#pragma once

#include "core/commands/commands.h"
#include "core/handoff/package.h"

namespace tierline::commands {

/// What an escalation would do, worked out without writing anything: the command and every preview
/// of it come from here.
struct EscalationPlan {
    TicketState before;
    TicketState after;
    Requester requester;
    Event event; ///< frozen, without number and operation
    QString notice; ///< what the customer would be told; empty where that is skipped
    bool isNoticeComposed = false; ///< by us, not by a person
    QStringList warnings; ///< what the guards say; an override needs a reason
};

/// `record`: id of the escalation where it opens a new one. `isDraft`: the form may still be
/// incomplete. Faults: BadInput with the form's field in `where`, NotFound, Conflict.
struct EscalationAsk {
    const Escalate &command;
    const Agent &actor;
    const Visibility &visibility;
    Instant now;
    QString record;
    bool isDraft = false;
};
Result<EscalationPlan> planEscalation(storage::Connection &connection, const EscalationAsk &ask);

/// Gathers the package's input. `events` is the whole log with the move in it. Reads the thread, the
/// customer's tickets of the last 30 days and the names of files; only what `visibility` allows.
Result<handoff::PackageInput> gatherPackage(storage::Connection &connection,
    const EscalationPlan &plan, const EscalationAsk &ask, std::vector<Event> events);

} // namespace tierline::commands
