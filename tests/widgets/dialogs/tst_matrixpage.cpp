#include "core/commands/paths.h"
#include "core/escalation/matrixjson.h"
#include "tests/widgets/dialogs/dialogtest.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/dialogs/escalatedialog.h"
#include "widgets/dialogs/matrixpage.h"
#include "widgets/dialogs/settingsdialog.h"

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using escalation::Destination;
using escalation::Matrix;

/// The escalation matrix is begun, read, changed and printed in the settings, all by key; the escalate dialog goes by it.
class TestMatrixPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { d = std::make_unique<DialogDesk>(); }
    void oneBeginsWithTheShippedLines();
    void aLineIsWrittenByKey();
    void whatIsWrongStandsAtItsField();
    void aLineIsTakenOut();
    void gapsAreNamed();
    void leadsMayAndAgentsRead();
    void itIsPrinted();
    void theDialogGoesByIt();
    void everythingIsNamed();
    void pictures_data();
    void pictures();

private:
    static Matrix lines()
    {
        return { { .category = u"access"_s,
                     .plan = u"enterprise"_s,
                     .steps
                     = { { Destination::Team, u"Technical"_s, 30min }, { Destination::Manager } },
                     .kind = EscalationKind::Priority,
                     .priorityStep = 2 },
            { .category = u"billing"_s, .steps = { { Destination::Team, u"Billing"_s } } } };
    }
    bool begin(const QString &me = u"lea"_s, bool hasMatrix = true);
    MatrixPage *open();
    Matrix stored();
    template<typename W>
    W *on(QWidget *page, const char *name)
    {
        return page->findChild<W *>(QString::fromLatin1(name));
    }
    std::unique_ptr<DialogDesk> d;
    Appearance *m_appearance = nullptr;
};

void TestMatrixPage::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
    m_appearance->setMotion(false);
}

bool TestMatrixPage::begin(const QString &me, bool hasMatrix)
{
    const auto begun = d->begin(me, [&](CommandFixture &f) -> Result<Done> {
        if (hasMatrix)
            TIERLINE_CHECK(f.change("lea", commands::SaveMatrix { lines(), u"a test"_s }));
        return Done {};
    });
    return begun && d->open();
}

