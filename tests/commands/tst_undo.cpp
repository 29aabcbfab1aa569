#include "tests/commands/commandtest.h"

#include "core/escalation/eventdata.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;
using test::CommandFixture;

class TestUndo : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void putsBack_data();
    void putsBack();
    void wordsCannotBeUndone();
    void beginningCannotBeUndone();
    void nothingToUndo();
    void laterChangesOfOthersStandInTheWay();
    void wordsOfOthersDoNot();
    void oneStepAfterAnother();
    void escalationIsWithdrawn();
    void acceptedEscalationIsNot();
    void questionStaysInTheThread();
    void namesWhatNoLongerCounts();

private:
    std::unique_ptr<CommandFixture> f;
};

void TestUndo::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
    DONE(f->newTicket(u"T-1"_s));
}

void TestUndo::cleanup()
{
    if (!QTest::currentTestFailed())
        QCOMPARE(f->wrong(u"T-1"_s), QString());
    f.reset();
}

void TestUndo::putsBack_data()
{
    QTest::addColumn<QString>("verb");
    for (const char *verb : { "set", "flag", "unflag", "triage", "claim", "reassign", "follow",
             "accept", "return", "confirm", "reopen", "withdraw", "review" })
        QTest::newRow(verb) << QString::fromLatin1(verb);
}

void TestUndo::putsBack()
{
    QFETCH(QString, verb);
    const QString t = u"T-1"_s;
    const QStringList escalated { u"accept"_s, u"return"_s, u"withdraw"_s, u"review"_s };
    if (verb == u"unflag" || verb == u"triage")
        DONE(f->run("amy", Flag { t, u"?"_s }));
    if (escalated.contains(verb))
        DONE(f->run("amy", CommandFixture::escalation(t)));
    if (verb == u"confirm" || verb == u"reopen")
        DONE(f->run("amy", Solve { t, {} }));
    if (verb == u"review") {
        DONE(f->run("bob", Accept { t }));
        DONE(f->run("bob", Solve { t, {} }));
        DONE(f->run("bob", Confirm { t, {} }));
    }
    TicketState before = f->state(t);
    f->clock.advance(std::chrono::minutes(1));
    if (verb == u"set")
        DONE(f->run(
            "lea", SetFields { t, { { u"priority"_s, u"urgent"_s }, { u"tags"_s, u"x"_s } } }));
    else if (verb == u"flag")
        DONE(f->run("lea", Flag { t, u"?"_s }));
    else if (verb == u"unflag")
        DONE(f->run("lea", Unflag { t }));
    else if (verb == u"triage")
        DONE(f->run("lea", Triage { t }));
    else if (verb == u"claim")
        DONE(f->run("lea", Claim { t }));
    else if (verb == u"reassign")
        DONE(f->run("lea", Reassign { t, u"Frontline"_s, u"amy"_s, u"n"_s }));
    else if (verb == u"follow")
        DONE(f->run("lea", Follow { t }));
    else if (verb == u"accept")
        DONE(f->run("lea", Accept { t }));
    else if (verb == u"return")
        DONE(f->run("lea", Return { t, Verdict::WrongTeam, u"n"_s }));
    else if (verb == u"confirm")
        DONE(f->run("lea", Confirm { t, { u"x"_s } }));
    else if (verb == u"reopen")
        DONE(f->run("lea", Reopen { t, u"n"_s }));
    else if (verb == u"withdraw")
        DONE(f->run("lea", Withdraw { t, u"n"_s }));
    else
        DONE(f->run("lea", Review { t, {} }));
    QVERIFY(f->state(t) != before);
    VALUE(done, f->run("lea", Undo { t }));
    before.ticket.updated = done.state.ticket.updated; // undoing is something that happened
    QCOMPARE(done.state, before);
    QCOMPARE(f->state(t), before);
}

void TestUndo::wordsCannotBeUndone()
{
    DONE(f->run("ann", Claim { u"T-1"_s }));
    DONE(f->run("ann", Reply { u"T-1"_s, u"Hello"_s }));
    const auto reply = f->run("ann", Undo { u"T-1"_s });
    QCOMPARE(reply.error().fault, Fault::Conflict);
    QVERIFY(reply.error().detail.contains(u"reply"_s));
    DONE(f->run("ann", Note { u"T-1"_s, u"for @bob"_s, {} }));
    FAULT(f->run("ann", Undo { u"T-1"_s }), Fault::Conflict);
    QCOMPARE(f->state(u"T-1"_s).ticket.assignee, u"ann"_s);
}

