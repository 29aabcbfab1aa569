#include "tests/sync/synctest.h"

#include "core/escalation/eventdata.h"
#include "core/sync/send.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using storage::OutboxState;
namespace field = connectors::field;

class TestSend : public QObject
{
    Q_OBJECT
private slots:
    void keepsTheOrderOfATicket();
    void escalationsGoFirst();
    void neighbouringChangesGoTogether();
    void whatWaitsCanBeTakenBack();
    void waitsUntilItsTime();
    void aRefusedOneHoldsItsTicketAlone();
    void aRefusedRequestIsTakenApart();
    void aLostJoinedRequestIsNotAConflict();
    void mergesAgainWhenStale();
    void movesOutOfSight();
    void aNoticeThatCouldNotFollowIsShown();
    void whereSightEndsTheNoticeGoesFirst();
    void sightRegainedPutsTheMoveFirstAgain();
    void oneMistakenLookLosesNothing();
    void stopsWhereTheMoveIsRefused();
    void waitsLongerEachTime();
};

namespace {

const QString mia = u"mia"_s;

QStringList said(const FakeDesk &desk, const QString &ticket)
{
    QStringList texts;
    const DeskState state = desk.state();
    for (const MessagePicture &message : state.tickets.at(ticket).messages)
        texts.append(message.text);
    return texts;
}

} // namespace

void TestSend::keepsTheOrderOfATicket()
{
    SyncRig rig;
    rig.syncOnce();
    QStringList expected { u"First words of 1"_s };
    for (int i = 0; i < 6; ++i) {
        const QString text = u"Words %1."_s.arg(i);
        if (i % 2 == 0)
            DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), text }));
        else
            DONE(rig.local.run(mia, commands::Note { rig.local.key(u"1"_s), text, {} }));
        expected.append(text);
    }
    rig.desk.onNth(2, Push::Any, Lie::applyLate(40s));
    rig.syncOnce();
    rig.settle();
    QCOMPARE(said(rig.desk, u"1"_s), expected);
}

void TestSend::escalationsGoFirst()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"2"_s), u"Hi."_s }));
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"3"_s), u"Hi."_s }));
    DONE(rig.local.run(mia, escalation(rig.local.key(u"1"_s))));
    rig.desk.setTracing(true);
    rig.syncOnce();
    const QStringList pushes = rig.desk.traced().filter(QRegularExpression(u" (note|reply) "_s));
    QVERIFY(!pushes.isEmpty());
    QVERIFY2(pushes.front().contains(u" note 1 "), qPrintable(pushes.front()));
}

void TestSend::neighbouringChangesGoTogether()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"1"_s);
    DONE(rig.local.run(mia, change(key, u"priority"_s, u"low"_s)));
    DONE(rig.local.run(mia, change(key, u"field.Product"_s, u"P9"_s)));
    DONE(rig.local.run(mia, change(key, u"priority"_s, u"high"_s)));
    DONE(rig.local.run(mia, commands::Note { key, u"Hm."_s, {} }));
    DONE(rig.local.run(mia, change(key, u"subject"_s, u"Better"_s)));
    rig.syncOnce();
    QCOMPARE(rig.desk.requests(Push::Fields), 2);
    QCOMPARE(rig.desk.requests(Push::Note), 1);
    QCOMPARE(rig.desk.field(u"1"_s, field::priority).toString(), u"high"_s);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

