#pragma once

#include "widgets/common/chartdata.h"

#include <QChartView>

// The only place that knows Qt Charts. This room only.
namespace tierline::ui {

/// Shapes that tell series apart besides their colour.
enum class Marker : quint8 { Circle, Square, Triangle, Diamond, Cross, Ring };
QImage markerImage(Marker marker, const QColor &color, const QColor &ground, qreal ratio);

class ChartCanvas : public QChartView
{
    Q_OBJECT
public:
    explicit ChartCanvas(QWidget *parent = nullptr);
    /// Replaces everything that is shown.
    void show(const ChartData &data, const Theme &theme, const QLocale &locale);
    /// How many pixel columns a line has at present.
    int columns() const;

    using QChartView::show;

signals:
    void barClicked(int series, int category);

private:
    void addBars(const ChartData &data, const Theme &theme);
    void addLines(const ChartData &data, const Theme &theme);
    void styleAxis(QAbstractAxis *axis, const QString &title, const Theme &theme, bool hasGrid);
};

} // namespace tierline::ui
