#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

void actionsNotify(ActionTable &table)
{
    table.add({ .id = u"notify"_s,
        .patterns
        = { u"notify channel {channel}"_s, u"notify agent {agent}"_s, u"notify team {team}"_s,
            u"notify pager {pager}"_s, u"notify mail {mail}"_s, u"notify role {role}"_s },
        .help = u"Tells a channel, a person, a team, whoever is on call, an address or a role."_s,
        .example = u"notify channel \"#escalations\" saying \"Enterprise customer waits\""_s,
        .options = { { u"saying"_s, Slot::Text } },
        .notifies = true });
    table.add({ .id = u"notify-manager"_s,
        .patterns = { u"notify manager"_s, u"manager"_s },
        .help = u"Tells the lead of the ticket's team."_s,
        .example = u"notify manager"_s,
        .options = { { u"saying"_s, Slot::Text } },
        .notifies = true });
    table.add({ .id = u"notify-assignee"_s,
        .patterns = { u"notify assignee"_s },
        .help = u"Tells who has the ticket."_s,
        .example = u"notify assignee"_s,
        .options = { { u"saying"_s, Slot::Text } },
        .notifies = true });
    table.add({ .id = u"remind"_s,
        .patterns = { u"remind"_s },
        .help = u"Reminds who has the ticket, else its team or the triage centre."_s,
        .example = u"remind team \"Billing\""_s,
        .options
        = { { u"agent"_s, Slot::Agent }, { u"team"_s, Slot::Team }, { u"saying"_s, Slot::Text } },
        .notifies = true });
    table.add({ .id = u"tell-customer"_s,
        .patterns = { u"tell customer"_s },
        .help = u"Writes to the customer who takes care of it, and until when."_s,
        .example = u"tell customer template \"outage\""_s,
        .options = { { u"template"_s, Slot::Template }, { u"saying"_s, Slot::Text } },
        .notifies = true,
        .facesCustomer = true });
    table.add({ .id = u"webhook"_s,
        .patterns = { u"call webhook {hook}"_s },
        .help = u"Calls an address that an administrator allowed, by its name."_s,
        .example = u"call webhook \"order-desk\""_s,
        .notifies = true });
}

} // namespace tierline::rules
