#include "core/base/json.h"
#include "core/calendar/agreementjson.h"
#include "core/commands/agreements.h"
#include "core/desk/session.h"
#include "tests/commands/commandtest.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/api/agreementwords.h"
#include "widgets/docks/api/ledgerpopover.h"
#include "widgets/docks/handoff/handoffdock.h"
#include "widgets/docks/queues/queuedock.h"
#include "widgets/docks/queues/queueview.h"
#include "widgets/docks/ticket/ticketdock.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QHBoxLayout>
#include <QListView>
#include <QMainWindow>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace tierline;
using namespace tierline::test;
using ui::QueuedAnswers;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray agreed
    = "{'calendars':{'Office':{'zone':'Europe/Berlin','hours':{'mon':[['09:00','17:00']],"
      "'tue':[['09:00','17:00']],'wed':[['09:00','17:00']],'thu':[['09:00','17:00']],"
      "'fri':[['09:00','17:00']]},'exceptions':[{'date':'2026-06-09','hours':[]}]}},"
      "'policies':[{'name':'Standard','default':true,'calendar':'Office',"
      "'targets':[{'clock':'first_response','target':'4h'},{'clock':'first_resolution',"
      "'target':'16h'}],'pauses':['first_response','first_resolution']}]}";

/// A ticket of Monday 14:00 in Berlin that waited for the customer for half an hour, seen on Wednesday at
/// 9:30 after a holiday; beside a queue and a ticket dock.
struct LedgerDesk {
    CommandFixture desk;
    SeededRandom random { 5 };
    QueuedAnswers answers;
    std::unique_ptr<desk::Session> session;
    std::unique_ptr<ui::Workbench> bench;
    std::unique_ptr<QMainWindow> window;
    ui::QueueDock *queue = nullptr;
    ui::TicketDock *ticket = nullptr;

