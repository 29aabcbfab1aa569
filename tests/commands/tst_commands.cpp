#include "tests/commands/commandtest.h"

#include "core/escalation/eventdata.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Every command that is no escalation: what it changes, and what it refuses.
class TestCommands : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void createWritesTheWholeTicket();
    void createRefuses_data();
    void createRefuses();
    void replyOpensTheTicket();
    void emptyTextIsRefused();
    void noteMentionsBringPeopleIn();
    void customerWordWakesTheTicket();
    void setChangesEveryField();
    void setRefuses_data();
    void setRefuses();
    void setWithoutEffectWritesNothing();
    void claimFirstWins();
    void reassignStaysAtTheTier();
    void solveAsksAndConfirmArchives();
    void reopenComesBackToTheSameOwner();
    void solveOfAFlaggedTicketDropsTheFlag();
    void csatAndFollow();
    void unknownAndConfidentialSoundAlike();
    void remoteTicketsQueueTheirOperation();
    void clockSetBackKeepsTheOrder();

private:
    std::unique_ptr<test::CommandFixture> f;
};

void TestCommands::init()
{
    f = std::make_unique<test::CommandFixture>();
    DONE(f->begin());
    DONE(f->newTicket(u"T-1"_s));
}

void TestCommands::cleanup()
{
    if (!QTest::currentTestFailed())
        QCOMPARE(f->wrong(u"T-1"_s), QString());
    f.reset();
}

void TestCommands::createWritesTheWholeTicket()
{
    CreateTicket command;
    command.ticket = { .subject = u"Invoice is wrong"_s,
        .channel = u"chat"_s,
        .category = u"billing"_s,
        .product = u"App"_s,
        .type = u"dispute"_s,
        .priority = Priority::High,
        .severity = Severity::High,
        .isComplex = true,
        .tags = { u"vat"_s },
        .fields = { { u"amount"_s, u"120"_s } } };
    command.requester = { .name = u"Ada Lind"_s, .email = u"ada@example.org"_s };
    command.text = u"It says 120 instead of 12."_s;
    VALUE(made, f->run("ann", command));
    const Ticket t = made.state.ticket;
    QVERIFY(!t.key.isEmpty());
    QCOMPARE(t.tier, u"L1"_s);
    QCOMPARE(t.status, Status::New);
    QCOMPARE(t.category, u"billing"_s);
    QCOMPARE(t.severity, std::optional(Severity::High));
    QVERIFY(t.isComplex);
    QCOMPARE(t.tags, QStringList { u"vat"_s });
    QCOMPARE(t.fields.value(u"amount"_s).toString(), u"120"_s);
    QCOMPARE(f->state(t.key), made.state);
    QCOMPARE(f->wrong(t.key), QString());
    VALUE(messages, storage::loadMessages(f->connection(), t.id));
    QCOMPARE(messages.size(), size_t(1));
    QCOMPARE(messages[0].author, AuthorKind::Customer);
    QCOMPARE(messages[0].authorName, u"Ada Lind"_s);
    // The same person, not a second one.
    QCOMPARE(t.requester, f->state(u"T-1"_s).ticket.requester);
}

void TestCommands::createRefuses_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : { "subject", "tier", "team", "assignee", "arr", "health" })
        QTest::newRow(what) << QString::fromLatin1(what);
}

void TestCommands::createRefuses()
{
    QFETCH(QString, what);
    CreateTicket command;
    command.ticket = { .key = u"X"_s, .subject = u"S"_s };
    command.organization.name = u"Lind AB"_s;
    if (what == u"subject")
        command.ticket.subject = u" \n"_s;
    else if (what == u"tier")
        command.ticket.tier = u"L9"_s;
    else if (what == u"team")
        command.ticket.team = u"Technical"_s; // works at L2
    else if (what == u"assignee")
        command.ticket.assignee = u"bob"_s; // works at L2
    else if (what == u"arr")
        command.organization.arr = -1;
    else
        command.organization.health = 101;
    const auto refused = f->run("ann", command);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QCOMPARE(refused.error().where, what);
    FAULT(storage::findAnyTicket(f->connection(), u"X"_s), Fault::NotFound);
}

