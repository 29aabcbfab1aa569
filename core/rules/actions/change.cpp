#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

void actionsChange(ActionTable &table)
{
    table.add({ .id = u"set-priority"_s,
        .patterns = { u"set priority {priority}"_s },
        .help = u"Sets the order of work."_s,
        .example = u"set priority urgent"_s });
    table.add({ .id = u"raise-priority"_s,
        .patterns = { u"raise priority to {priority}"_s },
        .help = u"The same, but never lowers it."_s,
        .example = u"raise priority to high"_s });
    table.add({ .id = u"set-severity"_s,
        .patterns = { u"set severity {severity}"_s },
        .help = u"Says what the issue does to the customer."_s,
        .example = u"set severity critical"_s });
    table.add({ .id = u"set-status"_s,
        .patterns = { u"set status {status}"_s },
        .help = u"Sets new, open, pending or hold; solving is a person's word."_s,
        .example = u"set status open"_s });
    table.add({ .id = u"set-category"_s,
        .patterns = { u"set category {category}"_s },
        .help = u"Says what the ticket is about."_s,
        .example = u"set category billing"_s });
    table.add({ .id = u"set-type"_s,
        .patterns = { u"set type {type}"_s },
        .help = u"Sets the kind of issue."_s,
        .example = u"set type \"legal liability\""_s });
    table.add({ .id = u"set-field"_s,
        .patterns = { u"set field {field} to {text}"_s },
        .help = u"Fills a custom field."_s,
        .example = u"set field \"impact\" to \"major\""_s });
    table.add({ .id = u"set-sla"_s,
        .patterns = { u"set sla {policy}"_s },
        .help = u"Puts the ticket under a service agreement."_s,
        .example = u"set sla \"Gold\""_s });
    table.add({ .id = u"tag"_s,
        .patterns = { u"tag {tag}"_s, u"add tag {tag}"_s },
        .help = u"Adds a tag."_s,
        .example = u"tag at-risk"_s });
    table.add({ .id = u"untag"_s,
        .patterns = { u"remove tag {tag}"_s },
        .help = u"Takes a tag away."_s,
        .example = u"remove tag at-risk"_s });
    table.add({ .id = u"mark-complex"_s,
        .patterns = { u"mark complex"_s },
        .help = u"Marks the ticket as complex."_s,
        .example = u"mark complex"_s });
    table.add({ .id = u"note"_s,
        .patterns = { u"note {text}"_s },
        .help = u"Adds an internal note."_s,
        .example = u"note \"Check the payment status before you write\""_s });
    table.add({ .id = u"flag"_s,
        .patterns = { u"flag"_s },
        .help = u"Puts the ticket before the triage centre as out of scope."_s,
        .example = u"flag saying \"Amount above the limit\""_s,
        .options = { { u"saying"_s, Slot::Text } } });
    table.add({ .id = u"open-issue"_s,
        .patterns = { u"open issue in {account}"_s },
        .help = u"Opens an issue in another system and links it."_s,
        .example = u"open issue in \"jira\" type bug"_s,
        .options = { { u"type"_s, Slot::Type }, { u"saying"_s, Slot::Text } } });
    table.add({ .id = u"link-issue"_s,
        .patterns = { u"link issue {issue}"_s },
        .help = u"Links an issue that is there already."_s,
        .example = u"link issue \"PROJ-12\""_s });
}

} // namespace tierline::rules
