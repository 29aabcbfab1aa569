#include "tests/widgets/docks/ruledock.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/rules/rulebuilder.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QDropEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The rule book at the desk: written, ordered, put live and tried, by key.
class TestRulesDock : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void rulesAreListedInOrder();
    void theOrderIsMovedByKeysAndKept();
    void anOrderThatIsNotKeptGoesBack();
    void aRowIsDragged();
    void aRuleIsWritten();
    void anEditIsSavedWithItsReason();
    void whatIsTypedStays();
    void aRuleGoesLiveWithinALimit();
    void problemsLeadToTheirPlace();
    void itIsTriedOnThePast();
    void theThresholdMovesTheSentence();
    void whatItWouldBringIsSaid();
    void ticketsAreLabelled();
    void shadowsAreReported();
    void rowsComeInThePlaceOfTheSentence();
    void agentsReadAndTry();
    void anEmptyBookSaysWhatToDo();
    void everythingIsNamed();
    void pictures_data();
    void pictures();

private:
    std::unique_ptr<ui::Appearance> m_appearance;
};

void TestRulesDock::initTestCase()
{
    m_appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestRulesDock::rulesAreListedInOrder()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    QStringList heard;
    for (int row = 0; row < d.dock->list().model()->rowCount(); ++row)
        heard.append(d.dock->list().model()->index(row, 0).data(Qt::AccessibleTextRole).toString());
    QCOMPARE(heard,
        (QStringList { u"Left waiting, number 1, draft · fired 0 times in 7 days · precision –"_s,
            u"Churn, number 2, draft · fired 0 times in 7 days · precision –"_s,
            u"Outage, number 3, draft · fired 0 times in 7 days · precision –"_s }));
    QCOMPARE(d.find<ui::PlainLabel>("ruleName")->text(), u"Left waiting"_s);
    QVERIFY(d.dock->editor().isOneRule());
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_Down);
    QCOMPARE(d.dock->editor().ruleName(), u"Churn"_s);
}

void TestRulesDock::theOrderIsMovedByKeysAndKept()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_Down, Qt::AltModifier);
    QTest::keyClick(&d.dock->list(), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(d.dock->list().currentIndex().row(), 2);
    QCOMPARE(d.names(), (QStringList { u"Left waiting"_s, u"Churn"_s, u"Outage"_s }));
    auto *keep = d.find<QPushButton>("orderSave");
    QVERIFY(keep->isVisible());
    keep->setFocus();
    QTest::keyClick(keep, Qt::Key_Space);
    d.answer(u"Outages first"_s);
    QTRY_COMPARE(d.names(), (QStringList { u"Churn"_s, u"Outage"_s, u"Left waiting"_s }));
    QTRY_VERIFY(!keep->isVisible());
    QVERIFY(!d.dock->reason().isVisible());
}

void TestRulesDock::anOrderThatIsNotKeptGoesBack()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_Down, Qt::AltModifier);
    auto *back = d.find<QPushButton>("orderBack");
    QVERIFY(back->isVisible());
    QTest::mouseClick(back, Qt::LeftButton);
    QCOMPARE(d.dock->list().model()->index(0, 0).data().toString(), u"Left waiting"_s);
    QVERIFY(!back->isVisible());
}

void TestRulesDock::aRowIsDragged()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    QAbstractItemModel *model = d.dock->list().model();
    const std::unique_ptr<QMimeData> data(model->mimeData({ model->index(2, 0) }));
    QVERIFY(model->canDropMimeData(data.get(), Qt::MoveAction, 0, 0, {}));
    model->dropMimeData(data.get(), Qt::MoveAction, 0, 0, {});
    QCOMPARE(model->rowCount(), 3);
    QCOMPARE(model->index(0, 0).data().toString(), u"Outage"_s);
    QCOMPARE(model->index(1, 0).data().toString(), u"Left waiting"_s);
    QVERIFY(d.find<QPushButton>("orderSave")->isVisible());
    // As the list does it when a row is dropped below the last.
    QVERIFY(model->moveRow({}, 0, {}, 3));
    QCOMPARE(model->index(2, 0).data().toString(), u"Outage"_s);
    QMimeData foreign;
    foreign.setText(u"Outage"_s);
    QVERIFY(!model->canDropMimeData(&foreign, Qt::MoveAction, 0, 0, {}));
}

