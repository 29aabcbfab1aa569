#include "core/base/ids.h"
#include "core/metrics/days.h"
#include "core/metrics/stats.h"

#include <QTest>

#include <algorithm>

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

class TestMetricsStats : public QObject
{
    Q_OBJECT
private slots:
    void spread_data();
    void spread();
    void spreadAgreesWithSorting();
    void ninthTenthOfEverySize();
    void localDates_data();
    void localDates();
    void startsOfDays_data();
    void startsOfDays();
    void borders_data();
    void borders();
    void startsTileTheYear_data();
    void startsTileTheYear();
    void weeks_data();
    void weeks();
};

void TestMetricsStats::spread_data()
{
    QTest::addColumn<QList<qint64>>("ms");
    QTest::addColumn<double>("median");
    QTest::addColumn<double>("p90");
    QTest::newRow("one") << QList<qint64> { 7000 } << 7.0 << 7.0;
    QTest::newRow("two: mean of the middle two") << QList<qint64> { 9000, 4000 } << 6.5 << 9.0;
    QTest::newRow("three") << QList<qint64> { 9000, 1000, 4000 } << 4.0 << 9.0;
    QTest::newRow("equal ones") << QList<qint64> { 5000, 5000, 5000, 5000 } << 5.0 << 5.0;
    QTest::newRow("ten: the ninth") << QList<qint64> { 10000, 9000, 8000, 7000, 6000, 5000, 4000,
        3000, 2000, 1000 } << 5.5 << 9.0;
    QTest::newRow("eleven: the tenth")
        << QList<qint64> { 11000, 10000, 9000, 8000, 7000, 6000, 5000, 4000, 3000, 2000, 1000 }
        << 6.0 << 10.0;
    QTest::newRow("before its creation") << QList<qint64> { -60000, 0, 60000 } << 0.0 << 60.0;
    QTest::newRow("milliseconds") << QList<qint64> { 1, 2 } << 0.0015 << 0.002;
}

void TestMetricsStats::spread()
{
    QFETCH(QList<qint64>, ms);
    QFETCH(double, median);
    QFETCH(double, p90);
    std::vector<qint64> values(ms.begin(), ms.end());
    const auto spread = spreadOf(values);
    QVERIFY(spread.has_value());
    QCOMPARE(spread->n, ms.size());
    QCOMPARE(spread->median, median);
    QCOMPARE(spread->p90, p90);
    std::vector<qint64> none;
    QVERIFY(!spreadOf(none));
}

void TestMetricsStats::spreadAgreesWithSorting()
{
    const quint64 seed = SystemRandom().next64();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    for (int round = 0; round < 500; ++round) {
        std::vector<qint64> values(static_cast<size_t>(1 + random.below(200)));
        for (qint64 &v : values)
            v = random.below(50) * 1000 - 5000; // many equal ones
        std::vector<qint64> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const size_t n = sorted.size();
        const double median = n % 2 == 1
            ? static_cast<double>(sorted[n / 2]) / 1000
            : static_cast<double>(sorted[n / 2 - 1] + sorted[n / 2]) / 2000;
        size_t rank = 0; // the smallest whole number that is at least 0.9 n
        while (10 * rank < 9 * n)
            ++rank;
        const auto spread = spreadOf(values);
        QCOMPARE(spread->median, median);
        QCOMPARE(spread->p90, static_cast<double>(sorted[rank - 1]) / 1000);
    }
}

/// Of 1 … n seconds the ninth tenth is ceil(0.9 n), for every n: floating point gets some wrong.
void TestMetricsStats::ninthTenthOfEverySize()
{
    for (qint64 n = 1; n <= 1000; ++n) {
        std::vector<qint64> values;
        for (qint64 i = n; i >= 1; --i)
            values.push_back(i * 1000);
        const qint64 expected = 9 * n / 10 + (9 * n % 10 != 0 ? 1 : 0);
        QCOMPARE(spreadOf(values)->p90, static_cast<double>(expected));
    }
}

void TestMetricsStats::localDates_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QDate>("date");
    const auto row = [](const char *zone, const char *at, QDate date) {
        QTest::addRow("%s %s", zone, at) << QByteArray(zone) << QString::fromLatin1(at) << date;
    };
    row("UTC", "2026-06-07T23:59:59.999Z", { 2026, 6, 7 });
    row("UTC", "2026-06-08T00:00:00Z", { 2026, 6, 8 });
    row("UTC", "1969-12-31T23:59:59.999Z", { 1969, 12, 31 });
    row("UTC", "1970-01-01T00:00:00Z", { 1970, 1, 1 });
    // The spring gap: Sunday has 23 hours.
    row("Europe/Berlin", "2026-03-28T22:59:59Z", { 2026, 3, 28 });
    row("Europe/Berlin", "2026-03-28T23:00:00Z", { 2026, 3, 29 });
    row("Europe/Berlin", "2026-03-29T21:59:59Z", { 2026, 3, 29 });
    row("Europe/Berlin", "2026-03-29T22:00:00Z", { 2026, 3, 30 });
    // The autumn fold: Sunday has 25.
    row("Europe/Berlin", "2026-10-24T22:00:00Z", { 2026, 10, 25 });
    row("Europe/Berlin", "2026-10-25T22:59:59Z", { 2026, 10, 25 });
    row("Europe/Berlin", "2026-10-25T23:00:00Z", { 2026, 10, 26 });
    // Midnight itself fell into a gap.
    row("America/Sao_Paulo", "2018-11-04T02:59:59Z", { 2018, 11, 3 });
    row("America/Sao_Paulo", "2018-11-04T03:00:00Z", { 2018, 11, 4 });
    // A whole day did.
    row("Pacific/Apia", "2011-12-30T09:59:59Z", { 2011, 12, 29 });
    row("Pacific/Apia", "2011-12-30T10:00:00Z", { 2011, 12, 31 });
    row("Asia/Kolkata", "2026-06-08T18:29:59Z", { 2026, 6, 8 });
    row("Asia/Kolkata", "2026-06-08T18:30:00Z", { 2026, 6, 9 });
    row("America/New_York", "2026-11-01T03:59:59Z", { 2026, 10, 31 });
}

