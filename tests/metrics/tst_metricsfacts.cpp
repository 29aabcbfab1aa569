#include "tests/metrics/history.h"

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

class TestMetricsFacts : public QObject
{
    Q_OBJECT
private slots:
    void steps_data();
    void steps();
    void pingPong_data();
    void pingPong();
    void teams_data();
    void teams();
    void ends_data();
    void ends();
    void timeToEscalate();
    void stepFollowsAgent_data();
    void stepFollowsAgent();
    void whatCountsNowhere_data();
    void whatCountsNowhere();
    void reversals_data();
    void reversals();
    void solvedAtL1_data();
    void solvedAtL1();
    void priorityRaised_data();
    void priorityRaised();
    void awaitedCustomer_data();
    void awaitedCustomer();
    void equalInstantsGoById();
    void orderBeatsTime();
    void unsortedEventsGiveTheSame();
    void emptyLog();
};

void TestMetricsFacts::steps_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<qint64>("up");
    QTest::addColumn<qint64>("down");
    QTest::addColumn<bool>("isReturnedAfter");
    const auto row = [](const char *name, const char *history, int up, int down, bool returned) {
        QTest::newRow(name) << QByteArray(history) << qint64(up) << qint64(down) << returned;
    };
    row("stays", "0 created tier=L1\n9 log", 0, 0, false);
    row("one step", "0 created tier=L1\n9 log tier=L2", 1, 0, false);
    row("L1 to L3 is one", "0 created tier=L1\n9 log tier=L3", 1, 0, false);
    row("L1, L2, L3 are two", "0 created tier=L1\n9 log tier=L2\n10 log tier=L3", 2, 0, false);
    row("starting at L2 is no escalation", "0 created tier=L2\n9 log status=solved", 0, 0, false);
    row("down from the start", "0 created tier=L2\n9 log tier=L1", 0, 1, false);
    row("down, then up", "0 created tier=L2\n9 log tier=L1\n10 log tier=L2", 1, 1, false);
    row("up, then down", "0 created tier=L1\n9 log tier=L2\n10 log tier=L1", 1, 1, true);
    row("same tier said again", "0 created tier=L1\n9 log tier=L1\n10 log tier=L2\n11 log tier=L2",
        1, 0, false);
    row("a null leaves it as it was", "0 created tier=L1\n9 log tier=-\n10 log tier=L1", 0, 0,
        false);
    row("first tier known late", "0 created\n9 log tier=L2\n10 log tier=L3", 1, 0, false);
    row("a tier without rank is neither up nor down",
        "0 created tier=L1\n9 log tier=X\n10 log tier=L2", 0, 0, false);
    row("any kind of event moves",
        "0 created tier=L1\n9 escalated tier=L2\n20 moved tier=L3\n30 returned tier=L2", 2, 1,
        true);
    row("bot to frontline", "0 created tier=L0\n9 escalated tier=L1", 1, 0, false);
}

void TestMetricsFacts::steps()
{
    QFETCH(QByteArray, history);
    QFETCH(qint64, up);
    QFETCH(qint64, down);
    QFETCH(bool, isReturnedAfter);
    const TicketFacts facts = History(history.constData()).facts();
    QCOMPARE(facts.escalationSteps, up);
    QCOMPARE(facts.returnSteps, down);
    QCOMPARE(facts.isReturnedAfterEscalation, isReturnedAfter);
    QCOMPARE(facts.isEscalated(), up > 0);
    QCOMPARE(static_cast<qint64>(facts.steps.size()), up + down);
}

void TestMetricsFacts::pingPong_data()
{
    QTest::addColumn<QString>("places");
    QTest::addColumn<qint64>("turns");
    QTest::newRow("A") << u"A"_s << qint64(0);
    QTest::newRow("A B") << u"A B"_s << qint64(0);
    QTest::newRow("A B A") << u"A B A"_s << qint64(1);
    QTest::newRow("A B C A") << u"A B C A"_s << qint64(0);
    QTest::newRow("A B A B") << u"A B A B"_s << qint64(2);
    QTest::newRow("A A B B A: neighbours merge") << u"A A B B A"_s << qint64(1);
    QTest::newRow("A - B - A: nulls are left out") << u"A - B - A"_s << qint64(1);
    QTest::newRow("A - A") << u"A - A"_s << qint64(0);
    QTest::newRow("- B A B") << u"- B A B"_s << qint64(1);
    QTest::newRow("A B C B A") << u"A B C B A"_s << qint64(1);
}

