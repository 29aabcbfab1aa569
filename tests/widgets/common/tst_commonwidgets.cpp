#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/chartview.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/errortext.h"
#include "widgets/common/messagebox.h"
#include "widgets/common/plainlabel.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QTextDocument>
#include <QToolButton>

#include <cmath>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;

class TestCommonWidgets : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_appearance = new Appearance(*qApp, SchemeChoice::Light); }
    void labelsShowMarkupAsText();
    void elidedLabelKeepsItsText();
    void linesAreBounded();
    void tooltipsShowWhatWasGiven_data();
    void tooltipsShowWhatWasGiven();
    void everyFaultHasWords_data();
    void everyFaultHasWords();
    void errorsInOneLine();
    void cancelledIsNoError();
    void queuedAnswers();
    void answersComeLater();
    void noAnswerIsCancel();
    void answerDiesWithItsContext();
    void destructiveQuestionsDefaultToCancel();
    void boxShowsForeignTextPlain();
    void fileDialogsAnswer();
    void emptyStateHasOneAction();
    void unnamedControlsAreFound();
    void tiedLabelsName();
    void thinnedKeepsPeaks();
    void thinnedProperties();
    void chartTable();
    void chartTableOfLines();
    void chartIsReplaced();
    void namesOfDaysAreNeverCut();
    void chartFollowsTheScheme();
    void hugeLinesAreDrawnInTime();

private:
    static ChartData bars();
    Appearance *m_appearance = nullptr;
};

void TestCommonWidgets::labelsShowMarkupAsText()
{
    PlainLabel label(u"<b>bold</b> a < b and c > d"_s);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    QVERIFY(label.sizeHint().width()
        >= label.fontMetrics().horizontalAdvance(u"<b>bold</b> a < b and c > d"_s));
    QCOMPARE(label.textInteractionFlags(), Qt::TextInteractionFlags(Qt::NoTextInteraction));
}

void TestCommonWidgets::elidedLabelKeepsItsText()
{
    const QString whole = u"A long subject that does not fit into this label at all"_s;
    PlainLabel label(whole);
    label.setElided(true);
    QCOMPARE(label.text(), whole);
    QVERIFY(label.minimumSizeHint().width() < label.sizeHint().width());
    label.resize(100, 20);
    const QImage narrow = label.grab().toImage();
    label.setText(u"A long subject"_s + QString(40, u'x'));
    QCOMPARE(narrow.size(), label.grab().toImage().size());
}

void TestCommonWidgets::linesAreBounded()
{
    QVERIFY(oneLine(QString(1'000'000, u'x')).size() <= 310);
    QVERIFY(oneLine(u"abc"_s, 10) == u"abc"_s);
    QVERIFY(!oneLine(u"a\nb\tc"_s).contains(u'\n'));
    QVERIFY(!oneLine(u"\u202Egpj.exe"_s).contains(QChar(0x202E)));
    for (const QString &text : { u"n = 3 · größer"_s, u"\u202Egpj.exe"_s, u"שלום (12) world"_s,
             u"a\nб\nc"_s, QString(900, u'ü') }) {
        QCOMPARE(oneLine(oneLine(text)), oneLine(text));
        QCOMPARE(plainLines(plainLines(text)), plainLines(text));
    }
    const QString many = plainLines(u"line\n"_s.repeated(500), 4'000, 10);
    QCOMPARE(many.count(u'\n'), 10);
    QVERIFY(many.endsWith(u'…'));
    QCOMPARE(plainLines(u"one\ntwo"_s), u"one\ntwo"_s);
}

void TestCommonWidgets::tooltipsShowWhatWasGiven_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("comparison") << u"a < b and c > d"_s;
    QTest::newRow("tag") << u"<img src=\"file:///etc/passwd\">"_s;
    QTest::newRow("entity") << u"AT&amp;T & others"_s;
    QTest::newRow("closing") << u"</p><table><tr><td>"_s;
    QTest::newRow("lines") << u"one\ntwo"_s;
}

