#include "tests/fakedesk/fakedesktest.h"
#include "tests/support/caserange.h"

#include <QElapsedTimer>
#include <QTest>

#include <deque>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::connectors;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = PushOutcome::State;

namespace {

// The smallest client that does right: it looks before it sends again, keeps the order of each ticket,
// and pulls until nothing is left. It has no store and decides nothing. What it cannot bring to a good
// end here no engine could, and then the desk is at fault.
class SmallClient
{
public:
    SmallClient(FakeDesk &desk, const FakeConnectorOptions &options)
        : m_desk(desk)
        , m_loop(desk.loop())
        , m_connector(desk, options)
    {
    }

    void add(const PushStep &step) { m_outbox[step.ticket].push_back({ step }); }

    void start()
    {
        for (auto &[ticket, queue] : m_outbox)
            go(ticket);
        pull();
    }

    bool hasSentAll() const
    {
        return std::ranges::all_of(
            m_outbox, [](const auto &queue) { return queue.second.empty(); });
    }

    /// Last pages so far.
    int rounds() const { return m_rounds; }

    DeskState state() const
    {
        DeskState state;
        for (const auto &[id, ticket] : m_held) {
            TicketPicture &picture = state.tickets[id];
            picture.fields = saidFields(ticket.fields);
            for (const RemoteEntry &entry : ticket.entries) {
                if (entry.message)
                    picture.messages.push_back(pictureOf(entry));
            }
        }
        return state;
    }

private:
    struct Waiting {
        PushStep step;
        bool isUnknown = false;
        Instant sent; ///< when its end was heard: not before the last byte; both clocks agree here
    };

    MessagePicture pictureOf(const RemoteEntry &entry) const
    {
        MessagePicture picture { entry.message->kind, entry.message->text };
        const auto joined = m_joined.find(entry.id);
        if (joined == m_joined.end())
            return picture;
        picture.operation = joined->second;
        const QString marker = u"\n\n[tl:"_s + picture.operation + u']';
        if (picture.text.endsWith(marker))
            picture.text.chop(marker.size());
        return picture;
    }

    void pull()
    {
        m_connector.pull(m_cursor, [this](const Result<PullPage> &page) {
            Millis pause = 100ms;
            if (page) {
                for (const RemoteTicket &ticket : page->tickets)
                    m_held[ticket.id] = ticket;
                m_cursor = page->cursor;
                m_rounds += page->isLast ? 1 : 0;
                pause = page->isLast ? 5s : 10ms;
            } else {
                pause = std::max<Millis>(1s, page.error().wait);
            }
            m_loop.after(pause, [this] { pull(); });
        });
    }

    void go(const QString &ticket, Millis pause = Millis(0))
    {
        m_loop.after(pause, [this, ticket] {
            auto &queue = m_outbox[ticket];
            if (queue.empty())
                return;
            if (!queue.front().isUnknown)
                push(ticket, queue.front());
            else if (queue.front().step.kind == PushStep::Kind::Fields)
                look(ticket, queue.front());
            else
                find(ticket, queue.front());
        });
    }

    void done(const QString &ticket, const QString &entry)
    {
        auto &queue = m_outbox[ticket];
        if (!entry.isEmpty())
            m_joined[entry] = queue.front().step.operations.front();
        queue.pop_front();
        go(ticket);
    }

    void push(const QString &ticket, Waiting &waiting)
    {
        waiting.sent = m_loop.clock().now();
        m_connector.push(
            waiting.step, [this, ticket, &waiting](const Result<PushOutcome> &outcome) {
                if (!outcome || outcome->state == State::NotSent) {
                    go(ticket, std::max<Millis>(2s, outcome ? outcome->wait : Millis(0)));
                } else if (outcome->state == State::Unknown) {
                    waiting.isUnknown = true;
                    waiting.sent = m_loop.clock().now();
                    go(ticket, 2s);
                } else {
                    done(ticket, outcome->entry);
                }
            });
    }

    // Until the limit has passed since the last byte, "not there" proves nothing. What counts is when the
    // server looked, not when its answer came: that may have been slow.
    void notThere(const QString &ticket, Waiting &waiting, Instant looked)
    {
        if (looked - waiting.sent > m_connector.manner().inFlightLimit)
            waiting.isUnknown = false;
        go(ticket, waiting.isUnknown ? 5s : 0ms);
    }

    void find(const QString &ticket, Waiting &waiting)
    {
        m_connector.find(waiting.step, [this, ticket, &waiting](const Result<Found> &found) {
            if (!found)
                go(ticket, 3s);
            else if (found->isThere && !m_joined.contains(found->entry))
                done(ticket, found->entry);
            else
                notThere(ticket, waiting, found->serverNow);
        });
    }

    // A change of fields is read back: its values are this client's alone in this test.
    void look(const QString &ticket, Waiting &waiting)
    {
        const Instant asked = m_loop.clock().now();
        m_connector.fetch(
            ticket, false, [this, ticket, &waiting, asked](const Result<RemoteTicket> &there) {
                if (!there) {
                    go(ticket, 3s);
                    return;
                }
                const QJsonObject &wanted = waiting.step.fields;
                bool isThere = true;
                for (auto it = wanted.begin(); it != wanted.end(); ++it)
                    isThere = isThere && there->fields.value(it.key()) == it.value();
                if (isThere)
                    done(ticket, {});
                else
                    notThere(ticket, waiting, asked);
            });
    }

