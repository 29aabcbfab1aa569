#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "tests/widgets/dialogs/dialogtest.h"
#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/plainlabel.h"
#include "widgets/dialogs/agreementpages.h"
#include "widgets/dialogs/agreementreview.h"
#include "widgets/dialogs/holidaydialog.h"
#include "widgets/dialogs/hourstext.h"
#include "widgets/dialogs/quietpage.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/targetrows.h"
#include "widgets/dialogs/wholefield.h"

#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray agreed
    = "{'calendars':{'Office':{'zone':'Europe/Berlin','hours':{'mon':[['09:00','17:00']],"
      "'tue':[['09:00','17:00']],'wed':[['09:00','17:00']],'thu':[['09:00','17:00']],"
      "'fri':[['09:00','12:00'],['13:00','17:00']]},'exceptions':[{'yearly':'12-25','hours':[]}]}},"
      "'policies':[{'name':'Enterprise','calendar':'Office','when':{'plan':['enterprise']},"
      "'targets':[{'clock':'first_response','target':'2h','when':{'priority':['urgent']}},"
      "{'clock':'first_response','target':'4h'}]},"
      "{'name':'Everybody','default':true,'calendar':'Office',"
      "'targets':[{'clock':'first_response','target':'8h'}]}]}";

} // namespace

/// Hours and policies are edited, looked at before they are saved, and kept with a reason: all by key.
class TestAgreementPages : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { d = std::make_unique<DialogDesk>(); }
    void hoursReadBack_data();
    void hoursReadBack();
    void wrongHoursSayWhatToDo_data();
    void wrongHoursSayWhatToDo();
    void specialDaysReadBack();
    void aTargetIsTightened();
    void nothingIsSavedBeforeItIsCounted();
    void aReasonIsAsked();
    void wrongTargetIsNamedBelowItsRow();
    void whatWasSavedIsTakenBack();
    void quietTimesAreWritten();
    void spansReadBack();
    void theOrderIsMovedByKeys();
    void aPolicyIsAdded();
    void aPolicyIsRemoved();
    void hoursAreChangedFromADay();
    void holidaysAreTicked();
    void wordsOfAPromiseAreSeen();
    void eachPageIsAsLongAsItself();
    void leadsMayAndAgentsRead();
    void anEmptyWorkspaceBegins();
    void everythingIsNamed();
    void pictures_data();
    void pictures();

private:
    bool begin(const QString &me = u"adm"_s, const QByteArray &text = agreed);
    template<typename Page>
    Page *open(const QString &id);
    template<typename W>
    W *on(QWidget *page, const char *name)
    {
        return page->findChild<W *>(QString::fromLatin1(name));
    }
    AgreementReview *review(QWidget *page);
    desk::AgreementsNow stored();
    std::unique_ptr<DialogDesk> d;
    Appearance *m_appearance = nullptr;
};

void TestAgreementPages::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
    m_appearance->setMotion(false);
}

bool TestAgreementPages::begin(const QString &me, const QByteArray &text)
{
    const auto begun = d->begin(me, [&](CommandFixture &f) -> Result<Done> {
        if (text.isEmpty())
            return Done {};
        TIERLINE_TRY(json, readJsonObject(QByteArray(text).replace('\'', '"')));
        TIERLINE_TRY(read, sla::agreementsFromJson(json));
        commands::Context context = f.as(u"lea"_s);
        TIERLINE_CHECK(commands::run(
            context, commands::SaveAgreements { .agreements = read, .why = u"test"_s }));
        return Done {};
    });
    return begun.has_value() && d->open();
}

template<typename Page>
Page *TestAgreementPages::open(const QString &id)
{
    ui::openDialog(u"settings:"_s + id, *d->bench, d->window.get());
    auto *settings = d->window->findChild<SettingsDialog *>();
    if (!settings || !QTest::qWaitForWindowActive(settings))
        return nullptr;
    auto *page = qobject_cast<Page *>(settings->page());
    return page && QTest::qWaitFor([page] { return page->isRead(); }) ? page : nullptr;
}

