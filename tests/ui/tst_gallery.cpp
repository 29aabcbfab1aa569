#include "core/commands/agreements.h"
#include "core/commands/labels.h"
#include "core/commands/rules.h"
#include "core/commands/templates.h"
#include "core/engine/engine.h"
#include "core/import/sample.h"
#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "tests/support/livedesk/liveprogram.h"
#include "tests/ui/looks.h"
#include "tests/ui/windowtest.h"
#include "widgets/common/messagebox.h"
#include "widgets/dialogs/agreementpages.h"
#include "widgets/dialogs/dialogs.h"
#include "widgets/dialogs/quietpage.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/templatespage.h"
#include "widgets/docks/api/ledgerpopover.h"
#include "widgets/docks/rules/rulesdock.h"
#include "widgets/docks/ticket/ticketdock.h"

#include <QDir>
#include <QDockWidget>
#include <QListView>
#include <QTableView>
#include <QTest>
#include <QTextBlock>

using namespace tierline;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant Tuesday { 1'780'996'800'000 }; // 2026-06-09T09:20:00Z

const QString longSubject
    = u"Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselverwaltung lässt sich seit dem "
      "letzten Update auf keinem Gerät mehr öffnen, weder am Steg noch auf hoher See"_s;

} // namespace

/// Every screen of the main window at two sizes and in two schemes, over the sample company and over an
/// empty desk. TIERLINE_GALLERY names a folder that takes a picture of each.
class TestGallery : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void looks_data();
    void looks();
    void emptyDesk_data();
    void emptyDesk();
    void noDeskYet_data();
    void noDeskYet();
    void helpdesk_data();
    void helpdesk();
    void whoActedIsTold();
    void rulesAndClocks_data();
    void rulesAndClocks();
    void ruledBy_data();
    void ruledBy();

private:
    struct Shown {
        std::unique_ptr<ui::Appearance> appearance;
        std::unique_ptr<desk::Session> session;
        std::unique_ptr<QSettings> settings;
        std::unique_ptr<ui::MainWindow> window;
        ~Shown() { window.reset(); }
    };
    static void rows();
    std::unique_ptr<Shown> open(const QString &folder, bool isDark, QSize size,
        const Clock *clock = nullptr, const QString &as = {});
    void makeHelpdesk();
    void makeRuled();
    void showSettings(Shown &shown, const QString &as);
    void save(QWidget *widget, const QString &name);
    void startSync(desk::Session &session);
    void askToDrop(Shown &shown);
    void open(Shown &shown, const QString &key);
    void check(Shown &shown, const QString &state);
    QString keyWhere(const char *condition);

    QTemporaryDir m_folder;
    test::FakeClock m_clock { Tuesday };
    test::FakeClock m_deskClock { Tuesday }; ///< where time passes
    MemorySecrets m_secrets;
    std::unique_ptr<test::LiveDesk> m_live; ///< outlives every session
    SeededRandom m_random { 11 };
    int m_settings = 0;
};

void TestGallery::initTestCase()
{
    auto store
        = storage::Store::create(storage::Workspace(m_folder.filePath(u"sample"_s)), m_clock);
    QVERIFY(store);
    QVERIFY(importing::makeSample(**store, m_clock, m_random));
    const auto agents = storage::loadAgents((*store)->connection());
    QVERIFY(agents);
    commands::Context context { .store = **store,
        .random = m_random,
        .actor = *std::ranges::find(*agents, u"priya"_s, &Agent::id),
        .visibility = Visibility::all(),
        .now = Tuesday };
    commands::CreateTicket create;
    create.ticket.key = u"LONG"_s;
    create.ticket.subject = longSubject;
    create.ticket.tier = u"L2"_s;
    create.requester = { .name = u"Maria-Magdalena Freifrau von und zu Hohenstein-Wolkenburg"_s,
        .email = u"mmfh@a-very-long-name-of-a-company-indeed.example"_s };
    create.organization = { .name
        = u"Vereinigte Binnenschifffahrtsbetriebe der oberen Donau und ihrer Nebenflüsse"_s,
        .plan = u"enterprise"_s };
    create.text = longSubject.repeated(8);
    QVERIFY(commands::run(context, create));
    auto empty = storage::Store::create(storage::Workspace(m_folder.filePath(u"empty"_s)), m_clock);
    QVERIFY(empty);
}

