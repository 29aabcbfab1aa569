#pragma once

#include "core/rules/replay.h"
#include "core/storage/logwalk.h"

namespace tierline::desk {

/// What the lives of all tickets of a workspace share: agreements with a copy of their own, people, zones of
/// teams, how many tickets a team can have (its active agents by the setting "capacity_per_agent", where
/// that is set).
Result<rules::LifeFrame> loadLifeFrame(storage::Connection &connection);

/// The tickets of a workspace, as rules replay them. What people judged of a ticket is read from its
/// escalations: it should have been escalated where one of them was solved above, went on, or came back from the
/// wrong team, and it should not where all came back because the tier below could have solved it.
/// Thread: the connection's.
class StoredPast final : public rules::Past
{
public:
    StoredPast(storage::Connection &connection, Visibility visibility);

    Result<Done> walk(const Visit &visit) override;
    Result<rules::PastTicket> one(TicketId id) override;

    /// What was judged elsewhere, by ticket key; goes before what escalations say.
    void setLabels(QHash<QString, bool> labels) { m_labels = std::move(labels); }

private:
    Result<Done> fill(const storage::WalkedLog &log, rules::PastTicket &into);
    Result<rules::LifeCustomer> customerOf(OrganizationId organization);

    storage::Connection &m_connection;
    Visibility m_visibility;
    QHash<QString, bool> m_labels;
    QHash<qint64, rules::LifeCustomer> m_organizations; ///< with no requester
    std::optional<bool> m_usesZones; ///< whether any policy reads hours on a customer's wall
};

} // namespace tierline::desk
