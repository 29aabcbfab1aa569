#pragma once

#include "core/domain/firing.h"
#include "core/domain/people.h"
#include "core/storage/store.h"

namespace tierline::storage {

// What the rules have waiting for people: read often, by everybody who sits before a screen, and so bounded by what
// there is for them, whatever waits for others.

struct WaitingNotice {
    Notice notice;
    QString key, subject; ///< of its ticket
};
/// Those for `to` that were to be told until now and speak of tickets that may be seen, the oldest first.
/// Of what is for others nothing is read.
Result<std::vector<WaitingNotice>> loadNoticesFor(Connection &connection,
    const std::vector<NoticeAddress> &to, const Visibility &visibility, Instant now, int limit);

/// How many questions wait, of tickets that may be seen.
Result<int> countOpenQuestions(Connection &connection, const Visibility &visibility);
/// Whether any waits, of a ticket or of all.
Result<bool> hasOpenQuestions(Connection &connection, std::optional<TicketId> ticket = {});
/// Ends those of a ticket that is closed: as a no, by nobody.
Result<Done> closeQuestions(WriteScope &scope, TicketId ticket, Instant at);

} // namespace tierline::storage
