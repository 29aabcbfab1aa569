#include "tests/sync/clocktest.h"

#include "core/escalation/eventdata.h"
#include "core/sync/decide.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sync::Side;
namespace field = connectors::field;

// What a person gave up before the helpdesk had heard of it: the log says which operation it was and which
// messages stay here, so that nobody takes them for sent.

namespace {

const QString mia = u"mia"_s;
const QString notice = u"We have asked our specialists."_s;

Result<Done> drop(SyncRig &rig, const QString &operation)
{
    SeededRandom random { 3 };
    return rig.store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) {
            return sync::dropOperation(scope, random, operation, mia);
        });
}

std::vector<Event> logOf(SyncRig &rig, const QString &ticket)
{
    const auto events = storage::loadEvents(rig.local.connection(), rig.local.idOf(ticket));
    return events ? *events : std::vector<Event>();
}

/// Texts of the messages that an event says stay here.
QStringList unsentOf(SyncRig &rig, const QString &ticket, const Event &event)
{
    QStringList texts;
    const auto messages = storage::loadMessages(rig.local.connection(), rig.local.idOf(ticket));
    for (const QJsonValue id : event.data.value(eventdata::unsent).toArray()) {
        for (const Message &message : *messages) {
            if (message.id.v == id.toInteger())
                texts.append(message.text);
        }
    }
    return texts;
}

} // namespace

class TestGivenUp : public QObject
{
    Q_OBJECT
private slots:
    void aReplyIsNamed();
    void aReplyThatStaysHereAnswersNobody();
    void ofTwoEqualOnesTheRightOneIsNamed();
    void whatHadLeftIsNotNamed();
    void aWithdrawalNamesThePerson();
    void theirPlaceKeepsTheNoticeBack();
    void ourPlaceSendsTheNotice();
    void theirOwnerSendsTheNotice();
};

void TestGivenUp::aReplyIsNamed()
{
    SyncRig rig;
    rig.syncOnce();
    const auto reply = rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s });
    QVERIFY(reply);
    DONE(drop(rig, reply->operation));
    const Event last = logOf(rig, u"1"_s).back();
    QCOMPARE(last.data.value(eventdata::dropped).toString(), reply->operation);
    QCOMPARE(unsentOf(rig, u"1"_s, last), QStringList { u"Hello."_s });
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hello."_s), 0);
}

/// The customer never got it: the clock of the first answer goes on as if it had not been written, and the queue has
/// its due time again.
void TestGivenUp::aReplyThatStaysHereAnswersNobody()
{
    SyncRig rig;
    DONE(agreeOnAnHour(rig));
    rig.syncOnce();
    const auto first = [&] { return ownClock(rig, u"1"_s, sla::ClockKind::FirstResponse); };
    const auto due = [&] { return rig.local.state(u"1"_s).ticket.due; };
    const std::optional<Instant> before = due();
    QVERIFY(first().isOpen());
    QVERIFY(before.has_value());
    QCOMPARE(first().reading.due, before);
    const auto reply = rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s });
    QVERIFY(reply);
    QVERIFY(first().isOpen() && first().stopsWhenSent);
    DONE(drop(rig, reply->operation));
    QVERIFY(first().isOpen() && !first().stopsWhenSent);
    QCOMPARE(first().reading.due, before);
    QCOMPARE(due(), before);
    rig.settle();
    QCOMPARE(due(), before);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestGivenUp::ofTwoEqualOnesTheRightOneIsNamed()
{
    SyncRig rig;
    rig.syncOnce();
    const commands::Reply words { rig.local.key(u"1"_s), u"The same."_s };
    const auto first = rig.local.run(mia, words);
    const auto second = rig.local.run(mia, words);
    QVERIFY(first && second);
    DONE(drop(rig, second->operation));
    const std::vector<Event> log = logOf(rig, u"1"_s);
    const auto said = std::ranges::find_if(log, [&](const Event &event) {
        return event.operation == second->operation && event.kind == EventKind::Message;
    });
    QVERIFY(said != log.end());
    QCOMPARE(log.back().data.value(eventdata::unsent).toArray(), QJsonArray { said->message.v });
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"The same."_s), 1);
}