void TestCommonWidgets::tooltipsShowWhatWasGiven()
{
    QFETCH(QString, text);
    QWidget widget;
    setPlainToolTip(&widget, text);
    QTextDocument shown;
    shown.setHtml(widget.toolTip());
    QCOMPARE(shown.toPlainText(), text);
    setPlainToolTip(&widget, {});
    QVERIFY(widget.toolTip().isEmpty());
}

void TestCommonWidgets::everyFaultHasWords_data()
{
    QTest::addColumn<Fault>("fault");
    for (int i = 0; i <= int(Fault::Bug); ++i)
        if (Fault(i) != Fault::Cancelled)
            QTest::newRow(qPrintable(faultCode(Fault(i)))) << Fault(i);
}

void TestCommonWidgets::everyFaultHasWords()
{
    QFETCH(Fault, fault);
    const ErrorText text = errorText({ .fault = fault, .detail = u"The disk is full."_s });
    QVERIFY(text.what.endsWith(u'.'));
    QCOMPARE(text.detail, u"The disk is full."_s);
    QVERIFY(!text.paragraph().contains(u'!'));
    QVERIFY(!text.paragraph().contains(u"sorry"_s, Qt::CaseInsensitive));
    QVERIFY(!text.paragraph().contains(u"  "_s));
    for (int i = 0; i <= int(Fault::Bug); ++i)
        if (Fault(i) != fault)
            QVERIFY(errorText({ .fault = Fault(i) }).what != text.what);
}

void TestCommonWidgets::errorsInOneLine()
{
    QCOMPARE(errorLine(badInput(u"The field \"tried\" is empty."_s)),
        u"The field \"tried\" is empty."_s);
    QVERIFY(errorLine(storageError(u"No space left."_s)).endsWith(u" No space left."_s));
    QVERIFY(!errorLine(storageError(u"a\nb"_s)).contains(u'\n'));
    QVERIFY(!errorAction({ .fault = Fault::SignIn }).isEmpty());
    QVERIFY(errorAction({ .fault = Fault::Bug }).isEmpty());
}

void TestCommonWidgets::cancelledIsNoError()
{
    QVERIFY(errorText(cancelled()).paragraph().isEmpty());
    QueuedAnswers answers;
    MessageBox::tell(nullptr, cancelled());
    QVERIFY(answers.asked().isEmpty());
}

void TestCommonWidgets::queuedAnswers()
{
    QueuedAnswers answers;
    answers.confirm();
    answers.refuse();
    QList<bool> got;
    for (int i = 0; i < 2; ++i)
        MessageBox::ask(nullptr, { u"Withdraw"_s, u"It goes back."_s, {}, u"Withdraw"_s }, this,
            [&](bool yes) { got << yes; });
    QTRY_COMPARE(got, (QList<bool> { true, false }));
    QCOMPARE(answers.asked(),
        (QStringList { u"Withdraw\nIt goes back."_s, u"Withdraw\nIt goes back."_s }));
    QCOMPARE(answers.left(), 0);
}

void TestCommonWidgets::answersComeLater()
{
    QueuedAnswers answers;
    answers.confirm();
    bool hasAnswered = false;
    MessageBox::ask(nullptr, { u"A"_s, {}, {}, u"Do"_s }, this, [&](bool) { hasAnswered = true; });
    QVERIFY(!hasAnswered);
    QTRY_VERIFY(hasAnswered);
}

void TestCommonWidgets::noAnswerIsCancel()
{
    QueuedAnswers answers;
    std::optional<bool> got;
    MessageBox::ask(nullptr, { u"A"_s, {}, {}, u"Do"_s }, this, [&](bool yes) { got = yes; });
    QTRY_VERIFY(got.has_value());
    QCOMPARE(*got, false);
}

