#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;

/// Agents, teams and tiers of the workspace.
class TestStaffCommands : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void agentIsAddedAndChanged();
    void agentRefused_data();
    void agentRefused();
    void grantWithoutANoteWarns();
    void lastAdminStays();
    void teams();
    void teamWithTicketsStaysAtItsTier();
    void tiers();
    void fourthHumanTierWarns();
    void tierInsertedLaterLeavesRecordsAlone();
    void me();
    void everyChangeIsLogged();

private:
    std::unique_ptr<test::CommandFixture> f;
};

void TestStaffCommands::init()
{
    f = std::make_unique<test::CommandFixture>();
    DONE(f->begin());
}

void TestStaffCommands::agentIsAddedAndChanged()
{
    Agent priya { .id = u"priya"_s,
        .name = u"Priya"_s,
        .homeTier = u"L2"_s,
        .teams = { u"Billing"_s },
        .role = Role::Lead };
    DONE(f->change("adm", SaveAgent { priya, true, {} }));
    VALUE(stored, storage::findAgent(f->connection(), u"priya"_s));
    QCOMPARE(stored, priya);
    FAULT(f->change("adm", SaveAgent { priya, true, {} }), Fault::Conflict);
    priya.name = u"Priya N."_s;
    DONE(f->change("adm", SaveAgent { priya, false, {} }));
    priya.id = u"nobody"_s;
    FAULT(f->change("adm", SaveAgent { priya, false, {} }), Fault::NotFound);
}

void TestStaffCommands::agentRefused_data()
{
    QTest::addColumn<QString>("where");
    for (const char *where : { "agent", "tier", "grant", "team", "name" })
        QTest::newRow(where) << QString::fromLatin1(where);
}

void TestStaffCommands::agentRefused()
{
    QFETCH(QString, where);
    Agent agent { .id = u"new"_s, .homeTier = u"L1"_s };
    if (where == u"agent")
        agent.id = u"two words"_s;
    else if (where == u"tier")
        agent.homeTier = u"L9"_s;
    else if (where == u"grant")
        agent.grantedTiers = { u"L9"_s };
    else if (where == u"team")
        agent.teams = { u"Nowhere"_s };
    else
        agent.name = QString(300, u'x');
    const auto refused = f->change("adm", SaveAgent { agent, true, {} });
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QCOMPARE(refused.error().where, where);
    FAULT(storage::findAgent(f->connection(), agent.id), Fault::NotFound);
}

void TestStaffCommands::grantWithoutANoteWarns()
{
    Agent ann = f->agents[0];
    ann.grantedTiers = { u"L2"_s };
    VALUE(bare, f->change("adm", SaveAgent { ann, false, {} }));
    QCOMPARE(bare.warnings.size(), 1);
    VALUE(again, f->change("adm", SaveAgent { ann, false, {} })); // nothing new is granted
    QVERIFY(again.warnings.isEmpty());
    ann.grantedTiers.append(u"L3"_s);
    VALUE(noted, f->change("adm", SaveAgent { ann, false, u"covers for Eve"_s }));
    QVERIFY(noted.warnings.isEmpty());
    VALUE(log, storage::loadEvents(f->connection(), {}));
    QCOMPARE(log.back().note, u"covers for Eve"_s);
}

void TestStaffCommands::lastAdminStays()
{
    VALUE(all, storage::loadAgents(f->connection()));
    QStringList admins;
    for (const Agent &agent : all) {
        if (agent.role == Role::Admin)
            admins.append(agent.id);
    }
    QCOMPARE(admins.size(), 2); // the workspace's maker, and adm
    for (qsizetype i = 0; i < admins.size(); ++i) {
        VALUE(agent, storage::findAgent(f->connection(), admins[i]));
        Agent demoted = agent;
        demoted.role = Role::Agent;
        const auto changed = f->change("adm", SaveAgent { demoted, false, {} });
        QCOMPARE(changed.has_value(), i == 0);
        if (i == 1)
            QCOMPARE(changed.error().fault, Fault::NotAllowed);
    }
}

void TestStaffCommands::teams()
{
    DONE(f->change("adm", SaveTeam { { .name = u" Hardware "_s, .tier = u"L2"_s }, true }));
    VALUE(teams, storage::loadTeams(f->connection()));
    QVERIFY(std::ranges::any_of(teams, [](const Team &team) { return team.name == u"Hardware"; }));
    FAULT(f->change("adm", SaveTeam { { .name = u"Hardware"_s, .tier = u"L2"_s }, true }),
        Fault::Conflict);
    FAULT(f->change("adm", SaveTeam { { .name = u"Software"_s, .tier = u"L2"_s }, false }),
        Fault::NotFound);
    FAULT(
        f->change("adm", SaveTeam { { .name = u" "_s, .tier = u"L2"_s }, true }), Fault::BadInput);
    FAULT(
        f->change("adm", SaveTeam { { .name = u"X"_s, .tier = u"L9"_s }, true }), Fault::BadInput);
}

