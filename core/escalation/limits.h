#pragma once

#include "core/domain/event.h"
#include "core/domain/people.h"

namespace tierline::escalation {

/// How long a stage may last at `tier`. Handoff and resolution are the tier's own; the others are
/// the same everywhere: detection 30 min, triage 15 min, communication 24 h, closure 72 h, review 7 d.
Millis stageLimit(Stage stage, const Tier &tier);

/// Whether our side must act in this stage: its limit is then the ticket's clock and due. Closure
/// waits for the customer's yes and review hurries nobody, so neither puts a due on the ticket.
bool isOurTurn(Stage stage);
/// Name of the clock that runs in a stage where it is our turn: the stage's code, "accept" in handoff.
QString clockOf(Stage stage);

/// Writes into the event what must not depend on tomorrow's tiers: the limit of the stage that it
/// opens, and, where it moves the ticket between tiers without naming them, both ranks and the id of
/// the escalation that an upward move opens. `before` is the state that the event meets. Cheap
/// where the ticket has no open escalation and keeps its tier.
void freeze(const TicketState &before, Event &event, const QList<Tier> &tiers);

} // namespace tierline::escalation
