#include "core/desk/remotelink.h"
#include "tests/support/net/testcertificates.h"
#include "tests/widgets/dialogs/accounttest.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/dialogseams.h"
#include "widgets/dialogs/accountassistant.h"
#include "widgets/dialogs/accountspage.h"
#include "widgets/dialogs/settingsdialog.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListWidget>
#include <QLoggingCategory>
#include <QMutex>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryFile>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using At = AccountAssistant::Step;
using State = FakeKeychain::State;

Q_DECLARE_METATYPE(FakeKeychain::State)

namespace {

const QString token = u"1-51-c0ffee0123456789decade"_s;

/// Files below a folder that hold these bytes.
QStringList filesWith(const QString &folder, const QByteArray &bytes)
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            found.append(file.fileName());
    }
    return found;
}

/// What was logged since the program began, at full detail.
QStringList logged;
QtMessageHandler before = nullptr;

void keepLine(QtMsgType type, const QMessageLogContext &context, const QString &line)
{
    static QMutex lock;
    const QMutexLocker held(&lock);
    logged.append(line);
    if (type != QtDebugMsg && type != QtInfoMsg && before)
        before(type, context, line);
}

} // namespace

/// Helpdesks are connected, changed and removed by key, against servers that answer in every way.
class TestAccounts : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { d = std::make_unique<AccountDesk>(); }
    void cleanup();
    void cleanupTestCase() { qInstallMessageHandler(before); }
    void connectsByKey();
    void testSaysWhatIsWrong_data();
    void testSaysWhatIsWrong();
    void warnsOfWhatWillNotWork();
    void wrongFieldsAreNamed_data();
    void wrongFieldsAreNamed();
    void aTestUnderWayIsStopped_data();
    void aTestUnderWayIsStopped();
    void goesOnWithoutATestWhenAway();
    void withoutAKeychainItHoldsForThisRun();
    void aSilentKeychainIsLeft();
    void newSignInIsTaken();
    void changesKeepTheSecret();
    void removingAsksFirst();
    void otherRolesReadAndSeeWhy();
    void anImportedAuthorityIsTrusted();
    void aLostSecretLeavesTheWorkspace_data();
    void aLostSecretLeavesTheWorkspace();
    void placesAreReadFromTheirNames();

private:
    AccountAssistant *assistant(const QString &id = u"connect"_s);
    void enter(AccountAssistant *dialog, const QString &name, const QString &text);
    /// From the first step to the end of the test, by key.
    AccountAssistant *tryOut(const QString &url);
    AccountsPage *page();
    std::unique_ptr<AccountDesk> d;
};

void TestAccounts::initTestCase()
{
    new Appearance(*qApp, SchemeChoice::Light);
    QLoggingCategory::setFilterRules(u"tierline.*=true"_s);
    before = qInstallMessageHandler(keepLine);
}

void TestAccounts::cleanup()
{
    d.reset();
    // Whatever went well or wrong: the secret, in any of its spellings, is in no line.
    const QByteArray bytes = token.toLatin1();
    for (const QByteArray &spelling : { bytes, bytes.mid(5), bytes.toBase64(), bytes.toHex() }) {
        for (const QString &line : std::as_const(logged))
            QVERIFY2(!line.contains(QLatin1StringView(spelling)), qPrintable(line));
    }
}

