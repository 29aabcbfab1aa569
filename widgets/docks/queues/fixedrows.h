#pragma once

#include <QListView>

namespace tierline::ui {

/// A list in which every row is as high as the first. QListView lays out each row anew after every change,
/// which takes some tens of milliseconds for a million; here a row's place is its number times the height,
/// so that nothing depends on how many there are. To keys, screen readers and styles it is a QListView.
/// Thread: ui.
class FixedRows : public QListView
{
    Q_OBJECT
public:
    explicit FixedRows(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    QRect visualRect(const QModelIndex &index) const override;
    QModelIndex indexAt(const QPoint &point) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    void doItemsLayout() override;
    void reset() override;

protected:
    /// Pixels; 0 while there is no row.
    int rowHeight() const { return m_height; }

    void updateGeometries() override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(
        const QItemSelection &selected, const QItemSelection &deselected) override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
        const QList<int> &roles = {}) override;
    void rowsInserted(const QModelIndex &parent, int first, int last) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int first, int last) override;

private:
    int rowCount() const;
    int rowAt(int y) const; ///< may lie outside of the rows
    QRect rectOf(int row) const;
    void setHovered(int row);

    int m_height = 0;
    int m_hovered = -1;
};

} // namespace tierline::ui
