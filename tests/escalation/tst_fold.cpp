#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"
#include "core/escalation/limits.h"

#include <QJsonArray>
#include <QRandomGenerator>
#include <QTest>

using namespace tierline;
using namespace tierline::escalation;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Instant start { 1'780'920'000'000 }; // 2026-06-08T12:00:00Z

QList<Tier> tiers()
{
    return { { .id = u"L1"_s, .name = u"Frontline"_s, .rank = 1 },
        { .id = u"L2"_s,
            .name = u"Specialists"_s,
            .rank = 2,
            .acceptWithin = 10min,
            .resolveWithin = 6h },
        { .id = u"L3"_s,
            .name = u"Engineering"_s,
            .rank = 3,
            .acceptWithin = 20min,
            .resolveWithin = 48h } };
}

/// A log being written, one event a minute unless said otherwise, each frozen as commands do.
class Log
{
public:
    Log()
    {
        add({ .kind = EventKind::Created,
            .actor = u"customer"_s,
            .tier = u"L1"_s,
            .status = Status::New,
            .priority = Priority::Normal,
            .data = { { eventdata::key, u"T-1"_s }, { eventdata::subject, u"Cannot log in"_s } } });
    }

    void add(Event event)
    {
        event.id = { ++m_lastId };
        event.at = event.order = now;
        freeze(state, event, tiers());
        apply(state, event);
        events.push_back(event);
        now = now + 1min;
    }
    void add(EventKind kind, const QString &actor, QJsonObject data = {})
    {
        add({ .kind = kind, .actor = actor, .data = data });
    }
    void escalate(const QString &tier, int from, int to, Priority priority = Priority::High)
    {
        const QJsonObject move { { eventdata::id, u"e%1"_s.arg(m_lastId) },
            { eventdata::kind, u"functional"_s }, { eventdata::trigger, u"reactive"_s },
            { eventdata::reason, u"missing-tools"_s },
            { eventdata::sentence, u"missing tools: login"_s }, { eventdata::fromRank, from },
            { eventdata::toRank, to } };
        add({ .kind = EventKind::Escalated,
            .actor = u"ann"_s,
            .tier = tier,
            .team = u"Team "_s + tier,
            .assignee = QString(),
            .status = Status::Open,
            .priority = priority,
            .note = u"login"_s,
            .data = { { eventdata::escalation, move } } });
    }
    void accept(const QString &who)
    {
        add({ .kind = EventKind::Accepted, .actor = who, .assignee = who });
    }
    void message(const QString &who, AuthorKind kind, QJsonObject data = {})
    {
        add({ .kind = EventKind::Message, .actor = who, .actorKind = kind, .data = data });
    }
    void solve(const QString &who)
    {
        add({ .kind = EventKind::Solved, .actor = who, .status = Status::Solved });
    }
    QString stages() const
    {
        QStringList list;
        for (const StageEntry &row : state.escalations.back().stages)
            list.append(code(row.stage) + u':' + row.owner);
        return list.join(u' ');
    }

    Instant now = start;
    TicketState state;
    std::vector<Event> events;

private:
    qint64 m_lastId = 0;
};

} // namespace

class TestFold : public QObject
{
    Q_OBJECT
private slots:
    void createdCarriesTheTicket();
    void wholeWay();
    void limitsAreTheTiersOwn();
    void ranksAndOriginAreFrozen();
    void flagLeadsToTheSameRecord();
    void returnEndsIt();
    void reversal();
    void verdictThatComesLater();
    void furtherUp();
    void reassignKeepsTheLimit();
    void noReopeningWithoutTheTable();
    void touchedPriorityIsForgotten();
    void undoneEventsAreLeftOut();
    void fieldsMerge();
    void clockSetBack();
    void outsideMoves();
    void importedHistoryEnds();
    void secondBeginningIsAChange();
    void flagThatEndedBeforeItsEscalation();
    void randomLogs();
};

void TestFold::createdCarriesTheTicket()
{
    Log log;
    const Ticket &t = log.state.ticket;
    QCOMPARE(t.key, u"T-1"_s);
    QCOMPARE(t.subject, u"Cannot log in"_s);
    QCOMPARE(t.tier, u"L1"_s);
    QCOMPARE(t.startTier, u"L1"_s);
    QCOMPARE(t.created, start);
    QCOMPARE(t.status, Status::New);
    QVERIFY(t.clock.isEmpty());
    QVERIFY(log.state.escalations.empty());
}

