#pragma once

#include "core/domain/ticket.h"

#include <span>

namespace tierline::escalation {

/// What can happen to an escalation record.
enum class Action : quint8 {
    Flag, ///< an agent marks the ticket as outside their scope
    Unflag,
    Triage, ///< somebody looks at the flagged ticket
    Escalate, ///< the ticket moves up (or, on an open record, further up)
    Withdraw, ///< taken back by the escalating side before it was accepted
    Accept,
    Return,
    Reassign, ///< same tier, another owner; the stage's limit goes on
    PublicReply, ///< a person of the receiving tier writes to the customer
    CustomerWord, ///< the customer writes
    Solve, ///< the customer is asked for a yes
    Confirm, ///< the customer's yes
    Reopen, ///< the customer's no, or work that comes back before the review ended
    Review, ///< somebody looked back at it
};

/// One line of the table: in `from` (nothing: no open record), `action` leads to `to` (nothing: the
/// record ends with `outcome`). `opensNext`: the same action opens the next record in `to`.
struct Transition {
    std::optional<Stage> from;
    Action action;
    std::optional<Stage> to;
    Outcome outcome = Outcome::None;
    bool opensNext = false;
};

/// The whole table, in a fixed order. What is not in it does not happen.
std::span<const Transition> transitions();
/// The line for this situation, or nullptr.
const Transition *find(std::optional<Stage> from, Action action);
/// The table as text, one line a transition, for people and tests.
QString printedTable();
QString code(Action action);

} // namespace tierline::escalation
