#pragma once

#include "core/desk/dropeffect.h"
#include "core/desk/remoteside.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/listdock.h"
#include "widgets/docks/api/workbench.h"

#include <QTimer>

namespace tierline::ui {

/// What waits to be sent. Thread: ui.
class OutboxDock : public ListDock
{
    Q_OBJECT
public:
    OutboxDock(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    const QList<desk::WaitingChange> &changes() const { return m_changes; }

private:
    void load();
    void refresh();
    void showActions();
    void retry();
    void drop();
    void askDrop(const desk::WaitingChange &change, const desk::DropEffect &effect);
    ListEntry entryOf(const desk::WaitingChange &change) const;
    const desk::WaitingChange *current() const;

    Workbench &m_workbench;
    TimeWords m_words;
    QList<desk::WaitingChange> m_changes;
    QPushButton *m_open;
    QPushButton *m_retry;
    QPushButton *m_drop;
    QTimer m_gather;
    QTimer m_tick;
    bool m_isLoading = false;
    bool m_loadsAgain = false;
};

} // namespace tierline::ui
