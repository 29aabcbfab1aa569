#include "core/escalation/clockpast.h"
#include "core/escalation/eventdata.h"

#include <QJsonArray>
#include <QTest>

using namespace tierline;
using namespace tierline::escalation;
using namespace Qt::StringLiterals;

namespace {

using Kind = sla::Fact::Kind;

constexpr qint64 minuteMs = 60'000;

/// A log whose events are a minute apart.
class Log
{
public:
    Event &add(
        EventKind kind, const QString &actor = u"ann"_s, AuthorKind actorKind = AuthorKind::Agent)
    {
        const Instant at { static_cast<qint64>(events.size() + 1) * minuteMs };
        events.push_back({ .id = { static_cast<qint64>(events.size() + 1) },
            .at = at,
            .order = at,
            .kind = kind,
            .actor = actor,
            .actorKind = actorKind });
        return events.back();
    }
    Event &created(const QString &tier = u"L1"_s)
    {
        Event &event = add(EventKind::Created);
        event.tier = tier;
        event.status = Status::New;
        event.priority = Priority::Normal;
        event.data[eventdata::channel] = u"email"_s;
        return event;
    }
    Event &message(AuthorKind author, const QString &actor = u"ann"_s)
    {
        return add(EventKind::Message, actor, author);
    }
    sla::TicketPast past() const { return clockPast(events, people); }

    std::vector<Event> events;
    ClockPeople people { .tiersOf
        = { { u"ann"_s, { u"L1"_s } }, { u"eve"_s, { u"L3"_s, u"L2"_s } } },
        .rankOf = { { u"L0"_s, 0 }, { u"L1"_s, 1 }, { u"L2"_s, 2 }, { u"L3"_s, 3 } } };
};

/// "created customer reply(L1) …", each with its minute.
QString told(const sla::TicketPast &past)
{
    static const QStringList names { u"created"_s, u"word"_s, u"reply"_s, u"machine"_s, u"call"_s,
        u"none-needed"_s, u"promised"_s, u"accepted"_s, u"back"_s, u"status"_s, u"escalated"_s,
        u"tier"_s, u"merged"_s };
    QStringList all;
    for (const sla::Fact &fact : past.facts) {
        QString text = names[static_cast<int>(fact.kind)];
        if (fact.kind == Kind::StatusSet)
            text += u' ' + code(fact.status);
        if (!fact.tier.isEmpty())
            text += u' ' + fact.tier;
        if (!fact.tiers.isEmpty())
            text += u' ' + fact.tiers.join(u'+');
        if (fact.isBotTier)
            text += u" bot"_s;
        all.append(text + u'@' + QString::number(fact.at.ms / minuteMs));
    }
    return all.join(u", "_s);
}

} // namespace

/// What a ticket's log says to its clocks.
class TestClockPast : public QObject
{
    Q_OBJECT
private slots:
    void wordsAndAnswers();
    void answersThatAreStillToBeSent();
    void whoIsUnknownAnswersWhereTheTicketIs();
    void movesOfOurs();
    void movesFromOutside();
    void fromABotToPeople();
    void undoneEventsAreLeftOut();
    void handDuesPromisesAndNoAnswer();
    void fieldsThroughTime();
    void whatTheIssueIsThroughTime();
    void sourceWithAnOrderOfItsOwn();
    void nextDueOfATicket();
};

void TestClockPast::wordsAndAnswers()
{
    Log log;
    log.created();
    log.message(AuthorKind::Customer, u"customer"_s);
    log.message(AuthorKind::Bot, u"bot"_s);
    log.message(AuthorKind::Agent).data[eventdata::internal] = true;
    log.message(AuthorKind::Agent).data[eventdata::notice] = true;
    log.message(AuthorKind::System, u"rule:x"_s);
    Event &reply = log.message(AuthorKind::Agent, u"eve"_s);
    reply.status = Status::Pending;
    QCOMPARE(told(log.past()),
        u"created L1@1, status new@1, word@2, machine@3, machine@5, machine@6, reply L3+L2@7, "
        "status pending@7"_s);
}

void TestClockPast::answersThatAreStillToBeSent()
{
    Log log;
    log.created();
    log.message(AuthorKind::Customer, u"customer"_s);
    Event &reply = log.message(AuthorKind::Agent);
    reply.operation = u"one"_s;
    reply.data[eventdata::awaitsSending] = true;
    Event &solved = log.add(EventKind::Solved);
    solved.operation = u"one"_s;
    solved.status = Status::Solved;
    QCOMPARE(told(log.past()), u"created L1@1, status new@1, word@2"_s);
    QCOMPARE(log.past().waiting.size(), 2U);

    // It is there since minute 4, as is known since minute 6; another one never comes.
    Event &other = log.message(AuthorKind::Agent);
    other.operation = u"two"_s;
    other.data[eventdata::awaitsSending] = true;
    Event &reached = log.add(EventKind::Changed, u"rt"_s, AuthorKind::System);
    reached.data = { { eventdata::reached, u"one"_s }, { eventdata::reachedAt, 4 * minuteMs } };
    QCOMPARE(
        told(log.past()), u"created L1@1, status new@1, word@2, reply L1@4, status solved@4"_s);
    QCOMPARE(log.past().waiting.size(), 1U);

    // A status that came meanwhile stands: what was solved counts from its own instant.
    log.events.erase(log.events.begin() + 4, log.events.end());
    log.add(EventKind::Reopened).status = Status::Open;
    log.add(EventKind::Changed, u"rt"_s, AuthorKind::System).data
        = { { eventdata::reached, u"one"_s } };
    QCOMPARE(told(log.past()),
        u"created L1@1, status new@1, word@2, status solved@4, status open@5, reply L1@6"_s);
}

