#include "core/base/clock.h"
#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// What rules would have done, by the command line: explain, backtest and diff over imported tickets.

class TestCliRulesPast : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void backtestTellsEveryFire();
    void backtestOfASpan();
    void labelsComeFromEscalations();
    void diffNamesTheConditionThatFlipped();
    void explainsAnInstant();
    void explainsByTheWordsOfThen();
    void refusesWithSentences_data();
    void refusesWithSentences();

private:
    /// From JSON or rules with ' for ".
    static QByteArray plain(QByteArray text) { return text.replace('\'', '"'); }
    QString rules(const QByteArray &text) const { return m_cli.file(u"r.rules"_s, plain(text)); }
    static QJsonObject rule(const Ran &ran, int number = 0)
    {
        return ran.json()["rules"_L1].toArray()[number].toObject();
    }
    CliRunner m_cli;
};

void TestCliRulesPast::initTestCase()
{
    RAN(made, 0, m_cli.json({ u"init"_s }));
    const QByteArray tickets
        = "{'id':'A-1','created':'2026-06-08T08:00:00Z','subject':'Invoice','channel':'email','category':"
          "'billing','tier':'L1','status':'new','organization':{'name':'Acme','plan':'enterprise'},"
          "'requester':{'name':'Carla','email':'carla@acme.example'},"
          "'messages':[{'at':'2026-06-08T08:00:00Z','from':'customer','public':true,'text':'It is wrong.'},"
          "{'at':'2026-06-08T12:00:00Z','from':'agent','author':'priya','public':true,'text':'Fixed.'}],"
          "'events':[{'at':'2026-06-08T11:00:00Z','kind':'tier','from':'L1','to':'L2','actor':'priya'},"
          "{'at':'2026-06-08T13:00:00Z','kind':'status','from':'new','to':'solved','actor':'priya'}]}\n"
          "{'id':'A-2','created':'2026-06-08T09:00:00Z','subject':'Login','channel':'email','category':"
          "'bug','tier':'L1','status':'new','organization':{'name':'Beta','plan':'free'},"
          "'messages':[{'at':'2026-06-08T09:00:00Z','from':'customer','public':true,"
          "'text':'I want a refund.'},"
          "{'at':'2026-06-08T11:30:00Z','from':'agent','author':'priya','public':true,'text':'Sorry.'}],"
          "'events':[{'at':'2026-06-08T14:00:00Z','kind':'status','from':'new','to':'solved',"
          "'actor':'priya'}]}\n";
    RAN(imported, 0,
        m_cli.json({ u"import"_s, u"tickets"_s, m_cli.file(u"tickets.jsonl"_s, plain(tickets)) }));
}

void TestCliRulesPast::backtestTellsEveryFire()
{
    const QString file
        = rules("rule 'Late' when no agent reply for 2h\n"
                "  then escalate to L2 reason sla-risk and notify channel '#help' continue\n"
                "rule 'Refund' when text mentions 'refund' then notify manager\n"
                "rule 'Rich' when arr is at least $1 then remind\n");
    RAN(ran, 0, m_cli.json({ u"rules"_s, u"backtest"_s, file }));
    const QJsonObject late = rule(ran);
    QCOMPARE(late["name"_L1].toString(), u"Late"_s);
    QCOMPARE(late["count"_L1].toInt(), 2);
    QCOMPARE(late["fires"_L1].toArray()[0].toObject(),
        (QJsonObject { { u"ticket"_s, u"A-1"_s }, { u"at"_s, u"2026-06-08T10:00:00Z"_s },
            { u"sentence"_s, u"no agent reply for 2h"_s } }));
    QCOMPARE(late["fires"_L1].toArray()[1]["at"_L1].toString(), u"2026-06-08T11:00:00Z"_s);
    QCOMPARE(late["per_day"_L1].toObject(), (QJsonObject { { u"2026-06-08"_s, 2 } }));
    const QJsonObject refund = rule(ran, 1);
    QCOMPARE(refund["count"_L1].toInt(), 1);
    QCOMPARE(refund["fires"_L1].toArray()[0]["at"_L1].toString(), u"2026-06-08T09:00:00Z"_s);
    QCOMPARE(rule(ran, 2)["count"_L1].toInt(), 0);
    QCOMPARE(rule(ran, 2)["unjudged"_L1].toInt(), 2);
    QCOMPARE(rule(ran, 2)["unjudged_why"_L1].toString(), u"arr is not filled"_s);
    QCOMPARE(ran.json()["load_per_tier"_L1].toObject(), (QJsonObject { { u"L2"_s, 2 } }));
    QCOMPARE(ran.json()["notices"_L1].toObject(),
        (QJsonObject { { u"channel #help"_s, 2 }, { u"manager"_s, 1 } }));
    QCOMPARE(ran.json()["tickets"_L1].toInt(), 2);
    QVERIFY(ran.json()["seconds"_L1].isDouble());
    RAN(shown, 0, m_cli.run({ u"rules"_s, u"backtest"_s, file }));
    QVERIFY2(shown.out.contains("Late") && shown.out.contains("L2 2"), shown.out.constData());
}

