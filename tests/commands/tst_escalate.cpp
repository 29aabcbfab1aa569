#include "tests/commands/commandtest.h"

#include "core/commands/customertexts.h"
#include "core/commands/templates.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using test::CommandFixture;

/// The way of a ticket up the tiers and back.
class TestEscalate : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void movesWithPackageAndNotice();
    void choosesTheTeamByWhatTheTicketIsAbout_data();
    void choosesTheTeamByWhatTheTicketIsAbout();
    void missingFieldChangesNothing_data();
    void missingFieldChangesNothing();
    void onlyUpAndOnlyOpenTickets();
    void teamAndReceiver();
    void securityGoesToItsTeam();
    void noticeNamesTeamReceiverAndTime();
    void customersAreToldInTheirLanguage_data();
    void customersAreToldInTheirLanguage();
    void everyLanguageCountsTime();
    void noticeMayBeEditedOrSkipped();
    void doNotEscalateNeedsAReason();
    void priorityMovesWithTheTier();
    void acceptByTheReceiverOnly();
    void claimInHandoffAccepts();
    void replyOfTheReceivingSideAccepts();
    void replyOfTheSenderDoesNot();
    void returnGoesBackToWhereItCameFrom();
    void reversalAndPriority();
    void touchedPriorityStays();
    void returnToSomebodyWhoLeft();
    void withdrawUntilAccepted();
    void furtherUpAndBackDown();
    void flaggedTicketKeepsItsRecord();
    void wholeWayToTheReview();
    void customersNoIsNoNewEscalation();
    void solveNeedsAccept();
    void workspaceReasons();

private:
    QString stages(const TicketState &state) const
    {
        QStringList list;
        for (const StageEntry &row : state.escalations.back().stages)
            list.append(code(row.stage));
        return list.join(u' ');
    }
    std::unique_ptr<CommandFixture> f;
};

void TestEscalate::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
    DONE(f->newTicket(u"T-1"_s));
    DONE(f->run("ann", Claim { u"T-1"_s }));
    f->clock.advance(10min);
}

void TestEscalate::cleanup()
{
    if (!QTest::currentTestFailed())
        QCOMPARE(f->wrong(u"T-1"_s), QString());
    f.reset();
}

