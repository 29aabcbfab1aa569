#include "core/commands/rules.h"
#include "core/engine/engine.h"
#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "tests/support/cli/clirunner.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Desktops and `tierline-cli run` on one workspace, with many timers due in the same second. Again and again one of
// them is killed and started anew. At the end every ticket was escalated, and none of them twice.

namespace {

constexpr Millis until {
    3'000
}; ///< from the tickets' creation to the instant at which all are due

bool isLong()
{
    return qEnvironmentVariable("TIERLINE_LONG") == u"1";
}

} // namespace

class TestEngineKill : public QObject
{
    Q_OBJECT
private slots:
    void everyEscalationOnceAndNoneMissing_data();
    void everyEscalationOnceAndNoneMissing();

private:
    Result<Done> makeDesk(const CliRunner &cli, int tickets);
    void startProgram(QProcess &process, bool isDesktop, const CliRunner &cli);
    void checkTickets(const CliRunner &cli, int tickets, quint64 seed);
};

Result<Done> TestEngineKill::makeDesk(const CliRunner &cli, int tickets)
{
    const SystemClock clock;
    SeededRandom random(1);
    TIERLINE_TRY(store, storage::Store::create(storage::Workspace(cli.folder()), clock));
    TIERLINE_TRY(id, storage::loadMe(store->connection()));
    TIERLINE_TRY(me, storage::findAgent(store->connection(), id));
    me.role = Role::Admin;
    commands::Context context {
        .store = *store, .random = random, .actor = me, .now = clock.now()
    };
    const QString text
        = u"rule \"Waits\" when no agent reply for 3s then escalate to L2 reason sla-risk and tag moved"_s;
    TIERLINE_TRY(saved,
        commands::run(context,
            commands::SaveRules {
                .texts = { { .kind = RuleKind::Rule, .name = u"Waits"_s, .text = text } },
                .reason = { u"a test"_s } }));
    TIERLINE_TRY(set,
        commands::run(context,
            commands::SetRuleState { .rule = u"Waits"_s,
                .state = RuleState::Live,
                .reason = { u"a test"_s },
                .weeklyCap = 0 }));
    Q_UNUSED(saved);
    Q_UNUSED(set);
    // All at once, some seconds from now: making them takes a while.
    context.now = clock.now() + Millis(tickets * 8);
    context.durability = storage::Durability::Background;
    for (int i = 0; i < tickets; ++i) {
        commands::CreateTicket create;
        create.ticket.subject = u"Ticket %1"_s.arg(i);
        create.requester = { .name = u"Ada"_s, .email = u"ada@example.org"_s };
        create.text = u"It does not work."_s;
        TIERLINE_TRY(made, commands::run(context, create));
        Q_UNUSED(made);
    }
    return Done {};
}

void TestEngineKill::startProgram(QProcess &process, bool isDesktop, const CliRunner &cli)
{
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    if (isDesktop)
        process.start(QString::fromUtf8(TIERLINE_ENGINE_DESK), { cli.folder() });
    else
        process.start(CliRunner::program(), cli.globals() + QStringList { u"run"_s });
}

void TestEngineKill::everyEscalationOnceAndNoneMissing_data()
{
    QTest::addColumn<int>("desktops");
    QTest::addColumn<int>("runners");
    QTest::addColumn<int>("tickets");
    QTest::newRow("a desktop and two runners") << 1 << 2 << (isLong() ? 1'000 : 60);
    QTest::newRow("eight runners") << 0 << 8 << (isLong() ? 10'000 : 60);
}

void TestEngineKill::everyEscalationOnceAndNoneMissing()
{
    QFETCH(int, desktops);
    QFETCH(int, runners);
    QFETCH(int, tickets);
    const quint64 seed = qEnvironmentVariableIsSet("TIERLINE_SEED")
        ? qEnvironmentVariable("TIERLINE_SEED").toULongLong()
        : 5;
    SeededRandom dice(seed);
    CliRunner cli;
    const Result<Done> made = makeDesk(cli, tickets);
    QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().detail));
    std::vector<std::unique_ptr<QProcess>> programs;
    for (int i = 0; i < desktops + runners; ++i) {
        programs.push_back(std::make_unique<QProcess>());
        startProgram(*programs.back(), i < desktops, cli);
    }

    auto reader = storage::Connection::open(
        storage::Workspace(cli.folder()).databasePath(), storage::Connection::Mode::ReadOnly);
    QVERIFY(reader.has_value());
    const auto moved = [&] {
        auto row = (*reader)->prepare("SELECT count(*) FROM firing WHERE outcome = 0");
        return row && row->step().value_or(false) ? row->integer(0) : 0;
    };
    QElapsedTimer since;
    since.start();
    int kills = 0;
    qint64 nextKill = 300;
    const qint64 patience = 60'000 + tickets * 500;
    while (moved() < tickets && since.elapsed() < patience) {
        QTest::qWait(20);
        if (since.elapsed() < nextKill)
            continue;
        // With many tickets each life must be long enough to get somewhere.
        nextKill = since.elapsed() + 100 + dice.below(tickets < 100 ? 600 : 2'400);
        const qint64 which = dice.below(qint64(programs.size()));
        QProcess &program = *programs[size_t(which)];
        program.kill();
        QTRY_COMPARE_WITH_TIMEOUT(program.state(), QProcess::NotRunning, 20'000);
        startProgram(program, which < desktops, cli);
        ++kills;
    }
    qInfo("seed %llu: %lld of %d fired in %lld ms, %d kills", seed, moved(), tickets,
        since.elapsed(), kills);
    // Whatever would come a second time has time to.
    QTest::qWait(1'500);
    for (const auto &program : programs) {
        program->kill();
        QTRY_COMPARE_WITH_TIMEOUT(program->state(), QProcess::NotRunning, 20'000);
    }
    reader->reset();
    checkTickets(cli, tickets, seed);
}

void TestEngineKill::checkTickets(const CliRunner &cli, int tickets, quint64 seed)
{
    const SystemClock clock;
    auto store = storage::Store::open(storage::Workspace(cli.folder()), clock);
    QVERIFY2(store.has_value(), store ? "" : qPrintable(store.error().detail));
    const auto all
        = storage::nextTickets((*store)->connection(), storage::Which::All, {}, tickets + 1);
    QVERIFY(all && int(all->size()) == tickets);
    for (const TicketId id : *all) {
        const auto state = storage::loadTicket((*store)->connection(), id);
        const auto events = storage::loadEvents((*store)->connection(), id);
        const auto fired
            = storage::loadFirings((*store)->connection(), { .ticket = id, .limit = 100 });
        QVERIFY(state && events && fired);
        const QByteArray where = state->ticket.key.toUtf8() + " seed " + QByteArray::number(seed);
        const auto moves = std::ranges::count_if(
            *events, [](const Event &event) { return event.kind == EventKind::Escalated; });
        QVERIFY2(moves == 1, where.constData());
        QVERIFY2(state->ticket.tier == u"L2", where.constData());
        QVERIFY2(state->ticket.tags == QStringList { u"moved"_s }, where.constData());
        QVERIFY2(state->escalations.size() == 1, where.constData());
        QVERIFY2(fired->size() == 1, where.constData());
        QVERIFY2(fired->front().operation == events->back().operation, where.constData());
        QVERIFY2(fired->front().at >= fired->front().due, where.constData());
    }
}

QTEST_GUILESS_MAIN(TestEngineKill)
#include "tst_enginekill.moc"