void TestCliRulesPast::backtestOfASpan()
{
    const QString file = rules("rule 'Late' when no agent reply for 2h then remind\n");
    RAN(ran, 0,
        m_cli.json({ u"rules"_s, u"backtest"_s, file, u"--from"_s, u"2026-06-08T10:30:00Z"_s }));
    QCOMPARE(rule(ran)["count"_L1].toInt(), 1);
    RAN(before, 0,
        m_cli.json({ u"rules"_s, u"backtest"_s, file, u"--to"_s, u"2026-06-08T10:00:00Z"_s }));
    QCOMPARE(rule(before)["count"_L1].toInt(), 1);
    RAN(none, 0, m_cli.json({ u"rules"_s, u"backtest"_s, file, u"--to"_s, u"2026-06-08"_s }));
    QCOMPARE(rule(none)["count"_L1].toInt(), 0);
}

void TestCliRulesPast::labelsComeFromEscalations()
{
    // A-1 went up to L2 and was solved there; nobody judged A-2.
    RAN(ran, 0,
        m_cli.json({ u"rules"_s, u"backtest"_s,
            rules("rule 'Late' when no agent reply for 2h then remind continue\n"
                  "rule 'Bugs' when category is bug then remind\n") }));
    QCOMPARE(rule(ran)["precision"_L1].toDouble(-1), 1.0);
    QCOMPARE(rule(ran)["recall"_L1].toDouble(-1), 1.0);
    QVERIFY(rule(ran, 1)["precision"_L1].isNull());
    QCOMPARE(rule(ran, 1)["recall"_L1].toDouble(-1), 0.0);
    // What somebody says goes before.
    const QString labels = m_cli.file(u"labels.jsonl"_s,
        plain("{'ticket':'A-1','should':false}\n\n{'ticket':'A-2','should':true}\n"));
    RAN(told, 0,
        m_cli.json({ u"rules"_s, u"backtest"_s,
            rules("rule 'Late' when no agent reply for 2h then remind\n"), u"--labels"_s,
            labels }));
    QCOMPARE(rule(told)["precision"_L1].toDouble(-1), 0.5);
    QCOMPARE(rule(told)["recall"_L1].toDouble(-1), 1.0);
}

void TestCliRulesPast::diffNamesTheConditionThatFlipped()
{
    const QString a
        = m_cli.file(u"a.rules"_s, plain("rule 'Late' when no agent reply for 2h then remind\n"));
    const QString b = m_cli.file(u"b.rules"_s,
        plain("rule 'Late' when no agent reply for 2h and plan is enterprise then remind\n"));
    RAN(ran, 0, m_cli.json({ u"rules"_s, u"diff"_s, a, b }));
    const QJsonArray tickets = ran.json()["tickets"_L1].toArray();
    QCOMPARE(tickets.size(), 1);
    QCOMPARE(tickets[0]["id"_L1].toString(), u"A-2"_s);
    QCOMPARE(tickets[0]["a"_L1].toString(), u"Late at 2026-06-08T11:00:00Z"_s);
    QVERIFY(tickets[0]["b"_L1].isNull());
    QCOMPARE(tickets[0]["flipped"_L1].toString(), u"plan is enterprise (free)"_s);
    RAN(same, 0, m_cli.json({ u"rules"_s, u"diff"_s, a, a }));
    QVERIFY(same.json()["tickets"_L1].toArray().isEmpty());
    RAN(shown, 0, m_cli.run({ u"rules"_s, u"diff"_s, a, b }));
    QVERIFY2(shown.out.contains("1 of 2"), shown.out.constData());
}

