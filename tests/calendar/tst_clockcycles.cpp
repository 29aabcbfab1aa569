#include "core/calendar/clockcycles.h"
#include "tests/calendar/calendartest.h"

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

using Kind = Fact::Kind;

/// A minute of Monday, 2026-06-08, UTC: "10:40".
Instant on(const char *time)
{
    return at(QByteArray("2026-06-08T").append(time).append(":00Z").constData());
}

Fact fact(const char *time, Kind kind)
{
    return { .at = on(time), .kind = kind };
}
Fact status(const char *time, Status value)
{
    return { .at = on(time), .kind = Kind::StatusSet, .status = value };
}
Fact created(const char *time, bool byBot = false)
{
    return {
        .at = on(time), .kind = Kind::Created, .tier = byBot ? u"L0"_s : u"L1"_s, .isBotTier = byBot
    };
}
Fact escalated(const char *time, const QString &tier)
{
    return { .at = on(time), .kind = Kind::Escalated, .tier = tier };
}
Fact reply(const char *time, const QStringList &tiers = { u"L1"_s })
{
    return { .at = on(time), .kind = Kind::HumanReply, .tiers = tiers };
}
Fact promise(const char *time, const char *until)
{
    return { .at = on(time), .kind = Kind::Promised, .until = on(until) };
}

QString clockText(const std::optional<Instant> &at)
{
    return at ? at->iso().mid(11, 5) : u"-"_s;
}

/// "10:00 met 10:50", "10:00 open", "10:00 cancelled 10:20 paused 10:05-10:10", one cycle after another.
QString told(const std::vector<FoundCycle> &cycles)
{
    QStringList all;
    for (const FoundCycle &found : cycles) {
        QString text = clockText(found.cycle.start);
        if (found.cycle.met)
            text += u" met "_s + clockText(found.cycle.met);
        else if (found.cycle.cancelled)
            text += u" cancelled "_s + clockText(found.cycle.cancelled);
        else
            text += u" open"_s;
        if (!found.tier.isEmpty())
            text += u" by "_s + found.tier;
        if (found.isClosedUnanswered)
            text += u" unanswered"_s;
        for (const TimeSpan &pause : found.cycle.pauses)
            text += u" paused %1-%2"_s.arg(
                clockText(pause.from), pause.to == Cycle::openEnd ? u"on"_s : clockText(pause.to));
        all.append(text);
    }
    return all.join(u", "_s);
}

} // namespace

/// What starts, meets, pauses and ends each clock of a ticket.
class TestClockCycles : public QObject
{
    Q_OBJECT
private slots:
    void cycles_data();
    void cycles();
    void optionsDecide();
    void orderInsideOneSave();
    void lateFactsAreReadInTheirPlace();
    void codesReadBack();
    void neverTwoUnderWay();
};

