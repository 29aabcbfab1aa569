#include "tests/metrics/history.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

namespace {

History made(const char *drawing, const char *created)
{
    History history(drawing);
    history.ticket.created = *Instant::parse(QString::fromLatin1(created));
    return history;
}

QStringList keys(const Report &report)
{
    QStringList keys;
    for (const Row &row : report.rows)
        keys.append(row.key);
    return keys;
}

const char *const plain = "0 created tier=L1 team=A status=open actor=ana";
const char *const escalated
    = "0 created tier=L1 team=A status=open actor=ana\n60 log tier=L2 team=B actor=ben";

} // namespace

class TestMetricsReport : public QObject
{
    Q_OBJECT
private slots:
    void byCodesRoundTrip();
    void periodIsHalfOpen();
    void refusesWhatMakesNoSense();
    void nothingIsNull();
    void keysOfTheForm();
    void zeroIsNotNull();
    void rates();
    void byStart();
    void byAgent();
    void byValuesOfTheTicket_data();
    void byValuesOfTheTicket();
    void weeksAreCutAtLocalMidnight_data();
    void weeksAreCutAtLocalMidnight();
    void csatGoesToTheHolder_data();
    void csatGoesToTheHolder();
    void sla();
    void imported();
    void cutsOfTimeToEscalate();
    void unassigned();
    void weeklySeries();
    void secondsKeepTheirFraction();
};

void TestMetricsReport::byCodesRoundTrip()
{
    QCOMPARE(
        byCodes().join(u'|'), u"tier|team|agent|category|product|priority|segment|channel|week"_s);
    for (const QString &name : byCodes())
        QCOMPARE(code(*byFromCode(name)), name);
    QVERIFY(!byFromCode(u"colour"));
}

void TestMetricsReport::periodIsHalfOpen()
{
    const std::vector<History> tickets { made(plain, "2026-06-07T23:59:59.999Z"),
        made(plain, "2026-06-08T00:00:00Z"), made(plain, "2026-06-08T23:59:59.999Z"),
        made(plain, "2026-06-09T00:00:00Z") };
    const auto from = Instant::parse(u"2026-06-08T00:00:00Z"),
               to = Instant::parse(u"2026-06-09T00:00:00Z");
    QCOMPARE(reportOf(tickets, { .from = *from, .to = *to }).rows[0].tickets, 2);
    QCOMPARE(reportOf(tickets, { .from = *from }).rows[0].tickets, 3);
    QCOMPARE(reportOf(tickets, { .to = *to }).rows[0].tickets, 3);
    QCOMPARE(reportOf(tickets).rows[0].tickets, 4);
    QCOMPARE(reportOf(tickets, { .from = *from, .to = *from }).rows[0].tickets, 0);
    Collector collector({ .from = *from, .to = *to });
    QVERIFY(collector.wants(*from));
    QVERIFY(!collector.wants(*to));
}

void TestMetricsReport::refusesWhatMakesNoSense()
{
    const auto swapped = Collector({ .from = Instant { 2 }, .to = Instant { 1 } }).finish();
    QVERIFY(!swapped);
    QCOMPARE(swapped.error().fault, Fault::BadInput);
    Collector nowhere({ .zone = QTimeZone("Mars/Olympus") });
    nowhere.add(History(plain).input());
    const auto report = nowhere.finish();
    QVERIFY(!report);
    QCOMPARE(report.error().where, u"zone"_s);
}

