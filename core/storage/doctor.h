#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

/// One verdict on the health of a workspace.
struct HealthCheck {
    QString name; ///< stable code: "integrity", "foreign-keys", "text-index", "schema", "sqlite", …
    bool isOk = false;
    QString detail; ///< one English sentence

    bool operator==(const HealthCheck &) const = default;
};

/// Every check in turn, on a reading connection. Cost: reads the whole store. Stops between checks
/// where the connection is interrupted.
QList<HealthCheck> checkHealth(Connection &connection, const Workspace &workspace);

/// SQLite's own look at every page and index. Storage fault naming the first damage.
Result<Done> checkIntegrity(Connection &connection);
Result<Done> checkForeignKeys(Connection &connection);

} // namespace tierline::storage