void TestSend::whatWaitsCanBeTakenBack()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(u"1"_s), u"priority"_s, u"low"_s)));
    DONE(rig.local.run(mia, commands::Undo { rig.local.key(u"1"_s) }));
    QVERIFY(rig.local.waiting().isEmpty());
    rig.syncOnce();
    QCOMPARE(rig.desk.requests(Push::Any), 0);
    // Taken back while the engine reads the ticket for it.
    DONE(rig.local.run(mia, change(rig.local.key(u"1"_s), u"priority"_s, u"low"_s)));
    rig.desk.beforeNth(1, Ask::Fetch,
        [&] { QVERIFY(rig.local.run(mia, commands::Undo { rig.local.key(u"1"_s) })); });
    const auto summary = rig.syncOnce();
    QVERIFY(!summary.error);
    QCOMPARE(rig.desk.requests(Push::Any), 0);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestSend::waitsUntilItsTime()
{
    SyncRig rig;
    rig.syncOnce();
    const Instant due = rig.clock.now() + 10min;
    DONE(rig.store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            return storage::queueOperation(scope,
                { .id = u"3f2c9a10-0b1d-4e52-8a77-5c1e0d9b6a21"_s,
                    .account = rig.local.account(),
                    .ticket = rig.local.idOf(u"1"_s),
                    .kind = u"reply"_s,
                    .body = { { u"messages"_s,
                        QJsonArray { QJsonObject { { u"kind"_s, code(MessageKind::PublicReply) },
                            { u"text"_s, u"Later."_s } } } } },
                    .created = rig.clock.now(),
                    .notBefore = due });
        }));
    auto summary = rig.syncOnce();
    QCOMPARE(rig.desk.requests(Push::Any), 0);
    QCOMPARE(summary.nextRetry, std::optional(due));
    rig.loop.runFor(10min);
    summary = rig.syncOnce();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Later."_s), 1);
    QCOMPARE(summary.pending, 0);
}

void TestSend::aRefusedOneHoldsItsTicketAlone()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Note { rig.local.key(u"1"_s), u"Poison."_s, {} }));
    DONE(rig.local.run(mia, commands::Note { rig.local.key(u"1"_s), u"Behind it."_s, {} }));
    rig.desk.onNth(1, Push::Note, Lie::Reject);
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Note { rig.local.key(u"2"_s), u"Elsewhere."_s, {} }));
    rig.desk.beHonest();
    const auto summary = rig.syncOnce();
    QVERIFY(!summary.error);
    QCOMPARE(summary.failed, 1);
    QCOMPARE(summary.pending, 2);
    QCOMPARE(timesSaid(rig.desk, u"2"_s, u"Elsewhere."_s), 1);
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Behind it."_s), 0);
    QStringList errors;
    for (const storage::OutboxEntry &entry : rig.local.waiting()) {
        if (entry.state == OutboxState::Refused)
            errors.append(entry.error);
    }
    QCOMPARE(errors, QStringList { u"The desk will not have this (422)."_s });
}

void TestSend::aRefusedRequestIsTakenApart()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"1"_s);
    DONE(rig.local.run(mia, change(key, u"priority"_s, u"low"_s)));
    DONE(rig.local.run(mia, change(key, u"field.Product"_s, u"P9"_s)));
    rig.desk.onNth(1, Push::Fields, Lie::Reject);
    rig.syncOnce();
    rig.settle();
    QCOMPARE(rig.desk.requests(Push::Fields), 3); // together, and then each
    QVERIFY(rig.local.waiting().isEmpty());
    QCOMPARE(rig.local.wrong(), QString());
    QCOMPARE(rig.desk.field(u"1"_s, u"field.Product"_s).toString(), u"P9"_s);
}

void TestSend::aLostJoinedRequestIsNotAConflict()
{
    for (const Lie lie : { Lie::ApplyThenDropAnswer, Lie::applyLate(58s), Lie::CutBeforeApply }) {
        SyncRig rig;
        rig.syncOnce();
        const QString key = rig.local.key(u"1"_s);
        DONE(rig.local.run(mia, change(key, u"priority"_s, u"low"_s)));
        DONE(rig.local.run(mia, change(key, u"priority"_s, u"urgent"_s)));
        rig.desk.onNth(1, Push::Fields, lie);
        rig.syncOnce({ .pull = false });
        for (int i = 0; i < 30; ++i) {
            rig.loop.runFor(4s);
            rig.syncOnce({ .pull = false });
        }
        QVERIFY(rig.local.conflicts().empty());
        rig.settle();
        QCOMPARE(rig.desk.field(u"1"_s, field::priority).toString(), u"urgent"_s);
        QCOMPARE(rig.local.wrong(), QString());
    }
}

