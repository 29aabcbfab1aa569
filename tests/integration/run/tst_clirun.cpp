#include "core/commands/rules.h"
#include "core/storage/accounts.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "tests/support/cli/clirunner.h"

#include <QProcess>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// `tierline-cli run` as people start it.

namespace {

const Instant start = *Instant::parse(u"2026-06-08T08:00:00Z"_s);

} // namespace

class TestCliRun : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { cli.reset(); }
    void oneRoundAtAnInstant();
    void lateWordsAreAsked();
    void whatIsConfidentialIsNotTold();
    void aClockForAccountsIsRefused();
    void importedTicketsAreLeftAlone();
    void untilStopped();
    void wrongWords();

private:
    /// On the store itself, since the command line makes no tickets.
    template<typename F>
    void with(F work)
    {
        const SystemClock clock;
        auto store = storage::Store::open(storage::Workspace(cli->folder()), clock);
        QVERIFY2(store.has_value(), store ? "" : qPrintable(store.error().detail));
        SeededRandom random(3);
        auto me = storage::findAgent(
            (*store)->connection(), storage::loadMe((*store)->connection()).value_or(u"me"_s));
        QVERIFY(me.has_value());
        me->role = Role::Admin;
        commands::Context context {
            .store = **store, .random = random, .actor = *me, .now = start
        };
        work(context);
    }
    void live(const QString &name, const QString &text)
    {
        with([&](commands::Context &context) {
            context.now = start - 1h;
            const auto saved = commands::run(context,
                commands::SaveRules {
                    .texts = { { .kind = RuleKind::Rule, .name = name, .text = text } },
                    .reason = { u"a test"_s } });
            QVERIFY2(saved.has_value(), saved ? "" : qPrintable(saved.error().detail));
            const auto set = commands::run(context,
                commands::SetRuleState { .rule = name,
                    .state = RuleState::Live,
                    .reason = { u"a test"_s },
                    .weeklyCap = 0 });
            QVERIFY2(set.has_value(), set ? "" : qPrintable(set.error().detail));
        });
    }
    void ticket(const QString &subject)
    {
        with([&](commands::Context &context) {
            commands::CreateTicket create;
            create.ticket.subject = subject;
            create.requester = { .name = u"Ada"_s, .email = u"ada@example.org"_s };
            create.text = u"It does not work."_s;
            QVERIFY(commands::run(context, create).has_value());
        });
    }

    std::unique_ptr<CliRunner> cli;
};

void TestCliRun::init()
{
    cli = std::make_unique<CliRunner>();
    RAN(made, 0, cli->run({ u"init"_s }));
}

