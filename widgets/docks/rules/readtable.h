#pragma once

#include <QSize>

class QTableView;

namespace tierline::ui {

/// A table to read: a row is chosen whole and none is edited, its last column takes what is left.
void dressReadTable(QTableView &table);

/// Columns as wide as their words and their heads are; of the first `count`, which the last follows.
void fitColumns(QTableView &table, int count);

/// Never taller than its rows, so that what follows stands right below them. Call it when rows have come or gone.
void fitRows(QTableView &table);

inline constexpr int LeastChart = 240; ///< px in which axes and caption can be read

/// What scrolls or draws itself, asking for no more than the least height that is of use, in px; it grows with what
/// there is. So a column of such parts scrolls as a whole only where even that much has no room.
template<typename Part>
class GrowsFrom : public Part
{
public:
    template<typename... Arguments>
    explicit GrowsFrom(int least, const Arguments &...arguments)
        : Part(arguments...)
    {
        this->setMinimumHeight(least);
    }
    QSize sizeHint() const override { return { Part::sizeHint().width(), this->minimumHeight() }; }
};

} // namespace tierline::ui
