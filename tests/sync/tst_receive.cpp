#include "tests/sync/synctest.h"

#include "core/sync/decide.h"
#include "core/sync/receive.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace field = connectors::field;

class TestReceive : public QObject
{
    Q_OBJECT
private slots:
    void firstReceiptHasTheWholeHistory();
    void twiceWritesNothing();
    void lateEntriesStandAtTheirTime();
    void ourOwnComeBackAsEchoes();
    void aCopiedMarkerIsAMessage();
    void aMarkerOfOurOwnSignInProvesNothing_data();
    void aMarkerOfOurOwnSignInProvesNothing();
    void bothChangedIsAConflict();
    void theRemoteTakesItBack();
    void ourOwnSideIsTakenBack();
    void onlyOneChangedIsNone();
    void anotherWorkspaceShowsTheSame();
    void undoFromElsewhere();
    void aTrickyCardIsANote();
    void whatWasAnnouncedAndRefusedIsNotShownForEver();
    void whatWasAnnouncedAndOvertakenIsNotShown();
    void bothPackagesStay_data();
    void bothPackagesStay();
    void whatWasSaidBeforeAMergeStands();
    void outOfSightAndBack();
    void aConflictEndsWithItsTicket();
    void changesOfADeletedTicketAreRefused();
};

namespace {

const QString mia = u"mia"_s, ben = u"ben"_s;

/// A second workspace at the same desk, as user 8.
struct Two : SyncRig {
    SyncStore otherStore { clock };
    SyncSide other;
    Two()
        : other((otherStore.create(), otherStore), desk, { .seed = 5, .user = u"8"_s })
    {
        syncOnce();
        other.syncOnce();
    }
    void settleBoth()
    {
        QVERIFY(settleAll(loop, desk, { &local, &other }));
        local.know(other);
        other.know(local);
        const QString wrong = local.wrong() + other.wrong();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

qint64 changesOf(SyncSide &side)
{
    auto row = side.connection().prepare("SELECT total_changes()");
    return row->step() ? row->integer(0) : -1;
}

} // namespace

void TestReceive::firstReceiptHasTheWholeHistory()
{
    SyncRig rig;
    rig.loop.runFor(60s);
    rig.desk.say(u"1"_s, u"8"_s, MessageKind::InternalNote, u"A note."_s);
    rig.loop.runFor(60s);
    rig.desk.set(u"1"_s, u"9"_s, field::place, u"L3 Engineering"_s);
    rig.desk.set(u"1"_s, u"9"_s, field::owner, u"9"_s);
    rig.syncOnce();
    QCOMPARE(rig.local.wrong(), QString());
    const TicketState state = rig.local.state(u"1"_s);
    QCOMPARE(state.ticket.key, rig.local.key(u"1"_s));
    QCOMPARE(state.ticket.startTier, u"L1"_s);
    QCOMPARE(state.ticket.tier, u"L3"_s);
    QCOMPARE(state.ticket.assignee, u"lea"_s);
    QCOMPARE(state.escalations.size(), size_t(1)); // somebody moved it up, without a note of ours
    QCOMPARE(state.escalations.front().reasonCode, u"outside"_s);
    QCOMPARE(state.escalations.front().actor, u"lea"_s);
}

void TestReceive::twiceWritesNothing()
{
    SyncRig rig({ .tickets = 0 });
    const QString id = rig.desk.addTicket(u"One"_s, u"Words"_s);
    rig.desk.say(id, u"8"_s, MessageKind::PublicReply, u"An answer."_s);
    rig.desk.set(id, u"8"_s, field::priority, u"high"_s);
    rig.syncOnce();
    SeededRandom random(1);
    const auto receiveAgain = [&] {
        int events = -1;
        const auto written = rig.store.store().write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_TRY(
                    account, storage::findAccount(scope.connection(), rig.local.account()));
                TIERLINE_TRY(map, sync::FieldMap::load(scope.connection(), account));
                const qint64 before = changesOf(rig.local);
                TIERLINE_TRY(received,
                    sync::receive(scope, map, random, rig.desk.ticketFor(u"7"_s, id, true)));
                events = received.events + int(changesOf(rig.local) - before);
                return Done {};
            });
        return written ? events : -2;
    };
    QCOMPARE(receiveAgain(), 0);
    QVERIFY(rig.local.run(mia, change(rig.local.key(id), u"priority"_s, u"low"_s)));
    rig.desk.set(id, u"8"_s, field::priority, u"urgent"_s);
    QVERIFY(receiveAgain() > 0);
    QCOMPARE(rig.local.conflicts().size(), size_t(1));
    QCOMPARE(receiveAgain(), 0); // an open conflict is not written anew
}

