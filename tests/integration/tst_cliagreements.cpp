#include "tests/support/cli/clirunner.h"

#include <QFile>
#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// What is agreed and when tickets are due, by the command line: as a lead sets it up and an agent reads it.

class TestCliAgreements : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void aNewWorkspaceHasAgreements();
    void ticketsAreDueByChannel();
    void aReplyMovesTheDueTime();
    void explainsWhy();
    void editsShowWhatMoves();
    void dueTimesByHand();
    void holidaysAreTicked();
    void whatIsExportedReadsBack();
    void refusesWithSentences_data();
    void refusesWithSentences();

private:
    /// From JSON with ' for ".
    static QByteArray json(QByteArray text) { return text.replace('\'', '"'); }
    QJsonObject queueRow(const QString &id) const
    {
        const QJsonArray rows = m_cli.json({ u"queue"_s }).rows();
        for (const QJsonValue &row : rows) {
            if (row["id"_L1].toString() == id)
                return row.toObject();
        }
        return {};
    }
    CliRunner m_cli;
};

void TestCliAgreements::initTestCase()
{
    RAN(made, 0, m_cli.json({ u"init"_s }));
    const QByteArray tickets
        = "{'id':'W-1','created':'2026-06-08T08:00:00Z','subject':'Chat','channel':'whatsapp','tier':'L1',"
          "'status':'new','messages':[{'at':'2026-06-08T08:00:00Z','from':'customer','public':true,"
          "'text':'Hello?'}]}\n"
          "{'id':'M-1','created':'2026-06-08T08:00:00Z','subject':'Mail','channel':'email','tier':'L1',"
          "'status':'new','messages':[{'at':'2026-06-08T08:00:00Z','from':'customer','public':true,"
          "'text':'Hello.'}]}\n"
          "{'id':'S-1','created':'2026-06-08T08:00:00Z','subject':'Silent','channel':'email','tier':'L1',"
          "'status':'new','messages':[]}\n";
    RAN(imported, 0,
        m_cli.json({ u"import"_s, u"tickets"_s, m_cli.file(u"tickets.jsonl"_s, json(tickets)) }));
}

void TestCliAgreements::aNewWorkspaceHasAgreements()
{
    RAN(listed, 0, m_cli.json({ u"sla"_s, u"list"_s }));
    QCOMPARE(listed.json()["policies"_L1].toArray().size(), 2);
    QCOMPARE(listed.json()["edition"_L1].toInt(), 1);
    QVERIFY(listed.json()["calendars"_L1].toObject().contains(u"Always"_s));
    RAN(shown, 0, m_cli.run({ u"sla"_s, u"list"_s }));
    QVERIFY2(shown.out.contains("first_response"), shown.out.constData());
}

void TestCliAgreements::ticketsAreDueByChannel()
{
    QCOMPARE(queueRow(u"W-1"_s)["due"_L1].toString(), u"2026-06-08T08:05:00Z"_s);
    QCOMPARE(queueRow(u"W-1"_s)["clock"_L1].toString(), u"first_response"_s);
    QCOMPARE(queueRow(u"M-1"_s)["due"_L1].toString(), u"2026-06-08T09:00:00Z"_s);
    QVERIFY(queueRow(u"M-1"_s)["overdue_s"_L1].toInteger() > 0);
    QVERIFY(queueRow(u"S-1"_s)["due"_L1].isNull());
    // Next breach first.
    const QJsonArray rows = m_cli.json({ u"queue"_s }).rows();
    QCOMPARE(rows[0]["id"_L1].toString(), u"W-1"_s);
    QCOMPARE(rows[2]["id"_L1].toString(), u"S-1"_s);
}

void TestCliAgreements::aReplyMovesTheDueTime()
{
    RAN(replied, 0, m_cli.json({ u"reply"_s, u"W-1"_s }, "Here we are."));
    QVERIFY(queueRow(u"W-1"_s)["due"_L1].isNull());
}

