#include "widgets/docks/queues/sortbutton.h"

#include "widgets/common/accessible.h"
#include "widgets/common/icons.h"

#include <QActionGroup>
#include <QEvent>
#include <QMenu>

namespace tierline::ui {

using model::QueueOrder;

SortButton::SortButton(QWidget *parent)
    : QToolButton(parent)
{
    setAutoRaise(true);
    setIcon(ui::icon(Icon::ChevronDown, palette(), Token::Muted));
    auto *menu = new QMenu(this);
    auto *group = new QActionGroup(menu);
    const auto add = [&](const QString &text, QueueOrder order, bool isDescending = false) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setData(int(order) * 2 + isDescending);
        group->addAction(action);
        return action;
    };
    QAction *first = add(tr("Next breach"), QueueOrder::Work);
    add(tr("Priority"), QueueOrder::Priority);
    add(tr("Oldest"), QueueOrder::Created);
    add(tr("Newest"), QueueOrder::Created, true);
    add(tr("Customer"), QueueOrder::Customer);
    add(tr("Subject"), QueueOrder::Subject);
    // Not the button's own menu, which would wait inside the click until something is chosen.
    connect(this, &QToolButton::clicked, menu,
        [this, menu] { menu->popup(mapToGlobal(rect().bottomLeft())); });
    named(this, QStringLiteral("queueOrder"), tr("Sort"));
    connect(menu, &QMenu::aboutToShow, this, &SortButton::opening);
    connect(group, &QActionGroup::triggered, this, &SortButton::choose);
    first->setChecked(true);
    choose(first);
}

void SortButton::changeEvent(QEvent *event)
{
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setIcon(ui::icon(Icon::ChevronDown, palette(), Token::Muted));
}

void SortButton::choose(QAction *action)
{
    setToolTip(tr("Sorted by: %1").arg(action->text()));
    setAccessibleDescription(toolTip());
    const int choice = action->data().toInt();
    emit chosen(static_cast<QueueOrder>(choice / 2), choice % 2 == 1);
}

} // namespace tierline::ui
