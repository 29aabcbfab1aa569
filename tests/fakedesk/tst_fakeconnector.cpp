#include "tests/fakedesk/fakedesktest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::connectors;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = PushOutcome::State;

// The promises of core/connectors/api/connector.h, under every lie: exactly one answer, never inside the
// call, none after the end.
class TestFakeConnector : public QObject
{
    Q_OBJECT
private slots:
    void neverAnswersInsideTheCall();
    void answersEachCallOnce();
    void cancelEndsAllThatIsOpen();
    void whatWasSentGoesOn();
    void theEndIsSilent();
    void anAnswerMayEndTheConnector();
    void anAnswerMayCallAgain();
    void whatAKilledClientSentGoesOn();
    void sameSeedSameTrace();
    void answersComeOutOfOrder();
    void twoConnectorsShareADesk();
};

namespace {

const LieMix everything { .percent = 60,
    .stuckCursors = true,
    .emptyLists = true,
    .signIn = true,
    .rejects = true,
    .gone = true,
    .unknownCodes = true };

// One request of each kind; `heard` counts the answers of each.
void askEverything(
    DeskFixture &rig, std::vector<int> &heard, const std::function<void()> &onAny = {})
{
    const auto count = [&heard, onAny]<typename T>(size_t at, T) -> Answer<T> {
        return [&heard, onAny, at](const Result<T> &) {
            ++heard[at];
            if (onAny)
                onAny();
        };
    };
    const size_t base = heard.size();
    heard.resize(base + 8);
    rig.connector.probe(count(base, Probe {}));
    rig.connector.pull({}, count(base + 1, PullPage {}));
    rig.connector.fetch(u"1"_s, true, count(base + 2, RemoteTicket {}));
    rig.connector.find(rig.note(u"1"_s, u"x"_s), count(base + 3, Found {}));
    rig.connector.download({ .id = u"f1"_s }, 10, count(base + 4, QByteArray()));
    rig.connector.push(rig.note(u"1"_s, u"n"_s), count(base + 5, PushOutcome {}));
    rig.connector.push(rig.reply(u"2"_s, u"r"_s), count(base + 6, PushOutcome {}));
    rig.connector.push(
        rig.change(u"3"_s, u"c"_s, field::priority, u"high"_s), count(base + 7, PushOutcome {}));
}

} // namespace

void TestFakeConnector::neverAnswersInsideTheCall()
{
    for (quint64 seed = 1; seed <= 50; ++seed) {
        std::vector<int> heard;
        heard.reserve(8);
        DeskFixture rig;
        rig.desk.lies().atRandom(everything, seed);
        askEverything(rig, heard);
        QCOMPARE(heard, std::vector<int>(8, 0));
        QCOMPARE(rig.connector.openCalls(), 8);
        QCOMPARE(rig.connector.mostOpen(), 8);
    }
}

void TestFakeConnector::answersEachCallOnce()
{
    for (quint64 seed = 1; seed <= 400; ++seed) {
        DeskFixture rig(DeskOptions { .tickets = 3, .lateCommitPercent = 20 },
            FakeConnectorOptions { .seed = seed });
        rig.loop.shuffleTies(seed);
        rig.desk.lies().atRandom(everything, seed);
        std::vector<int> heard;
        heard.reserve(80);
        for (int round = 0; round < 5; ++round) {
            askEverything(rig, heard);
            rig.loop.runFor(Millis(qint64(seed) * 37 % 9000));
        }
        rig.loop.run();
        QVERIFY2(heard == std::vector<int>(40, 1), qPrintable(u"seed %1"_s.arg(seed)));
        QCOMPARE(rig.connector.openCalls(), 0);
        QCOMPARE(rig.loop.waiting(), 0);
    }
}