void TestClockPast::whoIsUnknownAnswersWhereTheTicketIs()
{
    Log log;
    log.created();
    log.add(EventKind::Escalated).tier = u"L2"_s;
    log.message(AuthorKind::Agent, u"somebody imported"_s);
    QCOMPARE(
        told(log.past()), u"created L1@1, status new@1, escalated L2@2, tier L2@2, reply L2@3"_s);
}

void TestClockPast::movesOfOurs()
{
    Log log;
    log.created();
    log.add(EventKind::Escalated).tier = u"L2"_s;
    log.add(EventKind::Accepted, u"bob"_s).status = Status::Open;
    log.add(EventKind::Returned, u"bob"_s).tier = u"L1"_s;
    log.add(EventKind::Escalated).tier = u"L3"_s;
    log.add(EventKind::Withdrawn).tier = u"L1"_s;
    log.add(EventKind::Reassigned).team = u"Other"_s;
    QCOMPARE(told(log.past()),
        u"created L1@1, status new@1, escalated L2@2, tier L2@2, accepted@3, status open@3, "
        "back@4, tier L1@4, escalated L3@5, tier L3@5, back@6, tier L1@6"_s);
}

void TestClockPast::movesFromOutside()
{
    Log log;
    log.created();
    log.add(EventKind::Moved).tier = u"L2"_s;
    log.add(EventKind::LogRow).tier = u"L2"_s; // as it was
    log.add(EventKind::LogRow).tier = u"L1"_s;
    // Ranks that were frozen go before today's.
    Event &frozen = log.add(EventKind::Changed);
    frozen.tier = u"L3"_s;
    frozen.data[eventdata::escalation]
        = QJsonObject { { eventdata::fromRank, 2 }, { eventdata::toRank, 1 } };
    QCOMPARE(told(log.past()),
        u"created L1@1, status new@1, escalated L2@2, tier L2@2, back@4, tier L1@4, back@5, "
        "tier L3@5"_s);
}

void TestClockPast::fromABotToPeople()
{
    Log log;
    log.created(u"L0"_s);
    log.message(AuthorKind::Customer, u"customer"_s);
    log.add(EventKind::Moved).tier = u"L1"_s;
    QCOMPARE(told(log.past()), u"created L0 bot@1, status new@1, word@2, tier L1@3"_s);
}

void TestClockPast::undoneEventsAreLeftOut()
{
    Log log;
    log.created();
    log.add(EventKind::Escalated).tier = u"L2"_s;
    log.add(EventKind::Undone).data[eventdata::undoes] = QJsonArray { 2 };
    log.message(AuthorKind::Agent);
    const sla::TicketPast past = log.past();
    QCOMPARE(told(past), u"created L1@1, status new@1, reply L1@4"_s);
    QCOMPARE(past.fields.size(), 1U);
}

