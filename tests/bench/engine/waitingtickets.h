#pragma once

#include "core/commands/rules.h"
#include "core/storage/people.h"
#include "tests/bench/engine/manytimers.h"

// A rule that is live for what stands already, and tickets that it waits for.

namespace tierline::bench {

/// The workspace's own person, who may do all.
inline commands::Context deskOf(storage::Store &store, RandomSource &random)
{
    Agent me
        = take(storage::findAgent(store.connection(), take(storage::loadMe(store.connection()))));
    me.role = Role::Admin;
    commands::Context context { .store = store, .random = random, .actor = me };
    context.durability = storage::Durability::Background;
    return context;
}

/// A rule “Waits” for a customer who waits an hour, from the context's instant on.
inline void goLive(commands::Context &context, const QString &action)
{
    const QString name = QStringLiteral("Waits");
    const commands::RuleReason reason { QStringLiteral("a benchmark") };
    take(commands::run(context,
        commands::SaveRules {
            .texts = { { .kind = RuleKind::Rule,
                .name = name,
                .text
                = QStringLiteral("rule \"Waits\" when no agent reply for 1h then ") + action } },
            .reason = reason }));
    take(commands::run(context,
        commands::SetRuleState { .rule = name,
            .state = RuleState::Live,
            .reason = reason,
            .appliesToStanding = true,
            .weeklyCap = 0 }));
}

/// A ticket of a customer who waits from the context's instant on.
inline void addWaiting(commands::Context &context, int number)
{
    commands::CreateTicket create;
    create.ticket.subject = QStringLiteral("Ticket %1").arg(number);
    create.requester
        = { .name = QStringLiteral("Ada"), .email = QStringLiteral("ada@example.org") };
    create.text = QStringLiteral("It does not work.");
    take(commands::run(context, create));
}

} // namespace tierline::bench
