#include "core/model/storequeuesource.h"

#include "core/storage/ties.h"

namespace tierline::model {

using storage::Connection;
using storage::QueueQuery;
using storage::QueueRow;

StoreQueueSource::StoreQueueSource(
    storage::ReaderPool &readers, storage::FeedWatcher &feed, QObject *parent)
    : QueueSource(parent)
    , m_readers(readers)
{
    connect(&feed, &storage::FeedWatcher::changed, this, &QueueSource::changed);
}

QFuture<Result<std::vector<QueueRow>>> StoreQueueSource::firstRows(const QueueQuery &query, int limit)
{
    return m_readers.run([query, limit, v = m_visibility](Connection &connection) {
        return storage::firstRows(connection, query, v, limit);
    });
}

QFuture<Result<std::vector<storage::SpineEntry>>> StoreQueueSource::spine(const QueueQuery &query)
{
    return m_readers.run(
        [query, v = m_visibility](Connection &connection) { return storage::loadSpine(connection, query, v); });
}

QFuture<Result<std::vector<QueueRow>>> StoreQueueSource::rows(const std::vector<TicketId> &ids)
{
    return m_readers.run([ids](Connection &connection) { return storage::loadRows(connection, ids); });
}

namespace {

Result<std::vector<PlacedRow>> readPlaced(Connection &connection, const QueueQuery &query,
    const Visibility &visibility, const std::vector<TicketId> &ids)
{
    TIERLINE_TRY(rows, storage::loadRows(connection, ids));
    std::vector<PlacedRow> placed;
    for (QueueRow &row : rows) {
        if (!storage::matches(row, query, visibility))
            continue;
        TIERLINE_TRY(ties, storage::tiesBefore(connection, query, row));
        placed.push_back({ std::move(row), ties });
    }
    return placed;
}

} // namespace

QFuture<Result<std::vector<PlacedRow>>> StoreQueueSource::placed(
    const QueueQuery &query, const std::vector<TicketId> &ids)
{
    return m_readers.run([query, ids, v = m_visibility](Connection &connection) {
        return readPlaced(connection, query, v, ids);
    });
}

} // namespace tierline::model
