#pragma once

#include "core/domain/people.h"
#include "core/domain/ticket.h"
#include "core/storage/connection.h"

namespace tierline::commands {

// What customers are told by the desk itself, in the languages that are told apart by their words: en, de, fr, es, pt.
// Any other one is answered in English.

/// The language of a ticket's customer by all that they have written, since one short answer tells none; of the
/// subject where they have written nothing. Reads at most 20,000 characters of a message and 65,536 in all.
Result<QString> languageOfCustomer(storage::Connection &connection, const Ticket &ticket);

/// "30 minutes", "1 hour", "2 days", rounded up. Pure.
QString timeInWords(Millis duration, const QString &language = {});

/// What the customer is told when their ticket moves: team, receiver, and the time in which the
/// receiving tier answers. A confidential team is called "a specialist team". Pure.
QString composeNotice(const Ticket &ticket, const Requester &requester, const Tier &to,
    const Team *team, const QString &receiverName, const QString &language = {});
/// The question that asks the customer for a yes. Pure.
QString composeQuestion(
    const Ticket &ticket, const Requester &requester, const QString &language = {});

} // namespace tierline::commands
