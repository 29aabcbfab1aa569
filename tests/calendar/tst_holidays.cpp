#include "core/calendar/holidays.h"
#include "core/calendar/icsevents.h"
#include "tests/calendar/calendartest.h"

#include <QElapsedTimer>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

const QDate from(2026, 1, 1);
const QDate until(2028, 12, 31);

QByteArray file(const QByteArray &events)
{
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + events + "END:VCALENDAR\r\n";
}
QByteArray eventOf(QByteArray lines)
{
    return "BEGIN:VEVENT\r\nUID:1\r\n" + lines.replace("|", "\r\n") + "\r\nEND:VEVENT\r\n";
}

Result<HolidayFile> readFile(const QByteArray &bytes, const char *zone = "Europe/Berlin")
{
    const auto known = Zone::named(QString::fromLatin1(zone));
    if (!known)
        return known.error();
    return readHolidays(bytes, *known, from, until);
}

QString hourText(qint64 ms)
{
    return u"%1:%2"_s.arg(ms / 3'600'000, 2, 10, QChar(u'0'))
        .arg(ms / 60'000 % 60, 2, 10, QChar(u'0'));
}

/// "2026-12-25 Christmas*", a star for every year's, hours where only a part is closed.
QString told(const HolidayFile &found)
{
    QStringList days;
    for (const Holiday &day : found.days) {
        QString text = day.date.toString(Qt::ISODate) + u' ' + day.name;
        if (day.isYearly)
            text += u'*';
        for (const WallSpan &span : day.closed)
            text += u" %1-%2"_s.arg(hourText(span.from), hourText(span.to));
        days.append(text);
    }
    return days.join(u", "_s);
}

} // namespace

/// Days of holidays from calendar files, honest and hostile ones.
class TestHolidays : public QObject
{
    Q_OBJECT
private slots:
    void days_data();
    void days();
    void leftOut_data();
    void leftOut();
    void refused_data();
    void refused();
    void namesAreHarmless();
    void wholeDaysAreTickedAndPartsAreNot();
    void tickedDaysCloseTheCalendar();
    void alwaysOpenHasNoHolidays();
    void noBytesHurt();
    void muchCostsLittle();
};

