#pragma once

#include "core/storage/connection.h"
#include "core/storage/workspace.h"

#include <functional>
#include <span>

namespace tierline::storage {

// The schema is made by running files in order, for a new store and for an upgrade alike: there is
// one truth. Each file runs in one transaction together with its number.

/// A file as it lies in migrations/: "0001_first.sql" and its text.
struct MigrationFile {
    const char *name;
    const char *text;
};

/// One file taken apart.
struct Migration {
    int version = 0; ///< the schema's number after it
    int oldestReader = 0; ///< oldest schema number whose program may still read the result
    QString name;
    QList<QByteArray> steps;
};

/// The files that this program was built with.
std::span<const MigrationFile> embeddedMigrations();

/// Takes files apart and holds them to the rules: numbers from 1 without gaps, a first line that
/// says what and why, a second that names the oldest reader. Bug where one is broken.
Result<QList<Migration>> parseMigrations(std::span<const MigrationFile> files);

/// The schema's number of the newest file.
int newestSchema(const QList<Migration> &migrations);

Result<int> schemaVersion(Connection &connection);

/// Asked before each step, counted over all files; an error stops as a failed statement would.
using MigrationStep = std::function<Result<Done>(int step)>;

/// Runs what `connection` lacks. The caller holds the write lock. The first failed statement rolls
/// its whole file back and ends it.
Result<Done> migrate(
    Connection &connection, const QList<Migration> &migrations, const MigrationStep &onStep = {});

/// The same for the store of a workspace: a whole copy of a store that holds something is made before
/// the first step, as `before-upgrade-<schema>.db` beside it. Where that fails, nothing is begun.
Result<Done> upgrade(Connection &connection, const Workspace &workspace,
    const QList<Migration> &migrations, const MigrationStep &onStep = {});

/// Refuses a store that a newer program made. `version` is what the store says of itself.
Result<Done> checkNotNewer(int version, int newest, const QString &path);

} // namespace tierline::storage
