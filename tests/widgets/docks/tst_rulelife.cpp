#include "core/storage/firings.h"
#include "tests/widgets/docks/ruledock.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/plainlabel.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

using namespace tierline;
using namespace tierline::test;

namespace {

QAction *actionOf(RuleDock &d, const QString &text)
{
    for (QAction *action : d.find<QPushButton>("ruleState")->menu()->actions()) {
        if (action->text().startsWith(text))
            return action;
    }
    return nullptr;
}

QString cell(const QTableView *table, int row, int column)
{
    return table->model()->index(row, column).data().toString();
}

} // namespace

/// What happens to a rule in its life at the desk: what it finds standing, its limit, its history and the way back.
class TestRuleLife : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void whatStandsIsCountedAndListed();
    void whatStandsIsActedOnWhereItIsChosen();
    void aLiveSentenceSaysWhatItActsOn();
    void theLimitIsChanged();
    void theHistorySaysWhoAndWhy();
    void anEarlierSentenceComesBack();
    void whyJudgesByTheWordsOfThen();
    void precisionStandsThereByItself();
    void agentsReadTheHistory();

private:
    std::unique_ptr<ui::Appearance> m_appearance;
};

void TestRuleLife::initTestCase()
{
    m_appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestRuleLife::whatStandsIsCountedAndListed()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->changeState(RuleState::Live);
    auto *text = d.find<ui::PlainLabel>("standingText");
    QVERIFY(text->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(
        text->text(), u"It holds for 1 of 1 open tickets already; they are left alone."_s, 20'000);
    d.find<QCheckBox>("ruleStanding")->setChecked(true);
    QCOMPARE(text->text(), u"It acts on 1 of 1 open tickets at once."_s);
    d.find<QSpinBox>("ruleCap")->setValue(0);
    // To the list and to the ticket by key alone; the question stays.
    auto *show = d.find<QPushButton>("standingShow");
    d.find<QCheckBox>("ruleStanding")->setFocus();
    QTest::keyClick(d.find<QCheckBox>("ruleStanding"), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), show);
    QTest::keyClick(show, Qt::Key_Return);
    auto *table = d.find<QTableView>("standingTickets");
    QVERIFY(table->isVisible());
    QCOMPARE(QApplication::focusWidget(), table);
    QCOMPARE(cell(table, 0, 0), u"T-1"_s);
    QVERIFY2(
        cell(table, 0, 1).startsWith(u"no agent reply for 2h"_s), qPrintable(cell(table, 0, 1)));
    QCOMPARE(ui::unnamedControls(d.dock.get()).join(u" | "_s), QString());
    QTest::keyClick(table, Qt::Key_Return);
    QTRY_VERIFY(d.bench->ticket() && d.bench->ticket()->details.state.ticket.key == u"T-1"_s);
    QVERIFY(d.dock->reason().isVisible());
    QVERIFY(!d.find<ui::PlainLabel>("reasonProblem")->isVisible()); // it did not answer
    QTest::keyClick(table, Qt::Key_Escape);
    QVERIFY(!d.dock->reason().isVisible());
    // Another question has none of it.
    d.dock->changeState(RuleState::Shadow);
    QVERIFY(!text->isVisible());
}

void TestRuleLife::whatStandsIsActedOnWhereItIsChosen()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->changeState(RuleState::Live);
    d.find<QCheckBox>("ruleStanding")->setChecked(true);
    d.answer(u"They wait already"_s);
    QTRY_COMPARE(d.book().rules.front().state, RuleState::Live);
    QVERIFY(d.book().rules.front().appliesToStanding);
    QTRY_VERIFY(!d.dock->standing().isRunning()); // nobody waits for it any more
}

void TestRuleLife::aLiveSentenceSaysWhatItActsOn()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->changeState(RuleState::Live);
    d.answer(u"Live"_s);
    QTRY_COMPARE(d.book().rules.front().state, RuleState::Live);
    QTRY_VERIFY(!d.dock->reason().isVisible());
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(QString(waiting).replace(u"2h"_s, u"1h"_s));
    sentence.readNow();
    d.dock->save();
    QTRY_COMPARE_WITH_TIMEOUT(
        d.dock->standing().text(), u"It acts on 1 of 1 open tickets at once."_s, 20'000);
    auto *again = d.find<QCheckBox>("ruleStanding");
    QVERIFY(again->isVisible());
    QVERIFY(!d.find<QSpinBox>("ruleCap")->isVisible());
    again->setChecked(true);
    d.answer(u"Sooner"_s);
    QTRY_COMPARE(d.book().rules.front().version, 2);
    QCOMPARE(d.book().rules.front().era, 2);
}

