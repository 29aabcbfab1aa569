#pragma once

#include "core/rules/life.h"
#include "core/storage/connection.h"

namespace tierline::engine {

/// What rules read of a company beside a ticket's log: its facts, what they were before, and, where agreements hang
/// on zones, its own. Empty without a company. Thread: that of the connection. Four rows and its past.
Result<rules::LifeCustomer> loadCompany(
    storage::Connection &connection, OrganizationId organization, bool usesZones);
/// The same with who asks for it.
Result<rules::LifeCustomer> loadLifeCustomer(
    storage::Connection &connection, const Ticket &ticket, bool usesZones);

} // namespace tierline::engine
