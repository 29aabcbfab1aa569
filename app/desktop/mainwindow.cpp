#include "app/desktop/mainwindow.h"

#include "app/desktop/alldocks.h"
#include "app/desktop/searchbox.h"
#include "app/desktop/startpage.h"
#include "app/desktop/statusline.h"
#include "core/desk/accountsetup.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/dialogs.h"
#include "widgets/docks/api/places.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QMenu>
#include <QTabBar>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

const QString queuePrefix = u"queue."_s;

bool isQueue(const QDockWidget *dock)
{
    return dock->objectName().startsWith(queuePrefix);
}

} // namespace

MainWindow::MainWindow(desk::Session &session, Appearance &appearance, QSettings &settings)
    : m_session(session)
    , m_appearance(appearance)
    , m_settings(settings)
    , m_workbench(session)
{
    setWindowTitle(tr("Tierline"));
    setObjectName(u"mainWindow"_s);
    setDockNestingEnabled(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    resize(1280, 800);
    makeTopBar();
    m_status = new StatusLine(m_workbench);
    setStatusBar(m_status);
    for (QAction *action : m_workbench.verbs().all())
        addAction(action);

    connect(&m_session, &desk::Session::opened, this, &MainWindow::build);
    connect(&m_session, &desk::Session::failed, this, &MainWindow::onFailed);
    connect(&m_workbench, &Workbench::placeChanged, this, &MainWindow::goTo);
    connect(this, &QMainWindow::tabifiedDockWidgetActivated, this, [this](QDockWidget *activated) {
        if (m_isBuilt && isQueue(activated))
            m_workbench.goTo(activated->objectName().mid(queuePrefix.size()));
    });
    connect(&m_workbench, &Workbench::dialogWanted, this,
        [this](const QString &id) { openDialog(id, m_workbench, this); });
    connect(&m_workbench, &Workbench::dockWanted, this, &MainWindow::showDock);
    connect(&m_workbench, &Workbench::queueFocusWanted, this, [this] {
        goTo(m_workbench.place());
        if (QDockWidget *queue = dock(queuePrefix + m_workbench.place()))
            queue->widget()->setFocus();
    });
    if (const QByteArray geometry = m_settings.value("window/geometry"_L1).toByteArray();
        !geometry.isEmpty())
        restoreGeometry(geometry);
}

MainWindow::~MainWindow()
{
    m_session.shutDown();
}

void MainWindow::makeTopBar()
{
    auto *bar = new QToolBar(tr("Top bar"));
    bar->setObjectName(u"topBar"_s);
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    auto *content = new QWidget;
    auto *layout = new QHBoxLayout(content);
    layout->setContentsMargins(space::Apart, space::Tight, space::Apart, space::Tight);
    layout->setSpacing(space::Apart);
    auto *name = new PlainLabel(tr("Tierline"));
    setTextRole(name, TextRole::Title);
    m_search = new SearchBox(m_workbench);
    m_me = new PlainLabel;
    setTextRole(m_me, TextRole::Body);
    m_me->setForegroundRole(QPalette::PlaceholderText);
    auto *menu = new QToolButton;
    m_menu = menu;
    menu->setObjectName(u"menuButton"_s);
    menu->setIcon(icon(Icon::More, palette()));
    menu->setText(tr("Menu"));
    menu->setAccessibleName(tr("Menu"));
    menu->setToolTip(tr("Menu"));
    menu->setPopupMode(QToolButton::InstantPopup);
    menu->setAutoRaise(true);
    makeMenu(menu);
    layout->addWidget(name);
    layout->addWidget(m_search, 1);
    layout->addStretch(1);
    layout->addWidget(m_me);
    layout->addWidget(menu);
    bar->addWidget(content);
    addToolBar(Qt::TopToolBarArea, bar);
}

void MainWindow::makeMenu(QToolButton *button)
{
    auto *menu = new QMenu(button);
    const auto dialog
        = [this, menu](const QString &text, const QString &id, const QKeySequence &key = {}) {
              QAction *action
                  = menu->addAction(text, this, [this, id] { openDialog(id, m_workbench, this); });
              action->setObjectName(u"menu."_s + id);
              action->setShortcut(key);
              addAction(action);
          };
    dialog(tr("New ticket…"), u"newticket"_s, QKeySequence::New);
    menu->addSeparator();
    if (desk::AccountSetup::of(m_session))
        dialog(tr("Connect a helpdesk…"), u"connect"_s);
    dialog(tr("Import…"), u"import"_s);
    dialog(tr("Export…"), u"export"_s);
    dialog(tr("Back up…"), u"backup"_s);
    menu->addSeparator();
    QMenu *scheme = menu->addMenu(tr("Appearance"));
    scheme->addAction(tr("As the system"), this, [this] { chooseScheme(SchemeChoice::System); });
    scheme->addAction(tr("Light"), this, [this] { chooseScheme(SchemeChoice::Light); });
    scheme->addAction(tr("Dark"), this, [this] { chooseScheme(SchemeChoice::Dark); });
    scheme->addSeparator();
    scheme->addAction(
        tr("Comfortable rows"), this, [this] { chooseDensity(Density::Comfortable); });
    scheme->addAction(tr("Compact rows"), this, [this] { chooseDensity(Density::Compact); });
    QMenu *layout = menu->addMenu(tr("Docks"));
    connect(layout, &QMenu::aboutToShow, this, [this, layout] {
        layout->clear();
        for (QDockWidget *each : std::as_const(m_docks))
            layout->addAction(each->toggleViewAction());
        layout->addSeparator();
        layout->addAction(tr("Put everything back"), this, &MainWindow::resetLayout);
    });
    menu->addSeparator();
    dialog(tr("Settings…"), u"settings"_s, QKeySequence(u"Ctrl+,"_s));
    dialog(tr("Keys"), u"keys"_s, QKeySequence(u"?"_s));
    dialog(tr("About Tierline"), u"about"_s);
    menu->addSeparator();
    QAction *quit = menu->addAction(tr("Quit"), this, &QWidget::close);
    quit->setShortcut(QKeySequence::Quit);
    addAction(quit);
    button->setMenu(menu);
}

void MainWindow::onFailed(const Error &error)
{
    if (error.fault == Fault::NotFound && !m_isBuilt) {
        auto *page = new StartPage(m_session.workspace(), m_session.clock(), m_session.random());
        connect(page, &StartPage::made, this, [this, page] {
            setCentralWidget(nullptr);
            page->deleteLater();
            m_session.open();
        });
        setCentralWidget(page);
        m_search->setEnabled(false); // there is nothing to find yet
        page->setFocus();
        return;
    }
    m_status->showError(error);
    if (m_isBuilt)
        return;
    auto *why = new EmptyState(
        Icon::Warning, errorText(error).paragraph() + u'\n' + error.detail, tr("Try again"));
    connect(why, &EmptyState::actionRequested, &m_session, &desk::Session::open);
    setCentralWidget(why);
}

void MainWindow::build()
{
    if (m_isBuilt)
        return;
    if (QWidget *page = takeCentralWidget())
        page->deleteLater();
    m_search->setEnabled(true);
    const desk::People &people = m_session.people();
    m_me->setText(people.me.name + u" · "_s + people.me.homeTier);
    // Before the docks, so that the queue of this place begins to be read at once.
    m_workbench.goTo(m_settings.value("window/place"_L1, homePlace(people)).toString());
    registerAllDocks(m_registry, m_workbench);
    QList<DockSpec> specs = m_registry.specs();
    std::ranges::stable_sort(specs, {}, &DockSpec::order);
    for (const DockSpec &spec : std::as_const(specs))
        m_docks.append(makeDock(spec));
    restoreLayout();
    m_isBuilt = true;
    goTo(m_workbench.place());
    // Keys are for the queue from the first moment on; a text field would swallow the verbs' letters.
    if (m_leading)
        m_leading->widget()->setFocus();
    emit built();
}

QDockWidget *MainWindow::makeDock(const DockSpec &spec)
{
    auto *dock = new QDockWidget(spec.title, this);
    dock->setObjectName(spec.id);
    dock->setWidget(spec.make(m_workbench, dock));
    dock->setProperty("place", static_cast<int>(spec.place));
    // A dock's own header serves as its title bar: it is dragged and double-clicked like one.
    if (!spec.hasTitleBar)
        dock->setTitleBarWidget(new QWidget(dock));
    else if (auto *header = dock->widget()->findChild<QWidget *>(u"dockHeader"_s))
        dock->setTitleBarWidget(header);
    if (!spec.shortcut.isEmpty()) {
        auto *show = new QAction(tr("Show %1").arg(spec.title), this);
        show->setObjectName(u"show."_s + spec.id);
        show->setShortcut(spec.shortcut);
        connect(show, &QAction::triggered, this, [this, id = spec.id] { showDock(id); });
        addAction(show);
    }
    return dock;
}

QDockWidget *MainWindow::dock(const QString &id) const
{
    for (QDockWidget *each : m_docks) {
        if (each->objectName() == id)
            return each;
    }
    return nullptr;
}

bool MainWindow::showDock(const QString &id)
{
    QDockWidget *wanted = dock(id);
    if (!wanted)
        return false;
    if (isQueue(wanted))
        m_workbench.goTo(id.mid(queuePrefix.size()));
    wanted->show();
    wanted->raise();
    wanted->widget()->setFocus();
    return true;
}

void MainWindow::resetLayout()
{
    // One row of dock groups, left to right, in the order of DockPlace; docks of a group are tabbed.
    // First the row, then the tabs: a dock that is in a tab already cannot be split.
    QDockWidget *first[4] = {};
    QDockWidget *previous = nullptr;
    const auto at = [](const QDockWidget *each) { return each->property("place").toInt(); };
    for (QDockWidget *each : std::as_const(m_docks)) {
        each->setFloating(false);
        removeDockWidget(each);
    }
    for (int place = 0; place < 4; ++place) {
        const auto found = std::find_if(m_docks.cbegin(), m_docks.cend(),
            [&](const QDockWidget *each) { return at(each) == place; });
        if (found == m_docks.cend())
            continue;
        first[place] = *found;
        if (previous)
            splitDockWidget(previous, *found, Qt::Horizontal);
        else
            addDockWidget(Qt::LeftDockWidgetArea, *found);
        (*found)->show();
        previous = *found;
    }
    for (QDockWidget *each : std::as_const(m_docks)) {
        if (each != first[at(each)])
            tabifyDockWidget(first[at(each)], each);
        each->show();
    }
    leadOneQueue();
    shareWidth(first);
    // A window that was not shown yet has no room to share out: it is done again then.
    std::ranges::copy(first, m_groups);
    m_sharesWhenShown = !isVisible();
    for (QDockWidget *each : first) {
        if (each && !isQueue(each))
            each->raise();
    }
    for (QTabBar *tabs : findChildren<QTabBar *>(QString(), Qt::FindDirectChildrenOnly)) {
        tabs->setElideMode(Qt::ElideNone);
        tabs->setUsesScrollButtons(true);
    }
}

void MainWindow::shareWidth(QDockWidget *const (&first)[4])
{
    // Rail and card need what they need; of more room most goes to the ticket and its queue.
    const int more = std::max(0, width() - 1280);
    const int rail = first[0] ? first[0]->widget()->minimumWidth() : 0;
    const int ticket = 446 + more * 44 / 100;
    const int side = 324 + more * 16 / 100;
    const int wide[4] = { rail, std::max(0, width() - rail - ticket - side), ticket, side };
    QList<QDockWidget *> row;
    QList<int> widths;
    for (int place = 0; place < 4; ++place) {
        if (first[place]) {
            row.append(first[place]);
            widths.append(wide[place]);
        }
    }
    resizeDocks(row, widths, Qt::Horizontal);
}

void MainWindow::leadOneQueue()
{
    // The rail says where one can go; a row of tabs above the queue would say it twice.
    m_leading = dock(queuePrefix + m_workbench.place());
    for (QDockWidget *each : std::as_const(m_docks)) {
        if (!isQueue(each))
            continue;
        if (!m_leading)
            m_leading = each;
        each->setVisible(each == m_leading);
    }
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (std::exchange(m_sharesWhenShown, false))
        shareWidth(m_groups);
}

void MainWindow::restoreLayout()
{
    resetLayout();
    const QByteArray state = m_settings.value("window/state"_L1).toByteArray();
    if (state.isEmpty())
        return;
    if (restoreState(state, LayoutVersion))
        m_sharesWhenShown = false;
    else
        resetLayout();
    // Of several queues on screen, the one that was gone to last makes room for the next.
    m_leading = dock(queuePrefix + m_workbench.place());
}

void MainWindow::goTo(const QString &place)
{
    QDockWidget *queue = dock(queuePrefix + place);
    if (!queue || !m_isBuilt)
        return;
    if (queue->isHidden()) {
        // Shown before the other goes, so that the room stays theirs. A queue that was put on screen
        // through the Docks menu, or floats, stays where it is.
        queue->show();
        if (m_leading && m_leading != queue && !m_leading->isFloating())
            m_leading->hide();
        m_leading = queue;
    }
    queue->raise();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_menu)
        m_menu->setIcon(icon(Icon::More, palette()));
}

void MainWindow::chooseScheme(SchemeChoice choice)
{
    m_appearance.setChoice(choice);
    m_settings.setValue("appearance/scheme"_L1, static_cast<int>(choice));
}

void MainWindow::chooseDensity(Density density)
{
    m_appearance.setDensity(density);
    m_settings.setValue("appearance/density"_L1, static_cast<int>(density));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_isBuilt) {
        m_settings.setValue("window/geometry"_L1, saveGeometry());
        m_settings.setValue("window/state"_L1, saveState(LayoutVersion));
        m_settings.setValue("window/place"_L1, m_workbench.place());
    }
    QMainWindow::closeEvent(event);
}

} // namespace tierline::ui
