#include "core/engine/engine.h"
#include "core/storage/firings.h"
#include "tests/bench/engine/waitingtickets.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <unistd.h>

// `tierline-cli run` as people run it, with a thousand and with a million timers armed: memory, what it does while
// nothing is due, and how late it fires what becomes due every tenth of a second.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int firing = 300; ///< tickets that become due one after another
constexpr Millis apart { 100 };
constexpr int idleSeconds = 120;

void wait(int milliseconds)
{
    QElapsedTimer time;
    time.start();
    while (time.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 20);
}

/// A rule, and tickets for which it becomes due apart from each other, the first some seconds from now.
void addTickets(storage::Store &store)
{
    SeededRandom random(1);
    commands::Context context = deskOf(store, random);
    context.now = store.clock().now();
    goLive(context, u"tag late"_s);
    const Instant first = store.clock().now() - 1h + 25s;
    for (int i = 0; i < firing; ++i) {
        context.now = first + i * apart;
        addWaiting(context, i);
    }
}

struct Spent {
    double wakes = 0; ///< of all threads
    double seconds = 0; ///< of a processor
};

Spent spentBy(qint64 process)
{
    Spent spent;
    const QDir tasks(u"/proc/%1/task"_s.arg(process));
    for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile status(tasks.filePath(task + u"/status"_s));
        if (!status.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("voluntary_ctxt_switches:"))
                spent.wakes += line.mid(24).trimmed().toDouble();
        }
    }
    QFile stat(u"/proc/%1/stat"_s.arg(process));
    if (stat.open(QIODevice::ReadOnly)) {
        const QByteArray all = stat.readAll();
        const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
        spent.seconds
            = (fields[11].toDouble() + fields[12].toDouble()) / double(::sysconf(_SC_CLK_TCK));
    }
    return spent;
}

class Runner
{
public:
    explicit Runner(const QString &folder)
    {
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.start(QStringLiteral(TIERLINE_CLI), { u"--workspace"_s, folder, u"run"_s });
    }
    ~Runner()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    qint64 id() const { return m_process.processId(); }
    /// Nothing is measured of a program that is not there.
    void mustRun() const
    {
        if (m_process.state() == QProcess::Running)
            return;
        std::fprintf(stderr, "the runner has ended: %s\n", qPrintable(m_process.errorString()));
        std::exit(1);
    }

private:
    QProcess m_process;
};

void benchLateness(const QString &folder, const Clock &clock)
{
    {
        auto store = take(storage::Store::open(storage::Workspace(folder), clock));
        addTickets(*store);
    }
    const Runner runner(folder);
    auto reader = take(storage::Connection::open(
        storage::Workspace(folder).databasePath(), storage::Connection::Mode::ReadOnly));
    std::vector<Firing> fired;
    for (int i = 0; i < 120 && int(fired.size()) < firing; ++i) {
        wait(1'000);
        fired = take(storage::loadFirings(*reader, { .limit = firing + 1 }));
    }
    runner.mustRun();
    std::vector<double> late;
    int early = 0;
    for (const Firing &one : fired) {
        late.push_back(double((one.at - one.due).count()));
        early += one.at < one.due;
    }
    const double worst = quantile(late, 0.99);
    std::printf(
        "F24 lateness of %zu of %d firings beside %d timers: p50 %.0f ms, p99 %.0f ms, most %.0f ms, "
        "bar 1000: %s\n",
        fired.size(), firing, many, quantile(late, 0.5), worst, quantile(late, 1),
        verdict(worst <= 1'000 && int(fired.size()) == firing));
    std::printf("F24 fired early: %d, bar 0: %s\n", early, verdict(early == 0));
}

/// Gives the runner's memory once it has come to rest.
double benchIdle(const QString &folder, int timers)
{
    const Runner runner(folder);
    wait(5'000);
    const Spent before = spentBy(runner.id());
    wait(idleSeconds * 1'000);
    runner.mustRun();
    const Spent after = spentBy(runner.id());
    const double wakes = (after.wakes - before.wakes) * 60 / idleSeconds;
    const double share = (after.seconds - before.seconds) * 100 / idleSeconds;
    std::printf("F25 idle with %d timers: %.1f wake-ups a minute, bar 1: %s\n", timers, wakes,
        verdict(wakes <= 1));
    std::printf("F25 idle with %d timers: %.3f %% of a processor, bar 0.1: %s\n", timers, share,
        verdict(share <= 0.1));
    return privateKiB(QString::number(runner.id()));
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QTemporaryDir folder;
    const SystemClock clock;
    const QString smallFolder = folder.filePath(u"few"_s), largeFolder = folder.filePath(u"many"_s);
    addTimers(*take(storage::Store::create(storage::Workspace(smallFolder), clock)), few);
    addTimers(*take(storage::Store::create(storage::Workspace(largeFolder), clock)), many);
    const double small = benchIdle(smallFolder, few), large = benchIdle(largeFolder, many);
    // A wheel with an hour's window holds what becomes due in it, and its slots.
    const double hour = double(many) / (100 * 24) * sizeof(BareWheel::Timer) / 1'024;
    const double wheel = small + double(sizeof(BareWheel)) / 1'024 + hour;
    std::printf(
        "F37 memory of a runner with %d timers: %.0f KiB; with %d and a wheel's hour: %.0f KiB; ratio "
        "%.2f, bar 4: %s\n",
        many, large, few, wheel, large / wheel, verdict(large <= 4 * wheel));
    std::printf("F37 memory with %d timers / with %d: %.2f, bar 1.2: %s\n", many, few,
        large / small, verdict(large <= 1.2 * small));
    benchLateness(largeFolder, clock);
    return 0;
}
