#pragma once

#include "core/base/result.h"
#include "core/storage/workspace.h"

#include <QLocalServer>
#include <QObject>

#include <optional>

namespace tierline::ui {

/// One desktop for each workspace: a second start hands its request to the first and ends. Who is the
/// first is decided by a lock file, held for as long as the first lives and given back by the system
/// even when it is killed; so of starts in the same instant exactly one wins, and a socket that a
/// dead one left behind is nobody's. The socket is private to the user; what comes through it can
/// only bring the window to front and open a ticket for reading. Thread: ui.
class SingleInstance : public QObject
{
    Q_OBJECT
public:
    enum class Start {
        First, ///< others now hand over to this one
        HandedOver, ///< another runs and took the request: nothing is left to do
    };

    /// Both are private to user and workspace; the lock file is permanent, and its folder is made.
    SingleInstance(QString socketName, QString lockPath, QObject *parent = nullptr);

    /// Before there is a window. Waits at most `patience` for another that has just begun or is about
    /// to end. Conflict where one runs and does not answer; Storage where the lock cannot be had.
    Result<Start> start(const QString &ticket, Millis patience = std::chrono::seconds(10));

    /// Where the lock of a socket's name lies: permanent, which folders for temporary files are not,
    /// and there before the workspace is.
    static QString lockPathFor(const QString &socketName);

signals:
    void asked(const QString &ticket); ///< empty: only to front

private:
    bool handOver(const QString &ticket, Millis patience);
    Result<Done> listen();
    void onConnection();

    QString m_name;
    QString m_lockPath;
    std::optional<storage::FileLock> m_lock;
    QLocalServer m_server;
};

} // namespace tierline::ui
