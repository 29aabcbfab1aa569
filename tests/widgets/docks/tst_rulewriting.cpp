#include "core/rules/print.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/docks/rules/sentenceedit.h"

#include <QListView>
#include <QTest>
#include <QVBoxLayout>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;

namespace {

RuleWords workspace()
{
    RuleWords words;
    words.vocabulary.names[rules::Slot::Team] = { u"Billing"_s, u"Customer care"_s };
    words.vocabulary.names[rules::Slot::Tier] = { u"L1"_s, u"L2"_s, u"L3"_s };
    words.seen[u"plan"_s] = { u"enterprise"_s, u"starter"_s };
    return words;
}

QStringList textsOf(const Completions &found)
{
    QStringList texts;
    for (const Completion &item : found.items)
        texts.append(item.text);
    return texts;
}

} // namespace

/// A rule is written as a sentence: what is offered, what is underlined, all by key.
class TestRuleWriting : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void offers_data();
    void offers();
    void whatIsOfferedCanBeRead();
    void completionIsTotal();
    void aRuleIsWrittenByKeys();
    void escapeClosesOnlyTheOffers();
    void problemsAreUnderlined();
    void tooLongIsSaid();

private:
    std::unique_ptr<Appearance> m_appearance;
};

void TestRuleWriting::initTestCase()
{
    m_appearance = std::make_unique<Appearance>(*qApp, SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestRuleWriting::offers_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("offered");
    QTest::addColumn<QString>("replaced");
    QTest::newRow("nothing") << u""_s << u"rule \"\""_s << u""_s;
    QTest::newRow("rule") << u"ru"_s << u"rule \"\""_s << u"ru"_s;
    QTest::newRow("when") << u"rule \"A\" w"_s << u"when"_s << u"w"_s;
    QTest::newRow("condition") << u"rule \"A\" when no ag"_s << u"no agent reply for"_s
                               << u"no ag"_s;
    QTest::newRow("second") << u"rule \"A\" when complex and pl"_s << u"plan is"_s << u"pl"_s;
    QTest::newRow("new line") << u"rule \"A\"\n  when unas"_s << u"unassigned for"_s << u"unas"_s;
    QTest::newRow("seen") << u"rule \"A\" when plan is en"_s << u"enterprise"_s << u"en"_s;
    QTest::newRow("choice") << u"rule \"A\" when priority is "_s << u"urgent"_s << u""_s;
    QTest::newRow("time") << u"rule \"A\" when no agent reply for "_s << u"2h"_s << u""_s;
    QTest::newRow("joined") << u"rule \"A\" when no agent reply for 2h "_s << u"then"_s << u""_s;
    QTest::newRow("action") << u"rule \"A\" when complex then esc"_s << u"escalate to"_s
                            << u"esc"_s;
    QTest::newRow("tier") << u"rule \"A\" when complex then escalate to "_s << u"L3"_s << u""_s;
    QTest::newRow("team") << u"rule \"A\" when complex then escalate to L3 team \"Cust"_s
                          << u"\"Customer care\""_s << u"\"Cust"_s;
}

void TestRuleWriting::offers()
{
    QFETCH(QString, typed);
    QFETCH(QString, offered);
    QFETCH(QString, replaced);
    const Completions found = complete(typed, typed.size(), workspace());
    QVERIFY2(textsOf(found).contains(offered), qPrintable(textsOf(found).join(u" | "_s)));
    QCOMPARE(typed.mid(found.start), replaced);
}

/// Whatever is offered for a condition and then filled in as its example says is read.
void TestRuleWriting::whatIsOfferedCanBeRead()
{
    const Completions found = complete(u"rule \"A\" when "_s, 14, {});
    QVERIFY(found.items.size() > 20);
    for (const Completion &item : found.items) {
        const rules::ParsedCondition read = rules::parseCondition(item.text);
        // It is whole, or what is missing is missing at its end.
        QVERIFY2(read.problems.empty() || read.problems.front().start + 1 >= item.text.size()
                || read.problems.front().message.contains(u"expected"_s),
            qPrintable(item.text + u": "_s
                + (read.problems.empty() ? QString() : read.problems.front().message)));
    }
}

void TestRuleWriting::completionIsTotal()
{
    const QString text
        = u"rule \"A \\\" b\" when not (plan is \"x\" or no agent reply for 2h) # so \"it\n"
          "then escalate to L3 team \"Billing\" and ladder (after 30m remind) stop"_s;
    for (qsizetype i = -1; i <= text.size() + 1; ++i) {
        const Completions found = complete(text, i, workspace());
        QVERIFY(found.start >= 0 && found.start <= qBound<qsizetype>(0, i, text.size()));
        QVERIFY(found.items.size() <= 40);
    }
}

void TestRuleWriting::aRuleIsWrittenByKeys()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *edit = new SentenceEdit;
    edit->setWords(workspace());
    column->addWidget(edit);
    window.resize(640, 360);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    edit->setFocus();
    QTest::keyClicks(edit, u"ru"_s);
    QVERIFY(edit->isOffering());
    QTest::keyClick(edit, Qt::Key_Return);
    QTest::keyClicks(edit, u"Left waiting"_s);
    QTest::keyClick(edit, Qt::Key_End);
    QTest::keyClicks(edit, u" wh"_s);
    QTest::keyClick(edit, Qt::Key_Tab);
    QTest::keyClicks(edit, u"no ag"_s);
    QTest::keyClick(edit, Qt::Key_Tab);
    QTest::keyClicks(edit, u"2h th"_s);
    QTest::keyClick(edit, Qt::Key_Tab);
    QTest::keyClicks(edit, u"esc"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QTest::keyClick(edit, Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(edit->isOffering());
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_VERIFY2(edit->parsed().isWhole(),
        qPrintable(edit->toPlainText() + u": "_s
            + (edit->parsed().problems.empty() ? QString()
                                               : edit->parsed().problems.front().text())));
    QCOMPARE(rules::print(edit->parsed().document.rules.at(0)).simplified(),
        u"rule \"Left waiting\" when no agent reply for 2h then escalate to L3"_s);
    QCOMPARE(unnamedControls(&window), QStringList());
}

void TestRuleWriting::escapeClosesOnlyTheOffers()
{
    QDialog dialog;
    auto *column = new QVBoxLayout(&dialog);
    auto *edit = new SentenceEdit;
    column->addWidget(edit);
    dialog.resize(640, 360);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    edit->setFocus();
    QTest::keyClicks(edit, u"ru"_s);
    QVERIFY(edit->isOffering());
    QTest::keyClick(edit, Qt::Key_Escape);
    QVERIFY(!edit->isOffering());
    QVERIFY(dialog.isVisible());
    QCOMPARE(edit->toPlainText(), u"ru"_s);
}

void TestRuleWriting::problemsAreUnderlined()
{
    SentenceEdit edit;
    edit.setWords(workspace());
    edit.setPlainText(u"rule \"A\" when plam is enterprise then escalate to L3"_s);
    edit.readNow();
    QVERIFY(!edit.parsed().isWhole());
    const auto marks = edit.extraSelections();
    QVERIFY(!marks.isEmpty());
    QCOMPARE(marks.first().format.underlineStyle(), QTextCharFormat::WaveUnderline);
    QVERIFY2(marks.first().cursor.selectedText().startsWith(u"plam"_s),
        qPrintable(marks.first().cursor.selectedText()));
    QCOMPARE(edit.parsed().problems.front().line, 1);
    QCOMPARE(edit.parsed().problems.front().column, 15);
    // Mended, nothing is underlined.
    edit.goTo(edit.parsed().problems.front().start);
    QTextCursor cursor = edit.textCursor();
    cursor.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor, 4);
    cursor.insertText(u"plan"_s);
    QTRY_VERIFY(edit.parsed().isWhole());
    QVERIFY(edit.extraSelections().isEmpty());
}

void TestRuleWriting::tooLongIsSaid()
{
    SentenceEdit edit;
    edit.setPlainText(QString(SentenceEdit::mostCharacters + 1, u'a'));
    edit.readNow();
    QCOMPARE(edit.parsed().problems.size(), 1U);
    QVERIFY(edit.parsed().problems.front().message.contains(u"split it"_s));
}

QTEST_MAIN(TestRuleWriting)
#include "tst_rulewriting.moc"
