#include "tests/calendar/rostertest.h"

using namespace tierline;
using namespace tierline::test;
using namespace tierline::roster;
using namespace Qt::StringLiterals;

namespace {

const QByteArray weekly = "'handover':'09:00','every':1,'unit':'weeks','weekday':'mon'";
constexpr const char *monday = "2026-01-05T12:00:00+01:00"; ///< ada has the first week
constexpr const char *nextMonday = "2026-01-12T12:00:00+01:00";

/// All of the first week and the second.
Absence away(const QString &agent, const QString &deputy = {})
{
    return { agent, at("2026-01-01T00:00:00Z"), at("2026-01-19T00:00:00Z"), deputy, {} };
}

Override swapOf(const QString &agent, const QString &instead = {}, const QString &layer = {})
{
    return { at("2026-01-01T00:00:00Z"), at("2026-01-19T00:00:00Z"), layer, agent, instead, {} };
}

Roster twoLayers()
{
    return rosterOf("{'name':'Two','zone':'Europe/Berlin','layers':["
                    "{'name':'First','agents':['ada','ben','cem'],'starts':'2026-01-05',"
        + weekly + "},{'name':'Second','agents':['dot','ada'],'starts':'2026-01-05'," + weekly
        + "}]}");
}

} // namespace

/// The ladder: layers, swaps, who is absent, and who is asked next.
class TestRoster : public QObject
{
    Q_OBJECT
private slots:
    void layersThenTheOrder();
    void nobodyTwice();
    void atMostTenSteps();
    void firstOpenLayerLends();
    void newestOverrideWins();
    void overridesOfOnePerson();
    void overridesOpenNoHours();
    void deputies_data();
    void deputies();
    void absentFollowers();
    void absentOverride();
    void stretchesAreOfTheirReason();
    void gapsAndChanges();
    void farAwayInstants();
    void boundedShifts();
};

void TestRoster::layersThenTheOrder()
{
    const Roster roster = twoLayers();
    QCOMPARE(asked(roster, monday), u"ada dot ben cem"_s);
    const auto ladder = onCall(roster, {}, at(monday));
    QCOMPARE(ladder[1].layer, u"Second"_s);
    QCOMPARE(ladder[1].reason, Reason::Turn);
    QCOMPARE(ladder[2].layer, u"First"_s);
    QCOMPARE(ladder[2].reason, Reason::Following);
    QCOMPARE(ladder[2].why, u"next in the order"_s);
    // Half open: at nine it is the next one's.
    QCOMPARE(asked(roster, "2026-01-12T08:59:59.999+01:00"), u"ada dot ben cem"_s);
    QCOMPARE(asked(roster, "2026-01-12T09:00:00+01:00").section(u' ', 0, 0), u"ben"_s);
    QCOMPARE(asked(roster, "2026-01-05T08:59:59+01:00"), QString());
}

void TestRoster::nobodyTwice()
{
    // In the second week ada has the second layer, and would follow in the first.
    QCOMPARE(asked(twoLayers(), nextMonday), u"ben ada cem"_s);
    // One for all layers stands where they are asked first.
    Roster roster = twoLayers();
    roster.overrides.push_back(swapOf(u"zoe"_s));
    QCOMPARE(asked(roster, monday), u"zoe ben cem"_s);
}

void TestRoster::atMostTenSteps()
{
    Roster roster = twoLayers();
    for (int i = 0; i < 90; ++i)
        roster.layers.front().agents.append(u"agent%1"_s.arg(i));
    QVERIFY(check(roster));
    QCOMPARE(onCall(roster, {}, at(monday)).size(), MostSteps);
}

/// At night the layer of the day is closed: those of the night follow each other.
void TestRoster::firstOpenLayerLends()
{
    const Roster roster = rosterOf("{'name':'Day and night','zone':'Europe/Berlin','layers':["
                                   "{'name':'Day','agents':['ada','ben'],'starts':'2026-01-05',"
        + weekly
        + ",'hours':{'mon':[['08:00','18:00']]}},"
          "{'name':'Night','agents':['cem','dot'],'starts':'2026-01-05',"
        + weekly + "}]}");
    QCOMPARE(asked(roster, monday), u"ada cem ben"_s);
    QCOMPARE(asked(roster, "2026-01-06T02:00:00+01:00"), u"cem dot"_s);
}

void TestRoster::newestOverrideWins()
{
    Roster roster = twoLayers();
    roster.overrides = { swapOf(u"zoe"_s, {}, u"First"_s), swapOf(u"yul"_s, {}, u"First"_s) };
    QCOMPARE(asked(roster, monday), u"yul dot ben cem"_s);
    std::swap(roster.overrides[0], roster.overrides[1]);
    QCOMPARE(asked(roster, monday), u"zoe dot ben cem"_s);
}

