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
    return saveTicket(scope, bare, after);
}

} // namespace tierline::storage
