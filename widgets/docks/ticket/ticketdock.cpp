#include "widgets/docks/ticket/ticketdock.h"

#include "core/desk/syncservice.h"
#include "widgets/common/accessible.h"
#include "widgets/common/chip.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/api/ledgerpopover.h"
#include "widgets/docks/ticket/column.h"
#include "widgets/docks/ticket/composer.h"
#include "widgets/docks/ticket/signsbutton.h"
#include "widgets/docks/ticket/syncrow.h"
#include "widgets/docks/ticket/threadview.h"
#include "widgets/docks/ticket/ticketpages.h"

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTimer>
#include <QTimeZone>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

TicketDock::TicketDock(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_tabs(new QButtonGroup(this))
    , m_whole(new QStackedWidget)
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyState)
    , m_thread(new ThreadView(m_words))
    , m_facts(named(new SafeBrowser, u"facts"_s, tr("Facts")))
    , m_log(named(new SafeBrowser, u"log"_s, tr("Event log")))
    , m_composer(new Composer(workbench))
{
    for (SafeBrowser *page : { static_cast<SafeBrowser *>(m_thread), m_facts, m_log })
        m_pages->addWidget(page);
    m_facts->document()->setDocumentMargin(space::Apart);
    m_log->document()->setDocumentMargin(space::Apart);
    auto *ticket = new QWidget;
    auto *inner = new QVBoxLayout(ticket);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addWidget(m_pages, 1);
    inner->addWidget(m_composer);
    m_whole->addWidget(m_empty);
    m_whole->addWidget(ticket);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head = makeHead());
    layout->addSpacing(1); // the line below the head
    layout->addWidget(m_whole, 1);
    fitColumn();

    connect(&m_workbench, &Workbench::ticketChanged, this, &TicketDock::refresh);
    connect(&m_workbench.verbs(), &Verbs::changed, this, &TicketDock::showPrimary);
    connect(m_primary, &QPushButton::clicked, this,
        [this] { m_workbench.verbs().action(m_workbench.verbs().primary())->trigger(); });
    connect(&m_workbench, &Workbench::composeWanted, this, [this](bool isNote) {
        showPage(Conversation);
        m_composer->begin(isNote);
    });
    connect(m_composer, &Composer::left, &m_workbench, &Workbench::queueFocusWanted);
    connect(m_empty, &EmptyState::actionRequested, &m_workbench, &Workbench::queueFocusWanted);
    connect(m_page, &QToolButton::clicked, this, [this] {
        if (m_workbench.ticket())
            SafeBrowser::openAfterAsking(this, m_workbench.ticket()->remote.page);
    });
    desk::SyncService &sync = m_workbench.session().sync();
    connect(&sync, &desk::SyncService::filesChanged, this,
        [this, &sync] { m_thread->setFetching(sync.fetching()); });
    connect(m_thread, &ThreadView::fetchWanted, this, &TicketDock::fetch);
    connect(m_thread, &ThreadView::stopWanted, &sync, &desk::SyncService::cancelFile);
    connect(m_thread, &ThreadView::saveWanted, this, &TicketDock::save);
    auto *tick = new QTimer(this);
    connect(tick, &QTimer::timeout, this, &TicketDock::keepTime);
    tick->start(1000);
    refresh();
}

