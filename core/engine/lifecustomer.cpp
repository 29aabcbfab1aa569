#include "core/engine/lifecustomer.h"

#include "core/storage/agreements.h"
#include "core/storage/people.h"

namespace tierline::engine {

using storage::ZoneOwner;

Result<rules::LifeCustomer> loadCompany(
    storage::Connection &connection, OrganizationId organization, bool usesZones)
{
    rules::LifeCustomer customer;
    if (!organization)
        return customer;
    TIERLINE_TRY(known, storage::loadOrganization(connection, organization));
    customer.organization = known;
    TIERLINE_TRY(past, storage::loadOrganizationPast(connection, organization));
    if (!past.empty())
        customer.past = std::make_shared<const OrganizationPast>(std::move(past));
    if (usesZones) {
        TIERLINE_TRY(zone,
            storage::loadZone(
                connection, ZoneOwner::Organization, QString::number(organization.v)));
        customer.organizationZone = zone;
    }
    return customer;
}

Result<rules::LifeCustomer> loadLifeCustomer(
    storage::Connection &connection, const Ticket &ticket, bool usesZones)
{
    TIERLINE_TRY(customer, loadCompany(connection, ticket.organization, usesZones));
    if (!ticket.requester)
        return customer;
    TIERLINE_TRY(requester, storage::loadRequester(connection, ticket.requester));
    customer.requester = requester.email.isEmpty() ? requester.name : requester.email;
    if (usesZones) {
        TIERLINE_TRY(zone,
            storage::loadZone(
                connection, ZoneOwner::Customer, QString::number(ticket.requester.v)));
        customer.zone = zone;
    }
    return customer;
}

} // namespace tierline::engine
