#pragma once

#include "core/domain/event.h"
#include "core/domain/handoff.h"
#include "core/storage/store.h"

// Tickets, their log, threads, escalations and packages. Free functions over a connection (reading)
// or a write scope (writing); each costs a few indexed statements. Thread: the connection's.

namespace tierline::storage {

/// The ticket with this key, exact case; also where only the number of a remote key was given and
/// one account has it (else BadInput naming the candidates). NotFound for confidential tickets that
/// `visibility` denies, in the same words as for missing ones.
Result<TicketId> findTicket(
    Connection &connection, const QString &key, const Visibility &visibility);

/// The ticket with exactly this key, whoever may see it and whatever import it belongs to: for
/// imports, which join rows of one ticket before anybody else sees them.
Result<TicketId> findAnyTicket(Connection &connection, const QString &key);

Result<TicketState> loadTicket(Connection &connection, TicketId id);
/// The whole log in its one order.
Result<std::vector<Event>> loadEvents(Connection &connection, TicketId id);
Result<std::vector<Message>> loadMessages(Connection &connection, TicketId id);
Result<std::vector<Attachment>> loadAttachments(Connection &connection, TicketId id);
/// Newest package of the ticket's newest escalation that has one; NotFound else.
Result<Handoff> loadHandoff(Connection &connection, TicketId id);

/// Writes a new ticket and gives it its number; `state.ticket.id` is set. Conflict where the key is
/// taken. The text index takes it in, unless `indexText` is false (an import that builds it at the end).
Result<Done> insertTicket(
    WriteScope &scope, TicketState &state, ImportId import = {}, bool indexText = true);
/// Writes what differs between two states of one ticket. Text is indexed anew only where key,
/// subject, requester or organization changed.
Result<Done> saveTicket(WriteScope &scope, const TicketState &before, const TicketState &after);
/// Appends to the log; sets `event.id`.
Result<Done> appendEvent(WriteScope &scope, Event &event);
/// Adds to the thread and to the text index; sets `message.id`.
Result<Done> appendMessage(WriteScope &scope, Message &message, bool indexText = true);
/// Stores the bytes once however often they are attached; sets id, size and sha256.
Result<Done> appendAttachment(WriteScope &scope, Attachment &attachment, QByteArrayView bytes);
Result<QByteArray> loadAttachmentBytes(Connection &connection, qint64 attachmentId);
Result<Done> insertHandoff(WriteScope &scope, const Handoff &handoff);
/// Key for the next ticket made here: "T-1", "T-2", …
Result<QString> nextLocalKey(WriteScope &scope);

/// Other tickets of the same organization (or requester, where there is none), newest first.
struct RelatedTicket {
    TicketId id;
    QString key, subject, category, tier;
    Status status = Status::New;
    Instant created;
};
Result<std::vector<RelatedTicket>> relatedTickets(Connection &connection, const Ticket &ticket,
    Instant since, int limit, const Visibility &visibility);

} // namespace tierline::storage
