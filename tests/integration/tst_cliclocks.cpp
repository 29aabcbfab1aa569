#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// Clocks by the command line: lines in, lines out, no workspace needed.

class TestCliClocks : public QObject
{
    Q_OBJECT
private slots:
    void oneAnswerALine();
    void badLinesAreAnsweredToo();
    void nothingGood();

private:
    static QByteArray line(const QByteArray &id, const QByteArray &target)
    {
        // With ' for ".
        const QByteArray text = "{'id':'" + id
            + "','calendar':{'zone':'Europe/Berlin','hours':{'mon':[['09:00','17:00']],"
              "'tue':[['09:00','17:00']]}},'start':'2026-06-08T16:00:00+02:00','target':'"
            + target + "','pauses':[],'changes':[],'met':null,'now':'2026-06-08T16:00:00+02:00'}\n";
        return QByteArray(text).replace('\'', '"');
    }
    CliRunner m_cli;
};

void TestCliClocks::oneAnswerALine()
{
    RAN(ran, 0, m_cli.run({ u"sla"_s, u"due"_s }, line("a", "30m") + '\n' + line("b", "4h")));
    const QList<QByteArray> lines = ran.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    const QJsonObject first = Ran { .out = lines[0] }.json();
    QCOMPARE(first,
        (QJsonObject { { u"id"_s, u"a"_s }, { u"state"_s, u"running"_s },
            { u"due"_s, u"2026-06-08T14:30:00Z"_s }, { u"elapsed_s"_s, 0 },
            { u"remaining_s"_s, 1800 }, { u"overdue_s"_s, 0 },
            { u"breached_at"_s, QJsonValue::Null }, { u"cause"_s, QJsonValue::Null } }));
    QCOMPARE(Ran { .out = lines[1] }.json()[u"due"_s].toString(), u"2026-06-09T10:00:00Z"_s);
}

void TestCliClocks::badLinesAreAnsweredToo()
{
    RAN(ran, 3, m_cli.run({ u"sla"_s, u"due"_s }, line("a", "0h") + "{\n" + line("c", "4h")));
    const QList<QByteArray> lines = ran.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(Ran { .out = lines[0] }.errorJson()[u"where"_s].toString(), u"line 1, target"_s);
    QVERIFY(!Ran { .out = lines[1] }.errorJson()[u"message"_s].toString().isEmpty());
    QCOMPARE(Ran { .out = lines[2] }.json()[u"id"_s].toString(), u"c"_s);
}

void TestCliClocks::nothingGood()
{
    RAN(ran, 1, m_cli.run({ u"sla"_s, u"due"_s }, "[]\n"));
    QCOMPARE(ran.out.count('\n'), 1);
    RAN(none, 0, m_cli.run({ u"sla"_s, u"due"_s }));
    QVERIFY(none.out.isEmpty());
}

QTEST_GUILESS_MAIN(TestCliClocks)
#include "tst_cliclocks.moc"
