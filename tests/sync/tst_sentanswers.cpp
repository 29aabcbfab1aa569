#include "tests/sync/clocktest.h"

#include "core/escalation/clockpast.h"
#include "core/escalation/eventdata.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// An answer is one for the customer once their helpdesk has it, whenever it was written here: until then the
// clock runs on and says what would stop it.

namespace {

const QString mia = u"mia"_s;

struct Answered {
    SyncRig rig;

    bool begin()
    {
        const bool isAgreed = agreeOnAnHour(rig).has_value();
        rig.syncOnce();
        return isAgreed && clock().isOpen() && !clock().stopsWhenSent;
    }
    bool reply()
    {
        return rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s })
            .has_value();
    }
    sla::TicketClock clock() { return ownClock(rig, u"1"_s, sla::ClockKind::FirstResponse); }
    std::optional<Instant> due() { return rig.local.state(u"1"_s).ticket.due; }
    int reached()
    {
        const auto events = storage::loadEvents(rig.local.connection(), rig.local.idOf(u"1"_s));
        return events ? int(std::ranges::count_if(*events,
                   [](const Event &event) { return event.data.contains(eventdata::reached); }))
                      : -1;
    }
};

} // namespace

class TestSentAnswers : public QObject
{
    Q_OBJECT
private slots:
    void theClockRunsUntilItIsSent();
    void whatIsSentTooLateIsLate();
    void aLostAnswerCountsFromItsSending();
    void anEchoTellsIt();
    void whatIsSolvedWithAnAnswerWaitsWithIt();
    void aLaterStatusStands();
    void notesCountAtOnce();
};

void TestSentAnswers::theClockRunsUntilItIsSent()
{
    Answered desk;
    QVERIFY(desk.begin());
    const std::optional<Instant> due = desk.due();
    QVERIFY(due.has_value());
    QVERIFY(desk.reply());
    desk.rig.loop.runFor(30min);
    QVERIFY(desk.clock().isOpen());
    QVERIFY(desk.clock().stopsWhenSent);
    QCOMPARE(desk.due(), due);
    const Instant sent = desk.rig.clock.now();
    desk.rig.syncOnce();
    QVERIFY(desk.clock().cycle.met.has_value());
    QVERIFY(*desk.clock().cycle.met >= sent);
    QVERIFY(*desk.clock().cycle.met < sent + 1min);
    QVERIFY(!desk.clock().stopsWhenSent);
    QVERIFY(desk.due() != due);
    // Whatever comes back of it later says nothing new.
    desk.rig.settle();
    QCOMPARE(desk.reached(), 1);
    QCOMPARE(desk.rig.local.wrong(), QString());
}

void TestSentAnswers::whatIsSentTooLateIsLate()
{
    Answered desk;
    QVERIFY(desk.begin());
    QVERIFY(desk.reply());
    desk.rig.loop.runFor(90min);
    QCOMPARE(desk.clock().reading.state, sla::State::BreachedRunning);
    desk.rig.syncOnce();
    QCOMPARE(desk.clock().reading.state, sla::State::MetLate);
    QCOMPARE(desk.rig.local.wrong(), QString());
}

void TestSentAnswers::aLostAnswerCountsFromItsSending()
{
    Answered desk;
    QVERIFY(desk.begin());
    QVERIFY(desk.reply());
    desk.rig.loop.runFor(5min);
    const Instant sent = desk.rig.clock.now();
    desk.rig.desk.onNth(1, Push::Reply, Lie::ApplyThenDropAnswer);
    desk.rig.syncOnce({ .pull = false });
    QVERIFY(desk.clock().isOpen()); // nobody knows yet
    desk.rig.loop.runFor(2h);
    for (int round = 0; round < 5; ++round) {
        desk.rig.syncOnce({ .pull = false });
        desk.rig.loop.runFor(20s);
    }
    QVERIFY(desk.rig.local.waiting().isEmpty());
    QVERIFY(desk.clock().cycle.met.has_value());
    QVERIFY(*desk.clock().cycle.met < sent + 1min);
    QCOMPARE(desk.clock().reading.state, sla::State::Met);
    QCOMPARE(desk.reached(), 1);
    QCOMPARE(desk.rig.local.wrong(), QString());
}

void TestSentAnswers::anEchoTellsIt()
{
    Answered desk;
    QVERIFY(desk.begin());
    QVERIFY(desk.reply());
    const Instant sent = desk.rig.clock.now();
    desk.rig.desk.onNth(1, Push::Reply, Lie::ApplyThenDropAnswer);
    desk.rig.syncOnce({ .pull = false });
    desk.rig.loop.runFor(2h);
    desk.rig.syncOnce(); // the pull comes first
    QVERIFY(desk.rig.local.waiting().isEmpty());
    QVERIFY(desk.clock().cycle.met.has_value());
    QVERIFY(*desk.clock().cycle.met < sent + 1min);
    QCOMPARE(desk.reached(), 1);
    desk.rig.settle();
    QCOMPARE(desk.reached(), 1);
}

void TestSentAnswers::whatIsSolvedWithAnAnswerWaitsWithIt()
{
    Answered desk;
    QVERIFY(desk.begin());
    DONE(desk.rig.local.run(
        mia, commands::Solve { .ticket = desk.rig.local.key(u"1"_s), .text = u"Done."_s }));
    desk.rig.loop.runFor(30min);
    QVERIFY(desk.clock().isOpen());
    QVERIFY(desk.clock().stopsWhenSent);
    const Instant sent = desk.rig.clock.now();
    desk.rig.syncOnce();
    QVERIFY(desk.clock().cycle.met.has_value());
    QVERIFY(*desk.clock().cycle.met >= sent);
    QVERIFY(!desk.clock().isClosedUnanswered);
}

void TestSentAnswers::aLaterStatusStands()
{
    Answered desk;
    QVERIFY(desk.begin());
    const QString key = desk.rig.local.key(u"1"_s);
    DONE(desk.rig.local.run(mia, commands::Solve { .ticket = key, .text = u"Done."_s }));
    desk.rig.loop.runFor(10min);
    DONE(desk.rig.local.run(mia, commands::Reopen { .ticket = key, .note = u"Not yet."_s }));
    desk.rig.loop.runFor(10min);
    desk.rig.settle();
    QCOMPARE(desk.rig.local.state(u"1"_s).ticket.status, Status::Open);
    const auto events
        = storage::loadEvents(desk.rig.local.connection(), desk.rig.local.idOf(u"1"_s));
    QVERIFY(events.has_value());
    const escalation::ClockPeople people;
    Status last = Status::Solved;
    for (const sla::Fact &fact : escalation::clockPast(*events, people).facts) {
        if (fact.kind == sla::Fact::Kind::StatusSet)
            last = fact.status;
    }
    QCOMPARE(last, Status::Open);
}

/// What colleagues read is there at once, and so is the stage's own clock.
void TestSentAnswers::notesCountAtOnce()
{
    Answered desk;
    QVERIFY(desk.begin());
    DONE(desk.rig.local.run(mia, commands::Note { desk.rig.local.key(u"1"_s), u"Look."_s, {} }));
    desk.rig.settle();
    QCOMPARE(desk.reached(), 0);
    QVERIFY(desk.clock().isOpen());
}

QTEST_GUILESS_MAIN(TestSentAnswers)
#include "tst_sentanswers.moc"
