#include "tests/commands/commandtest.h"

#include "core/escalation/eventdata.h"
#include "core/storage/imports.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using test::CommandFixture;

namespace {

constexpr Instant start { 1'770'000'000'000 };

Event row(Millis after, EventKind kind, quint64 origin)
{
    return { .at = start + after, .kind = kind, .actor = u"Nils"_s, .origin = origin };
}

/// A ticket that went up, was answered, came back and was solved.
History history()
{
    History h;
    h.ticket = { .key = u"INC-1"_s,
        .subject = u"Server down"_s,
        .channel = u"phone"_s,
        .category = u"outage"_s,
        .priority = Priority::High,
        .tier = u"L1"_s,
        .team = u"Frontline"_s,
        .created = start,
        .tags = { u"old"_s },
        .fields = { { u"impact"_s, u"high"_s } } };
    h.requester = { .name = u"Ada"_s, .email = u"ada@example.org"_s };
    h.organization = { .name = u"Lind AB"_s, .plan = u"basic"_s };
    h.events.push_back(row(0s, EventKind::Created, 1));
    h.events.push_back(row(1min, EventKind::Message, 2));
    Event up = row(10min, EventKind::LogRow, 3);
    up.tier = u"L2"_s;
    up.team = u"Technical"_s;
    h.events.push_back(up);
    h.events.push_back(row(20min, EventKind::Message, 4));
    h.events.back().actor = u"Bo"_s;
    Event solved = row(60min, EventKind::LogRow, 5);
    solved.status = Status::Solved;
    h.events.push_back(solved);
    h.messages = { { .at = start + 1min, .text = u"It is down."_s },
        { .at = start + 20min,
            .author = AuthorKind::Agent,
            .authorName = u"Bo"_s,
            .text = u"Looking."_s } };
    h.messageOf = { -1, 0, -1, 1, -1 };
    return h;
}

} // namespace

class TestIngest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void writesTheWholeHistory();
    void sortsByTheSourcesOrder();
    void recordIdsAreTheSameEverywhere();
    void openEscalationKeepsItsClock();
    void goesOnLive();
    void mergeAddsOnlyWhatIsNew();
    void mergeOfALateEventFoldsAgain();
    void mergeBeforeAnEscalationOfOurs();
    void rebuildMendsRows();
    void refusesAHistoryWithoutBeginning();
    void notesAreInternal();
    void rowNumbersOfOthersAreDropped();

private:
    Result<TicketId> ingest(History &h)
    {
        TicketId id;
        const auto done = f->write([&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(made, commands::ingest(scope, h, {}, true));
            id = made;
            return Done {};
        });
        if (!done)
            return done.error();
        return id;
    }
    Result<int> merge(TicketId id, History &h)
    {
        int count = -1;
        const auto done = f->write([&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(added, commands::merge(scope, id, h));
            count = added;
            return Done {};
        });
        if (!done)
            return done.error();
        return count;
    }
    std::unique_ptr<CommandFixture> f;
};

void TestIngest::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
}

void TestIngest::writesTheWholeHistory()
{
    History h = history();
    VALUE(id, ingest(h));
    const TicketState state = f->state(u"INC-1"_s);
    QCOMPARE(state.ticket.id, id);
    QCOMPARE(state.ticket.subject, u"Server down"_s);
    QCOMPARE(state.ticket.channel, u"phone"_s);
    QCOMPARE(state.ticket.priority, Priority::High);
    QCOMPARE(state.ticket.tier, u"L2"_s);
    QCOMPARE(state.ticket.startTier, u"L1"_s);
    QCOMPARE(state.ticket.status, Status::Solved);
    QCOMPARE(state.ticket.created, start);
    QCOMPARE(state.ticket.updated, start + 60min);
    QCOMPARE(state.ticket.tags, QStringList { u"old"_s });
    QVERIFY(state.ticket.requester && state.ticket.organization);
    QCOMPARE(state.escalations.size(), size_t(1));
    const Escalation &record = state.escalations[0];
    QCOMPARE(record.reasonCode, u"outside"_s);
    QCOMPARE(record.fromTeam, u"Frontline"_s);
    QCOMPARE(record.toRank, 2);
    QCOMPARE(record.accepted, std::optional(start + 20min)); // the other side's answer
    QCOMPARE(record.acceptedBy, u"Bo"_s);
    QCOMPARE(record.stages.back().stage, Stage::Closure);
    VALUE(messages, storage::loadMessages(f->connection(), id));
    QCOMPARE(messages.size(), size_t(2));
    VALUE(events, storage::loadEvents(f->connection(), id));
    QCOMPARE(events.size(), size_t(5));
    QCOMPARE(events[1].message, messages[0].id);
    QCOMPARE(events[3].message, messages[1].id);
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
}

