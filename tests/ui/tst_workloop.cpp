#include "tests/ui/windowtest.h"

#include "widgets/common/accessible.h"
#include "widgets/common/safebrowser.h"

#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>
#include <QTextBrowser>

using namespace tierline;
using namespace Qt::StringLiterals;
using test::CommandFixture;
using test::WindowFixture;

/// A specialist's work, by keyboard, on a real window over a real store.
class TestWorkLoop : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void startsAtTheHomeTier();
    void acceptsAndReplies();
    void aNoteNeverBecomesAReply();
    void draftsBelongToTheirTicket();
    void searchFindsAndOpens();
    void aChangeElsewhereShowsHere();
    void docksCloseFloatAndComeBack();
    void layoutSurvivesARestart();
    void foreignTextIsNeverMarkup();
    void readingATicketFetchesNothing();
    void everyControlHasAName();
    void anEmptyQueueSaysWhy();

private:
    std::unique_ptr<WindowFixture> m_fixture;
    QString m_first, m_second;
};

namespace {

const QString hostile = u"a < b and c > d <b>bold</b> <img src=\"/etc/hostname\">"_s;

Result<Done> fillDesk(CommandFixture &desk, QString &first, QString &second)
{
    TIERLINE_TRY(one, desk.newTicket());
    first = one.state.ticket.key;
    TIERLINE_CHECK(desk.run("ann", CommandFixture::escalation(first)));
    desk.clock.advance(std::chrono::minutes(1));
    commands::CreateTicket create;
    create.ticket.subject = hostile;
    create.requester = { .name = hostile, .email = u"m@example.org"_s };
    create.organization = { .name = u"Mallory <i>&</i> Sons"_s, .plan = u"starter"_s };
    create.text = u"The export stops at row 900, see https://bank.example@evil.example/"_s;
    TIERLINE_TRY(two, desk.run("ann", create));
    second = two.state.ticket.key;
    TIERLINE_CHECK(desk.run("ann", CommandFixture::escalation(second)));
    return Done {};
}

} // namespace

