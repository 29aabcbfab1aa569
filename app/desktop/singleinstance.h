#pragma once

#include <QLocalServer>
#include <QObject>

namespace tierline::ui {

/// One desktop for each workspace: a second start hands its request to the first and ends. The
/// socket is private to the user; what comes through it can only bring the window to front and open
/// a ticket for reading. Thread: ui.
class SingleInstance : public QObject
{
    Q_OBJECT
public:
    explicit SingleInstance(QString socketName, QObject *parent = nullptr);

    /// True where another instance runs and took the request. Waits at most a moment.
    bool handOver(const QString &ticket);
    /// Becomes the one that others hand over to; false where the socket cannot be had.
    bool listen();

signals:
    void asked(const QString &ticket); ///< empty: only to front

private:
    void onConnection();

    QString m_name;
    QLocalServer m_server;
};

} // namespace tierline::ui
