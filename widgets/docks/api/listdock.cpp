#include "widgets/docks/api/listdock.h"

#include "widgets/common/accessible.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int MostLineHeight = 6; ///< rows of one wrapped line; what is longer is on hover

int heightOf(const QFontMetrics &metrics, const QString &text, int width)
{
    const int whole
        = metrics.boundingRect(QRect(0, 0, width, 100'000), Qt::TextWordWrap, text).height();
    return qMin(whole, metrics.lineSpacing() * MostLineHeight);
}

/// A list whose rows depend on its width.
class WrappingList final : public QListView
{
protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QListView::resizeEvent(event);
        scheduleDelayedItemsLayout();
    }
};

} // namespace

class ListDock::Delegate final : public QStyledItemDelegate
{
public:
    Delegate(const QList<ListEntry> &entries, QListView &view)
        : QStyledItemDelegate(&view)
        , m_entries(entries)
        , m_view(view)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        if (index.row() >= m_entries.size())
            return;
        const ListEntry &entry = m_entries[index.row()];
        const Theme &theme = Theme::of(option.palette);
        const bool isSelected = option.state & QStyle::State_Selected;
        const bool isHovered = option.state & QStyle::State_MouseOver;
        painter->save();
        painter->fillRect(option.rect,
            theme[isSelected    ? Token::Selection
                    : isHovered ? Token::Hover
                                : Token::Panel]);
        painter->setPen(theme[Token::Border]);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        QRect rest = option.rect.adjusted(space::Apart, space::Tight, -space::Apart, 0);
        const QFont strong = textFont(TextRole::Strong), muted = textFont(TextRole::Muted);
        const QFontMetrics large(strong), small(muted);
        const int aside = small.horizontalAdvance(entry.aside);
        painter->setFont(muted);
        painter->setPen(theme[Token::Muted]);
        painter->drawText(QRect(rest.left(), rest.top(), rest.width(), large.lineSpacing()),
            Qt::AlignRight | Qt::AlignVCenter, entry.aside);
        painter->setFont(strong);
        painter->setPen(theme[Token::Text]);
        painter->drawText(QRect(rest.left(), rest.top(), rest.width(), large.lineSpacing()),
            Qt::AlignLeft | Qt::AlignVCenter,
            large.elidedText(entry.title, Qt::ElideRight, rest.width() - aside - space::Tight));
        rest.setTop(rest.top() + large.lineSpacing() + space::Hair);
        painter->setFont(muted);
        for (const ListEntry::Line &line : entry.lines) {
            const int height = heightOf(small, line.text, rest.width());
            painter->setPen(theme[line.colour]);
            painter->drawText(QRect(rest.left(), rest.top(), rest.width(), height),
                Qt::AlignLeft | Qt::TextWordWrap, line.text);
            rest.setTop(rest.top() + height + space::Hair);
        }
        if (option.state & QStyle::State_HasFocus && isSelected) {
            painter->setPen(QPen(theme[Token::Accent], FocusRing));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        if (index.row() >= m_entries.size())
            return {};
        const ListEntry &entry = m_entries[index.row()];
        const int width = qMax(80, m_view.viewport()->width() - 2 * space::Apart);
        const QFontMetrics small(textFont(TextRole::Muted));
        int height = QFontMetrics(textFont(TextRole::Strong)).lineSpacing() + 2 * space::Tight;
        for (const ListEntry::Line &line : entry.lines)
            height += heightOf(small, line.text, width) + space::Hair;
        return { 120, height };
    }

private:
    const QList<ListEntry> &m_entries;
    QListView &m_view;
};

ListDock::ListDock(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_count(new PlainLabel)
    , m_view(new WrappingList)
    , m_empty(new EmptyState)
    , m_bar(new QWidget)
    , m_actions(new QHBoxLayout(m_bar))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto *head = new PlainLabel(title);
    setTextRole(head, TextRole::Strong);
    setTextRole(m_count, TextRole::Muted);
    auto *header = new QWidget;
    header->setObjectName(u"dockHeader"_s);
    header->setAutoFillBackground(true);
    header->setBackgroundRole(QPalette::Base);
    auto *top = new QHBoxLayout(header);
    top->setContentsMargins(space::Apart, space::Inner, space::Apart, space::Tight);
    top->addWidget(head);
    top->addStretch();
    top->addWidget(m_count);

    m_view->setModel(&m_model);
    m_view->setItemDelegate(new Delegate(m_entries, *m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformItemSizes(false);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setMouseTracking(true);
    m_view->setAccessibleName(title);
    m_actions->setContentsMargins(space::Inner, space::Tight, space::Inner, space::Inner);
    m_actions->setSpacing(space::Hair);
    // The verbs fit the width that a side dock is given; they must not ask for more of it.
    m_bar->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_actions->addStretch();
    auto *list = new QWidget;
    auto *inner = new QVBoxLayout(list);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addWidget(m_view, 1);
    inner->addWidget(m_bar);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(list);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header);
    layout->addLayout(m_stack, 1);
    setFocusProxy(m_view);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this] { emit chosen(currentId()); });
    connect(m_view, &QListView::activated, this, [this] { emit activated(currentId()); });
}

QString ListDock::currentId() const
{
    const int row = m_view->currentIndex().row();
    return row >= 0 && row < m_entries.size() ? m_entries[row].id : QString();
}

void ListDock::choose(const QString &id)
{
    for (int row = 0; row < m_entries.size(); ++row) {
        if (m_entries[row].id == id)
            m_view->setCurrentIndex(m_model.index(row, 0));
    }
}

void ListDock::setEntries(const QList<ListEntry> &entries, const QString &count)
{
    m_count->setText(entries.isEmpty() ? QString() : count);
    m_stack->setCurrentIndex(entries.isEmpty() ? 0 : 1);
    if (entries == m_entries)
        return;
    const QString before = currentId();
    const int row = m_view->currentIndex().row();
    m_entries = entries;
    // Rows are looked up by number: only what a screen reader hears is in the model.
    m_model.setRowCount(int(entries.size()));
    m_model.setColumnCount(1);
    for (int i = 0; i < entries.size(); ++i) {
        QStringList heard { entries[i].title, entries[i].aside };
        for (const ListEntry::Line &line : entries[i].lines)
            heard.append(line.text);
        m_model.setData(m_model.index(i, 0), heard.join(u", "_s), Qt::AccessibleTextRole);
        m_model.setData(m_model.index(i, 0), entries[i].title, Qt::DisplayRole);
        m_model.setData(m_model.index(i, 0), asRichSource(entries[i].tip), Qt::ToolTipRole);
    }
    m_view->doItemsLayout();
    if (!entries.isEmpty()) {
        const auto same = std::ranges::find(entries, before, &ListEntry::id);
        const int next = same != entries.end() ? int(same - entries.begin())
                                               : qBound(0, row, int(entries.size()) - 1);
        m_view->setCurrentIndex(m_model.index(next, 0));
    }
    m_view->viewport()->update();
    emit chosen(currentId());
}

QPushButton *ListDock::addAction(
    const QString &name, const QString &text, const QKeySequence &key, bool isMain)
{
    auto *button = named(new QPushButton(text), name, text);
    setProminence(button, isMain ? Prominence::Normal : Prominence::Quiet);
    if (!key.isEmpty()) {
        setKeycap(button, key.toString(QKeySequence::NativeText));
        auto *shortcut = new QShortcut(key, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, button, [button] { button->click(); });
    }
    m_actions->insertWidget(m_actions->count() - 1, button);
    return button;
}

void ListDock::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        m_view->doItemsLayout();
}

} // namespace tierline::ui
