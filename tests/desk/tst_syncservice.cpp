#include "core/desk/session.h"
#include "core/desk/syncservice.h"
#include "core/storage/outbox.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "core/sync/round.h"
#include "tests/support/livedesk/liveprogram.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Phase = desk::SyncState::Phase;

class TestSyncService : public QObject
{
    Q_OBJECT
private slots:
    void bringsTicketsAtTheStart();
    void aChangeMadeOfflineIsSentOnce();
    void whatIsUndoneAtOnceNeverLeaves();
    void aRoundInBetweenLeavesWhatMayBeUndone();
    void aRefusedSecretIsAskedForOnce();
    void aMissingSecretIsAskedForOnce();
    void anotherProgramIsWaitedFor();
    void quitInTheMiddleOfASend();
    void theUiThreadNeverWaits();
    void aRemovedAccountIsForgotten();
    void aFileIsFetched();
    void aFileThatIsTooLargeStays();
    void aFetchIsCancelled();

private:
    static void reply(LiveProgram &program, const QString &text);
    static qint64 fileWaiting(LiveProgram &program, const QByteArray &bytes);
};

void TestSyncService::reply(LiveProgram &program, const QString &text)
{
    auto done = program.session->run(commands::Reply { .ticket = u"desk:1"_s, .text = text });
    QTRY_VERIFY(done.isFinished());
    QVERIFY2(done.result(), qPrintable(done.result() ? QString() : done.result().error().detail));
}

void TestSyncService::bringsTicketsAtTheStart()
{
    LiveProgram program;
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    auto found = program.session->findTicket(u"desk:3"_s);
    QTRY_VERIFY(found.isFinished());
    QVERIFY(found.result());
    // What somebody writes there comes by itself.
    program.live.with([](FakeDesk &desk) { desk.addTicket(u"Printer burns"_s, u"It is hot."_s); });
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
        auto fourth = program.session->findTicket(u"desk:4"_s);
        return QTest::qWaitFor([&] { return fourth.isFinished(); }) && fourth.result();
    })(),
        Patience);
    QCOMPARE(program.live.connectorsMade(), 1);
    QCOMPARE(program.requests(Ask::Probe), 1);
}

void TestSyncService::aChangeMadeOfflineIsSentOnce()
{
    LiveProgram program;
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    program.tell(anyCall, Lie::RefuseConnection);
    reply(program, u"Written without a network."_s);
    QTRY_COMPARE_WITH_TIMEOUT(program.state().phase, Phase::Offline, Patience);
    QTRY_COMPARE(program.state().waiting, 1);
    QVERIFY(program.state().since);
    QVERIFY(!program.state().problem.isEmpty());
    QTRY_VERIFY(program.state().nextTry);
    const int before = program.requests(anyCall);
    QTRY_VERIFY_WITH_TIMEOUT(program.requests(anyCall) > before + 1, Patience); // goes on trying
    QCOMPARE(program.replies(u"Written without a network."_s), 0);
    program.beHonest();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    QCOMPARE(program.replies(u"Written without a network."_s), 1);
    QVERIFY(!program.state().since);
}

void TestSyncService::whatIsUndoneAtOnceNeverLeaves()
{
    LiveProgram program;
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    program.live.pauseTime();
    const auto change = [&program](const auto &command) {
        auto done = program.session->run(command);
        QTRY_VERIFY(done.isFinished());
        QVERIFY(done.result());
    };
    change(commands::SetFields { u"desk:1"_s, { { u"priority"_s, u"urgent"_s } } });
    QTRY_COMPARE(program.state().waiting, 1);
    change(commands::Undo { .ticket = u"desk:1"_s });
    program.live.passTime();
    QTRY_COMPARE(program.state().waiting, 0);
    const int pulls = program.requests(Ask::Pull);
    QTRY_VERIFY_WITH_TIMEOUT(program.requests(Ask::Pull) > pulls, Patience);
    QCOMPARE(program.requests(Push::Any), 0);
}