void TestCliAgreements::explainsWhy()
{
    RAN(explained, 0,
        m_cli.json({ u"sla"_s, u"explain"_s, u"W-1"_s, u"--clock"_s, u"first_response"_s }));
    const QJsonArray clocks = explained.json()["clocks"_L1].toArray();
    QCOMPARE(clocks.size(), 1);
    const QJsonObject clock = clocks[0].toObject();
    QCOMPARE(clock["state"_L1].toString(), u"met-late"_s);
    QCOMPARE(clock["breached_at"_L1].toString(), u"2026-06-08T08:05:00Z"_s);
    QCOMPARE(clock["target_s"_L1].toInt(), 300);
    QCOMPARE(clock["policy"_L1].toString(), u"What customers are promised"_s);
    const QJsonArray ledger = clock["ledger"_L1].toArray();
    QCOMPARE(ledger.size(), 1);
    QCOMPARE(ledger[0]["kind"_L1].toString(), u"running"_s);
    QCOMPARE(ledger[0]["seconds"_L1].toInteger(), clock["elapsed_s"_L1].toInteger());
    // As it stood then.
    RAN(then, 0,
        m_cli.json({ u"sla"_s, u"explain"_s, u"W-1"_s, u"--at"_s, u"2026-06-08T08:03:00Z"_s }));
    const QJsonObject early = then.json()["clocks"_L1].toArray()[0].toObject();
    QCOMPARE(early["state"_L1].toString(), u"running"_s);
    QCOMPARE(early["remaining_s"_L1].toInt(), 120);
    // Everything about the ticket holds them, too.
    RAN(shown, 0, m_cli.json({ u"ticket"_s, u"show"_s, u"M-1"_s }));
    const QJsonObject nearest = shown.json()["clocks"_L1].toArray()[0].toObject();
    QCOMPARE(nearest["clock"_L1].toString(), u"first_response"_s);
    QCOMPARE(nearest["due"_L1].toString(), u"2026-06-08T09:00:00Z"_s);
    QCOMPARE(nearest["state"_L1].toString(), u"breached-running"_s);
    RAN(none, 0, m_cli.run({ u"sla"_s, u"explain"_s, u"S-1"_s }));
    QVERIFY2(none.out.contains("No SLA"), none.out.constData());
}

void TestCliAgreements::editsShowWhatMoves()
{
    const QString file = m_cli.file(u"agreements.json"_s,
        json("{'calendars':{'Office':{'zone':'Europe/Berlin','hours':{'mon':[['09:00','17:00']],"
             "'tue':[['09:00','17:00']],'wed':[['09:00','17:00']],'thu':[['09:00','17:00']],"
             "'fri':[['09:00','17:00']]}}},'policies':[{'name':'Office hours','default':true,"
             "'calendar':'Office','targets':[{'clock':'first_response','target':'10h'}]}]}"));
    RAN(shown, 0, m_cli.json({ u"sla"_s, u"import"_s, file, u"--preview"_s }));
    QCOMPARE(shown.json()["saved"_L1].toBool(true), false);
    QCOMPARE(shown.json()["moved"_L1].toInt(), 1);
    const QJsonObject row = shown.rows()[0].toObject();
    QCOMPARE(row["id"_L1].toString(), u"M-1"_s);
    QCOMPARE(row["due_before"_L1].toString(), u"2026-06-08T09:00:00Z"_s);
    QCOMPARE(row["due_after"_L1].toString(), u"2026-06-09T10:00:00Z"_s);
    QCOMPARE(queueRow(u"M-1"_s)["due"_L1].toString(), u"2026-06-08T09:00:00Z"_s);
    RAN(saved, 0,
        m_cli.json({ u"sla"_s, u"import"_s, file, u"--why"_s, u"Nobody works at night"_s }));
    QCOMPARE(saved.rows(), shown.rows());
    QCOMPARE(queueRow(u"M-1"_s)["due"_L1].toString(), u"2026-06-09T10:00:00Z"_s);
    RAN(again, 0, m_cli.json({ u"sla"_s, u"recompute"_s }));
    QCOMPARE(again.json()["moved"_L1].toInt(-1), 0);
}

void TestCliAgreements::dueTimesByHand()
{
    RAN(set, 0,
        m_cli.json({ u"sla"_s, u"set"_s, u"M-1"_s, u"first_response"_s, u"--due"_s,
            u"2030-01-01T00:00:00Z"_s, u"--why"_s, u"agreed on the telephone"_s }));
    QCOMPARE(queueRow(u"M-1"_s)["due"_L1].toString(), u"2030-01-01T00:00:00Z"_s);
    RAN(explained, 0, m_cli.json({ u"sla"_s, u"explain"_s, u"M-1"_s }));
    const QJsonObject clock = explained.json()["clocks"_L1].toArray()[0].toObject();
    QCOMPARE(
        clock["by_hand"_L1].toArray()[0]["reason"_L1].toString(), u"agreed on the telephone"_s);
    RAN(released, 0,
        m_cli.json(
            { u"sla"_s, u"release"_s, u"M-1"_s, u"first_response"_s, u"--why"_s, u"done"_s }));
    QCOMPARE(queueRow(u"M-1"_s)["due"_L1].toString(), u"2026-06-09T10:00:00Z"_s);
    RAN(promised, 0,
        m_cli.json({ u"sla"_s, u"promise"_s, u"W-1"_s, u"--until"_s, u"2099-01-01T00:00:00Z"_s }));
    QCOMPARE(queueRow(u"W-1"_s)["clock"_L1].toString(), u"promise"_s);
}

