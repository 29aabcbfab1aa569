#pragma once

#include "core/model/columncache.h"
#include "core/model/queuesource.h"
#include "core/storage/threads.h"

#include <QPromise>
#include <QSet>

#include <deque>

namespace tierline::model {

/// Queues read from a workspace on its reader threads. Orders and filters come from a column cache
/// that is loaded when the first is near and kept current from the feed; one job at a time works on
/// it, so that the other reader is always free for rows. Thread: ui. Pool and watcher outlive it.
class StoreQueueSource final : public QueueSource
{
    Q_OBJECT
public:
    StoreQueueSource(
        storage::ReaderPool &readers, storage::FeedWatcher &feed, QObject *parent = nullptr);

    /// Whose eyes: set before the first question, and again when `me` changes.
    void setVisibility(const Visibility &visibility);

    QFuture<Result<std::vector<storage::QueueRow>>> firstRows(
        const storage::QueueQuery &query, int limit) override;
    QFuture<Result<SpinePtr>> spine(const storage::QueueQuery &query) override;
    QFuture<Result<std::vector<storage::QueueRow>>> rows(const std::vector<TicketId> &ids) override;
    QFuture<Result<std::vector<PlacedRow>>> placed(
        const storage::QueueQuery &query, const std::vector<TicketId> &ids) override;
    QFuture<Result<ArrangedPtr>> arranged(const storage::QueueQuery &query,
        const Arrangement &arrangement, int first, const std::vector<TicketId> &also) override;
    void warm() override;
    /// Whether the column cache is there.
    bool isWarm() const { return m_columns != nullptr; }

private:
    struct Request {
        storage::QueueQuery query;
        Arrangement arrangement;
        int first;
        std::vector<TicketId> also;
        QPromise<Result<ArrangedPtr>> promise;
    };
    void onChanged(const storage::ChangeSet &changes);
    void forgetColumns();
    void next();
    void load();
    void applyChanges();
    void answer(const std::shared_ptr<Request> &request);
    void failAll(const Error &error);

    storage::ReaderPool &m_readers;
    Visibility m_visibility;
    std::shared_ptr<ColumnCache> m_columns; ///< used by the running job alone
    std::deque<std::shared_ptr<Request>> m_requests;
    QSet<qint64> m_dirty; ///< changed since the columns were read
    quint64 m_epoch = 0; ///< columns of an older one are thrown away
    bool m_isWanted = false;
    bool m_isBusy = false;
};

} // namespace tierline::model