void TestCommands::replyOpensTheTicket()
{
    VALUE(done, f->run("ann", Reply { u"T-1"_s, u"  We are looking.  "_s }));
    QCOMPARE(done.state.ticket.status, Status::Open);
    VALUE(messages, storage::loadMessages(f->connection(), done.state.ticket.id));
    QCOMPARE(messages.back().text, u"We are looking."_s);
    QCOMPARE(messages.back().kind, MessageKind::PublicReply);
    QCOMPARE(messages.back().author, AuthorKind::Agent);
    QCOMPARE(messages.back().authorName, u"ann"_s);
    QCOMPARE(done.events.back().message, messages.back().id);
}

void TestCommands::emptyTextIsRefused()
{
    FAULT(f->run("ann", Reply { u"T-1"_s, u" \n "_s }), Fault::BadInput);
    FAULT(f->run("ann", Note { u"T-1"_s, {}, {} }), Fault::BadInput);
    FAULT(f->run("ann", CustomerMessage { u"T-1"_s, {} }), Fault::BadInput);
    FAULT(f->run("ann", CustomerMessage { u"T-1"_s, u"x"_s, AuthorKind::Agent }), Fault::BadInput);
    FAULT(f->run("ann", Flag { u"T-1"_s, u"  "_s }), Fault::BadInput);
    FAULT(f->run("ann", Reply { u"T-1"_s, QString(2'000'000, u'x') }), Fault::BadInput);
}

void TestCommands::noteMentionsBringPeopleIn()
{
    VALUE(done,
        f->run("ann",
            Note { u"T-1"_s, u"@bob please look, and @eve. Not ops@example.org, not @nobody"_s,
                { u"bea"_s } }));
    QCOMPARE(done.state.ticket.followers, (QStringList { u"bea"_s, u"bob"_s, u"eve"_s }));
    QVERIFY(done.state.ticket.assignee.isEmpty());
    QCOMPARE(done.state.ticket.status, Status::New);
    VALUE(messages, storage::loadMessages(f->connection(), done.state.ticket.id));
    QCOMPARE(messages.back().kind, MessageKind::InternalNote);
    const auto unknown = f->run("ann", Note { u"T-1"_s, u"x"_s, { u"nobody"_s } });
    QCOMPARE(unknown.error().where, u"mentions"_s);
    VALUE(after, storage::loadMessages(f->connection(), done.state.ticket.id));
    QCOMPARE(after.size(), messages.size());
}

void TestCommands::customerWordWakesTheTicket()
{
    DONE(f->run("ann", SetFields { u"T-1"_s, { { u"status"_s, u"pending"_s } } }));
    VALUE(bot, f->run("ann", CustomerMessage { u"T-1"_s, u"beep"_s, AuthorKind::Bot, {} }));
    QCOMPARE(bot.state.ticket.status, Status::Pending);
    VALUE(done, f->run("ann", CustomerMessage { u"T-1"_s, u"Any news?"_s }));
    QCOMPARE(done.state.ticket.status, Status::Open);
    VALUE(messages, storage::loadMessages(f->connection(), done.state.ticket.id));
    QCOMPARE(messages.back().authorName, u"Ada Lind"_s);
    QCOMPARE(messages.at(messages.size() - 2).kind, MessageKind::BotTurn);
}

void TestCommands::setChangesEveryField()
{
    VALUE(done,
        f->run("ann",
            SetFields { u"T-1"_s,
                { { u"subject"_s, u"New subject"_s }, { u"priority"_s, u"urgent"_s },
                    { u"status"_s, u"hold"_s }, { u"category"_s, u"bug"_s },
                    { u"product"_s, u"App"_s }, { u"type"_s, u"crash"_s },
                    { u"severity"_s, u"critical"_s }, { u"complex"_s, u"yes"_s },
                    { u"tags"_s, u"a, b,a, "_s }, { u"assignee"_s, u"amy"_s },
                    { u"field.Region"_s, u"north"_s } } }));
    const Ticket &t = done.state.ticket;
    QCOMPARE(t.subject, u"New subject"_s);
    QCOMPARE(t.priority, Priority::Urgent);
    QCOMPARE(t.status, Status::Hold);
    QCOMPARE(t.category, u"bug"_s);
    QCOMPARE(t.product, u"App"_s);
    QCOMPARE(t.type, u"crash"_s);
    QCOMPARE(t.severity, std::optional(Severity::Critical));
    QVERIFY(t.isComplex);
    QCOMPARE(t.tags, (QStringList { u"a"_s, u"b"_s }));
    QCOMPARE(t.assignee, u"amy"_s);
    QCOMPARE(t.fields.value(u"Region"_s).toString(), u"north"_s);
    QCOMPARE(done.events.size(), size_t(1));
    VALUE(cleared,
        f->run("ann",
            SetFields { u"T-1"_s,
                { { u"severity"_s, {} }, { u"field.Region"_s, {} }, { u"assignee"_s, {} },
                    { u"tags"_s, {} } } }));
    QVERIFY(!cleared.state.ticket.severity);
    QVERIFY(!cleared.state.ticket.fields.contains(u"Region"_s));
    QVERIFY(cleared.state.ticket.assignee.isEmpty());
    QVERIFY(cleared.state.ticket.tags.isEmpty());
}