AgreementReview *TestAgreementPages::review(QWidget *page)
{
    AgreementReview *found = nullptr;
    const bool isThere = QTest::qWaitFor([&] {
        found = page->window()->findChild<AgreementReview *>();
        return found && found->isVisible();
    });
    return isThere && QTest::qWaitForWindowActive(found) ? found : nullptr;
}

desk::AgreementsNow TestAgreementPages::stored()
{
    auto read = desk::readAgreements(*d->session);
    if (!QTest::qWaitFor([&] { return read.isFinished(); }))
        return {};
    return read.result().value_or(desk::AgreementsNow {});
}

void TestAgreementPages::hoursReadBack_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("told");
    QTest::newRow("none") << u""_s << u""_s;
    QTest::newRow("closed") << u" Closed "_s << u""_s;
    QTest::newRow("one") << u"9-17"_s << u"09:00-17:00"_s;
    QTest::newRow("two") << u"09:00 – 12:00,13:00-17:30"_s << u"09:00-12:00, 13:00-17:30"_s;
    QTest::newRow("whole") << u"00:00-24:00"_s << u"00:00-24:00"_s;
    QTest::newRow("night") << u"22:00-06:00"_s << u"22:00-06:00"_s;
}

void TestAgreementPages::hoursReadBack()
{
    QFETCH(QString, typed);
    QFETCH(QString, told);
    VALUE(hours, hoursFromText(typed));
    QCOMPARE(hoursText(hours), told);
    VALUE(again, hoursFromText(told));
    QVERIFY(again == hours);
}

void TestAgreementPages::wrongHoursSayWhatToDo_data()
{
    QTest::addColumn<QString>("typed");
    for (const char *typed :
        { "9", "9-", "-17", "9-25", "09:60-10", "24:00-25:00", "nine-ten", "9-17-18", "9:5-10" })
        QTest::newRow(typed) << QString::fromLatin1(typed);
}

void TestAgreementPages::wrongHoursSayWhatToDo()
{
    QFETCH(QString, typed);
    const auto hours = hoursFromText(typed);
    QVERIFY(!hours);
    QVERIFY(hours.error().detail.contains(u"09:00-17:00"_s));
}

void TestAgreementPages::specialDaysReadBack()
{
    const QString text
        = u"every 02-29\nevery 12-24 09:00-12:00\n2026-05-01\n2026-05-02 10:00-14:00"_s;
    VALUE(calendar, withSpecialDays({ .zone = u"UTC"_s }, text));
    QCOMPARE(calendar.days.size(), 2U);
    QCOMPARE(calendar.yearly.size(), 2U);
    QCOMPARE(specialDaysText(calendar), text);
    const auto wrong = withSpecialDays({}, u"2026-05-01\n\n31 May"_s);
    QVERIFY(!wrong);
    QVERIFY2(
        wrong.error().detail.startsWith(u"Line 3, “31 May”"_s), qPrintable(wrong.error().detail));
}

void TestAgreementPages::aTargetIsTightened()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    QCOMPARE(page->order(), (QStringList { u"Enterprise"_s, u"Everybody"_s }));
    auto *length = on<QLineEdit>(page, "target.length.2");
    QCOMPARE(length->text(), u"4h"_s);
    length->setFocus();
    QTest::keyClick(length, Qt::Key_A, Qt::ControlModifier);
    type(page->window(), u"1h"_s);
    QCOMPARE(page->unsaved().size(), 1);
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    QCOMPARE(dialog->summary(), u"1 open ticket of 1 gets another due time."_s);
    auto *moved = on<QTableView>(dialog, "moved");
    QCOMPARE(moved->model()->rowCount(), 1);
    QCOMPARE(moved->model()->index(0, 0).data().toString(), u"T-1"_s);
    QCOMPARE(stored().version, 1);
    QCOMPARE(dialog->focusWidget(), on<QPlainTextEdit>(dialog, "why"));
    type(dialog, u"Enterprise asked for it"_s);
    go(dialog);
    QTRY_COMPARE(stored().version, 2);
    const sla::Policies policies = stored().agreements.policies;
    QCOMPARE(policies[0].name, u"Enterprise"_s);
    QCOMPARE(policies[0].targets[0].length, Millis(2h));
    QCOMPARE(policies[0].targets[0].when.priorities, std::vector { Priority::Urgent });
    QCOMPARE(policies[0].targets[1].length, Millis(1h));
    QCOMPARE(policies[0].when.plans, QStringList { u"enterprise"_s });
    QTRY_COMPARE(page->unsaved(), QStringList());
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.due, d->desk.clock.now() + 1h);
}