void TestMetricsReport::nothingIsNull()
{
    const QJsonObject json = toJson(reportOf({}));
    QVERIFY(json["from"_L1].isNull() && json["to"_L1].isNull() && json["by"_L1].isNull());
    QCOMPARE(json["zone"_L1].toString(), u"UTC"_s);
    QCOMPARE(json["rows"_L1].toArray().size(), 1);
    const QJsonObject row = json["rows"_L1].toArray()[0].toObject();
    QCOMPARE(row["key"_L1].toString(), u"all"_s);
    QCOMPARE(row["tickets"_L1].toInt(-1), 0);
    // Nowhere a 0 that is no count of tickets.
    const QByteArray text = QJsonDocument(row).toJson(QJsonDocument::Compact);
    QCOMPARE(text.count('0'), 1);
    QVERIFY(row["time_to_escalate_s"_L1].isNull() && row["reopened"_L1].isNull());
    QVERIFY(row["csat"_L1]["all"_L1].isNull() && row["sla"_L1]["imported"_L1]["moved"_L1].isNull());
    QVERIFY(row["first_resolution_s"_L1]["not_escalated"_L1].isNull());
    QVERIFY(reportOf({}, { .by = By::Team }).rows.empty());
}

void TestMetricsReport::keysOfTheForm()
{
    const QJsonObject json = toJson(reportOf({ History(escalated) }, { .by = By::Team }));
    QCOMPARE(json.keys().join(u' '), u"by from rows to zone"_s);
    QCOMPARE(json["by"_L1].toString(), u"team"_s);
    const QJsonObject row = json["rows"_L1].toArray()[0].toObject();
    QCOMPARE(row.keys().join(u' '),
        u"awaited_customer by_start_tier csat escalated escalation_rate escalation_steps "
        "final_resolution_s first_contact_resolution first_resolution_s first_response_s into_tier key "
        "moved moved_again moves out_of_tier ping_pong_teams ping_pong_tiers priority_raised "
        "reassignments reopened repeat_escalation resolution_after_escalation_s resolution_s "
        "return_steps returned_after_escalation reversals sla solved_at_l1 tickets "
        "time_to_escalate_s time_to_first_move_s"_s);
    QCOMPARE(row["time_to_escalate_s"_L1].toObject().keys().join(u' '), u"median n p90"_s);
    QCOMPARE(row["escalation_steps"_L1].toObject(),
        (QJsonObject { { u"total"_s, 1 }, { u"L1>L2"_s, 1 } }));
    QCOMPARE(row["by_start_tier"_L1]["L1"_L1].toObject().keys().join(u' '), u"escalated tickets"_s);
    QCOMPARE(row["sla"_L1].toObject().keys().join(u' '), u"first_response imported"_s);
    QCOMPARE(row["sla"_L1]["imported"_L1].toObject().keys().join(u' '), u"all moved not_moved"_s);
}

/// What was looked for and not found is 0; what could not be looked for is null.
void TestMetricsReport::zeroIsNotNull()
{
    const Row row = rowOf({ History(plain) });
    QCOMPARE(row.escalated, std::optional<qint64>(0));
    QCOMPARE(row.escalationRate, std::optional(0.0));
    QCOMPARE(row.escalationSteps, std::optional<qint64>(0));
    QCOMPARE(row.moves, std::optional<qint64>(0));
    QCOMPARE(row.reopened, std::optional<qint64>(0));
    QVERIFY(!row.timeToEscalate && !row.repeatEscalation && !row.returnedAfterEscalation);
    QVERIFY(!row.movedAgain && !row.reversals && !row.priorityRaised && !row.solvedAtL1);
    QVERIFY(!row.firstContactResolution && !row.firstResponse && !row.csat);

    const Row bare = rowOf({ History("0 created") });
    QVERIFY(!bare.escalated && !bare.moved && !bare.reopened && !bare.pingPongTeams
        && !bare.reassignments && !bare.byStartTier && !bare.awaitedCustomer);
    QCOMPARE(bare.tickets, 1);

    // A log without tiers, whose tickets were put at L1.
    const Row put = rowOf({ History("0 created tier=L1 tier_assumed=1 team=A\n9 log team=B") });
    QVERIFY(!put.escalated && !put.byStartTier && !put.pingPongTiers && !put.returnSteps);
    QCOMPARE(put.reassignments, std::optional(Reassignments { 1, 1 }));
    const Row later = rowOf({ History("0 created tier=L1 tier_assumed=1\n9 escalated tier=L2") });
    QCOMPARE(later.escalated, std::optional<qint64>(1));

    // A log without messages cannot tell at which contact a ticket was solved.
    QVERIFY(!rowOf({ History("0 created status=solved") }).firstContactResolution);

    const Row up = rowOf({ History(escalated) });
    QCOMPARE(up.repeatEscalation, std::optional<qint64>(0));
    QCOMPARE(up.movedAgain, std::optional<qint64>(0));
}