void TestEscalate::movesWithPackageAndNotice()
{
    VALUE(done, f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    const Ticket &t = done.state.ticket;
    QCOMPARE(t.tier, u"L2"_s);
    QCOMPARE(t.team, QString()); // the tier has several, and nothing says whose it is
    QVERIFY(t.assignee.isEmpty());
    QCOMPARE(t.clock, u"accept"_s);
    QCOMPARE(t.due, std::optional(f->clock.now() + 5min));
    QCOMPARE(t.reason, u"missing tools: Login fails for one account"_s);
    QVERIFY(t.followers.contains(u"ann"_s));
    const Escalation &record = done.state.escalations.back();
    QCOMPARE(record.fromAssignee, u"ann"_s);
    QCOMPARE(record.fromRank, 1);
    QCOMPARE(record.toRank, 2);
    QCOMPARE(record.actor, u"ann"_s);
    QVERIFY(record.noticeSkipped.isEmpty());
    for (const Event &event : done.events)
        QCOMPARE(event.operation, done.operation);

    VALUE(package, storage::loadHandoff(f->connection(), t.id));
    QCOMPARE(package.escalation, record.id);
    QCOMPARE(package.version, 1);
    QCOMPARE(package.frozen, f->clock.now());
    VALUE(messages, storage::loadMessages(f->connection(), t.id));
    QCOMPARE(messages.back().text, done.notice);
    QCOMPARE(messages.back().kind, MessageKind::PublicReply);
    QCOMPARE(messages.back().author, AuthorKind::System);
    QVERIFY(done.notice.contains(u"our Technical team"_s)); // the tier's name
}

void TestEscalate::choosesTheTeamByWhatTheTicketIsAbout_data()
{
    QTest::addColumn<QString>("category");
    QTest::addColumn<QString>("tier");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("team");
    QTest::newRow("billing") << u"billing"_s << u"L2"_s << QString() << u"Billing"_s;
    QTest::newRow("technical") << u"Technical"_s << u"L2"_s << QString() << u"Technical"_s;
    QTest::newRow("no team is named so") << u"bug"_s << u"L2"_s << QString() << QString();
    QTest::newRow("nothing is known") << QString() << u"L2"_s << QString() << QString();
    QTest::newRow("not a confidential one") << u"legal"_s << u"L2"_s << QString() << QString();
    QTest::newRow("the receiver's") << u"billing"_s << u"L2"_s << u"bob"_s << u"Technical"_s;
    QTest::newRow("the only one") << u"billing"_s << u"L3"_s << QString() << u"Engineering"_s;
}

void TestEscalate::choosesTheTeamByWhatTheTicketIsAbout()
{
    QFETCH(QString, category);
    QFETCH(QString, tier);
    QFETCH(QString, to);
    QFETCH(QString, team);
    if (!category.isEmpty())
        DONE(f->run("ann", SetFields { u"T-1"_s, { { u"category"_s, category } } }));
    Escalate command = CommandFixture::escalation(u"T-1"_s, tier);
    command.to = to;
    VALUE(done, f->run("ann", command));
    QCOMPARE(done.state.ticket.team, team);
    QCOMPARE(done.state.escalations.back().toTeam, team);
}

void TestEscalate::missingFieldChangesNothing_data()
{
    QTest::addColumn<QString>("where");
    for (const char *where : { "to", "reason", "summary", "tried", "expected" })
        QTest::newRow(where) << QString::fromLatin1(where);
}

void TestEscalate::missingFieldChangesNothing()
{
    QFETCH(QString, where);
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    if (where == u"to")
        command.toTier.clear();
    else if (where == u"reason")
        command.reason = u"because"_s;
    else if (where == u"summary")
        command.form.summary = u"\t"_s;
    else if (where == u"tried")
        command.form.tried = { u" "_s };
    else
        command.form.expected.clear();
    const TicketState before = f->state(u"T-1"_s);
    const auto refused = f->run("ann", command);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QCOMPARE(refused.error().where, where);
    QCOMPARE(f->state(u"T-1"_s), before);
}

void TestEscalate::onlyUpAndOnlyOpenTickets()
{
    QCOMPARE(f->run("ann", CommandFixture::escalation(u"T-1"_s, u"L1"_s)).error().where, u"to"_s);
    QCOMPARE(f->run("ann", CommandFixture::escalation(u"T-1"_s, u"L7"_s)).error().where, u"to"_s);
    DONE(f->run("ann", Solve { u"T-1"_s, {} }));
    DONE(f->run("ann", Confirm { u"T-1"_s, {} }));
    FAULT(f->run("ann", CommandFixture::escalation(u"T-1"_s)), Fault::Conflict);
}

void TestEscalate::teamAndReceiver()
{
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.team = u"Engineering"_s; // at L3
    QCOMPARE(f->run("ann", command).error().where, u"team"_s);
    command.team = u"Legal"_s; // only for its own reason
    QCOMPARE(f->run("ann", command).error().where, u"team"_s);
    command.team.clear();
    command.to = u"eve"_s; // at L3
    QCOMPARE(f->run("ann", command).error().where, u"to"_s);
    command.to = u"bob"_s;
    VALUE(done, f->run("ann", command));
    QCOMPARE(done.state.ticket.assignee, u"bob"_s);
    QCOMPARE(done.state.ticket.team, u"Technical"_s); // bob's own
    QCOMPARE(done.state.openEscalation()->openStage()->owner, u"bob"_s);
    QVERIFY(done.notice.contains(u"BOB of our Technical team"_s));
}

void TestEscalate::securityGoesToItsTeam()
{
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.reason = u"security"_s;
    const auto refused = f->run("ann", command); // its team works at L3
    QCOMPARE(refused.error().where, u"to"_s);
    QVERIFY(refused.error().detail.contains(u"L3"_s));
    command.toTier = u"L3"_s;
    VALUE(done, f->run("ann", command));
    QCOMPARE(done.state.ticket.team, u"Security"_s);
    QVERIFY(!done.notice.contains(u"Security"_s));
    QVERIFY(done.notice.contains(u"a specialist team"_s));
}

void TestEscalate::noticeNamesTeamReceiverAndTime()
{
    const Tier tier { .id = u"L2"_s, .name = u"Technical"_s, .replyWithin = 90min };
    const Team team { .name = u"Billing"_s, .tier = u"L2"_s };
    const Ticket ticket { .subject = u"Two  invoices"_s };
    QCOMPARE(composeNotice(ticket, { .name = u"Ada"_s }, tier, &team, u"Bob"_s),
        u"Hello Ada,\n\nYour request “Two invoices” is now with Bob of our Billing team. You will hear from them within "
        "2 hours. They have everything you told us, so you need not explain it again."_s);
    QVERIFY(composeNotice(ticket, {}, tier, nullptr, {})
                .startsWith(
                    u"Hello,\n\nYour request “Two invoices” is now with our Technical team."_s));
    QCOMPARE(timeInWords(30s), u"1 minute"_s);
    QCOMPARE(timeInWords(45min), u"45 minutes"_s);
    QCOMPARE(timeInWords(60min), u"1 hour"_s);
    QCOMPARE(timeInWords(47h), u"47 hours"_s);
    QCOMPARE(timeInWords(49h), u"3 days"_s);
}

void TestEscalate::customersAreToldInTheirLanguage_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("notice");
    QTest::addColumn<QString>("question");
    QTest::newRow("English")
        << u"Nobody in our office can sign in since this morning, please help us."_s
        << u"is now with our Technical team"_s << u"Is it? Please answer"_s;
    QTest::newRow("German")
        << u"Seit heute Morgen kann sich niemand mehr anmelden, bitte helfen Sie uns."_s
        << u"liegt jetzt bei unserem Team „Technical“"_s << u"Stimmt das?"_s;
    QTest::newRow("French")
        << u"Depuis ce matin personne ne peut se connecter, pouvez-vous nous aider ?"_s
        << u"entre les mains de notre équipe « Technical »"_s << u"Est-ce le cas ?"_s;
    QTest::newRow("Spanish")
        << u"Desde esta mañana nadie puede entrar en la aplicación, necesitamos ayuda."_s
        << u"en manos de nuestro equipo «Technical»"_s << u"¿Es así?"_s;
    QTest::newRow("Portuguese")
        << u"Desde esta manhã ninguém consegue entrar na aplicação, precisamos de ajuda."_s
        << u"está agora com a nossa equipa “Technical”"_s << u"Responda sim ou não"_s;
    QTest::newRow("Finnish") << u"Kukaan ei ole päässyt kirjautumaan tänä aamuna."_s
                             << u"is now with our Technical team"_s << u"Is it? Please answer"_s;
}

