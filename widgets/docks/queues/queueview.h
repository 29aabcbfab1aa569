#pragma once

#include "widgets/docks/queues/fixedrows.h"

namespace tierline::ui {

/// A list of fixed-height rows that never moves what the person looks at: rows that come or go above
/// the first visible one shift the scroll bar with them. Where the chosen row leaves, none is chosen:
/// nothing opens by itself, and the next key goes on from that place. Thread: ui.
class QueueView : public FixedRows
{
    Q_OBJECT
public:
    explicit QueueView(QWidget *parent = nullptr);

signals:
    /// Enter or a double click: the keys go to the ticket.
    void entered();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void rowsInserted(const QModelIndex &parent, int first, int last) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int first, int last) override;

private:
    int firstVisibleRow() const;
    void shift(int rows);
    void step(int rows);

    int m_lostRow = -1; ///< where the chosen row stood when it left
};

} // namespace tierline::ui