void TestMetricsReport::rates()
{
    const Row row = rowOf({ History(plain), History(plain), History(escalated),
        History(
            "0 created tier=L1 team=A status=open\n30 log tier=L3 team=C\n40 log tier=L2\n50 log tier=L3 status=solved") });
    QCOMPARE(row.tickets, 4);
    QCOMPARE(row.escalated, std::optional<qint64>(2));
    QCOMPARE(row.escalationRate, std::optional(0.5));
    QCOMPARE(row.repeatEscalation, std::optional<qint64>(1));
    QCOMPARE(row.intoTier, (QMap<QString, qint64> { { u"L2"_s, 1 }, { u"L3"_s, 1 } }));
    QCOMPARE(row.outOfTier->value(u"L1"_s), (TierTally { 4, 2 }));
    QCOMPARE(row.outOfTier->value(u"L2"_s), (TierTally { 2, 1 }));
    QCOMPARE(row.outOfTier->value(u"L3"_s), (TierTally { 1, 0 }));
    QCOMPARE(row.stepsByPair,
        (QMap<QString, qint64> { { u"L1>L2"_s, 1 }, { u"L1>L3"_s, 1 }, { u"L2>L3"_s, 1 } }));
    QCOMPARE(row.escalationSteps, std::optional<qint64>(3));
    QCOMPARE(row.returnSteps, std::optional<qint64>(1));
    QCOMPARE(row.returnedAfterEscalation, std::optional<qint64>(1));
    QCOMPARE(row.solvedAtL1, std::optional(Share { 0, 1 }));
    QCOMPARE(row.timeToEscalate, std::optional(Spread { .n = 2, .median = 45, .p90 = 60 }));
    QCOMPARE(
        row.finalResolution.escalated, std::optional(Spread { .n = 1, .median = 50, .p90 = 50 }));
    QVERIFY(!row.finalResolution.notEscalated);
    QCOMPARE(row.pingPongTiers, std::optional(Turns { 1, 1 }));
}

/// Tier and team are where a ticket started; tiers stand in the order of their rank.
void TestMetricsReport::byStart()
{
    const std::vector<History> tickets { History("0 created tier=L3 team=Z"), History(escalated),
        History("0 created tier=L0 team=Bot\n9 log tier=L1 team=A"),
        History("0 created\n9 log team=B") };
    const Report tiers = reportOf(tickets, { .by = By::Tier });
    QCOMPARE(keys(tiers), (QStringList { QString(), u"L0"_s, u"L1"_s, u"L3"_s }));
    QCOMPARE(rowNamed(tiers, "L1").escalated, std::optional<qint64>(1));
    const Report teams = reportOf(tickets, { .by = By::Team });
    QCOMPARE(keys(teams), (QStringList { u"A"_s, u"B"_s, u"Bot"_s, u"Z"_s }));
    QVERIFY(!rowNamed(teams, "B").escalated);
    QCOMPARE(rowNamed(teams, "Bot").escalationRate, std::optional(1.0));
}

