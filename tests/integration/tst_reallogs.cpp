#include "tests/support/cli/clirunner.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <memory>
#include <zlib.h>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// Real logs through the real program: each in a workspace of its own, by the maps that ship, and
// every figure that two other calculations, made apart from this program, agree on.

namespace {

/// Where the real logs lie: the folder that TIERLINE_DATA names, else shared/data beside the source
/// tree. Empty where neither is there.
QString dataFolder()
{
    for (const QString &folder : { qEnvironmentVariable("TIERLINE_DATA"),
             QDir::cleanPath(QString::fromUtf8(TIERLINE_SOURCE_DIR) + u"/../shared/data"_s) }) {
        if (!folder.isEmpty() && QDir(folder).exists())
            return folder;
    }
    return {};
}

struct Log {
    QString name;
    QString file; ///< below the data folder
    QString map;
    int rows = 0, cases = 0;
};

const QList<Log> logs {
    { u"closed"_s, u"volvo_vinst_problems/VINST_cases_closed_problems.csv"_s, u"vinst"_s, 6660,
        1487 },
    { u"closed-xes"_s, u"volvo_vinst_problems/bpi_challenge_2013_closed_problems.xes.gz"_s,
        u"vinst-xes"_s, 6660, 1487 },
    { u"open"_s, u"volvo_vinst_problems/VINST_cases_open_problems.csv"_s, u"vinst"_s, 2351, 819 },
    { u"incidents"_s, u"uci_incident_log_a/incident_event_log_a.csv.gz"_s, u"servicenow-incident"_s,
        70741, 12416 },
};

} // namespace

class TestRealLogs : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void imports_data() { eachLog(); }
    void imports();
    void figures_data();
    void figures();
    void ticketsWithReturns_data();
    void ticketsWithReturns();
    void bothFormsOfTheClosedAgree();
    void secondImportBringsNothing_data() { eachLog(); }
    void secondImportBringsNothing();
    void stillHealthy_data() { eachLog(); }
    void stillHealthy();

private:
    void eachLog()
    {
        QTest::addColumn<int>("log");
        for (int i = 0; i < logs.size(); ++i)
            QTest::newRow(qPrintable(logs[i].name)) << i;
    }
    Ran import(const Log &log) const
    {
        return m_workspaces.at(log.name)->json(
            { u"import"_s, u"eventlog"_s, m_data + u'/' + log.file, u"--map"_s, log.map });
    }
    std::map<QString, std::unique_ptr<CliRunner>> m_workspaces;
    std::map<QString, QJsonObject> m_rows; ///< the one row of each log's metrics
    QString m_data;
};

void TestRealLogs::initTestCase()
{
    m_data = dataFolder();
    if (m_data.isEmpty())
        QSKIP("The real logs are not here; TIERLINE_DATA names the folder that has them.");
    for (const Log &log : logs)
        QVERIFY2(QFile::exists(m_data + u'/' + log.file), qPrintable(log.file));
}

void TestRealLogs::imports()
{
    QFETCH(int, log);
    const Log &one = logs[log];
    auto &cli = m_workspaces[one.name];
    cli = std::make_unique<CliRunner>();
    RAN(made, 0, cli->run({ u"init"_s }));
    RAN(imported, 0, import(one));
    const QJsonObject report = imported.json();
    qInfo("%s: %.1f s", qPrintable(one.name), report["seconds"_L1].toDouble());
    QCOMPARE(report["rows"_L1].toInt(), one.rows);
    QCOMPARE(report["tickets"_L1].toInt(), one.cases);
    QCOMPARE(report["new"_L1].toInt(), report["events"_L1].toInt());
    QCOMPARE(report["bad"_L1].toArray().size(), 0);
    RAN(measured, 0, cli->json({ u"metrics"_s }));
    QCOMPARE(measured.rows().size(), 1);
    m_rows[one.name] = measured.rows().at(0).toObject();
    QCOMPARE(m_rows[one.name]["key"_L1].toString(), u"all"_s);
}