void TestGallery::rows()
{
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<QSize>("size");
    for (const bool isDark : { false, true }) {
        for (const QSize size : { QSize(1280, 800), QSize(2560, 1440) })
            QTest::addRow("%s-%dx%d", isDark ? "dark" : "light", size.width(), size.height())
                << isDark << size;
    }
}

std::unique_ptr<TestGallery::Shown> TestGallery::open(
    const QString &folder, bool isDark, QSize size, const Clock *clock, const QString &as)
{
    auto shown = std::make_unique<Shown>();
    shown->appearance = std::make_unique<ui::Appearance>(
        *qApp, isDark ? ui::SchemeChoice::Dark : ui::SchemeChoice::Light);
    shown->appearance->setMotion(false);
    shown->session = std::make_unique<desk::Session>(
        storage::Workspace(m_folder.filePath(folder)), clock ? *clock : m_clock, m_random, as);
    shown->settings = std::make_unique<QSettings>(
        m_folder.filePath(u"%1.ini"_s.arg(++m_settings)), QSettings::IniFormat);
    shown->window
        = std::make_unique<ui::MainWindow>(*shown->session, *shown->appearance, *shown->settings);
    shown->window->resize(size);
    shown->session->open();
    shown->window->show();
    return shown;
}

void TestGallery::open(Shown &shown, const QString &key)
{
    ui::Workbench &bench = shown.window->workbench();
    bench.openKey(key);
    QTRY_VERIFY_WITH_TIMEOUT(bench.loading() == ui::Workbench::Loading::Ready && bench.ticket()
            && bench.ticket()->details.state.ticket.key == key,
        20'000);
}

void TestGallery::check(Shown &shown, const QString &state)
{
    ui::MainWindow &window = *shown.window;
    // What was asked for in passing (counts, figures) has arrived when two looks are the same.
    QImage last;
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
        const QImage now = window.grab().toImage();
        return std::exchange(last, now) == now;
    })(),
        20'000);
    if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(last.save(
            u"%1/%2-%3.png"_s.arg(folder, state, QString::fromLatin1(QTest::currentDataTag()))));
    }
    const QStringList cut = test::cutTexts(&window);
    if (!cut.isEmpty())
        QFAIL(qPrintable(state + u": "_s + cut.join(u" | "_s)));
    for (const QDockWidget *dock : window.docks()) {
        if (!test::isSeen(dock))
            continue;
        const QString silent = test::silentEmptiness(dock);
        QVERIFY2(silent.isEmpty(), qPrintable(state + u": "_s + silent));
    }
}

QString TestGallery::keyWhere(const char *condition)
{
    auto store = storage::Store::open(storage::Workspace(m_folder.filePath(u"sample"_s)), m_clock);
    if (!store)
        return {};
    const QByteArray sql = QByteArray("SELECT key FROM ticket t WHERE status < 4 AND ") + condition
        + " ORDER BY id DESC LIMIT 1";
    auto statement = (*store)->connection().prepare(sql.constData());
    if (!statement || !statement->step().value_or(false))
        return {};
    return statement->text(0);
}

void TestGallery::looks_data()
{
    rows();
}

