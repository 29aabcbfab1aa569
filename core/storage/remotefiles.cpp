#include "core/storage/remotefiles.h"

namespace tierline::storage {

Result<std::optional<FoundRemoteFile>> findRemoteFile(Connection &connection, qint64 id)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT m.ticket, f.account, f.remote, f.message, f.name,"
                           " f.content_type, f.size FROM remote_file f"
                           " JOIN message m ON m.id = f.message WHERE f.id = ?1"));
    row.bind(1, id);
    TIERLINE_TRY(isThere, row.step());
    if (!isThere)
        return std::optional<FoundRemoteFile>();
    return std::optional(FoundRemoteFile { .row = { .id = id,
                                               .account = row.text(1),
                                               .remote = row.text(2),
                                               .message = { row.integer(3) },
                                               .name = row.text(4),
                                               .contentType = row.text(5),
                                               .size = row.integer(6) },
        .ticket = { row.integer(0) } });
}

Result<TicketId> ticketOfAttachment(Connection &connection, qint64 attachment)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT m.ticket FROM attachment a JOIN message m ON m.id = a.message"
                           " WHERE a.id = ?1"));
    row.bind(1, attachment);
    TIERLINE_TRY(isThere, row.step());
    return isThere ? TicketId { row.integer(0) } : TicketId {};
}

} // namespace tierline::storage
