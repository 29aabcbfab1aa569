#include "tests/calendar/rostertest.h"

#include <QElapsedTimer>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::roster;
using namespace Qt::StringLiterals;

namespace {

const QByteArray daily = "'handover':'09:00','every':1,'unit':'days'";

} // namespace

/// When turns begin on the nights on which clocks change, worked out by hand.
class TestRosterZones : public QObject
{
    Q_OBJECT
private slots:
    void handovers_data();
    void handovers();
    void weeklyStaysOnItsReading();
    void hoursAreElapsed();
    void criticalPageAtTwo_data();
    void criticalPageAtTwo();
    void restrictedHours_data();
    void restrictedHours();
    void swappedAcrossTheChange();
    void costsTheSameHoweverLongAgo();
};

void TestRosterZones::handovers_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QByteArray>("at");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *zone, const char *handover, const char *from,
                         const char *to, const char *expected) {
        QTest::newRow(name) << QByteArray(zone) << QByteArray(handover) << QByteArray(from)
                            << QByteArray(to) << QString::fromLatin1(expected);
    };
    row("Berlin, spring: at nine before and after", "Europe/Berlin", "09:00",
        "2026-03-28T08:00:00Z", "2026-03-30T08:00:00Z",
        "ben 2026-03-28T08:00:00Z cem 2026-03-29T07:00:00Z ada 2026-03-30T07:00:00Z");
    row("Berlin, autumn: at nine before and after", "Europe/Berlin", "09:00",
        "2026-10-24T07:00:00Z", "2026-10-26T09:00:00Z",
        "ben 2026-10-24T07:00:00Z cem 2026-10-25T08:00:00Z ada 2026-10-26T08:00:00Z");
    row("Berlin, a handover in the gap is the jump", "Europe/Berlin", "02:30",
        "2026-03-28T01:30:00Z", "2026-03-30T01:00:00Z",
        "ben 2026-03-28T01:30:00Z cem 2026-03-29T01:00:00Z ada 2026-03-30T00:30:00Z");
    row("Berlin, a handover that comes twice is the first", "Europe/Berlin", "02:30",
        "2026-10-24T00:30:00Z", "2026-10-26T02:00:00Z",
        "ben 2026-10-24T00:30:00Z cem 2026-10-25T00:30:00Z ada 2026-10-26T01:30:00Z");
    row("Berlin, it is not handed back when the hour comes again", "Europe/Berlin", "02:30",
        "2026-10-25T01:10:00Z", "2026-10-25T03:00:00Z", "cem 2026-10-25T01:10:00Z");
    row("Berlin, the end of the doubled hour comes once", "Europe/Berlin", "03:00",
        "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z",
        "ben 2026-10-25T00:00:00Z cem 2026-10-25T02:00:00Z");
    row("New York, a handover in the gap", "America/New_York", "02:30", "2026-03-07T07:30:00Z",
        "2026-03-09T07:00:00Z",
        "ben 2026-03-07T07:30:00Z cem 2026-03-08T07:00:00Z ada 2026-03-09T06:30:00Z");
    row("New York, a handover that comes twice", "America/New_York", "01:15",
        "2026-10-31T05:15:00Z", "2026-11-02T07:00:00Z",
        "cem 2026-10-31T05:15:00Z ada 2026-11-01T05:15:00Z ben 2026-11-02T06:15:00Z");
    row("Lord Howe, a gap of half an hour", "Australia/Lord_Howe", "02:15", "2026-10-02T15:45:00Z",
        "2026-10-04T16:00:00Z",
        "ben 2026-10-02T15:45:00Z cem 2026-10-03T15:30:00Z ada 2026-10-04T15:15:00Z");
    row("Lord Howe, half an hour comes twice", "Australia/Lord_Howe", "01:45",
        "2026-04-03T14:45:00Z", "2026-04-05T16:00:00Z",
        "cem 2026-04-03T14:45:00Z ada 2026-04-04T14:45:00Z ben 2026-04-05T15:15:00Z");
    row("Casablanca, clocks go back for Ramadan", "Africa/Casablanca", "02:30",
        "2026-02-14T01:30:00Z", "2026-02-16T03:00:00Z",
        "ben 2026-02-14T01:30:00Z cem 2026-02-15T01:30:00Z ada 2026-02-16T02:30:00Z");
    row("Casablanca, and forward after it", "Africa/Casablanca", "02:30", "2026-03-21T02:30:00Z",
        "2026-03-23T02:00:00Z",
        "ada 2026-03-21T02:30:00Z ben 2026-03-22T02:00:00Z cem 2026-03-23T01:30:00Z");
    row("Kathmandu never changes", "Asia/Kathmandu", "09:00", "2026-03-28T03:15:00Z",
        "2026-03-30T03:00:00Z", "ben 2026-03-28T03:15:00Z cem 2026-03-29T03:15:00Z");
}

