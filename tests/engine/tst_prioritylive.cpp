#include "enginetest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// A live priority policy gives tickets their priority, and says why.

namespace {

const auto policy = u"priority policy \"House order\" by score\n"
                    "  40 when plan is enterprise\n"
                    "  30 when no agent reply for 3h\n"
                    "  40 when tags include outage\n"
                    "  urgent from 100\n"
                    "  high from 60\n"
                    "  normal from 40\n"
                    "  otherwise low\n"_s;

Result<Done> setLive(EngineFixture &desk, const QString &text, bool appliesToStanding = false)
{
    commands::Context context = desk.as(u"lea"_s);
    TIERLINE_CHECK(commands::run(context,
        commands::SaveRules {
            .texts = { { .kind = RuleKind::Policy, .name = u"House order"_s, .text = text } },
            .reason = { u"a test"_s } }));
    TIERLINE_CHECK(commands::run(context,
        commands::SetRuleState { .rule = u"House order"_s,
            .state = RuleState::Live,
            .reason = { u"a test"_s },
            .appliesToStanding = appliesToStanding }));
    return Done {};
}

} // namespace

class TestPriorityLive : public QObject
{
    Q_OBJECT
private slots:
    void aLivePolicyOrdersTickets();
    void timeAloneChangesIt();
    void aHandGoesBeforeIt();
    void itNeverLowersWhatARuleRaised();
    void whatStoodIsLeftUnlessChosen_data();
    void whatStoodIsLeftUnlessChosen();

private:
    static Priority of(EngineFixture &desk, const QString &key)
    {
        return desk.state(key).ticket.priority;
    }
};

void TestPriorityLive::aLivePolicyOrdersTickets()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(setLive(desk, policy));
    DONE(desk.newTicket(u"T-1"_s, Priority::Low)); // of an enterprise customer
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(of(desk, u"T-1"_s), Priority::Normal);
    const Firing line = desk.firings(u"T-1"_s).front();
    QCOMPARE(line.name, u"House order"_s);
    QCOMPARE(line.sentence, u"normal: 40 (plan is enterprise) = 40, normal from 40"_s);
    QCOMPARE(line.deeds.front().action, u"set priority normal"_s);
    QCOMPARE(desk.settle().fired, 0);
    // What it reads changes, there and back.
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"tags"_s, u"outage"_s } } }));
    desk.settle();
    QCOMPARE(of(desk, u"T-1"_s), Priority::High);
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"tags"_s, u"calm"_s } } }));
    desk.settle();
    QCOMPARE(of(desk, u"T-1"_s), Priority::Normal);
    QCOMPARE(desk.firings(u"T-1"_s).size(), 3U);
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
    desk.restart();
    QCOMPARE(desk.settle().fired, 0);
    QCOMPARE(desk.problem, QString());
}

void TestPriorityLive::timeAloneChangesIt()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(setLive(desk, policy));
    DONE(desk.newTicket(u"T-1"_s));
    QCOMPARE(desk.settle().fired, 0); // it is what it should be
    QCOMPARE(desk.armed(u"T-1"_s), desk.clock.now() + 3h);
    QCOMPARE(desk.after(3h - 1ms).fired, 0);
    QCOMPARE(desk.after(1ms).fired, 1);
    QCOMPARE(of(desk, u"T-1"_s), Priority::High);
    DONE(desk.run("ann", commands::Reply { u"T-1"_s, u"On it."_s }));
    desk.settle();
    QCOMPARE(of(desk, u"T-1"_s), Priority::Normal);
}

void TestPriorityLive::aHandGoesBeforeIt()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(setLive(desk, policy));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"priority"_s, u"low"_s } } }));
    QCOMPARE(desk.settle().fired, 0);
    QCOMPARE(desk.after(5h).fired, 0);
    QCOMPARE(of(desk, u"T-1"_s), Priority::Low);
    // Opened again it is another case.
    DONE(desk.run("ann", commands::Solve { u"T-1"_s }));
    DONE(desk.run("ann", commands::Reopen { u"T-1"_s, u"It is back."_s }));
    desk.settle();
    QCOMPARE(of(desk, u"T-1"_s), Priority::Normal);
}

void TestPriorityLive::itNeverLowersWhatARuleRaised()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(setLive(desk, policy));
    DONE(desk.rules(
        u"rule \"VIP\" when tags include vip then set priority urgent\n"
        "rule \"Down\" when priority is normal and tags include low then set priority low"_s));
    DONE(desk.newTicket(u"T-1"_s));
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"tags"_s, u"vip"_s } } }));
    desk.settle();
    QCOMPARE(of(desk, u"T-1"_s), Priority::Urgent);
    desk.after(3h); // the policy says high by now
    QCOMPARE(of(desk, u"T-1"_s), Priority::Urgent);
    // Two that want different things come to rest.
    DONE(desk.newTicket(u"T-2"_s));
    DONE(desk.run("ann", commands::SetFields { u"T-2"_s, { { u"tags"_s, u"low"_s } } }));
    desk.settle();
    QCOMPARE(desk.problem, QString());
    QVERIFY(desk.firings(u"T-2"_s).size() <= 2);
    QCOMPARE(desk.settle().fired, 0);
}

void TestPriorityLive::whatStoodIsLeftUnlessChosen_data()
{
    QTest::addColumn<bool>("isChosen");
    QTest::newRow("left") << false;
    QTest::newRow("chosen") << true;
}

void TestPriorityLive::whatStoodIsLeftUnlessChosen()
{
    QFETCH(bool, isChosen);
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s, Priority::Low));
    desk.settle();
    desk.clock.advance(1min);
    DONE(setLive(desk, policy, isChosen));
    desk.after(1s);
    QCOMPARE(of(desk, u"T-1"_s), isChosen ? Priority::Normal : Priority::Low);
}

QTEST_GUILESS_MAIN(TestPriorityLive)
#include "tst_prioritylive.moc"
