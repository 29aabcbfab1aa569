#include "core/commands/ways.h"
#include "core/storage/deliveries.h"
#include "core/storage/ways.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

Way mail(const QString &name = u"mail"_s)
{
    return { .name = name,
        .type = u"smtp"_s,
        .url = u"smtp://mail.example.org:587"_s,
        .options = { { u"from"_s, u"desk@example.org"_s } } };
}

NoticeRoute route(NoticeTarget kind, const QString &target, const QString &way = u"mail"_s)
{
    return { kind, target, way, u"all@example.org"_s };
}

template<typename T>
bool fails(const Result<T> &done, Fault fault, const QString &mention = {})
{
    return !done && done.error().fault == fault && done.error().detail.contains(mention);
}

} // namespace

/// Ways to people, where what is for whom goes, and what of it is dropped or tried again.
class TestWays : public QObject
{
    Q_OBJECT
private slots:
    void leadsMay();
    void namesAreShort();
    void savedAgainIsOpen();
    void theLogKnowsNoPath();
    void removedWithWhatLeadsThere();
    void routesLeadSomewhere();
    void whoLeftHindersNobody();
    void routesOfTwoAtOnce();
    void dropped();
    void triedAgain();
    void confidentialIsNotThere();
    void listsWhatMayBeSeen();

private:
    /// Of a ticket of its own.
    Result<Delivery> deliver(CommandFixture &desk, Delivery::State state, const QString &ticket);
};

Result<Delivery> TestWays::deliver(
    CommandFixture &desk, Delivery::State state, const QString &ticket)
{
    Delivery one { .id = desk.random.uuid(),
        .ticket = desk.state(ticket).ticket.id,
        .topic = desk.random.uuid(),
        .way = u"mail"_s,
        .address = u"all@example.org"_s,
        .state = state,
        .made = desk.clock.now(),
        .attempts = 7,
        .looks = 3,
        .refusedSince = desk.clock.now(),
        .error = u"It is full."_s };
    if (state == Delivery::State::Waiting)
        one.next = desk.clock.now() + Millis(60'000);
    TIERLINE_CHECK(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::insertDelivery(scope, one));
        return Done {};
    }));
    return one;
}

void TestWays::leadsMay()
{
    CommandFixture desk;
    DONE(desk.begin());
    for (const char *who : { "ann", "bea", "ro" }) {
        QVERIFY(fails(desk.change(who, commands::SaveWay { mail() }), Fault::NotAllowed));
        QVERIFY(fails(desk.change(who, commands::RemoveWay { u"mail"_s }), Fault::NotAllowed));
        QVERIFY(fails(desk.change(who, commands::SetRoutes {}), Fault::NotAllowed));
        QVERIFY(fails(desk.change(who, commands::DropDelivery { u"x"_s }), Fault::NotAllowed));
        QVERIFY(fails(desk.change(who, commands::RetryDelivery { u"x"_s }), Fault::NotAllowed));
    }
    VALUE(none, storage::loadWays(desk.connection()));
    QVERIFY(none.empty());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    QVERIFY(desk.change("adm", commands::SaveWay { mail(u"other"_s) }).has_value());
    VALUE(two, storage::loadWays(desk.connection()));
    QCOMPARE(two.size(), size_t(2));
    QCOMPARE(two[0].options, mail().options);
    QCOMPARE(two[0].created, desk.clock.now());
}

