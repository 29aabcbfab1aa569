#include "core/base/ids.h"
#include "core/storage/imports.h"
#include "storetest.h"

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

/// A ticket with every member set to something that is not its default.
TicketState fullTicket(const QString &key, Instant created)
{
    TicketState state = plainTicket(key, created, u"L2"_s);
    Ticket &ticket = state.ticket;
    ticket.subject = u"Können Sie mir helfen? \U0001F600"_s;
    ticket.category = u"billing"_s;
    ticket.product = u"Ledger"_s;
    ticket.type = u"question"_s;
    ticket.priority = Priority::Urgent;
    ticket.severity = Severity::Critical;
    ticket.status = Status::Pending;
    ticket.isComplex = true;
    ticket.team = u"Billing"_s;
    ticket.assignee = u"priya"_s;
    ticket.updated = created + Millis(5);
    ticket.tags = { u"vip"_s, u"a \"quoted\" tag"_s };
    ticket.followers = { u"sam"_s };
    ticket.fields = { { u"seats"_s, 12 }, { u"plan"_s, u"enterprise"_s } };
    ticket.flagNote = u"beyond me"_s;
    ticket.reason = u"plan is enterprise"_s;
    ticket.clock = u"accept"_s;
    ticket.clockStart = created;
    ticket.due = created + Millis(300'000);
    Escalation escalation { .id = u"e-"_s + key,
        .kind = EscalationKind::Priority,
        .trigger = Trigger::Reactive,
        .reasonCode = u"vip"_s,
        .sentence = u"because"_s,
        .fromTier = u"L1"_s,
        .toTier = u"L2"_s,
        .fromRank = 1,
        .toRank = 2,
        .fromTeam = u"Frontline"_s,
        .toTeam = u"Billing"_s,
        .fromAssignee = u"sam"_s,
        .priorityBefore = Priority::High,
        .actor = u"sam"_s,
        .note = u"see thread"_s,
        .opened = created };
    escalation.moved = created + Millis(1);
    escalation.noticeSkipped = u"they are on the phone"_s;
    escalation.stages = {
        { Stage::Triage, u"sam"_s, created, {}, created + Millis(1) },
        { Stage::Handoff, u"Billing"_s, created + Millis(1), created + Millis(300'001), {} },
    };
    state.escalations.push_back(escalation);
    return state;
}

} // namespace

class TestTickets : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void roundTrip();
    void numbersByDay_data();
    void numbersByDay();
    void takenKey();
    void findsByKeyAndNumber();
    void hidesConfidentialTickets();
    void savesDifferences();
    void reopensAStage();
    void removesAnEscalation();
    void logKeepsItsOrder();
    void eventNumbersOnlyGrow();
    void threadAndAttachments();
    void handoffs();
    void localKeys();
    void related();
    void rollsBack();

private:
    std::unique_ptr<StoreFixture> m_desk;
};

void TestTickets::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

void TestTickets::roundTrip()
{
    TicketState state = fullTicket(u"INC1"_s, m_desk->clock.now());
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        Organization organization { .name = u"Acme"_s,
            .plan = u"enterprise"_s,
            .arr = 5,
            .health = 70,
            .renewal = QDate(2026, 9, 1),
            .flags = { u"churn"_s } };
        TIERLINE_CHECK(saveOrganization(scope, organization));
        Requester requester {
            .name = u"Ana"_s, .email = u"ana@acme.example"_s, .organization = organization.id
        };
        TIERLINE_CHECK(saveRequester(scope, requester));
        state.ticket.organization = organization.id;
        state.ticket.requester = requester.id;
        return insertTicket(scope, state);
    }));
    VALUE(loaded, loadTicket(m_desk->connection(), state.ticket.id));
    QVERIFY(loaded == state);
    VALUE(organization, loadOrganization(m_desk->connection(), state.ticket.organization));
    QCOMPARE(organization.renewal, QDate(2026, 9, 1));
    QCOMPARE(organization.health, std::optional<int>(70));
    DONE(m_desk->reopen());
    VALUE(again, loadTicket(m_desk->connection(), state.ticket.id));
    QVERIFY(again == state);
}

