#pragma once

#include "widgets/docks/api/places.h"
#include "widgets/docks/api/workbench.h"

#include <QListView>
#include <QStandardItemModel>
#include <QTimer>

namespace tierline::ui {

/// The places with their counts. Counts are asked for after changes, gathered, and once a minute,
/// since time alone puts tickets at risk. Thread: ui.
class RailDock : public QWidget
{
    Q_OBJECT
public:
    explicit RailDock(Workbench &workbench, QWidget *parent = nullptr);

private:
    void fill();
    void count();
    void showCounts(const QList<storage::PlaceCount> &counts);
    void selectPlace();
    void fitNames();

    static constexpr int MostWidth = 260; ///< names beyond that are cut

    Workbench &m_workbench;
    QList<Place> m_places;
    QStandardItemModel m_model;
    QListView *m_view;
    QTimer m_gather;
    QTimer m_minute;
    bool m_isCounting = false;
    bool m_isStale = false;
};

} // namespace tierline::ui