void TestFold::wholeWay()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    QCOMPARE(log.state.ticket.clock, u"accept"_s);
    QCOMPARE(log.state.ticket.reason, u"missing tools: login"_s);
    QCOMPARE(log.state.ticket.followers, QStringList { u"ann"_s });
    QCOMPARE(log.state.escalations.back().priorityBefore, std::optional(Priority::Normal));
    log.accept(u"bob"_s);
    QCOMPARE(log.state.ticket.clock, u"resolution"_s);
    QCOMPARE(log.state.escalations.back().acceptedBy, u"bob"_s);
    log.message(u"ann"_s, AuthorKind::Agent); // not of the receiving side
    log.message(u"bob"_s, AuthorKind::Agent, { { eventdata::internal, true } });
    QCOMPARE(log.state.openEscalation()->openStage()->stage, Stage::Resolution);
    log.message(u"bob"_s, AuthorKind::Agent, { { eventdata::receiving, true } });
    QCOMPARE(log.state.ticket.clock, u"communication"_s);
    log.message(u"Ada"_s, AuthorKind::Customer);
    log.solve(u"bob"_s);
    QVERIFY(log.state.ticket.isAwaitingYes);
    QVERIFY(!log.state.ticket.due);
    log.message(u"Ada"_s, AuthorKind::Customer); // a word is no yes and no no
    QVERIFY(log.state.ticket.isAwaitingYes);
    log.add({ .kind = EventKind::Confirmed, .actor = u"bob"_s, .status = Status::Closed });
    QVERIFY(!log.state.ticket.isAwaitingYes);
    QVERIFY(log.state.ticket.followers.isEmpty());
    log.add(EventKind::Reviewed, u"lea"_s);
    QCOMPARE(log.stages(),
        u"handoff:Team L2 resolution:bob communication:bob resolution:bob closure:bob review:bob"_s);
    const Escalation &record = log.state.escalations.back();
    QCOMPARE(record.outcome, Outcome::Resolved);
    QVERIFY(record.counts());
    QCOMPARE(*record.ended - record.opened, Millis(9min));
    QCOMPARE(inconsistency(log.state), QString());
    QCOMPARE(replay({}, log.events), log.state);
}

void TestFold::limitsAreTheTiersOwn()
{
    Log log;
    log.add({ .kind = EventKind::Flagged,
        .actor = u"ann"_s,
        .note = u"beyond me"_s,
        .data = { { eventdata::escalation,
            QJsonObject { { eventdata::id, u"e"_s }, { eventdata::fromRank, 1 } } } } });
    log.add(EventKind::Triaged, u"lea"_s);
    log.escalate(u"L2"_s, 1, 2);
    log.accept(u"bob"_s);
    log.message(u"bob"_s, AuthorKind::Agent, { { eventdata::receiving, true } });
    log.solve(u"bob"_s);
    log.add({ .kind = EventKind::Confirmed, .actor = u"bob"_s, .status = Status::Closed });
    const std::vector<Millis> expected { 30min, 15min, 10min, 6h, 24h, 72h, 7 * 24h };
    const auto &stages = log.state.escalations.back().stages;
    QCOMPARE(stages.size(), expected.size());
    for (size_t i = 0; i < stages.size(); ++i)
        QCOMPARE(*stages[i].limit - stages[i].entered, expected[i]);
}

void TestFold::ranksAndOriginAreFrozen()
{
    Log log;
    log.add({ .kind = EventKind::Changed, .actor = u"ann"_s, .assignee = u"ann"_s });
    log.escalate(u"L3"_s, 1, 3);
    const Escalation &record = log.state.escalations.back();
    QCOMPARE(record.fromRank, 1);
    QCOMPARE(record.toRank, 3);
    QCOMPARE(record.fromTier, u"L1"_s);
    QCOMPARE(record.toTier, u"L3"_s);
    QCOMPARE(record.toTeam, u"Team L3"_s);
    QCOMPARE(record.fromAssignee, u"ann"_s);
    QCOMPARE(record.trigger, Trigger::Reactive);
    QCOMPARE(record.reasonCode, u"missing-tools"_s);
}

