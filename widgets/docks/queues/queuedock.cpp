#include "widgets/docks/queues/queuedock.h"

#include "widgets/common/accessible.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/queuerowdelegate.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/ledgerpopover.h"
#include "widgets/docks/queues/queueview.h"
#include "widgets/docks/queues/sortbutton.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QShortcut>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace tierline::ui {

QueueDock::QueueDock(Workbench &workbench, Place place, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_place(std::move(place))
    , m_words(words)
    , m_model(workbench.session().queues())
    , m_delegate(new QueueRowDelegate(
          workbench.clock(), words, [this](const QModelIndex &index) { return readRow(index); },
          this))
    , m_view(new QueueView)
    , m_title(new PlainLabel(m_place.title))
    , m_counts(new PlainLabel)
    , m_risk(new PlainLabel)
    , m_sort(new SortButton)
    , m_filter(new QLineEdit)
    , m_empty(new EmptyState)
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setTextRole(m_title, TextRole::Strong);
    setTextRole(m_counts, TextRole::Body);
    setTextRole(m_risk, TextRole::Strong);
    m_risk->setForegroundRole(QPalette::WindowText); // which takes the colour of risk below
    m_counts->setForegroundRole(QPalette::PlaceholderText);
    m_model.setSpeaker([this, words](int row) {
        return spokenQueueRow(viewOf(m_model.rowIfLoaded(row)), m_workbench.clock().now(), words);
    });
    m_view->setModel(&m_model);
    m_view->setModelColumn(model::QueueModel::Subject);
    m_view->setItemDelegate(m_delegate);
    m_view->setAccessibleName(tr("Queue %1").arg(m_place.title));
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);

    auto *bar = new QWidget;
    bar->setObjectName(QStringLiteral("dockHeader"));
    bar->setAutoFillBackground(true);
    bar->setBackgroundRole(QPalette::Base);
    auto *header = new QHBoxLayout(bar);
    header->setContentsMargins(space::Inner, space::Inner, space::Inner, space::Inner);
    header->setSpacing(space::Hair);
    header->addWidget(m_title);
    header->addStretch();
    header->addWidget(m_counts);
    header->addWidget(m_risk);
    header->addWidget(m_sort);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    auto *filtering = new QHBoxLayout;
    filtering->setContentsMargins(space::Inner, 0, space::Inner, 0);
    filtering->addWidget(m_filter);
    layout->addLayout(filtering);
    layout->addLayout(m_stack, 1);
    setFocusProxy(m_view);
    makeArranging();

    connect(&m_model, &model::QueueModel::stateChanged, this, &QueueDock::onState);
    for (const auto signal :
        { &QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved })
        connect(&m_model, signal, this, &QueueDock::onState);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &QueueDock::selectCurrent);
    connect(&m_model, &QAbstractItemModel::modelReset, this, [this] {
        onState();
        selectCurrent();
    });
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &QueueDock::showCounts);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &QueueDock::onSelection);
    connect(m_view, &QueueView::entered, this, [this] { emit m_workbench.composeWanted(false); });
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_model.state() == model::QueueModel::State::Failed)
            m_model.reload();
        else if (!m_filter->text().isEmpty())
            closeFilter();
        else if (const QString home = homePlace(m_workbench.people()); home != m_place.id)
            m_workbench.goTo(home);
        else
            emit m_workbench.dialogWanted(QStringLiteral("newticket"));
    });
    connect(&m_workbench, &Workbench::currentChanged, this, &QueueDock::selectCurrent);
    connect(&m_workbench, &Workbench::placeChanged, this, &QueueDock::openFirst);
    // Clocks are drawn from the time, not through the model: only what is visible is painted again.
    connect(&m_tick, &QTimer::timeout, this, &QueueDock::keepTime);
    m_tick.setInterval(1000);
    // The queue that is shown first is read while the window is still being laid out.
    if (m_place.id == m_workbench.place())
        m_model.setQuery(m_place.query);
}

