#include "widgets/docks/queues/queueview.h"

#include <QKeyEvent>
#include <QScrollBar>

namespace tierline::ui {

QueueView::QueueView(QWidget *parent)
    : FixedRows(parent)
{
    setObjectName(QStringLiteral("queueView"));
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    connect(this, &QListView::doubleClicked, this, &QueueView::entered);
}

int QueueView::firstVisibleRow() const
{
    const QModelIndex top = indexAt(QPoint(4, 1));
    return top.isValid() ? top.row() : 0;
}

void QueueView::shift(int rows)
{
    verticalScrollBar()->setValue(verticalScrollBar()->value() + rows * rowHeight());
}

void QueueView::rowsInserted(const QModelIndex &parent, int first, int last)
{
    // At the very top the newest arrival is wanted in view; anywhere else what is read stays put.
    const bool isAbove = verticalScrollBar()->value() > 0 && first <= firstVisibleRow();
    FixedRows::rowsInserted(parent, first, last);
    if (isAbove)
        shift(last - first + 1);
}

void QueueView::rowsAboutToBeRemoved(const QModelIndex &parent, int first, int last)
{
    const bool isAbove = verticalScrollBar()->value() > 0 && last < firstVisibleRow();
    if (const int row = currentIndex().row(); row >= first && row <= last) {
        setCurrentIndex({});
        m_lostRow = first;
    }
    FixedRows::rowsAboutToBeRemoved(parent, first, last);
    if (isAbove)
        shift(-(last - first + 1));
}

void QueueView::step(int rows)
{
    if (!model() || model()->rowCount() == 0)
        return;
    int row = currentIndex().row() + rows;
    // The row below took the place of the one that left: going down meets it first.
    if (!currentIndex().isValid() && m_lostRow >= 0)
        row = rows > 0 ? m_lostRow : m_lostRow - 1;
    m_lostRow = -1;
    setCurrentIndex(model()->index(qBound(0, row, model()->rowCount() - 1), modelColumn()));
}

void QueueView::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier) {
        // J and K as in every tool that agents come from.
        if (event->key() == Qt::Key_J || event->key() == Qt::Key_Down)
            return step(1);
        if (event->key() == Qt::Key_K || event->key() == Qt::Key_Up)
            return step(-1);
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
    FixedRows::keyPressEvent(event);
}

} // namespace tierline::ui