AccountAssistant *TestAccounts::assistant(const QString &id)
{
    auto *dialog = d->dialog<AccountAssistant>(id);
    if (!dialog)
        return nullptr;
    const bool isReady = QTest::qWaitFor([&] { return dialog->verbButton()->isEnabled(); }, 10'000);
    return isReady ? dialog : nullptr;
}

void TestAccounts::enter(AccountAssistant *dialog, const QString &name, const QString &text)
{
    auto *field = dialog->findChild<QLineEdit *>(name);
    QVERIFY2(field, qPrintable(name));
    field->setFocus();
    field->selectAll();
    type(dialog, text);
}

AccountAssistant *TestAccounts::tryOut(const QString &url)
{
    AccountAssistant *dialog = assistant();
    if (!dialog)
        return nullptr;
    go(dialog);
    enter(dialog, u"url"_s, url);
    enter(dialog, u"secret"_s, token);
    go(dialog);
    const bool hasEnded = QTest::qWaitFor(
        [&] { return !dialog->isTesting() && dialog->step() == At::Test; }, 20'000);
    return hasEnded ? dialog : nullptr;
}

AccountsPage *TestAccounts::page()
{
    auto *settings = d->dialog<SettingsDialog>(u"settings"_s);
    if (!settings)
        return nullptr;
    auto *rail = settings->findChild<QListWidget *>(u"pages"_s);
    rail->setCurrentRow(rail->count() - 1);
    auto *accounts = qobject_cast<AccountsPage *>(settings->page());
    const bool isRead = accounts && QTest::qWaitFor([&] { return accounts->isRead(); }, 10'000);
    return isRead ? accounts : nullptr;
}

void TestAccounts::connectsByKey()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    AccountAssistant *dialog = assistant();
    QVERIFY(dialog);
    QCOMPARE(dialog->step(), At::Kind);
    QCOMPARE(dialog->findChild<QLineEdit *>(u"name"_s)->text(), u"desk"_s);
    go(dialog);
    QCOMPARE(dialog->step(), At::SignIn);
    QCOMPARE(dialog->focusWidget()->objectName(), u"url"_s);
    type(dialog, d->helpdesk.url());
    QVERIFY(dialog->findChild<QLabel *>(u"transport"_s)->isVisible());
    press(dialog, Qt::Key_Tab);
    press(dialog, Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget()->objectName(), u"secret"_s);
    type(dialog, token);
    go(dialog);
    QCOMPARE(dialog->step(), At::Test);
    QTRY_VERIFY(!dialog->isTesting());
    const QString said = dialog->sentences().join(u'\n');
    for (const QString &part : { u"Ana Ilić (ana)"_s, u"Request Tracker 5.0.3"_s, u"L2 Billing"_s,
             u"Jonas Weber"_s, u"Not encrypted, this machine"_s })
        QVERIFY2(said.contains(part), qPrintable(part + u" is not in: "_s + said));
    QCOMPARE(
        d->helpdesk.server.arrivals().first().header("Authorization"), "token " + token.toLatin1());
    QVERIFY(d->accounts().isEmpty());

    go(dialog);
    QCOMPARE(dialog->step(), At::Places);
    QCOMPARE(dialog->findChild<ChoiceBox *>(u"tier.2"_s)->value(), u"L2"_s);
    QCOMPARE(dialog->findChild<ChoiceBox *>(u"team.2"_s)->value(), u"Billing"_s);
    // A place that says nothing: chosen by typing.
    auto *general = dialog->findChild<ChoiceBox *>(u"tier.0"_s);
    general->setFocus();
    type(dialog, u"L1"_s);
    press(dialog, Qt::Key_Tab);
    go(dialog);
    QTRY_COMPARE(dialog->step(), At::Done);
    QVERIFY(dialog->sentences().join(u'\n').contains(u"keychain"_s));
    QSignalSpy wanted(d->setup, &desk::AccountSetup::syncWanted);
    go(dialog);
    QCOMPARE(wanted.count(), 1);
    QTRY_VERIFY(!d->shown(u"connect"_s));

    const QList<desk::AccountState> accounts = d->accounts();
    QCOMPARE(accounts.size(), 1);
    const storage::Account &account = accounts.first().account;
    QCOMPARE(account.product, u"Request Tracker 5.0.3"_s);
    QCOMPARE(account.myId(), u"ana"_s);
    const QList<storage::PlaceMapping> places { { u"General"_s, u"L1"_s, {} },
        { u"L1 Frontline"_s, u"L1"_s, u"Frontline"_s },
        { u"L2 Billing"_s, u"L2"_s, u"Billing"_s } };
    const bool hasFrontline = std::ranges::any_of(
        d->bench->people().teams, [](const Team &team) { return team.name == "Frontline"_L1; });
    QCOMPARE(account.places.size(), 3);
    QCOMPARE(account.places[0], places[0]);
    QCOMPARE(account.places[2], places[2]);
    QCOMPARE(account.places[1].team, hasFrontline ? u"Frontline"_s : QString());
    QVERIFY(!logged.isEmpty()); // the net's own lines, so that looking through them says something
    // The secret is in the keychain alone.
    const auto kept = d->keychain.entries.find(desk::secretKeyOf(u"desk"_s));
    QVERIFY(kept && *kept == Secret::fromText(token));
    QCOMPARE(filesWith(d->session->workspace().folder(), token.toLatin1()), QStringList());
}

void TestAccounts::testSaysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("says");
    const auto row = [](const char *name, const QByteArray &bytes, const QStringList &says) {
        QTest::newRow(name) << bytes << says;
    };
    row("token refused", answer(401, R"({"message":"Unauthorized"})"),
        { u"did not accept this account's token"_s, u"make a new one"_s });
    row("login page", answer(200, "<html>Login</html>", "text/html"),
        { u"A page for people came"_s, u"address"_s });
    row("sent to the login page", answer(302, "Login", "text/plain", "Location: /\r\n"),
        { u"sign-in page"_s, u"token is no longer valid"_s });
    row("no REST", answer(404, R"({"message":"Not Found"})"),
        { u"no Request Tracker with REST 2 at this address"_s });
    row("another web site", answer(404, "<html>Nothing here</html>", "text/html"),
        { u"status 404"_s, u"check the address"_s });
    row("broken", answer(200, "{\"Version\":"), { u"JSON"_s });
    row("fails", answer(500, ""), { u"500"_s });
    row("no web server", "220 mail.example ESMTP\r\n", { u"did not answer as a web server"_s });
}

void TestAccounts::testSaysWhatIsWrong()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, says);
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    d->helpdesk.always(bytes);
    AccountAssistant *dialog = tryOut(d->helpdesk.url());
    QVERIFY(dialog);
    const QString said = dialog->sentences().join(u'\n');
    for (const QString &part : says)
        QVERIFY2(said.contains(part), qPrintable(part + u" is not in: "_s + said));
    QVERIFY(!said.contains(token));
    QCOMPARE(dialog->verbButton()->text(), u"Test again"_s);
    // Nothing is stored, and what was typed is still there.
    QVERIFY(d->accounts().isEmpty());
    QVERIFY(!d->keychain.entries.find(desk::secretKeyOf(u"desk"_s)));
    press(dialog, Qt::Key_Return);
    QCOMPARE(dialog->step(), At::SignIn);
    QCOMPARE(dialog->findChild<QLineEdit *>(u"secret"_s)->text(), token);
}

