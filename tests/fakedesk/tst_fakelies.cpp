#include "tests/fakedesk/fakedesktest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::connectors;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = PushOutcome::State;

Q_DECLARE_METATYPE(tierline::test::Lie)

// Each lie does what its name says: to the desk, and to who asked.
class TestFakeLies : public QObject
{
    Q_OBJECT
private slots:
    void aPushIsToldAndDone_data();
    void aPushIsToldAndDone();
    void aReadFailsAs_data();
    void aReadFailsAs();
    void lateWorkIsThereLater();
    void lateWorkDiesWithTheServer();
    void aSlowAnswerPastTheLimitIsLost();
    void theSecondAnswerIsDropped();
    void waitsAreHandedOn();
    void aRevokedTokenStaysRevoked();
    void aRestartCutsAllThatIsOpen();
    void wrongPages();
    void wrongTickets();
    void somebodyComesBetween();
    void alwaysUntilHonest();
    void everyRandomLieIsPossible();
};

void TestFakeLies::aPushIsToldAndDone_data()
{
    QTest::addColumn<Lie>("lie");
    QTest::addColumn<int>("state"); // -1: an error
    QTest::addColumn<QString>("fault");
    QTest::addColumn<int>("applied");
    const auto row = [](Lie lie, int state, const QString &fault, int applied) {
        QTest::addRow("%s", qPrintable(lie.text())) << lie << state << fault << applied;
    };
    row(Lie::Honest, int(State::Done), u"-"_s, 1);
    row(Lie::CutBeforeApply, int(State::Unknown), u"-"_s, 0);
    row(Lie::Hang, int(State::Unknown), u"-"_s, 0);
    row(Lie::ApplyThenDropAnswer, int(State::Unknown), u"-"_s, 1);
    row(Lie::ApplyThenHang, int(State::Unknown), u"-"_s, 1);
    row(Lie::applyLate(40s), int(State::Unknown), u"-"_s, 1);
    row(Lie::delay(5s), int(State::Done), u"-"_s, 1);
    row(Lie::AnswerTwice, int(State::Done), u"-"_s, 1);
    row(Lie::SignIn, -1, faultCode(Fault::SignIn), 0);
    row(Lie::TooMany, int(State::NotSent), u"-"_s, 0);
    row(Lie::tooMany(9s), int(State::NotSent), u"-"_s, 0);
    row(Lie::Busy, int(State::NotSent), u"-"_s, 0);
    row(Lie::Broken, int(State::Unknown), u"-"_s, 0);
    row(Lie::ApplyThenBroken, int(State::Unknown), u"-"_s, 1);
    row(Lie::Reject, int(State::Refused), u"-"_s, 0);
    row(Lie::restartBeforeApply(2s), int(State::Unknown), u"-"_s, 0);
    row(Lie::restartAfterApply(2s), int(State::Unknown), u"-"_s, 1);
    row(Lie::SayGone, int(State::Refused), u"-"_s, 0);
    row(Lie::SayHidden, int(State::Refused), u"-"_s, 0);
}

void TestFakeLies::aPushIsToldAndDone()
{
    QFETCH(Lie, lie);
    QFETCH(int, state);
    QFETCH(QString, fault);
    QFETCH(int, applied);
    DeskFixture rig;
    rig.desk.onNth(2, Push::Any, lie);
    QCOMPARE(rig.push(rig.note(u"1"_s, u"before"_s)).value().state, State::Done);
    const auto heard = rig.push(rig.note(u"1"_s, u"a"_s));
    QCOMPARE(heard.times, 1);
    QCOMPARE(heard.fault(), fault);
    QCOMPARE(heard.isValue() ? int(heard.value().state) : -1, state);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), applied);
    rig.loop.runFor(10s); // it may be down
    QCOMPARE(rig.push(rig.note(u"1"_s, u"after"_s)).value().state, State::Done);
    QCOMPARE(rig.desk.requests(Push::Any), 3);
    QCOMPARE(rig.connector.openCalls(), 0);
}

