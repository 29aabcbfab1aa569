#include "core/calendar/agreement.h"

#include <QSet>

namespace tierline::sla {

using namespace Qt::StringLiterals;

namespace {

const std::array partyCodes { u"customer"_s, u"internal"_s, u"supplier"_s };
const std::array zoneCodes { u"customer"_s, u"organization"_s, u"team"_s, u"calendar"_s };

template<typename T, typename Codes>
std::optional<T> fromCodes(const Codes &codes, QStringView text)
{
    const auto found = std::ranges::find(codes, text);
    return found == codes.end() ? std::nullopt
                                : std::optional(static_cast<T>(found - codes.begin()));
}

bool allows(const QStringList &wanted, const QString &value)
{
    return wanted.isEmpty() || wanted.contains(value, Qt::CaseInsensitive);
}

Result<Done> checkTarget(const Policy &policy, const PolicyTarget &target)
{
    const QString clock = code(target.clock);
    if (target.clock == ClockKind::Promise)
        return badInput(
            u"Policy “%1” has a target for promises; whoever promises says until when."_s.arg(
                policy.name),
            policy.name);
    if (partyOf(target.clock) != policy.party)
        return badInput(
            u"Policy “%1” is for %2, and “%3” is a clock for %4; write it in a policy "
            "for those."_s.arg(policy.name, code(policy.party), clock, code(partyOf(target.clock))),
            policy.name);
    if (target.length <= Millis(0))
        return badInput(u"Policy “%1” has a target of zero for %2, which would be breached at "
                        "once; give a longer one."_s.arg(policy.name, clock),
            policy.name);
    return Done {};
}

Result<Done> checkPolicy(const Policy &policy, const QStringList &calendars)
{
    if (policy.name.isEmpty())
        return badInput(u"A policy has no name; give it one."_s, u"name"_s);
    if (policy.targets.empty())
        return badInput(u"Policy “%1” promises nothing; give it a target, such as first_response "
                        "1h."_s.arg(policy.name),
            policy.name);
    if (policy.when.isBlank() && !policy.isDefault)
        return badInput(u"Policy “%1” has no condition, so it would match no ticket; give it one, "
                        "or make it the default."_s.arg(policy.name),
            policy.name);
    if (!calendars.contains(policy.calendar))
        return badInput(u"Policy “%1” runs on the calendar “%2”, which is not there."_s.arg(
                            policy.name, policy.calendar),
            policy.name);
    if (policy.grace < Millis(0))
        return badInput(u"Policy “%1” has a negative grace."_s.arg(policy.name), policy.name);
    for (const PolicyTarget &target : policy.targets)
        TIERLINE_CHECK(checkTarget(policy, target));
    for (const ClockKind clock : policy.pauses) {
        if (!mayPause(clock))
            return badInput(
                u"Policy “%1” cannot decide whether %2 pauses; only first_response, next_response, "
                "periodic_update and first_resolution can be told to."_s.arg(
                    policy.name, code(clock)),
                policy.name);
    }
    return Done {};
}

} // namespace

QString code(Party party)
{
    return partyCodes[static_cast<size_t>(party)];
}
std::optional<Party> partyFromCode(QStringView text)
{
    return fromCodes<Party>(partyCodes, text);
}
QString code(ZoneChoice choice)
{
    return zoneCodes[static_cast<size_t>(choice)];
}
std::optional<ZoneChoice> zoneChoiceFromCode(QStringView text)
{
    return fromCodes<ZoneChoice>(zoneCodes, text);
}

Party partyOf(ClockKind kind)
{
    switch (kind) {
    case ClockKind::Accept:
    case ClockKind::TierResponse:
    case ClockKind::TierResolution: return Party::Internal;
    case ClockKind::Supplier: return Party::Supplier;
    default: return Party::Customer;
    }
}

bool mayPause(ClockKind kind)
{
    return kind == ClockKind::FirstResponse || kind == ClockKind::NextResponse
        || kind == ClockKind::PeriodicUpdate || kind == ClockKind::FirstResolution;
}

bool FieldMatch::isBlank() const
{
    return tiers.isEmpty() && teams.isEmpty() && channels.isEmpty() && plans.isEmpty()
        && organizations.isEmpty() && categories.isEmpty() && products.isEmpty() && types.isEmpty()
        && tags.isEmpty() && priorities.empty() && severities.empty();
}

bool FieldMatch::holds(const PolicyFields &fields) const
{
    const auto has = [](const auto &wanted, const auto &value) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
    };
    const bool hasTag = tags.isEmpty() || std::ranges::any_of(tags, [&](const QString &tag) {
        return fields.tags.contains(tag, Qt::CaseInsensitive);
    });
    return has(priorities, fields.priority) && has(severities, fields.severity) && hasTag
        && allows(tiers, fields.tier) && allows(teams, fields.team)
        && allows(channels, fields.channel) && allows(plans, fields.plan)
        && allows(organizations, fields.organization) && allows(categories, fields.category)
        && allows(products, fields.product) && allows(types, fields.type);
}