void TestAccounts::warnsOfWhatWillNotWork()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    const auto say = [](const QByteArray &body) {
        return [body](const Arrival &) {
            return Script { send(answer(200, body, "application/json",
                "Date: "
                    + QLocale::c()
                          .toString(QDateTime::fromSecsSinceEpoch(4'000'000'000).toUTC(),
                              u"ddd, dd MMM yyyy HH:mm:ss"_s)
                          .toLatin1()
                    + " GMT\r\n")) };
        };
    };
    // A customer's token, in another zone, without comments and without the right to write.
    d->helpdesk.instead[u"user/51"_s]
        = say(R"({"id":51,"Name":"dana","Privileged":0,"Timezone":"America/New_York"})");
    d->helpdesk.instead[u"rt"_s] = say(rtBody(u"rt"_s));
    d->helpdesk.instead[u"ticket/12"_s] = say(R"({"id":12,"_hyperlinks":[]})");
    d->helpdesk.instead[u"queue/6"_s] = say(R"({"id":6})");
    d->helpdesk.feed.clear();
    AccountAssistant *dialog = tryOut(d->helpdesk.url());
    QVERIFY(dialog);
    const QString said = dialog->sentences().join(u'\n');
    for (const QString &part : { u"is a customer in Request Tracker"_s, u"America/New_York"_s,
             u"No internal comment"_s, u"may not reply or comment"_s,
             u"In General there is no transaction custom field"_s, u"ahead of this machine's"_s })
        QVERIFY2(said.contains(part), qPrintable(part + u" is not in: "_s + said));
}

void TestAccounts::wrongFieldsAreNamed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("secret");
    QTest::addColumn<QString>("field");
    const QString good = u"https://desk.example.com"_s;
    QTest::newRow("no name") << u""_s << good << token << u"name"_s;
    QTest::newRow("bad name") << u"4 desks"_s << good << token << u"name"_s;
    QTest::newRow("the local keys' name") << u"T"_s << good << token << u"name"_s;
    QTest::newRow("taken name") << u"DESK"_s << good << token << u"name"_s;
    QTest::newRow("no address") << u"two"_s << u""_s << token << u"url"_s;
    QTest::newRow("not encrypted") << u"two"_s << u"http://desk.example.com"_s << token << u"url"_s;
    QTest::newRow("with a password")
        << u"two"_s << u"https://a:b@desk.example.com"_s << token << u"url"_s;
    QTest::newRow("no secret") << u"two"_s << good << u""_s << u"secret"_s;
}

