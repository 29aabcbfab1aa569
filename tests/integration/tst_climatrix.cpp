#include "tests/support/cli/clirunner.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// The escalation matrix by the command line, on the sample workspace: every combination has one path, what is saved
// loads again, and escalating without a target goes where the matrix says.

class TestCliMatrix : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void everyCombinationHasOnePath();
    void whatIsSavedLoadsAgain();
    void aTicketGoesWhereItsPathLeads();
    void onPaper();
    void anAccountHasItsTeam();
    void refusesWithSentences_data();
    void refusesWithSentences();

private:
    CliRunner m_cli;
};

void TestCliMatrix::initTestCase()
{
    RAN(made, 0, m_cli.json({ u"init"_s, u"--sample"_s }));
    m_cli.setAs(u"ruth"_s);
}

void TestCliMatrix::everyCombinationHasOnePath()
{
    RAN(gaps, 0, m_cli.json({ u"matrix"_s, u"gaps"_s }));
    QCOMPARE(gaps.json()[u"total"_s].toInt(), 0);
    RAN(all, 0, m_cli.json({ u"matrix"_s, u"gaps"_s, u"--all"_s }));
    QSet<QString> seen, categories;
    for (const QJsonValue &row : all.rows()) {
        categories.insert(row[u"category"_s].toString());
        const QString one = row[u"category"_s].toString() + u'|' + row[u"plan"_s].toString() + u'|'
            + row[u"severity"_s].toString();
        QVERIFY2(!seen.contains(one), qPrintable(one));
        seen.insert(one);
        QVERIFY2(!row[u"path"_s].toString().isEmpty(), qPrintable(one));
    }
    for (const char *category : { "access", "billing", "bug", "how-to", "outage", "privacy" })
        QVERIFY2(categories.contains(QString::fromLatin1(category)), category);
    QVERIFY(seen.size() > 100);
    // Without its last line it has gaps, and says which.
    RAN(saved, 0, m_cli.json({ u"matrix"_s, u"save"_s, m_cli.path(u"m.json"_s) }));
    QFile file(m_cli.path(u"m.json"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    QJsonArray cells = json[u"cells"_s].toArray();
    cells.removeLast();
    json[u"cells"_s] = cells;
    const QString less = m_cli.file(u"less.json"_s, QJsonDocument(json).toJson());
    RAN(loaded, 0, m_cli.json({ u"matrix"_s, u"load"_s, less, u"--why"_s, u"a test"_s }));
    QCOMPARE(loaded.json()[u"edition"_s].toInt(), 2);
    RAN(found, 0, m_cli.json({ u"matrix"_s, u"gaps"_s }));
    QCOMPARE(found.json()[u"total"_s].toInt(), loaded.json()[u"gaps"_s].toInt());
    QVERIFY(found.json()[u"total"_s].toInt() > 0);
    RAN(back, 0,
        m_cli.json({ u"matrix"_s, u"load"_s, m_cli.path(u"m.json"_s), u"--why"_s, u"a test"_s }));
}

void TestCliMatrix::whatIsSavedLoadsAgain()
{
    const auto bytesOf = [&](const QString &name) {
        QFile file(m_cli.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    RAN(first, 0, m_cli.json({ u"matrix"_s, u"save"_s, m_cli.path(u"a.json"_s) }));
    RAN(loaded, 0,
        m_cli.json({ u"matrix"_s, u"load"_s, m_cli.path(u"a.json"_s), u"--why"_s, u"a test"_s }));
    RAN(second, 0, m_cli.json({ u"matrix"_s, u"save"_s, m_cli.path(u"b.json"_s) }));
    QVERIFY(bytesOf(u"a.json"_s).size() > 1'000);
    QCOMPARE(bytesOf(u"b.json"_s), bytesOf(u"a.json"_s));
    // The settings folder has it too.
    RAN(exported, 0, m_cli.json({ u"settings"_s, u"export"_s, m_cli.path(u"set"_s) }));
    QCOMPARE(bytesOf(u"set/matrix.json"_s), bytesOf(u"a.json"_s));
}

void TestCliMatrix::aTicketGoesWhereItsPathLeads()
{
    RAN(queue, 0, m_cli.json({ u"queue"_s, u"--tier"_s, u"L1"_s, u"--limit"_s, u"200"_s }));
    int moved = 0, sideways = 0;
    for (const QJsonValue &row : queue.rows()) {
        const QString id = row[u"id"_s].toString();
        const Ran path = m_cli.json({ u"matrix"_s, u"path"_s, id });
        QVERIFY2(path.exitCode == 0, path.told().constData());
        const QJsonObject to = path.json();
        const Ran gone = m_cli.json({ u"escalate"_s, id, u"--reason"_s, u"beyond-skill"_s,
            u"--summary"_s, u"By the matrix"_s, u"--tried"_s, u"The manual"_s, u"--expected"_s,
            u"An answer"_s, u"--override-guard"_s, u"a test"_s });
        QVERIFY2(gone.exitCode == 0, gone.told().constData());
        const Ran shown = m_cli.json({ u"ticket"_s, u"show"_s, id });
        const QJsonObject ticket = shown.json()[u"ticket"_s].toObject();
        QCOMPARE(ticket[u"tier"_s].toString(), to[u"tier"_s].toString());
        QCOMPARE(ticket[u"team"_s].toString(), to[u"team"_s].toString());
        QCOMPARE(ticket[u"assignee"_s].toString(), to[u"agent"_s].toString());
        sideways += !to[u"is_up"_s].toBool();
        if (++moved == 12)
            break;
    }
    QCOMPARE(moved, 12);
    QCOMPARE(sideways, 0);
}

void TestCliMatrix::onPaper()
{
    const QString name = m_cli.path(u"matrix.html"_s);
    RAN(saved, 0, m_cli.json({ u"matrix"_s, u"save"_s, name }));
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString html = QString::fromUtf8(file.readAll());
    QVERIFY(html.contains(u"size:A4"_s));
    QVERIFY(html.contains(u"Every combination has its path."_s));
    QVERIFY(!html.contains(u"<a "_s) && !html.contains(u"src="_s));
}

void TestCliMatrix::anAccountHasItsTeam()
{
    RAN(shown, 0, m_cli.json({ u"matrix"_s, u"show"_s }));
    const QJsonArray teams = shown.json()[u"account_teams"_s].toArray();
    QCOMPARE(teams.size(), 1);
    QCOMPARE(teams[0][u"team"_s].toString(), u"Customer success"_s);
    RAN(away, 0,
        m_cli.json({ u"matrix"_s, u"account"_s, teams[0][u"organization"_s].toString(), u"--why"_s,
            u"a test"_s }));
    RAN(none, 0, m_cli.json({ u"matrix"_s, u"show"_s }));
    QVERIFY(none.json()[u"account_teams"_s].toArray().isEmpty());
}

void TestCliMatrix::refusesWithSentences_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("mention");
    const QString file = m_cli.file(
        u"bad.json"_s, "{\"cells\":[{\"path\":[{\"to\":\"team\",\"name\":\"Nobody\"}]}]}");
    QTest::newRow("no reason") << QStringList { u"matrix"_s, u"load"_s, m_cli.path(u"m.json"_s) }
                               << 1 << u"why the matrix changes"_s;
    QTest::newRow("no such team") << QStringList { u"matrix"_s, u"load"_s, file, u"--why"_s,
        u"x"_s } << 1 << u"“Nobody”"_s;
    QTest::newRow("no such file") << QStringList { u"matrix"_s, u"load"_s,
        m_cli.path(u"none.json"_s), u"--why"_s, u"x"_s }
                                  << 1 << u"none.json"_s;
    QTest::newRow("a strange name")
        << QStringList { u"matrix"_s, u"save"_s, m_cli.path(u"m.txt"_s) } << 2 << u".json"_s;
    QTest::newRow("begun already")
        << QStringList { u"matrix"_s, u"begin"_s, u"--why"_s, u"x"_s } << 1 << u"already"_s;
    QTest::newRow("no such organization") << QStringList { u"matrix"_s, u"account"_s,
        u"Nobody Ltd"_s, u"--team"_s, u"Billing"_s, u"--why"_s, u"x"_s }
                                          << 1 << u"Nobody Ltd"_s;
    QTest::newRow("no such ticket")
        << QStringList { u"matrix"_s, u"path"_s, u"T-999999"_s } << 1 << u"T-999999"_s;
}

void TestCliMatrix::refusesWithSentences()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, mention);
    RAN(ran, exitCode, m_cli.run(words));
    QVERIFY2(ran.error.contains(mention), qPrintable(ran.error));
    QVERIFY(!ran.error.contains(u'\n'));
}

QTEST_GUILESS_MAIN(TestCliMatrix)
#include "tst_climatrix.moc"