bool Policy::matches(const PolicyFields &fields) const
{
    return when.isBlank() ? isDefault : when.holds(fields);
}

const PolicyTarget *Policy::target(ClockKind clock, const PolicyFields &fields) const
{
    const auto found = std::ranges::find_if(targets, [&](const PolicyTarget &target) {
        return target.clock == clock && target.when.holds(fields);
    });
    return found == targets.end() ? nullptr : &*found;
}

ClockOptions Policy::options(ClockKind clock) const
{
    return { std::ranges::find(pauses, clock) != pauses.end(), callsAnswer };
}

const Policy *choose(const Policies &policies, Party party, const PolicyFields &fields)
{
    if (const QString &given = fields.given[static_cast<size_t>(party)]; !given.isEmpty()) {
        const auto named = std::ranges::find_if(policies,
            [&](const Policy &policy) { return policy.party == party && policy.name == given; });
        if (named != policies.end())
            return &*named;
    }
    const auto found = std::ranges::find_if(policies,
        [&](const Policy &policy) { return policy.party == party && policy.matches(fields); });
    return found == policies.end() ? nullptr : &*found;
}

ChosenZone zoneFor(const Policy &policy, const PolicyFields &fields)
{
    const std::array<const QString *, 3> known { &fields.customerZone, &fields.organizationZone,
        &fields.teamZone };
    for (size_t choice = static_cast<size_t>(policy.zone); choice < known.size(); ++choice) {
        if (!known[choice]->isEmpty() && Zone::named(*known[choice]))
            return { static_cast<ZoneChoice>(choice), *known[choice] };
    }
    return {};
}

bool AgreementBook::usesZones() const
{
    return std::ranges::any_of(m_editions, [](const Edition &edition) {
        return std::ranges::any_of(edition.policies,
            [](const Policy &policy) { return policy.zone != ZoneChoice::Calendar; });
    });
}

Result<Done> AgreementBook::add(Edition edition)
{
    QStringList names;
    for (const auto &[name, editions] : m_calendars)
        names.append(name);
    TIERLINE_CHECK(check(edition.policies, names));
    for (const Policy &policy : edition.policies) {
        for (const PolicyTarget &target : policy.targets)
            m_isAgreed[static_cast<size_t>(target.clock)] = true;
        for (const ClockKind kind : policy.pauses)
            m_isPaused[static_cast<size_t>(kind)] = mayPause(kind);
    }
    m_editions.push_back(std::move(edition));
    noteTurns();
    return Done {};
}

void AgreementBook::setCalendar(const QString &name, CalendarEditions editions)
{
    m_hours.clear();
    m_calendars.insert_or_assign(name, std::move(editions));
    noteTurns();
}

void AgreementBook::noteTurns()
{
    m_turns.clear();
    for (const Edition &edition : m_editions)
        m_turns.push_back(edition.from);
    for (const auto &[name, calendar] : m_calendars) {
        for (const CalendarEditions::Edition &edition : calendar.all())
            m_turns.push_back(edition.from);
    }
    std::ranges::sort(m_turns);
    const auto same = std::ranges::unique(m_turns);
    m_turns.erase(same.begin(), same.end());
}

std::shared_ptr<const CalendarEditions> AgreementBook::hours(
    const QString &calendar, const QString &zone) const
{
    const auto known = m_hours.find({ calendar, zone });
    if (known != m_hours.end())
        return known->second;
    const auto found = m_calendars.find(calendar);
    if (found == m_calendars.end())
        return {};
    auto hours = std::make_shared<CalendarEditions>(found->second);
    if (!zone.isEmpty()) {
        const auto inZone = [&zone](const Calendar &original) {
            Calendar::Definition definition = original.definition();
            definition.zone = zone;
            auto moved = Calendar::make(std::move(definition));
            return moved ? *moved : original; // the zone was asked for by zoneFor()
        };
        const auto &all = found->second.all();
        hours = std::make_shared<CalendarEditions>(inZone(all.front().calendar));
        for (size_t i = 1; i < all.size(); ++i)
            hours->add(all[i].from, inZone(all[i].calendar));
    }
    m_hours[{ calendar, zone }] = hours;
    return hours;
}

Result<Done> check(const Policies &policies, const QStringList &calendars)
{
    QSet<QString> names;
    QSet<int> defaults;
    for (const Policy &policy : policies) {
        TIERLINE_CHECK(checkPolicy(policy, calendars));
        if (names.contains(policy.name))
            return badInput(
                u"Two policies are called “%1”; rename one."_s.arg(policy.name), policy.name);
        names.insert(policy.name);
        const bool isCatchAll = policy.isDefault && policy.when.isBlank();
        if (isCatchAll && defaults.contains(static_cast<int>(policy.party)))
            return badInput(u"Policy “%1” would never be asked: another default for %2 stands "
                            "before it."_s.arg(policy.name, code(policy.party)),
                policy.name);
        if (isCatchAll)
            defaults.insert(static_cast<int>(policy.party));
    }
    return Done {};
}

} // namespace tierline::sla