void TestTickets::numbersByDay_data()
{
    QTest::addColumn<qint64>("created");
    QTest::addColumn<qint64>("day");
    QTest::newRow("epoch") << qint64(0) << qint64(0);
    QTest::newRow("last of a day") << qint64(86'399'999) << qint64(0);
    QTest::newRow("first of the next") << qint64(86'400'000) << qint64(1);
    QTest::newRow("before 1970") << qint64(-1) << qint64(-1);
    QTest::newRow("a whole day before 1970") << qint64(-86'400'000) << qint64(-1);
    QTest::newRow("more than a day before") << qint64(-86'400'001) << qint64(-2);
    QTest::newRow("1900") << Instant::MinMs << Instant::MinMs / 86'400'000;
    QTest::newRow("2199") << Instant::MaxMs << Instant::MaxMs / 86'400'000;
}

void TestTickets::numbersByDay()
{
    QFETCH(qint64, created);
    QFETCH(qint64, day);
    TicketState first = plainTicket(u"A"_s, { created });
    TicketState second = plainTicket(u"B"_s, { created });
    TicketState third = plainTicket(u"C"_s, { created });
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, first));
        return insertTicket(scope, second);
    }));
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, third); }));
    QCOMPARE(first.ticket.id.v, (day << 20) + 1);
    QCOMPARE(second.ticket.id.v, (day << 20) + 2);
    QCOMPARE(third.ticket.id.v, (day << 20) + 3);
}

void TestTickets::takenKey()
{
    TicketState state = plainTicket(u"INC1"_s, m_desk->clock.now());
    TicketState twin = state;
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    FAULT(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, twin); }),
        Fault::Conflict);
}

void TestTickets::findsByKeyAndNumber()
{
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        for (const QString &key : { u"zd:4812"_s, u"zd:7"_s, u"fd:7"_s, u"T-1"_s }) {
            TicketState state = plainTicket(key, scope.now());
            TIERLINE_CHECK(insertTicket(scope, state));
        }
        return Done {};
    }));
    Connection &connection = m_desk->connection();
    QVERIFY(findTicket(connection, u"T-1"_s, Visibility::all()));
    QVERIFY(findTicket(connection, u"zd:7"_s, Visibility::all()));
    VALUE(byNumber, findTicket(connection, u"4812"_s, Visibility::all()));
    VALUE(byKey, findTicket(connection, u"zd:4812"_s, Visibility::all()));
    QCOMPARE(byNumber.v, byKey.v);
    FAULT(findTicket(connection, u"t-1"_s, Visibility::all()), Fault::NotFound);
    const auto both = findTicket(connection, u"7"_s, Visibility::all());
    QVERIFY(!both);
    QCOMPARE(both.error().fault, Fault::BadInput);
    QVERIFY(both.error().detail.contains(u"zd:7"_s) && both.error().detail.contains(u"fd:7"_s));
}

void TestTickets::hidesConfidentialTickets()
{
    TicketState state = plainTicket(u"zd:5"_s, m_desk->clock.now());
    state.ticket.team = u"Legal"_s;
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    const Visibility outsider { .deniedTeams = { u"Legal"_s, u"Security"_s } };
    for (const QString &key : { u"zd:5"_s, u"5"_s }) {
        const auto hidden = findTicket(m_desk->connection(), key, outsider);
        QVERIFY(!hidden);
        QCOMPARE(hidden.error().detail, u"There is no ticket “%1” in this workspace."_s.arg(key));
        QVERIFY(findTicket(m_desk->connection(), key, Visibility::all()));
    }
    QVERIFY(findAnyTicket(m_desk->connection(), u"zd:5"_s));
}

void TestTickets::savesDifferences()
{
    TicketState state = fullTicket(u"INC1"_s, m_desk->clock.now());
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    TicketState after = state;
    after.ticket.priority = Priority::Low;
    after.ticket.due.reset();
    after.ticket.clock.clear();
    after.ticket.tags.clear();
    after.ticket.severity.reset();
    after.ticket.subject = u"Another"_s;
    Escalation &escalation = after.escalations[0];
    escalation.accepted = Instant { 7 };
    escalation.acceptedBy = u"priya"_s;
    escalation.stages[1].left = Instant { 7 };
    escalation.stages.push_back({ Stage::Resolution, u"priya"_s, { 7 }, Instant { 9 }, {} });
    DONE(m_desk->write([&](WriteScope &scope) { return saveTicket(scope, state, after); }));
    VALUE(loaded, loadTicket(m_desk->connection(), state.ticket.id));
    QVERIFY(loaded == after);
    VALUE(revision, feedRevision(m_desk->connection()));
    DONE(m_desk->write([&](WriteScope &scope) { return saveTicket(scope, after, after); }));
    VALUE(unchanged, feedRevision(m_desk->connection()));
    QCOMPARE(unchanged, revision);
}