void TestRulesDock::aRuleIsWritten()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    QTest::mouseClick(d.find<QToolButton>("ruleNew"), Qt::LeftButton);
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    QCOMPARE(QApplication::focusWidget(), &sentence);
    QTest::keyClicks(&sentence, u"rule \"Vip\" when customer flags include vip then tag vip"_s);
    QTest::keyClick(&sentence, Qt::Key_Escape);
    QTRY_VERIFY(d.find<QPushButton>("ruleSave")->isEnabled());
    QTest::keyClick(&sentence, Qt::Key_Return, Qt::ControlModifier);
    d.answer(u"They pay for it"_s);
    QTRY_COMPARE(d.names().size(), 4);
    QCOMPARE(d.names().last(), u"Vip"_s);
    QCOMPARE(d.book().rules.back().state, RuleState::Draft);
    QTRY_COMPARE(d.find<ui::PlainLabel>("ruleName")->text(), u"Vip"_s);
    QTRY_COMPARE(d.dock->list().currentIndex().row(), 3);
}

void TestRulesDock::anEditIsSavedWithItsReason()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    QString text = sentence.toPlainText();
    sentence.setPlainText(text.replace(u"2h"_s, u"3h"_s));
    sentence.readNow();
    d.dock->save();
    auto *why = d.find<QLineEdit>("ruleWhy");
    QTRY_COMPARE(QApplication::focusWidget(), why);
    QTest::keyClick(why, Qt::Key_Return);
    QVERIFY(d.find<ui::PlainLabel>("reasonProblem")->isVisible());
    QCOMPARE(d.book().rules.front().version, 1);
    QTest::keyClicks(why, u"Two hours woke too many"_s);
    auto *metric = d.find<QLineEdit>("ruleMetric");
    QTest::keyClick(why, Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), metric);
    QTest::keyClicks(metric, u"40 % were returned"_s);
    QTest::keyClick(metric, Qt::Key_Return);
    QTRY_COMPARE(d.book().rules.front().version, 2);
    QVERIFY(d.book().rules.front().text.contains(u"3h"_s));
    QTRY_VERIFY(!d.find<QPushButton>("ruleSave")->isEnabled());
    QVERIFY(d.said.contains(u"“Left waiting” is saved."_s));
}

void TestRulesDock::whatIsTypedStays()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setFocus();
    sentence.moveCursor(QTextCursor::End);
    QTest::keyClicks(&sentence, u" and tag waited"_s);
    sentence.readNow();
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_Down);
    QVERIFY(!sentence.toPlainText().contains(u"waited"_s));
    const QModelIndex first = d.dock->list().model()->index(0, 0);
    QVERIFY(first.data(Qt::AccessibleTextRole).toString().endsWith(u"not saved"_s));
    QTest::keyClick(&d.dock->list(), Qt::Key_Up);
    QVERIFY(sentence.toPlainText().endsWith(u"and tag waited"_s));
    // What is not saved cannot go live.
    QVERIFY(!d.find<QPushButton>("ruleState")->isEnabled());
}

