#include "tests/widgets/dialogs/accounttest.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/accountassistant.h"
#include "widgets/dialogs/accountspage.h"
#include "widgets/dialogs/escalatedialog.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/settingspage.h"

#include <QCheckBox>
#include <QDir>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Draws every dialog, light and dark, to pictures beside the test program, for the reviewer's eye.
/// What it asserts is that each has the theme's ground and nothing clipped.
class TestDialogGallery : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void pictures_data();
    void pictures();
    void accountPictures_data() { pictures_data(); }
    void accountPictures();

private:
    void step(AccountAssistant *dialog, const QString &name);
    void save(QWidget *dialog, const QString &name);
    Appearance *m_appearance = nullptr;
};

void TestDialogGallery::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestDialogGallery::pictures_data()
{
    QTest::addColumn<SchemeChoice>("scheme");
    QTest::addColumn<qreal>("scale");
    QTest::newRow("light") << SchemeChoice::Light << 1.0;
    QTest::newRow("dark") << SchemeChoice::Dark << 1.0;
    QTest::newRow("large") << SchemeChoice::Light << 1.5;
}

void TestDialogGallery::save(QWidget *dialog, const QString &name)
{
    QDir folder(QCoreApplication::applicationDirPath());
    QVERIFY(folder.mkpath(u"dialogs"_s));
    // What was asked for in passing has come, and is laid out, when two looks are the same.
    QImage image;
    QTRY_VERIFY(([&] {
        const QImage now = dialog->grab().toImage();
        return std::exchange(image, now) == now;
    })());
    QVERIFY(image.save(folder.filePath(
        u"dialogs/%1-%2.png"_s.arg(name, QString::fromLatin1(QTest::currentDataTag())))));
    QCOMPARE(image.pixelColor(2, 2), Theme::of(dialog)[Token::Window]);
    // A text that has just come is laid out with the next events.
    QTRY_COMPARE(clipped(dialog).join(u'|'), QString());
}

void TestDialogGallery::pictures()
{
    QFETCH(SchemeChoice, scheme);
    QFETCH(qreal, scale);
    m_appearance->setChoice(scheme);
    m_appearance->setTextScale(scale);
    DialogDesk d;
    DONE(d.begin(u"adm"_s, [](CommandFixture &f) -> Result<Done> {
        return f.write([](storage::WriteScope &scope) {
            return storage::saveSetting(scope, u"do_not_escalate"_s,
                u"[{\"words\":\"login\",\"recipe\":\"Renew the metadata in the admin console first.\"}]"_s);
        });
    }));
    QVERIFY(d.open() && d.openTicket(u"T-1"_s));
    d.window->addActions(d.bench->verbs().all());

    auto *escalate = d.dialog<EscalateDialog>(u"escalate"_s);
    QVERIFY(escalate);
    QSignalSpy previewed(escalate, &EscalateDialog::previewed);
    QTRY_VERIFY(
        escalate->isReady() && !escalate->findChild<QLabel *>(u"readTime"_s)->text().isEmpty());
    save(escalate, u"escalate-warned"_s);
    previewed.clear();
    escalate->findChild<ChoiceBox *>(u"reason"_s)->choose(u"outage"_s);
    QTRY_VERIFY(previewed.count() > 0);
    save(escalate, u"escalate"_s);
    escalate->findChild<QCheckBox *>(u"skips"_s)->click();
    go(escalate);
    save(escalate, u"escalate-refused"_s);
    escalate->reject();

    for (const QString &id : { u"return"_s, u"reassign"_s, u"flag"_s, u"solve"_s, u"confirm"_s,
             u"newticket"_s, u"import"_s, u"export"_s, u"backup"_s, u"keys"_s, u"about"_s }) {
        FormDialog *dialog = d.dialog(id);
        QVERIFY2(dialog, qPrintable(id));
        save(dialog, id);
        if (id == u"flag" || id == u"newticket" || id == u"import") {
            go(dialog);
            QTRY_VERIFY(!dialog->refusal().isEmpty());
            save(dialog, id + u"-refused"_s);
        }
        dialog->reject();
    }
    auto *settings = d.dialog<SettingsDialog>(u"settings"_s);
    QVERIFY(settings);
    for (int page = 0; page < 4; ++page) {
        settings->findChild<QListWidget *>(u"pages"_s)->setCurrentRow(page);
        save(settings, u"settings-%1"_s.arg(page));
    }
    settings->page()->findChild<QLineEdit *>(u"duty"_s)->setText(u"Answers first."_s);
    settings->reject();
    save(settings, u"settings-asked"_s);
}

