#pragma once

#include "widgets/docks/api/cardview.h"
#include "widgets/docks/api/workbench.h"

#include <QTimer>

class QScrollArea;
class QStackedWidget;
class QToolButton;

namespace tierline::ui {

class EmptyState;

/// The card of the open ticket. Thread: ui.
class HandoffDock : public QWidget
{
    Q_OBJECT
public:
    HandoffDock(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    CardView &card() { return *m_card; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void tick();
    void copy();

    Workbench &m_workbench;
    PlainLabel *m_title;
    PlainLabel *m_time;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QScrollArea *m_scroll;
    CardView *m_card;
    QToolButton *m_copy; ///< there while the ticket has a package
    QTimer m_tick;
};

/// What is known of a customer without a package, in the form of a card.
handoff::Card customerCard(const desk::TicketDetails &details);
QList<CardClock> cardClocks(const TicketState &state);

} // namespace tierline::ui