void TestMetricsFacts::pingPong()
{
    QFETCH(QString, places);
    QFETCH(qint64, turns);
    QByteArray byTeam, byTier;
    qint64 second = 0;
    for (const QString &place : places.split(u' ')) {
        const QByteArray start = QByteArray::number(second) + (second == 0 ? " created " : " log ");
        byTeam += start + "team=" + place.toUtf8() + '\n';
        byTier += start + "tier=" + place.toUtf8() + '\n';
        ++second;
    }
    QCOMPARE(History(byTeam.constData()).facts().teamTurns, turns);
    QCOMPARE(History(byTeam.constData()).facts().tierTurns, qint64(0));
    QCOMPARE(History(byTier.constData()).facts().tierTurns, turns);
}

void TestMetricsFacts::teams_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<qint64>("moves");
    QTest::addColumn<qint64>("reassignments");
    QTest::addColumn<qint64>("firstMove"); ///< seconds, -1 for none
    const auto row = [](const char *name, const char *history, int moves, int re, int first) {
        QTest::newRow(name) << QByteArray(history) << qint64(moves) << qint64(re) << qint64(first);
    };
    row("stays", "0 created tier=L1 team=A\n9 log", 0, 0, -1);
    row("other team, same tier", "0 created tier=L1 team=A\n9 log team=B", 1, 1, 9);
    row("other team, higher tier", "0 created tier=L1 team=A\n9 log tier=L2 team=B", 1, 0, 9);
    row("other team, lower tier", "0 created tier=L2 team=A\n9 log tier=L1 team=B", 1, 0, 9);
    row("same team, higher tier", "0 created tier=L1 team=A\n9 log tier=L2", 0, 0, -1);
    row("up with the team, then another there",
        "0 created tier=L1 team=A\n9 log tier=L2\n12 log team=B", 1, 1, 12);
    row("up without a team, then one takes it",
        "0 created tier=L1 team=A\n9 escalated tier=L2 team=-\n12 claimed team=B", 1, 0, 12);
    row("no tiers at all", "0 created team=A\n9 log team=B\n12 log team=C", 2, 2, 9);
    row("null between two teams", "0 created team=A\n5 log team=-\n9 log team=B", 1, 1, 9);
    row("null between the same team", "0 created team=A\n5 log team=-\n9 log team=A", 0, 0, -1);
    row("first team known late", "0 created\n5 log team=A\n9 log team=A", 0, 0, -1);
    row("agent changes, team stays", "0 created tier=L1 team=A to=ana\n9 reassigned to=ben", 0, 0,
        -1);
    row("one move told as two: tier, team",
        "0 created tier=L1 team=A\n9 moved tier=L2\n9 moved team=B", 1, 0, 9);
    row("one move told as two: team, tier",
        "0 created tier=L1 team=A\n9 moved team=B\n9 moved tier=L2", 1, 0, 9);
    row("moved on later", "0 created tier=L1 team=A\n9 moved tier=L2\n10 moved team=B", 1, 1, 10);
    row("rows of one instant are rows", "0 created tier=L1 team=A\n9 log tier=L2\n9 log team=B", 1,
        1, 9);
    row("there and back", "0 created tier=L1 team=A\n9 log team=B\n12 log team=A", 2, 2, 9);
}

void TestMetricsFacts::teams()
{
    QFETCH(QByteArray, history);
    QFETCH(qint64, moves);
    QFETCH(qint64, reassignments);
    QFETCH(qint64, firstMove);
    const TicketFacts facts = History(history.constData()).facts();
    QCOMPARE(facts.moves, moves);
    QCOMPARE(facts.reassignments, reassignments);
    QCOMPARE(facts.isMoved(), moves > 0);
    QCOMPARE(facts.timeToFirstMove,
        firstMove < 0 ? std::nullopt : std::optional<qint64>(firstMove * 1000));
}