void TestCommonWidgets::answerDiesWithItsContext()
{
    QueuedAnswers answers;
    answers.confirm();
    answers.confirm();
    bool hasDied = false;
    bool hasCome = false;
    {
        QObject gone;
        MessageBox::ask(nullptr, { u"A"_s, {}, {}, u"Do"_s }, &gone, [&](bool) { hasDied = true; });
    }
    MessageBox::ask(nullptr, { u"B"_s, {}, {}, u"Do"_s }, this, [&](bool) { hasCome = true; });
    QTRY_VERIFY(hasCome);
    QVERIFY(!hasDied);
}

void TestCommonWidgets::destructiveQuestionsDefaultToCancel()
{
    for (const bool isDestructive : { false, true }) {
        MessageBox box({ u"Delete the draft"_s, {}, {}, u"Delete"_s, isDestructive }, true);
        QCOMPARE(box.actionButton()->isDefault(), !isDestructive);
        QCOMPARE(box.findChild<QPushButton *>(u"cancel"_s)->isDefault(), isDestructive);
        box.show();
        QSignalSpy finished(&box, &QDialog::finished);
        QTest::keyClick(&box, Qt::Key_Return);
        QCOMPARE(finished.size(), 1);
        QCOMPARE(box.result(), int(isDestructive ? QDialog::Rejected : QDialog::Accepted));
    }
}

void TestCommonWidgets::boxShowsForeignTextPlain()
{
    MessageBox box(
        { u"<h1>x</h1>"_s, u"<img src=file:///etc/passwd>"_s, u"<b>y</b>"_s, u"Close"_s }, false);
    const auto labels = box.findChildren<QLabel *>();
    QCOMPARE(labels.size(), 3);
    for (const QLabel *label : labels)
        QCOMPARE(label->textFormat(), Qt::PlainText);
    QVERIFY(unnamedControls(&box).isEmpty());
}

void TestCommonWidgets::fileDialogsAnswer()
{
    QueuedAnswers answers;
    answers.choose({ u"/tmp/tickets.jsonl"_s });
    answers.refuse();
    answers.choose({ u"/a"_s, u"/b"_s });
    QString one;
    bool isRefusedCalled = false;
    QStringList many;
    filedialog::open(
        nullptr, { u"Import"_s, u"/home"_s }, this, [&](const QString &path) { one = path; });
    filedialog::save(
        nullptr, { u"Export"_s }, this, [&](const QString &) { isRefusedCalled = true; });
    filedialog::openMany(
        nullptr, { u"Attach"_s }, this, [&](const QStringList &paths) { many = paths; });
    QTRY_COMPARE(many, (QStringList { u"/a"_s, u"/b"_s }));
    QCOMPARE(one, u"/tmp/tickets.jsonl"_s);
    QVERIFY(!isRefusedCalled);
    QCOMPARE(answers.asked().value(0), u"Import\n/home"_s);
}

void TestCommonWidgets::emptyStateHasOneAction()
{
    EmptyState state(Icon::Queue, u"No ticket waits."_s, u"Show triage"_s);
    state.resize(400, 300);
    state.show();
    QSignalSpy asked(&state, &EmptyState::actionRequested);
    state.button()->setFocus();
    QTest::keyClick(state.button(), Qt::Key_Space);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(state.accessibleName(), u"No ticket waits."_s);
    state.set(Icon::Queue, u"Nothing here."_s);
    QVERIFY(state.button()->isHidden());
    QVERIFY(unnamedControls(&state).isEmpty());
}

