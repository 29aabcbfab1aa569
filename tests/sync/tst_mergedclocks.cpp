#include "tests/sync/clocktest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sla::ClockKind;

// A merge at the helpdesk: one set of clocks goes on, what was breached before stays listed with it, and nothing of the
// ticket that went into the other runs, or was met by being closed.

namespace {

const QString mia = u"mia"_s;

/// Those that the ticket has from others.
std::vector<sla::TicketClock> inherited(SyncRig &rig, const QString &ticket)
{
    std::vector<sla::TicketClock> clocks = clocksOf(rig, ticket);
    std::erase_if(clocks, [](const sla::TicketClock &clock) { return clock.of.isEmpty(); });
    return clocks;
}

} // namespace

class TestMergedClocks : public QObject
{
    Q_OBJECT
private slots:
    void aBreachStays();
    void nothingIsKeptOfWhatWasInTime();
    void throughTwoMerges();
};

void TestMergedClocks::aBreachStays()
{
    SyncRig rig;
    DONE(agreeOnAnHour(rig));
    rig.syncOnce();
    const auto left = ownClock(rig, u"1"_s, ClockKind::FirstResponse);
    QVERIFY(left.isOpen());
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"2"_s), u"Hello."_s }));
    rig.settle();
    rig.clock.advance(2h); // nobody answers the first
    rig.desk.merge(u"1"_s, u"2"_s);
    rig.settle();
    const auto kept = inherited(rig, u"2"_s);
    QCOMPARE(kept.size(), 1U);
    QCOMPARE(kept.front().of, rig.local.key(u"1"_s));
    QCOMPARE(kept.front().kind, ClockKind::FirstResponse);
    QCOMPARE(kept.front().reading.breachedAt, left.reading.due);
    QVERIFY(!kept.front().isOpen());
    // The other one is no longer waited for; being closed was no answer.
    for (const sla::TicketClock &clock : clocksOf(rig, u"1"_s)) {
        QVERIFY(!clock.isOpen());
        QVERIFY(!clock.isClosedUnanswered && !clock.cycle.met);
    }
    QCOMPARE(rig.local.wrong(), QString());
}

void TestMergedClocks::nothingIsKeptOfWhatWasInTime()
{
    SyncRig rig;
    DONE(agreeOnAnHour(rig));
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s }));
    rig.settle();
    rig.desk.merge(u"1"_s, u"2"_s);
    rig.settle();
    QVERIFY(inherited(rig, u"2"_s).empty());
    QCOMPARE(rig.local.wrong(), QString());
}

void TestMergedClocks::throughTwoMerges()
{
    SyncRig rig;
    DONE(agreeOnAnHour(rig));
    rig.syncOnce();
    rig.clock.advance(2h);
    rig.desk.merge(u"1"_s, u"2"_s);
    rig.settle();
    rig.clock.advance(10min);
    rig.desk.merge(u"2"_s, u"3"_s);
    rig.settle();
    QStringList from;
    for (const sla::TicketClock &clock : inherited(rig, u"3"_s))
        from.append(clock.of);
    from.removeDuplicates();
    from.sort();
    QCOMPARE(from, QStringList({ rig.local.key(u"1"_s), rig.local.key(u"2"_s) }));
}

QTEST_GUILESS_MAIN(TestMergedClocks)
#include "tst_mergedclocks.moc"