void TestIngest::sortsByTheSourcesOrder()
{
    History h = history();
    for (size_t i = 0; i < h.events.size(); ++i)
        h.events[i].order = { static_cast<qint64>(i + 1) };
    std::swap(h.events[2], h.events[4]);
    VALUE(id, ingest(h));
    VALUE(events, storage::loadEvents(f->connection(), id));
    for (size_t i = 0; i < events.size(); ++i)
        QCOMPARE(events[i].origin, i + 1);
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
    QCOMPARE(f->state(u"INC-1"_s).escalations.back().stages.back().stage, Stage::Closure);
}

void TestIngest::recordIdsAreTheSameEverywhere()
{
    History h = history();
    VALUE(id, ingest(h));
    CommandFixture other(99);
    DONE(other.begin());
    DONE(other.newTicket()); // other numbers there
    History again = history();
    DONE(other.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(commands::ingest(scope, again, {}, true));
        return Done {};
    }));
    QCOMPARE(other.state(u"INC-1"_s).escalations[0].id, f->state(u"INC-1"_s).escalations[0].id);
    QVERIFY(id);
}

void TestIngest::openEscalationKeepsItsClock()
{
    History h = history();
    h.events.resize(3);
    h.messageOf.resize(3);
    VALUE(id, ingest(h));
    const Ticket t = f->state(u"INC-1"_s).ticket;
    QCOMPARE(t.clock, u"accept"_s);
    QCOMPARE(t.due, std::optional(start + 10min + 5min));
    QVERIFY(id);
}

void TestIngest::goesOnLive()
{
    History h = history();
    h.events.resize(3);
    h.messageOf.resize(3);
    h.events[2].order = { 99'000'000'000'000 }; // a source whose order runs ahead of any clock
    VALUE(id, ingest(h));
    DONE(f->run("bob", Accept { u"INC-1"_s }));
    VALUE(back, f->run("bob", Return { u"INC-1"_s, Verdict::Answered, u"n"_s }));
    QCOMPARE(back.state.ticket.tier, u"L1"_s);
    QCOMPARE(back.state.ticket.team, u"Frontline"_s);
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
    QVERIFY(id);
}

void TestIngest::mergeAddsOnlyWhatIsNew()
{
    History h = history();
    VALUE(id, ingest(h));
    const TicketState before = f->state(u"INC-1"_s);
    History same = history();
    VALUE(none, merge(id, same));
    QCOMPARE(none, 0);
    QCOMPARE(f->state(u"INC-1"_s), before);
    History more = history();
    Event reopened = row(2h, EventKind::LogRow, 6);
    reopened.status = Status::Open;
    more.events.push_back(reopened);
    more.messageOf.push_back(-1);
    VALUE(one, merge(id, more));
    QCOMPARE(one, 1);
    const TicketState after = f->state(u"INC-1"_s);
    QCOMPARE(after.ticket.status, Status::Open);
    QCOMPARE(after.escalations.back().stages.back().stage, Stage::Resolution);
    VALUE(messages, storage::loadMessages(f->connection(), id));
    QCOMPARE(messages.size(), size_t(2));
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
}

