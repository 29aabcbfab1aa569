#pragma once

#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QWidget>

class QButtonGroup;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace tierline::ui {

class Composer;
class EmptyState;
class PlainLabel;
class SafeBrowser;
class SignsButton;
class ThreadView;
class SyncRow;
class TierChip;

/// The open ticket. Thread: ui.
class TicketDock : public QWidget
{
    Q_OBJECT
public:
    enum Page { Conversation, Facts, Log };

    TicketDock(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    ThreadView &thread() { return *m_thread; }
    Composer &composer() { return *m_composer; }
    void showPage(Page page);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeHead();
    void makeClock();
    void makeSigns();
    void refresh();
    void showHead();
    void showEmptyHead();
    void showWaiting();
    void showClock(Instant now);
    void openLedger();
    void showPrimary();
    void showSync();
    void fetch(qint64 file);
    void save(qint64 attachment, const QString &name);
    void keepTime();
    void fitColumn();

    Workbench &m_workbench;
    TimeWords m_words;
    QWidget *m_head; ///< title bar of the dock
    QWidget *m_tabBar;
    PlainLabel *m_subject;
    PlainLabel *m_where;
    TierChip *m_chip;
    PlainLabel *m_waiting;
    QToolButton *m_clock = nullptr; ///< when it is due; opens why
    QPushButton *m_primary;
    SyncRow *m_sync = nullptr; ///< how it stands at its helpdesk
    SignsButton *m_signs = nullptr; ///< what the customer's words say
    QToolButton *m_page = nullptr; ///< its page there
    QButtonGroup *m_tabs;
    QStackedWidget *m_whole; ///< empty state, or the ticket
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    ThreadView *m_thread;
    SafeBrowser *m_facts;
    SafeBrowser *m_log;
    Composer *m_composer;
    TicketId m_shown;
    Instant m_shownAt; ///< what the times on the pages are told from
};

} // namespace tierline::ui