/// The verb, and what it leads to.
void TestDialogGallery::step(AccountAssistant *dialog, const QString &name)
{
    go(dialog);
    QTRY_VERIFY(!dialog->isTesting() && dialog->verbButton()->isEnabled());
    save(dialog, name);
}

void TestDialogGallery::accountPictures()
{
    QFETCH(SchemeChoice, scheme);
    QFETCH(qreal, scale);
    m_appearance->setChoice(scheme);
    m_appearance->setTextScale(scale);
    AccountDesk d;
    DONE(d.begin(u"adm"_s));
    QVERIFY(d.open());
    auto *settings = d.dialog<SettingsDialog>(u"settings"_s);
    QVERIFY(settings);
    auto *rail = settings->findChild<QListWidget *>(u"pages"_s);
    rail->setCurrentRow(rail->count() - 1);
    auto *page = qobject_cast<AccountsPage *>(settings->page());
    QVERIFY(page);
    QTRY_VERIFY(page->isRead());
    save(settings, u"accounts-none"_s);
    settings->reject();

    auto *dialog = d.dialog<AccountAssistant>(u"connect"_s);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->verbButton()->isEnabled());
    save(dialog, u"connect-1-helpdesk"_s);
    go(dialog);
    go(dialog);
    save(dialog, u"connect-2-refused"_s);
    dialog->findChild<QLineEdit *>(u"url"_s)->setText(d.helpdesk.url());
    dialog->findChild<QLineEdit *>(u"secret"_s)->setText(u"1-51-abcdef0123456789"_s);
    const auto honest = d.helpdesk.server.script;
    d.helpdesk.server.script = [](const Arrival &) { return Script { hold() }; };
    go(dialog);
    QTRY_COMPARE(d.helpdesk.server.arrivals().size(), 1);
    save(dialog, u"connect-3-testing"_s);
    dialog->findChild<QPushButton *>(u"back"_s)->click();
    save(dialog, u"connect-2-signin"_s);
    d.helpdesk.always(answer(200, "<html>Login</html>", "text/html"));
    step(dialog, u"connect-3-failed"_s);
    d.helpdesk.server.script = honest;
    d.helpdesk.instead[u"queue/6"_s]
        = [](const Arrival &) { return Script { send(answer(200, R"({"id":6})")) }; };
    step(dialog, u"connect-3-works"_s);
    step(dialog, u"connect-4-places"_s);
    d.keychain.state = FakeKeychain::State::Absent;
    go(dialog);
    QTRY_COMPARE(dialog->step(), AccountAssistant::Step::Done);
    save(dialog, u"connect-5-done"_s);
    dialog->reject();

    auto changed = d.session->onStore([](storage::Store &store) {
        return store.write(
            storage::Durability::Person, [](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_TRY(account, storage::findAccount(scope.connection(), u"desk"_s));
                account.needsSignIn = true;
                account.problem
                    = u"Request Tracker did not accept this account's token; make a new "
                      "one under “Auth Tokens” in its settings and enter it."_s;
                return storage::saveAccount(scope, account);
            });
    });
    QTRY_VERIFY(changed.isFinished());
    settings = d.dialog<SettingsDialog>(u"settings"_s);
    QVERIFY(settings);
    rail = settings->findChild<QListWidget *>(u"pages"_s);
    rail->setCurrentRow(rail->count() - 1);
    page = qobject_cast<AccountsPage *>(settings->page());
    QTRY_VERIFY(page->isRead());
    save(settings, u"accounts"_s);
    settings->reject();
    dialog = d.dialog<AccountAssistant>(u"signin:desk"_s);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->verbButton()->isEnabled());
    save(dialog, u"signin"_s);
    dialog->reject();
}

QTEST_MAIN(TestDialogGallery)
#include "tst_dialoggallery.moc"
