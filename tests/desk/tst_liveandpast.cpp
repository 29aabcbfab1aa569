#include "core/desk/rulepast.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "tests/engine/randommonth.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// They only tell somebody, so that the past they are tried on is the one they lived through.
const auto ruleText
    = u"rule \"First\" when no agent reply for 2h and tier is L1 then notify manager continue\n"
      "rule \"Angry\" when text mentions \"lawyer\" or \"refund\" then notify role lead continue\n"
      "rule \"Waiting\" when no agent reply for 4h and not priority is low then notify team \"Technical\"\n"
      "rule \"Urgent waiting\" when priority is urgent and unassigned for 30m then notify role lead\n"
      "rule \"Unaccepted\" when unaccepted for 5m then notify manager continue\n"
      "rule \"Idle\" when idle for 24h and status is open or pending then remind\n"
      "rule \"Back again\" when reopened 1 times then notify manager continue\n"
      "rule \"Big\" when plan is enterprise and no agent reply for 3h then notify manager continue\n"
      "rule \"Sick\" when health is under 30 and not status is pending then notify role lead continue\n"
      "rule \"Old\" when open for 7d then notify role lead\n"_s;

struct Seen {
    QString rule, ticket, sentence;
    qint64 at = 0;
};

bool isEarlier(const Seen &a, const Seen &b)
{
    return std::tie(a.at, a.ticket, a.rule, a.sentence)
        < std::tie(b.at, b.ticket, b.rule, b.sentence);
}

QByteArray told(const std::vector<Seen> &only, const QByteArray &where)
{
    QByteArray text = where;
    for (size_t i = 0; i < only.size() && i < 5; ++i)
        text += "\n  " + only[i].ticket.toUtf8() + ' ' + Instant { only[i].at }.iso().toUtf8() + ' '
            + only[i].rule.toUtf8() + ": " + only[i].sentence.toUtf8();
    return text;
}

} // namespace

/// What rules do live is what a backtest says of the same events: same tickets, same instants, same sentences.
class TestLiveAndPast : public QObject
{
    Q_OBJECT
private slots:
    void aMonthOfTickets_data();
    void aMonthOfTickets();
};

void TestLiveAndPast::aMonthOfTickets_data()
{
    QTest::addColumn<quint64>("seed");
    const quint64 seeds = qEnvironmentVariable("TIERLINE_LONG") == u"1" ? 40 : 4;
    for (quint64 seed = 1; seed <= seeds; ++seed)
        QTest::newRow(qPrintable(u"seed %1"_s.arg(seed))) << seed;
}

void TestLiveAndPast::aMonthOfTickets()
{
    QFETCH(quint64, seed);
    EngineFixture desk(seed);
    DONE(desk.begin());
    DONE(desk.rules(ruleText));
    RandomMonth month(desk, seed, true);
    month.live(30 * 24h);
    QCOMPARE(desk.problem, QString());

    // Enough changed for the past to be another one with today's customer.
    VALUE(state, storage::loadTicket(desk.connection(), desk.id(RandomMonth::key(1))));
    VALUE(turns, storage::loadOrganizationPast(desk.connection(), state.ticket.organization));
    QVERIFY(turns.size() > 5);

    std::vector<Seen> live;
    for (int i = 1; i <= month.tickets(); ++i) {
        const QString key = RandomMonth::key(i);
        for (const Firing &firing : desk.firings(key)) {
            QCOMPARE(firing.at, firing.due);
            live.push_back({ firing.name, key, firing.sentence, firing.due.ms });
        }
    }
    desk::RulePast past(desk.connection(), Visibility::all());
    VALUE(set, past.compile(ruleText.toUtf8()));
    VALUE(result, past.backtest(*set, { .to = desk.clock.now() }));
    std::vector<Seen> played;
    for (const rules::BacktestRule &rule : result.rules) {
        for (const rules::BacktestFire &fire : rule.fires)
            played.push_back({ rule.name, fire.key, fire.sentence, fire.at.ms });
    }
    std::ranges::sort(live, isEarlier);
    std::ranges::sort(played, isEarlier);
    std::vector<Seen> onlyLive, onlyPlayed;
    std::ranges::set_difference(live, played, std::back_inserter(onlyLive), isEarlier);
    std::ranges::set_difference(played, live, std::back_inserter(onlyPlayed), isEarlier);
    QVERIFY2(live.size() > 50, QByteArray::number(qsizetype(live.size())).constData());
    QVERIFY2(onlyLive.empty(), told(onlyLive, "only live:").constData());
    QVERIFY2(onlyPlayed.empty(), told(onlyPlayed, "only in the backtest:").constData());
    QCOMPARE(live.size(), played.size());
}

QTEST_GUILESS_MAIN(TestLiveAndPast)
#include "tst_liveandpast.moc"
