#include "enginetest.h"

#include <QSet>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Very many timers that are due at once: taken some at a time, so that whoever shares the store's thread waits for no
// more than a few of them; in due order, and of one instant the urgent tickets first.

namespace {

constexpr int batch = 16;
const auto waits = u"rule \"Waits\" when no agent reply for 2h then tag late"_s;

int tickets()
{
    return qEnvironmentVariable("TIERLINE_LONG") == u"1" ? 2'000 : 120;
}

} // namespace

class TestManyDue : public QObject
{
    Q_OBJECT
private slots:
    void someAtATimeAndTheUrgentFirst();
    void personsGetInBetween();
    void timersWithoutWorkCostLittle();
};

void TestManyDue::someAtATimeAndTheUrgentFirst()
{
    EngineFixture desk;
    DONE(desk.begin({ .batch = batch, .slice = 1h }));
    DONE(desk.rules(waits));
    SeededRandom dice(63);
    QHash<qint64, std::pair<qint64, int>> placeOf; ///< due, urgency
    for (int i = 0; i < tickets(); ++i) {
        if (i % 40 == 0)
            desk.clock.advance(1min);
        const auto priority = Priority(dice.below(4));
        VALUE(made, desk.newTicket(u"T-%1"_s.arg(i), priority));
        placeOf[made.state.ticket.id.v]
            = { (desk.clock.now() + 2h).ms, int(Priority::Urgent) - int(priority) };
    }
    desk.settle();
    VALUE(armed, storage::countTimers(desk.connection()));
    QCOMPARE(armed, qint64(tickets()));
    desk.clock.advance(10h);
    int fired = 0, steps = 0;
    while (fired < tickets()) {
        VALUE(step, desk.engine->step());
        QVERIFY(step.tally.fired <= batch);
        QVERIFY(step.tally.looked <= 3 * batch); // the changes of those before are looked at, too
        fired += step.tally.fired;
        ++steps;
        QVERIFY2(steps < 10 * tickets(), "The engine does not get on.");
    }
    QVERIFY(steps >= tickets() / batch);
    VALUE(all, storage::loadFirings(desk.connection(), { .limit = 10'000, .isOldestFirst = true }));
    QCOMPARE(all.size(), size_t(tickets()));
    for (size_t i = 1; i < all.size(); ++i) {
        const auto before = placeOf[all[i - 1].ticket.v], here = placeOf[all[i].ticket.v];
        QVERIFY2(before <= here,
            qPrintable(u"%1 (%2) came before %3 (%4)"_s.arg(QString::number(before.first),
                QString::number(before.second), QString::number(here.first),
                QString::number(here.second))));
    }
}

/// A person's change is in the store at once, whatever is still due, and what it changes is not done any more.
void TestManyDue::personsGetInBetween()
{
    EngineFixture desk;
    DONE(desk.begin({ .batch = batch, .slice = 1h }));
    DONE(desk.rules(waits));
    for (int i = 0; i < 4 * batch; ++i)
        DONE(desk.newTicket(u"T-%1"_s.arg(i)));
    desk.settle();
    desk.clock.advance(3h);
    QSet<QString> answered;
    for (int i = 4 * batch - 1; i >= 2 * batch; i -= 12) {
        VALUE(step, desk.engine->step());
        QVERIFY(step.hasMore);
        const QString key = u"T-%1"_s.arg(i);
        if (!desk.state(key).ticket.tags.isEmpty())
            continue;
        DONE(desk.run("ann", commands::Reply { key, u"On it."_s }));
        answered.insert(key);
    }
    QVERIFY(!answered.isEmpty());
    desk.settle();
    for (int i = 0; i < 4 * batch; ++i) {
        const QString key = u"T-%1"_s.arg(i);
        QCOMPARE(desk.firings(key).size(), answered.contains(key) ? 0U : 1U);
    }
    QCOMPARE(desk.problem, QString());
}

/// Timers whose tickets need nothing any more go away, some at a time.
void TestManyDue::timersWithoutWorkCostLittle()
{
    EngineFixture desk;
    DONE(desk.begin({ .batch = batch, .slice = 1h }));
    DONE(desk.rules(waits));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    const int many = 40 * tickets();
    DONE(desk.connection().execute("PRAGMA foreign_keys = OFF"));
    DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < many; ++i)
            TIERLINE_CHECK(
                storage::armTimer(scope, { { 1'000'000 + i }, scope.now() + 3h, u"gone"_s }));
        return Done {};
    }));
    desk.clock.advance(4h);
    int steps = 0;
    for (bool hasMore = true; hasMore; ++steps) {
        VALUE(step, desk.engine->step());
        QVERIFY(step.tally.looked <= 3 * batch);
        hasMore = step.hasMore;
    }
    QVERIFY(steps >= many / batch);
    QCOMPARE(desk.firings(u"T-1"_s).size(), 1U);
    VALUE(left, storage::countTimers(desk.connection()));
    QCOMPARE(left, 0);
}

QTEST_GUILESS_MAIN(TestManyDue)
#include "tst_manydue.moc"