void TestReceive::lateEntriesStandAtTheirTime()
{
    SyncRig rig({ .tickets = 1, .lateCommitPercent = 100, .latestCommit = 20s });
    rig.syncOnce();
    rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"First."_s);
    rig.loop.runFor(100ms);
    QVERIFY(rig.local.run(mia, commands::Note { rig.local.key(u"1"_s), u"Between."_s, {} }));
    rig.desk.settle();
    rig.settle();
    const DeskState state = rig.local.state();
    QStringList texts;
    for (const MessagePicture &message : state.tickets.at(u"1"_s).messages)
        texts.append(message.text);
    QCOMPARE(texts, (QStringList { u"First words of 1"_s, u"First."_s, u"Between."_s }));
    QCOMPARE(rig.local.wrong(), QString());
}

void TestReceive::ourOwnComeBackAsEchoes()
{
    SyncRig rig;
    rig.syncOnce();
    QVERIFY(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Same."_s }));
    QVERIFY(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Same."_s }));
    QVERIFY(rig.local.run(mia, escalation(rig.local.key(u"1"_s))));
    rig.desk.always(Push::Any, Lie::ApplyThenDropAnswer);
    for (int i = 0; i < 40; ++i) {
        rig.syncOnce();
        rig.loop.runFor(5s);
    }
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Same."_s), 2);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
    QCOMPARE(rig.local.wrong(), QString());
    const TicketState state = rig.local.state(u"1"_s);
    QCOMPARE(state.escalations.size(), size_t(1));
    QCOMPARE(state.escalations.front().reasonCode, u"missing-tools"_s);
}

void TestReceive::aCopiedMarkerIsAMessage()
{
    SyncRig rig;
    rig.syncOnce();
    const auto note = rig.local.run(mia, commands::Note { rig.local.key(u"1"_s), u"Mine."_s, {} });
    QVERIFY(note.has_value());
    const QString marker = u"\n\n[tl:"_s + note->operation + u']';
    rig.desk.say(u"1"_s, u"8"_s, MessageKind::InternalNote, u"Copied."_s + marker);
    rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"By mail."_s + marker);
    rig.syncOnce();
    rig.desk.say(u"1"_s, u"7"_s, MessageKind::InternalNote, u"By my own hand."_s + marker);
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Mine."_s), 1);
    QCOMPARE(rig.local.wrong(), QString()); // all three stand here too
}

void TestReceive::aMarkerOfOurOwnSignInProvesNothing_data()
{
    QTest::addColumn<Lie>("lie");
    for (const Lie &lie : { Lie::Honest, Lie::ApplyThenDropAnswer, Lie::ApplyThenHang })
        QTest::newRow(qPrintable(lie.text())) << lie;
}

/// Somebody who is signed in as we are copies a note of ours, or its marker, by hand.
void TestReceive::aMarkerOfOurOwnSignInProvesNothing()
{
    QFETCH(Lie, lie);
    SyncRig rig;
    rig.syncOnce();
    const auto claim = rig.local.run(mia, commands::Claim { rig.local.key(u"1"_s) });
    const auto note = rig.local.run(mia, commands::Note { rig.local.key(u"2"_s), u"Mine."_s, {} });
    QVERIFY(claim && note);
    rig.desk.onNth(1, Push::Note, lie);
    rig.syncOnce();
    const auto mark
        = [](const commands::Outcome &outcome) { return u"\n\n[tl:"_s + outcome.operation + u']'; };
    // That operation has no note at all, this one has another.
    rig.desk.say(u"1"_s, u"7"_s, MessageKind::InternalNote, u"By hand."_s + mark(*claim));
    rig.desk.say(u"2"_s, u"7"_s, MessageKind::InternalNote, u"By hand, too."_s + mark(*note));
    rig.desk.say(u"2"_s, u"7"_s, MessageKind::InternalNote, u"Mine."_s + mark(*note));
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
    QCOMPARE(timesSaid(rig.desk, u"2"_s, u"Mine."_s), 1); // and once with the marker, by hand
    const auto held = rig.local.state();
    QStringList texts;
    for (const MessagePicture &message : held.tickets.at(u"2"_s).messages)
        texts.append(message.text);
    QCOMPARE(
        texts, (QStringList { u"First words of 2"_s, u"Mine."_s, u"By hand, too."_s, u"Mine."_s }));
    QCOMPARE(held.tickets.at(u"1"_s).messages.back().text, u"By hand."_s);
}

void TestReceive::bothChangedIsAConflict()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"2"_s);
    QVERIFY(rig.local.run(mia, change(key, u"priority"_s, u"low"_s)));
    QVERIFY(rig.local.run(mia, change(key, u"field.Product"_s, u"P9"_s)));
    QVERIFY(rig.local.run(mia, commands::Reply { key, u"Hi."_s }));
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"urgent"_s);
    rig.settle();
    const auto conflicts = rig.local.conflicts();
    QCOMPARE(conflicts.size(), size_t(1));
    QCOMPARE(conflicts.front().field, u"priority"_s);
    QCOMPARE(conflicts.front().base.toString(), u"normal"_s);
    QCOMPARE(conflicts.front().local.toString(), u"low"_s);
    QCOMPARE(conflicts.front().remote.toString(), u"urgent"_s);
    QCOMPARE(conflicts.front().localBy, mia);
    QCOMPARE(conflicts.front().remoteBy, u"Ben Colleague"_s);
    QCOMPARE(rig.local.state(u"2"_s).ticket.priority, Priority::Low); // ours stays shown
    QCOMPARE(rig.desk.field(u"2"_s, field::priority).toString(), u"urgent"_s);
    // The rest passes.
    QCOMPARE(rig.desk.field(u"2"_s, u"field.Product"_s).toString(), u"P9"_s);
    QCOMPARE(timesSaid(rig.desk, u"2"_s, u"Hi."_s), 1);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestReceive::theRemoteTakesItBack()
{
    SyncRig rig;
    rig.syncOnce();
    QVERIFY(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"urgent"_s);
    rig.settle();
    QCOMPARE(rig.local.conflicts().size(), size_t(1));
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"normal"_s);
    rig.settle();
    QCOMPARE(rig.local.conflicts().size(), size_t(0));
    QCOMPARE(rig.desk.field(u"2"_s, field::priority).toString(), u"low"_s);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestReceive::ourOwnSideIsTakenBack()
{
    SyncRig rig;
    rig.syncOnce();
    QVERIFY(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"urgent"_s);
    rig.settle();
    rig.loop.runFor(10min); // past what a pull reads again
    rig.settle();
    QCOMPARE(rig.local.conflicts().size(), size_t(1));
    DONE(rig.local.run(mia, commands::Undo { rig.local.key(u"2"_s) }));
    rig.settle();
    QCOMPARE(rig.local.conflicts().size(), size_t(0));
    QCOMPARE(rig.local.state(u"2"_s).ticket.priority, Priority::Urgent);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestReceive::onlyOneChangedIsNone()
{
    SyncRig rig;
    rig.syncOnce();
    QVERIFY(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    rig.desk.set(u"2"_s, u"8"_s, field::subject, u"Better words"_s);
    rig.settle();
    QVERIFY(rig.local.conflicts().empty());
    QCOMPARE(rig.desk.field(u"2"_s, field::priority).toString(), u"low"_s);
    QCOMPARE(rig.local.state(u"2"_s).ticket.subject, u"Better words"_s);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestReceive::anotherWorkspaceShowsTheSame()
{
    Two two;
    DONE(two.local.run(mia, escalation(two.local.key(u"1"_s))));
    two.settleBoth();
    const auto compare = [&] {
        const TicketState here = two.local.state(u"1"_s), there = two.other.state(u"1"_s);
        QVERIFY(here.escalations == there.escalations); // record, stages, limits
        QCOMPARE(there.ticket.tier, here.ticket.tier);
        QCOMPARE(there.ticket.due, here.ticket.due);
        QCOMPARE(there.ticket.clock, here.ticket.clock);
        const auto mine = storage::loadHandoff(two.local.connection(), here.ticket.id);
        const auto theirs = storage::loadHandoff(two.other.connection(), there.ticket.id);
        QVERIFY(mine.has_value() && theirs.has_value());
        QCOMPARE(theirs->escalation, mine->escalation);
        QVERIFY(!theirs->document.isEmpty());
    };
    compare();
    two.loop.runFor(100s);
    DONE(two.other.run(ben, commands::Accept { two.other.key(u"1"_s) }));
    two.settleBoth();
    compare();
    two.loop.runFor(100s);
    DONE(two.other.run(
        ben, commands::Return { two.other.key(u"1"_s), Verdict::Answered, u"Done."_s }));
    two.settleBoth();
    compare();
    QVERIFY(!two.local.state(u"1"_s).openEscalation());
}

void TestReceive::undoFromElsewhere()
{
    Two two;
    DONE(two.local.run(mia, commands::Flag { two.local.key(u"1"_s), u"Not ours"_s }));
    two.settleBoth();
    QVERIFY(two.other.state(u"1"_s).ticket.isFlagged());
    DONE(two.local.run(mia, commands::Undo { two.local.key(u"1"_s) }));
    two.settleBoth();
    QVERIFY(!two.other.state(u"1"_s).ticket.isFlagged());
    QVERIFY(two.local.state(u"1"_s).escalations == two.other.state(u"1"_s).escalations);
    // One who comes later reads both at once.
    SyncStore thirdStore(two.clock);
    thirdStore.create();
    SyncSide third(thirdStore, two.desk, { .seed = 9, .user = u"9"_s });
    third.syncOnce();
    QVERIFY(!third.state(u"1"_s).ticket.isFlagged());
    QVERIFY(third.state(u"1"_s).escalations == two.local.state(u"1"_s).escalations);
}

void TestReceive::aTrickyCardIsANote()
{
    Two two;
    DONE(two.local.run(mia, escalation(two.local.key(u"1"_s))));
    two.settleBoth();
    // Somebody copies the whole note, with its file.
    const auto remote = two.desk.ticketFor(u"7"_s, u"1"_s, true);
    for (const connectors::RemoteEntry &entry : remote.entries) {
        if (entry.message && !entry.message->files.empty())
            two.desk.say(
                u"1"_s, u"9"_s, entry.message->kind, entry.message->text, entry.message->files);
    }
    // And a broken one comes from nowhere.
    const QString operation = u"3f2c9a10-0b1d-4e52-8a77-5c1e0d9b6a21"_s;
    two.desk.say(u"2"_s, u"9"_s, MessageKind::InternalNote, u"Look\n\n[tl:%1]"_s.arg(operation),
        { { .name = u"tierline-%1.json"_s.arg(operation), .bytes = QByteArray("{]") } });
    const auto summary = two.syncOnce();
    QCOMPARE(summary.problems.size(), 1);
    QVERIFY(summary.problems.front().startsWith(two.local.key(u"2"_s)));
    two.other.syncOnce();
    QCOMPARE(two.local.state(u"1"_s).escalations.size(), size_t(1));
    QCOMPARE(two.other.state(u"1"_s).escalations.size(), size_t(1));
    const DeskState held = two.other.state();
    QVERIFY(std::ranges::any_of(held.tickets.at(u"2"_s).messages,
        [](const MessagePicture &message) { return message.text == u"Look"_s; }));
}

void TestReceive::whatWasAnnouncedAndRefusedIsNotShownForEver()
{
    Two two;
    two.desk.setRights(u"7"_s, u"L2 Technical"_s, { .movesIn = false });
    DONE(two.local.run(mia, escalation(two.local.key(u"1"_s))));
    two.syncOnce();
    QCOMPARE(two.local.waiting().size(), 1);
    const storage::OutboxEntry refused = two.local.waiting().first();
    QCOMPARE(refused.state, storage::OutboxState::Refused);
    two.other.syncOnce();
    QCOMPARE(two.other.state(u"1"_s).ticket.tier, u"L2"_s); // it goes right after its note
    two.loop.runFor(5min);
    two.other.syncOnce();
    QCOMPARE(two.other.state(u"1"_s).ticket.tier, u"L2"_s);
    two.loop.runFor(6min);
    two.other.syncOnce(); // no page brings it any more
    QCOMPARE(two.other.last().tickets, 0);
    QCOMPARE(two.other.state(u"1"_s).ticket.tier, u"L1"_s);
    QVERIFY(!two.other.state(u"1"_s).openEscalation());
    // Asked for once, not in every round.
    const int asked = two.desk.requests(Ask::Fetch);
    two.other.syncOnce();
    QCOMPARE(two.desk.requests(Ask::Fetch), asked);
    // It may move after all: then it is the escalation that was announced, and no other.
    two.desk.setRights(u"7"_s, u"L2 Technical"_s, {});
    const auto retried = two.store.store().write(storage::Durability::Background,
        [&](storage::WriteScope &scope) { return sync::retryOperation(scope, refused.id); });
    DONE(retried);
    two.settleBoth();
    QCOMPARE(two.other.state(u"1"_s).ticket.tier, u"L2"_s);
    QVERIFY(two.other.state(u"1"_s).escalations == two.local.state(u"1"_s).escalations);
}

/// Our own request is what overtook it, and went out before we heard of the announcement.
void TestReceive::whatWasAnnouncedAndOvertakenIsNotShown()
{
    Two two;
    DONE(two.other.run(ben, change(two.other.key(u"1"_s), u"priority"_s, u"low"_s)));
    two.loop.runFor(10s);
    two.desk.setRights(u"7"_s, u"L2 Technical"_s, { .movesIn = false });
    DONE(two.local.run(mia, escalation(two.local.key(u"1"_s)))); // a step up in priority, too
    two.syncOnce();
    QVERIFY(two.local.state(u"1"_s).ticket.priority > Priority::Normal);
    two.loop.runFor(10s);
    two.other.syncOnce({ .pull = false });
    two.loop.runFor(10s);
    two.other.syncOnce();
    QCOMPARE(two.desk.field(u"1"_s, field::priority).toString(), u"low"_s);
    QCOMPARE(two.other.state(u"1"_s).escalations.size(), size_t(1));
    QCOMPARE(two.other.state(u"1"_s).ticket.priority, Priority::Low);
}

void TestReceive::bothPackagesStay_data()
{
    QTest::addColumn<bool>("isFlag");
    QTest::addColumn<int>("packages");
    QTest::newRow("both escalate") << false << 2;
    // The second flag is none any more, and with it goes the record that the package belonged to.
    QTest::newRow("both flag, one escalates") << true << 1;
}

/// Two do the same with one ticket, and the one who was earlier gets a network later.
void TestReceive::bothPackagesStay()
{
    QFETCH(bool, isFlag);
    QFETCH(int, packages);
    Two two;
    if (isFlag)
        DONE(two.other.run(ben, commands::Flag { two.other.key(u"1"_s), u"Hm"_s }));
    else
        DONE(two.other.run(ben, escalation(two.other.key(u"1"_s))));
    two.loop.runFor(1min);
    if (isFlag)
        DONE(two.local.run(mia, commands::Flag { two.local.key(u"1"_s), u"Hm"_s }));
    DONE(two.local.run(mia, escalation(two.local.key(u"1"_s))));
    const auto packagesOf = [](SyncSide &side) {
        auto row = side.connection().prepare("SELECT count(*) FROM handoff WHERE ticket = ?1");
        row->bind(1, side.idOf(u"1"_s).v);
        return row->step() ? row->integer(0) : -1;
    };
    QCOMPARE(packagesOf(two.local), 1);
    for (int i = 0; i < 3; ++i) {
        two.syncOnce();
        two.other.syncOnce();
        two.loop.runFor(1min);
    }
    // What was written down for those who take it is there, whatever became of its record.
    QCOMPARE(packagesOf(two.local), packages);
    QCOMPARE(packagesOf(two.other), packages);
    QCOMPARE(two.local.state(u"1"_s).escalations.size(), size_t(isFlag ? 1 : 2));
}

void TestReceive::whatWasSaidBeforeAMergeStands()
{
    Two two;
    two.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Before."_s);
    two.desk.set(u"1"_s, u"8"_s, field::priority, u"urgent"_s);
    DONE(two.local.run(mia, commands::Note { two.local.key(u"1"_s), u"Ours, before."_s, {} }));
    DONE(two.local.run(mia, escalation(two.local.key(u"1"_s))));
    two.syncOnce();
    two.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Not yet seen."_s);
    two.desk.set(u"1"_s, u"8"_s, u"field.Product"_s, u"P0"_s);
    two.desk.merge(u"1"_s, u"3"_s);
    two.settleBoth();
    const auto held = two.local.state();
    QVERIFY(!held.tickets.contains(u"1"_s));
    QStringList texts;
    for (const MessagePicture &message : held.tickets.at(u"3"_s).messages)
        texts.append(message.text.section(u'\n', 0, 0));
    for (const QString &text : { u"First words of 1"_s, u"First words of 3"_s, u"Before."_s,
             u"Ours, before."_s, u"Not yet seen."_s })
        QCOMPARE(texts.count(text), 1);
    // What was done to the other ticket was never done to this one.
    for (SyncSide *side : { &two.local, &two.other }) {
        const TicketState state = side->state(u"3"_s);
        QCOMPARE(state.ticket.priority, Priority::Normal);
        QCOMPARE(state.ticket.fields.value(u"Product"_s).toString(), QString());
        QVERIFY(state.escalations.empty());
    }
    // A page that comes again brings nothing again.
    const auto again = two.syncOnce();
    QCOMPARE(again.messages, 0);
}

void TestReceive::outOfSightAndBack()
{
    SyncRig rig;
    rig.syncOnce();
    rig.desk.hide(u"2"_s);
    rig.settle();
    QVERIFY(!rig.local.state().tickets.contains(u"2"_s));
    rig.desk.say(u"2"_s, u"8"_s, MessageKind::InternalNote, u"Meanwhile."_s);
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"high"_s);
    const QString never = rig.desk.addTicket(u"Never seen"_s, u"Words"_s);
    rig.desk.hide(never);
    rig.loop.runFor(10min); // past what a pull reads again
    rig.settle();
    rig.desk.hide(u"2"_s, false);
    rig.desk.hide(never, false);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
    QCOMPARE(rig.local.state(u"2"_s).ticket.priority, Priority::High);
    QVERIFY(rig.local.state().tickets.contains(never));
}

void TestReceive::aConflictEndsWithItsTicket()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"urgent"_s);
    rig.settle();
    QCOMPARE(rig.local.conflicts().size(), size_t(1));
    rig.desk.remove(u"2"_s);
    rig.settle();
    QCOMPARE(rig.local.conflicts().size(), size_t(0)); // there is nothing to choose any more
    QCOMPARE(rig.local.waiting().size(), 1); // and a person can see what was not sent
    QCOMPARE(rig.local.waiting().first().state, storage::OutboxState::Refused);
    QCOMPARE(rig.local.state(u"2"_s).ticket.status, Status::Deleted);
}

/// Changes that go together, and never begin.
void TestReceive::changesOfADeletedTicketAreRefused()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    DONE(rig.local.run(mia, change(rig.local.key(u"2"_s), u"field.Product"_s, u"P9"_s)));
    rig.desk.remove(u"2"_s);
    rig.settle();
    QCOMPARE(rig.local.waiting().size(), 2);
    QCOMPARE(rig.local.waiting().first().state, storage::OutboxState::Refused);
    QCOMPARE_LE(rig.desk.requests(Ask::Fetch), 10);
}

QTEST_GUILESS_MAIN(TestReceive)
#include "tst_receive.moc"
