#include "core/desk/storedpast.h"

#include "core/commands/agreements.h"
#include "core/commands/paths.h"
#include "core/engine/lifecustomer.h"
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

} // namespace

Result<rules::LifeFrame> loadLifeFrame(storage::Connection &connection)
{
    rules::LifeFrame frame { .reader = &triage::TextReader::shared() };
    TIERLINE_TRY(book, commands::loadAgreements(connection));
    if (book) // of its own, since one book is read by one thread
        frame.agreements = std::make_shared<const sla::AgreementBook>(*book);
    TIERLINE_TRY(paths, commands::loadPathBook(connection));
    if (!paths.matrix.empty())
        frame.paths = std::make_shared<const escalation::PathBook>(paths);
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    frame.people = escalation::ClockPeople::of(tiers, agents);
    TIERLINE_TRY(zones, storage::loadTeamZones(connection));
    frame.people.zoneOf = zones;
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
        m_usesZones = book && book->usesZones();
    }
    return engine::loadCompany(m_connection, organization, *m_usesZones);
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