void TestEscalate::customersAreToldInTheirLanguage()
{
    QFETCH(QString, words);
    QFETCH(QString, notice);
    QFETCH(QString, question);
    CreateTicket create { .text = words };
    create.ticket.key = u"T-9"_s;
    create.ticket.subject = u"Login"_s;
    create.ticket.tier = u"L1"_s;
    create.requester = { .name = u"Ada"_s, .email = u"ada@customer.example"_s };
    QVERIFY(f->run("ann", create));
    VALUE(done, f->run("ann", CommandFixture::escalation(u"T-9"_s)));
    QVERIFY2(done.notice.contains(notice), qPrintable(done.notice));
    QVERIFY2(!done.notice.contains(u'%'), qPrintable(done.notice));
    QVERIFY(f->run("bob", Accept { u"T-9"_s }));
    QVERIFY(f->run("bob", Solve { .ticket = u"T-9"_s }));
    const auto said = storage::loadMessages(f->connection(), done.state.ticket.id);
    QVERIFY2(said->back().text.contains(question), qPrintable(said->back().text));
}

void TestEscalate::everyLanguageCountsTime()
{
    for (const QString &language : templateLanguages()) {
        for (const Millis time :
            { Millis(1min), Millis(45min), Millis(1h), Millis(5h), Millis(72h) }) {
            const QString text = timeInWords(time, language);
            QVERIFY2(text.at(0).isDigit() && !text.contains(u'%'), qPrintable(text));
            const bool isEnglish = text == timeInWords(time);
            QVERIFY2(time < 1h || isEnglish == (language == u"en"_s), qPrintable(text));
        }
    }
    QCOMPARE(timeInWords(5h, u"de"_s), u"5 Stunden"_s);
    QCOMPARE(timeInWords(1h, u"fr"_s), u"1 heure"_s);
    QCOMPARE(timeInWords(72h, u"es"_s), u"3 días"_s);
}

void TestEscalate::noticeMayBeEditedOrSkipped()
{
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.skipNotice = u"She is on the phone"_s;
    VALUE(skipped, f->run("ann", command));
    QVERIFY(skipped.notice.isEmpty());
    QCOMPARE(skipped.state.escalations.back().noticeSkipped, u"She is on the phone"_s);
    VALUE(messages, storage::loadMessages(f->connection(), skipped.state.ticket.id));
    QCOMPARE(messages.size(), size_t(1));
    command = CommandFixture::escalation(u"T-1"_s, u"L3"_s);
    command.notice = u"Dear Ada, engineering looks now."_s;
    VALUE(edited, f->run("bob", command));
    QCOMPARE(edited.notice, command.notice);
    VALUE(after, storage::loadMessages(f->connection(), skipped.state.ticket.id));
    QCOMPARE(after.back().author, AuthorKind::Agent);
}

