#include "widgets/docks/rules/readtable.h"

#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QHeaderView>
#include <QTableView>

namespace tierline::ui {

void dressReadTable(QTableView &table)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setTabKeyNavigation(false);
    table.setShowGrid(false);
    table.setFrameShape(QFrame::NoFrame);
    table.verticalHeader()->hide();
    table.horizontalHeader()->setStretchLastSection(true);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void fitColumns(QTableView &table, int count)
{
    table.resizeColumnsToContents();
    const QFontMetrics head(textFont(TextRole::MutedStrong));
    for (int column = 0; column < count; ++column) {
        const QString title = table.model()->headerData(column, Qt::Horizontal).toString();
        table.setColumnWidth(column,
            std::max(table.columnWidth(column), head.horizontalAdvance(title) + 3 * space::Inner));
    }
}

void fitRows(QTableView &table)
{
    int height = table.horizontalHeader()->sizeHint().height() + 2 * table.frameWidth();
    for (int row = 0; row < table.model()->rowCount(); ++row)
        height += table.rowHeight(row);
    table.setMaximumHeight(std::max(height, table.minimumHeight()));
}

} // namespace tierline::ui
