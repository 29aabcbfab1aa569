#include "tests/widgets/dialogs/dialogtest.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/dialogseams.h"
#include "widgets/dialogs/filedialogs.h"
#include "widgets/dialogs/limitbox.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/settingspage.h"

#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Settings, import, export and backup by keyboard, over a real workspace.
class TestWorkspaceDialogs : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { new Appearance(*qApp, SchemeChoice::Light); }
    void init() { d = std::make_unique<DialogDesk>(); }
    void agentIsAdded();
    void grantNeedsANote();
    void confidentialTeamIsAdded();
    void fourthTierWarnsInPlace();
    void limitsAreTypedInTheirUnit_data();
    void limitsAreTypedInTheirUnit();
    void wrongHandleIsNamed();
    void otherRolesReadAndSeeWhy();
    void meIsChanged();
    void unsavedEditsAreKept();
    void savingOneKeepsTheOthers();
    void aNewOneIsKept();
    void closingAsksOnce();
    void closingWithoutEditsJustCloses();
    void ticketLinesAreImported();
    void badRowsAreListed();
    void tooManyBadRowsChangeNothing();
    void cancelledImportLeavesTheWorkspace();
    void logNeedsAMap();
    void importLetsVerbsThrough();
    void exportWritesTheFile();
    void exportNamesTheForm();
    void backupIsWhole();

private:
    SettingsPage *settings(int page);
    template<typename W>
    W *on(SettingsPage *page, const char *name)
    {
        return page->findChild<W *>(QString::fromLatin1(name));
    }
    QString write(const QString &name, const QByteArray &bytes);
    static QByteArray lines(int count, const QByteArray &bad = {});
    FileWorkDialog *files(const QString &id, const QString &file);
    std::unique_ptr<DialogDesk> d;
};

SettingsPage *TestWorkspaceDialogs::settings(int row)
{
    auto *dialog = d->dialog<SettingsDialog>(u"settings"_s);
    if (!dialog)
        return nullptr;
    dialog->findChild<QListWidget *>(u"pages"_s)->setCurrentRow(row);
    return dialog->page();
}

void TestWorkspaceDialogs::agentIsAdded()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QVERIFY(page);
    QTest::mouseClick(on<QPushButton>(page, "add"), Qt::LeftButton);
    QWidget *dialog = page->window();
    QCOMPARE(dialog->focusWidget(), on<QLineEdit>(page, "agent"));
    type(dialog, u"priya"_s);
    press(dialog, Qt::Key_Tab);
    type(dialog, u"Priya Nair"_s);
    on<ChoiceBox>(page, "tier")->choose(u"L2"_s);
    on<ChoiceBox>(page, "role")->choose(u"specialist"_s);
    on<QPushButton>(page, "chip.Billing")->click();
    QSignalSpy saved(page, &SettingsPage::saved);
    go(dialog);
    QTRY_COMPARE(saved.count(), 1);
    QTRY_VERIFY(d->bench->people().agent(u"priya"_s));
    const Agent agent = *d->bench->people().agent(u"priya"_s);
    QCOMPARE(agent.name, u"Priya Nair"_s);
    QCOMPARE(agent.homeTier, u"L2"_s);
    QCOMPARE(agent.role, Role::Specialist);
    QCOMPARE(agent.teams, QStringList { u"Billing"_s });
    // The list has the new one, and it is the one in front.
    QTRY_COMPARE(on<QListWidget>(page, "entries")->currentItem()->text(), u"Priya Nair"_s);
}

void TestWorkspaceDialogs::grantNeedsANote()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    auto *list = on<QListWidget>(page, "entries");
    list->setCurrentItem(list->findItems(u"ANN"_s, Qt::MatchExactly).value(0));
    const auto chips = page->findChildren<QPushButton *>(u"chip.L2"_s);
    QCOMPARE(chips.size(), 1);
    chips.first()->click();
    go(page->window());
    QCOMPARE(page->set().refusedField(), u"note"_s);
    QVERIFY(chips.first()->isChecked());
    type(page->window(), u"Covers L2 in June"_s);
    go(page->window());
    QTRY_COMPARE(d->bench->people().agent(u"ann"_s)->grantedTiers, QStringList { u"L2"_s });
}