void TestAgreementPages::nothingIsSavedBeforeItIsCounted()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    on<QLineEdit>(page, "target.length.2")->setText(u"1h"_s);
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    press(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!page->window()->findChild<AgreementReview *>());
    QCOMPARE(stored().version, 1);
    // What was typed is still there.
    QCOMPARE(page->unsaved().size(), 1);
    QCOMPARE(on<QLineEdit>(page, "target.length.2")->text(), u"1h"_s);
}

void TestAgreementPages::aReasonIsAsked()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    on<QLineEdit>(page, "target.length.2")->setText(u"1h"_s);
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    go(dialog);
    QCOMPARE(dialog->refusedField(), u"why"_s);
    QVERIFY(dialog->refusal().startsWith(u"Say why"_s));
    QCOMPARE(stored().version, 1);
}

void TestAgreementPages::wrongTargetIsNamedBelowItsRow()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    auto *length = on<QLineEdit>(page, "target.length.2");
    length->setText(u"soon"_s);
    go(page->window());
    QCOMPARE(page->window()->focusWidget(), length);
    QStringList said;
    for (const QLabel *label : page->findChildren<QLabel *>(u"problem.target"_s)) {
        if (label->isVisible())
            said.append(label->text());
    }
    QCOMPARE(said, QStringList { u"“soon” is no length of time: write it as 30m, 4h or 2d."_s });
    QVERIFY(!page->window()->findChild<AgreementReview *>());
}

void TestAgreementPages::whatWasSavedIsTakenBack()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    auto *back = on<QPushButton>(page, "takeBack");
    QVERIFY(!back->isVisible() && !page->mayTakeBack());
    on<QLineEdit>(page, "target.length.2")->setText(u"1h"_s);
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    type(dialog, u"Sooner"_s);
    go(dialog);
    QTRY_VERIFY(back->isVisible());
    QTRY_COMPARE(stored().version, 2);
    back->setFocus();
    QTest::keyClick(back, Qt::Key_Space);
    QTRY_VERIFY((dialog = review(page)));
    QTRY_VERIFY(dialog->isCounted());
    type(dialog, u"It woke too many"_s);
    go(dialog);
    QTRY_COMPARE(stored().version, 3); // a version of its own; the past is not rewritten
    QCOMPARE(stored().agreements.policies.front().targets[1].length, Millis(4 * 3'600'000));
    QTRY_COMPARE(on<QLineEdit>(page, "target.length.2")->text(), u"4h"_s);
    QVERIFY(page->mayTakeBack()); // and that, too, can be taken back
}