void TestAccounts::wrongFieldsAreNamed()
{
    QFETCH(QString, name);
    QFETCH(QString, url);
    QFETCH(QString, secret);
    QFETCH(QString, field);
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open(true));
    AccountAssistant *dialog = assistant();
    QVERIFY(dialog);
    QCOMPARE(dialog->findChild<QLineEdit *>(u"name"_s)->text(), u"desk2"_s);
    dialog->findChild<QLineEdit *>(u"name"_s)->setText(name);
    dialog->findChild<QLineEdit *>(u"url"_s)->setText(url);
    dialog->findChild<QLineEdit *>(u"secret"_s)->setText(secret);
    go(dialog);
    if (field != "name"_L1) {
        QCOMPARE(dialog->step(), At::SignIn);
        go(dialog);
    }
    QCOMPARE(dialog->refusedField(), field);
    QVERIFY(dialog->refusal().size() > 15);
    QCOMPARE(dialog->focusWidget()->objectName(), field);
    QVERIFY(!dialog->isTesting());
}

void TestAccounts::aTestUnderWayIsStopped_data()
{
    QTest::addColumn<bool>("byBack");
    QTest::newRow("by closing") << false;
    QTest::newRow("by going back") << true;
}

void TestAccounts::aTestUnderWayIsStopped()
{
    QFETCH(bool, byBack);
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    d->helpdesk.server.script = [](const Arrival &) { return Script { hold() }; };
    QPointer<AccountAssistant> dialog = assistant();
    QVERIFY(dialog);
    go(dialog);
    enter(dialog, u"url"_s, d->helpdesk.url());
    enter(dialog, u"secret"_s, token);
    go(dialog);
    QVERIFY(dialog->isTesting());
    QTRY_COMPARE(d->helpdesk.server.arrivals().size(), 1);
    // The window goes on: a server that says nothing costs it nothing.
    QElapsedTimer timer;
    timer.start();
    if (byBack)
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"back"_s), Qt::LeftButton);
    else
        press(dialog, Qt::Key_Escape);
    QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    if (byBack)
        QCOMPARE(dialog->step(), At::SignIn);
    else
        QTRY_VERIFY(!dialog);
    QTRY_COMPARE(d->helpdesk.server.open(), 0);
    QVERIFY(d->accounts().isEmpty());
}

void TestAccounts::goesOnWithoutATestWhenAway()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    AccountAssistant *dialog = tryOut(u"http://127.0.0.1:9"_s);
    QVERIFY(dialog);
    QVERIFY2(dialog->sentences().join(u'\n').contains(u"cannot be reached"_s),
        qPrintable(dialog->sentences().join(u'\n')));
    auto *untested = dialog->findChild<QPushButton *>(u"untested"_s);
    QVERIFY(untested->isVisible());
    QTest::mouseClick(untested, Qt::LeftButton);
    QCOMPARE(dialog->step(), At::Places);
    go(dialog);
    QTRY_COMPARE(dialog->step(), At::Done);
    QVERIFY(dialog->sentences().join(u'\n').contains(u"not been tried"_s));
    QCOMPARE(d->accounts().size(), 1);
    QVERIFY(d->keychain.entries.find(desk::secretKeyOf(u"desk"_s)));
}

void TestAccounts::withoutAKeychainItHoldsForThisRun()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    d->keychain.state = State::Absent;
    AccountAssistant *dialog = tryOut(d->helpdesk.url());
    QVERIFY(dialog);
    go(dialog);
    go(dialog);
    QTRY_COMPARE(dialog->step(), At::Done);
    const QString said = dialog->sentences().join(u'\n');
    QVERIFY2(said.contains(u"until this program ends, and nowhere else"_s), qPrintable(said));
    std::optional<SecretReply> heard;
    const auto call = d->secrets.read(
        desk::secretKeyOf(u"desk"_s), [&](SecretReply reply) { heard = std::move(reply); });
    QTRY_VERIFY(heard);
    QVERIFY(heard->secret && *heard->secret == Secret::fromText(token));
    QCOMPARE(filesWith(d->session->workspace().folder(), token.toLatin1()), QStringList());
}