MatrixPage *TestMatrixPage::open()
{
    auto *settings = d->dialog<SettingsDialog>(u"settings"_s);
    if (!settings)
        return nullptr;
    settings->showPage(u"matrix"_s);
    auto *page = qobject_cast<MatrixPage *>(settings->page());
    return page && QTest::qWaitFor([&] { return page->isRead(); }, 10'000) ? page : nullptr;
}

Matrix TestMatrixPage::stored()
{
    auto read = d->session->read([](storage::Connection &connection, const Visibility &) {
        return commands::loadMatrix(connection);
    });
    if (!QTest::qWaitFor([&] { return read.isFinished(); }, 10'000))
        return {};
    return read.result().value_or(Matrix {});
}

void TestMatrixPage::oneBeginsWithTheShippedLines()
{
    QVERIFY(begin(u"adm"_s, false));
    auto *page = open();
    QVERIFY(page);
    auto *button = on<QPushButton>(page, "begin");
    QVERIFY(button->isVisible());
    QVERIFY(on<PlainLabel>(page, "gaps")->text().contains(u"no matrix yet"_s));
    QVERIFY(!on<QPushButton>(page, "print")->isEnabled());
    button->click();
    QTRY_COMPARE(
        on<QListWidget>(page, "entries")->count(), int(escalation::shippedMatrix().matrix.size()));
    QVERIFY(stored() == escalation::shippedMatrix().matrix);
    QVERIFY(!button->isVisible());
    QVERIFY(on<PlainLabel>(page, "gaps")->text().contains(u"one path"_s));
}

void TestMatrixPage::aLineIsWrittenByKey()
{
    QVERIFY(begin(u"lea"_s, false));
    auto *page = open();
    QVERIFY(page);
    QVERIFY(!on<QPushButton>(page, "begin")->isVisible()); // new teams are an admin's
    QWidget *dialog = page->window();
    on<QPushButton>(page, "add")->setFocus();
    press(dialog, Qt::Key_Space);
    QCOMPARE(dialog->focusWidget(), on<QLineEdit>(page, "category"));
    type(dialog, u"shipping"_s);
    for (int i = 0; i < 3; ++i)
        press(dialog, Qt::Key_Tab);
    type(dialog, u"high"_s);
    press(dialog, Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget(), on<QWidget>(page, "step.1.to"));
    type(dialog, u"Billing"_s);
    press(dialog, Qt::Key_Tab); // past its wait, which the last step has none of
    press(dialog, Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget(), on<QPushButton>(page, "addStep"));
    press(dialog, Qt::Key_Space);
    QCOMPARE(dialog->focusWidget(), on<QWidget>(page, "step.2.to"));
    type(dialog, u"the manager"_s);
    on<QLineEdit>(page, "step.1.wait")->setFocus();
    type(dialog, u"4h"_s);
    on<QSpinBox>(page, "priority")->setValue(0);
    on<QLineEdit>(page, "why")->setFocus();
    type(dialog, u"asked for"_s);
    go(dialog);
    const Matrix wanted { { .category = u"shipping"_s,
        .severity = Severity::High,
        .steps = { { Destination::Team, u"Billing"_s, 4h }, { Destination::Manager } },
        .priorityStep = 0 } };
    QTRY_VERIFY2(stored() == wanted, qPrintable(page->set().refusal()));
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 1);
    QTRY_VERIFY(page->unsaved().isEmpty());
    QVERIFY(on<QListWidget>(page, "entries")->item(0)->text().contains(u"shipping · high"_s));
}

void TestMatrixPage::whatIsWrongStandsAtItsField()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    auto *dialog = static_cast<FormDialog *>(page->window());
    on<ChoiceBox>(page, "step.1.to")->setEditText(u"Nobody"_s);
    go(dialog);
    QTRY_VERIFY(on<PlainLabel>(page, "problem.step")->isVisible());
    QVERIFY(on<PlainLabel>(page, "problem.step")->text().contains(u"“Nobody”"_s));
    on<ChoiceBox>(page, "step.1.to")->choose(u"team/Billing"_s);
    on<QLineEdit>(page, "step.1.wait")->setText(u"soon"_s);
    QTRY_VERIFY(dialog->verbButton()->isEnabled());
    go(dialog);
    QTRY_VERIFY(on<PlainLabel>(page, "problem.step")->text().contains(u"30m"_s));
    on<QLineEdit>(page, "step.1.wait")->setText(u"30m"_s);
    QTRY_VERIFY(dialog->verbButton()->isEnabled());
    go(dialog); // without a reason
    QTRY_COMPARE(page->set().refusedField(), u"why"_s);
    on<QLineEdit>(page, "why")->setText(u"x"_s);
    on<QLineEdit>(page, "category")->setText(u"Billing"_s);
    on<QLineEdit>(page, "plan")->clear();
    QTRY_VERIFY(dialog->verbButton()->isEnabled());
    go(dialog); // the second line names the same
    QTRY_COMPARE(page->set().refusedField(), u"category"_s);
    QVERIFY(stored() == lines());
}

void TestMatrixPage::aLineIsTakenOut()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    on<QPushButton>(page, "remove")->click();
    QTRY_COMPARE(page->set().refusedField(), u"why"_s);
    on<QLineEdit>(page, "why")->setText(u"it is over"_s);
    on<QPushButton>(page, "remove")->click();
    QTRY_COMPARE(stored().size(), size_t(1));
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 1);
    QCOMPARE(on<QLineEdit>(page, "category")->text(), u"billing"_s);
    QCOMPARE(page->unsaved(), QStringList());
}

void TestMatrixPage::gapsAreNamed()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    // Access and billing, of one plan: access is known of it, billing of all.
    QVERIFY2(on<PlainLabel>(page, "gaps")->text().contains(u"one path"_s),
        qPrintable(on<PlainLabel>(page, "gaps")->text()));
    auto less = lines();
    less.erase(less.begin());
    auto saved = d->session->change(commands::SaveMatrix { less, u"from elsewhere"_s });
    QTRY_VERIFY(saved.isFinished());
    QTRY_VERIFY(
        on<PlainLabel>(page, "gaps")->text().contains(u"4 combination(s) without a path"_s));
    QVERIFY(on<PlainLabel>(page, "gaps")->text().contains(u"access · enterprise · critical"_s));
}

void TestMatrixPage::leadsMayAndAgentsRead()
{
    QVERIFY(begin(u"bob"_s));
    auto *page = open();
    QVERIFY(page);
    auto *settings = qobject_cast<SettingsDialog *>(page->window());
    QVERIFY(!settings->verbButton()->isVisible());
    QVERIFY(on<PlainLabel>(settings, "whoMay")->text().contains(u"leads and admins"));
    QVERIFY(!on<QPushButton>(page, "add")->isEnabled());
    QVERIFY(!on<QPushButton>(page, "remove")->isEnabled());
    QVERIFY(!on<ChoiceBox>(page, "step.1.to")->isEnabled());
    QVERIFY(on<QPushButton>(page, "print")->isEnabled());
}

