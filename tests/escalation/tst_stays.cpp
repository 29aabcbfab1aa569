#include "core/escalation/stays.h"

#include "core/base/ids.h"
#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

#include <QJsonArray>
#include <QTest>

using namespace tierline;
using namespace tierline::escalation;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Instant monday { 1'780'920'000'000 }; // 2026-06-08T12:00:00Z

/// A log whose ticket is moved along queues, an hour between two moves.
std::vector<Event> moved(const QString &queues, Millis between = 1h)
{
    std::vector<Event> events;
    for (const QChar queue : queues) {
        Event event { .id = { qint64(events.size() + 1) },
            .at = monday + between * qint64(events.size()),
            .kind = events.empty() ? EventKind::Created : EventKind::Reassigned };
        event.tier = u"L2"_s;
        event.team = QString(queue);
        events.push_back(std::move(event));
    }
    return events;
}

/// The same, said in another way: the state behind every prefix of the log.
std::vector<Stay> naiveStays(const std::vector<Event> &events)
{
    const QSet<qint64> undone = undoneIn(events);
    std::vector<Stay> stays;
    std::vector<Event> known;
    TicketState before;
    Instant latest;
    for (size_t i = 0; i < events.size(); ++i) {
        if (undone.contains(events[i].id.v))
            continue;
        known.push_back(events[i]);
        const TicketState now = replay({ 1 }, known);
        const Ticket &t = now.ticket;
        if (isSolved(before.ticket.status) && !isSolved(t.status))
            stays.clear();
        const bool isHop
            = stays.empty() || stays.back().tier != t.tier || stays.back().team != t.team;
        const bool isBack = stays.size() >= 2 && (stays.end() - 2)->tier == t.tier
            && (stays.end() - 2)->team == t.team && events[i].kind == EventKind::Withdrawn;
        if (events[i].tier || events[i].team || stays.empty())
            latest = std::max(latest, events[i].at);
        if (isBack)
            stays.pop_back();
        else if (isHop)
            stays.push_back({ t.tier, t.team, std::max(latest, events[i].at), i });
        before = now;
    }
    return stays;
}

bool naivePingPong(const std::vector<Stay> &stays)
{
    for (size_t i = 0; i + 3 < stays.size(); ++i) {
        QSet<QString> queues;
        for (size_t j = i; j <= i + 3; ++j)
            queues.insert(stays[j].tier + u'/' + stays[j].team);
        if (queues.size() < 4 && stays[i + 3].since - stays[i + 1].since <= 24h)
            return true;
    }
    return false;
}

std::vector<Event> randomLog(SeededRandom &random)
{
    const auto below = [&](quint64 n) { return random.next64() % n; };
    std::vector<Event> events;
    Instant at = monday;
    const quint64 length = 1 + below(24);
    for (quint64 i = 0; i < length; ++i) {
        at = at + Millis(qint64(below(10 * 3'600'000)));
        Event event { .id = { qint64(i + 1) }, .at = at, .order = at };
        switch (i == 0 ? 99 : below(10)) {
        case 99:
            event.kind = EventKind::Created;
            event.tier = u"L1"_s;
            break;
        case 0:
            event.kind = EventKind::Solved;
            event.status = Status::Solved;
            break;
        case 1:
            event.kind = EventKind::Reopened;
            event.status = Status::Open;
            break;
        case 2:
            event.kind = EventKind::Undone;
            event.data[eventdata::undoes] = QJsonArray { qint64(2 + below(i)) };
            break;
        case 3: event.kind = EventKind::Withdrawn; [[fallthrough]];
        case 4:
            event.tier = u"L%1"_s.arg(1 + below(2));
            event.team = QString();
            break;
        default:
            event.kind = below(2) ? EventKind::Moved : EventKind::Reassigned;
            event.team = QString(QChar(u'A' + char16_t(below(3))));
        }
        events.push_back(std::move(event));
    }
    return events;
}

} // namespace

/// Where tickets were, and which of them go back and forth.
class TestStays : public QObject
{
    Q_OBJECT
private slots:
    void aQueueIsATeamOrATier();
    void aReopenedTicketBeginsAnew();
    void whatIsTakenBackIsNoHop();
    void pingPong_data();
    void pingPong();
    void onlyFromThenOn();
    void asASecondWayOfCounting();
};

void TestStays::aQueueIsATeamOrATier()
{
    std::vector<Event> events = moved(u"AAB"_s);
    Event up { .id = { 9 }, .at = monday + 5h, .kind = EventKind::Escalated };
    up.tier = u"L3"_s;
    up.team = QString();
    events.push_back(up);
    const std::vector<Stay> stays = staysOf(events);
    QCOMPARE(stays.size(), size_t(3));
    QCOMPARE(stays[0].queue(), u"A"_s);
    QCOMPARE(stays[1].event, size_t(2));
    QCOMPARE(stays[2].queue(), u"L3"_s);
    QCOMPARE(*earlierStay(stays, u"L2"_s, u"A"_s), size_t(0));
    QVERIFY(!earlierStay(stays, u"L2"_s, u"C"_s));
    QVERIFY(!earlierStay(stays, u"L3"_s, QString())); // it is there, and never was before
    QVERIFY(staysOf({}).empty());
}

