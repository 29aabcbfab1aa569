#pragma once

#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

/// Reads a ticket's transactions and attachments, one request after the other. A ticket that one may
/// not see gives an empty thread, not an error. BadReply where this ticket cannot be read, others are
/// the account's. The session outlives it; `done` is called later.
void readThread(Session &session, const QString &ticket, std::function<void(Result<Thread>)> done);

} // namespace tierline::connectors::rt
