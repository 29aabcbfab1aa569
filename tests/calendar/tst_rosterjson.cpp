#include "tests/calendar/rostertest.h"

#include <functional>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::roster;
using namespace Qt::StringLiterals;

namespace {

const QByteArray sound
    = "{'name':'Nights','zone':'Europe/Berlin','escalate_after':'10m','loops':3,'layers':["
      "{'name':'First','agents':['priya','tom'],'starts':'2026-06-01','handover':'09:00',"
      "'every':2,'unit':'weeks','weekday':'thu','hours':{'tue':[['18:00','08:00']],"
      "'mon':[['20:00','22:00'],['18:00','20:00']]}},"
      "{'name':'Second','agents':['kim'],'starts':'2026-06-01','handover':'00:00',"
      "'every':12,'unit':'hours'}],"
      "'overrides':[{'from':'2026-06-02T18:00:00+02:00','to':'2026-06-03T08:00:00+02:00',"
      "'layer':'First','agent':'kim','instead':'tom','why':'Wedding'},"
      "{'from':'2026-06-02T18:00:00Z','to':'2026-06-03T08:00:00Z','agent':'ana'}]}";

} // namespace

/// Rosters as text, and what of it is refused, with a sentence and a place.
class TestRosterJson : public QObject
{
    Q_OBJECT
private slots:
    void reads();
    void writesTheSameAgain();
    void leftOutIsTheDefault();
    void refuses_data();
    void refuses();
    void tooMany();
    void refusesValues_data();
    void refusesValues();
};

void TestRosterJson::reads()
{
    const Roster roster = rosterOf(sound);
    QCOMPARE(roster.escalateAfter, Millis(600'000));
    QCOMPARE(roster.loops, 3);
    QCOMPARE(roster.layers.size(), size_t(2));
    const Layer &first = roster.layers.front();
    QCOMPARE(first.agents, QStringList({ u"priya"_s, u"tom"_s }));
    QCOMPARE(first.starts, QDate(2026, 6, 1));
    QCOMPARE(first.handover, qint64(9 * 3'600'000));
    QCOMPARE(first.rotation, Rotation({ Rotation::Unit::Weeks, 2, Qt::Thursday }));
    QCOMPARE(first.hours[0], DayHours({ { 18 * 3'600'000, 22 * 3'600'000 } }));
    QCOMPARE(first.hours[1], DayHours({ { 18 * 3'600'000, 32 * 3'600'000 } }));
    QCOMPARE(roster.overrides.front().from, at("2026-06-02T16:00:00Z"));
    QCOMPARE(roster.overrides.front().instead, u"tom"_s);
    QVERIFY(roster.overrides.back().layer.isEmpty());
}

void TestRosterJson::writesTheSameAgain()
{
    const Roster roster = rosterOf(sound);
    const QJsonObject written = rosterToJson(roster);
    const auto read = rosterFromJson(written);
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    QVERIFY(*read == roster);
    QCOMPARE(compactJson(rosterToJson(*read)), compactJson(written));
}

void TestRosterJson::leftOutIsTheDefault()
{
    const Roster roster
        = rosterOf("{'name':'Plain','zone':'UTC','layers':[{'name':'First','agents':['kim'],"
                   "'starts':'2026-06-01','handover':'09:00'}]}");
    QCOMPARE(roster.escalateAfter, Millis(5 * 60'000));
    QCOMPARE(roster.loops, 1);
    QVERIFY(roster.layers.front().rotation == Rotation());
    QVERIFY(roster.overrides.empty());
}

void TestRosterJson::refuses_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *from, const char *to, const char *where) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(where);
    };
    const char *const first = "layer 1";
    const char *const named = "layer 1 (“First”)";
    row("unknown zone", "Europe/Berlin", "Europe/Berln", "zone");
    row("no name", "'name':'Nights',", "", "name");
    row("a name of spaces", "'Nights'", "'  '", "name");
    row("a name that turns around", "'Nights'", "'Ni\xe2\x80\xaeghts'", "the roster");
    row("a key that nobody reads", "'loops':3", "'loop':3", "the roster");
    row("loops", "'loops':3", "'loops':10", "the roster");
    row("loops in halves", "'loops':3", "'loops':1.5", "the roster");
    row("no loops", "'loops':3", "'loops':0", "the roster");
    row("wait", "'10m'", "'10s'", "escalate_after");
    row("long wait", "'10m'", "'2d'", "escalate_after");
    row("layers are no list", "'layers':[", "'layers':3,'x':[", "the roster");
    row("a layer that is none", "'layers':[", "'layers':[3,", "layer 1");
    row("empty layer", "['priya','tom']", "[]", named);
    row("an agent twice", "['priya','tom']", "['tom','priya','tom']", named);
    row("an agent that is no text", "['priya','tom']", "['priya',7]", first);
    row("one layer's name twice", "'Second'", "'First'", "layer 2 (“First”)");
    row("no start", "'starts':'2026-06-01','handover':'09:00'", "'handover':'09:00'", first);
    row("a day that never was", "2026-06-01','handover':'09:00'", "2026-02-30','handover':'09:00'",
        first);
    row("a start too long ago", "2026-06-01','handover':'09:00'", "1899-12-31','handover':'09:00'",
        named);
    row("no handover", "'handover':'09:00',", "", first);
    row("handover at the end of the day", "'09:00'", "'24:00'", named);
    row("handover with seconds", "'09:00'", "'09:00:30'", named);
    row("handover in other digits", "'09:00'", "'\xd9\xa0\xd9\xa9:00'", first);
    row("never handed over", "'every':2", "'every':0", first);
    row("handed over too seldom", "'every':2", "'every':367", first);
    row("a huge number", "'every':2", "'every':1e300", first);
    row("months", "'weeks'", "'months'", first);
    row("no such weekday", "'thu'", "'Thursday'", first);
    row("a weekday of hours", "'every':12,", "'every':12,'weekday':'mon',", "layer 2");
    row("hours of no day", "'tue':", "'tues':", first);
    row("hours that are none", "{'tue':[['18:00','08:00']]", "{'tue':[['18:00']]", first);
    row("hours round the clock", "'hours':{", "'hours':'24/7','x':{", first);
    row("an override that is none", "'overrides':[", "'overrides':[null,", "override 1");
    row("an override without begin", "'from':'2026-06-02T18:00:00+02:00',", "", "override 1");
    row("an override without offset", "2026-06-02T18:00:00+02:00", "2026-06-02T18:00:00",
        "override 1");
    row("an override that ends before it begins", "'2026-06-03T08:00:00+02:00'",
        "'2026-06-02T08:00:00+02:00'", "override 1");
    row("an override that ends as it begins", "'2026-06-03T08:00:00Z'", "'2026-06-02T18:00:00Z'",
        "override 2");
    row("an override of years", "'2026-06-03T08:00:00Z'", "'2028-06-02T18:00:00Z'", "override 2");
    row("an override of no layer", "'layer':'First'", "'layer':'Third'", "override 1");
    row("an override by nobody", "'agent':'kim'", "'agent':''", "override 1");
    row("an override of oneself", "'instead':'tom'", "'instead':'kim'", "override 1");
    row("a reason of two lines", "Wedding", "We\\ndding", "override 1");
}

void TestRosterJson::refuses()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, where);
    QByteArray json = sound;
    QVERIFY(json.contains(from));
    json.replace(json.indexOf(from), from.size(), to);
    QVERIFY2(!object(json).isEmpty(), "the test's own JSON is broken");
    const auto read = rosterFromJson(object(json));
    QVERIFY(!read);
    QCOMPARE(read.error().fault, Fault::BadInput);
    QCOMPARE(read.error().where, where);
    QVERIFY2(read.error().detail.endsWith(u'.') && read.error().detail.size() < 300,
        qPrintable(read.error().detail));
}

