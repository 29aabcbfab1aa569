#pragma once

#include "widgets/docks/api/workbench.h"
#include "widgets/docks/metrics/figures.h"

#include <QLocale>
#include <QTimer>

class QStackedWidget;

namespace tierline::ui {

class ChartView;
class EmptyState;
class PlainLabel;
class Tile;

/// Figures of the whole workspace by week. Measured on a reader thread when it is first seen and
/// after changes, at most every few seconds. Thread: ui.
class MetricsDock : public QWidget
{
    Q_OBJECT
public:
    MetricsDock(Workbench &workbench, QTimeZone zone, QLocale locale, QWidget *parent = nullptr);

    ChartView &chart() { return *m_chart; }
    bool hasFigures() const { return m_report != nullptr; }

signals:
    void measured();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void measure();
    void show(const metrics::Report &report);
    void choose(Figure figure);

    Workbench &m_workbench;
    QTimeZone m_zone;
    QLocale m_locale;
    std::unique_ptr<metrics::Report> m_report;
    Figure m_figure = Figure::EscalationRate;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    PlainLabel *m_period;
    Tile *m_tiles[FigureCount] = {};
    ChartView *m_chart;
    QTimer m_gather;
    bool m_isMeasuring = false;
    bool m_isStale = true;
};

} // namespace tierline::ui