QWidget *TicketDock::makeHead()
{
    auto *head = new QWidget;
    head->setObjectName(u"dockHeader"_s);
    head->setAutoFillBackground(true);
    head->setBackgroundRole(QPalette::Base);
    m_subject = new PlainLabel;
    m_subject->setObjectName(u"ticketSubject"_s);
    setTextRole(m_subject, TextRole::Title);
    m_subject->setElided(true);
    m_where = new PlainLabel;
    m_chip = new TierChip;
    m_waiting = new PlainLabel;
    m_waiting->setElided(true);
    m_waiting->setObjectName(u"ticketWaiting"_s);
    for (PlainLabel *label : { m_where, m_waiting })
        setTextRole(label, TextRole::Muted);
    makeClock();
    m_primary = named(new QPushButton, u"primaryVerb"_s, tr("Reply"));
    setProminence(m_primary, Prominence::Primary);

    auto *second = new QHBoxLayout;
    second->setSpacing(space::Tight);
    second->addWidget(m_where);
    second->addWidget(m_chip);
    second->addWidget(m_clock);
    second->addWidget(m_waiting, 1);
    auto *top = new QHBoxLayout;
    top->setSpacing(space::Inner);
    top->addWidget(m_subject, 1);
    top->addWidget(m_primary);

    m_tabBar = new QWidget;
    auto *tabs = new QHBoxLayout(m_tabBar);
    tabs->setContentsMargins(0, 0, 0, 0);
    tabs->setSpacing(space::Hair);
    const std::pair<Page, QString> names[]
        = { { Conversation, tr("Conversation") }, { Facts, tr("Facts") }, { Log, tr("Log") } };
    for (const auto &[page, name] : names) {
        auto *tab = new QToolButton;
        tab->setText(name);
        tab->setAccessibleName(name);
        tab->setObjectName(u"page%1"_s.arg(int(page)));
        tab->setCheckable(true);
        tab->setAutoRaise(true);
        tab->setToolButtonStyle(Qt::ToolButtonTextOnly);
        m_tabs->addButton(tab, page);
        tabs->addWidget(tab);
    }
    tabs->addStretch();
    makeSigns();
    tabs->addWidget(m_signs);
    m_page = named(new QToolButton, u"remotePage"_s, tr("Open at the helpdesk"));
    m_page->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_page->setAutoRaise(true);
    m_page->hide();
    tabs->addWidget(m_page);
    m_sync = new SyncRow(m_workbench);
    m_tabs->setExclusive(true);
    m_tabs->button(Conversation)->setChecked(true);
    connect(m_tabs, &QButtonGroup::idClicked, this,
        [this](int page) { showPage(static_cast<Page>(page)); });

    auto *layout = new QVBoxLayout(inColumn(head));
    layout->setContentsMargins(space::Apart, space::Inner, space::Apart, space::Hair);
    layout->setSpacing(space::Tight);
    layout->addLayout(top);
    layout->addLayout(second);
    layout->addWidget(m_sync);
    layout->addWidget(m_tabBar);
    return head;
}

void TicketDock::makeClock()
{
    m_clock = named(new QToolButton, u"ticketClock"_s, tr("When it is due"));
    m_clock->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_clock->setAutoRaise(true);
    m_clock->setFocusPolicy(Qt::StrongFocus);
    connect(m_clock, &QToolButton::clicked, this, &TicketDock::openLedger);
    auto *why = new QAction(tr("Why it is due then"), this);
    why->setObjectName(u"ledger"_s);
    why->setShortcut(Qt::Key_L);
    connect(why, &QAction::triggered, this, &TicketDock::openLedger);
    addAction(why);
}

void TicketDock::makeSigns()
{
    m_signs = new SignsButton;
    connect(m_signs, &SignsButton::toggled, this, [this](bool on) {
        if (on)
            showPage(Conversation);
        m_thread->setMarksSigns(on);
    });
    auto *mark = new QAction(tr("Mark the words that tell mood and urgency"), this);
    mark->setObjectName(u"markSigns"_s);
    mark->setShortcut(Qt::Key_I);
    connect(mark, &QAction::triggered, m_signs, [this] {
        if (m_signs->isVisible())
            m_signs->toggle();
    });
    addAction(mark);
}

void TicketDock::showPage(Page page)
{
    m_tabs->button(page)->setChecked(true);
    m_pages->setCurrentIndex(page);
    if (!m_workbench.ticket())
        return;
    // Made when looked at: the conversation is what a ticket opens with.
    const Theme &theme = Theme::of(this);
    if (page == Facts)
        m_facts->setHtml(factsHtml(*m_workbench.ticket(), m_workbench.people(), m_words, theme,
            m_workbench.clock().now()));
    else if (page == Log)
        m_log->setHtml(logHtml(*m_workbench.ticket(), m_workbench.people(), m_words, theme,
            m_workbench.clock().now()));
}