void TestClockCycles::cycles_data()
{
    QTest::addColumn<ClockKind>("clock");
    QTest::addColumn<std::vector<Fact>>("facts");
    QTest::addColumn<QString>("expected");
    using Facts = std::vector<Fact>;
    using enum ClockKind;

    const auto word = [](const char *time) { return fact(time, Kind::CustomerWord); };
    QTest::newRow("first answer") << FirstResponse
                                  << Facts { created("10:00"), word("10:00"), reply("10:20") }
                                  << u"10:00 met 10:20"_s;
    QTest::newRow("opened by us for a silent customer")
        << FirstResponse << Facts { created("10:00"), reply("10:01") } << QString();
    QTest::newRow("opened by us, the customer writes later")
        << FirstResponse
        << Facts { created("10:00"), reply("10:01"), word("11:00"), reply("11:05") }
        << u"11:00 met 11:05"_s;
    QTest::newRow("bot answers twice, then hands over")
        << FirstResponse
        << Facts { created("10:00", true), word("10:00"), fact("10:01", Kind::MachineReply),
               word("10:02"), fact("10:03", Kind::MachineReply),
               { .at = on("10:05"), .kind = Kind::TierSet, .tier = u"L1"_s }, reply("10:09") }
        << u"10:05 met 10:09"_s;
    QTest::newRow("automatic answer first")
        << FirstResponse
        << Facts { created("10:00"), word("10:00"), fact("10:00", Kind::MachineReply),
               reply("10:30") }
        << u"10:00 met 10:30"_s;
    QTest::newRow("solved without a word")
        << FirstResponse
        << Facts { created("10:00"), word("10:00"), status("10:10", Status::Solved),
               status("11:00", Status::Open), reply("11:10") }
        << u"10:00 met 10:10 unanswered"_s;
    QTest::newRow("pending is no loophole")
        << FirstResponse
        << Facts { created("10:00"), word("10:00"), status("10:01", Status::Pending) }
        << u"10:00 open"_s;
    QTest::newRow("accepting is no answer")
        << FirstResponse << Facts { created("10:00"), word("10:00"), fact("10:01", Kind::Accepted) }
        << u"10:00 open"_s;

    QTest::newRow("V19: one cycle from the oldest word")
        << FirstResponse << Facts { created("10:00"), word("10:00"), word("10:30"), reply("10:50") }
        << u"10:00 met 10:50"_s;
    QTest::newRow("next: oldest unanswered word")
        << NextResponse
        << Facts { created("09:00"), word("09:00"), reply("09:10"), word("10:00"), word("10:30"),
               reply("10:50"), word("11:00") }
        << u"10:00 met 10:50, 11:00 open"_s;
    QTest::newRow("next: solve answers") << NextResponse
                                         << Facts { created("09:00"), word("09:00"), reply("09:10"),
                                                word("10:00"), status("10:05", Status::Solved) }
                                         << u"10:00 met 10:05"_s;
    QTest::newRow("next: no answer needed")
        << NextResponse
        << Facts { created("09:00"), word("09:00"), reply("09:10"), word("10:00"),
               fact("10:01", Kind::NoAnswerNeeded) }
        << u"10:00 met 10:01"_s;
    QTest::newRow("next: thanks after the solve")
        << NextResponse
        << Facts { created("09:00"), word("09:00"), reply("09:10"), status("09:20", Status::Solved),
               word("09:30") }
        << QString();
    QTest::newRow("next: opened again long after")
        << NextResponse
        << Facts { created("09:00"), word("09:00"), reply("09:10"), status("09:20", Status::Solved),
               word("09:30"), status("12:00", Status::Open) }
        << u"12:00 open"_s;
    QTest::newRow("next: a word that reopens")
        << NextResponse
        << Facts { created("09:00"), word("09:00"), reply("09:10"), status("09:20", Status::Solved),
               word("09:30"), status("09:30", Status::Open), reply("09:45") }
        << u"09:30 met 09:45"_s;
    QTest::newRow("next: none before the first")
        << NextResponse << Facts { created("09:00"), word("09:00"), word("09:30") } << QString();

    QTest::newRow("update: from word to word")
        << PeriodicUpdate
        << Facts { created("09:00"), word("09:00"), reply("09:10"), reply("10:00") }
        << u"09:10 met 10:00, 10:00 open"_s;
    QTest::newRow("update: ends at the solve, begins at the reopening")
        << PeriodicUpdate
        << Facts { created("09:00"), word("09:00"), reply("09:10"), status("09:20", Status::Solved),
               status("10:00", Status::Open) }
        << u"09:10 cancelled 09:20, 10:00 open"_s;

    QTest::newRow("wait: pending does not count, nor solved time")
        << RequesterWait
        << Facts { created("09:00"), status("10:00", Status::Pending),
               status("10:30", Status::Open), status("11:00", Status::Solved),
               status("12:00", Status::Open), status("13:00", Status::Solved) }
        << u"09:00 met 13:00 paused 10:00-10:30 paused 11:00-12:00"_s;
    QTest::newRow("wait: hold counts") << RequesterWait
                                       << Facts { created("09:00"), status("10:00", Status::Hold),
                                              status("11:00", Status::Solved) }
                                       << u"09:00 met 11:00"_s;
    QTest::newRow("work: solved straight from hold")
        << AgentWork
        << Facts { created("09:00"), status("10:00", Status::Hold),
               status("11:00", Status::Solved) }
        << u"09:00 met 11:00 paused 10:00-11:00"_s;
    QTest::newRow("work: from pending to hold is one pause")
        << AgentWork
        << Facts { created("09:00"), status("10:00", Status::Pending),
               status("10:10", Status::Hold), status("10:20", Status::Open) }
        << u"09:00 open paused 10:00-10:20"_s;
    QTest::newRow("first resolution never restarts")
        << FirstResolution
        << Facts { created("09:00"), status("11:00", Status::Solved), status("12:00", Status::Open),
               status("13:00", Status::Solved) }
        << u"09:00 met 11:00"_s;
    QTest::newRow("total: never pauses but for solved time")
        << TotalResolution
        << Facts { created("09:00"), status("10:00", Status::Pending),
               status("11:00", Status::Solved), status("12:00", Status::Open) }
        << u"09:00 open paused 11:00-12:00"_s;
    QTest::newRow("closing a solved one is no second solve")
        << TotalResolution
        << Facts { created("09:00"), status("11:00", Status::Solved),
               status("12:00", Status::Closed) }
        << u"09:00 met 11:00"_s;

    QTest::newRow("accept") << Accept
                            << Facts { escalated("10:00", u"L2"_s), fact("10:03", Kind::Accepted),
                                   reply("10:10") }
                            << u"10:00 met 10:03 by L2"_s;
    QTest::newRow("a public answer accepts")
        << Accept << Facts { escalated("10:00", u"L2"_s), reply("10:04") }
        << u"10:00 met 10:04 by L2"_s;
    QTest::newRow("handed back before it was accepted")
        << Accept
        << Facts { escalated("10:00", u"L2"_s), fact("10:02", Kind::HandedBack),
               fact("10:03", Kind::Accepted) }
        << u"10:00 cancelled 10:02 by L2"_s;
    QTest::newRow("two escalations in one minute")
        << Accept
        << Facts { escalated("10:00", u"L2"_s), escalated("10:00", u"L3"_s),
               fact("10:01", Kind::Accepted) }
        << u"10:00 cancelled 10:00 by L2, 10:00 met 10:01 by L3"_s;
    QTest::newRow("only a member of the tier responds for it")
        << TierResponse
        << Facts { escalated("10:00", u"L3"_s), reply("10:10"), fact("10:12", Kind::Accepted),
               status("10:20", Status::Pending), status("10:30", Status::Open),
               reply("10:40", { u"L2"_s, u"L3"_s }) }
        << u"10:00 met 10:40 by L3 paused 10:20-10:30"_s;
    QTest::newRow("response ends with the hand-back")
        << TierResponse << Facts { escalated("10:00", u"L3"_s), fact("10:30", Kind::HandedBack) }
        << u"10:00 cancelled 10:30 by L3"_s;
    QTest::newRow("the hand-back resolves for the tier")
        << TierResolution
        << Facts { escalated("10:00", u"L3"_s), status("10:10", Status::Hold),
               status("10:20", Status::Open), fact("10:30", Kind::HandedBack),
               escalated("11:00", u"L3"_s), status("12:00", Status::Solved) }
        << u"10:00 met 10:30 by L3 paused 10:10-10:20, 11:00 met 12:00 by L3"_s;
    QTest::newRow("each promise by itself")
        << Promise
        << Facts { reply("10:00"), promise("10:00", "12:00"), promise("10:30", "11:00"),
               reply("10:50"), promise("11:00", "15:00") }
        << u"10:00 met 10:50, 10:30 met 10:50, 11:00 open"_s;
}

