#include "storetest.h"

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestPeople : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void tiers();
    void teams();
    void agents();
    void me();
    void organizationsAreFoundByName();
    void organizationsKeepWhatIsNotGiven();
    void replacedFactsAreKeptWithTheirTime();
    void unchangedOrganizationsAreNoNews();
    void requesters();
    void settings();

private:
    std::unique_ptr<StoreFixture> m_desk;
};

void TestPeople::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

void TestPeople::tiers()
{
    const Tier bot { .id = u"L0"_s,
        .name = u"Bot"_s,
        .rank = 0,
        .duty = u"Answers at once."_s,
        .acceptWithin = Millis(1),
        .resolveWithin = Millis(2),
        .replyWithin = Millis(3) };
    DONE(m_desk->write([&](WriteScope &scope) { return saveTier(scope, bot); }));
    VALUE(tiers, loadTiers(m_desk->connection()));
    QCOMPARE(tiers.size(), 4);
    QVERIFY(tiers.first() == bot);
    Tier renamed = bot;
    renamed.name = u"Assistant"_s;
    renamed.rank = 9;
    DONE(m_desk->write([&](WriteScope &scope) { return saveTier(scope, renamed); }));
    VALUE(found, findTier(m_desk->connection(), u"L0"_s));
    QVERIFY(found == renamed);
    VALUE(again, loadTiers(m_desk->connection()));
    QCOMPARE(again.last().id, u"L0"_s);
    FAULT(findTier(m_desk->connection(), u"L9"_s), Fault::NotFound);
}

void TestPeople::teams()
{
    const Team team { .name = u"Appeals"_s, .tier = u"L2"_s, .confidential = Confidential::Legal };
    DONE(m_desk->write([&](WriteScope &scope) { return saveTeam(scope, team); }));
    VALUE(teams, loadTeams(m_desk->connection()));
    QVERIFY(teams.first() == team);
    QVERIFY(!m_desk->write([](WriteScope &scope) {
        return saveTeam(scope, { .name = u"Nowhere"_s, .tier = u"L9"_s });
    }));
}

void TestPeople::agents()
{
    Agent agent { .id = u"priya"_s,
        .name = u"Priya Ω"_s,
        .email = u"p@x.example"_s,
        .homeTier = u"L2"_s,
        .grantedTiers = { u"L1"_s, u"L3"_s },
        .teams = { u"Billing"_s, u"Legal"_s },
        .role = Role::Lead,
        .isActive = false };
    DONE(m_desk->write([&](WriteScope &scope) { return saveAgent(scope, agent); }));
    VALUE(found, findAgent(m_desk->connection(), u"priya"_s));
    QVERIFY(found == agent);
    agent.grantedTiers.clear();
    agent.isActive = true;
    DONE(m_desk->write([&](WriteScope &scope) { return saveAgent(scope, agent); }));
    VALUE(all, loadAgents(m_desk->connection()));
    QCOMPARE(all.size(), 2);
    QVERIFY(all.contains(agent));
    FAULT(findAgent(m_desk->connection(), u"Priya"_s), Fault::NotFound);
}

void TestPeople::me()
{
    FAULT(m_desk->write([](WriteScope &scope) { return saveMe(scope, u"nobody"_s); }),
        Fault::NotFound);
    DONE(m_desk->write([](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveAgent(scope, { .id = u"sam"_s, .name = u"Sam"_s, .homeTier = u"L1"_s }));
        return saveMe(scope, u"sam"_s);
    }));
    VALUE(me, loadMe(m_desk->connection()));
    QCOMPARE(me, u"sam"_s);
}

void TestPeople::organizationsAreFoundByName()
{
    Organization one { .name = u"Acme"_s }, same { .name = u"Acme"_s }, other { .name = u"ACME"_s };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveOrganization(scope, one));
        TIERLINE_CHECK(saveOrganization(scope, same));
        return saveOrganization(scope, other);
    }));
    QCOMPARE(one.id.v, same.id.v);
    QVERIFY(other.id != one.id);
    Organization nameless;
    FAULT(m_desk->write([&](WriteScope &scope) { return saveOrganization(scope, nameless); }),
        Fault::BadInput);
    FAULT(loadOrganization(m_desk->connection(), { 999 }), Fault::NotFound);
}

void TestPeople::organizationsKeepWhatIsNotGiven()
{
    Organization full { .name = u"Acme"_s,
        .plan = u"gold"_s,
        .arr = 10,
        .health = 50,
        .renewal = QDate(2026, 1, 2),
        .flags = { u"vip"_s } };
    Organization part { .name = u"Acme"_s, .health = 20 };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveOrganization(scope, full));
        return saveOrganization(scope, part);
    }));
    VALUE(held, loadOrganization(m_desk->connection(), full.id));
    Organization expected = full;
    expected.health = 20;
    QVERIFY(held == expected);
}

