#include "core/commands/paths.h"
#include "core/desk/desk.h"
#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::commands;
using namespace tierline::desk;
using namespace Qt::StringLiterals;
using test::CommandFixture;

/// Roles, and what the escalate form offers.
class TestDesk : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void openNamesAnAgent();
    void rolesMatrix_data();
    void rolesMatrix();
    void grantedTierIsOwn();
    void followersSeeItThrough();
    void flaggerTakesItBack();
    void undoNeedsNoTier();
    void onlyAdminsChangePeople();
    void confidentialIsMissing();
    void confidentialIsMissingForReadOnlyToo();
    void draftIsFilledIn();
    void draftAtTheTopIsRefused();
    void aPathPastTheConfidentialTeamIsOffered();
    void previewWritesNothing();

private:
    Desk desk(const char *id) { return *Desk::open(*f->store, f->random, QString::fromLatin1(id)); }
    std::unique_ptr<CommandFixture> f;
};

void TestDesk::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
    DONE(f->newTicket(u"T-1"_s));
}

void TestDesk::openNamesAnAgent()
{
    QCOMPARE(desk("bob").actor().id, u"bob"_s);
    FAULT(Desk::open(*f->store, f->random, u"nobody"_s), Fault::NotFound);
    DONE(f->write([](storage::WriteScope &scope) { return storage::saveMe(scope, u"lea"_s); }));
    VALUE(me, Desk::open(*f->store, f->random));
    QCOMPARE(me.actor().id, u"lea"_s);
    Agent gone = f->agents.front();
    gone.isActive = false;
    DONE(f->change("adm", SaveAgent { gone, false, {} }));
    FAULT(Desk::open(*f->store, f->random, u"ann"_s), Fault::NotAllowed);
}

void TestDesk::rolesMatrix_data()
{
    // Who may do what to a ticket in a given state: "y" may, "." may not.
    //   L1   new at L1, flagged by ann    L2  escalated by ann to L2, in handoff
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("may");
    QTest::addColumn<QString>("who");
    const QString who
        = u"ann amy bea eve bob lea adm ro"_s; // L1 L1 specialist-L2 L3 L2 lead admin read-only
    const auto row = [&](const char *state, const char *verb, const char *may) {
        QTest::addRow("%s %s", state, verb)
            << QString::fromLatin1(state) << QString::fromLatin1(verb)
            << QString::fromLatin1(may).simplified() << who;
    };
    row("L1", "create", "y y y y y y y .");
    row("L1", "follow", "y y y y y y y .");
    row("L1", "reply", "y y . . . y y .");
    row("L1", "note", "y y . . . y y .");
    row("L1", "set", "y y . . . y y .");
    row("L1", "claim", "y y . . . y y .");
    row("L1", "reassign", "y y . . . y y .");
    row("L1", "solve", "y y . . . y y .");
    row("L1", "triage", ". . y . . y y .");
    row("L1", "unflag", "y . y . . y y .");
    row("L1", "escalate", "y y y . . y y .");
    row("L1", "review", ". . . . . y y .");
    row("L1", "undo", "y y y y y y y .");
    row("L2", "reply", "y . y . y y y ."); // ann follows it
    row("L2", "note", "y . y . y y y .");
    row("L2", "set", ". . y . y y y .");
    row("L2", "accept", ". . y . y y y .");
    row("L2", "return", ". . y . y y y .");
    row("L2", "escalate", ". . y . y y y .");
    row("L2", "withdraw", "y . . . . y y .");
    row("L2", "reopen", ". . y . y y y .");
    row("L2", "confirm", ". . y . y y y .");
}

