#pragma once

#include "core/import/eventprint.h"
#include "core/import/historysource_p.h"
#include "core/import/rowmapper.h"
#include "core/import/staging.h"

namespace tierline::importing {

/// The event-log kind of import: rows are mapped and staged in the first pass and come back from
/// there as whole tickets, oldest first.
class EventLogSource final : public HistorySource
{
public:
    struct Setup {
        EventMap map;
        QString file; ///< its name, for sentences
        QStringList tiers; ///< of the workspace
        QString frontline; ///< where a ticket is that no rule places
        const Clock *clock = nullptr;
    };
    static Result<std::unique_ptr<EventLogSource>> open(const QString &path, Setup setup);

    Result<bool> checkSome(ImportReport &report, qint64 maxBad) override;
    Result<Supply> next(Incoming &incoming) override;
    Result<Done> putAside(const Incoming &incoming) override;
    Result<Supply> nextAside(Incoming &incoming) override;
    std::pair<qint64, qint64> progress() const override;

private:
    EventLogSource(
        Setup setup, std::unique_ptr<LogReader> reader, std::unique_ptr<Staging> staging);
    Result<Done> stage(const MappedRow &row);
    Result<Done> endCheck(ImportReport &report);
    Result<commands::History> historyOf(qint64 kase, const QString &key);
    Result<Supply> nextFrom(storage::Statement &cases, Incoming &incoming);

    Setup m_setup;
    std::optional<RowMapper> m_mapper; ///< points into m_setup
    std::unique_ptr<LogReader> m_reader;
    std::unique_ptr<Staging> m_staging;
    LogRecord m_record;
    std::vector<bool> m_isSeen; ///< for each column, whether any row had it
    qint64 m_cases = 0, m_given = 0;
    qint64 m_sequence = 0;
    bool m_isChecking = true;
    // Statements last, so that they go before their connection.
    std::optional<storage::Statement> m_cursor, m_asideCursor;
};

/// The history that the rows of one ticket tell, in their order.
class LogHistory
{
public:
    LogHistory(const EventMap &map, QString frontline);
    void begin(const QString &key);
    void add(const MappedRow &row);
    /// Ends the ticket and gives it.
    commands::History take();

private:
    void addChanges(const MappedRow &row, Event &event);
    void addFields(const MappedRow &row, Event &event);
    QString subject() const;

    const EventMap &m_map;
    QString m_frontline;
    QString m_noun; ///< what the log calls its cases: "Problem"
    commands::History m_history;
    MappedRow m_before; ///< the state after the last row: every member that was ever said
    MappedRow m_last;
    OriginCounter m_origins;
    std::optional<Instant> m_created;
};

} // namespace tierline::importing