void TestGallery::looks()
{
    QFETCH(bool, isDark);
    QFETCH(QSize, size);
    // Asked for before the window has the workspace open.
    const QMap<QString, QString> tickets {
        { u"mail"_s,
            keyWhere("EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.id AND m.html <> '')") },
        { u"bot"_s,
            keyWhere("EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.id AND m.author = 2)") },
        { u"files"_s,
            keyWhere("EXISTS (SELECT 1 FROM message m JOIN attachment a ON a.message = m.id "
                     "WHERE m.ticket = t.id)") },
        { u"rule"_s,
            keyWhere(
                "EXISTS (SELECT 1 FROM event e WHERE e.ticket = t.id AND e.actor LIKE 'rule:%')") },
        { u"flagged"_s, keyWhere("flag_note <> ''") },
        { u"long"_s, u"LONG"_s },
    };
    const auto shown = open(u"sample"_s, isDark, size);
    ui::MainWindow &window = *shown->window;
    ui::Workbench &bench = window.workbench();
    QTRY_VERIFY_WITH_TIMEOUT(window.isBuilt(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(bench.loading() == ui::Workbench::Loading::Ready, 20'000);
    check(*shown, u"start"_s);

    auto *page = window.findChild<ui::TicketDock *>();
    QVERIFY(page);
    for (auto it = tickets.cbegin(); it != tickets.cend(); ++it) {
        QVERIFY2(!it.value().isEmpty(), qPrintable(it.key()));
        open(*shown, it.value());
        check(*shown, u"ticket-"_s + it.key());
        page->showPage(ui::TicketDock::Facts);
        check(*shown, u"facts-"_s + it.key());
        page->showPage(ui::TicketDock::Log);
        check(*shown, u"log-"_s + it.key());
    }
    for (const QString &place :
        { u"tier:L1"_s, u"tier:L3"_s, u"mine"_s, u"flagged"_s, u"unassigned"_s, u"tier:L2"_s }) {
        bench.goTo(place);
        QTRY_VERIFY(window.dock(u"queue."_s + place)->isVisible());
        // One queue at a time, and no tabs above it.
        for (const QDockWidget *dock : window.docks())
            QVERIFY2(!dock->objectName().startsWith(u"queue."_s) || dock->isHidden()
                    || dock == window.dock(u"queue."_s + place),
                qPrintable(dock->objectName()));
        check(*shown, u"queue-"_s + QString(place).replace(u':', u'-'));
    }
    QVERIFY(window.showDock(u"metrics"_s));
    check(*shown, u"metrics"_s);
    QVERIFY(window.showDock(u"ticket"_s));

    auto *search = window.findChild<QLineEdit *>(u"searchBox"_s);
    search->setFocus();
    QTest::keyClicks(search, u"invoice"_s);
    QTRY_VERIFY(window.findChild<QListView *>(u"searchResults"_s));
    QTRY_VERIFY(window.findChild<QListView *>(u"searchResults"_s)->model()->rowCount() > 0);
    check(*shown, u"search"_s);
    search->selectAll();
    QTest::keyClicks(search, u"xyzzyplugh"_s);
    QTRY_COMPARE(window.findChild<QListView *>(u"searchResults"_s)->model()->rowCount(), 0);
    check(*shown, u"search-nothing"_s);
    QTest::keyClick(search, Qt::Key_Escape);

    QWidget *queue = window.dock(u"queue.tier:L2"_s)->widget();
    auto *filter = queue->findChild<QLineEdit *>(u"queueFilter"_s);
    filter->show();
    filter->setText(u"xyzzyplugh"_s);
    QTRY_VERIFY(queue->findChild<ui::EmptyState *>()->isVisible());
    check(*shown, u"filter-nothing"_s);
}

void TestGallery::emptyDesk_data()
{
    rows();
}

void TestGallery::emptyDesk()
{
    QFETCH(bool, isDark);
    QFETCH(QSize, size);
    const auto shown = open(u"empty"_s, isDark, size);
    ui::MainWindow &window = *shown->window;
    QTRY_VERIFY_WITH_TIMEOUT(window.isBuilt(), 20'000);
    QTRY_VERIFY(window.findChildren<ui::EmptyState *>().size() > 3);
    check(*shown, u"empty"_s);
    QTRY_VERIFY(window.dock(u"handoff"_s)->findChild<ui::EmptyState *>()->isVisible());
    for (const QString &place :
        { u"mine"_s, u"flagged"_s, u"unassigned"_s, u"tier:L2"_s, u"tier:L3"_s }) {
        window.workbench().goTo(place);
        QTRY_VERIFY(window.dock(u"queue."_s + place)->findChild<ui::EmptyState *>()->isVisible());
        check(*shown, u"empty-"_s + QString(place).replace(u':', u'-'));
    }
    for (const QString &dock : { u"outbox"_s, u"conflicts"_s, u"questions"_s, u"rules"_s }) {
        QVERIFY(window.showDock(dock));
        QTRY_VERIFY(window.dock(dock)->findChild<ui::EmptyState *>()->isVisible());
        check(*shown, u"empty-"_s + dock);
    }
    QVERIFY(window.showDock(u"handoff"_s));
    QVERIFY(window.showDock(u"metrics"_s));
    auto *metrics = window.dock(u"metrics"_s)->findChild<ui::EmptyState *>();
    QTRY_VERIFY(metrics->sentence().contains(u"no tickets yet"_s));
    check(*shown, u"empty-metrics"_s);
}

void TestGallery::noDeskYet_data()
{
    rows();
}

void TestGallery::noDeskYet()
{
    QFETCH(bool, isDark);
    QFETCH(QSize, size);
    const auto shown = open(u"nothing-here"_s, isDark, size);
    QTRY_VERIFY(shown->window->findChild<QPushButton *>(u"startSample"_s));
    check(*shown, u"start-page"_s);
}

void TestGallery::startSync(desk::Session &session)
{
    m_secrets.put(test::LiveDesk::secretKey(), Secret::fromText(u"token"_s));
    session.sync().start({ .secrets = &m_secrets,
        .registry = m_live->registry(),
        .times = { .look = Millis(5), .quit = Millis(200) } });
    m_live->passTime();
}

/// A workspace in which a field is in conflict, a note was refused, and two replies wait.
void TestGallery::makeHelpdesk()
{
    using namespace test;
    m_live = std::make_unique<LiveDesk>(m_deskClock, DeskOptions { .tickets = 8 });
    m_live->with([](FakeDesk &desk) {
        desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"The log is attached."_s,
            { { .name = u"error.log"_s,
                .contentType = u"text/plain"_s,
                .size = 3,
                .bytes = "abc" } });
    });
    const storage::Workspace workspace(m_folder.filePath(u"helpdesk"_s));
    {
        auto store = storage::Store::create(workspace, m_deskClock);
        QVERIFY(store);
        QVERIFY((*store)->write(storage::Durability::Person, [this](storage::WriteScope &scope) {
            return storage::addAccount(scope, m_live->account());
        }));
    }
    desk::Session session(workspace, m_deskClock, m_random);
    session.open();
    startSync(session);
    const auto state = [&session] {
        const desk::SyncState *found = session.sync().account(u"desk"_s);
        return found ? *found : desk::SyncState();
    };
    QTRY_VERIFY_WITH_TIMEOUT(state().synced, 20'000);
    const auto run = [&session](const auto &command) {
        auto done = session.run(command);
        QTRY_VERIFY(done.isFinished());
        QVERIFY(done.result());
    };
    m_live->with([](FakeDesk &desk) { desk.always(Push::Note, Lie::Reject); });
    run(commands::SetFields { u"desk:1"_s, { { u"priority"_s, u"urgent"_s } } });
    run(commands::Note { u"desk:2"_s, u"Reproduced with the newest version."_s, {} });
    m_live->with(
        [](FakeDesk &desk) { desk.set(u"1"_s, u"8"_s, connectors::field::priority, u"low"_s); });
    QTRY_VERIFY_WITH_TIMEOUT(state().conflicts == 1 && state().refused == 1, 20'000);
    m_live->with([](FakeDesk &desk) { desk.always(anyCall, Lie::RefuseConnection); });
    run(commands::Reply {
        u"desk:3"_s, u"Thank you, we have found the cause and will write again before noon."_s });
    run(commands::Reply { u"desk:4"_s, u"Is it the same on another machine?"_s });
    QTRY_VERIFY_WITH_TIMEOUT(state().waiting == 4, 20'000);
    m_live->pauseTime();
}

void TestGallery::helpdesk_data()
{
    rows();
}

/// The question before a waiting change is given up; it is answered with Cancel.
void TestGallery::askToDrop(Shown &shown)
{
    auto *list = shown.window->findChild<QAbstractItemView *>(u"outboxList"_s);
    list->setCurrentIndex(list->model()->index(0, 0));
    auto *drop = shown.window->findChild<QPushButton *>(u"outboxDrop"_s);
    QTRY_VERIFY(drop->isEnabled());
    drop->click();
    const auto box = [&] { return shown.window->findChild<ui::MessageBox *>(); };
    QTRY_VERIFY(box() && box()->isVisible());
    QVERIFY2(test::cutTexts(box()).isEmpty(), qPrintable(test::cutTexts(box()).join(u" | "_s)));
    if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty())
        QVERIFY(box()->grab().save(
            u"%1/desk-drop-%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));
    QTest::keyClick(box(), Qt::Key_Escape);
    QTRY_VERIFY(!box());
}

void TestGallery::helpdesk()
{
    QFETCH(bool, isDark);
    QFETCH(QSize, size);
    if (!m_live)
        makeHelpdesk();
    m_live->with([](test::FakeDesk &desk) {
        desk.acceptToken();
        desk.beHonest();
        desk.always(test::anyCall, test::Lie::RefuseConnection);
    });
    const auto shown = open(u"helpdesk"_s, isDark, size, &m_deskClock);
    ui::MainWindow &window = *shown->window;
    QTRY_VERIFY_WITH_TIMEOUT(window.isBuilt(), 20'000);
    startSync(*shown->session);
    desk::SyncService &sync = shown->session->sync();
    const auto phase = [&sync] {
        const desk::SyncState *found = sync.account(u"desk"_s);
        return found ? found->phase : desk::SyncState::Phase::Idle;
    };
    QTRY_COMPARE_WITH_TIMEOUT(phase(), desk::SyncState::Phase::Offline, 20'000);
    m_live->pauseTime();
    auto *status = window.findChild<QPushButton *>(u"syncState"_s);
    QTRY_COMPARE(status->text(), u"1 conflict with desk"_s);
    // What is wrong leads to where it can be mended.
    QTest::mouseClick(status, Qt::LeftButton);
    QTRY_VERIFY(window.dock(u"conflicts"_s)->widget()->isVisible());
    open(*shown, u"desk:1"_s);
    check(*shown, u"desk-conflict"_s);
    QVERIFY(window.showDock(u"outbox"_s));
    open(*shown, u"desk:2"_s);
    check(*shown, u"desk-outbox"_s);
    askToDrop(*shown);
    open(*shown, u"desk:3"_s);
    check(*shown, u"desk-waiting"_s);
    m_secrets.forget(test::LiveDesk::secretKey());
    sync.secretStored(u"desk"_s); // it turns out to be none
    QTRY_COMPARE_WITH_TIMEOUT(phase(), desk::SyncState::Phase::SignIn, 20'000);
    QTRY_COMPARE(status->text(), u"desk asks for a new sign-in; 4 changes wait"_s);
    check(*shown, u"desk-signin"_s);
}

void TestGallery::whoActedIsTold()
{
    const QString key = keyWhere(
        "EXISTS (SELECT 1 FROM event e WHERE e.ticket = t.id AND e.actor LIKE 'rule:%')");
    const auto shown = open(u"sample"_s, false, { 1280, 800 });
    QTRY_VERIFY_WITH_TIMEOUT(shown->window->isBuilt(), 20'000);
    open(*shown, key);
    const QString customer = shown->window->workbench().ticket()->details.requester.name;
    auto *thread = shown->window->findChild<QTextBrowser *>(u"thread"_s);
    QVERIFY(!thread->toPlainText().contains(u"rule:"_s));
    auto *page = shown->window->findChild<ui::TicketDock *>();
    page->showPage(ui::TicketDock::Log);
    auto *log = shown->window->findChild<QTextBrowser *>(u"log"_s);
    QString told = log->toPlainText();
    told.remove(QChar(0x2068)).remove(QChar(0x2069)); // which keep foreign text in its place
    QVERIFY2(told.contains(u"Rule Left waiting escalated"_s), qPrintable(told));
    QVERIFY2(told.contains(customer + u" opened"_s), qPrintable(told));
    QVERIFY(!told.contains(u"rule:"_s));
    // A short time, the whole instant behind it.
    bool hasInstant = false;
    for (QTextBlock block = log->document()->begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it)
            hasInstant
                = hasInstant || it.fragment().charFormat().toolTip().contains(u"June 2026"_s);
    }
    QVERIFY(hasInstant);
}

/// The sample company with agreements and two rules.
void TestGallery::makeRuled()
{
    const storage::Workspace workspace(m_folder.filePath(u"ruled"_s));
    if (QDir(workspace.folder()).exists())
        return;
    auto store = storage::Store::create(workspace, m_clock);
    QVERIFY(store);
    QVERIFY(importing::makeSample(**store, m_clock, m_random));
    QVERIFY(commands::installDefaults(**store, m_random));
    const auto me = storage::loadMe((*store)->connection());
    QVERIFY(me);
    commands::Context context { .store = **store,
        .random = m_random,
        .actor = Agent { .id = *me, .role = Role::Admin },
        .visibility = Visibility::all(),
        .now = Tuesday };
    QVERIFY(commands::placeDueTimes(context));
    const auto text = [](const QString &name, const QString &rest) {
        return commands::RuleText { .name = name,
            .text = u"rule \"%1\"\n  when %2"_s.arg(name, rest) };
    };
    commands::SaveRules rules { .reason = { u"To look at."_s } };
    rules.texts = { text(u"Enterprise left waiting"_s,
                        u"plan is enterprise and no agent reply for 2h\n  then escalate to L2 "
                        "reason sla-risk"_s),
        text(u"Churn words"_s, u"churn intent\n  then tag at-risk"_s) };
    rules.texts.push_back(
        text(u"Waits for a first answer"_s, u"no agent reply for 4h\n  then remind assignee"_s));
    QVERIFY(commands::run(context, rules));
    for (const commands::RuleText &rule : rules.texts)
        QVERIFY(commands::run(context,
            commands::SetRuleState { .rule = rule.name,
                .state = RuleState::Shadow,
                .reason = { u"To look at."_s },
                .appliesToStanding = true }));
    // What they would do to the tickets of the day.
    engine::Engine engine(**store, m_random, { .at = Tuesday });
    for (bool hasMore = true; hasMore;) {
        const auto step = engine.step();
        QVERIFY2(step, step ? "" : qPrintable(step.error().detail));
        hasMore = step->hasMore;
    }
    const commands::PutTemplate outage { u"outage"_s,
        { .text
            = u"Hello {{customer}},\n\nwe know that {{subject}} does not work, and are on it. You hear from "
              "{{team}} within the hour, about {{id}}."_s,
            .languages = { { u"de"_s, u"Guten Tag {{customer}}, wir arbeiten an {{id}}."_s } },
            .review = QDate(2026, 6, 1) },
        u"To look at."_s };
    QVERIFY(commands::run(context, outage));
    const auto labelled = storage::loadFirings((*store)->connection(), { .limit = 40 });
    QVERIFY(labelled && labelled->size() > 10);
    for (size_t i = 0; i < labelled->size(); i += 4) {
        const auto state = storage::loadTicket((*store)->connection(), (*labelled)[i].ticket);
        QVERIFY(state);
        QVERIFY(commands::run(context, commands::SetLabel { state->ticket.key, i % 3 != 0 }));
    }
}

void TestGallery::rulesAndClocks_data()
{
    rows();
}

/// The rule book, why a ticket is due when it is, and the settings of both.
void TestGallery::rulesAndClocks()
{
    QFETCH(bool, isDark);
    QFETCH(QSize, size);
    makeRuled();
    QVERIFY(!QTest::currentTestFailed());
    const auto shown = open(u"ruled"_s, isDark, size);
    ui::MainWindow &window = *shown->window;
    ui::Workbench &bench = window.workbench();
    QTRY_VERIFY_WITH_TIMEOUT(window.isBuilt(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(bench.loading() == ui::Workbench::Loading::Ready, 20'000);
    QVERIFY(window.showDock(u"rules"_s));
    auto *rules = window.findChild<ui::RulesDock *>();
    QTRY_VERIFY(rules && rules->isRead());
    QCOMPARE(rules->list().model()->rowCount(), 3);
    check(*shown, u"rules"_s);
    rules->tryOut();
    QTRY_VERIFY_WITH_TIMEOUT(!rules->trial().isRunning(), 20'000);
    check(*shown, u"rules-tried"_s);
    rules->showHistory();
    QTRY_VERIFY_WITH_TIMEOUT(!rules->history().isRunning(), 20'000);
    check(*shown, u"rules-history"_s);
    rules->showWhy();
    QTRY_VERIFY_WITH_TIMEOUT(!rules->why().isRunning(), 20'000);
    check(*shown, u"rules-why"_s);
    rules->showShadows(true);
    QTRY_VERIFY_WITH_TIMEOUT(!rules->shadows().isRunning(), 20'000);
    auto *report = rules->findChild<QTableView *>(u"shadowRules"_s);
    QTRY_VERIFY(report && report->isVisible());
    QCOMPARE(report->model()->rowCount(), 3);
    check(*shown, u"rules-shadows"_s);
    rules->showShadows(false);
    QVERIFY(window.showDock(u"ticket"_s));
    auto *clock = window.findChild<QToolButton *>(u"ticketClock"_s);
    QTRY_VERIFY(clock && clock->isVisible() && !clock->text().isEmpty()
        && window.rect().contains(clock->mapTo(&window, clock->rect().center())));
    QTest::mouseClick(clock, Qt::LeftButton);
    QTRY_VERIFY(window.findChild<ui::LedgerPopover *>());
    auto *ledger = window.findChild<ui::LedgerPopover *>();
    QTRY_VERIFY(ledger->isVisible());
    save(ledger, u"ledger"_s);
    ledger->close();
    showSettings(*shown, u"reading"_s);
}

void TestGallery::save(QWidget *widget, const QString &name)
{
    if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(widget->grab().save(
            u"%1/%2-%3.png"_s.arg(folder, name, QString::fromLatin1(QTest::currentDataTag()))));
    }
    const QStringList cut = test::cutTexts(widget);
    QVERIFY2(cut.isEmpty(), qPrintable(name + u": "_s + cut.join(u" | "_s)));
}

/// The settings of agreements, hours, quiet times and templates, as whoever sits here.
void TestGallery::showSettings(Shown &shown, const QString &as)
{
    ui::MainWindow &window = *shown.window;
    for (const QString &page : { u"agreements"_s, u"hours"_s, u"quiet"_s, u"templates"_s }) {
        ui::openDialog(u"settings:"_s + page, window.workbench(), &window);
        auto *settings = window.findChild<ui::SettingsDialog *>();
        QVERIFY(settings);
        auto *agreed = qobject_cast<ui::AgreementPage *>(settings->page());
        auto *templates = qobject_cast<ui::TemplatesPage *>(settings->page());
        auto *quiet = qobject_cast<ui::QuietPage *>(settings->page());
        QVERIFY(agreed || quiet || templates);
        QTRY_VERIFY(agreed ? agreed->isRead() : quiet ? quiet->isRead() : templates->isRead());
        QTest::qWait(0);
        save(settings, u"settings-%1-%2"_s.arg(page, as));
        settings->close();
        QTRY_VERIFY(!window.findChild<ui::SettingsDialog *>());
    }
}

void TestGallery::ruledBy_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<QString>("as");
    for (const QString &as : { u"marek"_s, u"ruth"_s }) {
        for (const bool isDark : { false, true })
            QTest::addRow("%s-%s", qPrintable(as), isDark ? "dark" : "light")
                << isDark << QSize(isDark ? 2560 : 1280, isDark ? 1440 : 800) << as;
    }
}

/// What leads and admins may change, with nothing of it greyed.
void TestGallery::ruledBy()
{
    QFETCH(bool, isDark);
    QFETCH(QSize, size);
    QFETCH(QString, as);
    makeRuled();
    const auto shown = open(u"ruled"_s, isDark, size, nullptr, as);
    ui::MainWindow &window = *shown->window;
    QTRY_VERIFY_WITH_TIMEOUT(window.isBuilt(), 20'000);
    QCOMPARE(window.workbench().people().me.id, as);
    showSettings(*shown, as);
    QVERIFY(window.showDock(u"rules"_s));
    auto *rules = window.findChild<ui::RulesDock *>();
    QTRY_VERIFY(rules && rules->isRead());
    check(*shown, u"rules-"_s + as);
    rules->changeState(RuleState::Live);
    QTRY_VERIFY_WITH_TIMEOUT(rules->reason().isVisible() && !rules->standing().isRunning(), 20'000);
    check(*shown, u"rules-live-"_s + as);
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