void TestDesk::rolesMatrix()
{
    QFETCH(QString, state);
    QFETCH(QString, verb);
    QFETCH(QString, may);
    QFETCH(QString, who);
    DONE(f->run("ann", Flag { u"T-1"_s, u"?"_s }));
    if (state == u"L2")
        DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    const QStringList people = who.split(u' '), expected = may.split(u' ');
    QCOMPARE(people.size(), expected.size());
    for (qsizetype i = 0; i < people.size(); ++i) {
        Desk d = desk(people[i].toLatin1().constData());
        const QString t = u"T-1"_s;
        Result<Done> allowed = Done {};
        if (verb == u"create")
            allowed = d.mayRun(CreateTicket {});
        else if (verb == u"follow")
            allowed = d.mayRun(Follow { t });
        else if (verb == u"reply")
            allowed = d.mayRun(Reply { t });
        else if (verb == u"note")
            allowed = d.mayRun(Note { t });
        else if (verb == u"set")
            allowed = d.mayRun(SetFields { t });
        else if (verb == u"claim")
            allowed = d.mayRun(Claim { t });
        else if (verb == u"reassign")
            allowed = d.mayRun(Reassign { t });
        else if (verb == u"solve")
            allowed = d.mayRun(Solve { t });
        else if (verb == u"triage")
            allowed = d.mayRun(Triage { t });
        else if (verb == u"unflag")
            allowed = d.mayRun(Unflag { t });
        else if (verb == u"escalate")
            allowed = d.mayRun(CommandFixture::escalation(t));
        else if (verb == u"review")
            allowed = d.mayRun(Review { t });
        else if (verb == u"undo")
            allowed = d.mayRun(Undo { t });
        else if (verb == u"accept")
            allowed = d.mayRun(Accept { t });
        else if (verb == u"return")
            allowed = d.mayRun(Return { t });
        else if (verb == u"withdraw")
            allowed = d.mayRun(Withdraw { t });
        else if (verb == u"reopen")
            allowed = d.mayRun(Reopen { t });
        else if (verb == u"confirm")
            allowed = d.mayRun(Confirm { t });
        else
            QFAIL("unknown verb");
        QVERIFY2(allowed.has_value() == (expected[i] == u"y"), qPrintable(people[i]));
        if (!allowed)
            QCOMPARE(allowed.error().fault, Fault::NotAllowed);
    }
}

void TestDesk::grantedTierIsOwn()
{
    FAULT(desk("bob").run(Claim { u"T-1"_s }), Fault::NotAllowed);
    Agent bob = f->agents[2];
    bob.grantedTiers = { u"L1"_s };
    DONE(desk("adm").change(SaveAgent { bob, false, u"covers the holidays"_s }));
    VALUE(done, desk("bob").run(Claim { u"T-1"_s }));
    QCOMPARE(done.state.ticket.assignee, u"bob"_s);
}

void TestDesk::followersSeeItThrough()
{
    DONE(desk("ann").run(CommandFixture::escalation(u"T-1"_s)));
    DONE(desk("ann").run(Note { u"T-1"_s, u"One more thing"_s, {} }));
    FAULT(desk("amy").run(Note { u"T-1"_s, u"x"_s, {} }), Fault::NotAllowed);
    DONE(desk("bob").run(Note { u"T-1"_s, u"@amy what did you see?"_s, {} }));
    DONE(desk("amy").run(Note { u"T-1"_s, u"A blank page."_s, {} }));
    FAULT(desk("amy").run(SetFields { u"T-1"_s, { { u"priority"_s, u"low"_s } } }),
        Fault::NotAllowed);
}

void TestDesk::flaggerTakesItBack()
{
    DONE(desk("ann").run(Flag { u"T-1"_s, u"?"_s }));
    FAULT(desk("amy").run(Unflag { u"T-1"_s }), Fault::NotAllowed);
    DONE(desk("ann").run(Unflag { u"T-1"_s }));
    DONE(desk("ann").run(Flag { u"T-1"_s, u"?"_s }));
    DONE(desk("bea").run(Triage { u"T-1"_s }));
    VALUE(moved, desk("bea").run(CommandFixture::escalation(u"T-1"_s)));
    QCOMPARE(moved.state.escalations.back().actor, u"bea"_s);
}

void TestDesk::undoNeedsNoTier()
{
    DONE(desk("ann").run(CommandFixture::escalation(u"T-1"_s)));
    VALUE(done, desk("ann").run(Undo { u"T-1"_s }));
    QCOMPARE(done.state.ticket.tier, u"L1"_s);
}

void TestDesk::onlyAdminsChangePeople()
{
    const SaveTeam command { { .name = u"Hardware"_s, .tier = u"L2"_s }, true };
    for (const char *who : { "ann", "bea", "lea", "ro" })
        FAULT(desk(who).change(command), Fault::NotAllowed);
    DONE(desk("adm").change(command));
}

void TestDesk::confidentialIsMissing()
{
    Escalate legal = CommandFixture::escalation(u"T-1"_s);
    legal.reason = u"legal"_s;
    DONE(desk("ann").run(legal));
    for (const char *who : { "ann", "bob", "lea" }) {
        const auto hidden = desk(who).run(Accept { u"T-1"_s });
        const auto missing = desk(who).run(Accept { u"T-8"_s });
        QCOMPARE(hidden.error().fault, Fault::NotFound);
        QCOMPARE(
            hidden.error().detail, QString(missing.error().detail).replace(u"T-8"_s, u"T-1"_s));
        FAULT(desk(who).draftEscalation(u"T-1"_s), Fault::NotFound);
    }
    DONE(desk("lex").run(Accept { u"T-1"_s }));
    DONE(desk("adm").run(Note { u"T-1"_s, u"seen"_s, {} }));
}

