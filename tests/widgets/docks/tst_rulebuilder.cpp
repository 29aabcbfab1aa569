#include "core/desk/ruledesk.h"
#include "core/rules/parse.h"
#include "tests/support/rules/rulegenerator.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/rules/rulebuilder.h"
#include "widgets/docks/rules/ruleeditor.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;

namespace {

const QString grouped = u"# Asked for by the board\n"
                        "rule \"Left waiting\"\n"
                        "  when plan is enterprise # they pay for it\n"
                        "       and (no agent reply for 2h or churn intent)\n"
                        "       and not tags include vip\n"
                        "  then escalate to L2 reason sla-risk\n"
                        "       and tag at-risk\n"
                        "  continue\n"_s;

RuleWords workspace()
{
    RuleWords words;
    words.vocabulary.names[rules::Slot::Team] = { u"Billing"_s, u"Customer care"_s };
    words.vocabulary.names[rules::Slot::Tier] = { u"L1"_s, u"L2"_s, u"L3"_s };
    words.vocabulary.reasons = { u"partner"_s, u"gut-feeling"_s };
    words.vocabulary.personalReasons = { u"gut-feeling"_s };
    words.seen[u"plan"_s] = { u"enterprise"_s, u"starter"_s };
    return words;
}

rules::Rule ruleOf(const QString &text)
{
    const rules::Parsed parsed = rules::parse(text);
    return parsed.isWhole() && !parsed.document.rules.empty() ? parsed.document.rules.front()
                                                              : rules::Rule {};
}

/// Rows and back: the same rule, to the last comment.
QString lost(const rules::Rule &rule)
{
    rules::Rule again = rule;
    again.when = {};
    again.then.clear();
    if (!putInto(again, blocksOf(rule)))
        return u"no rule: "_s + rules::print(rule);
    return again == rule ? QString() : rules::print(rule) + u"---\n"_s + rules::print(again);
}

/// An editor on a screen, with a rule in rows.
struct Building {
    std::unique_ptr<RuleEditor> editor = std::make_unique<RuleEditor>();

    explicit Building(const QString &text)
    {
        editor->setWords(workspace());
        editor->resize(440, 620);
        editor->show();
        QApplication::setActiveWindow(editor.get());
        (void)QTest::qWaitForWindowActive(editor.get());
        editor->sentence().setPlainText(text);
        editor->sentence().readNow();
        editor->showBuilder(true);
    }
    BlockTree &rows() { return editor->builder().rows(); }
    QString text() { return editor->sentence().toPlainText(); }
    template<typename W>
    W *find(const char *name)
    {
        return editor->findChild<W *>(QString::fromLatin1(name));
    }
    QStringList texts(QTreeWidgetItem *of = nullptr, int depth = 0)
    {
        QStringList all;
        QTreeWidgetItem *root = of ? of : rows().invisibleRootItem();
        for (int i = 0; i < root->childCount(); ++i) {
            all.append(QString(depth, u'>') + root->child(i)->text(0));
            all += texts(root->child(i), depth + 1);
        }
        return all;
    }
    void choose(const QString &words)
    {
        const auto found = rows().findItems(words, Qt::MatchExactly | Qt::MatchRecursive);
        if (!found.isEmpty())
            rows().setCurrentItem(found.first());
        rows().setFocus();
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(&rows(), Qt::Key(key), modifiers);
    }
    /// As if the chosen row were dropped on a row: 0 above it, 1 on it, 2 below it.
    void drop(const QString &on, int third)
    {
        QTreeWidgetItem *over
            = rows().findItems(on, Qt::MatchExactly | Qt::MatchRecursive).value(0);
        const QRect row = rows().visualItemRect(over);
        const QPointF point(row.center().x(), row.top() + row.height() * (2 * third + 1) / 6.0);
        QMimeData data;
        QDropEvent event(
            point, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier, QEvent::Drop);
        // Without a drag under way the application would pass it to nobody.
        struct Open : BlockTree {
            using BlockTree::dropEvent;
        };
        (rows().*(&Open::dropEvent))(&event);
    }
};

} // namespace