void TestRulesDock::aRuleGoesLiveWithinALimit()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    QAction *live = nullptr;
    for (QAction *action : d.find<QPushButton>("ruleState")->menu()->actions()) {
        if (action->text().startsWith(u"Go live"_s))
            live = action;
    }
    QVERIFY(live);
    live->trigger();
    auto *cap = d.find<QSpinBox>("ruleCap");
    QTRY_VERIFY(cap->isVisible());
    QCOMPARE(cap->value(), commands::firstWeeklyCap);
    cap->setValue(10);
    d.answer(u"A week in shadow was right"_s);
    QTRY_COMPARE(d.book().rules.front().state, RuleState::Live);
    QCOMPARE(d.book().rules.front().weeklyCap, 10);
    QVERIFY(!d.book().rules.front().appliesToStanding);
    QTRY_VERIFY(d.dock->list()
                    .model()
                    ->index(0, 0)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .startsWith(u"Left waiting, number 1, live"_s));
}

void TestRulesDock::problemsLeadToTheirPlace()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(u"rule \"A\"\n  when plam is enterprise\n  then escalate to L3"_s);
    sentence.readNow();
    const QStringList said = d.dock->editor().said();
    QVERIFY2(!said.isEmpty() && said.first().startsWith(u"line 2, column 8:"_s),
        qPrintable(said.join(u'\n')));
    QVERIFY(said.first().contains(u"plan"_s)); // the way out
    auto *list = d.find<QListWidget>("problems");
    QVERIFY(list->isVisible());
    list->setFocus();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget(), &sentence);
    QCOMPARE(sentence.textCursor().blockNumber(), 1);
    QCOMPARE(sentence.textCursor().positionInBlock(), 7);
    QVERIFY(!d.find<QPushButton>("ruleSave")->isEnabled());
}

void TestRulesDock::itIsTriedOnThePast()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    auto *attempt = d.find<QPushButton>("ruleTry");
    attempt->setFocus();
    QTest::keyClick(attempt, Qt::Key_Space);
    auto *table = d.find<QTableView>("trialTickets");
    QTRY_VERIFY_WITH_TIMEOUT(
        !d.dock->trial().isRunning() && table->model()->rowCount() == 1, 20'000);
    QVERIFY2(
        d.dock->trial().summary().startsWith(u"It would have fired once, in 1 of 1 tickets."_s),
        qPrintable(d.dock->trial().summary()));
    QCOMPARE(table->model()->index(0, 0).data().toString(), u"T-1"_s);
    const QString why = table->model()->index(0, 3).data().toString();
    QVERIFY(why.contains(u"no agent reply for 2h"_s));
    // The column may be narrow: whole below the table.
    QVERIFY(d.find<ui::PlainLabel>("trialWhy")->isVisible());
    QCOMPARE(d.find<ui::PlainLabel>("trialWhy")->text(), why);
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Return);
    QTRY_VERIFY(d.bench->ticket() && d.bench->ticket()->details.state.ticket.key == u"T-1"_s);
}

void TestRulesDock::theThresholdMovesTheSentence()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->tryOut();
    QTRY_VERIFY_WITH_TIMEOUT(!d.dock->trial().isRunning(), 20'000);
    auto *turn = d.find<QPushButton>("trialThreshold");
    QVERIFY(turn->isVisible());
    turn->setFocus();
    QTest::keyClick(turn, Qt::Key_Space);
    auto *slider = d.find<QSlider>("threshold");
    QTRY_VERIFY_WITH_TIMEOUT(slider->isVisible(), 20'000);
    const QString before = d.dock->editor().sentence().toPlainText();
    const ui::ThresholdView &threshold = d.dock->trial().threshold();
    QVERIFY2(threshold.summary().startsWith(
                 u"no agent reply for 2h: would have fired once in 30 days"_s),
        qPrintable(threshold.summary()));
    QVERIFY(d.find<ui::PlainLabel>("thresholdLoad")->text().contains(u"1 for L2"_s));
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Right);
    QVERIFY(!threshold.isRunning()); // it is looked up, not counted
    QVERIFY(!threshold.summary().startsWith(u"no agent reply for 2h:"_s));
    const QString after = d.dock->editor().sentence().toPlainText();
    QVERIFY2(after != before && after.contains(u"no agent reply for "_s), qPrintable(after));
    QTest::keyClick(slider, Qt::Key_End);
    QVERIFY2(
        threshold.summary().startsWith(u"no agent reply for 8h: would not have fired in 30 days"_s),
        qPrintable(threshold.summary()));
    QVERIFY(d.dock->editor().sentence().toPlainText().contains(u"no agent reply for 8h"_s));
    QVERIFY(d.find<QPushButton>("ruleSave")->isEnabled());
    // Whoever wrote another sentence meanwhile keeps it.
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(churn);
    sentence.readNow();
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(sentence.toPlainText(), churn);
    QVERIFY(d.said.last().startsWith(u"The sentence is another one by now"_s));
    // A rule without a bound has no slider.
    d.dock->tryOut();
    QTRY_VERIFY(!turn->isVisible() && !slider->isVisible());
}

