#include "app/desktop/searchbox.h"

#include "app/desktop/searchdelegate.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

SearchResults::SearchResults(Workbench &workbench, QObject *parent)
    : QAbstractListModel(parent)
    , m_workbench(workbench)
{
}

void SearchResults::set(std::vector<storage::SearchHit> hits)
{
    beginResetModel();
    m_hits = std::move(hits);
    endResetModel();
}

int SearchResults::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_hits.size());
}

QVariant SearchResults::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const storage::SearchHit &hit = m_hits[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return oneLine(hit.row.subject);
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3")
            .arg(oneLine(hit.row.subject), hit.row.key, oneLine(hit.row.customer));
    case TicketRole: return hit.row.id.v;
    case SnippetRole: return hit.snippet;
    case TierRole: return hit.row.tier;
    case RankRole: {
        const Tier *tier = m_workbench.people().tier(hit.row.tier);
        return tier ? tier->rank : 1;
    }
    case StatusRole: return static_cast<int>(hit.row.status);
    case KeyRole: return hit.row.key;
    case CustomerRole: return hit.row.customer;
    default: return {};
    }
}

SearchBox::SearchBox(Workbench &workbench, QWidget *parent)
    : QLineEdit(parent)
    , m_workbench(workbench)
    , m_model(workbench)
{
    setObjectName(u"searchBox"_s);
    setPlaceholderText(tr("Search tickets and customers"));
    setAccessibleName(tr("Search"));
    setMinimumWidth(280);
    setMaximumWidth(440);
    setMaxLength(1000);
    setClearButtonEnabled(true);
    m_glass = addAction(icon(Icon::Search, palette(), Token::Muted), LeadingPosition);
    auto *focus = new QAction(this);
    focus->setShortcuts({ QKeySequence(u"Ctrl+K"_s), QKeySequence(u"/"_s) });
    connect(focus, &QAction::triggered, this, [this] {
        setFocus(Qt::ShortcutFocusReason);
        selectAll();
    });
    QWidget::addAction(focus);
    m_key = focus->shortcut().toString(QKeySequence::NativeText);
    connect(this, &QLineEdit::textEdited, this, &SearchBox::ask);
}

void SearchBox::ask()
{
    // An older search ends where it is, and what it may already have answered is told by its number.
    m_stop.stop();
    m_stop = {};
    ++m_generation;
    if (text().trimmed().isEmpty()) {
        if (m_panel)
            m_panel->hide();
        return;
    }
    constexpr Millis moment(60);
    askFor(moment);
}

void SearchBox::askFor(Millis patience)
{
    m_workbench.session()
        .search(text(), 50, m_stop, patience)
        .then(this, [this, generation = m_generation](const Result<storage::SearchPage> &page) {
            if (generation != m_generation)
                return;
            if (!page)
                return m_workbench.report(page.error());
            show(*page);
            if (page->isCutShort)
                askFor(Millis(0));
        });
}

void SearchBox::show(const storage::SearchPage &page)
{
    if (!m_panel) {
        m_panel = new QFrame(window());
        m_panel->setObjectName(u"searchPanel"_s);
        m_panel->setFrameShape(QFrame::StyledPanel);
        m_panel->setAutoFillBackground(true);
        m_panel->setBackgroundRole(QPalette::Base);
        m_panel->setFocusPolicy(Qt::NoFocus);
        m_list = new QListView;
        m_list->setObjectName(u"searchResults"_s);
        m_list->setAccessibleName(tr("Search results"));
        m_list->setModel(&m_model);
        m_list->setItemDelegate(new SearchDelegate(m_list));
        m_list->setUniformItemSizes(true);
        m_list->setFrameShape(QFrame::NoFrame);
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->setMouseTracking(true);
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_hint = new PlainLabel;
        setTextRole(m_hint, TextRole::Muted);
        m_hint->setContentsMargins(space::Inner, space::Tight, space::Inner, space::Tight);
        auto *layout = new QVBoxLayout(m_panel);
        layout->setContentsMargins(1, 1, 1, 1);
        layout->setSpacing(0);
        layout->addWidget(m_list, 1);
        layout->addWidget(m_hint);
        connect(m_list, &QListView::clicked, this, &SearchBox::open);
    }
    const auto found = static_cast<int>(page.hits.size());
    m_model.set(page.hits);
    m_list->setVisible(found > 0);
    if (page.isCutShort)
        m_hint->setText(found == 0
                ? tr("Still searching …")
                : tr("The newest %Ln so far; still searching …", nullptr, found));
    else if (found == 0)
        m_hint->setText(tr("Nothing found: try fewer words, or another spelling."));
    else
        m_hint->setText(page.isComplete ? tr("%Ln found", nullptr, found)
                                        : tr("The newest %Ln are shown.", nullptr, found));
    if (found > 0)
        m_list->setCurrentIndex(m_model.index(0));
    place();
    m_panel->show();
    m_panel->raise();
    emit answered();
}

void SearchBox::place()
{
    if (!m_panel)
        return;
    const QPoint below = mapTo(window(), QPoint(0, height() + space::Hair));
    const int rows = std::min(8, m_model.rowCount());
    const QMargins around = m_hint->contentsMargins();
    // Besides: the frame and the margins inside it, one pixel each.
    const int height = m_hint->fontMetrics().height() + around.top() + around.bottom() + 4
        + (rows > 0 ? rows * m_list->sizeHintForRow(0) : 0);
    m_panel->setGeometry(below.x(), below.y(), std::max(width(), 520), height);
}

void SearchBox::open(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    m_panel->hide();
    m_workbench.open({ index.data(SearchResults::TicketRole).toLongLong() });
    emit m_workbench.queueFocusWanted();
}

void SearchBox::keyPressEvent(QKeyEvent *event)
{
    const bool isOpen = m_panel && m_panel->isVisible();
    switch (event->key()) {
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (isOpen && m_model.rowCount() > 0) {
            const int step = event->key() == Qt::Key_Down ? 1 : -1;
            const int row = qBound(0, m_list->currentIndex().row() + step, m_model.rowCount() - 1);
            m_list->setCurrentIndex(m_model.index(row));
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isOpen)
            open(m_list->currentIndex());
        return;
    case Qt::Key_Escape:
        if (isOpen)
            m_panel->hide();
        else
            emit m_workbench.queueFocusWanted();
        return;
    default: break;
    }
    QLineEdit::keyPressEvent(event);
}

void SearchBox::focusInEvent(QFocusEvent *event)
{
    QLineEdit::focusInEvent(event);
    if (m_panel && !text().isEmpty())
        ask();
}

void SearchBox::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    if (m_panel)
        m_panel->hide();
}

void SearchBox::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    if (!text().isEmpty() || hasFocus())
        return;
    QPainter painter(this);
    const int wide = shape::keycap(nullptr, {}, m_key, {});
    const QRect cap(width() - wide - space::Tight, 0, wide, height());
    shape::keycap(&painter, QStyle::visualRect(layoutDirection(), rect(), cap), m_key,
        Theme::of(this)[Token::Muted]);
}

void SearchBox::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_glass)
        m_glass->setIcon(icon(Icon::Search, palette(), Token::Muted));
}

void SearchBox::resizeEvent(QResizeEvent *event)
{
    QLineEdit::resizeEvent(event);
    place();
}

} // namespace tierline::ui
