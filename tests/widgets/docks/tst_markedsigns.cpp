#include "core/desk/session.h"
#include "tests/commands/commandtest.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/docks/ticket/signsbutton.h"
#include "widgets/docks/ticket/threadview.h"
#include "widgets/docks/ticket/ticketdock.h"

#include <QApplication>
#include <QMainWindow>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

/// Two tickets beside a ticket dock: one that is angry twice over, one that is not.
struct SignsDesk {
    CommandFixture desk;
    SeededRandom random { 5 };
    std::unique_ptr<ui::Appearance> appearance;
    std::unique_ptr<desk::Session> session;
    std::unique_ptr<ui::Workbench> bench;
    std::unique_ptr<QMainWindow> window;
    ui::TicketDock *ticket = nullptr;

    Result<Done> begin()
    {
        TIERLINE_CHECK(desk.begin());
        commands::CreateTicket angry;
        angry.ticket.key = u"T-1"_s;
        angry.ticket.subject = u"Portal"_s;
        angry.requester = { .name = u"Ada Lind"_s, .email = u"ada@example.org"_s };
        angry.text = u"The portal is down. Our lawyer <b>will</b> write & our lawyer will call."_s;
        TIERLINE_CHECK(desk.run("ann", angry));
        desk.clock.advance(std::chrono::minutes(5));
        TIERLINE_CHECK(desk.run("ann",
            commands::Note { u"T-1"_s, u"The customer names a lawyer, which is urgent."_s, {} }));
        commands::CreateTicket calm = angry;
        calm.ticket.key = u"T-2"_s;
        calm.text = u"Where do I find the export of last month?"_s;
        TIERLINE_CHECK(desk.run("ann", calm));
        TIERLINE_CHECK(desk.write(
            [](storage::WriteScope &scope) { return storage::saveMe(scope, u"ann"_s); }));
        desk.store.reset();
        return Done {};
    }
    bool open()
    {
        appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
        appearance->setMotion(false);
        session = std::make_unique<desk::Session>(desk.workspace, desk.clock, random);
        bench = std::make_unique<ui::Workbench>(*session);
        QSignalSpy writable(session.get(), &desk::Session::writable);
        session->open();
        if (!QTest::qWaitFor([&] { return writable.count() > 0; }, 20'000))
            return false;
        window = std::make_unique<QMainWindow>();
        window->resize(700, 600);
        ticket = new ui::TicketDock(*bench, { QTimeZone::utc(), QLocale::c() });
        window->setCentralWidget(ticket);
        window->show();
        QApplication::setActiveWindow(window.get());
        return show(u"T-1"_s);
    }
    bool show(const QString &key)
    {
        bench->openKey(key);
        return QTest::qWaitFor(
            [&] {
                return bench->loading() == ui::Workbench::Loading::Ready && bench->ticket()
                    && bench->ticket()->details.state.ticket.key == key;
            },
            10'000);
    }
    ui::SignsButton &button() { return *window->findChild<ui::SignsButton *>(); }
    QStringList marked()
    {
        QStringList words;
        for (const QTextEdit::ExtraSelection &mark : ticket->thread().extraSelections())
            words.append(mark.cursor.selectedText());
        return words;
    }
    ~SignsDesk()
    {
        window.reset();
        (void)QTest::qWaitFor(
            [&] { return !bench || bench->loading() != ui::Workbench::Loading::Loading; }, 5'000);
        bench.reset();
        session.reset();
    }
};

} // namespace

/// A ticket says what its words say, small, and shows on demand which.
class TestMarkedSigns : public QObject
{
    Q_OBJECT
private slots:
    void theWordsAreMarkedOnDemand();
    void calmTicketsSayNothing();
    void marksStayWhenNewsCome();
};

void TestMarkedSigns::theWordsAreMarkedOnDemand()
{
    SignsDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    QVERIFY(d.button().isVisible());
    QVERIFY2(d.button().text().startsWith(u"legal"_s), qPrintable(d.button().text()));
    QVERIFY(d.button().accessibleDescription().contains(u"“lawyer”"_s));
    QCOMPARE(ui::unnamedControls(d.window.get()).join(u" | "_s), QString());
    QVERIFY(d.marked().isEmpty());
    d.ticket->thread().setFocus();
    QTest::keyClick(&d.ticket->thread(), Qt::Key_I);
    QTRY_VERIFY(d.button().isChecked());
    // Both places of the customer's words, and none of our own note.
    QCOMPARE(d.marked().count(u"lawyer"_s), 2);
    QTest::keyClick(&d.ticket->thread(), Qt::Key_I);
    QTRY_VERIFY(d.marked().isEmpty());
}

void TestMarkedSigns::calmTicketsSayNothing()
{
    SignsDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.button().setChecked(true);
    QVERIFY(!d.marked().isEmpty());
    QVERIFY(d.show(u"T-2"_s));
    QTRY_VERIFY(!d.button().isVisible());
    QVERIFY(d.marked().isEmpty());
    QTest::keyClick(&d.ticket->thread(), Qt::Key_I); // has nothing to mark
    QVERIFY(!d.button().isChecked());
}

void TestMarkedSigns::marksStayWhenNewsCome()
{
    SignsDesk d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.button().setChecked(true);
    QCOMPARE(d.marked().count(u"lawyer"_s), 2);
    auto said = d.session->run(
        commands::CustomerMessage { u"T-1"_s, u"Our attorney has been told as well."_s });
    QTRY_VERIFY(said.isFinished());
    QTRY_VERIFY(d.marked().contains(u"attorney"_s));
    QCOMPARE(d.marked().count(u"lawyer"_s), 2);
}

QTEST_MAIN(TestMarkedSigns)
#include "tst_markedsigns.moc"
