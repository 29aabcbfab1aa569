#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// A ticket that goes back to a queue where it was needs a reason, by the command line too.

class TestCliWayBack : public QObject
{
    Q_OBJECT
private slots:
    void theWayBackNeedsAReason();
};

void TestCliWayBack::theWayBackNeedsAReason()
{
    CliRunner cli;
    RAN(made, 0, cli.json({ u"init"_s }));
    RAN(ben, 0,
        cli.run(
            { u"agent"_s, u"add"_s, u"ben"_s, u"--tier"_s, u"L2"_s, u"--team"_s, u"Technical"_s }));
    RAN(ticket, 0,
        cli.json({ u"ticket"_s, u"new"_s, u"--subject"_s, u"Exports stop"_s, u"--name"_s, u"A"_s,
                     u"--email"_s, u"a@example.org"_s },
            "They stop after 10,000 rows."));
    const QString id = ticket.json()[u"ticket"_s].toString();
    RAN(up, 0,
        cli.json({ u"escalate"_s, id, u"--to"_s, u"L2"_s, u"--team"_s, u"Technical"_s, u"--kind"_s,
            u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s, u"Exports stop"_s,
            u"--tried"_s, u"A smaller range"_s, u"--expected"_s, u"All rows"_s }));
    cli.setAs(u"ben"_s);
    const QStringList back { u"reassign"_s, id, u"--team"_s, u"Technical"_s };
    RAN(away, 0,
        cli.json({ u"reassign"_s, id, u"--team"_s, u"Billing"_s, u"--note"_s, u"It is money"_s }));
    for (const QStringList &more : { QStringList {}, QStringList { u"--note"_s, u"  "_s } }) {
        RAN(refused, 1, cli.json(back + more));
        const QString sentence = u"Ticket %1 was in Technical already, from "_s.arg(id);
        QVERIFY2(refused.error.startsWith(sentence), qPrintable(refused.error));
        QVERIFY(refused.error.contains(u": say why it should go back there."_s));
        QCOMPARE(refused.errorJson()[u"where"_s].toString(), u"note"_s);
    }
    RAN(shown, 0, cli.json({ u"ticket"_s, u"show"_s, id }));
    QCOMPARE(at(shown.json(), u"ticket/team"_s).toString(), u"Billing"_s);
    RAN(gone, 0, cli.json(back + QStringList { u"--note"_s, u"It is no money"_s }));
    RAN(after, 0, cli.json({ u"ticket"_s, u"show"_s, id }));
    QCOMPARE(at(after.json(), u"ticket/team"_s).toString(), u"Technical"_s);
}

QTEST_GUILESS_MAIN(TestCliWayBack)
#include "tst_cliwayback.moc"