void TestAgreementPages::quietTimesAreWritten()
{
    QVERIFY(begin());
    auto *page = open<QuietPage>(u"quiet"_s);
    QVERIFY(page);
    auto *settings = qobject_cast<SettingsDialog *>(page->window());
    auto *spans = on<QPlainTextEdit>(page, "spans");
    QVERIFY(spans->toPlainText().isEmpty() && page->unsaved().isEmpty());
    spans->setPlainText(u"2026-12-24 18:00 - soon"_s);
    QCOMPARE(page->unsaved(), QStringList { u"quiet times"_s });
    go(settings);
    QCOMPARE(page->set().refusedField(), u"spans"_s);
    QVERIFY(page->set().refusal().contains(u"Line 1"_s));
    spans->setPlainText(u"2026-12-24 18:00 - 2026-12-27 08:00\n2026-12-31 22:00 - 06:00"_s);
    on<QCheckBox>(page, "critical")->setChecked(false);
    go(settings);
    const auto times = [this] {
        auto read = desk::readQuietTimes(*d->session);
        return QTest::qWaitFor([&] { return read.isFinished(); })
            ? read.result().value_or(desk::QuietSetting {}).times
            : commands::QuietTimes {};
    };
    QTRY_COMPARE(times().spans.size(), 2U);
    QVERIFY(!times().criticalPasses);
    QCOMPARE(times().spans[1].length(), Millis(8 * 3'600'000));
    QTRY_VERIFY(page->unsaved().isEmpty());
    // How many tickets an agent can have, and nothing said of it again.
    const auto capacity = [this] {
        auto read = desk::readCapacity(*d->session);
        return QTest::qWaitFor([&] { return read.isFinished(); })
            ? read.result().value_or(std::nullopt)
            : std::nullopt;
    };
    auto *most = on<QSpinBox>(page, "capacity");
    QCOMPARE(most->value(), 0);
    most->setValue(12);
    QCOMPARE(page->unsaved(), QStringList { u"open tickets of an agent"_s });
    go(settings);
    QTRY_COMPARE(capacity(), std::optional(12));
    QTRY_VERIFY(page->unsaved().isEmpty());
    most->setValue(0);
    spans->setPlainText({});
    go(settings); // both in one go
    QTRY_COMPARE(capacity(), std::optional<int>());
    QTRY_VERIFY(times().spans.empty() && page->unsaved().isEmpty());
    // Every day, by a calendar of the agreements.
    auto *calendar = on<QComboBox>(page, "outside_of");
    QCOMPARE(calendar->currentData().toString(), QString());
    QVERIFY(calendar->count() > 1);
    calendar->setCurrentIndex(1);
    QCOMPARE(page->unsaved(), QStringList { u"quiet times"_s });
    const QString name = calendar->currentText();
    go(settings);
    QTRY_COMPARE(times().outsideOf, name);
    QTRY_VERIFY(page->unsaved().isEmpty());
    QCOMPARE(calendar->currentText(), name);
    QCOMPARE(unnamedControls(settings), QStringList());
}

void TestAgreementPages::spansReadBack()
{
    const QTimeZone zone("Europe/Berlin");
    const QString lines
        = u"2026-03-29 01:30 - 2026-03-29 03:30\n2026-12-24 18:00 - 2026-12-27 08:00"_s;
    VALUE(spans, spansFromText(u"\n"_s + lines + u"\n"_s, zone));
    QCOMPARE(spans.size(), 2U);
    QCOMPARE(spans[0].length(), Millis(3'600'000)); // the night in which an hour is left out
    QCOMPARE(spansText(spans, zone), lines);
    VALUE(night, spansFromText(u"2026-12-31 22:00 \u2013 6:00"_s, zone));
    QCOMPARE(spansText(night, zone), u"2026-12-31 22:00 - 2027-01-01 06:00"_s);
    for (const QString &wrong : { u"2026-12-24"_s, u"2026-13-24 18:00 - 20:00"_s,
             u"2026-12-24 18:00 - 2026-12-23 20:00"_s, u"24.12.2026 18:00 - 20:00"_s })
        QVERIFY2(!spansFromText(wrong, zone), qPrintable(wrong));
}

void TestAgreementPages::theOrderIsMovedByKeys()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    auto *list = on<QListWidget>(page, "entries");
    list->setFocus();
    list->setCurrentRow(1);
    QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(page->order(), (QStringList { u"Everybody"_s, u"Enterprise"_s }));
    QVERIFY(page->unsaved().contains(u"the order of the policies"_s));
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    // The default takes it now, before the policy for its plan is asked.
    QCOMPARE(dialog->summary(), u"1 open ticket of 1 gets another due time."_s);
    dialog->reject();
    QTRY_VERIFY(!page->window()->findChild<AgreementReview *>());
    list->setFocus();
    press(page->window(), Qt::Key_Down, Qt::AltModifier);
    QTRY_COMPARE(page->order(), (QStringList { u"Enterprise"_s, u"Everybody"_s }));
    QVERIFY(!page->unsaved().contains(u"the order of the policies"_s));
}

