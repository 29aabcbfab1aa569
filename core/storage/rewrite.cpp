#include "core/storage/rewrite.h"

#include "core/storage/tickets.h"

namespace tierline::storage {

namespace {

/// Gives packages whose escalation is no more to the last one that had begun when they were frozen, or
/// else to the first.
Result<Done> keepPackages(WriteScope &scope, TicketId ticket)
{
    struct Lost {
        QString escalation;
        qint64 version = 0;
        QString heir;
    };
    std::vector<Lost> lost;
    TIERLINE_TRY(rows,
        scope.connection().prepare(
            "SELECT h.escalation, h.version, coalesce((SELECT e.id FROM escalation e WHERE"
            " e.ticket = ?1 AND e.opened <= h.frozen ORDER BY e.position DESC LIMIT 1),"
            " (SELECT e.id FROM escalation e WHERE e.ticket = ?1 ORDER BY e.position LIMIT 1))"
            " FROM handoff h WHERE h.ticket = ?1 AND h.escalation NOT IN"
            " (SELECT id FROM escalation WHERE ticket = ?1) ORDER BY h.frozen, h.version"));
    rows.bind(1, ticket.v);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            break;
        lost.push_back({ rows.text(0), rows.integer(1), rows.text(2) });
    }
    for (const Lost &one : lost) {
        if (one.heir.isEmpty())
            continue; // no escalation is left at all
        TIERLINE_TRY(move,
            scope.connection().prepare(
                "UPDATE handoff SET escalation = ?1, version = (SELECT coalesce(max(version), 0) + 1"
                " FROM handoff WHERE escalation = ?1) WHERE escalation = ?2 AND version = ?3"));
        TIERLINE_CHECK(move.bind(1, one.heir).bind(2, one.escalation).bind(3, one.version).run());
    }
    return Done {};
}

} // namespace

Result<Done> rewriteTicket(WriteScope &scope, const TicketState &before, const TicketState &after)
{
    // Until the commit: the rows that packages refer to are gone for a moment.
    TIERLINE_CHECK(scope.connection().execute("PRAGMA defer_foreign_keys = ON"));
    TicketState bare = after;
    bare.escalations.clear();
    TIERLINE_CHECK(saveTicket(scope, before, bare));
    TIERLINE_CHECK(saveTicket(scope, bare, after));
    // An escalation that an earlier one, which came late, has made impossible: its package stays, as a
    // further version of the one that stands in its place, since somebody wrote it.
    TIERLINE_CHECK(keepPackages(scope, after.ticket.id));
    TIERLINE_TRY(remove,
        scope.connection().prepare("DELETE FROM handoff WHERE ticket = ?1 AND escalation NOT IN"
                                   " (SELECT id FROM escalation WHERE ticket = ?1)"));
    return remove.bind(1, after.ticket.id.v).run();
}

} // namespace tierline::storage