void TestAccounts::aSilentKeychainIsLeft()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    d->keychain.state = State::Silent;
    AccountAssistant *dialog = tryOut(d->helpdesk.url());
    QVERIFY(dialog);
    go(dialog);
    go(dialog);
    QTRY_COMPARE(d->accounts().size(), 1);
    QCOMPARE(dialog->step(), At::Places);
    press(dialog, Qt::Key_Escape);
    QCOMPARE(dialog->step(), At::Done);
    QVERIFY(dialog->sentences().join(u'\n').contains(u"until Tierline ends"_s));
    press(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!d->shown(u"connect"_s));
}

void TestAccounts::newSignInIsTaken()
{
    DONE(d->begin(u"ann"_s)); // no admin: a new token is anybody's to enter
    QVERIFY(d->open());
    storage::Account refused;
    refused.needsSignIn = true;
    refused.problem = u"Request Tracker did not accept this account's token."_s;
    QVERIFY(d->connectDirectly(refused));
    d->keychain.entries.put(desk::secretKeyOf(u"desk"_s), Secret::fromText(u"old"_s));
    AccountsPage *accounts = page();
    QVERIFY(accounts);
    QTRY_VERIFY(accounts->findChild<QLabel *>(u"accountProblem"_s)->isVisible());
    QVERIFY(accounts->findChild<QLabel *>(u"accountProblem"_s)
                ->text()
                .contains(u"desk asks for a new sign-in"_s));
    QVERIFY(!accounts->findChild<QPushButton *>(u"edit"_s)->isEnabled());
    accounts->window()->close();
    AccountAssistant *dialog = assistant(u"signin:desk"_s);
    QVERIFY(dialog);
    QTRY_COMPARE(dialog->findChild<QLineEdit *>(u"url"_s)->text(), d->helpdesk.url());
    QCOMPARE(dialog->focusWidget()->objectName(), u"secret"_s);
    type(dialog, token);
    QSignalSpy told(d->setup, &desk::AccountSetup::secretChanged);
    go(dialog);
    QTRY_VERIFY(!dialog->isTesting());
    go(dialog);
    QTRY_VERIFY(!d->shown(u"signin:desk"_s));
    QCOMPARE(told.count(), 1);
    QCOMPARE(told.first().first().toString(), u"desk"_s);
    const auto kept = d->keychain.entries.find(desk::secretKeyOf(u"desk"_s));
    QVERIFY(kept && *kept == Secret::fromText(token));
    const storage::Account account = d->accounts().first().account;
    QVERIFY(!account.needsSignIn);
    QVERIFY(account.problem.isEmpty());
    QCOMPARE(account.places.size(), 1);
}

void TestAccounts::changesKeepTheSecret()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open(true));
    d->keychain.entries.put(desk::secretKeyOf(u"desk"_s), Secret::fromText(token));
    AccountAssistant *dialog = assistant(u"account:desk"_s);
    QVERIFY(dialog);
    QTRY_COMPARE(dialog->findChild<QLineEdit *>(u"url"_s)->text(), d->helpdesk.url());
    go(dialog);
    QTRY_VERIFY(!dialog->isTesting());
    QCOMPARE(
        d->helpdesk.server.arrivals().first().header("Authorization"), "token " + token.toLatin1());
    go(dialog);
    QCOMPARE(dialog->step(), At::Places);
    QVERIFY(dialog->findChild<QLabel *>(u"placesHint"_s)->text().contains(u"already"_s));
    // What was mapped stays; what was not is suggested.
    QCOMPARE(dialog->findChild<ChoiceBox *>(u"tier.1"_s)->value(), u"L1"_s);
    dialog->findChild<ChoiceBox *>(u"tier.1"_s)->setEditText(u"nowhere"_s);
    go(dialog);
    QVERIFY(dialog->refusal().contains(u"nowhere"_s));
    dialog->findChild<ChoiceBox *>(u"tier.1"_s)->choose(u"L3"_s);
    go(dialog);
    QTRY_VERIFY(!d->shown(u"account:desk"_s));
    const storage::Account account = d->accounts().first().account;
    QCOMPARE(account.places[0].place, u"L1 Frontline"_s);
    QCOMPARE(account.places[0].tier, u"L3"_s);
    QVERIFY(*d->keychain.entries.find(desk::secretKeyOf(u"desk"_s)) == Secret::fromText(token));
}

