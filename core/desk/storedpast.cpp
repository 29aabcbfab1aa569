#include "core/desk/storedpast.h"

#include "core/commands/agreements.h"
#include "core/storage/agreements.h"
#include "core/storage/people.h"

using namespace Qt::StringLiterals;

namespace tierline::desk {

namespace {

constexpr int mostOrganizations = 20'000; ///< held at a time

/// What the ends of its escalations say of a ticket.
std::optional<bool> judgedBy(const std::vector<Escalation> &escalations, bool isSolved)
{
    std::optional<bool> should;
    for (const Escalation &escalation : escalations) {
        if (!escalation.moved)
            continue;
        switch (escalation.outcome) {
        case Outcome::Resolved:
        case Outcome::Superseded: return true;
        case Outcome::Returned:
            if (escalation.verdict == tierline::Verdict::WrongTeam)
                return true;
            break;
        case Outcome::Reversed: should = false; break;
        case Outcome::None:
            if (isSolved) // above, and only its closing is open
                return true;
            break;
        default: break;
        }
    }
    return should;
}

bool usesZones(const sla::AgreementBook &book)
{
    return std::ranges::any_of(book.editions(), [](const auto &edition) {
        return std::ranges::any_of(edition.policies,
            [](const sla::Policy &policy) { return policy.zone != sla::ZoneChoice::Calendar; });
    });
}

} // namespace

Result<rules::LifeFrame> loadLifeFrame(
    storage::Connection &connection, const triage::TextReader *reader)
{
    rules::LifeFrame frame { .reader = reader };
    TIERLINE_TRY(book, commands::loadAgreements(connection));
    if (book) // of its own, since one book is read by one thread
        frame.agreements = std::make_shared<const sla::AgreementBook>(*book);
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    frame.people = escalation::ClockPeople::of(tiers, agents);
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    for (const Team &team : teams) {
        TIERLINE_TRY(zone, storage::loadZone(connection, storage::ZoneOwner::Team, team.name));
        if (!zone.isEmpty())
            frame.people.zoneOf.insert(team.name, zone);
    }
    TIERLINE_TRY(setting, storage::loadSetting(connection, storage::capacitySetting));
    const qint64 perAgent = setting.toLongLong();
    for (const Agent &agent : agents) {
        if (perAgent <= 0 || !agent.isActive)
            continue;
        for (const QString &team : agent.teams)
            frame.capacity[team] += perAgent;
    }
    return frame;
}

StoredPast::StoredPast(storage::Connection &connection, Visibility visibility)
    : m_connection(connection)
    , m_visibility(std::move(visibility))
{
}

Result<rules::LifeCustomer> StoredPast::customerOf(OrganizationId organization)
{
    if (!m_usesZones) {
        TIERLINE_TRY(book, commands::loadAgreements(m_connection));
        m_usesZones = book && usesZones(*book);
    }
    rules::LifeCustomer customer;
    if (!organization)
        return customer;
    TIERLINE_TRY(known, storage::loadOrganization(m_connection, organization));
    customer.organization = known;
    TIERLINE_TRY(past, storage::loadOrganizationPast(m_connection, organization));
    if (!past.empty())
        customer.past = std::make_shared<const OrganizationPast>(std::move(past));
    if (*m_usesZones) {
        TIERLINE_TRY(zone,
            storage::loadZone(
                m_connection, storage::ZoneOwner::Organization, QString::number(organization.v)));
        customer.organizationZone = zone;
    }
    return customer;
}

Result<Done> StoredPast::fill(const storage::WalkedLog &log, rules::PastTicket &into)
{
    into.id = log.id;
    into.key = log.key;
    into.events.swap(log.events);
    into.textOf = [this](MessageId id) {
        const auto text = storage::loadMessageText(m_connection, id);
        return text ? *text : QString();
    };
    into.shouldEscalate = judgedBy(log.escalations, isSolved(log.status));
    if (const auto label = m_labels.constFind(log.key); label != m_labels.cend())
        into.shouldEscalate = *label;
    auto known = m_organizations.find(log.organization.v);
    if (known == m_organizations.end()) {
        if (m_organizations.size() >= mostOrganizations)
            m_organizations.clear();
        TIERLINE_TRY(customer, customerOf(log.organization));
        known = m_organizations.insert(log.organization.v, std::move(customer));
    }
    into.customer = *known;
    into.customer.requester = log.requesterName;
    if (*m_usesZones && log.requester) {
        TIERLINE_TRY(zone,
            storage::loadZone(
                m_connection, storage::ZoneOwner::Customer, QString::number(log.requester.v)));
        into.customer.zone = zone;
    }
    return Done {};
}

Result<Done> StoredPast::walk(const Visit &visit)
{
    rules::PastTicket ticket;
    return storage::walkLogs(
        m_connection, m_visibility, [&](const storage::WalkedLog &log) -> Result<Done> {
            TIERLINE_CHECK(fill(log, ticket));
            return visit(ticket);
        });
}

Result<rules::PastTicket> StoredPast::one(TicketId id)
{
    rules::PastTicket ticket;
    TIERLINE_CHECK(storage::visitLog(
        m_connection, id, [&](const storage::WalkedLog &log) { return fill(log, ticket); }));
    return ticket;
}

} // namespace tierline::desk