void TestAgreementPages::aPolicyIsAdded()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QTest::mouseClick(on<QPushButton>(page, "add"), Qt::LeftButton);
    QWidget *dialog = page->window();
    QCOMPARE(dialog->focusWidget(), on<QLineEdit>(page, "name"));
    type(dialog, u"Chat"_s);
    go(dialog);
    QCOMPARE(page->set().refusedField(), u"tier"_s);
    on<QLineEdit>(page, "channel")->setFocus();
    type(dialog, u"chat, live chat"_s);
    on<QLineEdit>(page, "target.length.1")->setFocus();
    QTest::keyClick(dialog->focusWidget(), Qt::Key_A, Qt::ControlModifier);
    type(dialog, u"30s"_s);
    go(dialog);
    AgreementReview *shown = review(page);
    QVERIFY(shown);
    QTRY_VERIFY(shown->isCounted());
    QVERIFY(shown->summary().startsWith(u"No due time"_s));
    type(shown, u"Chats are answered at once"_s);
    go(shown);
    QTRY_COMPARE(stored().version, 2);
    const sla::Policies policies = stored().agreements.policies;
    QCOMPARE(policies.size(), 3U);
    // Asked before the default, which would leave it nothing.
    QCOMPARE(policies[1].name, u"Chat"_s);
    QCOMPARE(policies[1].when.channels, (QStringList { u"chat"_s, u"live chat"_s }));
    QCOMPARE(policies[1].targets[0].length, Millis(30s));
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 3);
}

void TestAgreementPages::aPolicyIsRemoved()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QTest::mouseClick(on<QToolButton>(page, "policyRemove"), Qt::LeftButton);
    AgreementReview *shown = review(page);
    QVERIFY(shown);
    QTRY_VERIFY(shown->isCounted());
    QCOMPARE(shown->summary(), u"1 open ticket of 1 gets another due time."_s);
    type(shown, u"The contract ended"_s);
    go(shown);
    QTRY_COMPARE(stored().agreements.policies.size(), 1U);
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 1);
    QCOMPARE(on<QLineEdit>(page, "name")->text(), u"Everybody"_s);
    QCOMPARE(page->unsaved(), QStringList());
}

void TestAgreementPages::hoursAreChangedFromADay()
{
    QVERIFY(begin());
    auto *page = open<CalendarsPage>(u"hours"_s);
    QVERIFY(page);
    QCOMPARE(on<QLineEdit>(page, "day.5")->text(), u"09:00-12:00, 13:00-17:00"_s);
    QCOMPARE(on<QPlainTextEdit>(page, "special")->toPlainText(), u"every 12-25"_s);
    auto *monday = on<QLineEdit>(page, "day.1");
    monday->setFocus();
    QTest::keyClick(monday, Qt::Key_A, Qt::ControlModifier);
    type(page->window(), u"8 to 16"_s);
    go(page->window());
    QCOMPARE(page->set().refusedField(), u"day.1"_s);
    QCOMPARE(page->window()->focusWidget(), monday);
    QTest::keyClick(monday, Qt::Key_A, Qt::ControlModifier);
    type(page->window(), u"9-14:30"_s);
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    // Monday 14:00 in Berlin: four hours from then end on Tuesday now, not at once.
    QCOMPARE(dialog->summary(), u"1 open ticket of 1 gets another due time."_s);
    auto *from = on<QLineEdit>(dialog, "from");
    from->setFocus();
    type(dialog, u"someday"_s);
    press(dialog, Qt::Key_Tab);
    QTRY_COMPARE(dialog->refusedField(), u"from"_s);
    from->setText(u"2026-07-01 09:00"_s);
    from->setFocus();
    press(dialog, Qt::Key_Tab);
    QTRY_VERIFY(dialog->isCounted());
    QCOMPARE(dialog->summary(), u"No due time moves. Open tickets looked at: 1."_s);
    on<QPlainTextEdit>(dialog, "why")->setFocus();
    type(dialog, u"Summer"_s);
    go(dialog);
    QTRY_VERIFY(stored().calendars[u"Office"_s].next);
    QVERIFY(page->window()->findChild<AgreementReview *>() == nullptr
        || !page->window()->findChild<AgreementReview *>()->isVisible());
}