void TestEscalate::doNotEscalateNeedsAReason()
{
    DONE(f->write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"do_not_escalate"_s,
            u"[{\"words\":\"log in\",\"recipe\":\"Send the link.\"}]"_s);
    }));
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    const auto refused = f->run("ann", command);
    QCOMPARE(refused.error().fault, Fault::NotAllowed);
    QCOMPARE(refused.error().where, u"override-guard"_s);
    QVERIFY(refused.error().detail.contains(u"Send the link."_s));
    command.overrideGuard = u"The link does not arrive"_s;
    VALUE(done, f->run("ann", command));
    QVERIFY(QString::fromUtf8(QJsonDocument(done.events.front().data).toJson())
                .contains(command.overrideGuard));
}

void TestEscalate::priorityMovesWithTheTier()
{
    VALUE(raised, f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    QCOMPARE(raised.state.ticket.priority, Priority::High);
    QCOMPARE(raised.state.escalations.back().priorityBefore, std::optional(Priority::Normal));
    DONE(f->newTicket(u"T-2"_s, Priority::Urgent));
    VALUE(top, f->run("ann", CommandFixture::escalation(u"T-2"_s)));
    QCOMPARE(top.state.ticket.priority, Priority::Urgent);
    QVERIFY(!top.state.escalations.back().priorityBefore);
    DONE(f->newTicket(u"T-3"_s));
    Escalate command = CommandFixture::escalation(u"T-3"_s);
    command.priorityStep = 0;
    VALUE(kept, f->run("ann", command));
    QCOMPARE(kept.state.ticket.priority, Priority::Normal);
}

void TestEscalate::acceptByTheReceiverOnly()
{
    FAULT(f->run("bob", Accept { u"T-1"_s }), Fault::Conflict); // nothing to accept
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.to = u"bob"_s;
    DONE(f->run("ann", command));
    FAULT(f->run("ann", Accept { u"T-1"_s }), Fault::NotAllowed);
    const auto other = f->run("bea", Accept { u"T-1"_s });
    QCOMPARE(other.error().fault, Fault::Conflict);
    QVERIFY(other.error().detail.contains(u"BOB"_s));
    f->clock.advance(2min);
    VALUE(done, f->run("bob", Accept { u"T-1"_s }));
    const Escalation &record = done.state.escalations.back();
    QCOMPARE(record.accepted, std::optional(f->clock.now()));
    QCOMPARE(record.acceptedBy, u"bob"_s);
    QCOMPARE(done.state.ticket.clock, u"resolution"_s);
    QCOMPARE(done.state.ticket.due, std::optional(f->clock.now() + 8h));
    FAULT(f->run("bob", Accept { u"T-1"_s }), Fault::Conflict);
}

void TestEscalate::claimInHandoffAccepts()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    VALUE(done, f->run("bea", Claim { u"T-1"_s }));
    QCOMPARE(done.state.ticket.assignee, u"bea"_s);
    QCOMPARE(stages(done.state), u"handoff resolution"_s);
    QCOMPARE(done.state.escalations.back().acceptedBy, u"bea"_s);
}

void TestEscalate::replyOfTheReceivingSideAccepts()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    VALUE(first, f->run("bea", Reply { u"T-1"_s, u"I am reading it."_s }));
    QCOMPARE(stages(first.state), u"handoff resolution"_s);
    QCOMPARE(first.state.ticket.assignee, u"bea"_s);
    VALUE(second, f->run("bea", Reply { u"T-1"_s, u"Please try now."_s }));
    QCOMPARE(stages(second.state), u"handoff resolution communication"_s);
    QCOMPARE(second.state.ticket.due, std::optional(f->clock.now() + 24h));
    VALUE(answered, f->run("bea", CustomerMessage { u"T-1"_s, u"No."_s }));
    QCOMPARE(stages(answered.state), u"handoff resolution communication resolution"_s);
}