void TestStaffCommands::teamWithTicketsStaysAtItsTier()
{
    DONE(f->newTicket(u"T-1"_s));
    Escalate toBilling = test::CommandFixture::escalation(u"T-1"_s);
    toBilling.team = u"Billing"_s;
    DONE(f->run("ann", toBilling));
    FAULT(f->change("adm", SaveTeam { { .name = u"Billing"_s, .tier = u"L3"_s }, false }),
        Fault::NotAllowed);
    DONE(f->run("bob", Return { u"T-1"_s, Verdict::WrongTeam, u"n"_s }));
    DONE(f->change("adm", SaveTeam { { .name = u"Billing"_s, .tier = u"L3"_s }, false }));
}

void TestStaffCommands::tiers()
{
    Tier tier { .id = u"L0"_s, .name = u"Bot"_s, .rank = 0 };
    VALUE(bot, f->change("adm", SaveTier { tier, true }));
    QVERIFY(bot.warnings.isEmpty()); // no human one
    tier = { .id = u"X"_s, .name = u"Other"_s, .rank = 2 };
    FAULT(f->change("adm", SaveTier { tier, true }), Fault::Conflict); // side by side with L2
    tier.rank = -1;
    QCOMPARE(f->change("adm", SaveTier { tier, true }).error().where, u"rank"_s);
    tier = { .id = u"L 4"_s, .name = u"x"_s, .rank = 4 };
    QCOMPARE(f->change("adm", SaveTier { tier, true }).error().where, u"tier"_s);
    tier = { .id = u"L4"_s, .name = u" "_s, .rank = 4 };
    QCOMPARE(f->change("adm", SaveTier { tier, true }).error().where, u"name"_s);
    tier = { .id = u"L4"_s, .name = u"x"_s, .rank = 4, .acceptWithin = Millis(0) };
    QCOMPARE(f->change("adm", SaveTier { tier, true }).error().where, u"limits"_s);
}

void TestStaffCommands::fourthHumanTierWarns()
{
    VALUE(done,
        f->change("adm", SaveTier { { .id = u"L4"_s, .name = u"Management"_s, .rank = 4 }, true }));
    QCOMPARE(done.warnings.size(), 1);
    QVERIFY(done.warnings[0].contains(u"4 human tiers"_s));
}

void TestStaffCommands::tierInsertedLaterLeavesRecordsAlone()
{
    DONE(f->newTicket(u"T-1"_s));
    DONE(f->run("ann", test::CommandFixture::escalation(u"T-1"_s, u"L3"_s)));
    const TicketState before = f->state(u"T-1"_s);
    VALUE(l3, storage::findTier(f->connection(), u"L3"_s));
    Tier moved = l3;
    moved.rank = 4;
    moved.acceptWithin = Millis(1000);
    DONE(f->change("adm", SaveTier { moved, false }));
    DONE(f->change(
        "adm", SaveTier { { .id = u"L2b"_s, .name = u"Integrations"_s, .rank = 3 }, true }));
    QCOMPARE(f->state(u"T-1"_s), before);
    QCOMPARE(f->wrong(u"T-1"_s), QString());
    QCOMPARE(before.escalations[0].toRank, 3);
}

void TestStaffCommands::me()
{
    DONE(f->change("adm", SetMe { u"bob"_s }));
    VALUE(me, storage::loadMe(f->connection()));
    QCOMPARE(me, u"bob"_s);
    FAULT(f->change("adm", SetMe { u"nobody"_s }), Fault::NotFound);
}

void TestStaffCommands::everyChangeIsLogged()
{
    VALUE(before, storage::loadEvents(f->connection(), {}));
    DONE(f->change("adm", SetMe { u"bob"_s }));
    DONE(f->change("adm", SaveTeam { { .name = u"Hardware"_s, .tier = u"L2"_s }, true }));
    FAULT(f->change("adm", SetMe { u"nobody"_s }), Fault::NotFound);
    VALUE(after, storage::loadEvents(f->connection(), {}));
    QCOMPARE(after.size(), before.size() + 2);
    QCOMPARE(after.back().actor, u"adm"_s);
    QVERIFY(after.back().data.contains(u"team"_s));
}

QTEST_GUILESS_MAIN(TestStaffCommands)
#include "tst_staffcommands.moc"
