#pragma once

#include "core/desk/ledger.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QFrame>
#include <QStandardItemModel>
#include <QTimer>

class QListView;
class QToolButton;

namespace tierline::ui {

class EmptyState;
class LedgerBar;
class PlainLabel;

/// Why a ticket is due when it is: each of its clocks, and of the chosen one every stretch that ran, was
/// paused or was closed. Opens over what was asked about, has the keys, and goes with Esc or a click beside
/// it. Reads again while it is open. Thread: ui. Deletes itself when closed.
class LedgerPopover : public QFrame
{
    Q_OBJECT
public:
    /// Reads off the ui thread and then opens at `place` (in the coordinates of `anchor`); says at the
    /// window's place for errors why not. Nothing opens where the anchor has gone meanwhile.
    static void open(Workbench &workbench, TicketId ticket, QWidget *anchor, const QRect &place,
        const TimeWords &words);

    LedgerPopover(Workbench &workbench, TimeWords words, QWidget *parent);
    void show(const desk::TicketLedger &ledger);
    void chooseClock(int row);
    /// Opens beside that place, wholly on the screen.
    void openAt(const QRect &global);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    class Delegate;
    QWidget *makeClock();
    void showClock();
    void addStretches(const desk::LedgerClock &clock);
    void fit();
    void reload();
    void copy();
    void save();

    Workbench &m_workbench;
    TimeWords m_words;
    desk::TicketLedger m_ledger;
    QStandardItemModel m_clockRows, m_rows;
    PlainLabel *m_title;
    QToolButton *m_copy;
    QToolButton *m_save;
    EmptyState *m_empty;
    QListView *m_clocks;
    QWidget *m_clock; ///< everything about the chosen one
    PlainLabel *m_name = nullptr;
    PlainLabel *m_headline = nullptr;
    PlainLabel *m_account = nullptr;
    LedgerBar *m_bar = nullptr;
    QListView *m_list = nullptr;
    PlainLabel *m_source = nullptr;
    QTimer m_tick;
};

} // namespace tierline::ui