void TestRosterZones::handovers()
{
    QFETCH(QByteArray, zone);
    QFETCH(QByteArray, at);
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, expected);
    const Roster roster = threeOf(zone, "'handover':'" + at + "','every':1,'unit':'days'");
    QCOMPARE(test::handovers(roster, from.constData(), to.constData()), expected);
}

void TestRosterZones::weeklyStaysOnItsReading()
{
    // Starts on a Wednesday, so that its first turn is short.
    Roster roster
        = threeOf("Europe/Berlin", "'handover':'09:00','every':1,'unit':'weeks','weekday':'mon'");
    roster.layers.front().starts = QDate(2026, 3, 18);
    QCOMPARE(test::handovers(roster, "2026-03-16T00:00:00Z", "2026-04-07T00:00:00Z"),
        u"- 2026-03-16T00:00:00Z ada 2026-03-18T08:00:00Z ben 2026-03-23T08:00:00Z "
        "cem 2026-03-30T07:00:00Z ada 2026-04-06T07:00:00Z"_s);
    const auto ladder = onCall(roster, {}, at("2026-03-25T00:00:00Z"));
    QCOMPARE(ladder.front().since, at("2026-03-23T09:00:00+01:00"));
    QCOMPARE(ladder.front().until, at("2026-03-30T09:00:00+02:00"));
    QCOMPARE(ladder.front().why, u"weekly shift"_s);
    // Every second week is counted from the week in which the layer starts.
    roster.layers.front().rotation.every = 2;
    QCOMPARE(test::handovers(roster, "2026-03-18T08:00:00Z", "2026-04-14T00:00:00Z"),
        u"ada 2026-03-18T08:00:00Z ben 2026-03-30T07:00:00Z cem 2026-04-13T07:00:00Z"_s);
}

void TestRosterZones::hoursAreElapsed()
{
    const Roster roster = threeOf("Europe/Berlin", "'handover':'08:00','every':12,'unit':'hours'");
    QCOMPARE(test::handovers(roster, "2026-03-28T19:00:00Z", "2026-03-29T19:30:00Z"),
        u"ada 2026-03-28T19:00:00Z ben 2026-03-29T07:00:00Z cem 2026-03-29T19:00:00Z"_s);
    QCOMPARE(onCall(roster, {}, at("2026-03-29T08:00:00Z")).front().why, u"shift of 12 hours"_s);
}

/// A page at two in the night: half an hour before, then and after, by whoever has the night.
void TestRosterZones::criticalPageAtTwo_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QByteArray>("when");
    QTest::addColumn<QString>("first");
    QTest::newRow("Berlin, before the jump")
        << QByteArray("Europe/Berlin") << QByteArray("2026-03-29T01:59:59+01:00") << u"ben"_s;
    QTest::newRow("Berlin, two is three")
        << QByteArray("Europe/Berlin") << QByteArray("2026-03-29T03:00:00+02:00") << u"cem"_s;
    QTest::newRow("Berlin, the first two")
        << QByteArray("Europe/Berlin") << QByteArray("2026-10-25T02:00:00+02:00") << u"cem"_s;
    QTest::newRow("Berlin, the second two")
        << QByteArray("Europe/Berlin") << QByteArray("2026-10-25T02:00:00+01:00") << u"cem"_s;
    QTest::newRow("Berlin, before the first two")
        << QByteArray("Europe/Berlin") << QByteArray("2026-10-25T01:59:59+02:00") << u"ben"_s;
    QTest::newRow("New York, before the second one")
        << QByteArray("America/New_York") << QByteArray("2026-11-01T01:59:59-04:00") << u"cem"_s;
    QTest::newRow("New York, after both")
        << QByteArray("America/New_York") << QByteArray("2026-11-01T02:00:00-05:00") << u"ada"_s;
    QTest::newRow("Lord Howe, the second half past one")
        << QByteArray("Australia/Lord_Howe") << QByteArray("2026-04-05T01:59:59+10:30") << u"cem"_s;
    QTest::newRow("Lord Howe, two")
        << QByteArray("Australia/Lord_Howe") << QByteArray("2026-04-05T02:00:00+10:30") << u"ada"_s;
}