void TestWays::namesAreShort()
{
    CommandFixture desk;
    DONE(desk.begin());
    for (const QString &name :
        { u""_s, u"two words"_s, u"a/b"_s, u"a.b"_s, u"way:x"_s, QString(41, u'a'), u"a\nb"_s }) {
        const auto refused = desk.change("lea", commands::SaveWay { mail(name) });
        QVERIFY2(fails(refused, Fault::BadInput), qPrintable(name));
        QCOMPARE(refused.error().where, u"name"_s);
    }
    for (const QString &name : { u"a"_s, QString(40, u'a'), u"Über_uns-2"_s })
        QVERIFY2(
            desk.change("lea", commands::SaveWay { mail(name) }).has_value(), qPrintable(name));
    Way bad = mail();
    bad.type.clear();
    QVERIFY(fails(desk.change("lea", commands::SaveWay { bad }), Fault::BadInput));
    bad = mail();
    bad.options[u"from"_s] = QString(1'001, u'x');
    QVERIFY(fails(desk.change("lea", commands::SaveWay { bad }), Fault::BadInput));
}

void TestWays::savedAgainIsOpen()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::setWayProblem(scope, u"mail"_s, u"The password is refused."_s);
    }));
    desk.clock.advance(Millis(60'000));
    Way again = mail();
    again.user = u"desk"_s;
    again.problem = u"not read"_s;
    QVERIFY(desk.change("lea", commands::SaveWay { again }).has_value());
    VALUE(held, storage::findWay(desk.connection(), u"mail"_s));
    QCOMPARE(held.problem, QString());
    QCOMPARE(held.user, u"desk"_s);
    QCOMPARE(held.created, desk.clock.now()); // whoever has it open opens it anew
}

/// Everybody reads the log, and many a receiver knows us by the path of its address.
void TestWays::theLogKnowsNoPath()
{
    CommandFixture desk;
    DONE(desk.begin());
    Way hook {
        .name = u"hook"_s, .type = u"webhook"_s, .url = u"https://hooks.example.org/T0123/c0ffee"_s
    };
    QVERIFY(desk.change("lea", commands::SaveWay { hook }).has_value());
    VALUE(events, storage::loadEvents(desk.connection(), TicketId {}));
    QCOMPARE(events.back().actor, u"lea"_s);
    const QJsonObject told = events.back().data[u"way.hook"_s].toObject();
    QCOMPARE(told[u"host"_s].toString(), u"hooks.example.org"_s);
    QVERIFY(!QJsonDocument(events.back().data).toJson().contains("c0ffee"));
}

void TestWays::removedWithWhatLeadsThere()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.newTicket(u"T-1"_s).has_value());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    QVERIFY(desk.change("lea", commands::SetRoutes { { route(NoticeTarget::Tier, u"L2"_s) } })
                .has_value());
    VALUE(waits, deliver(desk, Delivery::State::Waiting, u"T-1"_s));
    VALUE(sent, deliver(desk, Delivery::State::Sent, u"T-1"_s));
    const auto unknown = desk.change("lea", commands::RemoveWay { u"mial"_s });
    QVERIFY(fails(unknown, Fault::NotFound, u"mail"_s));
    QVERIFY(desk.change("lea", commands::RemoveWay { u"mail"_s }).has_value());
    VALUE(ways, storage::loadWays(desk.connection()));
    VALUE(routes, storage::loadRoutes(desk.connection()));
    QVERIFY(ways.empty() && routes.empty());
    VALUE(refused, storage::findDelivery(desk.connection(), waits.id));
    QCOMPARE(refused->state, Delivery::State::Refused);
    QVERIFY(!refused->error.isEmpty());
    VALUE(stays, storage::findDelivery(desk.connection(), sent.id));
    QCOMPARE(*stays, sent);
    // It cannot be tried again where there is no way any more.
    QVERIFY(fails(
        desk.change("lea", commands::RetryDelivery { waits.id }), Fault::NotFound, u"mail"_s));
}

