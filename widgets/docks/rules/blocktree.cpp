#include "widgets/docks/rules/blocktree.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QDropEvent>
#include <QHeaderView>
#include <QKeyEvent>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype RowLetters = 300; ///< characters of a row; the rest is on hover

} // namespace

/// A row with what it says; what is in it are its child items.
class BlockTree::Item final : public QTreeWidgetItem
{
public:
    explicit Item(const Block &own)
        : QTreeWidgetItem(UserType)
    {
        set(own);
    }
    void set(const Block &own)
    {
        block = own;
        block.children.clear();
        const QString words = wordsOf(block);
        setText(0, oneLine(words, RowLetters));
        setData(0, Qt::ToolTipRole, asRichSource(plainLines(words)));
        setFont(0, textFont(block.isGroup() ? TextRole::Strong : TextRole::Body));
    }
    Block block;
};

BlockTree::BlockTree(QWidget *parent)
    : QTreeWidget(parent)
{
    named(this, u"ruleBlocks"_s, tr("Conditions and actions of the rule"),
        tr("Alt+Up and Alt+Down move a row, Insert adds one, Delete removes it, Enter edits it"));
    setColumnCount(1);
    header()->hide();
    setFrameShape(NoFrame);
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setIndentation(space::Apart);
    setUniformRowHeights(true);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideRight);
    header()->setStretchLastSection(true);
    setDragDropMode(InternalMove);
    setDefaultDropAction(Qt::MoveAction);
    setDropIndicatorShown(true);
    connect(this, &QTreeWidget::currentItemChanged, this, [this] {
        if (!m_isFilling)
            emit chosen();
    });
    connect(this, &QTreeWidget::itemActivated, this, &BlockTree::editWanted);
}

void BlockTree::setReadOnly(bool isReadOnly)
{
    m_isReadOnly = isReadOnly;
    setDragDropMode(isReadOnly ? NoDragDrop : InternalMove);
}

BlockTree::Item *BlockTree::addItem(QTreeWidgetItem *parent, int index, const Block &block)
{
    auto *item = new Item(block);
    if (parent)
        parent->insertChild(index, item);
    else
        insertTopLevelItem(index, item);
    for (const Block &child : block.children)
        addItem(item, item->childCount(), child);
    item->setExpanded(true);
    return item;
}

void BlockTree::setBlocks(const RuleBlocks &blocks)
{
    m_isFilling = true;
    clear();
    m_when = addItem(nullptr, 0, blocks.when);
    m_then = new QTreeWidgetItem({ tr("then, in this order") });
    m_then->setFont(0, textFont(TextRole::Strong));
    addTopLevelItem(m_then);
    for (const Block &block : blocks.then)
        addItem(m_then, m_then->childCount(), block);
    m_then->setExpanded(true);
    m_isFilling = false;
    choose(m_when->childCount() > 0 ? m_when->child(0) : m_when);
}

Block BlockTree::blockOf(const Item *item) const
{
    Block block = item->block;
    for (int i = 0; i < item->childCount(); ++i)
        block.children.push_back(blockOf(static_cast<const Item *>(item->child(i))));
    return block;
}

RuleBlocks BlockTree::blocks() const
{
    RuleBlocks blocks;
    if (!m_when)
        return blocks;
    blocks.when = blockOf(m_when);
    for (int i = 0; i < m_then->childCount(); ++i)
        blocks.then.push_back(static_cast<const Item *>(m_then->child(i))->block);
    return blocks;
}

BlockTree::Item *BlockTree::chosenItem() const
{
    QTreeWidgetItem *item = currentItem();
    return !item || item == m_then ? nullptr : static_cast<Item *>(item);
}

std::optional<Block> BlockTree::current() const
{
    const Item *item = chosenItem();
    return item ? std::optional(item->block) : std::nullopt;
}

bool BlockTree::isRoot() const
{
    return currentItem() && currentItem() == m_when;
}

void BlockTree::setCurrent(const Block &block)
{
    if (Item *item = chosenItem()) {
        item->set(block);
        emit edited();
    }
}

bool BlockTree::isAmongActions(const QTreeWidgetItem *item) const
{
    return item == m_then || (item && item->parent() == m_then);
}

