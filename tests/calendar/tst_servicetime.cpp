#include "tests/calendar/calendartest.h"
#include "tests/support/minuteclock/minuteclock.h"
#include "tests/support/minuteclock/randomcases.h"

#include <QTimeZone>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;
constexpr qint64 dayMs = 86'400'000;

} // namespace

class TestServiceTime : public QObject
{
    Q_OBJECT
private slots:
    void zoneAgreesWithTheToolkit();
    void unknownZonesAreRefused_data();
    void unknownZonesAreRefused();
    void agreesWithMinutesCounted();
    void stretchesAreWhole();
    void daysAcrossGapAndFold();
    void nightShiftBelongsToItsFirstDay();
    void holidays();
    void leapDay();
    void editions();
    void neverOpensAgain();
    void badCalendars_data();
    void badCalendars();
    void readsBackWhatItWrote();
};

void TestServiceTime::zoneAgreesWithTheToolkit()
{
    SeededRandom random(20260608);
    for (const QString &name : { u"Europe/Berlin"_s, u"America/New_York"_s, u"Asia/Kathmandu"_s,
             u"Australia/Lord_Howe"_s, u"Pacific/Apia"_s, u"Africa/Casablanca"_s, u"UTC"_s }) {
        const auto zone = Zone::named(name);
        QVERIFY2(zone, qPrintable(name));
        const QTimeZone theirs(name.toLatin1());
        for (int i = 0; i < 2000; ++i) {
            const Instant when { Instant::MinMs + random.below(Instant::MaxMs - Instant::MinMs) };
            const qint64 expected
                = theirs.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(when.ms, Qt::UTC))
                * qint64(1000);
            QVERIFY2(zone->offsetAt(when) == expected, qPrintable(name + u' ' + when.iso()));
        }
    }
    QCOMPARE(Zone::utc().offsetAt(at("2026-06-08T00:00:00Z")), 0);
}

void TestServiceTime::unknownZonesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("misspelled") << u"Europe/Berln"_s;
    QTest::newRow("abbreviation of nobody") << u"XYZ"_s;
    QTest::newRow("the toolkit's own") << u"UTC+03:00"_s;
    QTest::newRow("a path") << u"../../etc/passwd"_s;
    QTest::newRow("hostile") << u"Europe/\u202eBerlin"_s;
}

void TestServiceTime::unknownZonesAreRefused()
{
    QFETCH(QString, name);
    const auto zone = Zone::named(name);
    QVERIFY(!zone);
    QCOMPARE(zone.error().fault, Fault::BadInput);
    QVERIFY(zone.error().detail.endsWith(u'.'));
}

/// Sums and due times of random calendars around the hard days, against a count minute by minute.
void TestServiceTime::agreesWithMinutesCounted()
{
    const quint64 seed = 20260608;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    for (int round = 0; round < 300; ++round) {
        const Instant from = someInstant(random);
        const Calendar calendar = someCalendar(random, from, false);
        const CalendarEditions hours(calendar);
        const MinuteClock oracle(hours);
        std::vector<TimeSpan> pauses;
        for (qint64 n = random.below(4); n > 0; --n) {
            const Instant begin = from + Millis(random.below(4 * dayMs / minuteMs) * minuteMs);
            pauses.push_back({ begin, begin + Millis(random.below(600) * minuteMs) });
        }
        pauses = unionOf(pauses);
        const Instant to = from + Millis((60 + random.below(5 * 24 * 60)) * minuteMs);
        const auto counts = [&](Instant minute) {
            return oracle.isOpen(minute)
                && std::ranges::none_of(pauses, [minute](const TimeSpan &pause) {
                       return pause.from <= minute && minute < pause.to;
                   });
        };
        qint64 minutes = 0;
        Instant last = from;
        for (Instant minute = from; minute < to; minute = minute + Millis(minuteMs)) {
            if (counts(minute)) {
                ++minutes;
                last = minute + Millis(minuteMs);
            }
        }
        const QByteArray told = QByteArray("round ") + QByteArray::number(round) + " from "
            + from.iso().toLatin1() + ' ' + compactJson(sla::toJson(calendar)).toUtf8();
        QVERIFY2(
            runningTime(hours, pauses, from, to) == Millis(minutes * minuteMs), told.constData());
        QVERIFY2(
            whenHasRun(hours, pauses, from, Millis(minutes * minuteMs)) == last, told.constData());
        QVERIFY2(isServiceTime(hours, from) == oracle.isOpen(from), told.constData());
        QVERIFY2(isServiceTime(hours, to) == oracle.isOpen(to), told.constData());
    }
}