void TestAgreementPages::holidaysAreTicked()
{
    QVERIFY(begin());
    QTemporaryDir folder;
    const QString path = folder.filePath(u"days.ics"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260806\r\nDTEND;VALUE=DATE:20260807\r\n"
        "SUMMARY:Company outing\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261003\r\nDTEND;VALUE=DATE:20261004\r\n"
        "SUMMARY:Unity Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    file.close();
    auto *page = open<CalendarsPage>(u"hours"_s);
    QVERIFY(page);
    QueuedAnswers answers;
    answers.choose({ path });
    QTest::mouseClick(on<QPushButton>(page, "holidays"), Qt::LeftButton);
    HolidayDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = page->window()->findChild<HolidayDialog *>()) && dialog->isRead());
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    auto *days = on<QListWidget>(dialog, "days");
    QCOMPARE(days->count(), 2);
    QCOMPARE(dialog->focusWidget(), days);
    press(dialog, Qt::Key_Space); // not the outing
    QCOMPARE(days->item(0)->checkState(), Qt::Unchecked);
    go(dialog);
    QTRY_COMPARE(on<QPlainTextEdit>(page, "special")->toPlainText(), u"every 12-25\n2026-10-03"_s);
    QVERIFY(page->unsaved().size() == 1);
}

void TestAgreementPages::wordsOfAPromiseAreSeen()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    auto *channels = on<WholeField>(page, "target.channels.1");
    channels->setText(u"whatsapp, telegram"_s);
    on<WholeField>(page, "target.tiers.1")->setText(u"L1, L2"_s);
    on<WholeField>(page, "target.channels.2")->setText(u"chat"_s);
    for (const char *name : { "target.channels.1", "target.tiers.1", "target.priorities.1",
             "target.length.1", "target.channels.2" })
        QTRY_VERIFY2(on<WholeField>(page, name)->isWhole(), name);
    // As wide as it gets: what is more has an ellipsis at rest, and is on hover.
    const QString many = u"whatsapp, telegram, chat, email, social, phone, web"_s;
    channels->setText(many);
    QTest::qWait(0);
    QVERIFY(!channels->isWhole());
    QVERIFY(channels->toolTip().contains(u"social"_s));
    auto *words = on<PlainLabel>(page, "target.words.1");
    QVERIFY(words->isVisible());
    QCOMPARE(words->text(), u"Channels: "_s + many);
    QVERIFY(!on<PlainLabel>(page, "target.words.2")->isVisible());
    QVERIFY(!channels->hasFocus());
    const QImage atRest = channels->grab().toImage();
    channels->setFocus();
    QVERIFY(channels->grab().toImage() != atRest);
    QCOMPARE(channels->text(), many);
    channels->setText(u"chat"_s);
    QVERIFY(!words->isVisible());
}

void TestAgreementPages::eachPageIsAsLongAsItself()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    auto *settings = qobject_cast<SettingsDialog *>(page->window());
    auto *scroll = settings->findChild<QScrollArea *>();
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
    const int height = settings->height();
    for (const char *id : { "me", "teams", "tiers" }) {
        settings->showPage(QString::fromLatin1(id));
        QTRY_COMPARE(scroll->verticalScrollBar()->maximum(), 0);
        QCOMPARE(settings->height(), height); // and nothing jumps
    }
    settings->showPage(u"agreements"_s);
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
}

