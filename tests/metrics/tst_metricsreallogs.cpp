#include "core/metrics/metrics.h"
#include "tests/support/rawlog/rawlog.h"

#include <QJsonArray>
#include <QTest>

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

// Figures of real logs that two other calculations, made apart from this one, agree on.

namespace {

const Ranks ranks { QHash<QString, int> { { u"L1"_s, 1 }, { u"L2"_s, 2 }, { u"L3"_s, 3 } } };

Result<test::RawLog> readLog(const QString &name)
{
    const QString folder = test::dataFolder();
    const QString problems
        = folder + u"/volvo_vinst_problems/VINST_cases_%1_problems.csv"_s.arg(name);
    return name == u"incidents"
        ? test::readIncidents(folder + u"/uci_incident_log_a/incident_event_log_a.csv.gz"_s)
        : test::readProblems(problems);
}

Report reportOf(const test::RawLog &log, By by = By::All)
{
    Collector collector({ .by = by, .ranks = ranks });
    for (const test::RawCase &one : log.cases)
        collector.add({ .ticket = one.ticket, .events = one.events });
    return *collector.finish();
}

/// The value at "a/b/c" of an object.
QJsonValue at(const QJsonObject &object, const QString &path)
{
    QJsonValue value = object;
    for (const QString &name : path.split(u'/'))
        value = value.toObject().value(name);
    return value;
}

} // namespace

class TestMetricsRealLogs : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void figures_data();
    void figures();
    void sizes_data();
    void sizes();
    void ticketsWithReturns();
    void incidentsHaveNoTiers();
    void rowsAddUp_data();
    void rowsAddUp();
    void agentsOfTheProblems();
    void weeksAddUp();

private:
    const test::RawLog &log(const QString &name) { return m_logs[name]; }
    QHash<QString, test::RawLog> m_logs;
    QHash<QString, QJsonObject> m_rows;
};

void TestMetricsRealLogs::initTestCase()
{
    if (test::dataFolder().isEmpty())
        QSKIP("The real logs are not here; TIERLINE_DATA names the folder that has them.");
    for (const QString &name : { u"closed"_s, u"open"_s, u"incidents"_s }) {
        auto read = readLog(name);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().detail));
        m_logs.insert(name, std::move(*read));
        m_rows.insert(
            name, toJson(reportOf(log(name))).value("rows"_L1).toArray().at(0).toObject());
    }
}

void TestMetricsRealLogs::sizes_data()
{
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<qint64>("cases");
    QTest::newRow("closed") << 6660LL << 1487LL;
    QTest::newRow("open") << 2351LL << 819LL;
    QTest::newRow("incidents") << 70741LL << 12416LL;
}