bool BlockTree::isInside(const QTreeWidgetItem *item, const QTreeWidgetItem *of) const
{
    for (; item; item = item->parent()) {
        if (item == of)
            return true;
    }
    return false;
}

void BlockTree::choose(QTreeWidgetItem *item)
{
    setCurrentItem(item);
    scrollToItem(item);
}

void BlockTree::tell(QTreeWidgetItem *item)
{
    announce(this,
        tr("%1 is row %2 of %3 now")
            .arg(item->text(0))
            .arg(item->parent()->indexOfChild(item) + 1)
            .arg(item->parent()->text(0)));
}

void BlockTree::add(const Block &block)
{
    if (m_isReadOnly || !m_when)
        return;
    QTreeWidgetItem *at = currentItem();
    QTreeWidgetItem *into = block.acts() ? m_then : m_when;
    int index = into->childCount();
    if (at && isAmongActions(at) == block.acts()) {
        const bool isGroup = at == m_then || at == m_when
            || (!block.acts() && static_cast<Item *>(at)->block.isGroup());
        into = isGroup ? at : at->parent();
        index = isGroup ? at->childCount() : into->indexOfChild(at) + 1;
    }
    Item *item = addItem(into, index, block);
    into->setExpanded(true);
    choose(item);
    emit edited();
}

bool BlockTree::mayWrap() const
{
    const Item *item = chosenItem();
    return item && !m_isReadOnly && item != m_when && !item->block.acts();
}

/// Into a group of the other kind than the one around it: the same kind would say nothing new.
void BlockTree::wrap()
{
    if (!mayWrap())
        return;
    Item *item = chosenItem();
    auto *around = static_cast<Item *>(item->parent());
    const bool isAll = around->block.kind == Block::Kind::All;
    const int index = around->indexOfChild(item);
    m_isFilling = true;
    Item *group = addItem(around, index, { .kind = isAll ? Block::Kind::Any : Block::Kind::All });
    around->removeChild(item);
    group->addChild(item);
    group->setExpanded(true);
    item->setExpanded(true);
    m_isFilling = false;
    choose(group);
    emit edited();
}

bool BlockTree::mayRemove() const
{
    const Item *item = chosenItem();
    if (!item || m_isReadOnly || item == m_when)
        return false;
    if (item->block.acts())
        return m_then->childCount() > 1;
    // What is left must still hold a condition somewhere.
    const auto count = [](const auto &self, const QTreeWidgetItem *of) -> int {
        int found = static_cast<const Item *>(of)->block.isGroup() ? 0 : 1;
        for (int i = 0; i < of->childCount(); ++i)
            found += self(self, of->child(i));
        return found;
    };
    return count(count, m_when) > count(count, item);
}

void BlockTree::remove()
{
    Item *item = chosenItem();
    if (!item || m_isReadOnly || item == m_when)
        return;
    if (!mayRemove()) {
        announce(this,
            item->block.acts() ? tr("A rule has at least one action.")
                               : tr("A rule has at least one condition."));
        return;
    }
    QTreeWidgetItem *around = item->parent();
    const int index = around->indexOfChild(item);
    m_isFilling = true;
    delete item;
    m_isFilling = false;
    choose(around->childCount() > 0 ? around->child(std::min(index, around->childCount() - 1))
                                    : around);
    emit edited();
    emit chosen();
}

/// Where a step up or down leads: into a group that is next, past what is next, or out of its own group.
std::pair<QTreeWidgetItem *, int> BlockTree::stepTarget(
    const QTreeWidgetItem *item, int steps) const
{
    if (!item || item == m_when || item == m_then)
        return {};
    QTreeWidgetItem *around = item->parent();
    const int index = around->indexOfChild(const_cast<QTreeWidgetItem *>(item));
    const int next = index + steps;
    if (next >= 0 && next < around->childCount()) {
        QTreeWidgetItem *other = around->child(next);
        if (around != m_then && static_cast<Item *>(other)->block.isGroup())
            return { other, steps < 0 ? other->childCount() : 0 };
        return { around, next };
    }
    if (around == m_when || around == m_then)
        return {};
    QTreeWidgetItem *outer = around->parent();
    return { outer, outer->indexOfChild(around) + (steps < 0 ? 0 : 1) };
}