/// A rule built in rows: the same tree as the sentence, all by key, and nothing lost.
class TestRuleBuilder : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void everyConditionHasFields();
    void everyActionHasFields();
    void shippedRulesComeBack();
    void generatedRulesComeBack();
    void whatFieldsCannotShowStaysInWords();
    void rowsAreAsTheySay();
    void turningLosesNothing();
    void rowsMoveByKeys();
    void rowsAreDragged();
    void rowsComeAndGo();
    void fieldsChangeTheSentence();
    void anotherFactBringsItsOwnFields();
    void whatCannotBeReadIsSaid();
    void reasonsOfPeopleAreRefused();
    void anEmptyRuleBegins();
    void brokenSentencesStaySentences();
    void readersOnlyRead();
    void everythingIsNamed();
    void pictures_data();
    void pictures();

private:
    std::unique_ptr<Appearance> m_appearance;
};

void TestRuleBuilder::initTestCase()
{
    m_appearance = std::make_unique<Appearance>(*qApp, SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestRuleBuilder::everyConditionHasFields()
{
    for (const rules::FactInfo &fact : rules::factTable().all()) {
        const rules::Rule rule
            = ruleOf(u"rule \"A\" when %1 then notify manager"_s.arg(fact.example));
        const RuleBlocks blocks = blocksOf(rule);
        QCOMPARE(blocks.when.children.size(), 1U);
        const Block &row = blocks.when.children.front();
        QVERIFY2(row.kind == Block::Kind::Condition, qPrintable(fact.id + u": "_s + wordsOf(row)));
        QVERIFY2(!titleOf(fact.parts.front()).isEmpty(), qPrintable(fact.id));
        QCOMPARE(lost(rule), QString());
        // How it is compared is among the ways that are offered.
        const QList<rules::Operator> operators = operatorsOf(fact);
        QVERIFY2(operators.isEmpty() || operators.contains(row.test.op), qPrintable(fact.id));
    }
}

void TestRuleBuilder::everyActionHasFields()
{
    for (const rules::ActionInfo &action : rules::actionTable().all()) {
        const rules::Rule rule = ruleOf(u"rule \"A\" when complex then %1"_s.arg(action.example));
        QCOMPARE(rule.then.size(), 1U);
        const RuleBlocks blocks = blocksOf(rule);
        const bool isLadder = action.id == u"ladder";
        QVERIFY2(
            (blocks.then.front().kind == Block::Kind::Action) != isLadder, qPrintable(action.id));
        QCOMPARE(patternsOf(action).isEmpty(), isLadder);
        QCOMPARE(lost(rule), QString());
    }
}

void TestRuleBuilder::shippedRulesComeBack()
{
    int count = 0;
    for (const auto &[name, bytes] : desk::shippedRules()) {
        const rules::Parsed parsed = rules::parse(QByteArrayView(bytes));
        for (const rules::Rule &rule : parsed.document.rules) {
            QCOMPARE(lost(rule), QString());
            ++count;
        }
    }
    QVERIFY(count > 30);
}

void TestRuleBuilder::generatedRulesComeBack()
{
    int rows = 0, inWords = 0;
    for (quint64 seed = 1; seed <= 3'000; ++seed) {
        test::RuleGenerator generator(seed);
        const rules::Rule rule = generator.rule(u"Rule %1"_s.arg(seed));
        const QString difference = lost(rule);
        QVERIFY2(difference.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(difference)));
        const auto count = [&](const auto &self, const Block &block) -> void {
            ++rows;
            inWords += block.kind == Block::Kind::Words;
            for (const Block &child : block.children)
                self(self, child);
        };
        count(count, blocksOf(rule).when);
    }
    // Words are the exception: fields show nearly all there is.
    QVERIFY2(inWords * 20 < rows, qPrintable(u"%1 of %2"_s.arg(inWords).arg(rows)));
}

void TestRuleBuilder::whatFieldsCannotShowStaysInWords()
{
    const rules::Rule rule = ruleOf(
        u"rule \"A\" when not not complex and plan is enterprise then ladder (after 30m remind, "
        "after 2h notify manager) repeat 2"_s);
    const RuleBlocks blocks = blocksOf(rule);
    QCOMPARE(lost(rule), QString());
    QCOMPARE(blocks.then.front().kind, Block::Kind::Words);
    QVERIFY(wordsOf(blocks.then.front()).startsWith(u"ladder (after 30m remind"_s));
    Building b(rules::print(rule));
    QVERIFY(b.editor->isBuilding());
    b.choose(wordsOf(blocks.then.front()));
    auto *words = b.find<QLineEdit>("blockWords");
    QVERIFY(words->isVisible());
    words->setFocus();
    words->selectAll();
    QTest::keyClicks(words, u"ladder (after 45m remind)"_s);
    QVERIFY2(b.text().contains(u"ladder (after 45m remind)"_s), qPrintable(b.text()));
}

void TestRuleBuilder::rowsAreAsTheySay()
{
    Building b(grouped);
    QCOMPARE(b.texts(),
        (QStringList { u"all of these hold"_s, u">plan is enterprise"_s, u">one of these holds"_s,
            u">>no agent reply for 2h"_s, u">>churn intent"_s, u">not tags include vip"_s,
            u"then, in this order"_s, u">escalate to L2 reason sla-risk"_s, u">tag at-risk"_s }));
    QCOMPARE(b.find<QLineEdit>("builderName")->text(), u"Left waiting"_s);
    QVERIFY(b.find<QCheckBox>("builderGoesOn")->isChecked());
}

void TestRuleBuilder::turningLosesNothing()
{
    Building b(grouped);
    QCOMPARE(b.text(), grouped);
    auto *turn = b.find<QPushButton>("ruleBuilder");
    QTest::mouseClick(turn, Qt::LeftButton);
    QVERIFY(!b.editor->isBuilding());
    QCOMPARE(QApplication::focusWidget(), &b.editor->sentence());
    QCOMPARE(b.text(), grouped);
    QTest::mouseClick(turn, Qt::LeftButton);
    QVERIFY(b.editor->isBuilding());
    // A change of one row keeps every comment, and one step takes it back.
    b.choose(u"no agent reply for 2h"_s);
    auto *values = b.find<QComboBox>("blockValues");
    values->setEditText(u"3h"_s);
    QCOMPARE(b.text(), QString(grouped).replace(u"2h"_s, u"3h"_s));
    b.editor->sentence().undo();
    b.editor->sentence().readNow();
    QCOMPARE(b.text(), grouped);
    QVERIFY(b.texts().contains(u">>no agent reply for 2h"_s));
}

void TestRuleBuilder::rowsMoveByKeys()
{
    Building b(grouped);
    b.choose(u"plan is enterprise"_s);
    b.press(Qt::Key_Down, Qt::AltModifier); // into the group
    QCOMPARE(b.texts().mid(0, 4),
        (QStringList { u"all of these hold"_s, u">one of these holds"_s, u">>plan is enterprise"_s,
            u">>no agent reply for 2h"_s }));
    for (int i = 0; i < 3; ++i)
        b.press(Qt::Key_Down, Qt::AltModifier); // through it, and out below
    QCOMPARE(b.texts().mid(1, 4),
        (QStringList { u">one of these holds"_s, u">>no agent reply for 2h"_s, u">>churn intent"_s,
            u">plan is enterprise"_s }));
    QVERIFY(b.text().contains(u"(no agent reply for 2h or churn intent)"_s));
    b.choose(u"tag at-risk"_s);
    b.press(Qt::Key_Up, Qt::AltModifier);
    QVERIFY2(b.text().contains(u"then tag at-risk\n       and escalate"_s), qPrintable(b.text()));
    b.press(Qt::Key_Up, Qt::AltModifier); // actions never become conditions
    QVERIFY(b.text().contains(u"then tag at-risk\n       and escalate"_s));
    QVERIFY(b.text().contains(u"# they pay for it"_s) && b.text().startsWith(u"# Asked for"_s));
}

void TestRuleBuilder::rowsAreDragged()
{
    Building b(grouped);
    b.choose(u"not tags include vip"_s);
    b.drop(u"plan is enterprise"_s, 0);
    QCOMPARE(b.texts().mid(1, 2),
        (QStringList { u">not tags include vip"_s, u">plan is enterprise"_s }));
    b.drop(u"one of these holds"_s, 1); // onto the group: into it
    QCOMPARE(b.texts().mid(1, 5),
        (QStringList { u">plan is enterprise"_s, u">one of these holds"_s,
            u">>no agent reply for 2h"_s, u">>churn intent"_s, u">>not tags include vip"_s }));
    const QString before = b.text();
    b.drop(u"tag at-risk"_s, 1); // a condition is no action
    QCOMPARE(b.text(), before);
    b.choose(u"one of these holds"_s);
    b.drop(u"churn intent"_s, 2); // nor is a group in itself
    QCOMPARE(b.text(), before);
    b.choose(u"tag at-risk"_s);
    b.drop(u"escalate to L2 reason sla-risk"_s, 0);
    QVERIFY2(b.text().contains(u"then tag at-risk\n       and escalate"_s), qPrintable(b.text()));
}

void TestRuleBuilder::rowsComeAndGo()
{
    Building b(u"rule \"A\" when complex then tag late"_s);
    b.choose(u"complex"_s);
    b.press(Qt::Key_Delete); // the last condition stays
    QVERIFY(b.texts().contains(u">complex"_s));
    b.press(Qt::Key_Insert);
    QVERIFY2(b.text().contains(u"complex and no agent reply for 2h"_s), qPrintable(b.text()));
    QCOMPARE(QApplication::focusWidget()->objectName(), u"blockFact"_s); // ready to be changed
    b.rows().setFocus();
    b.press(Qt::Key_G, Qt::ControlModifier);
    QCOMPARE(b.texts().mid(1, 3),
        (QStringList { u">complex"_s, u">one of these holds"_s, u">>no agent reply for 2h"_s }));
    b.choose(u"no agent reply for 2h"_s);
    QTest::mouseClick(b.find<QPushButton>("addCondition"), Qt::LeftButton);
    b.choose(u"complex"_s);
    b.press(Qt::Key_Delete);
    QVERIFY2(b.text().contains(u"no agent reply for 2h or no agent reply for 2h"_s),
        qPrintable(b.text()));
    b.choose(u"tag late"_s);
    b.press(Qt::Key_Delete); // and so does the last action
    QVERIFY(b.text().contains(u"then tag late"_s));
    b.press(Qt::Key_Insert);
    QVERIFY2(b.text().contains(u"and notify manager"_s), qPrintable(b.text()));
    b.choose(u"tag late"_s);
    b.press(Qt::Key_Delete);
    QVERIFY2(b.text().contains(u"then notify manager"_s), qPrintable(b.text()));
}

void TestRuleBuilder::fieldsChangeTheSentence()
{
    Building b(grouped);
    b.choose(u"plan is enterprise"_s);
    b.press(Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"blockFact"_s);
    auto *values = b.find<QComboBox>("blockValues");
    QStringList offered;
    for (int i = 0; i < values->count(); ++i)
        offered.append(values->itemText(i));
    QCOMPARE(offered, (QStringList { u"enterprise"_s, u"starter"_s })); // what was ever read
    values->setEditText(u"starter or business"_s);
    QVERIFY(b.text().contains(u"plan is starter or business # they pay for it"_s));
    auto *compare = b.find<QComboBox>("blockOperator");
    compare->setCurrentIndex(compare->findText(u"is not"_s));
    emit compare->activated(compare->currentIndex());
    QVERIFY(b.text().contains(u"plan is not starter or business"_s));
    QTest::mouseClick(b.find<QCheckBox>("blockNot"), Qt::LeftButton);
    QVERIFY2(b.text().contains(u"not plan is not starter or business"_s), qPrintable(b.text()));
    QTest::keyClick(values, Qt::Key_Escape);
    QCOMPARE(QApplication::focusWidget(), &b.rows());
    // How the group is joined.
    b.choose(u"one of these holds"_s);
    auto *group = b.find<QComboBox>("blockGroup");
    group->setCurrentIndex(0);
    emit group->activated(0);
    QVERIFY2(b.text().contains(u"and no agent reply for 2h\n       and churn intent"_s)
            || b.text().contains(u"no agent reply for 2h and churn intent"_s),
        qPrintable(b.text()));
    b.choose(u"escalate to L2 reason sla-risk"_s);
    b.find<QComboBox>("argument.team")->setEditText(u"Customer care"_s);
    QVERIFY2(b.text().contains(u"escalate to L2 team \"Customer care\" reason sla-risk"_s),
        qPrintable(b.text()));
    auto *name = b.find<QLineEdit>("builderName");
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, u"Waits too long"_s);
    QVERIFY(b.text().contains(u"rule \"Waits too long\"\n"_s));
    QVERIFY(rules::parse(b.text()).isWhole());
}