void TestWorkLoop::init()
{
    m_fixture = std::make_unique<WindowFixture>();
    DONE(m_fixture->begin(
        [this](CommandFixture &desk) { return fillDesk(desk, m_first, m_second); }));
    m_fixture->open();
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->window->isBuilt(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->bench().loading() == ui::Workbench::Loading::Ready, 10'000);
}

void TestWorkLoop::cleanup()
{
    m_fixture.reset();
}

void TestWorkLoop::startsAtTheHomeTier()
{
    QCOMPARE(m_fixture->bench().place(), u"tier:L2"_s);
    // The first of the queue is open: next breach first.
    QCOMPARE(m_fixture->bench().ticket()->details.state.ticket.key, m_first);
    auto *subject = m_fixture->find<QLabel>("ticketSubject");
    QCOMPARE(subject->text(), u"Cannot log in"_s);
}

void TestWorkLoop::acceptsAndReplies()
{
    m_fixture->bench().verbs().action(ui::Verbs::Accept)->trigger();
    QTRY_COMPARE(m_fixture->bench().ticket()->details.state.ticket.assignee, u"bob"_s);
    m_fixture->bench().verbs().action(ui::Verbs::Reply)->trigger();
    auto *composer = m_fixture->find<QPlainTextEdit>("composer");
    // Letters go into the text, not to the verbs.
    QTest::keyClicks(composer, u"Hello Ada, please try again."_s);
    QCOMPARE(composer->toPlainText(), u"Hello Ada, please try again."_s);
    QTest::keyClick(composer, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(composer->toPlainText().isEmpty());
    QTRY_VERIFY(
        m_fixture->find<QTextBrowser>("thread")->toPlainText().contains(u"please try again"_s));
    m_fixture->close();
    const TicketState state = m_fixture->stored(m_first);
    QCOMPARE(state.ticket.assignee, u"bob"_s);
    QCOMPARE(state.openEscalation()->openStage()->stage, Stage::Communication);
}

void TestWorkLoop::aNoteNeverBecomesAReply()
{
    m_fixture->bench().verbs().action(ui::Verbs::Note)->trigger();
    auto *composer = m_fixture->find<QPlainTextEdit>("composer");
    auto *send = m_fixture->find<QPushButton>("send");
    QCOMPARE(send->text(), u"Add note"_s);
    QTest::keyClicks(composer, u"customer is furious"_s);
    // Asking for a reply with a note begun leaves it a note.
    emit m_fixture->bench().composeWanted(false);
    QCOMPARE(send->text(), u"Add note"_s);
    QTest::keyClick(composer, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(
        m_fixture->bench().ticket()->thread.back().message.kind, MessageKind::InternalNote);
}

void TestWorkLoop::draftsBelongToTheirTicket()
{
    auto *composer = m_fixture->find<QPlainTextEdit>("composer");
    m_fixture->bench().verbs().action(ui::Verbs::Reply)->trigger();
    QTest::keyClicks(composer, u"for the first"_s);
    m_fixture->bench().openKey(m_second);
    QTRY_VERIFY(m_fixture->bench().ticket()
        && m_fixture->bench().ticket()->details.state.ticket.key == m_second);
    QVERIFY(composer->toPlainText().isEmpty());
    m_fixture->bench().openKey(m_first);
    QTRY_COMPARE(composer->toPlainText(), u"for the first"_s);
}

void TestWorkLoop::searchFindsAndOpens()
{
    auto *search = m_fixture->find<QLineEdit>("searchBox");
    search->setFocus();
    QTest::keyClicks(search, u"export row"_s);
    QTRY_VERIFY(m_fixture->find<QListView>("searchResults"));
    auto *results = m_fixture->find<QListView>("searchResults");
    QTRY_COMPARE(results->model()->rowCount(), 1);
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_VERIFY(m_fixture->bench().ticket()
        && m_fixture->bench().ticket()->details.state.ticket.key == m_second);
    // Nothing that is typed is an error.
    for (const QString &typed : { u"\""_s, u"NEAR("_s, u"a AND"_s, u"*"_s, u"-"_s, u"col:x"_s }) {
        QSignalSpy reported(&m_fixture->bench(), &ui::Workbench::reported);
        search->clear();
        QTest::keyClicks(search, typed);
        QTest::qWait(30);
        QCOMPARE(reported.size(), 0);
    }
}

void TestWorkLoop::aChangeElsewhereShowsHere()
{
    // Another process changes the same workspace while the window is open.
    DONE(m_fixture->desk.reopen());
    DONE(m_fixture->desk.run("bob", commands::Note { m_first, u"from the command line"_s, {} }));
    m_fixture->desk.store.reset();
    QTRY_VERIFY_WITH_TIMEOUT(
        m_fixture->find<QTextBrowser>("thread")->toPlainText().contains(u"from the command line"_s),
        6000);
}

void TestWorkLoop::docksCloseFloatAndComeBack()
{
    ui::MainWindow &window = *m_fixture->window;
    QVERIFY(window.docks().size() >= 8);
    for (QDockWidget *dock : window.docks()) {
        dock->close();
        QVERIFY(dock->isHidden());
        dock->show();
        dock->setFloating(true);
        QVERIFY(dock->isFloating());
    }
    window.resetLayout();
    int queues = 0;
    for (QDockWidget *dock : window.docks()) {
        QVERIFY2(!dock->isFloating(), qPrintable(dock->objectName()));
        // Queues share one place, and the rail says which of them stands there.
        if (dock->objectName().startsWith(u"queue."_s))
            queues += !dock->isHidden();
        else
            QVERIFY2(!dock->isHidden(), qPrintable(dock->objectName()));
    }
    QCOMPARE(queues, 1);
}

void TestWorkLoop::layoutSurvivesARestart()
{
    QDockWidget *handoff = m_fixture->window->dock(u"handoff"_s);
    handoff->setFloating(true);
    handoff->resize(333, 444);
    m_fixture->window->dock(u"metrics"_s)->close();
    m_fixture->bench().goTo(u"tier:L1"_s);
    m_fixture->close();
    m_fixture->open();
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->window->isBuilt(), 10'000);
    QVERIFY(m_fixture->window->dock(u"handoff"_s)->isFloating());
    QVERIFY(m_fixture->window->dock(u"metrics"_s)->isHidden());
    QCOMPARE(m_fixture->bench().place(), u"tier:L1"_s);
}

void TestWorkLoop::foreignTextIsNeverMarkup()
{
    m_fixture->bench().openKey(m_second);
    QTRY_VERIFY(m_fixture->bench().ticket()
        && m_fixture->bench().ticket()->details.state.ticket.key == m_second);
    int shown = 0;
    for (QLabel *label : m_fixture->window->findChildren<QLabel *>()) {
        QVERIFY2(label->textFormat() == Qt::PlainText || label->text().isEmpty(),
            qPrintable(label->text()));
        shown += label->text().contains(u"a < b"_s);
    }
    QVERIFY(shown > 0);
    for (QWidget *widget : m_fixture->window->findChildren<QWidget *>()) {
        if (widget->toolTip().contains(u"a < b"_s))
            QVERIFY2(
                !Qt::mightBeRichText(widget->toolTip()) || widget->toolTip().contains(u"&lt;"_s),
                qPrintable(widget->toolTip()));
    }
}

void TestWorkLoop::readingATicketFetchesNothing()
{
    QTcpServer spy;
    QVERIFY(spy.listen(QHostAddress::LocalHost));
    const QString pixel = u"http://127.0.0.1:%1/pixel.png"_s.arg(spy.serverPort());
    ui::SafeBrowser browser;
    browser.resize(400, 300);
    browser.show();
    browser.setHtml(
        u"<img src=\"%1\"><img src=\"/etc/hostname\"><img src=\"file:///etc/hostname\">"
        "<link rel=stylesheet href=\"%1\"><p style=\"background-image:url(%1)\">x</p>"_s.arg(
            pixel));
    QTest::qWait(200);
    QVERIFY(!spy.hasPendingConnections());
    // A click on a file link changes nothing and leaves nothing open.
    QStringList opened;
    ui::SafeBrowser::setOpener([&](const QUrl &url) { opened.append(url.toString()); });
    const QString before = browser.toPlainText();
    browser.setSource(QUrl(u"file:///etc/hostname"_s));
    emit browser.anchorClicked(QUrl(u"file:///etc/hostname"_s));
    QCOMPARE(browser.toPlainText(), before);
    QVERIFY(opened.isEmpty());
    ui::SafeBrowser::setOpener({});
}

void TestWorkLoop::everyControlHasAName()
{
    QCOMPARE(ui::unnamedControls(m_fixture->window.get()).join(u" | "_s), QString());
}

void TestWorkLoop::anEmptyQueueSaysWhy()
{
    m_fixture->bench().goTo(u"tier:L3"_s);
    QDockWidget *queue = m_fixture->window->dock(u"queue.tier:L3"_s);
    QTRY_VERIFY(queue->isVisible());
    const auto sentence = [&] {
        for (QLabel *label : queue->widget()->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(u"Nothing waits at"_s))
                return true;
        }
        return false;
    };
    QTRY_VERIFY(sentence());
}

QTEST_MAIN(TestWorkLoop)
#include "tst_workloop.moc"
