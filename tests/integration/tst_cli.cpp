#include "core/storage/connection.h"
#include "core/storage/workspace.h"
#include "tests/support/cli/clirunner.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// The real program, run as people run it: one ticket's whole way, and what can be read along it.

class TestCli : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void ticketIsMade();
    void ticketIsChanged();
    void flagIsSetTakenBackAndTriaged();
    void incompleteFormChangesNothing();
    void escalates();
    void handoffInFourFormats();
    void receiverAcceptsAndReplies();
    void returnsWithVerdict();
    void escalatesAgain();
    void solvesReopensAndCloses();
    void scoreAndFigures();
    void searches();
    void exportsAndTakesBack();
    void backsUpAndRestores();
    void doctorIsSatisfied();
    void doctorRepairsTheTextIndex();

private:
    /// What a refused command must leave as it is.
    QJsonObject picture(const QString &ticket)
    {
        QJsonObject shown = m_cli.json({ u"ticket"_s, u"show"_s, ticket }).json();
        shown.remove(u"clocks"_s);
        return shown;
    }
    void as(const QString &agent) { m_cli.setAs(agent); }
    QStringList escalation(const QString &ticket, const QString &expected) const
    {
        return { u"escalate"_s, ticket, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s,
            u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
            u"Exports stop after 10,000 rows."_s, u"--tried"_s, u"Another browser"_s, u"--tried"_s,
            u"A smaller range"_s, u"--expected"_s, expected, u"--urgency"_s, u"month end"_s };
    }

    CliRunner m_cli;
};

void TestCli::initTestCase()
{
    RAN(made, 0, m_cli.json({ u"init"_s }));
    QCOMPARE(made.json()["workspace"_L1].toString(), m_cli.folder());
    RAN(again, 1, m_cli.json({ u"init"_s }));
    QCOMPARE(again.errorJson()["code"_L1].toString(), u"conflict"_s);

    RAN(anna, 0,
        m_cli.run({ u"agent"_s, u"add"_s, u"anna"_s, u"--name"_s, u"Anna Arndt"_s, u"--tier"_s,
            u"L1"_s, u"--team"_s, u"Frontline"_s }));
    RAN(ben, 0,
        m_cli.run({ u"agent"_s, u"add"_s, u"ben"_s, u"--tier"_s, u"L2"_s, u"--team"_s,
            u"Technical"_s, u"--role"_s, u"specialist"_s }));
    RAN(list, 0, m_cli.json({ u"agent"_s, u"list"_s }));
    QCOMPARE(list.rows().size(), 3);
    QCOMPARE(list.json()["total"_L1].toInt(), 3);
    RAN(tiers, 0, m_cli.json({ u"tier"_s, u"list"_s }));
    QCOMPARE(tiers.rows().at(1).toObject()["id"_L1].toString(), u"L2"_s);
    RAN(teams, 0, m_cli.json({ u"team"_s, u"list"_s }));
    QVERIFY(teams.rows().size() >= 4);
}