void TestFakeLies::aReadFailsAs_data()
{
    QTest::addColumn<Lie>("lie");
    QTest::addColumn<QString>("fault");
    QTest::addColumn<int>("atLeastMs");
    const auto row = [](Lie lie, const QString &fault, int atLeastMs) {
        QTest::addRow("%s", qPrintable(lie.text())) << lie << fault << atLeastMs;
    };
    row(Lie::Honest, u"-"_s, 1);
    row(Lie::RefuseConnection, faultCode(Fault::Offline), 1);
    row(Lie::CutBeforeSend, faultCode(Fault::Offline), 1);
    row(Lie::CutBeforeApply, faultCode(Fault::Offline), 1);
    row(Lie::Hang, faultCode(Fault::Timeout), 30'000);
    row(Lie::ApplyThenDropAnswer, faultCode(Fault::Offline), 1);
    row(Lie::ApplyThenHang, faultCode(Fault::Timeout), 30'000);
    row(Lie::delay(29s), u"-"_s, 29'000);
    row(Lie::delay(31s), faultCode(Fault::Timeout), 30'000);
    row(Lie::SignIn, faultCode(Fault::SignIn), 1);
    row(Lie::TooMany, faultCode(Fault::RateLimited), 1);
    row(Lie::Busy, faultCode(Fault::Offline), 1);
    row(Lie::Broken, faultCode(Fault::BadReply), 1);
    row(Lie::restartBeforeApply(1s), faultCode(Fault::Offline), 1);
    row(Lie::restartAfterApply(1s), faultCode(Fault::Offline), 1);
}

void TestFakeLies::aReadFailsAs()
{
    QFETCH(Lie, lie);
    QFETCH(QString, fault);
    QFETCH(int, atLeastMs);
    DeskFixture rig;
    rig.desk.always(anyCall, lie);
    const auto check = [&](const auto &heard) {
        QCOMPARE(heard.times, 1);
        QCOMPARE(heard.fault(), fault);
        QCOMPARE_GE(heard.took.count(), atLeastMs);
        QCOMPARE_LE(heard.took.count(), atLeastMs + 400);
        rig.loop.runFor(10s);
    };
    check(rig.pull());
    check(rig.fetch(u"1"_s));
    check(rig.find(rig.note(u"1"_s, u"a"_s)));
    Heard<Probe> probed;
    rig.connector.probe(rig.into(probed));
    rig.loop.run();
    check(probed);
    if (lie == Lie::TooMany)
        QCOMPARE(probed.error().retry, Retry::Later);
    if (lie == Lie::SignIn)
        QCOMPARE(probed.error().retry, Retry::AfterSignIn);
}

void TestFakeLies::lateWorkIsThereLater()
{
    DeskFixture rig;
    rig.desk.onNth(1, Push::Reply, Lie::applyLate(45s));
    Heard<PushOutcome> heard;
    const PushStep step = rig.reply(u"2"_s, u"a"_s, u"See you."_s);
    rig.connector.push(step, rig.into(heard));
    QVERIFY(rig.loop.runUntil([&heard] { return heard.times == 1; }));
    QCOMPARE(heard.value().state, State::Unknown);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 0);
    Heard<Found> early;
    rig.connector.find(step, rig.into(early));
    QVERIFY(rig.loop.runUntil([&early] { return early.times == 1; }));
    QVERIFY(!early.value().isThere);
    // Another message gets a higher number and is there first.
    rig.desk.say(u"2"_s, u"100"_s, MessageKind::PublicReply, u"Hello?"_s);
    rig.loop.runFor(46s);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 1);
    const auto late = rig.find(step);
    QVERIFY(late.value().isThere);
    const RemoteTicket ticket = rig.fetch(u"2"_s).value();
    QCOMPARE(ticket.entries.at(1).id, late.value().entry);
    QCOMPARE(ticket.entries.at(2).message->text, u"Hello?"_s);
    QVERIFY(ticket.entries.at(1).at <= ticket.entries.at(2).at);
}

void TestFakeLies::lateWorkDiesWithTheServer()
{
    DeskFixture rig;
    rig.desk.onNth(1, Push::Note, Lie::applyLate(45s));
    Heard<PushOutcome> heard;
    rig.connector.push(rig.note(u"2"_s, u"a"_s), rig.into(heard));
    rig.loop.runFor(10s);
    rig.desk.restart(1s);
    rig.loop.run();
    QCOMPARE(heard.value().state, State::Unknown);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 0);
}

void TestFakeLies::aSlowAnswerPastTheLimitIsLost()
{
    DeskFixture rig;
    rig.desk.onNth(1, Push::Note, Lie::delay(40s));
    const auto heard = rig.push(rig.note(u"1"_s, u"a"_s));
    QCOMPARE(heard.times, 1);
    QCOMPARE(heard.value().state, State::Unknown);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 1);
    QCOMPARE(rig.desk.answersDropped(), 1);
}