void TestWorkspaceDialogs::confidentialTeamIsAdded()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(2);
    QTest::mouseClick(on<QPushButton>(page, "add"), Qt::LeftButton);
    type(page->window(), u"Court"_s);
    on<ChoiceBox>(page, "tier")->choose(u"L3"_s);
    on<ChoiceBox>(page, "confidential")->choose(u"legal"_s);
    go(page->window());
    const auto found = [&] {
        return std::ranges::find_if(
            d->bench->people().teams, [](const Team &t) { return t.name == u"Court"; });
    };
    QTRY_VERIFY(found() != d->bench->people().teams.end());
    QCOMPARE(found()->confidential, Confidential::Legal);
    QCOMPARE(found()->tier, u"L3"_s);
}

void TestWorkspaceDialogs::fourthTierWarnsInPlace()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(3);
    QTest::mouseClick(on<QPushButton>(page, "add"), Qt::LeftButton);
    type(page->window(), u"L4"_s);
    on<QLineEdit>(page, "name")->setText(u"Founders"_s);
    QCOMPARE(on<QSpinBox>(page, "rank")->value(), 4);
    go(page->window());
    QTRY_VERIFY2(page->warnings().contains(u"4 human tiers"), qPrintable(page->warnings()));
    QTRY_VERIFY(d->bench->people().tier(u"L4"_s));
}

void TestWorkspaceDialogs::limitsAreTypedInTheirUnit_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<QString>("shown");
    QTest::newRow("minutes") << u"45 min"_s << 45 << u"45 min"_s;
    QTest::newRow("a number alone") << u"90"_s << 90 << u"90 min"_s;
    QTest::newRow("a whole hour") << u"120"_s << 120 << u"2 h"_s;
    QTest::newRow("hours") << u"4h"_s << 240 << u"4 h"_s;
    QTest::newRow("days") << u"2 D"_s << 2880 << u"2 d"_s;
    QTest::newRow("keys that lead nowhere") << u"7 moons"_s << 7 << u"7 min"_s;
    QTest::newRow("too long") << u"400 d"_s << 400 << u"400 min"_s;
    QTest::newRow("the longest") << u"90 d"_s << 90 * 24 * 60 << u"90 d"_s;
}

void TestWorkspaceDialogs::limitsAreTypedInTheirUnit()
{
    QFETCH(QString, typed);
    QFETCH(int, minutes);
    QFETCH(QString, shown);
    LimitBox box;
    box.setValue(30);
    QCOMPARE(box.text(), u"30 min"_s);
    box.selectAll();
    QTest::keyClicks(&box, typed);
    QTest::keyClick(&box, Qt::Key_Return);
    QCOMPARE(box.value(), minutes);
    QCOMPARE(box.text(), shown);
}

void TestWorkspaceDialogs::wrongHandleIsNamed()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QTest::mouseClick(on<QPushButton>(page, "add"), Qt::LeftButton);
    type(page->window(), u"two words"_s);
    go(page->window());
    QTRY_COMPARE(page->set().refusedField(), u"agent"_s);
    QCOMPARE(on<QLineEdit>(page, "agent")->text(), u"two words"_s);
}

