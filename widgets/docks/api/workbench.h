#pragma once

#include "core/desk/session.h"
#include "widgets/docks/api/verbs.h"

#include <QObject>

namespace tierline::ui {

/// What the window is busy with: which ticket is open, and how docks ask for verbs and dialogs. Docks
/// know each other only through it.
/// Thread: ui. The session outlives it.
class Workbench : public QObject
{
    Q_OBJECT
public:
    enum class Loading { Nothing, Loading, Ready, Failed };

    explicit Workbench(desk::Session &session, QObject *parent = nullptr);

    desk::Session &session() { return m_session; }
    const desk::People &people() const { return m_session.people(); }
    const Clock &clock() const { return m_session.clock(); }

    /// What can be done with the open ticket.
    Verbs &verbs() { return *m_verbs; }

    TicketId current() const { return m_current; }
    Loading loading() const { return m_loading; }
    const Error &error() const { return m_error; }
    /// Valid with Ready, and with Loading where the same ticket is being read again.
    const std::shared_ptr<const desk::OpenTicket> &ticket() const { return m_ticket; }
    /// Opens a ticket in the ticket dock; {} closes it. What it shows follows the store's changes.
    void open(TicketId ticket);
    /// Opens by key, as people write it; says so where there is none.
    void openKey(const QString &key);

    /// Which queue is in front ("L2", or a view's id); the rail and the queue docks follow.
    const QString &place() const { return m_place; }
    void goTo(const QString &place);

    /// Runs a verb on the open ticket or any other. `done` is what the status line says; errors are
    /// shown by the window. The future ends on the ui thread.
    template<typename Command>
    QFuture<Result<commands::Outcome>> run(Command command, const QString &done)
    {
        return m_session.run(std::move(command))
            .then(this, [this, done](Result<commands::Outcome> outcome) {
                if (outcome)
                    emit said(done, outcome->state.ticket.id);
                else
                    report(outcome.error());
                return outcome;
            });
    }

public slots:
    /// An error that came of what the person did: the window shows it without stopping them.
    void report(const tierline::Error &error);

signals:
    void currentChanged(tierline::TicketId ticket);
    /// Another ticket, the same one with news, or the end of loading.
    void ticketChanged();
    void placeChanged(const QString &place);
    void said(const QString &sentence, tierline::TicketId ticket);
    void reported(const tierline::Error &error);
    /// Dialogs by id ("escalate", "return", "reassign", "flag", "reopen", "settings", …) for the open
    /// ticket; the shell, which knows the dialogs, opens them.
    void dialogWanted(const QString &id);
    /// A dock by id ("outbox", "conflicts") shall come to the front with the keys.
    void dockWanted(const QString &id);
    /// The composer shall take the keys, as reply or as note.
    void composeWanted(bool isNote);
    /// Escape and friends: back to the queue in front.
    void queueFocusWanted();

private:
    void load();

    desk::Session &m_session;
    TicketId m_current;
    Loading m_loading = Loading::Nothing;
    Error m_error;
    std::shared_ptr<const desk::OpenTicket> m_ticket;
    QString m_place;
    quint64 m_generation = 0;
    Verbs *m_verbs; ///< child
};

} // namespace tierline::ui