void TestFakeLies::theSecondAnswerIsDropped()
{
    DeskFixture rig;
    rig.desk.onNth(1, Ask::Pull, Lie::AnswerTwice);
    QCOMPARE(rig.pull().times, 1);
    QCOMPARE(rig.desk.answersDropped(), 1);
}

void TestFakeLies::waitsAreHandedOn()
{
    DeskFixture rig;
    rig.desk.onNth(1, Push::Note, Lie::tooMany(90s));
    rig.desk.onNth(1, Ask::Pull, Lie::tooMany(70s));
    const auto pushed = rig.push(rig.note(u"1"_s, u"a"_s));
    QCOMPARE(pushed.value().retry, Retry::Later);
    QCOMPARE(pushed.value().wait.count(), 90'000);
    const auto pulled = rig.pull();
    QCOMPARE(pulled.error().wait.count(), 70'000);
    QCOMPARE(pulled.error().retry, Retry::Later);
}

void TestFakeLies::aRevokedTokenStaysRevoked()
{
    DeskFixture rig;
    rig.desk.revokeToken();
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(rig.pull().fault(), faultCode(Fault::SignIn));
        QCOMPARE(rig.push(rig.note(u"1"_s, u"a"_s)).fault(), faultCode(Fault::SignIn));
    }
    rig.desk.acceptToken();
    QCOMPARE(rig.push(rig.note(u"1"_s, u"a"_s)).value().state, State::Done);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 1);
}

void TestFakeLies::aRestartCutsAllThatIsOpen()
{
    DeskFixture rig;
    rig.desk.always(anyCall, Lie::Hang);
    Heard<PushOutcome> pushed;
    Heard<PullPage> pulled;
    rig.connector.push(rig.note(u"1"_s, u"a"_s), rig.into(pushed));
    rig.connector.pull({}, rig.into(pulled));
    rig.loop.runFor(5s);
    QCOMPARE(rig.connector.openCalls(), 2);
    rig.desk.restart(10s);
    rig.loop.runFor(1s);
    QCOMPARE(pushed.value().state, State::Unknown);
    QCOMPARE(pulled.fault(), faultCode(Fault::Offline));
    QCOMPARE(rig.connector.openCalls(), 0);
    rig.desk.beHonest();
    // Nobody listens yet: nothing is sent.
    const Millis before = rig.loop.now();
    const auto refused = rig.push(rig.note(u"1"_s, u"b"_s));
    QVERIFY(refused.isValue() ? refused.value().state == State::NotSent
                              : refused.error().fault == Fault::Offline);
    QVERIFY(rig.loop.now() - before < 1s);
    rig.loop.runFor(10s);
    QCOMPARE(rig.push(rig.note(u"1"_s, u"b"_s)).value().state, State::Done);
}

void TestFakeLies::wrongPages()
{
    DeskFixture rig(DeskOptions { .tickets = 12 });
    const auto ids = [](const PullPage &page) {
        QStringList ids;
        for (const RemoteTicket &ticket : page.tickets)
            ids.append(ticket.id);
        return ids.join(u',');
    };
    const PullPage first = rig.pull().value();
    QCOMPARE(ids(first), u"1,2,3,4,5"_s);
    QVERIFY(!first.isLast);

    rig.desk.onNth(1, Ask::Pull, Lie::DuplicatePage);
    const PullPage twice = rig.pull(first.cursor).value();
    QCOMPARE(ids(twice), u"1,2,3,4,5,6,7,8,9,10"_s);

    rig.desk.onNth(1, Ask::Pull, Lie::RepeatCursor);
    const PullPage stuck = rig.pull(twice.cursor).value();
    QCOMPARE(stuck.cursor, twice.cursor);
    QVERIFY(!stuck.isLast);
    QCOMPARE(ids(stuck), u"11,12"_s);

    rig.desk.onNth(1, Ask::Pull, Lie::ShortPage);
    const PullPage oneRow = rig.pull(first.cursor).value();
    QCOMPARE(ids(oneRow), u"6"_s);
    QVERIFY(!oneRow.isLast);
    QCOMPARE(ids(rig.pull(oneRow.cursor).value()), u"7,8,9,10,11"_s);

    rig.desk.onNth(2, Ask::Pull, Lie::ShiftPage);
    const QString cursor = rig.pull().value().cursor;
    const PullPage shifted = rig.pull(cursor).value();
    QCOMPARE(ids(shifted), u"5,6,7,8,9,10"_s);
    // The one that moved to the end is in the history after the list.
    QString at = shifted.cursor;
    bool isSeenAgain = false;
    for (int i = 0; i < 20; ++i) {
        const PullPage page = rig.pull(at).value();
        for (const RemoteTicket &ticket : page.tickets)
            isSeenAgain |= ticket.id == u"6" && ticket.entries.size() == 2;
        at = page.cursor;
        if (page.isLast)
            break;
    }
    QVERIFY(isSeenAgain);

    rig.desk.onNth(1, Ask::Pull, Lie::EmptyList);
    const PullPage nothing = rig.pull(at).value();
    QCOMPARE(ids(nothing), QString());
    QVERIFY(nothing.isLast);
    QCOMPARE(nothing.cursor, at);
    QVERIFY(nothing.census && nothing.census->listed.empty());
    QCOMPARE(nothing.census->from, 1);
    QCOMPARE(nothing.census->to, 12);
}