void TestStays::aReopenedTicketBeginsAnew()
{
    std::vector<Event> events = moved(u"AB"_s);
    Event solved { .id = { 3 }, .at = monday + 5h, .kind = EventKind::Solved };
    solved.status = Status::Solved;
    Event reopened { .id = { 4 }, .at = monday + 6h, .kind = EventKind::Reopened };
    reopened.status = Status::Open;
    events.insert(events.end(), { solved, reopened });
    const std::vector<Stay> stays = staysOf(events);
    QCOMPARE(stays.size(), size_t(1));
    QCOMPARE(stays[0].queue(), u"B"_s);
    QCOMPARE(stays[0].since, monday + 6h);
}

void TestStays::whatIsTakenBackIsNoHop()
{
    std::vector<Event> events = moved(u"ABA"_s);
    events[2].kind = EventKind::Withdrawn;
    QCOMPARE(staysOf(events).size(), size_t(1));
    events[2].kind = EventKind::Moved;
    QCOMPARE(staysOf(events).size(), size_t(3));
    events[2].data[eventdata::dropped] = u"an operation"_s;
    QCOMPARE(staysOf(events).size(), size_t(1));
    events.pop_back();
    Event undone { .id = { 3 }, .at = monday + 3h, .kind = EventKind::Undone };
    undone.data[eventdata::undoes] = QJsonArray { 2 };
    events.push_back(undone);
    QCOMPARE(staysOf(events).size(), size_t(1));
}

void TestStays::pingPong_data()
{
    QTest::addColumn<QString>("queues");
    QTest::addColumn<qint64>("minutes"); // between two moves
    QTest::addColumn<int>("last");
    QTest::newRow("to and fro") << u"ABAB"_s << qint64(60) << 3;
    QTest::newRow("always further") << u"ABCDEF"_s << qint64(60) << -1;
    QTest::newRow("two hops") << u"ABA"_s << qint64(60) << -1;
    QTest::newRow("in a ring") << u"ABCA"_s << qint64(60) << 3;
    QTest::newRow("back once, then on") << u"ABAC"_s << qint64(60) << 3;
    QTest::newRow("a ring of four") << u"ABCDA"_s << qint64(60) << -1;
    QTest::newRow("a day") << u"ABAB"_s << qint64(12 * 60) << 3;
    QTest::newRow("longer than a day") << u"ABAB"_s << qint64(12 * 60 + 1) << -1;
    QTest::newRow("later") << u"ABCDC"_s << qint64(60) << 4;
}

void TestStays::pingPong()
{
    QFETCH(QString, queues);
    QFETCH(qint64, minutes);
    QFETCH(int, last);
    const auto found = findPingPong(staysOf(moved(queues, Millis(minutes * 60'000))));
    QCOMPARE(found ? int(*found) : -1, last);
}

void TestStays::onlyFromThenOn()
{
    const std::vector<Stay> stays = staysOf(moved(u"ABABC"_s));
    QCOMPARE(*findPingPong(stays, monday + 3h), size_t(3));
    QCOMPARE(*findPingPong(stays, monday + 3h + 1ms), size_t(4));
    QVERIFY(!findPingPong(stays, monday + 5h));
}

void TestStays::asASecondWayOfCounting()
{
    SeededRandom random(20'260'608);
    int pingPongs = 0, lives = 0;
    for (int i = 0; i < 1'000; ++i) {
        const std::vector<Event> events = randomLog(random);
        const std::vector<Stay> stays = staysOf(events), naive = naiveStays(events);
        const QString which = u"log %1"_s.arg(i);
        QVERIFY2(stays.size() == naive.size(), qPrintable(which));
        for (size_t j = 0; j < stays.size(); ++j) {
            QVERIFY2(stays[j].isIn(naive[j].tier, naive[j].team), qPrintable(which));
            QVERIFY2(stays[j].since == naive[j].since, qPrintable(which));
            QVERIFY2(stays[j].event == naive[j].event, qPrintable(which));
        }
        const bool isPingPong = findPingPong(stays).has_value();
        QVERIFY2(isPingPong == naivePingPong(naive), qPrintable(which));
        pingPongs += isPingPong;
        lives += !stays.empty() && stays.front().event > 0;
    }
    // Otherwise the logs say nothing.
    QVERIFY(pingPongs > 100 && pingPongs < 900);
    QVERIFY(lives > 100);
}

QTEST_GUILESS_MAIN(TestStays)
#include "tst_stays.moc"
