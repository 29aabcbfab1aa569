#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

// An import writes in batches under a number. Until finishImport() its tickets are in no queue,
// search, figure or export; after a kill Store::open() removes them.

Result<ImportId> beginImport(WriteScope &scope, const QString &source);
Result<Done> finishImport(WriteScope &scope, ImportId import);
/// Removes one batch of what an unfinished import wrote; gives how many tickets are still there.
Result<qint64> removeImportBatch(WriteScope &scope, ImportId import, int batch);
/// Imports that began and did not end.
Result<std::vector<ImportId>> unfinishedImports(Connection &connection);

} // namespace tierline::storage
