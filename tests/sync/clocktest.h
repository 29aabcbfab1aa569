#pragma once

#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "tests/sync/synctest.h"

// Clocks of tickets that stand at a helpdesk, too.

namespace tierline::test {

/// An hour for each answer, day and night.
inline Result<Done> agreeOnAnHour(SyncRig &rig)
{
    const QByteArray text = "{'calendars':{'Always':{'zone':'UTC','hours':'24/7'}},'policies':"
                            "[{'name':'P','default':true,'calendar':'Always','targets':"
                            "[{'clock':'first_response','target':'60m'},"
                            "{'clock':'next_response','target':'60m'}]}]}";
    TIERLINE_TRY(json, readJsonObject(QByteArray(text).replace('\'', '"')));
    TIERLINE_TRY(agreements, sla::agreementsFromJson(json));
    SeededRandom random { 5 };
    Agent lead { .id = QStringLiteral("mia"), .role = Role::Lead };
    commands::Context context { .store = rig.store.store(),
        .random = random,
        .actor = lead,
        .visibility = Visibility::all(),
        .now = rig.clock.now() };
    TIERLINE_CHECK(commands::run(context,
        commands::SaveAgreements { .agreements = agreements, .why = QStringLiteral("a test") }));
    return Done {};
}

inline std::vector<sla::TicketClock> clocksOf(SyncRig &rig, const QString &ticket)
{
    const TicketState state = rig.local.state(ticket);
    return commands::loadClocks(rig.local.connection(), state.ticket, rig.clock.now())
        .value_or(std::vector<sla::TicketClock> {});
}

/// The last cycle of a kind that is the ticket's own; one of no policy where there is none.
inline sla::TicketClock ownClock(SyncRig &rig, const QString &ticket, sla::ClockKind kind)
{
    sla::TicketClock found;
    for (const sla::TicketClock &clock : clocksOf(rig, ticket)) {
        if (clock.kind == kind && clock.of.isEmpty())
            found = clock;
    }
    return found;
}

} // namespace tierline::test