void TestWorkspaceDialogs::otherRolesReadAndSeeWhy()
{
    DONE(d->begin(u"ann"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QVERIFY(page);
    auto *dialog = static_cast<FormDialog *>(page->window());
    QVERIFY(!dialog->verbButton()->isVisible());
    QVERIFY(!on<QPushButton>(page, "add")->isEnabled());
    QVERIFY(!on<QLineEdit>(page, "name")->isEnabled());
    bool saysWhy = false;
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        saysWhy
            = saysWhy || (label->isVisible() && label->text().contains(u"an admin's to change"));
    QVERIFY(saysWhy);
}

void TestWorkspaceDialogs::meIsChanged()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(0);
    on<ChoiceBox>(page, "me")->choose(u"bob"_s);
    go(page->window());
    QTRY_COMPARE(d->bench->people().me.id, u"bob"_s);
}

namespace {

QListWidgetItem *entry(SettingsPage *page, const QString &start)
{
    auto *list = page->findChild<QListWidget *>(u"entries"_s);
    return list->findItems(start, Qt::MatchStartsWith).value(0);
}
void choose(SettingsPage *page, const QString &start)
{
    page->findChild<QListWidget *>(u"entries"_s)->setCurrentItem(entry(page, start));
}

} // namespace

void TestWorkspaceDialogs::unsavedEditsAreKept()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QVERIFY(page);
    auto *name = on<QLineEdit>(page, "name");
    choose(page, u"ANN"_s);
    QCOMPARE(page->unsaved(), QStringList());
    name->setText(u"Ann Berg"_s);
    on<ChoiceBox>(page, "role")->choose(u"lead"_s);
    on<QPushButton>(page, "chip.Billing")->click();
    choose(page, u"BEA"_s);
    QCOMPARE(name->text(), u"BEA"_s);
    QVERIFY(!on<QPushButton>(page, "chip.Billing")->isChecked());
    QCOMPARE(entry(page, u"ANN"_s)->text(), u"ANN · not saved"_s);
    QCOMPARE(entry(page, u"BEA"_s)->text(), u"BEA"_s);
    QCOMPARE(page->unsaved(), QStringList { u"ANN"_s });
    // Another page and back changes nothing either.
    page->window()->findChild<QListWidget *>(u"pages"_s)->setCurrentRow(2);
    page->window()->findChild<QListWidget *>(u"pages"_s)->setCurrentRow(1);
    choose(page, u"ANN"_s);
    QCOMPARE(name->text(), u"Ann Berg"_s);
    QCOMPARE(on<ChoiceBox>(page, "role")->value(), u"lead"_s);
    QVERIFY(on<QPushButton>(page, "chip.Billing")->isChecked());
    // Typed back to what it was, it is no edit.
    name->setText(u"ANN"_s);
    on<ChoiceBox>(page, "role")->choose(u"agent"_s);
    on<QPushButton>(page, "chip.Billing")->click();
    QCOMPARE(entry(page, u"ANN"_s)->text(), u"ANN"_s);
    QCOMPARE(page->unsaved(), QStringList());
}

void TestWorkspaceDialogs::savingOneKeepsTheOthers()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QVERIFY(page);
    auto *name = on<QLineEdit>(page, "name");
    choose(page, u"ANN"_s);
    name->setText(u"Ann Berg"_s);
    choose(page, u"BEA"_s);
    name->setText(u"Bea Dahl"_s);
    QSignalSpy saved(page, &SettingsPage::saved);
    go(page->window());
    // Going on while it is being saved mixes nobody up.
    choose(page, u"BOB"_s);
    QTRY_COMPARE(saved.count(), 1);
    QTRY_COMPARE(d->bench->people().agent(u"bea"_s)->name, u"Bea Dahl"_s);
    QCOMPARE(name->text(), u"BOB"_s);
    QCOMPARE(d->bench->people().agent(u"ann"_s)->name, u"ANN"_s);
    QTRY_COMPARE(page->unsaved(), QStringList { u"ANN"_s });
    choose(page, u"ANN"_s);
    QCOMPARE(name->text(), u"Ann Berg"_s);
    go(page->window());
    QTRY_COMPARE(d->bench->people().agent(u"ann"_s)->name, u"Ann Berg"_s);
    QTRY_COMPARE(page->unsaved(), QStringList());
    QCOMPARE(d->bench->people().agent(u"bob"_s)->name, u"BOB"_s);
}

void TestWorkspaceDialogs::aNewOneIsKept()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(2);
    QVERIFY(page);
    auto *add = on<QPushButton>(page, "add");
    QTest::mouseClick(add, Qt::LeftButton);
    type(page->window(), u"Court"_s);
    page->findChild<QListWidget *>(u"entries"_s)->setCurrentRow(0);
    QVERIFY(on<QLineEdit>(page, "team")->isReadOnly());
    QVERIFY2(add->text().contains(u"not saved"_s), qPrintable(add->text()));
    QTest::mouseClick(add, Qt::LeftButton);
    QCOMPARE(on<QLineEdit>(page, "team")->text(), u"Court"_s);
    QVERIFY(!on<QLineEdit>(page, "team")->isReadOnly());
    go(page->window());
    QTRY_COMPARE(page->unsaved(), QStringList());
    QTRY_VERIFY(on<QLineEdit>(page, "team")->isReadOnly());
    QVERIFY2(!add->text().contains(u"not saved"_s), qPrintable(add->text()));
}