void TestTickets::reopensAStage()
{
    TicketState state = fullTicket(u"INC1"_s, m_desk->clock.now());
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    TicketState after = state;
    after.escalations[0].stages.pop_back();
    after.escalations[0].stages[0].left.reset();
    DONE(m_desk->write([&](WriteScope &scope) { return saveTicket(scope, state, after); }));
    VALUE(loaded, loadTicket(m_desk->connection(), state.ticket.id));
    QVERIFY(loaded == after);
    // Two open stages are refused by the store itself.
    TicketState broken = after;
    broken.escalations[0].stages.push_back({ Stage::Handoff, u"x"_s, { 1 }, {}, {} });
    QVERIFY(!m_desk->write([&](WriteScope &scope) { return saveTicket(scope, after, broken); }));
    VALUE(still, loadTicket(m_desk->connection(), state.ticket.id));
    QVERIFY(still == after);
}

void TestTickets::removesAnEscalation()
{
    TicketState state = fullTicket(u"INC1"_s, m_desk->clock.now());
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    TicketState after = state;
    after.escalations.clear();
    DONE(m_desk->write([&](WriteScope &scope) { return saveTicket(scope, state, after); }));
    VALUE(loaded, loadTicket(m_desk->connection(), state.ticket.id));
    QVERIFY(loaded == after);
}

void TestTickets::logKeepsItsOrder()
{
    TicketState state = plainTicket(u"A"_s, m_desk->clock.now());
    std::vector<Event> written;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, state));
        for (const qint64 order : { 30, 10, 20, 10 }) {
            Event event { .ticket = state.ticket.id,
                .at = { order + 1 },
                .order = { order },
                .kind = EventKind::Escalated,
                .actor = u"sam"_s,
                .tier = u"L2"_s,
                .team = u""_s,
                .status = Status::Hold,
                .priority = Priority::Low,
                .note = u"n"_s,
                .data = { { u"k"_s, u"v"_s } },
                .operation = u"op"_s,
                .origin = 0xffff'ffff'ffff'fff0ULL };
            TIERLINE_CHECK(appendEvent(scope, event));
            written.push_back(event);
        }
        return Done {};
    }));
    std::ranges::sort(written, comesBefore);
    VALUE(events, loadEvents(m_desk->connection(), state.ticket.id));
    QVERIFY(events == written);
    QVERIFY(events[0].team && events[0].team->isEmpty());
    QVERIFY(!events[0].assignee);
}

void TestTickets::eventNumbersOnlyGrow()
{
    qint64 last = 0;
    const auto append = [&](WriteScope &scope) -> Result<Done> {
        Event event { .at = scope.now(), .order = scope.now() };
        TIERLINE_CHECK(appendEvent(scope, event));
        last = event.id.v;
        return Done {};
    };
    DONE(m_desk->write(append));
    const qint64 first = last;
    QVERIFY(!m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(append(scope));
        return badInput(u"no"_s);
    }));
    DONE(m_desk->write(append));
    QCOMPARE(last, first + 1);
    // Another process writes too: a second store on the same workspace.
    VALUE(other, Store::open(m_desk->workspace, m_desk->clock));
    DONE(other->write(Durability::Background, append));
    QCOMPARE(last, first + 2);
    DONE(m_desk->write(append));
    QCOMPARE(last, first + 3);
}