/// Tickets whose first escalation step follows directly on an event of the agent, of all tickets in
/// which they have any event.
void TestMetricsReport::byAgent()
{
    const Report report = reportOf(
        { History(escalated), History(plain),
            History("0 created tier=L1 actor=ana\n"
                    "5 log actor=cem\n"
                    "9 log tier=L2 actor=ben\n"
                    "12 log tier=L3 actor=dan\n"),
            History("0 created tier=L1 actor=customer\n9 changed tier=L2 actor=rule:VIP") },
        { .by = By::Agent });
    QCOMPARE(keys(report), (QStringList { u"ana"_s, u"ben"_s, u"cem"_s, u"dan"_s }));
    const auto is = [&](const char *agent, qint64 tickets, qint64 count) {
        const Row row = rowNamed(report, agent);
        return row.tickets == tickets && row.escalated == count
            && row.escalationRate == static_cast<double>(count) / static_cast<double>(tickets);
    };
    QVERIFY(is("ana", 3, 1));
    QVERIFY(is("ben", 2, 0));
    QVERIFY(is("cem", 1, 1));
    QVERIFY(is("dan", 1, 0));
    // The other figures speak of the row's tickets.
    QCOMPARE(rowNamed(report, "ben").escalationSteps, std::optional<qint64>(3));
}

void TestMetricsReport::byValuesOfTheTicket_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](By by, const char *expected) {
        QTest::newRow(qPrintable(code(by)))
            << static_cast<int>(by) << QString::fromLatin1(expected).split(u'|');
    };
    row(By::All, "all");
    row(By::Category, "|billing");
    row(By::Product, "|pump");
    row(By::Priority, "normal|urgent");
    row(By::Segment, "|enterprise");
    row(By::Channel, "|chat");
}

void TestMetricsReport::byValuesOfTheTicket()
{
    QFETCH(int, by);
    QFETCH(QStringList, expected);
    History full(plain);
    full.ticket.category = u"billing"_s;
    full.ticket.product = u"pump"_s;
    full.ticket.priority = Priority::Urgent;
    full.ticket.channel = u"chat"_s;
    const History empty(plain);
    Collector collector({ .by = static_cast<By>(by), .ranks = threeTiers() });
    collector.add({ .ticket = full.ticket, .events = full.events, .segment = u"enterprise"_s });
    collector.add(empty.input());
    const auto report = collector.finish();
    QCOMPARE(keys(*report), expected);
}

void TestMetricsReport::weeksAreCutAtLocalMidnight_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QStringList>("created");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *zone, const char *created, const char *expected) {
        QTest::newRow(created) << QByteArray(zone) << QString::fromLatin1(created).split(u' ')
                               << QString::fromLatin1(expected).split(u' ');
    };
    // The Sunday of 23 hours ends at 22:00Z, the one of 25 hours at 23:00Z.
    row("Europe/Berlin", "2026-03-29T21:59:59Z 2026-03-29T22:00:00Z", "2026-W13 2026-W14");
    row("Europe/Berlin", "2026-10-25T22:59:59Z 2026-10-25T23:00:00Z", "2026-W43 2026-W44");
    row("UTC", "2026-10-25T22:59:59Z 2026-10-25T23:59:59Z", "2026-W43");
    row("America/New_York", "2026-03-09T03:59:59Z 2026-03-09T04:00:00Z", "2026-W10 2026-W11");
    row("Europe/Berlin", "2026-12-31T22:00:00Z 2027-01-03T23:00:00Z", "2026-W53 2027-W01");
}

void TestMetricsReport::weeksAreCutAtLocalMidnight()
{
    QFETCH(QByteArray, zone);
    QFETCH(QStringList, created);
    QFETCH(QStringList, expected);
    std::vector<History> tickets;
    for (const QString &at : created)
        tickets.push_back(made(plain, qPrintable(at)));
    const Report report = reportOf(tickets, { .zone = QTimeZone(zone), .by = By::Week });
    QCOMPARE(keys(report), expected);
    QCOMPARE(report.zone, QString::fromLatin1(zone));
    QCOMPARE(report.summary.weeks.front().key, expected.front());
    QCOMPARE(report.summary.weeks.back().key, expected.back());
}

