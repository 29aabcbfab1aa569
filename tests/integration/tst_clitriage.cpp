#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// Texts read by the command line: lines in, lines out, no workspace needed.

class TestCliTriage : public QObject
{
    Q_OBJECT
private slots:
    void readsEachLine();
    void badLinesAreAnsweredToo();

private:
    CliRunner m_cli;
};

void TestCliTriage::readsEachLine()
{
    RAN(ran, 0,
        m_cli.run({ u"triage"_s },
            "{\"id\":\"a\",\"text\":\"This API is broken and we are considering cancelling.\"}\n"
            "{\"id\":7,\"text\":\"Let me talk to a human about my invoice, please.\"}\n"));
    const QList<QByteArray> lines = ran.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    const QJsonObject first = Ran { .out = lines[0] }.json();
    QCOMPARE(first[u"id"_s].toString(), u"a"_s);
    QCOMPARE(first[u"label"_s].toString(), u"negative"_s);
    QVERIFY(first[u"sentiment"_s].toInt() < 0);
    QCOMPARE(first[u"churn"_s].toBool(), true);
    QCOMPARE(first[u"risk"_s].toString(), u"high"_s);
    QCOMPARE(first[u"asks_for_human"_s].toBool(), false);
    QVERIFY(first[u"words"_s].toArray().contains(u"broken"_s));
    QCOMPARE(first.keys(),
        (QStringList { u"asks_for_human"_s, u"categories"_s, u"churn"_s, u"id"_s, u"label"_s,
            u"risk"_s, u"sentiment"_s, u"urgency"_s, u"words"_s }));
    const QJsonObject second = Ran { .out = lines[1] }.json();
    QCOMPARE(second[u"id"_s].toInt(), 7);
    QCOMPARE(second[u"asks_for_human"_s].toBool(), true);
    QVERIFY(second[u"categories"_s].toArray().contains(u"billing"_s));
}

void TestCliTriage::badLinesAreAnsweredToo()
{
    RAN(ran, 3,
        m_cli.run({ u"triage"_s },
            "{\"id\":\"a\"}\n{\"id\":\"b\",\"text\":\"fine\"}\n{\"id\":\"c\",\"text\":\"\",\"x\":1}\n"
            "{\"text\":\"fine\"}\nno\n"));
    const QList<QByteArray> lines = ran.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 5);
    QCOMPARE(Ran { .out = lines[0] }.errorJson()[u"where"_s].toString(), u"line 1, text"_s);
    QCOMPARE(Ran { .out = lines[1] }.json()[u"id"_s].toString(), u"b"_s);
    QCOMPARE(Ran { .out = lines[2] }.errorJson()[u"where"_s].toString(), u"line 3, x"_s);
    QCOMPARE(Ran { .out = lines[3] }.errorJson()[u"where"_s].toString(), u"line 4, id"_s);
    QVERIFY(!Ran { .out = lines[4] }.errorJson()[u"message"_s].toString().isEmpty());
}

QTEST_GUILESS_MAIN(TestCliTriage)
#include "tst_clitriage.moc"
