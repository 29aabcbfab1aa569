// What rules read of other tickets, figure by figure, and which tickets an event wakes.

#include "core/rules/neighbours.h"
#include "core/rules/parse.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant start { 1'775'001'600'000 };
constexpr Millis hour { 3'600'000 };
constexpr Millis day { 86'400'000 };

Instant at(double hours)
{
    return start + Millis(qint64(hours * 3'600'000));
}

NeighbourTrace trace(qint64 ticket, double created, qint64 organization = 7)
{
    NeighbourTrace trace;
    trace.ticket = { ticket };
    trace.created = at(created);
    trace.organization = { organization };
    trace.requester = { 100 + ticket };
    return trace;
}

/// A set that reads every figure.
const RuleSet &everything()
{
    static const RuleSet set(
        [] {
            Parsed parsed = parse(
                u"rule \"A\" when 5 tickets from one account within 2d\n"
                "  or 5 unanswered tickets from one account within 1d\n"
                "  or same issue reopened by 3 customers within 7d or 5 similar tickets within 3h\n"
                "  or arrivals within 1h are over 200 % of usual\n"
                "  or capacity of team \"Billing\" is under 20 %\n  then remind"_s);
            if (!parsed.isWhole())
                qFatal("%s", qPrintable(parsed.problems.front().text()));
            return std::move(parsed.document.rules);
        }(),
        {});
    return set;
}

/// -1 where it is not known.
qint64 known(const Told<qint64> &told)
{
    return told.hasValue() ? *told : -1;
}

QList<qint64> numbers(const std::vector<TicketId> &tickets)
{
    QList<qint64> numbers;
    for (const TicketId id : tickets)
        numbers.append(id.v);
    return numbers;
}
QList<double> hours(const std::vector<Instant> &instants)
{
    QList<double> hours;
    for (const Instant instant : instants)
        hours.append(double((instant - start).count()) / 3'600'000);
    return hours;
}

} // namespace

class TestNeighbours : public QObject
{
    Q_OBJECT

private slots:
    void ticketsFromAccount();
    void unanswered();
    void customersReopening();
    void similar_data();
    void similar();
    void arrivals();
    void capacity();
    void whatIsToldAgainReplaces();
    void wakesAndWokenAreOneRelation();
    void onlyWhatIsReadIsKept();
};

void TestNeighbours::ticketsFromAccount()
{
    Neighbours all(everything());
    for (qint64 i = 1; i <= 4; ++i)
        all.set(trace(i, double(i)));
    all.set(trace(9, 2, 8)); // another account
    all.set(trace(10, 2, 0)); // none
    QCOMPARE(known(all.ticketsFromAccount({ 7 }, 2 * hour, at(4))), 2); // (2, 4]
    QCOMPARE(known(all.ticketsFromAccount({ 7 }, day, at(3))), 3); // nothing of later
    QCOMPARE(known(all.ticketsFromAccount({ 8 }, day, at(3))), 1);
    QCOMPARE(known(all.ticketsFromAccount({ 55 }, day, at(3))), 0);
    QCOMPARE(known(all.ticketsFromAccount({}, day, at(3))), -1);
}

void TestNeighbours::unanswered()
{
    Neighbours all(everything());
    for (qint64 i = 1; i <= 3; ++i) {
        NeighbourTrace one = trace(i, double(i));
        if (i < 3)
            one.answered = at(10.0 * double(i));
        all.set(one);
    }
    QCOMPARE(known(all.unansweredFromAccount({ 7 }, day, at(9))), 3);
    QCOMPARE(known(all.unansweredFromAccount({ 7 }, day, at(10))), 2); // answered just now
    QCOMPARE(known(all.unansweredFromAccount({ 7 }, day, at(24))), 1);
    QCOMPARE(known(all.unansweredFromAccount({ 7 }, day, at(27))), 0); // the window is over
}

