// What stands below a rule or in its place, and the room for it; see rulesdock.h.
#include "widgets/docks/rules/rulesdock.h"

#include "widgets/common/scrollcolumn.h"

#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>

namespace tierline::ui {

namespace {

constexpr int LowBelow = 900;

} // namespace

/// Where list, rule and trial stand below one another in a low dock, the trial takes the list's place; and so does
/// a rule in rows, which is longer than a sentence.
void RulesDock::giveRoom()
{
    const bool isCrowded = m_split->orientation() == Qt::Vertical && height() < LowBelow;
    const bool isAlone = m_trial->isHidden() && m_history->isHidden() && m_why->isHidden()
        && !m_editor->isBuilding();
    m_split->widget(0)->setVisible(!isCrowded || isAlone);
}

/// Where the whole has no room, what was asked for is what is seen of it; it may have grown since.
void RulesDock::showWhole()
{
    for (const QWidget *view :
        std::initializer_list<QWidget *> { m_trial, m_history, m_why, m_reason }) {
        if (!view->isHidden())
            m_side->verticalScrollBar()->setValue(view->y());
    }
}

/// Trial, history, reasons or nothing, one in the place of the other.
void RulesDock::showBelow(QWidget *view)
{
    if (view != m_trial)
        m_trial->stop();
    if (view != m_why)
        m_why->stop();
    m_trial->setVisible(view == m_trial);
    m_why->setVisible(view == m_why);
    m_history->setVisible(view == m_history);
    // What is advised in general gives way to what was just asked for.
    m_editor->setAdviceShown(!view);
    giveRoom();
}

void RulesDock::showWhy()
{
    m_editor->sentence().readNow();
    if (!m_editor->isOneRule())
        return;
    showBelow(m_why);
    m_why->start(m_shown, m_editor->sentence().toPlainText());
    m_why->setFocus(Qt::OtherFocusReason);
}

void RulesDock::showHistory()
{
    const StoredRule *rule = current();
    if (!rule)
        return;
    showBelow(m_history);
    m_history->start(*rule, mayChange());
    m_history->setFocus(Qt::OtherFocusReason);
}

void RulesDock::tryOut()
{
    m_editor->sentence().readNow();
    if (!m_editor->isOneRule())
        return;
    showBelow(m_trial);
    m_trial->start(m_shown, m_editor->sentence().toPlainText());
}

void RulesDock::showShadows(bool on)
{
    m_stack->setCurrentWidget(on ? static_cast<QWidget *>(m_shadows) : m_split);
    if (on) {
        m_shadows->start();
        m_shadows->setFocus(Qt::OtherFocusReason);
    } else {
        m_shadows->stop();
        m_list->setFocus(Qt::OtherFocusReason);
    }
}

void RulesDock::showDone()
{
    if (!current())
        return;
    showBelow(m_trial);
    m_trial->startDone(m_shown);
}

} // namespace tierline::ui