/// A round that runs in the middle of the time in which a change may be undone does not take it along.
void TestSyncService::aRoundInBetweenLeavesWhatMayBeUndone()
{
    LiveProgram program;
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    program.live.pauseTime();
    const Millis window = desk::SyncTimes().settle;
    const Instant made = program.clock.now();
    reply(program, u"Sent too soon?"_s);
    QTRY_COMPARE(program.state().waiting, 1);
    // Time passes by the millisecond until that round has ended, so the window is still open then.
    const int pulls = program.requests(Ask::Pull);
    program.sync().syncNow();
    QTRY_VERIFY_WITH_TIMEOUT(
        (program.clock.advance(5ms),
            program.requests(Ask::Pull) > pulls && program.state().phase == Phase::Idle),
        Patience);
    QVERIFY(program.clock.now() < made + window);
    QCOMPARE(program.requests(Push::Any), 0);
    QCOMPARE(program.state().waiting, 1);
    // When the window closes, it goes by itself.
    QVERIFY(program.state().nextTry && *program.state().nextTry >= made + window);
    program.live.passTime();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep() && program.outbox().empty(), Patience);
    QCOMPARE(program.replies(u"Sent too soon?"_s), 1);
}

void TestSyncService::aRefusedSecretIsAskedForOnce()
{
    LiveProgram program;
    program.live.with([](FakeDesk &desk) { desk.revokeToken(); });
    program.session = nullptr;
    program.start();
    QSignalSpy asked(&program.sync(), &desk::SyncService::signInNeeded);
    QTRY_COMPARE_WITH_TIMEOUT(program.state().phase, Phase::SignIn, Patience);
    QTRY_COMPARE(asked.count(), 1);
    QVERIFY(!program.state().nextTry);
    const int requests = program.requests(anyCall);
    program.clock.advance(24h);
    QTest::qWait(100); // fence: sleep nothing must happen, and there is nothing to wait for
    QCOMPARE(program.requests(anyCall), requests);
    QCOMPARE(asked.count(), 1);
    // The next start does not try it either.
    program.quit();
    program.start();
    QSignalSpy askedAgain(&program.sync(), &desk::SyncService::signInNeeded);
    QTRY_COMPARE(program.state().phase, Phase::SignIn);
    QCOMPARE(askedAgain.count(), 1);
    QCOMPARE(program.requests(anyCall), requests);
    program.live.with([](FakeDesk &desk) { desk.acceptToken(); });
    program.sync().secretStored(u"desk"_s);
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    QCOMPARE(askedAgain.count(), 1);
}

void TestSyncService::aMissingSecretIsAskedForOnce()
{
    LiveProgram program;
    program.secrets.forget(LiveDesk::secretKey());
    program.start();
    QSignalSpy asked(&program.sync(), &desk::SyncService::signInNeeded);
    QTRY_COMPARE(program.state().phase, Phase::SignIn);
    QVERIFY(!program.state().problem.isEmpty());
    QCOMPARE(program.live.connectorsMade(), 0);
    program.secrets.put(LiveDesk::secretKey(), Secret::fromText(u"token"_s));
    program.sync().secretStored(u"desk"_s);
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    QCOMPARE(asked.count(), 1);
}

void TestSyncService::anotherProgramIsWaitedFor()
{
    LiveProgram program;
    std::optional<storage::FileLock> lock;
    auto held
        = storage::FileLock::tryAcquire(sync::accountLockPath(program.workspace(), u"desk"_s));
    QVERIFY(held);
    lock.emplace(std::move(*held));
    program.start();
    QTRY_COMPARE(program.state().phase, Phase::Locked);
    QTRY_VERIFY(program.state().nextTry);
    QCOMPARE(program.requests(anyCall), 0);
    lock.reset();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
}

void TestSyncService::quitInTheMiddleOfASend()
{
    LiveProgram program;
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    program.tell(Push::Reply, Lie::ApplyThenHang);
    reply(program, u"On its way."_s);
    QTRY_COMPARE_WITH_TIMEOUT(program.requests(Push::Reply), 1, Patience);
    QVERIFY2(program.quit() < 2'000, "took too long to end");
    const auto left = program.outbox();
    QCOMPARE(left.size(), size_t(1));
    QVERIFY2(left.front().state == storage::OutboxState::Unknown
            || left.front().state == storage::OutboxState::Sending,
        qPrintable(code(left.front().state)));
    program.beHonest();
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep() && program.outbox().empty(), Patience);
    QCOMPARE(program.replies(u"On its way."_s), 1);
    QCOMPARE(program.requests(Push::Reply), 1);
}

void TestSyncService::theUiThreadNeverWaits()
{
    LiveProgram program({ .tickets = 60 });
    program.tell(Ask::Pull, Lie::delay(500ms));
    qint64 longest = 0;
    QElapsedTimer since;
    since.start();
    QTimer beat;
    connect(&beat, &QTimer::timeout, &beat, [&] { longest = qMax(longest, since.restart()); });
    program.start();
    beat.start(1);
    since.restart();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    QVERIFY2(longest < 250, qPrintable(u"%1 ms"_s.arg(longest)));
}

