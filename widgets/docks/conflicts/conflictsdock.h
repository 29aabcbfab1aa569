#pragma once

#include "core/desk/desk.h"
#include "core/desk/remoteside.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/listdock.h"
#include "widgets/docks/api/workbench.h"

#include <QTimer>

namespace tierline::ui {

/// Fields with two values, and the choice between them. Thread: ui.
class ConflictsDock : public ListDock
{
    Q_OBJECT
public:
    ConflictsDock(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    const QList<desk::Disagreement> &disagreements() const { return m_all; }

private:
    void load();
    void refresh();
    void decide(sync::Side side);
    ListEntry entryOf(const desk::Disagreement &one) const;
    const desk::Disagreement *current() const;

    Workbench &m_workbench;
    TimeWords m_words;
    QList<desk::Disagreement> m_all;
    QPushButton *m_ours;
    QPushButton *m_theirs;
    QPushButton *m_open;
    QTimer m_gather;
    bool m_isLoading = false;
    bool m_loadsAgain = false;
};

} // namespace tierline::ui
