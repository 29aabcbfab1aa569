#include "core/base/instant.h"

#include <QTest>
#include <QTimeZone>

using namespace tierline;
using namespace Qt::StringLiterals;

class TestInstant : public QObject
{
    Q_OBJECT
private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void agreesWithQtOnEveryDay();
    void isoRoundTrip();
    void durations_data();
    void durations();
    void durationsForPeople();
};

void TestInstant::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("utc");
    QTest::newRow("zulu") << u"2026-06-08T08:00:00Z"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("offset") << u"2026-06-08T10:00:00+02:00"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("offset without colon")
        << u"2026-06-08T10:00:00+0200"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("offset of hours") << u"2026-06-08T05:00:00-03"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("half-hour zone") << u"2026-06-08T13:30:00+05:30"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("no seconds") << u"2026-06-08T08:00Z"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("space") << u"2026-06-08 08:00:00Z"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("milliseconds") << u"2006-01-11T15:49:42.123+01:00"_s
                                  << u"2006-01-11T14:49:42.123Z"_s;
    QTest::newRow("microseconds cut")
        << u"2006-01-11T15:49:42.123987+01:00"_s << u"2006-01-11T14:49:42.123Z"_s;
    QTest::newRow("leap day") << u"2024-02-29T00:00:00Z"_s << u"2024-02-29T00:00:00Z"_s;
    QTest::newRow("before 1970") << u"1969-12-31T23:59:59Z"_s << u"1969-12-31T23:59:59Z"_s;
}

void TestInstant::parses()
{
    QFETCH(QString, text);
    QFETCH(QString, utc);
    const auto instant = Instant::parse(text);
    QVERIFY2(instant.has_value(), qPrintable(text));
    QCOMPARE(instant->iso(), utc);
}

void TestInstant::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char *bad : { "", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
             "9999-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "2026-06-08T24:01:00Z", "2026-06-08",
             "2026-06-08T10:00:00", "2026-06-08T10:00:00+25:00", "2026-06-08T10:00:00Zjunk",
             "2026-06-08T1:00:00Z", "20260608T100000Z", "2026-06-08T10:00:00+02:00:00" })
        QTest::newRow(bad) << QString::fromLatin1(bad);
}

void TestInstant::refuses()
{
    QFETCH(QString, text);
    const auto instant = Instant::parse(text);
    QVERIFY(!instant.has_value());
    QCOMPARE(instant.error().fault, Fault::BadInput);
    QVERIFY(!instant.error().detail.isEmpty());
}

void TestInstant::agreesWithQtOnEveryDay()
{
    for (QDate day(1900, 1, 1); day.year() < 2200; day = day.addDays(1)) {
        const QString text = day.toString(Qt::ISODate) + u"T12:34:56Z"_s;
        const auto instant = Instant::parse(text);
        QVERIFY2(instant.has_value(), qPrintable(text));
        QCOMPARE(instant->ms, QDateTime(day, QTime(12, 34, 56), Qt::UTC).toMSecsSinceEpoch());
        QCOMPARE(instant->iso(), text);
    }
}

void TestInstant::isoRoundTrip()
{
    for (const qint64 ms : { Instant::MinMs, qint64(-1), qint64(0), qint64(1),
             qint64(1'780'920'000'001), Instant::MaxMs })
        QCOMPARE(Instant::parse(Instant { ms }.iso())->ms, ms);
}

void TestInstant::durations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms"); // -1: refused
    QTest::newRow("90s") << u"90s"_s << qint64(90'000);
    QTest::newRow("30m") << u"30m"_s << qint64(1'800'000);
    QTest::newRow("4h") << u"4h"_s << qint64(14'400'000);
    QTest::newRow("2d") << u"2d"_s << qint64(172'800'000);
    QTest::newRow("a year") << u"366d"_s << qint64(366LL * 86'400'000);
    for (const char *bad :
        { "", "h", "4", "-4h", "4.5h", "400d", "4 weeks", "99999999999999999999h" })
        QTest::newRow(bad) << QString::fromLatin1(bad) << qint64(-1);
}

void TestInstant::durations()
{
    QFETCH(QString, text);
    QFETCH(qint64, ms);
    const auto d = parseDuration(text);
    QCOMPARE(d.has_value() ? d->count() : qint64(-1), ms);
}

void TestInstant::durationsForPeople()
{
    QCOMPARE(durationText(Millis(45'000)), u"45 s"_s);
    QCOMPARE(durationText(Millis(12 * 60'000)), u"12 min"_s);
    QCOMPARE(durationText(Millis(2 * 3'600'000)), u"2 h"_s);
    QCOMPARE(durationText(Millis(2 * 3'600'000 + 10 * 60'000)), u"2 h 10 min"_s);
    QCOMPARE(durationText(Millis(3LL * 86'400'000 + 4 * 3'600'000)), u"3 d 4 h"_s);
}

QTEST_GUILESS_MAIN(TestInstant)
#include "tst_instant.moc"
