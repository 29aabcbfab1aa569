#pragma once

#include "core/storage/remotes.h"

namespace tierline::storage {

/// A file that is only at the remote, and the ticket that it belongs to.
struct FoundRemoteFile {
    RemoteFileRow row;
    TicketId ticket;
};
Result<std::optional<FoundRemoteFile>> findRemoteFile(Connection &connection, qint64 id);
/// Whose message has it; {} where there is no such attachment.
Result<TicketId> ticketOfAttachment(Connection &connection, qint64 attachment);

} // namespace tierline::storage