void TestCliRulesPast::explainsAnInstant()
{
    const QString file = rules(
        "rule 'Late enterprise' when plan is enterprise and no agent reply for 2h then remind\n");
    RAN(loaded, 0, m_cli.json({ u"rules"_s, u"load"_s, file, u"--why"_s, u"to be looked at"_s }));
    const QStringList words { u"rules"_s, u"explain"_s, u"Late enterprise"_s, u"--ticket"_s,
        u"A-1"_s };
    RAN(early, 0, m_cli.json(words + QStringList { u"--at"_s, u"2026-06-08T09:30:00Z"_s }));
    QCOMPARE(early.json()["rule"_L1].toString(), u"Late enterprise"_s);
    QCOMPARE(early.json()["ticket"_L1].toString(), u"A-1"_s);
    QCOMPARE(early.json()["at"_L1].toString(), u"2026-06-08T09:30:00Z"_s);
    QCOMPARE(early.json()["verdict"_L1].toString(), u"does not hold"_s);
    const QJsonArray conditions = early.json()["conditions"_L1].toArray();
    QCOMPARE(conditions[0].toObject(),
        (QJsonObject { { u"text"_s, u"plan is enterprise"_s }, { u"value"_s, u"enterprise"_s },
            { u"holds"_s, true } }));
    QCOMPARE(conditions[1].toObject(),
        (QJsonObject { { u"text"_s, u"no agent reply for 2h"_s },
            { u"value"_s, u"waited 1h 30m"_s }, { u"holds"_s, false } }));
    RAN(due, 0, m_cli.json(words + QStringList { u"--at"_s, u"2026-06-08T10:00:00Z"_s }));
    QCOMPARE(due.json()["verdict"_L1].toString(), u"holds"_s);
    QCOMPARE(due.json()["sentence"_L1].toString(), u"plan is enterprise + no agent reply for 2h"_s);
    RAN(answered, 0, m_cli.json(words));
    QCOMPARE(answered.json()["verdict"_L1].toString(), u"does not hold"_s);
    RAN(shown, 0, m_cli.run(words + QStringList { u"--at"_s, u"2026-06-08T10:00:00Z"_s }));
    QVERIFY2(shown.out.contains("the rule was first written at"), shown.out.constData());
}

void TestCliRulesPast::explainsByTheWordsOfThen()
{
    const auto loads = [this](const QByteArray &text) {
        return m_cli.json({ u"rules"_s, u"load"_s, rules(text), u"--why"_s, u"a test"_s });
    };
    const auto asks = [this](const QStringList &more) {
        return m_cli.json(
            QStringList { u"rules"_s, u"explain"_s, u"Calm"_s, u"--ticket"_s, u"A-1"_s } + more);
    };
    RAN(first, 0, loads("rule 'Calm' when plan is enterprise then remind\n"));
    const QString then = tierline::SystemClock().now().iso();
    QTest::qWait(20);
    RAN(second, 0, loads("rule 'Calm' when plan is free then remind\n"));
    RAN(past, 0, asks({ u"--at"_s, then }));
    QCOMPARE(past.json()["version"_L1].toInt(), 1);
    QCOMPARE(past.json()["verdict"_L1].toString(), u"holds"_s);
    RAN(now, 0, asks({}));
    QCOMPARE(now.json()["version"_L1].toInt(), 2);
    QCOMPARE(now.json()["verdict"_L1].toString(), u"does not hold"_s);
}

void TestCliRulesPast::refusesWithSentences_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("part");
    const QString broken
        = m_cli.file(u"broken.rules"_s, plain("rule 'A' when pla is x then remind"));
    const QString empty = m_cli.file(u"empty.rules"_s, "# nothing");
    const QString good = m_cli.file(u"good.rules"_s, plain("rule 'A' when complex then remind"));
    QTest::newRow("no file") << QStringList { u"backtest"_s, u"/nowhere"_s } << 1 << u"/nowhere"_s;
    QTest::newRow("broken") << QStringList { u"backtest"_s, broken } << 1 << u"line 1, column"_s;
    QTest::newRow("no rule") << QStringList { u"backtest"_s, empty } << 1 << u"no rule"_s;
    QTest::newRow("no label") << QStringList { u"backtest"_s, good, u"--labels"_s, empty } << 1
                              << u"line 1 is no label"_s;
    QTest::newRow("no second file") << QStringList { u"diff"_s, good } << 2 << u"B"_s;
    QTest::newRow("span") << QStringList { u"backtest"_s, good, u"--from"_s, u"2026-02-01"_s,
        u"--to"_s, u"2026-01-01"_s }
                          << 2 << u"--from"_s;
    QTest::newRow("no such rule") << QStringList { u"explain"_s, u"Late enterprize"_s,
        u"--ticket"_s, u"A-1"_s } << 1
                                  << u"did you mean"_s;
    QTest::newRow("no such ticket")
        << QStringList { u"explain"_s, u"Late enterprise"_s, u"--ticket"_s, u"A-9"_s } << 1
        << u"A-9"_s;
    QTest::newRow("no ticket") << QStringList { u"explain"_s, u"Late enterprise"_s } << 2
                               << u"--ticket"_s;
    QTest::newRow("too early") << QStringList { u"explain"_s, u"Late enterprise"_s, u"--ticket"_s,
        u"A-1"_s, u"--at"_s, u"2020-01-01T00:00:00Z"_s }
                               << 1 << u"did not exist"_s;
}

void TestCliRulesPast::refusesWithSentences()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, part);
    RAN(ran, exitCode, m_cli.json(QStringList { u"rules"_s } + words));
    QVERIFY2(ran.error.contains(part), ran.told().constData());
}

QTEST_GUILESS_MAIN(TestCliRulesPast)
#include "tst_clirulespast.moc"
