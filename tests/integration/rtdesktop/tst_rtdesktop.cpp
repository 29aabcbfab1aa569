#include "app/desktop/mainwindow.h"
#include "core/desk/syncservice.h"
#include "core/secrets/memorysecrets.h"
#include "tests/connectors/rtserver/rtdesk.h"
#include "widgets/docks/conflicts/conflictsdock.h"
#include "widgets/docks/outbox/outboxdock.h"

#include <QApplication>
#include <QDir>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 60'000;

} // namespace

/// A day's work in the window beside a real Request Tracker: out, offline, back, and a choice.
/// TIERLINE_GALLERY names a folder that takes pictures of it.
class TestRtDesktop : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void ticketsComeByThemselves();
    void anEscalationMadeOfflineIsSent();
    void aConflictIsChosen();
    void aRefusedSignInIsAskedOnce();
    void cleanupTestCase();

private:
    QString status() const;
    void picture(const QString &name);
    desk::SyncState state() const;

    RtDesk m_desk;
    CliRunner m_cli;
    SystemClock m_clock;
    SystemRandom m_random;
    MemorySecrets m_secrets;
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<ui::Appearance> m_appearance;
    std::unique_ptr<desk::Session> m_session;
    std::unique_ptr<ui::MainWindow> m_window;
};

void TestRtDesktop::initTestCase()
{
    const QString why = m_desk.start(40);
    if (why.startsWith(u"skip: "))
        QSKIP(qPrintable(why.mid(6)));
    QVERIFY2(why.isEmpty(), qPrintable(why));
    RAN(added, 0, m_desk.connect(m_cli));
    m_secrets.put(desk::secretKeyOf(u"desk"_s), Secret::take(m_desk.server().token()));
    m_appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
    m_appearance->setMotion(false);
    m_settings
        = std::make_unique<QSettings>(m_folder.filePath(u"window.ini"_s), QSettings::IniFormat);
    m_session
        = std::make_unique<desk::Session>(storage::Workspace(m_cli.folder()), m_clock, m_random);
    m_window = std::make_unique<ui::MainWindow>(*m_session, *m_appearance, *m_settings);
    m_window->resize(1280, 800);
    m_session->open();
    m_window->show();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isBuilt(), Patience);
    connectors::Registry registry;
    connectors::registerConnectors(registry);
    m_session->sync().start({ .secrets = &m_secrets,
        .registry = registry,
        .times = { .pull = Millis(3'000),
            .settle = Millis(500),
            .firstRetry = Millis(1'000),
            .lastRetry = Millis(3'000),
            .fresh = Millis(1'000),
            .look = Millis(50) } });
}

void TestRtDesktop::cleanupTestCase()
{
    m_window.reset();
    m_session.reset();
}

desk::SyncState TestRtDesktop::state() const
{
    const desk::SyncState *found = m_session->sync().account(u"desk"_s);
    return found ? *found : desk::SyncState();
}

QString TestRtDesktop::status() const
{
    return m_window->findChild<QPushButton *>(u"syncState"_s)->text();
}

void TestRtDesktop::picture(const QString &name)
{
    const QString folder = qEnvironmentVariable("TIERLINE_GALLERY");
    if (folder.isEmpty())
        return;
    QVERIFY(QDir().mkpath(folder));
    QVERIFY(m_window->grab().save(u"%1/rt-%2.png"_s.arg(folder, name)));
}

void TestRtDesktop::ticketsComeByThemselves()
{
    QTRY_VERIFY_WITH_TIMEOUT(state().synced, Patience);
    QTRY_VERIFY2_WITH_TIMEOUT(
        status().startsWith(u"All changes are at desk"_s), qPrintable(status()), Patience);
    const QString id = m_desk.other().create(
        { { u"Queue"_s, u"L1 Frontline"_s }, { u"Subject"_s, u"Made in the browser"_s } });
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
        auto found = m_session->findTicket(u"desk:"_s + id);
        return QTest::qWaitFor([&] { return found.isFinished(); }) && found.result();
    })(),
        Patience);
    picture(u"pulled"_s);
}