void TestUndo::beginningCannotBeUndone()
{
    const auto refused = f->run("ann", Undo { u"T-1"_s });
    QCOMPARE(refused.error().fault, Fault::Conflict);
    QVERIFY(f->state(u"T-1"_s).ticket.id);
}

void TestUndo::nothingToUndo()
{
    FAULT(f->run("amy", Undo { u"T-1"_s }), Fault::Conflict);
}

void TestUndo::laterChangesOfOthersStandInTheWay()
{
    DONE(f->run("ann", Claim { u"T-1"_s }));
    DONE(f->run("amy", SetFields { u"T-1"_s, { { u"priority"_s, u"low"_s } } }));
    const auto refused = f->run("ann", Undo { u"T-1"_s });
    QCOMPARE(refused.error().fault, Fault::Conflict);
    QVERIFY2(refused.error().detail.contains(u"AMY"_s), qPrintable(refused.error().detail));
    DONE(f->run("amy", Undo { u"T-1"_s }));
    DONE(f->run("ann", Undo { u"T-1"_s }));
}

void TestUndo::wordsOfOthersDoNot()
{
    DONE(f->run("ann", Claim { u"T-1"_s }));
    DONE(f->run("amy", Note { u"T-1"_s, u"for @bob"_s, {} }));
    DONE(f->run("amy", CustomerMessage { u"T-1"_s, u"Hello?"_s }));
    VALUE(done, f->run("ann", Undo { u"T-1"_s }));
    QVERIFY(done.state.ticket.assignee.isEmpty());
    QVERIFY(done.state.ticket.followers.contains(u"bob"_s));
}

void TestUndo::oneStepAfterAnother()
{
    DONE(f->run("amy", SetFields { u"T-1"_s, { { u"priority"_s, u"low"_s } } }));
    DONE(f->run("amy", SetFields { u"T-1"_s, { { u"priority"_s, u"high"_s } } }));
    VALUE(first, f->run("amy", Undo { u"T-1"_s }));
    QCOMPARE(first.state.ticket.priority, Priority::Low);
    VALUE(second, f->run("amy", Undo { u"T-1"_s }));
    QCOMPARE(second.state.ticket.priority, Priority::Normal);
    FAULT(f->run("amy", Undo { u"T-1"_s }), Fault::Conflict);
}

void TestUndo::escalationIsWithdrawn()
{
    DONE(f->run("amy", CommandFixture::escalation(u"T-1"_s)));
    VALUE(done, f->run("amy", Undo { u"T-1"_s }));
    QCOMPARE(done.state.escalations.back().outcome, tierline::Outcome::Withdrawn);
    QCOMPARE(done.state.ticket.tier, u"L1"_s);
    QCOMPARE(done.events.back().kind, EventKind::Withdrawn);
    QVERIFY(!done.events.back().note.isEmpty());
    VALUE(messages, storage::loadMessages(f->connection(), done.state.ticket.id));
    QCOMPARE(messages.size(), size_t(2)); // what the customer was told was told
}

void TestUndo::acceptedEscalationIsNot()
{
    DONE(f->run("amy", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", Accept { u"T-1"_s }));
    const auto refused = f->run("amy", Undo { u"T-1"_s });
    QCOMPARE(refused.error().fault, Fault::Conflict);
    QVERIFY(refused.error().detail.contains(u"accepted"_s));
    QCOMPARE(f->state(u"T-1"_s).ticket.tier, u"L2"_s);
}

void TestUndo::questionStaysInTheThread()
{
    DONE(f->run("ann", Solve { u"T-1"_s, {} }));
    VALUE(done, f->run("ann", Undo { u"T-1"_s }));
    QCOMPARE(done.state.ticket.status, Status::New);
    QVERIFY(!done.state.ticket.isAwaitingYes);
    VALUE(messages, storage::loadMessages(f->connection(), done.state.ticket.id));
    QCOMPARE(messages.size(), size_t(2));
}

void TestUndo::namesWhatNoLongerCounts()
{
    VALUE(claimed, f->run("ann", Claim { u"T-1"_s }));
    VALUE(done, f->run("ann", Undo { u"T-1"_s }));
    const Event &event = done.events.back();
    QCOMPARE(event.kind, EventKind::Undone);
    QCOMPARE(
        event.data.value(eventdata::undoes).toArray(), (QJsonArray { claimed.events.back().id.v }));
    VALUE(events, storage::loadEvents(f->connection(), done.state.ticket.id));
    QCOMPARE(events.back(), event);
    QCOMPARE(events.at(events.size() - 2).kind, EventKind::Claimed); // nothing is ever removed
}

QTEST_GUILESS_MAIN(TestUndo)
#include "tst_undo.moc"