void TestRoster::overridesOfOnePerson()
{
    Roster roster = twoLayers();
    roster.overrides = { swapOf(u"zoe"_s, u"ben"_s) };
    QCOMPARE(asked(roster, monday), u"ada dot ben cem"_s); // ben has no duty this week
    QCOMPARE(asked(roster, nextMonday), u"zoe ada cem"_s);
    // What was taken over is given on; one swap does not name whom the other put there before it was made.
    roster.overrides.push_back(swapOf(u"yul"_s, u"zoe"_s));
    QCOMPARE(asked(roster, nextMonday), u"yul ada cem"_s);
    std::swap(roster.overrides[0], roster.overrides[1]);
    QCOMPARE(asked(roster, nextMonday), u"zoe ada cem"_s);
    QCOMPARE(onCall(roster, {}, at(nextMonday)).front().why, u"override instead of ben"_s);
}

void TestRoster::overridesOpenNoHours()
{
    Roster roster = threeOf("Europe/Berlin", weekly + ",'hours':{'mon':[['08:00','18:00']]}");
    roster.overrides = { swapOf(u"zoe"_s) };
    QCOMPARE(asked(roster, monday), u"zoe ben cem"_s);
    QCOMPARE(asked(roster, "2026-01-05T18:00:00+01:00"), QString());
    QCOMPARE(asked(roster, "2026-01-05T08:30:00+01:00"), QString()); // before its start
}

void TestRoster::deputies_data()
{
    QTest::addColumn<QList<QStringList>>("absent"); // agent, deputy
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const QList<QStringList> &absent, const QString &expected,
                         const QString &why) { QTest::newRow(name) << absent << expected << why; };
    row("nobody named", { { u"ada"_s, {} } }, u"ben cem"_s, u"next after ada, who is absent"_s);
    row("a stranger", { { u"ada"_s, u"zoe"_s } }, u"zoe ben cem"_s, u"deputy of ada"_s);
    row("somebody of the order stands there once", { { u"ada"_s, u"cem"_s } }, u"cem ben"_s,
        u"deputy of ada"_s);
    row("a chain", { { u"ada"_s, u"p1"_s }, { u"p1"_s, u"p2"_s }, { u"p2"_s, u"zoe"_s } },
        u"zoe ben cem"_s, u"deputy of ada"_s);
    row("five deputies",
        { { u"ada"_s, u"p1"_s }, { u"p1"_s, u"p2"_s }, { u"p2"_s, u"p3"_s }, { u"p3"_s, u"p4"_s },
            { u"p4"_s, u"p5"_s } },
        u"p5 ben cem"_s, u"deputy of ada"_s);
    row("six are too many",
        { { u"ada"_s, u"p1"_s }, { u"p1"_s, u"p2"_s }, { u"p2"_s, u"p3"_s }, { u"p3"_s, u"p4"_s },
            { u"p4"_s, u"p5"_s }, { u"p5"_s, u"p6"_s } },
        u"ben cem"_s, u"next after ada, who is absent"_s);
    row("a cycle", { { u"ada"_s, u"zoe"_s }, { u"zoe"_s, u"ada"_s } }, u"ben cem"_s,
        u"next after ada, who is absent"_s);
    row("their own deputy", { { u"ada"_s, u"ada"_s } }, u"ben cem"_s,
        u"next after ada, who is absent"_s);
    row("the last one absent", { { u"ada"_s, u"zoe"_s }, { u"zoe"_s, {} } }, u"ben cem"_s,
        u"next after ada, who is absent"_s);
    row("the next one absent too", { { u"ada"_s, {} }, { u"ben"_s, {} } }, u"cem"_s,
        u"next after ada, who is absent"_s);
    row("the next one's deputy", { { u"ada"_s, {} }, { u"ben"_s, u"zoe"_s } }, u"zoe cem"_s,
        u"next after ada, who is absent"_s);
    row("everybody but a deputy", { { u"ada"_s, {} }, { u"ben"_s, {} }, { u"cem"_s, u"zoe"_s } },
        u"zoe"_s, u"next after ada, who is absent"_s);
    row("everybody", { { u"ada"_s, {} }, { u"ben"_s, {} }, { u"cem"_s, {} } }, QString(),
        QString());
    row("the last absence of one agent rules", { { u"ada"_s, u"zoe"_s }, { u"ada"_s, u"yul"_s } },
        u"yul ben cem"_s, u"deputy of ada"_s);
}

void TestRoster::deputies()
{
    QFETCH(QList<QStringList>, absent);
    QFETCH(QString, expected);
    QFETCH(QString, why);
    std::vector<Absence> absences;
    for (const QStringList &pair : absent)
        absences.push_back(away(pair[0], pair[1]));
    const Roster roster = threeOf("Europe/Berlin", weekly);
    QCOMPARE(asked(roster, monday, absences), expected);
    const auto ladder = onCall(roster, absences, at(monday));
    QCOMPARE(ladder.empty() ? QString() : ladder.front().why, why);
}

void TestRoster::absentFollowers()
{
    const Roster roster = threeOf("Europe/Berlin", weekly);
    QCOMPARE(asked(roster, monday, { away(u"ben"_s) }), u"ada cem"_s);
    QCOMPARE(asked(roster, monday, { away(u"ben"_s, u"zoe"_s) }), u"ada zoe cem"_s);
}

