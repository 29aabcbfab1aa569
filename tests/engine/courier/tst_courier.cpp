#include "tests/engine/courier/couriertest.h"
#include "tests/support/caserange.h"

#include <QTest>

#include <map>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Does = FakeWay::Does;

/// What is to be told reaches everybody once, whatever ways and programs do (M89 to M92, M120, W27).
class TestCourier : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void eachMemberIsToldOnceWithTheCard();
    void aGroupHasOnePost();
    void whoTookItIsToldAtTheSamePlace();
    void theFirstClaimAccepts();
    void outsidersReadTheKeyAlone();
    void nobodyToTellIsNoDelivery();
    void refusedForFiveMinutesGoesByMailOnce();
    void aShutWayWaitsForAPerson();
    void aFailingWayHoldsNoOtherUp();
    void whatCannotBeSeenIsNotSentTwice();
    void overTheBudgetThereIsADigest();
    void whatWasSolvedMeanwhileIsDropped();
    void theyAreGivenUpAfterADay();
    void oncePerMemberOverKilledSends();
};

void TestCourier::eachMemberIsToldOnceWithTheCard()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    desk.after(1h);
    QCOMPARE(desk.mailSide.arrived.size(), 2U); // bob and bea
    for (const char *who : { "bob@desk.test", "bea@desk.test" }) {
        const auto told = desk.mailSide.at(QString::fromLatin1(who));
        QCOMPARE(told.size(), 1U);
        const notify::Card &card = told[0].card;
        QCOMPARE(card.ticket, u"T-1"_s);
        QCOMPARE(card.subject, u"Cannot log in"_s);
        QCOMPARE(card.customer, u"Ada Lind, Lind AB"_s);
        QCOMPARE(card.plan, u"enterprise"_s);
        QVERIFY2(card.reason.contains(u"Login fails"), qPrintable(card.reason));
        QCOMPARE(card.text, u"Escalated to L2, Technical by ANN."_s);
        QVERIFY(card.tier.endsWith(u"· Technical"));
    }
    QCOMPARE(desk.chatSide.arrived.size(), 0U);
}

void TestCourier::aGroupHasOnePost()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    QCOMPARE(desk.chatSide.arrived.size(), 1U);
    QCOMPARE(desk.chatSide.arrived[0].address, u"#tech"_s);
    QCOMPARE(desk.chatSide.arrived[0].topic, desk.state(u"T-1"_s).escalations[0].id);
    QCOMPARE(desk.chatSide.arrived[0].receipt, QString());
    QCOMPARE(desk.mailSide.arrived.size(), 0U);
}

void TestCourier::whoTookItIsToldAtTheSamePlace()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    DONE(desk.run("bob", commands::Accept { u"T-1"_s }));
    desk.after(1min);
    const auto told = desk.chatSide.arrived;
    QCOMPARE(told.size(), 2U);
    QCOMPARE(told[1].act, notify::Act::Acknowledge);
    QCOMPARE(told[1].topic, told[0].topic);
    QCOMPARE(told[1].receipt, u"post of "_s + told[0].topic); // the same post changes
    QCOMPARE(told[1].card.text, u"BOB has taken it."_s);
    DONE(desk.run("bob",
        commands::Return { .ticket = u"T-1"_s, .verdict = Verdict::Answered, .note = u"Done."_s }));
    desk.after(1min);
    desk.after(1h);
    QCOMPARE(desk.chatSide.arrived.size(), 3U);
    QCOMPARE(desk.chatSide.arrived[2].act, notify::Act::Resolve);
    QCOMPARE(desk.chatSide.again, 0);
}

