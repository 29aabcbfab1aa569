#pragma once

#include "core/storage/tickets.h"
#include "tests/support/syncrig/syncrig.h"

#include <QTest>

// Steps that the tests of the engine share.

namespace tierline::test {

#define DONE(expression)                                                                           \
    do {                                                                                           \
        const auto outcome = (expression);                                                         \
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().detail));          \
    } while (false)

inline commands::SetFields change(const QString &key, const QString &field, const QString &value)
{
    return { .ticket = key, .changes = { { field, value } } };
}

inline commands::Escalate escalation(const QString &key, const QString &tier = QStringLiteral("L2"))
{
    commands::Escalate command;
    command.ticket = key;
    command.toTier = tier;
    command.reason = QStringLiteral("missing-tools");
    command.overrideGuard = QStringLiteral("We have talked about it.");
    command.form = { .summary = QStringLiteral("Login fails for one account"),
        .tried = { QStringLiteral("Cleared cookies") },
        .expected = QStringLiteral("A working login") };
    return command;
}

/// How often a message with this text is in a ticket of the desk.
inline int timesSaid(const FakeDesk &desk, const QString &ticket, const QString &text)
{
    const DeskState state = desk.state();
    const auto found = state.tickets.find(ticket);
    return found == state.tickets.end()
        ? 0
        : int(std::ranges::count(found->second.messages, text, &MessagePicture::text));
}

} // namespace tierline::test