void TestCli::ticketIsMade()
{
    as(u"anna"_s);
    RAN(made, 0,
        m_cli.json(
            { u"ticket"_s, u"new"_s, u"--subject"_s, u"Export stops half-way"_s, u"--name"_s,
                u"Carla Costa"_s, u"--email"_s, u"carla@contoso.example"_s, u"--organization"_s,
                u"Contoso"_s, u"--category"_s, u"bug"_s, u"--priority"_s, u"normal"_s },
            "Our monthly export stops after 10,000 rows."));
    QCOMPARE(made.json()["ticket"_L1].toString(), u"T-1"_s);

    RAN(shown, 0, m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    const QJsonObject all = shown.json();
    for (const QString &key : { u"ticket"_s, u"requester"_s, u"organization"_s, u"messages"_s,
             u"events"_s, u"escalations"_s, u"clocks"_s, u"sync"_s })
        QVERIFY2(all.contains(key), qPrintable(key));
    QCOMPARE(at(all, u"ticket/tier"_s).toString(), u"L1"_s);
    QCOMPARE(at(all, u"ticket/category"_s).toString(), u"bug"_s);
    QCOMPARE(at(all, u"organization/name"_s).toString(), u"Contoso"_s);
    QCOMPARE(all["messages"_L1].toArray().at(0).toObject()["text"_L1].toString(),
        u"Our monthly export stops after 10,000 rows."_s);
    QVERIFY(at(all, u"ticket/created"_s).toString().endsWith(u'Z'));

    RAN(queue, 0, m_cli.json({ u"queue"_s, u"--tier"_s, u"L1"_s }));
    QCOMPARE(queue.json()["total"_L1].toInt(), 1);
    const QJsonObject row = queue.rows().at(0).toObject();
    for (const QString &key :
        { u"id"_s, u"tier"_s, u"team"_s, u"priority"_s, u"status"_s, u"subject"_s, u"customer"_s,
            u"plan"_s, u"health"_s, u"reason"_s, u"clock"_s, u"due"_s, u"overdue_s"_s, u"sync"_s })
        QVERIFY2(row.contains(key), qPrintable(key));
    QCOMPARE(row["id"_L1].toString(), u"T-1"_s);
    RAN(plain, 0, m_cli.run({ u"queue"_s }));
    QVERIFY(plain.out.contains("T-1"));
    RAN(empty, 0, m_cli.json({ u"queue"_s, u"--tier"_s, u"L3"_s }));
    QCOMPARE(empty.json()["total"_L1].toInt(), 0);
}

void TestCli::ticketIsChanged()
{
    RAN(note, 0, m_cli.json({ u"note"_s, u"T-1"_s }, "Looks like the row limit."));
    RAN(reply, 0, m_cli.json({ u"reply"_s, u"T-1"_s }, "We are looking into it."));
    RAN(set, 0,
        m_cli.json({ u"set"_s, u"T-1"_s, u"product=Reports"_s, u"tags=export,limit"_s,
            u"priority=high"_s }));
    RAN(claim, 0, m_cli.json({ u"claim"_s, u"T-1"_s }));
    QCOMPARE(claim.json()["assignee"_L1].toString(), u"anna"_s);
    const QJsonObject all = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    QCOMPARE(at(all, u"ticket/product"_s).toString(), u"Reports"_s);
    QCOMPARE(at(all, u"ticket/priority"_s).toString(), u"high"_s);
    QCOMPARE(all["messages"_L1].toArray().size(), 3);
    // Tier and team have commands of their own.
    for (const QString &change : { u"tier=L3"_s, u"team=Engineering"_s }) {
        RAN(refused, 1, m_cli.json({ u"set"_s, u"T-1"_s, change }));
        QCOMPARE(refused.errorJson()["code"_L1].toString(), u"bad_input"_s);
    }
    RAN(unwritten, 2, m_cli.json({ u"set"_s, u"T-1"_s, u"priority"_s }));
    QCOMPARE(unwritten.errorJson()["code"_L1].toString(), u"usage"_s);
    RAN(moved, 1,
        m_cli.json(
            { u"reassign"_s, u"T-1"_s, u"--team"_s, u"Technical"_s, u"--note"_s, u"theirs"_s }));
    RAN(noteless, 1, m_cli.json({ u"reassign"_s, u"T-1"_s, u"--to"_s, u"anna"_s }));
}

void TestCli::flagIsSetTakenBackAndTriaged()
{
    RAN(noteless, 1, m_cli.json({ u"flag"_s, u"T-1"_s }));
    RAN(flagged, 0, m_cli.json({ u"flag"_s, u"T-1"_s, u"--note"_s, u"needs database access"_s }));
    QJsonObject all = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    QCOMPARE(at(all, u"ticket/flag"_s).toString(), u"needs database access"_s);
    QCOMPARE(all["escalations"_L1].toArray().size(), 1);
    RAN(unflagged, 0, m_cli.json({ u"unflag"_s, u"T-1"_s }));
    RAN(again, 0, m_cli.json({ u"flag"_s, u"T-1"_s, u"--note"_s, u"needs database access"_s }));
    as(u"ben"_s);
    RAN(triaged, 0, m_cli.json({ u"triage-flag"_s, u"T-1"_s }));
    as(u"anna"_s);
    all = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    QCOMPARE(all["escalations"_L1]
                 .toArray()
                 .last()
                 .toObject()["stages"_L1]
                 .toArray()
                 .last()
                 .toObject()["stage"_L1]
                 .toString(),
        u"triage"_s);
}

void TestCli::incompleteFormChangesNothing()
{
    const QJsonObject before = picture(u"T-1"_s);
    const auto refuses = [&](const QStringList &words, const QString &where) {
        const Ran ran = m_cli.json(words);
        return ran.exitCode == 1 && ran.errorJson()["where"_L1].toString() == where
            && !ran.error.isEmpty() && !ran.error.contains(u'\n') && picture(u"T-1"_s) == before;
    };
    QVERIFY(refuses(escalation(u"T-1"_s, u"  "_s), u"expected"_s));
    QVERIFY(refuses({ u"escalate"_s, u"T-1"_s, u"--to"_s, u"L2"_s, u"--reason"_s, u"beyond-skill"_s,
                        u"--summary"_s, u"s"_s, u"--expected"_s, u"e"_s },
        u"tried"_s));
    QVERIFY(refuses({ u"escalate"_s, u"T-1"_s, u"--to"_s, u"L2"_s, u"--reason"_s, u"beyond-skill"_s,
                        u"--tried"_s, u"t"_s, u"--expected"_s, u"e"_s },
        u"summary"_s));
    QVERIFY(refuses({ u"escalate"_s, u"T-1"_s, u"--to"_s, u"L2"_s, u"--summary"_s, u"s"_s,
                        u"--tried"_s, u"t"_s, u"--expected"_s, u"e"_s },
        u"reason"_s));
    QVERIFY(refuses({ u"escalate"_s, u"T-1"_s, u"--to"_s, u"L7"_s, u"--reason"_s, u"beyond-skill"_s,
                        u"--summary"_s, u"s"_s, u"--tried"_s, u"t"_s, u"--expected"_s, u"e"_s },
        u"to"_s));
    RAN(kind, 2,
        m_cli.json({ u"escalate"_s, u"T-1"_s, u"--to"_s, u"L2"_s, u"--kind"_s, u"sideways"_s }));
    QVERIFY(kind.error.contains(u"functional, hierarchical, automated, priority"_s));
}

void TestCli::escalates()
{
    RAN(moved, 0, m_cli.json(escalation(u"T-1"_s, u"A whole export before Friday"_s)));
    const QJsonObject document = moved.json();
    QCOMPARE(document["ticket"_L1].toString(), u"T-1"_s);
    QCOMPARE(document["stage"_L1].toString(), u"handoff"_s);
    QVERIFY(!document["escalation"_L1].toString().isEmpty());
    QVERIFY(document["notice"_L1].toString().contains(u"Technical"_s));
    QVERIFY(document["operations"_L1].isArray());
    RAN(shown, 0, m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    QCOMPARE(at(shown.json(), u"ticket/tier"_s).toString(), u"L2"_s);
    QCOMPARE(shown.json()["messages"_L1].toArray().last().toObject()["text"_L1].toString(),
        document["notice"_L1].toString());
    RAN(queue, 0, m_cli.json({ u"queue"_s, u"--tier"_s, u"L2"_s, u"--team"_s, u"Technical"_s }));
    const QJsonObject row = queue.rows().at(0).toObject();
    QCOMPARE(row["id"_L1].toString(), u"T-1"_s);
    QVERIFY(row["due"_L1].isString());
    QVERIFY(!row["reason"_L1].toString().isEmpty());
}

void TestCli::handoffInFourFormats()
{
    RAN(json, 0, m_cli.json({ u"handoff"_s, u"show"_s, u"T-1"_s }));
    QVERIFY(json.json().contains(u"first_screen"_s));
    RAN(asked, 0, m_cli.run({ u"handoff"_s, u"show"_s, u"T-1"_s, u"--format"_s, u"json"_s }));
    QCOMPARE(asked.json(), json.json());
    for (const QString &format : { u"html"_s, u"text"_s, u"markdown"_s }) {
        RAN(drawn, 0, m_cli.run({ u"handoff"_s, u"show"_s, u"T-1"_s, u"--format"_s, format }));
        QVERIFY2(drawn.out.contains("A whole export before Friday"), qPrintable(format));
        QCOMPARE(drawn.out.contains("<html"), format == u"html");
    }
    RAN(unknown, 2, m_cli.run({ u"handoff"_s, u"show"_s, u"T-1"_s, u"--format"_s, u"pdf"_s }));
}

void TestCli::receiverAcceptsAndReplies()
{
    as(u"ben"_s);
    RAN(accepted, 0, m_cli.json({ u"accept"_s, u"T-1"_s }));
    QCOMPARE(accepted.json()["assignee"_L1].toString(), u"ben"_s);
    RAN(twice, 1, m_cli.json({ u"accept"_s, u"T-1"_s }));
    RAN(reply, 0, m_cli.run({ u"reply"_s, u"T-1"_s }, "I raised the limit for you."));
    QVERIFY(reply.out.startsWith("T-1: "));
}

void TestCli::returnsWithVerdict()
{
    RAN(unsaid, 2, m_cli.json({ u"return"_s, u"T-1"_s, u"--note"_s, u"back"_s }));
    QVERIFY(
        unsaid.error.contains(u"l1_could_have_solved, wrong_team, needs_information, answered"_s));
    RAN(back, 0,
        m_cli.json({ u"return"_s, u"T-1"_s, u"--verdict"_s, u"needs_information"_s, u"--note"_s,
            u"Which report is it?"_s }));
    QCOMPARE(back.json()["tier"_L1].toString(), u"L1"_s);
    const QJsonObject all = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    const QJsonObject record = all["escalations"_L1].toArray().last().toObject();
    QCOMPARE(record["verdict"_L1].toString(), u"needs_information"_s);
    QCOMPARE(record["outcome"_L1].toString(), u"returned"_s);
}

void TestCli::escalatesAgain()
{
    as(u"anna"_s);
    RAN(heard, 0, m_cli.run({ u"ticket"_s, u"customer"_s, u"T-1"_s }, "It is the billing report."));
    RAN(moved, 0,
        m_cli.json(escalation(u"T-1"_s, u"The billing report, whole"_s)
            + QStringList { u"--no-customer-notice"_s, u"told on the phone"_s }));
    QVERIFY(moved.json()["notice"_L1].isNull());
    QCOMPARE(moved.json()["notice_skipped"_L1].toString(), u"told on the phone"_s);
    RAN(withdrawn, 0, m_cli.json({ u"withdraw"_s, u"T-1"_s, u"--note"_s, u"too early"_s }));
    QCOMPARE(withdrawn.json()["tier"_L1].toString(), u"L1"_s);
    RAN(third, 0, m_cli.json(escalation(u"T-1"_s, u"The billing report, whole"_s)));
    as(u"ben"_s);
    RAN(accepted, 0, m_cli.json({ u"accept"_s, u"T-1"_s }));
}

void TestCli::solvesReopensAndCloses()
{
    RAN(solved, 0, m_cli.json({ u"solve"_s, u"T-1"_s }));
    QCOMPARE(solved.json()["status"_L1].toString(), u"solved"_s);
    const QJsonObject waiting = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    QVERIFY(at(waiting, u"ticket/awaiting_yes"_s).toBool());
    RAN(noteless, 1, m_cli.json({ u"reopen"_s, u"T-1"_s }));
    RAN(reopened, 0, m_cli.json({ u"reopen"_s, u"T-1"_s, u"--note"_s, u"still cut off"_s }));
    QCOMPARE(reopened.json()["status"_L1].toString(), u"open"_s);
    QCOMPARE(reopened.json()["tier"_L1].toString(), u"L2"_s);
    QCOMPARE(reopened.json()["assignee"_L1].toString(), u"ben"_s);
    const QJsonArray records
        = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json()["escalations"_L1].toArray();
    QCOMPARE(records.size(), waiting["escalations"_L1].toArray().size());
    RAN(again, 0, m_cli.json({ u"solve"_s, u"T-1"_s, u"--text"_s, u"Is the report whole now?"_s }));
    RAN(closed, 0, m_cli.json({ u"confirm"_s, u"T-1"_s, u"--tag"_s, u"row-limit"_s }));
    QCOMPARE(closed.json()["status"_L1].toString(), u"closed"_s);
    const QJsonObject all = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    QVERIFY(at(all, u"ticket/tags"_s).toArray().contains(u"row-limit"_s));
}

void TestCli::scoreAndFigures()
{
    RAN(six, 1, m_cli.json({ u"csat"_s, u"T-1"_s, u"6"_s }));
    RAN(five, 0, m_cli.json({ u"csat"_s, u"T-1"_s, u"5"_s }));
    as({});
    RAN(measured, 0, m_cli.json({ u"metrics"_s }));
    const QJsonObject row = measured.rows().at(0).toObject();
    QCOMPARE(row["key"_L1].toString(), u"all"_s);
    QCOMPARE(row["tickets"_L1].toInt(), 1);
    QCOMPARE(row["escalated"_L1].toInt(), 1);
    QCOMPARE(
        at(row, u"escalation_steps/total"_s).toInt(), 2); // the withdrawn one counts in no rate
    QCOMPARE(at(row, u"escalation_steps/L1>L2"_s).toInt(), 2);
    QCOMPARE(row["repeat_escalation"_L1].toInt(), 1);
    QCOMPARE(row["reopened"_L1].toInt(), 1);
    QCOMPARE(at(row, u"csat/after_escalation/n"_s).toInt(), 1);
    QVERIFY(row["priority_raised"_L1].toInt() > 0);
    RAN(byTeam, 0,
        m_cli.json({ u"metrics"_s, u"--by"_s, u"team"_s, u"--zone"_s, u"Europe/Berlin"_s }));
    QCOMPARE(byTeam.json()["zone"_L1].toString(), u"Europe/Berlin"_s);
    RAN(later, 0, m_cli.json({ u"metrics"_s, u"--from"_s, u"2199-01-01T00:00:00Z"_s }));
    // A day means its first instant in the zone.
    RAN(day, 0,
        m_cli.json(
            { u"metrics"_s, u"--from"_s, u"2199-01-01"_s, u"--zone"_s, u"Europe/Berlin"_s }));
    RAN(instant, 0,
        m_cli.json({ u"metrics"_s, u"--from"_s, u"2198-12-31T23:00:00Z"_s, u"--zone"_s,
            u"Europe/Berlin"_s }));
    QCOMPARE(day.json(), instant.json());
    for (const QJsonValue &none : later.rows())
        QCOMPARE(none.toObject()["tickets"_L1].toInt(), 0);
    RAN(unknown, 2, m_cli.json({ u"metrics"_s, u"--by"_s, u"mood"_s }));
    RAN(zone, 2, m_cli.json({ u"metrics"_s, u"--zone"_s, u"Mars/Olympus"_s }));
    RAN(plain, 0, m_cli.run({ u"metrics"_s }));
    QVERIFY(plain.out.contains("100.0 %"));
}

void TestCli::searches()
{
    RAN(found, 0, m_cli.json({ u"search"_s, u"monthly export"_s }));
    QCOMPARE(found.json()["total"_L1].toInt(), 1);
    const QJsonObject row = found.rows().at(0).toObject();
    QCOMPARE(row["id"_L1].toString(), u"T-1"_s);
    QVERIFY(row["snippet"_L1].toString().contains(u"export"_s));
    RAN(filtered, 0, m_cli.json({ u"search"_s, u"export tier:L2 -is:open customer:Contoso"_s }));
    QCOMPARE(filtered.rows().size(), 1);
    RAN(negated, 0, m_cli.json({ u"search"_s, u"export -tier:L2"_s }));
    QCOMPARE(negated.rows().size(), 0);
    // Nothing a person types is an error.
    for (const QString &typed :
        { u"\"unclosed"_s, u"AND OR NOT ("_s, u"tier:"_s, u"--odd"_s, u"--"_s, u"*"_s, u""_s,
            u"status:nonsense"_s, u"a:b:c ^ NEAR(x y)"_s, u"before:yesterday-ish"_s }) {
        RAN(any, 0, m_cli.json({ u"search"_s, typed }));
        QVERIFY(any.json().contains(u"rows"_s));
    }
}

void TestCli::exportsAndTakesBack()
{
    const QString lines = m_cli.path(u"tickets.jsonl"_s);
    RAN(exported, 0, m_cli.json({ u"export"_s, u"tickets"_s, lines }));
    QCOMPARE(exported.json()["rows"_L1].toInt(), 1);
    for (const QString &name : { u"tickets.csv"_s, u"tickets.json"_s }) {
        RAN(other, 0, m_cli.json({ u"export"_s, u"tickets"_s, m_cli.path(name) }));
        QVERIFY(QFile::exists(m_cli.path(name)));
    }
    for (const QString &what : { u"events"_s, u"metrics"_s, u"audit"_s }) {
        RAN(other, 0, m_cli.json({ u"export"_s, what, m_cli.path(what + u".csv"_s) }));
        QVERIFY(other.json()["rows"_L1].toInt() > 0);
    }
    RAN(form, 1, m_cli.json({ u"export"_s, u"tickets"_s, m_cli.path(u"tickets.docx"_s) }));
    RAN(what, 2, m_cli.json({ u"export"_s, u"people"_s, m_cli.path(u"people.csv"_s) }));

    CliRunner other;
    RAN(made, 0, other.json({ u"init"_s }));
    RAN(taken, 0, other.json({ u"import"_s, u"tickets"_s, lines }));
    QCOMPARE(taken.json()["tickets"_L1].toInt(), 1);
    QVERIFY(taken.json()["new"_L1].toInt() > 0);
    RAN(twice, 0, other.json({ u"import"_s, u"tickets"_s, lines }));
    QCOMPARE(twice.json()["new"_L1].toInt(), 0);
    const QJsonObject here = m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    const QJsonObject there = other.json({ u"ticket"_s, u"show"_s, u"T-1"_s }).json();
    for (const QString &path :
        { u"ticket/subject"_s, u"ticket/tier"_s, u"ticket/status"_s, u"ticket/priority"_s,
            u"ticket/created"_s, u"requester/email"_s, u"organization/name"_s })
        QCOMPARE(at(there, path), at(here, path));
    QCOMPARE(there["messages"_L1].toArray().size(), here["messages"_L1].toArray().size());
}

void TestCli::backsUpAndRestores()
{
    as({}); // whoever made the workspace is its admin
    const QString copy = m_cli.path(u"copy.db"_s);
    RAN(backedUp, 0, m_cli.json({ u"backup"_s, copy }));
    const QJsonObject before = picture(u"T-1"_s);
    RAN(changed, 0,
        m_cli.json({ u"ticket"_s, u"new"_s, u"--subject"_s, u"Later"_s, u"--name"_s, u"D"_s,
                       u"--email"_s, u"d@example.org"_s },
            "Later than the backup."));
    QCOMPARE(changed.json()["ticket"_L1].toString(), u"T-2"_s);
    RAN(restored, 0, m_cli.json({ u"restore"_s, copy }));
    QCOMPARE(picture(u"T-1"_s), before);
    RAN(gone, 1, m_cli.json({ u"ticket"_s, u"show"_s, u"T-2"_s }));
    QCOMPARE(gone.errorJson()["code"_L1].toString(), u"not_found"_s);
    RAN(wrong, 1, m_cli.json({ u"restore"_s, m_cli.file(u"no.db"_s, "no database at all") }));
    QCOMPARE(picture(u"T-1"_s), before);
}

void TestCli::doctorRepairsTheTextIndex()
{
    const QString file = storage::Workspace(m_cli.folder()).databasePath();
    {
        auto connection = storage::Connection::open(file, storage::Connection::Mode::ReadWrite);
        QVERIFY(connection);
        QVERIFY((*connection)->execute("UPDATE message SET text = 'quagga' WHERE id = 1"));
    }
    RAN(broken, 1, m_cli.run({ u"doctor"_s }));
    QVERIFY(broken.out.contains("doctor --repair"));
    RAN(repaired, 0, m_cli.json({ u"doctor"_s, u"--repair"_s }));
    RAN(found, 0, m_cli.json({ u"search"_s, u"quagga"_s }));
    QCOMPARE(found.json()["total"_L1].toInt(), 1);
    RAN(healthy, 0, m_cli.run({ u"doctor"_s }));
    QVERIFY(!healthy.out.contains("--repair"));
}

void TestCli::doctorIsSatisfied()
{
    RAN(looked, 0, m_cli.json({ u"doctor"_s }));
    QStringList names;
    for (const QJsonValue &check : looked.json()["checks"_L1].toArray()) {
        QVERIFY2(check["ok"_L1].toBool(), looked.told().constData());
        QVERIFY(!check["detail"_L1].toString().isEmpty());
        names.append(check["name"_L1].toString());
    }
    for (const QString &name :
        { u"integrity"_s, u"text-index"_s, u"schema"_s, u"disk"_s, u"keychain"_s })
        QVERIFY2(names.contains(name), qPrintable(name));
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