void TestFakeLies::wrongTickets()
{
    DeskFixture rig;
    rig.desk.onNth(1, Ask::Fetch, Lie::SayGone);
    rig.desk.onNth(2, Ask::Fetch, Lie::SayHidden);
    rig.desk.onNth(3, Ask::Fetch, Lie::UnknownCode);
    rig.desk.onNth(1, Ask::Pull, Lie::UnknownCode);
    QCOMPARE(rig.fetch(u"1"_s).value().presence, Presence::Gone);
    QCOMPARE(rig.fetch(u"1"_s).value().presence, Presence::Hidden);
    const QString status = rig.fetch(u"1"_s).value().fields.value(field::status).toString();
    QVERIFY(!fromCode<Status>(status));
    const RemoteTicket pulled = rig.pull().value().tickets.at(2);
    QVERIFY(!fromCode<Priority>(pulled.fields.value(field::priority).toString()));
    QCOMPARE(rig.fetch(u"1"_s).value().fields.value(field::status).toString(), u"new"_s);
}

void TestFakeLies::somebodyComesBetween()
{
    DeskFixture rig;
    const QString version = rig.fetch(u"1"_s).value().version;
    rig.desk.beforeNth(
        1, Push::Fields, [&] { rig.desk.set(u"1"_s, u"8"_s, field::priority, u"low"_s); });
    const auto stale = rig.push(rig.change(u"1"_s, u"a"_s, field::priority, u"urgent"_s, version));
    QCOMPARE(stale.value().state, State::Stale);
    QCOMPARE(rig.desk.field(u"1"_s, field::priority).toString(), u"low"_s);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 0);
    const auto again = rig.push(
        rig.change(u"1"_s, u"a"_s, field::priority, u"urgent"_s, stale.value().readBack->version));
    QCOMPARE(again.value().state, State::Done);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 1);
}

void TestFakeLies::alwaysUntilHonest()
{
    DeskFixture rig;
    rig.desk.always(Push::Note, Lie::Busy);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(rig.push(rig.note(u"1"_s, u"a"_s)).value().state, State::NotSent);
    QCOMPARE(rig.push(rig.reply(u"1"_s, u"b"_s)).value().state, State::Done);
    rig.desk.beHonest();
    QCOMPARE(rig.push(rig.note(u"1"_s, u"a"_s)).value().state, State::Done);
}

void TestFakeLies::everyRandomLieIsPossible()
{
    LiePlan plan;
    plan.atRandom({ .percent = 60,
                      .stuckCursors = true,
                      .emptyLists = true,
                      .signIn = true,
                      .rejects = true,
                      .gone = true,
                      .unknownCodes = true },
        7);
    std::set<Lie::Kind> told;
    int honest = 0;
    const std::array calls { Ask::Probe, Ask::Pull, Ask::Fetch, Ask::Find, Ask::Download,
        Push::Reply, Push::Note, Push::Fields };
    for (int i = 0; i < 8000; ++i) {
        const Lie lie = plan.take(calls[size_t(i % 8)]);
        told.insert(lie.kind);
        honest += lie == Lie::Honest ? 1 : 0;
        QVERIFY(lie.kind != Lie::Kind::ApplyLate || (lie.time > 0ms && lie.time < 60s));
    }
    QCOMPARE(int(told.size()), int(Lie::Kind::UnknownCode) + 1);
    QVERIFY(honest > 2800 && honest < 3600);
    QCOMPARE(plan.seen(Push::Any), 3000);
    plan.beHonest();
    QCOMPARE(plan.take(Ask::Pull), Lie::Honest);
}

QTEST_GUILESS_MAIN(TestFakeLies)
#include "tst_fakelies.moc"