void TestAgreementPages::leadsMayAndAgentsRead()
{
    QVERIFY(begin(u"lea"_s));
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    auto *settings = qobject_cast<SettingsDialog *>(page->window());
    QVERIFY(settings->verbButton()->isVisible());
    QVERIFY(on<QLineEdit>(page, "name")->isEnabled());
    settings->showPage(u"agents"_s);
    QVERIFY(!settings->verbButton()->isVisible());
    d = std::make_unique<DialogDesk>();
    QVERIFY(begin(u"bob"_s));
    page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    settings = qobject_cast<SettingsDialog *>(page->window());
    QVERIFY(!settings->verbButton()->isVisible());
    QVERIFY(!on<QLineEdit>(page, "name")->isEnabled());
    QCOMPARE(on<QLineEdit>(page, "name")->text(), u"Enterprise"_s);
    QVERIFY(!on<QToolButton>(page, "policyRemove")->isEnabled());
}

void TestAgreementPages::anEmptyWorkspaceBegins()
{
    QVERIFY(begin(u"adm"_s, {}));
    auto *page = open<CalendarsPage>(u"hours"_s);
    QVERIFY(page);
    QCOMPARE(on<QListWidget>(page, "entries")->count(), 0);
    on<QLineEdit>(page, "name")->setText(u"Office"_s);
    go(page->window());
    QCOMPARE(page->set().refusedField(), u"day.1"_s);
    on<QLineEdit>(page, "day.1")->setText(u"9-17"_s);
    on<ChoiceBox>(page, "zone")->choose(u"Europe/Berlin"_s);
    go(page->window());
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    type(dialog, u"We begin"_s);
    go(dialog);
    QTRY_COMPARE(stored().calendars.size(), 1U);
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 1);
}

void TestAgreementPages::everythingIsNamed()
{
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    QCOMPARE(unnamedControls(page->window()), QStringList());
    qobject_cast<SettingsDialog *>(page->window())->showPage(u"hours"_s);
    QCOMPARE(unnamedControls(page->window()), QStringList());
}

void TestAgreementPages::pictures_data()
{
    QTest::addColumn<SchemeChoice>("scheme");
    QTest::addColumn<qreal>("scale");
    QTest::newRow("light") << SchemeChoice::Light << 1.0;
    QTest::newRow("dark") << SchemeChoice::Dark << 1.0;
    QTest::newRow("large") << SchemeChoice::Light << 1.5;
}

void TestAgreementPages::pictures()
{
    QFETCH(SchemeChoice, scheme);
    QFETCH(qreal, scale);
    m_appearance->setChoice(scheme);
    m_appearance->setTextScale(scale);
    const auto save = [](QWidget *dialog, const QString &name) {
        QTest::qWait(0);
        if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
            QVERIFY(QDir().mkpath(folder));
            QVERIFY(dialog->grab().save(u"%1/sla-%2-%3.png"_s.arg(
                folder, name, QString::fromLatin1(QTest::currentDataTag()))));
        }
        QCOMPARE(clipped(dialog).join(u'|'), QString());
    };
    QVERIFY(begin());
    auto *page = open<PoliciesPage>(u"agreements"_s);
    QVERIFY(page);
    auto *settings = qobject_cast<SettingsDialog *>(page->window());
    save(settings, u"policies"_s);
    on<QLineEdit>(page, "target.length.2")->setText(u"soon"_s);
    go(settings);
    save(settings, u"policies-refused"_s);
    on<QLineEdit>(page, "target.length.2")->setText(u"1h"_s);
    go(settings);
    AgreementReview *dialog = review(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isCounted());
    save(dialog, u"review"_s);
    dialog->reject();
    QTRY_VERIFY(!settings->findChild<AgreementReview *>());
    settings->showPage(u"hours"_s);
    save(settings, u"hours"_s);
    m_appearance->setChoice(SchemeChoice::Light);
    m_appearance->setTextScale(1.0);
}

QTEST_MAIN(TestAgreementPages)
#include "tst_agreementpages.moc"