void TestCliRun::oneRoundAtAnInstant()
{
    live(u"Waits"_s,
        u"rule \"Waits\" when no agent reply for 2h then escalate to L2 reason sla-risk"_s);
    ticket(u"Printer"_s);
    RAN(early, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-08T09:59:59Z"_s }));
    QCOMPARE(early.json().value("fired"_L1).toInt(), 0);
    QCOMPARE(early.json().value("holder"_L1).toBool(), true);
    QCOMPARE(early.json().value("next"_L1).toString(), u"2026-06-08T10:00:00Z"_s);
    RAN(due, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-08T10:00:00Z"_s }));
    QCOMPARE(due.json().value("escalated"_L1).toInt(), 1);
    const QJsonObject firing = due.json().value("firings"_L1)[0].toObject();
    QCOMPARE(firing.value("ticket"_L1).toString(), u"T-1"_s);
    QCOMPARE(firing.value("sentence"_L1).toString(), u"no agent reply for 2h"_s);
    QCOMPARE(firing.value("at"_L1).toString(), u"2026-06-08T10:00:00Z"_s);
    RAN(again, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-09T10:00:00Z"_s }));
    QCOMPARE(again.json().value("fired"_L1).toInt(), 0);
    // Events are stamped with it.
    RAN(shown, 0, cli->json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    QCOMPARE(at(shown.json(), u"ticket/tier"_s).toString(), u"L2"_s);
    bool isStamped = false;
    for (const QJsonValue &event : shown.json().value("events"_L1).toArray())
        isStamped = isStamped
            || (event["kind"_L1].toString() == u"escalated"
                && event["at"_L1].toString() == u"2026-06-08T10:00:00Z");
    QVERIFY2(isStamped, shown.told().constData());
    RAN(words, 0, cli->run({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-09T11:00:00Z"_s }));
    QCOMPARE(words.out, QByteArray("0 fired.\n"));
}

void TestCliRun::lateWordsAreAsked()
{
    live(u"Tell"_s, u"rule \"Tell\" when no agent reply for 2h then tell customer"_s);
    ticket(u"Printer"_s);
    RAN(late, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-08T10:16:00Z"_s }));
    QCOMPARE(late.json().value("asked"_L1).toInt(), 1);
    RAN(listed, 0, cli->json({ u"questions"_s, u"list"_s }));
    QCOMPARE(listed.rows().size(), 1);
    const QString id = listed.rows()[0]["id"_L1].toString();
    QCOMPARE(listed.rows()[0]["ticket"_L1].toString(), u"T-1"_s);
    RAN(maybe, 2, cli->run({ u"questions"_s, u"answer"_s, id, u"maybe"_s }));
    RAN(yes, 0, cli->json({ u"questions"_s, u"answer"_s, id, u"yes"_s }));
    QCOMPARE(yes.json().value("done"_L1).toInt(), 1);
    RAN(twice, 1, cli->run({ u"questions"_s, u"answer"_s, id, u"yes"_s }));
    RAN(none, 1, cli->run({ u"questions"_s, u"answer"_s, u"x"_s, u"yes"_s }));
    RAN(shown, 0, cli->json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    QCOMPARE(shown.json().value("messages"_L1).toArray().size(), 2);
}

/// Whoever runs the rules hears of no ticket that they may not see.
void TestCliRun::whatIsConfidentialIsNotTold()
{
    live(u"Legal"_s,
        u"rule \"Legal\" when no agent reply for 2h then escalate to team \"Legal\" reason legal"_s);
    ticket(u"Printer"_s);
    RAN(ann, 0, cli->run({ u"agent"_s, u"add"_s, u"ann"_s, u"--tier"_s, u"L1"_s }));
    cli->setAs(u"ann"_s);
    RAN(due, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-08T10:00:00Z"_s }));
    QCOMPARE(due.json().value("escalated"_L1).toInt(), 1);
    QCOMPARE(due.json().value("firings"_L1).toArray().size(), 0);
    QVERIFY2(!due.out.contains("T-1"), due.told().constData());
}

void TestCliRun::aClockForAccountsIsRefused()
{
    with([](commands::Context &context) {
        QVERIFY(context.store
                    .write(storage::Durability::Person,
                        [](storage::WriteScope &scope) {
                            return storage::addAccount(scope,
                                { .name = u"desk"_s,
                                    .type = u"rt"_s,
                                    .url = u"https://desk.example"_s,
                                    .created = scope.now() });
                        })
                    .has_value());
    });
    RAN(refused, 2, cli->run({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-08T10:00:00Z"_s }));
    QVERIFY2(refused.error.contains(u"--at"_s), refused.told().constData());
}

void TestCliRun::importedTicketsAreLeftAlone()
{
    live(u"Old"_s, u"rule \"Old\" when open for 24h then escalate to L2 reason sla-risk"_s);
    const QString file = cli->file(u"tickets.jsonl"_s,
        "{\"id\":\"INC-1\",\"created\":\"2026-06-08T08:00:00Z\",\"subject\":\"Printer\",\"tier\":\"L1\","
        "\"status\":\"open\",\"requester\":{\"name\":\"Ada\",\"email\":\"ada@example.org\"},"
        "\"messages\":[{\"at\":\"2026-06-08T08:00:00Z\",\"from\":\"customer\",\"public\":true,"
        "\"text\":\"It does not work.\"}]}\n");
    RAN(imported, 0, cli->json({ u"import"_s, u"tickets"_s, file }));
    RAN(quiet, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, u"2026-06-10T10:00:00Z"_s }));
    QCOMPARE(quiet.json().value("fired"_L1).toInt(), 0);
    // Somebody works on it: from then on it is a ticket like any other. What it brought with it is past.
    live(u"Idle"_s, u"rule \"Idle\" when idle for 1h then tag idle"_s);
    RAN(noted, 0, cli->run({ u"note"_s, u"INC-1"_s }, "Called them."));
    RAN(now, 0, cli->json({ u"run"_s, u"--once"_s }));
    QCOMPARE(now.json().value("fired"_L1).toInt(), 0);
    const Instant later = SystemClock().now() + 2h;
    RAN(idle, 0, cli->json({ u"run"_s, u"--once"_s, u"--at"_s, later.iso() }));
    QCOMPARE(idle.json().value("fired"_L1).toInt(), 1);
    QCOMPARE(idle.json().value("firings"_L1)[0]["rule"_L1].toString(), u"Idle"_s);
}

void TestCliRun::untilStopped()
{
    live(u"Urgent"_s, u"rule \"Urgent\" when priority is urgent then tag seen"_s);
    ticket(u"Printer"_s);
    QProcess runner;
    runner.start(CliRunner::program(), cli->globals() + QStringList { u"run"_s });
    QVERIFY(runner.waitForStarted());
    QByteArray out;
    const auto says = [&](const char *text) {
        out += runner.readAllStandardOutput();
        return out.contains(text);
    };
    QTRY_VERIFY_WITH_TIMEOUT(says("runs the rules now"), 30'000);
    // A second one waits its turn.
    RAN(second, 0, cli->json({ u"run"_s, u"--once"_s }));
    QCOMPARE(second.json().value("holder"_L1).toBool(), false);
    // What another program changes is seen without being asked for.
    RAN(set, 0, cli->run({ u"set"_s, u"T-1"_s, u"priority=urgent"_s }));
    QTRY_VERIFY_WITH_TIMEOUT(says("T-1 “Urgent” fired"), 30'000);
    runner.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(runner.state(), QProcess::NotRunning, 30'000);
    QCOMPARE(runner.exitStatus(), QProcess::NormalExit);
    QCOMPARE(runner.exitCode(), 0);
    RAN(shown, 0, cli->json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    QCOMPARE(at(shown.json(), u"ticket/tags"_s).toArray(), QJsonArray { u"seen"_s });
}

void TestCliRun::wrongWords()
{
    RAN(noInstant, 2, cli->run({ u"run"_s, u"--once"_s, u"--at"_s, u"soon"_s }));
    RAN(noOption, 2, cli->run({ u"run"_s, u"--twice"_s }));
    RAN(nothing, 0, cli->json({ u"run"_s, u"--once"_s }));
    QCOMPARE(nothing.json().value("fired"_L1).toInt(), 0);
}

QTEST_GUILESS_MAIN(TestCliRun)
#include "tst_clirun.moc"
