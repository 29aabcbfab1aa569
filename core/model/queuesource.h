#pragma once

#include "core/storage/feed.h"
#include "core/storage/queues.h"

#include <QFuture>
#include <QObject>

namespace tierline::model {

/// A changed ticket as it stands now in a queue, with its exact place: `tiesBefore` counts the
/// tickets that agree with it in all sort keys and come before it by their own key.
struct PlacedRow {
    storage::QueueRow row;
    int tiesBefore = 0;
};

/// What a queue model asks, and is told. Thread: ui; every future ends, with a value, an error or
/// cancelled.
class QueueSource : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual QFuture<Result<std::vector<storage::QueueRow>>> firstRows(
        const storage::QueueQuery &query, int limit) = 0;
    virtual QFuture<Result<std::vector<storage::SpineEntry>>> spine(const storage::QueueQuery &query) = 0;
    virtual QFuture<Result<std::vector<storage::QueueRow>>> rows(const std::vector<TicketId> &ids) = 0;
    /// Those of `ids` that stand in the queue now.
    virtual QFuture<Result<std::vector<PlacedRow>>> placed(
        const storage::QueueQuery &query, const std::vector<TicketId> &ids) = 0;

signals:
    void changed(const tierline::storage::ChangeSet &changes);
};

} // namespace tierline::model