void TestRulesDock::whatItWouldBringIsSaid()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->changeState(RuleState::Live);
    auto *facts = d.find<ui::PlainLabel>("reasonFacts");
    QVERIFY(facts->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(facts->text(),
        u"In a month like the last it would fire once. More work a month: 1 for L2."_s, 20'000);
    QTest::keyClick(d.find<QLineEdit>("ruleWhy"), Qt::Key_Escape);
    // For the highest tier "and" is advised, with what both would bring.
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(
        u"rule \"Left waiting\" when no agent reply for 2h or churn intent then escalate to L3"_s);
    sentence.readNow();
    d.dock->save();
    QTRY_VERIFY_WITH_TIMEOUT(
        facts->text().contains(u"With “and” between its conditions 0, with “or” 1."_s), 20'000);
    QVERIFY2(facts->text().contains(u"“And” is advised for L3"_s), qPrintable(facts->text()));
    // Another question says nothing of it.
    d.dock->list().setFocus();
    QTest::keyClick(d.find<QLineEdit>("ruleWhy"), Qt::Key_Escape);
    sentence.setPlainText(
        u"rule \"Left waiting\" when no agent reply for 2h or churn intent then escalate to L2"_s);
    sentence.readNow();
    d.dock->save();
    QTRY_VERIFY_WITH_TIMEOUT(facts->text().contains(u"with “or” 1."_s), 20'000);
    QVERIFY(!facts->text().contains(u"advised"_s));
}

void TestRulesDock::ticketsAreLabelled()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->tryOut();
    auto *table = d.find<QTableView>("trialTickets");
    QTRY_VERIFY_WITH_TIMEOUT(
        !d.dock->trial().isRunning() && table->model()->rowCount() == 1, 20'000);
    QTRY_VERIFY(d.find<QPushButton>("labelShould")->isVisible());
    const auto cell = [&] { return table->model()->index(0, 2).data().toString(); };
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Minus);
    QTRY_COMPARE(cell(), u"should not"_s);
    QVERIFY(d.find<ui::PlainLabel>("trialLabelled")->text().contains(u"try it again"_s));
    d.dock->tryOut();
    QTRY_VERIFY_WITH_TIMEOUT(!d.dock->trial().isRunning(), 20'000);
    QVERIFY2(d.dock->trial().summary().endsWith(u"0 % of those that were judged rightly."_s),
        qPrintable(d.dock->trial().summary()));
    QTRY_COMPARE(cell(), u"should not"_s); // kept, not only shown
    QTest::mouseClick(d.find<QPushButton>("labelShould"), Qt::LeftButton);
    QTRY_COMPARE(cell(), u"should"_s);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Delete);
    QTRY_COMPARE(cell(), QString());
    auto labels = desk::readLabels(*d.session);
    QTRY_VERIFY(labels.isFinished());
    QVERIFY(labels.result() && labels.result()->isEmpty());
}

void TestRulesDock::shadowsAreReported()
{
    RuleDock d;
    DONE(d.begin(u"lea"_s,
        { u"rule \"Left waiting\"\n  when open for 4h\n  then escalate to L2 reason sla-risk"_s }));
    QVERIFY(d.open());
    auto labelled = desk::saveLabel(*d.session, u"T-1"_s, true);
    QTRY_VERIFY(labelled.isFinished());
    QVERIFY(labelled.result().has_value());
    d.dock->changeState(RuleState::Shadow);
    d.answer(u"To look at"_s);
    QTRY_COMPARE(d.book().rules.front().state, RuleState::Shadow);
    d.session->engine().start({});
    QTRY_VERIFY_WITH_TIMEOUT(d.session->engine().state().isHolder, 20'000);
    QTRY_VERIFY(!d.session->engine().state().isWalking);
    d.desk.clock.advance(2h);
    // Anything that happens is a moment to look at the clock.
    auto noted = d.session->run(commands::Note { u"T-1"_s, u"Looking."_s, {} });
    QTRY_VERIFY(noted.isFinished());
    const auto deeds = [&] {
        auto read
            = d.session->read([id = d.book().rules.front().id](
                                  storage::Connection &connection, const Visibility &visibility) {
                  return desk::loadRuleDeeds(connection, visibility, id, Instant { 0 }, 10);
              });
        return QTest::qWaitFor([&] { return read.isFinished(); }) && read.result()
            ? read.result()->size()
            : 0U;
    };
    QTRY_COMPARE_WITH_TIMEOUT(deeds(), 1U, 20'000);
    QTest::mouseClick(d.find<QToolButton>("ruleShadows"), Qt::LeftButton);
    auto *table = d.find<QTableView>("shadowRules");
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible(), 20'000);
    QCOMPARE(table->model()->rowCount(), 1);
    QStringList cells;
    for (int column = 0; column < table->model()->columnCount(); ++column)
        cells.append(table->model()->index(0, column).data().toString());
    QCOMPARE(cells,
        (QStringList {
            u"Left waiting"_s, u"in shadow"_s, u"1"_s, u"0"_s, u"100 % of 1"_s, u"0 of 1"_s }));
    QCOMPARE(ui::unnamedControls(d.dock.get()).join(u" | "_s), QString());
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Return); // to what that rule would have done
    QTRY_VERIFY(d.dock->trial().isVisible() && !d.dock->trial().isRunning());
    QTRY_VERIFY2(d.dock->trial().summary().contains(u"noted 1 times"_s),
        qPrintable(d.dock->trial().summary()));
}

void TestRulesDock::rowsComeInThePlaceOfTheSentence()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_B, Qt::ControlModifier);
    QVERIFY(d.dock->editor().isBuilding());
    QVERIFY(!d.find<QPushButton>("ruleSave")->isEnabled()); // nothing was changed by it
    ui::BlockTree &rows = d.dock->editor().builder().rows();
    rows.setFocus();
    QTest::keyClick(&rows, Qt::Key_Insert);
    QTRY_VERIFY(d.find<QPushButton>("ruleSave")->isEnabled());
    QTest::keyClick(&rows, Qt::Key_Return, Qt::ControlModifier);
    d.answer(u"In rows"_s);
    QTRY_COMPARE(d.book().rules.front().version, 2);
    QVERIFY(
        d.book().rules.front().text.contains(u"no agent reply for 2h and no agent reply for 2h"_s));
}

void TestRulesDock::agentsReadAndTry()
{
    RuleDock d;
    DONE(d.begin(u"ann"_s));
    QVERIFY(d.open());
    QVERIFY(d.dock->editor().sentence().isReadOnly());
    QVERIFY(!d.find<QPushButton>("ruleSave")->isVisible());
    QVERIFY(!d.find<QPushButton>("ruleState")->isVisible());
    QVERIFY(!d.find<QToolButton>("ruleNew")->isVisible());
    QVERIFY(d.find<QPushButton>("ruleTry")->isEnabled());
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(d.dock->list().model()->index(0, 0).data().toString(), u"Left waiting"_s);
    QVERIFY(
        d.find<ui::PlainLabel>("ruleFacts")->text().contains(u"leads and admins change rules"_s));
}

void TestRulesDock::anEmptyBookSaysWhatToDo()
{
    RuleDock d;
    DONE(d.begin(u"lea"_s, {}));
    QVERIFY(d.open());
    auto *empty = d.dock->findChild<ui::EmptyState *>();
    QTRY_VERIFY(empty->isVisible());
    QVERIFY(empty->sentence().startsWith(u"There are no rules yet."_s));
    QTest::mouseClick(empty->button(), Qt::LeftButton);
    QTRY_COMPARE(QApplication::focusWidget(), &d.dock->editor().sentence());
}

void TestRulesDock::everythingIsNamed()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->tryOut();
    QTRY_VERIFY(!d.dock->trial().isRunning());
    QCOMPARE(ui::unnamedControls(d.dock.get()).join(u" | "_s), QString());
}

