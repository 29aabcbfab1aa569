#pragma once

#include "core/import/eventmap.h"

namespace tierline::importing {

/// One row of an event log as the map understands it. Empty members: the row does not say, so the
/// ticket keeps what it had.
struct MappedRow {
    qint64 line = 0;
    QString ticket; ///< the case
    Instant at;
    qint64 order = 0; ///< place inside the case: the order column, else the instant
    std::optional<QString> team, tier, agent;
    std::optional<Status> status;
    std::optional<Priority> priority;
    bool isAwaiting = false; ///< waits for the customer
    QStringList fields; ///< in the map's order; null: not said
    std::optional<Instant> created, resolved;
    std::optional<bool> slaMet;
    std::optional<qint64> reopened;
    quint64 fingerprint = 0; ///< of what was read, the same for equal rows; never 0

    bool operator==(const MappedRow &) const = default;
};

/// Applies a map to rows. Immutable; thread: any.
class RowMapper
{
public:
    /// The map must outlive it. BadInput where a tier of the map is none of `tiers`.
    static Result<RowMapper> make(const EventMap &map, const QStringList &tiers);
    /// BadInput whose detail says why this row cannot be taken.
    Result<MappedRow> map(const LogRecord &record) const;

private:
    RowMapper(const EventMap &map, TimeReader times)
        : m_map(map)
        , m_times(std::move(times))
    {
    }
    std::optional<QString> value(const LogRecord &record, int column) const;
    Result<Done> readMeaning(const LogRecord &record, MappedRow &row) const;
    Result<Done> readKnown(const LogRecord &record, MappedRow &row) const;
    Result<std::optional<Instant>> time(const LogRecord &record, int column) const;

    const EventMap &m_map;
    TimeReader m_times;
};

constexpr int MaxKeyLength = 200; ///< of a ticket's number, a team's or an agent's name
constexpr int MaxFieldLength = 10'000; ///< longer values are shortened, with a mark

/// At most `length` characters, ending in … where something was cut off. Never cuts a pair in two.
QString shortened(QString text, qsizetype length);

} // namespace tierline::importing
