#include "core/desk/engineservice.h"
#include "core/desk/session.h"
#include "tests/bench/engine/waitingtickets.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

// A million timers that are due at once inside a desktop, thousands of them with something to do: the latest tick of its
// own thread, and how long a person's change waits.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int tickets = 4'000;
constexpr int seconds = 60;

/// Tickets for which a rule is due already, and timers that have nothing behind them, due just as long.
void fill(storage::Store &store)
{
    SeededRandom random(1);
    commands::Context context = deskOf(store, random);
    context.now = store.clock().now() - 4h;
    goLive(context, u"escalate to L2 reason sla-risk and tag late"_s);
    context.now = context.now + 1h;
    for (int i = 0; i < tickets; ++i)
        addWaiting(context, i);
    const Instant due = context.now + 1h;
    take(store.connection().execute("PRAGMA foreign_keys = OFF"));
    for (int from = 0; from < many; from += 50'000) {
        take(store.write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                for (int i = from; i < from + 50'000; ++i)
                    TIERLINE_CHECK(storage::armTimer(scope,
                        { { i < tickets ? i + 1 : 1'000'000'000 + i }, due, u"rule “Waits”"_s }));
                return Done {};
            }));
    }
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QTemporaryDir folder;
    const SystemClock clock;
    SystemRandom random;
    const storage::Workspace workspace(folder.filePath(u"desk"_s));
    fill(*take(storage::Store::create(workspace, clock)));

    desk::Session session(workspace, clock, random);
    std::vector<double> gaps, answers;
    QTimer tick, change;
    tick.setTimerType(Qt::PreciseTimer);
    QElapsedTimer since, runs;
    int fired = 0;
    QObject::connect(&session.engine(), &desk::EngineService::fired, &app,
        [&](const engine::Tally &tally) { fired += tally.fired; });
    QObject::connect(&tick, &QTimer::timeout, &app, [&] {
        gaps.push_back(double(since.nsecsElapsed()) / 1e6 - 5);
        since.restart();
        if (runs.elapsed() > seconds * 1'000)
            QCoreApplication::quit();
    });
    QObject::connect(&change, &QTimer::timeout, &app, [&] {
        QElapsedTimer asked;
        asked.start();
        session.run(commands::Note { u"T-%1"_s.arg(tickets - int(answers.size())), u"Called."_s })
            .then(&app, [&answers, asked](const Result<commands::Outcome> &outcome) {
                take(outcome);
                answers.push_back(double(asked.nsecsElapsed()) / 1e6);
            });
    });
    QObject::connect(&session, &desk::Session::writable, &app, [&] {
        session.engine().start({});
        runs.start();
        since.start();
        tick.start(5);
        change.start(500);
    });
    session.open();
    QCoreApplication::exec();
    tick.stop();
    change.stop();
    session.shutDown();
    std::printf(
        "T63 %d timers due at once, %d fired in %d s: latest tick of the desktop's thread %.1f ms (p99 %.1f), "
        "bar 50: %s\n",
        many, fired, seconds, quantile(gaps, 1), quantile(gaps, 0.99),
        verdict(quantile(gaps, 1) <= 50));
    std::printf("a person's change meanwhile: p50 %.1f ms, p95 %.1f ms, most %.1f ms\n",
        quantile(answers, 0.5), quantile(answers, 0.95), quantile(answers, 1));
    return 0;
}