void TestWorkspaceDialogs::closingAsksOnce()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QVERIFY(page);
    QPointer<SettingsDialog> dialog = static_cast<SettingsDialog *>(page->window());
    choose(page, u"ANN"_s);
    on<QLineEdit>(page, "name")->setText(u"Ann Berg"_s);
    choose(page, u"BEA"_s);
    press(dialog, Qt::Key_Escape);
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->cancelButton()->text(), u"Drop and close"_s);
    bool isSaid = false;
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        isSaid = isSaid || (label->isVisible() && label->text().startsWith(u"Not saved: ANN"_s));
    QVERIFY(isSaid);
    QTRY_COMPARE(clipped(dialog).join(u'|'), QString());
    // Doing something else takes the question back.
    dialog->findChild<QListWidget *>(u"pages"_s)->setCurrentRow(3);
    QCOMPARE(dialog->cancelButton()->text(), u"Close"_s);
    press(dialog, Qt::Key_Escape);
    QVERIFY(dialog && dialog->isVisible());
    press(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
    QCOMPARE(d->bench->people().agent(u"ann"_s)->name, u"ANN"_s);
}

void TestWorkspaceDialogs::closingWithoutEditsJustCloses()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    SettingsPage *page = settings(1);
    QVERIFY(page);
    QPointer<QWidget> dialog = page->window();
    choose(page, u"BEA"_s);
    choose(page, u"ANN"_s);
    press(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
}

QString TestWorkspaceDialogs::write(const QString &name, const QByteArray &bytes)
{
    QFile file(d->desk.path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return {};
    return file.fileName();
}

QByteArray TestWorkspaceDialogs::lines(int count, const QByteArray &bad)
{
    QByteArray all;
    for (int i = 1; i <= count; ++i)
        all += "{\"id\":\"OLD-" + QByteArray::number(i)
            + "\",\"created\":\"2026-05-01T08:00:00Z\",\"subject\":\"Old case\",\"tier\":\"L1\","
              "\"messages\":[{\"at\":\"2026-05-01T08:00:00Z\",\"from\":\"customer\",\"text\":\"Help\"}]}\n";
    return all + bad;
}

FileWorkDialog *TestWorkspaceDialogs::files(const QString &id, const QString &file)
{
    auto *dialog = d->dialog<FileWorkDialog>(id);
    if (dialog)
        dialog->findChild<QLineEdit *>(u"file"_s)->setText(file);
    return dialog;
}

void TestWorkspaceDialogs::ticketLinesAreImported()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    const QString file = write(u"old.jsonl"_s, lines(300));
    QueuedAnswers answers;
    answers.choose({ file });
    FileWorkDialog *dialog = d->dialog<FileWorkDialog>(u"import"_s);
    QVERIFY(dialog);
    QTest::mouseClick(dialog->findChild<QPushButton *>(u"choose"_s), Qt::LeftButton);
    QTRY_COMPARE(dialog->findChild<QLineEdit *>(u"file"_s)->text(), file);
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->result().contains(u"300"), 20'000);
    QCOMPARE(d->stored(u"OLD-300"_s).state.ticket.subject, u"Old case"_s);
}

void TestWorkspaceDialogs::badRowsAreListed()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    FileWorkDialog *dialog
        = files(u"import"_s, write(u"old.jsonl"_s, lines(3, "{ this is no line\n")));
    QVERIFY(dialog);
    dialog->findChild<QLineEdit *>(u"max-bad"_s)->setText(u"1"_s);
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->result().isEmpty(), 20'000);
    auto *bad = dialog->findChild<QListWidget *>(u"badRows"_s);
    QCOMPARE(bad->count(), 1);
    QVERIFY2(bad->item(0)->text().contains(u"Line 4"), qPrintable(bad->item(0)->text()));
    QCOMPARE(d->stored(u"OLD-3"_s).state.ticket.key, u"OLD-3"_s);
}