void TestCommands::setRefuses_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value");
    QTest::newRow("tier") << u"tier"_s << u"L2"_s;
    QTest::newRow("team") << u"team"_s << u"Technical"_s;
    QTest::newRow("solved by hand") << u"status"_s << u"solved"_s;
    QTest::newRow("closed by hand") << u"status"_s << u"closed"_s;
    QTest::newRow("unknown status") << u"status"_s << u"maybe"_s;
    QTest::newRow("unknown priority") << u"priority"_s << u"very"_s;
    QTest::newRow("unknown severity") << u"severity"_s << u"bad"_s;
    QTest::newRow("complex") << u"complex"_s << u"perhaps"_s;
    QTest::newRow("assignee of another tier") << u"assignee"_s << u"bob"_s;
    QTest::newRow("nobody") << u"assignee"_s << u"nobody"_s;
    QTest::newRow("empty subject") << u"subject"_s << u"  "_s;
    QTest::newRow("unknown field") << u"colour"_s << u"red"_s;
}

void TestCommands::setRefuses()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    const TicketState before = f->state(u"T-1"_s);
    const auto refused
        = f->run("ann", SetFields { u"T-1"_s, { { u"category"_s, u"bug"_s }, { field, value } } });
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QCOMPARE(refused.error().where, field);
    QCOMPARE(f->state(u"T-1"_s), before);
}

void TestCommands::setWithoutEffectWritesNothing()
{
    VALUE(before, storage::feedRevision(f->connection()));
    VALUE(done,
        f->run(
            "ann", SetFields { u"T-1"_s, { { u"priority"_s, u"normal"_s }, { u"tags"_s, {} } } }));
    QVERIFY(done.events.empty());
    VALUE(after, storage::feedRevision(f->connection()));
    QCOMPARE(after, before);
    FAULT(f->run("ann", SetFields { u"T-1"_s, {} }), Fault::BadInput);
}

void TestCommands::claimFirstWins()
{
    VALUE(done, f->run("ann", Claim { u"T-1"_s }));
    QCOMPARE(done.state.ticket.assignee, u"ann"_s);
    QCOMPARE(done.state.ticket.status, Status::Open);
    const auto second = f->run("amy", Claim { u"T-1"_s });
    QCOMPARE(second.error().fault, Fault::Conflict);
    QVERIFY2(second.error().detail.contains(u"ANN"_s), qPrintable(second.error().detail));
    VALUE(again, f->run("ann", Claim { u"T-1"_s }));
    QVERIFY(again.events.empty());
    FAULT(f->run("bob", Claim { u"T-1"_s }), Fault::NotAllowed);
}

void TestCommands::reassignStaysAtTheTier()
{
    QCOMPARE(
        f->run("ann", Reassign { u"T-1"_s, u"Frontline"_s, {}, u" "_s }).error().where, u"note"_s);
    QCOMPARE(f->run("ann", Reassign { u"T-1"_s, {}, {}, u"n"_s }).error().where, u"team"_s);
    QCOMPARE(
        f->run("ann", Reassign { u"T-1"_s, u"Technical"_s, {}, u"n"_s }).error().where, u"team"_s);
    QCOMPARE(
        f->run("ann", Reassign { u"T-1"_s, u"Nowhere"_s, {}, u"n"_s }).error().where, u"team"_s);
    QCOMPARE(f->run("ann", Reassign { u"T-1"_s, {}, u"bob"_s, u"n"_s }).error().where, u"to"_s);
    VALUE(team, f->run("ann", Reassign { u"T-1"_s, u"Frontline"_s, {}, u"workload"_s }));
    QCOMPARE(team.state.ticket.team, u"Frontline"_s);
    VALUE(person, f->run("ann", Reassign { u"T-1"_s, {}, u"amy"_s, u"she knows"_s }));
    QCOMPARE(person.state.ticket.assignee, u"amy"_s);
    QCOMPARE(person.events.back().kind, EventKind::Reassigned);
    QCOMPARE(person.events.back().note, u"she knows"_s);
    QVERIFY(person.state.escalations.empty());
    QCOMPARE(
        f->run("ann", Reassign { u"T-1"_s, {}, u"amy"_s, u"n"_s }).error().fault, Fault::BadInput);
}

