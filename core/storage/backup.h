#pragma once

#include "core/storage/workspace.h"

#include <functional>

namespace tierline::storage {

class Connection;

// Copies of a whole store. Only SQLite's own interface touches database files: closing another
// handle on one would drop the locks that this process holds on it.

/// The schema's number as the main file says, read without leaving a trace in the folder: no lock,
/// no side file. 0 for an empty file and for what is no database, which opening it will tell.
Result<int> peekSchemaVersion(const QString &path);

/// A whole copy beside the store under this name; one of that name is replaced.
Result<Done> copyAside(Connection &from, const Workspace &workspace, const QString &name);

Result<Done> backupTo(const Workspace &workspace, const QString &file,
    const std::function<bool(qint64 done, qint64 total)> &progress);
/// `progress` as above, while the backup is copied and checked; after that it is told, and asked no more.
Result<Done> restoreFrom(const Workspace &workspace, const QString &file, const Clock &clock,
    const std::function<bool(qint64 done, qint64 total)> &progress = {});

} // namespace tierline::storage
