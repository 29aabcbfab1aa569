#include "tests/sync/synctest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace field = connectors::field;

namespace {

const QString mia = u"mia"_s;

/// Work of every kind: a reply, a note, two changes that join, and an escalation.
void workAtHome(SyncSide &local)
{
    QVERIFY(local.run(mia, commands::Reply { local.key(u"1"_s), u"Hello."_s }).has_value());
    QVERIFY(local.run(mia, commands::Note { local.key(u"1"_s), u"Hm."_s, {} }).has_value());
    QVERIFY(local.run(mia, change(local.key(u"2"_s), u"priority"_s, u"low"_s)).has_value());
    QVERIFY(local.run(mia, change(local.key(u"2"_s), u"field.Product"_s, u"P9"_s)).has_value());
    QVERIFY(local.run(mia, escalation(local.key(u"1"_s), u"L3"_s)).has_value());
}

void endsWell(SyncRig &rig)
{
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
    QVERIFY(rig.local.waiting().isEmpty());
    QVERIFY(rig.local.conflicts().empty());
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hello."_s), 1);
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hm."_s), 1);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
    QCOMPARE(rig.desk.field(u"1"_s, field::place).toString(), u"L3 Engineering"_s);
    QCOMPARE(rig.desk.field(u"2"_s, field::priority).toString(), u"low"_s);
}

} // namespace

class TestRound : public QObject
{
    Q_OBJECT
private slots:
    void bringsAllThere();
    void sendsAllThatWaits();
    void aLieIsOutlived_data();
    void aLieIsOutlived();
    void anyCrashIsOutlived_data();
    void anyCrashIsOutlived();
    void aRefusedSignInAsksOnce();
    void asksForFewerRequests();
    void manyVanishOnlyByWord();
    void oneVanishesByTheRemotesWord();
    void aStuckCursorIsReported();
    void aFullDiskEndsTheRound();
    void whatWasCancelledIsNotSentAgain();
    void aFailingReadIsNotRepeatedAtOnce();
    void anHourOfSkewSendsNothingTwice_data();
    void anHourOfSkewSendsNothingTwice();
    void unknownWordsChangeNothing();
};

void TestRound::bringsAllThere()
{
    SyncRig rig({ .tickets = 12 });
    const auto summary = rig.syncOnce();
    QVERIFY(!summary.error);
    QCOMPARE(summary.tickets, 12);
    QCOMPARE(rig.local.wrong(), QString());
    const auto again = rig.syncOnce();
    QCOMPARE(again.tickets, 0);
}

void TestRound::sendsAllThatWaits()
{
    SyncRig rig;
    rig.syncOnce();
    workAtHome(rig.local);
    const auto summary = rig.syncOnce();
    QVERIFY(!summary.error);
    QCOMPARE(summary.pending, 0);
    endsWell(rig);
}

void TestRound::aLieIsOutlived_data()
{
    QTest::addColumn<Lie>("lie");
    for (const Lie &lie :
        { Lie::RefuseConnection, Lie::CutBeforeSend, Lie::CutBeforeApply, Lie::Hang,
            Lie::ApplyThenDropAnswer, Lie::ApplyThenHang, Lie::applyLate(50s), Lie::delay(35s),
            Lie::AnswerTwice, Lie::tooMany(20s), Lie::TooMany, Lie::Busy, Lie::Broken,
            Lie::ApplyThenBroken, Lie::restartBeforeApply(5s), Lie::restartAfterApply(5s) })
        QTest::newRow(qPrintable(lie.text())) << lie;
}

/// Each request of the whole story in turn gets the lie, once.
void TestRound::aLieIsOutlived()
{
    QFETCH(Lie, lie);
    for (int nth = 1; nth <= 24; ++nth) {
        SyncRig rig;
        rig.syncOnce();
        workAtHome(rig.local);
        rig.desk.onNth(nth, anyCall, lie);
        rig.syncOnce();
        rig.loop.runFor(3s);
        rig.syncOnce();
        endsWell(rig);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(u"at request %1"_s.arg(nth)));
    }
}