void TicketDock::refresh()
{
    switch (m_workbench.loading()) {
    case Workbench::Loading::Nothing:
        showEmptyHead();
        m_empty->set(Icon::Queue,
            tr("No ticket is open. Choose one in the queue, or press Ctrl K to search."),
            tr("Go to the queue"));
        m_whole->setCurrentIndex(0);
        m_thread->clearTicket();
        m_shown = {};
        return;
    case Workbench::Loading::Failed:
        showEmptyHead();
        m_empty->set(Icon::Warning, errorLine(m_workbench.error()), tr("Go to the queue"));
        m_whole->setCurrentIndex(0);
        m_shown = {};
        return;
    case Workbench::Loading::Loading: return; // what stands there stays until the new one is ready
    case Workbench::Loading::Ready: break;
    }
    m_whole->setCurrentIndex(1);
    const bool isOther = m_shown != m_workbench.current();
    m_shown = m_workbench.current();
    showHead();
    showPrimary();
    m_shownAt = m_workbench.clock().now();
    m_thread->show(m_workbench.ticket(), m_workbench.people(), m_shownAt);
    showPage(isOther ? Conversation : static_cast<Page>(m_tabs->checkedId()));
}

void TicketDock::showEmptyHead()
{
    m_subject->setText(tr("Ticket"));
    for (QWidget *part : { static_cast<QWidget *>(m_where), static_cast<QWidget *>(m_chip),
             static_cast<QWidget *>(m_waiting), static_cast<QWidget *>(m_clock),
             static_cast<QWidget *>(m_primary), static_cast<QWidget *>(m_sync), m_tabBar })
        part->hide();
}

void TicketDock::showHead()
{
    for (QWidget *part : { static_cast<QWidget *>(m_where), static_cast<QWidget *>(m_chip),
             static_cast<QWidget *>(m_waiting), static_cast<QWidget *>(m_clock),
             static_cast<QWidget *>(m_primary), m_tabBar })
        part->show();
    const Ticket &t = m_workbench.ticket()->details.state.ticket;
    m_subject->setText(oneLine(t.subject));
    m_where->setText(oneLine(t.key + (t.channel.isEmpty() ? QString() : u" · "_s + t.channel)));
    const Tier *tier = m_workbench.people().tier(t.tier);
    m_chip->setTier(t.tier, tier ? tier->name : t.tier, tier ? tier->rank : 1);
    showWaiting();
    m_signs->setSigns(m_workbench.ticket()->signs);
    showSync();
}

void TicketDock::showSync()
{
    const desk::RemoteSide &side = m_workbench.ticket()->remote;
    m_sync->show(side);
    m_page->setVisible(!side.page.isEmpty());
    m_page->setIcon(icon(Icon::Link, palette(), Token::Muted));
    m_page->setText(oneLine(side.account, 20));
    m_page->setAccessibleName(tr("Open at %1").arg(oneLine(side.account, 40)));
    setPlainToolTip(m_page,
        tr("Open this ticket at %1: %2").arg(oneLine(side.account, 40), side.page.toString()));
}

void TicketDock::fetch(qint64 file)
{
    m_workbench.session().sync().fetchFile(file).then(this, [this](const Result<Done> &done) {
        if (done)
            emit m_workbench.said(tr("The file is here now."), {});
        else
            m_workbench.report(done.error());
    });
}

void TicketDock::save(qint64 attachment, const QString &name)
{
    // A name is what somebody else wrote: only its letters become part of a path.
    static const QRegularExpression harmful(
        u"[^\\w .,()+@-]"_s, QRegularExpression::UseUnicodePropertiesOption);
    QString suggested = oneLine(name, 120).replace(harmful, u"_"_s);
    while (suggested.startsWith(u'.'))
        suggested.remove(0, 1);
    filedialog::save(this, { .title = tr("Save the file"), .suggestedName = suggested }, this,
        [this, attachment](const QString &path) {
            m_workbench.session()
                .read([attachment, path](
                          storage::Connection &connection, const Visibility &visibility) {
                    return desk::saveAttachment(connection, visibility, attachment, path);
                })
                .then(this, [this, path](const Result<Done> &done) {
                    if (done)
                        emit m_workbench.said(tr("Saved as %1.").arg(path), {});
                    else
                        m_workbench.report(done.error());
                });
        });
}

