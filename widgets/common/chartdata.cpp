#include "widgets/common/chartdata.h"

#include "widgets/common/plainlabel.h"

#include <cmath>
#include <limits>

namespace tierline::ui {

namespace {
constexpr double Gap = std::numeric_limits<double>::quiet_NaN();
}

bool ChartData::isEmpty() const
{
    return std::all_of(series.cbegin(), series.cend(), [](const ChartSeries &s) {
        return s.points.isEmpty() && std::all_of(s.values.cbegin(), s.values.cend(), [](double v) {
            return std::isnan(v);
        });
    });
}

QList<QPointF> thinned(const QList<QPointF> &points, int columns)
{
    if (columns < 1 || points.size() <= qsizetype(columns) * 2)
        return points;
    const double first = points.first().x();
    const double span = points.last().x() - first;
    if (!(span > 0))
        return points.first(2);
    QList<QPointF> out;
    out.reserve(qsizetype(columns) * 2);
    const auto columnOf = [&](const QPointF &p) {
        return std::clamp(int((p.x() - first) / span * columns), 0, columns - 1);
    };
    for (qsizetype i = 0; i < points.size();) {
        const int column = columnOf(points[i]);
        qsizetype low = i;
        qsizetype high = i;
        for (; i < points.size() && columnOf(points[i]) == column; ++i) {
            if (points[i].y() < points[low].y())
                low = i;
            if (points[i].y() > points[high].y())
                high = i;
        }
        out.append(points[std::min(low, high)]);
        if (low != high)
            out.append(points[std::max(low, high)]);
    }
    return out;
}

ChartTableModel::ChartTableModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void ChartTableModel::setData(const ChartData &data, const QLocale &locale)
{
    beginResetModel();
    m_data = data;
    m_locale = locale;
    m_xs.clear();
    if (data.kind == ChartData::Kind::Lines) {
        for (const ChartSeries &series : data.series)
            for (const QPointF &point : series.points)
                m_xs.append(point.x());
        std::sort(m_xs.begin(), m_xs.end());
        m_xs.erase(std::unique(m_xs.begin(), m_xs.end()), m_xs.end());
    }
    endResetModel();
}

int ChartTableModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return int(m_data.kind == ChartData::Kind::Lines ? m_xs.size() : m_data.categories.size());
}

int ChartTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_data.series.size()) + 1;
}

double ChartTableModel::valueAt(int row, int series) const
{
    const ChartSeries &s = m_data.series.at(series);
    if (m_data.kind != ChartData::Kind::Lines)
        return s.values.value(row, Gap);
    const double x = m_xs.at(row);
    const auto it = std::lower_bound(s.points.cbegin(), s.points.cend(), x,
        [](const QPointF &p, double wanted) { return p.x() < wanted; });
    return it != s.points.cend() && it->x() == x ? it->y() : Gap;
}

QVariant ChartTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole && index.column() > 0)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    if (index.column() == 0)
        return m_data.kind == ChartData::Kind::Lines
            ? m_locale.toString(m_xs.at(index.row()), 'g', 10)
            : oneLine(m_data.categories.at(index.row()), 120);
    const double value = valueAt(index.row(), index.column() - 1);
    return std::isnan(value) ? QStringLiteral("–") : m_locale.toString(value, 'f', m_data.decimals);
}

QVariant ChartTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section > 0)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? m_data.xTitle : oneLine(m_data.series.value(section - 1).name, 60);
}

} // namespace tierline::ui
