#include "tests/metrics/history.h"

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

// What came of a ticket: replies, answers to surveys, what its source says, the limits of its stages.

class TestMetricsOutcomes : public QObject
{
    Q_OBJECT
private slots:
    void firstResponse_data();
    void firstResponse();
    void firstContact_data();
    void firstContact();
    void csatCreditsTheHolder();
    void knownValues();
    void stageClocks_data();
    void stageClocks();
};

void TestMetricsOutcomes::firstResponse_data()
{
    QTest::addColumn<QList<int>>("at");
    QTest::addColumn<QStringList>("who");
    QTest::addColumn<int>("expected"); ///< seconds, -1: none
    const auto row = [](const char *name, QList<int> at, const char *who, int expected) {
        QTest::newRow(name) << at << QString::fromLatin1(who).split(u' ') << expected;
    };
    row("plain", { 0, 60 }, "customer agent", 60);
    row("first word, first reply", { 0, 30, 60, 90 }, "customer customer agent agent", 60);
    row("a bot is nobody", { 0, 5, 60 }, "customer bot agent", 60);
    row("an automatic answer is nobody", { 0, 5, 60 }, "customer system agent", 60);
    row("a note is no reply", { 0, 5, 60 }, "customer note agent", 60);
    row("no reply", { 0, 5 }, "customer note", -1);
    row("no customer", { 0, 5 }, "agent agent", -1);
    row("we wrote first", { 0, 40, 100 }, "agent customer agent", 60);
    row("we wrote first, never again", { 0, 40 }, "agent customer", -1);
    row("at the same instant", { 7, 7 }, "customer agent", 0);
    row("out of order", { 90, 10 }, "agent customer", 80);
}

void TestMetricsOutcomes::firstResponse()
{
    QFETCH(QList<int>, at);
    QFETCH(QStringList, who);
    QFETCH(int, expected);
    History history("0 created tier=L1");
    for (qsizetype i = 0; i < at.size(); ++i)
        history.says(at[i], qPrintable(who[i]));
    const auto ms = history.facts().firstResponse;
    QCOMPARE(ms ? static_cast<int>(*ms / 1000) : -1, expected);
}

void TestMetricsOutcomes::firstContact_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<int>("replies");
    QTest::addColumn<bool>("isFirst");
    const QByteArray solved = "0 created tier=L1 status=open\n60 solved status=solved";
    QTest::newRow("one reply, solved") << solved << 1 << true;
    QTest::newRow("no reply") << solved << 0 << false;
    QTest::newRow("two replies") << solved << 2 << false;
    QTest::newRow("not solved") << QByteArray("0 created tier=L1 status=open") << 1 << false;
    QTest::newRow("reopened") << solved + "\n90 reopened status=open\n95 solved status=solved" << 1
                              << false;
    QTest::newRow("escalated") << solved + "\n50 escalated tier=L2" << 1 << false;
}

void TestMetricsOutcomes::firstContact()
{
    QFETCH(QByteArray, history);
    QFETCH(int, replies);
    QFETCH(bool, isFirst);
    History drawn(history.constData());
    drawn.says(0, "customer").says(5, "note").says(6, "bot");
    for (int i = 0; i < replies; ++i)
        drawn.says(10 + i, "agent");
    QCOMPARE(drawn.facts().isFirstContactResolution(), isFirst);
}

void TestMetricsOutcomes::csatCreditsTheHolder()
{
    const TicketFacts facts = History("0 created tier=L1 team=A to=ana status=open\n"
                                      "5 csat score=2\n"
                                      "10 escalated tier=L2 team=B to=ben\n"
                                      "20 solved status=solved\n"
                                      "30 reassigned team=C to=cem\n"
                                      "40 csat score=5\n"
                                      "50 csat score=6\n"
                                      "60 csat score=0\n")
                                  .facts();
    QCOMPARE(facts.csat.size(), size_t(2));
    QCOMPARE(facts.csat[0],
        (CsatAnswer { .score = 2,
            .isAfterEscalation = false,
            .agent = u"ana"_s,
            .tier = u"L1"_s,
            .team = u"A"_s }));
    QCOMPARE(facts.csat[1],
        (CsatAnswer { .score = 5,
            .isAfterEscalation = true,
            .agent = u"ben"_s,
            .tier = u"L2"_s,
            .team = u"B"_s }));
    QVERIFY(!facts.csat[0].isSatisfied());
    QVERIFY(facts.csat[1].isSatisfied());
    QVERIFY((CsatAnswer { .score = 4 }).isSatisfied());
}

