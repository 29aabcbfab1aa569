#include "randommonth.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// A change of a ticket has those rules judged that read what changed, a timer those that time can turn. What comes of it
// is the same as if every look judged every rule: each firing with its instant, its sentence and its place in a chain,
// each thing noted, each timer. Rules that read other tickets are left out: with every rule judged at every timer they
// are read more often than the past says.

namespace {

/// Of every kind, most without any time in them; some set others off.
const auto liveRules
    = u"rule \"Angry\" when text mentions \"lawyer\" or \"refund\" then tag angry continue\n"
      "rule \"Angry and high\" when tags include angry and priority is at least high then"
      " notify role lead continue\n"
      "rule \"Back again\" when reopened 1 times then set category again continue\n"
      "rule \"Again\" when category is again and not tags include angry then notify manager continue\n"
      "rule \"Taken\" when assignee is filled and priority is urgent then note \"Look now\" continue\n"
      "rule \"Human\" when asks for a human or legal words then notify role lead continue\n"
      "rule \"Twice\" when 2 messages without answer and tier is L1 then remind continue\n"
      "rule \"Moved\" when tier is L2 and not status is pending then tag moved\n"
      "rule \"First\" when no agent reply for 2h and tier is L1 then notify manager continue\n"
      "rule \"Waiting\" when no agent reply for 4h and not priority is low then raise priority to high\n"
      "rule \"Untaken\" when unaccepted for 5m then notify manager continue\n"
      "rule \"Idle\" when idle for 24h and status is open or pending then remind\n"
      "rule \"Late\" when sla left below 30m then tag late continue\n"
      "rule \"Ladder\" when tags include late then ladder (after 30m remind, after 60m tag climbed)\n"_s;
const auto shadowRules
    = u"rule \"Shadow words\" when last message mentions \"now\" then notify manager continue\n"
      "rule \"Shadow late\" when tags include late or open for 3d then escalate to L2 reason sla-risk\n"_s;

struct Month {
    QStringList lines; ///< all that the log has, in its order
    QStringList timers;
    qint64 judged = 0;
};

} // namespace

class TestRuleIndex : public QObject
{
    Q_OBJECT
private slots:
    void aMonthIsTheSame_data();
    void aMonthIsTheSame();
    void onlyWhatReadsTheChangeIsJudged();
    void whatCouldNotBeJudgedThenIsJudgedLater();

private:
    static Result<Month> live(quint64 seed, bool judgesAll);
};

Result<Month> TestRuleIndex::live(quint64 seed, bool judgesAll)
{
    EngineFixture desk(seed);
    TIERLINE_CHECK(desk.begin({ .judgesAll = judgesAll }));
    TIERLINE_CHECK(desk.rules(liveRules));
    TIERLINE_CHECK(desk.rules(shadowRules, RuleState::Shadow));
    RandomMonth month(desk, seed);
    month.live(30 * 24h);
    if (!desk.problem.isEmpty())
        return badInput(desk.problem);
    Month lived;
    for (int i = 1; i <= month.tickets(); ++i) {
        const QString key = RandomMonth::key(i);
        for (const Firing &one : desk.firings(key, std::nullopt)) {
            lived.lines.append(u"%1 %2 “%3” due %4 at %5 deep %6 %7: %8"_s.arg(key,
                code(one.outcome), one.name, one.due.iso(), one.at.iso(),
                QString::number(one.depth), one.anchor, one.sentence));
        }
        TIERLINE_TRY(timer, storage::loadTimer(desk.connection(), desk.id(key)));
        lived.timers.append(timer ? u"%1 %2"_s.arg(key, timer->due.iso()) : key);
    }
    lived.judged = desk.judged;
    return lived;
}

void TestRuleIndex::aMonthIsTheSame_data()
{
    QTest::addColumn<quint64>("seed");
    const quint64 seeds = qEnvironmentVariable("TIERLINE_LONG") == u"1" ? 40 : 5;
    for (quint64 seed = 1; seed <= seeds; ++seed)
        QTest::newRow(qPrintable(u"seed %1"_s.arg(seed))) << seed;
}

void TestRuleIndex::aMonthIsTheSame()
{
    QFETCH(quint64, seed);
    VALUE(some, live(seed, false));
    VALUE(all, live(seed, true));
    QVERIFY(all.lines.size() > 50);
    QCOMPARE(some.lines, all.lines);
    QCOMPARE(some.timers, all.timers);
    qInfo("%lld lines; %lld rules judged of %lld", static_cast<long long>(all.lines.size()),
        static_cast<long long>(some.judged), static_cast<long long>(all.judged));
    QVERIFY(some.judged * 4 < all.judged * 3);
}

void TestRuleIndex::onlyWhatReadsTheChangeIsJudged()
{
    EngineFixture desk;
    DONE(desk.begin());
    QString text;
    for (int i = 0; i < 100; ++i)
        text += u"rule \"R%1\" when text mentions \"word%1\" and priority is low then remind\n"_s
                    .arg(i);
    DONE(desk.rules(text + u"rule \"Mine\" when assignee is ann then remind continue\n"_s));
    DONE(desk.newTicket(u"T-1"_s));
    QVERIFY(desk.settle().judged >= 101);
    DONE(desk.run("ann", commands::Claim { u"T-1"_s }));
    const engine::Tally claimed = desk.settle();
    QCOMPARE(claimed.fired, 1);
    QVERIFY2(claimed.judged < 30, QByteArray::number(claimed.judged).constData());
    // Another program on the workspace knows how far this one has judged.
    desk.restart();
    DONE(desk.run(
        "ann", commands::Reassign { .ticket = u"T-1"_s, .to = u"amy"_s, .note = u"Hers."_s }));
    QVERIFY(desk.settle().judged < 30);
    DONE(desk.run("ann", commands::CustomerMessage { u"T-1"_s, u"I said word7."_s }));
    QVERIFY(desk.settle().judged >= 100);
}

/// A ticket that was solved when rules began has not been judged by them: whatever then happens to it judges all.
void TestRuleIndex::whatCouldNotBeJudgedThenIsJudgedLater()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    DONE(desk.run("ann", commands::Solve { u"T-1"_s }));
    desk.settle();
    desk.clock.advance(1h);
    DONE(desk.rules(u"rule \"Urgent\" when priority is urgent then tag seen continue"_s));
    desk.settle();
    desk.clock.advance(1h);
    DONE(desk.run("ann", commands::Reopen { u"T-1"_s, u"It came back."_s }));
    QCOMPARE(desk.settle().fired, 1);
}

QTEST_GUILESS_MAIN(TestRuleIndex)
#include "tst_ruleindex.moc"
