#include "core/base/backoff.h"
#include "core/net/answer.h"
#include "core/net/deadlines.h"
#include "core/net/httpdate.h"
#include "core/net/pacing.h"
#include "core/net/redact.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(std::optional<Millis>)

class TestPacing : public QObject
{
    Q_OBJECT
private slots:
    void readsDates_data();
    void readsDates();
    void readsRetryAfter_data();
    void readsRetryAfter();
    void neverBeyondTheAllowance();
    void oddPausesAreClamped_data();
    void oddPausesAreClamped();
    void readsTheAllowance();
    void aChangedWallClockMovesNothing();
    void backsOff();
    void deadlines();
    void redacts_data();
    void redacts();
    void readsJsonOnly_data();
    void readsJsonOnly();
};

void TestPacing::readsDates_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("iso");
    QTest::newRow("usual") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT")
                           << u"1994-11-06T08:49:37Z"_s;
    QTest::newRow("old") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT")
                         << u"1994-11-06T08:49:37Z"_s;
    QTest::newRow("C") << QByteArray("Sun Nov  6 08:49:37 1994") << u"1994-11-06T08:49:37Z"_s;
    QTest::newRow("leap second") << QByteArray("Sat, 31 Dec 2016 23:59:60 GMT")
                                 << u"2016-12-31T23:59:59Z"_s;
    QTest::newRow("summer") << QByteArray("Sun, 28 Mar 2027 02:30:00 GMT")
                            << u"2027-03-28T02:30:00Z"_s;
    for (const char *bad : { "", "now", "Sun, 32 Nov 1994 08:49:37 GMT",
             "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
             "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "1994-11-06T08:49:37Z",
             "Sun, 06 Nov 0001 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT" })
        QTest::addRow("bad %s", bad) << QByteArray(bad) << QString();
}

void TestPacing::readsDates()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, iso);
    const auto date = parseHttpDate(text);
    QCOMPARE(date.has_value(), !iso.isEmpty());
    if (date)
        QCOMPARE(date->iso(), iso);
}

