#include "tests/widgets/dialogs/dialogtest.h"
#include "widgets/common/choicebox.h"
#include "widgets/dialogs/escalatedialog.h"
#include "widgets/docks/api/cardview.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// The escalate dialog by keyboard, over a real workspace.
class TestEscalateDialog : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void startsWhereSomethingIsMissing();
    void fewKeysEscalate();
    void completeFormNeedsOneKey();
    void listTakesTyping_data();
    void listTakesTyping();
    void incompleteIsRefusedBesideItsField();
    void refusalOfTheStoreKeepsTheText();
    void previewFollowsTyping();
    void noticeIsEditable();
    void untoldCustomerNeedsAReason();
    void guardSpeaksInTheDialog();
    void guardIsToldWhileTyping();
    void confidentialReasonGoesToItsTeam();
    void fitsTheSmallWindow();
    void closedWhileRunningStillTells();

private:
    EscalateDialog *open(const QString &key = u"T-1"_s);
    template<typename W>
    W *field(const char *name)
    {
        return m_dialog->findChild<W *>(QString::fromLatin1(name));
    }
    std::unique_ptr<DialogDesk> d;
    QPointer<EscalateDialog> m_dialog;
};

void TestEscalateDialog::initTestCase()
{
    new Appearance(*qApp, SchemeChoice::Light);
}

void TestEscalateDialog::init()
{
    d = std::make_unique<DialogDesk>();
    m_dialog = nullptr;
}

EscalateDialog *TestEscalateDialog::open(const QString &key)
{
    if (!d->session && (!d->open() || !d->openTicket(key)))
        return nullptr;
    m_dialog = d->dialog<EscalateDialog>(u"escalate"_s);
    if (!m_dialog || !QTest::qWaitFor([&] { return m_dialog->isReady(); }, 10'000))
        return nullptr;
    return m_dialog;
}

void TestEscalateDialog::startsWhereSomethingIsMissing()
{
    DONE(d->begin());
    QVERIFY(open());
    QCOMPARE(m_dialog->missing(), QStringList { u"reason"_s });
    QCOMPARE(m_dialog->focusWidget(), field<ChoiceBox>("reason"));
    QVERIFY(!m_dialog->verbButton()->isEnabled());
    QVERIFY(!field<QPlainTextEdit>("tried")->toPlainText().isEmpty());
    QCOMPARE(field<ChoiceBox>("to")->value(), u"L2"_s);
}

void TestEscalateDialog::fewKeysEscalate()
{
    DONE(d->begin());
    QVERIFY(open());
    // E opened it; with these it is four strokes.
    type(m_dialog, u"be"_s);
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    const desk::TicketDetails after = d->stored(u"T-1"_s);
    QCOMPARE(after.state.ticket.tier, u"L2"_s);
    QCOMPARE(after.state.ticket.priority, Priority::Urgent);
    QCOMPARE(after.state.escalations.back().reasonCode, u"beyond-skill"_s);
    QVERIFY(after.handoff);
    QVERIFY2(after.messages.back().text.contains(u"our Technical team"_s),
        qPrintable(after.messages.back().text));
    QCOMPARE(after.messages.back().kind, MessageKind::PublicReply);
}

void TestEscalateDialog::completeFormNeedsOneKey()
{
    DONE(d->begin(u"ann"_s, [](CommandFixture &f) -> Result<Done> {
        auto said = f.run("ann",
            commands::CustomerMessage {
                u"T-1"_s, u"This takes too long. I want to speak to your manager."_s });
        return said ? Result<Done>(Done {}) : Result<Done>(said.error());
    }));
    QVERIFY(open());
    QCOMPARE(m_dialog->missing(), QStringList());
    QCOMPARE(m_dialog->focusWidget(), m_dialog->verbButton());
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    const Escalation record = d->stored(u"T-1"_s).state.escalations.back();
    QCOMPARE(record.reasonCode, u"customer-asked"_s);
    QCOMPARE(record.trigger, Trigger::Reactive);
}

void TestEscalateDialog::listTakesTyping_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("value");
    QTest::newRow("start of the words") << u"needs"_s << u"needs-code-change"_s;
    QTest::newRow("inside the words") << u"at risk"_s << u"sla-risk"_s;
    QTest::newRow("the code itself") << u"policy-exception"_s << u"policy-exception"_s;
    QTest::newRow("capitals") << u"OUTAGE"_s << u"outage"_s;
    QTest::newRow("two fit") << u"missing"_s << QString();
    QTest::newRow("nothing fits") << u"zebra"_s << QString();
}

void TestEscalateDialog::listTakesTyping()
{
    QFETCH(QString, typed);
    QFETCH(QString, value);
    DONE(d->begin());
    QVERIFY(open());
    type(m_dialog, typed);
    QCOMPARE(m_dialog->command().reason, value);
    QCOMPARE(m_dialog->missing().contains(u"reason"_s), value.isEmpty());
}

void TestEscalateDialog::incompleteIsRefusedBesideItsField()
{
    DONE(d->begin());
    QVERIFY(open());
    type(m_dialog, u"zebra"_s);
    go(m_dialog);
    QVERIFY(m_dialog);
    QCOMPARE(m_dialog->refusedField(), u"reason"_s);
    QVERIFY2(m_dialog->refusal().contains(u"zebra"), qPrintable(m_dialog->refusal()));
    QCOMPARE(field<ChoiceBox>("reason")->currentText(), u"zebra"_s);

    field<QPlainTextEdit>("expected")->clear();
    field<ChoiceBox>("reason")->choose(u"outage"_s);
    go(m_dialog);
    QCOMPARE(m_dialog->refusedField(), u"expected"_s);
    QCOMPARE(m_dialog->focusWidget(), field<QPlainTextEdit>("expected"));
    type(m_dialog, u"Everybody signed in by noon"_s);
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.tier, u"L2"_s);
}

