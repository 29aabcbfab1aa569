#include "core/model/queuemodel.h"

#include "core/base/logging.h"

#include <algorithm>

namespace tierline::model {

using namespace Qt::StringLiterals;
using storage::QueueRow;
using storage::SpineEntry;

SpineEntry entryOf(const QueueRow &row)
{
    return storage::spineEntry(row.id, row.due, row.priority, row.created);
}

QueueModel::QueueModel(QueueSource &source, QObject *parent)
    : QAbstractTableModel(parent)
    , m_source(source)
    , m_cache(CachedRows)
{
    m_fetch.setSingleShot(true);
    m_fetch.setInterval(0);
    connect(&m_fetch, &QTimer::timeout, this, &QueueModel::fetchWanted);
    // Changes that come close together are shown as one: a frame is the unit of what is seen.
    m_gather.setSingleShot(true);
    m_gather.setInterval(8);
    connect(&m_gather, &QTimer::timeout, this, &QueueModel::askPlaced);
    connect(&m_source, &QueueSource::changed, this, &QueueModel::onChanged);
}

void QueueModel::setQuery(const storage::QueueQuery &query)
{
    if (m_state != State::Empty && m_state != State::Failed && query == m_query)
        return;
    m_query = query;
    reload();
}

void QueueModel::reload()
{
    const quint64 generation = ++m_generation;
    beginResetModel();
    m_spine = {};
    m_hasSpine = false;
    m_cache.clear();
    m_wantedPages.clear();
    m_loadingPages.clear();
    m_dirty.clear();
    m_isPlacing = false;
    endResetModel();
    setState(State::Loading);
    if (!m_arrangement.isPlain())
        return arrange();

    m_isArranging = false;
    m_source.firstRows(m_query, FirstRows)
        .then(this, [this, generation](const Result<std::vector<QueueRow>> &rows) {
            if (generation != m_generation || m_hasSpine)
                return;
            if (!rows)
                return fail(rows.error());
            showFirst(*rows);
        });
    m_source.spine(m_query).then(this, [this, generation](const Result<SpinePtr> &spine) {
        if (generation != m_generation)
            return;
        if (!spine)
            return fail(spine.error());
        showSpine(std::move(**spine));
    });
}

void QueueModel::showFirst(const std::vector<QueueRow> &rows)
{
    std::vector<SpineEntry> entries;
    entries.reserve(rows.size());
    for (const QueueRow &row : rows) {
        entries.push_back(entryOf(row));
        remember(row);
    }
    if (!entries.empty()) {
        beginInsertRows({}, 0, static_cast<int>(entries.size()) - 1);
        m_spine.assign(entries);
        endInsertRows();
    }
    setState(State::Ready);
}

void QueueModel::showSpine(Spine spine)
{
    const int shown = m_spine.size(), total = spine.size();
    const auto isPrefix = [&] {
        if (shown == 0 || shown > total)
            return false;
        for (int i = 0; i < shown; ++i) {
            if (m_spine.at(i) != spine.at(i))
                return false;
        }
        return true;
    };
    if (!isPrefix()) {
        beginResetModel();
        m_spine = std::move(spine);
        endResetModel();
    } else if (total > shown) {
        beginInsertRows({}, shown, total - 1);
        m_spine = std::move(spine);
        endInsertRows();
    }
    m_hasSpine = true;
    setState(State::Ready);
    if (!m_dirty.isEmpty())
        m_gather.start();
}

void QueueModel::onChanged(const storage::ChangeSet &changes)
{
    if (m_state == State::Empty)
        return;
    if (changes.everything) {
        if (m_arrangement.isPlain() || !m_hasSpine)
            return reload();
        m_cache.clear();
        return arrange(); // what is shown stays until the new order is there
    }
    for (const TicketId id : changes.tickets)
        m_dirty.insert(id.v);
    m_dirtyRevision = std::max(m_dirtyRevision, changes.to);
    if (m_hasSpine && !m_isPlacing && !m_gather.isActive())
        m_gather.start();
}

void QueueModel::askPlaced()
{
    if (m_dirty.isEmpty() || m_isPlacing || !m_hasSpine || m_isArranging)
        return;
    if (!m_arrangement.isPlain())
        return rearrange();
    // Kinder than a hundred thousand single signals; selections are kept by id in the views.
    if (m_dirty.size() > SingleMoves && m_dirty.size() > m_spine.size() / 10)
        return reload();
    std::vector<TicketId> asked;
    asked.reserve(static_cast<size_t>(m_dirty.size()));
    for (const qint64 id : std::as_const(m_dirty))
        asked.push_back({ id });
    std::sort(asked.begin(), asked.end());
    m_dirty.clear();
    m_isPlacing = true;
    const quint64 generation = m_generation;
    const qint64 revision = m_dirtyRevision;
    m_source.placed(m_query, asked)
        .then(this,
            [this, generation, asked, revision](const Result<std::vector<PlacedRow>> &placed) {
                if (generation != m_generation)
                    return;
                m_isPlacing = false;
                if (!placed)
                    return fail(placed.error());
                applyPlaced(asked, *placed);
                emit applied(revision);
                if (!m_dirty.isEmpty())
                    m_gather.start();
            });
}

void QueueModel::applyPlaced(
    const std::vector<TicketId> &asked, const std::vector<PlacedRow> &placed)
{
    QHash<qint64, const PlacedRow *> now;
    for (const PlacedRow &p : placed)
        now.insert(p.row.id.v, &p);

    // Rows that stay where they are first: one dataChanged for neighbours together.
    const std::vector<int> rows = m_spine.rowsOf(asked);
    std::vector<int> stayed;
    std::vector<std::pair<TicketId, const PlacedRow *>> others;
    for (size_t i = 0; i < asked.size(); ++i) {
        const PlacedRow *p = now.value(asked[i].v, nullptr);
        if (p)
            remember(p->row);
        else
            m_cache.remove(asked[i].v);
        if (rows[i] >= 0 && p && m_spine.at(rows[i]) == entryOf(p->row))
            stayed.push_back(rows[i]);
        else if (rows[i] >= 0 || p)
            others.push_back({ asked[i], p });
    }
    tellChanged(std::move(stayed));
    // In the order of work, so that each finds those before it in their new places already.
    std::sort(others.begin(), others.end(), [](const auto &a, const auto &b) {
        if (!a.second || !b.second)
            return !a.second && b.second;
        return storage::worksBefore(a.second->row, b.second->row);
    });
    if (others.empty())
        return;
    std::vector<TicketId> ids;
    for (const auto &other : others)
        ids.push_back(other.first);
    // Row numbers shift with each step; the old sort keys do not.
    std::vector<std::optional<SpineEntry>> before;
    for (const int row : m_spine.rowsOf(ids))
        before.push_back(row < 0 ? std::nullopt : std::optional(m_spine.at(row)));
    QSet<qint64> stale;
    for (const TicketId id : ids)
        stale.insert(id.v);
    const auto isMove = [&](size_t i) { return before[i] && others[i].second; };
    int moves = 0;
    for (size_t i = 0; i < others.size(); ++i)
        moves += isMove(i);
    const bool isTogether = moves > MovesTold;
    for (size_t i = 0; i < others.size(); ++i) {
        if (isTogether && isMove(i))
            continue;
        applyOne(before[i] ? m_spine.rowOf(*before[i]) : -1, others[i].second, stale);
        stale.remove(others[i].first.v);
    }
    if (!isTogether)
        return;
    moveTogether([&] {
        for (size_t i = 0; i < others.size(); ++i) {
            if (!isMove(i))
                continue;
            const int from = m_spine.rowOf(*before[i]);
            const SpineEntry entry = entryOf(others[i].second->row);
            const int to = placeFor(entry, others[i].second->tiesBefore, stale);
            m_spine.remove(from);
            m_spine.insert(from < to ? to - 1 : to, entry);
            stale.remove(others[i].first.v);
        }
    });
}

/// Rows whose values changed: ranges of neighbours, or all between the first and the last in one where
/// they lie scattered, since a view only paints what it shows.
void QueueModel::tellChanged(std::vector<int> rows)
{
    std::sort(rows.begin(), rows.end());
    std::vector<std::pair<int, int>> ranges;
    for (const int row : rows) {
        if (!ranges.empty() && ranges.back().second + 1 == row)
            ranges.back().second = row;
        else
            ranges.emplace_back(row, row);
    }
    if (std::ssize(ranges) > MovesTold)
        ranges = { { ranges.front().first, ranges.back().second } };
    for (const auto &[first, last] : ranges)
        emit dataChanged(index(first, 0), index(last, ColumnCount - 1));
}

/// Many moves as one signal: a new order of the same rows, in which selections keep their tickets.
void QueueModel::moveTogether(const std::function<void()> &move)
{
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList kept = persistentIndexList();
    QMap<int, TicketId> tickets; // by former row: several columns of one may be kept
    for (const QModelIndex &index : kept)
        tickets.insert(index.row(), ticketAt(index.row()));
    move();
    const std::vector<int> rows = m_spine.rowsOf({ tickets.cbegin(), tickets.cend() });
    QHash<int, int> rowNow;
    for (auto [row, i] = std::pair(tickets.keyBegin(), size_t(0)); row != tickets.keyEnd();
         ++row, ++i)
        rowNow.insert(*row, rows[i]);
    QModelIndexList now;
    for (const QModelIndex &was : kept)
        now.append(index(rowNow.value(was.row()), was.column()));
    changePersistentIndexList(kept, now);
    emit layoutChanged({}, VerticalSortHint);
}

int QueueModel::placeFor(const SpineEntry &entry, int tiesBefore, const QSet<qint64> &stale) const
{
    // Among equal sort keys those count that stand where they belong already; what is still to be
    // moved away must not push anything.
    int row = m_spine.lowerBound(entry);
    for (; row < m_spine.size() && !keyLess(entry, m_spine.at(row)); ++row) {
        if (!stale.contains(m_spine.at(row).ticket) && tiesBefore-- == 0)
            break;
    }
    return row;
}

void QueueModel::applyOne(int from, const PlacedRow *now, const QSet<qint64> &stale)
{
    if (!now) {
        if (from < 0)
            return;
        beginRemoveRows({}, from, from);
        m_spine.remove(from);
        endRemoveRows();
        return;
    }
    const SpineEntry entry = entryOf(now->row);
    int to = placeFor(entry, now->tiesBefore, stale);
    if (from < 0) {
        beginInsertRows({}, to, to);
        m_spine.insert(to, entry);
        endInsertRows();
        return;
    }
    if (from < to)
        --to; // its own former place lies before the new one
    if (to == from) {
        m_spine.replace(from, entry);
    } else {
        beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
        m_spine.remove(from);
        m_spine.insert(to, entry);
        endMoveRows();
    }
    emit dataChanged(index(to, 0), index(to, ColumnCount - 1));
}

void QueueModel::remember(const QueueRow &row) const
{
    m_cache.insert(row.id.v, new QueueRow(row));
}

const QueueRow *QueueModel::rowIfLoaded(int row) const
{
    return row >= 0 && row < m_spine.size() ? m_cache.object(m_spine.at(row).ticket) : nullptr;
}

const QueueRow *QueueModel::row(int row) const
{
    const QueueRow *loaded = rowIfLoaded(row);
    if (!loaded && row >= 0 && row < m_spine.size())
        want(row);
    // Scrolling on meets the pages beside this one next.
    if (loaded && row % (PageSize / 2) == 0) {
        for (const int beside : { row - PageSize, row + PageSize }) {
            if (beside >= 0 && beside < m_spine.size() && !rowIfLoaded(beside))
                wantSoon(beside / PageSize);
        }
    }
    return loaded;
}

void QueueModel::want(int row) const
{
    const int page = row / PageSize;
    if (const auto loading = m_loadingPages.find(page); loading != m_loadingPages.end()) {
        *loading = true;
        return;
    }
    m_wantedPages.insert(page);
    if (!m_fetch.isActive())
        m_fetch.start();
}

void QueueModel::wantSoon(int page) const
{
    if (m_loadingPages.contains(page) || m_wantedPages.contains(page))
        return;
    m_besidePages.insert(page);
    if (!m_fetch.isActive())
        m_fetch.start();
}

void QueueModel::fetchWanted()
{
    QList<int> pages(m_wantedPages.cbegin(), m_wantedPages.cend());
    m_wantedPages.clear();
    std::sort(pages.begin(), pages.end());
    for (const int page : std::as_const(pages))
        fetchPage(page, true);
    // Then the pages beside them, where scrolling goes next; nobody sees them yet.
    QSet<int> beside = std::exchange(m_besidePages, {});
    for (const int page : std::as_const(pages))
        beside += { page + 1, page - 1 };
    for (const int page : std::as_const(beside)) {
        const int row = page * PageSize;
        if (row >= 0 && row < m_spine.size() && !m_loadingPages.contains(page) && !rowIfLoaded(row))
            fetchPage(page, false);
    }
}

void QueueModel::fetchPage(int page, bool isSeen)
{
    const int first = page * PageSize;
    const std::vector<TicketId> ids = m_spine.ids(first, PageSize);
    if (ids.empty())
        return;
    m_loadingPages.insert(page, isSeen);
    m_source.rows(ids).then(this,
        [this, generation = m_generation, page, first](const Result<std::vector<QueueRow>> &rows) {
            if (generation != m_generation)
                return;
            const bool isShown = m_loadingPages.take(page);
            if (!rows)
                return fail(rows.error());
            for (const QueueRow &row : *rows)
                remember(row);
            const int last = std::min(first + PageSize, m_spine.size()) - 1;
            if (isShown && last >= first)
                emit dataChanged(index(first, 0), index(last, ColumnCount - 1));
        });
}

TicketId QueueModel::ticketAt(int row) const
{
    return row >= 0 && row < m_spine.size() ? TicketId { m_spine.at(row).ticket } : TicketId {};
}

int QueueModel::rowOf(TicketId ticket) const
{
    if (const QueueRow *cached = m_cache.object(ticket.v)) {
        if (const int row = m_spine.rowOf(entryOf(*cached)); row >= 0)
            return row;
    }
    return m_spine.rowsOf({ ticket }).front();
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_spine.size();
}

int QueueModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

namespace {

QVariant cell(const QueueRow &row, int column)
{
    switch (column) {
    case QueueModel::Key: return row.key;
    case QueueModel::TierColumn: return row.tier;
    case QueueModel::TeamColumn: return row.team;
    case QueueModel::PriorityColumn: return code(row.priority);
    case QueueModel::Subject: return row.subject;
    case QueueModel::Customer: return row.customer;
    case QueueModel::Plan: return row.plan;
    case QueueModel::Health: return row.health ? QVariant(*row.health) : QVariant();
    case QueueModel::Reason: return row.reason;
    case QueueModel::Clock: return row.clock;
    case QueueModel::Due: return row.due ? QVariant(row.due->iso()) : QVariant();
    default: return {};
    }
}

} // namespace

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == TicketIdRole)
        return ticketAt(index.row()).v;
    if (role == Qt::AccessibleTextRole)
        return m_speaker ? QVariant(m_speaker(index.row())) : QVariant();
    // Only what is painted asks for rows to be loaded.
    const bool isForPaint = role == Qt::DisplayRole || role == SubjectRole;
    const QueueRow *r = isForPaint ? row(index.row()) : rowIfLoaded(index.row());
    if (role == IsLoadedRole)
        return r != nullptr;
    if (!r)
        return role == Qt::DisplayRole && index.column() == Subject ? QVariant(u"…"_s) : QVariant();
    switch (role) {
    case Qt::DisplayRole: return cell(*r, index.column());
    case KeyRole: return r->key;
    case SubjectRole: return r->subject;
    case TierRole: return r->tier;
    case TeamRole: return r->team;
    case PriorityRole: return static_cast<int>(r->priority);
    case StatusRole: return static_cast<int>(r->status);
    case CustomerRole: return r->customer;
    case DueUtcRole: return r->due ? QVariant(r->due->ms) : QVariant();
    case SortRole:
        if (index.column() == PriorityColumn)
            return static_cast<int>(r->priority);
        if (index.column() == Due)
            return r->due ? r->due->ms : std::numeric_limits<qint64>::max();
        return cell(*r, index.column());
    default: return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    // Codes, not words for people: views translate them.
    static const QStringList names { u"id"_s, u"tier"_s, u"team"_s, u"priority"_s, u"subject"_s,
        u"customer"_s, u"plan"_s, u"health"_s, u"reason"_s, u"clock"_s, u"due"_s };
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    return names.value(section);
}

void QueueModel::fail(const Error &error)
{
    if (error.fault == Fault::Cancelled)
        return;
    qCWarning(lcModel) << "queue" << m_query.tier << error.detail;
    m_error = error;
    setState(State::Failed);
}

void QueueModel::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    emit stateChanged();
}

} // namespace tierline::model
