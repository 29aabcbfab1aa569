#include "core/storage/rewrite.h"

#include "core/storage/tickets.h"

namespace tierline::storage {

Result<Done> rewriteTicket(WriteScope &scope, const TicketState &before, const TicketState &after)
{
    // Until the commit: the rows that packages refer to are gone for a moment.
    TIERLINE_CHECK(scope.connection().execute("PRAGMA defer_foreign_keys = ON"));
    TicketState bare = after;
    bare.escalations.clear();
    TIERLINE_CHECK(saveTicket(scope, before, bare));
    TIERLINE_CHECK(saveTicket(scope, bare, after));
    // An escalation that an earlier one, which came late, has made impossible: its package tells of
    // nothing any more. The log keeps the event, and what went to a remote is still there.
    TIERLINE_TRY(remove,
        scope.connection().prepare("DELETE FROM handoff WHERE ticket = ?1 AND escalation NOT IN"
                                   " (SELECT id FROM escalation WHERE ticket = ?1)"));
    return remove.bind(1, after.ticket.id.v).run();
}

} // namespace tierline::storage
