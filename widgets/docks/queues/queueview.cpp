#include "widgets/docks/queues/queueview.h"

#include <QKeyEvent>
#include <QScrollBar>

namespace tierline::ui {

QueueView::QueueView(QWidget *parent)
    : QListView(parent)
{
    setObjectName(QStringLiteral("queueView"));
    setUniformItemSizes(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setResizeMode(Adjust);
    setLayoutMode(SinglePass);
    connect(this, &QListView::doubleClicked, this, &QueueView::entered);
}

void QueueView::setModel(QAbstractItemModel *model)
{
    QListView::setModel(model);
}

int QueueView::firstVisibleRow() const
{
    const QModelIndex top = indexAt(QPoint(4, 1));
    return top.isValid() ? top.row() : 0;
}

void QueueView::shift(int rows)
{
    const int height = sizeHintForRow(0);
    if (height > 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + rows * height);
}

void QueueView::rowsInserted(const QModelIndex &parent, int first, int last)
{
    // At the very top the newest arrival is wanted in view; anywhere else what is read stays put.
    const bool isAbove = verticalScrollBar()->value() > 0 && first <= firstVisibleRow();
    QListView::rowsInserted(parent, first, last);
    if (isAbove) {
        doItemsLayout();
        shift(last - first + 1);
    }
}

void QueueView::rowsAboutToBeRemoved(const QModelIndex &parent, int first, int last)
{
    const bool isAbove = verticalScrollBar()->value() > 0 && last < firstVisibleRow();
    QListView::rowsAboutToBeRemoved(parent, first, last);
    if (isAbove)
        shift(-(last - first + 1));
}

void QueueView::keyPressEvent(QKeyEvent *event)
{
    // J and K as in every tool that agents come from.
    if (event->modifiers() == Qt::NoModifier) {
        if (event->key() == Qt::Key_J || event->key() == Qt::Key_K) {
            const int step = event->key() == Qt::Key_J ? 1 : -1;
            const int row
                = qBound(0, currentIndex().row() + step, model() ? model()->rowCount() - 1 : 0);
            setCurrentIndex(model()->index(row, modelColumn()));
            return;
        }
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            emit entered();
            return;
        }
    }
    // Letters are commands of the window, not a search in the list.
    if (!event->text().isEmpty() && event->text().front().isLetterOrNumber()) {
        event->ignore();
        return;
    }
    QListView::keyPressEvent(event);
}

} // namespace tierline::ui
