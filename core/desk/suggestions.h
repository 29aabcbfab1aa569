#pragma once

#include "core/domain/people.h"
#include "core/domain/ticket.h"

namespace tierline::desk {

// What the escalate form offers, read from the thread. Suggestions only: a person sees and changes
// them before anything moves. Pure; cost linear in the thread, of which only the newest 200
// messages and the first 20,000 characters of each are read.

/// "Subject: first sentence of what the customer first wrote".
QString suggestedSummary(const Ticket &ticket, const std::vector<Message> &messages);
/// The last sentence in which the customer asks or wishes; empty where there is none.
QString suggestedExpectation(const std::vector<Message> &messages);
/// What was tried, oldest first, each once, at most eight: past steps in notes ("Checked the log"),
/// and what bot or agents asked for ("Asked to clear your cookies (bot)").
QStringList suggestedSteps(const std::vector<Message> &messages);
/// `legal` or `customer-asked` where the customer's words say so; empty else.
QString suggestedReason(const std::vector<Message> &messages);
/// From priority, plan, renewal within 60 days, health under 50, flags and repeated contact.
QStringList urgencyFlags(const Ticket &ticket, const Organization &organization,
    const std::vector<Message> &messages, Instant now);

} // namespace tierline::desk
