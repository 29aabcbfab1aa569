#pragma once

#include "widgets/docks/api/workbench.h"

#include <QFrame>
#include <QHash>
#include <QPlainTextEdit>

class QPushButton;
class QToolButton;

namespace tierline::ui {

class PlainLabel;

/// Where a reply or an internal note is written. Which of the two it is, is part of the draft from its
/// first letter and seen by ground, edge and button. A draft belongs to its ticket: changing tickets
/// never carries text over. Thread: ui.
class Composer : public QFrame
{
    Q_OBJECT
public:
    explicit Composer(Workbench &workbench, QWidget *parent = nullptr);

    /// Takes the keys, as a reply or as a note.
    void begin(bool isNote);
    bool isNote() const { return m_isNote; }
    QPlainTextEdit &edit() { return *m_edit; }
    QPushButton &sendButton() { return *m_send; }

signals:
    void left(); ///< Escape: back to the list

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    struct Draft {
        QString text;
        bool isNote = false;
    };
    void setKind(bool isNote);
    void onCurrent(TicketId ticket);
    void keepDraft();
    void send();
    void refresh();

    Workbench &m_workbench;
    QToolButton *m_reply;
    QToolButton *m_note;
    PlainLabel *m_hint;
    QPlainTextEdit *m_edit;
    QPushButton *m_send;
    TicketId m_ticket;
    bool m_isNote = false;
    QHash<qint64, Draft> m_drafts;
};

} // namespace tierline::ui
