#include "core/desk/filework.h"

#include "core/desk/keeping.h"
#include "core/import/exporter.h"
#include "core/import/importer.h"
#include "core/storage/backup.h"
#include "core/storage/people.h"

#include <QCoreApplication>

namespace tierline::desk {

/// Everything but `isCancelled` and `progress` is touched on the thread of the work alone.
struct FileWork::Shared {
    std::unique_ptr<importing::ImportJob> job;
    std::atomic<bool> isCancelled = false;
};

namespace {

/// One slice of an import: more to do, or the end.
struct Slice {
    bool isLast = false;
    FileProgress progress;
    FileOutcome outcome;
};

FileProgress::Phase toPhase(importing::ImportProgress::Phase phase)
{
    using From = importing::ImportProgress::Phase;
    using To = FileProgress::Phase;
    switch (phase) {
    case From::Checking: return To::Checking;
    case From::Writing: return To::Writing;
    case From::Indexing: return To::Indexing;
    case From::Finishing: return To::Finishing;
    case From::Undoing: return To::Undoing;
    }
    return To::Writing;
}

FileOutcome toOutcome(const importing::ImportReport &report)
{
    FileOutcome outcome { .rows = report.rows,
        .tickets = report.tickets,
        .added = report.added,
        .badCount = report.badCount };
    for (const importing::BadRow &row : report.bad)
        outcome.bad.append({ row.line, row.why });
    return outcome;
}

Result<Done> checkMayWrite(storage::Connection &connection, const QString &me)
{
    TIERLINE_TRY(agent, storage::findAgent(connection, me));
    if (agent.role == Role::ReadOnly)
        return notAllowed(QStringLiteral(
            "You may read here, and change nothing: ask an admin for another role."));
    return Done {};
}

Result<std::unique_ptr<importing::ImportJob>> startJob(
    storage::Store &store, const FileWork::Import &import)
{
    const importing::ImportOptions options { .maxBad = import.maxBad };
    if (import.map.isEmpty())
        return importing::startTickets(store, import.file, options);
    TIERLINE_TRY(map, importing::EventMap::load(import.map));
    return importing::startEventLog(store, import.file, map, options);
}

} // namespace

QStringList FileWork::shippedMaps()
{
    return importing::EventMap::shippedNames();
}

FileWork::FileWork(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
}

FileWork::~FileWork()
{
    if (!m_isRunning)
        return;
    m_shared->isCancelled = true;
    // Its last steps take back what was written; the job must end on the store's own thread.
    m_session.onStore([shared = std::move(m_shared)](storage::Store &) -> Result<Done> {
        if (!shared->job)
            return Done {};
        shared->job->cancel();
        while (shared->job->step().value_or(false)) { }
        shared->job.reset();
        return Done {};
    });
}

void FileWork::import(const Import &import)
{
    // Continuations stand on the session, which outlives them: a context that is gone when its
    // continuation runs is a fault.
    m_isRunning = true;
    m_shared = std::make_shared<Shared>();
    m_session
        .onStore([import, shared = m_shared, me = m_session.people().me.id](
                     storage::Store &store) -> Result<Done> {
            TIERLINE_CHECK(checkMayWrite(store.connection(), me));
            TIERLINE_TRY(job, startJob(store, import));
            shared->job = std::move(job);
            return Done {};
        })
        .then(&m_session, [this, self = QPointer(this)](const Result<Done> &started) {
            if (!self)
                return;
            if (started)
                nextSlice();
            else
                end(started.error());
        });
}

void FileWork::nextSlice()
{
    // Each slice is one piece of work for the store's thread, so that verbs come in between.
    m_session
        .onStore([shared = m_shared](storage::Store &) -> Result<Slice> {
            importing::ImportJob &job = *shared->job;
            if (shared->isCancelled)
                job.cancel();
            const Result<bool> more = job.step();
            const importing::ImportProgress progress = job.progress();
            Slice slice { .progress = { toPhase(progress.phase), progress.done, progress.total } };
            if (more && *more)
                return slice;
            slice.isLast = true;
            slice.outcome = toOutcome(job.report());
            shared->job.reset();
            if (!more)
                return more.error();
            return slice;
        })
        .then(&m_session, [this, self = QPointer(this)](const Result<Slice> &slice) {
            if (!self)
                return;
            if (!slice) {
                end(slice.error());
            } else if (slice->isLast) {
                end(slice->outcome);
            } else {
                emit progressed(slice->progress);
                nextSlice();
            }
        });
}

void FileWork::exportTo(What what, const QString &file)
{
    m_isRunning = true;
    m_shared = std::make_shared<Shared>();
    // Handed over by a queued call; where this object is gone by then, so is the call.
    const auto tell = [self = QPointer<FileWork>(this), shared = m_shared](qint64 rows) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, rows] {
                if (self)
                    emit self->progressed({ FileProgress::Phase::Writing, rows, 0 });
            },
            Qt::QueuedConnection);
        return !shared->isCancelled;
    };
    const metrics::Options options { .now = m_session.clock().now() };
    m_session
        .read([what, file, tell, options, shared = m_shared](storage::Connection &connection,
                  const Visibility &visibility) -> Result<FileOutcome> {
            const importing::ExportOptions how { .visibility = visibility, .progress = tell };
            Result<importing::ExportReport> report = importing::ExportReport {};
            if (what == What::Metrics) {
                TIERLINE_TRY(figures, desk::measure(connection, visibility, options, [shared] {
                    return shared->isCancelled.load();
                }));
                report = importing::exportMetrics(metrics::toJson(figures), file);
            } else {
                report = what == What::Tickets ? importing::exportTickets(connection, file, how)
                    : what == What::Events     ? importing::exportEvents(connection, file, how)
                                               : importing::exportAudit(connection, file, how);
            }
            if (!report)
                return report.error();
            return FileOutcome { .rows = report->rows, .tickets = report->tickets };
        })
        .then(&m_session, [this, self = QPointer(this)](const Result<FileOutcome> &outcome) {
            if (self)
                end(outcome);
        });
}

void FileWork::backup(const QString &file)
{
    m_isRunning = true;
    m_shared = std::make_shared<Shared>();
    const auto tell
        = [self = QPointer<FileWork>(this), shared = m_shared](qint64 done, qint64 total) {
              QMetaObject::invokeMethod(
                  QCoreApplication::instance(),
                  [self, done, total] {
                      if (self)
                          emit self->progressed({ FileProgress::Phase::Writing, done, total });
                  },
                  Qt::QueuedConnection);
              return !shared->isCancelled;
          };
    // The copy has a connection of its own: a reader's thread carries it, and the writer stays free.
    m_session
        .read([workspace = m_session.workspace(), me = m_session.people().me.id, file, tell](
                  storage::Connection &connection, const Visibility &) -> Result<FileOutcome> {
            TIERLINE_TRY(actor, storage::findAgent(connection, me));
            TIERLINE_CHECK(mayKeepWorkspace(actor));
            TIERLINE_CHECK(storage::backupTo(workspace, file, tell));
            return FileOutcome {};
        })
        .then(&m_session, [this, self = QPointer(this)](const Result<FileOutcome> &outcome) {
            if (self)
                end(outcome);
        });
}

void FileWork::cancel()
{
    if (m_isRunning)
        m_shared->isCancelled = true;
}

void FileWork::end(const Result<FileOutcome> &outcome)
{
    m_isRunning = false;
    m_shared.reset();
    emit finished(outcome);
}

} // namespace tierline::desk
