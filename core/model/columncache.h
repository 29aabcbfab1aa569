#pragma once

#include "core/model/arrangement.h"
#include "core/model/columntext.h"
#include "core/storage/queuecolumns.h"

#include <QHash>

#include <functional>

namespace tierline::model {

/// What sorting and filtering need of every ticket that stands in some queue, as columns in memory:
/// some 45 bytes a ticket and its subject, packed. Loaded whole, then kept current by ticket. One thread at a
/// time, any thread; nothing here is for the ui thread, as everything costs O(n).
class ColumnCache
{
public:
    /// One pass over the tickets that `visibility` sees.
    static Result<std::shared_ptr<ColumnCache>> load(
        storage::Connection &connection, const Visibility &visibility);
    /// Reads changed tickets again, in one pass over the columns where some came or went.
    Result<Done> apply(storage::Connection &connection, const Visibility &visibility,
        const std::vector<TicketId> &changed);

    /// The tickets of a queue that pass the filter, in the order asked. Cancelled as soon as
    /// `isCancelled` says so.
    Result<std::vector<TicketId>> arranged(const storage::QueueQuery &query,
        const Arrangement &arrangement, const std::function<bool()> &isCancelled);

    qsizetype size() const { return static_cast<qsizetype>(m_id.size()); }
    qint64 bytes() const; ///< of the columns, without dictionaries

private:
    /// Values that few tickets differ in: a number for each.
    class Dictionary
    {
    public:
        quint32 code(QByteArrayView value);
        std::optional<quint32> find(const QString &value) const;
        /// Where each code stands among all in the order of their folded texts; empty ones last.
        std::vector<quint32> ranks() const;

    private:
        QHash<QByteArray, quint32> m_codes;
        std::vector<QByteArray> m_values;
        quint32 m_last = 0;
    };
    using Rows = std::vector<quint32>;

    template<typename F>
    void eachColumn(F visit);
    void append(const storage::ColumnRow &row);
    void set(size_t at, const storage::ColumnRow &row);
    void insertAndRemove(const std::vector<TicketId> &gone, size_t sorted);
    void orderForWork();
    std::vector<char> shown(const storage::QueueQuery &query, const QueueFilter &filter,
        const std::function<bool()> &isCancelled) const;
    quint64 key(QueueOrder order, size_t row) const;
    void orderBy(const Arrangement &arrangement, Rows &rows) const;
    void orderBySubject(bool isDescending, Rows &rows) const;
    const Dictionary *dictionaryOf(QueueOrder order) const;

    Priority priorityOf(size_t row) const { return static_cast<Priority>(m_state[row] & 3); }
    Status statusOf(size_t row) const { return static_cast<Status>((m_state[row] >> 2) & 7); }

    TimeColumn m_id { 0 }; ///< ascending
    TimeColumn m_due { Instant::MinMs }, m_created { Instant::MinMs }, m_updated { Instant::MinMs };
    CodeColumn m_tier, m_team, m_assignee, m_customer, m_plan;
    CodeColumn m_state; ///< priority, status, flagged, awaiting yes
    CodeColumn m_health; ///< 128: unknown
    TextColumn m_subject; ///< folded
    Dictionary m_tiers, m_teams, m_assignees, m_customers, m_plans;
    Rows m_work; ///< all rows in the order of work; empty: to be made
};

} // namespace tierline::model