void TestTickets::threadAndAttachments()
{
    TicketState state = plainTicket(u"A"_s, m_desk->clock.now());
    Message message { .at = { 5 },
        .kind = MessageKind::BotTurn,
        .author = AuthorKind::Bot,
        .authorName = u"Helper"_s,
        .text = u"Hallo\nWelt"_s,
        .html = u"<p>Hallo"_s };
    const QByteArray bytes("a\0b", 3);
    Attachment one { .name = u"log.txt"_s, .contentType = u"text/plain"_s };
    Attachment two { .name = u"copy of log.txt"_s };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, state));
        message.ticket = state.ticket.id;
        TIERLINE_CHECK(appendMessage(scope, message));
        one.message = two.message = message.id;
        TIERLINE_CHECK(appendAttachment(scope, one, bytes));
        return appendAttachment(scope, two, bytes);
    }));
    VALUE(messages, loadMessages(m_desk->connection(), state.ticket.id));
    QCOMPARE(messages.size(), size_t(1));
    QVERIFY(messages[0] == message);
    VALUE(attachments, loadAttachments(m_desk->connection(), state.ticket.id));
    QCOMPARE(attachments.size(), size_t(2));
    QVERIFY(attachments[0] == one && attachments[1] == two);
    QCOMPARE(one.size, 3);
    VALUE(read, loadAttachmentBytes(m_desk->connection(), two.id));
    QCOMPARE(read, bytes);
    VALUE(count, m_desk->connection().prepare("SELECT count(*) FROM blob"));
    DONE(count.step());
    QCOMPARE(count.integer(0), 1);
}

void TestTickets::handoffs()
{
    TicketState state = fullTicket(u"A"_s, m_desk->clock.now());
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
    FAULT(loadHandoff(m_desk->connection(), state.ticket.id), Fault::NotFound);
    Handoff handoff { .escalation = u"e-A"_s,
        .ticket = state.ticket.id,
        .version = 1,
        .frozen = { 3 },
        .document = { { u"summary"_s, u"s"_s } } };
    DONE(m_desk->write([&](WriteScope &scope) { return insertHandoff(scope, handoff); }));
    handoff.version = 2;
    DONE(m_desk->write([&](WriteScope &scope) { return insertHandoff(scope, handoff); }));
    VALUE(newest, loadHandoff(m_desk->connection(), state.ticket.id));
    QVERIFY(newest == handoff);
}

void TestTickets::localKeys()
{
    TicketState taken = plainTicket(u"T-2"_s, m_desk->clock.now());
    QStringList keys;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, taken));
        for (int i = 0; i < 3; ++i) {
            TIERLINE_TRY(key, nextLocalKey(scope));
            keys.append(key);
        }
        return Done {};
    }));
    QCOMPARE(keys, QStringList({ u"T-1"_s, u"T-3"_s, u"T-4"_s }));
}

void TestTickets::related()
{
    const Instant now = m_desk->clock.now();
    TicketState own = plainTicket(u"own"_s, now);
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        Organization acme { .name = u"Acme"_s }, other { .name = u"Other"_s };
        TIERLINE_CHECK(saveOrganization(scope, acme));
        TIERLINE_CHECK(saveOrganization(scope, other));
        own.ticket.organization = acme.id;
        TIERLINE_CHECK(insertTicket(scope, own));
        for (int day = 1; day <= 5; ++day) {
            TicketState state
                = plainTicket(u"acme-%1"_s.arg(day), now - Millis(day * 86'400'000LL));
            state.ticket.organization = day == 4 ? other.id : acme.id;
            state.ticket.team = day == 2 ? u"Legal"_s : QString();
            TIERLINE_CHECK(insertTicket(scope, state));
        }
        return Done {};
    }));
    VALUE(found,
        relatedTickets(m_desk->connection(), own.ticket, now - Millis(5 * 86'400'000LL), 2,
            Visibility { .deniedTeams = { u"Legal"_s } }));
    QCOMPARE(found.size(), size_t(2));
    QCOMPARE(found[0].key, u"acme-1"_s);
    QCOMPARE(found[1].key, u"acme-3"_s);
}

void TestTickets::rollsBack()
{
    TicketState state = plainTicket(u"A"_s, m_desk->clock.now());
    VALUE(before, feedRevision(m_desk->connection()));
    FAULT(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, state));
        return notAllowed(u"no"_s);
    }),
        Fault::NotAllowed);
    FAULT(findAnyTicket(m_desk->connection(), u"A"_s), Fault::NotFound);
    VALUE(after, feedRevision(m_desk->connection()));
    QCOMPARE(after, before);
    FAULT(m_desk->write([&](WriteScope &) {
        return m_desk->write([](WriteScope &) -> Result<Done> { return Done {}; });
    }),
        Fault::Bug);
    DONE(m_desk->write([&](WriteScope &scope) { return insertTicket(scope, state); }));
}

QTEST_GUILESS_MAIN(TestTickets)
#include "tst_tickets.moc"