void TestFold::flagLeadsToTheSameRecord()
{
    Log log;
    log.add({ .kind = EventKind::Flagged,
        .actor = u"fay"_s,
        .note = u"beyond me"_s,
        .data = { { eventdata::escalation,
            QJsonObject { { eventdata::id, u"e"_s }, { eventdata::fromRank, 1 } } } } });
    QCOMPARE(log.state.ticket.flagNote, u"beyond me"_s);
    QCOMPARE(log.state.ticket.clock, u"detection"_s);
    QVERIFY(!log.state.escalations.back().counts());
    log.escalate(u"L2"_s, 1, 2);
    QCOMPARE(log.state.escalations.size(), size_t(1));
    QVERIFY(!log.state.ticket.isFlagged());
    QCOMPARE(log.state.escalations.back().id, u"e"_s);
    QCOMPARE(log.state.ticket.followers, (QStringList { u"fay"_s, u"ann"_s }));
    QCOMPARE(log.stages(), u"detection:fay handoff:Team L2"_s);

    Log dropped;
    dropped.add({ .kind = EventKind::Flagged,
        .actor = u"fay"_s,
        .note = u"?"_s,
        .data = { { eventdata::escalation, QJsonObject { { eventdata::id, u"e"_s } } } } });
    dropped.solve(u"fay"_s);
    QCOMPARE(dropped.state.escalations.back().outcome, Outcome::Dropped);
    QVERIFY(!dropped.state.escalations.back().moved);
    QCOMPARE(inconsistency(dropped.state), QString());
}

void TestFold::returnEndsIt()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    log.accept(u"bob"_s);
    log.add({ .kind = EventKind::Returned,
        .actor = u"bob"_s,
        .tier = u"L1"_s,
        .team = QString(),
        .assignee = u"ann"_s,
        .data = { { eventdata::verdict, u"needs_information"_s } } });
    const Escalation &record = log.state.escalations.back();
    QCOMPARE(record.outcome, Outcome::Returned);
    QCOMPARE(record.verdict, std::optional(Verdict::NeedsInformation));
    QCOMPARE(log.state.ticket.tier, u"L1"_s);
    QVERIFY(log.state.ticket.reason.isEmpty());
    QVERIFY(!log.state.ticket.due);
    QCOMPARE(inconsistency(log.state), QString());
}

void TestFold::reversal()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    log.add({ .kind = EventKind::Returned,
        .actor = u"bob"_s,
        .tier = u"L1"_s,
        .data = { { eventdata::verdict, u"l1_could_have_solved"_s } } });
    QCOMPARE(log.state.escalations.back().outcome, Outcome::Reversed);
    QCOMPARE(inconsistency(log.state), QString());
}

void TestFold::verdictThatComesLater()
{
    Log log;
    log.add({ .kind = EventKind::Moved, .actor = u"ann"_s, .tier = u"L2"_s });
    log.add({ .kind = EventKind::Moved, .actor = u"bob"_s, .tier = u"L1"_s });
    QCOMPARE(log.state.escalations.back().outcome, Outcome::Returned);
    log.add(EventKind::Returned, u"bob"_s, { { eventdata::verdict, u"l1_could_have_solved"_s } });
    QCOMPARE(log.state.escalations.back().outcome, Outcome::Reversed);
    QCOMPARE(inconsistency(log.state), QString());
}

void TestFold::furtherUp()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    log.accept(u"bob"_s);
    log.solve(u"bob"_s);
    log.escalate(u"L3"_s, 2, 3, Priority::Urgent);
    QCOMPARE(log.state.escalations.size(), size_t(2));
    QCOMPARE(log.state.escalations[0].outcome, Outcome::Superseded);
    QCOMPARE(log.state.escalations[1].fromTier, u"L2"_s);
    QCOMPARE(log.state.escalations[1].fromAssignee, u"bob"_s);
    QCOMPARE(*log.state.escalations[0].ended, log.state.escalations[1].opened);
    QCOMPARE(log.state.ticket.status, Status::Open);
    QVERIFY(!log.state.ticket.isAwaitingYes);
    QCOMPARE(inconsistency(log.state), QString());
}

void TestFold::reassignKeepsTheLimit()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    const Instant limit = *log.state.openEscalation()->openStage()->limit;
    const Instant began = *log.state.ticket.clockStart;
    log.add({ .kind = EventKind::Reassigned,
        .actor = u"lea"_s,
        .team = u"Other"_s,
        .assignee = QString() });
    log.add({ .kind = EventKind::Claimed, .actor = u"bob"_s, .assignee = u"bob"_s });
    log.add({ .kind = EventKind::Claimed, .actor = u"bob"_s, .assignee = u"bob"_s }); // nothing new
    QCOMPARE(log.stages(), u"handoff:Team L2 handoff:Other handoff:bob"_s);
    QCOMPARE(*log.state.openEscalation()->openStage()->limit, limit);
    QCOMPARE(*log.state.ticket.due, limit);
    QCOMPARE(*log.state.ticket.clockStart, began);
    QCOMPARE(inconsistency(log.state), QString());
}

