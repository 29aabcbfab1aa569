// All logs in one walk: the same as reading ticket by ticket, in the order of tickets, and nothing that may not
// be seen.

#include "core/storage/logwalk.h"
#include "storetest.h"

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestLogWalk : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void tellsWhatReadingEachTells();
    void hidesConfidentialTeams();
    void oneTicketAlone();
    void stopsWhereAsked();
    void messageTexts();

private:
    /// Tickets with 0, 1, 2 … events, the second one confidential and with an ended escalation.
    void fill(int tickets);
    std::unique_ptr<StoreFixture> m_store;
    std::vector<TicketId> m_tickets;
};

void TestLogWalk::init()
{
    m_store = std::make_unique<StoreFixture>();
    DONE(m_store->create());
    m_tickets.clear();
}

void TestLogWalk::fill(int tickets)
{
    DONE(m_store->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveTeam(
            scope, { .name = u"Legal"_s, .tier = u"L1"_s, .confidential = Confidential::Legal }));
        Organization acme { .name = u"Acme"_s };
        TIERLINE_CHECK(saveOrganization(scope, acme));
        Requester carla { .name = u"Carla"_s, .email = u"carla@acme.example"_s };
        TIERLINE_CHECK(saveRequester(scope, carla));
        for (int i = 0; i < tickets; ++i) {
            TicketState state = plainTicket(u"T-%1"_s.arg(i + 1), { 1'000 + i });
            state.ticket.organization = acme.id;
            state.ticket.requester = carla.id;
            if (i == 1) {
                state.ticket.team = u"Legal"_s;
                state.escalations.push_back({ .id = u"e1"_s,
                    .opened = { 5 },
                    .moved = Instant { 6 },
                    .ended = Instant { 7 },
                    .outcome = Outcome::Returned,
                    .verdict = Verdict::WrongTeam });
            }
            TIERLINE_CHECK(insertTicket(scope, state));
            m_tickets.push_back(state.ticket.id);
        }
        // Written round about, and out of order.
        for (int round = tickets - 1; round >= 0; --round) {
            for (int i = round; i < tickets; ++i) {
                Event event { .ticket = m_tickets[size_t(i)],
                    .at = { 2'000 + round },
                    .order = { 2'000 + round },
                    .kind = EventKind::Changed,
                    .priority = Priority::High,
                    .data = { { u"category"_s, round } } };
                if (i > 0)
                    TIERLINE_CHECK(appendEvent(scope, event));
            }
        }
        return Done {};
    }));
}

void TestLogWalk::tellsWhatReadingEachTells()
{
    fill(6);
    std::vector<TicketId> walked;
    DONE(walkLogs(
        m_store->connection(), Visibility::all(), [&](const WalkedLog &log) -> Result<Done> {
            walked.push_back(log.id);
            TIERLINE_TRY(events, loadEvents(m_store->connection(), log.id));
            TIERLINE_TRY(state, loadTicket(m_store->connection(), log.id));
            if (events != log.events || log.key != state.ticket.key
                || log.organization != state.ticket.organization
                || log.requester != state.ticket.requester
                || log.requesterName != u"carla@acme.example"
                || log.escalations.size() != state.escalations.size())
                return badInput(u"ticket %1 differs"_s.arg(log.key));
            if (!log.escalations.empty()
                && (log.escalations[0].outcome != Outcome::Returned
                    || log.escalations[0].verdict != Verdict::WrongTeam
                    || log.escalations[0].moved != Instant { 6 }))
                return badInput(u"the escalation differs"_s);
            return Done {};
        }));
    QVERIFY(walked == m_tickets);
}

void TestLogWalk::hidesConfidentialTeams()
{
    fill(3);
    QStringList keys;
    int events = 0;
    DONE(walkLogs(m_store->connection(), { .deniedTeams = { u"Legal"_s } },
        [&](const WalkedLog &log) -> Result<Done> {
            keys.append(log.key);
            events += int(log.events.size());
            return Done {};
        }));
    QCOMPARE(keys, (QStringList { u"T-1"_s, u"T-3"_s }));
    QCOMPARE(events, 3); // those of the last one, not of the one between
}

void TestLogWalk::oneTicketAlone()
{
    fill(4);
    QStringList keys;
    size_t events = 0;
    const auto note = [&](const WalkedLog &log) -> Result<Done> {
        keys.append(log.key);
        events = log.events.size();
        return Done {};
    };
    DONE(visitLog(m_store->connection(), m_tickets[2], note));
    QCOMPARE(keys, QStringList { u"T-3"_s });
    QCOMPARE(events, 3u);
    FAULT(visitLog(m_store->connection(), { 999 }, note), Fault::NotFound);
}

void TestLogWalk::stopsWhereAsked()
{
    fill(4);
    int seen = 0;
    FAULT(walkLogs(m_store->connection(), Visibility::all(),
              [&](const WalkedLog &) -> Result<Done> {
                  return ++seen == 2 ? Result<Done>(cancelled()) : Result<Done>(Done {});
              }),
        Fault::Cancelled);
    QCOMPARE(seen, 2);
}

void TestLogWalk::messageTexts()
{
    fill(1);
    Message message { .ticket = m_tickets[0], .at = { 3'000 }, .text = u"Hello?"_s };
    DONE(m_store->write([&](WriteScope &scope) { return appendMessage(scope, message); }));
    VALUE(text, loadMessageText(m_store->connection(), message.id));
    QCOMPARE(text, u"Hello?"_s);
    VALUE(none, loadMessageText(m_store->connection(), { 999 }));
    QCOMPARE(none, QString());
}

QTEST_GUILESS_MAIN(TestLogWalk)
#include "tst_logwalk.moc"