void TestHolidays::days_data()
{
    QTest::addColumn<QByteArray>("events");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QByteArray &lines, const char *expected) {
        QTest::newRow(name) << eventOf(lines) << QString::fromUtf8(expected);
    };
    row("one day", "SUMMARY:Labour Day|DTSTART;VALUE=DATE:20260501", "2026-05-01 Labour Day");
    row("its end is the next day",
        "SUMMARY:A|DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260502", "2026-05-01 A");
    row("several days", "SUMMARY:A|DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261227",
        "2026-12-24 A, 2026-12-25 A, 2026-12-26 A");
    row("a length in days", "SUMMARY:A|DTSTART;VALUE=DATE:20261224|DURATION:P2D",
        "2026-12-24 A, 2026-12-25 A");
    row("before and behind what is asked for", "SUMMARY:A|DTSTART;VALUE=DATE:20251231|DURATION:P2D",
        "2026-01-01 A");
    row("every year", "SUMMARY:Christmas|DTSTART;VALUE=DATE:19991225|RRULE:FREQ=YEARLY",
        "2026-12-25 Christmas*");
    row("every year, from later on", "SUMMARY:A|DTSTART;VALUE=DATE:20270601|RRULE:FREQ=YEARLY",
        "2027-06-01 A*");
    row("every year over its turn",
        "SUMMARY:A|DTSTART;VALUE=DATE:20101231|DURATION:P2D|RRULE:FREQ=YEARLY",
        "2026-01-01 A*, 2026-12-31 A*");
    row("29 February", "SUMMARY:A|DTSTART;VALUE=DATE:20040229|RRULE:FREQ=YEARLY", "2028-02-29 A*");
    row("fourth Thursday of November",
        "SUMMARY:Thanks|DTSTART;VALUE=DATE:20201126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "2026-11-26 Thanks, 2027-11-25 Thanks, 2028-11-23 Thanks");
    row("last Monday of May",
        "SUMMARY:M|DTSTART;VALUE=DATE:20200525|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
        "2026-05-25 M, 2027-05-31 M, 2028-05-29 M");
    row("only some years", "SUMMARY:A|DTSTART;VALUE=DATE:20260603|RRULE:FREQ=YEARLY;INTERVAL=2",
        "2026-06-03 A, 2028-06-03 A");
    row("until", "SUMMARY:A|DTSTART;VALUE=DATE:20200603|RRULE:FREQ=YEARLY;UNTIL=20270603",
        "2026-06-03 A, 2027-06-03 A");
    row("a number of times", "SUMMARY:A|DTSTART;VALUE=DATE:20250603|RRULE:FREQ=YEARLY;COUNT=2",
        "2026-06-03 A");
    row("but for one",
        "SUMMARY:A|DTSTART;VALUE=DATE:20200603|RRULE:FREQ=YEARLY"
        "|EXDATE;VALUE=DATE:20270603,20200603",
        "2026-06-03 A, 2028-06-03 A");
    row("an afternoon, floating", "SUMMARY:Eve|DTSTART:20261224T120000|DTEND:20261225T000000",
        "2026-12-24 Eve 12:00-24:00");
    row("an afternoon, in UTC", "SUMMARY:Eve|DTSTART:20260603T120000Z|DTEND:20260603T140000Z",
        "2026-06-03 Eve 14:00-16:00");
    row("an afternoon elsewhere",
        "SUMMARY:Eve|DTSTART;TZID=America/New_York:20260603T180000|DURATION:PT3H",
        "2026-06-04 Eve 00:00-03:00");
    row("a zone by its other name",
        "SUMMARY:Eve|DTSTART;TZID=\"W. Europe Standard Time\":20260603T120000|DURATION:PT1H",
        "2026-06-03 Eve 12:00-13:00");
    row("hours over midnight", "SUMMARY:A|DTSTART:20260603T220000|DTEND:20260605T020000",
        "2026-06-03 A 22:00-24:00, 2026-06-04 A, 2026-06-05 A 00:00-02:00");
    row("hours every year", "SUMMARY:E|DTSTART:20201224T120000|DURATION:PT12H|RRULE:FREQ=YEARLY",
        "2026-12-24 E 12:00-24:00, 2027-12-24 E 12:00-24:00, 2028-12-24 E 12:00-24:00");
    row("folded and in small letters", "summary:Lab| our Day|dtstart;value=date:2026|\t0501",
        "2026-05-01 Labour Day");
    row("what is not needed is not read",
        "SUMMARY:A|DTSTART;VALUE=DATE:20260501|ATTACH:file:///etc/passwd|X-A;X=\":\":\"|RRULER:x"
        "|BEGIN:VALARM|TRIGGER:-PT1H|DTSTART;VALUE=DATE:20260502|END:VALARM",
        "2026-05-01 A");
    QTest::newRow("twice in one file") << eventOf("SUMMARY:A|DTSTART;VALUE=DATE:20260501")
            + eventOf("SUMMARY:A|DTSTART;VALUE=DATE:20260501")
                                       << u"2026-05-01 A"_s;
    QTest::newRow("in order") << eventOf("SUMMARY:B|DTSTART;VALUE=DATE:20260502")
            + eventOf("SUMMARY:A|DTSTART;VALUE=DATE:20260501")
                              << u"2026-05-01 A, 2026-05-02 B"_s;
}

void TestHolidays::days()
{
    QFETCH(QByteArray, events);
    QFETCH(QString, expected);
    const auto found = readFile(file(events));
    QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
    QCOMPARE(told(*found), expected);
    QCOMPARE(found->leftOut, QStringList());
}