void TestCommonWidgets::unnamedControlsAreFound()
{
    QWidget page;
    auto *field = new QLineEdit(&page);
    field->setObjectName(u"field"_s);
    auto *tool = new QToolButton(&page);
    new QPushButton(u"Reply"_s, &page);
    auto *combo = new QComboBox(&page);
    combo->setEditable(true);
    auto *spin = new QSpinBox(&page);
    QCOMPARE(unnamedControls(&page).size(), 4);
    QVERIFY(unnamedControls(&page).contains(u"QLineEdit field"_s));
    named(field, u"field"_s, u"Search"_s);
    named(tool, u"tool"_s, u"Reply"_s);
    named(combo, u"combo"_s, u"Tier"_s);
    named(spin, u"spin"_s, u"Minutes"_s, u"How long to wait"_s);
    QCOMPARE(unnamedControls(&page), QStringList());
    QCOMPARE(spin->accessibleDescription(), u"How long to wait"_s);
}

void TestCommonWidgets::tiedLabelsName()
{
    QWidget page;
    auto *label = new PlainLabel(u"&Reason && why:"_s, &page);
    auto *field = new QLineEdit(&page);
    tie(label, field);
    QCOMPARE(field->accessibleName(), u"Reason & why"_s);
    auto *hidden = new QLineEdit(&page);
    hidden->hide();
    auto *last = new QLineEdit(&page);
    auto *first = new QLineEdit(&page);
    setTabOrder({ first, nullptr, hidden, field, last });
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    first->setFocus();
    QTest::keyClick(&page, Qt::Key_Tab);
    QVERIFY(field->hasFocus());
    QTest::keyClick(&page, Qt::Key_Tab);
    QVERIFY(last->hasFocus());
    QCOMPARE(label->buddy(), field);
}

