#pragma once

#include "core/metrics/metrics.h"

namespace tierline::metrics {

/// Tickets of a period: those created in it, its end left out.
bool isInPeriod(const Options &options, Instant created);

/// The key of a ticket's own row. By agent a ticket has no row of its own but one for each of
/// `facts.agents`; then this is "all".
QString rowKey(const Options &options, const TicketInput &input, const TicketFacts &facts);

/// Whom an answer is credited to in a report by agent, tier or team; nothing in all others, where it
/// belongs to the ticket's own row.
std::optional<QString> creditedTo(By by, const CsatAnswer &answer);

/// By agent: the first escalation step follows directly on an event of that agent.
bool isEscalatedBy(const TicketFacts &facts, const QString &agent);

} // namespace tierline::metrics