void TestClockCycles::cycles()
{
    QFETCH(ClockKind, clock);
    QFETCH(std::vector<Fact>, facts);
    QFETCH(QString, expected);
    sortFacts(facts);
    QCOMPARE(told(cyclesOf(clock, facts)), expected);
}

void TestClockCycles::optionsDecide()
{
    const std::vector<Fact> facts { created("10:00"), fact("10:00", Kind::CustomerWord),
        status("10:01", Status::Pending), status("10:11", Status::Open),
        fact("10:15", Kind::Call) };
    QCOMPARE(told(cyclesOf(ClockKind::FirstResponse, facts)), u"10:00 open"_s);
    QCOMPARE(told(cyclesOf(ClockKind::FirstResponse, facts, { .pausesWhenPending = true })),
        u"10:00 open paused 10:01-10:11"_s);
    QCOMPARE(told(cyclesOf(ClockKind::FirstResponse, facts, { .callsAnswer = true })),
        u"10:00 met 10:15"_s);
}

/// Messages count before the status of the same save: an answer that also sets pending is an answer.
void TestClockCycles::orderInsideOneSave()
{
    std::vector<Fact> facts { status("10:20", Status::Pending), reply("10:20"),
        fact("10:00", Kind::CustomerWord), created("10:00") };
    sortFacts(facts);
    QCOMPARE(facts.front().kind, Kind::Created);
    QCOMPARE(told(cyclesOf(ClockKind::FirstResponse, facts, { .pausesWhenPending = true })),
        u"10:00 met 10:20 paused 10:20-on"_s);
    const Reading reading = read(
        [&] {
            Cycle cycle = cyclesOf(ClockKind::FirstResponse, facts).front().cycle;
            cycle.targets = { { on("10:00"), std::chrono::minutes(30) } };
            return cycle;
        }(),
        calendar(T), on("15:00"));
    QCOMPARE(reading.state, State::Met);
    QCOMPARE(reading.elapsed, Millis(std::chrono::minutes(20)));
}

