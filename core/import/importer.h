#pragma once

#include "core/import/eventmap.h"
#include "core/storage/store.h"

#include <QJsonObject>

#include <atomic>
#include <functional>
#include <memory>

namespace tierline::importing {

/// A row that could not be read.
struct BadRow {
    qint64 line = 0;
    QString why;

    bool operator==(const BadRow &) const = default;
};

/// What an import did.
struct ImportReport {
    qint64 rows = 0; ///< rows or lines of the file, bad ones included
    qint64 tickets = 0; ///< distinct tickets in it
    qint64 events = 0; ///< events that its good rows say
    qint64 added = 0; ///< of those, the ones that were not there before; "new" in JSON
    qint64 badCount = 0;
    std::vector<BadRow> bad; ///< the first MaxBadKept of them
    QJsonObject ignored; ///< keys of ticket lines that mean nothing to us, with how often they came
    double seconds = 0;
};

/// {"rows","tickets","events","new","bad":[{"line","why"}],"seconds"}; "bad_total" where not all bad
/// rows are listed, "ignored" where there were unknown keys.
QJsonObject toJson(const ImportReport &report);

struct ImportProgress {
    enum class Phase : quint8 { Checking, Writing, Indexing, Finishing, Undoing } phase = Phase::Checking;
    qint64 done = 0; ///< bytes of the file, tickets …: the same unit as total
    qint64 total = 0;
};

struct ImportOptions {
    qint64 maxBad = 0; ///< more bad rows than that stop the import with nothing changed
};

constexpr int MaxBadKept = 1000;

class HistorySource; // historysource_p.h

/// An import under way, in slices: the first pass checks the file and writes nothing; the second
/// writes batches of some 50 ms under an import id, unseen until the last step. Everything that
/// other work on the store thread must wait for is one step, never a whole import.
///
/// Thread: the store's. Only cancel() and progress() may be called from another one.
class ImportJob
{
public:
    ImportJob(storage::Store &store, std::unique_ptr<HistorySource> source, QString name,
        ImportOptions options);
    /// Takes back what an unfinished import has written.
    ~ImportJob();

    /// Does the next slice. True: there is more to do. False: done, see report(). On an error, or
    /// after cancel() (fault Cancelled), the steps before the error have taken back what was written.
    Result<bool> step();
    void cancel() { m_isCancelled = true; }
    const ImportReport &report() const { return m_report; }
    ImportProgress progress() const;

private:
    Result<bool> checkSlice();
    Result<Done> beginWriting();
    Result<bool> writeBatch();
    Result<bool> indexSome();
    void adaptBatch(qint64 size, Millis aim, Millis began);
    Result<Done> finish();
    Result<bool> undoBatch();
    bool fail(Error error);
    Result<Done> take(storage::WriteScope &scope, struct Incoming &incoming);
    void notePhase(ImportProgress::Phase phase, qint64 done, qint64 total);

    enum class State { Checking, Beginning, Writing, Indexing, Finishing, Undoing, Over };
    storage::Store &m_store;
    std::unique_ptr<HistorySource> m_source;
    QString m_name;
    ImportOptions m_options;
    ImportReport m_report;
    State m_state = State::Checking;
    std::optional<storage::FileLock> m_lock;
    std::optional<Error> m_error; ///< why it is being taken back
    ImportId m_import;
    bool m_wasEmpty
        = false; ///< no ticket in the store at the start: its text index is built at the end
    int m_batch = 32; ///< tickets of the next batch
    TicketId m_indexed; ///< the text index has reached it
    qint64 m_indexedCount = 0;
    Millis m_began;
    std::atomic<bool> m_isCancelled = false;
    std::atomic<quint8> m_phase = 0;
    std::atomic<qint64> m_done = 0, m_total = 0;
};

/// Prepares the import of an event log. Faults: NotFound (no such file), BadInput (no such log, a
/// column that is missing, a tier that the workspace does not have).
Result<std::unique_ptr<ImportJob>> startEventLog(
    storage::Store &store, const QString &file, const EventMap &map, ImportOptions options = {});
/// Prepares the import of ticket lines (JSON lines, packed or not).
Result<std::unique_ptr<ImportJob>> startTickets(
    storage::Store &store, const QString &file, ImportOptions options = {});

/// Runs a job to its end on this thread; `progress` is told after each step and stops the import by
/// giving false.
Result<ImportReport> runToEnd(
    ImportJob &job, const std::function<bool(const ImportProgress &)> &progress = {});

} // namespace tierline::importing