void TestPeople::replacedFactsAreKeptWithTheirTime()
{
    Organization acme { .name = u"Acme"_s, .plan = u"team"_s, .arr = 7'000, .flags = { u"vip"_s } };
    const auto save = [&](const Organization &facts) {
        return m_desk->write([given = facts](WriteScope &scope) {
            Organization copy = given;
            return saveOrganization(scope, copy);
        });
    };
    DONE(m_desk->write([&](WriteScope &scope) { return saveOrganization(scope, acme); }));
    VALUE(untouched, loadOrganizationPast(m_desk->connection(), acme.id));
    QVERIFY(untouched.empty());
    m_desk->clock.advance(24h);
    const Instant first = m_desk->clock.now();
    DONE(save({ .name = u"Acme"_s, .plan = u"enterprise"_s }));
    DONE(save({ .name = u"Acme"_s,
        .health = 10 })); // in the same instant: what stood before both is kept
    m_desk->clock.advance(24h);
    const Instant second = m_desk->clock.now();
    DONE(save({ .name = u"Acme"_s, .plan = u"enterprise"_s })); // nothing new
    DONE(save({ .name = u"Acme"_s, .arr = 90'000 }));
    VALUE(past, loadOrganizationPast(m_desk->connection(), acme.id));
    QCOMPARE(past.size(), size_t(2));
    QCOMPARE(past[0].until, first);
    QVERIFY(past[0].facts == acme);
    QCOMPARE(past[1].until, second);
    QCOMPARE(past[1].facts.plan, u"enterprise"_s);
    QCOMPARE(past[1].facts.arr, std::optional<qint64>(7'000));
    QCOMPARE(past[1].facts.health, std::optional<int>(10));
    QCOMPARE(past[1].facts.flags, acme.flags);
}

void TestPeople::unchangedOrganizationsAreNoNews()
{
    Organization acme { .name = u"Acme"_s, .plan = u"gold"_s };
    const auto save = [&](WriteScope &scope) { return saveOrganization(scope, acme); };
    DONE(m_desk->write(save));
    VALUE(before, feedRevision(m_desk->connection()));
    DONE(m_desk->write(save));
    VALUE(same, feedRevision(m_desk->connection()));
    QCOMPARE(same, before);
    acme.plan = u"silver"_s;
    DONE(m_desk->write(save));
    VALUE(changes, changesSince(m_desk->connection(), before));
    QVERIFY(changes.everything);
}

void TestPeople::requesters()
{
    Organization acme { .name = u"Acme"_s };
    Requester ana { .name = u"Ana"_s, .email = u"Ana@Acme.example"_s };
    Requester again { .name = u"Ana"_s, .email = u"ana@acme.EXAMPLE"_s };
    Requester other { .name = u"Ana B"_s, .email = u"ana@acme.example"_s };
    Requester nameless { .name = u"Ana"_s };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveOrganization(scope, acme));
        TIERLINE_CHECK(saveRequester(scope, ana));
        again.organization = acme.id;
        TIERLINE_CHECK(saveRequester(scope, again));
        TIERLINE_CHECK(saveRequester(scope, other));
        return saveRequester(scope, nameless);
    }));
    QCOMPARE(again.id.v, ana.id.v);
    QVERIFY(other.id != ana.id && nameless.id != ana.id && nameless.id != other.id);
    VALUE(held, loadRequester(m_desk->connection(), ana.id));
    QCOMPARE(held.organization.v, acme.id.v);
    QCOMPARE(held.email, u"Ana@Acme.example"_s);
    FAULT(loadRequester(m_desk->connection(), { 999 }), Fault::NotFound);
}

void TestPeople::settings()
{
    VALUE(otherwise, loadSetting(m_desk->connection(), u"currency"_s, u"EUR"_s));
    QCOMPARE(otherwise, u"EUR"_s);
    DONE(m_desk->write(
        [](WriteScope &scope) { return saveSetting(scope, u"currency"_s, u"USD"_s); }));
    VALUE(saved, loadSetting(m_desk->connection(), u"currency"_s, u"EUR"_s));
    QCOMPARE(saved, u"USD"_s);
    // A setting never reaches what the store keeps for itself.
    DONE(m_desk->write([](WriteScope &scope) { return saveSetting(scope, u"me"_s, u"x"_s); }));
    VALUE(me, loadMe(m_desk->connection()));
    QVERIFY(me != u"x"_s);
}

QTEST_GUILESS_MAIN(TestPeople)
#include "tst_people.moc"
