#include "widgets/docks/queues/fixedrows.h"

#include <QAccessible>
#include <QHoverEvent>
#include <QPainter>
#include <QScrollBar>

#include <limits>

namespace tierline::ui {

FixedRows::FixedRows(QWidget *parent)
    : QListView(parent)
{
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void FixedRows::setModel(QAbstractItemModel *model)
{
    if (this->model())
        disconnect(this->model(), nullptr, this, nullptr);
    QListView::setModel(model);
    if (!model)
        return;
    connect(model, &QAbstractItemModel::rowsRemoved, this, &FixedRows::doItemsLayout);
    connect(model, &QAbstractItemModel::rowsMoved, this, &FixedRows::doItemsLayout);
}

int FixedRows::rowCount() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

int FixedRows::rowAt(int y) const
{
    const int fromTop = y + verticalOffset();
    return fromTop < 0 || m_height == 0 ? -1 : fromTop / m_height;
}

QRect FixedRows::rectOf(int row) const
{
    return { 0, row * m_height - verticalOffset(), viewport()->width(), m_height };
}

QRect FixedRows::visualRect(const QModelIndex &index) const
{
    return index.isValid() && index.column() == modelColumn() ? rectOf(index.row()) : QRect();
}

QModelIndex FixedRows::indexAt(const QPoint &point) const
{
    const int row = rowAt(point.y());
    return row >= 0 && row < rowCount() ? model()->index(row, modelColumn(), rootIndex())
                                        : QModelIndex();
}

void FixedRows::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid() || m_height == 0)
        return;
    const int top = index.row() * m_height, height = viewport()->height();
    const int atBottom = top + m_height - height;
    QScrollBar *bar = verticalScrollBar();
    switch (hint) {
    case EnsureVisible: bar->setValue(qMax(qMin(bar->value(), top), atBottom)); break;
    case PositionAtTop: bar->setValue(top); break;
    case PositionAtBottom: bar->setValue(atBottom); break;
    case PositionAtCenter: bar->setValue(top - (height - m_height) / 2); break;
    }
}

void FixedRows::doItemsLayout()
{
    QAbstractItemView::doItemsLayout();
}

void FixedRows::reset()
{
    m_hovered = -1;
    QAbstractItemView::reset();
    doItemsLayout();
}

void FixedRows::updateGeometries()
{
    const int rows = rowCount();
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    m_height = rows == 0
        ? 0
        : itemDelegate()->sizeHint(option, model()->index(0, modelColumn(), rootIndex())).height();
    const int height = viewport()->height();
    const qint64 hidden = qint64(rows) * m_height - height, most = std::numeric_limits<int>::max();
    verticalScrollBar()->setSingleStep(qMax(1, m_height));
    verticalScrollBar()->setPageStep(height);
    verticalScrollBar()->setRange(0, static_cast<int>(qBound(qint64(0), hidden, most - height)));
    QAbstractItemView::updateGeometries();
}

void FixedRows::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const int last = qMin(rowAt(event->rect().bottom()), rowCount() - 1);
    if (m_height == 0)
        return;
    QStyleOptionViewItem shared;
    initViewItemOption(&shared);
    const int current = currentIndex().isValid() && hasFocus() ? currentIndex().row() : -1;
    for (int row = qMax(0, rowAt(event->rect().top())); row <= last; ++row) {
        const QModelIndex index = model()->index(row, modelColumn(), rootIndex());
        QStyleOptionViewItem option = shared;
        option.index = index;
        option.rect = rectOf(row);
        if (selectionModel() && selectionModel()->isSelected(index))
            option.state |= QStyle::State_Selected;
        option.state.setFlag(QStyle::State_HasFocus, row == current);
        option.state.setFlag(QStyle::State_MouseOver, row == m_hovered);
        itemDelegate()->paint(&painter, option, index);
    }
}

void FixedRows::resizeEvent(QResizeEvent *event)
{
    QAbstractItemView::resizeEvent(event);
}

bool FixedRows::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverMove)
        setHovered(indexAt(static_cast<QHoverEvent *>(event)->position().toPoint()).row());
    else if (event->type() == QEvent::HoverLeave || event->type() == QEvent::Leave)
        setHovered(-1);
    return QListView::viewportEvent(event);
}

void FixedRows::setHovered(int row)
{
    for (const int changed : { std::exchange(m_hovered, row), row }) {
        if (changed >= 0)
            viewport()->update(rectOf(changed));
    }
}

void FixedRows::scrollContentsBy(int dx, int dy)
{
    scrollDirtyRegion(dx, dy);
    viewport()->scroll(dx, dy);
}

int FixedRows::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QModelIndex FixedRows::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int rows = rowCount();
    if (rows == 0)
        return {};
    const int page = m_height > 0 ? qMax(1, viewport()->height() / m_height - 1) : 1;
    const int from = currentIndex().row();
    int row = from;
    switch (action) {
    case MoveUp:
    case MovePrevious:
    case MoveLeft: row = from - 1; break;
    case MoveDown:
    case MoveNext:
    case MoveRight: row = from + 1; break;
    case MovePageUp: row = from - page; break;
    case MovePageDown: row = from + page; break;
    case MoveHome: row = 0; break;
    case MoveEnd: row = rows - 1; break;
    }
    return model()->index(qBound(0, row, rows - 1), modelColumn(), rootIndex());
}

void FixedRows::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    const int first = qMax(0, rowAt(rect.top())), last = qMin(rowAt(rect.bottom()), rowCount() - 1);
    QItemSelection chosen;
    if (m_height > 0 && first <= last)
        chosen.select(model()->index(first, modelColumn(), rootIndex()),
            model()->index(last, modelColumn(), rootIndex()));
    selectionModel()->select(chosen, command);
}

QRegion FixedRows::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const QItemSelectionRange &range : selection) {
        if (!range.isValid())
            continue;
        const QRect rows = rectOf(range.top()).united(rectOf(range.bottom()));
        region += rows.intersected(viewport()->rect());
    }
    return region;
}

void FixedRows::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QAbstractItemView::currentChanged(current, previous);
    if (QAccessible::isActive() && current.isValid() && hasFocus()) {
        QAccessibleEvent event(this, QAccessible::Focus);
        event.setChild(current.row());
        QAccessible::updateAccessibility(&event);
    }
}

void FixedRows::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    if (QAccessible::isActive()) {
        const auto tell = [this](const QItemSelection &rows, QAccessible::Event what) {
            if (rows.isEmpty())
                return;
            QAccessibleEvent event(this, what);
            event.setChild(rows.first().top());
            QAccessible::updateAccessibility(&event);
        };
        tell(selected, QAccessible::SelectionAdd);
        tell(deselected, QAccessible::SelectionRemove);
    }
    QAbstractItemView::selectionChanged(selected, deselected);
}

void FixedRows::dataChanged(
    const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    QAbstractItemView::dataChanged(topLeft, bottomRight, roles);
    // A range of rows is one update, whichever column changed.
    viewport()->update(rectOf(topLeft.row()).united(rectOf(bottomRight.row())));
}

void FixedRows::rowsInserted(const QModelIndex &parent, int first, int last)
{
    QAbstractItemView::rowsInserted(parent, first, last);
    doItemsLayout();
}

void FixedRows::rowsAboutToBeRemoved(const QModelIndex &parent, int first, int last)
{
    QAbstractItemView::rowsAboutToBeRemoved(parent, first, last);
}

} // namespace tierline::ui