void TestNeighbours::customersReopening()
{
    Neighbours all(everything());
    const auto reopened
        = [&](qint64 ticket, qint64 organization, double when, const QString &issue) {
              NeighbourTrace one = trace(ticket, 0, organization);
              one.reopenings = { { at(when), issue } };
              all.set(one);
          };
    reopened(1, 7, 10, u"login"_s);
    reopened(2, 7, 11, u"login"_s); // the same customer
    reopened(3, 8, 12, u"login"_s);
    reopened(4, 0, 13, u"login"_s); // no company: the requester is the customer
    reopened(5, 9, 13, u"export"_s);
    QCOMPARE(known(all.customersReopening(u"login"_s, 7 * day, at(13))), 3);
    QCOMPARE(known(all.customersReopening(u"login"_s, 7 * day, at(11))), 1);
    QCOMPARE(known(all.customersReopening(u"login"_s, 2 * hour, at(13))), 2); // (11, 13]
    QCOMPARE(known(all.customersReopening(u"other"_s, day, at(13))), 0);
    QCOMPARE(known(all.customersReopening({}, day, at(13))), -1);
}

void TestNeighbours::similar_data()
{
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("isAlike");
    QTest::newRow("the same") << u"Export of report fails"_s << true;
    QTest::newRow("case and order") << u"REPORT export FAILS"_s << true;
    QTest::newRow("half of the longer") << u"Export of report is missing pages"_s << true;
    QTest::newRow("less than half") << u"Export of report is missing many more pages"_s << false;
    QTest::newRow("one word in common") << u"Export wrong"_s << false;
    QTest::newRow("numbers are no words") << u"4711 4712"_s << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestNeighbours::similar()
{
    QFETCH(QString, other);
    QFETCH(bool, isAlike);
    Neighbours all(everything());
    NeighbourTrace own = trace(1, 5), second = trace(2, 4);
    own.subject = u"Export of report fails"_s; // "of" is too short to count
    second.subject = other;
    all.set(own);
    all.set(second);
    QCOMPARE(known(all.similarTickets(own.subject, 3 * hour, at(5))), isAlike ? 2 : 1);
    QCOMPARE(known(all.similarTickets(own.subject, hour, at(5))), 1); // the other is older
    QCOMPARE(known(all.similarTickets(u"4711"_s, 3 * hour, at(5))), -1);
}

void TestNeighbours::arrivals()
{
    Neighbours all(everything());
    constexpr double week = 24 * 7;
    qint64 ticket = 0;
    // Two in the same hour of each of three weeks before, told out of order.
    for (const int weeks : { 1, 3, 2 }) {
        all.set(trace(++ticket, 4 * week - weeks * week - 0.5));
        all.set(trace(++ticket, 4 * week - weeks * week - 0.25));
    }
    all.set(trace(++ticket, 4 * week - 3 * week - 10)); // history begins before those
    for (int i = 0; i < 5; ++i)
        all.set(trace(++ticket, 4 * week - 0.1 * i));
    QCOMPARE(known(all.arrivalsOfUsual(hour, at(4 * week))), 250'000); // 5 where 2 are usual
    QCOMPARE(known(all.arrivalsOfUsual(hour, at(2 * week))), -1); // of one week only
    QCOMPARE(known(all.arrivalsOfUsual(hour, at(3.5 * week))), -1); // none is usual then
}

void TestNeighbours::capacity()
{
    Neighbours all(everything());
    const auto load = [&](qint64 ticket, std::vector<NeighbourTrace::Load> loads) {
        NeighbourTrace one = trace(ticket, 0);
        one.loads = std::move(loads);
        all.set(one);
    };
    load(1, { { at(1), u"Billing"_s }, { at(5), {} } });
    load(2, { { at(2), u"Billing"_s }, { at(3), u"Frontline"_s } });
    load(3, { { at(0.5), u"Billing"_s } });
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(2))), -1); // nobody said how many it takes
    all.setCapacity(u"Billing"_s, 4);
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(0))), 100'000);
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(2))), 25'000);
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(4))), 50'000);
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(6))), 75'000);
    all.setCapacity(u"Billing"_s, 2);
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(2))), 0); // never below
    QCOMPARE(known(all.freeCapacity({}, at(2))), -1);
}

