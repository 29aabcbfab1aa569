#include "tests/widgets/dialogs/dialogtest.h"
#include "widgets/common/choicebox.h"
#include "widgets/dialogs/newticketdialog.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// The short dialogs by keyboard, and what holds for every dialog.
class TestDialogs : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { d = std::make_unique<DialogDesk>(); }
    void verb_data();
    void verb();
    void emptyNoteIsRefused();
    void reassignTakesTyping();
    void theWayBackNeedsAReason();
    void newTicketIsMadeAndOpened();
    void newTicketNamesWhatIsMissing();
    void oneOfAKind();
    void escapeCloses();
    void nothingOpenNoDialog();
    void keysComeFromTheWindow();
    void aboutSaysVersions();
    void everyControlHasAName_data();
    void everyControlHasAName();
    void largeTextIsNotClipped_data() { everyControlHasAName_data(); }
    void largeTextIsNotClipped();

private:
    std::unique_ptr<DialogDesk> d;
    Appearance *m_appearance = nullptr;
};

void TestDialogs::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
}

namespace {

/// Brings T-1 to where a dialog can be opened: "new", "moved" (L2, not accepted), "accepted", "solved", "closed".
Result<Done> bring(CommandFixture &f, const QString &state)
{
    const QStringList order { u"new"_s, u"moved"_s, u"accepted"_s, u"solved"_s, u"closed"_s };
    const auto reached = order.indexOf(state);
    const QString key = u"T-1"_s;
    if (reached >= 1) {
        TIERLINE_CHECK(f.run("ann", CommandFixture::escalation(key)));
    }
    if (reached >= 2) {
        TIERLINE_CHECK(f.run("bob", commands::Accept { key }));
        f.clock.advance(Millis(600'000));
        TIERLINE_CHECK(
            f.run("bob", commands::Reply { key, u"I have your case and look at it."_s }));
    }
    if (reached >= 3)
        TIERLINE_CHECK(f.run("bob", commands::Solve { key, u"Works now, does it?"_s }));
    if (reached >= 4)
        TIERLINE_CHECK(f.run("bob", commands::Confirm { key, {} }));
    return Done {};
}

} // namespace

void TestDialogs::verb_data()
{
    QTest::addColumn<QString>("me");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("event"); ///< kind of the event that stands in the log after it
    QTest::newRow("flag") << u"ann"_s << u"new"_s << u"flag"_s << u"flagged"_s;
    QTest::newRow("withdraw") << u"ann"_s << u"moved"_s << u"withdraw"_s << u"withdrawn"_s;
    QTest::newRow("return") << u"bob"_s << u"accepted"_s << u"return"_s << u"returned"_s;
    QTest::newRow("solve") << u"bob"_s << u"accepted"_s << u"solve"_s << u"solved"_s;
    QTest::newRow("confirm") << u"bob"_s << u"solved"_s << u"confirm"_s << u"confirmed"_s;
    QTest::newRow("reopen") << u"bob"_s << u"solved"_s << u"reopen"_s << u"reopened"_s;
    QTest::newRow("review") << u"lea"_s << u"closed"_s << u"review"_s << u"reviewed"_s;
}

void TestDialogs::verb()
{
    QFETCH(QString, me);
    QFETCH(QString, state);
    QFETCH(QString, id);
    QFETCH(QString, event);
    DONE(d->begin(me, [&](CommandFixture &f) { return bring(f, state); }));
    QVERIFY(d->open() && d->openTicket(u"T-1"_s));
    QSignalSpy said(d->bench.get(), &Workbench::said);
    QPointer<VerbDialog> dialog = d->dialog<VerbDialog>(id);
    QVERIFY(dialog);
    QCOMPARE(dialog->focusWidget(), dialog->edit());
    type(dialog, u"Because the logs say so"_s);
    go(dialog);
    QTRY_VERIFY2(!dialog, dialog ? qPrintable(dialog->refusal()) : "");
    QCOMPARE(said.count(), 1);
    const desk::TicketDetails after = d->stored(u"T-1"_s);
    const auto told
        = std::ranges::find_if(after.events, [&](const Event &e) { return code(e.kind) == event; });
    QVERIFY2(told != after.events.end(), qPrintable(code(after.events.back().kind)));
}

void TestDialogs::emptyNoteIsRefused()
{
    DONE(d->begin());
    QVERIFY(d->open() && d->openTicket(u"T-1"_s));
    QPointer<VerbDialog> dialog = d->dialog<VerbDialog>(u"flag"_s);
    QVERIFY(dialog);
    go(dialog);
    QTRY_COMPARE(dialog->refusedField(), u"note"_s);
    QCOMPARE(dialog->focusWidget(), dialog->edit());
    QVERIFY(dialog->verbButton()->isEnabled());
    QVERIFY(!d->stored(u"T-1"_s).state.ticket.isFlagged());
}

void TestDialogs::reassignTakesTyping()
{
    DONE(d->begin());
    QVERIFY(d->open() && d->openTicket(u"T-1"_s));
    QPointer<VerbDialog> dialog = d->dialog<VerbDialog>(u"reassign"_s);
    QVERIFY(dialog);
    dialog->choice()->setFocus();
    dialog->choice()->clearEditText();
    type(dialog, u"nobody at all"_s);
    dialog->edit()->setFocus();
    type(dialog, u"She knows them"_s);
    go(dialog);
    QCOMPARE(dialog->refusedField(), u"to"_s);
    QCOMPARE(dialog->edit()->toPlainText(), u"She knows them"_s);
    dialog->choice()->clearEditText();
    dialog->choice()->setFocus();
    type(dialog, u"amy"_s);
    go(dialog);
    QTRY_VERIFY(!dialog);
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.assignee, u"amy"_s);
}

/// T-1 was with Technical before: the form says since when, at its note, and keeps what was chosen.
void TestDialogs::theWayBackNeedsAReason()
{
    DONE(d->begin(u"bob"_s, [&](CommandFixture &f) -> Result<Done> {
        commands::Escalate up = CommandFixture::escalation(u"T-1"_s);
        up.team = u"Technical"_s;
        TIERLINE_CHECK(f.run("ann", up));
        TIERLINE_CHECK(f.run("bob", commands::Reassign { u"T-1"_s, u"Billing"_s, {}, u"Money"_s }));
        return Done {};
    }));
    QVERIFY(d->open() && d->openTicket(u"T-1"_s));
    QPointer<VerbDialog> dialog = d->dialog<VerbDialog>(u"reassign"_s);
    QVERIFY(dialog);
    dialog->choice()->choose(u"team:Technical"_s);
    go(dialog);
    QTRY_COMPARE(dialog->refusedField(), u"note"_s);
    QVERIFY2(dialog->refusal().contains(u"T-1 was in Technical already, from "_s),
        qPrintable(dialog->refusal()));
    QCOMPARE(dialog->choice()->value(), u"team:Technical"_s);
    QCOMPARE(dialog->focusWidget(), dialog->edit());
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.team, u"Billing"_s);
    type(dialog, u"It is no question of money"_s);
    go(dialog);
    QTRY_VERIFY(!dialog);
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.team, u"Technical"_s);
}

