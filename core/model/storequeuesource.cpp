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
    connect(&feed, &storage::FeedWatcher::changed, this, &StoreQueueSource::onChanged);
}

void StoreQueueSource::setVisibility(const Visibility &visibility)
{
    if (visibility.deniedTeams != m_visibility.deniedTeams)
        forgetColumns();
    m_visibility = visibility;
}

QFuture<Result<std::vector<QueueRow>>> StoreQueueSource::firstRows(
    const QueueQuery &query, int limit)
{
    return m_readers.run([query, limit, v = m_visibility](Connection &connection) {
        return storage::firstRows(connection, query, v, limit);
    });
}

QFuture<Result<SpinePtr>> StoreQueueSource::spine(const QueueQuery &query)
{
    return m_readers.run(
        [query, v = m_visibility](Connection &connection) -> Result<SpinePtr> {
            auto spine = std::make_shared<Spine>();
            TIERLINE_CHECK(storage::readSpine(connection, query, v,
                [&](const storage::SpineEntry &entry) { spine->append(entry); }));
            return spine;
        },
        storage::Lane::Order);
}

QFuture<Result<std::vector<QueueRow>>> StoreQueueSource::rows(const std::vector<TicketId> &ids)
{
    return m_readers.run(
        [ids](Connection &connection) { return storage::loadRows(connection, ids); });
}

namespace {

Result<std::vector<PlacedRow>> readPlaced(Connection &connection, const QueueQuery &query,
    const Visibility &visibility, const std::vector<TicketId> &ids)
{
    TIERLINE_TRY(rows, storage::loadRows(connection, ids));
    std::erase_if(
        rows, [&](const QueueRow &row) { return !storage::matches(row, query, visibility); });
    TIERLINE_TRY(ties, storage::tiesBefore(connection, query, rows, visibility));
    std::vector<PlacedRow> placed;
    placed.reserve(rows.size());
    for (size_t i = 0; i < rows.size(); ++i)
        placed.push_back({ std::move(rows[i]), ties[i] });
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

namespace {

Result<ArrangedPtr> arrange(Connection &connection, ColumnCache &columns, const QueueQuery &query,
    const Arrangement &arrangement, int first, const std::vector<TicketId> &also,
    const std::function<bool()> &isCancelled)
{
    TIERLINE_TRY(ids, columns.arranged(query, arrangement, isCancelled));
    std::vector<TicketId> wanted(
        ids.begin(), ids.begin() + std::min<std::ptrdiff_t>(first, std::ssize(ids)));
    wanted.insert(wanted.end(), also.begin(), also.end());
    TIERLINE_TRY(rows, storage::loadRows(connection, wanted));
    auto result = std::make_shared<Arranged>(Arranged { {}, std::move(rows) });
    result->spine.assign(ids);
    return result;
}

} // namespace

QFuture<Result<ArrangedPtr>> StoreQueueSource::arranged(const QueueQuery &query,
    const Arrangement &arrangement, int first, const std::vector<TicketId> &also)
{
    auto request = std::make_shared<Request>(Request { query, arrangement, first, also, {} });
    request->promise.start();
    m_requests.push_back(request);
    next();
    return request->promise.future();
}

void StoreQueueSource::warm()
{
    m_isWanted = true;
    next();
}

void StoreQueueSource::onChanged(const storage::ChangeSet &changes)
{
    if (changes.everything)
        forgetColumns();
    else if (m_columns || m_isBusy) {
        for (const TicketId id : changes.tickets)
            m_dirty.insert(id.v);
    }
    emit changed(changes);
    next();
}

void StoreQueueSource::forgetColumns()
{
    ++m_epoch;
    m_columns.reset();
    m_dirty.clear();
}

/// One thing at a time: load, take changes in, answer.
void StoreQueueSource::next()
{
    if (m_isBusy)
        return;
    while (!m_requests.empty() && m_requests.front()->promise.isCanceled()) {
        m_requests.front()->promise.finish();
        m_requests.pop_front();
    }
    if (!m_columns) {
        if (m_isWanted || !m_requests.empty())
            load();
        return;
    }
    if (!m_dirty.isEmpty())
        return applyChanges();
    if (!m_requests.empty()) {
        const auto request = m_requests.front();
        m_requests.pop_front();
        answer(request);
    }
}

void StoreQueueSource::load()
{
    m_isBusy = true;
    m_isWanted = false;
    m_readers
        .run(
            [v = m_visibility](Connection &connection) { return ColumnCache::load(connection, v); },
            storage::Lane::Order)
        .then(this, [this, epoch = m_epoch](const Result<std::shared_ptr<ColumnCache>> &columns) {
            m_isBusy = false;
            if (!columns)
                return failAll(columns.error());
            if (epoch == m_epoch)
                m_columns = *columns;
            next();
        });
}

void StoreQueueSource::applyChanges()
{
    // So many at once are an import by another name: one load is cheaper.
    if (m_dirty.size() > 1000 && m_dirty.size() > m_columns->size() / 4) {
        forgetColumns();
        m_isWanted = true;
        return next();
    }
    std::vector<TicketId> ids;
    for (const qint64 id : std::as_const(m_dirty))
        ids.push_back({ id });
    m_dirty.clear();
    m_isBusy = true;
    m_readers
        .run([columns = m_columns, ids, v = m_visibility](
                 Connection &connection) { return columns->apply(connection, v, ids); },
            storage::Lane::Order)
        .then(this, [this](const Result<Done> &done) {
            m_isBusy = false;
            if (!done) {
                forgetColumns();
                return failAll(done.error());
            }
            next();
        });
}

void StoreQueueSource::answer(const std::shared_ptr<Request> &request)
{
    m_isBusy = true;
    m_readers
        .run(
            [columns = m_columns, request](Connection &connection) {
                return arrange(connection, *columns, request->query, request->arrangement,
                    request->first, request->also, [&] { return request->promise.isCanceled(); });
            },
            storage::Lane::Order)
        .then(this, [this, request](QFuture<Result<ArrangedPtr>> answer) {
            m_isBusy = false;
            // The pool ends what it drops without a result.
            if (answer.resultCount() > 0)
                request->promise.addResult(answer.result());
            request->promise.finish();
            next();
        });
}

void StoreQueueSource::failAll(const Error &error)
{
    for (const auto &request : std::exchange(m_requests, {})) {
        request->promise.addResult(Result<ArrangedPtr>(error));
        request->promise.finish();
    }
}

} // namespace tierline::model