void TestWays::routesLeadSomewhere()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    const std::vector<NoticeRoute> good { route(NoticeTarget::Channel, {}),
        route(NoticeTarget::Channel, u"#any"_s), route(NoticeTarget::Agent, u"bob"_s),
        route(NoticeTarget::Team, u"Technical"_s), route(NoticeTarget::Team, {}),
        route(NoticeTarget::Role, u"lead"_s), route(NoticeTarget::Tier, u"L3"_s) };
    QVERIFY(desk.change("lea", commands::SetRoutes { good }).has_value());
    const auto refused = [&](const NoticeRoute &one, const QString &where) {
        std::vector<NoticeRoute> routes = good;
        routes.push_back(one);
        const auto done = desk.change("lea", commands::SetRoutes { routes });
        return fails(done, Fault::BadInput) && done.error().where == where;
    };
    QVERIFY(refused(route(NoticeTarget::Team, u"Nobody"_s), u"target"_s));
    QVERIFY(refused(route(NoticeTarget::Agent, u"nobody"_s), u"target"_s));
    QVERIFY(refused(route(NoticeTarget::Tier, u"L9"_s), u"target"_s));
    QVERIFY(refused(route(NoticeTarget::Role, u"boss"_s), u"target"_s));
    QVERIFY(refused(route(NoticeTarget::Tier, u"L2"_s, u"pigeon"_s), u"way"_s));
    QVERIFY(refused(good[3], u"routes"_s));
    // Nobody learns by a route that a confidential team is there.
    QVERIFY(refused(route(NoticeTarget::Team, u"Legal"_s), u"target"_s));
    std::vector<NoticeRoute> many;
    for (int i = 0; i <= commands::mostRoutes; ++i)
        many.push_back(route(NoticeTarget::Channel, u"#c%1"_s.arg(i)));
    QVERIFY(fails(desk.change("lea", commands::SetRoutes { many }), Fault::BadInput));
    many.pop_back();
    VALUE(held, storage::loadRoutes(desk.connection()));
    QCOMPARE(held.size(), good.size());
    QVERIFY(desk.change("lea", commands::SetRoutes { many }).has_value());
}

void TestWays::whoLeftHindersNobody()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    std::vector<NoticeRoute> routes { route(NoticeTarget::Team, u"Legal"_s),
        route(NoticeTarget::Team, u"Gone"_s) };
    DONE(
        desk.write([&](storage::WriteScope &scope) { return storage::saveRoutes(scope, routes); }));
    routes.push_back(route(NoticeTarget::Tier, u"L2"_s));
    QVERIFY(desk.change("lea", commands::SetRoutes { routes }).has_value());
    VALUE(held, storage::loadRoutes(desk.connection()));
    QCOMPARE(held.size(), size_t(3));
}

void TestWays::routesOfTwoAtOnce()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    VALUE(read, storage::loadRoutes(desk.connection()));
    const std::vector<NoticeRoute> one { route(NoticeTarget::Tier, u"L2"_s) },
        other { route(NoticeTarget::Tier, u"L3"_s) };
    QVERIFY(desk.change("lea", commands::SetRoutes { one, read }).has_value());
    QVERIFY(fails(desk.change("adm", commands::SetRoutes { other, read }), Fault::Conflict));
    VALUE(held, storage::loadRoutes(desk.connection()));
    QCOMPARE(held, one);
}

void TestWays::dropped()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.newTicket(u"T-1"_s).has_value());
    for (const auto state : { Delivery::State::Waiting, Delivery::State::Digest }) {
        VALUE(waits, deliver(desk, state, u"T-1"_s));
        QVERIFY(desk.change("lea", commands::DropDelivery { waits.id }).has_value());
        VALUE(now, storage::findDelivery(desk.connection(), waits.id));
        QCOMPARE(now->state, Delivery::State::Dropped);
        QVERIFY(!now->next);
        QVERIFY(now->error.contains(u"LEA"_s));
    }
    for (const auto state : { Delivery::State::Sending, Delivery::State::Sent,
             Delivery::State::Refused, Delivery::State::GivenUp, Delivery::State::Dropped }) {
        VALUE(other, deliver(desk, state, u"T-1"_s));
        QVERIFY(fails(desk.change("lea", commands::DropDelivery { other.id }), Fault::Conflict));
        VALUE(now, storage::findDelivery(desk.connection(), other.id));
        QCOMPARE(*now, other);
    }
    QVERIFY(fails(
        desk.change("lea", commands::DropDelivery { u"none"_s }), Fault::NotFound, u"none"_s));
}

