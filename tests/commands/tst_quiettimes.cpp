#include "core/commands/agreements.h"
#include "core/commands/quiet.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

TimeSpan hours(Instant from, int first, int last)
{
    return { from + Millis(qint64(first) * 3'600'000), from + Millis(qint64(last) * 3'600'000) };
}

} // namespace

/// When rules wake nobody.
class TestQuietTimes : public QObject
{
    Q_OBJECT
private slots:
    void whatIsSetIsRead();
    void whatCannotBeIsRefused();
    void aCalendarIsNamed();
    void whatIsNoJsonCountsForNothing();
};

void TestQuietTimes::whatIsSetIsRead()
{
    CommandFixture desk;
    DONE(desk.begin());
    VALUE(none, commands::loadQuietTimes(desk.connection()));
    QVERIFY(none.spans.empty() && none.criticalPasses);
    const Instant now = desk.clock.now();
    // Out of order, and two that touch.
    const commands::SetQuietTimes set { .times
        = { { hours(now, 40, 48), hours(now, 1, 3), hours(now, 3, 5) }, false },
        .why = u"Maintenance"_s };
    VALUE(done, desk.change("adm", set));
    QVERIFY(done.warnings.isEmpty());
    VALUE(read, commands::loadQuietTimes(desk.connection()));
    QCOMPARE(read, (commands::QuietTimes { { hours(now, 1, 5), hours(now, 40, 48) }, false }));
    QVERIFY(desk.change("adm", commands::SetQuietTimes {}).has_value());
    VALUE(empty, commands::loadQuietTimes(desk.connection()));
    QVERIFY(empty == commands::QuietTimes {});
}

void TestQuietTimes::whatCannotBeIsRefused()
{
    CommandFixture desk;
    DONE(desk.begin());
    const Instant now = desk.clock.now();
    const auto refused = [&](std::vector<TimeSpan> spans) {
        const auto done
            = desk.change("adm", commands::SetQuietTimes { .times = { std::move(spans) } });
        return !done && done.error().fault == Fault::BadInput && done.error().where == u"spans";
    };
    QVERIFY(refused({ hours(now, 2, 2) }));
    QVERIFY(refused({ hours(now, 2, 1) }));
    QVERIFY(refused({ hours(now, 0, 24 * 367) }));
    QVERIFY(refused(std::vector<TimeSpan>(101, hours(now, 1, 2))));
    VALUE(read, commands::loadQuietTimes(desk.connection()));
    QVERIFY(read.spans.empty());
    const auto unknown
        = desk.change("adm", commands::SetQuietTimes { .times = { .outsideOf = u"Nights"_s } });
    QVERIFY(!unknown && unknown.error().fault == Fault::BadInput);
    QCOMPARE(unknown.error().where, u"outside_of"_s);
    QVERIFY(unknown.error().detail.contains(u"Nights"_s));
}

void TestQuietTimes::aCalendarIsNamed()
{
    CommandFixture desk;
    DONE(desk.begin());
    VALUE(always, Calendar::make({ .zone = u"UTC"_s, .isAlways = true }));
    commands::SaveAgreements agreed { .hasPolicies = false, .why = u"a test"_s };
    agreed.agreements.calendars.insert_or_assign(u"Days"_s, always);
    commands::Context context = desk.as(u"adm"_s);
    VALUE(saved, commands::run(context, agreed));
    QCOMPARE(saved.moved, 0);
    const commands::QuietTimes times { .outsideOf = u"Days"_s };
    QVERIFY(desk.change("adm", commands::SetQuietTimes { .times = times }).has_value());
    VALUE(read, commands::loadQuietTimes(desk.connection()));
    QCOMPARE(read, times);
}

void TestQuietTimes::whatIsNoJsonCountsForNothing()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"quiet"_s, u"at night"_s);
    }));
    VALUE(read, commands::loadQuietTimes(desk.connection()));
    QVERIFY(read == commands::QuietTimes {});
    // What can be read beside something that cannot counts, and what overlaps is one.
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"quiet"_s,
            u"{\"spans\":[{\"from\":\"2026-06-08T10:00:00Z\",\"to\":\"2026-06-08T12:00:00Z\"},"
            "{\"from\":\"2026-06-08T11:00:00Z\",\"to\":\"2026-06-08T13:00:00Z\"},{\"from\":\"x\"}]}"_s);
    }));
    VALUE(some, commands::loadQuietTimes(desk.connection()));
    const auto at = [](const char *text) { return *Instant::parse(QString::fromLatin1(text)); };
    QCOMPARE(some.spans,
        (std::vector<TimeSpan> { { at("2026-06-08T10:00:00Z"), at("2026-06-08T13:00:00Z") } }));
}

QTEST_GUILESS_MAIN(TestQuietTimes)
#include "tst_quiettimes.moc"
