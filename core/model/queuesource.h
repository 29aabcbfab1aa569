#pragma once

#include "core/model/arrangement.h"
#include "core/model/spine.h"
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

/// A queue in another order or filtered: its tickets, and the rows that were asked for with it.
struct Arranged {
    Spine spine;
    std::vector<storage::QueueRow> rows;
};
/// Shared, so that nobody copies a million entries: whoever asked may move it out.
using ArrangedPtr = std::shared_ptr<Arranged>;
using SpinePtr = std::shared_ptr<Spine>;

/// What a queue model asks, and is told. Thread: ui; every future ends, with a value, an error or
/// cancelled.
class QueueSource : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual QFuture<Result<std::vector<storage::QueueRow>>> firstRows(
        const storage::QueueQuery &query, int limit)
        = 0;
    virtual QFuture<Result<SpinePtr>> spine(const storage::QueueQuery &query) = 0;
    virtual QFuture<Result<std::vector<storage::QueueRow>>> rows(const std::vector<TicketId> &ids)
        = 0;
    /// Those of `ids` that stand in the queue now.
    virtual QFuture<Result<std::vector<PlacedRow>>> placed(
        const storage::QueueQuery &query, const std::vector<TicketId> &ids)
        = 0;
    /// The queue in another order than that of work, or only a part of it; with the values of the
    /// `first` rows and of the tickets `also`. Changes that were told before are in it. Cancelling
    /// the future stops the work.
    virtual QFuture<Result<ArrangedPtr>> arranged(const storage::QueueQuery &query,
        const Arrangement &arrangement, int first, const std::vector<TicketId> &also)
        = 0;
    /// A question for arranged() is near: what it needs may be made ready.
    virtual void warm() { }

signals:
    void changed(const tierline::storage::ChangeSet &changes);
};

} // namespace tierline::model