void TestNeighbours::whatIsToldAgainReplaces()
{
    Neighbours all(everything());
    all.setCapacity(u"Billing"_s, 10);
    NeighbourTrace one = trace(1, 2);
    one.subject = u"Export fails"_s;
    one.loads = { { at(2), u"Billing"_s } };
    one.reopenings = { { at(3), u"login"_s } };
    all.set(one);
    all.set(one);
    QCOMPARE(known(all.ticketsFromAccount({ 7 }, day, at(4))), 1);
    QCOMPARE(known(all.similarTickets(u"Export fails"_s, 3 * hour, at(4))), 1);
    one.created = at(20); // an event that came late told more
    one.organization = { 8 };
    one.answered = at(21);
    one.loads = { { at(2), u"Frontline"_s } };
    one.reopenings = {};
    all.set(one);
    QCOMPARE(known(all.ticketsFromAccount({ 7 }, day, at(22))), 0);
    QCOMPARE(known(all.ticketsFromAccount({ 8 }, day, at(22))), 1);
    QCOMPARE(known(all.unansweredFromAccount({ 8 }, day, at(22))), 0);
    QCOMPARE(known(all.similarTickets(u"Export fails"_s, 3 * hour, at(4))), 0);
    QCOMPARE(known(all.similarTickets(u"Export fails"_s, 3 * hour, at(22))), 1);
    QCOMPARE(known(all.freeCapacity(u"Billing"_s, at(22))), 100'000);
    QCOMPARE(known(all.customersReopening(u"login"_s, day, at(22))), 0);
}

void TestNeighbours::wakesAndWokenAreOneRelation()
{
    // What one side says, the other says too: for every pair and every instant of random traces.
    for (quint64 seed = 1; seed <= 20; ++seed) {
        SeededRandom random(seed);
        Neighbours all(everything());
        std::vector<NeighbourTrace> traces;
        static const QStringList subjects { u"Export fails"_s, u"Export fails again"_s,
            u"Cannot sign in"_s, QString() };
        for (qint64 i = 1; i <= 25; ++i) {
            NeighbourTrace one = trace(i, double(random.below(96)), random.below(4));
            one.subject = subjects[random.below(subjects.size())];
            if (random.below(2))
                one.answered = *one.created + Millis(random.below(40) * hour.count());
            if (random.below(3) == 0)
                one.reopenings = { { *one.created + random.below(200) * hour, u"login"_s } };
            traces.push_back(one);
            all.set(one);
        }
        for (const NeighbourTrace &cause : traces) {
            for (double when = 0; when < 400; ++when) {
                const QList<qint64> woken = numbers(all.wokenBy(cause, at(when)));
                for (const NeighbourTrace &other : traces) {
                    if (!woken.contains(other.ticket.v))
                        continue;
                    QVERIFY2(hours(all.wakes(other)).contains(when),
                        qPrintable(u"seed %1: %2 wakes %3 at %4"_s.arg(seed)
                                       .arg(cause.ticket.v)
                                       .arg(other.ticket.v)
                                       .arg(when)));
                }
            }
        }
        for (const NeighbourTrace &other : traces) {
            for (const Instant when : all.wakes(other)) {
                const bool isCaused = std::ranges::any_of(traces, [&](const NeighbourTrace &cause) {
                    return numbers(all.wokenBy(cause, when)).contains(other.ticket.v);
                });
                QVERIFY2(isCaused,
                    qPrintable(u"seed %1: nothing wakes %2 at %3"_s.arg(seed)
                                   .arg(other.ticket.v)
                                   .arg(when.iso())));
            }
        }
    }
}

void TestNeighbours::onlyWhatIsReadIsKept()
{
    Parsed parsed = parse(u"rule \"A\" when 3 tickets from one account within 1d then remind"_s);
    const RuleSet set(std::move(parsed.document.rules), {});
    QVERIFY(Neighbours::areReadBy(set));
    Neighbours all(set);
    NeighbourTrace one = trace(1, 2);
    one.subject = u"Export fails"_s;
    all.set(one);
    QCOMPARE(known(all.ticketsFromAccount({ 7 }, day, at(4))), 1);
    QCOMPARE(known(all.similarTickets(u"Export fails"_s, day, at(4))), -1);
    QCOMPARE(known(all.arrivalsOfUsual(hour, at(4))), -1);
    Parsed other = parse(u"rule \"A\" when plan is free then remind"_s);
    const RuleSet plain(std::move(other.document.rules), {});
    QVERIFY(!Neighbours::areReadBy(plain));
}

QTEST_GUILESS_MAIN(TestNeighbours)
#include "tst_neighbours.moc"