void TestRuleBuilder::anotherFactBringsItsOwnFields()
{
    Building b(u"rule \"A\" when complex then tag late"_s);
    b.choose(u"complex"_s);
    auto *fact = b.find<ChoiceBox>("blockFact");
    QVERIFY(!b.find<QComboBox>("blockValues")->isVisible());
    QVERIFY(fact->choose(u"health"_s));
    QTRY_VERIFY(b.find<QComboBox>("blockValues")->isVisible());
    b.find<QComboBox>("blockValues")->setEditText(u"25"_s);
    QVERIFY2(b.text().contains(u"health is under 25"_s), qPrintable(b.text()));
    // Words to look for need no quotes in their field.
    QVERIFY(fact->choose(u"text"_s));
    b.find<QComboBox>("blockValues")->setEditText(u"my refund"_s);
    QVERIFY2(b.text().contains(u"mentions \"my refund\""_s), qPrintable(b.text()));
    auto *action = b.find<ChoiceBox>("blockAction");
    b.choose(u"tag late"_s);
    QVERIFY(action->choose(u"set-priority#0"_s));
    QVERIFY(!b.editor->builder().fields().problem().isEmpty()); // a priority is missing
    QVERIFY(b.text().contains(u"then tag late"_s));
    b.find<QComboBox>("argument.priority")->setEditText(u"urgent"_s);
    QVERIFY(b.editor->builder().fields().problem().isEmpty());
    QVERIFY2(b.text().contains(u"then set priority urgent"_s), qPrintable(b.text()));
}

