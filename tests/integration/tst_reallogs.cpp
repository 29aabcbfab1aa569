#include "tests/support/cli/clirunner.h"
#include "tests/support/reallogs/reallogs.h"

#include <QFile>
#include <QTest>

#include <memory>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// Real logs through the real program: each in a workspace of its own, by the maps that ship, and
// every figure that two other calculations, made apart from this program, agree on.

class TestRealLogs : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void imports_data() { eachLog(); }
    void imports();
    void figures_data()
    {
        addFigureRows({ u"closed"_s, u"closed-xes"_s, u"open"_s, u"incidents"_s });
    }
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
        QTest::addColumn<QString>("log");
        for (const RealLog &log : realLogs())
            QTest::newRow(qPrintable(log.name)) << log.name;
    }
    Ran import(const RealLog &log) const
    {
        return m_workspaces.at(log.name)->json(
            { u"import"_s, u"eventlog"_s, log.path(), u"--map"_s, log.map });
    }
    std::map<QString, std::unique_ptr<CliRunner>> m_workspaces;
    std::map<QString, QJsonObject> m_rows; ///< the one row of each log's metrics
};

void TestRealLogs::initTestCase()
{
    if (dataFolder().isEmpty())
        QSKIP("The real logs are not here; TIERLINE_DATA names the folder that has them.");
    for (const RealLog &log : realLogs())
        QVERIFY2(QFile::exists(log.path()), qPrintable(log.file));
}

void TestRealLogs::imports()
{
    QFETCH(QString, log);
    const RealLog &one = realLog(log);
    auto &cli = m_workspaces[one.name];
    cli = std::make_unique<CliRunner>();
    RAN(made, 0, cli->run({ u"init"_s }));
    RAN(imported, 0, import(one));
    const QJsonObject report = imported.json();
    qInfo("%s: %.1f s", qPrintable(one.name), report["seconds"_L1].toDouble());
    QCOMPARE(report["rows"_L1].toInteger(), one.rows);
    QCOMPARE(report["tickets"_L1].toInteger(), one.cases);
    QCOMPARE(report["new"_L1].toInt(), report["events"_L1].toInt());
    QCOMPARE(report["bad"_L1].toArray().size(), 0);
    RAN(measured, 0, cli->json({ u"metrics"_s }));
    QCOMPARE(measured.rows().size(), 1);
    m_rows[one.name] = measured.rows().at(0).toObject();
    QCOMPARE(m_rows[one.name]["key"_L1].toString(), u"all"_s);
}

void TestRealLogs::figures()
{
    QFETCH(QString, log);
    QFETCH(QString, path);
    const QString wrong = wrongFigure(log, path, m_rows[log]);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
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
    QFETCH(QString, log);
    const RealLog &one = realLog(log);
    RAN(again, 0, import(one));
    QCOMPARE(again.json()["rows"_L1].toInteger(), one.rows);
    QCOMPARE(again.json()["new"_L1].toInt(), 0);
    RAN(measured, 0, m_workspaces.at(one.name)->json({ u"metrics"_s }));
    QCOMPARE(measured.rows().at(0).toObject(), m_rows[one.name]);
}

void TestRealLogs::stillHealthy()
{
    QFETCH(QString, log);
    RAN(looked, 0, m_workspaces.at(log)->json({ u"doctor"_s }));
}

QTEST_GUILESS_MAIN(TestRealLogs)
#include "tst_reallogs.moc"
