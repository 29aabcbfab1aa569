#pragma once

#include "core/model/queuesource.h"
#include "core/storage/threads.h"

namespace tierline::model {

/// Queues read from a workspace on its reader threads. Thread: ui. The pool and the watcher outlive it.
class StoreQueueSource final : public QueueSource
{
    Q_OBJECT
public:
    StoreQueueSource(storage::ReaderPool &readers, storage::FeedWatcher &feed, QObject *parent = nullptr);

    /// Whose eyes: set before the first question, and again when `me` changes.
    void setVisibility(const Visibility &visibility) { m_visibility = visibility; }

    QFuture<Result<std::vector<storage::QueueRow>>> firstRows(
        const storage::QueueQuery &query, int limit) override;
    QFuture<Result<std::vector<storage::SpineEntry>>> spine(const storage::QueueQuery &query) override;
    QFuture<Result<std::vector<storage::QueueRow>>> rows(const std::vector<TicketId> &ids) override;
    QFuture<Result<std::vector<PlacedRow>>> placed(
        const storage::QueueQuery &query, const std::vector<TicketId> &ids) override;

private:
    storage::ReaderPool &m_readers;
    Visibility m_visibility;
};

} // namespace tierline::model