void TestDialogs::newTicketIsMadeAndOpened()
{
    DONE(d->begin());
    QVERIFY(d->open());
    QPointer<FormDialog> dialog = d->dialog(u"newticket"_s);
    QVERIFY(dialog);
    for (const QString &text : { u"Printer on fire"_s, u"Ada Lind"_s, u"ada@lind.example"_s,
             u"Lind AB"_s, u"hardware"_s, u"Phone"_s, u"Urgent"_s }) {
        type(dialog, text); // Tab has selected what the field holds: typing replaces it
        press(dialog, Qt::Key_Tab);
    }
    type(dialog, u"It burns since this morning."_s);
    go(dialog);
    QTRY_VERIFY2(!dialog, dialog ? qPrintable(dialog->refusedField() + dialog->refusal()) : "");
    QTRY_VERIFY(d->bench->ticket());
    const desk::TicketDetails &made = d->bench->ticket()->details;
    QCOMPARE(made.state.ticket.subject, u"Printer on fire"_s);
    QCOMPARE(made.state.ticket.priority, Priority::Urgent);
    QCOMPARE(made.state.ticket.channel, u"phone"_s);
    QCOMPARE(made.state.ticket.category, u"hardware"_s);
    QCOMPARE(made.requester.email, u"ada@lind.example"_s);
    QCOMPARE(made.organization.name, u"Lind AB"_s);
    QCOMPARE(made.messages.front().text, u"It burns since this morning."_s);
}

void TestDialogs::newTicketNamesWhatIsMissing()
{
    DONE(d->begin());
    QVERIFY(d->open());
    QPointer<FormDialog> dialog = d->dialog(u"newticket"_s);
    QVERIFY(dialog);
    go(dialog);
    QCOMPARE(dialog->refusedField(), u"subject"_s);
    type(dialog, u"Printer on fire"_s);
    go(dialog);
    QCOMPARE(dialog->refusedField(), u"requester"_s);
    QCOMPARE(dialog->findChild<QLineEdit *>(u"subject"_s)->text(), u"Printer on fire"_s);
}