void TestRound::anyCrashIsOutlived_data()
{
    QTest::addColumn<bool>("isCommitted");
    QTest::newRow("after a commit") << true;
    QTest::newRow("before a commit") << false;
}

void TestRound::anyCrashIsOutlived()
{
    QFETCH(bool, isCommitted);
    int killed = 0;
    for (int at = 1; at <= 40; ++at) {
        SyncRig rig;
        rig.syncOnce();
        workAtHome(rig.local);
        KillingGate &gate = rig.local.gate();
        const int ended = rig.local.roundsEnded();
        gate.killAt = gate.writes + at;
        gate.isCommitted = isCommitted;
        rig.syncOnce();
        killed += rig.local.roundsEnded() == ended;
        gate.killAt = 0;
        rig.store.reopen();
        endsWell(rig);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(u"at write %1"_s.arg(at)));
    }
    QVERIFY2(killed > 20, qPrintable(QString::number(killed)));
}

void TestRound::aRefusedSignInAsksOnce()
{
    SyncRig rig;
    rig.syncOnce();
    workAtHome(rig.local);
    rig.desk.revokeToken();
    const int before = rig.desk.requests(anyCall);
    auto summary = rig.syncOnce();
    QVERIFY(summary.error);
    QCOMPARE(summary.error->fault, Fault::SignIn);
    QCOMPARE(rig.desk.requests(anyCall), before + 1);
    for (int i = 0; i < 5; ++i)
        summary = rig.syncOnce();
    QCOMPARE(rig.desk.requests(anyCall), before + 1);
    QCOMPARE(summary.pending, 5);
    // A new secret.
    rig.desk.acceptToken();
    DONE(rig.store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(account, storage::findAccount(scope.connection(), rig.local.account()));
            account.needsSignIn = false;
            return storage::saveAccount(scope, account);
        }));
    endsWell(rig);
}

