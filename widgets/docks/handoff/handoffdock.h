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
    TimeWords m_words;
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
/// Limits of the stages of open escalations.
QList<CardClock> cardClocks(const TicketState &state);
/// What is agreed for the ticket and still open, the next due time first; at most `most`.
QList<CardClock> agreedClocks(const std::vector<sla::TicketClock> &clocks, qsizetype most);

} // namespace tierline::ui
