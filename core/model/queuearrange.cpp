#include "core/model/queuemodel.h"

#include <algorithm>

// Orders and filters other than the queue's own. They come whole from the source; what is shown then
// follows changes by asking for the arrangement again and moving only what changed.

namespace tierline::model {

void QueueModel::setOrder(QueueOrder order, bool isDescending)
{
    setArrangement({ order, isDescending, m_arrangement.filter });
}

void QueueModel::setFilter(const QueueFilter &filter)
{
    setArrangement({ m_arrangement.order, m_arrangement.isDescending, filter });
}

void QueueModel::setArrangement(const Arrangement &arrangement)
{
    if (arrangement == m_arrangement)
        return;
    m_arrangement = arrangement;
    if (m_state == State::Empty)
        return;
    if (arrangement.isPlain()) {
        reload();
        emit arranged();
        return;
    }
    arrange();
}

void QueueModel::arrange()
{
    ++m_generation; // answers under way are to the question of before
    m_isArranging = true;
    m_isPlacing = false;
    m_loadingPages.clear();
    // One question at a time: while somebody types, those in between are never asked.
    if (!m_isAsking)
        askArranged();
}

void QueueModel::askArranged()
{
    m_isAsking = true;
    const quint64 generation = m_generation;
    m_source.arranged(m_query, m_arrangement, ArrangedRows, {})
        .then(this, [this, generation](QFuture<Result<ArrangedPtr>> answer) {
            m_isAsking = false;
            if (generation != m_generation) {
                if (m_isArranging)
                    askArranged();
                return;
            }
            if (answer.resultCount() == 0)
                return;
            const auto arranged = answer.result();
            m_isArranging = false;
            if (!arranged)
                return fail(arranged.error());
            showArranged(**arranged);
        });
}

void QueueModel::showArranged(Arranged &arranged)
{
    for (const storage::QueueRow &row : arranged.rows)
        remember(row);
    replaceOrder(std::move(arranged.spine));
    m_hasSpine = true;
    setState(State::Ready);
    emit this->arranged();
    if (!m_dirty.isEmpty())
        m_gather.start();
}

void QueueModel::replaceOrder(Spine spine)
{
    beginResetModel();
    m_spine = std::move(spine);
    m_wantedPages.clear();
    m_loadingPages.clear();
    endResetModel();
}

void QueueModel::rearrange()
{
    std::vector<TicketId> asked;
    for (const qint64 id : std::as_const(m_dirty))
        asked.push_back({ id });
    std::sort(asked.begin(), asked.end());
    m_dirty.clear();
    m_isPlacing = true;
    const quint64 generation = m_generation;
    const qint64 revision = m_dirtyRevision;
    // Of very many only those in view matter, and they are read again when they are painted.
    const bool isMany = std::ssize(asked) > SingleMoves;
    m_source
        .arranged(m_query, m_arrangement, ArrangedRows, isMany ? std::vector<TicketId> {} : asked)
        .then(this, [this, generation, asked, revision](QFuture<Result<ArrangedPtr>> answer) {
            if (generation != m_generation || answer.resultCount() == 0)
                return;
            m_isPlacing = false;
            const auto arranged = answer.result();
            if (!arranged)
                return fail(arranged.error());
            applyArranged(asked, **arranged);
            emit applied(revision);
            if (!m_dirty.isEmpty())
                m_gather.start();
        });
}

void QueueModel::applyArranged(const std::vector<TicketId> &asked, Arranged &arranged)
{
    for (const TicketId id : asked)
        m_cache.remove(id.v);
    for (const storage::QueueRow &row : arranged.rows)
        remember(row);
    if (std::ssize(asked) > SingleMoves)
        return replaceOrder(std::move(arranged.spine));

    struct Move {
        int from, to;
    };
    const std::vector<int> before = m_spine.rowsOf(asked), after = arranged.spine.rowsOf(asked);
    std::vector<Move> moves;
    for (size_t i = 0; i < asked.size(); ++i) {
        if (before[i] >= 0 || after[i] >= 0)
            moves.push_back({ before[i], after[i] });
    }
    // Those that leave first, then by their new place: each finds those before it settled.
    std::sort(moves.begin(), moves.end(), [](Move a, Move b) { return a.to < b.to; });
    for (size_t i = 0; i < moves.size(); ++i) {
        const Move &move = moves[i];
        // Rows that are still to be moved count for nothing in front of the new place.
        int to = move.to;
        std::vector<int> pending;
        for (size_t j = i; j < moves.size() && to >= 0; ++j) {
            if (moves[j].from >= 0)
                pending.push_back(moves[j].from);
        }
        std::sort(pending.begin(), pending.end());
        for (const int row : pending)
            to += row <= to;
        if (!moveOne(
                move.from, to, move.to >= 0 ? arranged.spine.at(move.to) : storage::SpineEntry {}))
            break;
        // What lay behind moved along.
        for (size_t j = i + 1; j < moves.size(); ++j) {
            int &row = moves[j].from;
            if (row < 0)
                continue;
            if (move.from >= 0 && row > move.from)
                --row;
            const int settled = move.from >= 0 && move.from < to ? to - 1 : to;
            if (move.to >= 0 && row >= settled)
                ++row;
        }
    }
    // What changed while the answer was on its way is asked for next; until then the answer holds.
    if (!m_spine.hasTicketsOf(arranged.spine))
        replaceOrder(std::move(arranged.spine));
}

/// From -1: comes; to -1: goes; `to` counts the row itself where it stands before.
bool QueueModel::moveOne(int from, int to, const storage::SpineEntry &newcomer)
{
    if (from > m_spine.size() - 1 || to > m_spine.size())
        return false;
    if (to < 0) {
        beginRemoveRows({}, from, from);
        m_spine.remove(from);
        endRemoveRows();
        return true;
    }
    if (from < 0) {
        beginInsertRows({}, to, to);
        m_spine.insert(to, newcomer);
        endInsertRows();
        return true;
    }
    const int settled = from < to ? to - 1 : to;
    if (settled != from) {
        const storage::SpineEntry entry = m_spine.at(from);
        beginMoveRows({}, from, from, {}, settled > from ? settled + 1 : settled);
        m_spine.remove(from);
        m_spine.insert(settled, entry);
        endMoveRows();
    }
    emit dataChanged(index(settled, 0), index(settled, ColumnCount - 1));
    return true;
}

} // namespace tierline::model
