#include "core/desk/openticket.h"

#include "core/commands/agreements.h"
#include "core/text/plaintext.h"
#include "core/text/sanitize.h"

namespace tierline::desk {

Result<std::shared_ptr<const OpenTicket>> openTicket(
    storage::Connection &connection, TicketId id, const Visibility &visibility, Instant now)
{
    TIERLINE_TRY(details, loadDetails(connection, id, visibility));
    auto open = std::make_shared<OpenTicket>();
    open->details = std::move(details);
    TIERLINE_TRY(remote, loadRemoteSide(connection, visibility, id));
    open->remote = std::move(remote);
    TIERLINE_TRY(clocks, commands::loadClocks(connection, open->details.state.ticket, now));
    open->clocks = std::move(clocks);
    open->signs = signsOf(open->details, now);
    open->thread.reserve(open->details.messages.size());
    const QSet<qint64> unsent = open->details.unsent();
    for (const Message &message : open->details.messages) {
        ThreadEntry entry { .message = message, .isUnsent = unsent.contains(message.id.v) };
        if (message.html.isEmpty()) {
            entry.html = text::textToHtml(message.text);
        } else {
            text::Sanitized safe = text::sanitizeHtml(message.html);
            entry.html = std::move(safe.html);
            entry.blockedPictures = std::move(safe.blockedPictures);
            entry.isShortened = safe.isShortened;
        }
        for (const Attachment &attachment : open->details.attachments) {
            if (attachment.message == message.id)
                entry.attachments.append(attachment);
        }
        for (const RemoteFile &file : open->remote.files) {
            if (file.message == message.id)
                entry.filesThere.append(file);
        }
        open->thread.push_back(std::move(entry));
    }
    return std::shared_ptr<const OpenTicket>(std::move(open));
}

} // namespace tierline::desk