void TestRealLogs::figures_data()
{
    QTest::addColumn<QString>("log");
    QTest::addColumn<QString>("path");
    QTest::addColumn<double>("expected");
    const auto row = [](const QString &log, const char *path, double expected) {
        QTest::addRow("%s: %s", qPrintable(log), path)
            << log << QString::fromLatin1(path) << expected;
    };
    const auto problems = [&row](const char *path, double closed, double open) {
        row(u"closed"_s, path, closed);
        row(u"closed-xes"_s, path, closed);
        row(u"open"_s, path, open);
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
    row(u"closed"_s, "escalation_steps/L1>L3", 8);
    row(u"closed-xes"_s, "escalation_steps/L1>L3", 8);
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
    const auto incidents
        = [&row](const char *path, double expected) { row(u"incidents"_s, path, expected); };
    incidents("tickets", 12416);
    incidents("moved", 4777);
    incidents("moves", 9577);
    incidents("time_to_first_move_s/median", 4440);
    incidents("time_to_first_move_s/p90", 352620);
    incidents("moved_again", 2114);
    incidents("ping_pong_teams/tickets", 1098);
    incidents("resolution_s/moved/median", 287580);
    incidents("resolution_s/not_moved/median", 4560);
    incidents("sla/imported/all/met", 7855);
    incidents("sla/imported/moved/met", 2210);
    incidents("sla/imported/not_moved/met", 5645);
    incidents("reopened", 142);
    incidents("priority_raised", 159);
    incidents("awaited_customer", 2718);
}

void TestRealLogs::figures()
{
    QFETCH(QString, log);
    QFETCH(QString, path);
    QFETCH(double, expected);
    const QJsonValue value = at(m_rows[log], path);
    QVERIFY2(value.isDouble(), qPrintable(path + u" is missing"_s));
    QCOMPARE(value.toDouble(), expected);
}

void TestRealLogs::ticketsWithReturns_data()
{
    QTest::addColumn<QString>("log");
    QTest::addColumn<int>("expected");
    QTest::newRow("closed") << u"closed"_s << 118;
    QTest::newRow("open") << u"open"_s << 31;
}

/// The figure itself counts steps; which tickets have one stands in the exported events.
void TestRealLogs::ticketsWithReturns()
{
    QFETCH(QString, log);
    QFETCH(int, expected);
    const CliRunner &cli = *m_workspaces.at(log);
    const QString file = cli.path(u"events.jsonl"_s);
    RAN(exported, 0, cli.run({ u"export"_s, u"events"_s, file }));
    QFile lines(file);
    QVERIFY(lines.open(QIODevice::ReadOnly));
    QHash<QString, QString> tierOf;
    QSet<QString> returned;
    while (!lines.atEnd()) {
        const QJsonObject event = Ran { .out = lines.readLine() }.json();
        const QString ticket = event["ticket"_L1].toString();
        const QString tier = event["tier"_L1].toString();
        if (tier.isEmpty())
            continue;
        if (tier < tierOf.value(ticket))
            returned.insert(ticket);
        tierOf[ticket] = tier;
    }
    QCOMPARE(returned.size(), expected);
}

void TestRealLogs::bothFormsOfTheClosedAgree()
{
    QJsonObject csv = m_rows[u"closed"_s], xes = m_rows[u"closed-xes"_s];
    QCOMPARE(xes, csv);
}

void TestRealLogs::secondImportBringsNothing()
{
    QFETCH(int, log);
    const Log &one = logs[log];
    RAN(again, 0, import(one));
    QCOMPARE(again.json()["rows"_L1].toInt(), one.rows);
    QCOMPARE(again.json()["new"_L1].toInt(), 0);
    RAN(measured, 0, m_workspaces.at(one.name)->json({ u"metrics"_s }));
    QCOMPARE(measured.rows().at(0).toObject(), m_rows[one.name]);
}

void TestRealLogs::stillHealthy()
{
    QFETCH(int, log);
    RAN(looked, 0, m_workspaces.at(logs[log].name)->json({ u"doctor"_s }));
}

QTEST_GUILESS_MAIN(TestRealLogs)
#include "tst_reallogs.moc"