bool BlockTree::mayMove(int steps) const
{
    return !m_isReadOnly && stepTarget(chosenItem(), steps).first;
}

void BlockTree::move(int steps)
{
    Item *item = chosenItem();
    const auto [into, index] = stepTarget(item, steps);
    if (!m_isReadOnly && into && place(item, into, index))
        tell(item);
}

/// `index` counts the rows as they stand once the moved one is taken out.
bool BlockTree::place(QTreeWidgetItem *item, QTreeWidgetItem *into, int index)
{
    if (m_isReadOnly || !item || !into || item == m_when || item == m_then || isInside(into, item))
        return false;
    const bool acts = isAmongActions(item);
    if (acts != (into == m_then))
        return false;
    if (!acts && into != m_when && !static_cast<Item *>(into)->block.isGroup())
        return false;
    QTreeWidgetItem *from = item->parent();
    if (from == into && from->indexOfChild(item) == index)
        return false;
    m_isFilling = true;
    from->removeChild(item);
    into->insertChild(std::clamp(index, 0, into->childCount()), item);
    // A group that a move has emptied says nothing any more.
    while (!acts && from != m_when && from->childCount() == 0) {
        QTreeWidgetItem *outer = from->parent();
        delete from;
        from = outer;
    }
    const auto expand = [](const auto &self, QTreeWidgetItem *of) -> void {
        of->setExpanded(true);
        for (int i = 0; i < of->childCount(); ++i)
            self(self, of->child(i));
    };
    expand(expand, item);
    into->setExpanded(true);
    m_isFilling = false;
    choose(item);
    emit edited();
    return true;
}

void BlockTree::keyPressEvent(QKeyEvent *event)
{
    const bool isUp = event->key() == Qt::Key_Up, isDown = event->key() == Qt::Key_Down;
    if (event->modifiers() == Qt::AltModifier && (isUp || isDown)) {
        move(isUp ? -1 : 1);
        event->accept();
        return;
    }
    if (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_G) {
        wrap();
        event->accept();
        return;
    }
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && event->modifiers() == Qt::NoModifier) {
        emit editWanted();
        return;
    }
    switch (event->modifiers() == Qt::NoModifier ? event->key() : 0) {
    case Qt::Key_Insert:
        if (!m_isReadOnly)
            emit addWanted();
        return;
    case Qt::Key_Delete: remove(); return;
    default: QTreeWidget::keyPressEvent(event);
    }
}

/// Where what is dropped at a point would stand.
std::pair<QTreeWidgetItem *, int> BlockTree::target(const QPoint &point) const
{
    QTreeWidgetItem *over = itemAt(point);
    if (!over)
        return { m_then, m_then ? m_then->childCount() : 0 };
    const QRect row = visualItemRect(over);
    const int third = (point.y() - row.top()) * 3 / std::max(1, row.height());
    const bool isHead = over == m_when || over == m_then;
    const bool isGroup
        = isHead || (!isAmongActions(over) && static_cast<Item *>(over)->block.isGroup());
    if (isGroup && (isHead || third == 1))
        return { over, isHead ? 0 : over->childCount() };
    QTreeWidgetItem *around = over->parent();
    return { around,
        around->indexOfChild(over) + (third >= 2 || (third == 1 && !isGroup) ? 1 : 0) };
}

void BlockTree::dragMoveEvent(QDragMoveEvent *event)
{
    QTreeWidget::dragMoveEvent(event);
    const auto [into, index] = target(event->position().toPoint());
    const QTreeWidgetItem *item = chosenItem();
    const bool fits
        = item && into && !isInside(into, item) && isAmongActions(item) == (into == m_then);
    event->setAccepted(fits);
}

void BlockTree::dropEvent(QDropEvent *event)
{
    QTreeWidgetItem *item = chosenItem();
    auto [into, index] = target(event->position().toPoint());
    if (item && into && item->parent() == into && into->indexOfChild(item) < index)
        --index; // it leaves its place first
    if (place(item, into, index))
        tell(item);
    // Moved already: the view must not remove anything.
    event->setDropAction(Qt::CopyAction);
    event->accept();
}

} // namespace tierline::ui