void TestRuleBuilder::whatCannotBeReadIsSaid()
{
    Building b(grouped);
    b.choose(u"no agent reply for 2h"_s);
    b.find<QComboBox>("blockValues")->setEditText(u"soon"_s);
    QVERIFY(b.editor->builder().fields().problem().startsWith(u"Not taken over: "_s));
    QCOMPARE(b.text(), grouped);
    b.find<QComboBox>("blockValues")->setEditText(u"90m or churn intent"_s);
    QVERIFY(b.editor->builder().fields().problem().contains(u"a row for each"_s));
    QCOMPARE(b.text(), grouped);
    b.find<QComboBox>("blockValues")->setEditText(u"90m"_s);
    QVERIFY(b.editor->builder().fields().problem().isEmpty());
    QVERIFY(b.text().contains(u"no agent reply for 90m"_s));
}

void TestRuleBuilder::reasonsOfPeopleAreRefused()
{
    Building b(grouped);
    b.choose(u"escalate to L2 reason sla-risk"_s);
    auto *reason = b.find<QComboBox>("argument.reason");
    QVERIFY(reason->findText(u"partner"_s) >= 0);
    QCOMPARE(reason->findText(u"gut-feeling"_s), -1); // never offered
    for (const QString &personal : { u"beyond-skill"_s, u"missing-tools"_s, u"gut-feeling"_s }) {
        reason->setEditText(personal);
        QVERIFY2(!b.editor->builder().fields().problem().isEmpty(), qPrintable(personal));
        QVERIFY2(!b.text().contains(personal), qPrintable(b.text()));
    }
    reason->setEditText(u"partner"_s);
    QVERIFY(b.editor->builder().fields().problem().isEmpty());
    QVERIFY(b.text().contains(u"reason partner"_s));
}

