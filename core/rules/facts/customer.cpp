#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

/// Half a day either side of no zone: a day in a contract is not tied to one.
Instant startOf(QDate day)
{
    return { day.startOfDay(Qt::UTC).toMSecsSinceEpoch() };
}

} // namespace

void factsCustomer(FactTable &table)
{
    const auto group = u"customer"_s;
    const auto changes = Changes(Change::Customer);
    table.add({ .id = u"plan"_s,
        .group = group,
        .patterns = { u"plan {is}"_s, u"customer plan {is}"_s },
        .type = FactType::Choice,
        .help = u"What the customer's organization pays for."_s,
        .example = u"plan is enterprise or business"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.customer ? Reading::filled(s.customer->plan) : Reading::unknown();
        } });
    table.add({ .id = u"arr"_s,
        .group = group,
        .patterns = { u"arr {is}"_s, u"annual revenue {is}"_s, u"contract value {is}"_s },
        .type = FactType::Money,
        .help = u"Recurring revenue of the organization in a year."_s,
        .example = u"arr is at least $100,000"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.customer && s.customer->arr ? Reading::thousandths(*s.customer->arr * 1'000)
                                                 : Reading::unknown();
        } });
    table.add({ .id = u"health"_s,
        .group = group,
        .patterns = { u"health {is}"_s, u"health score {is}"_s, u"account health {is}"_s },
        .type = FactType::Number,
        .help = u"Health of the organization, 0 to 100."_s,
        .example = u"health is under 40"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.customer && s.customer->health
                ? Reading::thousandths(qint64(*s.customer->health) * 1'000)
                : Reading::unknown();
        } });
    table.add({ .id = u"renewal"_s,
        .group = group,
        .patterns = { u"renewal within {window}"_s, u"contract ends within {window}"_s },
        .type = FactType::Within,
        .help = u"The contract is renewed at most so far from now; past renewals do not count."_s,
        .example = u"renewal within 60d"_s,
        .changes = changes,
        .said = u"in %1"_s,
        .read = [](const Subject &s, const Ask &) {
            return s.customer && s.customer->renewal.isValid()
                ? Reading::of(startOf(s.customer->renewal))
                : Reading::unknown();
        } });
    table.add({ .id = u"customer-flags"_s,
        .group = group,
        .patterns = { u"customer flags|flag {is}"_s, u"account flags|flag {is}"_s },
        .type = FactType::Names,
        .help = u"Marks of the organization, such as vip."_s,
        .example = u"customer flags include vip"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.customer ? Reading::set(s.customer->flags) : Reading::unknown();
        } });
    table.add({ .id = u"organization"_s,
        .group = group,
        .patterns = { u"organization {is}"_s, u"company {is}"_s },
        .type = FactType::Choice,
        .help = u"The company that the requester belongs to."_s,
        .example = u"organization is \"Acme GmbH\""_s,
        .changes = changes,
        .isQuoted = true,
        .read = [](const Subject &s, const Ask &) {
            return s.customer ? Reading::word(s.customer->name) : Reading::none();
        } });
    table.add({ .id = u"requester"_s,
        .group = group,
        .patterns = { u"requester {is}"_s },
        .type = FactType::Choice,
        .help = u"Who wrote: the address, else the name."_s,
        .example = u"requester is \"ceo@acme.example\""_s,
        .changes = changes,
        .isQuoted = true,
        .read = [](const Subject &s, const Ask &) { return Reading::filled(s.requester); } });
}

} // namespace tierline::rules
