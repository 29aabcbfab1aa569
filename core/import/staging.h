#pragma once

#include "core/storage/connection.h"
#include "core/storage/workspace.h"

#include <QTemporaryDir>

#include <memory>

namespace tierline::importing {

/// A private SQLite file for what an import must hold before it may write: sorted by SQLite, so that
/// memory stays bounded however long a log is. It lies in a folder of its own (0700) in the system's
/// temporary folder, is never synced to disk, and goes when the object goes; what a killed import
/// left is removed by the next one. Thread: one.
class Staging
{
public:
    /// `schema`: one or more CREATE statements. Removes what killed imports left.
    static Result<std::unique_ptr<Staging>> create(const char *schema);
    storage::Connection &connection() { return *m_connection; }
    QString folder() const { return m_folder->path(); }

private:
    Staging(std::unique_ptr<QTemporaryDir> folder, storage::FileLock lock,
        std::unique_ptr<storage::Connection> c)
        : m_folder(std::move(folder))
        , m_lock(std::move(lock))
        , m_connection(std::move(c))
    {
    }
    // In this order: the connection is closed first, then the lock, then the folder goes.
    std::unique_ptr<QTemporaryDir> m_folder;
    storage::FileLock m_lock;
    std::unique_ptr<storage::Connection> m_connection;
};

/// Removes the folders of imports that were killed: nobody holds their lock any more.
void removeAbandonedStaging();

} // namespace tierline::importing