void TestPacing::readsRetryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("ms"); // -1: unreadable
    QTest::newRow("seconds") << QByteArray("20") << qint64(20'000);
    QTest::newRow("fraction") << QByteArray("1.5") << qint64(1'000);
    QTest::newRow("zero") << QByteArray("0") << qint64(0);
    QTest::newRow("negative") << QByteArray("-5") << qint64(0);
    QTest::newRow("centuries") << QByteArray("99999999999999") << qint64(366) * 24 * 3600 * 1000;
    QTest::newRow("too many digits") << QByteArray("99999999999999999999999") << qint64(-1);
    // The server's clock is an hour off; the difference of its two dates is what counts.
    QTest::newRow("date") << QByteArray("Mon, 08 Jun 2026 13:00:30 GMT") << qint64(30'000);
    QTest::newRow("past date") << QByteArray("Mon, 08 Jun 2020 13:00:30 GMT") << qint64(0);
    QTest::newRow("words") << QByteArray("soon") << qint64(-1);
    QTest::newRow("nothing") << QByteArray() << qint64(-1);
}

void TestPacing::readsRetryAfter()
{
    QFETCH(QByteArray, value);
    QFETCH(qint64, ms);
    const auto noon = Instant::parse(u"2026-06-08T12:00:00Z"_s);
    const auto theirs = Instant::parse(u"2026-06-08T13:00:00Z"_s);
    QVERIFY(noon && theirs);
    const auto wait = retryAfter(value, *noon, *theirs);
    QCOMPARE(wait ? wait->count() : -1, ms);
}

void TestPacing::neverBeyondTheAllowance()
{
    // An hour of greed against 30 a minute with a burst of 5.
    FakeClock clock;
    const quint64 seed = 20261121;
    qInfo("seed %llu", seed);
    SeededRandom random(seed);
    Pacer pacer({ .perMinute = 30, .burst = 5, .concurrent = 3 }, clock, random);
    QList<qint64> starts;
    int running = 0;
    const Millis end = clock.monotonic() + 1h;
    while (clock.monotonic() < end) {
        const auto wait = pacer.wait();
        QCOMPARE(wait.has_value(), running < 3);
        if (wait && wait->count() == 0) {
            pacer.started();
            ++running;
            starts.append(clock.monotonic().count());
        } else if (!wait || random.below(2) == 0) {
            clock.advance(Millis(random.below(700)));
            if (running > 0) {
                pacer.ended();
                --running;
            }
        } else {
            clock.advance(qMin(*wait, Millis(1 + random.below(3000))));
        }
    }
    QCOMPARE_GT(starts.size(), 1700); // nor much below it
    for (qsizetype i = 0; i < starts.size(); ++i) {
        for (const qint64 window : { 10'000, 60'000, 600'000 }) {
            qsizetype last = i;
            while (last + 1 < starts.size() && starts[last + 1] - starts[i] < window)
                ++last;
            QCOMPARE_LE(last - i + 1, 5 + window * 30 / 60'000 + 1);
        }
    }
}

void TestPacing::oddPausesAreClamped_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("least");
    QTest::addColumn<qint64>("most");
    QTest::newRow("seconds") << 429 << QByteArray("10") << qint64(10'000) << qint64(11'000);
    QTest::newRow("none") << 429 << QByteArray() << qint64(30'000) << qint64(33'000);
    QTest::newRow("a year") << 429 << QByteArray("31536000") << qint64(3'600'000)
                            << qint64(3'605'000);
    QTest::newRow("negative") << 429 << QByteArray("-1") << qint64(0) << qint64(0);
    QTest::newRow("maintenance") << 503 << QByteArray("60") << qint64(60'000) << qint64(65'000);
    QTest::newRow("503 without") << 503 << QByteArray() << qint64(0) << qint64(0);
    QTest::newRow("200 with") << 200 << QByteArray("60") << qint64(0) << qint64(0);
}

void TestPacing::oddPausesAreClamped()
{
    QFETCH(int, status);
    QFETCH(QByteArray, value);
    FakeClock clock;
    SeededRandom random(5);
    Pacer pacer({}, clock, random);
    const Headers headers = value.isEmpty() ? Headers {} : Headers { { "retry-after", value } };
    pacer.noteAnswer(status, headers, std::nullopt);
    QFETCH(qint64, least);
    QFETCH(qint64, most);
    QCOMPARE_GE(pacer.pause().count(), least);
    QCOMPARE_LE(pacer.pause().count(), most);
    QCOMPARE(pacer.wait()->count(), pacer.pause().count());
    // A shorter wish later does not shorten a longer one.
    pacer.noteAnswer(429, { { "Retry-After", "0" } }, std::nullopt);
    QCOMPARE_GE(pacer.pause().count(), least);
    clock.advance(Millis(most));
    QCOMPARE(pacer.pause().count(), 0);
}

void TestPacing::readsTheAllowance()
{
    FakeClock clock;
    SeededRandom random(5);
    Pacer seconds({ .remainingHeader = "X-RateLimit-Remaining",
                      .resetHeader = "X-RateLimit-Reset",
                      .reserve = 2 },
        clock, random);
    seconds.noteAnswer(
        200, { { "X-Ratelimit-Remaining", "3" }, { "X-RateLimit-Reset", "50" } }, std::nullopt);
    QCOMPARE(seconds.pause().count(), 0);
    seconds.noteAnswer(
        200, { { "X-Ratelimit-Remaining", "2" }, { "X-RateLimit-Reset", "50" } }, std::nullopt);
    QVERIFY(seconds.pause() >= 50s && seconds.pause() <= 55s);

    Pacer unix(
        { .remainingHeader = "R", .resetHeader = "S", .reset = PacePolicy::Reset::UnixSeconds },
        clock, random);
    // The server's own clock, an hour ahead, is what its time is read against.
    const Instant theirs = clock.now() + 1h;
    unix.noteAnswer(
        200, { { "R", "0" }, { "S", QByteArray::number(theirs.ms / 1000 + 40) } }, theirs);
    QVERIFY(unix.pause() >= 40s && unix.pause() <= 44s);
    unix.noteAnswer(200, { { "R", "junk" }, { "S", "junk" } }, theirs);
    QVERIFY(unix.pause() <= 44s);
}

void TestPacing::aChangedWallClockMovesNothing()
{
    FakeClock clock;
    SeededRandom random(5);
    Pacer pacer({}, clock, random);
    pacer.noteAnswer(429, { { "Retry-After", "10" } }, std::nullopt);
    const Millis before = pacer.pause();
    clock.jumpTo(clock.now() + 24h);
    QCOMPARE(pacer.pause().count(), before.count());
}

void TestPacing::backsOff()
{
    SeededRandom random(9);
    const BackoffPolicy policy { .first = 2s, .factor = 2, .cap = 60s, .jitter = 0.5 };
    for (int round = 0; round < 200; ++round) {
        double whole = 2000;
        for (int attempt = 1; attempt <= 40; ++attempt) {
            const Millis wait = backoff(policy, attempt, random);
            QCOMPARE_GE(static_cast<double>(wait.count()), qMin(whole, 60'000.0) * 0.5 - 1);
            QCOMPARE_LE(static_cast<double>(wait.count()), qMin(whole, 60'000.0));
            whole *= 2;
        }
    }
    QCOMPARE(backoff(policy, 1, random, 300s).count(), 300'000);
    QVERIFY(backoff(policy, 100'000, random) <= 60s);
    QVERIFY(backoff(policy, -3, random) <= 2s);
    QVERIFY(backoff(policy, 5, random) != backoff(policy, 5, random));
}

void TestPacing::deadlines()
{
    const Limits limits { .connect = 10s, .firstByte = 20s, .idle = 5s, .total = 60s };
    Deadlines deadlines(limits, 100s);
    QCOMPARE(deadlines.left(100s), 10s);
    QCOMPARE(deadlines.broken(Millis(109'999)), Problem::None);
    QCOMPARE(deadlines.broken(110s), Problem::ConnectTimeout);
    deadlines.enter(Deadlines::Phase::Sending, 105s);
    QCOMPARE(deadlines.broken(110s), Problem::IdleTimeout);
    deadlines.moved(109s);
    QCOMPARE(deadlines.broken(110s), Problem::None);
    deadlines.enter(Deadlines::Phase::Waiting, 110s);
    QCOMPARE(deadlines.left(115s), 15s);
    QCOMPARE(deadlines.broken(130s), Problem::FirstByteTimeout);
    deadlines.enter(Deadlines::Phase::Receiving, 120s);
    QCOMPARE(deadlines.broken(125s), Problem::IdleTimeout);
    deadlines.moved(158s);
    QCOMPARE(deadlines.left(158s), 2s); // the total comes first
    QCOMPARE(deadlines.broken(160s), Problem::TotalTimeout);
    deadlines.reconnect(150s);
    QCOMPARE(deadlines.broken(159s), Problem::None);
    QCOMPARE(deadlines.broken(160s), Problem::TotalTimeout); // a redirect gains nothing
    QCOMPARE(deadlines.left(500s), 0s);
}

void TestPacing::redacts_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"https://h.example/REST/2.0/ticket/12?page=2&per_page=100"_s
                           << u"https://h.example/REST/2.0/ticket/12?page=2&per_page=100"_s;
    QTest::newRow("token") << u"https://h.example/x?token=1-51-7273&page=1"_s
                           << u"https://h.example/x?token=•••&page=1"_s;
    QTest::newRow("search") << u"https://h.example/x?query=Subject%20LIKE%20'a'"_s
                            << u"https://h.example/x?query=•••"_s;
    QTest::newRow("key alone") << u"https://h.example/x?abcdef"_s << u"https://h.example/x?•••"_s;
    QTest::newRow("hook") << u"https://h.example/services/T01ABCDEF23/aB3dE5fG7hI9jK1l"_s
                          << u"https://h.example/services/•••/•••"_s;
    QTest::newRow("mail") << u"https://h.example/user/a.b@c.example"_s
                          << u"https://h.example/user/•••"_s;
    QTest::newRow("port, user, fragment")
        << u"https://u:p@h.example:8443/a#token=x"_s << u"https://h.example:8443/a"_s;
    QTest::newRow("long number") << u"https://h.example/x?code=123456789"_s
                                 << u"https://h.example/x?code=•••"_s;
}

void TestPacing::redacts()
{
    QFETCH(QString, url);
    QTEST(redacted(QUrl(url)), "shown");
    const Headers headers { { "Authorization", "Bearer canary" }, { "X-Api-Key", "canary" },
        { "Cookie", "canary" }, { "Content-Type", "application/json" },
        { "Server", "a\r\nb\x1b[31m" } };
    const QString shown = redacted(headers);
    QVERIFY(!shown.contains("canary"_L1));
    QVERIFY(shown.contains("Content-Type: application/json"_L1));
    QVERIFY(!shown.contains(u'\n') && !shown.contains(QChar(0x1b)));
}

void TestPacing::readsJsonOnly_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("good");
    QTest::newRow("json") << QByteArray("application/json; charset=utf-8") << QByteArray("{}")
                          << true;
    QTest::newRow("hal") << QByteArray("application/hal+json") << QByteArray("[1]") << true;
    QTest::newRow("login page") << QByteArray("text/html") << QByteArray("<html>sign in") << false;
    QTest::newRow("json in a page") << QByteArray("text/html") << QByteArray("{}") << false;
    QTest::newRow("no type") << QByteArray() << QByteArray("{}") << false;
    QTest::newRow("truncated") << QByteArray("application/json") << QByteArray("{\"a\":") << false;
    QTest::newRow("trailing") << QByteArray("application/json") << QByteArray("{} x") << false;
    QTest::newRow("1e400") << QByteArray("application/json") << QByteArray("[1e400]") << false;
    QTest::newRow("deep") << QByteArray("application/json")
                          << QByteArray(2000, '[') + QByteArray(2000, ']') << false;
    QTest::newRow("empty") << QByteArray("application/json") << QByteArray() << false;
}

void TestPacing::readsJsonOnly()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(bool, good);
    const Response response { .status = 200,
        .headers = { { "content-type", type } },
        .body = body,
        .url = QUrl(u"https://h.example/x"_s) };
    const auto json = jsonOf(response);
    QCOMPARE(json.has_value(), good);
    if (!good) {
        QCOMPARE(json.error().fault, Fault::BadReply);
        QVERIFY(json.error().detail.contains("h.example"_L1));
    }
    QVERIFY(!jsonOf(response, { .bytes = 1 }).has_value());
}

QTEST_APPLESS_MAIN(TestPacing)
#include "tst_pacing.moc"
