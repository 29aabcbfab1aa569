#pragma once

#include "core/calendar/ticketclocks.h"
#include "core/desk/reading.h"
#include "core/desk/remoteside.h"
#include "core/desk/ticketsigns.h"

namespace tierline::desk {

/// One message of an open ticket, ready to show: foreign HTML went through the sanitiser.
struct ThreadEntry {
    Message message;
    QString html; ///< safe
    QStringList blockedPictures; ///< remote pictures that were not loaded
    bool isShortened = false; ///< the original holds more: offer it
    bool isUnsent = false; ///< given up before the helpdesk had heard of it
    QList<Attachment> attachments;
    QList<RemoteFile> filesThere; ///< only at the helpdesk
};

/// A ticket with everything that a window shows of it. Made on a reader thread, since cleaning HTML
/// takes time; a value from then on.
struct OpenTicket {
    TicketDetails details;
    std::vector<ThreadEntry> thread;
    RemoteSide remote;
    std::vector<sla::TicketClock> clocks; ///< of service agreements, as they stood when it was read
    TicketSigns signs; ///< what the customer's words say, as rules read them
};

Result<std::shared_ptr<const OpenTicket>> openTicket(
    storage::Connection &connection, TicketId id, const Visibility &visibility, Instant now);

} // namespace tierline::desk