void TestHolidays::leftOut_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QString>("word"); ///< that the sentence must have
    const auto row = [](const char *name, const QByteArray &lines, const char *word) {
        QTest::newRow(name) << lines << QString::fromUtf8(word);
    };
    row("no beginning", "SUMMARY:A", "begins");
    row("no such day", "SUMMARY:A|DTSTART;VALUE=DATE:20260230", "begins");
    row("year nought", "SUMMARY:A|DTSTART;VALUE=DATE:00000101", "begins");
    row("year 9999", "SUMMARY:A|DTSTART;VALUE=DATE:99990101", "begins");
    row("a day that is text", "SUMMARY:A|DTSTART:tomorrow", "begins");
    row("each week", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RRULE:FREQ=WEEKLY", "once a year");
    row("each second", "SUMMARY:A|DTSTART:20260501T000000|RRULE:FREQ=SECONDLY", "once a year");
    row("a rule with more", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY;BYSETPOS=1",
        "BYSETPOS");
    row("a rule of another calendar",
        "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RRULE:RSCALE=HEBREW;FREQ=YEARLY", "RSCALE");
    row("a huge interval",
        "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY;INTERVAL=99999999999", "bounds");
    row("no interval", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY;INTERVAL=0",
        "bounds");
    row("two rules", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY|RRULE:FREQ=YEARLY",
        "read");
    row("a zone of nobody", "SUMMARY:A|DTSTART;TZID=Mars/Olympus:20260501T100000|DURATION:PT1H",
        "Mars/Olympus");
    row("ends before it begins", "SUMMARY:A|DTSTART:20260501T100000|DTEND:20260501T090000", "ends");
    row("no length", "SUMMARY:A|DTSTART:20260501T100000", "ends");
    row("ten years long", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20360501",
        "year");
    row("a length that overflows", "SUMMARY:A|DTSTART:20260501T100000|DURATION:P2147483647W", "e");
    row("day and time", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|DTEND:20260501T100000", "time");
    row("cancelled", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|STATUS:CANCELLED", "cancelled");
    row("one of a series",
        "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RECURRENCE-ID;VALUE=DATE:20260501", "by hand");
    row("days by another way", "SUMMARY:A|DTSTART;VALUE=DATE:20260501|RDATE;VALUE=DATE:20260601",
        "by hand");
    row("a very long line", "SUMMARY:A|DTSTART;X=" + QByteArray(100'000, 'a') + ":20260501",
        "read");
    row("bytes that are no text",
        "SUMMARY:A|DTSTART;VALUE=DATE:2026\x01\xff"
        "0501",
        "read");
}

void TestHolidays::leftOut()
{
    QFETCH(QByteArray, lines);
    QFETCH(QString, word);
    const auto found
        = readFile(file(eventOf(lines) + eventOf("SUMMARY:Good|DTSTART;VALUE=DATE:20270101")));
    QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
    QCOMPARE(told(*found), u"2027-01-01 Good"_s); // the others go on
    QCOMPARE(found->leftOut.size(), 1);
    QVERIFY2(found->leftOut.first().contains(word), qPrintable(found->leftOut.first()));
    QVERIFY(found->leftOut.first().startsWith(u"“A” is left out: "));
    QVERIFY(found->leftOut.first().endsWith(u'.'));
}

void TestHolidays::refused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a web page") << QByteArray("<html><body>Sign in</body></html>");
    QTest::newRow("half of a file") << file(eventOf("SUMMARY:A")).chopped(20);
    QTest::newRow("ends what has not begun") << QByteArray("BEGIN:VCALENDAR\nEND:VEVENT\n");
    QTest::newRow("nests without end") << QByteArray("BEGIN:VCALENDAR\n").repeated(20'000);
    QTest::newRow("larger than a mebibyte") << file("X-PAD:" + QByteArray(1 << 20, 'a') + "\r\n");
    QTest::newRow("too many events") << file(eventOf("DTSTART:1").repeated(5'001));
    QTest::newRow("too many days")
        << file(eventOf("SUMMARY:A|DTSTART;VALUE=DATE:20260101|DURATION:P366D")
               + eventOf("SUMMARY:B|DTSTART;VALUE=DATE:20260101|DURATION:P366D|"
                         "RRULE:FREQ=YEARLY;INTERVAL=1;COUNT=1000")
                     .repeated(1)
               + [] {
                     QByteArray many;
                     for (int i = 0; i < 20; ++i)
                         many += eventOf("SUMMARY:C" + QByteArray::number(i)
                             + "|DTSTART;VALUE=DATE:20260101|DURATION:P300D");
                     return many;
                 }());
    QTest::newRow("repeats without end")
        << file(eventOf("SUMMARY:A|DTSTART;VALUE=DATE:19000101|RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH")
                    .repeated(200));
}

void TestHolidays::refused()
{
    QFETCH(QByteArray, bytes);
    QElapsedTimer took;
    took.start();
    const auto found = readFile(bytes);
    QVERIFY(!found);
    QCOMPARE(found.error().fault, Fault::BadInput);
    QVERIFY2(found.error().detail.endsWith(u'.'), qPrintable(found.error().detail));
    QVERIFY2(took.elapsed() < 20'000, "too slow"); // far from the minutes of an unbounded walk
}

void TestHolidays::namesAreHarmless()
{
    const auto found = readFile(file(eventOf("SUMMARY:New\\nYear\\, \xe2\x80\xae"
                                             "evil\x1b[31m"
                                         + QByteArray(5000, 'x') + "|DTSTART;VALUE=DATE:20260101")
        + eventOf("DTSTART;VALUE=DATE:20260102")));
    QVERIFY(found);
    const QString name = found->days.front().name;
    QVERIFY2(name.startsWith(u"New Year, evil[31mxx"), qPrintable(name));
    QCOMPARE(name.size(), 200);
    QCOMPARE(found->days.back().name, u"(no name)"_s);
}

void TestHolidays::wholeDaysAreTickedAndPartsAreNot()
{
    const auto found = readFile(file(eventOf("SUMMARY:A|DTSTART;VALUE=DATE:20260501")
        + eventOf("SUMMARY:B|DTSTART:20260502T120000|DURATION:PT1H")));
    QVERIFY(found);
    QVERIFY(found->days[0].isTicked);
    QVERIFY(!found->days[1].isTicked);
}

void TestHolidays::tickedDaysCloseTheCalendar()
{
    const auto found = readFile(file(eventOf("SUMMARY:May|DTSTART;VALUE=DATE:20260501")
        + eventOf("SUMMARY:Eve|DTSTART:20261224T120000|DURATION:PT12H")
        + eventOf("SUMMARY:Xmas|DTSTART;VALUE=DATE:20201225|RRULE:FREQ=YEARLY")
        + eventOf("SUMMARY:Not this one|DTSTART;VALUE=DATE:20260603")));
    QVERIFY(found);
    std::vector<Holiday> days = found->days;
    for (Holiday &day : days)
        day.isTicked = day.name != u"Not this one";
    const auto closed = withHolidays(calendar(A).definition(), days);
    QVERIFY(closed);
    const auto made = Calendar::make(*closed);
    QVERIFY(made);
    const CalendarEditions hours(*made);
    QVERIFY(!isServiceTime(hours, at("2026-05-01T10:00:00+02:00")));
    QVERIFY(isServiceTime(hours, at("2026-12-24T11:59:00+01:00")));
    QVERIFY(!isServiceTime(hours, at("2026-12-24T12:00:00+01:00")));
    QVERIFY(!isServiceTime(hours, at("2031-12-25T10:00:00+01:00")));
    QVERIFY(isServiceTime(hours, at("2026-06-03T10:00:00+02:00")));
    // A night shift of the day before goes on into the closed morning; it belongs to its own day.
    const auto nights = withHolidays(
        calendar(N).definition(), { { QDate(2026, 6, 9), false, { { 0, 43'200'000 } }, u"A"_s } });
    QVERIFY(nights);
    QCOMPARE(nights->days.at(QDate(2026, 6, 9)), calendar(N).hoursOf(20'000));
}

void TestHolidays::alwaysOpenHasNoHolidays()
{
    const auto closed
        = withHolidays(calendar(T).definition(), { { QDate(2026, 6, 9), false, {}, u"A"_s } });
    QVERIFY(!closed);
    QVERIFY(closed.error().detail.endsWith(u'.'));
}

/// Damaged in every way that a byte can be, a file gives days or a sentence, and never ends the program.
void TestHolidays::noBytesHurt()
{
    const quint64 seed = 20260611;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    const QByteArray whole
        = file(eventOf("SUMMARY:Thanks\\, all|DTSTART;VALUE=DATE:20201126|DTEND;VALUE=DATE:20201127"
                       "|RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=11;BYDAY=4TH;UNTIL=20301231"
                       "|EXDATE;VALUE=DATE:20271125,20281123")
            + eventOf("SUMMARY:Eve|DTSTART;TZID=Europe/Berlin:20261224T120000|DURATION:P1DT12H"));
    const QByteArray letters = "BEGIN:VCALENDAR;=,-0123456789TZPWDHMS\"\\\r\n \t\x00\xff";
    int good = 0;
    for (int round = 0; round < 4000; ++round) {
        QByteArray bytes = whole;
        for (qint64 n = 1 + random.below(8); n > 0; --n) {
            const qsizetype place = random.below(bytes.size());
            switch (random.below(3)) {
            case 0: bytes[place] = letters[random.below(letters.size())]; break;
            case 1: bytes.remove(place, 1 + random.below(12)); break;
            default:
                bytes.insert(place, bytes.mid(random.below(bytes.size()), 1 + random.below(40)));
            }
        }
        const auto found = readFile(bytes);
        good += found ? 1 : 0;
        if (!found)
            QVERIFY2(found.error().detail.endsWith(u'.'), qPrintable(found.error().detail));
    }
    QVERIFY2(good > 400, qPrintable(u"only %1 could be read"_s.arg(good)));
}

void TestHolidays::muchCostsLittle()
{
    QByteArray many;
    for (int i = 0; i < 4'000; ++i)
        many += eventOf("SUMMARY:Day " + QByteArray::number(i) + "|DTSTART;VALUE=DATE:20260"
            + QByteArray::number(1 + i % 9) + "15");
    QElapsedTimer took;
    took.start();
    const auto found = readFile(file(many));
    QVERIFY(found);
    QCOMPARE(found->days.size(), 4'000U);
    QVERIFY2(took.elapsed() < 10'000, qPrintable(u"%1 ms"_s.arg(took.elapsed())));
}

QTEST_GUILESS_MAIN(TestHolidays)
#include "tst_holidays.moc"