void TestSend::mergesAgainWhenStale()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(u"1"_s), u"priority"_s, u"low"_s)));
    DONE(rig.local.run(mia, change(rig.local.key(u"2"_s), u"priority"_s, u"low"_s)));
    rig.desk.beforeNth(1, Push::Fields, [&] {
        rig.desk.set(u"1"_s, u"8"_s, field::subject, u"Another"_s);
        rig.desk.set(u"2"_s, u"8"_s, field::priority, u"urgent"_s);
    });
    rig.syncOnce();
    rig.settle();
    QCOMPARE(rig.desk.field(u"1"_s, field::priority).toString(), u"low"_s);
    QCOMPARE(rig.desk.field(u"2"_s, field::priority).toString(), u"urgent"_s);
    QCOMPARE(rig.local.conflicts().size(), size_t(1));
    QCOMPARE(rig.local.wrong(), QString());
}

void TestSend::movesOutOfSight()
{
    SyncRig rig;
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .sees = false });
    rig.syncOnce();
    DONE(rig.local.run(mia, escalation(rig.local.key(u"1"_s), u"L3"_s)));
    rig.desk.onNth(1, Push::Fields, Lie::ApplyThenDropAnswer);
    for (int i = 0; i < 16; ++i) { // so long it may only seem so
        rig.syncOnce();
        rig.loop.runFor(5s);
    }
    rig.settle();
    QCOMPARE(rig.desk.field(u"1"_s, field::place).toString(), u"L3 Engineering"_s);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
    QVERIFY(rig.local.waiting().isEmpty()); // done: what came after it is impossible there
    QCOMPARE(rig.local.state(u"1"_s).ticket.tier, u"L3"_s);
}

namespace {

const QString notice = u"Our specialists have it."_s;

commands::Escalate toHiddenTier(SyncRig &rig, const QString &ticket)
{
    commands::Escalate escalate = escalation(rig.local.key(ticket), u"L3"_s);
    escalate.notice = notice;
    return escalate;
}

/// What a colleague who sees everything reads in a ticket.
QStringList readBy(const FakeDesk &desk, const QString &user, const QString &ticket)
{
    QStringList texts;
    const DeskState state = desk.state(user);
    for (const MessagePicture &message : state.tickets.at(ticket).messages)
        texts.append(message.text);
    return texts;
}

/// Texts of those messages that the log says stay here.
QStringList unsentOf(SyncRig &rig, const QString &ticket)
{
    QStringList texts;
    const TicketId id = rig.local.idOf(ticket);
    const auto events = storage::loadEvents(rig.local.connection(), id);
    const auto messages = storage::loadMessages(rig.local.connection(), id);
    for (const Event &event : *events) {
        for (const QJsonValue one : event.data.value(eventdata::unsent).toArray()) {
            for (const Message &message : *messages) {
                if (message.id.v == one.toInteger())
                    texts.append(message.text);
            }
        }
    }
    return texts;
}

} // namespace

/// The first time nobody knows that the place takes the ticket out of sight.
void TestSend::aNoticeThatCouldNotFollowIsShown()
{
    for (const Lie lie : { Lie::Honest, Lie::ApplyThenDropAnswer }) {
        SyncRig rig;
        rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .sees = false });
        rig.syncOnce();
        DONE(rig.local.run(mia, toHiddenTier(rig, u"1"_s)));
        rig.desk.onNth(1, Push::Fields, lie);
        for (int i = 0; i < 16; ++i) {
            rig.syncOnce();
            rig.loop.runFor(5s);
        }
        rig.settle();
        QVERIFY(rig.local.waiting().isEmpty());
        QVERIFY(!readBy(rig.desk, u"8"_s, u"1"_s).contains(notice));
        QCOMPARE(unsentOf(rig, u"1"_s), QStringList { notice });
        const auto events = storage::loadEvents(rig.local.connection(), rig.local.idOf(u"1"_s));
        QVERIFY(std::ranges::any_of(*events, [](const Event &event) {
            return event.note.contains(u"The customer was not told") && event.operation.isEmpty();
        }));
        QCOMPARE(rig.local.state(u"1"_s).ticket.tier, u"L3"_s);
    }
}

