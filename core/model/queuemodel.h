#pragma once

#include "core/model/queuesource.h"
#include "core/model/spine.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QSet>
#include <QTimer>

#include <functional>

namespace tierline::model {

/// One queue as an item model: the order of all its tickets is resident, rows are loaded in pages
/// around what is looked at and kept in a bounded cache. Shows the first page as soon as it is
/// there, and says exactly what changed afterwards; a reset means another question, or that more
/// than a tenth of the rows changed at once. Countdowns are not its business: views draw them.
/// Thread: ui. Owns nothing of its source, which outlives it.
class QueueModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        Key,
        TierColumn,
        TeamColumn,
        PriorityColumn,
        Subject,
        Customer,
        Plan,
        Health,
        Reason,
        Clock,
        Due,
        ColumnCount
    };
    enum Role {
        TicketIdRole = Qt::UserRole + 1, ///< qint64
        KeyRole, ///< QString
        SubjectRole, ///< QString
        TierRole, ///< QString
        TeamRole, ///< QString
        PriorityRole, ///< int, Priority
        StatusRole, ///< int, Status
        CustomerRole, ///< QString
        DueUtcRole, ///< qint64, milliseconds UTC, or invalid
        SortRole, ///< what the column sorts by: a number or a text
        IsLoadedRole, ///< bool: false while the row is a placeholder
    };
    enum class State { Empty, Loading, Ready, Failed };

    explicit QueueModel(QueueSource &source, QObject *parent = nullptr);

    /// Another question: rows appear when the first page comes. The same one again changes nothing.
    void setQuery(const storage::QueueQuery &query);
    const storage::QueueQuery &query() const { return m_query; }
    /// Another order or filter of the same queue, worked out in the background: the rows of before
    /// stay until it is there, and come back in one reset. Changes rearrange it row by row.
    void setArrangement(const Arrangement &arrangement);
    void setOrder(QueueOrder order, bool isDescending);
    void setFilter(const QueueFilter &filter);
    const Arrangement &arrangement() const { return m_arrangement; }
    /// Whether what is shown answers the arrangement that was set last.
    bool isArranged() const { return !m_isArranging; }
    /// Orders and filters are about to be chosen: what they need is made ready in the background.
    void warm() { m_source.warm(); }
    /// What a row says to screen readers (Qt::AccessibleTextRole): words are its view's business.
    void setSpeaker(std::function<QString(int row)> speaker) { m_speaker = std::move(speaker); }
    State state() const { return m_state; }
    const Error &error() const { return m_error; }
    /// Asks again after Failed.
    void reload();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// The row's values, or nullptr while they are on their way (which this call sees to). The cheap
    /// door for delegates; valid until control returns to the event loop.
    const storage::QueueRow *row(int row) const;
    /// The same without asking for anything: for size hints, accessibility and search.
    const storage::QueueRow *rowIfLoaded(int row) const;
    TicketId ticketAt(int row) const;
    /// Row of a ticket, -1 where it is not in this queue. O(n) at worst: for selections, not for paint.
    int rowOf(TicketId ticket) const;

signals:
    void stateChanged();
    /// Changes up to this revision of the store are shown.
    void applied(qint64 revision);
    /// The arrangement that was set last is shown.
    void arranged();

private:
    void onChanged(const storage::ChangeSet &changes);
    void askPlaced();
    void applyPlaced(const std::vector<TicketId> &asked, const std::vector<PlacedRow> &placed);
    void tellChanged(std::vector<int> rows);
    void moveTogether(const std::function<void()> &move);
    void applyOne(int from, const PlacedRow *now, const QSet<qint64> &stale);
    int placeFor(const storage::SpineEntry &entry, int tiesBefore, const QSet<qint64> &stale) const;
    void arrange();
    void askArranged();
    void showArranged(Arranged &arranged);
    void rearrange();
    void applyArranged(const std::vector<TicketId> &asked, Arranged &arranged);
    bool moveOne(int from, int to, const storage::SpineEntry &newcomer);
    void replaceOrder(Spine spine);
    void showFirst(const std::vector<storage::QueueRow> &rows);
    void showSpine(Spine spine);
    void want(int row) const;
    void fetchWanted();
    void fetchPage(int page, bool isSeen);
    void wantSoon(int page) const;
    void remember(const storage::QueueRow &row) const;
    void fail(const Error &error);
    void setState(State state);

    static constexpr int PageSize = 64; ///< a screen of rows and a bit: what is in view comes first
    static constexpr int CachedRows = 4096;
    static constexpr int FirstRows = 64;
    static constexpr int ArrangedRows = 32; ///< a screen; the rest follows as it is scrolled to
    static constexpr int MovesTold = 64; ///< more at once are one signal
    static constexpr int SingleMoves
        = 200; ///< more changes than this at once are shown as one reset

    QueueSource &m_source;
    std::function<QString(int row)> m_speaker;
    storage::QueueQuery m_query;
    Arrangement m_arrangement;
    bool m_isArranging = false; ///< what is shown answers an older arrangement
    bool m_isAsking = false; ///< for an arrangement, perhaps an older one
    State m_state = State::Empty;
    Error m_error;
    quint64 m_generation = 0; ///< a late answer to an older question is dropped
    bool m_hasSpine = false;
    Spine m_spine;
    mutable QCache<qint64, storage::QueueRow> m_cache;
    mutable QSet<int> m_wantedPages;
    mutable QSet<int> m_besidePages; ///< beside those that are seen
    mutable QHash<int, bool> m_loadingPages; ///< and whether somebody sees that they are not there
    mutable QTimer m_fetch;
    QTimer m_gather;
    QSet<qint64> m_dirty; ///< changed tickets not yet asked for
    qint64 m_dirtyRevision = 0;
    bool m_isPlacing = false;
};

/// The sort key of a row that is loaded.
storage::SpineEntry entryOf(const storage::QueueRow &row);

} // namespace tierline::model