void TestRound::asksForFewerRequests()
{
    SyncRig rig;
    rig.syncOnce();
    for (const QString &ticket : { u"1"_s, u"2"_s, u"3"_s })
        QVERIFY(rig.local.run(mia, commands::Reply { rig.local.key(ticket), u"Hi."_s }));
    const int before = rig.desk.requests(Push::Any);
    rig.desk.always(Push::Any, Lie::tooMany(30s));
    const auto summary = rig.syncOnce();
    QVERIFY(summary.error);
    QCOMPARE(summary.error->fault, Fault::RateLimited);
    QVERIFY(rig.desk.requests(Push::Any) - before <= 2); // those that were sent side by side
    QVERIFY(summary.nextRetry);
    QVERIFY(*summary.nextRetry >= rig.clock.now() + 25s);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

void TestRound::manyVanishOnlyByWord()
{
    SyncRig rig({ .tickets = 40 });
    rig.syncOnce();
    rig.desk.onNth(1, Ask::Pull, Lie::EmptyList);
    const int before = rig.desk.requests(Ask::Fetch);
    const auto summary = rig.syncOnce();
    QCOMPARE(summary.problems.size(), 1);
    QVERIFY(summary.problems.front().contains(u"--accept-vanished"));
    QCOMPARE(rig.desk.requests(Ask::Fetch), before);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
    // Even somebody's word removes only what the remote itself says is gone.
    rig.desk.onNth(1, Ask::Pull, Lie::EmptyList);
    rig.syncOnce({ .acceptVanished = true });
    QCOMPARE(rig.desk.requests(Ask::Fetch), before + 40);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestRound::oneVanishesByTheRemotesWord()
{
    SyncRig rig({ .tickets = 4 });
    rig.syncOnce();
    const TicketId second = rig.local.idOf(u"2"_s);
    rig.desk.erase(u"2"_s);
    rig.desk.hide(u"3"_s);
    rig.desk.remove(u"4"_s);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
    QCOMPARE(rig.local.idOf(u"2"_s), second); // it stays, with its history
    QCOMPARE(rig.local.state(u"2"_s).ticket.status, Status::Deleted);
    QCOMPARE(rig.local.state(u"3"_s).ticket.status, Status::New);
    QCOMPARE(rig.local.state(u"4"_s).ticket.status, Status::Deleted);
    rig.desk.hide(u"3"_s, false);
    rig.desk.say(u"3"_s, u"8"_s, MessageKind::PublicReply, u"Here again."_s);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

void TestRound::aStuckCursorIsReported()
{
    SyncRig rig({ .tickets = 12 });
    rig.desk.always(Ask::Pull, Lie::RepeatCursor);
    const auto summary = rig.syncOnce();
    QVERIFY(summary.error);
    QCOMPARE(summary.error->fault, Fault::BadReply);
    QVERIFY(rig.desk.requests(Ask::Pull) < 10);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

void TestRound::aFullDiskEndsTheRound()
{
    SyncRig rig;
    rig.syncOnce();
    workAtHome(rig.local);
    for (int at = 0; at < 12; ++at) {
        rig.local.start();
        KillingGate &gate = rig.local.gate();
        const int until = gate.writes + at;
        rig.loop.runUntil([&] { return gate.writes >= until || !rig.local.isRunning(); });
        gate.isFull = true;
        QVERIFY(rig.loop.runUntil([&] { return !rig.local.isRunning(); }));
        gate.isFull = false;
    }
    endsWell(rig);
}

void TestRound::whatWasCancelledIsNotSentAgain()
{
    for (const bool isAtOnce : { true, false }) {
        SyncRig rig({ .tickets = 3 }, { .connector = { .cancelsAtOnce = isAtOnce } });
        rig.syncOnce();
        workAtHome(rig.local);
        rig.desk.beforeNth(2, Push::Any, [&] { rig.local.round().cancel(); });
        const auto summary = rig.syncOnce();
        QVERIFY(summary.error);
        QCOMPARE(summary.error->fault, Fault::Cancelled);
        endsWell(rig);
    }
}

void TestRound::aFailingReadIsNotRepeatedAtOnce()
{
    SyncRig rig;
    rig.syncOnce();
    QVERIFY(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    rig.desk.always(Ask::Fetch, Lie::Broken);
    const auto summary = rig.syncOnce();
    QVERIFY(rig.desk.requests(Ask::Fetch) <= 2);
    QVERIFY(summary.nextRetry);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

void TestRound::anHourOfSkewSendsNothingTwice_data()
{
    QTest::addColumn<int>("hours");
    QTest::addColumn<bool>("isKnown");
    for (const int hours : { -1, 1 }) {
        QTest::addRow("%d h, known", hours) << hours << true;
        QTest::addRow("%d h, unknown", hours) << hours << false;
    }
}

void TestRound::anHourOfSkewSendsNothingTwice()
{
    QFETCH(int, hours);
    QFETCH(bool, isKnown);
    const Millis offset = std::chrono::hours(hours);
    for (int nth = 1; nth <= 6; ++nth) {
        SyncRig rig({ .tickets = 3, .clockOffset = offset },
            { .knownOffset = isKnown ? offset : Millis(0) });
        rig.syncOnce();
        workAtHome(rig.local);
        rig.desk.set(u"1"_s, u"8"_s, field::subject, u"Another"_s);
        rig.desk.onNth(nth, Push::Any, Lie::applyLate(50s));
        rig.syncOnce();
        for (int i = 0; i < 8; ++i) {
            rig.loop.runFor(5s);
            rig.syncOnce();
        }
        endsWell(rig);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(u"at push %1"_s.arg(nth)));
    }
}

void TestRound::unknownWordsChangeNothing()
{
    SyncRig rig;
    rig.syncOnce();
    rig.desk.say(u"1"_s, u"8"_s, MessageKind::PublicReply, u"Hi."_s);
    rig.desk.always(Ask::Pull, Lie::UnknownCode);
    rig.syncOnce();
    QCOMPARE(rig.local.state(u"1"_s).ticket.status, Status::New);
    QCOMPARE(rig.local.state(u"1"_s).ticket.priority, Priority::Normal);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

QTEST_GUILESS_MAIN(TestRound)
#include "tst_round.moc"