/// From the second time on the customer reads it, once, and before the ticket is gone.
void TestSend::whereSightEndsTheNoticeGoesFirst()
{
    for (const Lie lie : { Lie::Honest, Lie::ApplyThenDropAnswer, Lie::CutBeforeApply }) {
        SyncRig rig;
        rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .sees = false });
        rig.syncOnce();
        DONE(rig.local.run(mia, toHiddenTier(rig, u"1"_s)));
        rig.syncOnce();
        DONE(rig.local.run(mia, toHiddenTier(rig, u"2"_s)));
        rig.desk.onNth(1, Push::Reply, lie);
        for (int i = 0; i < 30; ++i) {
            rig.syncOnce();
            rig.loop.runFor(5s);
        }
        rig.settle();
        QVERIFY(rig.local.waiting().isEmpty());
        QCOMPARE(readBy(rig.desk, u"8"_s, u"2"_s).count(notice), 1);
        QCOMPARE(unsentOf(rig, u"2"_s), QStringList());
        QCOMPARE(rig.desk.field(u"2"_s, field::place).toString(), u"L3 Engineering"_s);
    }
}

void TestSend::sightRegainedPutsTheMoveFirstAgain()
{
    SyncRig rig;
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .sees = false });
    rig.syncOnce();
    DONE(rig.local.run(mia, toHiddenTier(rig, u"1"_s)));
    rig.syncOnce();
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, {});
    DONE(rig.local.run(mia, toHiddenTier(rig, u"2"_s)));
    rig.settle();
    // The move was seen to be one in sight: a refusal of the next is no promise to the customer.
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .movesIn = false });
    DONE(rig.local.run(mia, toHiddenTier(rig, u"3"_s)));
    rig.syncOnce();
    QCOMPARE(timesSaid(rig.desk, u"2"_s, notice), 1);
    QCOMPARE(timesSaid(rig.desk, u"3"_s, notice), 0);
}

/// A ticket that seems out of sight while a lost move is looked for: what follows the move still goes.
void TestSend::oneMistakenLookLosesNothing()
{
    for (const Lie lie : { Lie::Broken, Lie::CutBeforeApply }) {
        SyncRig rig;
        rig.syncOnce();
        commands::Escalate escalate = escalation(rig.local.key(u"1"_s));
        escalate.notice = u"We have asked our specialists."_s;
        DONE(rig.local.run(mia, escalate));
        rig.desk.onNth(1, Push::Fields, lie);
        rig.desk.beforeNth(1, Push::Fields, [&] { rig.desk.onNth(1, Ask::Fetch, Lie::SayHidden); });
        rig.syncOnce();
        rig.loop.runFor(3s);
        rig.syncOnce();
        rig.settle();
        QVERIFY(rig.local.waiting().isEmpty());
        QCOMPARE(timesSaid(rig.desk, u"1"_s, escalate.notice), 1);
        QCOMPARE(rig.desk.field(u"1"_s, field::place).toString(), u"L2 Technical"_s);
        QCOMPARE(rig.desk.field(u"1"_s, field::priority).toString(), u"high"_s);
        QCOMPARE(rig.local.wrong(), QString());
    }
}

void TestSend::stopsWhereTheMoveIsRefused()
{
    SyncRig rig;
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .movesIn = false });
    rig.syncOnce();
    DONE(rig.local.run(mia, escalation(rig.local.key(u"1"_s), u"L3"_s)));
    const auto summary = rig.syncOnce();
    QCOMPARE(summary.failed, 1);
    QCOMPARE(rig.desk.field(u"1"_s, field::priority).toString(), u"normal"_s);
    QCOMPARE(rig.desk.requests(Push::Reply), 0); // no promise to the customer either
    QVERIFY(rig.local.waiting().first().error.contains(u"L3 Engineering"));
    QCOMPARE(rig.local.wrong(), QString());
}

void TestSend::waitsLongerEachTime()
{
    SeededRandom random(1);
    for (int attempts = 0; attempts <= 100; ++attempts) {
        for (int i = 0; i < 20; ++i) {
            const Millis wait = sync::backoff(attempts, random);
            QVERIFY(wait >= 1s);
            QVERIFY(wait <= 15min);
            QVERIFY(attempts < 2 || attempts > 9 || wait >= Millis(1000LL << (attempts - 1)));
        }
    }
}

QTEST_GUILESS_MAIN(TestSend)
#include "tst_send.moc"