void TestClockCycles::lateFactsAreReadInTheirPlace()
{
    std::vector<Fact> facts { created("10:00"), fact("10:00", Kind::CustomerWord), reply("12:00") };
    QCOMPARE(told(cyclesOf(ClockKind::FirstResponse, facts)), u"10:00 met 12:00"_s);
    facts.push_back(reply("10:30")); // it was written on another machine, without a network
    sortFacts(facts);
    QCOMPARE(told(cyclesOf(ClockKind::FirstResponse, facts)), u"10:00 met 10:30"_s);
}

void TestClockCycles::codesReadBack()
{
    for (int i = 0; i <= static_cast<int>(ClockKind::TierResolution); ++i) {
        const auto kind = static_cast<ClockKind>(i);
        QVERIFY(!code(kind).isEmpty());
        QCOMPARE(clockFromCode(code(kind)), kind);
    }
    QVERIFY(!clockFromCode(u"response"));
}

/// Whatever happens in whatever order: cycles of a clock follow each other, promises excepted, and only the
/// last can be under way.
void TestClockCycles::neverTwoUnderWay()
{
    const quint64 seed = 20260610;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    for (int round = 0; round < 2000; ++round) {
        std::vector<Fact> facts { created("00:00", random.below(4) == 0) };
        for (qint64 n = random.below(25); n > 0; --n) {
            Fact next { .at = on("00:00") + Millis(random.below(600) * 60'000),
                .kind = static_cast<Kind>(1 + random.below(static_cast<qint64>(Kind::TierSet))),
                .status = static_cast<Status>(random.below(6)),
                .tier = u"L%1"_s.arg(1 + random.below(3)) };
            next.tiers = { u"L%1"_s.arg(1 + random.below(3)) };
            next.until = next.at + Millis(3'600'000);
            facts.push_back(next);
        }
        sortFacts(facts);
        for (int i = 0; i <= static_cast<int>(ClockKind::TierResolution); ++i) {
            const auto kind = static_cast<ClockKind>(i);
            const auto cycles
                = cyclesOf(kind, facts, { random.below(2) == 0, random.below(2) == 0 });
            for (size_t c = 0; c < cycles.size(); ++c) {
                const Cycle &cycle = cycles[c].cycle;
                QVERIFY(cycle.start);
                QVERIFY(!cycle.met || *cycle.met >= *cycle.start);
                QVERIFY(!cycle.cancelled || *cycle.cancelled >= *cycle.start);
                QVERIFY(!(cycle.met && cycle.cancelled));
                if (kind == ClockKind::Promise || c + 1 == cycles.size())
                    continue;
                const auto end = cycle.met ? cycle.met : cycle.cancelled;
                QVERIFY2(end, qPrintable(code(kind) + u": "_s + told(cycles)));
                QVERIFY2(*end <= *cycles[c + 1].cycle.start, qPrintable(told(cycles)));
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestClockCycles)
#include "tst_clockcycles.moc"
