#include "core/metrics/metrics.h"
#include "tests/support/rawlog/rawlog.h"
#include "tests/support/reallogs/reallogs.h"

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
    const QString path = test::realLog(name).path();
    return name == u"incidents" ? test::readIncidents(path) : test::readProblems(path);
}

Report reportOf(const test::RawLog &log, By by = By::All)
{
    Collector collector({ .by = by, .ranks = ranks });
    for (const test::RawCase &one : log.cases)
        collector.add({ .ticket = one.ticket, .events = one.events });
    return *collector.finish();
}

} // namespace

class TestMetricsRealLogs : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void figures_data() { test::addFigureRows({ u"closed"_s, u"open"_s, u"incidents"_s }); }
    void figures();
    void sizes();
    void ticketsWithReturns();
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

void TestMetricsRealLogs::sizes()
{
    for (auto raw = m_logs.cbegin(); raw != m_logs.cend(); ++raw) {
        const test::RealLog &known = test::realLog(raw.key());
        QCOMPARE(raw->rows, known.rows);
        QCOMPARE(static_cast<qint64>(raw->cases.size()), known.cases);
    }
}

void TestMetricsRealLogs::figures()
{
    QFETCH(QString, log);
    QFETCH(QString, path);
    const QString wrong = test::wrongFigure(log, path, m_rows[log]);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
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