void TestDesk::confidentialIsMissingForReadOnlyToo()
{
    Escalate legal = CommandFixture::escalation(u"T-1"_s);
    legal.reason = u"legal"_s;
    DONE(desk("ann").run(legal));
    FAULT(desk("ro").run(Claim { u"T-1"_s }), Fault::NotFound);
    DONE(f->newTicket(u"T-2"_s));
    FAULT(desk("ro").run(Claim { u"T-2"_s }), Fault::NotAllowed);
}

void TestDesk::draftIsFilledIn()
{
    DONE(f->run("ann",
        CustomerMessage { u"T-1"_s, u"Please clear your cookies and sign in again."_s,
            AuthorKind::Bot, u"bot"_s }));
    DONE(f->run("ann",
        Note { u"T-1"_s, u"Checked the sign-in log: nothing there.\nWeather is nice."_s, {} }));
    DONE(f->run("ann",
        CustomerMessage {
            u"T-1"_s, u"Still nothing. Can I get my access back today? I want a manager."_s }));
    VALUE(draft, desk("ann").draftEscalation(u"T-1"_s));
    QCOMPARE(draft.command.ticket, u"T-1"_s);
    QCOMPARE(draft.command.toTier, u"L2"_s);
    QCOMPARE(draft.command.reason, u"customer-asked"_s);
    QCOMPARE(draft.command.trigger, Trigger::Reactive);
    QCOMPARE(draft.command.form.summary, u"I cannot log in since this morning."_s);
    QCOMPARE(draft.command.form.expected, u"I want a manager."_s);
    QCOMPARE(draft.command.form.tried,
        (QStringList { u"Asked to clear your cookies and sign in again (bot)"_s,
            u"Checked the sign-in log: nothing there"_s }));
    QCOMPARE(draft.command.form.urgency,
        (QStringList {
            u"enterprise plan"_s, u"health 40"_s, u"wrote 2 times without an answer"_s }));
    QCOMPARE(draft.targets.size(), 2);
    QCOMPARE(draft.reasons, shippedReasons());
    QStringList teams;
    for (const Team &team : draft.teams)
        teams.append(team.name);
    QCOMPARE(teams, (QStringList { u"Billing"_s, u"Engineering"_s, u"Technical"_s }));
    QVERIFY(draft.noticePreview.startsWith(u"Hello Ada Lind,"_s));
    QVERIFY(draft.warnings.isEmpty());
    // As it stands it can be sent, and the customer reads what was shown.
    VALUE(sent, desk("ann").run(draft.command));
    QCOMPARE(sent.notice, draft.noticePreview);
}

void TestDesk::draftAtTheTopIsRefused()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s, u"L3"_s)));
    FAULT(desk("eve").draftEscalation(u"T-1"_s), Fault::Conflict);
}

/// What the customer wrote is for the legal team, and the matrix leads to somebody outside it: no form would be worse.
void TestDesk::aPathPastTheConfidentialTeamIsOffered()
{
    using escalation::Destination;
    DONE(f->change(
        "lea", SaveMatrix { { { .steps = { { Destination::Person, u"bob"_s } } } }, u"a test"_s }));
    DONE(f->run("ann", CustomerMessage { u"T-1"_s, u"My lawyer will hear of it."_s }));
    VALUE(draft, desk("ann").draftEscalation(u"T-1"_s));
    QCOMPARE(draft.command.to, u"bob"_s);
    QVERIFY2(draft.path.endsWith(u"BOB does not belong to team Legal."_s), qPrintable(draft.path));
}

void TestDesk::previewWritesNothing()
{
    const TicketState before = f->state(u"T-1"_s);
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.to = u"bob"_s;
    VALUE(notice, desk("ann").previewNotice(command));
    QVERIFY(notice.contains(u"BOB of our Technical team"_s));
    VALUE(card, desk("ann").previewHandoff(command));
    QVERIFY(!card.document.isEmpty());
    QCOMPARE(f->state(u"T-1"_s), before);
    FAULT(storage::loadHandoff(f->connection(), before.ticket.id), Fault::NotFound);
    command.form.expected.clear();
    QCOMPARE(desk("ann").previewHandoff(command).error().where, u"expected"_s);
    command.toTier = u"L9"_s;
    QCOMPARE(desk("ann").previewNotice(command).error().where, u"to"_s);
}

QTEST_GUILESS_MAIN(TestDesk)
#include "tst_desk.moc"