void TestSyncService::aRemovedAccountIsForgotten()
{
    LiveProgram program;
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(program.isInStep(), Patience);
    auto done = program.session->onDesk(
        [](desk::Desk &desk) { return desk.removeAccount(u"desk"_s, true); });
    QTRY_VERIFY(done.isFinished());
    QVERIFY(done.result());
    QTRY_VERIFY(program.sync().accounts().isEmpty());
}

qint64 TestSyncService::fileWaiting(LiveProgram &program, const QByteArray &bytes)
{
    program.live.with([&](FakeDesk &desk) {
        desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"See the log."_s,
            { { .name = u"error.log"_s,
                .contentType = u"text/plain"_s,
                .size = bytes.size(),
                .bytes = bytes } });
    });
    qint64 found = 0;
    const auto look = [&] {
        auto files = program.session->read(
            [](storage::Connection &connection,
                const Visibility &) -> Result<std::vector<storage::RemoteFileRow>> {
                TIERLINE_TRY(ticket, storage::findAnyTicket(connection, u"desk:1"_s));
                return storage::loadRemoteFiles(connection, ticket);
            });
        if (!QTest::qWaitFor([&] { return files.isFinished(); }) || !files.result()
            || files.result()->empty())
            return false;
        found = files.result()->front().id;
        return true;
    };
    program.start();
    return QTest::qWaitFor(look, Patience) ? found : 0;
}

void TestSyncService::aFileIsFetched()
{
    LiveProgram program;
    const QByteArray bytes = "line one\nline two\n";
    const qint64 file = fileWaiting(program, bytes);
    QVERIFY(file > 0);
    auto fetched = program.sync().fetchFile(file);
    QVERIFY(program.sync().isFetching(file));
    QTRY_VERIFY_WITH_TIMEOUT(fetched.isFinished(), Patience);
    QVERIFY2(fetched.result(),
        qPrintable(fetched.result() ? QString() : fetched.result().error().detail));
    QVERIFY(!program.sync().isFetching(file));
    auto held = program.session->read(
        [](storage::Connection &connection, const Visibility &) -> Result<QByteArray> {
            TIERLINE_TRY(ticket, storage::findAnyTicket(connection, u"desk:1"_s));
            TIERLINE_TRY(left, storage::loadRemoteFiles(connection, ticket));
            TIERLINE_TRY(files, storage::loadAttachments(connection, ticket));
            if (!left.empty() || files.size() != 1)
                return QByteArray();
            return storage::loadAttachmentBytes(connection, files.front().id);
        });
    QTRY_VERIFY(held.isFinished());
    QCOMPARE(*held.result(), bytes);
    // Once more, by somebody whose window is behind.
    auto again = program.sync().fetchFile(file);
    QTRY_VERIFY(again.isFinished());
    QCOMPARE(again.result().error().fault, Fault::NotFound);
}

void TestSyncService::aFileThatIsTooLargeStays()
{
    LiveProgram program;
    const qint64 file = fileWaiting(program, QByteArray(1001, 'x'));
    QVERIFY(file > 0);
    auto fetched = program.sync().fetchFile(file);
    QTRY_VERIFY_WITH_TIMEOUT(fetched.isFinished(), Patience);
    QCOMPARE(fetched.result().error().fault, Fault::BadInput);
    QCOMPARE(program.requests(Ask::Download), 0);
}

void TestSyncService::aFetchIsCancelled()
{
    LiveProgram program;
    const qint64 file = fileWaiting(program, "short");
    QVERIFY(file > 0);
    program.tell(Ask::Download, Lie::Hang);
    auto fetched = program.sync().fetchFile(file);
    QTRY_COMPARE(program.requests(Ask::Download), 1);
    program.sync().cancelFile(file);
    QTRY_VERIFY(fetched.isFinished());
    QCOMPARE(fetched.result().error().fault, Fault::Cancelled);
    QVERIFY(!program.sync().isFetching(file));
    // It is still there to be fetched.
    program.beHonest();
    auto again = program.sync().fetchFile(file);
    QTRY_VERIFY_WITH_TIMEOUT(again.isFinished(), Patience);
    QVERIFY(again.result());
}

QTEST_GUILESS_MAIN(TestSyncService)
#include "tst_syncservice.moc"
