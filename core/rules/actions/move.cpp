#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

void actionsMove(ActionTable &table)
{
    table.add({ .id = u"escalate"_s,
        .patterns
        = { u"escalate to {tier}"_s, u"escalate to team {team}"_s, u"escalate to agent {agent}"_s },
        .help = u"Moves the ticket up, with its handoff package."_s,
        .example = u"escalate to L3 team \"Billing\" reason sla-risk priority urgent"_s,
        .options = { { u"team"_s, Slot::Team }, { u"agent"_s, Slot::Agent },
            { u"kind"_s, Slot::Kind }, { u"reason"_s, Slot::Reason },
            { u"priority"_s, Slot::Priority }, { u"saying"_s, Slot::Text } },
        .escalates = true });
    table.add({ .id = u"escalate-by-matrix"_s,
        .patterns = { u"escalate by matrix"_s },
        .help
        = u"Moves the ticket where the escalation matrix says: up, or to another department."_s,
        .example = u"escalate by matrix reason sla-risk"_s,
        .options = { { u"reason"_s, Slot::Reason }, { u"saying"_s, Slot::Text } },
        .escalates = true });
    table.add({ .id = u"assign"_s,
        .patterns = { u"assign to agent {agent}"_s, u"assign to team {team}"_s },
        .help = u"Gives the ticket to an agent or a team of the same tier."_s,
        .example = u"assign to team \"Payments\""_s,
        .options = { { u"team"_s, Slot::Team }, { u"saying"_s, Slot::Text } } });
    table.add({ .id = u"incident"_s,
        .patterns = { u"propose incident"_s },
        .help = u"Proposes one incident for the similar tickets, and links them to it."_s,
        .example = u"propose incident"_s,
        .options = { { u"saying"_s, Slot::Text } } });
    table.add({ .id = u"approval"_s,
        .patterns = { u"ask approval of agent {agent}"_s, u"ask approval of role {role}"_s,
            u"ask approval of team {team}"_s },
        .help = u"Waits for somebody's yes; the clocks run on."_s,
        .example = u"ask approval of role lead saying \"Refund above the limit\""_s,
        .options = { { u"saying"_s, Slot::Text } },
        .notifies = true });
    table.add({ .id = u"checklist"_s,
        .patterns = { u"require checklist {checklist}"_s },
        .help = u"The ticket is not escalated or solved before this list is ticked."_s,
        .example = u"require checklist \"Refund\""_s });
    table.add({ .id = u"ladder"_s,
        .patterns = { u"ladder {steps}"_s },
        .help = u"Does more the longer nobody accepts; loops, and opens again when it lies idle."_s,
        .example = u"ladder (after 30m remind, after 60m escalate to L2, after 4h notify manager) "
                   u"repeat 3 until accepted idle 2h"_s,
        .options
        = { { u"repeat"_s, Slot::Repeat }, { u"until"_s, Slot::Until }, { u"idle"_s, Slot::Idle } },
        .notifies = true,
        .isInLadder = false });
}

} // namespace tierline::rules