void TestMatrixPage::itIsPrinted()
{
    QVERIFY(begin(u"bob"_s));
    auto *page = open();
    QVERIFY(page);
    QTemporaryDir folder;
    QSignalSpy printed(page, &MatrixPage::printed);
    page->print(folder.filePath(u"m.pdf"_s));
    QTRY_COMPARE(printed.count(), 1);
    QCOMPARE(printed.takeFirst().first().toBool(), true);
    QFile file(folder.filePath(u"m.pdf"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.startsWith("%PDF"));
    QVERIFY(bytes.contains("/MediaBox [0 0 595 842]") || bytes.contains("595")); // A4 in points
    page->print(folder.filePath(u"none/m.pdf"_s));
    QTRY_COMPARE(printed.count(), 1);
    QCOMPARE(printed.takeFirst().first().toBool(), false);
    QVERIFY(page->set().refusal().contains(u"cannot be written"_s));
}

void TestMatrixPage::theDialogGoesByIt()
{
    QVERIFY(begin(u"ann"_s));
    QVERIFY(d->openTicket(u"T-1"_s));
    auto *dialog = d->dialog<EscalateDialog>(u"escalate"_s);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isReady());
    const auto *path = on<PlainLabel>(dialog, "path");
    QVERIFY(path->isVisible());
    QVERIFY2(path->text().contains(u"access · enterprise"_s), qPrintable(path->text()));
    const commands::Escalate command = dialog->command();
    QCOMPARE(command.toTier, u"L2"_s);
    QCOMPARE(command.team, u"Technical"_s);
    QCOMPARE(command.kind, EscalationKind::Priority);
    QCOMPARE(command.priorityStep, 2);
    QCOMPARE(command.path, (commands::PathMark { 1, u"access · enterprise"_s, 0 }));
    // Another destination is a person's own choice.
    on<ChoiceBox>(dialog, "to")->choose(u"L3"_s);
    QVERIFY(!dialog->command().path);
    QCOMPARE(dialog->command().priorityStep, 1);
}

void TestMatrixPage::everythingIsNamed()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    QCOMPARE(unnamedControls(page->window()).join(u'|'), QString());
}

void TestMatrixPage::pictures_data()
{
    QTest::addColumn<SchemeChoice>("scheme");
    QTest::addColumn<qreal>("scale");
    QTest::newRow("light") << SchemeChoice::Light << 1.0;
    QTest::newRow("dark") << SchemeChoice::Dark << 1.0;
    QTest::newRow("large") << SchemeChoice::Light << 1.5;
}

void TestMatrixPage::pictures()
{
    QFETCH(SchemeChoice, scheme);
    QFETCH(qreal, scale);
    m_appearance->setChoice(scheme);
    m_appearance->setTextScale(scale);
    const auto save = [](QWidget *dialog, const QString &name) {
        QTRY_COMPARE(clipped(dialog).join(u'|'), QString()); // once all is laid out
        if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
            QVERIFY(QDir().mkpath(folder));
            QVERIFY(dialog->grab().save(u"%1/matrix-%2-%3.png"_s.arg(
                folder, name, QString::fromLatin1(QTest::currentDataTag()))));
        }
    };
    QVERIFY(begin(u"adm"_s, false));
    auto *page = open();
    QVERIFY(page);
    save(page->window(), u"none"_s);
    on<QPushButton>(page, "begin")->click();
    QTRY_VERIFY(on<QListWidget>(page, "entries")->count() > 10);
    on<QListWidget>(page, "entries")->setCurrentRow(8);
    QTRY_VERIFY(on<ChoiceBox>(page, "step.3.to") != nullptr);
    save(page->window(), u"shipped"_s);
    d = std::make_unique<DialogDesk>();
    QVERIFY(begin(u"ann"_s));
    QVERIFY(d->openTicket(u"T-1"_s));
    auto *dialog = d->dialog<EscalateDialog>(u"escalate"_s);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isReady() && !on<PlainLabel>(dialog, "readTime")->text().isEmpty());
    save(dialog, u"escalate"_s);
    m_appearance->setChoice(SchemeChoice::Light);
    m_appearance->setTextScale(1.0);
}

QTEST_MAIN(TestMatrixPage)
#include "tst_matrixpage.moc"
