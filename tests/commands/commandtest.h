#pragma once

#include "core/commands/commands.h"
#include "core/escalation/fold.h"
#include "tests/storage/storetest.h"

// A desk of nine people on the default tiers and teams, and the few steps that every test takes.

namespace tierline::test {

class CommandFixture : public StoreFixture
{
public:
    explicit CommandFixture(quint64 seed = 1)
        : random(seed)
    {
    }

    Result<Done> begin()
    {
        if (auto made = create(); !made)
            return made;
        const auto person = [](const char *id, const char *tier, Role role, QStringList teams) {
            return Agent { .id = QString::fromLatin1(id),
                .name = QString::fromLatin1(id).toUpper(),
                .homeTier = QString::fromLatin1(tier),
                .teams = std::move(teams),
                .role = role };
        };
        const QString technical = QStringLiteral("Technical"), legal = QStringLiteral("Legal");
        agents = { person("ann", "L1", Role::Agent, {}), person("amy", "L1", Role::Agent, {}),
            person("bob", "L2", Role::Agent, { technical }),
            person("bea", "L2", Role::Specialist, {}), person("lex", "L2", Role::Agent, { legal }),
            person("eve", "L3", Role::Agent, {}), person("lea", "L1", Role::Lead, {}),
            person("adm", "L1", Role::Admin, {}), person("ro", "L1", Role::ReadOnly, {}) };
        return write([&](storage::WriteScope &scope) -> Result<Done> {
            for (const Agent &agent : agents) {
                if (auto saved = storage::saveAgent(scope, agent); !saved)
                    return saved;
            }
            return Done {};
        });
    }

    commands::Context as(const QString &id)
    {
        const auto agent = storage::findAgent(connection(), id);
        const auto teams = storage::loadTeams(connection());
        return { .store = *store,
            .random = random,
            .actor = *agent,
            .visibility = visibilityOf(*agent, *teams),
            .now = clock.now() };
    }
    template<typename Command>
    Result<commands::Outcome> run(const char *id, const Command &command)
    {
        commands::Context context = as(QString::fromLatin1(id));
        return commands::run(context, command);
    }
    template<typename Command>
    Result<commands::WorkspaceOutcome> change(const char *id, const Command &command)
    {
        commands::Context context = as(QString::fromLatin1(id));
        return commands::run(context, command);
    }

    /// A ticket of a customer, made by ann.
    Result<commands::Outcome> newTicket(const QString &key = {},
        Priority priority = Priority::Normal, const QString &plan = QStringLiteral("enterprise"),
        int health = 40)
    {
        commands::CreateTicket create;
        create.ticket.key = key;
        create.ticket.subject = QStringLiteral("Cannot log in");
        create.ticket.priority = priority;
        create.requester
            = { .name = QStringLiteral("Ada Lind"), .email = QStringLiteral("ada@example.org") };
        create.organization = { .name = QStringLiteral("Lind AB"), .plan = plan, .health = health };
        create.text
            = QStringLiteral("I cannot log in since this morning. Please give me access again.");
        return run("ann", create);
    }
    static commands::Escalate escalation(
        const QString &ticket, const QString &tier = QStringLiteral("L2"))
    {
        commands::Escalate command;
        command.ticket = ticket;
        command.toTier = tier;
        command.reason = QStringLiteral("missing-tools");
        command.form = { .summary = QStringLiteral("Login fails for one account"),
            .tried = { QStringLiteral("Cleared cookies") },
            .expected = QStringLiteral("A working login") };
        return command;
    }

    /// What stands in the rows is what the log says, and both are sound. Empty, or what is wrong.
    QString wrong(const QString &key)
    {
        const auto id = storage::findAnyTicket(connection(), key);
        if (!id)
            return id.error().detail;
        const auto rows = storage::loadTicket(connection(), *id);
        const auto events = storage::loadEvents(connection(), *id);
        if (!rows || !events)
            return rows ? events.error().detail : rows.error().detail;
        if (const QString unsound = escalation::inconsistency(*rows); !unsound.isEmpty())
            return unsound;
        return escalation::replay(*id, *events) == *rows
            ? QString()
            : QStringLiteral("The log says something else than the rows.");
    }
    TicketState state(const QString &key)
    {
        const auto id = storage::findAnyTicket(connection(), key);
        return id ? storage::loadTicket(connection(), *id).value_or(TicketState {})
                  : TicketState {};
    }

    SeededRandom random;
    QList<Agent> agents;
};

} // namespace tierline::test