void TestClockPast::handDuesPromisesAndNoAnswer()
{
    Log log;
    log.created();
    log.add(EventKind::Changed).data[eventdata::handDue]
        = QJsonObject { { eventdata::clock, u"first_response"_s }, { eventdata::due, 600'000 },
              { eventdata::reason, u"agreed"_s } };
    log.add(EventKind::Changed).data[eventdata::handDue]
        = QJsonObject { { eventdata::clock, u"first_response"_s } };
    log.add(EventKind::Changed).data[eventdata::handDue]
        = QJsonObject { { eventdata::clock, u"nonsense"_s }, { eventdata::due, 1 } };
    log.message(AuthorKind::Agent).data[eventdata::promised] = 900'000;
    log.add(EventKind::Changed).data[eventdata::promised] = 960'000;
    log.add(EventKind::Changed).data[eventdata::noAnswer] = u"thanks only"_s;
    const sla::TicketPast past = log.past();
    QCOMPARE(told(past),
        u"created L1@1, status new@1, reply L1@5, promised@5, promised@6, none-needed@7"_s);
    QCOMPARE(past.facts[3].until.ms, 900'000);
    const std::vector<sla::HandDue> expected { { sla::ClockKind::FirstResponse, { 2 * minuteMs },
                                                   Instant { 600'000 }, u"agreed"_s, u"ann"_s },
        { sla::ClockKind::FirstResponse, { 3 * minuteMs }, {}, {}, u"ann"_s } };
    QVERIFY(past.byHand == expected);
}

void TestClockPast::fieldsThroughTime()
{
    Log log;
    log.people.plan = u"pro"_s;
    log.people.zoneOf.insert(u"Night"_s, u"Asia/Kolkata"_s);
    log.created();
    log.message(AuthorKind::Customer, u"customer"_s);
    log.add(EventKind::Changed).priority = Priority::High;
    log.add(EventKind::Changed).data[eventdata::tags] = QJsonArray { u"vip"_s };
    log.add(EventKind::Reassigned).team = u"Night"_s;
    const sla::TicketPast past = log.past();
    QCOMPARE(past.fields.size(), 4U);
    const sla::PolicyFields expected { .tier = u"L1"_s,
        .team = u"Night"_s,
        .channel = u"email"_s,
        .plan = u"pro"_s,
        .priority = Priority::High,
        .tags = { u"vip"_s },
        .teamZone = u"Asia/Kolkata"_s };
    QVERIFY(past.fields.back().fields == expected);
    QCOMPARE(past.fields[1].from.ms, 3 * minuteMs);
    QCOMPARE(past.fields[1].fields.priority, Priority::High);
    QVERIFY(past.fields[1].fields.tags.isEmpty());
}

void TestClockPast::whatTheIssueIsThroughTime()
{
    Log log;
    log.created().data[eventdata::type] = u"question"_s;
    log.message(AuthorKind::Customer, u"customer"_s);
    log.add(EventKind::Changed).data = { { eventdata::category, u"refund"_s },
        { eventdata::severity, code(Severity::High) }, { eventdata::product, u"Shop"_s } };
    log.add(EventKind::Changed).data[eventdata::severity] = QString();
    const sla::TicketPast past = log.past();
    QCOMPARE(past.fields.size(), 3U);
    QCOMPARE(past.fields[0].fields.type, u"question"_s);
    QVERIFY(past.fields[0].fields.category.isEmpty() && !past.fields[0].fields.severity);
    QCOMPARE(past.fields[1].from.ms, 3 * minuteMs);
    QCOMPARE(past.fields[1].fields.category, u"refund"_s);
    QCOMPARE(past.fields[1].fields.product, u"Shop"_s);
    QVERIFY(past.fields[1].fields.severity == Severity::High);
    QVERIFY(!past.fields[2].fields.severity);
}

void TestClockPast::sourceWithAnOrderOfItsOwn()
{
    Log log;
    log.created();
    log.add(EventKind::LogRow).priority = Priority::High;
    log.add(EventKind::LogRow).priority = Priority::Low;
    std::swap(log.events[1].at, log.events[2].at);
    const sla::TicketPast past = log.past();
    QVERIFY(std::ranges::is_sorted(past.fields, {}, &sla::TicketPast::FieldsSince::from));
    QVERIFY(std::ranges::is_sorted(past.facts, {}, &sla::Fact::at));
}

void TestClockPast::nextDueOfATicket()
{
    TicketState state;
    state.ticket.status = Status::Open;
    Escalation record { .id = u"e"_s, .opened = { 0 }, .moved = Instant { 0 } };
    record.stages.push_back(
        { .stage = Stage::Handoff, .entered = { 0 }, .limit = Instant { 500 } });
    state.escalations.push_back(record);
    const auto clock = [](sla::ClockKind kind, qint64 due) {
        sla::TicketClock clock { .kind = kind, .cycle = { .start = Instant { 1 } } };
        clock.reading = { .state = sla::State::Running, .due = Instant { due } };
        return clock;
    };
    setNextDue(state, {});
    QCOMPARE(state.ticket.clock, u"accept"_s);
    QCOMPARE(state.ticket.due, Instant { 500 });
    setNextDue(state, { clock(sla::ClockKind::FirstResponse, 300) });
    QCOMPARE(state.ticket.clock, u"first_response"_s);
    QCOMPARE(state.ticket.due, Instant { 300 });
    QCOMPARE(state.ticket.clockStart, Instant { 1 });
    // The stage's own limit is nearer.
    setNextDue(state, { clock(sla::ClockKind::FirstResponse, 700) });
    QCOMPARE(state.ticket.clock, u"accept"_s);
    QCOMPARE(state.ticket.due, Instant { 500 });
    // What tiers agreed takes its place.
    setNextDue(state, { clock(sla::ClockKind::Accept, 900) });
    QCOMPARE(state.ticket.due, Instant { 900 });
    // A paused clock has no due time, and the stage's limit does not come back for it.
    sla::TicketClock paused = clock(sla::ClockKind::Accept, 900);
    paused.reading = { .state = sla::State::Paused };
    setNextDue(state, { paused });
    QVERIFY(!state.ticket.due);
    QVERIFY(state.ticket.clock.isEmpty());
    state.ticket.status = Status::Solved;
    setNextDue(state, { clock(sla::ClockKind::FirstResponse, 300) });
    QVERIFY(!state.ticket.due);
}

QTEST_GUILESS_MAIN(TestClockPast)
#include "tst_clockpast.moc"