    Result<Done> save(QByteArray text)
    {
        const auto json = readJsonObject(text.replace('\'', '"'));
        if (!json)
            return json.error();
        const auto read = sla::agreementsFromJson(*json);
        if (!read)
            return read.error();
        commands::Context context = desk.as(u"lea"_s);
        const auto done = commands::run(
            context, commands::SaveAgreements { .agreements = *read, .why = u"test"_s });
        return done ? Result<Done>(Done {}) : Result<Done>(done.error());
    }
    Result<Done> begin(const QByteArray &text = agreed)
    {
        if (auto begun = desk.begin(); !begun)
            return begun;
        if (!text.isEmpty()) {
            if (auto saved = save(text); !saved)
                return saved;
        }
        if (auto made = desk.newTicket(u"T-1"_s); !made)
            return made.error();
        const auto set = [&](const QString &status) {
            return desk.run("ann", commands::SetFields { u"T-1"_s, { { u"status"_s, status } } });
        };
        desk.clock.advance(1h);
        if (auto paused = set(u"pending"_s); !paused)
            return paused.error();
        desk.clock.advance(30min);
        if (auto opened = set(u"open"_s); !opened)
            return opened.error();
        desk.clock.advance(42h);
        auto me = desk.write(
            [](storage::WriteScope &scope) { return storage::saveMe(scope, u"ann"_s); });
        if (!me)
            return me;
        desk.store.reset();
        return Done {};
    }
    bool open(const QString &zone = u"Europe/Berlin"_s)
    {
        session = std::make_unique<desk::Session>(desk.workspace, desk.clock, random);
        bench = std::make_unique<ui::Workbench>(*session);
        QSignalSpy writable(session.get(), &desk::Session::writable);
        session->open();
        if (!QTest::qWaitFor([&] { return writable.count() > 0; }, 20'000))
            return false;
        const ui::TimeWords words { QTimeZone(zone.toUtf8()), QLocale::c() };
        window = std::make_unique<QMainWindow>();
        window->resize(1100, 700);
        auto *both = new QWidget;
        auto *row = new QHBoxLayout(both);
        ui::Place place { .id = u"tier:L1"_s, .title = u"L1"_s, .query = { .tier = u"L1"_s } };
        queue = new ui::QueueDock(*bench, place, words);
        ticket = new ui::TicketDock(*bench, words);
        row->addWidget(queue, 1);
        row->addWidget(ticket, 2);
        window->setCentralWidget(both);
        window->show();
        QApplication::setActiveWindow(window.get());
        bench->goTo(place.id);
        return QTest::qWaitFor(
            [&] {
                // A row has no clock before its values are read.
                return queue->model().rowCount() == 1 && queue->model().rowIfLoaded(0)
                    && bench->ticket() && bench->loading() == ui::Workbench::Loading::Ready;
            },
            20'000);
    }
    ui::LedgerPopover *popover() const
    {
        auto *found = window->findChild<ui::LedgerPopover *>();
        return found && found->isVisible() ? found : nullptr;
    }
    ui::LedgerPopover *byKey()
    {
        queue->view().setFocus();
        QTest::keyClick(&queue->view(), Qt::Key_L);
        return QTest::qWaitFor([&] { return popover() != nullptr; }, 5'000) ? popover() : nullptr;
    }
    QStringList stretches() const
    {
        QStringList rows;
        const auto *list = popover()->findChild<QListView *>(u"ledgerStretches"_s);
        for (int i = 0; i < list->model()->rowCount(); ++i)
            rows.append(list->model()->index(i, 0).data(Qt::AccessibleTextRole).toString());
        return rows;
    }
    QString label(const char *name) const
    {
        return popover()->findChild<ui::PlainLabel *>(QLatin1StringView(name))->text();
    }
    ~LedgerDesk()
    {
        // What is still being read ends while those who wait for it are there, as when the desktop closes.
        if (session)
            session->shutDown();
        window.reset();
        bench.reset();
    }
};

} // namespace

/// Why a ticket is due when it is, asked by key and by click.
class TestLedger : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void stretchesAreTold();
    void keysReachEverything();
    void aClickOnTheClockOpens();
    void theTicketsClockOpens();
    void theCardShowsWhatIsAgreed();
    void nothingAgreedSaysSo();
    void newsAreShown();
    void theProofIsTakenAlong();
    void readersSeeTheirOwnZone();
    void pictures_data();
    void pictures();

private:
    std::unique_ptr<ui::Appearance> m_appearance;
};

void TestLedger::initTestCase()
{
    m_appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestLedger::stretchesAreTold()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    QVERIFY(d.byKey());
    QCOMPARE(d.stretches(),
        (QStringList { u"Running, 30 min, 09:00 – 09:30"_s,
            u"Closed, 40 h, Mon 17:00 – today 09:00, outside business hours, special day 9 Jun"_s,
            u"Running, 1 h 30 min, Mon 15:30 – 17:00"_s,
            u"Paused, 30 min, Mon 15:00 – 15:30, waiting for the customer"_s,
            u"Running, 1 h, Mon 14:00 – 15:00"_s }));
    QCOMPARE(d.label("ledgerHeadline"), u"Due 10:30"_s);
    QCOMPARE(d.label("ledgerAccount"), u"Promised 4 h · 3 h used · 1 h left"_s);
    QCOMPARE(d.label("ledgerSource"),
        u"Policy “Standard”, version 1. Calendar “Office”, version 1, read in Europe/Berlin: "
        "the calendar's own time zone."_s);
}

void TestLedger::keysReachEverything()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::LedgerPopover *popover = d.byKey();
    QVERIFY(popover);
    QCOMPARE(ui::unnamedControls(popover), QStringList());
    auto *clocks = popover->findChild<QListView *>(u"ledgerClocks"_s);
    QCOMPARE(clocks->model()->rowCount(), 2);
    QCOMPARE(popover->focusWidget(), clocks);
    QCOMPARE(clocks->currentIndex().data().toString(), u"First reply"_s);
    QTest::keyClick(clocks, Qt::Key_Down);
    QCOMPARE(clocks->currentIndex().data().toString(), u"First solution"_s);
    QCOMPARE(d.label("ledgerAccount"), u"Promised 16 h · 3 h used · 13 h left"_s);
    QSet<QWidget *> reached { popover->focusWidget() };
    for (int i = 0; i < 4; ++i) {
        QTest::keyClick(popover->focusWidget(), Qt::Key_Tab);
        reached.insert(popover->focusWidget());
    }
    for (const char *name : { "ledgerCopy", "ledgerSave", "ledgerClocks", "ledgerStretches" })
        QVERIFY2(reached.contains(popover->findChild<QWidget *>(QLatin1StringView(name))), name);
    QTest::keyClick(popover->focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!d.popover());
    QTRY_COMPARE(QApplication::focusWidget(), &d.queue->view());
}

void TestLedger::aClickOnTheClockOpens()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::QueueView &view = d.queue->view();
    const QRect row = view.visualRect(view.currentIndex());
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, row.center());
    QTest::mouseClick(
        view.viewport(), Qt::LeftButton, {}, QPoint(row.right() - 24, row.top() + 16));
    QTRY_VERIFY(d.popover());
    // The click in the middle of the row had come first, and opened none.
    QCOMPARE(d.window->findChildren<ui::LedgerPopover *>().size(), 1);
}