void TestFold::noReopeningWithoutTheTable()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    const auto before = log.state.escalations;
    for (const EventKind kind : { EventKind::Solved, EventKind::Confirmed, EventKind::Reviewed,
             EventKind::Flagged, EventKind::Unflagged, EventKind::Triaged, EventKind::Reopened })
        log.add(kind, u"bob"_s);
    QCOMPARE(log.state.escalations, before);
}

void TestFold::touchedPriorityIsForgotten()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    log.add({ .kind = EventKind::Changed, .actor = u"bob"_s, .priority = Priority::Low });
    QVERIFY(!log.state.openEscalation()->priorityBefore);
    QCOMPARE(log.state.ticket.priority, Priority::Low);
}

void TestFold::undoneEventsAreLeftOut()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    const TicketState before = log.state;
    log.accept(u"bob"_s);
    QJsonArray undone { log.events.back().id.v };
    log.add(EventKind::Undone, u"bob"_s, { { eventdata::undoes, undone } });
    TicketState after = replay({}, log.events);
    QCOMPARE(after.ticket.updated, log.events.back().at);
    after.ticket.updated = before.ticket.updated;
    QCOMPARE(after, before);
}

void TestFold::fieldsMerge()
{
    Log log;
    log.add(EventKind::Changed, u"ann"_s,
        { { eventdata::fields, QJsonObject { { u"impact"_s, u"high"_s }, { u"count"_s, 3 } } },
            { eventdata::tags, QJsonArray { u"a"_s, u"b"_s } },
            { eventdata::severity, u"critical"_s }, { eventdata::complex, true },
            { eventdata::subject, u"New"_s }, { eventdata::product, u"App"_s } });
    log.add(EventKind::LogRow, u"ann"_s,
        { { eventdata::fields,
              QJsonObject { { u"impact"_s, QJsonValue::Null }, { u"country"_s, u"SE"_s } } },
            { eventdata::severity, QString() } });
    const Ticket &t = log.state.ticket;
    QCOMPARE(t.fields, (QJsonObject { { u"count"_s, 3 }, { u"country"_s, u"SE"_s } }));
    QCOMPARE(t.tags, (QStringList { u"a"_s, u"b"_s }));
    QVERIFY(!t.severity);
    QVERIFY(t.isComplex);
    QCOMPARE(t.subject, u"New"_s);
    QCOMPARE(t.product, u"App"_s);
}

void TestFold::clockSetBack()
{
    Log log;
    log.escalate(u"L2"_s, 1, 2);
    log.now = log.now - 1h;
    log.accept(u"bob"_s);
    log.solve(u"bob"_s);
    QCOMPARE(inconsistency(log.state), QString());
    QCOMPARE(log.state.escalations.back().stages[0].entered,
        *log.state.escalations.back().stages[0].left);
}

void TestFold::outsideMoves()
{
    Log log;
    log.add({ .kind = EventKind::LogRow,
        .actor = u"Anna 3rd"_s,
        .tier = u"L2"_s,
        .team = u"V5 2nd"_s });
    const Escalation &first = log.state.escalations.back();
    QCOMPARE(first.reasonCode, u"outside"_s);
    QCOMPARE(first.kind, EscalationKind::Functional);
    QCOMPARE(first.fromRank, 1);
    QCOMPARE(first.toRank, 2);
    QVERIFY(!first.id.isEmpty());
    QCOMPARE(log.state.ticket.clock, u"accept"_s);
    log.add({ .kind = EventKind::LogRow, .actor = u"Nils"_s, .team = u"V6 2nd"_s });
    log.add({ .kind = EventKind::LogRow, .actor = u"Nils"_s, .status = Status::Solved });
    QCOMPARE(log.stages(), u"handoff:V5 2nd handoff:V6 2nd resolution:V6 2nd closure:V6 2nd"_s);
    QVERIFY(!log.state.ticket.isAwaitingYes); // nobody asked
    log.add({ .kind = EventKind::LogRow, .actor = u"Nils"_s, .status = Status::Open });
    QCOMPARE(log.state.openEscalation()->openStage()->stage, Stage::Resolution);
    log.add({ .kind = EventKind::LogRow, .actor = u"Nils"_s, .tier = u"L3"_s, .team = u"X"_s });
    QCOMPARE(log.state.escalations.size(), size_t(2));
    QVERIFY(log.state.escalations[0].id != log.state.escalations[1].id);
    log.add({ .kind = EventKind::LogRow, .actor = u"Nils"_s, .tier = u"L1"_s, .team = u"Y"_s });
    QCOMPARE(log.state.escalations[1].outcome, Outcome::Returned);
    QVERIFY(!log.state.escalations[1].verdict);
    QCOMPARE(inconsistency(log.state), QString());
    QCOMPARE(replay({}, log.events), log.state);
}

