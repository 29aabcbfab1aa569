#include "tests/ui/display/xdisplay.h"
#include "tests/ui/windowtest.h"
#include "widgets/dialogs/escalatedialog.h"
#include "widgets/docks/queues/queuedock.h"

#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;
using test::CommandFixture;
using test::WindowFixture;
using test::XDisplay;

/// The main job, by keys alone, in the real window on a real display: no action is triggered and no
/// widget is given the focus by the test.
class TestKeys : public QObject
{
    Q_OBJECT
public:
    explicit TestKeys(const XDisplay &display)
        : m_display(display)
    {
    }

private slots:
    void initTestCase();
    void cleanup();
    void movesInTheQueue();
    void repliesAndNotes();
    void acceptsSolvesAndReopens();
    void returnsWithVerdict();
    void flags();
    void escalatesInFewKeys();
    void searches();
    void filtersTheQueue();
    void sortsTheQueue();
    void showsTheKeys();

private:
    void open(const QString &me, const QString &place);
    ui::QueueDock *queue(const QString &place)
    {
        QDockWidget *dock = m_fixture->window->dock(u"queue."_s + place);
        return dock ? qobject_cast<ui::QueueDock *>(dock->widget()) : nullptr;
    }
    /// The dialog that the keys opened, in front.
    template<typename T = ui::FormDialog>
    T *dialog(const QString &id)
    {
        T *found = nullptr;
        (void)QTest::qWaitFor(
            [&] {
                found = m_fixture->window->findChild<T *>(u"dialog."_s + id);
                return found && QApplication::activeWindow() == found
                    && QApplication::focusWidget();
            },
            10'000);
        return found && QApplication::activeWindow() == found ? found : nullptr;
    }
    bool isBackAtWork(const QPointer<QDialog> &closed)
    {
        return QTest::qWaitFor(
            [&] { return !closed && QApplication::activeWindow() == m_fixture->window.get(); },
            10'000);
    }
    bool isInQueue(const QString &place)
    {
        ui::QueueDock *dock = queue(place);
        return dock && dock->isVisible()
            && QApplication::focusWidget() == dock->findChild<QListView *>(u"queueView"_s);
    }
    bool press(const QString &keys) { return XDisplay::press(keys); }
    bool type(const QString &text) { return XDisplay::type(text); }
    QString current() const
    {
        const auto &open = m_fixture->bench().ticket();
        return open ? open->details.state.ticket.key : QString();
    }
    const TicketState &state() const { return m_fixture->bench().ticket()->details.state; }
    QStringList shownSubjects(ui::QueueDock *dock)
    {
        QStringList all;
        for (int row = 0; row < dock->model().rowCount(); ++row)
            all.append(dock->model().index(row, model::QueueModel::Subject).data().toString());
        return all;
    }
    static QString focusName()
    {
        return QApplication::focusWidget() ? QApplication::focusWidget()->objectName() : QString();
    }

    const XDisplay &m_display;
    std::unique_ptr<WindowFixture> m_fixture;
    QStringList m_atL2; ///< keys, in the order of the queue
    QStringList m_atL1;
};

namespace {

Result<QString> makeTicket(CommandFixture &desk, const QString &subject)
{
    desk.clock.advance(std::chrono::minutes(1));
    commands::CreateTicket create;
    create.ticket.subject = subject;
    create.ticket.channel = u"email"_s;
    create.requester = { .name = u"Ada Lind"_s, .email = u"ada@lind.example"_s };
    create.organization = { .name = u"Lind AB"_s, .plan = u"enterprise"_s, .arr = 90'000 };
    create.text
        = u"Nobody here can sign in since the update. We need everybody signed in by noon."_s;
    TIERLINE_TRY(made, desk.run("ann", create));
    const QString key = made.state.ticket.key;
    TIERLINE_CHECK(
        desk.run("ann", commands::Note { key, u"Cleared the session cache: no change."_s, {} }));
    return key;
}

Result<Done> fill(CommandFixture &desk, QStringList &atL2, QStringList &atL1)
{
    for (const QString &subject : { u"Printer prints nothing"_s, u"Export stops at row 900"_s,
             u"Cannot open the archive"_s }) {
        TIERLINE_TRY(key, makeTicket(desk, subject));
        TIERLINE_CHECK(desk.run("ann", CommandFixture::escalation(key)));
        atL2.append(key);
    }
    for (const QString &subject :
        { u"Login loops after the update"_s, u"Invoice has two dates"_s }) {
        TIERLINE_TRY(key, makeTicket(desk, subject));
        atL1.append(key);
    }
    return Done {};
}

} // namespace

void TestKeys::initTestCase()
{
    if (!m_display.missing().isEmpty())
        QSKIP(qPrintable(m_display.missing()));
    QCOMPARE(QGuiApplication::platformName(), u"xcb"_s);
}

void TestKeys::cleanup()
{
    m_fixture.reset();
}

void TestKeys::open(const QString &me, const QString &place)
{
    m_atL1.clear();
    m_atL2.clear();
    m_fixture = std::make_unique<WindowFixture>();
    DONE(m_fixture->begin([this](CommandFixture &desk) { return fill(desk, m_atL2, m_atL1); }));
    DONE(m_fixture->desk.reopen());
    DONE(m_fixture->desk.write(
        [me](storage::WriteScope &scope) { return storage::saveMe(scope, me); }));
    m_fixture->desk.store.reset();
    m_fixture->open({ 1270, 760 });
    QVERIFY(QTest::qWaitForWindowActive(m_fixture->window.get(), 15'000));
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->window->isBuilt(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->bench().loading() == ui::Workbench::Loading::Ready, 10'000);
    QVERIFY(press(place.endsWith(u'1') ? u"g 1"_s : u"g 2"_s));
    QTRY_COMPARE(focusName(), u"queueView"_s);
    QTRY_VERIFY(isInQueue(place));
}

#define OPEN(me, place)                                                                            \
    open(me, place);                                                                               \
    if (QTest::currentTestFailed())                                                                \
    return

void TestKeys::movesInTheQueue()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    QTRY_COMPARE(current(), m_atL2[0]);
    QVERIFY(press(u"j"_s));
    QTRY_COMPARE(current(), m_atL2[1]);
    QVERIFY(press(u"Down"_s));
    QTRY_COMPARE(current(), m_atL2[2]);
    QVERIFY(press(u"Down"_s)); // the last one stays
    QVERIFY(press(u"k"_s));
    QTRY_COMPARE(current(), m_atL2[1]);
    QVERIFY(press(u"Up"_s));
    QTRY_COMPARE(current(), m_atL2[0]);
    // Another place by its letters; its first ticket waits to be chosen.
    QVERIFY(press(u"g 1"_s));
    QTRY_COMPARE(m_fixture->bench().place(), u"tier:L1"_s);
    QTRY_VERIFY(isInQueue(u"tier:L1"_s));
    QVERIFY(press(u"j"_s));
    QTRY_VERIFY(m_atL1.contains(current()));
}

void TestKeys::repliesAndNotes()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    QVERIFY(press(u"a"_s));
    QTRY_COMPARE(state().ticket.assignee, u"bob"_s);
    QVERIFY(press(u"Return"_s));
    QTRY_COMPARE(focusName(), u"composer"_s);
    // Every letter of a verb goes into the text.
    const QString answer = u"Hello Ada, are you free? Nobody can escape: reload it."_s;
    QVERIFY(type(answer));
    QTRY_COMPARE(m_fixture->find<QPlainTextEdit>("composer")->toPlainText(), answer);
    QVERIFY(press(u"ctrl+Return"_s));
    QTRY_COMPARE(m_fixture->bench().ticket()->thread.back().message.text, answer);
    QCOMPARE(m_fixture->bench().ticket()->thread.back().message.kind, MessageKind::PublicReply);
    QVERIFY(press(u"Escape"_s));
    QTRY_COMPARE(focusName(), u"queueView"_s);
    QVERIFY(press(u"n"_s));
    QTRY_COMPARE(focusName(), u"composer"_s);
    QVERIFY(type(u"Seen on two machines."_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QTRY_COMPARE(
        m_fixture->bench().ticket()->thread.back().message.kind, MessageKind::InternalNote);
    QCOMPARE(m_fixture->bench().ticket()->thread.back().message.text, u"Seen on two machines."_s);
    QVERIFY(press(u"Escape"_s));
    QTRY_COMPARE(focusName(), u"queueView"_s);
    QVERIFY(press(u"r"_s));
    QTRY_COMPARE(focusName(), u"composer"_s);
    QVERIFY(m_fixture->find<QPlainTextEdit>("composer")->toPlainText().isEmpty());
}

void TestKeys::acceptsSolvesAndReopens()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    const QString key = m_atL2[0];
    QTRY_COMPARE(current(), key);
    QVERIFY(press(u"a"_s));
    QTRY_COMPARE(state().ticket.assignee, u"bob"_s);
    QVERIFY(press(u"r"_s));
    QTRY_COMPARE(focusName(), u"composer"_s);
    QVERIFY(type(u"I have your case."_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QTRY_VERIFY(state().openEscalation()
        && state().openEscalation()->openStage()->stage == Stage::Communication);
    QVERIFY(press(u"Escape"_s));
    QVERIFY(press(u"s"_s));
    QPointer<QDialog> solve = dialog(u"solve"_s);
    QVERIFY(solve);
    QVERIFY(type(u"The driver was old. Does it work now?"_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QVERIFY(isBackAtWork(solve));
    QTRY_COMPARE(state().ticket.status, Status::Solved);
    QCOMPARE(current(), key); // what was just solved stays in front
    QVERIFY(press(u"o"_s));
    QPointer<QDialog> reopen = dialog(u"reopen"_s);
    QVERIFY(reopen);
    QVERIFY(type(u"It stopped again."_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QVERIFY(isBackAtWork(reopen));
    QCOMPARE(current(), key);
    QTRY_VERIFY(isWorkable(state().ticket.status));
    QCOMPARE(state().ticket.assignee, u"bob"_s);
    // And the keys are where they were.
    QVERIFY(press(u"g 2"_s));
    QTRY_COMPARE(focusName(), u"queueView"_s);
}

void TestKeys::returnsWithVerdict()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    QVERIFY(press(u"j"_s));
    QTRY_COMPARE(current(), m_atL2[1]);
    QVERIFY(press(u"a"_s));
    QTRY_COMPARE(state().ticket.assignee, u"bob"_s);
    QVERIFY(press(u"b"_s));
    QPointer<QDialog> back = dialog(u"return"_s);
    QVERIFY(back);
    // The verdict stands above the note; what is typed there replaces what it says.
    QVERIFY(press(u"shift+Tab"_s));
    QTRY_COMPARE(focusName(), u"verdict"_s);
    QVERIFY(type(u"missing"_s));
    QVERIFY(press(u"Tab"_s));
    QTRY_COMPARE(focusName(), u"note"_s);
    QVERIFY(type(u"Which version do they use?"_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QVERIFY(isBackAtWork(back));
    const TicketState stored = m_fixture->stored(m_atL2[1]);
    QCOMPARE(stored.ticket.tier, u"L1"_s);
    QCOMPARE(stored.escalations.back().verdict, Verdict::NeedsInformation);
}

void TestKeys::flags()
{
    OPEN(u"ann"_s, u"tier:L1"_s);
    const QString key = current();
    QVERIFY(m_atL1.contains(key));
    QVERIFY(press(u"f"_s));
    QPointer<QDialog> flag = dialog(u"flag"_s);
    QVERIFY(flag);
    QVERIFY(type(u"Needs the admin console"_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QVERIFY(isBackAtWork(flag));
    QTRY_VERIFY(state().ticket.isFlagged());
    QCOMPARE(current(), key);
    // A dialog that is left with Escape has done nothing.
    QVERIFY(press(u"j"_s));
    QTRY_VERIFY(current() != key);
    const QString other = current();
    QVERIFY(press(u"f"_s));
    QPointer<QDialog> left = dialog(u"flag"_s);
    QVERIFY(left);
    QVERIFY(type(u"No"_s));
    QVERIFY(press(u"Escape"_s));
    QVERIFY(isBackAtWork(left));
    QVERIFY(!m_fixture->stored(other).ticket.isFlagged());
}

void TestKeys::escalatesInFewKeys()
{
    OPEN(u"ann"_s, u"tier:L1"_s);
    const QString key = current();
    QVERIFY(press(u"e"_s));
    auto *form = dialog<ui::EscalateDialog>(u"escalate"_s);
    QVERIFY(form);
    QTRY_VERIFY(form->isReady());
    QPointer<QDialog> dialog = form;
    QTRY_COMPARE(focusName(), u"reason"_s);
    // E, two letters of the reason, Ctrl Enter: four strokes, the words of the form are there.
    QVERIFY(type(u"be"_s));
    QVERIFY(press(u"ctrl+Return"_s));
    QVERIFY(isBackAtWork(dialog));
    const TicketState stored = m_fixture->stored(key);
    QCOMPARE(stored.ticket.tier, u"L2"_s);
    QCOMPARE(stored.escalations.back().reasonCode, u"beyond-skill"_s);
    QTRY_VERIFY(!shownSubjects(queue(u"tier:L1"_s)).contains(stored.ticket.subject));
}

void TestKeys::searches()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    QVERIFY(press(u"ctrl+k"_s));
    QTRY_COMPARE(focusName(), u"searchBox"_s);
    QVERIFY(type(u"export row"_s));
    QTRY_VERIFY(m_fixture->find<QListView>("searchResults")
        && m_fixture->find<QListView>("searchResults")->isVisible()
        && m_fixture->find<QListView>("searchResults")->model()->rowCount() == 1);
    QVERIFY(press(u"Return"_s));
    QTRY_COMPARE(current(), m_atL2[1]);
    QTRY_COMPARE(focusName(), u"queueView"_s);
    // The other key, several hits, and the arrow to the second of them.
    QVERIFY(press(u"slash"_s));
    QTRY_COMPARE(focusName(), u"searchBox"_s);
    QVERIFY(type(u"Lind"_s));
    auto *results = m_fixture->find<QListView>("searchResults");
    QTRY_VERIFY(results->isVisible() && results->model()->rowCount() == 5);
    QVERIFY(press(u"Down Down"_s));
    QTRY_COMPARE(results->currentIndex().row(), 2);
    QVERIFY(press(u"Escape"_s));
    QTRY_VERIFY(!results->isVisible());
    QVERIFY(press(u"Escape"_s));
    QTRY_COMPARE(focusName(), u"queueView"_s);
    QCOMPARE(current(), m_atL2[1]);
}

void TestKeys::filtersTheQueue()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    ui::QueueDock *dock = queue(u"tier:L2"_s);
    auto *filter = dock->findChild<QLineEdit *>(u"queueFilter"_s);
    QVERIFY(filter);
    QVERIFY(!filter->isVisible());
    QVERIFY(press(u"ctrl+f"_s));
    QTRY_VERIFY(QApplication::focusWidget() == filter);
    // It stands in the dock, above the rows, and covers none.
    QCOMPARE(filter->window(), m_fixture->window.get());
    QTRY_VERIFY(filter->mapTo(dock, QPoint(0, filter->height())).y()
        <= dock->findChild<QListView *>(u"queueView"_s)->mapTo(dock, QPoint()).y());
    QVERIFY(dock->rect().contains(QRect(filter->mapTo(dock, QPoint()), filter->size())));
    QVERIFY(type(u"export"_s));
    QTRY_COMPARE(shownSubjects(dock), QStringList { u"Export stops at row 900"_s });
    const auto says = [dock](const QString &words) {
        for (const QLabel *label : dock->window()->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return false;
    };
    QVERIFY(says(u"1 found"_s));
    QVERIFY(press(u"Down"_s));
    QTRY_VERIFY(isInQueue(u"tier:L2"_s));
    QVERIFY(press(u"j"_s));
    QTRY_COMPARE(current(), m_atL2[1]);
    // What fits nothing says so; Escape brings everything back.
    QVERIFY(press(u"ctrl+f"_s));
    QTRY_VERIFY(QApplication::focusWidget() == filter);
    QVERIFY(type(u"zebra"_s)); // in place of the words before, which are selected
    QTRY_COMPARE(dock->model().rowCount(), 0);
    QTRY_VERIFY(says(u"No ticket here has these words"_s));
    QVERIFY(press(u"Escape"_s));
    QTRY_COMPARE(dock->model().rowCount(), 3);
    QTRY_VERIFY(!filter->isVisible());
    QTRY_VERIFY(isInQueue(u"tier:L2"_s));
    QCOMPARE(current(), m_atL2[1]);
}

void TestKeys::sortsTheQueue()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    ui::QueueDock *dock = queue(u"tier:L2"_s);
    const QStringList byBreach { u"Printer prints nothing"_s, u"Export stops at row 900"_s,
        u"Cannot open the archive"_s };
    QTRY_COMPARE(shownSubjects(dock), byBreach);
    QVERIFY(press(u"shift+Tab"_s));
    QTRY_COMPARE(focusName(), u"queueOrder"_s);
    QVERIFY(press(u"space"_s));
    QTRY_VERIFY(qobject_cast<QMenu *>(QApplication::activePopupWidget()));
    QVERIFY(press(u"Up Return"_s)); // the last entry
    QTRY_COMPARE(shownSubjects(dock),
        (QStringList { u"Cannot open the archive"_s, u"Export stops at row 900"_s,
            u"Printer prints nothing"_s }));
    QCOMPARE(QApplication::focusWidget()->toolTip(), u"Sorted by: Subject"_s);
    QCOMPARE(current(), m_atL2[0]); // the order changes, the ticket does not
    // A change keeps the chosen order.
    DONE(m_fixture->desk.reopen());
    auto made = makeTicket(m_fixture->desk, u"Zip files are empty"_s);
    QVERIFY(made);
    DONE(m_fixture->desk.run("ann", CommandFixture::escalation(*made)));
    m_fixture->desk.store.reset();
    QTRY_COMPARE_WITH_TIMEOUT(dock->model().rowCount(), 4, 8000);
    QCOMPARE(shownSubjects(dock).last(), u"Zip files are empty"_s);
    // Newest first, and back to the next breach.
    QVERIFY(press(u"space"_s));
    QTRY_VERIFY(qobject_cast<QMenu *>(QApplication::activePopupWidget()));
    QVERIFY(press(u"Up Up Up Return"_s));
    QTRY_COMPARE(shownSubjects(dock).first(), u"Zip files are empty"_s);
    QVERIFY(press(u"space"_s));
    QTRY_VERIFY(qobject_cast<QMenu *>(QApplication::activePopupWidget()));
    QVERIFY(press(u"Down Return"_s));
    QTRY_COMPARE(shownSubjects(dock).first(), byBreach.first());
}

void TestKeys::showsTheKeys()
{
    OPEN(u"bob"_s, u"tier:L2"_s);
    QVERIFY(press(u"question"_s));
    QPointer<QDialog> keys = dialog(u"keys"_s);
    QVERIFY(keys);
    QStringList texts;
    for (const QLabel *label : keys->findChildren<QLabel *>())
        texts.append(label->text());
    for (const QString &words :
        { u"Escalate"_s, u"Search"_s, u"Filter by words"_s, u"Show L2"_s, u"New ticket"_s })
        QVERIFY2(!texts.filter(words).isEmpty(), qPrintable(words + u" of "_s + texts.join(u'|')));
    QVERIFY(press(u"Escape"_s));
    QVERIFY(isBackAtWork(keys));
    QTRY_COMPARE(focusName(), u"queueView"_s);
}

int main(int argc, char *argv[])
{
    qputenv("TZ", "UTC");
    const XDisplay display;
    QApplication app(argc, argv);
    QTEST_SET_MAIN_SOURCE_PATH
    TestKeys test(display);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keys.moc"