void TestLedger::theTicketsClockOpens()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    auto *clock = d.ticket->findChild<QToolButton *>(u"ticketClock"_s);
    QTRY_COMPARE(clock->text(), u"1 h 00"_s);
    QTest::mouseClick(clock, Qt::LeftButton);
    QTRY_VERIFY(d.popover());
    d.popover()->close();
    // The same by key, wherever the keys are in the window.
    clock->setFocus();
    QTest::keyClick(clock, Qt::Key_Space);
    QTRY_VERIFY(d.popover());
}

void TestLedger::theCardShowsWhatIsAgreed()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    auto *handoff = new ui::HandoffDock(*d.bench, { QTimeZone("Europe/Berlin"), QLocale::c() });
    d.window->centralWidget()->layout()->addWidget(handoff);
    handoff->show();
    // The card that was there is made anew once it is seen.
    QPointer<QToolButton> first;
    QTRY_VERIFY(
        (first = handoff->findChild<QToolButton *>(u"cardClock.0"_s)) && first->isVisible());
    // What is due next leads; the countdown is that of the ticket's head.
    QCOMPARE(first->text(), u"1 h 00"_s);
    QVERIFY2(first->accessibleName().startsWith(u"First reply: at risk, due in 1 hour"_s),
        qPrintable(first->accessibleName()));
    auto *second = handoff->findChild<QToolButton *>(u"cardClock.1"_s);
    QVERIFY(second && second->accessibleName().contains(u": due in "_s));
    QVERIFY(handoff->card().text().contains(u"Agreed"_s));
    QCOMPARE(ui::unnamedControls(handoff), QStringList());
    // By key, as everything: why it is due then. On a slow machine the card may be made anew once more.
    const auto opens = [&] {
        first = handoff->findChild<QToolButton *>(u"cardClock.0"_s);
        if (!first || !first->isVisible())
            return false;
        first->setFocus();
        QTest::keyClick(first, Qt::Key_Space);
        return QTest::qWaitFor([&] { return d.popover() != nullptr; }, 2'000);
    };
    QTRY_VERIFY_WITH_TIMEOUT(opens(), 20'000);
    QCOMPARE(d.label("ledgerHeadline"), u"Due 10:30"_s);
}

void TestLedger::nothingAgreedSaysSo()
{
    LedgerDesk d;
    DONE(d.begin({}));
    QVERIFY(d.open());
    QSignalSpy wanted(d.bench.get(), &ui::Workbench::dialogWanted);
    QCOMPARE(d.ticket->findChild<QToolButton *>(u"ticketClock"_s)->text(), u"no due time"_s);
    ui::LedgerPopover *popover = d.byKey();
    QVERIFY(popover);
    auto *empty = popover->findChild<ui::EmptyState *>();
    QVERIFY(empty->isVisible());
    QVERIFY(empty->sentence().startsWith(u"No clock runs for this ticket"_s));
    QCOMPARE(popover->focusWidget(), empty->button());
    QTest::keyClick(empty->button(), Qt::Key_Space);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().first().toString(), u"settings:agreements"_s);
    QTRY_VERIFY(!d.popover());
}

