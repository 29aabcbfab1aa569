// What a ticket's log says of who waits for whom, since when, and how often.

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"
#include "core/rules/activity.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant start { 1'780'912'800'000 };

/// A log that is told line by line; instants are minutes since the start.
class Log
{
public:
    Log()
    {
        Event created = at(0, EventKind::Created, AuthorKind::Customer);
        created.tier = u"L1"_s;
        created.team = u"Frontline"_s;
        created.status = Status::New;
        created.data = { { eventdata::key, u"T-1"_s } };
        take(created);
    }

    Event at(qint64 minute, EventKind kind, AuthorKind actor = AuthorKind::Agent) const
    {
        const Instant when = start + Millis(minute * 60'000);
        return { .id = { qint64(m_events) + 1 },
            .ticket = { 1 },
            .at = when,
            .order = when,
            .kind = kind,
            .actor = u"x"_s,
            .actorKind = actor };
    }

    void take(const Event &event)
    {
        ++m_events;
        escalation::apply(m_state, event);
        m_fold.apply(event, m_state);
    }
    void message(qint64 minute, AuthorKind actor, const QJsonObject &data = {})
    {
        Event event = at(minute, EventKind::Message, actor);
        event.data = data;
        take(event);
    }
    void status(qint64 minute, EventKind kind, Status status)
    {
        Event event = at(minute, kind);
        event.status = status;
        take(event);
    }

    const Activity &now() const { return m_fold.activity(); }

private:
    TicketState m_state;
    ActivityFold m_fold;
    int m_events = 0;
};

/// Minutes since the start, -1 for none, -2 where it is not known.
qint64 minute(const Told<Instant> &told)
{
    return told.hasValue() ? (*told - start).count() / 60'000 : told.isKnown() ? -1 : -2;
}

} // namespace

class TestActivity : public QObject
{
    Q_OBJECT

private slots:
    void whoWaitsForWhom();
    void aWordThatNeedsNoAnswerIsSettled();
    void aLogWithoutThreadSaysNothingOfAnswers();
    void solvingEndsEveryWait();
    void reopeningBeginsANewLife();
    void placesAndHands();
    void escalationsWaitToBeAccepted();
    void machinesTouchNothing();
};

void TestActivity::whoWaitsForWhom()
{
    Log log;
    log.message(1, AuthorKind::Customer);
    log.message(5, AuthorKind::Customer);
    QCOMPARE(minute(log.now().waitingSince), 1); // the oldest word without an answer
    QCOMPARE(*log.now().unansweredMessages, 2);
    log.message(6, AuthorKind::Agent, { { eventdata::internal, true } });
    log.message(7, AuthorKind::Bot);
    log.message(8, AuthorKind::Agent, { { eventdata::notice, true } });
    QCOMPARE(minute(log.now().waitingSince), 1);
    log.message(10, AuthorKind::Agent);
    QCOMPARE(minute(log.now().waitingSince), -1);
    QCOMPARE(minute(log.now().customerSilentSince), 10);
    QCOMPARE(*log.now().unansweredMessages, 0);
    QCOMPARE(log.now().attempts.value(u"L1"_s), 1);
    log.message(20, AuthorKind::Customer);
    QCOMPARE(minute(log.now().waitingSince), 20);
    QCOMPARE(minute(log.now().customerSilentSince), -1);
}

void TestActivity::aWordThatNeedsNoAnswerIsSettled()
{
    Log log;
    log.message(1, AuthorKind::Customer);
    log.message(5, AuthorKind::Customer);
    Event settled = log.at(6, EventKind::Changed);
    settled.data = { { eventdata::noAnswer, u"They said thanks"_s } };
    log.take(settled);
    QCOMPARE(minute(log.now().waitingSince), -1);
    QCOMPARE(*log.now().unansweredMessages, 0);
    QCOMPARE(minute(log.now().customerSilentSince), -1); // we asked nothing
    QVERIFY(!log.now().attempts.contains(u"L1"_s));
    log.message(20, AuthorKind::Customer);
    QCOMPARE(minute(log.now().waitingSince), 20);
}

void TestActivity::aLogWithoutThreadSaysNothingOfAnswers()
{
    Log log;
    log.status(3, EventKind::Changed, Status::Open);
    QCOMPARE(minute(log.now().waitingSince), -2);
    QVERIFY(!log.now().hasAttempts);
    QCOMPARE(minute(log.now().openSince), 0);
    QCOMPARE(minute(log.now().statusSince), 3);
}