void TestRuleBuilder::anEmptyRuleBegins()
{
    Building b({});
    QVERIFY(b.editor->isBuilding());
    QVERIFY(b.editor->isOneRule());
    QCOMPARE(b.texts(),
        (QStringList { u"all of these hold"_s, u">no agent reply for 2h"_s,
            u"then, in this order"_s, u">notify manager"_s }));
}

void TestRuleBuilder::brokenSentencesStaySentences()
{
    Building b(u"rule \"A\" when plam is enterprise then tag late"_s);
    QVERIFY(!b.editor->isBuilding());
    QVERIFY(!b.editor->builderButton()->isEnabled());
    QVERIFY(b.editor->builderButton()->toolTip().contains(u"Mend the sentence first"_s));
    b.editor->sentence().setPlainText(grouped);
    b.editor->sentence().readNow();
    QVERIFY(b.editor->builderButton()->isEnabled());
    b.editor->showBuilder(true);
    b.editor->sentence().setPlainText(u"rule \"A\" when"_s);
    b.editor->sentence().readNow();
    QVERIFY(!b.editor->isBuilding() && b.editor->sentence().isVisible());
}

void TestRuleBuilder::readersOnlyRead()
{
    Building b(grouped);
    b.editor->setReadOnly(true);
    b.choose(u"plan is enterprise"_s);
    b.press(Qt::Key_Down, Qt::AltModifier);
    b.press(Qt::Key_Delete);
    b.press(Qt::Key_Insert);
    b.drop(u"churn intent"_s, 0);
    QCOMPARE(b.text(), grouped);
    QVERIFY(!b.find<QComboBox>("blockValues")->isEnabled());
    QVERIFY(!b.find<QPushButton>("addCondition")->isEnabled());
    QVERIFY(!b.find<QPushButton>("removeRow")->isEnabled());
}