void TestMetricsFacts::ends_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<QList<int>>(
        "expected"); ///< first, final, after escalation (s, -1: none), reopened
    const auto row = [](const char *name, const char *history, QList<int> expected) {
        QTest::newRow(name) << QByteArray(history) << expected;
    };
    row("open", "0 created status=open tier=L1", { -1, -1, -1, 0 });
    row("solved", "0 created status=open\n60 solved status=solved", { 60, 60, -1, 0 });
    row("solved from the start", "0 created status=solved", { 0, 0, -1, 0 });
    row("closing days later is not work",
        "0 created status=open\n60 solved status=solved\n900 confirmed status=closed",
        { 60, 60, -1, 0 });
    row("solved said twice", "0 created status=open\n60 log status=solved\n90 log status=solved",
        { 60, 60, -1, 0 });
    row("a row between that says nothing",
        "0 created status=open\n60 log status=solved\n70 log team=B\n80 log status=closed",
        { 60, 60, -1, 0 });
    row("reopened, still open", "0 created status=open\n60 log status=solved\n90 log status=open",
        { 60, -1, -1, 1 });
    row("reopened and solved again",
        "0 created status=open\n60 log status=solved\n90 log status=pending\n120 log status=solved\n150 log status=closed",
        { 60, 120, -1, 1 });
    row("closed, then new", "0 created status=closed\n90 log status=new", { 0, -1, -1, 1 });
    row("deleting brings no work back",
        "0 created status=open\n60 log status=solved\n90 log status=deleted", { 60, -1, -1, 0 });
    row("after the first escalation",
        "0 created tier=L1 status=open\n10 log tier=L2\n20 log tier=L3\n60 log status=solved",
        { 60, 60, 50, 0 });
    row("escalated, not solved", "0 created tier=L1 status=open\n10 log tier=L2",
        { -1, -1, -1, 0 });
    row("escalated, last run counts",
        "0 created tier=L1 status=open\n10 log tier=L2\n20 log status=solved\n30 log status=open\n40 log status=solved",
        { 20, 40, 30, 1 });
}

void TestMetricsFacts::ends()
{
    QFETCH(QByteArray, history);
    QFETCH(QList<int>, expected);
    const TicketFacts facts = History(history.constData()).facts();
    const auto seconds
        = [](const std::optional<qint64> &ms) { return ms ? static_cast<int>(*ms / 1000) : -1; };
    QCOMPARE((QList<int> { seconds(facts.firstResolution), seconds(facts.finalResolution),
                 seconds(facts.resolutionAfterEscalation), facts.isReopened ? 1 : 0 }),
        expected);
    QCOMPARE(facts.isSolved, expected[1] >= 0);
}

