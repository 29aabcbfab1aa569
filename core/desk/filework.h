#pragma once

#include "core/desk/session.h"

#include <QStringList>

#include <atomic>

namespace tierline::desk {

/// How far a piece of file work is. `done` and `total` are in one unit (bytes, pages, rows); total 0
/// means that nobody knows.
struct FileProgress {
    enum class Phase : quint8 { Checking, Writing, Indexing, Finishing, Undoing } phase = Phase::Checking;
    qint64 done = 0;
    qint64 total = 0;
};

/// What it did. What does not apply is 0.
struct FileOutcome {
    struct BadRow {
        qint64 line = 0;
        QString why;
        bool operator==(const BadRow &) const = default;
    };
    qint64 rows = 0;
    qint64 tickets = 0;
    qint64 added = 0; ///< events that were not there before
    qint64 badCount = 0;
    QList<BadRow> bad; ///< the first thousand
    bool operator==(const FileOutcome &) const = default;
};

/// Long work between the workspace and a file: import, export, backup. Runs in slices beside other
/// work, tells how far it is, and can be stopped; what is stopped leaves the workspace as it was.
/// Destroying it stops it too. Errors: those of core/import and core/storage, and NotAllowed where the
/// role only reads; Cancelled after cancel(). Thread: ui. The session outlives it.
class FileWork : public QObject
{
    Q_OBJECT
public:
    struct Import {
        QString file;
        QString map; ///< a shipped map's name or a map file; empty: ticket lines
        qint64 maxBad = 0; ///< more bad rows than that stop it with nothing changed
    };
    enum class What : quint8 { Tickets, Events, Audit, Metrics };
    /// Maps of event logs that ship with the program.
    static QStringList shippedMaps();

    explicit FileWork(Session &session, QObject *parent = nullptr);
    ~FileWork() override;

    void import(const Import &import);
    /// The form (CSV, JSON, JSON lines) is told by the file's name.
    void exportTo(What what, const QString &file);
    void backup(const QString &file);
    /// Stops at the next slice. finished() comes when everything is taken back.
    void cancel();
    bool isRunning() const { return m_isRunning; }

signals:
    void progressed(const tierline::desk::FileProgress &progress);
    void finished(const tierline::Result<tierline::desk::FileOutcome> &outcome);

private:
    struct Shared;
    void nextSlice();
    void end(const Result<FileOutcome> &outcome);

    Session &m_session;
    std::shared_ptr<Shared> m_shared; ///< also held by the work under way
    bool m_isRunning = false;
};

} // namespace tierline::desk
