#include "core/commands/automatic.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Several steps of a rule as one operation in one transaction.
class TestAutomatic : public QObject
{
    Q_OBJECT
private slots:
    void stepsAreOneOperation();
    void aRefusedStepLeavesNothingBehind();
    void aFaultTakesAllOfItBack();
    void aHelpdeskHearsOfItOnce();
    void wordsOfTheDeskAnswerNothing();
    void nothingToDoIsNoEvent();

private:
    Result<commands::AutomaticOutcome> perform(CommandFixture &desk,
        std::vector<commands::Automatic::Step> steps, const QString &ticket = u"T-1"_s,
        const std::function<Result<Done>()> &after = {})
    {
        commands::AutomaticOutcome outcome;
        TIERLINE_CHECK(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
            commands::Context context { .store = *desk.store,
                .random = desk.random,
                .actor = { .id = u"rule:Waits"_s, .name = u"Waits"_s, .role = Role::Lead },
                .visibility = Visibility::all(),
                .now = desk.clock.now(),
                .operation = u"00000000-0000-4000-8000-000000000001"_s };
            TIERLINE_TRY(done, commands::perform(context, scope, { ticket, steps }));
            outcome = done;
            return after ? after() : Result<Done>(Done {});
        }));
        return outcome;
    }
    static commands::Escalate up()
    {
        commands::Escalate command = CommandFixture::escalation({});
        command.reason = u"sla-risk"_s;
        command.kind = EscalationKind::Automated;
        return command;
    }
    static std::vector<Event> logOf(CommandFixture &desk, const QString &key)
    {
        return storage::loadEvents(
            desk.connection(), *storage::findAnyTicket(desk.connection(), key))
            .value_or(std::vector<Event> {});
    }
};

void TestAutomatic::stepsAreOneOperation()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    VALUE(done,
        perform(desk,
            { commands::SetTag { u"late"_s, true }, up(),
                commands::RaisePriority { Priority::High },
                commands::Note { {}, u"By a rule."_s, {} }, commands::SetTag { u"late"_s, false },
                commands::TellCustomer {} }));
    QCOMPARE(done.refusals.size(), 6U);
    QVERIFY(std::ranges::none_of(
        done.refusals, [](const std::optional<Error> &refusal) { return refusal.has_value(); }));
    const Ticket ticket = desk.state(u"T-1"_s).ticket;
    QCOMPARE(ticket.tier, u"L2"_s);
    QCOMPARE(ticket.priority, Priority::High); // the move raised it already
    QVERIFY(ticket.tags.isEmpty());
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
    for (const Event &event : done.outcome.events) {
        QCOMPARE(event.operation, u"00000000-0000-4000-8000-000000000001"_s);
        QCOMPARE(event.actorKind, AuthorKind::System);
    }
    QCOMPARE(desk.state(u"T-1"_s).escalations.back().id, done.outcome.operation);
    DONE(storage::loadHandoff(desk.connection(), ticket.id));
}

void TestAutomatic::aRefusedStepLeavesNothingBehind()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    const size_t before = logOf(desk, u"T-1"_s).size();
    commands::Escalate wrong = up();
    wrong.to = u"nobody"_s;
    VALUE(done,
        perform(desk,
            { wrong,
                commands::SetFields {
                    {}, { { u"category"_s, u"billing"_s }, { u"nonsense"_s, u"1"_s } } },
                commands::SetTag { u"tried"_s, true } }));
    QVERIFY(done.refusals[0].has_value());
    QCOMPARE(done.refusals[0]->fault, Fault::BadInput);
    QVERIFY(done.refusals[1].has_value());
    QVERIFY(!done.refusals[2].has_value());
    QCOMPARE(logOf(desk, u"T-1"_s).size(), before + 1);
    QCOMPARE(desk.state(u"T-1"_s).ticket.category, QString());
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"tried"_s });
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestAutomatic::aFaultTakesAllOfItBack()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    const size_t before = logOf(desk, u"T-1"_s).size();
    FAULT(perform(desk, { up() }, u"T-1"_s,
              [] { return Result<Done>(conflictError(u"It has fired already."_s)); }),
        Fault::Conflict);
    QCOMPARE(logOf(desk, u"T-1"_s).size(), before);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tier, u"L1"_s);
    FAULT(perform(desk, { up() }, u"T-9"_s), Fault::NotFound);
}

void TestAutomatic::aHelpdeskHearsOfItOnce()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::addAccount(scope,
            { .name = u"rt"_s,
                .type = u"rt"_s,
                .url = u"https://rt.example"_s,
                .created = scope.now() });
    }));
    DONE(desk.newTicket(u"rt:7"_s));
    VALUE(before, storage::loadOutbox(desk.connection()));
    DONE(perform(desk, { up(), commands::SetTag { u"late"_s, true } }, u"rt:7"_s));
    VALUE(after, storage::loadOutbox(desk.connection()));
    QCOMPARE(after.size(), before.size() + 1);
    const auto entry = std::ranges::find(
        after, u"00000000-0000-4000-8000-000000000001"_s, &storage::OutboxEntry::id);
    QVERIFY(entry != after.end());
    QCOMPARE(entry->kind, u"escalate"_s);
    const QJsonObject changed = entry->body.value("changed"_L1).toObject();
    QCOMPARE(changed.value("tier"_L1).toString(), u"L2"_s);
    QCOMPARE(changed.value("tags"_L1).toArray().size(), 1);
}

void TestAutomatic::wordsOfTheDeskAnswerNothing()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s));
    VALUE(done, perform(desk, { commands::TellCustomer { u"We are on it."_s } }));
    QCOMPARE(done.outcome.notice, u"We are on it."_s);
    VALUE(messages,
        storage::loadMessages(
            desk.connection(), *storage::findAnyTicket(desk.connection(), u"T-1"_s)));
    QCOMPARE(messages.back().author, AuthorKind::System);
    QCOMPARE(messages.back().kind, MessageKind::PublicReply);
    DONE(desk.run("ann", commands::Solve { u"T-1"_s }));
    DONE(desk.run("ann", commands::Confirm { u"T-1"_s }));
    VALUE(late, perform(desk, { commands::TellCustomer {} }));
    QVERIFY(late.refusals[0].has_value());
}

void TestAutomatic::nothingToDoIsNoEvent()
{
    CommandFixture desk;
    DONE(desk.begin());
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    const size_t before = logOf(desk, u"T-1"_s).size();
    VALUE(done,
        perform(desk,
            { commands::RaisePriority { Priority::High }, commands::SetTag { u"none"_s, false } }));
    QVERIFY(done.outcome.events.empty());
    QCOMPARE(logOf(desk, u"T-1"_s).size(), before);
}

QTEST_GUILESS_MAIN(TestAutomatic)
#include "tst_automatic.moc"