void TestRosterJson::tooMany()
{
    const auto isRefused = [](const Roster &roster) {
        return !check(roster) && !rosterFromJson(rosterToJson(roster));
    };
    Roster roster = rosterOf(sound);
    roster.overrides.resize(MostOverrides + 1, roster.overrides.front());
    QVERIFY(isRefused(roster));
    roster.overrides.pop_back();
    QVERIFY(check(roster));
    for (int i = 0; i < 99; ++i)
        roster.layers.front().agents.append(u"agent%1"_s.arg(i));
    QVERIFY(isRefused(roster));
    roster.layers.front().agents.removeLast();
    QVERIFY(check(roster));
    for (size_t i = 2; i <= MostLayers; ++i) {
        roster.layers.push_back(roster.layers.back());
        roster.layers.back().name = u"Layer %1"_s.arg(i);
    }
    QVERIFY(isRefused(roster));
    roster.layers.pop_back();
    QVERIFY(check(roster));
    for (qint64 i = 0; i < 25; ++i)
        roster.layers.back().hours[3].push_back({ i * 3'000'000, i * 3'000'000 + 60'000 });
    QVERIFY(isRefused(roster));
}

/// What JSON cannot say, but a form could.
void TestRosterJson::refusesValues_data()
{
    using Spoil = std::function<void(Roster &)>;
    QTest::addColumn<Spoil>("spoil");
    QTest::newRow("no layers") << Spoil([](Roster &roster) { roster.layers.clear(); });
    QTest::newRow("half a lone surrogate")
        << Spoil([](Roster &roster) { roster.name = QString(QChar(0xd800)); });
    QTest::newRow("spaces around a name")
        << Spoil([](Roster &roster) { roster.layers[0].agents[0] = u" tom "_s; });
    QTest::newRow("a wait of part of a second")
        << Spoil([](Roster &roster) { roster.escalateAfter = Millis(60'001); });
    QTest::newRow("hours of part of a second") << Spoil([](Roster &roster) {
        roster.layers[0].hours[0] = { { 1, 60'000 } };
    });
    QTest::newRow("hours that end before they begin") << Spoil([](Roster &roster) {
        roster.layers[0].hours[0] = { { 60'000, 1'000 } };
    });
    QTest::newRow("a handover yesterday")
        << Spoil([](Roster &roster) { roster.layers[0].handover = -60'000; });
    QTest::newRow("an eighth day of the week") << Spoil(
        [](Roster &roster) { roster.layers[0].rotation.weekday = static_cast<Qt::DayOfWeek>(8); });
    QTest::newRow("an override before all time") << Spoil(
        [](Roster &roster) { roster.overrides[0].from = { std::numeric_limits<qint64>::min() }; });
}

void TestRosterJson::refusesValues()
{
    QFETCH(std::function<void(Roster &)>, spoil);
    Roster roster = rosterOf(sound);
    QVERIFY(check(roster));
    spoil(roster);
    const auto checked = check(roster);
    QVERIFY(!checked);
    QVERIFY2(checked.error().detail.endsWith(u'.') && !checked.error().where.isEmpty(),
        qPrintable(checked.error().detail));
}

QTEST_GUILESS_MAIN(TestRosterJson)
#include "tst_rosterjson.moc"