void TestIngest::mergeOfALateEventFoldsAgain()
{
    History h = history();
    VALUE(id, ingest(h));
    History late = history();
    Event assigned = row(15min, EventKind::LogRow, 7);
    assigned.assignee = u"Bo"_s;
    late.events = { late.events[0], assigned };
    late.messageOf = { -1, -1 };
    VALUE(one, merge(id, late));
    QCOMPARE(one, 1);
    const Escalation record = f->state(u"INC-1"_s).escalations.back();
    QCOMPARE(record.stages[0].owner, u"Technical"_s);
    QCOMPARE(record.stages[1].owner, u"Bo"_s);
    QCOMPARE(record.stages[1].stage, Stage::Handoff);
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
}

void TestIngest::mergeBeforeAnEscalationOfOurs()
{
    History h = history();
    h.events.resize(2);
    h.messageOf.resize(2);
    VALUE(id, ingest(h));
    DONE(f->run("ann", Flag { u"INC-1"_s, u"?"_s }));
    VALUE(own, f->run("ann", CommandFixture::escalation(u"INC-1"_s, u"L3"_s)));
    VALUE(package, storage::loadHandoff(f->connection(), id));
    // The source tells late that it went up before, and that it was solved in between.
    History late = history();
    VALUE(added, merge(id, late));
    QCOMPARE(added, 3);
    const TicketState after = f->state(u"INC-1"_s);
    QVERIFY(after.escalations.size() >= 2);
    QCOMPARE(after.escalations.front().reasonCode, u"outside"_s);
    QCOMPARE(after.escalations.back().id, own.state.escalations.back().id);
    VALUE(still, storage::loadHandoff(f->connection(), id));
    QCOMPARE(still, package);
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
}

void TestIngest::rebuildMendsRows()
{
    History h = history();
    VALUE(id, ingest(h));
    bool wasRight = false;
    const auto rebuild = [&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(right, commands::rebuild(scope, id));
        wasRight = right;
        return Done {};
    };
    DONE(f->write(rebuild));
    QVERIFY(wasRight);
    DONE(f->write([&](storage::WriteScope &scope) -> Result<Done> {
        const TicketState now = f->state(u"INC-1"_s);
        TicketState bent = now;
        bent.ticket.tier = u"L3"_s;
        bent.escalations[0].stages.pop_back();
        bent.escalations[0].stages.back().left.reset();
        return storage::saveTicket(scope, now, bent);
    }));
    QVERIFY(!f->wrong(u"INC-1"_s).isEmpty());
    DONE(f->write(rebuild));
    QVERIFY(!wasRight);
    QCOMPARE(f->wrong(u"INC-1"_s), QString());
    DONE(f->write(rebuild));
    QVERIFY(wasRight);
}

void TestIngest::refusesAHistoryWithoutBeginning()
{
    History h = history();
    h.events.erase(h.events.begin());
    FAULT(ingest(h), Fault::Bug);
    History twice = history();
    VALUE(id, ingest(twice));
    History again = history();
    FAULT(ingest(again), Fault::Conflict);
    QVERIFY(id);
}

void TestIngest::notesAreInternal()
{
    History h = history();
    h.messages[1].kind = MessageKind::InternalNote;
    VALUE(id, ingest(h));
    VALUE(events, storage::loadEvents(f->connection(), id));
    QVERIFY(events[3].data.value(eventdata::internal).toBool());
    QCOMPARE(events[1].actorKind, AuthorKind::Customer);
    // A note accepts nothing; solving does.
    QCOMPARE(f->state(u"INC-1"_s).escalations[0].accepted, std::optional(start + 60min));
}

void TestIngest::rowNumbersOfOthersAreDropped()
{
    History h = history();
    h.requester = {};
    h.organization = {};
    h.events.front().data = { { eventdata::requester, 4711 }, { eventdata::organization, 4711 },
        { eventdata::fields, QJsonObject { { u"country"_s, u"SE"_s } } } };
    VALUE(id, ingest(h));
    const Ticket t = f->state(u"INC-1"_s).ticket;
    QVERIFY(id && !t.requester && !t.organization);
    QCOMPARE(t.fields, (QJsonObject { { u"country"_s, u"SE"_s }, { u"impact"_s, u"high"_s } }));
}

QTEST_GUILESS_MAIN(TestIngest)
#include "tst_ingest.moc"
