#include "widgets/docks/ticket/verbbar.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"

#include <QMenu>
#include <QToolButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {
/// The order of the bar: what ends the wait first.
constexpr Verbs::Verb order[] = { Verbs::Accept, Verbs::Escalate, Verbs::Return, Verbs::Solve,
    Verbs::Confirm, Verbs::Reopen, Verbs::Claim, Verbs::TriageIt, Verbs::Flag, Verbs::Unflag,
    Verbs::Withdraw, Verbs::Reassign, Verbs::Review };
} // namespace

VerbBar::VerbBar(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_more(named(new QToolButton(this), u"moreVerbs"_s, tr("More")))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    for (const Verbs::Verb verb : order) {
        QAction *action = m_workbench.verbs().action(verb);
        auto *button = new QToolButton(this);
        button->setObjectName(action->objectName() + u".button"_s);
        button->setText(action->text());
        button->setAccessibleName(action->text());
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        setKeycap(button, key);
        setPlainToolTip(button, key.isEmpty() ? action->text() : tr("Key: %1").arg(key));
        connect(button, &QToolButton::clicked, action, &QAction::trigger);
        m_buttons.append(button);
    }
    m_more->setText(tr("More"));
    m_more->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(new QMenu(m_more));
    connect(&m_workbench.verbs(), &Verbs::changed, this, &VerbBar::refresh);
    refresh();
}

void VerbBar::refresh()
{
    arrange();
}

void VerbBar::arrange()
{
    int x = 0;
    const int room = width() - m_more->sizeHint().width() - space::Tight;
    bool isFull = false;
    m_more->menu()->clear();
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        QToolButton *button = m_buttons[i];
        QAction *action = m_workbench.verbs().action(order[i]);
        const int wide = button->sizeHint().width();
        isFull = isFull || (action->isEnabled() && x + wide > room);
        button->setVisible(action->isEnabled() && !isFull);
        if (action->isEnabled() && isFull)
            m_more->menu()->addAction(action);
        if (!button->isHidden()) {
            button->setGeometry(x, 0, wide, height());
            x += wide + space::Tight;
        }
    }
    m_more->setVisible(!m_more->menu()->isEmpty());
    m_more->setGeometry(x, 0, m_more->sizeHint().width(), height());
}

void VerbBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

QSize VerbBar::sizeHint() const
{
    return { 300, ControlHeight };
}
QSize VerbBar::minimumSizeHint() const
{
    return { m_more->sizeHint().width(), ControlHeight };
}

} // namespace tierline::ui