void TestCommands::solveAsksAndConfirmArchives()
{
    FAULT(f->run("ann", Confirm { u"T-1"_s, {} }), Fault::Conflict);
    VALUE(solved, f->run("ann", Solve { u"T-1"_s, {} }));
    QCOMPARE(solved.state.ticket.status, Status::Solved);
    QVERIFY(solved.state.ticket.isAwaitingYes);
    QCOMPARE(solved.state.ticket.assignee, u"ann"_s);
    VALUE(messages, storage::loadMessages(f->connection(), solved.state.ticket.id));
    QVERIFY(messages.back().text.startsWith(u"Hello Ada Lind,"_s));
    QCOMPARE(messages.back().author, AuthorKind::System);
    FAULT(f->run("ann", Solve { u"T-1"_s, {} }), Fault::Conflict);
    FAULT(f->run("ann", Claim { u"T-1"_s }), Fault::Conflict);
    FAULT(f->run("ann", SetFields { u"T-1"_s, { { u"status"_s, u"open"_s } } }), Fault::Conflict);
    VALUE(closed, f->run("ann", Confirm { u"T-1"_s, { u"login"_s, u" login "_s } }));
    QCOMPARE(closed.state.ticket.status, Status::Closed);
    QVERIFY(!closed.state.ticket.isAwaitingYes);
    QCOMPARE(closed.state.ticket.tags, QStringList { u"login"_s });
    FAULT(f->run("ann", Reply { u"T-1"_s, u"x"_s }), Fault::Conflict);
}

void TestCommands::reopenComesBackToTheSameOwner()
{
    FAULT(f->run("ann", Reopen { u"T-1"_s, u"no"_s }), Fault::Conflict);
    DONE(f->run("ann", Claim { u"T-1"_s }));
    DONE(f->run("ann", Solve { u"T-1"_s, u"Try again now: does it work?"_s }));
    QCOMPARE(f->run("ann", Reopen { u"T-1"_s, {} }).error().where, u"note"_s);
    VALUE(open, f->run("amy", Reopen { u"T-1"_s, u"Still the same"_s }));
    QCOMPARE(open.state.ticket.status, Status::Open);
    QVERIFY(!open.state.ticket.isAwaitingYes);
    QCOMPARE(open.state.ticket.assignee, u"ann"_s);
    QCOMPARE(open.state.ticket.tier, u"L1"_s);
    QVERIFY(open.state.escalations.empty());
}

void TestCommands::solveOfAFlaggedTicketDropsTheFlag()
{
    VALUE(flagged, f->run("ann", Flag { u"T-1"_s, u"needs database access"_s }));
    QVERIFY(flagged.state.ticket.isFlagged());
    QCOMPARE(flagged.state.openEscalation()->openStage()->owner, u"ann"_s);
    QCOMPARE(flagged.state.ticket.due, std::optional(f->clock.now() + 30min));
    FAULT(f->run("amy", Flag { u"T-1"_s, u"again"_s }), Fault::Conflict);
    VALUE(triaged, f->run("lea", Triage { u"T-1"_s }));
    QCOMPARE(triaged.state.openEscalation()->openStage()->owner, u"lea"_s);
    const auto second = f->run("bea", Triage { u"T-1"_s });
    QCOMPARE(second.error().fault, Fault::Conflict);
    QVERIFY(second.error().detail.contains(u"LEA"_s));
    VALUE(solved, f->run("ann", Solve { u"T-1"_s, {} }));
    QCOMPARE(solved.state.escalations.back().outcome, tierline::Outcome::Dropped);
    QVERIFY(!solved.state.ticket.isFlagged());
}