void TestMetricsFacts::timeToEscalate()
{
    History history("0 created tier=L1 actor=ana\n"
                    "30 message actor=customer\n"
                    "60.5 escalated tier=L2 actor=rule:VIP\n"
                    "90 escalated tier=L3 actor=ben\n");
    history.ticket.created = { Start.ms - 10'000 }; // the source knows an earlier creation
    const TicketFacts facts = history.facts();
    QCOMPARE(facts.timeToEscalate, std::optional<qint64>(70'500));
    QVERIFY(facts.isAutomatic);
    QCOMPARE(facts.escalatedBy, u"rule:VIP"_s);
    QCOMPARE(facts.steps.front(),
        (TierStep { .from = u"L1"_s, .to = u"L2"_s, .isUp = true, .at = { Start.ms + 60'500 } }));
    QCOMPARE(facts.tiersVisited, (QStringList { u"L1"_s, u"L2"_s, u"L3"_s }));
    QVERIFY(!History("0 created tier=L1\n5 returned tier=L1").facts().timeToEscalate);
}

void TestMetricsFacts::stepFollowsAgent_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<QString>("agent");
    const auto row = [](const char *name, const char *history, const char *agent) {
        QTest::newRow(name) << QByteArray(history) << QString::fromLatin1(agent);
    };
    row("the row before is ana's", "0 created tier=L1 actor=ana\n9 log tier=L2 actor=ben", "ana");
    row("only the row directly before",
        "0 created tier=L1 actor=ana\n5 log actor=cem\n9 log tier=L2 actor=ben", "cem");
    row("the customer is no agent",
        "0 created tier=L1 actor=ana\n5 message actor=customer\n9 escalated tier=L2 actor=ana", "");
    row("a row without agent", "0 created tier=L1 actor=ana\n5 log\n9 log tier=L2 actor=ben", "");
    row("the first step only",
        "0 created tier=L1 actor=ana\n5 log tier=L2 actor=ben\n9 log tier=L3 actor=cem", "ana");
    row("undone events are not there",
        "0 created tier=L1 actor=ana\n5 changed actor=cem\n6 undone actor=cem undoes=2\n9 log tier=L2 actor=ben",
        "ana");
}

void TestMetricsFacts::stepFollowsAgent()
{
    QFETCH(QByteArray, history);
    QFETCH(QString, agent);
    QCOMPARE(History(history.constData()).facts().escalatedAfter, agent);
}

void TestMetricsFacts::whatCountsNowhere_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<QByteArray>("asIf"); ///< gives the same figures
    const auto row = [](const char *name, const char *history, const char *asIf) {
        QTest::newRow(name) << QByteArray(history) << QByteArray(asIf);
    };
    row("withdrawn",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n20 withdrawn tier=L1 team=A",
        "0 created tier=L1 team=A\n10 message\n20 message");
    row("withdrawn after a reassignment up there",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n15 reassigned team=C\n20 withdrawn tier=L1 team=A",
        "0 created tier=L1 team=A\n10 message\n15 message\n20 message");
    row("withdrawn with its raised priority",
        "0 created tier=L1 priority=normal\n10 escalated tier=L2 priority=high\n20 withdrawn tier=L1 priority=normal\n30 changed priority=normal",
        "0 created tier=L1 priority=normal\n10 message\n20 message\n30 changed priority=normal");
    row("withdrawn, then escalated for good",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n20 withdrawn tier=L1 team=A\n30 escalated tier=L2 team=B",
        "0 created tier=L1 team=A\n10 message\n20 message\n30 escalated tier=L2 team=B");
    row("only the further step withdrawn",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n12 accepted\n20 escalated tier=L3 team=C\n30 withdrawn tier=L2 team=B",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n12 accepted\n20 message\n30 message");
    row("solved while it was up there",
        "0 created tier=L1 status=open\n10 escalated tier=L2\n15 changed status=pending\n20 withdrawn tier=L1",
        "0 created tier=L1 status=open\n10 message\n15 changed status=pending\n20 message");
    row("both steps withdrawn, one after the other",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n20 escalated tier=L3 team=C\n"
        "30 withdrawn tier=L2 team=B\n40 withdrawn tier=L1 team=A\n50 escalated tier=L3 team=C",
        "0 created tier=L1 team=A\n10 message\n20 message\n30 message\n40 message\n"
        "50 escalated tier=L3 team=C");
    row("what was accepted cannot be withdrawn",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n12 accepted\n20 withdrawn",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n12 accepted\n20 message");
    row("a move from outside, withdrawn",
        "0 created tier=L1 team=A\n10 moved tier=L2 team=B record=2\n20 withdrawn tier=L1 team=A",
        "0 created tier=L1 team=A\n10 message\n20 message");
    row("a list of events undone",
        "0 created tier=L1 priority=low\n10 changed priority=high\n10 reassigned team=B\n20 undone undoesall=2",
        "0 created tier=L1 priority=low");
    row("undone",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B\n20 undone undoes=2 tier=L1 team=A",
        "0 created tier=L1 team=A");
    row("a whole operation undone",
        "0 created tier=L1 team=A\n10 escalated tier=L2 team=B op=x\n10 changed priority=urgent op=x\n20 undone undoesop=x tier=L1",
        "0 created tier=L1 team=A");
    row("the undoing undone",
        "0 created tier=L1\n10 escalated tier=L2\n20 undone undoes=2\n30 undone undoes=3",
        "0 created tier=L1\n10 escalated tier=L2");
    row("a solve undone",
        "0 created tier=L1 status=open\n10 solved status=solved\n20 undone undoes=2 status=open",
        "0 created tier=L1 status=open");
}

void TestMetricsFacts::whatCountsNowhere()
{
    QFETCH(QByteArray, history);
    QFETCH(QByteArray, asIf);
    QCOMPARE(toJson(rowOf({ History(history.constData()) })),
        toJson(rowOf({ History(asIf.constData()) })));
}

void TestMetricsFacts::reversals_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<qint64>("ended");
    QTest::addColumn<qint64>("reversals");
    const auto row = [](const char *name, const char *history, int ended, int reversals) {
        QTest::newRow(name) << QByteArray(history) << qint64(ended) << qint64(reversals);
    };
    row("still up", "0 created tier=L1\n9 escalated tier=L2", 0, 0);
    row("reversed",
        "0 created tier=L1\n9 escalated tier=L2\n20 returned tier=L1 verdict=l1_could_have_solved",
        1, 1);
    row("returned otherwise",
        "0 created tier=L1\n9 escalated tier=L2\n20 returned tier=L1 verdict=needs_information", 1,
        0);
    row("went further up", "0 created tier=L1\n9 escalated tier=L2\n20 escalated tier=L3", 1, 0);
    row("further up, reversed to L2",
        "0 created tier=L1\n9 escalated tier=L2\n20 escalated tier=L3\n30 returned tier=L2 verdict=l1_could_have_solved",
        2, 1);
    row("solved up there", "0 created tier=L1\n9 escalated tier=L2\n20 solved status=solved", 1, 0);
    row("twice reversed",
        "0 created tier=L1\n9 escalated tier=L2\n20 returned tier=L1 verdict=l1_could_have_solved\n30 escalated tier=L2\n40 returned tier=L1 verdict=l1_could_have_solved",
        2, 2);
    row("never escalated here",
        "0 created tier=L2\n20 returned tier=L1 verdict=l1_could_have_solved", 0, 0);
    row("moved down from outside", "0 created tier=L1\n9 moved tier=L2\n20 moved tier=L1", 1, 0);
    row("moved down, the verdict told apart",
        "0 created tier=L1\n9 moved tier=L2\n20 moved tier=L1\n20 returned verdict=l1_could_have_solved",
        1, 1);
    row("the verdict told first",
        "0 created tier=L1\n9 moved tier=L2\n20 returned verdict=l1_could_have_solved\n20 moved tier=L1",
        1, 1);
    row("a verdict too late",
        "0 created tier=L1\n9 moved tier=L2\n20 moved tier=L1\n30 moved tier=L2\n40 returned tier=L1 verdict=answered\n50 returned verdict=l1_could_have_solved",
        2, 0);
    row("a log knows no verdicts", "0 created tier=L1\n9 log tier=L2\n20 log tier=L1 status=solved",
        0, 0);
}

void TestMetricsFacts::reversals()
{
    QFETCH(QByteArray, history);
    QFETCH(qint64, ended);
    QFETCH(qint64, reversals);
    const TicketFacts facts = History(history.constData()).facts();
    QCOMPARE(facts.escalationsEnded, ended);
    QCOMPARE(facts.reversals, reversals);
}

void TestMetricsFacts::solvedAtL1_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<bool>("isSolvedThere");
    const auto row = [](const char *name, const char *history, bool is) {
        QTest::newRow(name) << QByteArray(history) << is;
    };
    row("all its life", "0 created tier=L1\n9 solved status=solved", true);
    row("not solved", "0 created tier=L1 status=open", false);
    row("came back",
        "0 created tier=L1\n5 escalated tier=L2\n7 returned tier=L1\n9 solved status=solved",
        false);
    row("started at L2", "0 created tier=L2\n5 returned tier=L1\n9 solved status=solved", false);
    row("from the bot", "0 created tier=L0\n5 escalated tier=L1\n9 solved status=solved", true);
    row("by the bot", "0 created tier=L0\n9 solved status=solved", false);
    row("back to the bot", "0 created tier=L1\n5 moved tier=L0\n9 solved status=solved", false);
}

void TestMetricsFacts::solvedAtL1()
{
    QFETCH(QByteArray, history);
    QFETCH(bool, isSolvedThere);
    QCOMPARE(History(history.constData()).facts().isSolvedAtFrontline(), isSolvedThere);
}

void TestMetricsFacts::priorityRaised_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<bool>("isRaised");
    QTest::newRow("never") << QByteArray("0 created priority=low\n9 log priority=low") << false;
    QTest::newRow("lowered") << QByteArray("0 created priority=high\n9 log priority=low") << false;
    QTest::newRow("raised") << QByteArray("0 created priority=low\n9 log priority=normal") << true;
    QTest::newRow("raised, then lowered again")
        << QByteArray("0 created priority=low\n9 log priority=urgent\n10 log priority=low") << true;
    QTest::newRow("lowered, then raised to where it was")
        << QByteArray("0 created priority=high\n9 log priority=low\n10 log priority=high") << true;
    QTest::newRow("known late") << QByteArray("0 created\n9 log priority=urgent") << false;
}

void TestMetricsFacts::priorityRaised()
{
    QFETCH(QByteArray, history);
    QFETCH(bool, isRaised);
    QCOMPARE(History(history.constData()).facts().isPriorityRaised, isRaised);
}

void TestMetricsFacts::awaitedCustomer_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<int>("expected"); ///< -1: the history cannot tell
    QTest::newRow("marked row") << QByteArray("0 created status=open\n9 log awaiting=1") << 1;
    QTest::newRow("pending in a log may wait for anybody")
        << QByteArray("0 created status=open\n9 log status=pending") << -1;
    QTest::newRow("our own pending")
        << QByteArray("0 created status=open\n9 changed status=pending") << 1;
    QTest::newRow("never ours") << QByteArray("0 created status=open\n9 solved status=solved") << 0;
    QTest::newRow("no statuses") << QByteArray("0 created tier=L1\n9 changed tier=L2") << -1;
}

void TestMetricsFacts::awaitedCustomer()
{
    QFETCH(QByteArray, history);
    QFETCH(int, expected);
    const auto awaited = History(history.constData()).facts().awaitedCustomer;
    QCOMPARE(awaited ? static_cast<int>(*awaited) : -1, expected);
}

void TestMetricsFacts::equalInstantsGoById()
{
    const TicketFacts facts = History("0 created tier=L1 team=A\n"
                                      "9 log tier=L2 team=B\n"
                                      "9 log tier=L1 team=A\n"
                                      "9 log tier=L3 team=C\n")
                                  .facts();
    QCOMPARE(facts.escalationSteps, 2);
    QCOMPARE(facts.returnSteps, 1);
    QCOMPARE(facts.teamTurns, 1);
    QCOMPARE(facts.timeToEscalate, std::optional<qint64>(9000));
}

/// Where a source has an order of its own, it holds even against the instants.
void TestMetricsFacts::orderBeatsTime()
{
    const TicketFacts facts = History("60 created order=1 tier=L1 team=A\n"
                                      "30 log order=2 tier=L2 team=B\n"
                                      "45 log order=3 tier=L1 team=A\n")
                                  .facts();
    QCOMPARE(facts.startTier, u"L1"_s);
    QCOMPARE(facts.timeToEscalate, std::optional<qint64>(30'000));
    QVERIFY(facts.isReturnedAfterEscalation);
    QCOMPARE(facts.teamTurns, 1);
}

void TestMetricsFacts::unsortedEventsGiveTheSame()
{
    History history("0 created tier=L1 team=A status=open actor=ana\n"
                    "10 log tier=L2 team=B actor=ben\n"
                    "10 log tier=L1 team=A status=solved\n"
                    "30 log tier=L2 status=open\n");
    const QJsonObject sorted = toJson(rowOf({ history }));
    std::reverse(history.events.begin(), history.events.end());
    QCOMPARE(toJson(rowOf({ history })), sorted);
}

void TestMetricsFacts::emptyLog()
{
    const TicketFacts facts = History("").facts();
    QVERIFY(!facts.hasTier && !facts.hasTeam && !facts.hasStatus && !facts.isSolved);
    QVERIFY(!facts.isEscalated() && !facts.isMoved() && !facts.awaitedCustomer);
    QVERIFY(facts.agents.isEmpty());
}

QTEST_GUILESS_MAIN(TestMetricsFacts)
#include "tst_metricsfacts.moc"
