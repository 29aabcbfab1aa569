#include "tests/sync/synctest.h"

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
    void bothChangedIsAConflict();
    void theRemoteTakesItBack();
    void ourOwnSideIsTakenBack();
    void onlyOneChangedIsNone();
    void anotherWorkspaceShowsTheSame();
    void undoFromElsewhere();
    void aTrickyCardIsANote();
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
        QCOMPARE(local.wrong(), QString());
        QCOMPARE(other.wrong(), QString());
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

QTEST_GUILESS_MAIN(TestReceive)
#include "tst_receive.moc"