void TestWorkspaceDialogs::tooManyBadRowsChangeNothing()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    FileWorkDialog *dialog
        = files(u"import"_s, write(u"old.jsonl"_s, lines(3, "{ this is no line\n")));
    QVERIFY(dialog);
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->refusal().isEmpty(), 20'000);
    QVERIFY(dialog->isVisible());
    QVERIFY(d->stored(u"OLD-1"_s).state.ticket.key.isEmpty());
}

void TestWorkspaceDialogs::cancelledImportLeavesTheWorkspace()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    FileWorkDialog *dialog = files(u"import"_s, write(u"old.jsonl"_s, lines(5000)));
    QVERIFY(dialog);
    go(dialog);
    QVERIFY(dialog->isRunning());
    press(dialog, Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->isRunning(), 20'000);
    QVERIFY(dialog->isVisible()); // and says what became of it
    QVERIFY2(dialog->result().contains(u"as it was"), qPrintable(dialog->result()));
    QVERIFY(d->stored(u"OLD-1"_s).state.ticket.key.isEmpty());
}

void TestWorkspaceDialogs::logNeedsAMap()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    FileWorkDialog *dialog = files(u"import"_s, write(u"log.csv"_s, "a,b\n1,2\n"));
    QVERIFY(dialog);
    dialog->findChild<ChoiceBox *>(u"kind"_s)->choose(u"log"_s);
    go(dialog);
    QCOMPARE(dialog->refusedField(), u"map"_s);
    auto *map = dialog->findChild<ChoiceBox *>(u"map"_s);
    QVERIFY(map->count() > 0);
    map->choose(map->itemText(0));
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->isRunning() && !dialog->refusal().isEmpty(), 20'000);
    QCOMPARE(map->currentIndex(), 0);
}

void TestWorkspaceDialogs::importLetsVerbsThrough()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    FileWorkDialog *dialog = files(u"import"_s, write(u"old.jsonl"_s, lines(5000)));
    QVERIFY(dialog);
    go(dialog);
    QVERIFY(d->behindTheBack(commands::Note { u"T-1"_s, u"Between two slices"_s, {} }));
    QVERIFY2(dialog->isRunning(), "the note had to wait for the whole import");
    dialog->reject();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->isRunning(), 20'000);
}

void TestWorkspaceDialogs::exportWritesTheFile()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    const QString path = d->desk.path(u"out.jsonl"_s);
    FileWorkDialog *dialog = files(u"export"_s, path);
    QVERIFY(dialog);
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->result().isEmpty(), 20'000);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("SSO login loops"));
}

void TestWorkspaceDialogs::exportNamesTheForm()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    FileWorkDialog *dialog = files(u"export"_s, d->desk.path(u"out.txt"_s));
    QVERIFY(dialog);
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->refusal().isEmpty(), 20'000);
    QVERIFY2(dialog->refusal().contains(u"csv"), qPrintable(dialog->refusal()));
    QVERIFY(dialog->findChild<QLineEdit *>(u"file"_s)->text().endsWith(u"out.txt"));
}

void TestWorkspaceDialogs::backupIsWhole()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    const QString path = d->desk.path(u"copy.db"_s);
    FileWorkDialog *dialog = files(u"backup"_s, path);
    QVERIFY(dialog);
    go(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->result().isEmpty(), 20'000);
    // The copy opens as a workspace of its own.
    d->window.reset();
    d->bench.reset();
    d->session.reset();
    StoreFixture other;
    DONE(other.create());
    other.store.reset();
    DONE(storage::Store::restore(other.workspace, path, other.clock));
    DONE(other.reopen());
    QVERIFY(storage::findAnyTicket(other.connection(), u"T-1"_s).has_value());
}

QTEST_MAIN(TestWorkspaceDialogs)
#include "tst_workspacedialogs.moc"
