#pragma once

#include "core/model/queuemodel.h"
#include "widgets/common/queuerow.h"
#include "widgets/docks/api/places.h"
#include "widgets/docks/api/workbench.h"

#include <QWidget>

class QLineEdit;
class QStackedLayout;

namespace tierline::ui {

class EmptyState;
class PlainLabel;
class QueueRowDelegate;
class QueueView;
class SortButton;

/// One queue. Asks for its rows when it is first seen. Thread: ui.
class QueueDock : public QWidget
{
    Q_OBJECT
public:
    QueueDock(Workbench &workbench, Place place, TimeWords words, QWidget *parent = nullptr);

    model::QueueModel &model() { return m_model; }
    QueueView &view() { return *m_view; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void makeArranging();
    void openFilter();
    void closeFilter();
    void onState();
    void openFirst();
    void onSelection();
    void showCounts();
    void keepTime();
    bool filterView(QEvent *event);
    QRect clockAt(const QPoint &point) const;
    void openLedger(const QModelIndex &index);
    QueueRowView readRow(const QModelIndex &index) const;
    QueueRowView viewOf(const storage::QueueRow *row) const;
    void selectCurrent();

    Workbench &m_workbench;
    Place m_place;
    TimeWords m_words;
    model::QueueModel m_model;
    QueueRowDelegate *m_delegate;
    QueueView *m_view;
    PlainLabel *m_title;
    PlainLabel *m_counts;
    PlainLabel *m_risk;
    SortButton *m_sort;
    QLineEdit *m_filter; ///< shown while it is used
    EmptyState *m_empty;
    QStackedLayout *m_stack;
    QTimer m_tick;
    bool m_isRestoring = false;
};

} // namespace tierline::ui