void TestFold::importedHistoryEnds()
{
    Log log;
    log.add({ .kind = EventKind::LogRow, .actor = u"Nils"_s, .tier = u"L2"_s, .origin = 7 });
    log.add(
        { .kind = EventKind::LogRow, .actor = u"Nils"_s, .status = Status::Closed, .origin = 8 });
    QCOMPARE(log.state.escalations.back().outcome, Outcome::Resolved);
    QCOMPARE(inconsistency(log.state), QString());
}

void TestFold::secondBeginningIsAChange()
{
    Log log;
    log.add({ .kind = EventKind::Created,
        .actor = u"x"_s,
        .tier = u"L1"_s,
        .data = { { eventdata::key, u"other"_s }, { eventdata::category, u"billing"_s } } });
    QCOMPARE(log.state.ticket.created, start);
    QCOMPARE(log.state.ticket.key, u"T-1"_s);
    QCOMPARE(log.state.ticket.category, u"billing"_s);
}

void TestFold::flagThatEndedBeforeItsEscalation()
{
    const QJsonObject move { { eventdata::id, u"11111111-1111-4111-8111-111111111111"_s },
        { eventdata::sentence, u"s"_s } };
    Log log;
    log.add({ .kind = EventKind::Flagged,
        .actor = u"ann"_s,
        .note = u"?"_s,
        .data = { { eventdata::escalation, move } } });
    log.add(
        { .kind = EventKind::LogRow, .actor = u"Nils"_s, .status = Status::Solved, .origin = 1 });
    log.add({ .kind = EventKind::Escalated,
        .actor = u"ann"_s,
        .tier = u"L2"_s,
        .status = Status::Open,
        .data = { { eventdata::escalation, move } } });
    QCOMPARE(log.state.escalations.size(), size_t(2));
    QCOMPARE(log.state.escalations[0].outcome, Outcome::Dropped);
    QVERIFY(log.state.escalations[0].id != log.state.escalations[1].id);
    QCOMPARE(inconsistency(log.state), QString());
    QCOMPARE(replay({}, log.events), log.state);
}

void TestFold::randomLogs()
{
    const quint64 seed = qEnvironmentVariableIsSet("TIERLINE_SEED")
        ? qEnvironmentVariable("TIERLINE_SEED").toULongLong()
        : QRandomGenerator::system()->generate64();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    const QStringList tierIds { u"L1"_s, u"L2"_s, u"L3"_s };
    const QStringList people { u"ann"_s, u"bob"_s, u"lea"_s };
    for (int round = 0; round < 2000; ++round) {
        Log log;
        const qint64 length = random.below(40);
        for (qint64 i = 0; i < length; ++i) {
            Event event { .kind = static_cast<EventKind>(1 + random.below(20)),
                .actor = people[random.below(3)] };
            event.actorKind = random.below(3) == 0 ? AuthorKind::Customer : AuthorKind::Agent;
            event.note = u"note"_s;
            event.origin = static_cast<quint64>(random.below(2));
            if (event.kind == EventKind::Undone)
                event.data[eventdata::undoes]
                    = QJsonArray { 2 + random.below(1 + i) }; // never the beginning
            if (random.below(3) == 0)
                event.tier = tierIds[random.below(3)];
            if (random.below(3) == 0)
                event.assignee = people[random.below(3)];
            if (random.below(4) == 0)
                event.status = static_cast<Status>(random.below(6));
            if (random.below(2) == 0)
                event.data[eventdata::receiving] = true;
            if (event.kind == EventKind::Flagged || event.kind == EventKind::Escalated)
                event.data[eventdata::escalation]
                    = QJsonObject { { eventdata::id, u"e%1"_s.arg(random.below(5)) },
                          { eventdata::sentence, u"s"_s } };
            if (random.below(10) == 0)
                log.now = log.now - 5min;
            log.add(event);
            QVERIFY2(inconsistency(log.state).isEmpty(), qPrintable(inconsistency(log.state)));
        }
        const TicketState again = replay({}, log.events);
        QVERIFY2(inconsistency(again).isEmpty(), qPrintable(inconsistency(again)));
        QCOMPARE(replay({}, log.events), again);
    }
}

QTEST_GUILESS_MAIN(TestFold)
#include "tst_fold.moc"
