#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

// An import writes in batches under a number. Until finishImport() its tickets are in no queue,
// search, figure or export, and findTicket() does not see them (findAnyTicket() does); after a kill
// Store::open() removes them, unless another process is importing at that moment.

/// Held from before beginImport() until after finishImport(): one import at a time in a workspace.
/// Conflict where another program is importing.
Result<FileLock> lockImports(const Workspace &workspace);

Result<ImportId> beginImport(WriteScope &scope, const QString &source);
/// From here on the tickets are everywhere. Where they were written without text, rebuildSearch() or
/// indexBatch() comes before, so that a kill in between leaves nothing unsearchable.
Result<Done> finishImport(WriteScope &scope, ImportId import);
/// Removes one batch of what an unfinished import wrote: its tickets, then the requesters and
/// organizations that came with it and that no other ticket has. Call it until it gives 0; what it
/// gives before is how many tickets are still there, or people may be.
Result<qint64> removeImportBatch(WriteScope &scope, ImportId import, int batch);
/// Whether an organization was first heard of in this import, which still runs.
Result<bool> cameWith(Connection &connection, ImportId import, OrganizationId organization);
/// Imports that began and did not end.
Result<std::vector<ImportId>> unfinishedImports(Connection &connection);

} // namespace tierline::storage