void TestFakeConnector::cancelEndsAllThatIsOpen()
{
    for (quint64 seed = 1; seed <= 200; ++seed) {
        const bool isAtOnce = seed % 2 == 0;
        std::vector<int> heard;
        heard.reserve(16);
        DeskFixture rig(
            { .tickets = 3 }, FakeConnectorOptions { .seed = seed, .cancelsAtOnce = isAtOnce });
        rig.desk.lies().atRandom(everything, seed);
        askEverything(rig, heard);
        rig.loop.runFor(Millis(qint64(seed) * 3));
        rig.connector.cancelAll();
        if (isAtOnce)
            QCOMPARE(heard, std::vector<int>(8, 1));
        rig.loop.runFor(1ms);
        QVERIFY2(heard == std::vector<int>(8, 1), qPrintable(u"seed %1"_s.arg(seed)));
        rig.loop.run();
        QCOMPARE(heard, std::vector<int>(8, 1));
        // It is as good as new.
        rig.desk.beHonest();
        askEverything(rig, heard);
        rig.loop.run();
        QCOMPARE(heard, std::vector<int>(16, 1));
    }
    Heard<PullPage> heard;
    DeskFixture rig;
    rig.connector.pull({}, rig.into(heard));
    rig.connector.cancelAll();
    QCOMPARE(heard.times, 0);
    rig.loop.run();
    QCOMPARE(heard.times, 1);
    QCOMPARE(heard.fault(), faultCode(Fault::Cancelled));
}

void TestFakeConnector::whatWasSentGoesOn()
{
    DeskFixture rig({ .tickets = 3 }, FakeConnectorOptions { .slowest = 1ms });
    Heard<PushOutcome> heard;
    rig.connector.push(rig.note(u"1"_s, u"unsent"_s), rig.into(heard));
    rig.connector.cancelAll();
    rig.connector.push(rig.note(u"1"_s, u"sent"_s), rig.into(heard));
    rig.loop.runFor(0ms);
    rig.connector.cancelAll();
    rig.loop.runFor(0ms);
    QCOMPARE(heard.times, 2);
    QCOMPARE(heard.fault(), faultCode(Fault::Cancelled));
    QCOMPARE(rig.desk.timesApplied(u"sent"_s), 0);
    rig.loop.run();
    QCOMPARE(rig.desk.timesApplied(u"unsent"_s), 0);
    QCOMPARE(rig.desk.timesApplied(u"sent"_s), 1);
    QCOMPARE(heard.times, 2);
}

void TestFakeConnector::theEndIsSilent()
{
    FakeClock clock;
    SimLoop loop(clock);
    FakeDesk desk(loop, { .tickets = 1 });
    auto connector = std::make_unique<FakeConnector>(desk);
    int times = 0;
    const auto count = [&times](const auto &) { ++times; };
    connector->pull({}, count);
    loop.runFor(2ms);
    connector->fetch(u"1"_s, false, count);
    connector->cancelAll();
    connector.reset();
    loop.run();
    QCOMPARE(times, 0);
    desk.restart(1s); // nobody listens any more
    QCOMPARE(loop.waiting(), 0);
}

void TestFakeConnector::anAnswerMayEndTheConnector()
{
    for (quint64 seed = 1; seed <= 100; ++seed) {
        FakeClock clock;
        SimLoop loop(clock);
        FakeDesk desk(loop, { .tickets = 2 });
        desk.lies().atRandom(everything, seed);
        auto connector = std::make_unique<FakeConnector>(
            desk, FakeConnectorOptions { .seed = seed, .cancelsAtOnce = seed % 4 == 0 });
        int times = 0;
        const auto end = [&](const auto &) {
            ++times;
            connector.reset();
        };
        connector->pull({}, end);
        connector->fetch(u"1"_s, true, end);
        connector->probe(end);
        if (seed % 2 == 0)
            connector->cancelAll();
        loop.run();
        QCOMPARE(times, 1);
        QVERIFY(!connector);
    }
}

void TestFakeConnector::anAnswerMayCallAgain()
{
    for (const bool isAtOnce : { false, true }) {
        DeskFixture rig({ .tickets = 3 }, FakeConnectorOptions { .cancelsAtOnce = isAtOnce });
        int times = 0;
        int cancelled = 0;
        std::function<void(const Result<PullPage> &)> again = [&](const Result<PullPage> &page) {
            cancelled += page ? 0 : 1;
            if (++times < 20)
                rig.connector.pull({}, again);
        };
        rig.connector.pull({}, again);
        rig.connector.cancelAll();
        rig.loop.run();
        QCOMPARE(times, 20);
        QCOMPARE(cancelled, 1); // what came of it is not cancelled with it
    }
}

