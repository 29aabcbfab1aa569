#pragma once

#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QStatusBar>
#include <QTimer>

class QPushButton;

namespace tierline::ui {

class PlainLabel;

/// The bottom line: what was just done (with its undo), what went wrong and what to do, how the helpdesks
/// stand, how many questions of rules wait for a yes, and the next breach of the person's own tier. Thread: ui.
class StatusLine : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(Workbench &workbench, QWidget *parent = nullptr);

    void say(const QString &sentence, TicketId undoable = {});
    /// Stays until the next thing is said, or the person closes it.
    void showError(const Error &error);
    QString text() const;

private:
    void askNext();
    void showNext();
    void showSync();
    void actOnSync();
    void showQuestions();
    void showDues();

    Workbench &m_workbench;
    PlainLabel *m_message;
    QPushButton *m_undo;
    PlainLabel *m_dues; ///< how far due times follow new agreements; gone once they do
    QPushButton *m_sync; ///< the account that needs a person most; all of them on hover
    QPushButton *m_questions; ///< leads to them; gone while there are none
    QPushButton *m_next;
    TicketId m_undoable;
    TicketId m_nextTicket;
    QString m_nextKey;
    ClockFace m_nextClock;
    TimeWords m_words;
    QTimer m_tick;
    QTimer m_gather;
};

} // namespace tierline::ui