void TestMetricsReport::csatGoesToTheHolder_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("all") << static_cast<int>(By::All) << QByteArray("all");
    QTest::newRow("agent") << static_cast<int>(By::Agent) << QByteArray("ben");
    QTest::newRow("tier") << static_cast<int>(By::Tier) << QByteArray("L2");
    QTest::newRow("team") << static_cast<int>(By::Team) << QByteArray("B");
    QTest::newRow("channel") << static_cast<int>(By::Channel) << QByteArray("");
}

void TestMetricsReport::csatGoesToTheHolder()
{
    QFETCH(int, by);
    QFETCH(QByteArray, key);
    const Report report
        = reportOf({ History("0 created tier=L1 team=A to=ana status=open actor=ana\n"
                             "10 escalated tier=L2 team=B to=ben actor=ana\n"
                             "20 solved status=solved actor=ben\n"
                             "30 reassigned to=cem team=C actor=cem\n"
                             "40 csat score=5 actor=customer\n"
                             "50 csat score=2 actor=customer\n") },
            { .by = static_cast<By>(by) });
    for (const Row &row : report.rows) {
        if (row.key == QString::fromLatin1(key)) {
            QCOMPARE(row.csat, std::optional(CsatFigure { .n = 2, .satisfied = 1, .mean = 3.5 }));
            QCOMPARE(row.csatAfterEscalation, row.csat);
        } else {
            QVERIFY2(!row.csat, qPrintable(row.key));
        }
    }
    QVERIFY(rowNamed(report, key.constData()).csat.has_value());
    if (static_cast<By>(by) == By::Tier) { // a row that has nothing but the answers
        QCOMPARE(rowNamed(report, "L2").tickets, 0);
        QVERIFY(!rowNamed(report, "L2").escalated);
    }
}

void TestMetricsReport::sla()
{
    const History history(plain);
    const std::vector<ClockVerdict> clocks { { u"first_response"_s, ClockState::Met },
        { u"first_response"_s, ClockState::Breached }, { u"resolution"_s, ClockState::Running } };
    Collector collector({ .ranks = threeTiers() });
    collector.add({ .ticket = history.ticket, .events = history.events, .clocks = clocks });
    collector.add({ .ticket = history.ticket,
        .events = history.events,
        .clocks = std::span(clocks).first(1) });
    const Row row = collector.finish()->rows.at(0);
    QCOMPARE(
        row.sla.value(u"first_response"_s), (SlaCount { .met = 2, .breached = 1, .running = 0 }));
    QCOMPARE(row.sla.value(u"resolution"_s), (SlaCount { .met = 0, .breached = 0, .running = 1 }));
    QCOMPARE(toJson(row)["sla"_L1]["first_response"_L1].toObject(),
        (QJsonObject { { u"met"_s, 2 }, { u"breached"_s, 1 }, { u"running"_s, 0 } }));
}

void TestMetricsReport::imported()
{
    const auto known = [](const char *drawing, bool met, const char *resolved) {
        History history(drawing);
        history.ticket.fields = { { u"known"_s,
            QJsonObject {
                { u"sla_met"_s, met }, { u"resolved_at"_s, QString::fromLatin1(resolved) } } } };
        return history;
    };
    const QJsonObject row = toJson(rowOf({ known("0 created team=A\n9 log team=B", true,
                                               "2026-06-08T09:00:00Z"),
        known("0 created team=A\n9 log team=B", false, "2026-06-08T10:00:00Z"),
        known("0 created team=A", true, "2026-06-08T08:00:30Z"), History("0 created team=A") }));
    QCOMPARE(row["sla"_L1]["imported"_L1]["all"_L1].toObject(),
        (QJsonObject { { u"met"_s, 2 }, { u"breached"_s, 1 } }));
    QCOMPARE(row["sla"_L1]["imported"_L1]["moved"_L1].toObject(),
        (QJsonObject { { u"met"_s, 1 }, { u"breached"_s, 1 } }));
    QCOMPARE(row["sla"_L1]["imported"_L1]["not_moved"_L1].toObject(),
        (QJsonObject { { u"met"_s, 1 }, { u"breached"_s, 0 } }));
    QCOMPARE(row["resolution_s"_L1]["moved"_L1]["median"_L1].toInt(), 5400);
    QCOMPARE(row["resolution_s"_L1]["not_moved"_L1]["median"_L1].toInt(), 30);
    QCOMPARE(row["resolution_s"_L1]["all"_L1]["n"_L1].toInt(), 3);
    QCOMPARE(row["resolution_s"_L1]["all"_L1]["median"_L1].toInt(), 3600);
}