void TestActivity::solvingEndsEveryWait()
{
    Log log;
    log.message(1, AuthorKind::Customer);
    log.status(9, EventKind::Solved, Status::Solved);
    for (const auto &told : std::vector<Told<Instant>> { log.now().waitingSince,
             log.now().customerSilentSince, log.now().openSince, log.now().tierSince,
             log.now().unassignedSince, log.now().touchedAt })
        QCOMPARE(minute(told), -1);
    QCOMPARE(minute(log.now().statusSince), 9);
    // The customer's thanks wake nothing that the fold of the ticket does not wake.
    log.message(12, AuthorKind::Customer);
    QCOMPARE(minute(log.now().openSince), -1);
    QCOMPARE(minute(log.now().waitingSince), -1);
}

void TestActivity::reopeningBeginsANewLife()
{
    Log log;
    log.message(1, AuthorKind::Customer);
    log.message(2, AuthorKind::Agent);
    log.status(9, EventKind::Solved, Status::Solved);
    log.status(30, EventKind::Reopened, Status::Open);
    QCOMPARE(*log.now().reopened, 1);
    QCOMPARE(minute(log.now().openSince), 30);
    QCOMPARE(minute(log.now().tierSince), 30);
    QCOMPARE((*log.now().cycleStart - start).count(), 30 * 60'000);
    QCOMPARE(log.now().failedFixes.value(u"L1"_s), 1);
    log.status(40, EventKind::Solved, Status::Solved);
    log.status(50, EventKind::Reopened, Status::Open);
    QCOMPARE(*log.now().reopened, 2);
    QCOMPARE(log.now().failedFixes.value(u"L1"_s), 2);
}

void TestActivity::placesAndHands()
{
    Log log;
    QCOMPARE(minute(log.now().unassignedSince), 0);
    Event claim = log.at(4, EventKind::Claimed);
    claim.assignee = u"priya"_s;
    log.take(claim);
    QCOMPARE(minute(log.now().unassignedSince), -1);
    Event move = log.at(8, EventKind::Reassigned);
    move.team = u"Billing"_s;
    move.assignee = QString();
    log.take(move);
    QCOMPARE(*log.now().handovers, 1);
    QCOMPARE(minute(log.now().unassignedSince), 8);
    QCOMPARE(minute(log.now().tierSince), 0);
    QCOMPARE(minute(log.now().touchedAt), 8);
}

void TestActivity::escalationsWaitToBeAccepted()
{
    Log log;
    log.take(log.at(2, EventKind::Flagged));
    QCOMPARE(minute(log.now().flaggedSince), 2);
    Event move = log.at(6, EventKind::Escalated);
    move.tier = u"L2"_s;
    move.data = { { eventdata::escalation,
        QJsonObject { { eventdata::id, u"6f1c0b52-0000-4000-8000-000000000001"_s },
            { eventdata::kind, u"functional"_s }, { eventdata::reason, u"sla-risk"_s },
            { eventdata::fromRank, 1 }, { eventdata::toRank, 2 } } } };
    log.take(move);
    QCOMPARE(minute(log.now().flaggedSince), -1);
    QCOMPARE(minute(log.now().unacceptedSince), 6);
    QCOMPARE(minute(log.now().tierSince), 6);
    log.take(log.at(9, EventKind::Accepted));
    QCOMPARE(minute(log.now().unacceptedSince), -1);
    QCOMPARE(minute(log.now().acceptedUntouchedSince), 9);
    log.message(11, AuthorKind::Customer);
    QCOMPARE(minute(log.now().acceptedUntouchedSince), 9);
    log.message(15, AuthorKind::Agent, { { eventdata::internal, true } });
    QCOMPARE(minute(log.now().acceptedUntouchedSince), -1);
}

void TestActivity::machinesTouchNothing()
{
    Log log;
    log.message(5, AuthorKind::Bot);
    Event tag = log.at(7, EventKind::Changed, AuthorKind::System);
    log.take(tag);
    QCOMPARE(minute(log.now().touchedAt), 0);
}

QTEST_GUILESS_MAIN(TestActivity)
#include "tst_activity.moc"