void TestEscalate::replyOfTheSenderDoesNot()
{
    VALUE(moved, f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    VALUE(done, f->run("ann", Reply { u"T-1"_s, u"One more thing"_s }));
    QCOMPARE(stages(done.state), u"handoff"_s);
    VALUE(noted, f->run("bea", Note { u"T-1"_s, u"Looking"_s, {} }));
    QCOMPARE(stages(noted.state), u"handoff"_s);
    QCOMPARE(noted.state.ticket.due, moved.state.ticket.due);
}

void TestEscalate::returnGoesBackToWhereItCameFrom()
{
    DONE(f->run("ann", Reassign { u"T-1"_s, u"Frontline"_s, u"ann"_s, u"mine"_s }));
    FAULT(f->run("bob", Return { u"T-1"_s, Verdict::Answered, u"x"_s }), Fault::Conflict);
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", Accept { u"T-1"_s }));
    QCOMPARE(
        f->run("bob", Return { u"T-1"_s, Verdict::WrongTeam, u" "_s }).error().where, u"note"_s);
    VALUE(done, f->run("bob", Return { u"T-1"_s, Verdict::NeedsInformation, u"Which browser?"_s }));
    const Ticket &t = done.state.ticket;
    QCOMPARE(t.tier, u"L1"_s);
    QCOMPARE(t.team, u"Frontline"_s);
    QCOMPARE(t.assignee, u"ann"_s);
    QCOMPARE(t.priority, Priority::Normal);
    const Escalation &record = done.state.escalations.back();
    QCOMPARE(record.outcome, tierline::Outcome::Returned);
    QCOMPARE(record.verdict, std::optional(Verdict::NeedsInformation));
    QCOMPARE(record.priorityBefore, std::optional(Priority::Normal)); // what happened stays written
    // Its package is still there to read.
    VALUE(package, storage::loadHandoff(f->connection(), t.id));
    QCOMPARE(package.escalation, record.id);
}

void TestEscalate::reversalAndPriority()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    VALUE(
        done, f->run("bob", Return { u"T-1"_s, Verdict::L1CouldHaveSolved, u"See the recipe"_s }));
    QCOMPARE(done.state.escalations.back().outcome, tierline::Outcome::Reversed);
    QCOMPARE(done.state.ticket.priority, Priority::Normal);
}

void TestEscalate::touchedPriorityStays()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", SetFields { u"T-1"_s, { { u"priority"_s, u"urgent"_s } } }));
    VALUE(done, f->run("bob", Return { u"T-1"_s, Verdict::Answered, u"done"_s }));
    QCOMPARE(done.state.ticket.priority, Priority::Urgent);
}

void TestEscalate::returnToSomebodyWhoLeft()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    Agent ann = f->agents.front();
    ann.isActive = false;
    DONE(f->change("adm", SaveAgent { ann, false, {} }));
    VALUE(done, f->run("bob", Return { u"T-1"_s, Verdict::Answered, u"done"_s }));
    QVERIFY(done.state.ticket.assignee.isEmpty());
}

void TestEscalate::withdrawUntilAccepted()
{
    FAULT(f->run("ann", Withdraw { u"T-1"_s, u"x"_s }), Fault::Conflict);
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    QCOMPARE(f->run("ann", Withdraw { u"T-1"_s, {} }).error().where, u"note"_s);
    VALUE(done, f->run("ann", Withdraw { u"T-1"_s, u"Found it myself"_s }));
    QCOMPARE(done.state.escalations.back().outcome, tierline::Outcome::Withdrawn);
    QVERIFY(!done.state.escalations.back().counts());
    QCOMPARE(done.state.ticket.tier, u"L1"_s);
    QCOMPARE(done.state.ticket.assignee, u"ann"_s);
    QCOMPARE(done.state.ticket.priority, Priority::Normal);
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", Accept { u"T-1"_s }));
    FAULT(f->run("ann", Withdraw { u"T-1"_s, u"too late"_s }), Fault::Conflict);
}

void TestEscalate::furtherUpAndBackDown()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", Accept { u"T-1"_s }));
    f->clock.advance(1h);
    VALUE(up, f->run("bob", CommandFixture::escalation(u"T-1"_s, u"L3"_s)));
    QCOMPARE(up.state.escalations.size(), size_t(2));
    QCOMPARE(up.state.escalations[0].outcome, tierline::Outcome::Superseded);
    QVERIFY(up.state.escalations[0].id != up.state.escalations[1].id);
    QCOMPARE(up.state.ticket.followers, (QStringList { u"ann"_s, u"bob"_s }));
    VALUE(back, f->run("eve", Return { u"T-1"_s, Verdict::Answered, u"It is a setting"_s }));
    QCOMPARE(back.state.ticket.tier, u"L2"_s);
    QCOMPARE(back.state.ticket.assignee, u"bob"_s);
    QVERIFY(!back.state.openEscalation());
    VALUE(again, f->run("bob", CommandFixture::escalation(u"T-1"_s, u"L3"_s)));
    QCOMPARE(again.state.escalations.size(), size_t(3));
}