void TestMetricsReport::cutsOfTimeToEscalate()
{
    History complex("0 created tier=L1\n10 escalated tier=L2 actor=rule:VIP");
    complex.ticket.isComplex = true;
    const Row row
        = rowOf({ complex, History("0 created tier=L1\n30 escalated tier=L2 actor=ana") });
    const auto median
        = [&](const QString &cut) { return row.timeToEscalateCuts.value(cut).median; };
    QCOMPARE(row.timeToEscalateCuts.size(), 5);
    QCOMPARE(median(u"complex"_s), 10.0);
    QCOMPARE(median(u"simple"_s), 30.0);
    QCOMPARE(median(u"automatic"_s), 10.0);
    QCOMPARE(median(u"manual"_s), 30.0);
    QCOMPARE(median(u"rule:VIP"_s), 10.0);
}

void TestMetricsReport::unassigned()
{
    const Row row
        = rowOf({ History("0 created status=open"), History("0 created status=open to=ana"),
            History("0 created status=open to=ana\n9 reassigned to=-"),
            History("0 created status=solved") });
    QCOMPARE(row.unassigned, std::optional(Share { 2, 3 }));
    QVERIFY(!rowOf({ History("0 created status=solved") }).unassigned);
}

void TestMetricsReport::weeklySeries()
{
    const Summary summary
        = reportOf({ made(escalated, "2026-06-01T08:00:00Z"), made(plain, "2026-06-07T23:59:59Z"),
                       made("0 created tier=L2 status=open to=ben\n"
                            "30 escalated tier=L3\n"
                            "40 solved status=solved\n"
                            "50 csat score=4",
                           "2026-06-15T00:00:00Z") })
              .summary;
    QCOMPARE(summary.weeks.size(), size_t(3));
    QCOMPARE(summary.weeks[0].monday, QDate(2026, 6, 1));
    QCOMPARE(summary.weeks[0].tickets, 2);
    QCOMPARE(summary.weeks[0].escalationRate, std::optional(0.5));
    QCOMPARE(summary.weeks[0].outOfTier.value(u"L1"_s), (Share { 1, 2 }));
    QVERIFY(!summary.weeks[0].csatAfterEscalation);
    // A week without tickets is a gap.
    QCOMPARE(summary.weeks[1], (WeekPoint { .monday = QDate(2026, 6, 8), .key = u"2026-W24"_s }));
    QCOMPARE(summary.weeks[2].outOfTier.value(u"L2"_s), (Share { 1, 1 }));
    QCOMPARE(summary.weeks[2].timeToEscalate->n, 1);
    QCOMPARE(summary.weeks[2].csatAfterEscalation,
        std::optional(CsatFigure { .n = 1, .satisfied = 1, .mean = 4 }));
    QVERIFY(reportOf({}).summary.weeks.empty());
}

void TestMetricsReport::secondsKeepTheirFraction()
{
    const Row row = rowOf({ History("0 created tier=L1\n1.5 log tier=L2"),
        History("0 created tier=L1\n2 log tier=L2") });
    const QJsonObject spread = toJson(row)["time_to_escalate_s"_L1].toObject();
    QCOMPARE(spread["median"_L1].toDouble(), 1.75);
    QCOMPARE(QJsonDocument(spread).toJson(QJsonDocument::Compact),
        QByteArray(R"({"median":1.75,"n":2,"p90":2})"));
}

QTEST_GUILESS_MAIN(TestMetricsReport)
#include "tst_metricsreport.moc"