void TestEscalateDialog::refusalOfTheStoreKeepsTheText()
{
    DONE(d->begin());
    QVERIFY(open());
    field<ChoiceBox>("reason")->choose(u"outage"_s);
    field<QPlainTextEdit>("summary")->setPlainText(u"Written with care"_s);
    QVERIFY(d->behindTheBack(commands::Escalate { CommandFixture::escalation(u"T-1"_s, u"L3"_s) }));
    go(m_dialog);
    QTRY_VERIFY(!m_dialog->refusal().isEmpty());
    QVERIFY(m_dialog->isVisible());
    QVERIFY2(m_dialog->refusal().contains(u"is at L3"), qPrintable(m_dialog->refusal()));
    QCOMPARE(m_dialog->refusedField(), QString()); // it is about no field: it stands at the foot
    QCOMPARE(field<QPlainTextEdit>("summary")->toPlainText(), u"Written with care"_s);
    QVERIFY(m_dialog->verbButton()->isEnabled());
}

void TestEscalateDialog::previewFollowsTyping()
{
    DONE(d->begin());
    QVERIFY(open());
    auto *card = m_dialog->findChild<CardView *>();
    QTRY_VERIFY(card->text().contains(u"Acme Health"));
    QSignalSpy previewed(m_dialog, &EscalateDialog::previewed);
    auto *next = field<QLineEdit>("next");
    next->setFocus();
    type(m_dialog, u"Update the audience URI"_s);
    QTRY_VERIFY2(card->text().contains(u"Update the audience URI"), qPrintable(card->text()));
    // Twenty-three keys, and never a card for each of them.
    QVERIFY2(previewed.count() <= 4, qPrintable(QString::number(previewed.count())));
    QVERIFY(field<QLabel>("readTime")->text().contains(u" s "));
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.tier, u"L1"_s);
}

void TestEscalateDialog::noticeIsEditable()
{
    DONE(d->begin());
    QVERIFY(open());
    auto *notice = field<QPlainTextEdit>("notice");
    QVERIFY(notice->toPlainText().contains(u"Dana"));
    // Untouched it follows the destination.
    field<ChoiceBox>("to")->choose(u"L3"_s);
    QTRY_VERIFY2(notice->toPlainText().contains(u"Engineering"), qPrintable(notice->toPlainText()));
    notice->setPlainText(u"Dana, Priya calls you in ten minutes."_s);
    field<ChoiceBox>("to")->choose(u"L2"_s);
    field<ChoiceBox>("reason")->choose(u"outage"_s);
    QSignalSpy previewed(m_dialog, &EscalateDialog::previewed);
    QTRY_VERIFY(previewed.count() > 0);
    QCOMPARE(notice->toPlainText(), u"Dana, Priya calls you in ten minutes."_s);
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    QCOMPARE(d->stored(u"T-1"_s).messages.back().text, u"Dana, Priya calls you in ten minutes."_s);
}