void TestFakeConnector::whatAKilledClientSentGoesOn()
{
    FakeClock clock;
    SimLoop loop(clock);
    FakeDesk desk(loop, { .tickets = 1 });
    int times = 0;
    auto connector = std::make_unique<FakeConnector>(desk, FakeConnectorOptions { .slowest = 1ms });
    const auto count = [&times](const auto &) { ++times; };
    const auto note = [&](const QString &operation) {
        connector->push({ .kind = PushStep::Kind::Note,
                            .ticket = u"1"_s,
                            .operations = { operation },
                            .queued = clock.now(),
                            .text = u"[tl:"_s + operation + u']' },
            count);
    };
    note(u"sent"_s);
    loop.runOne();
    note(u"unsent"_s);
    connector.reset();
    loop.run();
    QCOMPARE(times, 0);
    QCOMPARE(desk.timesApplied(u"sent"_s), 1);
    QCOMPARE(desk.timesApplied(u"unsent"_s), 0);
}

void TestFakeConnector::sameSeedSameTrace()
{
    const auto trace = [](quint64 seed) {
        DeskFixture rig(DeskOptions { .seed = seed, .tickets = 3, .lateCommitPercent = 30 },
            FakeConnectorOptions { .seed = seed });
        rig.desk.setTracing(true);
        rig.desk.lies().atRandom(everything, seed);
        rig.loop.shuffleTies(seed);
        SeededRandom random(seed);
        std::vector<int> heard;
        heard.reserve(160);
        for (int round = 0; round < 20; ++round) {
            askEverything(rig, heard);
            rig.desk.someoneDoesSomething(random);
            rig.loop.runFor(Millis(random.below(4000)));
        }
        rig.loop.run();
        return rig.desk.traced().join(u'\n') + rig.desk.printed();
    };
    for (quint64 seed = 1; seed <= 10; ++seed)
        QCOMPARE(trace(seed), trace(seed));
    QVERIFY(trace(1) != trace(2));
    const QString text = trace(3);
    QVERIFY(text.contains(u" pull ") && text.contains(u" answered") && text.contains(u" done"));
}

void TestFakeConnector::answersComeOutOfOrder()
{
    int turned = 0;
    for (quint64 seed = 1; seed <= 50; ++seed) {
        DeskFixture rig({ .tickets = 2 }, FakeConnectorOptions { .seed = seed });
        QString order;
        rig.connector.fetch(u"1"_s, false, [&](const auto &) { order += u'1'; });
        rig.connector.fetch(u"2"_s, false, [&](const auto &) { order += u'2'; });
        rig.loop.run();
        QCOMPARE(order.size(), 2);
        turned += order == u"21" ? 1 : 0;
    }
    QVERIFY(turned > 10 && turned < 40);
}

void TestFakeConnector::twoConnectorsShareADesk()
{
    DeskFixture rig;
    FakeConnector other(rig.desk, FakeConnectorOptions { .seed = 2, .user = u"8"_s });
    Heard<PushOutcome> mine;
    Heard<PushOutcome> theirs;
    const QString version = rig.fetch(u"1"_s).value().version;
    rig.connector.push(
        rig.change(u"1"_s, u"a"_s, field::priority, u"high"_s, version), rig.into(mine));
    other.push(rig.change(u"1"_s, u"b"_s, field::priority, u"low"_s, version), rig.into(theirs));
    rig.loop.run();
    // One of them came first; the other was told.
    QVERIFY((mine.value().state == State::Done) != (theirs.value().state == State::Done));
    QVERIFY((mine.value().state == State::Stale) != (theirs.value().state == State::Stale));
    QCOMPARE(rig.desk.timesApplied(u"a"_s) + rig.desk.timesApplied(u"b"_s), 1);
    other.push(rig.reply(u"1"_s, u"c"_s), rig.into(theirs));
    rig.loop.run();
    QCOMPARE(rig.fetch(u"1"_s).value().entries.back().author.id, u"8"_s);
}

QTEST_GUILESS_MAIN(TestFakeConnector)
#include "tst_fakeconnector.moc"
