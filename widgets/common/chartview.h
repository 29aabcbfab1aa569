#pragma once

#include "widgets/common/chartdata.h"

#include <QWidget>

class QStackedWidget;
class QTableView;
class QToolButton;

namespace tierline::ui {

class ChartCanvas;
class ChartLegend;
class PlainLabel;

/// A chart with its title, legend and caption, and a table of the same figures one key away. What
/// draws it is hidden here. Data is always replaced whole; lines get at most two points for each
/// pixel column. Follows the palette's scheme. Thread: ui. Cost of setData: O(points).
class ChartView : public QWidget
{
    Q_OBJECT
public:
    explicit ChartView(const QLocale &locale, QWidget *parent = nullptr);
    ~ChartView() override;

    void setData(const ChartData &data);
    const ChartData &data() const { return m_data; }
    /// The names of running categories that have room at present.
    QStringList namesShown() const;

    /// The table in place of the drawing, for screen readers and for exact figures.
    void setTableShown(bool on);
    bool isTableShown() const;

    QSize sizeHint() const override { return { 560, 320 }; }
    QSize minimumSizeHint() const override { return { 280, 180 }; }

signals:
    /// A bar was clicked, or a cell of the table activated.
    void activated(int series, int category);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void draw();

    ChartData m_data;
    QLocale m_locale;
    ChartCanvas *m_canvas;
    ChartLegend *m_legend;
    ChartTableModel *m_rows;
    QTableView *m_table;
    QStackedWidget *m_stack;
    PlainLabel *m_title;
    PlainLabel *m_caption;
    QToolButton *m_toggle;
};

/// A line of values with neither axes nor words, for tiles and cells. The figure beside it says what
/// it is; screen readers get its first and last value. NaN is a gap.
class Sparkline : public QWidget
{
    Q_OBJECT
public:
    explicit Sparkline(QWidget *parent = nullptr);
    void setValues(const QList<double> &values);
    QSize sizeHint() const override { return { 120, 32 }; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<double> m_values;
};

} // namespace tierline::ui
