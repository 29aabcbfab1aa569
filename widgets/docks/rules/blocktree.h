#pragma once

#include "widgets/docks/rules/ruleblocks.h"

#include <QTreeWidget>

namespace tierline::ui {

/// The rows of a rule: its conditions in their groups, then its actions in the order in which they happen. Alt+Up
/// and Alt+Down move the chosen row, into groups and out of them; so does dragging. Insert adds one below it,
/// Ctrl+G puts it into a group of its own, Delete removes it. The last condition and the last action stay, since
/// a rule has both. Thread: ui.
class BlockTree : public QTreeWidget
{
    Q_OBJECT
public:
    explicit BlockTree(QWidget *parent = nullptr);

    void setBlocks(const RuleBlocks &blocks);
    RuleBlocks blocks() const;
    /// The chosen row without those in it; none where nothing or the head of the actions is chosen.
    std::optional<Block> current() const;
    /// Whether the chosen row is the group of all conditions, which is never negated or moved.
    bool isRoot() const;
    /// Puts something else into the chosen row; what is in a group stays in it.
    void setCurrent(const Block &block);
    void setReadOnly(bool isReadOnly);

    /// Adds a row: a condition or a group beside or in the chosen one, an action behind the chosen one.
    void add(const Block &block);
    void wrap();
    void remove();
    void move(int steps);
    bool mayRemove() const;
    bool mayMove(int steps) const;
    bool mayWrap() const;
    /// Moves a row to stand at `index` of a group, or of the actions; false where it may not.
    bool place(QTreeWidgetItem *item, QTreeWidgetItem *into, int index);

signals:
    void edited(); ///< rows came, went or moved
    void chosen();
    void addWanted(); ///< Insert
    void editWanted(); ///< Enter

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    /// Groups are always open: their indent says it, and there is nothing to click.
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override { }

private:
    class Item;
    Item *chosenItem() const;
    Item *addItem(QTreeWidgetItem *parent, int index, const Block &block);
    Block blockOf(const Item *item) const;
    bool isAmongActions(const QTreeWidgetItem *item) const;
    bool isInside(const QTreeWidgetItem *item, const QTreeWidgetItem *of) const;
    std::pair<QTreeWidgetItem *, int> target(const QPoint &point) const;
    std::pair<QTreeWidgetItem *, int> stepTarget(const QTreeWidgetItem *item, int steps) const;
    void choose(QTreeWidgetItem *item);
    void tell(QTreeWidgetItem *item);

    Item *m_when = nullptr;
    QTreeWidgetItem *m_then = nullptr;
    bool m_isReadOnly = false;
    bool m_isFilling = false;
};

} // namespace tierline::ui
