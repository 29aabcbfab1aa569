#include "tests/calendar/slacases.h"

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

/// The clock function against minutes that are counted one by one, over random calendars, editions, pauses,
/// changes, due times set by hand and odd zones.
class TestSlaRandom : public QObject
{
    Q_OBJECT
private slots:
    void agreesWithMinutes_data();
    void agreesWithMinutes();
    void standsUntilItTurns();
};

void TestSlaRandom::agreesWithMinutes_data()
{
    addCaseRows(casesToRun(10'000, 100'000));
}

void TestSlaRandom::agreesWithMinutes()
{
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    for (qint64 seed = first; seed < end; ++seed) {
        SeededRandom random = randomOf(seed);
        const auto [start, hours, cycle] = someCase(random);
        const Instant now = minuteAfter(random, start, 6 * 1440);
        const Reading ours = read(cycle, hours, now);
        const Reading theirs = MinuteClock(hours).read(cycle, now);
        QVERIFY2(isSame(ours, theirs),
            qPrintable(u"seed %1, start %2, now %3: %4, counted: %5"_s.arg(seed).arg(
                start.iso(), now.iso(), told(ours), told(theirs))));
    }
}

/// What is kept of a reading must be what a new one says, at its instant and at any before it turns.
void TestSlaRandom::standsUntilItTurns()
{
    const CaseRange range = casesToRun(5'000, 200'000);
    qint64 running = 0, later = 0;
    for (qint64 seed = range.first; seed < range.end; ++seed) {
        SeededRandom random = randomOf(seed);
        const auto [start, hours, cycle] = someCase(random);
        const Instant now = minuteAfter(random, start - Millis(60 * minuteMs), 6 * 1440);
        const Standing kept = standing(cycle, hours, now);
        QVERIFY(kept.until > now);
        const qint64 most = std::min<qint64>((kept.until - now).count(), 20LL * 1440 * minuteMs);
        for (const qint64 after : { qint64(0), random.below(most), random.below(most), most - 1 }) {
            const Instant at = now + Millis(after);
            const Reading fresh = read(cycle, hours, at);
            const bool isRunning
                = fresh.state == State::Running || fresh.state == State::BreachedRunning;
            const QString where
                = u"seed %1, kept at %2, read at %3"_s.arg(seed).arg(now.iso(), at.iso());
            QVERIFY2(kept.isRunning == isRunning, qPrintable(where));
            if (isRunning)
                QVERIFY2(kept.due == fresh.due, qPrintable(where));
            running += isRunning;
            later += after > 0 && isRunning;
        }
    }
    QVERIFY(running > (range.end - range.first) && later > (range.end - range.first) / 2);
}

QTEST_GUILESS_MAIN(TestSlaRandom)
#include "tst_slarandom.moc"