void TestCommonWidgets::thinnedKeepsPeaks()
{
    QList<QPointF> points;
    for (int i = 0; i < 10'000; ++i)
        points.append({ double(i), i == 5'000 ? 1e6 : i == 7'777 ? -1e6 : double(i % 10) });
    const QList<QPointF> few = thinned(points, 100);
    QVERIFY(few.size() <= 200);
    QVERIFY(few.contains(QPointF(5'000, 1e6)));
    QVERIFY(few.contains(QPointF(7'777, -1e6)));
    QCOMPARE(thinned(points.first(150), 100), points.first(150));
}

void TestCommonWidgets::thinnedProperties()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    for (int round = 0; round < 200; ++round) {
        QList<QPointF> points;
        double x = 0;
        const int n = int(random.bounded(2'000));
        for (int i = 0; i < n; ++i)
            points.append(
                { x += random.bounded(3) * random.generateDouble(), random.generateDouble() });
        const int columns = int(random.bounded(1, 200));
        const QList<QPointF> few = thinned(points, columns);
        QVERIFY(few.size() <= std::max<qsizetype>(columns * 2, 0));
        QVERIFY(std::is_sorted(few.cbegin(), few.cend(),
            [](const QPointF &a, const QPointF &b) { return a.x() < b.x(); }));
        for (const QPointF &p : few)
            QVERIFY(points.contains(p));
    }
}

ChartData TestCommonWidgets::bars()
{
    return { ChartData::Kind::Bars, u"Escalated"_s, u"Week"_s, u"Tickets"_s, u"n = 10"_s,
        { u"46"_s, u"47"_s },
        { { u"L1"_s, { 3, 4.5 }, {}, Token::Tier1 },
            { u"L2"_s, { 2, std::nan("") }, {}, Token::Tier2 } },
        1 };
}

void TestCommonWidgets::chartTable()
{
    ChartTableModel model;
    QAbstractItemModelTester strict(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setData(bars(), QLocale::c());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.columnCount(), 3);
    const auto cell = [&](int r, int c) { return model.index(r, c).data().toString(); };
    QCOMPARE(cell(0, 0), u"46"_s);
    QCOMPARE(cell(1, 1), u"4.5"_s);
    QCOMPARE(cell(1, 2), u"–"_s);
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), u"Week"_s);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), u"L2"_s);
}

void TestCommonWidgets::chartTableOfLines()
{
    ChartData lines { ChartData::Kind::Lines, u"Median"_s, u"Week"_s, u"Minutes"_s, {}, {},
        { { u"a"_s, {}, { { 1, 10 }, { 3, 30 } }, {} },
            { u"b"_s, {}, { { 2, 20 }, { 3, 33 } }, {} } } };
    ChartTableModel model;
    model.setData(lines, QLocale::c());
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(1, 1).data().toString(), u"–"_s);
    QCOMPARE(model.index(1, 2).data().toString(), u"20"_s);
    QCOMPARE(model.index(2, 2).data().toString(), u"33"_s);
}

void TestCommonWidgets::chartIsReplaced()
{
    ChartView view(QLocale::c());
    view.resize(500, 300);
    view.setData(bars());
    const QImage first = view.grab().toImage();
    view.setData(bars());
    QCOMPARE(view.grab().toImage(), first);
    ChartData other = bars();
    other.series[0].values = { 9, 9 };
    view.setData(other);
    QVERIFY(view.grab().toImage() != first);
    view.setData({});
    QCOMPARE(view.findChild<QTableView *>()->model()->rowCount(), 0);
    QVERIFY(unnamedControls(&view).isEmpty());
    auto *toggle = view.findChild<QToolButton *>(u"showTable"_s);
    toggle->click();
    QVERIFY(view.isTableShown());
    view.setTableShown(false);
    QVERIFY(!toggle->isChecked());
}

void TestCommonWidgets::namesOfDaysAreNeverCut()
{
    ChartData days { ChartData::Kind::StackedBars, u"Fires"_s, u"Day"_s, u"Fires"_s };
    ChartSeries fires { .name = u"fires"_s };
    for (int i = 0; i < 30; ++i) {
        days.categories.append(u"%1 Sep"_s.arg(i + 1));
        fires.values.append(i % 5);
    }
    days.series = { fires };
    days.hasRunningCategories = true;
    ChartView view(QLocale::c());
    view.setData(days);
    view.resize(1200, 240);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QTRY_VERIFY(view.namesShown().size() >= 10);
    view.resize(340, 240);
    QTRY_VERIFY(view.namesShown().size() < 10);
    QVERIFY(view.namesShown().size() >= 3);
    QCOMPARE(view.namesShown().last(), u"30 Sep"_s);
    for (const QString &name : view.namesShown())
        QVERIFY(days.categories.contains(name));
    days.hasRunningCategories = false;
    view.setData(days);
    QVERIFY(view.namesShown().isEmpty());
}

void TestCommonWidgets::chartFollowsTheScheme()
{
    ChartView view(QLocale::c());
    view.resize(500, 300);
    view.setData(bars());
    const auto has = [&view](const QColor &color) {
        const QImage image = view.grab().toImage();
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y) == color)
                    return true;
        return false;
    };
    QVERIFY(has(Theme::light()[Token::Tier1]));
    m_appearance->setChoice(SchemeChoice::Dark);
    QVERIFY(has(Theme::dark()[Token::Tier1]));
    QVERIFY(!has(Theme::light()[Token::Tier1]));
    m_appearance->setChoice(SchemeChoice::Light);
}

void TestCommonWidgets::hugeLinesAreDrawnInTime()
{
    ChartData lines { ChartData::Kind::Lines, u"All"_s, u"Minute"_s, u"Tickets"_s };
    ChartSeries series { u"a"_s, {}, {}, {} };
    for (int i = 0; i < 100'000; ++i)
        series.points.append({ double(i), std::sin(i / 500.0) * 50 + 60 });
    lines.series = { series };
    ChartView view(QLocale::c());
    view.resize(600, 300);
    QElapsedTimer timer;
    timer.start();
    view.setData(lines);
    view.grab();
    qInfo("100,000 points in %lld ms", timer.elapsed());
    QVERIFY(timer.elapsed() < 1'000);
}

QTEST_MAIN(TestCommonWidgets)
#include "tst_commonwidgets.moc"