void TestCourier::theFirstClaimAccepts()
{
    CourierFixture desk;
    desk.settings.hearEvery = 10ms;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    const QString topic = desk.chatSide.arrived.at(0).topic;
    const auto claim = [&](const char *who, qint64 at) {
        return notify::Heard { .topic = topic,
            .kind = notify::Heard::Kind::Claim,
            .id = QString::fromLatin1(who),
            .who = QString::fromLatin1(who),
            .email = QString::fromLatin1(who).toUpper() + u"@desk.test"_s,
            .at = { at } };
    };
    // Heard in any order; a stranger's word takes nothing.
    desk.chatSide.heard = { claim("bea", 30), claim("stranger", 5), claim("bob", 20) };
    QTRY_COMPARE(desk.state(u"T-1"_s).escalations[0].acceptedBy, u"bob"_s);
    QCOMPARE(desk.state(u"T-1"_s).ticket.assignee, u"bob"_s);
    desk.after(1min);
    QCOMPARE(desk.chatSide.arrived.back().card.text, u"BOB has taken it."_s);
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestCourier::outsidersReadTheKeyAlone()
{
    CourierFixture desk;
    DONE(desk.begin());
    // The legal team's own channel, and everybody's.
    DONE(desk.write([&](storage::WriteScope &scope) {
        return storage::saveRoutes(scope,
            { { NoticeTarget::Team, u"Legal"_s, u"chat"_s, u"#legal"_s },
                { NoticeTarget::Tier, {}, u"chat"_s, u"#all"_s } });
    }));
    DONE(desk.escalated(u"T-1"_s, u"Legal"_s, "adm"));
    const TicketState state = desk.state(u"T-1"_s);
    DONE(desk.write([&](storage::WriteScope &scope) {
        Notice notice { .ticket = state.ticket.id,
            .at = desk.clock.now(),
            .kind = NoticeTarget::Tier,
            .target = u"L2"_s,
            .text = u"Cannot log in: look at it."_s,
            .topic = state.escalations[0].id };
        return storage::insertNotice(scope, notice);
    }));
    desk.after(0ms);
    const auto inside = desk.chatSide.at(u"#legal"_s), outside = desk.chatSide.at(u"#all"_s);
    QCOMPARE(inside.size(), 1U);
    QCOMPARE(outside.size(), 1U);
    QCOMPARE(inside[0].card.subject, u"Cannot log in"_s);
    QCOMPARE(outside[0].card, (notify::Card { .ticket = u"T-1"_s }));
}

void TestCourier::nobodyToTellIsNoDelivery()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    commands::Escalate command = desk.escalation(u"T-1"_s, u"L3"_s);
    DONE(desk.run("ann", command));
    desk.after(0ms);
    QCOMPARE(desk.deliveries().size(), 0U);
    VALUE(waiting, storage::nextUnrouted(desk.connection()));
    QVERIFY(!waiting);
}

void TestCourier::refusedForFiveMinutesGoesByMailOnce()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    desk.chat->does = [](const notify::Telling &) { return Does::FailsLater; };
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    for (int second = 0; second < 290; second += 10)
        desk.after(10s);
    QCOMPARE(desk.mailSide.arrived.size(), 0U);
    for (int minute = 0; minute < 60; ++minute)
        desk.after(1min);
    QCOMPARE(desk.mailSide.arrived.size(), 2U); // bob and bea, once each
    QCOMPARE(desk.mailSide.again, 0);
    QVERIFY(desk.chatSide.asked > 5 && desk.chatSide.asked < 60);
    // The group's post still comes once the way is there again.
    desk.chat->does = [](const notify::Telling &) { return Does::Arrives; };
    desk.after(15min);
    QCOMPARE(desk.chatSide.arrived.size(), 1U);
    QCOMPARE(desk.mailSide.arrived.size(), 2U);
}

void TestCourier::aShutWayWaitsForAPerson()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    desk.chat->does = [](const notify::Telling &) { return Does::Shuts; };
    QStringList shut;
    QObject::connect(desk.courier.get(), &engine::Courier::wayShut, desk.courier.get(),
        [&](const QString &way, const QString &why) { shut.append(way + u": "_s + why); });
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    DONE(desk.escalated(u"T-2"_s));
    desk.after(10min);
    QCOMPARE(desk.chatSide.asked, 1);
    QCOMPARE(shut, QStringList { u"chat: The sign-in was refused."_s });
    VALUE(way, storage::findWay(desk.connection(), u"chat"_s));
    QCOMPARE(way.problem, u"The sign-in was refused."_s);
    QCOMPARE(desk.mailSide.arrived.size(), 2U); // of T-1: somebody hears of it all the same
    desk.restart(); // a person saw to it
    desk.rest();
    desk.after(10min);
    QCOMPARE(desk.chatSide.arrived.size(), 2U);
}

void TestCourier::aFailingWayHoldsNoOtherUp()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.write([&](storage::WriteScope &scope) {
        return storage::saveRoutes(scope,
            { { NoticeTarget::Team, u"Technical"_s, u"chat"_s, u"#tech"_s },
                { NoticeTarget::Team, u"Technical"_s, u"mail"_s, u"tech@desk.test"_s } });
    }));
    desk.chat->does = [](const notify::Telling &) { return Does::FailsLater; };
    for (int i = 1; i <= 50; ++i)
        DONE(desk.escalated(u"T-%1"_s.arg(i)));
    desk.after(0ms);
    QCOMPARE(desk.mailSide.arrived.size(), 50U);
    QVERIFY2(desk.chatSide.asked <= 8, "a way that fails is asked by one at a time");
}

void TestCourier::whatCannotBeSeenIsNotSentTwice()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    desk.chat->does = [](const notify::Telling &) { return Does::LooksBlind; };
    desk.chat->isBlind = true;
    DONE(desk.escalated(u"T-1"_s));
    for (int i = 0; i < 100; ++i)
        desk.after(i == 0 ? 0ms : 6s);
    QCOMPARE(desk.chatSide.arrived.size(), 1U);
    QCOMPARE(desk.chatSide.again, 0);
    QCOMPARE(desk.chatSide.asked, 6); // told once, looked for five times
    const auto all = desk.deliveries();
    QCOMPARE(all.size(), 1U);
    QCOMPARE(all[0].state, Delivery::State::Sent);
    QVERIFY2(all[0].error.startsWith(u"It may have arrived"), qPrintable(all[0].error));
}