void TestRoster::absentOverride()
{
    Roster roster = threeOf("Europe/Berlin", weekly);
    roster.overrides = { swapOf(u"zoe"_s) };
    QCOMPARE(asked(roster, monday, { away(u"zoe"_s, u"yul"_s) }), u"yul ben cem"_s);
    QCOMPARE(asked(roster, monday, { away(u"zoe"_s) }), u"ben cem"_s);
    // Who gave the turn away is asked where nobody else is there.
    QCOMPARE(asked(roster, monday, { away(u"zoe"_s), away(u"ben"_s), away(u"cem"_s) }), u"ada"_s);
}

void TestRoster::stretchesAreOfTheirReason()
{
    const Roster roster = threeOf("Europe/Berlin", weekly);
    const Absence absence { u"ada"_s, at("2026-01-06T00:00:00Z"), at("2026-01-08T00:00:00Z"),
        u"zoe"_s, {} };
    const auto ladder = onCall(roster, { absence }, at("2026-01-07T00:00:00Z"));
    QCOMPARE(ladder[0].since, absence.from);
    QCOMPARE(ladder[0].until, absence.to);
    QCOMPARE(ladder[0].of, u"ada"_s);
    // ben follows ada all her week, whoever stands in for her.
    QCOMPARE(ladder[1].since, at("2026-01-05T08:00:00Z"));
    QCOMPARE(ladder[1].until, at("2026-01-12T08:00:00Z"));
    // An absence of somebody else cuts nothing.
    const auto other = onCall(roster,
        { { u"zoe"_s, at("2026-01-06T00:00:00Z"), at("2026-01-08T00:00:00Z"), {}, {} } },
        at("2026-01-07T00:00:00Z"));
    QCOMPARE(other[0].since, at("2026-01-05T08:00:00Z"));
    QCOMPARE(other[0].until, at("2026-01-12T08:00:00Z"));
}

void TestRoster::gapsAndChanges()
{
    const Roster roster = threeOf("Europe/Berlin", weekly + ",'hours':{'tue':[['22:00','06:00']]}");
    const std::vector<TimeSpan> expected { { at("2026-01-05T00:00:00Z"),
                                               at("2026-01-06T21:00:00Z") },
        { at("2026-01-07T05:00:00Z"), at("2026-01-10T00:00:00Z") } };
    QCOMPARE(gaps(roster, {}, at("2026-01-05T00:00:00Z"), at("2026-01-10T00:00:00Z")), expected);
    QCOMPARE(nextChange(roster, {}, at("2000-01-01T00:00:00Z")), at("2026-01-06T21:00:00Z"));
    QCOMPARE(nextChange(roster, {}, at("2026-01-06T21:00:00Z")), at("2026-01-07T05:00:00Z"));
    // Everybody away for ever: nothing changes any more.
    std::vector<Absence> absences;
    for (const QString &agent : roster.layers.front().agents)
        absences.push_back({ agent, at("2026-01-01T00:00:00Z"), { Instant::MaxMs + 1 }, {}, {} });
    QVERIFY(!nextChange(roster, absences, at("2026-02-01T00:00:00Z")));
    QVERIFY(gaps(roster, {}, at("2026-01-10T00:00:00Z"), at("2026-01-10T00:00:00Z")).empty());
    QVERIFY(shifts(roster, {}, at("2026-01-10T00:00:00Z"), at("2026-01-09T00:00:00Z")).empty());
}

void TestRoster::farAwayInstants()
{
    const Roster roster = threeOf("Europe/Berlin", weekly);
    for (const qint64 ms : { std::numeric_limits<qint64>::min(), Instant::MinMs - 1, Instant::MinMs,
             Instant::MaxMs, Instant::MaxMs + 1, std::numeric_limits<qint64>::max() }) {
        QCOMPARE(onCall(roster, {}, { ms }).empty(), ms != Instant::MaxMs);
        QCOMPARE(nextChange(roster, {}, { ms }).has_value(), ms <= Instant::MinMs);
    }
    const auto all = shifts(
        roster, {}, { std::numeric_limits<qint64>::min() }, { std::numeric_limits<qint64>::max() });
    QCOMPARE(all.front().span.from, Instant { Instant::MinMs });
    QCOMPARE(all.back().span.to, Instant { Instant::MaxMs + 1 });
    Roster nowhere = roster;
    nowhere.zone = u"Europe/Nowhere"_s;
    QVERIFY(onCall(nowhere, {}, at(monday)).empty());
}

void TestRoster::boundedShifts()
{
    const Roster roster = threeOf("UTC", "'handover':'00:00','every':1,'unit':'hours'");
    const auto all = shifts(roster, {}, at("2026-01-05T00:00:00Z"), at("2036-01-01T00:00:00Z"));
    QCOMPARE(all.size(), MostShifts);
    QCOMPARE(all.back().span.to, at("2026-01-05T00:00:00Z") + std::chrono::hours(10'000));
}

QTEST_GUILESS_MAIN(TestRoster)
#include "tst_roster.moc"