void TestMetricsStats::localDates()
{
    QFETCH(QByteArray, zone);
    QFETCH(QString, at);
    QFETCH(QDate, date);
    QCOMPARE(localDate(*Instant::parse(at), QTimeZone(zone)), date);
}

void TestMetricsStats::startsOfDays_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QDate>("day");
    QTest::addColumn<QString>("start");
    const auto row = [](const char *zone, QDate day, const char *start) {
        QTest::addRow("%s %s", zone, qPrintable(day.toString(Qt::ISODate)))
            << QByteArray(zone) << day << QString::fromLatin1(start);
    };
    row("UTC", { 2026, 6, 8 }, "2026-06-08T00:00:00Z");
    row("Europe/Berlin", { 2026, 3, 29 }, "2026-03-28T23:00:00Z");
    row("Europe/Berlin", { 2026, 3, 30 }, "2026-03-29T22:00:00Z");
    row("Europe/Berlin", { 2026, 10, 25 }, "2026-10-24T22:00:00Z");
    row("Europe/Berlin", { 2026, 10, 26 }, "2026-10-25T23:00:00Z");
    row("America/Sao_Paulo", { 2018, 11, 4 }, "2018-11-04T03:00:00Z");
    row("Pacific/Apia", { 2011, 12, 30 }, "2011-12-30T10:00:00Z");
    row("Pacific/Apia", { 2011, 12, 31 }, "2011-12-30T10:00:00Z");
    row("Pacific/Kiritimati", { 2026, 6, 8 }, "2026-06-07T10:00:00Z");
}

void TestMetricsStats::startsOfDays()
{
    QFETCH(QByteArray, zone);
    QFETCH(QDate, day);
    QFETCH(QString, start);
    QCOMPARE(startOfDay(day, QTimeZone(zone)).iso(), start);
}

void TestMetricsStats::borders_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); ///< empty: refused
    QTest::newRow("instant") << u"2026-06-08T10:00:00+02:00"_s << u"2026-06-08T08:00:00Z"_s;
    QTest::newRow("day") << u" 2026-06-08 "_s << u"2026-06-07T22:00:00Z"_s;
    QTest::newRow("winter day") << u"2026-01-08"_s << u"2026-01-07T23:00:00Z"_s;
    QTest::newRow("no offset") << u"2026-06-08T10:00:00"_s << QString();
    QTest::newRow("no such day") << u"2026-02-30"_s << QString();
    QTest::newRow("ten letters") << u"yesterdays"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void TestMetricsStats::borders()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto border = borderOf(text, QTimeZone("Europe/Berlin"));
    QCOMPARE(border ? border->iso() : QString(), expected);
    QVERIFY(border || border.error().fault == Fault::BadInput);
}

void TestMetricsStats::startsTileTheYear_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<qint64>("shortest"); ///< hours
    QTest::addColumn<qint64>("longest");
    QTest::newRow("Europe/Berlin") << QByteArray("Europe/Berlin") << 23LL << 25LL;
    QTest::newRow("America/New_York") << QByteArray("America/New_York") << 23LL << 25LL;
    QTest::newRow("Asia/Tokyo") << QByteArray("Asia/Tokyo") << 24LL << 24LL;
}

/// Days of 23 and 25 hours exist, and each begins where the one before ends.
void TestMetricsStats::startsTileTheYear()
{
    QFETCH(QByteArray, zone);
    QFETCH(qint64, shortest);
    QFETCH(qint64, longest);
    const QTimeZone there(zone);
    qint64 least = 99, most = 0;
    for (QDate day(2026, 1, 1); day.year() == 2026; day = day.addDays(1)) {
        const Instant start = startOfDay(day, there), next = startOfDay(day.addDays(1), there);
        QCOMPARE(localDate(start, there), day);
        QCOMPARE(localDate({ start.ms - 1 }, there), day.addDays(-1));
        QCOMPARE(localDate({ next.ms - 1 }, there), day);
        least = qMin(least, (next - start).count() / 3'600'000);
        most = qMax(most, (next - start).count() / 3'600'000);
    }
    QCOMPARE(least, shortest);
    QCOMPARE(most, longest);
}

void TestMetricsStats::weeks_data()
{
    QTest::addColumn<QDate>("day");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QDate>("monday");
    QTest::newRow("a Monday") << QDate(2026, 6, 8) << u"2026-W24"_s << QDate(2026, 6, 8);
    QTest::newRow("its Sunday") << QDate(2026, 6, 14) << u"2026-W24"_s << QDate(2026, 6, 8);
    QTest::newRow("one digit") << QDate(2026, 1, 27) << u"2026-W05"_s << QDate(2026, 1, 26);
    QTest::newRow("New Year in the old year's week")
        << QDate(2027, 1, 1) << u"2026-W53"_s << QDate(2026, 12, 28);
    QTest::newRow("December in the new year's week")
        << QDate(2025, 12, 29) << u"2026-W01"_s << QDate(2025, 12, 29);
}

void TestMetricsStats::weeks()
{
    QFETCH(QDate, day);
    QFETCH(QString, key);
    QFETCH(QDate, monday);
    QCOMPARE(weekKey(day), key);
    QCOMPARE(mondayOf(day), monday);
}

QTEST_GUILESS_MAIN(TestMetricsStats)
#include "tst_metricsstats.moc"