void TestCourier::overTheBudgetThereIsADigest()
{
    CourierFixture desk;
    desk.settings.terms.perHour = 3;
    DONE(desk.begin());
    for (int i = 1; i <= 8; ++i) {
        DONE(desk.escalated(u"T-%1"_s.arg(i)));
        desk.after(1s);
    }
    QCOMPARE(desk.mailSide.at(u"bob@desk.test"_s).size(), 3U);
    desk.after(1h);
    desk.after(1h);
    const auto told = desk.mailSide.at(u"bob@desk.test"_s);
    QCOMPARE(told.size(), 4U);
    QCOMPARE(told[3].card.subject, u"5 things from the last hour"_s);
    for (int i = 4; i <= 8; ++i)
        QVERIFY(told[3].card.text.contains(u"T-%1 "_s.arg(i)));
    QVERIFY(!told[3].card.text.contains(u"T-3 "));
    for (const Delivery &one : desk.deliveries())
        QCOMPARE(one.state, Delivery::State::Sent);
}

void TestCourier::whatWasSolvedMeanwhileIsDropped()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    desk.chat->does = [](const notify::Telling &) { return Does::FailsLater; };
    DONE(desk.escalated(u"T-1"_s));
    desk.after(0ms);
    DONE(desk.run("bob", commands::Accept { u"T-1"_s }));
    DONE(desk.run("bob", commands::Solve { .ticket = u"T-1"_s }));
    desk.chat->does = [](const notify::Telling &) { return Does::Arrives; };
    desk.after(20min);
    QCOMPARE(desk.chatSide.arrived.size(), 0U);
    QCOMPARE(desk.deliveries()[0].state, Delivery::State::Dropped);
}

void TestCourier::theyAreGivenUpAfterADay()
{
    CourierFixture desk;
    DONE(desk.begin());
    DONE(desk.routeTeam(u"Technical"_s, u"#tech"_s));
    desk.chat->does = [](const notify::Telling &) { return Does::FailsLater; };
    DONE(desk.escalated(u"T-1"_s));
    for (int i = 0; i < 26 * 4; ++i)
        desk.after(15min);
    const auto all = desk.deliveries();
    const auto post = std::ranges::find(all, u"chat"_s, &Delivery::way);
    QVERIFY(post != all.end());
    QCOMPARE(post->state, Delivery::State::GivenUp);
    QCOMPARE(post->error, u"It is away."_s);
    QVERIFY(!post->next);
}

/// Programs die at any turn of the loop, answers and requests are lost: everybody hears of each escalation once.
void TestCourier::oncePerMemberOverKilledSends()
{
    const quint64 seed = 20261123;
    const int wanted = qEnvironmentVariableIsSet("TIERLINE_LONG") ? 1'000 : 60;
    qInfo("seed %llu, %d kills", static_cast<unsigned long long>(seed), wanted);
    CourierFixture desk(seed);
    desk.settings.terms.perHour = 0;
    SeededRandom chance(seed);
    const auto moody = [&](const notify::Telling &) {
        switch (chance.next64() % 8) {
        case 0: return Does::LosesAnswer;
        case 1: return Does::LosesRequest;
        case 2: return Does::FailsLater;
        default: return Does::Arrives;
        }
    };
    desk.onRestart = [&] {
        desk.mail->does = moody;
        desk.chat->does = moody;
        desk.mail->turns = 1 + int(chance.next64() % 4);
    };
    DONE(desk.begin());
    DONE(desk.write([&](storage::WriteScope &scope) {
        return storage::saveRoutes(
            scope, { { NoticeTarget::Team, u"Security"_s, u"chat"_s, u"#security"_s } });
    }));
    int tickets = 0;
    for (int kill = 0; kill < wanted; ++kill) {
        if (kill % 2 == 0)
            DONE(desk.escalated(u"K-%1"_s.arg(++tickets)));
        desk.clock.advance(Millis(qint64(chance.next64() % 20'000)));
        desk.courier->wake();
        for (quint64 turns = chance.next64() % 12; turns > 0; --turns)
            QTest::qWait(0);
        desk.restart();
    }
    desk.mail->does = desk.chat->does = [](const notify::Telling &) { return Does::Arrives; };
    for (int i = 0; i < 200; ++i)
        desk.after(30s);
    QCOMPARE(desk.mailSide.again, 0);
    std::map<std::pair<QString, QString>, int> told;
    for (const notify::Telling &one : desk.mailSide.arrived)
        ++told[{ one.card.ticket, one.address }];
    QCOMPARE(told.size(), size_t(tickets) * 2);
    for (const auto &[whom, times] : told)
        QVERIFY2(times == 1, qPrintable(whom.first + u" to "_s + whom.second));
    for (const Delivery &one : desk.deliveries())
        QCOMPARE(one.state, Delivery::State::Sent);
}

QTEST_GUILESS_MAIN(TestCourier)
#include "tst_courier.moc"
