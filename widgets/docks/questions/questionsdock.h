#pragma once

#include "core/desk/questions.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/listdock.h"
#include "widgets/docks/api/workbench.h"

#include <QTimer>

namespace tierline::ui {

/// What waits for a yes, with its answers: 1 is yes, 2 is no, Enter opens the ticket. One answer is on its way
/// at a time. Thread: ui.
class QuestionsDock : public ListDock
{
    Q_OBJECT
public:
    QuestionsDock(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    const std::vector<desk::OpenQuestion> &questions() const { return m_questions; }

private:
    void load();
    void refresh();
    void showActions();
    void answer(bool isYes);
    ListEntry entryOf(const desk::OpenQuestion &open) const;
    const desk::OpenQuestion *current() const;

    Workbench &m_workbench;
    TimeWords m_words;
    std::vector<desk::OpenQuestion> m_questions;
    QPushButton *m_yes;
    QPushButton *m_no;
    QPushButton *m_open;
    QTimer m_gather;
    bool m_isLoading = false;
    bool m_loadsAgain = false;
    bool m_isAnswering = false;
};

} // namespace tierline::ui