void TestAccounts::removingAsksFirst()
{
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open(true));
    d->keychain.entries.put(desk::secretKeyOf(u"desk"_s), Secret::fromText(token));
    auto queued = d->session->onStore([](storage::Store &store) {
        return store.write(storage::Durability::Person, [](storage::WriteScope &scope) {
            return storage::queueOperation(scope,
                { .id = u"5a0c2b4e-1111-4222-8333-444455556666"_s,
                    .account = u"desk"_s,
                    .ticket = TicketId { 1 },
                    .kind = u"note"_s,
                    .created = Instant { 1'000 } });
        });
    });
    QTRY_VERIFY(queued.isFinished());
    DONE(queued.result());
    AccountsPage *accounts = page();
    QVERIFY(accounts);
    QTRY_VERIFY(accounts->findChild<QLabel *>(u"fact.4"_s)->text().contains(u"Not sent yet: 1"_s));
    QueuedAnswers answers;
    answers.refuse();
    auto *remove = accounts->findChild<QPushButton *>(u"remove"_s);
    remove->setFocus();
    press(accounts->window(), Qt::Key_Space);
    QTRY_COMPARE(answers.left(), 0);
    QVERIFY(answers.asked().join(u'\n').contains(u"Remove desk"_s));
    QCOMPARE(d->accounts().size(), 1);
    answers.confirm();
    remove->setFocus();
    press(accounts->window(), Qt::Key_Space);
    QTRY_COMPARE(d->accounts().size(), 0);
    QTRY_VERIFY(!d->keychain.entries.find(desk::secretKeyOf(u"desk"_s)));
    QCOMPARE(d->stored(u"T-1"_s).state.ticket.key, u"T-1"_s);
}

void TestAccounts::otherRolesReadAndSeeWhy()
{
    DONE(d->begin(u"ann"_s));
    QVERIFY(d->open());
    auto *dialog = d->dialog<AccountAssistant>(u"connect"_s);
    QVERIFY(dialog);
    QVERIFY(!dialog->verbButton()->isVisible());
    const auto labels = dialog->findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(
        labels, [](const QLabel *one) { return one->text().contains(u"an admin's"_s); }));
    // By the seam itself, too.
    desk::AccountForm form { .name = u"two"_s, .type = u"rt"_s, .url = d->helpdesk.url() };
    std::optional<Result<desk::SavedAccount>> saved;
    const auto task = d->setup->save(form, d->setup->untested(form), {}, true,
        [&](Result<desk::SavedAccount> result) { saved = std::move(result); });
    QTRY_VERIFY(saved);
    QVERIFY(!*saved && saved->error().fault == Fault::NotAllowed);
    QVERIFY(d->accounts().isEmpty());
}

void TestAccounts::anImportedAuthorityIsTrusted()
{
    if (!CertificateMaker::isAvailable())
        QSKIP("There is no openssl program on this machine to make certificates with.");
    CertificateMaker maker;
    const auto authority = maker.authority();
    const auto made = maker.signedFor(u"IP:127.0.0.1"_s, 2);
    QVERIFY(authority && made);
    LyingServer server(made->certificate, made->key);
    server.script = d->helpdesk.server.script;
    DONE(d->begin(u"adm"_s));
    QVERIFY(d->open());
    AccountAssistant *dialog = tryOut(server.url(QString()).toString());
    QVERIFY(dialog);
    QVERIFY2(dialog->sentences().join(u'\n').contains(u"no authority that this machine trusts"_s),
        qPrintable(dialog->sentences().join(u'\n')));
    QCOMPARE(server.arrivals().size(), 0);
    QTemporaryFile pem(QDir::tempPath() + u"/XXXXXX.pem"_s);
    QVERIFY(pem.open());
    pem.write(authority->certificate.toPem());
    pem.close();
    QTemporaryFile none;
    QVERIFY(none.open());
    press(dialog, Qt::Key_Return); // back
    QueuedAnswers answers;
    answers.choose({ none.fileName() });
    auto *import = dialog->findChild<QPushButton *>(u"authority"_s);
    import->click();
    QTRY_COMPARE(answers.left(), 0);
    answers.choose({ pem.fileName() });
    import->click();
    auto *names = dialog->findChild<QLabel *>(u"authorityNames"_s);
    QTRY_VERIFY(names->text().contains(u"this account alone"_s));
    go(dialog);
    QTRY_VERIFY(!dialog->isTesting());
    QVERIFY2(dialog->sentences().join(u'\n').contains(u"Ana Ilić"_s),
        qPrintable(dialog->sentences().join(u'\n')));
    go(dialog);
    go(dialog);
    QTRY_COMPARE(dialog->step(), At::Done);
    const storage::Account account = d->accounts().first().account;
    QVERIFY(account.options.value(u"authority"_s).toString().contains(u"BEGIN CERTIFICATE"_s));
}

void TestAccounts::aLostSecretLeavesTheWorkspace_data()
{
    QTest::addColumn<FakeKeychain::State>("state");
    QTest::addColumn<bool>("answers");
    QTest::newRow("lost") << State::Works << true;
    QTest::newRow("absent") << State::Absent << true;
    QTest::newRow("locked") << State::Locked << true;
    QTest::newRow("denied") << State::Denied << true;
    QTest::newRow("garbled") << State::Garbled << true;
    QTest::newRow("silent") << State::Silent << false;
}

void TestAccounts::aLostSecretLeavesTheWorkspace()
{
    QFETCH(FakeKeychain::State, state);
    QFETCH(bool, answers);
    DONE(d->begin(u"adm"_s));
    d->keychain.state = state;
    QElapsedTimer timer;
    timer.start();
    QVERIFY(d->open(true));
    // Local data is there at once, whatever the keychain does.
    QVERIFY(d->openTicket(u"T-1"_s));
    QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
    AccountAssistant *dialog = assistant(u"account:desk"_s);
    QVERIFY(dialog);
    QTRY_COMPARE(dialog->findChild<QLineEdit *>(u"url"_s)->text(), d->helpdesk.url());
    go(dialog);
    if (answers) {
        QTRY_VERIFY(!dialog->isTesting());
        const QString said = dialog->sentences().join(u'\n');
        QVERIFY2(said.contains(u"sign in again"_s) || said.contains(u"keychain says no"_s),
            qPrintable(said));
        QVERIFY(!said.contains(u"remove"_s, Qt::CaseInsensitive));
    } else {
        QVERIFY(dialog->isTesting());
    }
    QCOMPARE(d->helpdesk.server.arrivals().size(), 0);
    // A new sign-in helps, in either case.
    if (answers)
        press(dialog, Qt::Key_Return);
    else
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"back"_s), Qt::LeftButton);
    QCOMPARE(dialog->step(), At::SignIn);
    enter(dialog, u"secret"_s, token);
    go(dialog);
    QTRY_VERIFY(!dialog->isTesting());
    QVERIFY(dialog->sentences().join(u'\n').contains(u"Ana Ilić"_s));
    QCOMPARE(d->accounts().size(), 1);
}