/// What the walk gives is in order, does not touch, and each end is where opening and closing change.
void TestServiceTime::stretchesAreWhole()
{
    SeededRandom random(7);
    for (int round = 0; round < 200; ++round) {
        const Instant from = someInstant(random);
        const Calendar calendar = someCalendar(random, from, false);
        const CalendarEditions hours(calendar);
        const MinuteClock oracle(hours);
        ServiceWalk walk(hours, from);
        std::optional<TimeSpan> before;
        for (int i = 0; i < 40; ++i) {
            const auto span = walk.next();
            QVERIFY(span);
            QVERIFY(span->from < span->to);
            QVERIFY(!before || before->to < span->from);
            QVERIFY(oracle.isOpen(span->from));
            QVERIFY(oracle.isOpen(span->to - Millis(1)));
            QVERIFY(!oracle.isOpen(span->to));
            QVERIFY(span->from == from || !oracle.isOpen(span->from - Millis(1)));
            before = span;
        }
    }
}

void TestServiceTime::daysAcrossGapAndFold()
{
    const CalendarEditions always(calendar(T));
    // A local day has 23 hours in spring and 25 in autumn.
    const CalendarEditions wholeDays(
        calendar("{'zone':'Europe/Berlin','hours':{'sun':[['00:00','24:00']]}}"));
    QCOMPARE(runningTime(wholeDays, {}, at("2026-03-28T12:00:00Z"), at("2026-03-30T12:00:00Z")),
        Millis(23 * 60 * minuteMs));
    QCOMPARE(runningTime(wholeDays, {}, at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z")),
        Millis(25 * 60 * minuteMs));
    // A window that starts at a missing reading opens at the jump.
    const CalendarEditions missing(
        calendar("{'zone':'Europe/Berlin','hours':{'sun':[['02:30','04:00']]}}"));
    QCOMPARE(nextOpening(missing, at("2026-03-28T23:00:00Z")), at("2026-03-29T01:00:00Z"));
    // Both copies of a doubled hour count.
    const CalendarEditions doubled(
        calendar("{'zone':'Europe/Berlin','hours':{'sun':[['02:00','03:00']]}}"));
    QCOMPARE(runningTime(doubled, {}, at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z")),
        Millis(120 * minuteMs));
    QCOMPARE(whenHasRun(always, {}, at("2026-03-28T22:00:00Z"), Millis(4 * 60 * minuteMs)),
        at("2026-03-29T02:00:00Z"));
}

void TestServiceTime::nightShiftBelongsToItsFirstDay()
{
    QByteArray json = N;
    json.replace("]}}", "]},'exceptions':[{'date':'2026-06-09','hours':[]}]}");
    const CalendarEditions hours(calendar(json));
    // Monday's shift goes on into the holiday; the holiday's own does not begin.
    QVERIFY(isServiceTime(hours, at("2026-06-09T05:59:00+02:00")));
    QVERIFY(!isServiceTime(hours, at("2026-06-09T06:00:00+02:00")));
    QVERIFY(!isServiceTime(hours, at("2026-06-09T23:00:00+02:00")));
    QVERIFY(!isServiceTime(hours, at("2026-06-10T03:00:00+02:00")));
    QVERIFY(isServiceTime(hours, at("2026-06-10T22:00:00+02:00")));
}

void TestServiceTime::holidays()
{
    const QByteArray json = officeHours
        + ",'exceptions':[{'date':'2026-05-01','hours':[]},{'date':'2026-12-24','hours':[['09:00','12:00']]},"
          "{'date':'2026-05-02','hours':[['10:00','11:00']]},{'yearly':'12-25','hours':[]},"
          "{'date':'2026-12-25','hours':[['09:00','10:00']]}]}";
    const CalendarEditions hours(calendar(json));
    QVERIFY(!isServiceTime(hours, at("2026-05-01T10:00:00+02:00")));
    QVERIFY(isServiceTime(hours, at("2026-05-02T10:30:00+02:00"))); // extra hours on a Saturday
    QVERIFY(!isServiceTime(hours, at("2026-12-24T12:00:00+01:00"))); // shortened
    QVERIFY(
        isServiceTime(hours, at("2026-12-25T09:30:00+01:00"))); // one date goes before every year
    QVERIFY(!isServiceTime(hours, at("2028-12-25T09:30:00+01:00")));
}

void TestServiceTime::leapDay()
{
    const CalendarEditions hours(
        calendar(officeHours + ",'exceptions':[{'yearly':'02-29','hours':[]}]}"));
    QVERIFY(!isServiceTime(hours, at("2028-02-29T10:00:00+01:00"))); // a Tuesday
    QVERIFY(isServiceTime(hours, at("2028-03-01T10:00:00+01:00")));
    QVERIFY(isServiceTime(hours, at("2027-03-01T10:00:00+01:00")));
    QVERIFY(!sla::calendarFromJson(
        object(officeHours + ",'exceptions':[{'yearly':'02-30','hours':[]}]}")));
}

void TestServiceTime::editions()
{
    CalendarEditions hours(calendar(A));
    hours.add(at("2026-06-09T12:00:00+02:00"), calendar(G)); // in the middle of a day
    QVERIFY(!isServiceTime(hours, at("2026-06-08T17:30:00+02:00")));
    QVERIFY(isServiceTime(hours, at("2026-06-09T17:30:00+02:00")));
    QCOMPARE(
        runningTime(hours, {}, at("2026-06-08T00:00:00+02:00"), at("2026-06-11T00:00:00+02:00")),
        Millis((8 + 9 + 10) * 60 * minuteMs));
    // The stretch goes on over the change of editions.
    ServiceWalk walk(hours, at("2026-06-09T00:00:00+02:00"));
    const TimeSpan whole { at("2026-06-09T09:00:00+02:00"), at("2026-06-09T18:00:00+02:00") };
    QVERIFY(walk.next() == whole);
    // A calendar that was changed to 24/7 and back.
    hours.add(at("2026-06-10T00:00:00+02:00"), calendar(T));
    hours.add(at("2026-06-10T03:00:00+02:00"), calendar(A));
    QCOMPARE(
        runningTime(hours, {}, at("2026-06-10T00:00:00+02:00"), at("2026-06-11T00:00:00+02:00")),
        Millis((3 + 8) * 60 * minuteMs));
    // An earlier edition takes the later ones' place.
    hours.add(at("2026-06-09T00:00:00+02:00"), calendar(A));
    QCOMPARE(hours.all().size(), 2U);
}

void TestServiceTime::neverOpensAgain()
{
    const CalendarEditions once(calendar(
        "{'zone':'UTC','hours':{},'exceptions':[{'date':'2026-06-08','hours':[['09:00','10:00']]}]}"));
    QVERIFY(isServiceTime(once, at("2026-06-08T09:30:00Z")));
    QVERIFY(!nextOpening(once, at("2026-06-08T10:00:00Z")));
    QVERIFY(!whenHasRun(once, {}, at("2026-06-08T09:00:00Z"), Millis(61 * minuteMs)));
    QCOMPARE(whenHasRun(once, {}, at("2026-06-08T09:00:00Z"), Millis(60 * minuteMs)),
        at("2026-06-08T10:00:00Z"));
}

void TestServiceTime::badCalendars_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray("{}");
    QTest::newRow("no hours") << QByteArray("{'zone':'UTC'}");
    QTest::newRow("never opens") << QByteArray("{'zone':'UTC','hours':{'mon':[]}}");
    QTest::newRow("unknown day") << QByteArray(
        "{'zone':'UTC','hours':{'monday':[['09:00','10:00']]}}");
    QTest::newRow("half an interval") << QByteArray("{'zone':'UTC','hours':{'mon':[['09:00']]}}");
    QTest::newRow("25 o'clock") << QByteArray("{'zone':'UTC','hours':{'mon':[['09:00','25:00']]}}");
    QTest::newRow("a word") << QByteArray("{'zone':'UTC','hours':{'mon':[['nine','ten']]}}");
    QTest::newRow("begins at 24:00")
        << QByteArray("{'zone':'UTC','hours':{'mon':[['24:00','03:00']]}}");
    QTest::newRow("no such date") << QByteArray(
        "{'zone':'UTC','hours':'24/7','exceptions':[{'date':'2026-02-30','hours':[]}]}");
    QTest::newRow("unknown zone") << QByteArray("{'zone':'Europe/Atlantis','hours':'24/7'}");
}

void TestServiceTime::badCalendars()
{
    QFETCH(QByteArray, json);
    const auto made = sla::calendarFromJson(object(json));
    QVERIFY(!made);
    QCOMPARE(made.error().fault, Fault::BadInput);
    QVERIFY2(made.error().detail.endsWith(u'.'), qPrintable(made.error().detail));
}

void TestServiceTime::readsBackWhatItWrote()
{
    SeededRandom random(99);
    for (int round = 0; round < 100; ++round) {
        const Calendar made = someCalendar(random, someInstant(random), false);
        const auto again = sla::calendarFromJson(sla::toJson(made));
        QVERIFY(again);
        QVERIFY(again->definition() == made.definition());
    }
    QVERIFY(calendar(T).isAlways());
    QCOMPARE(sla::toJson(calendar(T)), object(T));
}

QTEST_GUILESS_MAIN(TestServiceTime)
#include "tst_servicetime.moc"