void TestWays::triedAgain()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.newTicket(u"T-1"_s).has_value());
    QVERIFY(desk.change("lea", commands::SaveWay { mail() }).has_value());
    for (const auto state : { Delivery::State::Refused, Delivery::State::GivenUp }) {
        VALUE(failed, deliver(desk, state, u"T-1"_s));
        desk.clock.advance(Millis(1'000));
        QVERIFY(desk.change("lea", commands::RetryDelivery { failed.id }).has_value());
        VALUE(now, storage::findDelivery(desk.connection(), failed.id));
        QCOMPARE(now->state, Delivery::State::Waiting);
        QCOMPARE(now->next, std::optional(desk.clock.now()));
        QVERIFY(!now->refusedSince);
        QCOMPARE(now->looks, 0);
        VALUE(due, storage::loadDue(desk.connection(), u"mail"_s, desk.clock.now(), 9));
        QVERIFY(std::ranges::find(due, failed.id, &Delivery::id) != due.end());
    }
    for (const auto state : { Delivery::State::Waiting, Delivery::State::Sending,
             Delivery::State::Sent, Delivery::State::Digest, Delivery::State::Dropped }) {
        VALUE(other, deliver(desk, state, u"T-1"_s));
        QVERIFY(fails(desk.change("lea", commands::RetryDelivery { other.id }), Fault::Conflict));
    }
}

/// A lead who may not see a team hears of its tickets' notices as of what is not there.
void TestWays::confidentialIsNotThere()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.newTicket(u"T-1"_s).has_value());
    commands::Escalate up = CommandFixture::escalation(u"T-1"_s);
    up.team = u"Legal"_s;
    up.reason = u"legal"_s;
    QVERIFY(desk.run("adm", up).has_value());
    VALUE(waits, deliver(desk, Delivery::State::Waiting, u"T-1"_s));
    VALUE(refused, deliver(desk, Delivery::State::Refused, u"T-1"_s));
    const auto unseen = desk.change("lea", commands::DropDelivery { waits.id });
    const auto unknown = desk.change("lea", commands::DropDelivery { u"none"_s });
    QVERIFY(fails(unseen, Fault::NotFound) && fails(unknown, Fault::NotFound));
    QCOMPARE(QString(unseen.error().detail).replace(waits.id, u"none"_s), unknown.error().detail);
    QVERIFY(fails(desk.change("lea", commands::RetryDelivery { refused.id }), Fault::NotFound));
    QVERIFY(desk.change("adm", commands::DropDelivery { waits.id }).has_value());
}

void TestWays::listsWhatMayBeSeen()
{
    CommandFixture desk;
    DONE(desk.begin());
    QVERIFY(desk.newTicket(u"T-1"_s).has_value());
    QVERIFY(desk.newTicket(u"T-2"_s).has_value());
    commands::Escalate up = CommandFixture::escalation(u"T-1"_s);
    up.team = u"Legal"_s;
    up.reason = u"legal"_s;
    QVERIFY(desk.run("adm", up).has_value());
    VALUE(hidden, deliver(desk, Delivery::State::Waiting, u"T-1"_s));
    VALUE(open, deliver(desk, Delivery::State::Refused, u"T-2"_s));
    const Visibility lead = desk.as(u"lea"_s).visibility;
    VALUE(all, storage::loadDeliveries(desk.connection(), {}));
    QCOMPARE(all.size(), size_t(2));
    const storage::DeliveryQuery seen { .limit = 1, .visibility = lead };
    VALUE(some, storage::loadDeliveries(desk.connection(), seen));
    QCOMPARE(some, std::vector { open });
    VALUE(count, storage::countDeliveries(desk.connection(), seen));
    QCOMPARE(count, 1);
    const storage::DeliveryQuery one { .ticket = hidden.ticket, .state = Delivery::State::Waiting };
    VALUE(mine, storage::loadDeliveries(desk.connection(), one));
    QCOMPARE(mine, std::vector { hidden });
    const storage::DeliveryQuery none { .ticket = hidden.ticket, .visibility = lead };
    VALUE(nothing, storage::countDeliveries(desk.connection(), none));
    QCOMPARE(nothing, 0);
}

QTEST_GUILESS_MAIN(TestWays)
#include "tst_ways.moc"