void TestMetricsOutcomes::knownValues()
{
    History history("0 created team=A");
    QVERIFY(!history.facts().knownSlaMet && !history.facts().knownResolution);
    history.ticket.fields = { { u"known"_s,
        QJsonObject {
            { u"sla_met"_s, false }, { u"resolved_at"_s, u"2026-06-08T09:00:00Z"_s } } } };
    QCOMPARE(history.facts().knownSlaMet, std::optional(false));
    QCOMPARE(history.facts().knownResolution, std::optional<qint64>(3'600'000));
    history.ticket.fields = { { u"known"_s,
        QJsonObject { { u"sla_met"_s, u"yes"_s }, { u"resolved_at"_s, u"tomorrow"_s } } } };
    QVERIFY(!history.facts().knownSlaMet && !history.facts().knownResolution);
}

void TestMetricsOutcomes::stageClocks_data()
{
    QTest::addColumn<int>("acceptedAt"); ///< seconds, -1: not
    QTest::addColumn<int>("endedAt");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("now");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, int accepted, int ended, Outcome outcome, int now,
                         const char *expected) {
        QTest::newRow(name) << accepted << ended << static_cast<int>(outcome) << now
                            << QString::fromLatin1(expected);
    };
    // To be accepted before second 300, resolved before second 3600.
    row("waiting", -1, -1, Outcome::None, 299, "accept running");
    row("due is reached at the limit", -1, -1, Outcome::None, 300, "accept breached");
    row("accepted in time", 299, -1, Outcome::None, 1000, "accept met, tier_resolution running");
    row("accepted at the limit", 300, -1, Outcome::None, 1000,
        "accept breached, tier_resolution running");
    row("in work too long", 10, -1, Outcome::None, 3600, "accept met, tier_resolution breached");
    row("resolved", 10, 3599, Outcome::Resolved, 9999, "accept met, tier_resolution met");
    row("returned too late", 10, 3600, Outcome::Returned, 9999,
        "accept met, tier_resolution breached");
    row("went further up in time", 10, 50, Outcome::Superseded, 9999, "accept met");
    row("returned before it was accepted", -1, 50, Outcome::Returned, 9999, "");
    row("withdrawn", -1, 500, Outcome::Withdrawn, 9999, "");
}

void TestMetricsOutcomes::stageClocks()
{
    QFETCH(int, acceptedAt);
    QFETCH(int, endedAt);
    QFETCH(int, outcome);
    QFETCH(int, now);
    QFETCH(QString, expected);
    const auto second = [](int s) { return Instant { Start.ms + s * 1000LL }; };
    const auto perhaps = [&](int s) { return s < 0 ? std::nullopt : std::optional(second(s)); };
    Escalation escalation { .opened = Start,
        .moved = Start,
        .accepted = perhaps(acceptedAt),
        .ended = perhaps(endedAt),
        .outcome = static_cast<Outcome>(outcome) };
    escalation.stages.push_back({ .stage = Stage::Handoff,
        .entered = Start,
        .limit = second(300),
        .left = acceptedAt >= 0 ? perhaps(acceptedAt) : perhaps(endedAt) });
    if (acceptedAt >= 0) {
        escalation.stages.push_back({ .stage = Stage::Resolution,
            .entered = second(acceptedAt),
            .limit = second(3600),
            .left = perhaps(endedAt) });
    }
    const History history("0 created tier=L1");
    TicketInput input {
        .ticket = history.ticket, .events = history.events, .escalations = std::span(&escalation, 1)
    };
    QStringList clocks;
    for (const ClockVerdict &c : factsOf(input, threeTiers(), second(now)).clocks) {
        const QStringList states { u"running"_s, u"met"_s, u"breached"_s };
        clocks.append(c.clock + u' ' + states[static_cast<int>(c.state)]);
    }
    QCOMPARE(clocks.join(u", "_s), expected);
}

QTEST_GUILESS_MAIN(TestMetricsOutcomes)
#include "tst_metricsoutcomes.moc"