void TicketDock::showWaiting()
{
    if (!m_workbench.ticket() || !isVisible())
        return;
    const TicketState &state = m_workbench.ticket()->details.state;
    const Ticket &t = state.ticket;
    const Instant now = m_workbench.clock().now();
    QString text;
    const Escalation *record = state.openEscalation();
    const StageEntry *stage = record ? record->openStage() : nullptr;
    if (t.isAwaitingYes)
        text = tr("solved, awaiting the customer's yes");
    else if (stage && stage->stage == Stage::Handoff)
        text = tr("to accept since %1").arg(m_words.stamp(stage->entered, now));
    else if (isSolved(t.status))
        text = statusText(t.status);
    else
        text = t.assignee.isEmpty() ? tr("nobody has it")
                                    : tr("with %1").arg(m_workbench.people().nameOf(t.assignee));
    m_waiting->setText(oneLine(text));
    showClock(now);
}

void TicketDock::showClock(Instant now)
{
    const Ticket &t = m_workbench.ticket()->details.state.ticket;
    const ClockFace face { .due = t.due, .start = t.clockStart };
    const ClockState state = clockState(face, now);
    m_clock->setText(t.due ? m_words.brief(face, now) : tr("no due time"));
    m_clock->setIcon(icon(clockIcon(state), palette(), clockToken(state)));
    QPalette colours = palette();
    colours.setColor(QPalette::ButtonText, Theme::of(this)[clockToken(state)]);
    colours.setColor(QPalette::WindowText, Theme::of(this)[clockToken(state)]);
    m_clock->setPalette(colours);
    m_clock->setAccessibleName(m_words.spoken(face, now));
    setPlainToolTip(
        m_clock, t.due ? tr("Due %1. Why? (L)").arg(m_words.exact(*t.due)) : tr("Its clocks (L)"));
}

void TicketDock::openLedger()
{
    if (m_workbench.current() && m_clock->isVisible())
        LedgerPopover::open(m_workbench, m_workbench.current(), m_clock, m_clock->rect(), m_words);
}

void TicketDock::keepTime()
{
    showWaiting();
    if (m_workbench.ticket() && m_workbench.loading() == Workbench::Loading::Ready)
        m_sync->tick();
    // After midnight what was told as a time of today is told as yesterday's.
    if (m_shown
        && m_words.stamp(m_shownAt, m_workbench.clock().now())
            != m_words.stamp(m_shownAt, m_shownAt))
        refresh();
}

void TicketDock::fitColumn()
{
    // Head, conversation and composer share one column, so that the eye keeps its left edge.
    const int column = textColumn(TextRole::Body) + 2 * (space::Apart + space::Inner);
    for (SafeBrowser *page : { static_cast<SafeBrowser *>(m_thread), m_facts, m_log })
        page->setColumn(column);
    for (QWidget *part : { m_head, static_cast<QWidget *>(m_composer) })
        columnOf(part)->setMaximumWidth(column);
}

void TicketDock::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitColumn();
    if (event->type() == QEvent::PaletteChange && m_page)
        m_page->setIcon(icon(Icon::Link, palette(), Token::Muted));
    // Facts and log carry their colours in their text.
    if (event->type() == QEvent::PaletteChange && m_workbench.ticket())
        showPage(static_cast<Page>(m_tabs->checkedId()));
}

void TicketDock::showPrimary()
{
    QAction *action = m_workbench.verbs().action(m_workbench.verbs().primary());
    m_primary->setText(action->text());
    m_primary->setAccessibleName(action->text());
    m_primary->setEnabled(action->isEnabled());
    setKeycap(m_primary, action->shortcut().toString(QKeySequence::NativeText));
}

void TicketDock::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = Theme::of(this);
    painter.fillRect(rect(), theme[Token::Panel]);
    // The head stays while the conversation passes below it.
    painter.fillRect(QRect(0, m_whole->y() - 1, width(), 1), theme[Token::Border]);
}

/// Found by the build through the folder's name.
void registerticket(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"ticket"_s,
        .title = TicketDock::tr("Ticket"),
        .place = DockPlace::Ticket,
        .shortcut = QKeySequence(u"G, T"_s),
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new TicketDock(bench, { QTimeZone::systemTimeZone(), QLocale() }, parent);
        } });
}

} // namespace tierline::ui