void TestEscalate::flaggedTicketKeepsItsRecord()
{
    VALUE(flagged, f->run("amy", Flag { u"T-1"_s, u"beyond us"_s }));
    f->clock.advance(3min);
    VALUE(up, f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    QCOMPARE(up.state.escalations.size(), size_t(1));
    QCOMPARE(up.state.escalations[0].id, flagged.state.escalations[0].id);
    QCOMPARE(stages(up.state), u"detection handoff"_s);
    QCOMPARE(up.state.escalations[0].moved, std::optional(f->clock.now()));
    QVERIFY(up.state.ticket.followers.contains(u"amy"_s));
    VALUE(package, storage::loadHandoff(f->connection(), up.state.ticket.id));
    QCOMPARE(package.escalation, up.state.escalations[0].id);
    VALUE(back, f->run("ann", Withdraw { u"T-1"_s, u"n"_s }));
    QVERIFY(!back.state.ticket.isFlagged());
}

void TestEscalate::wholeWayToTheReview()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", Accept { u"T-1"_s }));
    DONE(f->run("bob", Reply { u"T-1"_s, u"Try now"_s }));
    VALUE(solved, f->run("bob", Solve { u"T-1"_s, {} }));
    QVERIFY(!solved.state.ticket.due);
    FAULT(f->run("lea", Review { u"T-1"_s, {} }), Fault::Conflict);
    VALUE(closed, f->run("bob", Confirm { u"T-1"_s, { u"login"_s } }));
    QCOMPARE(closed.events.back().data.value(u"told"_s).toArray(), (QJsonArray { u"ann"_s }));
    QVERIFY(closed.state.ticket.followers.isEmpty());
    FAULT(f->run("bob", CommandFixture::escalation(u"T-1"_s, u"L3"_s)), Fault::Conflict);
    VALUE(reviewed, f->run("lea", Review { u"T-1"_s, u"Write a recipe"_s }));
    QCOMPARE(reviewed.state.escalations.back().outcome, tierline::Outcome::Resolved);
    QCOMPARE(stages(reviewed.state), u"handoff resolution communication closure review"_s);
}

void TestEscalate::customersNoIsNoNewEscalation()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    DONE(f->run("bob", Accept { u"T-1"_s }));
    DONE(f->run("bob", Solve { u"T-1"_s, {} }));
    VALUE(word, f->run("bob", CustomerMessage { u"T-1"_s, u"It is not."_s }));
    QVERIFY(word.state.ticket.isAwaitingYes); // somebody reads it and decides
    VALUE(no, f->run("bob", Reopen { u"T-1"_s, u"Customer says no"_s }));
    QCOMPARE(no.state.escalations.size(), size_t(1));
    QCOMPARE(no.state.ticket.tier, u"L2"_s);
    QCOMPARE(no.state.ticket.assignee, u"bob"_s);
    QCOMPARE(stages(no.state), u"handoff resolution closure resolution"_s);
    DONE(f->run("bob", Solve { u"T-1"_s, {} }));
    DONE(f->run("bob", Confirm { u"T-1"_s, {} }));
    VALUE(back, f->run("bob", Reopen { u"T-1"_s, u"Broke again"_s }));
    QCOMPARE(back.state.escalations.size(), size_t(1));
    QVERIFY(back.state.ticket.followers.contains(u"ann"_s));
}

void TestEscalate::solveNeedsAccept()
{
    DONE(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    const auto refused = f->run("bob", Solve { u"T-1"_s, {} });
    QCOMPARE(refused.error().fault, Fault::Conflict);
    QVERIFY(refused.error().detail.contains(u"accept it first"_s));
}

void TestEscalate::workspaceReasons()
{
    Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.reason = u"needs-lab"_s;
    QCOMPARE(f->run("ann", command).error().where, u"reason"_s);
    DONE(f->write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"reasons"_s, u"[\"needs-lab\"]"_s);
    }));
    VALUE(done, f->run("ann", command));
    QCOMPARE(done.state.escalations.back().reasonCode, u"needs-lab"_s);
    QVERIFY(done.state.ticket.reason.startsWith(u"needs lab: "_s));
}

QTEST_GUILESS_MAIN(TestEscalate)
#include "tst_escalate.moc"