void TestCommands::csatAndFollow()
{
    FAULT(f->run("ann", Csat { u"T-1"_s, 0, {} }), Fault::BadInput);
    FAULT(f->run("ann", Csat { u"T-1"_s, 6, {} }), Fault::BadInput);
    VALUE(answered, f->run("ann", Csat { u"T-1"_s, 4, u"fine"_s }));
    QCOMPARE(answered.events.back().data.value(eventdata::score).toInt(), 4);
    QCOMPARE(answered.events.back().actorKind, AuthorKind::Customer);
    VALUE(followed, f->run("ann", Follow { u"T-1"_s, {}, true }));
    QCOMPARE(followed.state.ticket.followers, QStringList { u"ann"_s });
    VALUE(left, f->run("ann", Follow { u"T-1"_s, u"ann"_s, false }));
    QVERIFY(left.state.ticket.followers.isEmpty());
    FAULT(f->run("ann", Follow { u"T-1"_s, u"nobody"_s, true }), Fault::BadInput);
}

void TestCommands::unknownAndConfidentialSoundAlike()
{
    auto legal = test::CommandFixture::escalation(u"T-1"_s);
    legal.reason = u"legal"_s;
    VALUE(moved, f->run("ann", legal));
    QCOMPARE(moved.state.ticket.team, u"Legal"_s);
    const auto hidden = f->run("ann", Reply { u"T-1"_s, u"x"_s });
    const auto missing = f->run("ann", Reply { u"T-7"_s, u"x"_s });
    QCOMPARE(hidden.error().fault, Fault::NotFound);
    QCOMPARE(hidden.error().detail, QString(missing.error().detail).replace(u"T-7"_s, u"T-1"_s));
    DONE(f->run("lex", Accept { u"T-1"_s }));
    // Nobody from outside the team can be drawn in.
    FAULT(f->run("lex", Follow { u"T-1"_s, u"bob"_s, true }), Fault::NotAllowed);
    VALUE(noted, f->run("lex", Note { u"T-1"_s, u"@bob knows"_s, {} }));
    QVERIFY(!noted.state.ticket.followers.contains(u"bob"_s));
    QCOMPARE(f->run("lex", Reassign { u"T-1"_s, {}, u"bob"_s, u"n"_s }).error().where, u"to"_s);
}

void TestCommands::remoteTicketsQueueTheirOperation()
{
    DONE(f->newTicket(u"zd:4812"_s)); // no such account: an imported id with a colon
    VALUE(none, storage::loadOutbox(f->connection()));
    QVERIFY(none.empty());
    DONE(f->write([](storage::WriteScope &scope) {
        return storage::addAccount(scope, { .name = u"zd"_s, .type = u"rt"_s });
    }));
    VALUE(reply, f->run("ann", Reply { u"zd:4812"_s, u"Hello"_s }));
    QCOMPARE(reply.queued, QStringList { reply.operation });
    VALUE(flag, f->run("ann", Flag { u"zd:4812"_s, u"?"_s }));
    VALUE(outbox, storage::loadOutbox(f->connection()));
    QCOMPARE(outbox.size(), size_t(2));
    QCOMPARE(outbox[0].id, reply.operation);
    QCOMPARE(outbox[0].account, u"zd"_s);
    QCOMPARE(outbox[0].kind, u"reply"_s);
    QCOMPARE(outbox[0].state, storage::OutboxState::Waiting);
    QCOMPARE(
        outbox[0].body.value(u"messages"_s).toArray().at(0).toObject().value(u"text"_s).toString(),
        u"Hello"_s);
    QCOMPARE(outbox[1].kind, u"flag"_s);
    QVERIFY(outbox[0].created < outbox[1].created);
    // What has not left is taken back; nothing tells the remote of either.
    DONE(f->run("ann", Undo { u"zd:4812"_s }));
    VALUE(left, storage::loadOutbox(f->connection()));
    QCOMPARE(left.size(), size_t(1));
    VALUE(local, f->run("ann", Reply { u"T-1"_s, u"Hello"_s }));
    QVERIFY(local.queued.isEmpty());
    Q_UNUSED(flag);
}

void TestCommands::clockSetBackKeepsTheOrder()
{
    DONE(f->run("ann", Claim { u"T-1"_s }));
    f->clock.jumpTo(f->clock.now() - 24h);
    DONE(f->run("ann", Flag { u"T-1"_s, u"?"_s }));
    VALUE(done, f->run("ann", Reply { u"T-1"_s, u"Hello"_s }));
    VALUE(events, storage::loadEvents(f->connection(), done.state.ticket.id));
    QCOMPARE(events.back().kind, EventKind::Message);
    QVERIFY(events.back().order > events.back().at);
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
