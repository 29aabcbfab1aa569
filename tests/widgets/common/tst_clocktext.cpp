#include "widgets/common/clocktext.h"

#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestClockText : public QObject
{
    Q_OBJECT
private slots:
    void brief_data();
    void brief();
    void states_data();
    void states();
    void spoken_data();
    void spoken();
    void exactAcrossSummerTime();
    void stamp_data();
    void stamp();
    void ago_data();
    void ago();
    void staysAsItIsUntilToldToChange();
    void everyStateHasItsOwnShape();

private:
    const Instant m_now { 1'780'920'000'000 }; // 2026-06-08T12:00:00Z, a Monday
};

void TestClockText::brief_data()
{
    QTest::addColumn<qint64>("leftMs");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, Millis left, const QString &text) {
        QTest::newRow(name) << qint64(left.count()) << text;
    };
    row("12:41", 12min + 41s, u"12:41"_s);
    row("seconds are rounded up", 12min + 40s + 1ms, u"12:41"_s);
    row("the last second", 1ms, u"0:01"_s);
    row("one minute", 1min, u"1:00"_s);
    row("just under an hour", 59min + 59s, u"59:59"_s);
    row("an hour", 60min, u"1 h 00"_s);
    row("a millisecond over an hour", 60min + 1ms, u"1 h 01"_s);
    row("1 h 52", 111min + 30s, u"1 h 52"_s);
    row("2 h 10", 130min, u"2 h 10"_s);
    row("late on the same day", 11h, u"11 h 00"_s);
    row("after midnight but soon", 5h, u"5 h 00"_s);
    row("tomorrow", 20h, u"tomorrow"_s);
    row("a whole day", 24h, u"tomorrow"_s);
    row("three days", 72h, u"3 d"_s);
    row("due now", 0ms, u"0 s late"_s);
    row("41 s late", -41s, u"41 s late"_s);
    row("18 min late", -18min - 59s, u"18 min late"_s);
    row("hours late", -130min, u"2 h 10 late"_s);
    row("just under a day late", -24h + 1ms, u"23 h 59 late"_s);
    row("3 d late", -80h, u"3 d late"_s);
}

void TestClockText::brief()
{
    QFETCH(qint64, leftMs);
    QFETCH(QString, text);
    const TimeWords words;
    QCOMPARE(words.brief({ m_now + Millis(leftMs), {} }, m_now), text);
}

void TestClockText::states_data()
{
    QTest::addColumn<ClockFace>("clock");
    QTest::addColumn<ClockState>("state");
    const Instant due = m_now + 15min;
    QTest::newRow("no clock") << ClockFace {} << ClockState::None;
    QTest::newRow("runs") << ClockFace { due, m_now - 44min } << ClockState::Running;
    QTest::newRow("three quarters") << ClockFace { due, m_now - 45min } << ClockState::AtRisk;
    QTest::newRow("no start, no risk") << ClockFace { m_now + 1s, {} } << ClockState::Running;
    QTest::newRow("due this instant") << ClockFace { m_now, m_now - 1h } << ClockState::Breached;
    QTest::newRow("paused though late") << ClockFace { m_now - 1h, {}, true } << ClockState::Paused;
    QTest::newRow("met though late")
        << ClockFace { m_now - 1h, {}, false, true } << ClockState::Met;
    QTest::newRow("started after its end") << ClockFace { due, due + 1h } << ClockState::Running;
}

void TestClockText::states()
{
    QFETCH(ClockFace, clock);
    QFETCH(ClockState, state);
    QCOMPARE(clockState(clock, m_now), state);
}

void TestClockText::spoken_data()
{
    QTest::addColumn<ClockFace>("clock");
    QTest::addColumn<QString>("text");
    QTest::newRow("running") << ClockFace { m_now + 12min + 41s, {} }
                             << u"due in 12 minute(s) 41 second(s)"_s;
    QTest::newRow("at risk") << ClockFace { m_now + 1min, m_now - 1h }
                             << u"at risk, due in 1 minute(s)"_s;
    QTest::newRow("late") << ClockFace { m_now - 130min, {} } << u"2 hour(s) 10 minute(s) late"_s;
    QTest::newRow("days") << ClockFace { m_now - 76h, {} } << u"3 day(s) 4 hour(s) late"_s;
    QTest::newRow("none") << ClockFace {} << u"nothing is due"_s;
}

void TestClockText::spoken()
{
    QFETCH(ClockFace, clock);
    QFETCH(QString, text);
    QCOMPARE(TimeWords().spoken(clock, m_now), text);
}