void TestRulesDock::pictures_data()
{
    QTest::addColumn<ui::SchemeChoice>("scheme");
    QTest::addColumn<QSize>("size");
    for (const QSize size : { QSize(560, 700), QSize(1500, 1300) }) {
        QTest::addRow("light-%d", size.width()) << ui::SchemeChoice::Light << size;
        QTest::addRow("dark-%d", size.width()) << ui::SchemeChoice::Dark << size;
    }
}

void TestRulesDock::pictures()
{
    QFETCH(ui::SchemeChoice, scheme);
    QFETCH(QSize, size);
    m_appearance->setChoice(scheme);
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open(size));
    const auto save = [&](const QString &name) {
        // What was asked for in passing has come when two looks are the same.
        QImage last;
        QTRY_VERIFY(([&] {
            const QImage now = d.dock->grab().toImage();
            return std::exchange(last, now) == now;
        })());
        if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
            QVERIFY(QDir().mkpath(folder));
            QVERIFY(last.save(u"%1/rules-%2-%3.png"_s.arg(
                folder, name, QString::fromLatin1(QTest::currentDataTag()))));
        }
    };
    save(u"list"_s);
    d.dock->tryOut();
    QTRY_VERIFY(!d.dock->trial().isRunning());
    save(u"tried"_s);
    d.dock->trial().showThreshold(true);
    QTRY_VERIFY(!d.dock->trial().isRunning());
    save(u"threshold"_s);
    d.dock->trial().showThreshold(false);
    QTRY_VERIFY(!d.dock->trial().isRunning());
    d.dock->editor().showBuilder(true);
    save(u"built"_s);
    d.dock->editor().showBuilder(false);
    d.dock->showShadows(true);
    QTRY_VERIFY(!d.dock->shadows().isRunning());
    save(u"shadows"_s);
    d.dock->showShadows(false);
    d.dock->changeState(RuleState::Live);
    QTRY_VERIFY(!d.dock->standing().isRunning());
    QTest::mouseClick(d.find<QPushButton>("standingShow"), Qt::LeftButton);
    save(u"live"_s);
    QTest::keyClick(d.find<QLineEdit>("ruleWhy"), Qt::Key_Escape);
    d.dock->showHistory();
    QTRY_VERIFY(!d.dock->history().isRunning());
    save(u"history"_s);
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(
        u"rule \"A\"\n  when plam is enterprise and no agent reply for 2 hous\n  then escalate to L9"_s);
    sentence.readNow();
    save(u"problems"_s);
    d.dock->list().setFocus();
    QTest::keyClick(&d.dock->list(), Qt::Key_Down, Qt::AltModifier);
    d.dock->beginNew();
    QTest::keyClicks(&sentence, u"rule \"Vip\" when no "_s);
    QTest::keyClick(&sentence, Qt::Key_Space, Qt::ControlModifier);
    save(u"offers"_s);
    m_appearance->setChoice(ui::SchemeChoice::Light);
}

QTEST_MAIN(TestRulesDock)
#include "tst_rulesdock.moc"
