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

    /// The names that stand below running categories at present.
    QStringList namesShown() const;

signals:
    void barClicked(int series, int category);

protected:
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    struct Name {
        QRectF box; ///< in the scene
        QString text;
    };
    std::vector<Name> placeNames() const;
    void addBars(const ChartData &data, const Theme &theme);
    void addLines(const ChartData &data, const Theme &theme);
    void styleAxis(QAbstractAxis *axis, const QString &title, const Theme &theme, bool hasGrid);

    QStringList m_names; ///< of running categories, which the axis would cut
    QColor m_namesColor;
};

} // namespace tierline::ui