void QueueDock::makeArranging()
{
    named(m_filter, QStringLiteral("queueFilter"), tr("Filter of %1").arg(m_place.title));
    m_filter->setPlaceholderText(tr("Words in the subject"));
    m_filter->setClearButtonEnabled(true);
    m_filter->installEventFilter(this);
    m_filter->hide();
    connect(
        new QShortcut(QKeySequence::Find, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
        &QShortcut::activated, this, &QueueDock::openFilter);
    connect(m_filter, &QLineEdit::textChanged, this,
        [this](const QString &text) { m_model.setFilter({ .text = text.simplified() }); });
    connect(m_sort, &SortButton::opening, &m_model, &model::QueueModel::warm);
    connect(m_sort, &SortButton::chosen, &m_model, &model::QueueModel::setOrder);
    connect(&m_model, &model::QueueModel::arranged, m_view, &QAbstractItemView::scrollToTop);
}

void QueueDock::openFilter()
{
    m_model.warm();
    m_filter->show();
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void QueueDock::closeFilter()
{
    m_filter->clear();
    m_filter->hide();
    m_view->setFocus();
}

bool QueueDock::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view || watched == m_view->viewport())
        return filterView(event) || QWidget::eventFilter(watched, event);
    if (watched == m_filter && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape) {
            closeFilter();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_view->setFocus();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

/// The clock of a row leads to why it is due then: by a click, or with L for the chosen row.
bool QueueDock::filterView(QEvent *event)
{
    switch (event->type()) {
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress: {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() != Qt::Key_L || key->modifiers() != Qt::NoModifier
            || !m_view->currentIndex().isValid())
            return false;
        event->accept();
        if (event->type() == QEvent::KeyPress)
            openLedger(m_view->currentIndex());
        return true;
    }
    case QEvent::MouseMove:
        m_view->viewport()->setCursor(clockAt(static_cast<QMouseEvent *>(event)->pos()).isEmpty()
                ? Qt::ArrowCursor
                : Qt::PointingHandCursor);
        return false;
    case QEvent::MouseButtonRelease: {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton && !clockAt(mouse->pos()).isEmpty())
            openLedger(m_view->indexAt(mouse->pos()));
        return false;
    }
    default: return false;
    }
}

/// The clock under a point of the list; empty where there is none.
QRect QueueDock::clockAt(const QPoint &point) const
{
    const QModelIndex index = m_view->indexAt(point);
    if (!index.isValid())
        return {};
    const QRect clock = m_delegate->clockRect(*m_view, index);
    return clock.adjusted(-space::Hair, -space::Hair, space::Hair, space::Hair).contains(point)
        ? clock
        : QRect();
}

void QueueDock::openLedger(const QModelIndex &index)
{
    const TicketId ticket = m_model.ticketAt(index.row());
    if (!ticket)
        return;
    const QRect clock = m_delegate->clockRect(*m_view, index);
    LedgerPopover::open(m_workbench, ticket, m_view->viewport(),
        clock.isEmpty() ? m_view->visualRect(index) : clock, m_words);
}

void QueueDock::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    // Docks are shown and hidden in passing while the window is laid out; only what stays is loaded.
    QTimer::singleShot(0, this, [this] {
        if (!isVisible())
            return;
        m_model.setQuery(m_place.query);
        m_tick.start();
        openFirst();
    });
}

void QueueDock::openFirst()
{
    if (m_model.state() == model::QueueModel::State::Ready && !m_workbench.current() && isVisible()
        && m_workbench.place() == m_place.id && m_model.rowCount() > 0)
        m_view->setCurrentIndex(m_model.index(0, model::QueueModel::Subject));
}

void QueueDock::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    m_view->setFocus();
}

void QueueDock::keepTime()
{
    if (!isVisible()) {
        m_tick.stop();
        return;
    }
    m_view->viewport()->update();
    showCounts();
}