void TestRuleLife::theLimitIsChanged()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->changeState(RuleState::Live);
    d.answer(u"Live"_s);
    QTRY_COMPARE(d.book().rules.front().state, RuleState::Live);
    QTRY_VERIFY(!d.dock->reason().isVisible());
    QAction *limit = actionOf(d, u"Weekly limit"_s);
    QVERIFY(limit);
    limit->trigger();
    auto *cap = d.find<QSpinBox>("ruleCap");
    QTRY_VERIFY(cap->isVisible());
    QCOMPARE(cap->value(), commands::firstWeeklyCap);
    QVERIFY(!d.find<QCheckBox>("ruleStanding")->isVisible());
    cap->setValue(7);
    d.answer(u"Too many"_s);
    QTRY_COMPARE(d.book().rules.front().weeklyCap, 7);
    QTRY_VERIFY(d.dock->list()
                    .model()
                    ->index(0, 0)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(u"at most 7 a week"_s));
}

void TestRuleLife::theHistorySaysWhoAndWhy()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(QString(waiting).replace(u"2h"_s, u"3h"_s));
    sentence.readNow();
    d.dock->save();
    auto *why = d.find<QLineEdit>("ruleWhy");
    QTRY_COMPARE(QApplication::focusWidget(), why);
    d.find<QLineEdit>("ruleMetric")->setText(u"12 fires a week"_s);
    d.answer(u"Woke too many"_s);
    QTRY_COMPARE(d.book().rules.front().version, 2);
    QTRY_VERIFY(!d.dock->reason().isVisible());
    auto *button = d.find<QPushButton>("ruleHistory");
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    auto *table = d.find<QTableView>("historySteps");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 20'000);
    QCOMPARE(QApplication::focusWidget(), table);
    QCOMPARE(cell(table, 0, 0), u"version 2"_s);
    QCOMPARE(cell(table, 0, 2), u"LEA"_s);
    QCOMPARE(cell(table, 0, 3), u"Woke too many"_s);
    QVERIFY2(d.dock->history().difference().contains(u"no agent reply for [-2h-][+3h+]"_s),
        qPrintable(d.dock->history().difference()));
    const QString told = d.find<ui::PlainLabel>("historyWhy")->text();
    QVERIFY2(told.contains(u"Prompted by: 12 fires a week"_s), qPrintable(told));
    QVERIFY2(told.contains(u"Fires a week in the four weeks before: 0.0."_s), qPrintable(told));
    QCOMPARE(ui::unnamedControls(d.dock.get()).join(u" | "_s), QString());
    // The first one beside the second: the older text is always the one that was.
    QTest::keyClick(table, Qt::Key_Down);
    QVERIFY(d.dock->history().difference().contains(u"[-2h-][+3h+]"_s));
    QTest::mouseClick(d.find<QPushButton>("historyClose"), Qt::LeftButton);
    QVERIFY(!d.dock->history().isVisible());
    QCOMPARE(QApplication::focusWidget(), button);
}

void TestRuleLife::anEarlierSentenceComesBack()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    const QString first = sentence.toPlainText();
    sentence.setPlainText(QString(waiting).replace(u"2h"_s, u"3h"_s));
    sentence.readNow();
    d.dock->save();
    d.answer(u"Longer"_s);
    QTRY_COMPARE(d.book().rules.front().version, 2);
    QTRY_VERIFY(!d.dock->reason().isVisible());
    d.dock->showHistory();
    auto *table = d.find<QTableView>("historySteps");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 20'000);
    auto *back = d.find<QPushButton>("historyBack");
    QVERIFY(!back->isVisible()); // the second is what stands
    QTest::keyClick(table, Qt::Key_Down);
    QVERIFY(back->isVisible());
    QCOMPARE(back->text(), u"Back to version 1…"_s);
    back->setFocus();
    QTest::keyClick(back, Qt::Key_Space);
    d.answer(u"It was right"_s);
    QTRY_COMPARE(d.book().rules.front().version, 3);
    QCOMPARE(d.book().rules.front().text, first);
    QTRY_COMPARE(sentence.toPlainText(), first);
    QTRY_COMPARE(cell(table, 0, 0), u"version 3, an earlier one again"_s);
}