void TestRuleBuilder::everythingIsNamed()
{
    Building b(grouped);
    for (const QString &row :
        { u"plan is enterprise"_s, u"one of these holds"_s, u"escalate to L2 reason sla-risk"_s }) {
        b.choose(row);
        QCOMPARE(unnamedControls(b.editor.get()).join(u" | "_s), QString());
    }
}

void TestRuleBuilder::pictures_data()
{
    QTest::addColumn<SchemeChoice>("scheme");
    QTest::addColumn<int>("width");
    for (const int width : { 414, 900 }) {
        QTest::addRow("light-%d", width) << SchemeChoice::Light << width;
        QTest::addRow("dark-%d", width) << SchemeChoice::Dark << width;
    }
}

void TestRuleBuilder::pictures()
{
    QFETCH(SchemeChoice, scheme);
    QFETCH(int, width);
    m_appearance->setChoice(scheme);
    Building b(grouped);
    b.editor->resize(width, 560);
    for (const QString &row :
        { u"plan is enterprise"_s, u"one of these holds"_s, u"escalate to L2 reason sla-risk"_s }) {
        b.choose(row);
        QTest::qWait(0);
        if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
            QVERIFY(QDir().mkpath(folder));
            QVERIFY(b.editor->grab().save(u"%1/builder-%2-%3.png"_s.arg(
                folder, row.section(u' ', 0, 0), QString::fromLatin1(QTest::currentDataTag()))));
        }
    }
    m_appearance->setChoice(SchemeChoice::Light);
}

QTEST_MAIN(TestRuleBuilder)
#include "tst_rulebuilder.moc"