void TestEscalateDialog::untoldCustomerNeedsAReason()
{
    DONE(d->begin());
    QVERIFY(open());
    field<ChoiceBox>("reason")->choose(u"outage"_s);
    auto *skips = field<QCheckBox>("skips");
    skips->setFocus();
    press(m_dialog, Qt::Key_Space);
    QVERIFY(skips->isChecked());
    QCOMPARE(m_dialog->focusWidget(), field<QLineEdit>("skip-notice"));
    go(m_dialog);
    QCOMPARE(m_dialog->refusedField(), u"skip-notice"_s);
    type(m_dialog, u"On the phone with them"_s);
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    const desk::TicketDetails after = d->stored(u"T-1"_s);
    QCOMPARE(after.state.escalations.back().noticeSkipped, u"On the phone with them"_s);
    QCOMPARE(after.messages.back().kind, MessageKind::InternalNote);
}

namespace {
Result<Done> addRecipe(CommandFixture &f)
{
    return f.write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"do_not_escalate"_s,
            u"[{\"words\":\"sso\",\"recipe\":\"Renew the metadata in the admin console.\"}]"_s);
    });
}
} // namespace

void TestEscalateDialog::guardSpeaksInTheDialog()
{
    DONE(d->begin(u"ann"_s, addRecipe));
    QVERIFY(open());
    QVERIFY(field<QLabel>("warnings")->text().contains(u"Renew the metadata"));
    auto *why = field<QLineEdit>("override-guard");
    QVERIFY(why->isVisible());
    // Both are in sight without scrolling, and what is typed there is no surprise at the end.
    QVERIFY(!why->visibleRegion().isEmpty());
    QCOMPARE(why->visibleRegion().boundingRect().size(), why->size());
    field<ChoiceBox>("reason")->choose(u"beyond-skill"_s);
    go(m_dialog);
    QCOMPARE(m_dialog->refusedField(), u"override-guard"_s);
    type(m_dialog, u"Done twice, no change"_s);
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.tier, u"L2"_s);
}

void TestEscalateDialog::guardIsToldWhileTyping()
{
    DONE(d->begin(u"ann"_s, addRecipe));
    QVERIFY(open());
    // A reason that goes past the queues ends the guard.
    field<ChoiceBox>("reason")->choose(u"outage"_s);
    QTRY_VERIFY(!field<QLineEdit>("override-guard")->isVisible());
    QVERIFY(!field<QLabel>("warnings")->isVisible());
    field<ChoiceBox>("reason")->choose(u"beyond-skill"_s);
    QTRY_VERIFY(field<QLineEdit>("override-guard")->isVisible());
}

void TestEscalateDialog::confidentialReasonGoesToItsTeam()
{
    DONE(d->begin());
    QVERIFY(open());
    field<ChoiceBox>("reason")->choose(u"legal"_s);
    go(m_dialog);
    QTRY_VERIFY(!m_dialog);
    // Ann, who sent it there, sees it no more.
    QVERIFY(d->stored(u"T-1"_s).state.ticket.key.isEmpty());
}

void TestEscalateDialog::fitsTheSmallWindow()
{
    DONE(d->begin());
    QVERIFY(open());
    QTRY_VERIFY(m_dialog->findChild<CardView *>()->text().contains(u"Acme Health"));
    QVERIFY2(m_dialog->width() <= 1280 && m_dialog->height() <= 800,
        qPrintable(u"%1 × %2"_s.arg(m_dialog->width()).arg(m_dialog->height())));
    QVERIFY(m_dialog->rect().contains(QRect(
        m_dialog->verbButton()->mapTo(m_dialog.data(), QPoint()), m_dialog->verbButton()->size())));
    // What has just been written is laid out before it is painted.
    QTRY_COMPARE(clipped(m_dialog).join(u'|'), QString());
    QCOMPARE(unnamedControls(m_dialog), QStringList());
}

void TestEscalateDialog::closedWhileRunningStillTells()
{
    DONE(d->begin());
    QVERIFY(open());
    field<ChoiceBox>("reason")->choose(u"outage"_s);
    QVERIFY(d->behindTheBack(commands::Escalate { CommandFixture::escalation(u"T-1"_s, u"L3"_s) }));
    QSignalSpy reported(d->bench.get(), &Workbench::reported);
    go(m_dialog);
    press(m_dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_dialog);
    QTRY_COMPARE(reported.count(), 1);
}

QTEST_MAIN(TestEscalateDialog)
#include "tst_escalatedialog.moc"
