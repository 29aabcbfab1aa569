#include "tests/calendar/slacases.h"

#include <QTimeZone>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 calendarsEach = 4; ///< random calendars for each change of offset in a long run

struct Jump {
    QString zone;
    Instant at;
};

/// Every change of offset of every zone in 2020 to 2037, as the toolkit tells them.
std::vector<Jump> allJumps()
{
    const QDateTime from(QDate(2020, 1, 1), QTime(0, 0), Qt::UTC);
    const QDateTime to(QDate(2037, 12, 31), QTime(23, 59), Qt::UTC);
    std::vector<Jump> jumps;
    for (const QByteArray &id : QTimeZone::availableTimeZoneIds()) {
        const QString name = QString::fromLatin1(id);
        if (!Zone::named(name))
            continue; // "UTC+03:00" is the toolkit's own and no zone
        const QTimeZone zone(id);
        QDateTime known = from;
        while (true) {
            const QTimeZone::OffsetData next = zone.nextTransition(known);
            if (!next.atUtc.isValid() || next.atUtc > to)
                break;
            jumps.push_back({ name, { next.atUtc.toMSecsSinceEpoch() } });
            known = next.atUtc.addSecs(1);
        }
    }
    return jumps;
}

} // namespace

/// Clocks over every change of offset of every zone, against minutes that are counted one by one.
class TestSlaZones : public QObject
{
    Q_OBJECT
private slots:
    void jumps_data();
    void jumps();

private:
    std::vector<Jump> m_jumps = allJumps();
};

void TestSlaZones::jumps_data()
{
    const auto count = qint64(m_jumps.size());
    QVERIFY2(count > 4'000, "the zone data of this machine knows hardly any change of offset");
    // In a short run some changes of each zone that has any.
    const CaseRange range = casesToRun(1'000, count * calendarsEach);
    qInfo() << count << "changes of offset; cases" << range.first << "to" << range.end - 1;
    addCaseRows(range);
}

void TestSlaZones::jumps()
{
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    const auto count = qint64(m_jumps.size());
    for (qint64 seed = first; seed < end; ++seed) {
        // With a stride that shares no factor with most counts, so that few cases see many zones.
        const Jump &jump = m_jumps[size_t(seed * 9'973 % count)];
        SeededRandom random = randomOf(seed);
        Calendar::Definition definition = someCalendar(random, jump.at).definition();
        definition.zone = jump.zone;
        const auto calendar = Calendar::make(definition);
        QVERIFY(calendar);
        const CalendarEditions hours(*calendar);
        const Instant start
            = minuteAfter(random, jump.at - Millis(2 * 1440 * minuteMs), 2 * 1440 + 60);
        const Cycle cycle = someCycle(random, start);
        const Instant now = minuteAfter(random, jump.at, 4 * 1440);
        const Reading ours = read(cycle, hours, now);
        const Reading theirs = MinuteClock(hours).read(cycle, now);
        QVERIFY2(isSame(ours, theirs),
            qPrintable(u"seed %1, %2 at %3, start %4, now %5: due %6, counted %7"_s.arg(seed).arg(
                jump.zone, jump.at.iso(), start.iso(), now.iso(), told(ours.due),
                told(theirs.due))));
    }
}

QTEST_GUILESS_MAIN(TestSlaZones)
#include "tst_slazones.moc"