void TestRosterZones::criticalPageAtTwo()
{
    QFETCH(QByteArray, zone);
    QFETCH(QByteArray, when);
    QFETCH(QString, first);
    const Roster roster = threeOf(zone, "'handover':'02:00','every':1,'unit':'days'");
    QCOMPARE(asked(roster, when.constData()).section(u' ', 0, 0), first);
}

void TestRosterZones::restrictedHours_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *from, const char *to, const char *expected) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromLatin1(expected);
    };
    // Weekdays 18:00 to 08:00, handed over daily at noon: Friday's night ends on Saturday at eight.
    row("over midnight and the weekend", "2026-06-11T16:00:00Z", "2026-06-15T17:00:00Z",
        "ben 2026-06-11T16:00:00Z - 2026-06-12T06:00:00Z cem 2026-06-12T16:00:00Z "
        "- 2026-06-13T06:00:00Z cem 2026-06-15T16:00:00Z");
    row("Friday before the jump", "2026-03-27T17:00:00Z", "2026-03-30T17:00:00Z",
        "ada 2026-03-27T17:00:00Z - 2026-03-28T07:00:00Z ada 2026-03-30T16:00:00Z");
}

void TestRosterZones::restrictedHours()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, expected);
    const Roster roster = threeOf("Europe/Berlin",
        "'handover':'12:00','every':1,'unit':'days','hours':{'mon':[['18:00','08:00']],"
        "'tue':[['18:00','08:00']],'wed':[['18:00','08:00']],'thu':[['18:00','08:00']],"
        "'fri':[['18:00','08:00']]}");
    QCOMPARE(test::handovers(roster, from.constData(), to.constData()), expected);
}

void TestRosterZones::swappedAcrossTheChange()
{
    // From Saturday noon to Monday noon by the wall: 47 hours, over two handovers.
    Roster roster = threeOf("Europe/Berlin", daily);
    roster.overrides.push_back({ at("2026-03-28T12:00:00+01:00"), at("2026-03-30T12:00:00+02:00"),
        u"First"_s, u"zoe"_s, {}, u"swapped"_s });
    QCOMPARE(check(roster), Result<Done>(Done {}));
    const auto ladder = onCall(roster, {}, at("2026-03-29T03:00:00+02:00"));
    QCOMPARE(ladder.front().agent, u"zoe"_s);
    QCOMPARE(ladder.front().since, at("2026-03-28T11:00:00Z"));
    QCOMPARE(ladder.front().until, at("2026-03-30T10:00:00Z"));
    QCOMPARE(ladder.front().until - ladder.front().since, Millis(std::chrono::hours(47)));
    QCOMPARE(ladder.front().why, u"override: swapped"_s);
    // ben gave away what was left of his turn, so that cem and ada follow.
    QCOMPARE(agentsOf(ladder), QStringList({ u"zoe"_s, u"cem"_s, u"ada"_s }));
    // Of ben alone: cem has the turn that begins at nine on the night of the change.
    roster.overrides.front().instead = u"ben"_s;
    QCOMPARE(test::handovers(roster, "2026-03-28T08:00:00Z", "2026-03-29T08:00:00Z"),
        u"ben 2026-03-28T08:00:00Z zoe 2026-03-28T11:00:00Z cem 2026-03-29T07:00:00Z"_s);
}

/// A turn is found by division. Walked day by day, this would take minutes.
void TestRosterZones::costsTheSameHoweverLongAgo()
{
    Roster roster = threeOf("Europe/Berlin", daily);
    roster.layers.front().starts = QDate(1900, 1, 1);
    QElapsedTimer timer;
    timer.start();
    size_t steps = 0;
    for (int i = 0; i < 20'000; ++i)
        steps += onCall(roster, {}, at("2190-07-01T00:00:00Z") + Millis(i * 1'000)).size();
    qInfo() << timer.nsecsElapsed() / 20'000 << "ns for a ladder of three";
    QCOMPARE(steps, size_t(60'000));
    QVERIFY(timer.elapsed() < 4'000);
}

QTEST_GUILESS_MAIN(TestRosterZones)
#include "tst_rosterzones.moc"
