#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

void factsPlace(FactTable &table)
{
    const auto group = u"place"_s;
    table.add({ .id = u"tier"_s,
        .group = group,
        .patterns = { u"tier {is}"_s },
        .type = FactType::Choice,
        .help = u"The tier that holds the ticket."_s,
        .example = u"tier is L1"_s,
        .changes = Changes(Change::Place),
        .read = [](const Subject &s, const Ask &) { return Reading::word(s.ticket->tier); } });
    table.add({ .id = u"team"_s,
        .group = group,
        .patterns = { u"team {is}"_s },
        .type = FactType::Choice,
        .help = u"The team that holds the ticket."_s,
        .example = u"team is \"Billing\""_s,
        .changes = Changes(Change::Place),
        .isQuoted = true,
        .read = [](const Subject &s, const Ask &) { return Reading::word(s.ticket->team); } });
    table.add({ .id = u"assignee"_s,
        .group = group,
        .patterns = { u"assignee {is}"_s, u"owner {is}"_s },
        .type = FactType::Choice,
        .help = u"The agent who has the ticket."_s,
        .example = u"assignee is empty"_s,
        .changes = Changes(Change::Owner),
        .read = [](const Subject &s, const Ask &) { return Reading::word(s.ticket->assignee); } });
    table.add({ .id = u"channel"_s,
        .group = group,
        .patterns = { u"channel {is}"_s },
        .type = FactType::Choice,
        .help = u"How the customer wrote: email, chat, phone, whatsapp …"_s,
        .example = u"channel is chat or whatsapp"_s,
        .changes = Changes(Change::Fields),
        .read = [](const Subject &s, const Ask &) { return Reading::filled(s.ticket->channel); } });
    table.add({ .id = u"language"_s,
        .group = group,
        .patterns = { u"language {is}"_s },
        .type = FactType::Choice,
        .help = u"Language of the customer's words: en, de, fr, es, pt …"_s,
        .example = u"language is de or fr"_s,
        .changes = Changes(Change::Signal),
        .read = [](const Subject &s, const Ask &) { return Reading::word(s.signs.language); } });
    table.add({ .id = u"capacity"_s,
        .group = group,
        .patterns = { u"capacity of team {team} {is}"_s },
        .type = FactType::Percent,
        .help = u"Free share of a team's capacity."_s,
        .example = u"capacity of team \"Billing\" is under 20 %"_s,
        .changes = Changes(Change::Around),
        .read = [](const Subject &s, const Ask &ask) {
            const auto share = s.around ? s.around->freeCapacity(ask.name) : Told<qint64>();
            return share.hasValue() ? Reading::thousandths(*share) : Reading::unknown();
        } });
    table.add({ .id = u"own-capacity"_s,
        .group = group,
        .patterns = { u"capacity of its team {is}"_s },
        .type = FactType::Percent,
        .help = u"Free share of the capacity of the team that holds the ticket."_s,
        .example = u"capacity of its team is under 10 %"_s,
        .changes = Change::Around | Change::Place,
        .read = [](const Subject &s, const Ask &) {
            const auto share = s.around ? s.around->freeCapacity({}) : Told<qint64>();
            return share.hasValue() ? Reading::thousandths(*share) : Reading::unknown();
        } });
}

} // namespace tierline::rules