/// Of an escalation whose note and move are there, only the notice stays here.
void TestGivenUp::whatHadLeftIsNotNamed()
{
    SyncRig rig;
    rig.syncOnce();
    commands::Escalate escalate = escalation(rig.local.key(u"1"_s));
    escalate.notice = notice;
    const auto escalated = rig.local.run(mia, escalate);
    QVERIFY(escalated);
    rig.desk.onNth(1, Push::Reply, Lie::Reject);
    rig.syncOnce();
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
    DONE(drop(rig, escalated->operation));
    const std::vector<Event> log = logOf(rig, u"1"_s);
    const auto dropped = std::ranges::find_if(
        log, [](const Event &event) { return event.data.contains(eventdata::dropped); });
    QVERIFY(dropped != log.end());
    QCOMPARE(dropped->data.value(eventdata::dropped).toString(), escalated->operation);
    QCOMPARE(unsentOf(rig, u"1"_s, *dropped), QStringList { notice });
}

/// Colleagues at the helpdesk know people by their names, not by our ids.
void TestGivenUp::aWithdrawalNamesThePerson()
{
    SyncRig rig;
    rig.syncOnce();
    const auto escalated = rig.local.run(mia, escalation(rig.local.key(u"1"_s)));
    QVERIFY(escalated);
    rig.desk.onNth(1, Push::Fields, Lie::Reject); // the note is there, the move is not
    rig.syncOnce();
    DONE(drop(rig, escalated->operation));
    rig.desk.beHonest();
    const auto waiting = rig.local.waiting();
    QCOMPARE(waiting.size(), 1);
    QCOMPARE(waiting.first().kind, u"withdraw"_s);
    QCOMPARE(waiting.first().body.value("actor"_L1).toString(), mia);
    QCOMPARE(waiting.first().body.value("actor_name"_L1).toString(), u"Mia Own"_s);
    QVERIFY(waiting.first().body.value("note"_L1).toString().startsWith(u"Mia Own withdrew"));
    rig.settle();
    QVERIFY(rig.local.waiting().isEmpty());
}

namespace {

/// An escalation, and somebody there who changes a field of it before it is sent; then a choice.
void escalateAndChoose(SyncRig &rig, const QString &name, const QJsonValue &theirs, Side side)
{
    rig.syncOnce();
    commands::Escalate escalate = escalation(rig.local.key(u"1"_s));
    escalate.notice = notice;
    DONE(rig.local.run(mia, escalate));
    rig.desk.set(u"1"_s, u"8"_s, name, theirs);
    rig.syncOnce();
    QCOMPARE(rig.local.conflicts().size(), size_t(1));
    const QString id = rig.local.conflicts().front().id;
    DONE(rig.store.store().write(storage::Durability::Background,
        [&](storage::WriteScope &scope) { return sync::resolveConflict(scope, id, side, mia); }));
}

} // namespace

/// The notice tells of a move that is not made: the customer does not get it, the agent sees that, and
/// colleagues read it in the handoff.
void TestGivenUp::theirPlaceKeepsTheNoticeBack()
{
    SyncRig rig;
    escalateAndChoose(rig, field::place, u"L2 Billing"_s, Side::Remote);
    if (QTest::currentTestFailed())
        return;
    const Event choice = logOf(rig, u"1"_s).back();
    QCOMPARE(choice.kind, EventKind::Moved);
    QVERIFY2(choice.note.contains(u"The customer was not told"_s), qPrintable(choice.note));
    QCOMPARE(unsentOf(rig, u"1"_s, choice), QStringList { notice });
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, notice), 0);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
    QCOMPARE(rig.desk.field(u"1"_s, field::place).toString(), u"L2 Billing"_s);
    const auto state = rig.desk.state();
    const auto &messages = state.tickets.at(u"1"_s).messages;
    QVERIFY(std::ranges::any_of(messages, [](const MessagePicture &message) {
        return message.kind == MessageKind::InternalNote
            && message.text.contains(u"The customer was not told"_s);
    }));
    QVERIFY(rig.local.waiting().isEmpty());
    QCOMPARE(rig.local.wrong(), QString());
}

void TestGivenUp::ourPlaceSendsTheNotice()
{
    SyncRig rig;
    escalateAndChoose(rig, field::place, u"L2 Billing"_s, Side::Local);
    if (QTest::currentTestFailed())
        return;
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, notice), 1);
    QCOMPARE(rig.local.wrong(), QString());
}

void TestGivenUp::theirOwnerSendsTheNotice()
{
    SyncRig rig;
    escalateAndChoose(rig, field::priority, u"urgent"_s, Side::Remote);
    if (QTest::currentTestFailed())
        return;
    rig.settle();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, notice), 1);
    QCOMPARE(rig.local.wrong(), QString());
}

QTEST_GUILESS_MAIN(TestGivenUp)
#include "tst_givenup.moc"