    FakeDesk &m_desk;
    SimLoop &m_loop;
    FakeConnector m_connector;
    QString m_cursor;
    int m_rounds = 0;
    std::map<QString, RemoteTicket> m_held;
    std::map<QString, std::deque<Waiting>> m_outbox;
    std::map<QString, QString> m_joined; ///< entry to operation
};

PushStep someStep(SeededRandom &random, int number, int tickets, Instant now)
{
    PushStep step { .kind = PushStep::Kind(random.below(3)),
        .ticket = QString::number(1 + random.below(tickets)),
        .operations = { u"op-%1"_s.arg(number) },
        .queued = now };
    if (step.kind == PushStep::Kind::Fields) {
        // A field that nobody else sets, so that no merge is needed.
        step.fields.insert(u"field.Mine"_s, u"value %1"_s.arg(number));
    } else {
        // Few different words: equal replies must not be taken for one another.
        step.text = u"Answer %1"_s.arg(random.below(3));
        if (step.kind == PushStep::Kind::Note)
            step.text += u"\n\n[tl:"_s + step.operations.front() + u']';
    }
    return step;
}

// One whole run by seed. Empty where all is well, else what is wrong.
QString runSchedule(quint64 seed, QString *trace = nullptr)
{
    SeededRandom random(seed);
    FakeClock clock;
    SimLoop loop(clock);
    const int tickets = 10;
    FakeDesk desk(loop,
        { .seed = seed,
            .tickets = tickets,
            .wholeSeconds = seed % 3 == 0,
            .keepsOperations = seed % 4 == 0,
            .lateCommitPercent = 15 });
    desk.setTracing(trace != nullptr);
    desk.lies().atRandom({ .percent = 30 }, seed);
    SmallClient client(desk, { .seed = seed });
    for (int i = 0; i < 20; ++i)
        client.add(someStep(random, i, tickets, clock.now()));
    client.start();
    for (int i = 0; i < 15; ++i) {
        desk.someoneDoesSomething(random);
        loop.runFor(Millis(random.below(8000)));
    }
    desk.settle();
    loop.runFor(120s); // what is on its way arrives
    desk.beHonest();
    QString wrong;
    if (!loop.runUntil([&] { return client.hasSentAll(); }, std::chrono::hours(1)))
        wrong += u"not all was sent; "_s;
    const int rounds = client.rounds();
    if (!loop.runUntil([&] { return client.rounds() >= rounds + 2; }, std::chrono::hours(1)))
        wrong += u"the pull does not end; "_s;
    for (int i = 0; i < 20; ++i) {
        const int times = desk.timesApplied(u"op-%1"_s.arg(i));
        if (times != 1)
            wrong += u"op-%1 was applied %2 times; "_s.arg(i).arg(times);
    }
    if (client.state() != desk.state())
        wrong += u"the sides differ:\n"_s + difference(client.state(), desk.state());
    if (trace)
        *trace = desk.traced().join(u'\n') + u'\n' + desk.printed();
    return wrong;
}

} // namespace

class TestFakeRun : public QObject
{
    Q_OBJECT
private slots:
    void aRightClientComesToAGoodEnd();
    void aHastyClientIsCaught();
    void theSameSeedIsTheSameRun();
    void costs();
};

void TestFakeRun::aRightClientComesToAGoodEnd()
{
    const CaseRange cases = casesToRun(300, 20'000);
    for (qint64 seed = cases.first + 1; seed <= cases.end; ++seed) {
        const QString wrong = runSchedule(quint64(seed));
        if (wrong.isEmpty())
            continue;
        QString trace;
        runSchedule(quint64(seed), &trace);
        QFAIL(qPrintable(u"seed %1: %2\n%3"_s.arg(seed).arg(wrong, trace.right(6000))));
    }
}

// The desk repeats what it is told: who sends again without looking is found out.
void TestFakeRun::aHastyClientIsCaught()
{
    int twice = 0;
    for (quint64 seed = 1; seed <= 100; ++seed) {
        FakeClock clock;
        SimLoop loop(clock);
        FakeDesk desk(loop, { .seed = seed, .tickets = 1 });
        desk.lies().atRandom({ .percent = 50 }, seed);
        FakeConnector connector(desk, { .seed = seed });
        bool isDone = false;
        std::function<void()> send = [&] {
            connector.push({ .kind = PushStep::Kind::Reply,
                               .ticket = u"1"_s,
                               .operations = { u"op"_s },
                               .queued = clock.now(),
                               .text = u"Hi."_s },
                [&](const Result<PushOutcome> &outcome) {
                    isDone = outcome && outcome->state == State::Done;
                    if (!isDone)
                        loop.after(1s, send);
                });
        };
        send();
        loop.run();
        QVERIFY(isDone);
        twice += desk.timesApplied(u"op"_s) > 1 ? 1 : 0;
    }
    QVERIFY2(twice > 10, qPrintable(QString::number(twice)));
}

void TestFakeRun::theSameSeedIsTheSameRun()
{
    for (quint64 seed = 1; seed <= 20; ++seed) {
        QString first;
        QString second;
        QCOMPARE(runSchedule(seed, &first), QString());
        QCOMPARE(runSchedule(seed, &second), QString());
        QVERIFY(first.contains(u"ApplyThenDropAnswer") || first.size() > 1000);
        QCOMPARE(first, second);
    }
}

// Says what a schedule of 10 tickets and 20 operations costs; a limit only against accidents.
void TestFakeRun::costs()
{
    QElapsedTimer timer;
    timer.start();
    constexpr int runs = 100;
    for (quint64 seed = 1; seed <= runs; ++seed)
        QCOMPARE(runSchedule(seed), QString());
    const double each = double(timer.nsecsElapsed()) / 1e6 / runs;
    qInfo("a schedule costs %.3f ms", each);
    QVERIFY(each < 100);
}

QTEST_GUILESS_MAIN(TestFakeRun)
#include "tst_fakerun.moc"