void TestAccounts::placesAreReadFromTheirNames()
{
    const QList<Tier> tiers { { .id = u"L1"_s, .name = u"Frontline"_s, .rank = 1 },
        { .id = u"L2"_s, .name = u"Specialist"_s, .rank = 2 },
        { .id = u"L3"_s, .name = u"Engineering"_s, .rank = 3 } };
    const QList<Team> teams { { .name = u"Billing"_s, .tier = u"L2"_s },
        { .name = u"Billing Disputes"_s, .tier = u"L2"_s },
        { .name = u"Core"_s, .tier = u"L3"_s } };
    const auto one = [&](const QString &place) {
        const storage::PlaceMapping row = desk::suggestPlaces({ place }, tiers, teams).first();
        return row.tier + u'/' + row.team;
    };
    QCOMPARE(one(u"L2 Billing"_s), u"L2/Billing"_s);
    QCOMPARE(one(u"billing disputes (EU)"_s), u"L2/Billing Disputes"_s);
    QCOMPARE(one(u"Engineering"_s), u"L3/"_s);
    QCOMPARE(one(u"L3 Core"_s), u"L3/Core"_s);
    QCOMPARE(one(u"L1 Core"_s), u"L1/"_s); // its tier is said; the team of that name is elsewhere
    QCOMPARE(one(u"Scored"_s), u"/"_s); // part of a word is no word
    QCOMPARE(one(u"L10"_s), u"/"_s);
    QCOMPARE(one(u""_s), u"/"_s);
    const QList<storage::PlaceMapping> known { { u"l2 billing"_s, u"L3"_s, u"Core"_s } };
    QCOMPARE(desk::suggestPlaces({ u"L2 Billing"_s }, tiers, teams, known), known);
}

QTEST_MAIN(TestAccounts)
#include "tst_accounts.moc"