void TestLedger::newsAreShown()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    QVERIFY(d.byKey());
    auto replied = d.session->run(commands::Reply { .ticket = u"T-1"_s, .text = u"Try this."_s });
    QTRY_VERIFY(replied.isFinished());
    QVERIFY(replied.result());
    QTRY_VERIFY(d.popover()
                    ->findChild<QListView *>(u"ledgerClocks"_s)
                    ->model()
                    ->index(1, 0)
                    .data(Qt::AccessibleTextRole)
                    .toString()
        == u"First reply, met"_s);
}

void TestLedger::theProofIsTakenAlong()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::LedgerPopover *popover = d.byKey();
    QVERIFY(popover);
    QSignalSpy said(d.bench.get(), &ui::Workbench::said);
    QTest::keyClick(popover->focusWidget(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(said.count(), 1);
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY2(text.contains(u"Paused  8 June 2026, 15:00 CEST – 8 June 2026, 15:30 CEST"_s)
            || text.contains(u"Paused"_s),
        qPrintable(text));
    QVERIFY(text.contains(u"waiting for the customer"_s));
    QTemporaryDir folder;
    const QString path = folder.filePath(u"proof.json"_s);
    d.answers.choose({ path });
    QTest::mouseClick(popover->findChild<QToolButton *>(u"ledgerSave"_s), Qt::LeftButton);
    QTRY_COMPARE(said.count(), 2);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto json = readJsonObject(file.readAll());
    QVERIFY(json);
    QCOMPARE((*json)[u"clocks"_s].toArray().size(), 2);
    QCOMPARE((*json)[u"clocks"_s][0][u"ledger"_s].toArray().size(), 5);
}

void TestLedger::readersSeeTheirOwnZone()
{
    LedgerDesk d;
    DONE(d.begin());
    QVERIFY(d.open(u"Asia/Kolkata"_s));
    QVERIFY(d.byKey());
    QCOMPARE(d.label("ledgerHeadline"), u"Due 14:00"_s);
}

void TestLedger::pictures_data()
{
    QTest::addColumn<ui::SchemeChoice>("scheme");
    QTest::addColumn<qreal>("scale");
    QTest::newRow("light") << ui::SchemeChoice::Light << 1.0;
    QTest::newRow("dark") << ui::SchemeChoice::Dark << 1.0;
    QTest::newRow("large") << ui::SchemeChoice::Light << 1.5;
}

void TestLedger::pictures()
{
    QFETCH(ui::SchemeChoice, scheme);
    QFETCH(qreal, scale);
    m_appearance->setChoice(scheme);
    m_appearance->setTextScale(scale);
    const auto save = [](QWidget *widget, const QString &name) {
        if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty())
            QVERIFY(widget->grab().save(u"%1/ledger-%2-%3.png"_s.arg(
                folder, name, QString::fromLatin1(QTest::currentDataTag()))));
    };
    {
        LedgerDesk d;
        DONE(d.begin());
        QVERIFY(d.open());
        QVERIFY(d.byKey());
        save(d.popover(), u"running"_s);
        save(d.window.get(), u"window"_s);
        d.popover()->chooseClock(1);
        save(d.popover(), u"solution"_s);
    }
    {
        LedgerDesk d;
        DONE(d.begin());
        d.desk.clock.advance(30h);
        QVERIFY(d.open());
        QVERIFY(d.byKey());
        save(d.popover(), u"late"_s);
    }
    LedgerDesk d;
    DONE(d.begin({}));
    QVERIFY(d.open());
    QVERIFY(d.byKey());
    save(d.popover(), u"empty"_s);
    m_appearance->setChoice(ui::SchemeChoice::Light);
    m_appearance->setTextScale(1.0);
}

QTEST_MAIN(TestLedger)
#include "tst_ledger.moc"
