#pragma once

#include "widgets/common/theme.h"

#include <QAbstractTableModel>
#include <QLocale>
#include <QPointF>

#include <optional>

namespace tierline::ui {

/// One series of a chart. Bars use `values`, one for each category; lines use `points`, ascending in x.
/// NaN is a gap.
struct ChartSeries {
    QString name;
    QList<double> values;
    QList<QPointF> points;
    std::optional<Token>
        color; ///< where the series has a colour of its own (a tier); else by place
};

/// What a chart shows: values and words only. At most six series.
struct ChartData {
    enum class Kind : quint8 { Bars, StackedBars, Lines };

    Kind kind = Kind::Bars;
    QString title;
    QString xTitle; ///< with its unit: "Week"
    QString yTitle; ///< with its unit: "Tickets", "Time to escalate (min)"
    QString caption; ///< what is counted, with n: "n = 3,412 tickets"
    QStringList categories; ///< of bars
    QList<ChartSeries> series;
    int decimals = 0; ///< of the figures on the y axis and in the table
    /// Days, weeks …: where there is no room for all names, some stand for those between; none is ever cut.
    /// What they are says the caption.
    bool hasRunningCategories = false;

    bool isEmpty() const;
};

/// At most two points for each of `columns` equal steps between the first and the last x: the lowest
/// and the highest in the order in which they came, so that no peak is lost. Fewer points come back
/// as they are. O(n).
QList<QPointF> thinned(const QList<QPointF> &points, int columns);

/// A chart's figures as a table: one row for each category or x, one column for each series.
class ChartTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit ChartTableModel(QObject *parent = nullptr);
    void setData(const ChartData &data, const QLocale &locale);
    using QAbstractTableModel::setData;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    double valueAt(int row, int series) const;

    ChartData m_data;
    QLocale m_locale;
    QList<double> m_xs; ///< of lines: every x once, ascending
};

} // namespace tierline::ui
