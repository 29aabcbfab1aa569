#pragma once

#include <QAbstractTableModel>
#include <QString>

namespace tierline::bench {

/// The peer of a queue: a table whose cells are computed from their place, with nothing behind them.
class BareList : public QAbstractTableModel
{
public:
    explicit BareList(int rows)
        : m_rows(rows)
    {
    }
    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : m_rows;
    }
    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : 7;
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (role != Qt::DisplayRole)
            return {};
        return QStringLiteral("Row %1 of column %2").arg(index.row()).arg(index.column());
    }

private:
    int m_rows;
};

} // namespace tierline::bench