void TestClockText::exactAcrossSummerTime()
{
    const TimeWords berlin { QTimeZone("Europe/Berlin"), QLocale::c() };
    if (!berlin.zone.isValid())
        QSKIP("this machine has no time zone data");
    // The night in which 02:00 becomes 03:00.
    QCOMPARE(berlin.wallTime(*Instant::parse(u"2026-03-29T00:59:00Z")), u"01:59"_s);
    QCOMPARE(berlin.wallTime(*Instant::parse(u"2026-03-29T01:00:00Z")), u"03:00"_s);
    // And the one in which 02:30 comes twice.
    QCOMPARE(berlin.wallTime(*Instant::parse(u"2026-10-25T00:30:00Z")), u"02:30"_s);
    QCOMPARE(berlin.wallTime(*Instant::parse(u"2026-10-25T01:30:00Z")), u"02:30"_s);
    QVERIFY(berlin.exact(*Instant::parse(u"2026-10-25T00:30:00Z")).contains(u"02:30 CEST"_s));
    QVERIFY(berlin.exact(*Instant::parse(u"2026-10-25T01:30:00Z")).contains(u"02:30 CET"_s));
    // 23:30 in Berlin is the same day there, the day before in UTC.
    QCOMPARE(berlin.brief({ *Instant::parse(u"2026-06-09T21:30:00Z"), {} },
                 *Instant::parse(u"2026-06-09T12:00:00Z")),
        u"9 h 30"_s);
    QCOMPARE(berlin.brief({ *Instant::parse(u"2026-06-09T22:30:00Z"), {} },
                 *Instant::parse(u"2026-06-09T12:00:00Z")),
        u"tomorrow"_s);
}

void TestClockText::stamp_data()
{
    QTest::addColumn<QString>("then");
    QTest::addColumn<QString>("text");
    // Now is Monday 8 June 2026, 14:00 in Berlin.
    QTest::newRow("today") << u"2026-06-08T07:12:00Z"_s << u"09:12"_s;
    QTest::newRow("today at the wall") << u"2026-06-07T22:01:00Z"_s << u"00:01"_s;
    QTest::newRow("yesterday") << u"2026-06-07T20:10:00Z"_s << u"yesterday 22:10"_s;
    QTest::newRow("this week") << u"2026-06-02T20:10:00Z"_s << u"Tue 22:10"_s;
    QTest::newRow("a week ago") << u"2026-06-01T20:10:00Z"_s << u"1 Jun 22:10"_s;
    QTest::newRow("this year") << u"2026-01-05T20:10:00Z"_s << u"5 Jan 21:10"_s;
    QTest::newRow("before") << u"2025-12-31T12:00:00Z"_s << u"31 Dec 2025"_s;
    QTest::newRow("a clock that runs ahead") << u"2026-06-09T12:00:00Z"_s << u"9 Jun 14:00"_s;
}

void TestClockText::stamp()
{
    QFETCH(QString, then);
    QFETCH(QString, text);
    const TimeWords berlin { QTimeZone("Europe/Berlin"), QLocale::c() };
    const auto instant = Instant::parse(then);
    QVERIFY(instant);
    QCOMPARE(berlin.stamp(*instant, m_now), text);
    QVERIFY(text.size() <= 15);
}

void TestClockText::ago_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("now") << qint64(900) << u"now"_s;
    QTest::newRow("from the future") << qint64(-5'000) << u"now"_s;
    QTest::newRow("seconds") << qint64(20'000) << u"20 s ago"_s;
    QTest::newRow("minutes") << qint64(5 * 60'000) << u"5 min ago"_s;
    QTest::newRow("hours") << qint64(3 * 3'600'000) << u"3 h ago"_s;
    QTest::newRow("yesterday") << qint64(20 * 3'600'000) << u"yesterday"_s;
    QTest::newRow("a date") << qint64(72 * 3'600'000) << u"5 Jun 2026"_s;
}

void TestClockText::ago()
{
    QFETCH(qint64, ms);
    QFETCH(QString, text);
    QCOMPARE(TimeWords().ago(m_now - Millis(ms), m_now), text);
}

void TestClockText::staysAsItIsUntilToldToChange()
{
    const TimeWords words;
    for (const qint64 left :
        { 1LL, 999LL, 1'000LL, 59'500LL, 3'599'001LL, 3'600'000LL, 3'600'001LL, 3'661'500LL,
            7'000'000LL, -1LL, -999LL, -1'000LL, -61'500LL, -7'000'000LL, -90'000'000LL }) {
        for (const bool hasStart : { false, true }) {
            const ClockFace clock { m_now + Millis(left),
                hasStart ? std::optional(m_now - 1h) : std::nullopt };
            const Millis wait = untilBriefChanges(clock, m_now);
            QVERIFY2(wait >= 1ms && wait <= 1h, qPrintable(QString::number(left)));
            // Just before the wait is over it reads the same.
            const Instant before = m_now + wait - 1ms;
            QCOMPARE(words.brief(clock, before), words.brief(clock, m_now));
            QCOMPARE(clockState(clock, before), clockState(clock, m_now));
        }
    }
    QCOMPARE(untilBriefChanges({}, m_now), Millis(1h));
}

void TestClockText::everyStateHasItsOwnShape()
{
    QSet<int> icons;
    for (const ClockState state : { ClockState::Running, ClockState::AtRisk, ClockState::Breached,
             ClockState::Paused, ClockState::Met })
        icons.insert(int(clockIcon(state)));
    QCOMPARE(icons.size(), 5);
    QCOMPARE(clockToken(ClockState::Breached), Token::Breached);
    QCOMPARE(clockToken(ClockState::AtRisk), Token::AtRisk);
    QCOMPARE(clockToken(ClockState::Running), Token::Muted);
}

QTEST_MAIN(TestClockText)
#include "tst_clocktext.moc"