void TestRtDesktop::anEscalationMadeOfflineIsSent()
{
    const QString key = RtDesk::ticketAt(m_cli, u"L1"_s, 0);
    QCOMPARE(m_desk.server().halt(), QString());
    m_window->workbench().openKey(key);
    commands::Escalate escalate;
    escalate.ticket = key;
    escalate.toTier = u"L2"_s;
    escalate.team = u"Technical"_s;
    escalate.kind = EscalationKind::Functional;
    escalate.reason = u"beyond-skill"_s;
    escalate.form.summary = u"Cannot be reproduced here"_s;
    escalate.form.tried = { u"Restarted"_s };
    escalate.form.expected = u"A working export"_s;
    auto done = m_session->run(escalate);
    QTRY_VERIFY(done.isFinished());
    QVERIFY2(done.result(), qPrintable(done.result() ? QString() : done.result().error().detail));
    QTRY_VERIFY2_WITH_TIMEOUT(status().startsWith(u"1 change waits: desk cannot be reached"_s),
        qPrintable(status()), Patience);
    QVERIFY(m_window->showDock(u"outbox"_s));
    auto *outbox = m_window->findChild<ui::OutboxDock *>();
    QTRY_COMPARE(outbox->changes().size(), 1);
    QCOMPARE(outbox->changes().front().kind, u"escalate"_s);
    picture(u"offline"_s);
    QCOMPARE(m_desk.server().resume(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(state().waiting, 0, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(outbox->changes().size(), 0, Patience);
    QCOMPARE(at(m_desk.remote(key), u"Queue/Name"_s).toString(), u"L2 Technical"_s);
    picture(u"sent"_s);
}

void TestRtDesktop::aConflictIsChosen()
{
    const QString key = RtDesk::ticketAt(m_cli, u"L1"_s, 1);
    auto done = m_session->run(commands::SetFields { key, { { u"subject"_s, u"Ours"_s } } });
    QTRY_VERIFY(done.isFinished());
    QVERIFY(done.result());
    const auto changed = m_desk.other().raw(
        net::Method::Put, { u"ticket"_s, key.section(u':', 1) }, { { u"Subject"_s, u"Theirs"_s } });
    QCOMPARE(changed.status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(status(), u"1 conflict with desk"_s, Patience);
    QTest::mouseClick(m_window->findChild<QPushButton *>(u"syncState"_s), Qt::LeftButton);
    auto *dock = m_window->findChild<ui::ConflictsDock *>();
    QTRY_VERIFY(dock->isVisible());
    QTRY_COMPARE(dock->disagreements().size(), 1);
    QCOMPARE(dock->disagreements().front().ours, u"Ours"_s);
    QCOMPARE(dock->disagreements().front().theirs, u"Theirs"_s);
    m_window->workbench().openKey(key);
    QTRY_VERIFY(m_window->workbench().ticket());
    picture(u"conflict"_s);
    QTest::mouseClick(dock->findChild<QPushButton *>(u"conflictOurs"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(state().conflicts, 0, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_desk.remote(key).value(u"Subject"_s).toString(), u"Ours"_s, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(state().waiting, 0, Patience);
}

void TestRtDesktop::aRefusedSignInIsAskedOnce()
{
    QSignalSpy asked(&m_session->sync(), &desk::SyncService::signInNeeded);
    m_secrets.put(desk::secretKeyOf(u"desk"_s), Secret::fromText(u"1-51-000000"_s));
    m_session->sync().secretStored(u"desk"_s);
    QTRY_COMPARE_WITH_TIMEOUT(state().phase, desk::SyncState::Phase::SignIn, Patience);
    QCOMPARE(status(), u"desk asks for a new sign-in"_s);
    QVERIFY(!state().problem.contains(u"1-51-000000"_s));
    picture(u"signin"_s);
    m_secrets.put(desk::secretKeyOf(u"desk"_s), Secret::take(m_desk.server().token()));
    m_session->sync().secretStored(u"desk"_s);
    QTRY_COMPARE_WITH_TIMEOUT(state().phase, desk::SyncState::Phase::Idle, Patience);
    QCOMPARE(asked.count(), 1);
}

QTEST_MAIN(TestRtDesktop)
#include "tst_rtdesktop.moc"