void TestCliAgreements::holidaysAreTicked()
{
    const QString file = m_cli.file(u"holidays.ics"_s,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Whit Monday\r\nDTSTART;VALUE=DATE:20260608\r\n"
        "RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Weekly\r\n"
        "DTSTART;VALUE=DATE:20260608\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    const QStringList words { u"sla"_s, u"holidays"_s, file, u"--calendar"_s, u"Office"_s };
    RAN(listed, 0, m_cli.json(words));
    QCOMPARE(listed.rows().size(), 1);
    const QString day = listed.rows()[0]["date"_L1].toString();
    QVERIFY(day.endsWith(u"-06-08"));
    QCOMPARE(listed.rows()[0]["ticked"_L1].toBool(), true);
    QCOMPARE(listed.json()["left_out"_L1].toArray().size(), 1);
    RAN(unticked, 0, m_cli.json(words + QStringList { u"--untick"_s, day, u"--preview"_s }));
    QCOMPARE(unticked.json()["moved"_L1].toInt(-1), 0);
    RAN(wrong, 2, m_cli.json(words + QStringList { u"--tick"_s, u"2026-06-09"_s }));
    // From before the ticket came, so that its first day is the holiday.
    RAN(saved, 0,
        m_cli.json(words
            + QStringList {
                u"--save"_s, u"--why"_s, u"closed"_s, u"--from"_s, u"2026-01-01T00:00:00Z"_s }));
    QCOMPARE(saved.json()["saved"_L1].toBool(), true);
    QCOMPARE(queueRow(u"M-1"_s)["due"_L1].toString(), u"2026-06-10T09:00:00Z"_s);
}

void TestCliAgreements::whatIsExportedReadsBack()
{
    const QString file = m_cli.path(u"out.json"_s);
    RAN(written, 0, m_cli.json({ u"sla"_s, u"export"_s, file }));
    RAN(shown, 0, m_cli.json({ u"sla"_s, u"import"_s, file, u"--preview"_s }));
    QCOMPARE(shown.json()["moved"_L1].toInt(-1), 0);
    QCOMPARE(shown.json()["policies"_L1].toInt(), 1);
    QCOMPARE(shown.json()["calendars"_L1].toInt(), 2);
}

void TestCliAgreements::refusesWithSentences_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    const QString zero = m_cli.file(u"zero.json"_s,
        json("{'policies':[{'name':'Z','default':true,'calendar':'Always','targets':["
             "{'clock':'first_response','target':'0s'}]}]}"));
    const QString page = m_cli.file(u"page.ics"_s, "<html>");
    QTest::newRow("target of zero")
        << QStringList { u"sla"_s, u"import"_s, zero, u"--why"_s, u"x"_s } << 1;
    QTest::newRow("without why") << QStringList { u"sla"_s, u"import"_s, m_cli.path(u"out.json"_s) }
                                 << 2;
    QTest::newRow("no such file") << QStringList { u"sla"_s, u"import"_s, u"/nowhere"_s } << 1;
    QTest::newRow("no calendar file")
        << QStringList { u"sla"_s, u"holidays"_s, page, u"--calendar"_s, u"Office"_s } << 1;
    QTest::newRow("no such calendar")
        << QStringList { u"sla"_s, u"holidays"_s, page, u"--calendar"_s, u"Mars"_s } << 1;
    QTest::newRow("no such clock")
        << QStringList { u"sla"_s, u"explain"_s, u"M-1"_s, u"--clock"_s, u"egg"_s } << 2;
    QTest::newRow("no such zone") << QStringList { u"sla"_s, u"zone"_s, u"team"_s, u"Technical"_s,
        u"Mars"_s } << 1;
    QTest::newRow("a clock that does not run") << QStringList { u"sla"_s, u"set"_s, u"M-1"_s,
        u"accept"_s, u"--due"_s, u"2030-01-01T00:00:00Z"_s, u"--why"_s, u"x"_s }
                                               << 1;
}

void TestCliAgreements::refusesWithSentences()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    const QJsonArray before = m_cli.json({ u"queue"_s }).rows();
    RAN(refused, exitCode, m_cli.json(words));
    const QString message = refused.errorJson()["message"_L1].toString();
    QVERIFY2(message.endsWith(u'.'), qPrintable(message));
    QCOMPARE(m_cli.json({ u"queue"_s }).rows().size(), before.size());
}

QTEST_GUILESS_MAIN(TestCliAgreements)
#include "tst_cliagreements.moc"