void TestDialogs::oneOfAKind()
{
    DONE(d->begin());
    QVERIFY(d->open());
    QDialog *first = d->dialog(u"newticket"_s);
    QVERIFY(first);
    openDialog(u"newticket"_s, *d->bench, d->window.get());
    QCOMPARE(d->window->findChildren<QDialog *>(u"dialog.newticket"_s).size(), 1);
}

void TestDialogs::escapeCloses()
{
    DONE(d->begin());
    QVERIFY(d->open());
    QPointer<FormDialog> dialog = d->dialog(u"newticket"_s);
    QVERIFY(dialog);
    press(dialog, Qt::Key_Return); // no decision
    QVERIFY(dialog->isVisible());
    press(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
}

void TestDialogs::nothingOpenNoDialog()
{
    DONE(d->begin());
    QVERIFY(d->open());
    for (const QString &id : { u"escalate"_s, u"return"_s, u"solve"_s, u"no such dialog"_s })
        openDialog(id, *d->bench, d->window.get());
    QCOMPARE(d->window->findChildren<QDialog *>().size(), 0);
}

void TestDialogs::keysComeFromTheWindow()
{
    DONE(d->begin());
    QVERIFY(d->open());
    auto *action = new QAction(u"Throw confetti…"_s, d->window.get());
    action->setShortcut(QKeySequence(u"Ctrl+Alt+K"_s));
    d->window->addAction(action);
    // As in the program: the verbs belong to the workbench, and the window lists them.
    d->window->addActions(d->bench->verbs().all());
    FormDialog *dialog = d->dialog(u"keys"_s);
    QVERIFY(dialog);
    QStringList texts;
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        texts.append(label->text());
    QVERIFY2(texts.contains(u"Throw confetti"_s), qPrintable(texts.join(u'|')));
    QVERIFY(texts.contains(u"Ctrl+Alt+K"_s));
    QCOMPARE(texts.count(u"Throw confetti"_s), 1);
    QVERIFY2(texts.contains(u"Escalate"_s) && texts.contains(u"Customer said yes"_s),
        qPrintable(texts.join(u'|')));
    go(dialog);
    QTRY_VERIFY(!d->shown(u"keys"_s));
}

void TestDialogs::aboutSaysVersions()
{
    DONE(d->begin());
    QVERIFY(d->open());
    FormDialog *dialog = d->dialog(u"about"_s);
    QVERIFY(dialog);
    const QString versions = dialog->findChild<QLabel *>(u"versions"_s)->text();
    QVERIFY2(versions.contains(QString::fromLatin1(qVersion())) && versions.contains(u"SQLite 3."),
        qPrintable(versions));
    QVERIFY(!dialog->findChild<QLabel *>(u"walNote"_s)->text().isEmpty());
}

void TestDialogs::everyControlHasAName_data()
{
    QTest::addColumn<QString>("id");
    for (const char *id :
        { "escalate", "return", "solve", "confirm", "reopen", "reassign", "flag", "withdraw",
            "review", "newticket", "import", "export", "backup", "settings", "keys", "about" })
        QTest::newRow(id) << QString::fromLatin1(id);
}

void TestDialogs::everyControlHasAName()
{
    QFETCH(QString, id);
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open() && d->openTicket(u"T-1"_s));
    FormDialog *dialog = d->dialog(id);
    QVERIFY(dialog);
    QCOMPARE(unnamedControls(dialog), QStringList());
    for (const QWidget *widget : dialog->findChildren<QWidget *>()) {
        const bool takesKeys = widget->focusPolicy() & Qt::TabFocus && widget->isVisible();
        const bool isPart
            = widget->parentWidget() && qobject_cast<const QComboBox *>(widget->parentWidget());
        if (takesKeys && !isPart)
            QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
    }
}

void TestDialogs::largeTextIsNotClipped()
{
    QFETCH(QString, id);
    const auto usual = qScopeGuard([this] { m_appearance->setTextScale(1.0); });
    m_appearance->setTextScale(1.5);
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open() && d->openTicket(u"T-1"_s));
    FormDialog *dialog = d->dialog(id);
    QVERIFY(dialog);
    QTest::qWait(0);
    QCOMPARE(clipped(dialog), QStringList());
}

QTEST_MAIN(TestDialogs)
#include "tst_dialogs.moc"