void TestMetricsRealLogs::sizes()
{
    QFETCH(qint64, rows);
    QFETCH(qint64, cases);
    const test::RawLog &raw = log(QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(raw.rows, rows);
    QCOMPARE(static_cast<qint64>(raw.cases.size()), cases);
}

void TestMetricsRealLogs::figures_data()
{
    QTest::addColumn<QString>("log");
    QTest::addColumn<QString>("path");
    QTest::addColumn<double>("expected");

    const auto problems = [](const char *path, double closed, double open) {
        QTest::addRow("closed: %s", path) << u"closed"_s << QString::fromLatin1(path) << closed;
        QTest::addRow("open: %s", path) << u"open"_s << QString::fromLatin1(path) << open;
    };
    problems("tickets", 1487, 819);
    problems("escalated", 131, 49);
    problems("escalation_rate", 131.0 / 1487, 49.0 / 819);
    problems("by_start_tier/L1/escalated", 18, 8);
    problems("by_start_tier/L1/tickets", 66, 28);
    problems("by_start_tier/L2/escalated", 76, 38);
    problems("by_start_tier/L2/tickets", 936, 549);
    problems("by_start_tier/L3/escalated", 37, 3);
    problems("by_start_tier/L3/tickets", 485, 242);
    problems("out_of_tier/L1/escalated", 39, 9);
    problems("out_of_tier/L1/tickets", 96, 29);
    problems("out_of_tier/L2/escalated", 104, 42);
    problems("out_of_tier/L2/tickets", 1008, 567);
    problems("escalation_steps/total", 174, 59);
    problems("escalation_steps/L1>L2", 38, 11);
    problems("escalation_steps/L2>L3", 128, 48);
    problems("time_to_escalate_s/n", 131, 49);
    problems("time_to_escalate_s/median", 590646, 78186);
    problems("time_to_escalate_s/p90", 18505265, 1497240);
    problems("repeat_escalation", 31, 8);
    problems("return_steps", 154, 36);
    problems("returned_after_escalation", 53, 21);
    problems("ping_pong_teams/tickets", 107, 31);
    problems("ping_pong_teams/turns", 186, 54);
    problems("ping_pong_tiers/tickets", 86, 24);
    problems("ping_pong_tiers/turns", 145, 37);
    problems("reassignments/steps", 327, 126);
    problems("reassignments/tickets", 171, 66);
    problems("first_resolution_s/escalated/median", 7879393, 2264065);
    problems("first_resolution_s/not_escalated/median", 6795592, 2601586);
    problems("final_resolution_s/escalated/median", 8134270, 3133341);
    problems("final_resolution_s/not_escalated/median", 6985831, 2841844);
    problems("resolution_after_escalation_s/median", 6892477, 1985521);
    problems("reopened", 61, 22);
    problems("solved_at_l1/n", 48, 8);
    problems("solved_at_l1/of", 1487, 356);
    QTest::newRow("closed: L1>L3") << u"closed"_s << u"escalation_steps/L1>L3"_s << 8.0;

    const auto incidents = [](const char *path, double expected) {
        QTest::addRow("incidents: %s", path)
            << u"incidents"_s << QString::fromLatin1(path) << expected;
    };
    incidents("tickets", 12416);
    incidents("moved", 4777);
    incidents("moves", 9577);
    incidents("reassignments/steps", 9577);
    incidents("reassignments/tickets", 4777);
    incidents("time_to_first_move_s/n", 4777);
    incidents("time_to_first_move_s/median", 4440);
    incidents("time_to_first_move_s/p90", 352620);
    incidents("moved_again", 2114);
    incidents("ping_pong_teams/tickets", 1098);
    incidents("resolution_s/moved/median", 287580);
    incidents("resolution_s/not_moved/median", 4560);
    incidents("resolution_s/all/n", 11625);
    incidents("resolution_s/all/median", 81300);
    incidents("sla/imported/all/met", 7855);
    incidents("sla/imported/moved/met", 2210);
    incidents("sla/imported/not_moved/met", 5645);
    incidents("sla/imported/all/breached", 12416 - 7855);
    incidents("reopened", 142);
    incidents("priority_raised", 159);
    incidents("awaited_customer", 2718);
}

void TestMetricsRealLogs::figures()
{
    QFETCH(QString, log);
    QFETCH(QString, path);
    QFETCH(double, expected);
    const QJsonValue value = at(m_rows[log], path);
    QVERIFY2(value.isDouble(), qPrintable(path + u" is missing"_s));
    QCOMPARE(value.toDouble(), expected);
}

void TestMetricsRealLogs::ticketsWithReturns()
{
    const auto count = [this](const QString &name) {
        qint64 n = 0;
        for (const test::RawCase &one : log(name).cases)
            n += factsOf({ .ticket = one.ticket, .events = one.events }, ranks).returnSteps > 0 ? 1
                                                                                                : 0;
        return n;
    };
    QCOMPARE(count(u"closed"_s), 118);
    QCOMPARE(count(u"open"_s), 31);
    QVERIFY(!m_rows[u"open"_s]["escalation_steps"_L1].toObject().contains(u"L1>L3"));
}

void TestMetricsRealLogs::incidentsHaveNoTiers()
{
    const QJsonObject row = m_rows[u"incidents"_s];
    for (const QString &name : { u"escalated"_s, u"escalation_rate"_s, u"by_start_tier"_s,
             u"into_tier"_s, u"solved_at_l1"_s, u"out_of_tier"_s, u"escalation_steps"_s,
             u"return_steps"_s, u"returned_after_escalation"_s, u"time_to_escalate_s"_s,
             u"repeat_escalation"_s, u"ping_pong_tiers"_s, u"resolution_after_escalation_s"_s,
             u"reversals"_s, u"first_response_s"_s, u"first_contact_resolution"_s }) {
        QVERIFY2(row.contains(name), qPrintable(name));
        QVERIFY2(row.value(name).isNull(), qPrintable(name));
    }
}

void TestMetricsRealLogs::rowsAddUp_data()
{
    QTest::addColumn<int>("by");
    for (const By by : { By::Tier, By::Team, By::Product, By::Priority, By::Week })
        QTest::newRow(qPrintable(code(by))) << static_cast<int>(by);
}

/// Wherever a ticket is in one row only, the rows sum to the whole.
void TestMetricsRealLogs::rowsAddUp()
{
    QFETCH(int, by);
    const Report report = reportOf(log(u"closed"_s), static_cast<By>(by));
    qint64 tickets = 0, escalated = 0, returns = 0, reopened = 0;
    for (const Row &row : report.rows) {
        tickets += row.tickets;
        escalated += row.escalated.value_or(0);
        returns += row.returnSteps.value_or(0);
        reopened += row.reopened.value_or(0);
    }
    QCOMPARE(tickets, 1487);
    QCOMPARE(escalated, 131);
    QCOMPARE(returns, 154);
    QCOMPARE(reopened, 61);
    if (static_cast<By>(by) == By::Tier) {
        QCOMPARE(report.rows.size(), size_t(3));
        QCOMPARE(report.rows[1].key, u"L2"_s);
        QCOMPARE(report.rows[1].escalated, std::optional<qint64>(76));
    }
}

/// Every first escalation step of this log follows a row that has an agent, so the agents' escalated
/// tickets sum to all of them, although a ticket stands in several rows.
void TestMetricsRealLogs::agentsOfTheProblems()
{
    const Report report = reportOf(log(u"closed"_s), By::Agent);
    qint64 tickets = 0, escalated = 0;
    for (const Row &row : report.rows) {
        QVERIFY(*row.escalated <= row.tickets);
        tickets += row.tickets;
        escalated += *row.escalated;
    }
    QCOMPARE(escalated, 131);
    QVERIFY(tickets > 1487);
}

void TestMetricsRealLogs::weeksAddUp()
{
    const Summary summary = reportOf(log(u"open"_s)).summary;
    qint64 tickets = 0, escalated = 0, outOfL2 = 0;
    QDate before;
    for (const WeekPoint &week : summary.weeks) {
        QCOMPARE(week.monday.dayOfWeek(), 1);
        QVERIFY(!before.isValid() || before.addDays(7) == week.monday);
        before = week.monday;
        tickets += week.tickets;
        escalated += week.escalated.value_or(0);
        outOfL2 += week.outOfTier.value(u"L2"_s).n;
        QCOMPARE(week.escalated.has_value(), week.tickets > 0);
    }
    QCOMPARE(tickets, 819);
    QCOMPARE(escalated, 49);
    QCOMPARE(outOfL2, 42);
}

QTEST_GUILESS_MAIN(TestMetricsRealLogs)
#include "tst_metricsreallogs.moc"
