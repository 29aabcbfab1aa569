#pragma once

#include "core/commands/agreements.h"

#include <variant>

namespace tierline::commands {

/// Writes to the customer in the desk's name: no answer by a person, so no clock takes it for one. Without
/// text: who takes care of the ticket, and until when.
struct TellCustomer {
    QString text;
};
/// Never lowers it.
struct RaisePriority {
    Priority priority = Priority::Normal;
};
/// Adds or removes one tag.
struct SetTag {
    QString tag;
    bool isThere = true;
};

/// What a rule does to a ticket in one firing: several steps as one operation, so that all of it is there or
/// nothing, and a remote hears of it once. Each step asks the same guards as a person's command; one that is
/// refused is left out with the reason, and the others go on. A `ticket` inside a step is not looked at.
struct Automatic {
    using Step = std::variant<Escalate, Reassign, SetFields, Flag, Note, TellCustomer,
        RaisePriority, SetTag, GiveAgreement>;
    QString ticket;
    std::vector<Step> steps;
};

struct AutomaticOutcome {
    Outcome outcome; ///< of all steps together; no events where nothing changed
    std::vector<std::optional<Error>> refusals; ///< for each step
};

/// Inside a transaction of the caller, who writes there what else belongs to the firing. `context.actor` is
/// "rule:NAME" or eventdata::triage, `context.operation` is made of the fire-once key.
Result<AutomaticOutcome> perform(
    Context &context, storage::WriteScope &scope, const Automatic &command);

} // namespace tierline::commands