void TestRuleLife::whyJudgesByTheWordsOfThen()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    const Instant before = d.desk.clock.now();
    d.desk.clock.advance(1min);
    ui::SentenceEdit &sentence = d.dock->editor().sentence();
    sentence.setPlainText(QString(waiting).replace(u"2h"_s, u"5h"_s));
    sentence.readNow();
    d.dock->save();
    d.answer(u"Longer"_s);
    QTRY_COMPARE(d.book().rules.front().version, 2);
    QTRY_VERIFY(!d.dock->reason().isVisible());
    d.dock->showWhy();
    const auto asks = [&](const QString &when) {
        d.find<QLineEdit>("explainTicket")->setText(u"T-1"_s);
        d.find<QLineEdit>("explainWhen")->setText(when);
        d.find<QPushButton>("explainAsk")->click();
    };
    auto *facts = d.find<ui::PlainLabel>("explainFacts");
    asks(before.iso());
    QTRY_VERIFY_WITH_TIMEOUT(d.dock->why().summary().startsWith(u"It held for T-1"_s), 20'000);
    QVERIFY2(facts->text().contains(u"in its version 1: rule \"Left waiting\""_s),
        qPrintable(facts->text()));
    asks({});
    QTRY_VERIFY_WITH_TIMEOUT(
        d.dock->why().summary().startsWith(u"It did not hold for T-1"_s), 20'000);
    QVERIFY2(!facts->text().contains(u"version"_s), qPrintable(facts->text()));
    // Words that are not kept are asked about as they stand.
    sentence.setPlainText(QString(waiting).replace(u"2h"_s, u"6h"_s));
    sentence.readNow();
    d.dock->showWhy();
    asks(before.iso());
    QTRY_VERIFY_WITH_TIMEOUT(
        d.dock->why().summary().startsWith(u"It did not hold for T-1"_s), 20'000);
    QVERIFY2(!facts->text().contains(u"version"_s), qPrintable(facts->text()));
}

void TestRuleLife::precisionStandsThereByItself()
{
    RuleDock d;
    DONE(d.begin());
    QVERIFY(d.open());
    d.dock->changeState(RuleState::Live);
    d.find<QCheckBox>("ruleStanding")->setChecked(true);
    d.answer(u"Now"_s);
    QTRY_COMPARE(d.book().rules.front().state, RuleState::Live);
    d.session->engine().start({});
    const auto row = [&] {
        return d.dock->list().model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
    };
    const auto acted = [&] {
        auto read = d.session->read([](storage::Connection &connection, const Visibility &) {
            return storage::loadFirings(connection, { .limit = 10 });
        });
        return QTest::qWaitFor([&] { return read.isFinished(); }) && read.result()
            && !read.result()->empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(acted(), 20'000);
    QVERIFY(d.dock->list()
                .model()
                ->index(0, 0)
                .data(Qt::ToolTipRole)
                .toString()
                .startsWith(u"Nobody has judged"_s));
    auto labelled = desk::saveLabel(*d.session, u"T-1"_s, true);
    QTRY_VERIFY(labelled.isFinished());
    QVERIFY(labelled.result().has_value());
    d.dock->hide();
    emit d.session->ticketsChanged({}, true);
    d.dock->show(); // it is read again, and nobody tries anything
    QTRY_VERIFY_WITH_TIMEOUT(row().contains(u"fired once in 7 days · precision 100 %"_s), 20'000);
    QVERIFY(d.dock->list()
                .model()
                ->index(0, 0)
                .data(Qt::ToolTipRole)
                .toString()
                .startsWith(u"Of the newest hundred"_s));
}

void TestRuleLife::agentsReadTheHistory()
{
    RuleDock d;
    DONE(d.begin(u"ann"_s));
    QVERIFY(d.open());
    d.dock->showHistory();
    QTRY_COMPARE_WITH_TIMEOUT(d.find<QTableView>("historySteps")->model()->rowCount(), 1, 20'000);
    QVERIFY(!d.find<QPushButton>("historyBack")->isVisible());
}

QTEST_MAIN(TestRuleLife)
#include "tst_rulelife.moc"