QueueRowView QueueDock::readRow(const QModelIndex &index) const
{
    return viewOf(m_model.row(index.row()));
}

QueueRowView QueueDock::viewOf(const storage::QueueRow *row) const
{
    using storage::SyncStand;
    if (!row)
        return { .isLoading = true };
    const Tier *tier = m_workbench.people().tier(row->tier);
    return { .tierId = row->tier,
        .tierRank = tier ? tier->rank : 1,
        .subject = row->subject,
        .customer = row->customer,
        .plan = row->plan,
        .reason = row->isFlagged && row->reason.isEmpty() ? tr("flagged") : row->reason,
        .health = row->health,
        .priority = row->priority,
        .clock = { .due = row->due, .start = row->clockStart },
        .hasConflict = row->sync == SyncStand::Conflict,
        .waitsToBeSent = row->sync == SyncStand::Waiting,
        .isRefused = row->sync == SyncStand::Refused };
}

void QueueDock::onState()
{
    using State = model::QueueModel::State;
    switch (m_model.state()) {
    case State::Failed:
        m_empty->set(Icon::Warning, m_model.error().detail, tr("Try again"));
        m_stack->setCurrentWidget(m_empty);
        break;
    case State::Ready:
        if (m_model.rowCount() == 0 && !m_model.arrangement().filter.text.isEmpty()) {
            m_empty->set(
                Icon::Search, tr("No ticket here has these words in its subject."), tr("Show all"));
            m_stack->setCurrentWidget(m_empty);
            break;
        }
        if (m_model.rowCount() == 0) {
            const bool isHome = m_place.id == homePlace(m_workbench.people());
            m_empty->set(Icon::Check, m_place.emptySentence,
                isHome ? tr("New ticket") : tr("Go to my tier"));
            m_stack->setCurrentWidget(m_empty);
            break;
        }
        [[fallthrough]];
    default: m_stack->setCurrentWidget(m_view);
    }
    showCounts();
    openFirst();
}

void QueueDock::showCounts()
{
    // Rows with a clock come first, so that what is at risk is counted from the top.
    const Instant now = m_workbench.clock().now();
    int risky = 0;
    for (int i = 0; m_model.arrangement().isPlain() && i < m_model.rowCount(); ++i) {
        const storage::QueueRow *row = m_model.rowIfLoaded(i);
        if (!row || !row->due)
            break;
        const ClockState state = clockState({ .due = row->due, .start = row->clockStart }, now);
        risky += state == ClockState::AtRisk || state == ClockState::Breached;
    }
    const bool isFiltered = !m_model.arrangement().filter.text.isEmpty();
    m_counts->setText((isFiltered ? tr("%Ln found", nullptr, m_model.rowCount())
                                  : tr("%Ln open", nullptr, m_model.rowCount()))
        + (risky ? tr(" ·") : QString()));
    m_risk->setVisible(risky > 0);
    if (risky) {
        m_risk->setText(tr("%Ln at risk", nullptr, risky));
        QPalette palette = m_risk->palette();
        palette.setColor(QPalette::WindowText, Theme::of(this)[Token::AtRisk]);
        m_risk->setPalette(palette);
    }
}

void QueueDock::onSelection()
{
    if (m_isRestoring || !isVisible())
        return;
    if (const TicketId ticket = m_model.ticketAt(m_view->currentIndex().row()))
        m_workbench.open(ticket);
}

void QueueDock::selectCurrent()
{
    const int row = m_workbench.current() ? m_model.rowOf(m_workbench.current()) : -1;
    if (row == m_view->currentIndex().row())
        return;
    m_isRestoring = true;
    m_view->setCurrentIndex(
        row < 0 ? QModelIndex() : m_model.index(row, model::QueueModel::Subject));
    m_isRestoring = false;
}

} // namespace tierline::ui
