#pragma once

#include "core/notify/api/sink.h"

#include <QPointer>
#include <QSystemTrayIcon>
#include <QTimer>

namespace tierline::desk {
class Session;
}

namespace tierline::ui {

class Workbench;

/// Tells the person who sits here what rules have for them: in the status line, and as a message of the desktop
/// where the window is not in front and the desktop shows such messages. Several that come together are one
/// message, the first of them with how many more there are. Text stays plain: nothing in it is a link or a mark.
/// Thread: ui.
class DesktopSink final : public QObject, public notify::Sink
{
    Q_OBJECT
public:
    DesktopSink(desk::Session &session, Workbench &workbench);

    QString name() const override;
    /// What is for this person: by name, by a team or tier of theirs, by their role.
    std::vector<NoticeAddress> reaches() const override;
    void tell(const notify::Message &message) override;

private:
    void tellAll();

    desk::Session &m_session;
    QPointer<Workbench> m_workbench;
    QSystemTrayIcon m_tray;
    std::vector<notify::Message> m_gathered;
    QTimer m_gather;
    TicketId m_told; ///< of the last message; a click on it opens the ticket
};

} // namespace tierline::ui
