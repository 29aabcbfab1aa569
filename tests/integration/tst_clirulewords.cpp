#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// What rules say and measure by, from the command line: templates, agreements of one ticket, capacity.

class TestCliRuleWords : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void templates();
    void agreementOfATicket();
    void capacity();

private:
    CliRunner m_cli;
};

void TestCliRuleWords::initTestCase()
{
    RAN(made, 0, m_cli.json({ u"init"_s }));
}

void TestCliRuleWords::templates()
{
    const QStringList set { u"template"_s, u"set"_s, u"outage"_s, u"--why"_s, u"asked for"_s };
    RAN(slip, 1, m_cli.json(set, "Dear {{custmer}}"));
    QVERIFY(slip.errorJson()["message"_L1].toString().contains(u"{{custmer}}"));
    RAN(none, 0, m_cli.json({ u"template"_s, u"list"_s }));
    QVERIFY(none.rows().isEmpty());
    RAN(saved, 0, m_cli.json(set, "Dear {{customer}}, we know."));
    RAN(listed, 0, m_cli.json({ u"template"_s, u"list"_s }));
    QCOMPARE(listed.rows().size(), 1);
    QCOMPARE(listed.rows()[0]["name"_L1].toString(), u"outage"_s);
    QCOMPARE(listed.rows()[0]["text"_L1].toString(), u"Dear {{customer}}, we know."_s);
    RAN(unsaid, 1, m_cli.json({ u"template"_s, u"remove"_s, u"outage"_s }));
    RAN(removed, 0,
        m_cli.json({ u"template"_s, u"remove"_s, u"Outage"_s, u"--why"_s, u"it is over"_s }));
    RAN(gone, 0, m_cli.json({ u"template"_s, u"list"_s }));
    QVERIFY(gone.rows().isEmpty());
}

void TestCliRuleWords::agreementOfATicket()
{
    const QString file = m_cli.file(u"sla.json"_s,
        "{\"calendars\":{\"Always\":{\"zone\":\"UTC\",\"hours\":\"24/7\"}},\"policies\":["
        "{\"name\":\"Usual\",\"default\":true,\"calendar\":\"Always\",\"targets\":"
        "[{\"clock\":\"first_response\",\"target\":\"8h\"}]},"
        "{\"name\":\"Gold\",\"when\":{\"tag\":[\"gold\"]},\"calendar\":\"Always\",\"targets\":"
        "[{\"clock\":\"first_response\",\"target\":\"1h\"}]}]}");
    RAN(agreed, 0, m_cli.json({ u"sla"_s, u"import"_s, file, u"--why"_s, u"a test"_s }));
    RAN(made, 0,
        m_cli.json({ u"ticket"_s, u"new"_s, u"--subject"_s, u"Help"_s, u"--name"_s, u"Ada"_s,
                       u"--email"_s, u"ada@example.org"_s },
            "It does not work."));
    const QString id = u"T-1"_s;
    const auto policy = [&] {
        const Ran shown = m_cli.json({ u"sla"_s, u"explain"_s, id });
        return shown.json()["clocks"_L1].toArray().at(0)["policy"_L1].toString();
    };
    QCOMPARE(policy(), u"Usual"_s);
    RAN(given, 0, m_cli.json({ u"sla"_s, u"give"_s, id, u"gold"_s, u"--why"_s, u"they asked"_s }));
    QCOMPARE(policy(), u"Gold"_s);
    RAN(unknown, 1, m_cli.json({ u"sla"_s, u"give"_s, id, u"Tin"_s, u"--why"_s, u"they asked"_s }));
    RAN(noParty, 2,
        m_cli.json({ u"sla"_s, u"give"_s, id, u"-"_s, u"--why"_s, u"x"_s, u"--party"_s, u"us"_s }));
    RAN(back, 0, m_cli.json({ u"sla"_s, u"give"_s, id, u"-"_s, u"--why"_s, u"it is over"_s }));
    QCOMPARE(policy(), u"Usual"_s);
}

void TestCliRuleWords::capacity()
{
    const QStringList words { u"team"_s, u"capacity"_s };
    RAN(unsaid, 0, m_cli.json(words));
    QVERIFY(unsaid.json()["tickets_per_agent"_L1].isNull());
    RAN(set, 0, m_cli.json(words + QStringList { u"12"_s }));
    QCOMPARE(set.json()["tickets_per_agent"_L1].toInt(), 12);
    RAN(many, 2, m_cli.json(words + QStringList { u"many"_s }));
    RAN(none, 1, m_cli.json(words + QStringList { u"0"_s }));
    RAN(kept, 0, m_cli.json(words));
    QCOMPARE(kept.json()["tickets_per_agent"_L1].toInt(), 12);
    RAN(away, 0, m_cli.json(words + QStringList { u"-"_s }));
    QVERIFY(away.json()["tickets_per_agent"_L1].isNull());
}

QTEST_GUILESS_MAIN(TestCliRuleWords)
#include "tst_clirulewords.moc"
